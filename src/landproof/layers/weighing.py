"""Weighs plots on the blocks of one lattice, and numbers the combinations of classes that it meets."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from landproof.land.kernel.planes import CELLS, Codes, Coding, Mask, Planes, Raw, States, code_cells
from landproof.land.kernel.weigh import MOST_CODES, Scratch, boxes_with, new_scratch, weigh
from landproof.land.kernel.wkb import Shapes
from landproof.layers.classes import Numbers
from landproof.layers.coding import Coder, Combinations
from landproof.layers.lattice import Block, Lattice
from landproof.layers.look import Judge
from landproof.layers.references import Reference

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Rows: TypeAlias = tuple[Whole, Codes, Whole]  # plot, code and square centimetres

ROWS = {"plot": pl.Int64, "code": pl.Int32, "cm2": pl.Int64}
_ROWS_OUT = MOST_CODES * 2
_SIZES_KEPT = 8


@dataclass(slots=True)
class _Memory:
    """What blocks of one size need."""

    scratch: Scratch
    planes: Planes


class Weighing:
    """One lattice with ``layers`` layers; `classes` grows with the combinations met."""

    def __init__(self, lattice: Lattice, reference: Reference, layers: int) -> None:
        self._lattice = lattice
        self._reference = reference
        self._combinations = Combinations(layers)
        self._coder = Coder(self._combinations, layers)
        self._memory: dict[tuple[int, int], _Memory] = {}
        self._cm2: dict[tuple[int, int], tuple[Floats, Floats]] = {}
        self._looked: tuple[Judge | None, Mask] = (None, np.zeros(0, dtype=np.bool_))
        self._out = np.zeros(_ROWS_OUT, np.int64), np.zeros(_ROWS_OUT, np.int32), np.zeros(_ROWS_OUT, np.int64)

    @property
    def classes(self) -> Numbers:
        """Per code the number of the class of each layer."""
        return self._combinations.classes

    def weigh(self, shapes: Shapes, plots: Whole, block: Block, raw: Raw, states: States) -> list[Rows]:
        """The weights of ``plots`` on ``block``; ``raw`` and ``states`` as `BlockReader.read` gives them.

        Raises `LayerError` where the layers hold too many combinations of classes.
        """
        lattice = self._lattice
        frame = np.array(
            [
                lattice.left + block.column * lattice.width,
                lattice.top - block.row * lattice.height,
                1 / lattice.width,
                1 / lattice.height,
            ]
        )
        cm2, tilt = self._cells_cm2(block)
        self._coder.begin()
        self._fresh(block)
        coding = self._coder.coding(states)
        found: list[Rows] = []
        start = 0
        while start < len(plots):
            memory = self._memory[block.rows, block.columns]
            start, written, lacking = weigh(
                shapes.data, shapes.offsets, plots, frame, cm2, tilt, raw, coding, memory.planes, memory.scratch,
                *self._out, start, block.columns,
            )  # fmt: skip
            plot, code, weight = (part[:written] for part in self._out)
            found.append((plot.copy(), self._coder.names[code], weight.copy()))
            if lacking:
                coding = self._learn(block, states)
        return found

    def coded(self, block: Block, raw: Raw, states: States) -> Codes:
        """The code of every cell of ``block``. Raises `LayerError`."""
        self._coder.begin()
        codes = np.zeros((block.rows, block.columns), dtype=np.int32)
        while not code_cells(raw, self._coder.coding(states), codes):
            self._coder.learn(states)
        return self._coder.names[codes]

    def near(self, block: Block, raw: Raw, states: States, boxes: Whole, judge: Judge) -> Mask:
        """Which of ``boxes`` (n x top, left, bottom, right, ends included) may hold a change.

        The block must be the one that was just weighed. Raises `LayerError`.
        """
        found = np.zeros(len(boxes), dtype=np.bool_)
        coding = self._coder.coding(states)
        start = 0
        while start < len(boxes):
            wanted = self._counting(judge)[self._coder.names]
            planes = self._memory[block.rows, block.columns].planes
            start = boxes_with(raw, coding, planes, wanted, boxes, found, start)
            if start < len(boxes):
                coding = self._learn(block, states)
        return found

    def _counting(self, judge: Judge) -> Mask:
        """Per combination, whether a change there counts or cannot be told."""
        classes = self.classes
        if self._looked[0] is not judge or len(self._looked[1]) != len(classes):
            look = judge(classes)
            self._looked = judge, look.changed | look.change_unknown
        return self._looked[1]

    def _learn(self, block: Block, states: States) -> Coding:
        """Learn what a kernel has not met; where codes need more bits, all words are filled in anew."""
        self._coder.learn(states)
        if self._coder.planes > self._memory[block.rows, block.columns].planes.bits.shape[2]:
            self._fresh(block)
        return self._coder.coding(states)

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

    def _fresh(self, block: Block) -> None:
        """Memory for ``block`` with no word filled in."""
        size = block.rows, block.columns
        words = -(-block.columns // CELLS)
        if size not in self._memory and len(self._memory) == _SIZES_KEPT:
            self._memory.clear()
        memory = self._memory.get(size)
        if memory is None or memory.planes.bits.shape[2] < self._coder.planes:
            scratch = new_scratch(*size) if memory is None else memory.scratch
            bits = np.zeros((block.rows, words, self._coder.planes), np.uint64)
            memory = _Memory(scratch, Planes(bits, np.zeros((block.rows, words), np.bool_)))
            self._memory[size] = memory
        memory.planes.ready[:] = False
