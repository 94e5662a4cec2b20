"""Plots through the engine as it is shipped, or in a marked exploration with other thresholds."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl

from benchmarks.accuracy.plots import Polygons
from landproof.land import patches as patches_module
from landproof.land import verdict as verdict_module
from landproof.land.verdict import Status, decide
from landproof.layers.areas import Holdings, holdings
from landproof.layers.catalogue import load_catalogue
from landproof.layers.overlay import Overlayer

CLEAR, DOUBT, BLIND, CONVERTED = "not converted", "inconclusive", "not assessed", "converted"
HARMS = ("deforestation", "conversion")
REGISTRATION_M = 12.0  # of the layers, as in run/measure.py
GNSS_M = 10.0  # of a plot whose outline was walked


@dataclass(frozen=True, slots=True)
class Knobs:
    """The published thresholds that an exploration may move."""

    families_to_clear: int = patches_module.WITNESSES_NEEDED
    noise_m2: int = verdict_module.NOISE_M2


SHIPPED = Knobs()


@dataclass(frozen=True, slots=True)
class Judged:
    """Per plot the verdict on `HARMS` together and its reasons; ``areas`` as in `landproof.land.tables.AREAS`."""

    verdicts: list[str]
    reasons: list[frozenset[str]]
    areas: pl.DataFrame


def sigma(position_m: float) -> float:
    """The standard error of an outline in metres, that of the layers included."""
    return float(np.hypot(position_m, REGISTRATION_M))


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

    def judge(self, lands: Polygons, sigma_m: float, knobs: Sequence[Knobs] = (SHIPPED,)) -> list[Judged]:
        """The verdicts on ``lands``, once for each of ``knobs``."""
        found = self._found(lands, sigma_m)
        return [self._judged(found, each) for each in knobs]

    def areas(self, lands: Polygons) -> pl.DataFrame:
        """What ``lands`` hold, as in `landproof.land.tables.AREAS`."""
        return self._found(lands, 0.0).areas

    def _found(self, lands: Polygons, sigma_m: float) -> Holdings:
        sigmas = np.full(len(lands), sigma_m)
        return holdings(list(lands), sigmas, self.catalogue, self._overlayer, cut_off=self.cut_off)

    def _judged(self, found: Holdings, knobs: Knobs) -> Judged:
        facts = [layer.facts for layer in self.catalogue.layers]
        with _turned(knobs):
            statuses = [decide(patches, facts, cut_off=self.cut_off) for patches in found.patches]
        return Judged([together(each) for each in statuses], [codes(each) for each in statuses], found.areas)


def codes(statuses: Sequence[Status]) -> frozenset[str]:
    """The reasons of the verdicts on `HARMS`."""
    return frozenset(code for status in statuses if status.harm in HARMS for code in status.reasons)


def together(statuses: Sequence[Status]) -> str:
    """One verdict of those on `HARMS`: the worst that is known, and clear only where both are."""
    verdicts = [status.verdict for status in statuses if status.harm in HARMS]
    return next(each for each in (CONVERTED, DOUBT, BLIND, CLEAR) if each in verdicts)


def shares(areas: pl.DataFrame, layer: str, classes: Sequence[str], plots: int) -> pl.Series:
    """Square metres of each plot in ``classes`` of ``layer``."""
    held = areas.filter((pl.col("layer") == layer) & pl.col("class").is_in(list(classes)))
    sums = held.group_by("plot").agg(pl.col("area_m2").sum())
    everyone = pl.DataFrame({"plot": pl.Series(range(plots), dtype=sums.schema["plot"])})
    return everyone.join(sums, on="plot", how="left").sort("plot")["area_m2"].fill_null(0)


@contextmanager
def _turned(knobs: Knobs) -> Iterator[None]:
    """The module's thresholds set to ``knobs`` for a moment; no certification run can do so."""
    before = patches_module.WITNESSES_NEEDED, verdict_module.NOISE_M2
    patches_module.WITNESSES_NEEDED, verdict_module.NOISE_M2 = knobs.families_to_clear, knobs.noise_m2
    try:
        yield
    finally:
        patches_module.WITNESSES_NEEDED, verdict_module.NOISE_M2 = before
