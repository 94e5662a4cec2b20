"""The holdings that animals passed, with their days: each is a place to check."""

import polars as pl

HOLDING = ("lot", "step", "establishment", "role", "arrived_on", "left_on", "unknown_days", "overlap_days", "told")


def holdings(movements: pl.DataFrame, lots: pl.Series) -> pl.DataFrame:
    """`HOLDING` of the animals in ``lots``, in the order of their steps.

    ``unknown_days``: whole days between the last leaving of the step before and this arrival, when nobody knows
    where the animals were. ``overlap_days``: days from this arrival to the first leaving of the step before. Null
    where a day is missing, or a step of that lot. ``told``: what is odd in words.
    """
    rows = movements.filter(pl.col("lot").is_in(lots.implode()))
    before = rows.group_by("lot", step=pl.col("step") + 1).agg(
        dated=pl.col("left_on").is_not_null().all(),
        latest=pl.col("left_on").max(),
        earliest=pl.col("left_on").min(),
    )
    arrived, left = pl.col("arrived_on"), pl.col("left_on")
    told = (
        (arrived.is_null() | left.is_null(), "day missing"),
        (left < arrived, "left before it arrived"),
        (pl.col("unknown_days") > 0, "place unknown before"),
        (pl.col("overlap_days") > 0, "days overlap"),
    )
    return (
        rows.join(before, on=["lot", "step"], how="left")
        .with_columns(
            unknown_days=pl.when("dated").then(_days(arrived - pl.col("latest")) - 1).clip(lower_bound=0),
            overlap_days=pl.when("dated").then(_days(pl.col("earliest") - arrived)).clip(lower_bound=0),
        )
        .with_columns(told=pl.concat_list(pl.when(odd).then(pl.lit(word)) for odd, word in told).list.drop_nulls())
        .sort("lot", "step", "arrived_on", "left_on", "establishment", "movement", nulls_last=True)
        .select(HOLDING)
    )


def _days(span: pl.Expr) -> pl.Expr:
    return span.dt.total_days()
