"""Whole square metres that add up."""

import polars as pl

_CM2 = 10_000


def whole_square_metres(weights: pl.DataFrame, by: str, whole: pl.DataFrame) -> pl.DataFrame:
    """``weights`` (plot, ``by``, cm2) with ``area_m2`` in place of ``cm2``; per plot they add up to ``whole``.

    ``whole`` has the ``cm2`` of each plot. Where the weights of a plot add up to a little less or more, as on a
    lattice of another projection, its largest class takes the difference. Then each class is rounded down, and
    the square metres left go to the largest remainders; of equal ones the earlier class comes first.
    """
    together = (
        weights.group_by("plot", by)
        .agg(pl.col("cm2").sum())
        .join(whole.select("plot", whole="cm2"), on="plot")
        .sort("plot", by)
    )
    largest = pl.col("cm2") == pl.col("cm2").max().over("plot")
    first_largest = largest & (largest.cast(pl.Int32).cum_sum().over("plot") == 1)
    difference = pl.col("whole") - pl.col("cm2").sum().over("plot")
    cm2 = pl.col("cm2") + pl.when(first_largest).then(difference).otherwise(0)
    left_over = (_rounded(pl.col("whole")) - pl.col("area_m2").sum().over("plot")).alias("left_over")
    rank = pl.col("remainder").rank("ordinal", descending=True).over("plot")
    return (
        together.with_columns(cm2=cm2)
        .with_columns(area_m2=pl.col("cm2") // _CM2, remainder=pl.col("cm2") % _CM2)
        .with_columns(left_over, rank=rank)
        .with_columns(area_m2=pl.col("area_m2") + (pl.col("rank") <= pl.col("left_over")).cast(pl.Int64))
        .select("plot", by, "area_m2")
    )


def whole_area(cm2: pl.Expr) -> pl.Expr:
    """Square metres of a plot; half a square metre counts as one."""
    return _rounded(cm2)


def _rounded(cm2: pl.Expr) -> pl.Expr:
    return (cm2 + _CM2 // 2) // _CM2
