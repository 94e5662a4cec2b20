"""Clause 2.5: other sector criteria, and the commitment of the parent company."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import polars as pl

from landproof.criteria.company import applicant, applications, owners, years_later
from landproof.criteria.evidence import citation_problem, with_document
from landproof.criteria.registry import rule
from landproof.criteria.rows import Row, about_entity, results, row
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome

# What a commitment must say (clause 2.5): of whom, when, of what, and since when.
ELEMENTS = ("all group entities", "past", "future", "deforestation", "conversion", "2020-12-31")

# The first day that counts, under each reading of AMB-17.
_FIRST_DAY: Mapping[str, Callable[[date, int], date]] = {
    "rolling": lambda reference, years: years_later(reference, -years),
    "calendar": lambda reference, years: date(reference.year - years, 1, 1),
}


@rule(
    "DCF-2.5-1",
    reasons={
        "agriculture": text("Farm production goes under the Agriculture Criteria."),
        "agriculture-here": text(
            "Revenue from farm production is on file; it goes under the Agriculture Criteria."
        ),
        "forestry": text("Forestry, land conservation and restoration go under the Forestry Criteria."),
        "bioenergy": text("Energy from biomass goes under the Bioenergy Criteria."),
        "bioenergy-here": text("Revenue from bioenergy is on file; it goes under the Bioenergy Criteria."),
        "waste": text("Waste goes under the Waste Management Criteria."),
    },
)
def other_criteria(revenue: pl.DataFrame) -> pl.DataFrame:
    """Which other sector criteria serve what is outside these; advice only."""
    earned = set(revenue["activity"].to_list())
    return results(
        [
            row(Outcome.INFORMATION, "agriculture-here" if "producer" in earned else "agriculture", "agriculture"),
            row(Outcome.INFORMATION, "forestry", "forestry"),
            row(Outcome.INFORMATION, "bioenergy-here" if "bioenergy" in earned else "bioenergy", "bioenergy"),
            row(Outcome.INFORMATION, "waste", "waste"),
        ]
    )


_COMMITMENT_REASONS = {
    "parent-unknown": text("The parent company cannot be told, so nobody knows whose commitment counts."),
    "filing-date-missing": text("The application does not say when it was filed."),
    "verification-date-missing": text("Verification %(subject)s does not say when it was completed."),
    "no-commitment": text("No commitment of %(parent)s against deforestation and conversion is on file."),
    "publication-date-missing": text("The commitment of %(parent)s does not say when it was published."),
    "not-public": text("The commitment of %(parent)s has no public address."),
    "outside-the-year": text(
        "The commitment of %(parent)s on file was not published from %(first)s to %(reference)s."
    ),
}


@rule(
    "DCF-2.5-2",
    reasons={
        **_COMMITMENT_REASONS,
        "within-the-year": text(
            "%(parent)s committed in public on %(published)s, within the year up to %(reference)s."
        ),
        "on-anniversary": text(
            "%(parent)s committed in public on %(published)s, exactly one year before %(reference)s: the last day"
            " that passes."
        ),
    },
)
def committed_within_the_year(
    application: pl.DataFrame,
    verifications: pl.DataFrame,
    entities: pl.DataFrame,
    commitments: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    commitment_age_years: int,
    commitment_year: str,
    parent_is: str,
) -> pl.DataFrame:
    """The parent committed in public in the year before the application and each verification (AMB-17)."""
    parent = PARENTS[parent_is](entities)[0]
    made = _commitments(commitments, documents, parent)

    def judged(each: Row, reference: date, first: date) -> tuple[Outcome, str]:
        anniversary = years_later(reference, -commitment_age_years)
        on_time = "on-anniversary" if each["published_on"] == anniversary else "within-the-year"
        return _published(each, reference, first) or (Outcome.MET, on_time)

    return _each_reference(
        applications(application, documents), verifications, parent, made, judged,
        lambda reference: _FIRST_DAY[commitment_year](reference, commitment_age_years),
    )  # fmt: skip


@rule(
    "DCF-2.5-3",
    reasons={
        **_COMMITMENT_REASONS,
        "says-it-all": text("The commitment of %(parent)s of %(published)s holds every element."),
        "elements-not-read": text("Nobody has recorded what the commitment of %(parent)s of %(published)s says."),
        "commitment-lacks": text("The commitment of %(parent)s of %(published)s lacks: %(missing)s."),
    },
)
def commitment_says_it_all(
    application: pl.DataFrame,
    verifications: pl.DataFrame,
    entities: pl.DataFrame,
    commitments: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    commitment_age_years: int,
    commitment_year: str,
    parent_is: str,
) -> pl.DataFrame:
    """A commitment that counts covers the whole group, past and future, both harms, and the date."""
    parent = PARENTS[parent_is](entities)[0]
    made = _commitments(commitments, documents, parent)

    def judged(each: Row, reference: date, first: date) -> tuple[Outcome, str]:
        if (counts := _published(each, reference, first)) is not None:
            return counts
        if each["elements"] is None:
            return Outcome.INSUFFICIENT, "elements-not-read"
        return (Outcome.NOT_MET, "commitment-lacks") if each["missing"] else (Outcome.MET, "says-it-all")

    return _each_reference(
        applications(application, documents), verifications, parent, made, judged,
        lambda reference: _FIRST_DAY[commitment_year](reference, commitment_age_years),
    )  # fmt: skip


@rule(
    "DCF-2.5-4",
    reasons={
        "no-applicant": text("The register of legal entities does not name exactly one applicant."),
        "control-cycle": text("The chain of control above the applicant leads back to itself."),
        "owner-not-registered": text("An owner above the applicant is not in the register of legal entities."),
        "parent-found": text("%(parent)s is the ultimate parent under IFRS 10."),
        "no-group": text("Nobody controls the applicant, so %(parent)s itself must commit."),
        "parent-not-reached": text("%(parent)s is registered as parent, but control does not lead to it."),
    },
)
def parent_identified(entities: pl.DataFrame, documents: pl.DataFrame, *, parent_is: str) -> pl.DataFrame:
    """Control is documented from the applicant up to the ultimate parent, or to nobody (AMB-18)."""
    if entities.is_empty():
        return results([])
    parent, problem = PARENTS[parent_is](entities)
    head = applicant(entities)
    chain = [head, *owners(entities, head)[0]] if head is not None else []
    rows = with_document(entities, documents).with_columns(cited=citation_problem())
    steps = rows.filter(pl.col("entity").is_in(chain))
    named = rows.filter(pl.col("role") == "parent")["entity"].to_list()
    problem = problem or next(iter(steps["cited"].drop_nulls().sort()), None)
    stray = next((each for each in sorted(named) if each not in chain), None)
    if problem is not None:
        return about_entity(Outcome.INSUFFICIENT, problem, parent=parent)
    if stray is not None:
        return about_entity(Outcome.INSUFFICIENT, "parent-not-reached", parent=stray)
    reason = "no-group" if parent == head else "parent-found"
    return results([row(Outcome.MET, reason, evidence=steps["digest"].to_list(), parent=parent)])


def _ultimate(entities: pl.DataFrame) -> tuple[str | None, str | None]:
    """The last in the chain of control above the applicant, or the applicant; and why it cannot be told."""
    head = applicant(entities)
    if head is None:
        return None, "no-applicant"
    chain, broken = owners(entities, head)
    return (None, broken) if broken is not None else ([head, *chain][-1], None)


PARENTS: Mapping[str, Callable[[pl.DataFrame], tuple[str | None, str | None]]] = {"ultimate": _ultimate}


def _commitments(commitments: pl.DataFrame, documents: pl.DataFrame, parent: str | None) -> list[Row]:
    """The parent's commitments, each with ``digest``, ``cited`` and the elements ``missing`` from it."""
    made = (
        with_document(commitments, documents)
        .filter((pl.col("kind") == "no-deforestation-no-conversion") & pl.col("entity").eq(pl.lit(parent)))
        .with_columns(cited=citation_problem())
        .sort("commitment")
        .to_dicts()
    )
    return [{**each, "missing": ", ".join(sorted(set(ELEMENTS) - set(each["elements"] or [])))} for each in made]


