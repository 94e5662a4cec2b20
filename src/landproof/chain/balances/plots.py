"""What plots delivered in a crop year, against what their land can plausibly give."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import polars as pl

from landproof.chain.balances.books import Books, commodity_key, in_order
from landproof.chain.balances.found import CONTRADICTION, SIGN, Finding, Looked, Result

_STEPS = ("transformation", "aggregation")
_MILLIONTHS = 10**6  # hectares and yields have six decimals
_M2 = 10_000
Row = dict[str, Any]


class Yield(NamedTuple):
    """Kilograms per hectare and crop year at most, the month in which that year starts, and who says so."""

    kg_per_ha: Decimal
    month: int
    basis: tuple[str, ...]
    own: bool  # of the case, with a document


class Yields:
    """By commodity and country; a case's own rows come before the shipped ones, a country before all countries."""

    def __init__(self, own: pl.DataFrame, shipped: pl.DataFrame) -> None:
        self._rows: dict[tuple[bool, str, str | None], list[Row]] = {}
        for mine, table in ((True, own), (False, shipped)):
            named = table.with_columns(commodity=commodity_key(pl.col("commodity")))
            for row in named.filter(pl.col("kg_per_ha") > 0).iter_rows(named=True):
                self._rows.setdefault((mine, row["commodity"], row["country"]), []).append(row)

    def of(self, commodity: str | None, country: str | None) -> Yield | None:
        """The largest among the rows that come first. A crop year of no stated month is the calendar year."""
        if commodity is None:
            return None
        for key in ((True, country), (True, None), (False, country), (False, None)):
            rows = self._rows.get((key[0], commodity, key[1]))
            if rows:
                most = max(row["kg_per_ha"] for row in rows)
                first = [row for row in rows if row["kg_per_ha"] == most]
                months = sorted({row["crop_year_month"] or 1 for row in first})
                month = months[0] if len(months) == 1 and 1 <= months[0] <= 12 else 1
                documents = tuple(sorted({row["document"] or "-" for row in first}))
                return Yield(most, month, documents, key[0] and "-" not in documents)
        return None


def check_plots(books: Books, shipped: pl.DataFrame) -> Result:
    """A plot that delivers in a crop year above its area times the largest plausible yield.

    Deliveries of unknown day are in no crop year; they would only add. Above a maximum that is shipped here it is
    a sign; above one that a document of the case states, a contradiction.
    """
    grown, lacking = _grown(books, shipped)
    found: list[Finding] = []
    for key, rows in grown.items():
        plot, commodity, year = key
        land = rows[0]
        capacity = _capacity([land["area_ha"]], 0, land["yield"])
        delivered = sum(row["mass_g"] for row in rows)
        if delivered <= capacity:
            continue
        number, crossing = _crossing(rows, capacity)
        found.append(
            Finding(
                check="plot over capacity", weight=CONTRADICTION if land["yield"].own else SIGN, kind="plot",
                subject=plot, apart=[commodity, year.isoformat()], commodity=land["named"],
                lots=[row["lot"] for row in rows if row["lot"]], plots=[plot], facts=[row["fact"] for row in rows],
                on=crossing["first"], measured_g=delivered, limit_g=capacity, basis=land["yield"].basis,
                values={"year": year.isoformat(), "crossing": crossing["fact"], "number": str(number),
                        "area": plain(land["area_ha"]), "yield": plain(land["yield"].kg_per_ha)},
            )
        )  # fmt: skip
    return found, [Looked("plot over capacity", len(grown), lacking)]


