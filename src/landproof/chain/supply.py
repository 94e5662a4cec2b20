"""What a source of facts (deliveries, events, vessels) says went into what."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from landproof.chain.arrays import NONE, Flags, Ints, Small
from landproof.chain.graph import Edges, Places
from landproof.domain.vocabulary import CUSTODY_MODELS

NOBODY: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Supply:
    """``edges`` as stated; the lots and steps that took in something ``unweighed``; lots ``lacking`` an input.

    Lacking: they come from a lot that nobody has described, or from no place at all.
    """

    edges: Edges
    unweighed: Ints
    lacking: Ints


@dataclass(frozen=True, slots=True)
class Names:
    """Lots and plots in the order of their ids, which are their numbers; what is known of each."""

    lots: pl.Series
    plots: pl.Series
    on_file: Flags  # by plot
    placed: Flags  # by lot: its country is known

    @property
    def places(self) -> Places:
        """Which node is what."""
        return Places(self.lots.len(), self.plots.len())

    def lot_numbers(self, ids: pl.Series) -> Ints:
        """The number of each lot, or `NONE`."""
        return numbers(ids, self.lots)

    def plot_numbers(self, ids: pl.Series) -> Ints:
        """The number of each plot, or `NONE`."""
        return numbers(ids, self.plots)


def numbers(ids: pl.Series, known: pl.Series) -> Ints:
    """The place of each of ``ids`` among the ``known``, or `NONE`."""
    found = ids.rename("id").to_frame().lazy().join(numbering(known), on="id", how="left", maintain_order="left")
    return found.collect()["n"].fill_null(NONE).to_numpy().astype(np.int64)


def numbering(known: pl.Series) -> pl.LazyFrame:
    """``id, n``: the known ids and their places."""
    return pl.LazyFrame({"id": known, "n": np.arange(known.len(), dtype=np.int64)})


def ranked(model: pl.Expr) -> pl.Expr:
    """The rank of a custody model, or `NONE`."""
    ranks = {model: rank for rank, model in enumerate(CUSTODY_MODELS)}
    return model.replace_strict(ranks, default=NONE, return_dtype=pl.Int8).fill_null(NONE)


def ranks(models: pl.Series) -> Small:
    """The rank of each custody model, or `NONE`."""
    return models.to_frame("model").select(ranked(pl.col("model")))["model"].to_numpy().astype(np.int8)


def grams(masses: pl.Series) -> Ints:
    """Whole grams; 0 for one that is missing, or not above zero."""
    return masses.fill_null(0).clip(lower_bound=0).to_numpy().astype(np.int64)
