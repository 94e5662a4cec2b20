"""The checks of a chain with all that they need: what is shipped, and the plots on the same land."""

from collections.abc import Mapping

import polars as pl

from landproof.chain.balances import Checked, check_chain
from landproof.reference.plausibility import shipped_factors, shipped_yields
from landproof.screening.overlaps import plot_overlaps


def check_tables(tables: Mapping[str, pl.DataFrame]) -> Checked:
    """The findings of all fact tables and ``lot_status``. Of plots, only those that deliver are compared."""
    selling = pl.concat([tables["deliveries"]["plot"], tables["event_lots"]["plot"]]).drop_nulls().unique()
    plots = tables["plots"].filter(pl.col("plot").is_in(selling.implode()))
    return check_chain(tables, factors=shipped_factors(), yields=shipped_yields(), overlaps=plot_overlaps(plots))
