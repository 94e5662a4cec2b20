"""One plot on all layers: exact areas per class of each layer, and the patches that all layers share.

Coverage is exact in the plane of a raster. A layer's own areas are taken on its own grid. The patches are
taken on the finest grid over the plot together with all grids of the same reference system; layers in
another system are looked up at the middle of each cell, which is then cut in nine if it is not much finer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import shapely

from landproof.land.coverage import covered
from landproof.land.decode import NO_DATA_HERE, UNKNOWN_HERE, Decoder, State
from landproof.land.ellipsoid import extent, plot_area_m2
from landproof.land.patches import Patch
from landproof.land.shares import largest_remainder
from landproof.land.tables import NO_DATA, UNLISTED
from landproof.layers.catalogue import Catalogue
from landproof.layers.grids import Grid, Reference, refine
from landproof.layers.tiles import NO_DATA_VALUE, UNLISTED_VALUE, Reader, Tile, Values

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]
_Cells = tuple[Values, Values, npt.NDArray[np.bool_]]  # rows and columns of a tile, and whether they are in it
_Key = TypeVar("_Key")

_CELLS_AT_ONCE = 2_000_000
_FINER = 3  # times finer on a side, and a lookup at the middle of a cell needs no cutting
# Cells are weighed in whole square centimetres, so that sums do not depend on their order.
_CM2 = 10_000


@dataclass(frozen=True, slots=True)
class ClassArea:
    """One class of one layer on the plot. ``value`` is as the raster holds it."""

    layer: str
    value: str
    state: State
    year: int | None
    area_m2: int


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a plot holds: whole square metres that add up to its area, by layer and in all layers together."""

    area_m2: int
    areas: list[ClassArea]
    patches: list[Patch]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A tile with its reference system, its extent in degrees and the place of its layer."""

    tile: Tile
    layer: int
    reference: Reference
    extent: tuple[float, float, float, float]


@dataclass(slots=True)
class _Weights:
    """Square centimetres per value of each layer, and per combination of states of all layers."""

    values: dict[int, dict[int, int]] = field(default_factory=dict[int, dict[int, int]])
    states: dict[tuple[State, ...], int] = field(default_factory=dict[tuple[State, ...], int])


class Overlayer:
    """Measures plots on the layers of a catalogue. Close it when done: it keeps files open."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._layers = catalogue.layers
        self._reader = Reader()
        references: dict[str, Reference] = {}
        self._placed: list[_Placed] = []
        for place, layer in enumerate(self._layers):
            for tile in layer.tiles:
                reference = references.setdefault(tile.crs, Reference(tile.crs))
                self._placed.append(_Placed(tile, place, reference, reference.bounds_of(tile)))
        self._decoded: list[dict[int, State]] = [{} for _ in self._layers]

    def close(self) -> None:
        """Close the raster files."""
        self._reader.close()

    def measure(self, plot: shapely.Geometry) -> Overlay:
        """Areas and patches of a valid polygon in longitude and latitude. Raises `LayerError`."""
        whole = plot_area_m2(plot)
        here = self._over(plot)
        weights = self._weigh(plot, here)
        areas = [
            area
            for place in range(len(self._layers))
            for area in self._class_areas(place, weights.values.get(place) or {NO_DATA_VALUE: 1}, whole)
        ]
        nothing = {(NO_DATA_HERE,) * len(self._layers): 1}
        together = sorted((weights.states or nothing).items())
        shares = largest_remainder([weight for _, weight in together], whole)
        patches = [Patch(states, share) for (states, _), share in zip(together, shares, strict=True)]
        return Overlay(whole, areas, patches)

    def _class_areas(self, place: int, weights: Mapping[int, int], whole: int) -> Iterator[ClassArea]:
        layer = self._layers[place]
        listed = sorted(weights.items())
        shares = largest_remainder([weight for _, weight in listed], whole)
        for (value, _), share in zip(listed, shares, strict=True):
            name = NO_DATA if value == NO_DATA_VALUE else UNLISTED if value == UNLISTED_VALUE else str(value)
            year = layer.decoder.year(value) if value > UNLISTED_VALUE else None
            yield ClassArea(layer.id, name, self._state(place, value), year, share)

    def _over(self, plot: shapely.Geometry) -> list[_Placed]:
        west, south, east, north = extent(plot)
        return [
            placed
            for placed in self._placed
            if placed.extent[1] <= north
            and placed.extent[3] >= south
            # An extent whose west lies east of its east crosses the date line: look closer.
            and (placed.extent[0] > placed.extent[2] or (placed.extent[0] <= east and placed.extent[2] >= west))
        ]

    def _weigh(self, plot: shapely.Geometry, here: Sequence[_Placed]) -> _Weights:
        _, south, _, north = extent(plot)
        latitude = (south + north) / 2
        outlines = {placed.reference: placed.reference.plot(plot) for placed in here}
        reached = [placed for placed in here if outlines[placed.reference] is not None]
        home: dict[int, tuple[float, str, Reference]] = {}
        sizes: dict[tuple[str, float, float], float] = {}
        for placed in reached:
            key = (placed.reference.name, placed.tile.width, placed.tile.height)
            if key not in sizes:
                sizes[key] = round(placed.reference.cell_m2(placed.tile, latitude), 3)
            found = (sizes[key], placed.reference.name, placed.reference)
            home[placed.layer] = min(home.get(placed.layer, found), found, key=lambda each: each[:2])
        weights = _Weights()
        if not home:
            return weights
        joint = min(home.values(), key=lambda each: each[:2])[2]
        for reference in sorted({found[2] for found in home.values()}, key=lambda each: each.name):
            own = [place for place, found in home.items() if found[2] is reference]
            outline = outlines[reference]
            if outline is not None:
                self._weigh_on(reference, outline, reached, latitude, own, weights, together=reference is joint)
        return weights

    def _weigh_on(
        self,
        reference: Reference,
        outline: shapely.Geometry,
        here: Sequence[_Placed],
        latitude: float,
        own: Sequence[int],
        weights: _Weights,
        *,
        together: bool,
    ) -> None:
        """Weigh the cells of one reference system: the values of ``own`` layers, and all states ``together``."""
        wanted = [placed for placed in here if together or placed.layer in own]
        mine = [placed for placed in wanted if placed.reference is reference]
        others = [placed for placed in wanted if placed.reference is not reference]
        grid = refine(outline, (placed.tile for placed in mine), _parts(mine, others, latitude))
        for strip, weight in _strips(reference, outline, grid):
            rows, columns = np.nonzero(weight)
            heavy = weight[rows, columns]
            codes = np.zeros(len(heavy), dtype=np.int64)
            seen: list[list[State]] = []
            cells_of: dict[tuple[object, ...], _Cells] = {}
            for place in range(len(self._layers)) if together else own:
                tiles = [placed for placed in wanted if placed.layer == place]
                values = self._look(reference, strip, rows, columns, tiles, cells_of)
                found, index = np.unique(values, return_inverse=True)
                if place in own:
                    sums = np.bincount(index, heavy, minlength=len(found)).astype(np.float64)
                    _add(weights.values.setdefault(place, {}), found.tolist(), sums)
                if together:
                    states = [self._state(place, value) for value in found.tolist()]
                    distinct = sorted(set(states))
                    places = {state: number for number, state in enumerate(distinct)}
                    lookup = np.array([places[state] for state in states], dtype=np.int64)
                    codes = codes * len(distinct) + lookup[index]
                    seen.append(distinct)
            if together and len(heavy):
                found, index = np.unique(codes, return_inverse=True)
                sums = np.bincount(index, heavy, minlength=len(found)).astype(np.float64)
                _add(weights.states, [_states(code, seen) for code in found.tolist()], sums)

    def _look(
        self,
        reference: Reference,
        grid: Grid,
        rows: Whole,
        columns: Whole,
        tiles: Sequence[_Placed],
        cells_of: dict[tuple[object, ...], _Cells],
    ) -> Values:
        """Values at the middles of cells. Where tiles overlap, the first by name that has data counts.

        ``cells_of`` keeps the cells of tiles on one grid, which most layers share.
        """
        values = np.full(len(rows), NO_DATA_VALUE, dtype=np.int64)
        for placed in sorted(tiles, key=lambda each: each.tile.name):
            tile = placed.tile
            place = (placed.reference.name, tile.left, tile.top, tile.width, tile.height, tile.rows, tile.columns)
            if place not in cells_of:
                cells_of[place] = _places(reference, grid, rows, columns, placed)
            row, column, inside = cells_of[place]
            wanted = inside & (values == NO_DATA_VALUE)
            if not wanted.any():
                continue
            row, column = row[wanted], column[wanted]
            top, left = int(row.min()), int(column.min())
            window = self._reader.cells(tile, (top, int(row.max()) + 1), (left, int(column.max()) + 1))
            values[wanted] = window[row - top, column - left]
        return values

    def _state(self, place: int, value: int) -> State:
        known = self._decoded[place]
        if value not in known:
            known[value] = _decode(self._layers[place].decoder, value)
        return known[value]


