"""A land of six square degrees with forest, loss and clearings, and plots on it, near its borders and off it."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import psutil
import pytest
import shapely

from landproof.run.executors import Executor
from landproof.run.measure_plots import MeasuredPlots, Options, measure_file
from landproof.run.results import Receipt
from landproof.run.tasks import Job, Task
from tests.unit.layers.painted import entry, paint

STEP = 0.005
FOREST = entry(
    "forest", "forest baseline", "valid_on = 2020-12-31", "natural = [1]", "not_natural = [0]",
    files=["forest_*.tif"],
)  # fmt: skip
LOSS = entry(
    "loss", "change", 'family = "landsat_auto"', 'encoding = "year"', "base_year = 2000", "none = [0]",
    "last_year = 2025", 'earliest = "10-01 of the year before"', files=["loss_*.tif"],
)  # fmt: skip


def painted(folder: Path) -> Path:
    """The catalogue: forest in tiles of one degree by two, loss in tiles of a degree."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    forest = (random.random((400, 600)) < 0.7).astype(int)
    loss = np.where(random.random((400, 600)) < 0.1, random.integers(15, 25, (400, 600)), 0)
    for column in range(3):
        strip = slice(200 * column, 200 * column + 200)
        paint(folder / f"forest_{column}.tif", forest[:, strip].tolist(), west=10.0 + column, north=1.0, step=STEP)
        for row in range(2):
            part = loss[200 * row : 200 * row + 200, strip]
            paint(
                folder / f"loss_{row}{column}.tif", part.tolist(), west=10.0 + column, north=1.0 - row, step=STEP
            )
    path = folder / "layers.toml"
    path.write_text(FOREST + LOSS, encoding="utf-8")
    return path


def repaint(folder: Path, name: str, value: int, *, west: float, north: float) -> None:
    """Another content of a tile of a degree."""
    paint(folder / name, [[value] * 200] * 200, west=west, north=north, step=STEP)


def shapes(count: int = 60) -> dict[str, shapely.Geometry | None]:
    """Plots by id: outlines, points, some on the borders of cells and tiles, some without any land."""
    random = np.random.default_rng(11)
    found: dict[str, shapely.Geometry | None] = {}
    for number in range(count):
        x, y = random.uniform(9.98, 13.0), random.uniform(-1.02, 1.0)
        size = random.choice([0.0005, 0.004, 0.02])
        found[f"P{number:03d}"] = (
            shapely.Point(x, y) if number % 5 == 0 else shapely.box(x, y, x + size, y + 0.7 * size)
        )
    found["on-border"] = shapely.box(10.995, -0.005, 11.005, 0.005)
    found["off"] = shapely.box(30.0, 10.0, 30.01, 10.01)
    found["none"] = None
    found["broken"] = shapely.Polygon([(11, 0), (11.1, 0.1), (11.1, 0), (11, 0.1)])
    return found


def frame_of(plots: dict[str, shapely.Geometry | None]) -> pl.DataFrame:
    """The columns of a cell file, and the row of each plot."""
    return pl.DataFrame(
        {
            "plot": list(plots),
            "area_ha": [None] * len(plots),
            "located_by": [None] * len(plots),
            "geometry": [None if each is None else shapely.to_wkb(each) for each in plots.values()],
            "source_row": list(range(1, len(plots) + 1)),
        },
        schema={
            "plot": pl.String, "area_ha": pl.Decimal(38, 6), "located_by": pl.String, "geometry": pl.Binary,
            "source_row": pl.Int64,
        },
    )  # fmt: skip


def geojson(path: Path, plots: dict[str, shapely.Geometry | None]) -> Path:
    """A file of plots."""
    features = [
        f'{{"type":"Feature","properties":{{"plot":"{name}"}},"geometry":{shapely.to_geojson(shape)}}}'
        for name, shape in plots.items()
        if shape is not None
    ]
    path.write_text('{"type":"FeatureCollection","features":[' + ",\n".join(features) + "]}", encoding="utf-8")
    return path


@dataclass
class Watching:
    """Does tasks as another executor, counts them, and calls ``after`` with the number of receipts so far."""

    inner: Executor
    after: object = None
    done: int = 0

    def run(self, job: Job, tasks: Sequence[Task]) -> Iterator[Receipt]:
        for receipt in self.inner.run(job, tasks):
            self.done += 1
            if callable(self.after):
                self.after(self.done)
            yield receipt


def measured_with(
    monkeypatch: pytest.MonkeyPatch, executor: Executor, plots: Path, layers: Path, output: Path | None = None,
    keep: Path | None = None,
) -> MeasuredPlots:  # fmt: skip
    """`measure_file` by ``executor``."""
    monkeypatch.setattr("landproof.run.measure_plots.executor", lambda *_: executor)
    return measure_file(plots, layers, output, options=Options(keep=keep))


def measured(plots: Path, layers: Path, output: Path | None = None, keep: Path | None = None) -> MeasuredPlots:
    """`measure_file` in this process."""
    return measure_file(plots, layers, output, options=Options(workers=1, keep=keep))


def contents(output: Path) -> dict[str, bytes]:
    """What was written as ``output`` and beside it."""
    return {path.name: path.read_bytes() for path in sorted(output.parent.glob(f"{output.stem}.*"))}


def workers() -> list[psutil.Process]:
    """The worker processes of this one."""
    found = psutil.Process(os.getpid()).children(recursive=True)
    return [each for each in found if "landproof.run.worker" in " ".join(_command(each))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
