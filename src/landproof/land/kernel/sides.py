"""Whether the sides of rings meet elsewhere than at the corners they share."""

import numpy as np
import numpy.typing as npt

from landproof.compiled import compiled, inlined
from landproof.land.kernel.orientation import ON, UNSURE, orientation
from landproof.land.kernel.rings import Numbers
from landproof.land.kernel.verdicts import (
    CROSSING,
    DOUBTFUL,
    NO_AREA,
    NOT_JUDGED,
    OVERLAPPING,
    RINGS_CROSSING,
    SPIKE,
    TOUCHING,
    VALID,
)
from landproof.land.kernel.wkb import Floats

Boxes = npt.NDArray[np.float64]

FINE = NOT_JUDGED  # up to here nothing is proved wrong
_FEW = 48  # sides that are compared each with each
_STEPS = 1500  # comparisons per side; beyond, the outline is left to GEOS


@compiled
def turns(x: Floats, y: Floats, begin: int, count: int, place: Numbers) -> int:
    """Walk once around the ring of ``count`` sides.

    `VALID`: it is convex, so that nothing else needs to be compared. `NOT_JUDGED`: it is not, so its sides must
    be. `DOUBTFUL`: at some corner its numbers are too close to tell.
    `SPIKE`: at a corner it goes back where it came from; `NO_AREA`: all corners lie on a line.
    """
    left, right, unsure, changes = 0, 0, 0, 0
    spike = -1
    before = x[begin + count] - x[begin + count - 1]
    for back in range(count - 1, 0, -1):
        if before != 0.0:
            break
        before = x[begin + back] - x[begin + back - 1]
    for k in range(count):
        a = begin + (k - 1 if k else count - 1)
        b = begin + k
        c = b + 1
        side = orientation(x[a], y[a], x[b], y[b], x[c], y[c])
        if side == ON:
            ahead, behind = x[c] - x[b], x[a] - x[b]
            if ahead == 0.0:
                ahead, behind = y[c] - y[b], y[a] - y[b]
            if spike < 0 and (ahead > 0.0) == (behind > 0.0):
                spike = b
        elif side == UNSURE:
            unsure += 1
        elif side > 0:
            left += 1
        else:
            right += 1
        run = x[c] - x[b]
        if run != 0.0:
            if (run > 0.0) != (before > 0.0):
                changes += 1
            before = run
    if unsure:
        return DOUBTFUL
    if spike >= 0:
        place[0] = spike
        return SPIKE if left or right else NO_AREA
    # Turns to one side only, and one turn in all: two changes between going east and going west.
    return VALID if (left == 0) != (right == 0) and changes == 2 else NOT_JUDGED


@compiled
def checked_sides(
    x: Floats, y: Floats, first: Numbers, rings: int, boxes: Boxes, following: Numbers, ring_of: Numbers,
    place: Numbers,
) -> int:  # fmt: skip
    """Compare all sides of all rings. Corners that neighbours share are taken as judged by `turns`."""
    total = 0
    for ring in range(rings):
        begin, end = first[ring], first[ring + 1] - 1
        for k in range(begin, end):
            boxes[k, 0], boxes[k, 2] = min(x[k], x[k + 1]), max(x[k], x[k + 1])
            boxes[k, 1], boxes[k, 3] = min(y[k], y[k + 1]), max(y[k], y[k + 1])
            following[k] = k + 1 if k + 1 < end else begin
            ring_of[k] = ring
        boxes[end, 0] = boxes[end, 1] = np.inf  # between rings: no side
        boxes[end, 2] = boxes[end, 3] = -np.inf
        following[end] = ring_of[end] = -1
        total = end + 1
    if total - rings <= _FEW:
        return _each_with_each(x, y, total, boxes, following, ring_of, place)
    found = _sweep(x, y, total, boxes, following, ring_of, place, 0)
    if found < 0:
        found = _sweep(x, y, total, boxes, following, ring_of, place, 1)
    return DOUBTFUL if found < 0 else found


