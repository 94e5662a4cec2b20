"""Reads windows of rasters: as they are stored where the kernels can decode them, else as numbers of classes."""

from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import rasterio  # pyright: ignore[reportMissingTypeStubs]

from landproof.domain.messages import Message, text
from landproof.layers.classes import NO_DATA_CLASS, Classes, Numbers
from landproof.layers.errors import Problem
from landproof.layers.lattice import Placed
from landproof.layers.remote import is_remote, reading
from landproof.layers.tiles import Tile

_rasterio = cast(Any, rasterio)  # it has no types
_RasterioError: type[Exception] = _rasterio.errors.RasterioError
# Bytes that GDAL keeps of what it has decoded. Blocks are read once, in order, so a row of tiles or strips is
# enough; its own choice, a twentieth of the memory, costs more time to fill than it saves.
_CACHE = 64_000_000
_PLAIN = ("uint8", "uint16")


def is_plain(tile: Tile) -> bool:
    """Whether the kernels can look up the values of ``tile`` in a table."""
    return tile.kind in _PLAIN and tile.nodata is not None


@dataclass(slots=True)
class Windows:
    """Reads windows for one thread; `close` closes the files.

    Where a tile breaks off, its land has no data: nothing is made up, and other plots go on. Every such tile is
    listed once in ``problems``.
    """

    problems: dict[tuple[str, str], Problem] = field(default_factory=dict[tuple[str, str], Problem])
    _open: dict[str, Any] = field(default_factory=dict[str, Any])

    def __post_init__(self) -> None:
        _rasterio.env.set_gdal_config("GDAL_CACHEMAX", _CACHE)

    def raw(self, placed: Placed, row: int, column: int, out: npt.NDArray[np.generic]) -> bool:
        """Fill ``out`` with the values from (``row``, ``column``) of the lattice on, all of them on the tile.

        False where the tile cannot be read: then ``out`` holds nothing of worth.
        """
        rows, columns = out.shape
        top, left = row - placed.row, column - placed.column
        return self._read(placed.tile, top, left, rows, columns, out)

    def numbers(
        self, tiles: tuple[Placed, ...], classes: Classes, row: int, column: int, rows: int, columns: int
    ) -> Numbers:
        """Classes of one layer from (``row``, ``column``) on.

        Where tiles overlap, the first that has data counts.
        """
        found = np.full((rows, columns), NO_DATA_CLASS, dtype=np.uint16)
        unreadable = np.zeros((rows, columns), dtype=np.bool_)
        for placed in tiles:
            tile = placed.tile
            top, left = max(row, placed.row), max(column, placed.column)
            bottom = min(row + rows, placed.row + tile.rows)
            right = min(column + columns, placed.column + tile.columns)
            if top >= bottom or left >= right:
                continue
            cells = np.empty((bottom - top, right - left), dtype=tile.kind)
            window = slice(top - row, bottom - row), slice(left - column, right - column)
            here = found[window]
            mask = np.empty(cells.shape, dtype=np.uint8) if tile.nodata is None else None
            readable = self.raw(placed, top, left, cells) and (
                mask is None
                or self._read(tile, top - placed.row, left - placed.column, *cells.shape, mask, masks=True)
            )
            if not readable:
                # What the tile would have said counts before what tiles after it say: nobody speaks for it.
                unreadable[window] |= here == NO_DATA_CLASS
                continue
            nodata = tile.nodata or frozenset()
            plain = is_plain(tile)
            numbers = classes.table(tile.kind, nodata)[cells] if plain else classes.numbers(cells, nodata)
            if mask is not None:
                numbers[mask == 0] = NO_DATA_CLASS
            np.copyto(here, numbers, where=here == NO_DATA_CLASS)
        found[unreadable] = NO_DATA_CLASS
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
    ) -> bool:
        window = _rasterio.windows.Window(left, top, columns, rows)
        if is_remote(tile.address) and (tile.layer, tile.name) in self.problems:
            return False  # a server that is out of order would be waited for at every window
        try:
            with reading(tile.address):
                if tile.address not in self._open:
                    self._open[tile.address] = _rasterio.open(tile.address)
                raster = self._open[tile.address]
                (raster.read_masks if masks else raster.read)(tile.band, window=window, out=out)
        except _RasterioError as why:
            sentence = text("Layer %(layer)s: %(file)s breaks off while it is read (%(why)s). Replace the file.")
            values = {"layer": tile.layer, "file": tile.name, "why": str(why)}
            self.problems[tile.layer, tile.name] = Problem(tile.layer, tile.name, Message(sentence, values))
            return False
        return True
