"""What was bought, as commodities and sourcing positions (clauses 2.1 to 2.3)."""

from datetime import date

import polars as pl

from landproof.criteria.registry import step
from landproof.criteria.steps.goods import kinds_outside, split_products
from landproof.criteria.steps.places import calendar, first_day_of_list, place_parts, position_id
from landproof.criteria.steps.spend import with_spend
from landproof.domain.derived import UNKNOWN_COMMODITY
from landproof.domain.outcome import total
from landproof.domain.tables import PART_GRAMS, SHARE, SPEND
from landproof.domain.vocabulary import SIX_COMMODITIES, WOOD_COMMODITIES

_WHOLE = pl.lit(1, dtype=SHARE)


@step("goods")
def goods(
    products: pl.DataFrame,
    recipes: pl.DataFrame,
    purchases: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    allocation_key: str,
    not_land_grown: str,
    packaging_in_scope: str,
) -> pl.DataFrame:
    """Each product as commodities; without a recipe, all of it is the unknown commodity."""
    return split_products(
        products,
        recipes,
        purchases,
        documents,
        allocation_key=allocation_key,
        outside=kinds_outside(not_land_grown, packaging_in_scope),
    )


@step("line_goods")
def line_goods(
    purchases: pl.DataFrame,
    goods: pl.DataFrame,
    rates: pl.DataFrame,
    application: pl.DataFrame,
    origin_lists: pl.DataFrame,
    *,
    eudr_list_from: date,
    eudr_list_published: date,
    first_day_of_eudr_list: str,
    all_plots_from: date,
) -> pl.DataFrame:
    """Purchase lines as commodities in scope, each with its sourcing position, mass and spend."""
    first_day = first_day_of_list(eudr_list_from, eudr_list_published, first_day_of_eudr_list)
    parts = place_parts(calendar(origin_lists, first_day, all_plots_from))
    lines = with_spend(purchases, rates, application).select(
        "line", "product", "lot", "quantity_g", "spend", **parts
    )
    return in_scope_lines(lines, goods).select(
        "line",
        "commodity",
        "lot",
        position=position_id(),
        mass_g=pl.col("quantity_g").cast(PART_GRAMS) * pl.col("mass_share").cast(PART_GRAMS),
        spend=pl.col("spend") * pl.col("share").cast(SPEND),
    )


@step("positions")
def positions(
    purchases: pl.DataFrame,
    line_goods: pl.DataFrame,
    goods: pl.DataFrame,
    feed_eaten: pl.DataFrame,
    materiality: pl.DataFrame,
    origin_lists: pl.DataFrame,
    *,
    eudr_list_from: date,
    eudr_list_published: date,
    first_day_of_eudr_list: str,
    all_plots_from: date,
) -> pl.DataFrame:
    """Sourcing positions: what is bought itself, and the feed inside animal products.

    Feed is not bought: its spend is zero, as it is part of the animal product's.
    """
    first_day = first_day_of_list(eudr_list_from, eudr_list_published, first_day_of_eudr_list)
    days = calendar(origin_lists, first_day, all_plots_from)
    lines = purchases.select("line", "product", "supplier", "country", "received_on")
    kinds = goods.select("product", "commodity", "livestock", "recycled")
    bought = _grouped(
        line_goods.join(lines, on="line", how="left").join(kinds, on=["product", "commodity"], how="left"),
        feed_for=pl.lit(None, dtype=pl.String),
    ).join(materiality.select("commodity", "assessed"), on="commodity", how="left")
    fed = _grouped(
        feed_eaten.with_columns(
            livestock=pl.lit(True),
            recycled=pl.lit(None, dtype=pl.Boolean),
            mass_g=pl.col("mass_g").cast(PART_GRAMS),
            spend=pl.lit(0, dtype=SPEND),
        ),
        feed_for=pl.col("product").first(),
        assessed=pl.col("assessed").any(),
    )
    # Lines of one position share their list and tier, so any of their days tells both.
    day = pl.col("first_received_on")
    return pl.concat([bought, fed], how="diagonal").with_columns(
        # A commodity that materiality could not sort is assessed.
        assessed=pl.col("assessed").fill_null(True),
        list=days.list_in_force(day),
        from_2030=days.from_2030(day),
        six=pl.col("commodity").is_in(SIX_COMMODITIES),
        wood=pl.col("commodity").is_in(WOOD_COMMODITIES),
    )


def in_scope_lines(lines: pl.DataFrame, goods: pl.DataFrame) -> pl.DataFrame:
    """Lines x commodities, without what is documented as out of scope.

    A line without a product is the unknown commodity as a whole.
    """
    parts = goods.select("product", "commodity", "in_scope", "share", "other_share", "mass_share", "recycled")
    nothing = pl.col("commodity").is_null()
    return (
        lines.join(parts, on="product", how="left")
        .filter(pl.col("in_scope").ne_missing(False))
        .with_columns(
            commodity=pl.col("commodity").fill_null(UNKNOWN_COMMODITY),
            share=pl.when(nothing).then(_WHOLE).otherwise(pl.col("share")),
            mass_share=pl.when(nothing).then(_WHOLE).otherwise(pl.col("mass_share")),
        )
    )


def animal_products(goods: pl.DataFrame, materiality: pl.DataFrame) -> pl.DataFrame:
    """``product, assessed`` of animal products in scope; an unknown recipe or spend is assessed (AMB-09)."""
    unknown = pl.col("commodity") == UNKNOWN_COMMODITY
    return (
        goods.filter(pl.col("livestock") & pl.col("in_scope").ne_missing(False))
        .join(materiality.select("commodity", "assessed"), on="commodity", how="left")
        .group_by("product")
        .agg((pl.col("assessed").fill_null(True) | unknown).any())
    )


def names_feed() -> pl.Expr:
    """Whether a feed record is of feed: one that says "no feed" and names a commodity anyway is."""
    return pl.col("no_agri_food_feed").ne_missing(True) | pl.col("commodity").is_not_null()


def _grouped(lines: pl.DataFrame, **more: pl.Expr) -> pl.DataFrame:
    return lines.group_by("position").agg(
        pl.col("supplier", "commodity", "country").first(),
        livestock=pl.col("livestock").any(),
        recycled=pl.col("recycled").fill_null(False).first(),
        lines=pl.col("line").n_unique(),
        first_received_on=pl.col("received_on").min(),
        last_received_on=pl.col("received_on").max(),
        mass_g=total("mass_g"),
        spend=total("spend"),
        **more,
    )
