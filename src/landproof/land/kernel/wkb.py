"""Reads well-known binary (OGC 06-103r4, 8.2) where it lies in an Arrow buffer, without geometry objects.

Little-endian geometries are read in place, with or without Z, M and SRID, in the ISO and in the extended form.
Big-endian ones are left to the caller, who can turn them with a library: nobody writes them any more.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from landproof.compiled import inlined, lean
from landproof.land.kernel.compiled import Bytes, float_at, word_at

Offsets = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Kinds = npt.NDArray[np.uint8]

# What a geometry is, as far as the overlay is concerned.
NOTHING, POINT, MULTI_POINT, POLYGON, MULTI_POLYGON, OTHER, BROKEN = range(7)


class Shapes(NamedTuple):
    """n geometries: well-known binary one after the other, n + 1 places where they begin, and what each is.

    ``bounds`` (n x 4): west, south, east, north; infinite for what has no place.
    """

    data: Bytes
    offsets: Offsets
    kinds: Kinds
    bounds: Floats

    def binaries(self) -> list[bytes]:
        """Each polygon for itself."""
        ends = self.offsets.tolist()
        whole = self.data.tobytes()
        return [whole[first:last] for first, last in pairwise(ends)]


def pack(binaries: Sequence[bytes]) -> Shapes:
    """Geometries in well-known binary as `Shapes`."""
    offsets = np.zeros(len(binaries) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in binaries], out=offsets[1:])
    return shapes_of(np.frombuffer(b"".join(binaries), dtype=np.uint8), offsets)


def shapes_of(data: Bytes, offsets: Offsets) -> Shapes:
    """`Shapes` of well-known binary that lies in a buffer."""
    kinds, bounds = np.zeros(len(offsets) - 1, dtype=np.uint8), np.zeros((len(offsets) - 1, 4))
    scan(data, offsets, kinds, bounds)
    return Shapes(data, offsets, kinds, bounds)


_Z = 0x80000000
_M = 0x40000000
_SRID = 0x20000000


@lean
def header(data: Bytes, at: int) -> tuple[int, int, int]:
    """The kind (1 point … 6 multipolygon), the numbers per point, and where the content begins."""
    code = word_at(data, at + 1)
    begin = at + 5
    size = 2
    if code & _SRID:
        begin += 4
    if code & _Z:
        size += 1
    if code & _M:
        size += 1
    kind = code & 0x0FFFFFFF
    if kind >= 3000:
        size += 2
    elif kind >= 1000:
        size += 1
    return kind % 1000, size, begin


@inlined
def polygons(data: Bytes, at: int) -> tuple[int, int, int, int]:
    """Kind, numbers per point and parts of the polygon or multipolygon at ``at``, and where its parts begin."""
    kind, size, begin = header(data, at)
    if kind != 6:
        return kind, size, 1, begin
    return kind, size, word_at(data, begin), begin + 4


@inlined
def rings_of(data: Bytes, begin: int, kind: int, size: int) -> tuple[int, int, int]:
    """Numbers per point and rings of the part at ``begin``, and where its rings begin; see `polygons`."""
    if kind == 6:
        _, size, begin = header(data, begin)
    return size, word_at(data, begin), begin + 4


@lean
def scan(data: Bytes, offsets: Offsets, kinds: Kinds, bounds: Floats) -> None:
    """Fill ``kinds`` and ``bounds`` (west, south, east, north) of n geometries; ``offsets`` has n + 1 places.

    A geometry that is cut short, big-endian or not finite is `BROKEN`; an empty one is `NOTHING`.
    """
    for n in range(len(kinds)):
        kinds[n] = _scan(data, offsets[n], offsets[n + 1], bounds[n])


@lean
def _scan(data: Bytes, at: int, end: int, bounds: Floats) -> int:
    bounds[0] = bounds[1] = np.inf
    bounds[2] = bounds[3] = -np.inf
    if end == at:
        return NOTHING
    if end - at < 9 or data[at] != 1:
        return BROKEN
    kind, size, begin = header(data, at)
    parts = 1
    found = OTHER
    if kind == 1:
        found = POINT
    elif kind == 3:
        found = POLYGON
    elif kind == 4 or kind == 6:
        found = MULTI_POINT if kind == 4 else MULTI_POLYGON
        parts = word_at(data, begin)
        begin += 4
    if found == OTHER:
        return OTHER
    points = 0
    for _ in range(parts):
        if found in (MULTI_POINT, MULTI_POLYGON):
            if end - begin < 9 or data[begin] != 1:
                return BROKEN
            kind, size, begin = header(data, begin)
        rings = 1
        if kind == 3:
            if end - begin < 4:
                return BROKEN
            rings = word_at(data, begin)
            begin += 4
        elif kind != 1:
            return BROKEN
        for _ in range(rings):
            count = 1
            if kind == 3:
                if end - begin < 4:
                    return BROKEN
                count = word_at(data, begin)
                begin += 4
            if count > (end - begin) // (8 * size):
                return BROKEN
            for place in range(count):
                x = float_at(data, begin + place * 8 * size)
                y = float_at(data, begin + place * 8 * size + 8)
                if kind == 1 and np.isnan(x) and np.isnan(y):
                    continue  # POINT EMPTY
                if not (np.isfinite(x) and np.isfinite(y)):
                    return BROKEN
                points += 1
                bounds[0] = min(bounds[0], x)
                bounds[1] = min(bounds[1], y)
                bounds[2] = max(bounds[2], x)
                bounds[3] = max(bounds[3], y)
            begin += count * 8 * size
    return found if points else NOTHING
