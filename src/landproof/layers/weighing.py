"""Weighs plots on the blocks of one lattice, and numbers the combinations of classes that it meets."""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from landproof.land.kernel.weigh import (
    Codes,
    Mask,
    Raw,
    Scratch,
    States,
    boxes_with,
    code_boxes,
    new_scratch,
    new_tree,
    weigh,
)
from landproof.land.kernel.wkb import Shapes
from landproof.layers.classes import Numbers
from landproof.layers.lattice import Block, Lattice
from landproof.layers.look import Judge
from landproof.layers.references import Reference

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Rows: TypeAlias = tuple[Whole, Codes, Whole]  # plot, code and square centimetres

ROWS = {"plot": pl.Int64, "code": pl.Int32, "cm2": pl.Int64}
_ROWS_OUT = 1 << 17
_SIZES_KEPT = 8


class Weighing:
    """One lattice with ``layers`` layers; `classes` grows with the combinations met."""

    def __init__(self, lattice: Lattice, reference: Reference, layers: int) -> None:
        self._lattice = lattice
        self._reference = reference
        self._layers = layers
        self._scratch: dict[tuple[int, int], Scratch] = {}
        self._tree = new_tree()
        self._names = [-1]  # per node of the tree its code, -1 for what is not a whole combination
        self._codes: list[tuple[int, ...]] = []

    @property
    def classes(self) -> Numbers:
        """Per code the number of the class of each layer."""
        return np.array(self._codes, dtype=np.uint16).reshape(-1, self._layers)

    def weigh(self, shapes: Shapes, plots: Whole, block: Block, raw: Raw, states: States) -> Iterator[Rows]:
        """The weights of ``plots`` on ``block``; ``raw`` and ``states`` as `BlockReader.read` gives them."""
        cm2, tilt = self._reference.cells_cm2(self._lattice, block)
        lattice = self._lattice
        frame = np.array(
            [
                lattice.left + block.column * lattice.width,
                lattice.top - block.row * lattice.height,
                1 / lattice.width,
                1 / lattice.height,
            ]
        )
        scratch = self._scratch_for(block)
        start = 0
        while start < len(plots):
            plot, weight = np.empty(_ROWS_OUT, np.int64), np.empty(_ROWS_OUT, np.int64)
            code = np.empty(_ROWS_OUT, np.int32)
            before = start
            start, written = weigh(
                shapes.data, shapes.offsets, plots, frame, cm2, tilt, raw, states, scratch, self._tree,
                plot, code, weight, start,
            )  # fmt: skip
            self._must_fit(start > before)
            yield plot[:written], self.names[code[:written]], weight[:written]

    def coded(self, block: Block, raw: Raw, states: States) -> Codes:
        """The code of every cell of ``block``."""
        scratch = self._scratch_for(block)
        whole = np.array([[0, 0, block.rows - 1, block.columns - 1]])
        self._must_fit(code_boxes(raw, states, scratch, self._tree, whole))
        return self.names[scratch.codes]

    def near(self, block: Block, raw: Raw, states: States, boxes: Whole, judge: Judge) -> Mask:
        """Which of ``boxes`` (n x top, left, bottom, right, ends included) may hold a change.

        The block must be the one that was just weighed.
        """
        scratch = self._scratch[block.rows, block.columns]
        self._must_fit(code_boxes(raw, states, scratch, self._tree, boxes))
        names = self.names
        look = judge(self.classes)
        counts = np.append(look.changed | look.change_unknown, False)  # the last for nodes that are no combination
        found = np.zeros(len(boxes), dtype=np.bool_)
        boxes_with(scratch.codes, counts[names], boxes, found)
        return found

    def _must_fit(self, fits: bool) -> None:
        if not fits:
            raise OverflowError(f"more than {len(self._tree.above)} combinations of classes in one block")

    @property
    def names(self) -> Codes:
        """The code of each node of the tree."""
        for node in range(len(self._names), int(self._tree.size[0])):
            path: list[int] = []
            at = node
            while at:
                path.append(int(self._tree.state[at]))
                at = int(self._tree.above[at])
            whole = len(path) == self._layers
            self._names.append(len(self._codes) if whole else -1)
            if whole:
                self._codes.append(tuple(reversed(path)))
        return np.array(self._names, dtype=np.int32)

    def together(self, rows: list[Rows]) -> pl.DataFrame:
        """All weights, per plot and code."""
        none: Rows = (np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int64))
        parts = [np.concatenate(part) for part in zip(none, *rows, strict=True)]
        frame = pl.DataFrame(parts, schema=ROWS)
        return frame.group_by("plot", "code").agg(pl.col("cm2").sum()).sort("plot", "code")

    def _scratch_for(self, block: Block) -> Scratch:
        size = (block.rows, block.columns)
        if size not in self._scratch:
            if len(self._scratch) == _SIZES_KEPT:
                self._scratch.clear()
            self._scratch[size] = new_scratch(*size, self._layers)
        self._scratch[size].ready[:] = False
        return self._scratch[size]
