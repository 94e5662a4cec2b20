"""Everything that ``make accuracy`` measures, cut into tasks that need nothing from each other."""

import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from benchmarks.accuracy import curve, landscapes, scene, straddle
from benchmarks.accuracy.painted import ORIGINS, Origin
from benchmarks.accuracy.reference_cases import Case, cases

ERRORS_M = (0.0, 50.0)
PAINTED_SEED = 7


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many plots are drawn per size: on the scene, per sweep, for the year alone; painted ones per kind."""

    scene: int = 10_000
    sweep: int = 2_000
    straddle: int = 1_000
    painted: int = 300


@dataclass(frozen=True, slots=True)
class Results:
    """A row per plot in each frame; ``seconds`` is what all took, ``processor_seconds`` over all cores."""

    sizes: Sizes
    scene: pl.DataFrame
    sweep: pl.DataFrame
    straddle: pl.DataFrame
    painted: pl.DataFrame
    cases: list[Case]
    seconds: float
    processor_seconds: float


def measure(
    validation: Path,
    sizes: Sizes,
    *,
    origins: Sequence[Origin] = ORIGINS,
    hectares: Sequence[float] = scene.SIZES,
    workers: int = 2,
) -> Results:
    """All that is measured of plots of ``hectares``: the same rows each time, however many ``workers``."""
    started, spent = time.perf_counter(), _processor_seconds()
    folder = validation / "prodes_rondonia"
    painted = [each for each in landscapes.SIZES if each in hectares]
    tasks: dict[str, list[Callable[[], pl.DataFrame]]] = {
        "painted": [
            partial(_painted, origin, painted, error_m, sizes.painted)
            for origin, error_m in product(origins, ERRORS_M)
        ],
        "scene": [
            partial(_scene, folder, each, error_m, sizes.scene) for error_m, each in product(ERRORS_M, hectares)
        ],
        "sweep": [
            partial(_sweep, folder, *each, sizes.sweep) for each in curve.combinations() if each[1] in hectares
        ],
        "straddle": [partial(_straddle, folder, each, sizes.straddle) for each in hectares],
    }
    if workers > 1:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            found = _all(tasks, pool)
    else:
        found = {name: pl.concat([task() for task in each]) for name, each in tasks.items()}
    return Results(
        sizes,
        **found,
        cases=cases(validation),
        seconds=time.perf_counter() - started,
        processor_seconds=_processor_seconds() - spent,
    )


def _processor_seconds() -> float:
    """Of this process and of those that it has waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _all(tasks: dict[str, list[Callable[[], pl.DataFrame]]], pool: Executor) -> dict[str, pl.DataFrame]:
    """The results in the order of the tasks, whichever ended first."""
    waiting = {name: [pool.submit(task) for task in each] for name, each in tasks.items()}
    return {name: pl.concat([each.result() for each in futures]) for name, futures in waiting.items()}


def _scene(folder: Path, hectares: float, error_m: float, count: int) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as name:
        return scene.measured(scene.open_scene(folder), Path(name), hectares, error_m, count)


def _sweep(folder: Path, procedure: str, hectares: float, error_m: float, count: int) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as name:
        return curve.swept(scene.open_scene(folder), Path(name), procedure, hectares, error_m, count)


def _straddle(folder: Path, hectares: float, count: int) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as name:
        return straddle.straddling(scene.open_scene(folder), Path(name), hectares, count)


def _painted(origin: Origin, sizes: Sequence[float], error_m: float, count: int) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as name:
        return landscapes.measured(
            origin, PAINTED_SEED, Path(name) / "land", sizes=sizes, errors=[error_m], count=count
        )


def workers() -> int:
    """One per core."""
    return os.cpu_count() or 1
