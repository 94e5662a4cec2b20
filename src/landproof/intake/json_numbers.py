"""Numbers as JSON writes them (RFC 8259, section 6) → the nearest double and the decimals that were written."""

import numpy as np

from landproof.compiled import compiled
from landproof.land.kernel.compiled import Bytes
from landproof.land.kernel.store import double_of, leading_zeros, product

# What `number` says of what it read. HARD: right as text, but its double must be worked out with more digits.
EASY, HARD, NO_NUMBER = range(3)

_LEAST, _MOST = -40, 30  # powers of ten for which the table has the power of five
_DIGITS = 19  # the most that 64 bits hold


def _powers() -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
    """5**q in 128 bits, the first of them set (Lemire 2021, "Number parsing at a gigabyte per second").

    Positive powers are cut; reciprocals are rounded up.
    """
    rows: list[tuple[int, int]] = []
    for q in range(_LEAST, _MOST + 1):
        power = 5 ** abs(q)
        if q >= 0:
            found = power << 128 >> power.bit_length()
        else:
            bits = (power - 1).bit_length()
            found = (1 << (bits + 127 if q >= -27 else 2 * bits + 128)) // power + 1
            found >>= max(0, found.bit_length() - 128)
        rows.append((found >> 64, found & (2**64 - 1)))
    return np.array(rows, dtype=np.uint64)


_FIVES = _powers()
_TENS = np.array([10.0**k for k in range(23)])

_PLUS, _MINUS, _POINT, _ZERO, _NINE, _SMALL_E, _LARGE_E = 43, 45, 46, 48, 57, 101, 69


@compiled
def number(data: Bytes, at: int) -> tuple[int, float, int, int]:
    """Where the number that begins at ``at`` ends, its double, its decimals, and whether it was one.

    A byte that is no part of a number must follow. Decimals are those after the point less the exponent.
    """
    begin = at
    negative = data[at] == _MINUS
    if negative:
        at += 1
    whole = at
    mantissa = np.uint64(0)
    digit = data[at] - _ZERO
    while 0 <= digit <= 9:
        mantissa = mantissa * np.uint64(10) + np.uint64(digit)
        at += 1
        digit = data[at] - _ZERO
    digits = at - whole
    if digits == 0 or (digits > 1 and data[whole] == _ZERO):
        return begin, 0.0, 0, NO_NUMBER
    decimals, written = 0, 0
    if data[at] == _POINT:
        at += 1
        fraction = at
        digit = data[at] - _ZERO
        while 0 <= digit <= 9:
            mantissa = mantissa * np.uint64(10) + np.uint64(digit)
            at += 1
            digit = data[at] - _ZERO
        decimals = written = at - fraction
        if decimals == 0:
            return begin, 0.0, 0, NO_NUMBER
    power = -decimals
    if data[at] == _SMALL_E or data[at] == _LARGE_E:
        at += 1
        sign = 1
        if data[at] == _PLUS or data[at] == _MINUS:
            sign = -1 if data[at] == _MINUS else 1
            at += 1
        exponent, first = 0, at
        digit = data[at] - _ZERO
        while 0 <= digit <= 9:
            exponent = min(exponent * 10 + digit, 100_000_000)
            at += 1
            digit = data[at] - _ZERO
        if at == first:
            return begin, 0.0, 0, NO_NUMBER
        power += sign * exponent
        decimals = max(0, -power)
    value, how = _double(int(mantissa), power, digits + written - (data[whole] == _ZERO))
    return at, -value if negative else value, decimals, how


@compiled
def _double(mantissa: int, power: int, written: int) -> tuple[float, int]:
    """The double nearest to mantissa x 10**power. ``written``: at least as many digits as the mantissa has."""
    if written > _DIGITS:
        return 0.0, HARD
    if mantissa < np.uint64(1 << 53) and -22 <= power <= 22:
        # Both are exact, so that one division or product rounds once (Clinger 1990).
        exact = np.float64(mantissa)
        return (exact / _TENS[-power] if power < 0 else exact * _TENS[power]), EASY
    if mantissa == np.uint64(0):
        return 0.0, EASY
    if power < _LEAST or power > _MOST:
        return 0.0, HARD
    return _lemire(mantissa, power)


@compiled
def _lemire(mantissa: int, power: int) -> tuple[float, int]:
    """Eisel and Lemire: 128 bits of the power of five are enough for 64 bits of mantissa."""
    zeros = leading_zeros(mantissa)
    shifted = mantissa << zeros
    row = power - _LEAST
    high, low = product(shifted, _FIVES[row, 0])
    if high & np.uint64(0x1FF) == np.uint64(0x1FF):
        more, _ = product(shifted, _FIVES[row, 1])
        low = low + more
        if more > low:
            high = high + np.uint64(1)
    upper = high >> np.uint64(63)
    shift = upper + np.uint64(9)
    bits = high >> shift
    exponent = ((217706 * power) >> 16) + 63 + np.int64(upper) - np.int64(zeros) + 1023
    if exponent <= 0 or exponent >= 2046:
        return 0.0, HARD
    if low <= np.uint64(1) and -4 <= power <= 23 and bits & np.uint64(3) == np.uint64(1) and bits << shift == high:
        bits = bits & ~np.uint64(1)  # halfway between two doubles: to the even one
    bits = (bits + (bits & np.uint64(1))) >> np.uint64(1)
    if bits >= np.uint64(1 << 53):
        bits = np.uint64(1 << 52)
        exponent += 1
    return double_of(int((bits & np.uint64((1 << 52) - 1)) | (np.uint64(exponent) << np.uint64(52)))), EASY
