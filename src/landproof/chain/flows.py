"""Deliveries as a graph: what went into each lot, and what of it nobody explains."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from landproof.chain.arrays import NONE, SAME, Flags, Ints
from landproof.chain.graph import Edges, Graph, Places
from landproof.domain.vocabulary import CUSTODY_MODELS


@dataclass(frozen=True, slots=True)
class Flows:
    """Lots and plots are numbered in the order of their ids. By lot: ``whole`` is the mass to explain in grams.

    ``placed``: the lot states its country, or its facility states all countries it sources from (``by_facility``).
    """

    lots: pl.Series
    plots: pl.Series
    graph: Graph
    whole: Ints
    placed: Flags
    by_facility: Flags
    unweighed: Flags
    without_inputs: Flags
    lacking: Flags  # it comes from a lot that nobody has described, or from nowhere


def read_flows(
    deliveries: pl.DataFrame,
    lots: pl.DataFrame,
    facilities: pl.DataFrame,
    plots: pl.DataFrame,
    movements: pl.DataFrame,
) -> Flows:
    """Number lots and plots, and turn the tables into a graph.

    A lot is known when ``lots`` lists it or a delivery leads into it. A mass of zero or less is no mass. The mass
    to explain is the larger of what a lot is said to weigh and what went into it; the part that no delivery
    explains comes from nowhere, and so does all of a lot that does not say what it weighs, or took in an unweighed
    delivery: plots that explain the volume cannot be shown (clause 3.3). Every establishment that animals of a lot
    passed may be in it. Plots that are not on file explain nothing, and may be in the lot all the same.
    """
    known = (
        pl.concat([lots["lot"], deliveries["lot"], movements["lot"]]).drop_nulls().unique().sort().rename("lot")
    )
    passed = movements.filter(pl.col("establishment").is_not_null())
    seen = pl.concat([deliveries["plot"], passed["establishment"]]).drop_nulls().unique().sort().rename("plot")
    places = Places(known.len(), seen.len())
    lot_facts = _lot_facts(known, lots, facilities)
    stated = lot_facts["stated"].to_numpy().astype(np.int64)
    placed = lot_facts["placed"].to_numpy().astype(np.bool_)
    on_file = seen.is_in(plots["plot"].drop_nulls().unique().implode()).to_numpy().astype(np.bool_)

    rows = _numbered(deliveries, known, seen)
    into, source, plot, given = (
        rows[name].to_numpy().astype(np.int64) for name in ("into", "source", "plot", "mass_g")
    )
    model = rows["model"].to_numpy().astype(np.int8)
    weighed = given > 0
    described = source != NONE
    undescribed = rows["named"].to_numpy() & ~described
    grown = (plot != NONE) & ~described & ~undescribed
    sure = np.zeros(into.size, dtype=np.bool_)
    sure[grown] = on_file[plot[grown]]
    unsaid = ~described & ~undescribed & (plot == NONE)

    taken = np.zeros(known.len(), dtype=np.int64)
    np.add.at(taken, into, np.where(weighed, given, 0))
    whole = np.maximum(stated, taken)
    unweighed = (stated == 0) | _any(known.len(), into[~weighed])
    mass = np.where(weighed & ~unweighed[into], given, 0)
    # What comes from nowhere: from a lot or plot not on file, from no place at all, or over the top.
    astray = ~described & ~sure
    unexplained = np.where(unweighed, 1, whole - taken)
    lots_short = np.flatnonzero(unexplained > 0)
    told = (plot != NONE) & ~sure
    edges = Edges.together(
        Edges.of(source[described], into[described], mass[described], model[described]),
        Edges.of(places.lots + plot[sure], into[sure], mass[sure], model[sure]),
        Edges.of(places.lots + plot[told], into[told], 0, SAME),
        Edges.of(places.unknown, into[astray], mass[astray], np.where(undescribed, np.int8(NONE), model)[astray]),
        Edges.of(places.unknown, lots_short, unexplained[lots_short], NONE),
        Edges.of(places.lots + _numbers(passed["establishment"], seen), _numbers(passed["lot"], known), 0, SAME),
    )
    nodes = places.inner
    settles = np.zeros(nodes, dtype=np.bool_)
    settles[: places.lots] = placed
    return Flows(
        lots=known,
        plots=seen,
        graph=Graph.of(places, 0, edges, settles, np.zeros(nodes, dtype=np.int64)),
        whole=whole,
        placed=placed,
        by_facility=lot_facts["by_facility"].to_numpy().astype(np.bool_),
        unweighed=unweighed,
        without_inputs=~_any(known.len(), into),
        lacking=_any(known.len(), into[undescribed | (unsaid & ~placed[into])]),
    )


def _any(count: int, numbers: Ints) -> Flags:
    found = np.zeros(count, dtype=np.bool_)
    found[numbers] = True
    return found


def _lot_facts(known: pl.Series, lots: pl.DataFrame, facilities: pl.DataFrame) -> pl.DataFrame:
    sourcing = pl.col("sources_from")
    stating = (
        facilities.filter((sourcing.list.len() > 0) & ~sourcing.list.contains(None))
        .select("facility", by_facility=True)
        .unique()
    )
    # Two rows for one lot contradict each other: the larger mass leaves more to explain.
    rows = lots.join(stating, on="facility", how="left").group_by("lot").agg(
        pl.col("mass_g").max(),
        country=pl.col("country").is_not_null().all(),
        by_facility=pl.col("by_facility").fill_null(False).all(),
    )  # fmt: skip
    return (
        known.to_frame()
        .join(rows, on="lot", how="left", maintain_order="left")
        .with_columns(
            stated=pl.col("mass_g").fill_null(0).clip(lower_bound=0),
            by_facility=pl.col("by_facility").fill_null(False),
        )
        .with_columns(placed=pl.col("by_facility") | pl.col("country").fill_null(False))
    )


def _numbered(deliveries: pl.DataFrame, lots: pl.Series, plots: pl.Series) -> pl.DataFrame:
    """``into, source, plot`` as numbers or `NONE`, ``mass_g``, ``model``; whether an input lot is ``named``.

    The rows are in any order.
    """
    of_lot, of_plot = _numbering(lots), _numbering(plots)
    ranks = {model: rank for rank, model in enumerate(CUSTODY_MODELS)}
    return (
        deliveries.lazy()
        .select("lot", "input_lot", "plot", "mass_g", "custody")
        .join(of_lot.rename({"id": "lot", "n": "into"}), on="lot", how="left")
        .join(of_lot.rename({"id": "input_lot", "n": "source"}), on="input_lot", how="left")
        .join(of_plot.rename({"id": "plot", "n": "place"}), on="plot", how="left")
        .select(
            "into",
            pl.col("source").fill_null(NONE),
            pl.col("mass_g").fill_null(0),
            plot=pl.col("place").fill_null(NONE),
            model=pl.col("custody").replace_strict(ranks, default=NONE, return_dtype=pl.Int8).fill_null(NONE),
            named=pl.col("input_lot").is_not_null(),
        )
        .collect()
    )


def _numbers(ids: pl.Series, known: pl.Series) -> Ints:
    """The place of each of ``ids`` among the ``known``, all of which are there."""
    found = ids.rename("id").to_frame().lazy().join(_numbering(known), on="id", maintain_order="left").collect()
    return found["n"].to_numpy().astype(np.int64)


def _numbering(known: pl.Series) -> pl.LazyFrame:
    return pl.LazyFrame({"id": known, "n": np.arange(known.len(), dtype=np.int64)})
