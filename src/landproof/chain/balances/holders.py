"""Lots used by one who, as far as the documents say, did not hold them."""

from typing import Any

import polars as pl

from landproof.chain.balances.books import TAKING, Books, in_order
from landproof.chain.balances.found import CONTRADICTION, SIGN, Finding, Looked, Result
from landproof.chain.balances.order import surely_before

Row = dict[str, Any]


def check_holders(books: Books) -> Result:
    """The holder of a using event, or the sender of a delivery, against those who held the lot by then.

    Those who made or received the lot hold it, and whom ``lots`` names; each transfer adds its holder from the day
    on which it was accepted, and one of the whole lot takes it from all before; one that was never accepted moves
    nothing. Where one holder on the way is not named, nothing is found. A missing transfer explains most findings,
    so they are signs; that one uses what it handed on itself contradicts the transfer. The supplier of a purchase
    line may sell what others hold, so lines are left out.
    """
    sites = sorted(books.sites)
    party = pl.when(~pl.col("party").is_in(sites)).then(pl.col("party"))
    uses = books.uses.filter(pl.col("kind").is_in([*TAKING, "delivery"])).with_columns(party=party)
    makings = books.makings.with_columns(party=party)
    transfers = _transfers(books)
    named = books.table("lots").select("lot", pl.col("holder").alias("party")).drop_nulls()
    first = makings.group_by("lot").agg(
        makers=pl.col("party").unique().sort(), told=pl.col("party").is_not_null().all(),
        making=pl.col("fact").first(),
    )  # fmt: skip
    rows = uses.join(first, on="lot", how="left").join(
        named.group_by("lot").agg(named=pl.col("party").unique().sort()), on="lot", how="left"
    )
    lacking = rows.filter(pl.col("party").is_null() | ~pl.col("told").fill_null(False)).height
    looked = rows.filter(pl.col("party").is_not_null() & pl.col("told").fill_null(False))
    handed = sorted(transfers)
    odd = looked.filter(
        pl.col("lot").is_in(handed)
        | ~(
            pl.col("makers").list.contains(pl.col("party"))
            | pl.col("named").list.contains(pl.col("party")).fill_null(False)
        )
    )
    weights = dict(books.weights.join(odd.select("lot"), on="lot", how="semi").iter_rows())
    found: list[Finding] = []
    for use in odd.sort("lot", *in_order()).iter_rows(named=True):
        held = _held(use, transfers.get(use["lot"], []), weights.get(use["lot"]))
        if held is None:
            lacking += 1
            continue
        holders, before, making = held
        if use["party"] in holders:
            continue
        found.append(
            Finding(
                check="used by another", weight=CONTRADICTION if use["party"] in before else SIGN, kind="lot",
                subject=use["lot"], apart=[use["fact"]], lots=[use["lot"]], facts=[making, use["fact"]],
                on=use["first"],
                values={"user": use["party"], "holder": ", ".join(sorted(holders)), "use": use["fact"],
                        "making": making},
            )
        )  # fmt: skip
    return found, [Looked("used by another", rows.height - lacking, lacking)]


def _transfers(books: Books) -> dict[str, list[Row]]:
    """By lot its transfers that were accepted, and when; the mass is that of the lot as it is handed over."""
    legs = (
        books.legs.filter((pl.col("kind") == "transfer") & pl.col("lot").is_not_null())
        .filter(pl.col("accepted_on").is_not_null())
        # Nothing is accepted before it is handed over. Of the acceptance only the day is known.
        .with_columns(
            first=pl.max_horizontal("first", "accepted_on"), last=pl.max_horizontal("last", "accepted_on"),
            at=pl.lit(None, dtype=pl.Datetime("us", "UTC")),
        )
    )  # fmt: skip
    once = legs.group_by("lot", "fact", "first", "last", "at", "party").agg(pl.col("mass_g").max())
    found: dict[str, list[Row]] = {}
    for row in once.sort("lot", *in_order()).iter_rows(named=True):
        found.setdefault(row["lot"], []).append(row)
    return found


def _held(use: Row, transfers: list[Row], weight: int | None) -> tuple[set[str], set[str], str] | None:
    """Who may hold the lot at a use, who no longer does, and the row that says so; null where nobody can tell."""
    if any(each["party"] is None for each in transfers):
        return None
    if transfers and use["first"] is None:
        return None
    past = [each for each in transfers if not surely_before(use, each)]
    sure = [each for each in past if surely_before(each, use)]
    whole = [each for each in sure if weight is not None and each["mass_g"] and each["mass_g"] >= weight]
    holders = {each["party"] for each in past if not any(surely_before(each, full) for full in whole)}
    before: set[str] = set()
    earlier = {*use["makers"], *(use["named"] or ())}
    if whole:
        before = {*use["makers"], *(each["party"] for each in past)} - holders
    else:
        holders |= earlier
    return holders, before, whole[-1]["fact"] if whole else use["making"]
