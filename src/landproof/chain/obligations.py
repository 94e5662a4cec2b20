"""Feed as an obligation: what the animals behind a purchase line ate, beside the line's own mass.

Whole grams that add up to what all lines of a feed record owe (largest remainder, ties to the line that is first).
What the animal ate is divided over its co-products only where that is shown; else each carries the whole.
"""

import polars as pl

from landproof.domain.tables import GRAMS

_ONE = 10**6  # a whole, in the millionths in which shares and numbers are held
_MOST_PER_KG = 1000 * _ONE  # more kilograms of feed for one of product is no ratio
_MOST_LINE = 10**16  # grams; with the ratio above, all sums fit into 128 bits
_DIVIDING = ("mass", "value")


def rated(feed: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Feed records with what a gram of product owes: ``top / bottom`` grams of feed, ``divided`` or not.

    Kilograms stated ``per`` product (or per nobody knows what) count as they stand. Stated per animal, they are
    divided by the kilograms of product that a kilogram of animal gives; ``top`` is null where that is unknown, or
    where there is no ratio above zero. ``divided``: whether the share of the co-product counts; null where the
    ratio is not of animals.
    """
    ratio, given = pl.col("kg_per_kg").to_physical(), pl.col("product_share").to_physical()
    animal = pl.col("per").eq_missing("animal")
    usable = ratio.is_between(1, _MOST_PER_KG) & (~animal | given.is_between(1, _ONE).fill_null(False))
    rows = feed.with_row_index("record")
    split = pl.when(animal).then(pl.col("record").is_in(_divided(rows, documents).implode()))
    share = pl.when("divided").then(pl.col("co_product_share").to_physical()).otherwise(_ONE)
    return rows.with_columns(divided=split).with_columns(
        top=pl.when(usable).then(ratio.cast(pl.Int128) * share.cast(pl.Int128)),
        bottom=(_ONE * pl.when(animal).then(given).otherwise(_ONE)).cast(pl.Int128),
    )


def obligations(lines: pl.DataFrame, records: pl.DataFrame, *, up: bool = True) -> pl.DataFrame:
    """``records`` (from `rated`) x the ``lines`` (``line, product, supplier, quantity_g``) whose animals ate them.

    A supplier's record covers its lines only. ``mass_g`` is null where the quantity or the ratio is unknown. What
    was given back takes its feed back. The sum over the lines of a record is rounded ``up`` to a gram, so that no
    rounding hides an obligation, or down, where more would accuse somebody.
    """
    amount = pl.col("quantity_g").cast(pl.Int128) * pl.col("top")
    sane = pl.col("quantity_g").is_between(-_MOST_LINE, _MOST_LINE)
    eaten = (
        records.rename({"supplier": "feed_supplier"})
        .join(lines, on="product", suffix="_line")
        .filter(pl.col("feed_supplier").is_null() | pl.col("feed_supplier").eq_missing(pl.col("supplier")))
        .with_columns(amount=pl.when(sane).then(amount))
        .with_columns(least=pl.col("amount") // pl.col("bottom"), rest=pl.col("amount") % pl.col("bottom"))
        .sort("record", "rest", "line", "quantity_g", descending=[False, True, False, False], nulls_last=True)
    )
    total = pl.col("amount").sum().over("record")
    all_grams = (total + (pl.col("bottom") - 1 if up else 0)) // pl.col("bottom")
    odd = all_grams - pl.col("least").sum().over("record")
    place = pl.int_range(pl.len(), dtype=pl.Int128).over("record")
    mass = pl.col("least") + (place < odd).cast(pl.Int128)
    return eaten.with_columns(mass_g=mass.cast(GRAMS, strict=False)).drop("amount", "least", "rest")


def _divided(rows: pl.DataFrame, documents: pl.DataFrame) -> pl.Series:
    """The ``record`` numbers of co-products that carry their share only.

    The shares of all co-products of a herd, by one key and of the same feed, must be on file, documented and not
    estimated, and add up to the whole: what one of them does not carry, another does. By mass none carries less
    than its own mass of the animal.
    """
    in_case = pl.col("document").is_in(documents["reference"].implode()) & pl.col("page").is_not_null()
    share = pl.col("co_product_share").to_physical()
    shown = rows.filter(
        pl.col("per").eq_missing("animal"),
        pl.col("key").is_in(_DIVIDING),
        share.is_between(1, _ONE),
        (pl.col("key") != "mass") | (pl.col("co_product_share") >= pl.col("product_share")),
        pl.col("estimate").ne_missing(True),
        in_case,
        pl.col("herd").is_not_null() & pl.col("product").is_not_null(),
    )
    same = ["herd", "key", "commodity", "country", "lot", "kg_per_kg"]
    least = shown.group_by(*same, "product").agg(share.min())
    whole = least.group_by(same).agg(share.sum()).filter(share >= _ONE)
    return shown.join(whole, on=same, how="semi", nulls_equal=True)["record"]
