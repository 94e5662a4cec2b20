"""Reads blocks of a lattice: what all layers hold there, whatever lattices their tiles are on."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from landproof.land.kernel.planes import Raw, States
from landproof.layers.classes import NO_DATA_CLASS, Classes, Numbers
from landproof.layers.lattice import Block, Lattice, Placed
from landproof.layers.references import Reference
from landproof.layers.resample import places
from landproof.layers.windows import Windows, is_plain

_MOST_VALUES = 1 << 16
_IDENTITY: Numbers = np.arange(_MOST_VALUES, dtype=np.uint16)
_NOTHING: Numbers = np.full(_MOST_VALUES, NO_DATA_CLASS, dtype=np.uint16)


class Sources(Protocol):
    """What all readers share."""

    windows: Windows
    references: dict[str, Reference]

    @property
    def classes(self) -> Sequence[Classes]:
        """The classes of each layer."""
        ...

    def elsewhere(self, layer: int, lattice: Lattice) -> list[Lattice]:
        """The other lattices with tiles of ``layer``, the finest first."""
        ...


class BlockReader:
    """Reads ``layers`` on one lattice."""

    def __init__(self, sources: Sources, lattice: Lattice, layers: tuple[int, ...]) -> None:
        self._sources = sources
        self._lattice = lattice
        self._layers = layers
        self._elsewhere = {layer: others for layer in layers if (others := sources.elsewhere(layer, lattice))}
        self._tables: dict[tuple[int, ...], States] = {}

    def read(self, block: Block) -> tuple[Raw, States]:
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
            classes = self._sources.classes[layer]
            if layer in alone:
                tile = alone[layer]
                out = raw[place] if tile.kind == kind else np.empty((block.rows, block.columns), dtype=tile.kind)
                readable = self._sources.windows.raw(tiles[layer][0], block.row, block.column, out)
                if tile.kind != kind or not readable:
                    raw[place] = out if readable else 0
                tables.append(classes.table(tile.kind, tile.nodata or frozenset()) if readable else _NOTHING)
            elif layer in rest:
                raw[place] = self._numbers(block, layer, tiles[layer])
                tables.append(_IDENTITY)
            else:
                tables.append(_NOTHING)
        return raw, self._stacked(tables, 256 if small else _MOST_VALUES)

    def _numbers(self, block: Block, layer: int, tiles: tuple[Placed, ...]) -> Numbers:
        """Classes of a layer on ``block``: from its own tiles here, and what they leave from other lattices."""
        classes = self._sources.classes[layer]
        numbers = self._sources.windows.numbers(tiles, classes, block.row, block.column, block.rows, block.columns)
        references = self._sources.references
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
            looked_up = self._sources.windows.numbers(there, classes, top, left, *size)[row - top, column - left]
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

    def classes(self, block: Block) -> Numbers:
        """The number of the class of each layer on a block of any place and size (layers x rows x columns)."""
        found = [
            self._numbers(block, layer, tuple(each for each in self._lattice.tiles if each.layer == layer))
            for layer in self._layers
        ]
        return np.stack(found)


def _touches(tiles: Sequence[Placed], row: int, column: int, rows: int, columns: int) -> bool:
    return any(
        placed.row < row + rows
        and row < placed.row + placed.tile.rows
        and placed.column < column + columns
        and column < placed.column + placed.tile.columns
        for placed in tiles
    )
