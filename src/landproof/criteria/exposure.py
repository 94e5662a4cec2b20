"""Which positions carry the heavier duties of clauses 3.4 and 3.5, and whose mass reaches no plot.

Always the careful side: an unknown level is high, an unknown class of commodity is one of the six, and
mass without a trace has not been traced.
"""

import polars as pl

from landproof.domain.messages import text
from landproof.domain.outcome import Outcome, every, total

MASS_UNTRACED = text("Position %(subject)s holds mass that no plot is known for.")


def is_high() -> pl.Expr:
    """High-risk origin, or not known to be low."""
    return pl.col("level").ne_missing(pl.lit("low"))


def is_six() -> pl.Expr:
    """One of the six commodities, or not known to be another."""
    return pl.col("six").ne_missing(pl.lit(value=False))


def in_scope(positions: pl.DataFrame, depth: pl.DataFrame) -> pl.DataFrame:
    """Assessed positions with their ``level`` and the depth ``required``; unknown is high and plot."""
    return (
        positions.filter(pl.col("assessed").ne_missing(pl.lit(value=False)))
        .join(depth.select("position", "level", "required"), on="position", how="left", maintain_order="left")
        .with_columns(pl.col("level").fill_null("high"), pl.col("required").fill_null("plot"))
    )


def first_tier(positions: pl.DataFrame) -> pl.DataFrame:
    """Positions of suppliers from whom the entity buys, and feed that its supplier keeps unnamed.

    Feed that comes from somebody else's supplier is not first tier.
    """
    sellers = positions.filter(pl.col("feed_for").is_null())["supplier"].drop_nulls().unique().sort()
    return positions.filter(
        pl.col("feed_for").is_null() | pl.col("supplier").is_null() | pl.col("supplier").is_in(sellers.to_list())
    )


def unreached(
    positions: pl.DataFrame, traces: pl.DataFrame, feed: pl.DataFrame, lot_status: pl.DataFrame
) -> pl.DataFrame:
    """The rows of ``positions`` whose mass is not known to reach plots in full.

    A bought position reaches them when its traces carry all of its mass there; a feed position when every
    feed record behind it names a lot that does.
    """
    traced = traces.group_by("position").agg(reached_g=total("plot_g"))
    keys = ["product", "supplier", "commodity", "country"]
    lots = lot_status.select("lot", at_plot=pl.col("depth") == "plot")
    fed = feed.join(lots, on="lot", how="left").group_by(keys).agg(fed=every(pl.col("at_plot")))
    reached = (pl.col("reached_g") >= pl.col("mass_g")) | (pl.col("feed_for").is_not_null() & pl.col("fed"))
    return (
        positions.join(traced, on="position", how="left", maintain_order="left")
        .join(
            fed,
            left_on=["feed_for", *keys[1:]],
            right_on=keys,
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
        .filter(~reached.fill_null(value=False))
        .select(positions.columns)
    )


def untraced(positions: pl.DataFrame) -> pl.DataFrame:
    """A finding for each of ``positions``: unknown land can be shown neither clean nor watched."""
    return positions.select(
        subject="position", outcome=pl.lit(Outcome.INSUFFICIENT.value), reason=pl.lit("mass-untraced")
    )


def findings(*parts: pl.DataFrame) -> pl.DataFrame:
    """The parts of one rule's result under each other; what a part does not say is null."""
    joined = pl.concat(parts, how="diagonal")
    return joined.with_columns(pl.col("evidence").fill_null([])) if "evidence" in joined.columns else joined


def single(subject: str, outcome: Outcome, reason: str) -> pl.DataFrame:
    """A result of one row."""
    return pl.DataFrame({"subject": [subject], "outcome": [outcome.value], "reason": [reason]})
