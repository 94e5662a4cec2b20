"""Plots through the engine as it is shipped, or in a marked exploration with other thresholds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl

from benchmarks.accuracy.plots import Polygons
from landproof.land.thresholds import PUBLISHED, Terms, Thresholds
from landproof.land.verdict import decide
from landproof.layers.areas import Holdings, holdings
from landproof.layers.catalogue import load_catalogue
from landproof.layers.overlay import Overlayer

CLEAR, DOUBT, BLIND, CONVERTED = "not converted", "inconclusive", "not assessed", "converted"
HARMS = ("deforestation", "conversion")
GNSS_M = float(PUBLISHED.gnss_m)  # of a plot whose outline was walked
# Lets a layer of nobody's clear land with the misses that are assumed for its family.
MEASURED = 'accuracy = [{ of = "change", users = 0.99, units = 1000, source = "lent, for measuring" }]'


@dataclass(frozen=True, slots=True)
class Judged:
    """Per plot the verdict on `HARMS` together and its reasons; ``areas`` as in `landproof.land.tables.AREAS`."""

    verdicts: list[str]
    reasons: list[frozenset[str]]
    areas: pl.DataFrame


def sigma(position_m: float) -> float:
    """The standard error of an outline in metres, that of the layers included."""
    return float(np.hypot(position_m, PUBLISHED.registration_m))


def entry(name: str, role: str, path: Path, *lines: str) -> str:
    """One entry of layers.toml."""
    head = [
        f'id = "{name}"',
        f'role = "{role}"',
        'title = "For measuring accuracy"',
        'producer = "see SOURCES.md"',
        'version = "1"',
    ]
    return "\n".join(["[[layer]]", *head, 'licence = "test data"', f'files = ["{path}"]', *lines, ""])


class Engine:
    """The layers of a catalogue, opened once for many plots."""

    def __init__(self, folder: Path, name: str, entries: str, cut_off: date) -> None:
        path = folder / f"{name}.toml"
        path.write_text(entries, encoding="utf-8")
        self.catalogue = load_catalogue(path)
        self.cut_off = cut_off
        self._overlayer = Overlayer(self.catalogue)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._overlayer.close()

    def judge(
        self, lands: Polygons, sigma_m: float, thresholds: Sequence[Thresholds] = (PUBLISHED,)
    ) -> list[Judged]:
        """The verdicts on ``lands``, once by each of ``thresholds``, of which none is about the landscape."""
        found = self._found(lands, sigma_m)
        return [self._judged(found, len(lands), each) for each in thresholds]

    def areas(self, lands: Polygons) -> pl.DataFrame:
        """What ``lands`` hold, as in `landproof.land.tables.AREAS`."""
        return self._found(lands, 0.0).areas

    def _found(self, lands: Polygons, sigma_m: float) -> Holdings:
        sigmas = np.full(len(lands), sigma_m)
        return holdings(list(lands), sigmas, self.catalogue, self._overlayer, terms=Terms(self.cut_off))

    def _judged(self, found: Holdings, plots: int, thresholds: Thresholds) -> Judged:
        facts = [layer.facts for layer in self.catalogue.layers]
        terms = Terms(self.cut_off, thresholds, exploration=thresholds != PUBLISHED)
        both = decide(found.pieces, found.patches, facts, terms).filter(pl.col("harm").is_in(HARMS))
        told = (
            pl.DataFrame({"plot": pl.Series(range(plots), dtype=pl.Int64)})
            .join(both, on="plot", how="left")
            .group_by("plot")
            .agg(pl.col("verdict"), pl.col("reasons").list.explode(keep_nulls=False, empty_as_null=False))
            .sort("plot")
        )
        return Judged(
            [together(each) for each in told["verdict"]],
            [frozenset(each) for each in told["reasons"]],
            found.areas,
        )


def together(verdicts: Sequence[str]) -> str:
    """One verdict of those on `HARMS`: the worst that is known, and clear only where both are."""
    return next(each for each in (CONVERTED, DOUBT, BLIND, CLEAR) if each in verdicts)


def shares(areas: pl.DataFrame, layer: str, classes: Sequence[str], plots: int) -> pl.Series:
    """Square metres of each plot in ``classes`` of ``layer``."""
    held = areas.filter((pl.col("layer") == layer) & pl.col("class").is_in(list(classes)))
    sums = held.group_by("plot").agg(pl.col("area_m2").sum())
    everyone = pl.DataFrame({"plot": pl.Series(range(plots), dtype=sums.schema["plot"])})
    return everyone.join(sums, on="plot", how="left").sort("plot")["area_m2"].fill_null(0)
