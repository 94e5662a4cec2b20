"""Sorts plots into the blocks that they touch, by counting: no comparison, and the order of plots is kept."""

import numpy as np
import numpy.typing as npt

from landproof.compiled import lean

Whole = npt.NDArray[np.int64]

_MOST_KEYS = 1 << 22


def by_block(
    first_row: Whole, last_row: Whole, first: Whole, last: Whole, across: int
) -> tuple[Whole, Whole, Whole]:
    """The numbers of n plots by block; plot k touches rows ``first_row[k]`` to ``last_row[k]``, columns likewise.

    Gives the blocks touched (row times ``across``, plus column) in order, where each begins among the numbers (and
    the end), and the numbers.
    """
    spans = (last_row - first_row + 1) * (last - first + 1)
    keys, numbers = np.zeros(int(spans.sum()), np.int64), np.zeros(int(spans.sum()), np.int64)
    _spread(first_row, last_row, first, last, across, keys, numbers)
    least = int(keys.min()) if len(keys) else 0
    most = int(keys.max()) - least + 1 if len(keys) else 0
    if most <= max(_MOST_KEYS, len(keys)):
        order, ends = np.zeros(len(keys), np.int64), np.zeros(most + 1, np.int64)
        _sort(keys, least, numbers, ends, order)
        blocks = np.nonzero(np.diff(ends, prepend=0)[:most])[0]
        return blocks + least, np.append(0, ends[blocks]), order
    sorting = np.argsort(keys, kind="stable")  # plots far apart, on land without tiles
    blocks, starts = np.unique(keys[sorting], return_index=True)
    return blocks, np.append(starts, len(keys)), numbers[sorting]


@lean
def _spread(
    first_row: Whole, last_row: Whole, first: Whole, last: Whole, across: int, keys: Whole, numbers: Whole
) -> None:
    at = 0
    for number in range(len(first_row)):
        for row in range(first_row[number], last_row[number] + 1):
            for column in range(first[number], last[number] + 1):
                keys[at] = row * across + column
                numbers[at] = number
                at += 1


@lean
def _sort(keys: Whole, least: int, numbers: Whole, ends: Whole, order: Whole) -> None:
    """Fill ``order`` with ``numbers`` by key; ``ends[k]`` is then where those of key ``least`` + k end."""
    for at in range(len(keys)):
        ends[keys[at] - least + 1] += 1
    for key in range(1, len(ends)):
        ends[key] += ends[key - 1]
    for at in range(len(keys)):
        key = keys[at] - least
        order[ends[key]] = numbers[at]
        ends[key] += 1
