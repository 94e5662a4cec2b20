"""The procedure on painted landscapes, by size, position error, origin and available families."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl
import shapely

from benchmarks.accuracy.engine import GNSS_M, MEASURED, Engine, entry, shares, sigma
from benchmarks.accuracy.painted import (
    CUT_OFF,
    EPOCH,
    FAMILIES,
    NORTH,
    STEP,
    WEST,
    Cells,
    Family,
    Origin,
    Painted,
    paint,
    write,
)
from benchmarks.accuracy.peers import Indicators, whisp_form
from benchmarks.accuracy.plots import Place, Plots, random_plots
from landproof.land.thresholds import PUBLISHED, Thresholds

_shapely = cast(Any, shapely)
SIZES = (0.5, 1.0, 4.0, 25.0, 100.0)
FELLED_M2 = 5_000
# Which families exist where (conversion-verdict 5.6): the global ones, the humid tropics, the Amazon basin. One
# family alone clears nothing as shipped; what it would do is shown in a marked exploration.
_ONE = PUBLISHED.changed({"families_to_clear": 1, "most_residual_ppm": 1_000_000})
_GLOBAL = ("landsat_auto", "hls_auto")
ONE_IS_ENOUGH = "landsat (exploration)"
AVAILABLE = {
    ONE_IS_ENOUGH: (_GLOBAL[:1], _ONE),
    "landsat, hls": (_GLOBAL, PUBLISHED),
    "landsat, hls, s1": ((*_GLOBAL, "s1_auto"), PUBLISHED),
    "landsat, hls, s1, s2": ((*_GLOBAL, "s1_auto", "s2_auto"), PUBLISHED),
}
_POOL = 4_000  # plots drawn at a time in search of felled ones
_POOLS = 40
_MARGIN_M = 110.0


@dataclass(frozen=True, slots=True)
class Sample:
    """``felled`` plots hold half a hectare converted, ``clean`` ones nothing; ``share`` of all are felled."""

    felled: Plots
    clean: Plots
    share: float


def place_of(origin: Origin) -> Place:
    """The ground of a painted landscape."""
    length = origin.cells * STEP
    return Place(WEST, NORTH - length, WEST + length, NORTH, _MARGIN_M)


def layers_of(paths: dict[str, Path], families: Sequence[str]) -> str:
    """The catalogue of a landscape with these families of change layers."""
    baseline = [f"valid_on = {CUT_OFF}", "natural = [1]", "not_natural = [0]"]
    entries = [
        entry("forest", "forest baseline", paths["forest"], *baseline),
        entry("natural", "natural baseline", paths["natural"], *baseline),
        entry("use", "land use after", paths["use"], "agriculture = [1]", "unclear = [2]"),
    ]
    entries += [_change(family, paths) for family in FAMILIES if family.name in families]
    return "".join(entries)


def _change(family: Family, paths: dict[str, Path]) -> str:
    if family.delay_days is None:
        rule = [
            'encoding = "year"',
            "base_year = 2000",
            "last_year = 2027",
            'earliest = "10-01 of the year before"',
        ]
    else:
        rule = ['encoding = "days"', f"epoch = {EPOCH}", f"uncertainty_days = {family.delay_days}"]
    return entry(
        family.name, "change", paths[family.name], f'family = "{family.name}"', "none = [0]", MEASURED, *rule
    )


def truth_of(paths: dict[str, Path], folder: Path) -> Engine:
    """What was converted, to be measured exactly."""
    legend = [f"valid_on = {CUT_OFF}", "natural = [1]", "not_natural = [0]"]
    return Engine(folder, "truth", entry("truth", "forest baseline", paths["truth"], *legend), CUT_OFF)


def sample(
    painted: Painted, truth: Engine, hectares: float, error_m: float, count: int, seed: tuple[int, ...]
) -> Sample:
    """Up to ``count`` felled and as many clean plots, each drawn at random among all there could be."""
    sums = np.pad(painted.truth.astype(np.int64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    felled: list[Plots] = []
    clean: list[Plots] = []
    drawn = hit = 0
    for pool in range(_POOLS):
        key = (*seed, round(hectares * 10), round(error_m), pool)
        plots = random_plots(key, _POOL, hectares, place_of(painted.origin), error_m=error_m)
        m2 = np.zeros(len(plots), dtype=np.int64)
        close = np.flatnonzero(_cells_under(plots, sums))
        if len(close):
            m2[close] = shares(truth.areas(plots.true[close]), "truth", ["1"], len(close)).to_numpy()
        drawn, hit = drawn + len(plots), hit + int((m2 >= FELLED_M2).sum())
        felled.append(plots.of(np.flatnonzero(m2 >= FELLED_M2)))
        clean.append(plots.of(np.flatnonzero(m2 == 0)))
        if sum(map(len, felled)) >= count and sum(map(len, clean)) >= count:
            break
    return Sample(_first(felled, count), _first(clean, count), hit / drawn)


def _cells_under(plots: Plots, sums: Cells) -> Cells:
    """How many converted cells the box around each plot touches."""
    west, south, east, north = _shapely.bounds(plots.true).T
    left, right = np.floor((west - WEST) / STEP).astype(int), np.ceil((east - WEST) / STEP).astype(int)
    top, bottom = np.floor((NORTH - north) / STEP).astype(int), np.ceil((NORTH - south) / STEP).astype(int)
    return sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]


def _first(parts: Sequence[Plots], count: int) -> Plots:
    whole = Plots(np.concatenate([each.true for each in parts]), np.concatenate([each.given for each in parts]))
    return whole.of(np.arange(min(count, len(whole))))


def measured(
    origin: Origin, seed: int, folder: Path, *, sizes: Sequence[float], errors: Sequence[float], count: int
) -> pl.DataFrame:
    """One row per plot and set of families: whether it is felled, the verdict, and that of the peers' rule.

    ``share``: how many of all plots of that size on the landscape are felled.
    """
    painted = paint(origin, seed)
    folder.mkdir()
    paths = write(painted, folder)
    rows: list[pl.DataFrame] = []
    with ExitStack() as stack:
        truth = stack.enter_context(truth_of(paths, folder))
        engines = {
            name: stack.enter_context(
                Engine(folder, f"layers{len(families)}", layers_of(paths, families), CUT_OFF)
            )
            for name, (families, _) in AVAILABLE.items()
        }
        for hectares, error_m in product(sizes, errors):
            drawn = sample(painted, truth, hectares, error_m, count, (seed,))
            for (felled, plots), name in product(((True, drawn.felled), (False, drawn.clean)), engines):
                found = _judged(plots, engines[name], error_m, AVAILABLE[name][1])
                rows.append(
                    found.with_columns(
                        origin=pl.lit(origin.name),
                        families=pl.lit(name),
                        ha=pl.lit(hectares),
                        error_m=pl.lit(error_m),
                        felled=pl.lit(felled),
                        share=pl.lit(drawn.share),
                    )
                )
    return pl.concat(rows)


def _judged(plots: Plots, engine: Engine, error_m: float, thresholds: Thresholds) -> pl.DataFrame:
    if not len(plots):
        return pl.DataFrame(schema={"verdict": pl.String, "peer": pl.String})
    found = engine.judge(plots.given, sigma(error_m or GNSS_M), [thresholds])[0]
    return pl.DataFrame({"verdict": found.verdicts, "peer": whisp_form(_indicators(found.areas, len(plots)))})


def _indicators(areas: pl.DataFrame, plots: int) -> Indicators:
    """The layers of the catalogue in the places of the peers' maps; no map of a commodity is painted."""
    whole = areas.filter(pl.col("layer") == "forest").group_by("plot").agg(whole=pl.col("area_m2").sum())
    dated = areas.filter(
        pl.col("layer").is_in([family.name for family in FAMILIES]) & pl.col("year").is_not_null()
    )
    disturbed = (
        dated.group_by("plot", "layer", after=pl.col("year") > CUT_OFF.year)
        .agg(m2=pl.col("area_m2").sum())
        .group_by("plot", "after")
        .agg(m2=pl.col("m2").max())
    )

    def m2(frame: pl.DataFrame, column: str) -> pl.Series:
        everyone = pl.DataFrame({"plot": pl.Series(range(plots), dtype=areas.schema["plot"])})
        return everyone.join(frame, on="plot", how="left").sort("plot")[column].fill_null(0)

    return Indicators(
        whole=m2(whole, "whole"),
        tree_cover=shares(areas, "forest", ["1"], plots),
        disturbed_before=m2(disturbed.filter(~pl.col("after")), "m2"),
        disturbed_after=m2(disturbed.filter(pl.col("after")), "m2"),
    )
