"""Whether rings that meet nowhere lie as holes and parts must."""

from landproof.compiled import compiled
from landproof.land.kernel.orientation import ON, UNSURE, orientation
from landproof.land.kernel.rings import Numbers, Outline
from landproof.land.kernel.verdicts import DOUBTFUL, HOLE_NESTED, HOLE_OUTSIDE, PARTS_NESTED, VALID
from landproof.land.kernel.wkb import Floats

_STEPS = 20_000_000  # sides looked at; beyond, the shape is left to GEOS

_OUTSIDE, _INSIDE, _UNSURE = 0, 1, 2


@compiled
def nested(room: Outline, rings: int, place: Numbers) -> int:
    """Judge rings whose sides neither cross nor touch: one corner tells where a whole ring lies."""
    x, y, first, part, hole = room.x, room.y, room.first, room.part, room.hole
    steps = 0
    for ring in range(rings):
        begin = first[ring]
        east, north = float(x[begin]), float(y[begin])  # of one corner of the ring
        for other in range(rings):
            if other == ring or (hole[ring] == 1 and part[other] != part[ring]):
                continue  # a hole is judged within its own part: its part is judged as a whole
            if hole[ring] == 0 and hole[other] == 1:
                continue  # looked up below, where it matters
            steps += first[other + 1] - first[other]
            if steps > _STEPS:
                return DOUBTFUL
            found = _inside(x, y, first[other], first[other + 1] - 1, east, north)
            if found == _UNSURE:
                return DOUBTFUL
            if hole[ring] == 1 and hole[other] == 0 and found == _OUTSIDE:
                place[0] = begin
                return HOLE_OUTSIDE
            if hole[ring] == 1 and hole[other] == 1 and found == _INSIDE:
                place[0] = begin
                return HOLE_NESTED
            if hole[ring] == 0 and found == _INSIDE:
                found = _in_hole(x, y, first, part, hole, rings, part[other], east, north)
                if found == _UNSURE:
                    return DOUBTFUL
                if found == _OUTSIDE:
                    place[0] = begin
                    return PARTS_NESTED
    return VALID


@compiled
def _in_hole(
    x: Floats, y: Floats, first: Numbers, part: Numbers, hole: Numbers, rings: int, polygon: int, east: float,
    north: float,
) -> int:  # fmt: skip
    for ring in range(rings):
        if part[ring] == polygon and hole[ring] == 1:
            found = _inside(x, y, first[ring], first[ring + 1] - 1, east, north)
            if found != _OUTSIDE:
                return found
    return _OUTSIDE


@compiled
def _inside(x: Floats, y: Floats, begin: int, end: int, east: float, north: float) -> int:
    """Whether a position lies in the ring of corners ``begin`` … ``end``; it is known not to lie on it."""
    inside = False
    for k in range(begin, end):
        low, high = y[k], y[k + 1]
        if (low <= north) == (high <= north):
            continue
        if max(x[k], x[k + 1]) < east:
            continue
        if min(x[k], x[k + 1]) > east:
            inside = not inside
            continue
        side = orientation(x[k], low, x[k + 1], high, east, north)
        if side in (UNSURE, ON):
            return _UNSURE
        if (side > 0) == (high > low):
            inside = not inside
    return _INSIDE if inside else _OUTSIDE
