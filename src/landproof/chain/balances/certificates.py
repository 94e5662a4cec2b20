"""What is claimed under certificates: no more than they certify, and each document for one lot."""

import polars as pl

from landproof.chain.balances.books import Books
from landproof.chain.balances.found import CONTRADICTION, SIGN, Finding, Looked, Result


def check_volumes(books: Books) -> Result:
    """All lots claimed under a certificate, above its volume.

    Lots along one chain may be claimed at each step, so each step is added up apart. A lot counts once in a step;
    one without a mass adds nothing, so what is found stays true when it is weighed.
    """
    certified = (
        books.table("certificates").filter(pl.col("volume_g") > 0).group_by("certificate")
        .agg(pl.col("volume_g").max())
    )  # fmt: skip
    claims = books.table("claims").filter(pl.col("certificate").is_not_null())
    lots = (
        claims.group_by("certificate", "step", "lot").agg(pl.col("claim").sort(), pl.col("traded_on").min())
        .join(books.weights, on="lot", how="left")
        .sort("certificate", "step", "traded_on", "lot", nulls_last=True)
    )  # fmt: skip
    sums = (
        lots.group_by("certificate", "step", maintain_order=True)
        .agg(pl.col("mass_g").sum(), pl.col("lot"), pl.col("claim"), pl.col("traded_on").max())
        .join(certified, on="certificate", how="left")
    )
    over = sums.filter(pl.col("mass_g") > pl.col("volume_g")).sort("certificate", "step")
    found = [
        Finding(
            check="certificate over volume", weight=CONTRADICTION, kind="certificate", subject=row["certificate"],
            apart=["" if row["step"] is None else str(row["step"])], lots=row["lot"],
            facts=[f"claim:{claim}" for of_lot in row["claim"] for claim in of_lot], on=row["traded_on"],
            measured_g=row["mass_g"], limit_g=row["volume_g"],
            values={"step": "-" if row["step"] is None else str(row["step"])},
        )
        for row in over.iter_rows(named=True)
    ]  # fmt: skip
    lacking = sums["volume_g"].null_count()
    return found, [Looked("certificate over volume", sums.height - lacking, lacking)]


def check_documents(books: Books) -> Result:
    """One document behind claims on several lots under one certificate at the same step."""
    claims = books.table("claims")
    cited = claims.filter(pl.col("document").is_not_null() & pl.col("certificate").is_not_null())
    used = cited.group_by("certificate", "document", "step").agg(
        pl.col("lot").unique().sort(), pl.col("claim").unique().sort(), on=pl.col("traded_on").max()
    )
    again = used.filter(pl.col("lot").list.len() > 1).sort("certificate", "document", "step")
    found = [
        Finding(
            check="claim document used again", weight=SIGN, kind="certificate", subject=row["certificate"],
            apart=[row["document"], "" if row["step"] is None else str(row["step"])], lots=row["lot"],
            facts=[f"claim:{claim}" for claim in row["claim"]], on=row["on"], basis=[row["document"]],
        )
        for row in again.iter_rows(named=True)
    ]  # fmt: skip
    return found, [Looked("claim document used again", used.height, claims.height - cited.height)]
