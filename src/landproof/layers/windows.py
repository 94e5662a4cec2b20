"""Reads windows of rasters: as they are stored where the kernels can decode them, else as numbers of classes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import rasterio  # pyright: ignore[reportMissingTypeStubs]

from landproof.domain.messages import text
from landproof.layers.classes import NO_DATA_CLASS, Classes, Numbers
from landproof.layers.errors import LayerError
from landproof.layers.lattice import Placed
from landproof.layers.tiles import Tile

_rasterio = cast(Any, rasterio)  # it has no types
_RasterioError: type[Exception] = _rasterio.errors.RasterioError
_PLAIN = ("uint8", "uint16")


def is_plain(tile: Tile) -> bool:
    """Whether the kernels can look up the values of ``tile`` in a table."""
    return tile.kind in _PLAIN and tile.nodata is not None


@dataclass(slots=True)
class Windows:
    """Reads windows for one thread; `close` closes the files."""

    _open: dict[Path, Any] = field(default_factory=dict[Path, Any])

    def raw(self, placed: Placed, row: int, column: int, out: npt.NDArray[np.generic]) -> None:
        """Fill ``out`` with the values from (``row``, ``column``) of the lattice on, all of them on the tile."""
        rows, columns = out.shape
        top, left = row - placed.row, column - placed.column
        self._read(placed.tile, top, left, rows, columns, out)

    def numbers(
        self, tiles: tuple[Placed, ...], classes: Classes, row: int, column: int, rows: int, columns: int
    ) -> Numbers:
        """Classes of one layer from (``row``, ``column``) on; where tiles overlap, the first that has data counts."""
        found = np.full((rows, columns), NO_DATA_CLASS, dtype=np.uint16)
        for placed in tiles:
            tile = placed.tile
            top, left = max(row, placed.row), max(column, placed.column)
            bottom = min(row + rows, placed.row + tile.rows)
            right = min(column + columns, placed.column + tile.columns)
            if top >= bottom or left >= right:
                continue
            cells = np.empty((bottom - top, right - left), dtype=tile.kind)
            self.raw(placed, top, left, cells)
            nodata = tile.nodata or frozenset()
            plain = is_plain(tile)
            numbers = classes.table(tile.kind, nodata)[cells] if plain else classes.numbers(cells, nodata)
            if tile.nodata is None:
                mask = np.empty(cells.shape, dtype=np.uint8)
                self._read(tile, top - placed.row, left - placed.column, *cells.shape, mask, masks=True)
                numbers[mask == 0] = NO_DATA_CLASS
            here = found[top - row : bottom - row, left - column : right - column]
            np.copyto(here, numbers, where=here == NO_DATA_CLASS)
        return found

    def close(self) -> None:
        """Close the files."""
        for raster in self._open.values():
            raster.close()
        self._open.clear()

    def _read(
        self,
        tile: Tile,
        top: int,
        left: int,
        rows: int,
        columns: int,
        out: npt.NDArray[np.generic],
        *,
        masks: bool = False,
    ) -> None:
        window = ((top, top + rows), (left, left + columns))
        try:
            if tile.path not in self._open:
                self._open[tile.path] = _rasterio.open(tile.path)
            raster = self._open[tile.path]
            (raster.read_masks if masks else raster.read)(1, window=window, out=out)
        except _RasterioError as why:
            raise LayerError(
                text("Layer %(layer)s: %(file)s breaks off while it is read (%(why)s). Replace the file."),
                layer=tile.layer,
                file=tile.name,
                why=why,
            ) from None
