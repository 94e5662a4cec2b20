"""Deliveries, the plainest form: into this lot went so much of that lot, or from that plot."""

import numpy as np
import polars as pl

from landproof.chain.arrays import NONE, SAME
from landproof.chain.graph import Edges
from landproof.chain.supply import Names, Supply, numbering, ranked


def delivered(deliveries: pl.DataFrame, names: Names) -> Supply:
    """What ``deliveries`` say.

    Plots that are not on file explain nothing, and may be in the lot all the same. So does a plot beside an input
    lot: the lot tells more.
    """
    rows = _numbered(deliveries, names)
    into, source, plot, given = (
        rows[name].to_numpy().astype(np.int64) for name in ("into", "source", "plot", "mass_g")
    )
    fact = rows["fact"].to_numpy().astype(np.int64)
    model = rows["model"].to_numpy().astype(np.int8)
    places = names.places
    weighed = given > 0
    mass = np.where(weighed, given, 0)
    described = source != NONE
    undescribed = rows["named"].to_numpy() & ~described
    grown = (plot != NONE) & ~described & ~undescribed
    sure = np.zeros(into.size, dtype=np.bool_)
    sure[grown] = names.on_file[plot[grown]]
    unsaid = ~described & ~undescribed & (plot == NONE)
    astray = ~described & ~sure
    told = (plot != NONE) & ~sure
    edges = Edges.together(
        Edges.of(source[described], into[described], mass[described], model[described], fact[described]),
        Edges.of(places.lots + plot[sure], into[sure], mass[sure], model[sure], fact[sure]),
        Edges.of(places.lots + plot[told], into[told], 0, SAME, fact[told]),
        Edges.of(
            places.unknown,
            into[astray],
            mass[astray],
            np.where(undescribed, np.int8(NONE), model)[astray],
            fact[astray],
        ),
    )
    return Supply(edges, into[~weighed], into[undescribed | (unsaid & ~names.placed[into])])


def _numbered(deliveries: pl.DataFrame, names: Names) -> pl.DataFrame:
    """``fact, into, source, plot`` as numbers or `NONE`, ``mass_g``, ``model``; whether an input lot is ``named``.

    The rows are in any order.
    """
    of_lot, of_plot = numbering(names.lots), numbering(names.plots)
    return (
        deliveries.lazy()
        .select("lot", "input_lot", "plot", "mass_g", "custody")
        .with_row_index("fact")
        .join(of_lot.rename({"id": "lot", "n": "into"}), on="lot", how="left")
        .join(of_lot.rename({"id": "input_lot", "n": "source"}), on="input_lot", how="left")
        .join(of_plot.rename({"id": "plot", "n": "place"}), on="plot", how="left")
        .select(
            "fact",
            "into",
            pl.col("source").fill_null(NONE),
            pl.col("mass_g").fill_null(0),
            plot=pl.col("place").fill_null(NONE),
            model=ranked(pl.col("custody")),
            named=pl.col("input_lot").is_not_null(),
        )
        .collect()
    )