def _published(each: Row, reference: date, first: date) -> tuple[Outcome, str] | None:
    """Why a commitment does not count on ``reference``; null when it does."""
    if each["published_on"] is None:
        return Outcome.INSUFFICIENT, "publication-date-missing"
    if not first <= each["published_on"] <= reference:
        return Outcome.NOT_MET, "outside-the-year"
    if each["public_at"] is None:
        return Outcome.INSUFFICIENT, "not-public"
    if each["cited"] is not None:
        return Outcome.INSUFFICIENT, each["cited"]
    return None


def _each_reference(
    filed: list[Row],
    verifications: pl.DataFrame,
    parent: str | None,
    made: list[Row],
    judged: Callable[[Row, date, date], tuple[Outcome, str]],
    first_day: Callable[[date], date],
) -> pl.DataFrame:
    """The best commitment on each day on which one must count: each filing and each verification."""
    days: list[tuple[str, date | None, str]] = [
        (each["subject"], each["filed_on"], "filing-date-missing") for each in filed
    ]
    days += [
        (name, day, "verification-date-missing")
        for name, day in verifications.select("verification", "completed_on").iter_rows()
    ]
    return results([_best(parent, made, judged, first_day, *each) for each in days])


# The best finding first: one commitment that holds is enough.
_RANK = {Outcome.MET: 0, Outcome.INSUFFICIENT: 1, Outcome.NOT_MET: 2}


def _best(
    parent: str | None,
    made: list[Row],
    judged: Callable[[Row, date, date], tuple[Outcome, str]],
    first_day: Callable[[date], date],
    subject: str,
    reference: date | None,
    without_date: str,
) -> Row:
    values: dict[str, Any] = dict.fromkeys(("parent", "reference", "first", "published", "missing"))
    if parent is None:
        return row(Outcome.INSUFFICIENT, "parent-unknown", subject, **values)
    if reference is None:
        return row(Outcome.INSUFFICIENT, without_date, subject, **values)
    first = first_day(reference)
    values |= {"parent": parent, "reference": reference, "first": first}
    found = [(*judged(each, reference, first), each) for each in made]
    if not found:
        return row(Outcome.INSUFFICIENT, "no-commitment", subject, **values)
    outcome, reason, each = min(found, key=lambda one: (_RANK[one[0]], one[1]))
    values |= {"published": each["published_on"], "missing": each["missing"]}
    return row(outcome, reason, subject, evidence=[each["digest"]], **values)
