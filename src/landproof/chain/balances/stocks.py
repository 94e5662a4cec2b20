"""Stocks below zero on some day: goods, or credits, borrowed from the future."""

import polars as pl

from landproof.chain.balances.books import TAKING, Books
from landproof.chain.balances.found import CONTRADICTION, SIGN, Finding, Looked, Result

_FLOW = ("place", "commodity", "named", "lot", "fact", "day", "mass_g")


def check_sites(books: Books) -> Result:
    """The stock of a commodity at a facility: nothing to begin with, plus in and made, less used and out.

    Goods of a day come in before any go out. A stock is looked at only where all that went out of it came in by a
    row with a day and a mass, so that no opening stock is left out. What a lot weighs above what went into it
    counts as there from its first day.
    """
    came = pl.concat([_received(books), _handed(books)], how="vertical")
    sites = came.select("lot", "place").unique()
    only = sites.filter(pl.len().over("lot") == 1)
    legs = books.legs.filter(
        (pl.col("role") == "input")
        & pl.col("lot").is_not_null()
        & pl.col("facility").is_not_null()
        & pl.col("kind").is_in(TAKING)
    )
    used = legs.select("lot", "fact", "mass_g", day="last", place="facility")
    out = (
        books.uses.filter(pl.col("kind").is_in(["delivery", "line"]))
        .join(only, on="lot", how="inner")
        .select("lot", "fact", "mass_g", day="last", place="place")
    )
    went = pl.concat([used, out])
    return _below_zero(books, came, went, "stock below zero", "facility")


def check_vessels(books: Books) -> Result:
    """What left a vessel by some day, above all that went in by then. Emptying takes out more still.

    Unless the vessel was shown to be empty before its first receipt, what it held then may be missing: a sign.
    """
    rows = books.events.filter(pl.col("vessel").is_not_null()).select("event", place="vessel")
    legs = books.legs.join(rows, on="event", how="inner")
    came = legs.filter((pl.col("kind") == "into vessel") & (pl.col("role") == "input"))
    went = legs.filter((pl.col("kind") == "out of vessel") & (pl.col("role") == "output"))
    columns = ("lot", "fact", "mass_g", "day", "place")
    return _below_zero(
        books,
        came.with_columns(day=pl.col("first")).select(columns),
        went.with_columns(day=pl.col("last")).select(columns),
        "vessel below zero",
        "vessel",
        books.events.filter(
            (pl.col("kind") == "vessel emptied")
            & pl.col("document").is_not_null()
            & pl.col("vessel").is_not_null()
        )
        .group_by(place="vessel")
        .agg(emptied=pl.col("last").min()),
    )


def _received(books: Books) -> pl.DataFrame:
    """What came to a facility or was made there, by lot; with what the lot weighs above it."""
    rows = books.makings.filter(pl.col("facility").is_not_null()).select(
        "lot", "fact", "mass_g", day="first", place="facility"
    )
    weights = books.weights.rename({"mass_g": "weight"})
    more = (
        rows.group_by("lot", "place").agg(
            pl.col("fact").sort_by("day", "fact").first(), inside=pl.col("mass_g").sum(), day=pl.col("day").min(),
        )
        .join(weights, on="lot", how="inner")
        .filter(pl.col("weight") > pl.col("inside"))
        .select("lot", "fact", (pl.col("weight") - pl.col("inside")).alias("mass_g"), "day", "place")
    )  # fmt: skip
    return pl.concat([rows, more])


def _handed(books: Books) -> pl.DataFrame:
    """Lots that a transfer brought to a facility."""
    legs = books.legs.filter(
        (pl.col("kind") == "transfer") & pl.col("lot").is_not_null() & pl.col("facility").is_not_null()
    )
    once = legs.group_by("lot", "fact", "first", "facility").agg(pl.col("mass_g").max())
    return once.select("lot", "fact", "mass_g", day="first", place="facility")


def _below_zero(
    books: Books, came: pl.DataFrame, went: pl.DataFrame, check: str, kind: str, empty: pl.DataFrame | None = None
) -> Result:
    vessel = kind == "vessel"
    named = books.commodities
    if vessel:  # what is in a vessel is one stock, whatever it is
        came, went = (each.with_columns(commodity=pl.lit(""), named=pl.lit("")) for each in (came, went))
    else:
        came, went = (each.join(named, on="lot", how="left") for each in (came, went))
    key = ["place", "commodity"]
    blind = (
        came.filter(pl.col("mass_g").is_null() | pl.col("day").is_null() | pl.col("commodity").is_null())
        .select(key).unique()
    )  # fmt: skip
    # A lot that went out and never came in was there to begin with.
    opening = pl.DataFrame(schema=blind.schema)
    if not vessel:
        opening = went.join(came.select("lot", "place"), on=["lot", "place"], how="anti").select(key).unique()
    stocks = pl.concat([came.select(key), went.select(key)]).unique()
    seen = (
        stocks.filter(pl.col("commodity").is_not_null())
        .join(pl.concat([blind, opening]), on=key, how="anti")
        # A commodity that is not named may be any.
        .join(blind.filter(pl.col("commodity").is_null()).select("place"), on="place", how="anti")
    )
    flows = pl.concat([
        came.select(_FLOW).with_columns(came=pl.col("mass_g"), went=pl.lit(0, dtype=pl.Int64)),
        went.filter(pl.col("mass_g").is_not_null() & pl.col("day").is_not_null())
        .select(_FLOW).with_columns(came=pl.lit(0, dtype=pl.Int64), went=pl.col("mass_g")),
    ]).join(seen, on=key, how="semi")  # fmt: skip
    days = (
        flows.group_by(*key, "day").agg(pl.col("came").sum(), pl.col("went").sum())
        .sort(*key, "day")
        .with_columns(pl.col("came", "went").cum_sum().over(key))
        .filter(pl.col("went") > pl.col("came"))
        .unique(key, keep="first", maintain_order=True)
    )  # fmt: skip
    behind = (
        flows.join(days.select(*key, until="day"), on=key, how="inner")
        .filter(pl.col("day") <= pl.col("until"))
        .sort(*key, "day", pl.col("went") > 0, "fact", "lot")
        .group_by(key, maintain_order=True)
        .agg("fact", "lot", pl.col("named").min(), begins=pl.col("day").min())
    )
    if empty is None:
        behind = behind.with_columns(sure=pl.lit(True))
    else:
        behind = behind.join(empty, on="place", how="left").with_columns(
            sure=(pl.col("emptied") < pl.col("begins")).fill_null(False)
        )
    found = [
        Finding(
            check=check, weight=CONTRADICTION if row["sure"] else SIGN, kind=kind, subject=row["place"],
            apart=[row["commodity"]], commodity=row["named"] or None, lots=[lot for lot in row["lot"] if lot],
            facts=list(dict.fromkeys(row["fact"])), on=row["day"], measured_g=row["went"], limit_g=row["came"],
        )
        for row in days.join(behind, on=key, how="inner").sort(key).iter_rows(named=True)
    ]  # fmt: skip
    return found, [Looked(check, seen.height, stocks.height - seen.height)]
