"""What the company earns, and from what (clauses 2.1 and 2.3)."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import polars as pl

from landproof.criteria.company import boundary
from landproof.criteria.evidence import citation_problem, with_document
from landproof.criteria.ladder import first_reason
from landproof.criteria.rows import Row, exact, results, row
from landproof.criteria.steps.spend import converted
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome

Compare = Callable[[Fraction, Fraction], bool]

# How each reading of AMB-06 compares with its limit.
COMPARE: dict[str, Compare] = {"excluded": operator.gt, "included": operator.ge}

NO_NET_REVENUE = text("The revenue on file does not add up to more than zero.")
REVENUE_REASONS = {
    "no-revenue": text("No revenue of the certified entity is on file."),
    "amount-missing": text("A revenue line has no amount, or no exchange rate into the reporting currency."),
    "period-missing": text("A revenue line or the case does not say which period it is for."),
    "period-outside": text("The revenue on file is for a period outside the evaluated one."),
    "periods-differ": text("The revenue lines are for different periods, so they cannot be added up."),
}
EXCLUSION_REASONS = {
    **REVENUE_REASONS,
    "no-net-revenue": NO_NET_REVENUE,
    "excluded-business": text("The excluded activity brings %(part)s of %(whole)s of revenue."),
    "no-excluded-business": text("No revenue comes from the excluded activity."),
    "minor-excluded-business": text(
        "The excluded activity brings %(part)s of %(whole)s of revenue and is not the main one; its goods are left"
        " out."
    ),
    "activity-decides": text(
        "The excluded activity surely brings %(part)s of %(whole)s of revenue; the activity or the legal entity of"
        " other lines is missing and decides."
    ),
}


@dataclass(frozen=True, slots=True)
class Revenue:
    """Revenue that is or may be the company's, in one currency.

    ``lines`` are amount, surely inside, activity and chain; ``problem`` is a reason for not relying on them.
    """

    lines: Sequence[tuple[Decimal, bool, str | None, str | None]]
    currency: str | None
    evidence: Sequence[str]
    problem: str | None


def revenue_inside(
    revenue: pl.DataFrame,
    entities: pl.DataFrame,
    rates: pl.DataFrame,
    application: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    entity_boundary: str,
    period: tuple[date | None, date | None],
) -> Revenue:
    """Revenue of the certified entity for one period that overlaps the evaluated one, with its documents."""
    inside = boundary(entities, entity_boundary)
    known = revenue.with_columns(
        inside=pl.col("entity").replace_strict(inside, default=None, return_dtype=pl.Boolean)
        if inside
        else pl.lit(None, dtype=pl.Boolean)
    ).filter(pl.col("inside").ne_missing(False))
    rows = with_document(converted(known, "amount", rates, application), documents).with_columns(
        cited=citation_problem()
    )
    start, end = period
    overlaps = (pl.col("period_end") >= pl.lit(start)) & (pl.col("period_start") <= pl.lit(end))
    checked = rows.with_columns(
        problem=first_reason(
            (pl.col("cited").is_not_null(), pl.col("cited")),
            (pl.col("converted").is_null(), "amount-missing"),
            (overlaps.is_null() | pl.lit(start is None or end is None), "period-missing"),
            (~overlaps, "period-outside"),
        )
    )
    problems = checked["problem"].drop_nulls().sort().to_list()
    if rows.is_empty():
        problems = ["no-revenue"]
    elif rows.select("period_start", "period_end").n_unique() > 1:
        problems.append("periods-differ")
    return Revenue(
        [
            (amount, sure is True, activity, chain)
            for amount, sure, activity, chain in checked.select(
                "converted", "inside", "activity", "chain"
            ).iter_rows()
        ],
        ", ".join(application["currency"].drop_nulls().unique().sort()) or None,
        checked["digest"].drop_nulls().unique().sort().to_list(),
        problems[0] if problems else None,
    )


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole."""

    part: Fraction
    whole: Fraction

    def compares(self, compare: Callable[[Fraction, Fraction], bool], limit: Fraction) -> bool:
        """``compare(part / whole, limit)``, cross-multiplied; false when there is no whole."""
        return self.whole > 0 and compare(self.part, self.whole * limit)


def share_bounds(lines: Sequence[tuple[Decimal, bool, bool | None]]) -> tuple[Share, Share]:
    """The least and the greatest share, from lines of amount, surely inside, and in the part (null: unknown).

    A line that may count either way weighs on the side that widens the bound, by its size: a credit note
    too. So the bounds hold on either side of a half, whatever the unknown lines turn out to be.
    """
    sure_part = sure_rest = maybe_part = maybe_rest = Fraction(0)
    for amount, sure, in_part in lines:
        value = Fraction(amount)
        if in_part is None:
            maybe_part += abs(value)
            maybe_rest += abs(value)
        elif sure:
            sure_part += value if in_part else 0
            sure_rest += 0 if in_part else value
        else:
            towards_part = value if in_part else -value
            maybe_part += max(towards_part, Fraction(0))
            maybe_rest += max(-towards_part, Fraction(0))
    least = Share(sure_part, sure_part + sure_rest + maybe_rest)
    greatest = Share(sure_part + maybe_part, sure_part + maybe_part + sure_rest)
    return least, greatest


def exclusion(earned: Revenue, activity: str, mixed_business: str, main_share: Fraction) -> Row:
    """Half of revenue or more is the main activity, as clause 2.1 wants more than half from the food chain."""
    if earned.problem is not None:
        return _unusable_row(earned)
    least, greatest = share_bounds(
        [(amount, sure, None if kind is None else kind == activity) for amount, sure, kind, _ in earned.lines]
    )
    readings: dict[str, tuple[Compare, Fraction]] = {
        "main activity": (operator.ge, main_share),
        "any activity": (operator.gt, Fraction(0)),
    }
    compare, limit = readings[mixed_business]
    if greatest.whole <= 0:
        return _shared_row(Outcome.INSUFFICIENT, "no-net-revenue", earned, least)
    if least.compares(compare, limit):
        return _shared_row(Outcome.NOT_MET, "excluded-business", earned, least)
    if greatest.compares(compare, limit):
        return _shared_row(Outcome.INSUFFICIENT, "activity-decides", earned, least)
    reason = "minor-excluded-business" if greatest.part else "no-excluded-business"
    return _shared_row(Outcome.MET, reason, earned, least)


def shared(outcome: Outcome, reason: str, earned: Revenue, share: Share) -> pl.DataFrame:
    """A result for the entity with its share of revenue."""
    return results([_shared_row(outcome, reason, earned, share)])


def unusable(earned: Revenue) -> pl.DataFrame:
    """A result for revenue that cannot be relied on."""
    return results([_unusable_row(earned)])


def _shared_row(outcome: Outcome, reason: str, earned: Revenue, share: Share) -> Row:
    return row(
        outcome, reason, evidence=earned.evidence,
        part=exact(share.part), whole=exact(share.whole), unit=earned.currency,
    )  # fmt: skip


def _unusable_row(earned: Revenue) -> Row:
    reason = earned.problem or "no-revenue"
    return row(Outcome.INSUFFICIENT, reason, evidence=earned.evidence, part=None, whole=None, unit=None)
