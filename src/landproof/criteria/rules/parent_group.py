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


def _within_the_year(made: Row, anniversary: date) -> tuple[Outcome, str]:
    """DCF-2.5-2: a commitment that counts; one of the very first day is flagged (AMB-17)."""
    return Outcome.MET, "on-anniversary" if made["published_on"] == anniversary else "within-the-year"


def _says_it_all(made: Row, _: date) -> tuple[Outcome, str]:
    """DCF-2.5-3: the whole group, past and future, both harms, and the date."""
    if made["elements"] is None:
        return Outcome.INSUFFICIENT, "elements-not-read"
    return (Outcome.NOT_MET, "commitment-lacks") if made["missing"] else (Outcome.MET, "says-it-all")


def _register_commitment(
    rule_id: str, judged: Callable[[Row, date], tuple[Outcome, str]], reasons: Mapping[str, str]
) -> None:
    """``judged`` says what a commitment comes to that counts, given the day a year before the reference day."""

    def on_each_day(
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
        """The parent's best commitment on each day on which one must count: each filing and each verification."""
        parent = PARENTS[parent_is](entities)[0]
        made = _commitments(commitments, documents, parent)

        def on(subject: str, reference: date | None, without_date: str) -> Row:
            values: dict[str, Any] = dict.fromkeys(("parent", "reference", "first", "published", "missing"))
            if parent is None:
                return row(Outcome.INSUFFICIENT, "parent-unknown", subject, **values)
            if reference is None:
                return row(Outcome.INSUFFICIENT, without_date, subject, **values)
            first = _FIRST_DAY[commitment_year](reference, commitment_age_years)
            anniversary = years_later(reference, -commitment_age_years)
            values |= {"parent": parent, "reference": reference, "first": first}
            found = [(*(_uncounted(each, reference, first) or judged(each, anniversary)), each) for each in made]
            if not found:
                return row(Outcome.INSUFFICIENT, "no-commitment", subject, **values)
            outcome, reason, each = min(found, key=lambda one: (_RANK[one[0]], one[1]))
            values |= {"published": each["published_on"], "missing": each["missing"]}
            return row(outcome, reason, subject, evidence=[each["digest"]], **values)

        filed = applications(application, documents)
        verified = verifications.select("verification", "completed_on").iter_rows()
        return results(
            [on(each["subject"], each["filed_on"], "filing-date-missing") for each in filed]
            + [on(name, day, "verification-date-missing") for name, day in verified]
        )

    rule(rule_id, reasons={**_COMMITMENT_REASONS, **reasons})(on_each_day)


# The best finding first: one commitment that holds is enough.
_RANK = {Outcome.MET: 0, Outcome.INSUFFICIENT: 1, Outcome.NOT_MET: 2}

_register_commitment(
    "DCF-2.5-2",
    _within_the_year,
    {
        "within-the-year": text(
            "%(parent)s committed in public on %(published)s, within the year up to %(reference)s."
        ),
        "on-anniversary": text(
            "%(parent)s committed in public on %(published)s, exactly one year before %(reference)s: the last day"
            " that passes."
        ),
    },
)
_register_commitment(
    "DCF-2.5-3",
    _says_it_all,
    {
        "says-it-all": text("The commitment of %(parent)s of %(published)s holds every element."),
        "elements-not-read": text("Nobody has recorded what the commitment of %(parent)s of %(published)s says."),
        "commitment-lacks": text("The commitment of %(parent)s of %(published)s lacks: %(missing)s."),
    },
)


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
    return about_entity(Outcome.MET, reason, evidence=steps["digest"].to_list(), parent=parent)


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


def _uncounted(each: Row, reference: date, first: date) -> tuple[Outcome, str] | None:
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
