"""Deliveries, lots and plots as arrays of whole numbers, so that tracing runs by levels and not by rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from landproof.domain.vocabulary import CUSTODY_MODELS

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Exact = npt.NDArray[Any]  # Python integers of any size

NONE = -1  # no lot, no plot, no level, no custody model


@dataclass(frozen=True)
class Ledger:
    """Everything that tracing reads. Lots and plots are numbered in the order of their ids.

    An edge is one delivery. Its mass is 0 where it is missing, and ``weighed`` is false there.
    """

    lots: pl.Series
    plots: pl.Series
    stated: Ints  # mass of the lot as stated, 0 where missing
    placed: Flags  # the lot states its country, or its facility states all countries it sources from
    by_facility: Flags  # the latter
    on_file: Flags  # the plot is on file; one more, false, for `NONE`
    into: Ints  # edge -> lot
    source: Ints  # edge -> lot it came from
    plot: Ints  # edge -> plot it came from
    unknown_source: Flags  # edge names a lot that nobody has described
    mass: Ints
    weighed: Flags
    custody: Ints  # rank in CUSTODY_MODELS


def read_ledger(
    deliveries: pl.DataFrame, lots: pl.DataFrame, facilities: pl.DataFrame, plots: pl.DataFrame
) -> Ledger:
    """Number lots and plots and turn the four tables into a `Ledger`.

    A lot is known when ``lots`` lists it or a delivery leads into it. A mass of zero or less is no mass.
    """
    known = pl.concat([lots["lot"], deliveries["lot"]]).drop_nulls().unique().sort().rename("lot")
    seen = deliveries["plot"].drop_nulls().unique().sort().rename("plot")
    facts = _lot_facts(known, lots, facilities)
    lot_number = pl.DataFrame({"lot": known, "n": np.arange(known.len(), dtype=np.int64)})
    plot_number = pl.DataFrame({"plot": seen, "n": np.arange(seen.len(), dtype=np.int64)})
    # The order of deliveries must not matter, not even for the order of sums.
    edges = deliveries.sort("delivery", "lot", "input_lot", "plot", "mass_g", nulls_last=True)
    source = _numbers(edges["input_lot"], lot_number)
    mass = edges["mass_g"].fill_null(NONE).to_numpy().astype(np.int64)
    weighed = mass > 0
    return Ledger(
        lots=known,
        plots=seen,
        stated=facts["stated"].to_numpy().astype(np.int64),
        placed=facts["placed"].to_numpy().astype(np.bool_),
        by_facility=facts["by_facility"].to_numpy().astype(np.bool_),
        on_file=np.r_[
            seen.is_in(plots["plot"].drop_nulls().unique().implode()).to_numpy().astype(np.bool_), False
        ],
        into=_numbers(edges["lot"], lot_number),
        source=source,
        plot=_numbers(edges["plot"], plot_number),
        unknown_source=edges["input_lot"].is_not_null().to_numpy() & (source == NONE),
        mass=np.where(weighed, mass, 0),
        weighed=weighed,
        custody=_ranks(edges["custody"]),
    )


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


def _numbers(ids: pl.Series, numbering: pl.DataFrame) -> Ints:
    name = numbering.columns[0]
    frame = ids.rename(name).to_frame().join(numbering, on=name, how="left", maintain_order="left")
    return frame["n"].fill_null(NONE).to_numpy().astype(np.int64)


def _ranks(models: pl.Series) -> Ints:
    order = {model: rank for rank, model in enumerate(CUSTODY_MODELS)}
    ranks = models.replace_strict(order, default=NONE, return_dtype=pl.Int64)
    return ranks.fill_null(NONE).to_numpy().astype(np.int64)
