"""The first reason that applies, and the outcome that goes with it.

A rule asks its questions in a fixed order: disqualifying facts first, then what is missing, then what
passes. Polars takes an unknown condition as false, so a question about a value stands after the
question whether the value is there at all.
"""

from collections.abc import Sequence
from typing import TypeAlias

import polars as pl

from landproof.domain.outcome import Outcome

Question: TypeAlias = tuple[pl.Expr, str | pl.Expr]  # a condition, and the reason to give where it is true


def first_reason(*questions: Question, otherwise: str | pl.Expr | None = None) -> pl.Expr:
    """The reason of the first condition that is true; ``otherwise`` when none is.

    A reason is a word, or an expression that gives one; without ``otherwise`` there may be none (null).
    """
    reason = _as_reason(otherwise)
    for condition, key in reversed(questions):
        reason = pl.when(condition).then(_as_reason(key)).otherwise(reason)
    return reason


def _as_reason(reason: str | pl.Expr | None) -> pl.Expr:
    return reason if isinstance(reason, pl.Expr) else pl.lit(reason, dtype=pl.String)


def outcome_of(*met: str, not_met: Sequence[str] = (), not_applicable: Sequence[str] = ()) -> pl.Expr:
    """The outcome that the column ``reason`` stands for; every reason not named is insufficient evidence."""
    outcomes = (
        dict.fromkeys(met, Outcome.MET)
        | dict.fromkeys(not_met, Outcome.NOT_MET)
        | dict.fromkeys(not_applicable, Outcome.NOT_APPLICABLE)
    )
    return pl.col("reason").replace_strict(
        {reason: outcome.value for reason, outcome in outcomes.items()},
        default=Outcome.INSUFFICIENT.value,
        return_dtype=pl.String,
    )


def insufficient(reason: str) -> dict[str, pl.Expr]:
    """The columns ``outcome`` and ``reason`` of rows that lack evidence for one and the same reason."""
    return {"outcome": pl.lit(Outcome.INSUFFICIENT.value), "reason": pl.lit(reason)}


def digests(*columns: str) -> pl.Expr:
    """The distinct digests in ``columns``, sorted, as the evidence of a finding."""
    return pl.concat_list(columns).list.drop_nulls().list.unique().list.sort()


def agreed(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """The rows whose ``key`` all rows speak of alike; what contradicts itself is unknown, so it is left out."""
    return frame.filter(pl.col(key).is_not_null()).unique().unique(subset=key, keep="none")
