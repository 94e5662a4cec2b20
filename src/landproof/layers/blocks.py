"""Reads blocks of a lattice: what all layers hold there, whatever lattices their tiles are on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from landproof.land.kernel.planes import Raw, States, Words
from landproof.layers.classes import NO_DATA_CLASS, SIZES, Classes, Numbers
from landproof.layers.lattice import Block, Lattice, Placed
from landproof.layers.planes import StoredPlanes
from landproof.layers.references import Reference
from landproof.layers.resample import places
from landproof.layers.windows import Windows, is_plain

_MOST_VALUES = SIZES["uint16"]
_IDENTITY: Numbers = np.arange(_MOST_VALUES, dtype=np.uint16)
_NOTHING: Numbers = np.full(_MOST_VALUES, NO_DATA_CLASS, dtype=np.uint16)


@dataclass(frozen=True, slots=True)
class Cells:
    """What layers hold on a block.

    Layer number ``layers[n]`` has values ``raw[n]`` (rows x columns), whose classes are ``states[n, value]``; the
    other layers are ``stored`` as planes (rows x planes x words), by number.
    """

    raw: Raw
    states: States
    layers: Sequence[int]
    stored: Mapping[int, Words]


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

    def planes(self, placed: Placed) -> StoredPlanes | None:
        """The stored planes of a tile, if there are any."""
        ...


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the layers of a sheet come from. ``tiles`` are those of the sheet, by layer in ``of``.

    A layer ``alone`` has one tile, whose values the kernels look up; one ``mixed`` is made of several, or looked
    up on other lattices; the others have nothing here.
    """

    tiles: tuple[Placed, ...]
    of: Mapping[int, tuple[Placed, ...]]
    alone: Mapping[int, Placed]
    mixed: frozenset[int]
    kind: str


class BlockReader:
    """Reads ``layers`` on one lattice."""

    def __init__(self, sources: Sources, lattice: Lattice, layers: tuple[int, ...]) -> None:
        self._sources = sources
        self._lattice = lattice
        self._layers = layers
        self._elsewhere = {layer: others for layer in layers if (others := sources.elsewhere(layer, lattice))}
        self._plans: dict[int, _Plan] = {}
        self._tables: dict[tuple[int, ...], States] = {}
        self._memory: Raw = np.zeros(0, dtype=np.uint8)

    def read(self, block: Block) -> Cells:
        """What the layers hold on ``block``, which is good until the next one is read."""
        plan = self._plan(block.tiles)
        stored: dict[int, Words] = {}
        for place, layer in enumerate(self._layers):
            if layer in plan.alone:
                planes = self._sources.planes(plan.alone[layer])
                bits = None if planes is None else planes.read(plan.alone[layer], block)
                if bits is not None:
                    stored[place] = bits
        rest = [place for place in range(len(self._layers)) if place not in stored]
        raw = self._raw(len(rest), block, plan.kind)
        tables = [self._fill(block, plan, self._layers[place], raw[row]) for row, place in enumerate(rest)]
        return Cells(raw, self._stacked(tables, SIZES[plan.kind]), rest, stored)

    def classes(self, block: Block) -> Numbers:
        """The number of the class of each layer on a block of any place and size (layers x rows x columns)."""
        found = [
            self._numbers(block, layer, tuple(each for each in self._lattice.tiles if each.layer == layer))
            for layer in self._layers
        ]
        return np.stack(found)

    def _plan(self, tiles: tuple[Placed, ...]) -> _Plan:
        if id(tiles) not in self._plans:
            of = {layer: tuple(each for each in tiles if each.layer == layer) for layer in self._layers}
            alone = {
                layer: found[0]
                for layer, found in of.items()
                if len(found) == 1 and is_plain(found[0].tile) and layer not in self._elsewhere
            }
            mixed = frozenset(
                layer for layer in self._layers if layer not in alone and (of[layer] or layer in self._elsewhere)
            )
            small = not mixed and all(placed.tile.kind == "uint8" for placed in alone.values())
            self._plans[id(tiles)] = _Plan(tiles, of, alone, mixed, "uint8" if small else "uint16")
        return self._plans[id(tiles)]

    def _raw(self, layers: int, block: Block, kind: str) -> Raw:
        """Memory for the values of a block, the same for block after block."""
        size = layers * block.rows * block.columns
        if len(self._memory) < size or self._memory.dtype != kind:
            self._memory = np.zeros(size, dtype=kind)
        return self._memory[:size].reshape(layers, block.rows, block.columns)

    def _fill(self, block: Block, plan: _Plan, layer: int, out: Numbers) -> Numbers:
        """Fill ``out`` with what a layer holds on ``block``; gives the classes of its values."""
        if layer in plan.mixed:
            out[:] = self._numbers(block, layer, plan.of[layer])
            return _IDENTITY
        if layer in plan.alone:
            placed = plan.alone[layer]
            tile = placed.tile
            same = tile.kind == plan.kind
            values = out if same else np.empty(out.shape, dtype=tile.kind)
            if self._sources.windows.raw(placed, block.row, block.column, values):
                if not same:
                    out[:] = values
                return self._sources.classes[layer].table(tile.kind, tile.nodata or frozenset())
        out[:] = 0
        return _NOTHING

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


def _touches(tiles: Sequence[Placed], row: int, column: int, rows: int, columns: int) -> bool:
    return any(
        placed.row < row + rows
        and row < placed.row + placed.tile.rows
        and placed.column < column + columns
        and column < placed.column + placed.tile.columns
        for placed in tiles
    )