def check_overlaps(books: Books, shipped: pl.DataFrame, overlaps: pl.DataFrame) -> Result:
    """Plots on the same land: together above what their land can give, or delivered from by several parties.

    ``overlaps``: ``plot, other, overlap_m2`` of outlines that have at least `OVERLAP_TOLERANCE` of the smaller in
    common. A pair of which one is over its own capacity is told of that one.
    """
    grown, _ = _grown(books, shipped)
    totals = {key: sum(row["mass_g"] for row in rows) for key, rows in grown.items()}
    years: dict[str, set[tuple[str, date]]] = {}
    for plot, commodity, year in grown:
        years.setdefault(plot, set()).add((commodity, year))
    parties = _parties(books)
    pairs = _pairs(overlaps)
    found: list[Finding] = []
    compared = lacking = told = 0
    for (one, other), shared in pairs.items():
        both = sorted(years.get(one, set()) & years.get(other, set()))
        compared += bool(both)
        lacking += not both
        for commodity, year in both:
            keys = ((one, commodity, year), (other, commodity, year))
            lands = [grown[key][0] for key in keys]
            best = max((land["yield"] for land in lands), key=lambda each: each.kg_per_ha)
            together = _capacity([land["area_ha"] for land in lands], shared, best)
            alone = [_capacity([land["area_ha"]], 0, land["yield"]) for land in lands]
            sums = [totals[key] for key in keys]
            if sum(sums) <= together or any(mine > most for mine, most in zip(sums, alone, strict=True)):
                continue
            rows = sorted((row for key in keys for row in grown[key]), key=lambda row: (row["first"], row["fact"]))
            found.append(
                Finding(
                    check="overlapping plots over capacity", weight=CONTRADICTION if best.own else SIGN,
                    kind="plot", subject=one, apart=[other, commodity, year.isoformat()],
                    commodity=lands[0]["named"], lots=[row["lot"] for row in rows if row["lot"]],
                    plots=[one, other], facts=[row["fact"] for row in rows],
                    on=_crossing(rows, together)[1]["first"], measured_g=sum(sums), limit_g=together,
                    overlap_m2=shared, basis=best.basis,
                    values={"year": year.isoformat(), "yield": plain(best.kg_per_ha)},
                )
            )  # fmt: skip
        mine, others = parties.get(one), parties.get(other)
        if mine is None or others is None:
            continue
        told += 1
        if mine.isdisjoint(others):
            found.append(
                Finding(
                    check="overlapping plots of several parties", weight=SIGN, kind="plot", subject=one,
                    apart=[other], plots=[one, other], overlap_m2=shared,
                    values={"parties": f"{', '.join(sorted(mine))} | {', '.join(sorted(others))}"},
                )
            )  # fmt: skip
    return found, [
        Looked("overlapping plots over capacity", compared, lacking),
        Looked("overlapping plots of several parties", told, len(pairs) - told),
    ]


def plain(number: Decimal) -> str:
    """A decimal as people write it, without zeros at its end."""
    return f"{number.normalize():f}"


