"""Figures of shapes that tell whether they look like plots: digits, circles, needles, what errors do to areas."""

import math

import numpy as np
import numpy.typing as npt

from landproof.compiled import compiled
from landproof.land.kernel.compiled import Bytes, float_at, word_at
from landproof.land.kernel.ellipsoid import DEGREE, E2, SINE
from landproof.land.kernel.rings import RINGS, TALLIES, Numbers, Outline, largest, outline_room, take
from landproof.land.kernel.wkb import (
    MULTI_POINT,
    MULTI_POLYGON,
    POINT,
    POLYGON,
    Floats,
    Kinds,
    Offsets,
    Shapes,
    header,
)

_MOST_DECIMALS = 9
_TENS = 10.0 ** np.arange(_MOST_DECIMALS + 1)
_A = 6378137.0
_ROUND_CORNERS = 16  # fewer corners are no drawn circle
_ON_CIRCLE = 0.01  # of the radius
_NEEDLE = 0.9998  # cosine of 1.1 degrees
_ARM = 1.0  # metres

# Columns of the figures. NEEDLE: the corner of the first needle, -1 none; NULL: a position at 0, 0 (the first
# one), -1 none. SPREAD: the sum over the corners of the squared distance between their neighbours, m2: an error
# of s metres in each corner makes one of s / 2 x sqrt(SPREAD) m2 in the area.
(CARRIED, SPREAD, ON_CIRCLE, RADIUS, CENTRE_X, CENTRE_Y, NEEDLE, NEEDLE_X, NEEDLE_Y, NULL, BOX,
 FIRST_X, FIRST_Y, POINTS, FIGURES) = range(15)  # fmt: skip


@compiled
def metres(latitude: float) -> tuple[float, float]:
    """Metres per degree of longitude and of latitude at ``latitude``, in plain arithmetic."""
    cosine = _sine((90.0 - min(abs(latitude), 90.0)) * DEGREE)
    sine = _sine(min(abs(latitude), 90.0) * DEGREE)
    shape = 1.0 - E2 * sine * sine
    across = _A / math.sqrt(shape)
    return across * cosine * DEGREE, across * (1.0 - E2) / shape * DEGREE


@compiled
def _sine(angle: float) -> float:
    squared = angle * angle
    total = SINE[-1]
    for place in range(len(SINE) - 2, -1, -1):
        total = total * squared + SINE[place]
    return total * angle


@compiled
def decimals_needed(value: float, least: int) -> int:
    """The fewest decimals, from ``least`` to nine, whose decimal number is this double."""
    for count in range(least, _MOST_DECIMALS):
        scaled = value * _TENS[count]
        if abs(scaled) > 9e15 or np.rint(scaled) / _TENS[count] == value:
            return count
    return _MOST_DECIMALS


def figures(shapes: Shapes) -> npt.NDArray[np.float64]:
    """The figures of n shapes (n x `FIGURES`); zeros and -1 where there is nothing to see."""
    found = np.zeros((len(shapes.kinds), FIGURES))
    found[:, NEEDLE] = found[:, NULL] = -1
    positions, rings = largest(shapes.data, shapes.offsets, shapes.kinds)
    _fill(shapes.data, shapes.offsets, shapes.kinds, outline_room(positions, rings), found)
    return found


@compiled
def _fill(data: Bytes, offsets: Offsets, kinds: Kinds, room: Outline, found: npt.NDArray[np.float64]) -> None:
    tally = np.empty(TALLIES, np.int64)
    for n in range(len(kinds)):
        row = found[n]
        if kinds[n] == POINT or kinds[n] == MULTI_POINT:
            _points(data, offsets[n], row)
        elif kinds[n] == POLYGON or kinds[n] == MULTI_POLYGON:
            take(data, offsets[n], False, room.x, room.y, room.number, room.first, room.part, room.hole, tally)
            _outline(room.x, room.y, room.number, room.first, tally[RINGS], row)


@compiled
def _points(data: Bytes, at: int, row: Floats) -> None:
    kind, size, begin = header(data, at)
    count = 1
    if kind == 4:
        count = word_at(data, begin)
        begin += 4
    for place in range(count):
        if kind == 4:
            _, size, begin = header(data, begin)
        x, y = float_at(data, begin), float_at(data, begin + 8)
        begin += 8 * size
        if place == 0:
            row[FIRST_X], row[FIRST_Y] = x, y
        if x == 0.0 and y == 0.0 and row[NULL] < 0:
            row[NULL] = place
        row[CARRIED] = decimals_needed(y, decimals_needed(x, int(row[CARRIED])))
    row[POINTS] = count


