"""Which tiles of which layers may have a say in plots, so that the rest need not be looked at.

A plot is judged by what lies on it, on its fringe, and on the landscape around as far as a patch goes that could
be too small to count. All tiles within that reach are its window: with the same content there, it has the same
verdict.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeAlias, cast

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer

from landproof.land.thresholds import FOREST_PATCH_M2, Thresholds
from landproof.layers.boxes import touching
from landproof.layers.catalogue import Catalogue
from landproof.layers.grids import Box
from landproof.layers.tiles import Tile

Floats = npt.NDArray[np.float64]
Chosen: TypeAlias = tuple[tuple[int, ...], ...]  # for each layer the numbers of its tiles

_METRES_PER_DEGREE = 110_500.0  # at least
_STRETCH = 1.1  # no projection in use for maps shortens more
_SLACK = 0.001  # of a tile's size: the sides of a projected tile are curved between the points looked at
_POINTS = 101
_EVERYWHERE: Box = (-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True, slots=True)
class Extents:
    """Where the tiles of a catalogue lie: ``boxes[layer][tile]`` in degrees, with a little slack."""

    boxes: tuple[tuple[Box, ...], ...]

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Extents":
        """The extents of all tiles."""
        return cls(tuple(tuple(_box(tile) for tile in layer.tiles) for layer in catalogue.layers))

    def touched(self, boxes: Floats) -> Chosen:
        """The tiles that any of ``boxes`` (n x west, south, east, north) touches."""
        if not len(boxes):
            return tuple(() for _ in self.boxes)
        hull = np.array([[*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)]])
        return tuple(
            tuple(
                number
                for number, box in enumerate(layer)
                if touching(hull, box).any() and touching(boxes, box).any()
            )
            for layer in self.boxes
        )


def narrowed(catalogue: Catalogue, chosen: Chosen) -> Catalogue:
    """``catalogue`` with these tiles only. Each layer stays, if without a tile: then its land has no data."""
    layers = [
        replace(layer, tiles=tuple(layer.tiles[number] for number in numbers))
        for layer, numbers in zip(catalogue.layers, chosen, strict=True)
    ]
    return replace(catalogue, layers=tuple(layers))


def reach_m(catalogue: Catalogue, thresholds: Thresholds, latitude: float) -> float:
    """How far in metres from a plot a cell may lie that has a say in it.

    A patch that is too small is at most as many cells long as the smallest one that counts has cells.
    ``latitude``: the farthest from the equator.
    """
    patch = max(FOREST_PATCH_M2, thresholds.change_patch_m2)
    reach = 0.0
    for tile in {_cell(tile) for layer in catalogue.layers for tile in layer.tiles}:
        width, height = _metres(*tile, latitude)
        reach = max(reach, patch / min(width, height) + 3 * max(width, height))
    return (thresholds.widest_fringe_m + reach) * _STRETCH


def _cell(tile: Tile) -> tuple[str, float, float]:
    return tile.crs, tile.width, tile.height


def _metres(crs: str, width: float, height: float, latitude: float) -> tuple[float, float]:
    if not _system(crs).is_geographic:
        unit = float(_system(crs).axis_info[0].unit_conversion_factor)
        return width * unit, height * unit
    shrink = math.cos(math.radians(min(abs(latitude), 89.9)))
    return width * _METRES_PER_DEGREE * shrink, height * _METRES_PER_DEGREE


@cache
def _system(crs: str) -> CRS:
    return CRS(crs)


@cache
def _to_degrees(crs: str) -> Any:
    return Transformer.from_crs(_system(crs), "EPSG:4326", always_xy=True)


def _box(tile: Tile) -> Box:
    left, bottom, right, top = tile.bounds
    box = (left, bottom, right, top)
    if not _system(tile.crs).is_geographic:
        box = cast(Box, _to_degrees(tile.crs).transform_bounds(*box, densify_pts=_POINTS, direction="FORWARD"))
        if not np.isfinite(box).all():
            return _EVERYWHERE  # nobody can tell: then it may be anywhere
    west, south, east, north = box
    across = east - west if west <= east else east - west + 360
    along, up = across * _SLACK + 1e-9, (north - south) * _SLACK + 1e-9
    if across + 2 * along >= 360:
        return -180.0, south - up, 180.0, north + up
    return _wrapped(west - along), south - up, _wrapped(east + along), north + up


def _wrapped(longitude: float) -> float:
    """The same meridian between -180 and 180."""
    if -180 <= longitude <= 180:
        return longitude
    return (longitude + 180) % 360 - 180


def tiles_of(catalogue: Catalogue, chosen: Chosen) -> Sequence[tuple[int, Tile]]:
    """Number of the layer and header of each of the tiles."""
    return [
        (number, catalogue.layers[number].tiles[place]) for number, places in enumerate(chosen) for place in places
    ]
