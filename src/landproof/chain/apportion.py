"""Whole grams that add up: rounded down in total, the odd grams by largest remainder (Hamilton's method)."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from landproof.chain.arrays import Floats, Ints

_NEAR = 2.0**-46  # relative: far more than the roundings of any chain that fits into memory


def largest_remainder(amounts: Sequence[Fraction], total: int) -> Ints:
    """Whole parts of ``amounts`` that add up to ``total``, which is no further from their sum than one a part.

    The largest remainders get the odd units, of equal ones those that come first; where there is one too many, the
    smallest lose it.
    """
    parts = [int(amount // 1) for amount in amounts]
    odd = total - sum(parts)
    best = sorted(range(len(parts)), key=lambda place: (parts[place] - amounts[place], place))
    if odd < 0:
        for place in [place for place in reversed(best) if parts[place]][:-odd]:
            parts[place] -= 1
    for place in best[: max(odd, 0)]:
        parts[place] += 1
    return np.array(parts, dtype=np.int64)


def clearly(amounts: Floats, total: int) -> Ints | None:
    """The same of floating-point ``amounts``, if their errors leave no doubt which the parts are."""
    error = amounts * _NEAR
    parts = np.floor(amounts)
    over = amounts - parts
    odd = total - int(parts.sum())
    unsure = (amounts > 0) & ((over <= error) | (over >= 1 - error))
    if unsure.any() or not 0 <= odd <= amounts.size:
        return None
    best = np.argsort(-over, kind="stable")
    if 0 < odd < amounts.size:
        last, following = best[odd - 1], best[odd]
        if over[last] - over[following] <= error[last] + error[following]:
            return None
    parts[best[:odd]] += 1
    return parts.astype(np.int64)
