"""Where tiles lie: their land in degrees, and whether that can be right."""

import re
from typing import Any, cast

import numpy as np
from pyproj import CRS, Transformer

from landproof.domain.messages import Message, text
from landproof.layers.grids import Box, DegreeGrid, UtmZones
from landproof.layers.tiles import Tile

_NEARLY = 1e-6  # of a degree


def box_of(tile: Tile) -> Box | None:
    """West, south, east and north in degrees; west of east across the date line; null where nothing is there."""
    system = CRS(tile.crs)
    left, bottom, right, top = tile.bounds
    if system.is_geographic:
        return left, bottom, right, top
    to_degrees = cast(Any, Transformer.from_crs(system, "EPSG:4326", always_xy=True))
    box = to_degrees.transform_bounds(left, bottom, right, top, densify_pts=21)
    return box if np.isfinite(box).all() else None


def misplaced(tile: Tile, grid: DegreeGrid | UtmZones | None) -> Message | None:
    """Why the place of ``tile`` on earth cannot be right."""
    left, bottom, right, top = tile.bounds
    in_degrees = CRS(tile.crs).is_geographic
    box = box_of(tile)
    beyond = left < -180 - tile.width or right > 180 + tile.width or bottom < -90.5 or top > 90.5
    looks_like_degrees = left >= -180 and right <= 180 and bottom >= -90 and top <= 90 and tile.width < 0.1
    if box is None or (in_degrees and beyond) or (not in_degrees and looks_like_degrees):
        return _said(
            tile,
            text(
                "Layer %(layer)s: %(file)s says that it is in %(system)s, and its coordinates (%(left)s, "
                "%(bottom)s to %(right)s, %(top)s) are not. Give the file its true reference system."
            ),
            system=tile.crs, left=left, bottom=bottom, right=right, top=top,
        )  # fmt: skip
    named = _named(tile.name, grid) if in_degrees else None
    if named is not None and not _within(box, named, tile):
        west, south, east, north = named
        return _said(
            tile,
            text(
                "Layer %(layer)s: %(file)s lies at %(left)s, %(bottom)s to %(right)s, %(top)s, outside the tile "
                "that its name tells (%(west)s, %(south)s to %(east)s, %(north)s). Fetch it again, or name it "
                "rightly."
            ),
            left=left, bottom=bottom, right=right, top=top, west=west, south=south, east=east, north=north,
        )  # fmt: skip
    return None


def _named(name: str, grid: DegreeGrid | UtmZones | None) -> Box | None:
    """The land of the tile that a file's name tells, where the name holds one of the grid."""
    if not isinstance(grid, DegreeGrid):
        return None
    found = re.search(grid.pattern, name.rsplit("/", 1)[-1])
    return grid.box(found[0]) if found else None


def _within(box: Box, named: Box, tile: Tile) -> bool:
    slack = max(tile.width, tile.height) * 1.5 + _NEARLY
    return (
        box[0] >= named[0] - slack
        and box[1] >= named[1] - slack
        and box[2] <= named[2] + slack
        and box[3] <= named[3] + slack
    )


def _said(tile: Tile, sentence: str, **values: object) -> Message:
    own = {"layer": tile.layer, "file": tile.name}
    return Message(sentence, own | {name: str(value) for name, value in values.items()})
