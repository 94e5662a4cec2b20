"""Events in the terms of EPCIS 2.0: which count, and what went into what in each."""

import numpy as np
import polars as pl

from landproof.chain.arrays import NONE, SAME, Flags, Ints
from landproof.chain.graph import Edges
from landproof.chain.supply import Names, Supply, grams, numbers, ranks
from landproof.chain.voiding import void
from landproof.domain.facts.chain import CHAIN_EVENTS
from landproof.domain.facts.contract import PROVENANCE

_STEPS = ("transformation", "aggregation")
_PROOF = ("documented", "certified", "declared")  # a model's guess is none


def in_force(events: pl.DataFrame) -> pl.DataFrame:
    """The events that no error declaration in force voids, declarations left out, each once.

    Two rows of one event that differ contradict each other, and neither counts: what it made comes from nowhere.
    """
    declared = events.filter((pl.col("kind") == "error declaration") & pl.col("voids").is_not_null())
    gone = void(declared.select("event", "voids").iter_rows())
    said = pl.struct(column.name for column in CHAIN_EVENTS if column not in PROVENANCE)
    return (
        events.filter((pl.col("kind") != "error declaration") & ~pl.col("event").is_in(gone))
        .filter(said.n_unique().over("event") == 1)
        .unique("event", keep="first", maintain_order=True)
    )


def lots_of(event_lots: pl.DataFrame) -> pl.DataFrame:
    """Each lot of each event once; without a mass where two rows differ in it."""
    return event_lots.group_by("event", "role", "lot", "plot").agg(
        mass_g=pl.when(pl.col("mass_g").n_unique() == 1).then(pl.col("mass_g").first())
    )


def stepped(events: pl.DataFrame, event_lots: pl.DataFrame, names: Names) -> tuple[Supply, int]:
    """What harvests, transformations and aggregations ``in_force`` say; how many inner nodes they take.

    Every step is an inner node: what goes in is mixed there, and each output is of all of it. An output above the
    inputs, less what is declared lost, comes from nowhere.
    """
    rows = event_lots.join(
        events.select("fact", "event", "kind", "custody", "loss_g", "known_by"), on="event", how="inner"
    )
    harvests = rows.filter(
        (pl.col("kind") == "harvest") & (pl.col("role") == "output") & pl.col("lot").is_not_null()
    )
    steps = (
        events.filter(pl.col("kind").is_in(_STEPS)).select("fact", "event", "loss_g").unique("event").sort("event")
    )
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
    model, fact = ranks(rows["custody"]), rows["fact"].to_numpy().astype(np.int64)
    told = plot != NONE
    sure = told.copy()
    sure[told] = names.on_file[plot[told]]
    sure &= rows["known_by"].is_in(_PROOF).fill_null(True).to_numpy()
    edges = Edges.together(
        Edges.of(places.lots + plot[sure], into[sure], mass[sure], model[sure], fact[sure]),
        Edges.of(places.lots + plot[told & ~sure], into[told & ~sure], 0, SAME, fact[told & ~sure]),
        Edges.of(places.unknown, into[~sure], mass[~sure], model[~sure], fact[~sure]),
    )
    return Supply(edges, into[mass == 0], into[~told & ~names.placed[into]])


def _made(rows: pl.DataFrame, steps: pl.DataFrame, names: Names) -> Supply:
    places = names.places
    node = places.inner + numbers(rows["event"], steps["event"])
    lot, plot, mass = names.lot_numbers(rows["lot"]), names.plot_numbers(rows["plot"]), grams(rows["mass_g"])
    model, fact = ranks(rows["custody"]), rows["fact"].to_numpy().astype(np.int64)
    of_step = steps["fact"].to_numpy().astype(np.int64)
    output = (rows["role"] == "output").to_numpy() & (lot != NONE)
    given = (rows["role"] == "input").to_numpy()
    of_lot = given & (lot != NONE)
    of_plot = given & (lot == NONE) & (plot != NONE)
    sure = of_plot.copy()
    sure[of_plot] = names.on_file[plot[of_plot]]
    astray = given & ~of_lot & ~sure
    count = steps.height
    loss = grams(steps["loss_g"])
    taken = np.bincount(node[given] - places.inner, mass[given], count).astype(np.int64)
    left = np.bincount(node[output] - places.inner, mass[output], count).astype(np.int64) + loss
    short = np.where(taken == 0, 1, left - taken)
    lacking = np.flatnonzero(short > 0)
    edges = Edges.together(
        Edges.of(lot[of_lot], node[of_lot], mass[of_lot], model[of_lot], fact[of_lot]),
        Edges.of(places.lots + plot[sure], node[sure], mass[sure], model[sure], fact[sure]),
        Edges.of(places.lots + plot[of_plot & ~sure], node[of_plot & ~sure], 0, SAME, fact[of_plot & ~sure]),
        Edges.of(places.unknown, node[astray], mass[astray], NONE, fact[astray]),
        Edges.of(places.unknown, places.inner + lacking, short[lacking], NONE, of_step[lacking]),
        Edges.of(node[output], lot[output], mass[output], SAME, fact[output]),
    )
    without = _any(count, node[astray] - places.inner) | (
        np.bincount(node[given] - places.inner, minlength=count) == 0
    )
    unweighed = np.concatenate([lot[output & (mass == 0)], node[given & (mass == 0)]])
    return Supply(edges, unweighed, lot[output & without[node - places.inner]])


def _any(count: int, places: Ints) -> Flags:
    found = np.zeros(count, dtype=np.bool_)
    found[places] = True
    return found
