"""Tanks and silos: what may be in what leaves them. Time turns them into chains of states without loops.

Where a vessel works first in first out, mass follows that, and what may be in a lot is all that went in before, up
to twice the capacity (European Commission, EUDR questions and answers, bulk and silos). Mixed, it is all that went
in since the vessel was shown to be empty. Where the order within a day is not told, receipts come before
withdrawals, and an emptying does not count.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from landproof.chain.arrays import NONE, SAME
from landproof.chain.graph import Edges
from landproof.chain.supply import NOBODY, Names, Supply, grams, ranks

WINDOW = 2  # capacities
_KINDS = ("into vessel", "out of vessel", "vessel emptied")
_INTO, _OUT, _EMPTIED = range(3)


@dataclass(slots=True)
class _Stock:
    """A vessel as it stands. ``node``: the state of a mixed one, or `NONE`. ``layers``: lot, model and grams.

    ``doubtful``: nobody knows all that is in it, since something went in or out unweighed, or more leaves it until
    it is emptied than ever went in.
    """

    first_in_first_out: bool
    window: int | None  # grams; null: all since it was emptied
    node: int = NONE
    grams: int = 0
    doubtful: bool = False
    layers: deque[list[int]] = field(default_factory=deque[list[int]])
    received: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


class _Draft:
    """Edges on the way."""

    def __init__(self, names: Names, first_node: int) -> None:
        self.places = names.places
        self.nodes = first_node
        self.rows: list[tuple[int, int, int, int, int]] = []
        self.fact = NONE  # what is being read
        self.states: list[int] = []  # the facts that made them
        self.unweighed: list[int] = []

    def add(self, source: int, into: int, mass: int, model: int) -> None:
        if into != NONE:  # what leaves for nobody knows where still leaves
            self.rows.append((source, into, mass, model, self.fact))

    def node(self) -> int:
        self.nodes += 1
        self.states.append(self.fact)
        return self.nodes - 1


def stored(
    events: pl.DataFrame, event_lots: pl.DataFrame, vessels: pl.DataFrame, names: Names, first_node: int
) -> tuple[Supply, pl.Series]:
    """What events of vessels say; ``events`` are in force. The names of the inner nodes that they take, too."""
    draft = _Draft(names, first_node)
    policies = {
        vessel: (policy, capacity)
        for vessel, policy, capacity in vessels.select("vessel", "policy", "capacity_g").iter_rows()
    }
    rows = vessel_rows(events, event_lots)
    kinds = rows["order"].to_list()
    lots, masses, models = names.lot_numbers(rows["lot"]), grams(rows["mass_g"]), ranks(rows["custody"])
    proven, facts, short = rows["proven"].to_list(), rows["fact"].to_list(), rows["short"].to_list()
    stocks: dict[str, _Stock] = {}
    for place, vessel in enumerate(rows["vessel"].to_list()):
        policy, capacity = policies.get(vessel, (None, None))
        stock = stocks.setdefault(
            vessel,
            _Stock(policy == "first in first out", WINDOW * capacity if capacity and capacity > 0 else None),
        )
        stock.doubtful |= short[place]
        draft.fact = facts[place]
        lot, mass, model = int(lots[place]), int(masses[place]), int(models[place])
        match kinds[place]:
            case 0:
                _receive(draft, stock, lot, mass, model)
            case 1:
                _withdraw(draft, stock, lot, mass, model)
            case 2 if proven[place]:
                stock.node, stock.grams, stock.doubtful = NONE, 0, False
                stock.layers.clear()
                stock.received.clear()
            case _:
                pass
    table = np.array(draft.rows, dtype=np.int64).reshape(-1, 5)
    edges = Edges.of(*table.T)
    return Supply(edges, np.array(draft.unweighed, dtype=np.int64), NOBODY), _named(draft.states, events)


def _named(states: list[int], events: pl.DataFrame) -> pl.Series:
    """By state: the event that made it, and which of its states it is."""
    made = pl.DataFrame({"fact": states}, schema={"fact": events.schema["fact"]})
    named = made.join(events.select("fact", "event"), on="fact", how="left", maintain_order="left")
    return named.select(pl.format("{}\x1f{}", "event", pl.int_range(pl.len()).over("event")).alias("event"))[
        "event"
    ]


def _receive(draft: _Draft, stock: _Stock, lot: int, mass: int, model: int) -> None:
    """A receipt of a lot that is not known comes from nowhere; so does one that is not weighed."""
    source = lot if lot != NONE else draft.places.unknown
    stock.doubtful |= not mass
    if stock.first_in_first_out:
        stock.received.append((source, mass))
        stock.layers.append([source, mass, model])
        if not mass:
            stock.layers.append([draft.places.unknown, 1, NONE])
        return
    state = draft.node()
    if stock.node != NONE:
        draft.add(stock.node, state, stock.grams, SAME)  # without mass: dregs
    draft.add(source, state, mass, model)
    if not mass:
        draft.add(draft.places.unknown, state, 1, NONE)
    stock.node, stock.grams = state, stock.grams + max(mass, 1)


def _withdraw(draft: _Draft, stock: _Stock, lot: int, mass: int, model: int) -> None:
    """What leaves above the stock comes from nowhere."""
    stock.doubtful |= not mass
    if not mass and lot != NONE:
        draft.unweighed.append(lot)
    if stock.doubtful:
        draft.add(draft.places.unknown, lot, 0, NONE)
    wanted = mass
    if stock.first_in_first_out:
        taken: set[int] = set()
        while wanted and stock.layers:
            layer = stock.layers[0]
            part = min(wanted, layer[1])
            draft.add(layer[0], lot, part, max(layer[2], model) if NONE not in (layer[2], model) else NONE)
            taken.add(layer[0])
            layer[1] -= part
            wanted -= part
            if not layer[1]:
                stock.layers.popleft()
        reach = 0
        for source, received in reversed(stock.received):
            if stock.window is not None and reach >= stock.window:
                break
            reach += received
            if source not in taken:
                draft.add(source, lot, 0, model)
                taken.add(source)
    elif stock.node != NONE:
        part = min(wanted, stock.grams)
        draft.add(stock.node, lot, part, model)
        stock.grams -= part
        wanted -= part
    if wanted or (not mass and stock.node == NONE and not stock.received):
        draft.add(draft.places.unknown, lot, max(wanted, 1), NONE)


def vessel_rows(events: pl.DataFrame, event_lots: pl.DataFrame) -> pl.DataFrame:
    """A row per lot that goes into or out of a vessel, and per emptying, in an order that the ids decide last.

    ``proven``: the emptying is documented, and its place among the events of that day is known. ``short``: between
    two of these more leaves the vessel than went in, so that something else must be in all that leaves.
    """
    kept = events.filter(pl.col("kind").is_in(_KINDS) & pl.col("vessel").is_not_null()).with_columns(
        order=pl.col("kind").replace_strict(
            {kind: place for place, kind in enumerate(_KINDS)}, return_dtype=pl.Int8
        )
    )
    kept = kept.with_columns(
        alone=pl.len().over("vessel", "on") == 1, timed=pl.col("at").is_not_null().all().over("vessel", "on")
    )
    placed = pl.col("alone") | (pl.col("timed") & (pl.len().over("vessel", "on", "at") == 1))
    kept = kept.with_columns(proven=pl.col("document").is_not_null() & pl.col("on").is_not_null() & placed)
    role = pl.when(pl.col("order") == _INTO).then(pl.lit("input")).otherwise(pl.lit("output"))
    rows = kept.with_columns(role=role).join(
        event_lots.select("event", "role", "lot", "mass_g"), on=["event", "role"], how="left"
    )
    # Receipts without a day come first, withdrawals last; within a day so where not all have a moment.
    day = (
        pl.when(pl.col("on").is_not_null())
        .then(pl.col("on"))
        .when(pl.col("order") == _INTO)
        .then(pl.date(1, 1, 1))
        .otherwise(pl.date(9999, 12, 31))
    )
    moment = pl.when(pl.col("timed")).then(pl.col("at"))
    placed = rows.with_columns(day=day, moment=moment).sort(
        "vessel", "day", "moment", "order", "event", "lot", "mass_g", nulls_last=False
    )
    ended = (pl.col("order") == _EMPTIED) & pl.col("proven")
    filling = (ended.cast(pl.Int64).cum_sum() - ended.cast(pl.Int64)).over("vessel")
    given = pl.col("mass_g").fill_null(0).clip(lower_bound=0)
    more = [given.filter(pl.col("order") == kind).sum().over("vessel", "filling") for kind in (_OUT, _INTO)]
    return placed.with_columns(filling=filling).with_columns(short=(more[0] > more[1]) & ~ended)
