"""Whole grams from exact shares: rounded down in total, the odd grams by largest remainder.

Nearly every comparison can be settled on floating-point estimates with a known error; a run in which
one cannot is worked out again in whole numbers. So the answer is exact, and fast.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from landproof.chain.ledger import Exact, Ints

_ERROR = 1e-15  # more than three roundings of a double, relative


def floors(whole: Ints, numerator: Exact, denominator: Exact) -> Ints:
    """``whole * numerator / denominator``, rounded down, element by element."""
    return (whole.astype(object) * numerator // denominator).astype(np.int64)


def largest_remainder(starts: Ints, whole: Ints, numerator: Exact, denominator: Exact, total: Ints) -> Ints:
    """Whole parts of each run that add up to the run's ``total`` (Hamilton's method).

    Runs start at ``starts`` and ``total`` holds one value per run: its exact sum rounded down. The other
    arrays hold one value per part. The largest remainders get the odd units; equal remainders get them
    in the order in which the parts stand.
    """
    if not starts.size:
        return np.empty(0, dtype=np.int64)
    size = whole.size
    run = np.repeat(np.arange(starts.size), np.diff(np.r_[starts, size]))
    guess: npt.NDArray[Any] = (numerator / denominator).astype(np.float64) * whole
    error = guess * _ERROR
    parts = np.floor(guess).astype(np.int64)
    over = guess - parts
    doubtful = np.zeros(starts.size, dtype=np.bool_)
    doubtful[run[(numerator != 0) & ((over <= error) | (over >= 1 - error))]] = True
    odd = total - np.add.reduceat(parts, starts)
    best = np.lexsort((-over, run))  # stable, so ties keep their order
    place = np.arange(size) - starts[run]
    chosen = place < odd[run]
    parts[best[chosen]] += 1
    last = np.flatnonzero(chosen[:-1] & ~chosen[1:] & (run[1:] == run[:-1]))
    close = np.abs(over[best[last]] - over[best[last + 1]]) <= error[best[last]] + error[best[last + 1]]
    doubtful[run[last[close]]] = True
    again = np.flatnonzero(doubtful[run])
    parts[again] = _exactly(_run_starts(run[again]), whole[again], numerator[again], denominator[again])
    return parts


def _run_starts(run: Ints) -> Ints:
    return np.flatnonzero(np.r_[run.size > 0, run[1:] != run[:-1]])


def _exactly(starts: Ints, whole: Ints, numerator: Exact, denominator: Exact) -> Ints:
    if not starts.size:
        return np.empty(0, dtype=np.int64)
    exact = whole.astype(object) * numerator
    rounded = exact // denominator
    over = exact - rounded * denominator
    parts = rounded.astype(np.int64)
    odd = (np.add.reduceat(over, starts) // denominator[starts]).astype(np.int64)
    bounds = list(pairwise([*starts.tolist(), parts.size]))
    for run in np.flatnonzero(odd > 0):
        start, stop = bounds[run]
        best = sorted(range(start, stop), key=over.__getitem__, reverse=True)  # stable, so ties keep their order
        parts[best[: odd[run]]] += 1
    return parts
