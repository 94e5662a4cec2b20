"""Lattices: rasters whose cells lie on one another, cut into sheets and blocks that are read once.

Tiles of one reference system whose cells coincide share a lattice, however many layers they belong to, so the
coverage of a plot is worked out once for all of them. The edges of the tiles cut the lattice into sheets; on
a sheet every layer has the same tiles, or none. A sheet is cut into blocks, which begin where its tiles begin.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from landproof.land.kernel.pairing import by_block
from landproof.layers.catalogue import RasterLayer
from landproof.layers.tiles import Tile

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_SAME = 1e-6  # of a cell
BLOCK = 512  # cells on a side
_FAR = 1 << 40  # cells: beyond any tile


@dataclass(frozen=True, slots=True)
class Placed:
    """A tile of layer number ``layer``; its first cell is cell (``row``, ``column``) of the lattice."""

    layer: int
    tile: Tile
    row: int
    column: int


@dataclass(frozen=True)
class Lattice:
    """Cells of one size; cell (row, column) begins at ``left + column * width`` and ``top - row * height``."""

    crs: str
    left: float
    top: float
    width: float
    height: float
    tiles: tuple[Placed, ...]

    @cached_property
    def layers(self) -> tuple[int, ...]:
        """The layers that have a tile here, in order."""
        return tuple(sorted({placed.layer for placed in self.tiles}))

    @cached_property
    def columns(self) -> Whole:
        """The columns at which sheets begin and end, from far left to far right."""
        return _edges([(placed.column, placed.column + placed.tile.columns) for placed in self.tiles])

    @cached_property
    def rows(self) -> Whole:
        """The rows at which sheets begin and end, from far above to far below."""
        return _edges([(placed.row, placed.row + placed.tile.rows) for placed in self.tiles])

    def cells(self, bounds: Floats) -> Whole:
        """First row and column, last row and column (included) of bounds (n x west, south, east, north)."""
        left = np.floor((bounds[:, 0] - self.left) / self.width)
        right = np.ceil((bounds[:, 2] - self.left) / self.width) - 1
        above = np.floor((self.top - bounds[:, 3]) / self.height)
        below = np.ceil((self.top - bounds[:, 1]) / self.height) - 1
        found = np.column_stack([above, left, np.maximum(above, below), np.maximum(left, right)])
        return np.clip(found, -_FAR + 1, _FAR - 2).astype(np.int64)


def _edges(spans: Sequence[tuple[int, int]]) -> Whole:
    inner = sorted({end for span in spans for end in span})
    return np.array([-_FAR, *inner, _FAR], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Block:
    """``rows`` x ``columns`` cells from (``row``, ``column``) of the lattice; ``tiles`` as in its sheet."""

    row: int
    column: int
    rows: int
    columns: int
    tiles: tuple[Placed, ...]


def lattices(layers: Sequence[RasterLayer]) -> list[Lattice]:
    """The lattices of all tiles of ``layers``, the finest first."""
    groups: list[list[Placed]] = []
    for number, layer in enumerate(layers):
        for tile in layer.tiles:
            for group in groups:
                offset = _offset(group[0].tile, tile)
                if offset is not None:
                    group.append(Placed(number, tile, *offset))
                    break
            else:
                groups.append([Placed(number, tile, 0, 0)])
    found = [_lattice(group) for group in groups]
    return sorted(
        found, key=lambda lattice: (lattice.width * lattice.height, lattice.crs, lattice.left, lattice.top)
    )


def _lattice(group: Sequence[Placed]) -> Lattice:
    first = group[0].tile
    tiles = tuple(sorted(group, key=lambda placed: (placed.layer, placed.tile.name)))
    return Lattice(first.crs, first.left, first.top, first.width, first.height, tiles)


def _offset(first: Tile, other: Tile) -> tuple[int, int] | None:
    """Row and column of ``other`` in the lattice of ``first``; null where their cells do not coincide."""
    if first.crs != other.crs:
        return None
    for one, two, count in (
        (first.width, other.width, other.columns),
        (first.height, other.height, other.rows),
    ):
        if abs(one - two) * count > _SAME * one:
            return None
    column = (other.left - first.left) / first.width
    row = (first.top - other.top) / first.height
    if abs(column - round(column)) > _SAME or abs(row - round(row)) > _SAME:
        return None
    return round(row), round(column)


def reached(lattice: Lattice, cells: Whole) -> npt.NDArray[np.bool_]:
    """Which plots touch a sheet that has a tile."""
    tiled = np.zeros((len(lattice.rows), len(lattice.columns)), dtype=np.int64)
    for placed in lattice.tiles:
        first = np.searchsorted(lattice.rows, placed.row), np.searchsorted(lattice.columns, placed.column)
        last = (
            np.searchsorted(lattice.rows, placed.row + placed.tile.rows),
            np.searchsorted(lattice.columns, placed.column + placed.tile.columns),
        )
        tiled[first[0] : last[0], first[1] : last[1]] = 1
    before = np.zeros((tiled.shape[0] + 1, tiled.shape[1] + 1), dtype=np.int64)
    before[1:, 1:] = tiled.cumsum(axis=0).cumsum(axis=1)
    top, left, bottom, right = _sheets(lattice, cells)
    count = before[bottom + 1, right + 1] - before[top, right + 1] - before[bottom + 1, left] + before[top, left]
    return count > 0


def _sheets(lattice: Lattice, cells: Whole) -> tuple[Whole, Whole, Whole, Whole]:
    """First row, first column, last row and last column of the sheets that plots touch."""
    return (
        np.searchsorted(lattice.rows, cells[:, 0], side="right") - 1,
        np.searchsorted(lattice.columns, cells[:, 1], side="right") - 1,
        np.searchsorted(lattice.rows, cells[:, 2], side="right") - 1,
        np.searchsorted(lattice.columns, cells[:, 3], side="right") - 1,
    )


@dataclass(frozen=True, slots=True)
class Pairs:
    """Plots by block: ``plots[starts[i]:starts[i + 1]]`` lie on ``blocks[i]``."""

    blocks: list[Block]
    starts: Whole
    plots: Whole

    def __iter__(self) -> Iterator[tuple[Block, Whole]]:
        for number, block in enumerate(self.blocks):
            yield block, self.plots[self.starts[number] : self.starts[number + 1]]


def pair(lattice: Lattice, cells: Whole, plots: Whole) -> Pairs:
    """Which of ``plots`` touch which blocks; ``cells`` (one row for each of ``plots``) as from `Lattice.cells`."""
    first_row, first_column, last_row, last_column = _sheets(lattice, cells)
    sheets, ends, which = by_block(first_row, last_row, first_column, last_column, len(lattice.columns))
    blocks: list[Block] = []
    starts: list[Whole] = [np.zeros(1, dtype=np.int64)]
    paired: list[Whole] = []
    for number, key in enumerate(sheets.tolist()):
        own = which[ends[number] : ends[number + 1]]
        found = _Sheet.of(lattice, *divmod(key, len(lattice.columns))).pair(plots[own], cells[own])
        blocks += found.blocks
        starts.append(found.starts[1:] + starts[-1][-1])
        paired.append(found.plots)
    together = np.concatenate(paired) if paired else np.zeros(0, dtype=np.int64)
    return Pairs(blocks, np.concatenate(starts), together)


@dataclass(frozen=True, slots=True)
class _Sheet:
    top: int
    left: int
    bottom: int
    right: int
    tiles: tuple[Placed, ...]

    @classmethod
    def of(cls, lattice: Lattice, row: int, column: int) -> "_Sheet":
        top, bottom = int(lattice.rows[row]), int(lattice.rows[row + 1])
        left, right = int(lattice.columns[column]), int(lattice.columns[column + 1])
        tiles = tuple(
            placed
            for placed in lattice.tiles
            if placed.row <= top < placed.row + placed.tile.rows
            and placed.column <= left < placed.column + placed.tile.columns
        )
        return cls(top, left, bottom, right, tiles)

    def pair(self, plots: Whole, cells: Whole) -> Pairs:
        """The plots by block. Far from all tiles, blocks are counted from where the lattice begins."""
        top = self.top if self.top > -_FAR else -(_FAR // BLOCK) * BLOCK
        left = self.left if self.left > -_FAR else -(_FAR // BLOCK) * BLOCK
        across = (self.right - left) // BLOCK + 1
        keys, starts, which = by_block(
            (np.maximum(cells[:, 0], self.top) - top) // BLOCK,
            (np.minimum(cells[:, 2], self.bottom - 1) - top) // BLOCK,
            (np.maximum(cells[:, 1], self.left) - left) // BLOCK,
            (np.minimum(cells[:, 3], self.right - 1) - left) // BLOCK,
            across,
        )
        blocks = [
            self._block(top + down * BLOCK, left + along * BLOCK)
            for down, along in (divmod(each, across) for each in keys.tolist())
        ]
        return Pairs(blocks, starts, plots[which])

    def _block(self, row: int, column: int) -> Block:
        first_row, first_column = max(row, self.top), max(column, self.left)
        rows = min(row + BLOCK, self.bottom) - first_row
        columns = min(column + BLOCK, self.right) - first_column
        return Block(first_row, first_column, rows, columns, self.tiles)
