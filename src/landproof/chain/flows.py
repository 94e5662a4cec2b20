"""All that is on file of a chain as a graph: what went into each lot, and what of it nobody explains."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from landproof.chain import custody
from landproof.chain.arrays import NONE, SAME, Flags, Ints
from landproof.chain.deliveries import delivered
from landproof.chain.events import in_force, lots_of, stepped
from landproof.chain.graph import Edges, Graph, Places
from landproof.chain.supply import Names, grams, numbers
from landproof.chain.timing import Times, in_time
from landproof.chain.vessels import stored

TABLES = (
    "deliveries", "lots", "facilities", "plots", "movements", "chain_events", "event_lots", "vessels",
    *custody.TABLES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flows:
    """Lots and plots are numbered in the order of their ids. By lot: ``whole`` is the mass to explain in grams."""

    lots: pl.Series
    plots: pl.Series
    inner: pl.Series  # what the inner nodes are called, loops apart
    graph: Graph
    whole: Ints
    by_facility: Flags  # its facility states all countries that it sources from
    unweighed: Flags
    without_inputs: Flags
    lacking: Flags  # it comes from a lot that nobody has described, or from nowhere
    overused: Flags  # more was taken out of it than it weighs


def read_flows(tables: Mapping[str, pl.DataFrame]) -> Flows:
    """Number lots and plots, and turn the tables (`TABLES`, and ``documents``) into a graph.

    A lot is known when ``lots`` lists it, or a delivery, an event or animals lead into it. A mass of zero or less
    is no mass. The mass to explain is the larger of what a lot is said to weigh and what went into it; the part
    that nothing explains comes from nowhere, and so does all of a lot that does not say what it weighs, or took in
    something unweighed: plots that explain the volume cannot be shown (clause 3.3). Where more was taken out of a
    lot than it weighs, all that was taken shares what there is, and the rest comes from nowhere. Every
    establishment that animals of a lot passed may be in it. Goods were kept apart as far as that is proven
    (`custody.proven`).
    """
    tables = custody.proven(tables)
    deliveries, movements, event_lots = tables["deliveries"], tables["movements"], lots_of(tables["event_lots"])
    events = in_force(tables["chain_events"].with_row_index("fact", offset=deliveries.height))
    passed = movements.filter(pl.col("establishment").is_not_null())
    made = event_lots.filter(pl.col("role") == "output").join(events.select("event"), on="event", how="semi")
    lots = _ids("lot", tables["lots"]["lot"], deliveries["lot"], movements["lot"], made["lot"])
    plots = _ids("plot", deliveries["plot"], passed["establishment"], event_lots["plot"])
    stated, placed, by_facility = _lot_facts(lots, tables["lots"], tables["facilities"])
    on_file = plots.is_in(tables["plots"]["plot"].drop_nulls().unique().implode()).to_numpy().astype(np.bool_)
    names = Names(lots, plots, on_file, placed)
    places = names.places

    steps, step_nodes = stepped(events, event_lots, names)
    vessels, states = stored(events, event_lots, tables["vessels"], names, places.inner + step_nodes.len())
    supplies = (delivered(deliveries, names), steps, vessels)
    edges = Edges.together(*(supply.edges for supply in supplies))
    into_lots = edges.into < places.lots
    fed = _any(places.lots, edges.into[into_lots])
    taken = np.zeros(places.lots, dtype=np.int64)
    np.add.at(taken, edges.into[into_lots], edges.mass[into_lots])
    whole = np.maximum(stated, taken)
    inner = step_nodes.len() + states.len()
    opaque = _any(places.inner + inner, np.concatenate([supply.unweighed for supply in supplies]))
    unweighed = opaque[: places.lots] | (whole == 0) | ((stated == 0) & ~_made_by(names, made))
    opaque[: places.lots] = unweighed
    edges = in_time(edges, Times.of(deliveries, tables["chain_events"]), places)
    edges, overused = _within(edges, whole, places)
    # Of what is not all weighed nothing can be put down to any origin; its plots stay possible.
    hidden = places.inner + np.flatnonzero(opaque[places.inner :])
    short = np.where(unweighed, 1, whole - taken)
    unexplained = np.flatnonzero(short > 0)
    edges = Edges.together(
        replace(edges, mass=np.where(opaque[edges.into], 0, edges.mass)),
        Edges.of(places.unknown, hidden, 1, NONE),
        Edges.of(places.unknown, unexplained, short[unexplained], NONE),
        Edges.of(
            places.lots + names.plot_numbers(passed["establishment"]), names.lot_numbers(passed["lot"]), 0, SAME
        ),
    )
    settles = np.zeros(places.inner + inner, dtype=np.bool_)
    settles[: places.lots] = placed
    return Flows(
        lots=lots,
        plots=plots,
        inner=pl.concat([step_nodes, states]),
        graph=Graph.of(places, inner, edges, settles, np.zeros(settles.size, dtype=np.int64)),
        whole=whole,
        by_facility=by_facility,
        unweighed=unweighed,
        without_inputs=~fed,
        lacking=_any(places.lots, np.concatenate([supply.lacking for supply in supplies])),
        overused=overused,
    )


def _within(edges: Edges, whole: Ints, places: Places) -> tuple[Edges, Flags]:
    """The same mass in all, with no more of each lot than it weighs; and which lots were over-used.

    A lot without a mass explains nothing anyhow.
    """
    of_lot = edges.source < places.lots
    used = np.zeros(places.lots, dtype=np.int64)
    np.add.at(used, edges.source[of_lot], edges.mass[of_lot])
    overused = (used > whole) & (whole > 0)
    if not overused.any():
        return edges, overused
    beyond = np.flatnonzero(of_lot & overused[np.where(of_lot, edges.source, 0)])
    source, mass = edges.source[beyond], edges.mass[beyond]
    kept = _part(mass, whole[source], used[source])
    shared = edges.mass.copy()
    shared[beyond] = kept
    rest = Edges.of(places.unknown, edges.into[beyond], mass - kept, NONE, edges.fact[beyond])
    return Edges.together(replace(edges, mass=shared), rest.where(rest.mass > 0)), overused


def _part(mass: Ints, whole: Ints, used: Ints) -> Ints:
    """``mass * whole // used``, though the product may need 80 bits."""
    fits = mass <= np.iinfo(np.int64).max // whole
    found = np.empty_like(mass)
    found[fits] = mass[fits] * whole[fits] // used[fits]
    large = ~fits
    found[large] = (mass[large].astype(object) * whole[large] // used[large]).astype(np.int64)
    return found


def _ids(name: str, *columns: pl.Series) -> pl.Series:
    """All ids, each once, in their order."""
    return pl.concat([column.rename(name) for column in columns]).drop_nulls().unique().sort()


def _made_by(names: Names, made: pl.DataFrame) -> Flags:
    """The lots that an event made: its output says what they weigh."""
    found = names.lot_numbers(made["lot"])
    return _any(names.places.lots, found[found != NONE])


def _any(count: int, numbers: Ints) -> Flags:
    found = np.zeros(count, dtype=np.bool_)
    found[numbers] = True
    return found


def _lot_facts(known: pl.Series, lots: pl.DataFrame, facilities: pl.DataFrame) -> tuple[Ints, Flags, Flags]:
    """By lot the grams that it is said to weigh; whether its country is known; whether its facility tells it."""
    sourcing = pl.col("sources_from")
    stating = facilities.filter((sourcing.list.len() > 0) & ~sourcing.list.contains(None))["facility"]
    of = numbers(lots["lot"], known)
    # Two rows for one lot contradict each other: the larger mass leaves more to explain.
    stated = np.zeros(known.len(), dtype=np.int64)
    np.maximum.at(stated, of, grams(lots["mass_g"]))

    def all_rows(said: pl.Series) -> Flags:
        true = said.fill_null(False).to_numpy().astype(np.bool_)
        return _any(known.len(), of) & ~_any(known.len(), of[~true])

    by_facility = all_rows(lots["facility"].is_in(stating.unique().implode()))
    return stated, by_facility | all_rows(lots["country"].is_not_null()), by_facility