@compiled
def _outline(x: Floats, y: Floats, number: Numbers, first: Numbers, rings: int, row: Floats) -> None:
    total = first[rings]
    if total == 0:
        return
    row[FIRST_X], row[FIRST_Y], row[POINTS] = x[0], y[0], total
    carried = 0
    for k in range(total):
        if carried < _MOST_DECIMALS:
            carried = decimals_needed(y[k], decimals_needed(x[k], carried))
        if x[k] == 0.0 and y[k] == 0.0 and row[NULL] < 0:
            row[NULL] = number[k]
    row[CARRIED] = carried
    wide, high = metres(y[0])
    for ring in range(rings):
        begin, count = first[ring], first[ring + 1] - first[ring] - 1
        if count < 3:
            continue
        for k in range(count):
            a, b, c = begin + (k - 1 if k else count - 1), begin + k, begin + k + 1
            to_x, to_y = (x[c] - x[b]) * wide, (y[c] - y[b]) * high
            from_x, from_y = (x[a] - x[b]) * wide, (y[a] - y[b]) * high
            row[SPREAD] += (to_x - from_x) * (to_x - from_x) + (to_y - from_y) * (to_y - from_y)
            along = to_x * from_x + to_y * from_y
            if row[NEEDLE] < 0 and along > 0.0:
                ahead, behind = to_x * to_x + to_y * to_y, from_x * from_x + from_y * from_y
                if along * along > _NEEDLE * _NEEDLE * ahead * behind and min(ahead, behind) > _ARM * _ARM:
                    row[NEEDLE], row[NEEDLE_X], row[NEEDLE_Y] = number[b], x[b], y[b]
    count = first[1] - first[0] - 1
    if rings == 1 and count == 4:
        row[BOX] = 1.0 if _is_box(x, y) else 0.0
    for ring in range(rings):
        begin, count = first[ring], first[ring + 1] - first[ring] - 1
        if count >= _ROUND_CORNERS:
            _circle(x, y, begin, count, wide, high, row)


@compiled
def _is_box(x: Floats, y: Floats) -> bool:
    slanted = 0
    for k in range(4):
        slanted += x[k] != x[k + 1] and y[k] != y[k + 1]
    return slanted == 0


@compiled
def _circle(x: Floats, y: Floats, begin: int, count: int, wide: float, high: float, row: Floats) -> None:
    """The largest share of the outline that lies on one circle, tried through eight triples of corners."""
    step = max(1, count // 10)
    east, west, north, south = x[begin], x[begin], y[begin], y[begin]
    for k in range(begin, begin + count):
        east, west, north, south = max(east, x[k]), min(west, x[k]), max(north, y[k]), min(south, y[k])
    across = math.sqrt(((east - west) * wide) ** 2 + ((north - south) * high) ** 2)
    for start in range(0, count, max(1, count // 8)):
        a, b, c = begin + start, begin + (start + step) % count, begin + (start + 2 * step) % count
        bx, by = (x[b] - x[a]) * wide, (y[b] - y[a]) * high
        cx, cy = (x[c] - x[a]) * wide, (y[c] - y[a]) * high
        twice = 2.0 * (bx * cy - by * cx)
        if twice == 0.0:
            continue
        mid_x = (cy * (bx * bx + by * by) - by * (cx * cx + cy * cy)) / twice
        mid_y = (bx * (cx * cx + cy * cy) - cx * (bx * bx + by * by)) / twice
        radius = math.sqrt(mid_x * mid_x + mid_y * mid_y)
        if radius > across:
            continue  # almost a straight line
        tried = 0
        for k in range(0, count, max(1, count // 8)):
            away_x, away_y = (x[begin + k] - x[a]) * wide - mid_x, (y[begin + k] - y[a]) * high - mid_y
            tried += abs(math.sqrt(away_x * away_x + away_y * away_y) - radius) <= _ON_CIRCLE * radius
        if tried < 4:
            continue
        on, total, before = 0.0, 0.0, False
        for k in range(count + 1):
            away_x, away_y = (x[begin + k] - x[a]) * wide - mid_x, (y[begin + k] - y[a]) * high - mid_y
            near = abs(math.sqrt(away_x * away_x + away_y * away_y) - radius) <= _ON_CIRCLE * radius
            if k:
                run_x = (x[begin + k] - x[begin + k - 1]) * wide
                run_y = (y[begin + k] - y[begin + k - 1]) * high
                length = math.sqrt(run_x * run_x + run_y * run_y)
                total += length
                if near and before and length < radius:
                    on += length
            before = near
        if total > 0.0 and on / total > row[ON_CIRCLE]:
            row[ON_CIRCLE], row[RADIUS] = on / total, radius
            row[CENTRE_X], row[CENTRE_Y] = x[a] + mid_x / wide, y[a] + mid_y / high
