"""Lays plots over all layers: whole square centimetres per plot and combination of classes.

Lattice by lattice and block by block: each touched block is decoded once, and the coverage of a plot is worked
out once for all layers of a lattice. On the finest lattice the other layers are looked up at the middle of each
cell, so that what all layers say of one piece of land is known together; each layer's own areas are taken on
its own lattice.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from landproof.land.kernel.wkb import Shapes
from landproof.layers.blocks import BlockReader
from landproof.layers.catalogue import Catalogue
from landproof.layers.classes import Classes, Numbers
from landproof.layers.errors import Problem
from landproof.layers.lattice import Lattice, lattices, pair, reached
from landproof.layers.look import Judge
from landproof.layers.references import Reference
from landproof.layers.weighing import Rows, Weighing
from landproof.layers.windows import Windows

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weights:
    """Whole square centimetres on one lattice.

    ``frame``: a row per plot (its number) and combination of classes (``code``), with ``cm2``.
    ``classes[code]`` has a class number for each layer of ``layers``. ``own`` are the layers with tiles on this
    lattice; the others were looked up. ``lattice`` is the home of these plots, where all layers are weighed
    together; null where only its own layers are. ``near``: the plots that a change lies in or near.
    """

    layers: tuple[int, ...]
    own: tuple[int, ...]
    lattice: Lattice | None
    near: Whole
    frame: pl.DataFrame
    classes: Numbers


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

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The tiles that broke off while they were read; their land has no data."""
        return tuple(problem for _, problem in sorted(self.windows.problems.items()))

    def close(self) -> None:
        """Close the raster files."""
        self.windows.close()

    def weigh(self, shapes: Shapes, fringes: Floats, judge: Judge) -> Iterator[Weights]:
        """The weights on every lattice, and which plots are within ``fringes`` (n, metres) of a change.

        Raises `LayerError`.

        A plot's home is the finest lattice with a tile under it: there all layers are weighed together. On other
        lattices under it their own layers are weighed. The weights of a plot on a lattice add up to its area on
        the ellipsoid, land without a tile included; a plot without any tile has no weights.
        """
        homeless = np.ones(len(shapes.bounds), dtype=np.bool_)
        for lattice in self._lattices:
            reference = self.references[lattice.crs]
            near = np.nonzero(_overlap(shapes.bounds, reference.extent(lattice)))[0]
            there = reference.shapes(shapes, near)
            under = near[reached(lattice, lattice.cells(there.bounds[near]))]
            at_home, guests = under[homeless[under]], under[~homeless[under]]
            homeless[at_home] = False
            if len(at_home):
                yield self._at_home(lattice, there, at_home, reference.reach(there.bounds, fringes), judge)
            if len(guests):
                yield self._as_guests(lattice, there, guests)

    def home(self, shapes: Shapes) -> Lattice | None:
        """The finest lattice with a tile under the first of ``shapes``, where `weigh` weighs it."""
        first = np.zeros(1, dtype=np.int64)
        for lattice in self._lattices:
            reference = self.references[lattice.crs]
            if _overlap(shapes.bounds[:1], reference.extent(lattice)).any():
                bounds = reference.shapes(shapes, first).bounds[:1]
                if reached(lattice, lattice.cells(bounds)).any():
                    return lattice
        return None

    def _at_home(self, lattice: Lattice, shapes: Shapes, plots: Whole, reach: Floats, judge: Judge) -> Weights:
        layers = tuple(range(len(self.classes)))
        reader = BlockReader(self, lattice, layers)
        weighing = Weighing(lattice, self.references[lattice.crs], len(layers))
        rows: list[Rows] = []
        near: list[Whole] = []
        cells = lattice.cells(reach)
        for block, here in pair(lattice, cells[plots], plots):
            read = reader.read(block)
            rows += weighing.weigh(shapes, here, block, *read)
            near.append(here[weighing.near(block, *read, block.part(cells[here]), judge)])
        return Weights(
            layers,
            lattice.layers,
            lattice,
            np.unique(np.concatenate(near)),
            weighing.together(rows),
            weighing.classes,
        )

    def _as_guests(self, lattice: Lattice, shapes: Shapes, plots: Whole) -> Weights:
        reader = BlockReader(self, lattice, lattice.layers)
        weighing = Weighing(lattice, self.references[lattice.crs], len(lattice.layers))
        rows = [
            rows
            for block, here in pair(lattice, lattice.cells(shapes.bounds[plots]), plots)
            for rows in weighing.weigh(shapes, here, block, *reader.read(block))
        ]
        nobody = np.zeros(0, dtype=np.int64)
        return Weights(lattice.layers, lattice.layers, None, nobody, weighing.together(rows), weighing.classes)

    def elsewhere(self, layer: int, lattice: Lattice) -> list[Lattice]:
        """The other lattices with tiles of ``layer``, the finest first."""
        return [other for other in self._lattices if other is not lattice and layer in other.layers]


def _overlap(bounds: Floats, extent: tuple[float, float, float, float]) -> npt.NDArray[np.bool_]:
    west, south, east, north = extent
    beside = (bounds[:, 2] >= west) & (bounds[:, 0] <= east) if west <= east else np.isfinite(bounds[:, 0])
    return beside & (bounds[:, 3] >= south) & (bounds[:, 1] <= north)
