"""What steps made of what went in: never more than that, and within what the process can give."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from landproof.chain.balances.books import Books, commodity_key
from landproof.chain.balances.found import CONTRADICTION, SIGN, Finding, Looked, Result

STEPS = ("transformation", "aggregation")
_MILLIONTHS = 10**6  # shares have six decimals


def check_outputs(books: Books) -> Result:
    """Outputs and declared loss of a step above its inputs. An unweighed output only adds to them."""
    steps = books.events.filter(pl.col("kind").is_in(STEPS))
    legs = books.legs.filter(pl.col("kind").is_in(STEPS))
    given, made = pl.col("role") == "input", pl.col("role") == "output"
    sums = legs.group_by("event").agg(
        fed=pl.col("mass_g").filter(given).sum(),
        weighed=(given.any() & pl.col("mass_g").filter(given).is_not_null().all()),
        made=pl.col("mass_g").filter(made).sum(),
        lots=pl.col("lot").drop_nulls(),
        plots=pl.col("plot").drop_nulls(),
    )
    rows = steps.join(sums, on="event", how="left").with_columns(
        weighed=pl.col("weighed").fill_null(False),
        left=pl.col("made").fill_null(0) + pl.col("loss_g").fill_null(0).clip(lower_bound=0),
    )
    over = rows.filter(pl.col("weighed") & (pl.col("left") > pl.col("fed"))).sort("event")
    found = [
        Finding(
            check="outputs above inputs", weight=CONTRADICTION, kind="event", subject=row["event"],
            lots=row["lots"], plots=row["plots"], facts=[row["fact"]], on=row["first"],
            measured_g=row["left"], limit_g=row["fed"],
        )
        for row in over.iter_rows(named=True)
    ]  # fmt: skip
    weighed = int(rows["weighed"].sum())
    return found, [Looked("outputs above inputs", weighed, rows.height - weighed)]


def check_yields(books: Books, shipped: pl.DataFrame) -> Result:
    """Yield of an output outside the range of its process. A case's own factors come before the shipped ones.

    Only where all that went in is of one commodity and weighed; a yield that is too low also needs all outputs
    weighed and their commodities known, or the rest may be among them.
    """
    factors = _factors(books.table("conversion_factors"), shipped)
    steps = _converted(books)
    found: list[Finding] = []
    looked = lacking = 0
    for row in steps.iter_rows(named=True):
        factor = _factor(factors, row) if row["clear"] and row["out"] is not None else None
        if factor is None:
            lacking += 1
            continue
        looked += 1
        low, high, basis, own = factor
        most = None if high is None else row["fed"] * _units(high) // _MILLIONTHS
        least = None if low is None or not row["whole"] else -(-row["fed"] * _units(low) // _MILLIONTHS)
        above = most is not None and row["out"] > most
        if not above and (least is None or row["out"] >= least):
            continue
        found.append(
            Finding(
                check="yield out of range", weight=CONTRADICTION if own else SIGN, kind="event",
                subject=row["event"], apart=[row["to"]], commodity=row["named"], lots=row["lots"],
                facts=[row["fact"]], on=row["first"], measured_g=row["out"], limit_g=most if above else least,
                of_g=row["fed"], low_share=low, high_share=high, basis=basis,
                values={"from": row["from_named"], "process": row["process"] or ""},
            )
        )  # fmt: skip
    return found, [Looked("yield out of range", looked, lacking)]


_Factor = tuple[Decimal | None, Decimal | None, list[str], bool]


def _converted(books: Books) -> pl.DataFrame:
    """A row per transformation and commodity that it made."""
    legs = books.legs.filter(pl.col("kind") == "transformation").join(books.commodities, on="lot", how="left")
    given, made = pl.col("role") == "input", pl.col("role") == "output"
    steps = legs.group_by("event").agg(
        fed=pl.col("mass_g").filter(given).sum(),
        from_key=pl.col("commodity").filter(given).min(),
        from_named=pl.col("named").filter(given).min(),
        clear=given.any()
        & pl.col("mass_g").filter(given).is_not_null().all()
        & pl.col("commodity").filter(given).is_not_null().all()
        & (pl.col("commodity").filter(given).n_unique() == 1),
        whole=pl.col("mass_g").filter(made).is_not_null().all()
        & pl.col("commodity").filter(made).is_not_null().all(),
        lots=pl.col("lot").drop_nulls(),
    )
    outputs = (
        legs.filter(made & pl.col("commodity").is_not_null())
        .group_by("event", to="commodity")
        .agg(out=pl.col("mass_g").sum(), weighed=pl.col("mass_g").is_not_null().any(), named=pl.col("named").min())
        .with_columns(out=pl.when(pl.col("weighed")).then(pl.col("out")))
    )
    heads = books.events.filter(pl.col("kind") == "transformation").select(
        "event", "fact", "first", "last", "process"
    )
    return (
        heads.join(steps, on="event", how="left")
        .join(outputs, on="event", how="left")
        .with_columns(pl.col("clear").fill_null(False), pl.col("whole").fill_null(False))
        .sort("event", "to")
    )


def _factors(own: pl.DataFrame, shipped: pl.DataFrame) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """By commodities: the rows that may apply, each with its ``rank``."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for rank, table in ((2, own), (0, shipped)):
        named = table.with_columns(
            start=commodity_key(pl.col("from_commodity")), end=commodity_key(pl.col("to_commodity")),
            doing=commodity_key(pl.col("process")),
        )  # fmt: skip
        for row in named.iter_rows(named=True):
            row["rank"] = rank + (row["doing"] is not None)
            found.setdefault((row["start"], row["end"]), []).append(row)
    return found


def _factor(factors: Mapping[tuple[str, str], list[dict[str, Any]]], step: Mapping[str, Any]) -> _Factor | None:
    """The widest range among the rows that come first: own before shipped, of the process before of all."""
    doing = (step["process"] or "").strip().lower()
    rows = [
        row for row in factors.get((step["from_key"], step["to"]), ())
        if row["doing"] in (None, doing) and _valid(row, step)
    ]  # fmt: skip
    if not rows:
        return None
    best = max(row["rank"] for row in rows)
    first = [row for row in rows if row["rank"] == best]
    lows, highs = [row["low_share"] for row in first], [row["high_share"] for row in first]
    low = None if None in lows else min(lows)
    high = None if None in highs else max(highs)
    if low is None and high is None:
        return None
    documented = all(row["document"] for row in first)
    return low, high, [row["document"] or "-" for row in first], best >= 2 and documented


def _valid(row: Mapping[str, Any], step: Mapping[str, Any]) -> bool:
    """Whether a factor holds for the day of a step; one with an end does not where no day is known."""
    start, end = row["valid_from"], row["valid_to"]
    if start is None and end is None:
        return True
    if step["first"] is None or step["last"] is None:
        return False
    return (start is None or start <= step["first"]) and (end is None or step["last"] <= end)


def _units(share: Decimal) -> int:
    return int(share * _MILLIONTHS)
