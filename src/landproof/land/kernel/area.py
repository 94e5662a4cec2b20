"""Areas of polygons on the WGS 84 ellipsoid, edges straight in longitude and latitude (RFC 7946, 3.1.1).

The area is the integral along the outline of the surface between the equator and the edge (Green's theorem).
"""

import math

import numpy as np
import numpy.typing as npt

from landproof.compiled import compiled
from landproof.land.kernel.compiled import Bytes, float_at, word_at
from landproof.land.kernel.ellipsoid import ATANH, B2, DEGREE, E2, SINE
from landproof.land.kernel.wkb import MULTI_POLYGON, POLYGON, Kinds, Offsets, Shapes, polygons, rings_of

Floats = npt.NDArray[np.float64]

# Gauss-Legendre, four points: exact for polynomials of degree 7. On pieces of a quarter of a degree the
# surface is one to 1e-15.
_INNER, _OUTER = math.sqrt(3 / 7 - 2 / 7 * math.sqrt(6 / 5)), math.sqrt(3 / 7 + 2 / 7 * math.sqrt(6 / 5))
_NODES = ((1 - _OUTER) / 2, (1 - _INNER) / 2, (1 + _INNER) / 2, (1 + _OUTER) / 2)
_LIGHT, _HEAVY = (18 - math.sqrt(30)) / 72, (18 + math.sqrt(30)) / 72
_SHARES = (_LIGHT, _HEAVY, _HEAVY, _LIGHT)
_PIECE = 0.25  # degrees


@compiled
def _surface(latitude: float) -> float:
    """Square metres between the equator and ``latitude``, for one degree of longitude."""
    angle = latitude * DEGREE
    squared = angle * angle
    sine = SINE[-1]
    for place in range(len(SINE) - 2, -1, -1):
        sine = sine * squared + SINE[place]
    sine *= angle
    squared = sine * sine * E2
    series = ATANH[-1]
    for place in range(len(ATANH) - 2, -1, -1):
        series = series * squared + ATANH[place]
    return sine * (series + 1.0 / (1.0 - squared)) * (0.5 * B2 * DEGREE)


@compiled
def _ring_m2(data: Bytes, begin: int, count: int, size: int) -> float:
    total = 0.0
    x, y = float_at(data, begin), float_at(data, begin + 8)
    base = _surface(y)  # taken from all, so that small rings keep their digits
    for place in range(1, count):
        next_x = float_at(data, begin + place * 8 * size)
        next_y = float_at(data, begin + place * 8 * size + 8)
        if next_x != x:
            pieces = int(abs(next_y - y) / _PIECE) + 1
            mean = 0.0
            for piece in range(pieces):
                for node in range(4):
                    latitude = y + (next_y - y) * ((piece + _NODES[node]) / pieces)
                    mean += _SHARES[node] * (_surface(latitude) - base)
            total += (next_x - x) * mean / pieces
        x, y = next_x, next_y
    return abs(total)


def areas_m2(shapes: Shapes) -> Floats:
    """Square metres of n shapes; 0 for what is no polygon."""
    areas = np.zeros(len(shapes.kinds))
    _fill(shapes.data, shapes.offsets, shapes.kinds, areas)
    return areas


@compiled
def _fill(data: Bytes, offsets: Offsets, kinds: Kinds, areas: Floats) -> None:
    for number in range(len(areas)):
        if kinds[number] != POLYGON and kinds[number] != MULTI_POLYGON:
            continue
        kind, size, parts, begin = polygons(data, offsets[number])
        for _ in range(parts):
            size, rings, begin = rings_of(data, begin, kind, size)
            for ring in range(rings):
                count = word_at(data, begin)
                begin += 4
                if count > 2:
                    area = _ring_m2(data, begin, count, size)
                    areas[number] += -area if ring else area
                begin += count * 8 * size
