"""Lots of which more was taken than they weigh."""

import polars as pl

from landproof.chain.balances.books import Books, in_order
from landproof.chain.balances.found import CONTRADICTION, SIGN, Finding, Looked, Result


def check_overuse(books: Books) -> Result:
    """All that was taken out of a lot, above what it weighs.

    What counts as a use: an input of a step, a receipt of a vessel, a loss, a delivery into another lot, what was
    fed, and a purchase line, which is the final use of the lot that it names: what the company bought of it. What
    the company itself then delivers or works up of that lot is the same mass once more, so of the two only the
    larger counts. Where nobody says who took something, it may have been the company: above the weight only with
    it, the lot is a sign and no contradiction. A use without a mass adds nothing, so what is found stays true when
    it is weighed. Handing a lot on to another owner takes nothing out of it.
    """
    bought = pl.col("kind") == "line"
    own = ~bought & pl.col("buyer").fill_null(False)
    unsaid = pl.col("buyer").is_null()
    others = ~bought & ~own & ~unsaid
    grams = pl.col("mass_g")
    sums = books.uses.group_by("lot").agg(
        lines=grams.filter(bought).sum(), own=grams.filter(own).sum(), unsaid=grams.filter(unsaid).sum(),
        others=grams.filter(others).sum(),
    )  # fmt: skip
    rows = sums.join(books.weights, on="lot", how="left").with_columns(
        sure=pl.col("others") + pl.max_horizontal("lines", pl.col("own") + pl.col("unsaid")),
        most=pl.col("others") + pl.col("unsaid") + pl.max_horizontal("lines", "own"),
    )
    over = rows.filter(pl.col("most") > pl.col("mass_g")).sort("lot")
    uses = (
        books.uses.join(over.select("lot"), on="lot", how="semi")
        .sort("lot", *in_order())
        .group_by("lot", maintain_order=True)
        .agg("fact")
    )
    facts = dict(uses.iter_rows())
    found = [
        Finding(
            check="lot over-used", weight=CONTRADICTION if row["sure"] > row["mass_g"] else SIGN, kind="lot",
            subject=row["lot"], lots=[row["lot"]], facts=facts[row["lot"]], limit_g=row["mass_g"],
            measured_g=row["sure"] if row["sure"] > row["mass_g"] else row["most"],
        )
        for row in over.iter_rows(named=True)
    ]  # fmt: skip
    lacking = rows["mass_g"].null_count()
    return found, [Looked("lot over-used", rows.height - lacking, lacking)]
