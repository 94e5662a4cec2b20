"""Weighs the classes under each plot of one block: coverage of cells, times the true area of their row."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from landproof.compiled import Int, inlined, lean
from landproof.land.kernel.compiled import Bytes, ones, trailing_zeros
from landproof.land.kernel.cover import MORE, leave_polygon, words_of
from landproof.land.kernel.planes import CELLS, MOST_CODES, Planes, Table, code_at, fill_word, like, place_of

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]
Known = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

NO, YES, NOT_KNOWN = range(3)

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
    """Memory for the coverage of a plot, all zero between plots; ``frame`` is where it lies (`leave_polygon`)."""

    sums: Floats
    marks: Words
    frame: Floats


def new_scratch(rows: Int, columns: Int) -> Scratch:
    """Memory for blocks of up to ``rows`` x ``columns`` cells."""
    words = (columns + MORE) // CELLS + 1
    return Scratch(np.zeros(rows * (columns + MORE)), np.zeros(rows * words, np.uint64), np.zeros(6))


@inlined
def _places(mask: Int) -> float:
    """The sum of the places of the ones of a word."""
    total = np.uint64(0)
    for bit in range(6):
        total += ones(np.uint64(mask) & _HALVES[bit]) << np.uint64(bit)
    return float(total)


@inlined
def _add(
    keys: Words, met: Whole, size: Whole, total: Floats, seen: Whole, found: Int, code: Int, cm2: float
) -> Int:
    place = place_of(keys, met, size, code)
    before = total[place]
    if before == 0.0:
        seen[found] = place
        found += 1
    total[place] = before + cm2
    return found


@inlined
def _add_run(
    bits: Words,
    keys: Words,
    met: Whole,
    size: Whole,
    total: Floats,
    seen: Whole,
    found: Int,
    row: Int,
    word: Int,
    mask: Int,
    weight: float,
    tilt: float,
) -> Int:
    """Add cells of one word, all covered alike, code by code."""
    left = np.uint64(mask)
    while left != 0:
        code, same = like(bits, row, word, trailing_zeros(left), left)
        left &= ~same
        count = float(ones(same))
        if tilt != 0.0:
            count += tilt * (count * (word * CELLS + 0.5) + _places(same))
        found = _add(keys, met, size, total, seen, found, code, weight * count)
    return found


@lean
def weigh(
    data: Bytes,
    offsets: Whole,
    bounds: Floats,
    plots: Whole,
    place: Floats,
    row_cm2: Floats,
    row_tilt: Floats,
    columns: Int,
    planes: Planes,
    table: Table,
    scratch: Scratch,
    out_plot: Whole,
    out_place: Whole,
    out_cm2: Whole,
    start: Int,
) -> tuple[int, int, bool]:
    """Weigh ``plots`` from number ``start`` on.

    Gives the number to go on from, how many rows are written, and whether it stopped at a class that was not met
    before (``planes.lacking``). Stops, too, when another plot might not fit the output or the table.

    ``place``: left and top of the block, and cells per unit of length across and down. ``row_cm2``: square
    centimetres of a whole cell at the left of each row; it grows by the part ``row_tilt`` of that from each column
    to the next. A row out: plot, place of the code in the table, and square centimetres.
    """
    sums, marks, frame = scratch.sums, scratch.marks, scratch.frame
    bits, ready = planes.bits, planes.ready
    keys, known, size, total, seen = table.keys, table.met, table.size, table.total, table.seen
    for each in range(4):
        frame[each] = place[each]
    written = 0
    for number in range(start, len(plots)):
        plot = plots[number]
        if not bounds[plot, 0] <= bounds[plot, 2]:
            continue  # it has no place
        # The part of the block that the plot is in, from the beginning of a word: small, so it stays at hand.
        above = max(np.int64(np.floor((place[1] - bounds[plot, 3]) * place[3])), 0)
        below = min(np.int64(np.floor((place[1] - bounds[plot, 1]) * place[3])) + 1, len(row_cm2))
        first = max(np.int64(np.floor((bounds[plot, 0] - place[0]) * place[2])), 0) // CELLS
        width = min(np.int64(np.floor((bounds[plot, 2] - place[0]) * place[2])) + 1, columns) - first * CELLS
        if below <= above or width <= 0:
            continue
        frame[4], frame[5] = first * CELLS, above
        factor = leave_polygon(data, offsets[plot], frame, sums, marks, below - above, width)
        stride, words, full = width + MORE, words_of(width), (width + CELLS - 1) // CELLS
        found = 0
        met = True
        room = True
        for row in range(above, below):
            cm2, tilt = row_cm2[row], row_tilt[row]
            run = 0.0
            room &= size[0] + width <= MOST_CODES
            for word in range(words):
                edges = marks[(row - above) * words + word]
                if edges == 0 and run <= _DUST:
                    continue
                marks[(row - above) * words + word] = 0
                there = first + word  # in the block
                inside = _ALL  # what lies beyond the last column may be marked and is no cell
                if word >= full - 1:
                    inside = np.uint64(0) if word >= full else _ALL >> np.uint64(full * CELLS - width)
                if word < full and met and not ready[row, there]:
                    met = fill_word(planes, row, there)
                if not (met and room):
                    inside = np.uint64(0)
                while edges != 0:
                    cell = trailing_zeros(edges)
                    bit = _ONE << cell
                    edges &= edges - _ONE
                    between = inside & (bit - _ONE)
                    if run > _DUST and between != 0:  # between two edges the running sum is constant
                        found = _add_run(
                            bits, keys, known, size, total, seen, found, row, there, between, run * cm2, tilt
                        )
                    at = (row - above) * stride + word * CELLS + np.int64(cell)
                    run += factor * sums[at]
                    sums[at] = 0.0
                    if run > _DUST and (inside & bit) != 0:  # the cell of an edge has a sum of its own
                        weight = run * cm2
                        if tilt != 0.0:
                            weight *= 1.0 + tilt * (there * CELLS + np.int64(cell) + 0.5)
                        code = code_at(bits, row, there, cell)
                        found = _add(keys, known, size, total, seen, found, code, weight)
                    inside &= ~(bit | (bit - _ONE))
                if run > _DUST and inside != 0:
                    found = _add_run(
                        bits, keys, known, size, total, seen, found, row, there, inside, run * cm2, tilt
                    )
        fits = written + found <= len(out_plot)
        for at in range(found):
            slot = seen[at]
            if met and room and fits:
                out_plot[written] = plot
                out_place[written] = slot
                out_cm2[written] = np.int64(np.rint(total[slot]))
                written += 1
            total[slot] = 0.0
        if not (met and room and fits):
            return number, written, not met
    return len(plots), written, False


@lean
def boxes_with(
    planes: Planes,
    table: Table,
    wanted: Known,
    block: Whole,
    plots: Whole,
    cells: Whole,
    found: Mask,
    start: Int,
) -> Int:
    """Fill ``found`` (n) from ``start`` on: whether one of ``plots`` has a cell of a ``wanted`` code in its box.

    ``cells[plot]``: the box, as first row and column, last row and column (included) of the lattice; ``block`` is
    where the block begins there, and its size. ``wanted`` has YES or NO for a code at its place. Gives n, or the
    number at which a class was not met before (``planes.lacking``), or a code whose place says NOT_KNOWN.
    """
    bits, ready = planes.bits, planes.ready
    keys, met, size = table.keys, table.met, table.size
    for number in range(start, len(plots)):
        plot = plots[number]
        top, left = max(cells[plot, 0] - block[0], 0), max(cells[plot, 1] - block[1], 0)
        bottom = min(cells[plot, 2] - block[0], block[2] - 1)
        right = min(cells[plot, 3] - block[1], block[3] - 1)
        found[number] = False
        for row in range(top, bottom + 1):
            for word in range(left // CELLS, right // CELLS + 1):
                if not ready[row, word] and not fill_word(planes, row, word):
                    return number
                begin, last = max(left - word * CELLS, 0), min(right - word * CELLS, CELLS - 1)
                mask = (_ALL >> np.uint64(CELLS - 1 - last)) & (_ALL << np.uint64(begin))
                while mask != 0:
                    code, same = like(bits, row, word, trailing_zeros(mask), mask)
                    mask &= ~same
                    said = wanted[place_of(keys, met, size, code)]
                    if said == NOT_KNOWN:
                        return number
                    if said == YES:
                        found[number] = True
                        break
                if found[number]:
                    break
            if found[number]:
                break
    return len(plots)
