"""What was used, bought or claimed before it was made."""

from datetime import UTC, datetime
from typing import Any

import polars as pl

from landproof.chain.balances.books import Books, in_order, span
from landproof.chain.balances.found import CONTRADICTION, Finding, Looked, Result


def check_order(books: Books) -> Result:
    """A lot taken from before the earliest day of its making; both rows are named.

    Moments decide where both have one, days otherwise. Where a day of its making is missing, it may have been
    earlier, so nothing is found. A lot without a making on file counts from the day that it is said to be made on.
    """
    legs = books.legs.filter((pl.col("role") == "input") & pl.col("lot").is_not_null())
    columns = ("lot", "fact", "first", "last", "at")
    taken = books.uses.filter(pl.col("kind").is_in(["delivery", "line"]))
    # An event may take a lot from several plots; it is one use.
    uses = pl.concat([legs.select(columns).unique(), taken.select(columns)])
    return _too_early(books, uses, "used before made")


def check_claims(books: Books) -> Result:
    """A claim that is dated before its lot was made."""
    claims = books.table("claims").select(
        "lot", fact=pl.lit("claim:") + pl.col("claim"), first=pl.col("traded_on"), last=pl.col("traded_on"),
        at=pl.lit(None, dtype=pl.Datetime("us", "UTC")),
    )  # fmt: skip
    return _too_early(books, claims, "claim before made")


def _too_early(books: Books, uses: pl.DataFrame, check: str) -> Result:
    rows = uses.join(_earliest(books), on="lot", how="left")
    known = pl.col("dated").fill_null(False) & pl.col("last").is_not_null()
    looked = rows.filter(known)
    # Moments decide over days: a use is late if one making was certainly not after it.
    timed = pl.when(pl.col("at").is_not_null()).then(pl.col("at") < pl.col("made_at")).otherwise(
        pl.col("last") < pl.col("first_timed")
    )  # fmt: skip
    early = timed.fill_null(True) & (pl.col("last") < pl.col("first_untimed")).fill_null(True)
    found = [
        Finding(
            check=check, weight=CONTRADICTION, kind="lot", subject=row["lot"], apart=[row["fact"]],
            lots=[row["lot"]], facts=[row["fact"], row["making"]], on=row["first"], not_before=row["made_first"],
            values={"use": row["fact"], "making": row["making"]},
        )
        for row in looked.filter(early).sort("lot", *in_order()).iter_rows(named=True)
    ]  # fmt: skip
    return found, [Looked(check, looked.height, rows.height - looked.height)]


def _earliest(books: Books) -> pl.DataFrame:
    """By lot the earliest making, apart for those with a moment; whether all have a day."""
    timed = pl.col("at").is_not_null()
    makings = books.makings.sort("lot", *in_order()).group_by("lot", maintain_order=True).agg(
        dated=pl.col("first").is_not_null().all(),
        made_at=pl.col("at").min(),
        first_timed=pl.col("first").filter(timed).min(),
        first_untimed=pl.col("first").filter(~timed).min(),
        made_first=pl.col("first").min(),
        making=pl.col("fact").first(),
    )  # fmt: skip
    stated = (
        books.table("lots").join(makings, on="lot", how="anti").group_by("lot").agg(
            dated=pl.col("made_on").is_not_null().all(), first_untimed=pl.col("made_on").min()
        )
        .with_columns(made_first=pl.col("first_untimed"), making=pl.lit("lot:") + pl.col("lot"))
    )  # fmt: skip
    return pl.concat([makings, stated], how="diagonal")


def check_moments(books: Books) -> Result:
    """An event whose day was on no place of Earth the day of its moment."""
    rows = books.table("chain_events").filter(pl.col("on").is_not_null() & pl.col("at").is_not_null())
    soonest = (pl.col("at") - pl.duration(hours=12)).dt.date()
    latest = (pl.col("at") + pl.duration(hours=14)).dt.date()
    odd = rows.filter((pl.col("on") < soonest) | (pl.col("on") > latest)).unique("event", keep="any")
    in_force = set(books.events["event"])
    found = [
        Finding(
            check="day and moment differ", weight=CONTRADICTION, kind="event", subject=row["event"],
            facts=[f"event:{row['event']}"], on=row["on"], values={"moment": _utc(row["at"])},
        )
        for row in odd.sort("event").iter_rows(named=True) if row["event"] in in_force
    ]  # fmt: skip
    return found, [Looked("day and moment differ", rows.height, 0)]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def surely_before(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether a row was surely earlier than another."""
    return span(one).before(span(other))
