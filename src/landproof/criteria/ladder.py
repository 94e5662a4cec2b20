"""The first reason that applies, and the outcome that goes with it.

A rule asks its questions in a fixed order: disqualifying facts first, then what is missing, then what
passes. Polars takes an unknown condition as false, so a question about a value stands after the
question whether the value is there at all.
"""

from collections.abc import Sequence

import polars as pl

from landproof.domain.outcome import Outcome


def first_reason(*questions: tuple[pl.Expr, str], otherwise: str) -> pl.Expr:
    """The reason of the first condition that is true; ``otherwise`` when none is."""
    reason = pl.lit(otherwise)
    for condition, key in reversed(questions):
        reason = pl.when(condition).then(pl.lit(key)).otherwise(reason)
    return reason


def outcome_of(reason: str, *, met: Sequence[str], refused: Sequence[str] = ()) -> pl.Expr:
    """``met`` or ``not met`` for the reasons named; every other reason is insufficient evidence."""
    return (
        pl.when(pl.col(reason).is_in(list(met)))
        .then(pl.lit(Outcome.MET.value))
        .when(pl.col(reason).is_in(list(refused)))
        .then(pl.lit(Outcome.NOT_MET.value))
        .otherwise(pl.lit(Outcome.INSUFFICIENT.value))
    )


def digests(*columns: str) -> pl.Expr:
    """The distinct digests in ``columns``, sorted, as the evidence of a finding."""
    return pl.concat_list(columns).list.drop_nulls().list.unique().list.sort()


def agreed(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """The rows whose ``key`` all rows speak of alike; what contradicts itself is unknown, so it is left out."""
    return frame.filter(pl.col(key).is_not_null()).unique().unique(subset=key, keep="none")
