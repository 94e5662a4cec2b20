"""Exact scaling of written numbers: digits times a fraction, as whole steps of the column's resolution."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

import polars as pl

from landproof.intake.cells import blank_out

# A number below 10**15 with 12 decimals, times a numerator below 10**11, stays below 2**127.
_DECIMALS: Final = 12
_LARGEST: Final = 10**15
_LARGEST_NUMERATOR: Final = 10**11
_WIDE: Final = pl.Int128
_FINER: Final = r"\.\d{13,}$"


def scale(digits: pl.Series, factor: pl.Series, places: int) -> tuple[pl.Series, pl.Series, pl.Series]:
    """``digits`` times ``factor`` as a whole number of 10**-places, rounded half to even.

    ``factor`` holds fractions as text ("453/1000"); null where it is unknown, and the result is null too.
    Returns the steps (Int128), where rounding changed the value, and where it is too large to hold.
    """
    frame = pl.DataFrame({"digits": digits, "factor": factor}).with_row_index("at")
    fractions = {text: Fraction(text) for text in factor.unique().drop_nulls().to_list()}
    numerators = pl.Series([each.numerator for each in fractions.values()], dtype=_WIDE)
    divisors = pl.Series(
        [each.denominator * 10 ** (_DECIMALS - places) for each in fractions.values()], dtype=_WIDE
    )
    table = pl.DataFrame(
        {"factor": pl.Series(list(fractions), dtype=pl.String), "times": numerators, "over": divisors}
    )
    wide = pl.col("digits").cast(pl.Decimal(38, _DECIMALS), strict=False).to_physical().cast(_WIDE)
    frame = frame.join(table, on="factor", how="left", maintain_order="left").with_columns(wide=wide)
    slow = frame.select(
        (
            pl.col("digits").str.contains(_FINER) | (pl.col("times").abs() >= _LARGEST_NUMERATOR)
        ).fill_null(value=False)
    ).to_series()  # fmt: skip
    limit = pl.lit(_LARGEST * 10**_DECIMALS, dtype=_WIDE)
    missing = pl.col("wide").is_null() & pl.col("digits").is_not_null()
    frame = frame.with_columns(large=missing | (pl.col("wide").abs() >= limit).fill_null(value=False))
    product = pl.when(~pl.col("large")).then(pl.col("wide").abs() * pl.col("times"))
    frame = frame.with_columns(product=product).with_columns(
        whole=pl.col("product") // pl.col("over"), rest=pl.col("product") % pl.col("over")
    )
    twice = pl.col("rest") * pl.lit(2, dtype=_WIDE)
    up = (twice > pl.col("over")) | ((twice == pl.col("over")) & (pl.col("whole") % pl.lit(2, dtype=_WIDE) == 1))
    sign = (
        pl.when(pl.col("digits").str.starts_with("-"))
        .then(pl.lit(-1, dtype=_WIDE))
        .otherwise(pl.lit(1, dtype=_WIDE))
    )
    frame = frame.with_columns(
        steps=(pl.col("whole") + up.cast(_WIDE)) * sign,
        rounded=(pl.col("rest") != 0).fill_null(value=False),
    )
    steps, rounded, large = frame["steps"], frame["rounded"], frame["large"]
    if slow.any():
        steps, rounded, large = _one_by_one(frame, slow, fractions, places)
    return steps, rounded, large


def _one_by_one(
    frame: pl.DataFrame, slow: pl.Series, fractions: dict[str, Fraction], places: int
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """The few numbers with more decimals than fit, with Python's fractions."""
    subset = frame.filter(slow)
    found = [_exact(row["digits"], fractions.get(row["factor"]), places) for row in subset.iter_rows(named=True)]
    corrected = subset.select("at").with_columns(
        pl.Series("steps", [steps for steps, _, _ in found], dtype=_WIDE),
        pl.Series("rounded", [rounded for _, rounded, _ in found], dtype=pl.Boolean),
        pl.Series("large", [large for _, _, large in found], dtype=pl.Boolean),
    )
    rest = frame.filter(~slow).select("at", "steps", "rounded", "large")
    whole = pl.concat([rest, corrected]).sort("at")
    return whole["steps"], whole["rounded"], whole["large"]


def _exact(digits: str, factor: Fraction | None, places: int) -> tuple[int | None, bool, bool]:
    if factor is None:
        return None, False, False
    try:
        value = Fraction(Decimal(digits))
    except InvalidOperation:
        return None, False, True
    if abs(value) >= _LARGEST:
        return None, False, True
    exact = value * factor * 10**places
    steps = round(exact)  # half to even
    return steps, steps != exact, False


def to_int64(steps: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Steps as Int64, and where they do not fit."""
    large = (steps.abs() > pl.Series([2**63 - 1], dtype=_WIDE)).fill_null(value=False)
    return blank_out(steps, large).cast(pl.Int64), large


def to_decimal(steps: pl.Series, places: int) -> pl.Series:
    """Steps of 10**-places as Decimal(38, places), exactly."""
    unit = pl.lit(Decimal(1).scaleb(-places), dtype=pl.Decimal(38, places))
    value = pl.col("steps").cast(pl.Decimal(38, 0)).cast(pl.Decimal(38, places)) * unit
    return pl.DataFrame({"steps": steps}).select(value.cast(pl.Decimal(38, places))).to_series()
