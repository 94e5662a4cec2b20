"""Exact coverage of grid cells by polygons: signed areas, accumulated (the method of font rasterisers).

Every edge leaves in each row it crosses how much of the cell it lies in, and of all cells further right, it
covers. The running sum along a row is then the covered part of each cell; a hole's edges run the other way
round and take away. Only cells that an edge passes are visited one by one; between them the sum is constant.

Rows count downwards, columns to the right; cell (r, c) of a window spans [r, r + 1] x [c, c + 1].
"""

import numpy as np
import numpy.typing as npt

from landproof.compiled import Int, inlined, lean
from landproof.land.kernel.compiled import Bytes, float_at, word_at
from landproof.land.kernel.wkb import polygons, rings_of

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]


MORE = 2  # places of a row beyond its columns: what lies right of the last edge


@inlined
def words_of(columns: Int) -> Int:
    """The words of marks that a row takes."""
    return (columns + MORE + 63) >> 6


@inlined
def _mark(marks: Words, words: Int, row: Int, column: Int) -> None:
    marks[row * words + (column >> 6)] |= np.uint64(1) << np.uint64(column & 63)


@inlined
def _leave(sums: Floats, marks: Words, columns: Int, row: Int, left: float, right: float, share: float) -> None:
    """Leave ``share`` of the row's height, by a piece of an edge that runs between ``left`` and ``right``.

    ``left`` <= ``right``, both within the window.
    """
    stride, words = columns + MORE, words_of(columns)
    column = int(left)
    last = int(right)
    if last == column or (last == column + 1 and right == last):
        beyond = share * ((left + right) * 0.5 - column)
        sums[row * stride + column] += share - beyond
        sums[row * stride + column + 1] += beyond
        _mark(marks, words, row, column)
        _mark(marks, words, row, column + 1)
        return
    slope = share / (right - left)
    at = left
    while at < right:
        until = min(float(column + 1), right)
        piece = slope * (until - at)
        beyond = piece * ((at + until) * 0.5 - column)
        sums[row * stride + column] += piece - beyond
        sums[row * stride + column + 1] += beyond
        _mark(marks, words, row, column)
        at = until
        column += 1
    _mark(marks, words, row, column)


@inlined
def _edge(
    sums: Floats, marks: Words, rows: Int, columns: Int, x0: float, y0: float, x1: float, y1: float, sign: float
) -> None:
    """Leave an edge from (x0, y0) to (x1, y1) in the rows that it crosses, left of the end of the window."""
    if y0 == y1:
        return
    if y0 > y1:
        x0, y0, x1, y1, sign = x1, y1, x0, y0, -sign
    if y1 <= 0.0 or y0 >= rows or (x0 >= columns and x1 >= columns):
        return
    stride, words = columns + MORE, words_of(columns)
    if y0 >= 0.0 and x0 >= 0.0 and x1 >= 0.0:
        row, column = int(y0), int(x0)
        if y1 <= row + 1 and column == int(x1) and column < columns:  # all in one cell
            share = sign * (y1 - y0)
            beyond = share * ((x0 + x1) * 0.5 - column)
            sums[row * stride + column] += share - beyond
            sums[row * stride + column + 1] += beyond
            _mark(marks, words, row, column)
            _mark(marks, words, row, column + 1)
            return
    slope = (x1 - x0) / (y1 - y0)
    low, high = min(x0, x1), max(x0, x1)
    top = max(y0, 0.0)
    bottom = min(y1, float(rows))
    row = int(top)
    x = x0 + (top - y0) * slope
    while top < bottom:
        until = min(float(row + 1), bottom)
        x_until = x1 if until == y1 else min(max(x0 + (until - y0) * slope, low), high)
        share = sign * (until - top)
        left, right = min(x, x_until), max(x, x_until)
        if right <= 0.0:
            sums[row * stride] += share
            _mark(marks, words, row, 0)
        elif left < columns:
            if left < 0.0:
                outside = share * (-left / (right - left))
                sums[row * stride] += outside
                _mark(marks, words, row, 0)
                share -= outside
                left = 0.0
            if right > columns:
                share *= (columns - left) / (right - left)
                right = float(columns)
            _leave(sums, marks, columns, row, left, right, share)
        top = until
        x = x_until
        row += 1


@inlined
def _ring(
    data: Bytes,
    begin: Int,
    count: Int,
    size: Int,
    frame: Floats,
    sums: Floats,
    marks: Words,
    rows: Int,
    columns: Int,
    sign: float,
    leaving: bool,
) -> float:
    """Leave the edges of a ring times ``sign``, if ``leaving``.

    Gives which way round the ring goes: twice its area in cells, with a sign. WKB prescribes neither way.
    """
    left, top, across, down, column, row = frame[0], frame[1], frame[2], frame[3], frame[4], frame[5]
    step = 8 * size
    first_x = (float_at(data, begin) - left) * across - column
    first_y = (top - float_at(data, begin + 8)) * down - row
    turn = 0.0
    x, y = first_x, first_y
    for place in range(1, count):
        next_x = (float_at(data, begin + place * step) - left) * across - column
        next_y = (top - float_at(data, begin + place * step + 8)) * down - row
        turn += (x - first_x) * (next_y - first_y) - (next_x - first_x) * (y - first_y)
        if leaving:
            _edge(sums, marks, rows, columns, x, y, next_x, next_y, sign)
        x, y = next_x, next_y
    return turn


@lean
def leave_polygon(
    data: Bytes, at: Int, frame: Floats, sums: Floats, marks: Words, rows: Int, columns: Int
) -> float:
    """Leave all rings of the polygon or multipolygon at ``at`` in a window of ``rows`` x ``columns`` cells.

    Gives what the running sums are to be multiplied with: 1 or -1, as a single ring is left either way round; 0
    where it covers nothing. What is no polygon covers nothing.

    ``frame``: left and top of a block, cells per unit of length across and down, and column and row of the block
    at which the window begins. ``sums`` has ``columns`` + `MORE` places per row and ``marks`` a bit for each of
    them, from a word of its own on; both must be all zero before.
    """
    kind, size, parts, begin = polygons(data, at)
    if kind != 3 and kind != 6:
        return 0.0
    factor = 1.0
    for _ in range(parts):
        size, rings, begin = rings_of(data, begin, kind, size)
        for ring in range(rings):
            count = word_at(data, begin)
            begin += 4
            if count > 2:
                sign = 1.0
                if parts > 1 or rings > 1:
                    turn = _ring(data, begin, count, size, frame, sums, marks, rows, columns, 0.0, False)
                    sign = 0.0 if turn == 0.0 else (1.0 if (turn < 0.0) == (ring == 0) else -1.0)
                turn = _ring(data, begin, count, size, frame, sums, marks, rows, columns, sign, True)
                if parts == 1 and rings == 1:
                    factor = 0.0 if turn == 0.0 else (1.0 if turn < 0.0 else -1.0)
            begin += count * 8 * size
    return factor
