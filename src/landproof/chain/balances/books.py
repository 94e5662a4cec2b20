"""What the documents say happened to each lot: when it was made, who held it, what was taken out of it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from typing import NamedTuple

import polars as pl

from landproof.chain.events import in_force, lots_of
from landproof.chain.obligations import obligations, rated
from landproof.domain.derived import LOT_STATUS
from landproof.domain.facts import FACTS

MAKING = ("harvest", "transformation", "aggregation", "out of vessel")
TAKING = ("transformation", "aggregation", "into vessel", "loss")
_DERIVED = {LOT_STATUS.name: LOT_STATUS}
_NO_DAY = pl.lit(None, dtype=pl.Date)
_NO_MOMENT = pl.lit(None, dtype=pl.Datetime("us", "UTC"))
_NO_DOCUMENTS = pl.DataFrame(schema={"reference": pl.String})
_NOBODY = pl.lit(None, dtype=pl.String)


class Span(NamedTuple):
    """The days on which something may have happened, and its moment where it has one."""

    first: date | None
    last: date | None
    at: datetime | None

    def before(self, other: "Span") -> bool:
        """Whether it was surely earlier: by moments where both have one, whatever the time zone; else by days."""
        if self.at is not None and other.at is not None:
            return self.at < other.at
        return self.last is not None and other.first is not None and self.last < other.first


def in_order() -> list[pl.Expr]:
    """By day, then by moment, then by id; what has no day comes last."""
    return [
        pl.col("first").fill_null(date.max),
        pl.col("at").fill_null(datetime.max.replace(tzinfo=UTC)),
        pl.col("fact"),
    ]


def commodity_key(name: pl.Expr) -> pl.Expr:
    """A commodity as it is compared: case and spaces around it do not matter."""
    return name.str.strip_chars().str.to_lowercase()


def mass() -> pl.Expr:
    """Grams; null where there are none or not above zero, which is no mass."""
    return pl.when(pl.col("mass_g") > 0).then(pl.col("mass_g")).alias("mass_g")


class Books:
    """The tables of a case, read once in the ways that several checks need.

    A row of `makings` and `uses` has ``lot, fact, kind, first, last, at, mass_g, party, facility``. A day
    without a zone stands for itself; a moment without a day may be any day that some place on Earth had then.
    """

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self._tables = tables

    def table(self, name: str) -> pl.DataFrame:
        """A table; empty where the case has none."""
        found = self._tables.get(name)
        return found if found is not None else {**FACTS, **_DERIVED}[name].empty()

    @cached_property
    def events(self) -> pl.DataFrame:
        """Events in force, in the order of their ids, with the days on which they may have been."""
        return in_force(self.table("chain_events")).sort("event").with_columns(
            first=pl.coalesce("on", (pl.col("at") - pl.duration(hours=12)).dt.date()),
            last=pl.coalesce("on", (pl.col("at") + pl.duration(hours=14)).dt.date()),
            fact=pl.lit("event:") + pl.col("event"),
        )  # fmt: skip

    @cached_property
    def legs(self) -> pl.DataFrame:
        """Lots and plots of events in force: what went in and came out."""
        events = self.events.select(
            "event", "fact", "kind", "first", "last", "at", "facility", "process", "custody", "loss_g",
            "accepted_on", party="holder",
        )  # fmt: skip
        return (
            lots_of(self.table("event_lots"))
            .with_columns(mass())
            .join(events, on="event", how="inner")
            .sort("event", "role", "lot", "plot")
        )

    @cached_property
    def deliveries(self) -> pl.DataFrame:
        """Deliveries in the order of their ids."""
        return (
            self.table("deliveries")
            .with_columns(
                mass(), first=pl.col("received_on"), last=pl.col("received_on"), at=_NO_MOMENT,
                fact=pl.lit("delivery:") + pl.col("delivery"),
            )
            .sort("fact", "lot", "input_lot", "plot", "mass_g", "first")
        )  # fmt: skip

    @cached_property
    def lines(self) -> pl.DataFrame:
        """Purchase lines in the order of their ids."""
        return (
            self.table("purchases")
            .with_columns(
                mass_g=pl.when(pl.col("quantity_g") > 0).then(pl.col("quantity_g")),
                first=pl.col("received_on"), last=pl.col("received_on"), at=_NO_MOMENT,
                fact=pl.lit("line:") + pl.col("line"),
            )
            .sort("fact")
        )  # fmt: skip

    @cached_property
    def fed(self) -> pl.DataFrame:
        """What was fed, as far as it is documented, rounded down; not what may be in several co-products."""
        bought = self.lines.filter(pl.col("mass_g").is_not_null()).with_columns(quantity_g=pl.col("mass_g"))
        records = rated(self.table("feed"), self._tables.get("documents", _NO_DOCUMENTS)).filter(
            pl.col("lot").is_not_null()
            & pl.col("divided").ne_missing(False)
            & ~pl.col("estimate").fill_null(False)
        )
        eaten = obligations(bought.select("line", "product", "supplier", "quantity_g"), records, up=False)
        return (
            eaten.filter(pl.col("mass_g").is_not_null())
            .group_by("record", "lot", fact=pl.lit("feed:") + pl.col("feed"))
            .agg(pl.col("mass_g").sum())
            .select("lot", "fact", "mass_g")
            .sort("fact", "lot", "mass_g")
        )

    @cached_property
    def makings(self) -> pl.DataFrame:
        """All that lots were made by: outputs of events, and deliveries into them."""
        legs = self.legs.filter(pl.col("lot").is_not_null())
        given = legs.filter(pl.col("role") == "input").select("event", "lot")
        # A transfer makes no lot, unless it hands it on under another id.
        renamed = (
            legs.filter((pl.col("role") == "output") & (pl.col("kind") == "transfer"))
            .join(given, on=["event", "lot"], how="anti")
            # Of a transfer that nobody accepted, nobody knows who holds what it hands on.
            .with_columns(party=pl.when(pl.col("accepted_on").is_not_null()).then("party"))
        )  # fmt: skip
        made = pl.concat([legs.filter((pl.col("role") == "output") & pl.col("kind").is_in(MAKING)), renamed])
        columns = ("lot", "fact", "kind", "first", "last", "at", "mass_g", "party", "facility")
        into = self.deliveries.with_columns(kind=pl.lit("delivery"), party=pl.col("receiver"))
        return pl.concat([made.select(columns), into.select(columns)]).sort("lot", *in_order())

    @cached_property
    def uses(self) -> pl.DataFrame:
        """All that was taken out of lots: inputs of events, deliveries, purchase lines and feed.

        ``buyer``: whether the company itself took it, after it had bought it; null where nobody says who did.
        """
        legs = self.legs.filter(
            (pl.col("role") == "input") & pl.col("lot").is_not_null() & pl.col("kind").is_in(TAKING)
        )
        # The mass of a loss may stand with the event, where it is of one lot.
        alone = (pl.col("kind") == "loss") & (pl.len().over("event") == 1) & (pl.col("loss_g") > 0)
        legs = legs.with_columns(
            mass_g=pl.coalesce("mass_g", pl.when(alone).then(pl.col("loss_g"))), buyer=self._own(pl.col("party"))
        )
        out = self.deliveries.filter(pl.col("input_lot").is_not_null()).with_columns(
            lot=pl.col("input_lot"), kind=pl.lit("delivery"), party=pl.col("sender"),
            buyer=self._own(pl.col("receiver")),
        )  # fmt: skip
        bought = self.lines.filter(pl.col("lot").is_not_null()).with_columns(
            kind=pl.lit("line"), party=_NOBODY, facility=_NOBODY, buyer=pl.lit(True)
        )
        fed = self.fed.with_columns(
            kind=pl.lit("feed"), first=_NO_DAY, last=_NO_DAY, at=_NO_MOMENT, party=_NOBODY, facility=_NOBODY,
            buyer=pl.lit(False),
        )  # fmt: skip
        columns = ("lot", "fact", "kind", "first", "last", "at", "mass_g", "party", "facility", "buyer")
        return pl.concat([each.select(columns) for each in (legs, out, bought, fed)]).sort("lot", *in_order())

    @cached_property
    def weights(self) -> pl.DataFrame:
        """``lot, mass_g``: what each lot is said to weigh (of two rows the larger), or all that was made of it."""
        stated = (
            self.table("lots").with_columns(mass()).group_by("lot").agg(stated=pl.col("mass_g").max())
        )  # fmt: skip
        made = self.makings.group_by("lot").agg(
            made=pl.when(pl.col("mass_g").is_not_null().all()).then(pl.col("mass_g").sum())
        )
        return (
            stated.join(made, on="lot", how="full", coalesce=True)
            .select("lot", mass_g=pl.coalesce("stated", "made"))
            .sort("lot")
        )  # fmt: skip

    @cached_property
    def commodities(self) -> pl.DataFrame:
        """``lot, commodity, named``: as it is compared and as it is written; null where two rows differ."""
        name = commodity_key(pl.col("commodity"))
        return (
            self.table("lots").group_by("lot").agg(
                commodity=pl.when(name.n_unique() == 1).then(name.first()), named=pl.col("commodity").min()
            ).sort("lot")
        )  # fmt: skip

    @cached_property
    def sites(self) -> set[str]:
        """Facilities, which are no parties even where a delivery names one as its receiver."""
        return set(self.table("facilities")["facility"].drop_nulls())

    def _own(self, party: pl.Expr) -> pl.Expr:
        """Whether a party is the company itself; null where nobody or only a place is named."""
        own = [*self.table("entities")["entity"], *self.table("business_units")["business_unit"]]
        known = party.is_not_null() & ~party.is_in(sorted(self.sites))
        return pl.when(known).then(party.is_in(sorted({each for each in own if each})))


def span(row: Mapping[str, object]) -> Span:
    """The days and the moment of a row."""
    return Span(row["first"], row["last"], row["at"])  # pyright: ignore[reportArgumentType]
