"""Lays plots over all layers: whole square centimetres per plot and combination of classes.

Lattice by lattice and block by block: each touched block is decoded once, and the coverage of a plot is worked
out once for all layers of a lattice. On the finest lattice the other layers are looked up at the middle of each
cell, so that what all layers say of one piece of land is known together; each layer's own areas are taken on
its own lattice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from landproof.land.kernel.weigh import Raw, Scratch, States, new_scratch, new_tree, weigh
from landproof.land.kernel.wkb import Shapes
from landproof.layers.catalogue import Catalogue
from landproof.layers.classes import NO_DATA_CLASS, Classes, Numbers
from landproof.layers.lattice import Block, Lattice, Placed, lattices, pair, reached
from landproof.layers.references import Reference
from landproof.layers.resample import places
from landproof.layers.windows import Windows, is_plain

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_ROWS_OUT = 1 << 17
_SIZES_KEPT = 8


@dataclass(frozen=True, slots=True)
class Weights:
    """Whole square centimetres on one lattice.

    ``frame``: a row per plot (its number) and combination of classes (``code``), with ``cm2``.
    ``classes[code]`` has a class number for each layer of ``layers``. ``own`` are the layers with tiles on this
    lattice; the others were looked up. ``at_home``: all layers are weighed together.
    """

    layers: tuple[int, ...]
    own: tuple[int, ...]
    at_home: bool
    frame: pl.DataFrame
    classes: Numbers


_Rows: TypeAlias = tuple[Whole, npt.NDArray[np.int32], Whole]
_ROWS = {"plot": pl.Int64, "code": pl.Int32, "cm2": pl.Int64}
_MOST_VALUES = 1 << 16
_IDENTITY: Numbers = np.arange(_MOST_VALUES, dtype=np.uint16)
_NOTHING: Numbers = np.full(_MOST_VALUES, NO_DATA_CLASS, dtype=np.uint16)


class Overlayer:
    """Lays plots over the layers of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.classes = [Classes(layer.decoder) for layer in catalogue.layers]
        self.windows = Windows()
        found = lattices(catalogue.layers)
        self.references = {lattice.crs: Reference(lattice.crs) for lattice in found}
        self._lattices = sorted(found, key=self._finest)

    def _finest(self, lattice: Lattice) -> tuple[float, int, str, float, float]:
        """The smaller cells first; of equal ones the lattice with more layers."""
        cell = round(self.references[lattice.crs].cell_m2(lattice), 3)
        return cell, -len(lattice.layers), lattice.crs, lattice.left, lattice.top

    def close(self) -> None:
        """Close the raster files."""
        self.windows.close()

    def weigh(self, shapes: Shapes) -> Iterator[Weights]:
        """The weights on every lattice. Raises `LayerError`.

        A plot's home is the finest lattice with a tile under it: there all layers are weighed together. On other
        lattices under it their own layers are weighed. The weights of a plot on a lattice add up to its area on the
        ellipsoid, land without a tile included; a plot without any tile has no weights.
        """
        everywhere = tuple(range(len(self.classes)))
        homeless = np.ones(len(shapes.bounds), dtype=np.bool_)
        for lattice in self._lattices:
            reference = self.references[lattice.crs]
            near = np.nonzero(_overlap(shapes.bounds, reference.extent(lattice)))[0]
            there = reference.shapes(shapes, near)
            under = near[reached(lattice, lattice.cells(there.bounds[near]))]
            at_home, guests = under[homeless[under]], under[~homeless[under]]
            homeless[at_home] = False
            if len(at_home):
                yield _Pass(self, lattice, everywhere, at_home=True).run(there, at_home)
            if len(guests):
                yield _Pass(self, lattice, lattice.layers, at_home=False).run(there, guests)

    def elsewhere(self, layer: int, lattice: Lattice) -> list[Lattice]:
        """The other lattices with tiles of ``layer``, the finest first."""
        return [other for other in self._lattices if other is not lattice and layer in other.layers]


def _overlap(bounds: Floats, extent: tuple[float, float, float, float]) -> npt.NDArray[np.bool_]:
    west, south, east, north = extent
    beside = (bounds[:, 2] >= west) & (bounds[:, 0] <= east) if west <= east else np.isfinite(bounds[:, 0])
    return beside & (bounds[:, 3] >= south) & (bounds[:, 1] <= north)


