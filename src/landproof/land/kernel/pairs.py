"""Which plots lie on, in or beside one another: a sweep over bands of latitude, then areas of the candidates."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from landproof.compiled import compiled
from landproof.land.kernel.common import common_area
from landproof.land.kernel.compiled import Bytes
from landproof.land.kernel.figures import metres
from landproof.land.kernel.rings import RINGS, TALLIES, Numbers, Outline, largest, outline_room, take
from landproof.land.kernel.wkb import MULTI_POLYGON, POINT, POLYGON, Floats, Kinds, Offsets, Shapes

_BANDS = 32  # a shape that lies in more bands than this is compared with all
_FINEST = 1e-5  # degrees

# Columns of what is found of a shape: its other (-1: none), how much, and how many there are.
OVERLAP, OVERLAP_SHARE, OVERLAPS, TWIN, TWIN_SHARE, NEAR, NEAR_M, NEARS, HOLDER, HOLDERS, FOUND = range(11)


class _Sides(NamedTuple):
    """Room for two outlines and their corners on the grid."""

    one: Outline
    other: Outline
    a: npt.NDArray[np.int64]
    b: npt.NDArray[np.int64]
    sides: npt.NDArray[np.int64]
    tally: Numbers


def pairs(
    shapes: Shapes, usable: npt.NDArray[np.bool_], *, overlap: float, twin: float, near_m: float
) -> npt.NDArray[np.float64]:
    """Of n shapes (n x `FOUND`): the one that covers most of it, the one most like it, the point next to it.

    ``usable``: outlines that are valid and points with a position. ``overlap``: the least share of the smaller
    outline that counts; ``twin``: the least share that the common land has of both together; ``near_m``: metres
    between two points. Where several are alike, the first counts. An outline's other may be a point never; a
    point's `HOLDER` is the first outline that holds it.
    """
    found = np.zeros((len(shapes.kinds), FOUND))
    found[:, [OVERLAP, TWIN, NEAR, HOLDER]] = -1
    chosen = np.flatnonzero(usable)
    if len(chosen) < 2:
        return found
    boxes = shapes.bounds[chosen].copy()
    points = (shapes.kinds[chosen] == POINT).astype(np.uint8)
    reach = near_m / 110_000
    boxes[points == 1] += np.array([-1, -1, 1, 1]) * reach
    # Meridians draw near one another: beyond 75 degrees points may be missed.
    boxes[points == 1, 0] -= reach * 4
    boxes[points == 1, 2] += reach * 4
    positions, rings = largest(shapes.data, shapes.offsets, shapes.kinds)
    room = _Sides(
        outline_room(positions, rings), outline_room(positions, rings), np.empty((positions + 2, 3), np.int64),
        np.empty((positions + 2, 3), np.int64), np.empty(positions + 2, np.int64), np.empty(TALLIES, np.int64),
    )  # fmt: skip
    plane = np.zeros(len(chosen))
    _plane_areas(shapes.data, shapes.offsets, chosen, points, room, plane)
    order = np.argsort(boxes[:, 0], kind="stable")
    height = max(float(np.quantile(boxes[:, 3] - boxes[:, 1], 0.9)) * 2, _FINEST)
    south = float(boxes[:, 1].min())
    first, entries, large, bands = _bands(boxes, order, south, height)
    _sweep(
        shapes.data, shapes.offsets, chosen, points, boxes, plane, first, entries, large, bands, order, south,
        height, overlap, twin, near_m, room, found,
    )  # fmt: skip
    return found


def _bands(
    boxes: npt.NDArray[np.float64], order: Numbers, south: float, height: float
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Where each band begins, its shapes from west to east, those that lie in too many, the bands' numbers."""
    low = ((boxes[:, 1] - south) // height).astype(np.int64)
    high = ((boxes[:, 3] - south) // height).astype(np.int64)
    many = high - low >= _BANDS
    few = order[~many[order]]
    spans = (high - low + 1)[few]
    entry = np.repeat(few, spans)
    start = np.repeat(np.cumsum(spans) - spans, spans)
    band = low[entry] + (np.arange(len(entry)) - start)
    sorted_by_band = np.argsort(band, kind="stable")
    listed = band[sorted_by_band]
    begins = np.flatnonzero(np.diff(listed, prepend=-1)) if len(listed) else np.zeros(0, np.int64)
    return np.append(begins, len(listed)), entry[sorted_by_band], np.flatnonzero(many), listed[begins]


@compiled
def _plane_areas(
    data: Bytes, offsets: Offsets, chosen: Numbers, points: Kinds, room: _Sides, plane: Floats
) -> None:
    """The area of each outline in square degrees."""
    one, tally = room.one, room.tally
    for n in range(len(chosen)):
        if points[n]:
            continue
        take(data, int(offsets[chosen[n]]), False, one.x, one.y, one.number, one.first, one.part, one.hole, tally)
        for ring in range(tally[RINGS]):
            area = _ring_area(one.x, one.y, one.first[ring], one.first[ring + 1] - 1)
            plane[n] += -area if one.hole[ring] else area


@compiled
def _ring_area(x: Floats, y: Floats, begin: int, end: int) -> float:
    total = 0.0
    for k in range(begin, end):
        total += (x[k] - x[begin]) * (y[k + 1] - y[begin]) - (x[k + 1] - x[begin]) * (y[k] - y[begin])
    return abs(total) / 2.0


@compiled
def _sweep(
    data: Bytes, offsets: Offsets, chosen: Numbers, points: Kinds, boxes: npt.NDArray[np.float64], plane: Floats,
    first: Numbers, entries: Numbers, large: Numbers, bands: Numbers, order: Numbers, south: float, height: float,
    overlap: float, twin: float, near_m: float, room: _Sides, found: npt.NDArray[np.float64],
) -> None:  # fmt: skip
    taken = np.full(1, -1, np.int64)
    for band in range(len(first) - 1):
        for at in range(first[band], first[band + 1]):
            i = entries[at]
            low, east, high = boxes[i, 1], boxes[i, 2], boxes[i, 3]
            for later in range(at + 1, first[band + 1]):
                j = entries[later]
                if boxes[j, 0] > east:
                    break
                if boxes[j, 1] > high or boxes[j, 3] < low:
                    continue
                # A pair that shares several bands is looked at in the first of them.
                if (max(low, boxes[j, 1]) - south) // height != bands[band]:
                    continue
                _compare(
                    data, offsets, chosen, points, boxes, plane, min(i, j), max(i, j), overlap, twin, near_m, room,
                    taken, found,
                )  # fmt: skip
    is_large = np.zeros(len(boxes), np.bool_)
    for n in large:
        is_large[n] = True
    for i in large:
        for j in order:
            if boxes[j, 0] > boxes[i, 2]:
                break
            if j == i or (is_large[j] and j < i) or boxes[j, 2] < boxes[i, 0]:
                continue
            if boxes[j, 1] > boxes[i, 3] or boxes[j, 3] < boxes[i, 1]:
                continue
            _compare(
                data, offsets, chosen, points, boxes, plane, min(i, j), max(i, j), overlap, twin, near_m, room,
                taken, found,
            )  # fmt: skip


@compiled
def _compare(
    data: Bytes, offsets: Offsets, chosen: Numbers, points: Kinds, boxes: npt.NDArray[np.float64], plane: Floats,
    i: int, j: int, overlap: float, twin: float, near_m: float, room: _Sides, taken: Numbers,
    found: npt.NDArray[np.float64],
) -> None:  # fmt: skip
    """Note what the shapes i < j are to each other."""
    p, q = chosen[i], chosen[j]
    if points[i] and points[j]:
        x, y = (boxes[i, 0] + boxes[i, 2]) / 2.0, (boxes[i, 1] + boxes[i, 3]) / 2.0
        wide, high = metres(y)
        away_x = ((boxes[j, 0] + boxes[j, 2]) / 2.0 - x) * wide
        away_y = ((boxes[j, 1] + boxes[j, 3]) / 2.0 - y) * high
        distance = (away_x * away_x + away_y * away_y) ** 0.5
        if distance <= near_m:
            _nearer(found[p], q, distance)
            _nearer(found[q], p, distance)
        return
    if points[i] or points[j]:
        point, outline = (i, j) if points[i] else (j, i)
        x, y = (boxes[point, 0] + boxes[point, 2]) / 2.0, (boxes[point, 1] + boxes[point, 3]) / 2.0
        one = room.one
        if taken[0] != chosen[outline]:
            taken[0] = chosen[outline]
            begin = int(offsets[taken[0]])
            take(data, begin, False, one.x, one.y, one.number, one.first, one.part, one.hole, room.tally)
        if _holds(one.x, one.y, one.first, room.tally[RINGS], x, y):
            row = found[chosen[point]]
            if row[HOLDER] < 0 or chosen[outline] < row[HOLDER]:
                row[HOLDER] = chosen[outline]
            row[HOLDERS] += 1
        return
    shared_x = min(boxes[i, 2], boxes[j, 2]) - max(boxes[i, 0], boxes[j, 0])
    shared_y = min(boxes[i, 3], boxes[j, 3]) - max(boxes[i, 1], boxes[j, 1])
    smaller = min(plane[i], plane[j])
    if smaller <= 0.0 or shared_x * shared_y < overlap * smaller:
        return
    area = _common(data, offsets, p, q, room)
    taken[0] = -1
    if area < overlap * smaller:
        return
    both = area / (plane[i] + plane[j] - area)
    if both >= twin:
        _more(found[p], TWIN, q, both)
        _more(found[q], TWIN, p, both)
        return
    _more(found[p], OVERLAP, q, area / plane[i])
    _more(found[q], OVERLAP, p, area / plane[j])
    found[p, OVERLAPS] += 1
    found[q, OVERLAPS] += 1


@compiled
def _common(data: Bytes, offsets: Offsets, p: int, q: int, room: _Sides) -> float:
    one, other, tally = room.one, room.other, room.tally
    take(data, offsets[p], False, one.x, one.y, one.number, one.first, one.part, one.hole, tally)
    mine = tally[RINGS]
    take(data, offsets[q], False, other.x, other.y, other.number, other.first, other.part, other.hole, tally)
    total = 0.0
    for r in range(mine):
        for s in range(tally[RINGS]):
            area = common_area(
                one.x, one.y, one.first[r], one.first[r + 1] - one.first[r] - 1, other.x, other.y, other.first[s],
                other.first[s + 1] - other.first[s] - 1, room.a, room.b, room.sides,
            )  # fmt: skip
            total += -area if one.hole[r] != other.hole[s] else area
    return total


@compiled
def _more(row: Floats, column: int, other: int, share: float) -> None:
    """Keep the other with the larger share; of equal ones the first."""
    if row[column] < 0 or share > row[column + 1] or (share == row[column + 1] and other < row[column]):
        row[column], row[column + 1] = other, share


@compiled
def _nearer(row: Floats, other: int, distance: float) -> None:
    row[NEARS] += 1
    if row[NEAR] < 0 or distance < row[NEAR_M] or (distance == row[NEAR_M] and other < row[NEAR]):
        row[NEAR], row[NEAR_M] = other, distance


@compiled
def _holds(x: Floats, y: Floats, first: Numbers, rings: int, east: float, north: float) -> bool:
    inside = False
    for ring in range(rings):
        for k in range(first[ring], first[ring + 1] - 1):
            if (y[k] <= north) != (y[k + 1] <= north):
                at = x[k] + (north - y[k]) * (x[k + 1] - x[k]) / (y[k + 1] - y[k])
                if at > east:
                    inside = not inside
    return inside


def outline_keys(shapes: Shapes) -> npt.NDArray[np.uint64]:
    """Two numbers per shape (n x 2) that are the same for outlines of the same sides, to the sixth decimal.

    Where an outline begins, which way it runs and whether corners are repeated makes no difference. 0: no outline.
    """
    found = np.zeros((len(shapes.kinds), 2), np.uint64)
    positions, rings = largest(shapes.data, shapes.offsets, shapes.kinds)
    _keys(shapes.data, shapes.offsets, shapes.kinds, outline_room(positions, rings), found)
    return found


@compiled
def _keys(data: Bytes, offsets: Offsets, kinds: Kinds, room: Outline, found: npt.NDArray[np.uint64]) -> None:
    tally = np.empty(TALLIES, np.int64)
    x, y, first = room.x, room.y, room.first
    for n in range(len(kinds)):
        if kinds[n] != POLYGON and kinds[n] != MULTI_POLYGON:
            continue
        take(data, offsets[n], False, x, y, room.number, first, room.part, room.hole, tally)
        one, two = np.uint64(0), np.uint64(0)
        for ring in range(tally[RINGS]):
            for k in range(first[ring], first[ring + 1] - 1):
                a = _mixed(np.uint64(np.int64(np.rint(x[k] * 1e6))), np.uint64(np.int64(np.rint(y[k] * 1e6))))
                b = _mixed(
                    np.uint64(np.int64(np.rint(x[k + 1] * 1e6))), np.uint64(np.int64(np.rint(y[k + 1] * 1e6)))
                )
                if a != b:
                    one += _mixed(a + b, a ^ b)
                    two += _mixed(a ^ b, a * b)
        found[n, 0], found[n, 1] = one, two


@compiled
def _mixed(a: Any, b: Any) -> Any:
    """Two numbers stirred into one (the finaliser of SplitMix64)."""
    z = np.uint64(a) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(b) + np.uint64(0xD1B54A32D192ED03)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
