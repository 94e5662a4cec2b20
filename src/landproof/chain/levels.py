"""The order in which lots can be worked out: every lot after all lots that went into it."""

import numpy as np

from landproof.chain.ledger import NONE, Ints


def levels(count: int, source: Ints, into: Ints) -> Ints:
    """Level of each of ``count`` lots (Kahn 1962): 0 without input lots, else one above its highest input.

    `NONE` for a lot in a cycle or downstream of one: it has no place in any order. An edge whose
    ``source`` is `NONE` does not count.
    """
    real = source != NONE
    tails, heads = source[real], into[real]
    order = np.argsort(tails, kind="stable")
    heads = heads[order]
    first = np.concatenate([[0], np.cumsum(np.bincount(tails, minlength=count))]).astype(np.int64)
    waiting = np.bincount(heads, minlength=count).astype(np.int64)
    found = np.full(count, NONE, dtype=np.int64)
    ready = np.flatnonzero(waiting == 0)
    level = 0
    while ready.size:
        found[ready] = level
        reached = heads[ranges(first[ready], first[ready + 1])]
        np.subtract.at(waiting, reached, 1)
        touched = np.unique(reached)
        ready = touched[waiting[touched] == 0]
        level += 1
    return found


def ranges(start: Ints, stop: Ints) -> Ints:
    """All whole numbers of each half-open range, one range after the other."""
    lengths = stop - start
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if ends.size else 0
    offsets = np.repeat(start - (ends - lengths), lengths)
    return np.arange(total, dtype=np.int64) + offsets
