"""How deep each sourcing position must be traced (clause 3.3)."""

import polars as pl

from landproof.criteria.ladder import first_reason
from landproof.criteria.registry import step


@step("depth")
def depth(positions: pl.DataFrame, origin_risk: pl.DataFrame) -> pl.DataFrame:
    """Plot for high risk, for the six commodities, from 2030 on, and for what is unknown; else country.

    A country that is high only because nobody has classified it is "unknown", not "high-risk".
    """
    origin = ["commodity", "country", "list"]
    classed_high = (pl.col("conversion_level") == "high") | (
        (pl.col("deforestation_level") == "high") & (pl.col("basis") != "none")
    )
    because = first_reason(
        (classed_high, "high-risk"),
        (pl.col("six"), "six"),
        (pl.col("from_2030"), "from-2030"),
        ((pl.col("origin_level") == "low") & ~pl.col("six") & ~pl.col("from_2030"), "low-risk"),
        otherwise="unknown",
    )
    risk = origin_risk.select(*origin, "basis", "deforestation_level", "conversion_level", origin_level="level")
    return (
        positions.join(risk, on=origin, how="left")
        .with_columns(because=because)
        .select(
            "position",
            level=pl.col("origin_level").fill_null("high"),
            required=pl.when(pl.col("because") == "low-risk").then(pl.lit("country")).otherwise(pl.lit("plot")),
            because="because",
        )
    )
