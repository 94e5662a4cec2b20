"""Lays plots over all layers: whole square centimetres per plot and combination of classes.

Lattice by lattice and block by block: each touched block is decoded once, and the coverage of a plot is worked
out once for all layers of a lattice. On the finest lattice the other layers are looked up at the middle of each
cell, so that what all layers say of one piece of land is known together; each layer's own areas are taken on
its own lattice.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import polars as pl

from landproof.land.kernel.wkb import Shapes
from landproof.layers.blocks import BlockReader
from landproof.layers.catalogue import Catalogue
from landproof.layers.classes import SIZES, Classes, Numbers, planes_for
from landproof.layers.coding import PLANES_KEPT
from landproof.layers.errors import LayerError, Problem
from landproof.layers.lattice import Lattice, Placed, lattices, pair, reached
from landproof.layers.look import Judge
from landproof.layers.planes import PlaneStore, StoredPlanes
from landproof.layers.references import Reference
from landproof.layers.weighing import Rows, Weighing
from landproof.layers.windows import Windows

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_NOBODY = np.zeros(0, dtype=np.int64)


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
    """Lays plots over the layers of a catalogue.

    What the ``store`` has is read in place of the rasters; the result is the same.
    """

    def __init__(self, catalogue: Catalogue, store: PlaneStore | None = None) -> None:
        self.classes = [Classes(layer.decoder) for layer in catalogue.layers]
        self.windows = Windows()
        self._store = store
        self._fixed = {} if store is None else _fixed(catalogue, self.classes, store)
        found = lattices(catalogue.layers)
        self.references = {lattice.crs: Reference(lattice.crs) for lattice in found}
        self._lattices = sorted(found, key=self._finest)

    def _finest(self, lattice: Lattice) -> tuple[float, int, str, float, float]:
        """The smaller cells first; of equal ones the lattice with more layers."""
        cell = round(self.references[lattice.crs].cell_m2(lattice), 3)
        return cell, -len(lattice.layers), lattice.crs, lattice.left, lattice.top

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Tiles that broke off while they were read, so their land has no data; and planes that are damaged."""
        damaged = self._store.problems if self._store is not None else {}
        return tuple(problem for _, problem in sorted((self.windows.problems | damaged).items()))

    def close(self) -> None:
        """Close the raster files and the planes."""
        self.windows.close()
        if self._store is not None:
            self._store.close()

    def planes(self, placed: Placed) -> StoredPlanes | None:
        """The stored planes of a tile, if there are any."""
        if self._store is None or placed.layer not in self._fixed:
            return None
        return self._store.planes(placed.tile, self.classes[placed.layer])

    def _weighing(self, lattice: Lattice, layers: tuple[int, ...]) -> Weighing:
        fixed = [self._fixed.get(layer, []) for layer in layers]
        return Weighing(lattice, self.references[lattice.crs], len(layers), fixed)

    def weigh(self, shapes: Shapes, fringes: Floats, judge: Judge | None) -> Iterator[Weights]:
        """The weights on every lattice, and which plots are within ``fringes`` (n, metres) of a change.

        Without a ``judge`` nobody is near, and ``fringes`` do not matter. Raises `LayerError`.

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
                reach = reference.reach(there.bounds, fringes)
                yield self._roomy(partial(self._at_home, lattice, there, at_home, reach, judge))
            if len(guests):
                yield self._roomy(partial(self._as_guests, lattice, there, guests))

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

    def _roomy(self, weigh: Callable[[], Weights]) -> Weights:
        """What ``weigh`` finds. Planes have room for all classes of a layer, rasters for those on a block only.

        So where planes leave too little room for the combinations, the rasters are read.
        """
        try:
            return weigh()
        except LayerError:
            if not self._fixed:
                raise
        fixed, self._fixed = self._fixed, {}
        try:
            return weigh()
        finally:
            self._fixed = fixed

    def _at_home(
        self, lattice: Lattice, shapes: Shapes, plots: Whole, reach: Floats, judge: Judge | None
    ) -> Weights:
        layers = tuple(range(len(self.classes)))
        reader = BlockReader(self, lattice, layers)
        weighing = self._weighing(lattice, layers)
        rows: list[Rows] = []
        near: list[Whole] = []
        cells = lattice.cells(shapes.bounds if judge is None else reach)
        for block, here in pair(lattice, cells[plots], plots):
            read = reader.read(block)
            rows += weighing.weigh(shapes, here, block, read)
            if judge is not None:
                near.append(here[weighing.near(block, read, here, cells, judge)])
        return Weights(
            layers,
            lattice.layers,
            lattice,
            np.unique(np.concatenate(near)) if near else _NOBODY,
            weighing.together(rows),
            weighing.classes,
        )

    def _as_guests(self, lattice: Lattice, shapes: Shapes, plots: Whole) -> Weights:
        reader = BlockReader(self, lattice, lattice.layers)
        weighing = self._weighing(lattice, lattice.layers)
        rows = [
            rows
            for block, here in pair(lattice, lattice.cells(shapes.bounds[plots]), plots)
            for rows in weighing.weigh(shapes, here, block, reader.read(block))
        ]
        return Weights(lattice.layers, lattice.layers, None, _NOBODY, weighing.together(rows), weighing.classes)

    def elsewhere(self, layer: int, lattice: Lattice) -> list[Lattice]:
        """The other lattices with tiles of ``layer``, the finest first."""
        return [other for other in self._lattices if other is not lattice and layer in other.layers]


def _fixed(catalogue: Catalogue, classes: Sequence[Classes], store: PlaneStore) -> dict[int, list[int]]:
    """By number of a layer with planes its classes in the order in which planes have them.

    Layers with many classes are left to their rasters where there would be too many planes to keep from block to
    block.
    """
    found: dict[int, list[int]] = {}
    for number, layer in enumerate(catalogue.layers):
        stored = [tile.kind for tile in layer.tiles if store.planes(tile, classes[number]) is not None]
        if stored:
            found[number] = classes[number].in_order(max(stored, key=lambda kind: SIZES[kind]))
    chosen: dict[int, list[int]] = {}
    planes = 0
    for number in sorted(found, key=lambda each: len(found[each])):
        planes += planes_for(len(found[number]))
        if planes <= PLANES_KEPT:
            chosen[number] = found[number]
    return chosen


def _overlap(bounds: Floats, extent: tuple[float, float, float, float]) -> npt.NDArray[np.bool_]:
    west, south, east, north = extent
    beside = (bounds[:, 2] >= west) & (bounds[:, 0] <= east) if west <= east else np.isfinite(bounds[:, 0])
    return beside & (bounds[:, 3] >= south) & (bounds[:, 1] <= north)
