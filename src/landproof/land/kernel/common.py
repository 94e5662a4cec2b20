"""How much area two rings have in common, exactly on a fine grid and whatever sides and corners they share.

Corners are moved to a grid of 500 million steps over the land that both could share, with low bits of their own
for each ring, so that no corner of one ever lies on a side of the other; then the area of the common land is a sum
over sides (after N. Hardy, "Area of intersection of polygons"). Steps are a thousandth of a millimetre for plots.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from landproof.compiled import compiled
from landproof.land.kernel.wkb import Floats

Steps = npt.NDArray[np.int64]

_STEPS = 500_000_000.0


@compiled
def common_area(
    x: Floats, y: Floats, begin: int, count: int, u: Floats, v: Floats, first: int, many: int, a: Steps, b: Steps,
    sides: Steps,
) -> float:  # fmt: skip
    """The area (square degrees) that ring ``begin``, ``count`` of x, y and ring ``first``, ``many`` of u, v share.

    ``a``, ``b``: room for corners (at least one more than the ring has, x 3). ``sides``: room for as many.
    """
    west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
    for k in range(begin, begin + count):
        west, east = min(west, x[k]), max(east, x[k])
        south, north = min(south, y[k]), max(north, y[k])
    for k in range(first, first + many):
        west, east = min(west, u[k]), max(east, u[k])
        south, north = min(south, v[k]), max(north, v[k])
    if not (east > west and north > south):
        return 0.0
    scale_x, scale_y = _STEPS / (east - west), _STEPS / (north - south)
    _fit(x, y, begin, count, west, south, scale_x, scale_y, 0, a)
    _fit(u, v, first, many, west, south, scale_x, scale_y, 2, b)
    low_x, high_x, low_y, high_y = _range(a, count)
    kept = 0  # sides of b that may meet a
    for k in range(many):
        if (
            max(b[k, 0], b[k + 1, 0]) > low_x and min(b[k, 0], b[k + 1, 0]) < high_x
            and max(b[k, 1], b[k + 1, 1]) > low_y and min(b[k, 1], b[k + 1, 1]) < high_y
        ):  # fmt: skip
            sides[kept] = k
            kept += 1
    total = np.int64(0)
    if kept:
        low_x, high_x, low_y, high_y = _range(b, many)
        for j in range(count):
            west_j, east_j = min(a[j, 0], a[j + 1, 0]), max(a[j, 0], a[j + 1, 0])
            south_j, north_j = min(a[j, 1], a[j + 1, 1]), max(a[j, 1], a[j + 1, 1])
            if east_j <= low_x or west_j >= high_x or north_j <= low_y or south_j >= high_y:
                continue
            for at in range(kept):
                k = sides[at]
                if max(b[k, 0], b[k + 1, 0]) <= west_j or min(b[k, 0], b[k + 1, 0]) >= east_j:
                    continue
                if max(b[k, 1], b[k + 1, 1]) <= south_j or min(b[k, 1], b[k + 1, 1]) >= north_j:
                    continue
                total += _crossing(a, j, b, k)
    total += _inner(a, count, b, many)
    total += _inner(b, many, a, count)
    return abs(float(total)) / (2.0 * scale_x * scale_y)


@compiled
def _fit(
    x: Floats, y: Floats, begin: int, count: int, west: float, south: float, scale_x: float, scale_y: float,
    own: int, found: Steps,
) -> None:  # fmt: skip
    middle = _STEPS / 2.0
    for k in range(count):
        across = np.int64((x[begin + k] - west) * scale_x - middle)
        up = np.int64((y[begin + k] - south) * scale_y - middle)
        found[k, 0] = (across & ~7) | own | (k & 1)
        found[k, 1] = (up & ~7) | own
        found[k, 2] = 0
    found[0, 1] += count & 1
    found[count] = found[0]


@compiled
def _range(ring: Steps, count: int) -> tuple[int, int, int, int]:
    low_x = high_x = ring[0, 0]
    low_y = high_y = ring[0, 1]
    for k in range(1, count):
        low_x, high_x = min(low_x, ring[k, 0]), max(high_x, ring[k, 0])
        low_y, high_y = min(low_y, ring[k, 1]), max(high_y, ring[k, 1])
    return low_x, high_x, low_y, high_y


@compiled
def _turn(ax: int, ay: int, px: int, py: int, qx: int, qy: int) -> int:
    return px * qy - py * qx + ax * (py - qy) + ay * (qx - px)


@compiled
def _crossing(a: Steps, j: int, b: Steps, k: int) -> int:
    """What the crossing of side j of a and side k of b adds, if they cross."""
    a1 = -_turn(a[j, 0], a[j, 1], b[k, 0], b[k, 1], b[k + 1, 0], b[k + 1, 1])
    a2 = _turn(a[j + 1, 0], a[j + 1, 1], b[k, 0], b[k, 1], b[k + 1, 0], b[k + 1, 1])
    out = a1 < 0
    if out != (a2 < 0):
        return 0
    a3 = _turn(b[k, 0], b[k, 1], a[j, 0], a[j, 1], a[j + 1, 0], a[j + 1, 1])
    a4 = -_turn(b[k + 1, 0], b[k + 1, 1], a[j, 0], a[j, 1], a[j + 1, 0], a[j + 1, 1])
    if (a3 < 0) != (a4 < 0):
        return 0
    if out:
        return _add(a, j, b, k, a1, a2, a3, a4)
    return _add(b, k, a, j, a3, a4, a1, a2)


@compiled
def _add(a: Steps, j: int, b: Steps, k: int, a1: int, a2: int, a3: int, a4: int) -> int:
    first = float(a1) / (float(a1) + float(a2))
    second = float(a3) / (float(a3) + float(a4))
    x = np.int64(a[j, 0] + first * (a[j + 1, 0] - a[j, 0]))
    y = np.int64(a[j, 1] + first * (a[j + 1, 1] - a[j, 1]))
    total: Any = (a[j + 1, 0] - x) * (a[j + 1, 1] + y)
    x = np.int64(b[k, 0] + second * (b[k + 1, 0] - b[k, 0]))
    y = np.int64(b[k, 1] + second * (b[k + 1, 1] - b[k, 1]))
    total += (x - b[k + 1, 0]) * (b[k + 1, 1] + y)
    a[j, 2] += 1
    b[k, 2] -= 1
    return int(total)


@compiled
def _inner(p: Steps, count: int, q: Steps, many: int) -> int:
    """What the sides of p inside q add."""
    inside = 0
    x, y = p[0, 0], p[0, 1]
    for k in range(many):
        if min(q[k, 0], q[k + 1, 0]) < x < max(q[k, 0], q[k + 1, 0]):
            left = _turn(x, y, q[k, 0], q[k, 1], q[k + 1, 0], q[k + 1, 1]) > 0
            if left == (q[k, 0] < q[k + 1, 0]):
                inside += -1 if left else 1
    total: Any = np.int64(0)
    for j in range(count):
        if inside:
            total += inside * (p[j + 1, 0] - p[j, 0]) * (p[j + 1, 1] + p[j, 1])
        inside += p[j, 2]
    return total
