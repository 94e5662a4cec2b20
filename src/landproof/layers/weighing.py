"""Weighs plots on the blocks of one lattice, and numbers the combinations of classes that it meets."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from landproof.land.kernel.cover import MORE
from landproof.land.kernel.planes import CELLS, MOST_CODES, SLOTS, Codes, Mask, Planes, place_cells
from landproof.land.kernel.weigh import NO, NOT_KNOWN, YES, Scratch, boxes_with, new_scratch, weigh
from landproof.land.kernel.wkb import Shapes
from landproof.layers.blocks import Cells
from landproof.layers.classes import Numbers
from landproof.layers.coding import Coder, too_many
from landproof.layers.lattice import BLOCK, Block, Lattice
from landproof.layers.look import Judge
from landproof.layers.references import Reference

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Rows: TypeAlias = tuple[Whole, Codes, Whole]  # plot, code and square centimetres

ROWS = {"plot": pl.Int64, "code": pl.Int32, "cm2": pl.Int64}
_ROWS_OUT = 2 * MOST_CODES


class Weighing:
    """One lattice with ``layers`` layers; `classes` grows with the combinations met.

    ``fixed``: by layer the classes in the order in which stored planes have them.
    """

    def __init__(
        self, lattice: Lattice, reference: Reference, layers: int, fixed: Sequence[Sequence[int]] | None = None
    ) -> None:
        self._lattice = lattice
        self._reference = reference
        self._coder = Coder(layers, fixed or [()] * layers)
        self._scratch = new_scratch(BLOCK, BLOCK)
        self._bits = np.zeros(0, dtype=np.uint64)
        self._word = np.zeros(CELLS, dtype=np.uint8), np.zeros(CELLS, dtype=np.uint8)
        self._cm2: dict[tuple[int, int], tuple[Floats, Floats]] = {}
        self._places = np.full(SLOTS, NOT_KNOWN, dtype=np.uint8)  # by place of the table
        self._looked: tuple[Judge | None, Mask] = (None, np.zeros(0, dtype=np.bool_))
        self._out = np.zeros(_ROWS_OUT, np.int64), np.zeros(_ROWS_OUT, np.int64), np.zeros(_ROWS_OUT, np.int64)

    @property
    def classes(self) -> Numbers:
        """Per code the number of the class of each layer."""
        return self._coder.classes

    def weigh(self, shapes: Shapes, plots: Whole, block: Block, cells: Cells) -> list[Rows]:
        """The weights of ``plots`` on ``block``; ``cells`` as `BlockReader.read` gives them.

        Raises `LayerError` where the layers hold too many combinations of classes.
        """
        lattice, coder = self._lattice, self._coder
        place = np.array(
            [
                lattice.left + block.column * lattice.width,
                lattice.top - block.row * lattice.height,
                1 / lattice.width,
                1 / lattice.height,
            ]
        )
        cm2, tilt = self._cells_cm2(block)
        self._begin(block, cells)
        found: list[Rows] = []
        start = 0
        while start < len(plots):
            before, empty = start, int(coder.table.size[0]) == 0
            start, written, lacking = weigh(
                shapes.data, shapes.offsets, shapes.bounds, plots, place, cm2, tilt, block.columns, self._planes,
                coder.table, self._scratch_for(block), *self._out, start,
            )  # fmt: skip
            if written:
                plot, slot, weight = (part[:written] for part in self._out)
                found.append((plot.copy(), coder.names[slot], weight.copy()))
            if lacking:
                self._learn(block, cells)
            elif start < len(plots):
                if start == before and empty:
                    raise too_many()
                self._clear()
        return found

    def coded(self, block: Block, cells: Cells) -> Codes:
        """The code of every cell of ``block``. Raises `LayerError`."""
        coder = self._coder
        self._begin(block, cells)
        codes = np.zeros((block.rows, block.columns), dtype=np.int32)
        start = 0
        while start < block.rows:
            before = start
            start = place_cells(self._planes, coder.table, codes, start)
            codes[before:start] = coder.names[codes[before:start]]
            if start == block.rows:
                break
            if int(coder.table.size[0]) + block.columns > MOST_CODES:
                self._clear()
            else:
                self._learn(block, cells)
        return codes

    def near(self, block: Block, cells: Cells, plots: Whole, boxes: Whole, judge: Judge) -> Mask:
        """Which of ``plots`` may have a change in their ``boxes`` (as from `Lattice.cells`) on ``block``.

        The block must be the one that was just weighed. Raises `LayerError`.
        """
        coder = self._coder
        found = np.zeros(len(plots), dtype=np.bool_)
        place = np.array([block.row, block.column, block.rows, block.columns])
        start = 0
        while start < len(plots):
            if coder.is_full:
                self._clear()
            coder.lacking[0] = -1
            start = boxes_with(
                self._planes, coder.table, self._wanted(judge), place, plots, boxes, found, start
            )  # fmt: skip
            if start < len(plots) and coder.lacking[0] >= 0:
                self._learn(block, cells)
        return found

    def _wanted(self, judge: Judge) -> npt.NDArray[np.uint8]:
        """By place of the table, whether a change there counts or cannot be told."""
        names = self._coder.names
        if self._looked[0] is not judge or len(self._looked[1]) != len(self.classes):
            look = judge(self.classes)
            self._looked = judge, look.changed | look.change_unknown
        places = self._coder.table.met[: self._coder.table.size[0]]
        self._places[places] = np.where(self._looked[1][names[places]], YES, NO)
        return self._places

    def _clear(self) -> None:
        self._coder.clear()
        self._places[:] = NOT_KNOWN

    def _begin(self, block: Block, cells: Cells) -> None:
        if self._coder.begin() or self._coder.is_full:
            self._clear()
        self._lay_out(block, cells)

    def _learn(self, block: Block, cells: Cells) -> None:
        if self._coder.learn(cells):
            self._places[:] = NOT_KNOWN
            self._lay_out(block, cells)

    def _lay_out(self, block: Block, cells: Cells) -> None:
        """Planes for ``block`` with no word filled in."""
        coder = self._coder
        words = -(-block.columns // CELLS)
        shape = block.rows, coder.planes, words
        size = block.rows * coder.planes * words
        if len(self._bits) < size:
            self._bits = np.zeros(size, dtype=np.uint64)
        bits = self._bits[:size].reshape(shape)
        for layer, stored in cells.stored.items():
            first, count = int(coder.first[layer]), stored.shape[1]
            bits[:, first : first + count] = stored
            bits[:, first + count : first + int(coder.count[layer])] = 0
        layers = list(cells.layers)
        ready = np.full((block.rows, words), not layers)
        self._planes = Planes(
            bits, ready, cells.raw, coder.short(cells), coder.first[layers], coder.count[layers], coder.lacking,
            *self._word,
        )  # fmt: skip

    def together(self, rows: list[Rows]) -> pl.DataFrame:
        """All weights, per plot and code."""
        none: Rows = (np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int64))
        plot, code, cm2 = (np.concatenate(part) for part in zip(none, *rows, strict=True))
        codes = max(1, len(self.classes))
        key = plot * codes + code
        order = np.argsort(key)
        key, cm2 = key[order], cm2[order]
        first = np.nonzero(np.append(True, key[1:] != key[:-1]))[0] if len(key) else order
        added = np.add.reduceat(cm2, first) if len(key) else cm2
        plot, code = np.divmod(key[first], codes)
        return pl.DataFrame([plot, code.astype(np.int32), added], schema=ROWS)

    def _cells_cm2(self, block: Block) -> tuple[Floats, Floats]:
        if not self._reference.is_geographic:
            return self._reference.cells_cm2(self._lattice, block)
        key = block.row, block.rows  # the areas of cells in degrees depend on their latitude alone
        if key not in self._cm2:
            self._cm2[key] = self._reference.cells_cm2(self._lattice, block)
        return self._cm2[key]

    def _scratch_for(self, block: Block) -> Scratch:
        if len(self._scratch.sums) < block.rows * (block.columns + MORE):
            self._scratch = new_scratch(block.rows, block.columns)
        return self._scratch
