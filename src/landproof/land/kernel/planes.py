"""Bit planes: the classes of a block as a few bits per cell, 64 cells in a word.

Word (r, b, w) has bit b of the codes of cells 64 w … 64 w + 63 of row r, the first cell in the lowest bit. Each
layer has planes of its own, so a code has the class of every layer; a run of cells is counted code by code with a
mask.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from landproof.compiled import Int, inlined, lean
from landproof.land.kernel.compiled import Bytes, all_same, bits_of, trailing_zeros

Words = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
States = npt.NDArray[np.uint16]
Raw = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

CELLS = 64  # of a word
NOT_MET = 0xFFFF
MOST_PLANES = 63  # of all layers together
_SLOT_BITS = 17
SLOTS = 1 << _SLOT_BITS
MOST_CODES = SLOTS // 2
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_ONE = np.uint64(1)


class Planes(NamedTuple):
    """The planes of a block: ``bits`` (rows x planes x words); ``ready`` (rows x words) tells which are filled in.

    ``raw`` (layers x rows x columns) is what the rasters hold, and ``short[layer, value]`` the number of its class
    among those of the layer met so far, or `NOT_MET`. Layer l has ``counts[l]`` planes from ``firsts[l]`` on.
    Layers that are stored as planes are not among them. ``lacking`` is where a kernel says which layer and value
    it has not met. ``low`` and ``high`` are working memory: 64 bytes each.
    """

    bits: Words
    ready: Mask
    raw: Raw
    short: States
    firsts: Whole
    counts: Whole
    lacking: Whole
    low: Bytes
    high: Bytes


class Table(NamedTuple):
    """The codes met so far, at places of an open-addressed table.

    ``keys`` has code + 1, or 0 at a place that is free; ``met[:size[0]]`` are the places in use. ``total`` and
    ``seen`` are working memory for a plot: what each code weighs, and the places of those that weigh something.
    """

    keys: Words
    met: Whole
    size: Whole
    total: Floats
    seen: Whole


def new_table() -> Table:
    """A table in which no code was met."""
    return Table(
        np.zeros(SLOTS, np.uint64),
        np.zeros(MOST_CODES + 1, np.int64),
        np.zeros(1, np.int64),
        np.zeros(SLOTS),
        np.zeros(MOST_CODES + 1, np.int64),
    )


@inlined
def place_of(keys: Words, met: Whole, size: Whole, code: Int) -> Int:
    """The place of a code in a `Table`, where it is met now if it was not before; there must be room."""
    key = np.uint64(code) + _ONE
    place = np.int64((key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _SLOT_BITS))
    while keys[place] != key:
        if keys[place] == 0:
            keys[place] = key
            met[size[0]] = place
            size[0] += 1
            break
        place = (place + 1) & (SLOTS - 1)
    return place


@lean
def fill_word(planes: Planes, row: Int, word: Int) -> bool:
    """Fill in a word from the rasters; False where a class was not met before."""
    low, high = planes.low, planes.high
    bits, raw, short, firsts, counts = planes.bits, planes.raw, planes.short, planes.firsts, planes.counts
    begin = word * CELLS
    cells = min(raw.shape[2] - begin, CELLS)
    for layer in range(raw.shape[0]):
        first, count = firsts[layer], counts[layer]
        if cells == CELLS and all_same(raw, (layer * raw.shape[1] + row) * raw.shape[2] + begin):
            met = short[layer, raw[layer, row, begin]]
            if met == NOT_MET:
                planes.lacking[0], planes.lacking[1] = layer, raw[layer, row, begin]
                return False
            for plane in range(count):
                bits[row, first + plane, word] = _ALL if (met >> plane) & 1 else np.uint64(0)
            continue
        most = np.uint16(0)
        low[:] = 0
        high[:] = 0
        for cell in range(cells):
            met = short[layer, raw[layer, row, begin + cell]]
            most = max(most, met)
            low[cell] = np.uint8(met)
            if count > 8:
                high[cell] = np.uint8(met >> 8)
        if most == NOT_MET:
            for cell in range(cells):
                if short[layer, raw[layer, row, begin + cell]] == NOT_MET:
                    planes.lacking[0], planes.lacking[1] = layer, raw[layer, row, begin + cell]
            return False
        for plane in range(count):
            bits[row, first + plane, word] = bits_of(low, plane) if plane < 8 else bits_of(high, plane - 8)
    planes.ready[row, word] = True
    return True


@inlined
def code_at(bits: Words, row: Int, word: Int, place: Int) -> Int:
    """The code of cell ``place`` of a word."""
    code = np.uint64(0)
    for plane in range(bits.shape[1]):
        code |= ((bits[row, plane, word] >> np.uint64(place)) & _ONE) << np.uint64(plane)
    return code


@inlined
def like(bits: Words, row: Int, word: Int, place: Int, mask: Int) -> tuple[Int, Int]:
    """The code of cell ``place`` of a word, and which cells of ``mask`` have the same."""
    code = np.uint64(0)
    same = np.uint64(mask)
    for plane in range(bits.shape[1]):
        plain = bits[row, plane, word]
        bit = (plain >> np.uint64(place)) & _ONE
        code |= bit << np.uint64(plane)
        same &= plain ^ (bit - _ONE)
    return code, same


@lean
def place_cells(planes: Planes, table: Table, places: Codes, start: Int) -> Int:
    """Fill ``places`` (rows x columns) from row ``start`` on.

    Gives the row to go on from, for want of room or of a class that was met.
    """
    rows, columns = places.shape
    keys, met, size = table.keys, table.met, table.size
    bits, ready = planes.bits, planes.ready
    for row in range(start, rows):
        if size[0] + columns > MOST_CODES:
            return row
        for word in range((columns + CELLS - 1) // CELLS):
            if not ready[row, word] and not fill_word(planes, row, word):
                return row
            cells = min(columns - word * CELLS, CELLS)
            left = _ALL >> np.uint64(CELLS - cells)
            while left != 0:
                code, same = like(bits, row, word, trailing_zeros(left), left)
                left &= ~same
                place = place_of(keys, met, size, code)
                while same != 0:
                    places[row, word * CELLS + np.int64(trailing_zeros(same))] = place
                    same &= same - _ONE
    return rows


@lean
def fill_block(planes: Planes) -> bool:
    """Fill in all words; False where a class was not met before."""
    for row in range(planes.ready.shape[0]):
        for word in range(planes.ready.shape[1]):
            if not fill_word(planes, row, word):
                return False
    return True
