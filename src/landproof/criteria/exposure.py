"""Which positions carry the heavier duties of clauses 3.4, 3.5 and 3.7, and whose mass reaches no plot.

Always the careful side: an unknown level is high, an unknown class of commodity is one of the six, and
mass without a trace has not been traced.
"""

import polars as pl

from landproof.criteria.traced import assessed_positions
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome, total

MASS_UNTRACED = text("Position %(subject)s holds mass that no plot is known for.")
UNKNOWN = "?"  # stands in a subject for what is not on file


def is_high() -> pl.Expr:
    """High-risk origin, or not known to be low."""
    return pl.col("level").ne_missing("low")


def is_six() -> pl.Expr:
    """One of the six commodities, or not known to be another."""
    return pl.col("six").ne_missing(False)


def in_scope(positions: pl.DataFrame, depth: pl.DataFrame) -> pl.DataFrame:
    """Assessed positions with their ``level`` and the depth ``required``; unknown is high and plot."""
    return assessed_positions(positions, depth, low_risk_feed="to the plot")


def unreached(positions: pl.DataFrame, traces: pl.DataFrame) -> pl.DataFrame:
    """A finding for each of ``positions`` whose mass is not known to reach plots in full.

    Land that is not known can be shown neither clean nor watched.
    """
    traced = traces.group_by("position").agg(reached_g=total("plot_g"))
    reached = pl.col("reached_g") >= pl.col("mass_g")
    return (
        positions.join(traced, on="position", how="left", maintain_order="left")
        .filter(~reached.fill_null(False))
        .select(subject="position", outcome=pl.lit(Outcome.INSUFFICIENT.value), reason=pl.lit("mass-untraced"))
    )


def findings(*parts: pl.DataFrame) -> pl.DataFrame:
    """The parts of one rule's result under each other; what a part does not say is null."""
    joined = pl.concat(parts, how="diagonal")
    return joined.with_columns(pl.col("evidence").fill_null([])) if "evidence" in joined.columns else joined


def single(subject: str, outcome: Outcome, reason: str) -> pl.DataFrame:
    """A result of one row."""
    return pl.DataFrame({"subject": [subject], "outcome": [outcome.value], "reason": [reason]})
