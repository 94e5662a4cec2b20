"""Which positions are assessed, which carry the heavier duties of clause 3, and whose mass reaches no plot.

Always the careful side: an unknown level is high, an unknown class of commodity is one of the six, and
mass without a trace has not been traced.
"""

import polars as pl

from landproof.criteria.ladder import insufficient
from landproof.domain.messages import text
from landproof.domain.outcome import total

MASS_UNTRACED = text("Position %(subject)s holds mass that no plot is known for.")
UNKNOWN = "?"  # stands in a subject for what is not on file


def is_assessed() -> pl.Expr:
    """Assessed (clause 2.4), or not known to be left out."""
    return pl.col("assessed").ne_missing(False)


def is_high() -> pl.Expr:
    """High-risk origin, or not known to be low."""
    return pl.col("level").ne_missing("low")


def is_six() -> pl.Expr:
    """One of the six commodities, or not known to be another."""
    return pl.col("six").ne_missing(False)


def assessed_positions(
    positions: pl.DataFrame, depth: pl.DataFrame, *, low_risk_feed: str = "to the plot"
) -> pl.DataFrame:
    """Assessed positions with ``level`` and ``required``; unknown is assessed, high and the plot.

    Feed of the six commodities from low-risk origins follows the reading of AMB-30.
    """
    low_risk_six = (
        pl.col("feed_for").is_not_null()
        & pl.col("six").eq_missing(True)
        & pl.col("level").eq_missing("low")
        & pl.col("from_2030").eq_missing(False)
    )
    return (
        positions.filter(is_assessed())
        .join(depth.select("position", "level", "required"), on="position", how="left", maintain_order="left")
        .with_columns(pl.col("level").fill_null("high"), pl.col("required").fill_null("plot"))
        .with_columns(
            required=pl.when(low_risk_six & pl.lit(low_risk_feed == "to the country"))
            .then(pl.lit("country"))
            .otherwise("required")
        )
    )


def unreached(positions: pl.DataFrame, traces: pl.DataFrame) -> pl.DataFrame:
    """A finding for each of ``positions`` whose mass is not known to reach plots in full.

    Land that is not known can be shown neither clean nor watched.
    """
    traced = traces.group_by("position").agg(reached_g=total("plot_g"))
    reached = pl.col("reached_g") >= pl.col("mass_g")
    return (
        positions.join(traced, on="position", how="left", maintain_order="left")
        .filter(~reached.fill_null(False))
        .select(subject="position", **insufficient("mass-untraced"))
    )