class _Pass:
    """One lattice, with the classes of ``layers``."""

    def __init__(self, overlayer: Overlayer, lattice: Lattice, layers: tuple[int, ...], *, at_home: bool) -> None:
        self._overlayer = overlayer
        self._lattice = lattice
        self._layers = layers
        self._at_home = at_home
        self._elsewhere = {layer: others for layer in layers if (others := overlayer.elsewhere(layer, lattice))}
        self._tables: dict[tuple[int, ...], States] = {}
        self._scratch: dict[tuple[int, int], Scratch] = {}
        self._tree = new_tree()
        self._names = [-1]  # per node of the tree its code, -1 for what is not a whole combination
        self._codes: list[tuple[int, ...]] = []

    def run(self, shapes: Shapes, plots: Whole) -> Weights:
        """The weights of ``plots`` on this lattice, whose reference system ``shapes`` are in."""
        rows = [
            rows
            for block, here in pair(self._lattice, self._lattice.cells(shapes.bounds[plots]), plots)
            for rows in self._weigh(shapes, block, here)
        ]
        frame = (
            pl.DataFrame([np.concatenate(part) for part in zip(*rows, strict=True)], schema=_ROWS)
            .group_by("plot", "code")
            .agg(pl.col("cm2").sum())
            .sort("plot", "code")
        )
        classes = np.array(self._codes, dtype=np.uint16).reshape(-1, len(self._layers))
        return Weights(self._layers, self._lattice.layers, self._at_home, frame, classes)

    def _weigh(self, shapes: Shapes, block: Block, plots: Whole) -> Iterator[_Rows]:
        raw, states = self._read(block)
        cm2, tilt = self._overlayer.references[self._lattice.crs].cells_cm2(self._lattice, block)
        frame = _frame(self._lattice, block)
        scratch = self._scratch_for(block)
        scratch.ready[:] = False
        start = 0
        while start < len(plots):
            plot, code, weight = (np.empty(_ROWS_OUT, dtype) for dtype in (np.int64, np.int32, np.int64))
            before = start
            start, written = weigh(
                shapes.data, shapes.offsets, plots, frame, cm2, tilt, raw, states, scratch, self._tree,
                plot, code, weight, start,
            )  # fmt: skip
            if start == before:
                raise OverflowError(f"more than {len(self._tree.above)} combinations of classes in one block")
            yield plot[:written], self._named(code[:written]), weight[:written]

    def _scratch_for(self, block: Block) -> Scratch:
        size = (block.rows, block.columns)
        if size not in self._scratch:
            if len(self._scratch) == _SIZES_KEPT:
                self._scratch.clear()
            self._scratch[size] = new_scratch(*size, len(self._layers))
        return self._scratch[size]

    def _named(self, nodes: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """The codes of nodes of the tree."""
        for node in range(len(self._names), int(self._tree.size[0])):
            path: list[int] = []
            at = node
            while at:
                path.append(int(self._tree.state[at]))
                at = int(self._tree.above[at])
            whole = len(path) == len(self._layers)
            self._names.append(len(self._codes) if whole else -1)
            if whole:
                self._codes.append(tuple(reversed(path)))
        return np.array(self._names, dtype=np.int32)[nodes]

    def _read(self, block: Block) -> tuple[Raw, States]:
        """What the rasters hold on ``block`` (layers x rows x columns), and the number of its class by value."""
        tiles = {layer: tuple(each for each in block.tiles if each.layer == layer) for layer in self._layers}
        alone = {
            layer: found[0].tile
            for layer, found in tiles.items()
            if len(found) == 1 and is_plain(found[0].tile) and layer not in self._elsewhere
        }
        rest = [
            layer for layer in self._layers if layer not in alone and (tiles[layer] or layer in self._elsewhere)
        ]
        small = not rest and all(tile.kind == "uint8" for tile in alone.values())
        kind = "uint8" if small else "uint16"
        raw = np.zeros((len(self._layers), block.rows, block.columns), dtype=kind)
        tables: list[Numbers] = []
        for place, layer in enumerate(self._layers):
            classes = self._overlayer.classes[layer]
            if layer in alone:
                tile = alone[layer]
                out = raw[place] if tile.kind == kind else np.empty((block.rows, block.columns), dtype=tile.kind)
                self._overlayer.windows.raw(tiles[layer][0], block.row, block.column, out)
                if tile.kind != kind:
                    raw[place] = out
                tables.append(classes.table(tile.kind, tile.nodata or frozenset()))
            elif layer in rest:
                raw[place] = self._numbers(block, layer, tiles[layer])
                tables.append(_IDENTITY)
            else:
                tables.append(_NOTHING)
        return raw, self._stacked(tables, 256 if small else _MOST_VALUES)

    def _numbers(self, block: Block, layer: int, tiles: tuple[Placed, ...]) -> Numbers:
        """Classes of a layer on ``block``: from its own tiles here, and what they leave from other lattices."""
        classes = self._overlayer.classes[layer]
        numbers = self._overlayer.windows.numbers(
            tiles, classes, block.row, block.column, block.rows, block.columns
        )
        references = self._overlayer.references
        own = references[self._lattice.crs]
        for other in self._elsewhere.get(layer, ()):
            if numbers.all():
                break
            row, column = places(block, self._lattice, own, other, references[other.crs])
            top, left = int(row.min()), int(column.min())
            size = int(row.max()) - top + 1, int(column.max()) - left + 1
            there = tuple(placed for placed in other.tiles if placed.layer == layer)
            if not _touches(there, top, left, *size):
                continue
            looked_up = self._overlayer.windows.numbers(there, classes, top, left, *size)[row - top, column - left]
            np.copyto(numbers, looked_up, where=numbers == NO_DATA_CLASS)
        return numbers

    def _stacked(self, tables: Sequence[Numbers], size: int) -> States:
        key = (size, *(id(table) for table in tables))
        if key not in self._tables:
            states = np.zeros((len(tables), size), dtype=np.uint16)
            for place, table in enumerate(tables):
                states[place, : len(table)] = table[:size]
            self._tables[key] = states
        return self._tables[key]


def _frame(lattice: Lattice, block: Block) -> Floats:
    left = lattice.left + block.column * lattice.width
    top = lattice.top - block.row * lattice.height
    return np.array([left, top, 1 / lattice.width, 1 / lattice.height])


def _touches(tiles: Sequence[Placed], row: int, column: int, rows: int, columns: int) -> bool:
    return any(
        placed.row < row + rows
        and row < placed.row + placed.tile.rows
        and placed.column < column + columns
        and column < placed.column + placed.tile.columns
        for placed in tiles
    )