def _places(reference: Reference, grid: Grid, rows: Whole, columns: Whole, placed: _Placed) -> _Cells:
    """The cells of a tile that hold the middles of cells of ``grid``."""
    tile = placed.tile
    x, y = grid.middle_x, grid.middle_y
    if placed.reference is reference:
        column = np.floor((x - tile.left) / tile.width).astype(np.int64)[columns]
        row = np.floor((tile.top - y) / tile.height).astype(np.int64)[rows]
    else:
        there = placed.reference.from_plots(*reference.to_plots(x[columns], y[rows]))
        usable = np.isfinite(there[0]) & np.isfinite(there[1])
        column = np.floor(np.where(usable, (there[0] - tile.left) / tile.width, -1)).astype(np.int64)
        row = np.floor(np.where(usable, (tile.top - there[1]) / tile.height, -1)).astype(np.int64)
    return row, column, (column >= 0) & (column < tile.columns) & (row >= 0) & (row < tile.rows)


def _decode(decoder: Decoder, value: int) -> State:
    if value == NO_DATA_VALUE:
        return NO_DATA_HERE
    return UNKNOWN_HERE if value == UNLISTED_VALUE else decoder.state(value)


def _states(code: int, seen: Sequence[Sequence[State]]) -> tuple[State, ...]:
    found: list[State] = []
    for distinct in reversed(seen):
        code, index = divmod(code, len(distinct))
        found.append(distinct[index])
    return tuple(reversed(found))


def _add(sums: dict[_Key, int], keys: Sequence[_Key], amounts: Floats) -> None:
    for key, amount in zip(keys, amounts.tolist(), strict=True):
        sums[key] = sums.get(key, 0) + int(amount)


def _parts(mine: Sequence[_Placed], others: Sequence[_Placed], latitude: float) -> int:
    if not others:
        return 1
    here = min(placed.reference.cell_m2(placed.tile, latitude) for placed in mine)
    there = min(placed.reference.cell_m2(placed.tile, latitude) for placed in others)
    return 1 if there >= here * _FINER**2 else _FINER


def _strips(
    reference: Reference, outline: shapely.Geometry, grid: Grid
) -> Iterator[tuple[Grid, npt.NDArray[np.float64]]]:
    """Strips of the grid with the covered square centimetres of each cell, in whole numbers."""
    height = max(1, _CELLS_AT_ONCE // (len(grid.x) - 1))
    for first in range(0, len(grid.y) - 1, height):
        strip = Grid(grid.x, grid.y[first : first + height + 1])
        scale = reference.true_scale(strip.x, strip.y)
        yield strip, np.rint(covered(outline, strip.x, strip.y) * scale * _CM2)
