"""Which tiles of which layers a set of plots needs, and which of them are there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import shapely as _untyped

from landproof.layers.boxes import boxes_round, touches
from landproof.layers.catalogue import Catalogue, RasterLayer
from landproof.layers.extents import box_of
from landproof.layers.grids import Box, DegreeGrid, UtmZones
from landproof.layers.remote import is_remote
from landproof.layers.sources import Place

shapely = cast(Any, _untyped)
Floats = npt.NDArray[np.float64]

MARGIN_M = 100.0  # round each plot, for its fringe: twice its standard error
_SLACK = 1e-6  # degrees: tiles of decimal fractions do not quite meet


@dataclass(frozen=True, slots=True)
class Need:
    """A tile that plots need. ``there``: it is a local file. ``size`` in bytes, where it is known.

    ``url``: where it can be read or fetched; null where the catalogue does not say.
    """

    layer: str
    licence: str
    file: str
    there: bool
    size: int | None
    url: str | None
    place: Place
    in_place: bool = False  # read at its address, not fetched


@dataclass(frozen=True, slots=True)
class Needs:
    """Tiles in order of layer and name. ``uncertain``: layers whose missing tiles lie nobody knows where."""

    tiles: tuple[Need, ...]
    uncertain: tuple[str, ...]


def needs(catalogue: Catalogue, lands: Sequence[_untyped.Geometry]) -> Needs:
    """The tiles under ``lands`` (polygons in longitude and latitude), with the land round each of them."""
    boxes = boxes_round(lands, MARGIN_M)[1]
    tiles: list[Need] = []
    uncertain: list[str] = []
    for layer in catalogue.layers:
        found = {need.file: need for need in _needs_of(layer, boxes)}
        tiles += [need for _, need in sorted(found.items())]
        if _is_uncertain(layer):
            uncertain.append(layer.id)
    return Needs(tuple(tiles), tuple(uncertain))


def _needs_of(layer: RasterLayer, boxes: Floats) -> Iterator[Need]:
    covered: list[Box] = []
    places = {place.name: place for place in (*layer.source.there, *layer.source.missing)}
    for tile in layer.tiles:
        box = box_of(tile)
        covered += [box] if box is not None else []
        if box is None or touches(boxes, box):
            yield _need(layer, places[tile.name])
    opened = {tile.name for tile in layer.tiles}
    for name, place in places.items():
        if name not in opened and (place.box is None or touches(boxes, place.box)):
            yield _need(layer, place)
    grid = layer.source.grid
    for name in [] if grid is None else sorted(_uncovered(grid, boxes, covered)):
        if layer.source.template is not None:
            yield _need(layer, layer.source.place(name))
        elif grid is not None and not any(name in place for place in places):
            yield _need(layer, Place(name, name, None, None, grid.box(name)))


def _uncovered(grid: DegreeGrid | UtmZones, boxes: Floats, covered: Sequence[Box]) -> set[str]:
    """The tiles of ``grid`` under the parts of ``boxes`` on which no tile lies yet."""
    if not covered:
        return _names(grid, boxes)
    land = shapely.union_all([part for box in covered for part in _polygons(box)]).buffer(_SLACK)
    shapely.prepare(land)
    bare = boxes[~shapely.covers(land, shapely.box(*boxes.T))]
    return {name for name in _names(grid, bare) if _is_bare(grid.box(name), bare, land)}


def _names(grid: DegreeGrid | UtmZones, boxes: Floats) -> set[str]:
    """All tiles that ``boxes`` touch; of boxes on the same tiles one is asked for."""
    low = np.floor(boxes[:, :2] / grid.steps).astype(np.int64)
    high = np.ceil(boxes[:, 2:] / grid.steps).astype(np.int64)
    key = np.zeros(len(boxes), dtype=np.int64)
    for column in (low[:, 0], low[:, 1], high[:, 0], high[:, 1]):
        key = key * 512 + column + 256  # degrees / steps are well below 256 either way
    _, first = np.unique(key, return_index=True)
    return {name for box in boxes[first].tolist() for name in grid.names((box[0], box[1], box[2], box[3]))}


def _is_bare(tile: Box | None, boxes: Floats, land: Any) -> bool:
    """Whether a part of ``boxes`` lies on ``tile``, beyond what is covered."""
    if tile is None:
        return False
    west, south, east, north = tile
    parts = np.column_stack(
        [np.maximum(boxes[:, :2], [west, south]), np.minimum(boxes[:, 2:], [east, north])],
    )
    parts = parts[(parts[:, 0] < parts[:, 2]) & (parts[:, 1] < parts[:, 3])]
    return not bool(shapely.covers(land, shapely.box(*parts.T)).all())


def _polygons(box: Box) -> list[Any]:
    if box[0] <= box[2]:
        return [shapely.box(*box)]
    return [shapely.box(box[0], box[1], 180, box[3]), shapely.box(-180, box[1], box[2], box[3])]


def _need(layer: RasterLayer, place: Place) -> Need:
    there = place.path is not None and place.path.is_file()
    size = place.path.stat().st_size if there and place.path is not None else place.size
    return Need(
        layer.id,
        layer.licence,
        place.name,
        there,
        size,
        place.url,
        place,
        place.path is None and is_remote(place.address),
    )


def _is_uncertain(layer: RasterLayer) -> bool:
    """Nobody can tell which land the tiles that are not there would cover."""
    unplaced = any(place.box is None for place in layer.source.missing)
    return layer.source.grid is None and (unplaced or bool(layer.source.unmatched))
