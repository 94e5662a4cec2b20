"""Reads the window around one plot as a picture: what each layer says of each cell, and what that means.

The cells are those of the plot's home, the finest lattice with a tile under it, as the verdict sees them. Of a
window too large to draw every n-th row and column is kept; all of it is read, block by block.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import shapely

from landproof.land.findings import FINDERS
from landproof.land.kernel.area import areas_m2
from landproof.land.kernel.ellipsoid import cosine
from landproof.land.kernel.wkb import pack
from landproof.land.patches import Patch, Views
from landproof.land.picture import (
    BLANK,
    DECIDING,
    Cells,
    Mark,
    Panel,
    Picture,
    Ring,
    loudest,
    mark_of_finding,
    mark_of_state,
)
from landproof.land.thresholds import FOREST_PATCH_M2, Terms
from landproof.land.zones import Zone, grown
from landproof.layers.blocks import BlockReader
from landproof.layers.catalogue import Catalogue
from landproof.layers.classes import Classes, Numbers
from landproof.layers.landscape import Landscape
from landproof.layers.lattice import Block, Lattice
from landproof.layers.look import Judging
from landproof.layers.overlay import Overlayer
from landproof.layers.references import Reference

_shapely = cast(Any, shapely)  # it has no types
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

MOST = 400  # cells on a side of the picture
_BLOCK = 512  # cells on a side that are read at once
_MARGIN_CELLS, _MARGIN_PART = 2, 12  # around the fringe: so many cells, or a part of its longer side
_METRES_PER_DEGREE = 111_320.0
_DEGREES = "EPSG:4326"
_BARE_CELL = 0.0003  # degrees, where there is no raster
_DENSE = 0.0005  # degrees between points of an outline that is projected
_NO_VALUE, _NO_CLASS = -(1 << 62), -(1 << 62) + 1
_HALF_WAY_ROUND = 180.0  # degrees: what is wider lies on both sides of the antimeridian


@dataclass(frozen=True, slots=True)
class _Window:
    """Cells of ``lattice`` from (``row``, ``column``) on, of which every ``step``-th is kept."""

    lattice: Lattice
    reference: Reference
    row: int
    column: int
    rows: int
    columns: int
    step: int

    @property
    def kept(self) -> tuple[Places, Places]:
        """The rows and columns that are kept, counted from the first; the middle one of each ``step``."""
        first = self.step // 2
        return np.arange(min(first, self.rows - 1), self.rows, self.step), np.arange(
            min(first, self.columns - 1), self.columns, self.step
        )

    def blocks(self) -> Sequence[Block]:
        """All of it in blocks."""
        return [
            Block(
                self.row + down, self.column + along, min(_BLOCK, self.rows - down),
                min(_BLOCK, self.columns - along), self.lattice.tiles,
            )
            for down in range(0, self.rows, _BLOCK)
            for along in range(0, self.columns, _BLOCK)
        ]  # fmt: skip

    def here(self, land: shapely.Geometry) -> shapely.Geometry:
        """``land`` in cells of the picture."""
        dense = land if self.reference.is_geographic else _shapely.segmentize(land, _DENSE)

        def moved(points: Floats) -> Floats:
            x, y = self.reference.from_plots(points[:, 0], points[:, 1])
            column = (x - self.lattice.left) / self.lattice.width - self.column
            row = (self.lattice.top - y) / self.lattice.height - self.row
            return np.column_stack([column / self.step, row / self.step])

        return _shapely.transform(dense, moved)

    def cell_m(self, land: shapely.Geometry) -> tuple[float, float]:
        """Width and height of a kept cell in metres."""
        width, height = self.lattice.width * self.step, self.lattice.height * self.step
        if self.reference.is_geographic:
            _, south, _, north = _bounds(land)
            middle = (south + north) / 2
            narrow = float(cosine(np.array([middle]))[0])
            return width * _METRES_PER_DEGREE * narrow, height * _METRES_PER_DEGREE
        metre = (self.reference.cell_m2(self.lattice) / (self.lattice.width * self.lattice.height)) ** 0.5
        return width * metre, height * metre


def read_picture(
    land: shapely.Geometry,
    sigma: float,
    catalogue: Catalogue,
    overlayer: Overlayer,
    *,
    terms: Terms,
    harms: Sequence[tuple[str, ...]],
    closer: bool,
    most: int = MOST,
) -> Picture:
    """The picture of a valid polygon in longitude and latitude.

    ``sigma``: the standard error of its outline in metres. ``harms``: for each map of what decides, the harms that
    it shows; where they differ, the one that speaks loudest. ``closer``: whether zones and sizes of patches were
    looked at. Raises `LayerError`.
    """
    shown, partly = _one_side(land)
    fringe = sigma * terms.thresholds.fringe_sigmas
    core, outer = (grown([shown], np.array([metres]))[0] for metres in (-sigma, fringe))
    window, bare = _window(shown, outer, overlayer, most)
    outlines = {"plot": window.here(shown), "core": window.here(core), "fringe": window.here(outer)}
    numbers, digests = _read(window, catalogue, overlayer, terms, bare=bare, closer=closer)
    zones = _zones(outlines, numbers.shape[1:], closer=closer)
    classes = overlayer.classes
    return Picture(
        rows=numbers.shape[1],
        columns=numbers.shape[2],
        cell_m=window.cell_m(shown),
        step=window.step,
        rings={name: _rings(outline) for name, outline in outlines.items()},
        deciding=_deciding(numbers, zones, catalogue, classes, terms, harms),
        layers=tuple(
            _layer_panel(layer.id, classes[place], numbers[place], terms, digests[place])
            for place, layer in enumerate(catalogue.layers)
        ),
        bare=bare,
        partly=partly,
        closer=closer,
    )


def _one_side(land: shapely.Geometry) -> tuple[shapely.Geometry, bool]:
    """Of land on both sides of the antimeridian the larger part, and whether it was cut."""
    west, _, east, _ = _bounds(land)
    if east - west <= _HALF_WAY_ROUND:
        return land, False
    parts = list(_shapely.get_parts(land))
    sides = [
        [each for each in parts if (each.bounds[0] + each.bounds[2] < 0) is western] for western in (True, False)
    ]
    found = [shapely.MultiPolygon(side) for side in sides if side]
    areas = areas_m2(pack([_shapely.to_wkb(side, output_dimension=2) for side in found]))
    return found[int(np.argmax(areas))], len(found) > 1


def _bounds(land: shapely.Geometry) -> tuple[float, float, float, float]:
    """West, south, east and north."""
    return tuple(_shapely.bounds(land).tolist())


def _window(
    land: shapely.Geometry, outer: shapely.Geometry, overlayer: Overlayer, most: int
) -> tuple[_Window, bool]:
    """The cells to draw, and whether there is no raster at all."""
    own = overlayer.home(pack([_shapely.to_wkb(land, output_dimension=2)]))
    bare = own is None
    west, _, _, north = _bounds(outer)
    lattice = own or Lattice(_DEGREES, west, north, _BARE_CELL, _BARE_CELL, ())
    reference = Reference(_DEGREES) if bare else overlayer.references[lattice.crs]
    there = reference.shapes(pack([_shapely.to_wkb(outer, output_dimension=2)]), np.zeros(1, dtype=np.int64))
    top, left, bottom, right = lattice.cells(there.bounds[:1])[0].tolist()
    margin = max(_MARGIN_CELLS, max(bottom - top, right - left) // _MARGIN_PART)
    rows, columns = bottom - top + 1 + 2 * margin, right - left + 1 + 2 * margin
    step = -(-max(rows, columns) // most)
    return _Window(lattice, reference, top - margin, left - margin, rows, columns, step), bare


def _read(
    window: _Window, catalogue: Catalogue, overlayer: Overlayer, terms: Terms, *, bare: bool, closer: bool
) -> tuple[Numbers, list[str]]:
    """Classes of the kept cells with the two layers that mark small patches; a digest of all cells per layer."""
    layers = len(catalogue.layers)
    down, along = window.kept
    kept = np.zeros((layers + 2, len(down), len(along)), dtype=np.uint16)
    digests = [sha256(f"{window.rows} {window.columns}".encode()) for _ in range(layers)]
    if bare:
        return kept, [each.hexdigest() for each in digests]
    look = Judging(catalogue, overlayer.classes, terms).look
    landscape = Landscape(
        overlayer, window.lattice, layers, look,
        forest_m2=FOREST_PATCH_M2, change_m2=terms.thresholds.change_patch_m2,
    )  # fmt: skip
    reader = BlockReader(overlayer, window.lattice, tuple(range(layers)))
    for block in window.blocks():
        numbers = landscape.marked(block) if closer else reader.classes(block)
        for place, digest in enumerate(digests):
            digest.update(_values(overlayer.classes[place], numbers[place]).tobytes())
        top, left = block.row - window.row, block.column - window.column
        rows = np.nonzero((down >= top) & (down < top + block.rows))[0]
        columns = np.nonzero((along >= left) & (along < left + block.columns))[0]
        kept[: len(numbers), rows[:, None], columns[None, :]] = numbers[
            :, (down[rows] - top)[:, None], (along[columns] - left)[None, :]
        ]
    return kept, [each.hexdigest() for each in digests]


def _values(classes: Classes, numbers: Numbers) -> Places:
    """What the raster holds: one value of each class, whatever number the class has here."""
    values = [_NO_CLASS if value is None else value for value in classes.values]
    values[0] = _NO_VALUE
    return np.array(values, dtype="<i8")[numbers]


def _zones(outlines: Mapping[str, shapely.Geometry], shape: tuple[int, ...], *, closer: bool) -> Cells:
    """The zone of each cell by its middle; cells outside the fringe are blank.

    Where nobody looked closer the plot is one zone. A plot that holds no middle of a cell has all that it touches.
    """
    rows, columns = shape
    x, y = np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5)

    def inside(name: str) -> npt.NDArray[np.bool_]:
        outline = outlines[name]
        shapely.prepare(outline)
        found: npt.NDArray[np.bool_] = _shapely.contains_xy(outline, x, y)
        if name == "plot" and not found.any():
            found = _shapely.intersects(outline, _shapely.box(x - 0.5, y - 0.5, x + 0.5, y + 0.5))
        return found

    zones = np.full(shape, BLANK, dtype=np.uint8)
    if not closer:
        zones[inside("plot")] = Zone.CORE.value
        return zones
    for name, zone in (("fringe", Zone.FRINGE), ("plot", Zone.EDGE), ("core", Zone.CORE)):
        zones[inside(name)] = zone.value
    return zones


def _layer_panel(name: str, classes: Classes, numbers: Numbers, terms: Terms, digest: str) -> Panel:
    found, index = np.unique(numbers, return_inverse=True)
    said = [mark_of_state(classes.state(number), terms.cut_off) for number in found.tolist()]
    marks = tuple(mark for mark in Mark if mark in said)
    places = np.array([marks.index(mark) for mark in said], dtype=np.uint8)
    return Panel(name, marks, places[index].reshape(numbers.shape), digest)


def _deciding(
    numbers: Numbers,
    zones: Cells,
    catalogue: Catalogue,
    classes: Sequence[Classes],
    terms: Terms,
    harms: Sequence[tuple[str, ...]],
) -> tuple[Panel, ...]:
    """What the cells in plot and fringe mean for each group of harms."""
    views = Views([layer.facts for layer in catalogue.layers], terms)
    where = zones != BLANK
    combinations, index = np.unique(
        np.column_stack([zones[where], numbers[:, where].T]), axis=0, return_inverse=True
    )
    seen = [
        views.of(
            Patch(
                tuple(each.state(number) for each, number in zip(classes, own[:-2], strict=True)),
                Zone(zone),
                *map(bool, own[-2:]),
            )
        )
        for zone, *own in combinations.tolist()
    ]
    panels: list[Panel] = []
    for group in harms:
        said = [
            loudest((mark_of_finding(view, FINDERS[harm](view, terms.thresholds)) for harm in group), group)
            for view in seen
        ]
        marks = tuple(mark for mark in DECIDING if mark in said)
        cells = np.full(zones.shape, BLANK, dtype=np.uint8)
        cells[where] = np.array([marks.index(mark) for mark in said], dtype=np.uint8)[index.ravel()]
        panels.append(Panel(", ".join(group), marks, cells))
    return tuple(panels)


def _rings(outline: shapely.Geometry) -> tuple[Ring, ...]:
    parts = _shapely.get_parts(outline)
    return tuple(
        np.asarray(_shapely.get_coordinates(ring), dtype=np.float64)
        for part in parts
        if not part.is_empty
        for ring in (part.exterior, *part.interiors)
    )
