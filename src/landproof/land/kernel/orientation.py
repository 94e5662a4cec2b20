"""On which side of a line a point lies, with certainty or not at all."""

from landproof.compiled import compiled

RIGHT, ON, LEFT, UNSURE = -1, 0, 1, 2

# Bounds of the rounding errors of the two stages (Shewchuk 1997, "Adaptive precision floating-point arithmetic
# and fast robust geometric predicates", 4.3: A and, wider, C). Below the second, a library that works with
# pairs of doubles may round to the other side, so the answer is left open.
_FIRST = 3.3306690738754716e-16
_SECOND = 1e-28
_LEAST, _MOST = 1e-280, 1e280  # beyond, products lose digits or overflow
_SPLIT = 134217729.0  # 2**27 + 1


@compiled
def orientation(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
    """Where c lies, seen from a to b: `LEFT`, `RIGHT`, `ON` the line, or `UNSURE`."""
    left, right = (ax - cx) * (by - cy), (ay - cy) * (bx - cx)
    determinant, size = left - right, abs(left) + abs(right)
    if abs(determinant) >= _FIRST * size and _LEAST < size < _MOST:
        return LEFT if determinant > 0 else RIGHT
    return _close(ax, ay, bx, by, cx, cy)


@compiled
def _close(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
    if (ax == cx or by == cy) and (ay == cy or bx == cx):
        return ON
    a_x, a_y, b_x, b_y = ax - cx, ay - cy, bx - cx, by - cy
    left, right = a_x * b_y, a_y * b_x
    size = abs(left) + abs(right)
    if not (_LEAST < size < _MOST):
        return UNSURE
    left_rest, right_rest = _rest(a_x, b_y, left), _rest(a_y, b_x, right)
    tails = (_lost(ax, cx, a_x), _lost(ay, cy, a_y), _lost(bx, cx, b_x), _lost(by, cy, b_y))
    exact = tails[0] == 0 and tails[1] == 0 and tails[2] == 0 and tails[3] == 0
    determinant = (left - right) + (left_rest - right_rest)
    if not exact:
        determinant += (a_x * tails[3] + b_y * tails[0]) - (a_y * tails[2] + b_x * tails[1])
        if abs(determinant) < _SECOND * size:
            return UNSURE
    elif left == right:
        determinant = left_rest - right_rest
        if determinant == 0:
            return ON
    elif determinant == 0:
        return UNSURE
    return LEFT if determinant > 0 else RIGHT


@compiled
def _lost(a: float, b: float, difference: float) -> float:
    """What ``difference``, a - b rounded, lacks."""
    subtracted = a - difference
    return (a - (difference + subtracted)) + (subtracted - b)


@compiled
def _rest(a: float, b: float, product: float) -> float:
    """What ``product``, a * b rounded, lacks (Dekker)."""
    swollen = _SPLIT * a
    a_high = swollen - (swollen - a)
    a_low = a - a_high
    swollen = _SPLIT * b
    b_high = swollen - (swollen - b)
    b_low = b - b_high
    return a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)
