"""Weighs the classes under each plot of one block: coverage of cells, times the true area of their row."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from landproof.land.kernel.compiled import Bytes, compiled, ones, trailing_zeros
from landproof.land.kernel.cover import leave_polygon
from landproof.land.kernel.planes import CELLS, Coding, Planes, Raw, code_at, fill_word, like

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

MOST_CODES = 1 << 16
_DUST = 1e-9  # of a cell: what rounding leaves where nothing is covered
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_ONE = np.uint64(1)
_HALVES = np.array(  # bit b of a place in a word: which places have it
    [
        0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0, 0xFF00FF00FF00FF00, 0xFFFF0000FFFF0000,
        0xFFFFFFFF00000000,
    ],
    dtype=np.uint64,
)  # fmt: skip


class Scratch(NamedTuple):
    """Memory for one block, all zero between plots: of coverage, and of what each code weighs."""

    sums: Floats
    marks: Words
    total: Floats
    seen: Codes


def new_scratch(rows: int, columns: int) -> Scratch:
    """Memory for blocks of ``rows`` x ``columns`` cells."""
    return Scratch(
        np.zeros((rows, columns + 2)),
        np.zeros((rows, (columns + 2 + CELLS - 1) // CELLS), np.uint64),
        np.zeros(MOST_CODES),
        np.zeros(MOST_CODES, np.int32),
    )


@compiled
def _places(mask: int) -> float:
    """The sum of the places of the ones of a word."""
    total = np.uint64(0)
    for bit in range(6):
        total += ones(np.uint64(mask) & _HALVES[bit]) << np.uint64(bit)
    return float(total)


@compiled
def _add(scratch: Scratch, found: int, code: int, cm2: float) -> int:
    if scratch.total[code] == 0.0:
        scratch.seen[found] = code
        found += 1
    scratch.total[code] += cm2
    return found


@compiled
def _add_run(
    planes: Planes, scratch: Scratch, found: int, row: int, word: int, mask: int, weight: float, tilt: float
) -> int:
    """Add cells of one word, all covered alike, code by code."""
    left = np.uint64(mask)
    while left != 0:
        code, same = like(planes.bits, row, word, trailing_zeros(left), left)
        left &= ~same
        count = float(ones(same))
        if tilt != 0.0:
            count += tilt * (count * (word * CELLS + 0.5) + _places(same))
        found = _add(scratch, found, code, weight * count)
    return found


@compiled
def weigh(
    data: Bytes,
    offsets: Whole,
    plots: Whole,
    frame: Floats,
    row_cm2: Floats,
    row_tilt: Floats,
    raw: Raw,
    coding: Coding,
    planes: Planes,
    scratch: Scratch,
    out_plot: Whole,
    out_code: Codes,
    out_cm2: Whole,
    start: int,
    columns: int,
) -> tuple[int, int, bool]:
    """Weigh ``plots`` from number ``start`` on.

    Gives the number to go on from, how many rows are written, and whether it stopped at a combination that was not
    met before (``coding.lacking``). Stops, too, when another plot might not fit the output.

    ``row_cm2``: square centimetres of a whole cell at the left of each row; it grows by the part ``row_tilt`` of
    that from each column to the next. Words of ``planes`` that are not ready are filled in from ``raw``.
    """
    rows = len(row_cm2)
    sums, marks, total, seen = scratch.sums, scratch.marks, scratch.total, scratch.seen
    words = marks.shape[1]
    full = (columns + CELLS - 1) // CELLS
    most = 1 << planes.bits.shape[2]
    written = 0
    for number in range(start, len(plots)):
        if written + most > len(out_plot):
            return number, written, False
        plot = plots[number]
        first, end, factor = leave_polygon(data, offsets[plot], frame, sums, marks, rows, columns)
        found = 0
        met = True
        for row in range(first, end):
            cm2, tilt = row_cm2[row], row_tilt[row]
            run = 0.0
            for word in range(words):
                bits = marks[row, word]
                if bits == 0 and run <= _DUST:
                    continue
                marks[row, word] = 0
                base = word * CELLS
                if word < full and met and not planes.ready[row, word]:
                    met = fill_word(raw, coding, planes, row, word)
                width = min(columns - base, CELLS)  # what lies beyond is no cell: it may be marked, never weighed
                usable = met and width > 0
                inside = _ALL if width >= CELLS else (_ONE << np.uint64(max(width, 0))) - _ONE
                rest = inside  # the cells at and after the last edge met
                while bits != 0:
                    place = trailing_zeros(bits)
                    bit = _ONE << place
                    bits &= bits - _ONE
                    if run > _DUST and usable:  # between two edges the running sum is constant
                        mask = rest & (bit - _ONE)
                        if mask != 0:
                            found = _add_run(planes, scratch, found, row, word, mask, run * cm2, tilt)
                    column = base + np.int64(place)
                    run += factor * sums[row, column]
                    sums[row, column] = 0.0
                    if run > _DUST and usable and (inside & bit) != 0:  # the cell of an edge has a sum of its own
                        code = code_at(planes.bits, row, word, place)
                        found = _add(scratch, found, code, run * cm2 * (1.0 + tilt * (column + 0.5)))
                    rest &= ~(bit | (bit - _ONE))
                if run > _DUST and usable and rest != 0:
                    found = _add_run(planes, scratch, found, row, word, rest, run * cm2, tilt)
        for place in range(found):
            code = seen[place]
            if met:
                out_plot[written] = plot
                out_code[written] = code
                out_cm2[written] = np.int64(np.rint(total[code]))
                written += 1
            total[code] = 0.0
        if not met:
            return number, written, True
    return len(plots), written, False


@compiled
def boxes_with(
    raw: Raw, coding: Coding, planes: Planes, wanted: Mask, boxes: Whole, found: Mask, start: int
) -> int:
    """Fill ``found`` (n) from ``start`` on: whether one of ``boxes`` has a cell of a ``wanted`` code.

    ``boxes``: n x top, left, bottom, right, ends included. Gives n, or the box at which a combination was met
    that was not met before (``coding.lacking``).
    """
    for box in range(start, len(boxes)):
        top, left, bottom, right = boxes[box]
        found[box] = False
        for row in range(top, bottom + 1):
            for word in range(left // CELLS, right // CELLS + 1):
                if not planes.ready[row, word] and not fill_word(raw, coding, planes, row, word):
                    return box
                begin, last = max(left - word * CELLS, 0), min(right - word * CELLS, CELLS - 1)
                mask = (_ALL >> np.uint64(CELLS - 1 - last)) & (_ALL << np.uint64(begin))
                while mask != 0 and not found[box]:
                    code, same = like(planes.bits, row, word, trailing_zeros(mask), mask)
                    mask &= ~same
                    found[box] = wanted[code]
            if found[box]:
                break
    return len(boxes)
