"""The outcomes of a rule, and the only ways in which rules combine values.

Polars treats a missing value as false in a filter, as zero in a sum and as true in ``all()`` of
nothing. Each helper here gives null where its answer is unknown, and `outcome_where` turns null into
"insufficient evidence", so that unknown never becomes a pass.
"""

from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction

import polars as pl


class Outcome(StrEnum):
    """What a rule says of a subject (criteria.md, "How to read a rule")."""

    MET = "met"
    NOT_MET = "not met"
    INSUFFICIENT = "insufficient evidence"
    NOT_APPLICABLE = "not applicable"
    INFORMATION = "information"


OUTCOME = pl.Enum([outcome.value for outcome in Outcome])

# From worst to best. Information never decides anything.
_SEVERITY = (
    Outcome.NOT_MET,
    Outcome.INSUFFICIENT,
    Outcome.MET,
    Outcome.NOT_APPLICABLE,
    Outcome.INFORMATION,
)


def roll_up(outcomes: Iterable[Outcome]) -> Outcome:
    """The worst of ``outcomes``; of none at all, "insufficient evidence"."""
    found = set(outcomes)
    return next((outcome for outcome in _SEVERITY if outcome in found), Outcome.INSUFFICIENT)


def outcome_where(passes: pl.Expr) -> pl.Expr:
    """``met`` where true, ``not met`` where false, ``insufficient evidence`` where null."""
    return (
        pl.when(passes.is_null())
        .then(pl.lit(Outcome.INSUFFICIENT.value))
        .when(passes)
        .then(pl.lit(Outcome.MET.value))
        .otherwise(pl.lit(Outcome.NOT_MET.value))
    )


def total(column: str) -> pl.Expr:
    """Sum of ``column``; null when a part is missing or there are no rows."""
    amount = pl.col(column)
    return pl.when(amount.is_not_null().all() & (pl.len() > 0)).then(amount.sum())


def every(condition: pl.Expr) -> pl.Expr:
    """True when every row holds, false when one fails, null when one is unknown or there is none."""
    return (
        pl.when((condition == pl.lit(False)).any())
        .then(pl.lit(False))
        .when(condition.is_not_null().all() & (pl.len() > 0))
        .then(pl.lit(True))
    )


def at_least(part: str, whole: str, share: Fraction) -> pl.Expr:
    """``part / whole >= share``, cross-multiplied; null when either is missing or whole is not positive."""
    return _compare(part, whole, share, strict=False)


def more_than(part: str, whole: str, share: Fraction) -> pl.Expr:
    """``part / whole > share``, cross-multiplied; null when either is missing or whole is not positive."""
    return _compare(part, whole, share, strict=True)


def _compare(part: str, whole: str, share: Fraction, *, strict: bool) -> pl.Expr:
    # Decimals overflow with an error; Int128 holds any product of two Int64.
    left = pl.col(part) * pl.lit(share.denominator, dtype=pl.Int128)
    right = pl.col(whole) * pl.lit(share.numerator, dtype=pl.Int128)
    compared = left > right if strict else left >= right
    return pl.when(pl.col(whole) > 0).then(compared)
