"""Events in the terms of EPCIS 2.0: which count, and what went into what in each."""

import numpy as np
import polars as pl

from landproof.chain.arrays import NONE, SAME, Flags, Ints
from landproof.chain.graph import Edges
from landproof.chain.supply import Names, Supply, grams, numbers, ranks

_STEPS = ("transformation", "aggregation")
_PROOF = ("documented", "certified", "declared")  # a model's guess is none


def in_force(events: pl.DataFrame) -> pl.DataFrame:
    """The events that no error declaration in force voids, declarations left out.

    A declaration may be declared wrong itself. Declarations that void one another in a circle are all in force.
    """
    named = events.filter((pl.col("kind") == "error declaration") & pl.col("voids").is_not_null())
    voids: dict[str, set[str]] = {}
    for declaration, voided in named.select("event", "voids").iter_rows():
        voids.setdefault(voided, set()).add(declaration)
    settled: dict[str, bool] = {}  # whether it is in force
    waiting = {event for event, _ in named.select("event", "voids").iter_rows()}
    while waiting:
        ready = {event for event in waiting if voids.get(event, set()) <= settled.keys()} or waiting
        for event in ready:
            settled[event] = not any(settled.get(other, False) for other in voids.get(event, ()))
        waiting -= ready
    gone = [event for event, by in voids.items() if any(settled[other] for other in by)]
    return events.filter((pl.col("kind") != "error declaration") & ~pl.col("event").is_in(gone))


def stepped(events: pl.DataFrame, event_lots: pl.DataFrame, names: Names) -> tuple[Supply, int]:
    """What harvests, transformations and aggregations ``in_force`` say; how many inner nodes they take.

    Every step is an inner node: what goes in is mixed there, and each output is of all of it. An output above the
    inputs, less what is declared lost, comes from nowhere.
    """
    rows = event_lots.join(
        events.select("event", "kind", "custody", "loss_g", "known_by"), on="event", how="inner"
    )
    harvests = rows.filter(
        (pl.col("kind") == "harvest") & (pl.col("role") == "output") & pl.col("lot").is_not_null()
    )
    steps = events.filter(pl.col("kind").is_in(_STEPS)).select("event", "loss_g").unique("event").sort("event")
    taking_part = rows.filter(pl.col("kind").is_in(_STEPS))
    made = _made(taking_part, steps, names)
    grown = _harvested(harvests, names)
    edges = Edges.together(grown.edges, made.edges)
    supply = Supply(
        edges, np.concatenate([grown.unweighed, made.unweighed]), np.concatenate([grown.lacking, made.lacking])
    )
    return supply, steps.height


def _harvested(rows: pl.DataFrame, names: Names) -> Supply:
    places = names.places
    into, plot, mass = names.lot_numbers(rows["lot"]), names.plot_numbers(rows["plot"]), grams(rows["mass_g"])
    model = ranks(rows["custody"])
    told = plot != NONE
    sure = told.copy()
    sure[told] = names.on_file[plot[told]]
    sure &= rows["known_by"].is_in(_PROOF).fill_null(True).to_numpy()
    edges = Edges.together(
        Edges.of(places.lots + plot[sure], into[sure], mass[sure], model[sure]),
        Edges.of(places.lots + plot[told & ~sure], into[told & ~sure], 0, SAME),
        Edges.of(places.unknown, into[~sure], mass[~sure], model[~sure]),
    )
    return Supply(edges, into[mass == 0], into[~told & ~names.placed[into]])


def _made(rows: pl.DataFrame, steps: pl.DataFrame, names: Names) -> Supply:
    places = names.places
    node = places.inner + numbers(rows["event"], steps["event"])
    lot, plot, mass = names.lot_numbers(rows["lot"]), names.plot_numbers(rows["plot"]), grams(rows["mass_g"])
    model = ranks(rows["custody"])
    output = (rows["role"] == "output").to_numpy() & (lot != NONE)
    given = (rows["role"] == "input").to_numpy()
    of_lot = given & (lot != NONE)
    of_plot = given & (lot == NONE) & (plot != NONE)
    sure = of_plot.copy()
    sure[of_plot] = names.on_file[plot[of_plot]]
    astray = given & ~of_lot & ~sure
    # A step whose inputs are not all weighed can be put down to nothing; its plots stay possible.
    count = steps.height
    opaque = _any(count, node[given & (mass == 0)] - places.inner)
    passed = np.where(opaque[node - places.inner], 0, mass)
    loss = grams(steps["loss_g"])
    taken = np.bincount(node[given] - places.inner, passed[given], count).astype(np.int64)
    left = np.bincount(node[output] - places.inner, mass[output], count).astype(np.int64) + loss
    short = np.where(opaque | (taken == 0), 1, left - taken)
    lacking = np.flatnonzero(short > 0)
    edges = Edges.together(
        Edges.of(lot[of_lot], node[of_lot], passed[of_lot], model[of_lot]),
        Edges.of(places.lots + plot[sure], node[sure], passed[sure], model[sure]),
        Edges.of(places.lots + plot[of_plot & ~sure], node[of_plot & ~sure], 0, SAME),
        Edges.of(places.unknown, node[astray], passed[astray], NONE),
        Edges.of(places.unknown, places.inner + lacking, short[lacking], NONE),
        Edges.of(node[output], lot[output], mass[output], SAME),
    )
    without = _any(count, node[astray] - places.inner) | (
        np.bincount(node[given] - places.inner, minlength=count) == 0
    )
    return Supply(edges, lot[output & (mass == 0)], lot[output & without[node - places.inner]])


def _any(count: int, places: Ints) -> Flags:
    found = np.zeros(count, dtype=np.bool_)
    found[places] = True
    return found
