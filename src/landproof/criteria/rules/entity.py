"""Clauses 1 and 2.1 to 2.3: who can be certified."""

from datetime import date
from fractions import Fraction

import polars as pl

from landproof.criteria.company import applications, boundary, stated
from landproof.criteria.evidence import citation_problem, with_document
from landproof.criteria.registry import rule
from landproof.criteria.revenue import (
    COMPARE,
    EXCLUSION_REASONS,
    NO_NET_REVENUE,
    REVENUE_REASONS,
    exclusion,
    revenue_inside,
    share_bounds,
    shared,
    unusable,
)
from landproof.criteria.rows import Row, about_entity, results, row
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome

BEYOND_FARM = ("trader", "processor", "manufacturer", "distributor", "retailer")
_OUTSIDE_FOOD_CHAIN = ("producer", "bioenergy", "non-food")


@rule(
    "DCF-LC-5",
    reasons={
        "filing-date-missing": text("The application does not say when it was filed."),
        "version-missing": text("The application does not name the version of the Standard."),
        "version-not-registered": text("Version %(version)s is not in the register of Standard versions."),
        "version-dates-missing": text("The register does not say from when version %(version)s is in force."),
        "version-not-in-force": text("Version %(version)s was not in force on %(filed_on)s, the day of filing."),
        "version-in-force": text("Version %(version)s was in force on %(filed_on)s, the day of filing."),
        "newer-version": text(
            "Version %(version)s was in force on %(filed_on)s, the day of filing, and governs. Version %(newer)s"
            " has come into force since; see what it would change."
        ),
    },
)
def standard_version(
    application: pl.DataFrame,
    standard_versions: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    standard_governing: str,
) -> pl.DataFrame:
    """The version named in the application was in force when it was filed (AMB-04); a newer one is noted."""
    governing_day = {"at application": "filed_on"}[standard_governing]
    register = with_document(standard_versions, documents).with_columns(cited=citation_problem(page=None))
    newest = register.filter(pl.col("in_force_from") <= as_of).sort("in_force_from", "version").tail(1)
    rows: list[Row] = []
    for each in applications(application, documents):
        day, version = each[governing_day], each["standard_version"]
        entry = next(register.filter(pl.col("version") == pl.lit(version)).iter_rows(named=True), None)
        outcome, reason = _version_at(day, version, entry)
        if reason == "version-in-force" and newest["version"].to_list() != [version]:
            reason = "newer-version"
        if each["cited"] is not None:
            outcome, reason = Outcome.INSUFFICIENT, each["cited"]
        used = [each["digest"], entry["digest"] if entry else None]
        newer = next(iter(newest["version"]), None)
        rows.append(
            row(outcome, reason, each["subject"], evidence=used, version=version, filed_on=day, newer=newer)
        )
    return results(rows)


def _version_at(day: date | None, version: str | None, entry: Row | None) -> tuple[Outcome, str]:
    """What the register's ``entry`` for ``version`` says of ``day``."""
    if day is None:
        return Outcome.INSUFFICIENT, "filing-date-missing"
    if version is None:
        return Outcome.INSUFFICIENT, "version-missing"
    if entry is None:
        return Outcome.INSUFFICIENT, "version-not-registered"
    if entry["cited"] is not None:
        return Outcome.INSUFFICIENT, entry["cited"]
    start, end = entry["in_force_from"], entry["in_force_to"]
    if start is None:
        return Outcome.INSUFFICIENT, "version-dates-missing"
    if day < start or (end is not None and day > end):
        return Outcome.NOT_MET, "version-not-in-force"
    return Outcome.MET, "version-in-force"


