"""Exact amounts on their way into cells."""

from decimal import Decimal
from typing import Any, cast

import polars as pl

from landproof.reporting.cells import Amount, Cell, Share


def exact_sum(amounts: pl.Series) -> Decimal:
    """The sum of a decimal series without nulls; 0 of none."""
    return cast("Decimal", amounts.sum()) if len(amounts) else Decimal(0)


def share_or_unknown(part: Decimal | None, whole: Decimal | None) -> Share | None:
    """A share, or None where a part is unknown or there is no whole."""
    return Share(part, whole) if part is not None and whole is not None and whole > 0 else None


def amount_or_unknown(value: Decimal | None, currency: str | None) -> Cell:
    """An amount of money, or None where it is unknown."""
    return None if value is None else Amount(value, currency)


def plain(value: Decimal | None) -> str | None:
    """The decimal in full, without an exponent and without trailing zeros."""
    if value is None:
        return None
    written = format(value, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def strings(value: Any) -> list[str]:
    """A list column's cell; a missing list is an empty one."""
    return list(cast("list[str]", value or []))
