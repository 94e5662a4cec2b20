"""Raster files: their headers, and the values in a window of them."""

import hashlib
import math
import warnings
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import rasterio  # pyright: ignore[reportMissingTypeStubs]
from pyproj import CRS

from landproof.domain.messages import text
from landproof.layers.errors import LayerError

Values = npt.NDArray[np.int64]

# Two numbers that no raster of classes holds.
NO_DATA_VALUE = np.iinfo(np.int64).min  # no tile here, or the raster says that it knows nothing here
UNLISTED_VALUE = NO_DATA_VALUE + 1  # a fraction or not-a-number, which can be no class

_rasterio = cast(Any, rasterio)  # it has no types
_RasterioError: type[Exception] = _rasterio.errors.RasterioError
_BLOCK = 512  # cells on a side
_BLOCKS_KEPT = 128  # of 2 MB each
_BLOCKS_AT_ONCE = 16
_LARGEST_WHOLE = 2.0**53


@dataclass(frozen=True, slots=True)
class Tile:
    """The header of a raster file. Cell (row, column) spans ``left + column * width`` and ``top - row * height``.

    ``nodata``: values that are no data; null when the file has a mask of its own that decides.
    ``block``: rows and columns that are stored together. ``kind``: the type of the values, as numpy calls it.
    """

    name: str
    path: Path
    layer: str
    crs: str  # EPSG:n, or WKT where no number fits it exactly
    left: float
    top: float
    width: float
    height: float
    columns: int
    rows: int
    nodata: frozenset[int] | None
    block: tuple[int, int]
    kind: str

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top, in the tile's own reference system."""
        return (
            self.left,
            self.top - self.rows * self.height,
            self.left + self.columns * self.width,
            self.top,
        )


def open_tile(path: Path, name: str, nodata: frozenset[int] | None, layer: str) -> Tile:
    """The header of ``path``. Raises `LayerError` naming the layer and the file."""
    try:
        with warnings.catch_warnings():
            # A file without a place on earth is refused below, in words.
            warnings.simplefilter("ignore", _rasterio.errors.NotGeoreferencedWarning)
            raster = _rasterio.open(path)
        with raster:
            crs, transform = raster.crs, raster.transform
            shape, kind = (raster.width, raster.height), str(raster.dtypes[0])
            block, own = raster.block_shapes[0], _own_nodata(raster)
    except _RasterioError as why:
        raise LayerError(
            text("Layer %(layer)s: %(file)s cannot be read as a raster (%(why)s). Replace the file."),
            layer=layer, file=name, why=why,
        ) from None  # fmt: skip
    if crs is None:
        raise LayerError(
            text("Layer %(layer)s: %(file)s does not say its reference system. Add it to the file."),
            layer=layer, file=name,
        )  # fmt: skip
    if transform.b or transform.d or transform.a <= 0 or transform.e >= 0:
        raise LayerError(
            text("Layer %(layer)s: %(file)s is turned or upside down. Save it with north up."),
            layer=layer,
            file=name,
        )
    if kind.startswith("complex"):
        raise LayerError(
            text("Layer %(layer)s: the values of %(file)s are of type %(kind)s. Use whole numbers."),
            layer=layer, file=name, kind=kind,
        )  # fmt: skip
    return Tile(
        name,
        path,
        layer,
        _name_of(crs.to_wkt()),
        transform.c,
        transform.f,
        transform.a,
        -transform.e,
        *shape,
        own if nodata is None else nodata,
        block,
        kind,
    )


def _own_nodata(raster: Any) -> frozenset[int] | None:
    """What the file itself marks as no data: a value, nothing, or (null) a mask that must be read."""
    flags = {flag.name for flag in raster.mask_flag_enums[0]}
    if flags == {"all_valid"}:
        return frozenset()
    value = raster.nodata
    if flags == {"nodata"} and math.isnan(value):
        return frozenset()  # not-a-number is no class in any case
    return frozenset({int(value)}) if flags == {"nodata"} and value == math.floor(value) else None


def _name_of(wkt: str) -> str:
    number = CRS.from_wkt(wkt).to_epsg(min_confidence=100)
    return wkt if number is None else f"EPSG:{number}"


@dataclass(slots=True)
class Reader:
    """Reads windows of tiles and keeps the blocks that neighbours will need; `close` closes the open files."""

    _open: dict[Path, Any] = field(default_factory=dict[Path, Any])
    _kept: OrderedDict[tuple[Path, int, int], Values] = field(
        default_factory=OrderedDict[tuple[Path, int, int], Values]
    )

    def cells(self, tile: Tile, rows: tuple[int, int], columns: tuple[int, int]) -> Values:
        """Values of the rows and columns from the first to the second number, which is not included."""
        down = range(rows[0] // _BLOCK, (rows[1] - 1) // _BLOCK + 1)
        across = range(columns[0] // _BLOCK, (columns[1] - 1) // _BLOCK + 1)
        if len(down) * len(across) > _BLOCKS_AT_ONCE:
            return self._read(tile, rows, columns)
        strips = [[self._block(tile, row, column) for column in across] for row in down]
        cells = strips[0][0] if len(down) == len(across) == 1 else np.block(strips)
        top, left = down[0] * _BLOCK, across[0] * _BLOCK
        return cells[rows[0] - top : rows[1] - top, columns[0] - left : columns[1] - left]

    def _block(self, tile: Tile, row: int, column: int) -> Values:
        key = (tile.path, row, column)
        if key not in self._kept:
            rows = (row * _BLOCK, min(tile.rows, (row + 1) * _BLOCK))
            columns = (column * _BLOCK, min(tile.columns, (column + 1) * _BLOCK))
            self._kept[key] = self._read(tile, rows, columns)
            if len(self._kept) > _BLOCKS_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def close(self) -> None:
        """Close the files and forget the cells."""
        for raster in self._open.values():
            raster.close()
        self._open.clear()
        self._kept.clear()

    def _read(self, tile: Tile, rows: tuple[int, int], columns: tuple[int, int]) -> Values:
        window = (rows, columns)
        try:
            if tile.path not in self._open:
                self._open[tile.path] = _rasterio.open(tile.path)
            raster = self._open[tile.path]
            cells: npt.NDArray[Any] = raster.read(1, window=window)
            own = raster.read_masks(1, window=window) == 0 if tile.nodata is None else None
        except _RasterioError as why:
            raise LayerError(
                text("Layer %(layer)s: %(file)s breaks off while it is read (%(why)s). Replace the file."),
                layer=tile.layer, file=tile.name, why=why,
            ) from None  # fmt: skip
        values = _whole(cells)
        if own is not None:
            values[own] = NO_DATA_VALUE
        elif tile.nodata:
            values[np.isin(values, list(tile.nodata))] = NO_DATA_VALUE
        return values


def _whole(cells: npt.NDArray[Any]) -> Values:
    if np.issubdtype(cells.dtype, np.integer):
        return cells.astype(np.int64)
    usable = np.isfinite(cells) & (np.abs(cells) < _LARGEST_WHOLE) & (cells == np.floor(cells))
    return np.where(usable, np.where(usable, cells, 0).astype(np.int64), UNLISTED_VALUE)


def sha256_of(path: Path) -> str:
    """SHA-256 of the file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
