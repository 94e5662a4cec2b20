"""Clause 3.9: human rights, indigenous peoples and local communities, smallholders."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import polars as pl

from landproof.criteria.evidence import (
    EVERYTHING,
    best,
    is_cited,
    judge_entity,
    judge_scopes,
    uncited,
    with_document,
)
from landproof.criteria.exposure import UNKNOWN, is_assessed
from landproof.criteria.ladder import Question, agreed, first_reason, insufficient, outcome_of
from landproof.criteria.registry import rule
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome, at_least
from landproof.domain.vocabulary import ENTITY

# DCF-3.9-2 to -7: the topic of each statement, and what its document must name beside the answer (AMB-49).
RECOGNISED: dict[str, tuple[str, Sequence[str]]] = {
    "DCF-3.9-2": ("fpic and undrip", ("fpic", "undrip")),
    "DCF-3.9-3": ("international bill of human rights", ()),
    "DCF-3.9-4": ("ilo fundamental principles", ()),
    "DCF-3.9-5": ("un guiding principles", ()),
    "DCF-3.9-6": ("oecd guidelines", ()),
    "DCF-3.9-7": ("ilo tripartite declaration", ()),
}


def _bought_from(positions: pl.DataFrame) -> pl.DataFrame:
    """``supplier`` of each assessed position; feed comes from the supplier of its animal product."""
    return positions.filter(is_assessed()).select("supplier").unique().sort("supplier")


def _covering(programmes: pl.DataFrame, documents: pl.DataFrame, suppliers: pl.DataFrame) -> pl.DataFrame:
    """A row for each programme that covers a supplier (``subject``), by name or by covering everybody."""
    rows = with_document(programmes, documents).rename({"suppliers": "covers"}).explode("covers")
    subjects = suppliers.select(subject="supplier")
    named = subjects.join(rows, left_on="subject", right_on="covers")
    broad = subjects.join(rows.filter(pl.col("covers") == EVERYTHING).drop("covers"), how="cross")
    return pl.concat([named, broad.select(named.columns)])


def _not_in_force(as_of: date) -> tuple[Question, ...]:
    """The questions whether a programme is not in force on ``as_of``, for `first_reason`."""
    starts, ends = pl.col("valid_from"), pl.col("valid_to")
    return (starts.is_null(), "dates-missing"), ((starts > as_of) | (ends < as_of), "not-in-force")


@rule(
    "DCF-3.9-1",
    reasons={
        "safeguarded": text("A programme with safeguards reaches the producers behind supplier %(subject)s."),
        "no-programme": text("No programme covers supplier %(subject)s."),
        "not-at-producers": text("The programme for supplier %(subject)s does not reach producers."),
        "without-iplc": text(
            "The programme for supplier %(subject)s leaves out indigenous peoples and local communities."
        ),
        "content-unknown": text(
            "The programme for supplier %(subject)s does not say whether it reaches producers, indigenous peoples "
            "and local communities."
        ),
        "owner-missing": text("The programme for supplier %(subject)s has no owner."),
        "supplier-unknown": text("A purchase names no supplier, so no programme can be shown to cover it."),
    },
)
def producers_safeguarded(
    positions: pl.DataFrame,
    programmes: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    programme_owner: str,
) -> pl.DataFrame:
    """Each supplier is covered by a programme whose safeguards reach producers, with owner and record (AMB-48)."""
    suppliers = _bought_from(positions)
    if programme_owner == "own":
        programmes = programmes.filter(pl.col("run_by") == "entity")
    reaches, iplc = pl.col("reaches_producers"), pl.col("covers_iplc")
    rows = _covering(programmes, documents, suppliers).select(
        "subject",
        "digest",
        reason=first_reason(
            (~reaches, "not-at-producers"),
            (~iplc, "without-iplc"),
            (reaches.is_null() | iplc.is_null(), "content-unknown"),
            (pl.col("owner").is_null(), "owner-missing"),
            *_not_in_force(as_of),
            *uncited(),
            otherwise="safeguarded",
        ),
    )
    order = (
        "safeguarded", "not-in-force", "dates-missing", "no-page", "document-not-in-case", "no-document",
        "owner-missing", "content-unknown", "without-iplc", "not-at-producers",
    )  # fmt: skip
    return (
        suppliers.select(subject="supplier")
        .join(best(rows, order), on="subject", how="left", maintain_order="left")
        .with_columns(
            pl.col("subject").fill_null(UNKNOWN),
            reason=pl.when(pl.col("subject").is_null())
            .then(pl.lit("supplier-unknown"))
            .otherwise(pl.col("reason").fill_null("no-programme")),
        )
        .with_columns(outcome=outcome_of("safeguarded", not_met=("without-iplc", "not-at-producers")))
    )


def _register_recognised(rule_id: str, topic: str, elements: Sequence[str]) -> None:
    def recognised(evidence: pl.DataFrame, documents: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
        """A policy in force on the evaluation date names the item."""
        return judge_entity(evidence, documents, topic=topic, start=as_of, end=as_of, elements=elements)

    rule(rule_id, reasons={})(recognised)


for _rule_id, (_topic, _elements) in RECOGNISED.items():
    _register_recognised(_rule_id, _topic, _elements)


@rule(
    "DCF-3.9-8",
    reasons={
        "provided": text("Investment and capacity building are provided for supplier %(subject)s."),
        "smallholders-unknown": text(
            "It is not on file whether supplier %(subject)s works with smallholders or vulnerable groups."
        ),
        "recommended": text(
            "Supplier %(subject)s works with smallholders or vulnerable groups; capacity building is recommended."
        ),
    },
    absent_when_empty="positions",
)
def capacity_built(
    positions: pl.DataFrame,
    suppliers: pl.DataFrame,
    programmes: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    capacity_building: str,
) -> pl.DataFrame:
    """Suppliers with smallholders or vulnerable groups have provisions: a statement or a funded programme."""
    asked = _bought_from(positions).join(
        suppliers.select("supplier", "smallholders"), on="supplier", how="left", maintain_order="left"
    )
    named = pl.col("supplier").fill_null(UNKNOWN)
    unknown = asked.filter(pl.col("smallholders").is_null()).select(
        subject=named, **insufficient("smallholders-unknown")
    )
    present = asked.filter("smallholders")
    if capacity_building == "recommended":
        information = pl.lit(Outcome.INFORMATION.value)
        advised = present.select(subject=named, outcome=information, reason=pl.lit("recommended"))
        return pl.concat([unknown, advised])
    stated = judge_scopes(
        evidence,
        documents,
        present.select(subject="supplier", scope=pl.concat_str(pl.lit("supplier:"), "supplier")),
        topic="capacity building",
        start=as_of,
        end=as_of,
    )
    funded = pl.col("capacity_building") & (pl.col("budget") > 0)
    rows = _covering(programmes, documents, present).filter(
        funded & first_reason(*_not_in_force(as_of)).is_null() & is_cited()
    )
    paid = rows.group_by("subject").agg(paid=pl.col("digest").unique().sort())
    by_programme = (pl.col("outcome") == Outcome.INSUFFICIENT.value) & pl.col("paid").is_not_null()
    judged = stated.join(paid, on="subject", how="left", maintain_order="left").select(
        "subject",
        "missing",
        outcome=pl.when(by_programme).then(pl.lit(Outcome.MET.value)).otherwise("outcome"),
        reason=pl.when(by_programme).then(pl.lit("provided")).otherwise("reason"),
        evidence=pl.when(by_programme).then("paid").otherwise("evidence"),
    )
    return pl.concat([judged, unknown], how="diagonal")


@rule(
    "DCF-3.9-9",
    reasons={
        "reaches-target": text("Support and capacity building reach the recommended share of profit."),
        "below-target": text("Support and capacity building stay below the recommended share of profit."),
        "no-profit": text("There is no net profit to measure support and capacity building by."),
        "figures-missing": text("Net profit, or what went into support and capacity building, is not on file."),
        "currencies-differ": text("Net profit and support are in different currencies, so no share is shown."),
    },
)
def profit_returned(figures: pl.DataFrame, *, profit_target: Fraction) -> pl.DataFrame:
    """Information only: support over net profit beside the recommended 2 %; it never counts."""
    each = pl.DataFrame({"figure": ["net profit", "support and capacity building"]}).join(
        agreed(figures.select("figure", "amount", "currency"), "figure"),
        on="figure",
        how="left",
        maintain_order="left",
    )
    whole, part = (pl.col("amount").get(index) for index in (0, 1))
    currency, other = (pl.col("currency").get(index) for index in (0, 1))
    shown = each.select(part=part, whole=whole, unit=currency, other=other)
    reaches = at_least("part", "whole", profit_target)
    return shown.select(
        subject=pl.lit(ENTITY),
        outcome=pl.lit(Outcome.INFORMATION.value),
        reason=first_reason(
            (pl.col("part").is_null() | pl.col("whole").is_null(), "figures-missing"),
            (pl.col("unit").ne_missing(pl.col("other")), "currencies-differ"),
            (reaches.is_null(), "no-profit"),
            (reaches, "reaches-target"),
            otherwise="below-target",
        ),
        part="part",
        whole="whole",
        unit="unit",
    )