@rule(
    "DCF-LC-6",
    reasons={
        "type-missing": text("The application does not name the type of certification."),
        "other-type": text("The application is for %(type)s certification, not for the entity as a whole."),
    },
)
def entity_level(application: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The certification applied for is that of an entity."""
    rows: list[Row] = []
    for each in applications(application, documents):
        kind = each["certification_type"]
        if each["cited"] is not None or kind is None:
            rows.append(row(Outcome.INSUFFICIENT, each["cited"] or "type-missing", each["subject"], type=None))
        elif kind.strip().lower() == "entity":
            rows.append(row(Outcome.MET, "holds", each["subject"], evidence=[each["digest"]], type=kind))
        else:
            rows.append(row(Outcome.NOT_MET, "other-type", each["subject"], evidence=[each["digest"]], type=kind))
    return results(rows)


@rule(
    "DCF-LC-7",
    reasons={
        "no-purchases": text("The purchase ledger is empty."),
        "rows-rejected": text("%(count)s entries on rejected rows of the ledger are not explained yet."),
        "line-without-unit": text(
            "%(count)s purchase lines name no business unit, or one that is not registered."
        ),
        "boundary-unknown": text("It cannot be told which legal entities are inside the certified entity."),
        "no-units": text("No market, site or business unit of %(subject)s is registered."),
        "unit-in-ledger": text("The ledger holds purchases of %(subject)s."),
        "unit-left-out": text("%(subject)s buys agri-food goods, but the ledger holds none of its purchases."),
        "unit-unclear": text(
            "The ledger holds no purchases of %(subject)s, and it is not said whether it buys agri-food goods."
        ),
        "unit-buys-none": text("%(subject)s is registered as buying no agri-food goods."),
    },
)
def whole_ledger(
    purchases: pl.DataFrame,
    business_units: pl.DataFrame,
    entities: pl.DataFrame,
    rejects: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    period_start: date | None,
    period_end: date | None,
    entity_boundary: str,
) -> pl.DataFrame:
    """No market, site or business unit is left out, no ledger row was lost, and the ledger is reconciled."""
    inside = boundary(entities, entity_boundary)
    in_ledger = set(purchases["business_unit"].unique().to_list())
    rows = [_ledger_as_a_whole(purchases, business_units, rejects, evidence, documents, period_start, period_end)]
    if True not in inside.values():
        rows.append(row(Outcome.INSUFFICIENT, "boundary-unknown", "boundary"))
    owners = set(business_units["entity"].to_list())
    rows.extend(
        row(Outcome.INSUFFICIENT, "no-units", entity)
        for entity, is_inside in sorted(inside.items())
        if is_inside is not False and entity not in owners
    )
    for unit, entity, buys in business_units.select("business_unit", "entity", "buys_agri_food").iter_rows():
        if inside.get(entity) is False:
            continue
        if unit in in_ledger:
            rows.append(row(Outcome.MET, "unit-in-ledger", unit))
        elif buys is None:
            rows.append(row(Outcome.INSUFFICIENT, "unit-unclear", unit))
        elif buys:
            rows.append(row(Outcome.NOT_MET, "unit-left-out", unit))
        else:
            rows.append(row(Outcome.NOT_APPLICABLE, "unit-buys-none", unit))
    return results([{"count": None, **each} for each in rows])


def _ledger_as_a_whole(
    purchases: pl.DataFrame,
    business_units: pl.DataFrame,
    rejects: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    period_start: date | None,
    period_end: date | None,
) -> Row:
    if purchases.is_empty():
        return row(Outcome.INSUFFICIENT, "no-purchases")
    # A file that was refused as a whole may have held purchases.
    lost = (
        0 if rejects.is_empty() else rejects.filter(pl.col("table").fill_null("purchases") == "purchases").height
    )
    if lost:
        return row(Outcome.INSUFFICIENT, "rows-rejected", count=lost)
    registered = business_units["business_unit"].implode()
    strays = purchases.filter(~pl.col("business_unit").is_in(registered).fill_null(False)).height
    if strays:
        return row(Outcome.INSUFFICIENT, "line-without-unit", count=strays)
    return stated(evidence, documents, "ledger reconciliation", period_start, period_end)


@rule(
    "DCF-1.1-1",
    reasons={
        "eudr": text(
            "Deforestation follows Regulation (EU) 2023/1115: its definitions as amended, without its later"
            " relief, scope cuts and dates."
        ),
        "afi": text("Conversion follows the definitions of the Accountability Framework of 2020."),
    },
)
def versions_followed(*, eudr_amendments: str) -> pl.DataFrame:
    """Which text of EUDR and of AFi an assessment follows (AMB-52)."""
    eudr = {"definitions only": "eudr"}[eudr_amendments]
    return results([row(Outcome.INFORMATION, eudr, "EUDR"), row(Outcome.INFORMATION, "afi", "AFi")])


@rule(
    "DCF-2.1-1",
    reasons={
        **REVENUE_REASONS,
        "no-net-revenue": NO_NET_REVENUE,
        "more-than-half": text("Agri-food chains bring %(part)s of %(whole)s of revenue."),
        "not-more-than-half": text("Agri-food chains bring only %(part)s of %(whole)s of revenue."),
        "chain-unclear": text(
            "Revenue surely from agri-food chains is %(part)s of %(whole)s; the supply chain or the legal entity"
            " of other lines is missing and decides."
        ),
    },
)
def agri_food_revenue(
    revenue: pl.DataFrame,
    entities: pl.DataFrame,
    rates: pl.DataFrame,
    application: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    period_start: date | None,
    period_end: date | None,
    entity_boundary: str,
    agri_food_share: Fraction,
    at_agri_food_share: str,
) -> pl.DataFrame:
    """More than half of revenue comes from agri-food chains, unrounded (AMB-06)."""
    earned = revenue_inside(
        revenue, entities, rates, application, documents,
        entity_boundary=entity_boundary, period=(period_start, period_end),
    )  # fmt: skip
    if earned.problem is not None:
        return unusable(earned)
    least, greatest = share_bounds(
        [
            (amount, sure, None if chain is None else chain == "agri-food")
            for amount, sure, _, chain in earned.lines
        ]
    )
    if greatest.whole <= 0:
        return shared(Outcome.INSUFFICIENT, "no-net-revenue", earned, least)
    compare = COMPARE[at_agri_food_share]
    if least.compares(compare, agri_food_share):
        return shared(Outcome.MET, "more-than-half", earned, least)
    if greatest.compares(compare, agri_food_share):
        return shared(Outcome.INSUFFICIENT, "chain-unclear", earned, least)
    return shared(Outcome.NOT_MET, "not-more-than-half", earned, least)


@rule(
    "DCF-2.1-2",
    reasons={
        **REVENUE_REASONS,
        "activity-unclear": text("No revenue line names an activity of the food chain beyond farm production."),
        "only-producer": text("All revenue comes from farm production, non-food business or bioenergy."),
    },
)
def beyond_the_farm(
    revenue: pl.DataFrame,
    entities: pl.DataFrame,
    rates: pl.DataFrame,
    application: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    period_start: date | None,
    period_end: date | None,
    entity_boundary: str,
) -> pl.DataFrame:
    """At least one activity beyond primary production; the list is open, so "other" is unclear, not refused."""
    earned = revenue_inside(
        revenue, entities, rates, application, documents,
        entity_boundary=entity_boundary, period=(period_start, period_end),
    )  # fmt: skip
    if earned.problem is not None:
        return unusable(earned)
    activities = {activity for _, sure, activity, _ in earned.lines if sure}
    if activities & set(BEYOND_FARM):
        return results([stated(evidence, documents, "activity description", period_start, period_end)])
    possible = {activity for _, _, activity, _ in earned.lines}
    if possible <= set(_OUTSIDE_FOOD_CHAIN):
        return about_entity(Outcome.NOT_MET, "only-producer", evidence=earned.evidence)
    return about_entity(Outcome.INSUFFICIENT, "activity-unclear")


def _register_exclusion(rule_id: str, activity: str) -> None:
    def not_the_main_activity(
        revenue: pl.DataFrame,
        entities: pl.DataFrame,
        rates: pl.DataFrame,
        application: pl.DataFrame,
        evidence: pl.DataFrame,
        documents: pl.DataFrame,
        *,
        period_start: date | None,
        period_end: date | None,
        entity_boundary: str,
        mixed_business: str,
        main_activity_share: Fraction,
    ) -> pl.DataFrame:
        """The activity is not the entity's main one (AMB-07), and a description of what it does is on file."""
        earned = revenue_inside(
            revenue, entities, rates, application, documents,
            entity_boundary=entity_boundary, period=(period_start, period_end),
        )  # fmt: skip
        found = exclusion(earned, activity, mixed_business, main_activity_share)
        described = stated(evidence, documents, "activity description", period_start, period_end)
        if found["outcome"] == Outcome.MET.value and described["outcome"] != Outcome.MET.value:
            return results([{**found, **described, "outcome": Outcome.INSUFFICIENT.value}])
        return results([{**found, "missing": None}])

    rule(rule_id, reasons=EXCLUSION_REASONS)(not_the_main_activity)


# Farm production, and bioenergy, whose outputs are left out as goods as well (DCF-2.3-4).
_register_exclusion("DCF-2.3-1", "producer")
_register_exclusion("DCF-2.3-3", "bioenergy")


@rule("DCF-2.3-2", reasons=EXCLUSION_REASONS)
def not_a_non_food_business(
    revenue: pl.DataFrame,
    entities: pl.DataFrame,
    rates: pl.DataFrame,
    application: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    period_start: date | None,
    period_end: date | None,
    entity_boundary: str,
    mixed_business: str,
    main_activity_share: Fraction,
) -> pl.DataFrame:
    """Turning agri-food goods into non-food goods is not the entity's main activity (AMB-07)."""
    earned = revenue_inside(
        revenue, entities, rates, application, documents,
        entity_boundary=entity_boundary, period=(period_start, period_end),
    )  # fmt: skip
    return results([exclusion(earned, "non-food", mixed_business, main_activity_share)])
