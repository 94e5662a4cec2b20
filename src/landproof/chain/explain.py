"""What stands in the way, by the names that people know: lots, plots, deliveries, events and places."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from landproof.chain.arrays import NONE, Flags, Ints
from landproof.chain.flows import Flows
from landproof.chain.graph import Trait
from landproof.chain.hindrances import Hindrance, Hindrances
from landproof.domain.derived import LOT_OBSTACLES
from landproof.domain.tables import conform
from landproof.domain.vocabulary import CUSTODY_MODELS


@dataclass(frozen=True, slots=True)
class Fact:
    """The delivery or event that says so; where and when. ``kind`` is that of an event."""

    delivery: str | None = None
    event: str | None = None
    kind: str | None = None
    facility: str | None = None
    vessel: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What is in the way: ``at`` which lot or plot, of how many grams, and the ``fact`` that says so.

    ``way``: the lots and plots from what was asked for to it; ``mixed``: the step of that way that took it in.
    """

    obstacle: str  # one of `domain.vocabulary.OBSTACLES`
    at: str | None
    of_g: int | None = None
    fact: Fact | None = None
    way: tuple[str, ...] = ()
    mixed: Fact | None = None


class Explainer:
    """Names what is in the way in ``flows``, which were read from ``tables``; ``not_clean`` is by plot."""

    def __init__(self, flows: Flows, tables: Mapping[str, pl.DataFrame], not_clean: Flags) -> None:
        self.flows = flows
        self.hindrances = Hindrances(flows.graph, not_clean)
        self._deliveries, self._events = tables["deliveries"], tables["chain_events"]
        self._on_file = tables["plots"]["plot"]

    @cached_property
    def _lots(self) -> frozenset[str]:
        return frozenset(self.flows.lots)

    @cached_property
    def _plots(self) -> frozenset[str]:
        return frozenset(self._on_file)

    @cached_property
    def only(self) -> Ints:
        """By lot: the one thing in its way, `hindrances.NOTHING`, or `hindrances.SEVERAL`."""
        return self.hindrances.only()

    def nearest(self, lot: int, most: int = 5, *, country_will_do: bool = False) -> list[Obstacle]:
        """Up to ``most`` things in the way of ``lot``, the nearest first."""
        found = self.hindrances.nearest(lot, most, country_will_do=country_will_do)
        return [self._told(each) for each in found]

    def alone(self, cause: int) -> Obstacle:
        """What ``cause``, one of `only`, is."""
        return self._named(cause, NONE) if cause >= 0 else self._named(NONE, -3 - cause)

    def table(self, lots: pl.Series, country_will_do: pl.Series) -> pl.DataFrame:
        """``lot_obstacles``: the nearest thing in the way of each of ``lots`` that has one.

        ``country_will_do``: lots of which no more than the country has to be known.
        """
        asked = np.flatnonzero(self.flows.lots.is_in(lots.drop_nulls().unique().implode()).to_numpy())
        lenient = set(country_will_do)
        rows: list[tuple[object, ...]] = []
        for number in asked.tolist():
            lot = self.flows.lots[number]
            for each in self.nearest(number, 1, country_will_do=lot in lenient):
                fact, mixed = each.fact or Fact(), each.mixed or Fact()
                rows.append(
                    (
                        lot, each.obstacle, each.at, each.of_g,
                        fact.delivery or fact.event, fact.facility, fact.on,
                        mixed.delivery or mixed.event, mixed.vessel, mixed.facility, mixed.on, len(each.way) - 1,
                    )
                )  # fmt: skip
        return conform(pl.DataFrame(rows, schema=LOT_OBSTACLES.schema, orient="row"), LOT_OBSTACLES)

    def name(self, node: int) -> str | None:
        """The lot or plot that is ``node``; None for a step or a state."""
        places = self.flows.graph.places
        if node < places.lots:
            return self.flows.lots[node]
        return self.flows.plots[node - places.lots] if node < places.country else None

    def _told(self, hindrance: Hindrance) -> Obstacle:
        names = [self.name(node) for node in hindrance.path]
        way = tuple(name for name in names if name is not None)
        graph = self.flows.graph
        taken = next(
            (int(graph.fact[edge]) for edge in reversed(hindrance.steps) if graph.fact[edge] != NONE), NONE
        )
        found = self._named(hindrance.edge, hindrance.node)
        return replace(found, at=found.at or way[-1], way=way, mixed=self._fact(taken))

    def _named(self, edge: int, node: int) -> Obstacle:
        graph = self.flows.graph
        if edge == NONE:
            kind = "loop" if graph.own[node] & int(Trait.LOOP) else "plot not shown unconverted"
            return Obstacle(kind, self.name(node))
        into = int(np.searchsorted(graph.first, edge, side="right")) - 1
        source, model, fact = int(graph.source[edge]), int(graph.model[edge]), int(graph.fact[edge])
        nowhere = source == graph.places.unknown
        missing = self._missing(fact) if nowhere else None
        if missing is not None:
            return Obstacle(*missing, self._grams(edge, into), self._fact(fact))
        if nowhere and not graph.settles[into]:
            kind = "unknown origin"
        elif nowhere and (model != NONE or fact == NONE):
            kind = "country only"
        elif model == NONE:
            kind = "custody not proven" if self._states_custody(fact) else "no custody model"
        else:
            kind = CUSTODY_MODELS[model]
        return Obstacle(kind, self.name(into), self._grams(edge, into), self._fact(fact))

    def _grams(self, edge: int, into: int) -> int | None:
        """What passes over ``edge``, where that is known; a gram stands for what is not weighed."""
        graph = self.flows.graph
        unweighed = into < graph.places.lots and self.flows.unweighed[into]
        known = graph.mass[edge] > 1 and graph.loop[into] == NONE and not unweighed
        return int(graph.mass[edge]) if known else None

    def _missing(self, number: int) -> tuple[str, str] | None:
        """The lot or plot that a delivery names and that is not on file."""
        if not NONE < number < self._deliveries.height:
            return None
        row = self._deliveries.row(number, named=True)
        if row["input_lot"] is not None:
            return None if row["input_lot"] in self._lots else ("lot not on file", row["input_lot"])
        return None if row["plot"] is None or row["plot"] in self._plots else ("plot not on file", row["plot"])

    def _states_custody(self, number: int) -> bool:
        if number == NONE:
            return False
        ours = number - self._deliveries.height
        return (self._deliveries["custody"][number] if ours < 0 else self._events["custody"][ours]) is not None

    def _fact(self, number: int) -> Fact | None:
        if number == NONE:
            return None
        if number < self._deliveries.height:
            row = self._deliveries.row(number, named=True)
            return Fact(delivery=row["delivery"], facility=row["facility"], on=row["received_on"])
        row = self._events.row(number - self._deliveries.height, named=True)
        return Fact(
            event=row["event"], kind=row["kind"], facility=row["facility"], vessel=row["vessel"], on=row["on"]
        )
