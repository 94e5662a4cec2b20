"""Whether outlines are valid (OGC 06-103r4, 6.1.11 and 6.1.14), without geometry objects.

A ring must be closed, have three corners and touch itself nowhere; holes lie inside their shell and not in one
another; parts do not overlap. What needs a closer look (rings that touch in a point, numbers that differ in
their last bits, outlines whose sides all lie side by side) is `DOUBTFUL` and left to GEOS.
"""

import re
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import shapely

from landproof.compiled import compiled
from landproof.land.kernel.compiled import Bytes
from landproof.land.kernel.nesting import nested
from landproof.land.kernel.rings import (
    OPEN_RING,
    RINGS,
    TALLIES,
    Numbers,
    Outline,
    cut_all,
    largest,
    outline_room,
    take,
)
from landproof.land.kernel.sides import FINE, checked_sides, turns
from landproof.land.kernel.verdicts import (
    DISCONNECTED,
    DOUBTFUL,
    HOLE_NESTED,
    HOLE_OUTSIDE,
    NOT_JUDGED,
    OPEN,
    PARTS_NESTED,
    RINGS_CROSSING,
    SHORT,
    TOUCHING,
    UNLISTED,
    VALID,
)
from landproof.land.kernel.wkb import MULTI_POLYGON, POLYGON, Floats, Kinds, Offsets, Shapes

_shapely = cast(Any, shapely)  # it has no types

_REASON = re.compile(r"^(.*?)(?:\[(\S+) (\S+)\])?$")
_GEOS = {
    "Self-intersection": RINGS_CROSSING,
    "Ring Self-intersection": TOUCHING,
    "Hole lies outside shell": HOLE_OUTSIDE,
    "Holes are nested": HOLE_NESTED,
    "Nested shells": PARTS_NESTED,
    "Interior is disconnected": DISCONNECTED,
    "Too few points in geometry component": SHORT,
}


class Validity(NamedTuple):
    """Of n shapes: the verdict, a position where the fault is (nan: none), ring and corner there (-1: none).

    Rings are counted through all parts, corners within their ring as sent, both from 0. ``tallies`` (n x
    `TALLIES`): rings, the open ring, repeated corners and so on, see `landproof.land.kernel.rings`.
    """

    kinds: npt.NDArray[np.uint8]
    longitude: Floats
    latitude: Floats
    ring: Numbers
    corner: Numbers
    tallies: npt.NDArray[np.int64]


def validity(shapes: Shapes, *, cutting: bool = False, geos: bool = True) -> Validity:
    """Judge polygons and multipolygons; everything else is `NOT_JUDGED`.

    ``cutting`` judges them after their coordinates were cut to six decimals. With ``geos``, what is doubtful is
    decided by GEOS, and no `DOUBTFUL` is left.
    """
    n = len(shapes.kinds)
    found = Validity(
        np.full(n, NOT_JUDGED, np.uint8), np.full(n, np.nan), np.full(n, np.nan), np.full(n, -1, np.int64),
        np.full(n, -1, np.int64), np.zeros((n, TALLIES), np.int64),
    )  # fmt: skip
    positions, rings = largest(shapes.data, shapes.offsets, shapes.kinds)
    room = outline_room(positions, rings)
    _judge(shapes.data, shapes.offsets, shapes.kinds, cutting, room, *found)
    if geos:
        _ask_geos(shapes, cutting, found)
    return found


@compiled
def _judge(
    data: Bytes, offsets: Offsets, shape_kinds: Kinds, cutting: bool, room: Outline, kinds: Kinds,
    longitude: Floats, latitude: Floats, ring: Numbers, corner: Numbers, tallies: npt.NDArray[np.int64],
) -> None:  # fmt: skip
    x, y, number, first = room.x, room.y, room.number, room.first
    boxes = np.empty((len(x), 4))
    following = np.empty(len(x), np.int64)
    ring_of = np.empty(len(x), np.int64)
    place = np.empty(2, np.int64)
    for n in range(len(shape_kinds)):
        if shape_kinds[n] != POLYGON and shape_kinds[n] != MULTI_POLYGON:
            continue
        tally = tallies[n]
        take(data, offsets[n], cutting, x, y, number, first, room.part, room.hole, tally)
        place[0], place[1] = -1, -1
        kinds[n] = _verdict(room, tally, boxes, following, ring_of, place)
        if place[0] >= 0:
            at = place[0]
            longitude[n], latitude[n] = x[at], y[at]
            corner[n] = number[at]
            ring[n] = np.searchsorted(first[: tally[RINGS] + 1], at, side="right") - 1


@compiled
def _verdict(
    room: Outline, tally: Numbers, boxes: npt.NDArray[np.float64], following: Numbers, ring_of: Numbers,
    place: Numbers,
) -> int:  # fmt: skip
    x, y, first = room.x, room.y, room.first
    rings = tally[RINGS]
    if tally[OPEN_RING] >= 0:
        place[0] = first[tally[OPEN_RING]]
        return OPEN
    convex, unsure = rings == 1, False
    for ring in range(rings):
        begin, count = first[ring], first[ring + 1] - first[ring] - 1
        if count == -1:
            return DOUBTFUL  # a ring without positions: GEOS knows what it makes of it
        if count < 3:
            place[0] = begin
            return SHORT
        found = turns(x, y, begin, count, place)
        if found > FINE:
            return found
        convex = convex and found == VALID
        unsure = unsure or found == DOUBTFUL
    if convex:
        return VALID
    sides = checked_sides(x, y, first, rings, boxes, following, ring_of, place)
    if sides == VALID and rings > 1:
        sides = nested(room, rings, place)
    return DOUBTFUL if unsure and sides == VALID else sides


def _ask_geos(shapes: Shapes, cutting: bool, found: Validity) -> None:
    """Decide the doubtful, in place."""
    open_ones = np.flatnonzero(found.kinds == DOUBTFUL)
    if not len(open_ones):
        return
    binaries = [shapes.data[shapes.offsets[n] : shapes.offsets[n + 1]].tobytes() for n in open_ones.tolist()]
    geometries = _shapely.from_wkb(binaries, on_invalid="ignore")
    if cutting:
        geometries = _shapely.transform(geometries, cut_all)
    good = _shapely.is_valid(geometries)
    for n, fine, geometry in zip(open_ones.tolist(), good.tolist(), geometries.tolist(), strict=True):
        found.kinds[n], place = (VALID, None) if fine else _kind_of(str(_shapely.is_valid_reason(geometry)))
        if place is not None:
            found.longitude[n], found.latitude[n] = place


def _kind_of(reason: str) -> tuple[int, tuple[float, float] | None]:
    """The kind and the place of a fault as GEOS words it: ``Self-intersection[13.4 52.5]``."""
    found = _REASON.match(reason)
    if found is None:
        return UNLISTED, None
    kind = _GEOS.get(found[1].strip(), UNLISTED)
    return kind, (float(found[2]), float(found[3])) if found[2] else None
