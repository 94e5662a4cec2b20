"""An invented workload of plots over two rasters, for machines that have no other.

Tree cover is smooth noise, losses are patches of a year each, and plots gather round a few places: seven of ten
are fields of 5 to 40 corners with a median of 1.2 ha, a quarter are points with a declared area, and one in twenty
has 50 to 2,000 ha. Another workload can be given in a folder of the same files.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import rasterio
import shapely
from rasterio.transform import from_origin

RESOLUTION = 0.00025
WEST, NORTH = -60.0, 0.0
_FIELD, _POINT, _LARGE = range(3)
_M_PER_DEGREE = 111_000.0

Floats = npt.NDArray[np.float64]


def make(folder: Path, plots: int, cells: int = 8000, seed: int = 20201231) -> None:
    """Write tc.tif, loss.tif and plots_N.parquet to ``folder``; a tile of ``cells`` x ``cells``."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    if not (folder / "loss.tif").exists():
        cover = _cover(random, cells)
        loss = _losses(random, cover)
        for name, layer in (("tc", cover), ("loss", loss)):
            with rasterio.open(
                folder / f"{name}.tif", "w", driver="GTiff", width=cells, height=cells, count=1, dtype="uint8",
                crs="EPSG:4326", transform=from_origin(WEST, NORTH, RESOLUTION, RESOLUTION), tiled=True,
                blockxsize=512, blockysize=512, compress="DEFLATE",
            ) as raster:  # fmt: skip
                raster.write(layer, 1)
    pq.write_table(_plots(random, plots, cells), folder / f"plots_{plots}.parquet", compression="zstd")


def _cover(random: np.random.Generator, cells: int) -> npt.NDArray[np.uint8]:
    field = np.full((cells, cells), 0.12, dtype=np.float32)
    for size, strength in ((2500, 0.5), (700, 0.45), (180, 0.35), (45, 0.22), (12, 0.12)):
        knots = random.standard_normal((cells // size + 3, cells // size + 3)).astype(np.float32)
        at = np.arange(cells, dtype=np.float32) / size
        first = at.astype(np.int64)
        part = (at - first)[:, None]
        down = knots[first] * (1 - part) + knots[first + 1] * part
        field += strength * (down[:, first] * (1 - part.T) + down[:, first + 1] * part.T)
    share = 1 / (1 + np.exp(-9 * field))
    grain = random.integers(0, 16, field.shape, dtype=np.uint8).astype(np.float32) - 7.5
    return np.clip(share * 94 + grain * (0.25 + 2.2 * (1 - share)), 0, 100).astype(np.uint8)


def _losses(random: np.random.Generator, cover: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    loss = np.zeros_like(cover)
    cells = len(cover)
    while (loss > 0).mean() < 0.03:
        for _ in range(2000):
            size = float(np.exp(random.normal(np.log(7), 1.6)).clip(1, 6000))
            wide = np.sqrt(size / np.pi) * np.exp(random.normal(0, 0.4))
            high = size / np.pi / wide
            x, y = random.integers(0, cells, 2).tolist()
            reach = int(max(wide, high)) + 1
            rows, columns = np.ogrid[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
            inside = ((columns - x) / wide) ** 2 + ((rows - y) / high) ** 2 <= 1
            window = loss[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
            inside = inside[: window.shape[0], : window.shape[1]]
            window[inside & (window == 0)] = random.integers(1, 25)
    loss[cover < 10] = 0
    return loss


def _plots(random: np.random.Generator, count: int, cells: int) -> pa.Table:
    places = random.random((60, 2)) * 0.9 + 0.05
    place = places[random.integers(0, len(places), count)] + random.normal(0, 0.02, (count, 2))
    place = place.clip(0.03, 0.97) * cells * RESOLUTION
    longitude, latitude = WEST + place[:, 0], NORTH - place[:, 1]
    kind = np.array([_FIELD, _POINT, _LARGE])[np.searchsorted([0.70, 0.95], random.random(count), side="right")]
    area = np.exp(random.normal(np.log(1.2), 0.9, count)).clip(0.05, 50)
    area = np.where(kind == _LARGE, np.exp(random.uniform(np.log(50), np.log(2000), count)), area).round(4)
    shapes: Any = np.empty(count, dtype=object)
    shapes[kind == _POINT] = shapely.points(longitude[kind == _POINT], latitude[kind == _POINT])
    for number in np.nonzero(kind != _POINT)[0]:
        shapes[number] = _outline(random, longitude[number], latitude[number], area[number])
    return pa.table({"id": np.arange(count), "kind": kind, "area_ha": area, "geometry": shapely.to_wkb(shapes)})


def _outline(random: np.random.Generator, longitude: float, latitude: float, hectares: float) -> Any:
    corners = int(random.integers(5, 41))
    turn = (np.arange(corners) + random.uniform(-0.35, 0.35, corners)) / corners * 2 * np.pi
    radius = np.exp(random.normal(0, 0.22, corners))
    points = np.column_stack([radius * np.cos(turn), radius * np.sin(turn)])
    size = np.sqrt(hectares * 1e4 / shapely.area(shapely.Polygon(points))) / _M_PER_DEGREE
    return shapely.Polygon(points * size * [1 / np.cos(np.radians(latitude)), 1] + [longitude, latitude])