def _pairs(overlaps: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Each pair once, by its ids in their order, with the larger overlap where several are given."""
    found: dict[tuple[str, str], int] = {}
    for plot, other, shared in overlaps.select("plot", "other", "overlap_m2").iter_rows():
        if plot is not None and other is not None and shared and plot != other:
            pair = (min(plot, other), max(plot, other))
            found[pair] = max(found.get(pair, 0), shared)
    return dict(sorted(found.items()))


def _capacity(areas: Iterable[Decimal], shared_m2: int, most: Yield) -> int:
    """Whole grams, rounded down: hectares (less what they share) times kilograms per hectare."""
    land = sum(int(area * _MILLIONTHS) for area in areas) - shared_m2 * _MILLIONTHS // _M2
    return max(land, 0) * int(most.kg_per_ha * _MILLIONTHS) * 1000 // _MILLIONTHS**2


def _crossing(rows: list[Row], capacity: int) -> tuple[int, Row]:
    """The delivery, counted from 1 in order of time, with which the sum is first above ``capacity``."""
    total = 0
    for number, row in enumerate(rows, start=1):
        total += row["mass_g"]
        if total > capacity:
            return number, row
    return len(rows), rows[-1]


def _from_plots(books: Books) -> pl.DataFrame:
    """What came from plots. A plot beside an input lot is left out: the lot tells more.

    Where the same lot comes from a plot by a delivery and by an event, both may tell of the same goods: the form
    that tells of more counts.
    """
    columns = ("plot", "lot", "fact", "first", "last", "at", "mass_g", "party", "form")
    deliveries = books.deliveries.filter(pl.col("input_lot").is_null() & pl.col("plot").is_not_null())
    legs = books.legs.filter(
        pl.col("plot").is_not_null()
        & (
            ((pl.col("kind") == "harvest") & (pl.col("role") == "output"))
            | (pl.col("kind").is_in(_STEPS) & (pl.col("role") == "input") & pl.col("lot").is_null())
        )
    )
    rows = pl.concat([
        deliveries.with_columns(party=pl.col("sender"), form=pl.lit("delivery")).select(columns),
        legs.with_columns(form=pl.lit("event")).select(columns),
    ])  # fmt: skip
    sums = rows.group_by("plot", "lot", "form").agg(pl.col("mass_g").sum())
    best = sums.sort("mass_g", "form", descending=[True, False]).unique(
        ["plot", "lot"], keep="first", maintain_order=True
    )
    return rows.join(best.select("plot", "lot", "form"), on=["plot", "lot", "form"], how="semi", nulls_equal=True)


def _grown(books: Books, shipped: pl.DataFrame) -> tuple[dict[tuple[str, str, date], list[Row]], int]:
    """By plot, commodity and start of the crop year: what was delivered, in order; and how many rows in none."""
    key = commodity_key(pl.col("commodity"))
    plots = books.table("plots").group_by("plot").agg(
        area_ha=pl.col("area_ha").max(),
        country=pl.when(pl.col("country").n_unique() == 1).then(pl.col("country").first()),
        own=pl.when(key.n_unique() == 1).then(key.first()),
        own_named=pl.col("commodity").min(),
    )  # fmt: skip
    rows = (
        _from_plots(books)
        .join(books.commodities, on="lot", how="left")
        .join(plots, on="plot", how="left")
        .with_columns(
            commodity=pl.coalesce("commodity", "own"), named=pl.coalesce("named", "own_named"),
        )
        .sort("plot", *in_order(), "lot", "mass_g")
    )  # fmt: skip
    yields = Yields(books.table("plausible_yields"), shipped)
    known: dict[tuple[str | None, str | None], Yield | None] = {}
    grown: dict[tuple[str, str, date], list[Row]] = {}
    lacking = 0
    for row in rows.iter_rows(named=True):
        place = (row["commodity"], row["country"])
        if place not in known:
            known[place] = yields.of(*place)
        most = known[place]
        year = None if most is None else _crop_year(row, most.month)
        if most is None or year is None or row["mass_g"] is None or not (row["area_ha"] and row["area_ha"] > 0):
            lacking += 1
            continue
        grown.setdefault((row["plot"], row["commodity"], year), []).append({**row, "yield": most})
    return grown, lacking


def _crop_year(row: Mapping[str, Any], month: int) -> date | None:
    """The first day of the crop year; null where the days on which it may have been are not all in one."""
    days = (row["first"], row["last"])
    if None in days:
        return None
    years = {date(max(day.year - (day.month < month), 1), month, 1) for day in days}
    return years.pop() if len(years) == 1 else None


def _parties(books: Books) -> dict[str, set[str]]:
    """By plot that delivers: its supplier, and who harvested it or sent what came from it."""
    rows = _from_plots(books)
    owners = books.table("plots").select("plot", party="supplier").join(rows, on="plot", how="semi")
    named = pl.concat([rows.select("plot", "party"), owners]).drop_nulls()
    found: dict[str, set[str]] = {}
    for plot, party in named.iter_rows():
        if party not in books.sites:
            found.setdefault(plot, set()).add(party)
    return found
