"""Samples of a layer: its values in windows spread over its tiles, and at single places."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import rasterio  # pyright: ignore[reportMissingTypeStubs]
from pyproj import Transformer

from landproof.layers.remote import reading
from landproof.layers.tiles import Tile

_rasterio = cast(Any, rasterio)  # it has no types
RasterioError: type[Exception] = _rasterio.errors.RasterioError
_SIDE = 512  # cells of a window
_WINDOWS = 256  # of a layer, but at least four of each tile
_LARGEST_WHOLE = 2.0**53


@dataclass(slots=True)
class Sample:
    """How many cells hold each value; fractions and not-a-number together; cells without data."""

    values: Counter[int] = field(default_factory=Counter[int])
    fractions: int = 0
    no_data: int = 0

    @property
    def cells(self) -> int:
        """Cells with data."""
        return self.values.total() + self.fractions


def sample(tile: Tile, tiles: int, into: Sample) -> None:
    """Add windows of ``tile``, one of ``tiles`` of its layer, to ``into``. Raises `RasterioError`.

    The windows lie on an even grid from the first cell to the last, so the same file gives the same sample.
    """
    with reading(tile.address), _rasterio.open(tile.address) as raster:
        for rows, columns in _windows(tile, max(2, int((_WINDOWS // tiles) ** 0.5))):
            window = (rows, columns)
            cells = raster.read(tile.band, window=window)
            masked = None if tile.nodata is not None else raster.read_masks(tile.band, window=window) == 0
            _add(cells, masked, tile.nodata or frozenset(), into)


def value_at(tile: Tile, longitude: float, latitude: float) -> int | None:
    """The value of ``tile`` at a place; null outside it, or where it has no data. Raises `RasterioError`."""
    to_tile = Transformer.from_crs("EPSG:4326", tile.crs, always_xy=True)
    x, y = to_tile.transform(longitude, latitude)
    if not (np.isfinite(x) and np.isfinite(y)):
        return None
    column, row = int((x - tile.left) // tile.width), int((tile.top - y) // tile.height)
    if not (0 <= row < tile.rows and 0 <= column < tile.columns):
        return None
    found = Sample()
    with reading(tile.address), _rasterio.open(tile.address) as raster:
        window = ((row, row + 1), (column, column + 1))
        masked = None if tile.nodata is not None else raster.read_masks(tile.band, window=window) == 0
        _add(raster.read(tile.band, window=window), masked, tile.nodata or frozenset(), found)
    return next(iter(found.values), None)


def _windows(tile: Tile, across: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    rows, columns = min(_SIDE, tile.rows), min(_SIDE, tile.columns)
    down, along = _starts(tile.rows - rows, across), _starts(tile.columns - columns, across)
    for top in down:
        for left in along:
            yield (top, top + rows), (left, left + columns)


def _starts(room: int, count: int) -> list[int]:
    return sorted({room * place // (count - 1) for place in range(count)})


def _add(
    cells: npt.NDArray[Any], masked: npt.NDArray[np.bool_] | None, nodata: frozenset[int], into: Sample
) -> None:
    found = cells if masked is None else cells[~masked]
    into.no_data += cells.size - found.size
    values, counts = np.unique(found, return_counts=True)
    for value, count in zip(values.tolist(), counts.tolist(), strict=True):
        if not (abs(value) < _LARGEST_WHOLE and value == int(value)):
            into.fractions += count
        elif int(value) in nodata:
            into.no_data += count
        else:
            into.values[int(value)] += count
