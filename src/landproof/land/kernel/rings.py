"""Takes the rings of one polygon or multipolygon out of well-known binary, as sent or cut to six decimals."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from landproof.compiled import compiled
from landproof.land.kernel.compiled import Bytes, float_at, word_at
from landproof.land.kernel.wkb import MULTI_POLYGON, POLYGON, Floats, Kinds, Offsets, polygons, rings_of

Numbers = npt.NDArray[np.int64]

_MILLION = 1e6


class Outline(NamedTuple):
    """Room for the sides of one shape; corner k and corner k + 1 of a ring are the ends of side k.

    ``x``, ``y``: corners of all rings, without those that repeat the one before; ``number``: their place in the
    ring as sent, from 0. ``first``: where each ring begins, one more than there are rings; ``part``: the polygon
    that it belongs to; ``hole``: 1 for an inner ring.
    """

    x: Floats
    y: Floats
    number: Numbers
    first: Numbers
    part: Numbers
    hole: Numbers


def outline_room(positions: int, rings: int) -> Outline:
    """Room for a shape of so many ``positions`` and ``rings``."""
    return Outline(
        np.empty(positions), np.empty(positions), np.empty(positions, np.int64),
        np.empty(rings + 1, np.int64), np.empty(rings, np.int64), np.empty(rings, np.int64),
    )  # fmt: skip


# What `take` says of the whole shape.
RINGS, OPEN_RING, REPEATED, REPEATED_RING, REPEATED_VERTEX, PARTS, POSITIONS, HEIGHTS, TALLIES = range(9)


@compiled
def largest(data: Bytes, offsets: Offsets, kinds: Kinds) -> tuple[int, int]:
    """The most positions and the most rings that a polygon or multipolygon has."""
    most_positions, most_rings = 0, 0
    for number in range(len(kinds)):
        if kinds[number] != POLYGON and kinds[number] != MULTI_POLYGON:
            continue
        kind, size, parts, begin = polygons(data, offsets[number])
        positions, rings = 0, 0
        for _ in range(parts):
            size, listed, begin = rings_of(data, begin, kind, size)
            rings += listed
            for _ in range(listed):
                count = word_at(data, begin)
                positions += count
                begin += 4 + count * 8 * size
        most_positions, most_rings = max(most_positions, positions), max(most_rings, rings)
    return most_positions, most_rings


@compiled
def cut(value: float) -> float:
    """``value`` with the decimals after the sixth cut off."""
    scaled = abs(value) * _MILLION
    if not scaled < 9e15:
        return value
    whole = np.rint(scaled)
    if whole / _MILLION > abs(value):  # rounding went up: the number below is the one that is cut to
        whole -= 1.0
    found = whole / _MILLION
    return -found if value < 0 else found


@compiled
def cut_all(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A copy of ``points`` with all numbers cut."""
    found = points.copy()
    for row in range(found.shape[0]):
        for column in range(found.shape[1]):
            found[row, column] = cut(found[row, column])
    return found


@compiled
def take(
    data: Bytes, at: int, cutting: bool, x: Floats, y: Floats, number: Numbers, first: Numbers, part: Numbers,
    hole: Numbers, tally: Numbers,
) -> None:  # fmt: skip
    """Fill an `Outline` and the ``tally`` of `TALLIES` numbers from the shape whose binary begins at ``at``.

    ``tally[OPEN_RING]``: the first ring that does not end where it starts, or -1. ``REPEATED``: how many corners
    repeat the one before, and ring and corner of the first.
    """
    kind, size, parts, begin = polygons(data, at)
    ring, kept = 0, 0
    tally[:] = 0
    tally[OPEN_RING] = -1
    tally[PARTS] = parts
    for one in range(parts):
        size, listed, begin = rings_of(data, begin, kind, size)
        if size > 2:
            tally[HEIGHTS] = size
        for inner in range(listed):
            count = word_at(data, begin)
            begin += 4
            first[ring], part[ring], hole[ring] = kept, one, min(inner, 1)
            from_here = kept
            for place in range(count):
                a, b = float_at(data, begin), float_at(data, begin + 8)
                if cutting:
                    a, b = cut(a), cut(b)
                begin += 8 * size
                if kept > from_here and a == x[kept - 1] and b == y[kept - 1]:
                    if tally[REPEATED] == 0:
                        tally[REPEATED_RING], tally[REPEATED_VERTEX] = ring, place
                    tally[REPEATED] += 1
                    continue
                x[kept], y[kept], number[kept] = a, b, place
                kept += 1
            tally[POSITIONS] += count
            closed = kept == from_here or (x[kept - 1] == x[from_here] and y[kept - 1] == y[from_here])
            if not closed and tally[OPEN_RING] < 0:
                tally[OPEN_RING] = ring
            ring += 1
    first[ring] = kept
    tally[RINGS] = ring
