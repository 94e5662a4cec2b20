"""The share rule of the main open peer (Whisp), in the form it publishes, on the layers at hand.

Each of four indicators is "yes" when any of its layers covers more than 10 % of the plot. Replayed from its
published rule for perennial and annual crops; other layers stand in for its own, so figures of its service differ.
"""

from dataclasses import dataclass

import polars as pl

LOW, MORE, HIGH = "low", "more info needed", "high"


@dataclass(frozen=True, slots=True)
class Indicators:
    """Square metres per plot: the ``whole``, and what the best covering layer of each indicator covers."""

    whole: pl.Series
    tree_cover: pl.Series
    disturbed_before: pl.Series
    disturbed_after: pl.Series
    commodity: pl.Series | None = None


def whisp_form(found: Indicators, *, annual: bool = False) -> pl.Series:
    """The verdict on each plot; for annual crops an earlier disturbance is no excuse."""
    excused = ~_over(found.tree_cover, found.whole)
    if found.commodity is not None:
        excused |= _over(found.commodity, found.whole)
    if not annual:
        excused |= _over(found.disturbed_before, found.whole)
    after = _over(found.disturbed_after, found.whole)
    return (
        pl.DataFrame({"excused": excused, "after": after})
        .select(
            pl.when("excused").then(pl.lit(LOW)).when(~pl.col("after")).then(pl.lit(MORE)).otherwise(pl.lit(HIGH))
        )
        .to_series()
    )


def _over(part: pl.Series, whole: pl.Series) -> pl.Series:
    """More than a tenth."""
    return part * 10 > whole
