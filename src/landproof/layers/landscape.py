"""Looks closer at plots near a change: zones around their outline, and patches on the landscape.

A block is read with a margin as wide as the smallest patch that counts is long, so a patch is judged whole
wherever a plot or a tile cuts it. Cells of patches that are too small are marked as two further layers.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from landproof.land.kernel.landscape import in_small_patch
from landproof.land.kernel.wkb import Shapes
from landproof.land.zones import Zone
from landproof.layers.blocks import BlockReader, Cells, Sources
from landproof.layers.classes import Numbers
from landproof.layers.lattice import Block, Lattice, pair
from landproof.layers.look import Judge
from landproof.layers.weighing import Rows, Weighing

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_CM2 = 10_000


@dataclass(frozen=True, slots=True)
class Pieces:
    """Whole square centimetres of plots by zone, combination of classes and size of patch.

    ``frame``: plot, zone (a `Zone`), code, cm2. ``classes[code]`` has the class of each layer, whether the cell is
    in a small patch of forest, and whether in a small patch of change.
    """

    frame: pl.DataFrame
    classes: Numbers


class Landscape:
    """Looks closer on one lattice. ``judge`` says what combinations of classes are."""

    def __init__(
        self, sources: Sources, lattice: Lattice, layers: int, judge: Judge, *, forest_m2: int, change_m2: int
    ) -> None:
        self._reference = sources.references[lattice.crs]
        self._lattice = lattice
        self._reader = BlockReader(sources, lattice, tuple(range(layers)))
        self._judge = judge
        self._forest_cm2, self._change_cm2 = float(forest_m2 * _CM2), float(change_m2 * _CM2)
        self._weighing = Weighing(lattice, self._reference, layers + 2)
        self._coding = Weighing(lattice, self._reference, layers)
        numbers = np.arange(1 << 16, dtype=np.uint16)
        self._identity = {count: np.broadcast_to(numbers, (count, 1 << 16)) for count in (layers, layers + 2)}

    def pieces(self, core: Shapes, plots: Shapes, grown: Shapes) -> Pieces:
        """The pieces of n plots, whose three outlines are in the reference system of the lattice."""
        numbers = np.nonzero(np.isfinite(grown.bounds[:, 0]))[0]
        found: list[list[Rows]] = [[], [], []]
        for block, here in pair(self._lattice, self._lattice.cells(grown.bounds[numbers]), numbers):
            cells = self._cells(self.marked(block))
            for shapes, rows in zip((core, plots, grown), found, strict=True):
                inside = here[np.isfinite(shapes.bounds[here, 0])]
                rows += self._weighing.weigh(shapes, inside, block, cells)
        inner, whole, outer = (self._weighing.together(rows) for rows in found)
        frame = pl.concat(
            [
                inner.with_columns(zone=pl.lit(Zone.CORE.value)),
                _less(whole, inner).with_columns(zone=pl.lit(Zone.EDGE.value)),
                _less(outer, whole).with_columns(zone=pl.lit(Zone.FRINGE.value)),
            ]
        )
        return Pieces(
            frame.select("plot", "zone", "code", "cm2").sort("plot", "zone", "code"), self._weighing.classes
        )

    def _cells(self, classes: Numbers) -> Cells:
        """Numbers of classes, as they would be read."""
        return Cells(classes, self._identity[len(classes)], range(len(classes)), {})

    def marked(self, block: Block) -> Numbers:
        """The classes on ``block`` (layers x rows x columns), and two more that mark small patches.

        The first of the two marks cells in a small patch of forest, the second in one of change.
        """
        cm2 = self._reference.cells_cm2(self._lattice, block)[0]
        margin = int(np.ceil(max(self._forest_cm2, self._change_cm2) / cm2.min())) + 1
        wide = Block(
            block.row - margin, block.column - margin, block.rows + 2 * margin, block.columns + 2 * margin, ()
        )
        classes = self._reader.classes(wide)
        codes = self._coding.coded(wide, self._cells(classes))
        look = self._judge(self._coding.classes)
        wide_cm2 = self._reference.cells_cm2(self._lattice, wide)[0]
        inner = slice(margin, margin + block.rows), slice(margin, margin + block.columns)
        forest = in_small_patch(look.forest[codes], look.forest_unknown[codes], wide_cm2, self._forest_cm2)
        change = in_small_patch(look.changed[codes], look.change_unknown[codes], wide_cm2, self._change_cm2)
        marks = np.stack([forest[inner], change[inner]]).astype(np.uint16)
        return np.concatenate([classes[:, *inner], marks])


def _less(outer: pl.DataFrame, inner: pl.DataFrame) -> pl.DataFrame:
    """What ``outer`` has beyond ``inner``; a zone is never negative for want of a rounded square centimetre."""
    joined = outer.join(inner, on=("plot", "code"), how="left", suffix="_inner")
    rest = (pl.col("cm2") - pl.col("cm2_inner").fill_null(0)).clip(lower_bound=0)
    return joined.select("plot", "code", cm2=rest).filter(pl.col("cm2") > 0)
