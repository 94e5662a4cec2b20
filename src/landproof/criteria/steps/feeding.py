"""Feed inside animal products: what was eaten for each purchase line, and how far it is traced (clause 3.3)."""

from datetime import date

import polars as pl

from landproof.chain.obligations import obligations, rated
from landproof.criteria.registry import step
from landproof.criteria.steps.places import calendar, escaped, first_day_of_list, place_parts, position_id
from landproof.criteria.steps.scope import animal_products, names_feed
from landproof.criteria.steps.traces import FEED_LINE
from landproof.domain.derived import UNKNOWN_COMMODITY

_KEY = ["line", "commodity", "position", "lot"]


@step("feed_eaten")
def feed_eaten(
    purchases: pl.DataFrame,
    goods: pl.DataFrame,
    feed: pl.DataFrame,
    materiality: pl.DataFrame,
    documents: pl.DataFrame,
    origin_lists: pl.DataFrame,
    *,
    eudr_list_from: date,
    eudr_list_published: date,
    first_day_of_eudr_list: str,
    all_plots_from: date,
) -> pl.DataFrame:
    """Feed records x the purchase lines of their animal product in scope, with what was eaten for the line.

    Feed follows its product: it is assessed when one of the product's animal commodities is (AMB-09). An estimate
    shows no country of production, so its origin is unknown.
    """
    first_day = first_day_of_list(eudr_list_from, eudr_list_published, first_day_of_eudr_list)
    lines = purchases.select("line", "product", "supplier", "received_on", "quantity_g")
    bred = lines.join(animal_products(goods, materiality), on="product")
    eaten = obligations(bred, rated(feed, documents).filter(names_feed())).with_columns(
        commodity=pl.col("commodity").fill_null(UNKNOWN_COMMODITY),
        country=pl.when(pl.col("estimate").ne_missing(True)).then("country"),
        recycled=pl.lit(False),
    )
    days = place_parts(calendar(origin_lists, first_day, all_plots_from))
    return eaten.with_columns(**days).with_columns(
        position=pl.concat_str(pl.lit("feed:") + escaped("product"), position_id(), separator="|"),
        key=pl.when("divided").then("key"),
        share=pl.when("divided").then("co_product_share"),
    )


@step("feed_obligations")
def feed_obligations(feed_eaten: pl.DataFrame, traces: pl.DataFrame) -> pl.DataFrame:
    """What was eaten for each line, as far as the feed record is traced in its position.

    Parts are rounded down, so that a rounding never counts as traced; all of it together stays the mass.
    """
    found = traces.select(
        *_KEY, "bought_g", "depth", "custody", "custody_unknown",
        plot_u=pl.col("plot_g"), reached_u=pl.col("plot_g") + pl.col("country_g"),
    )  # fmt: skip
    return (
        feed_eaten.rename({"line": "bought_line"})
        .with_columns(line=pl.lit(FEED_LINE) + pl.col("feed"))
        .join(found, on=_KEY, how="left", nulls_equal=True)
        .with_columns(plot_g=_part("plot_u"), reached_g=_part("reached_u"))
        .with_columns(
            line="bought_line",
            country_g=pl.col("reached_g") - pl.col("plot_g"),
            untraced_g=pl.col("mass_g") - pl.col("reached_g"),
        )
    )


def _part(traced: str) -> pl.Expr:
    """``mass_g`` times the ``traced`` share of what was eaten, in whole grams; 0 of nothing."""
    whole = pl.col("bought_g").to_physical()
    mass = pl.col("mass_g").cast(pl.Int128)
    part = mass * pl.col(traced).to_physical() // whole
    return (
        pl.when(pl.col("mass_g").is_not_null())
        .then(pl.when(whole > 0).then(part).otherwise(0).fill_null(0))
        .cast(pl.Int64)
    )
