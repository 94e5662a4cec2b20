"""What is asked of the coordinates of a plot (clause 3.3; Definitions, geolocation)."""

from decimal import Decimal

import polars as pl

# Asked before anything else. A plot whose lots an EUDR statement settles needs no coordinates here.
UNLOCATED = (
    (pl.col("eudr_accepted").eq_missing(True), "eudr-statement"),
    (pl.col("known").ne_missing(True), "plot-unknown"),
    (pl.col("shape").is_null(), "no-coordinates"),
)


def located_plots(units: pl.DataFrame) -> pl.DataFrame:
    """One row per plot of ``units``; settled by EUDR statements only when it is for every commodity."""
    return units.group_by("plot").agg(
        pl.col("known", "use", "shape", "area_ha", "decimals", "decimals_known").first(),
        pl.col("eudr_accepted").eq_missing(True).all(),
    )


def is_cattle() -> pl.Expr:
    """Where cattle were kept or slaughtered; a use that nobody states is judged as a field (AMB-32)."""
    return pl.col("use").is_in(["cattle", "slaughterhouse"]).fill_null(False)


def point_will_do(largest_point_ha: Decimal, shape_at_limit: str) -> pl.Expr:
    """Whether the area allows a point; null where it is unknown. Exactly at the limit: AMB-31."""
    area = pl.col("area_ha")
    return area <= largest_point_ha if shape_at_limit == "point" else area < largest_point_ha
