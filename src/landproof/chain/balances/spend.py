"""What was paid for, against the mass that is traced."""

import polars as pl

from landproof.chain.balances.books import Books
from landproof.chain.balances.found import SIGN, Finding, Looked, Result

_OUTSIDE = ("not land-grown", "non-food", "bioenergy")  # kinds of product that no land of the chain grows


def check_spend(books: Books) -> Result:
    """Products with spend on lines without a lot that has a mass; products of whose lots no gram is traced."""
    outside = books.table("products").filter(pl.col("kind").is_in(_OUTSIDE)).select("product")
    paid = (
        books.lines.filter((pl.col("net_spend") > 0) & pl.col("product").is_not_null())
        .join(outside, on="product", how="anti")
        .join(books.weights.rename({"mass_g": "weight"}), on="lot", how="left")
        .join(_traced(books), on="lot", how="left")
        .sort("product", "fact")
    )
    products = paid.group_by("product", maintain_order=True).agg(
        none=pl.col("fact").filter(pl.col("weight").is_null()),
        none_lots=pl.col("lot").filter(pl.col("weight").is_null()).drop_nulls(),
        grams=pl.col("mass_g").filter(pl.col("weight").is_null()).sum(),
        facts=pl.col("fact"), lots=pl.col("lot").drop_nulls(), bought=pl.col("mass_g").sum(),
        traced=pl.col("traced").fill_null(0).max(),
    )  # fmt: skip
    found = [
        Finding(
            check="spend without mass", weight=SIGN, kind="product", subject=row["product"], lots=row["none_lots"],
            facts=row["none"], measured_g=row["grams"], limit_g=0, values={"lines": str(len(row["none"]))},
        )
        for row in products.filter(pl.col("none").list.len() > 0).iter_rows(named=True)
    ]  # fmt: skip
    looked = [Looked("spend without mass", products.height, 0)]
    if books.table("lot_status").is_empty() and books.table("lots").height:
        return found, [*looked, Looked("spend not traced", 0, products.height)]
    found += [
        Finding(
            check="spend not traced", weight=SIGN, kind="product", subject=row["product"], lots=row["lots"],
            facts=row["facts"], measured_g=0, limit_g=row["bought"], values={"lines": str(len(row["facts"]))},
        )
        for row in products.filter(pl.col("traced") == 0).iter_rows(named=True)
    ]  # fmt: skip
    return found, [*looked, Looked("spend not traced", products.height, 0)]


def _traced(books: Books) -> pl.DataFrame:
    """``lot, traced``: grams that come from plots or at least from a known country."""
    return books.table("lot_status").select(
        "lot", traced=pl.max_horizontal(pl.col("plot_g").fill_null(0), pl.col("country_g").fill_null(0))
    )
