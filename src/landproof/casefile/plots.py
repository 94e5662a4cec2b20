"""A plot that came in a list and in a map file is one plot.

Suppliers send a list (who grows what) and a map (where), both under the same plot. Each import adds its own
rows, which nothing changes later; here the two rows of a plot become one. Intake has seen to it that there is at
most one row of each kind, and that they do not contradict each other.
"""

import polars as pl

from landproof.domain.facts.land import PLOTS

_LOCATION = ("shape", "decimals", "decimals_known", "geometry")  # what only a map can say
_PROVENANCE = ("source", "source_row")


def one_row_per_plot(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` (contract `PLOTS`) with one row per plot: the location from its map, the rest from either.

    The row keeps the source of the map, which is where the plot is.
    """
    if rows.height == rows["plot"].n_unique():
        return rows
    on_a_map = rows.filter(pl.col("geometry").is_not_null())
    listed = rows.filter(pl.col("geometry").is_null())
    described = [name for name in PLOTS.schema if name not in ("plot", *_LOCATION, *_PROVENANCE)]
    mapped = on_a_map.join(listed, on="plot", how="left", suffix="_listed", maintain_order="left").with_columns(
        pl.coalesce(name, f"{name}_listed") for name in described
    )
    only_listed = listed.join(on_a_map, on="plot", how="anti", maintain_order="left")
    return pl.concat([mapped.select(rows.columns), only_listed])
