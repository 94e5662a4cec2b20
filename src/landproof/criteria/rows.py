"""Results of rules that look at the company as a whole: a handful of rows, made one by one."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import polars as pl

from landproof.domain.outcome import Outcome
from landproof.domain.vocabulary import ENTITY

Row: TypeAlias = dict[str, Any]

_FIXED = pl.Schema(
    {"subject": pl.String, "outcome": pl.String, "reason": pl.String, "evidence": pl.List(pl.String)}
)


def row(
    outcome: Outcome,
    reason: str,
    subject: str = ENTITY,
    *,
    evidence: Iterable[str | None] = (),
    **values: object,
) -> Row:
    """One result. ``values`` are the placeholders of the reason, or ``part``, ``whole`` and ``unit``."""
    used = sorted({each for each in evidence if each is not None})
    texts = {name: None if value is None else str(value) for name, value in values.items()}
    return {"subject": subject, "outcome": outcome.value, "reason": reason, "evidence": used, **texts}


def results(rows: Sequence[Row]) -> pl.DataFrame:
    """The rows as a rule returns them; an empty frame when there are none."""
    extra = {name: pl.String for each in rows for name in each if name not in _FIXED}
    schema = pl.Schema({**_FIXED, **extra})
    return pl.DataFrame([{name: each.get(name) for name in schema} for each in rows], schema=schema)


def about_entity(outcome: Outcome, reason: str, **values: Any) -> pl.DataFrame:
    """The result of a rule that has one thing to say of the company as a whole; ``values`` as of `row`."""
    return results([row(outcome, reason, **values)])


def exact(amount: Decimal | Fraction | int) -> str:
    """An amount as an exact decimal without trailing zeros; a fraction that has none stays a fraction."""
    value = Fraction(amount)
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
        if digits > 40:
            return str(value)
    whole = abs(int(value * 10**digits))
    sign = "-" if value < 0 else ""
    if digits == 0:
        return f"{sign}{whole}"
    padded = str(whole).zfill(digits + 1)
    return f"{sign}{padded[:-digits]}.{padded[-digits:]}"


def exact_text(column: str) -> pl.Expr:
    """A decimal column as exact text without trailing zeros."""
    return pl.col(column).cast(pl.String).str.replace(r"\.?0+$", "")
