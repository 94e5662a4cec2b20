"""Peers of the overlay: the same plots and rasters, each in the way that its makers describe, or faster.

All give hectares per plot and class (`CLASSES`), or as much of it as they can. exactextract's coverage is weighed
with the same row areas as landproof's, so what differs is the coverage.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
import shapely
from exactextract import exact_extract
from exactextract.feature import Feature, FeatureSource, JSONFeatureSource
from exactextract.raster import NumPyRasterSource
from rasterio.features import geometry_mask
from rasterio.windows import Window

from landproof.land.kernel.ellipsoid import band_areas

CLASSES = 7  # no forest, lost to 2020, standing, lost in 2021, 2022, 2023 and 2024
Floats = npt.NDArray[np.float64]
_BATCH = 512  # cells on a side: plots whose middles are in one square are read together


def class_table() -> npt.NDArray[np.uint8]:
    """The class by tree cover and year of loss."""
    table = np.zeros((256, 256), np.uint8)
    year = np.arange(256)
    table[30:101] = np.where(year == 0, 2, np.where(year <= 20, 1, np.where(year <= 24, year - 18, 2)))
    return table


class _Shape(Feature):
    def __init__(self, number: int, binary: bytes) -> None:
        Feature.__init__(self)
        self.number, self.binary = number, binary

    def geometry(self) -> bytes:
        return self.binary

    def get(self, name: str) -> int:  # noqa: ARG002 - there is one field
        return self.number

    def fields(self) -> list[str]:
        return ["id"]


class _Shapes(FeatureSource):
    def __init__(self, numbers: list[int], binaries: list[bytes]) -> None:
        super().__init__()
        self.shapes = [_Shape(*each) for each in zip(numbers, binaries, strict=True)]

    def count(self) -> int:
        return len(self.shapes)

    def __iter__(self) -> Iterator[_Shape]:
        return iter(self.shapes)


class Rasters:
    """Tree cover and loss, open."""

    def __init__(self, folder: Path) -> None:
        self.cover, self.loss = rasterio.open(folder / "tc.tif"), rasterio.open(folder / "loss.tif")
        self.left, self.top, self.size = self.cover.transform.c, self.cover.transform.f, self.cover.transform.a
        self.table = class_table()

    def window(self, bounds: Floats) -> Window:
        west, south, east, north = bounds
        row, column = int((self.top - north) / self.size), int((west - self.left) / self.size)
        below, right = int((self.top - south) / self.size) + 1, int((east - self.left) / self.size) + 1
        row, column = max(row, 0), max(column, 0)
        return Window(column, row, min(right, self.cover.width) - column, min(below, self.cover.height) - row)

    def classes(self, window: Window) -> npt.NDArray[np.uint8]:
        return self.table[self.cover.read(1, window=window), self.loss.read(1, window=window)]

    def row_hectares(self, window: Window) -> Floats:
        rows = np.arange(window.row_off, window.row_off + window.height + 1)
        return -band_areas(self.top - rows * self.size) * self.size / 10_000


def batched(folder: Path, binaries: list[bytes]) -> Floats:
    """exactextract on windows of blocks, both rasters combined in memory, cells weighed by row."""
    rasters = Rasters(folder)
    bounds = shapely.bounds(shapely.from_wkb(binaries))
    across = ((bounds[:, 0] + bounds[:, 2]) / 2 - rasters.left) / rasters.size // _BATCH
    down = (rasters.top - (bounds[:, 1] + bounds[:, 3]) / 2) / rasters.size // _BATCH
    key = (down * 1000 + across).astype(np.int64)
    order = np.argsort(key, kind="stable")
    found = np.zeros((len(binaries), CLASSES))
    for part in np.split(order, np.nonzero(np.diff(key[order]))[0] + 1):
        box = np.concatenate([bounds[part, :2].min(axis=0), bounds[part, 2:].max(axis=0)])
        window = rasters.window(box)
        classes, hectares = rasters.classes(window), rasters.row_hectares(window)
        west = rasters.left + window.col_off * rasters.size
        north = rasters.top - window.row_off * rasters.size
        source = NumPyRasterSource(
            classes, west, north - window.height * rasters.size, west + window.width * rasters.size, north
        )
        shapes = _Shapes(part.tolist(), [binaries[number] for number in part.tolist()])
        for feature in exact_extract(
            source, shapes, ["values", "coverage", "cell_id"], include_cols=["id"], output="geojson"
        ):
            said = feature["properties"]
            weight = said["coverage"] * hectares[said["cell_id"].astype(np.int64) // window.width]
            number = feature["id"] if "id" in feature else said["id"]
            found[number] = np.bincount(said["values"].astype(np.int64), weight, CLASSES)
    return found


def documented(folder: Path, binaries: list[bytes]) -> Floats:
    """exactextract with a function of one's own over both rasters, as its guide shows."""
    table = class_table()
    mean = float(band_areas(np.array([0.0, 0.00025]))[0]) * 0.00025 / 10_000

    found: list[Floats] = []

    def crosstab(values: Any, coverage: Any, weights: Any) -> float:  # it may give a number only
        both = table[np.asarray(values, dtype=np.int64), np.asarray(weights, dtype=np.int64)]
        found.append(np.bincount(both, coverage, CLASSES))
        return 0.0

    shapes = shapely.from_wkb(binaries)
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)} for shape in shapes
    ]
    exact_extract(str(folder / "tc.tif"), JSONFeatureSource(features), crosstab, weights=str(folder / "loss.tif"))
    return np.array(found) * mean


def masked(folder: Path, binaries: list[bytes]) -> Floats:
    """rasterio: a window and a mask of cell middles per plot."""
    rasters = Rasters(folder)
    found = np.zeros((len(binaries), CLASSES))
    for number, shape in enumerate(shapely.from_wkb(binaries)):
        window = rasters.window(np.array(shape.bounds))
        inside = geometry_mask(
            [shape], (window.height, window.width), rasters.cover.window_transform(window), invert=True
        )
        classes, hectares = rasters.classes(window), rasters.row_hectares(window)
        weights = np.broadcast_to(hectares[:, None], inside.shape)[inside]
        found[number] = np.bincount(classes[inside], weights, CLASSES)
    return found


def categorical(folder: Path, binaries: list[bytes]) -> Floats:
    """rasterstats' counts by category, of cell middles, on one raster made before (not counted in the time)."""
    from rasterstats import zonal_stats

    mean = float(band_areas(np.array([0.0, 0.00025]))[0]) * 0.00025 / 10_000
    counts = zonal_stats(list(shapely.from_wkb(binaries)), str(_combined(folder)), categorical=True, nodata=255)
    return np.array([[each.get(value, 0) for value in range(CLASSES)] for each in counts]) * mean


def _combined(folder: Path) -> Path:
    path = folder / "classes.tif"
    if not path.exists():
        rasters = Rasters(folder)
        with rasterio.open(path, "w", **rasters.cover.profile) as out:
            for row in range(0, rasters.cover.height, 512):
                window = Window(0, row, rasters.cover.width, min(512, rasters.cover.height - row))
                out.write(rasters.classes(window), 1, window=window)
    return path


def prepare(folder: Path) -> None:
    """What is made before and not timed."""
    _combined(folder)