@compiled
def _each_with_each(
    x: Floats, y: Floats, total: int, boxes: Boxes, following: Numbers, ring_of: Numbers, place: Numbers
) -> int:
    worst = VALID
    for i in range(total - 1):
        west, south, east, north = boxes[i, 0], boxes[i, 1], boxes[i, 2], boxes[i, 3]
        for j in range(i + 1, total):
            if boxes[j, 1] > north or boxes[j, 3] < south or boxes[j, 0] > east or boxes[j, 2] < west:
                continue
            worst = _worse(worst, x, y, i, j, following, ring_of, place)
            if worst > DOUBTFUL and worst != TOUCHING:
                return worst
    return worst


@compiled
def _sweep(
    x: Floats, y: Floats, total: int, boxes: Boxes, following: Numbers, ring_of: Numbers, place: Numbers, axis: int
) -> int:
    """The same along one axis: a side is compared with those that begin before it ends. -1: too many are."""
    order = np.argsort(boxes[:total, axis])
    budget = np.int64(total) * _STEPS
    other = 1 - axis
    worst = VALID
    for at in range(total - 1):
        i = order[at]
        far, low, high = boxes[i, axis + 2], boxes[i, other], boxes[i, other + 2]
        for later in range(at + 1, total):
            j = order[later]
            if boxes[j, axis] > far:
                break
            budget -= 1
            if boxes[j, other] > high or boxes[j, other + 2] < low:
                continue
            worst = _worse(worst, x, y, i, j, following, ring_of, place)
            if worst > DOUBTFUL and worst != TOUCHING:
                return worst
        if budget < 0:
            return TOUCHING if worst == TOUCHING else -1
    return worst


@inlined
def _worse(
    worst: int, x: Floats, y: Floats, i: int, j: int, following: Numbers, ring_of: Numbers, place: Numbers
) -> int:
    """``worst`` so far, or how sides i and j meet where that is worse; a proved fault leaves its place.

    A touch outweighs a doubt, and the first one keeps its place; any other fault ends the search.
    """
    if following[i] == j or following[j] == i:
        return worst
    found = _meeting(x, y, i, j, ring_of)
    if found == VALID or (worst == TOUCHING and found in (DOUBTFUL, TOUCHING)):
        return worst
    if found != DOUBTFUL:
        place[0], place[1] = i, j
    return found


@compiled
def _meeting(x: Floats, y: Floats, i: int, j: int, ring_of: Numbers) -> int:
    """How two sides that are no neighbours and whose boxes meet do meet: `VALID`, not at all."""
    a = orientation(x[i], y[i], x[i + 1], y[i + 1], x[j], y[j])
    b = orientation(x[i], y[i], x[i + 1], y[i + 1], x[j + 1], y[j + 1])
    if a == b and (a == 1 or a == -1):
        return VALID
    c = orientation(x[j], y[j], x[j + 1], y[j + 1], x[i], y[i])
    d = orientation(x[j], y[j], x[j + 1], y[j + 1], x[i + 1], y[i + 1])
    if c == d and (c == 1 or c == -1):
        return VALID
    if a == UNSURE or b == UNSURE or c == UNSURE or d == UNSURE:
        return DOUBTFUL
    same = ring_of[i] == ring_of[j]
    if a * b < 0 and c * d < 0:
        return CROSSING if same else RINGS_CROSSING
    if not same:
        return DOUBTFUL
    return OVERLAPPING if a == ON and b == ON and not _at_a_point(x, y, i, j) else TOUCHING


@compiled
def _at_a_point(x: Floats, y: Floats, i: int, j: int) -> bool:
    """Whether two sides on one line have no more than a corner in common."""
    wide = min(max(x[i], x[i + 1]), max(x[j], x[j + 1])) > max(min(x[i], x[i + 1]), min(x[j], x[j + 1]))
    high = min(max(y[i], y[i + 1]), max(y[j], y[j + 1])) > max(min(y[i], y[i + 1]), min(y[j], y[j + 1]))
    return not wide and not high
