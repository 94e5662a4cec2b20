"""Bit planes: the classes of a block as a few bits per cell, 64 cells in a word.

Word (r, w, b) has bit b of the codes of cells 64 w … 64 w + 63 of row r, the first cell in the lowest bit. So a run
of cells is counted class by class with a mask, and a single cell is put together from its bits.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from landproof.land.kernel.compiled import compiled

Words = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
States = npt.NDArray[np.uint16]
Raw = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

CELLS = 64  # of a word
_LANES = np.uint64(0x0101010101010101)
_GATHER = np.uint64(0x0102040810204080)  # brings the lowest bit of each of eight bytes together, in order


class Planes(NamedTuple):
    """``bits`` (rows x words x planes); ``ready`` (rows x words) tells the words that are filled in."""

    bits: Words
    ready: Mask


class Coding(NamedTuple):
    """What turns the values that rasters hold into codes, layer by layer.

    ``short[layer, value]`` numbers the classes of a layer from 1 on, in the order in which they were met; 0 was not
    met yet. From combination ``node`` of the layers before and class ``c`` of ``layer``, the combination is
    ``steps[base[layer] + node * stride[layer] + c]``, or -1 for one that was not met yet. ``lacking`` is where a
    kernel says what it has not met: layer, combination, class (0 and the value, when the class itself is new).
    ``low``, ``high`` and ``nodes`` are working memory for a word.
    """

    short: States
    steps: Codes
    base: Whole
    stride: Whole
    lacking: Whole
    nodes: Codes
    low: Words
    high: Words


@compiled
def word_nodes(raw: Raw, coding: Coding, row: int, word: int) -> int:
    """Put the codes of the cells of a word into ``coding.nodes``; how many cells, or -1 where one was not met."""
    first = word * CELLS
    count = min(raw.shape[2] - first, CELLS)
    nodes, short, steps = coding.nodes, coding.short, coding.steps
    nodes[:] = 0
    for layer in range(raw.shape[0]):
        base, stride = coding.base[layer], coding.stride[layer]
        least = np.int32(0)
        for cell in range(count):
            at = base + np.int64(nodes[cell]) * stride + np.int64(short[layer, raw[layer, row, first + cell]])
            node = steps[at]
            least = min(least, node)
            nodes[cell] = node
        if least < 0:
            _say_lacking(raw, coding, row, first, count, layer)
            return -1
    return count


@compiled
def _say_lacking(raw: Raw, coding: Coding, row: int, first: int, count: int, layer: int) -> None:
    """Find the first cell whose class or combination was not met, the layers before ``layer`` being known."""
    for cell in range(count):
        node = np.int64(0)
        for before in range(layer):
            value = raw[before, row, first + cell]
            at = coding.base[before] + node * coding.stride[before] + np.int64(coding.short[before, value])
            node = np.int64(coding.steps[at])
        value = raw[layer, row, first + cell]
        short = np.int64(coding.short[layer, value])
        if coding.steps[coding.base[layer] + node * coding.stride[layer] + short] < 0:
            coding.lacking[0] = layer
            coding.lacking[1] = node
            coding.lacking[2] = short
            coding.lacking[3] = value
            return


@compiled
def fill_word(raw: Raw, coding: Coding, planes: Planes, row: int, word: int) -> bool:
    """Fill in the planes of a word; False where a combination was not met before (``coding.lacking``)."""
    count = word_nodes(raw, coding, row, word)
    if count < 0:
        return False
    low, high, nodes = coding.low, coding.high, coding.nodes
    bits = planes.bits
    wide = bits.shape[2] > 8
    for byte in range(8):
        here = np.uint64(0)
        there = np.uint64(0)
        for lane in range(8):
            code = np.uint64(nodes[byte * 8 + lane])
            here |= (code & np.uint64(255)) << np.uint64(8 * lane)
            if wide:
                there |= (code >> np.uint64(8)) << np.uint64(8 * lane)
        low[byte] = here
        high[byte] = there
    for plane in range(bits.shape[2]):
        source = low if plane < 8 else high
        shift = np.uint64(plane & 7)
        found = np.uint64(0)
        for byte in range(8):
            lanes = (source[byte] >> shift) & _LANES
            found |= ((lanes * _GATHER) >> np.uint64(56)) << np.uint64(8 * byte)
        bits[row, word, plane] = found
    planes.ready[row, word] = True
    return True


@compiled
def code_at(bits: Words, row: int, word: int, place: int) -> int:
    """The code of cell ``place`` of a word."""
    code = np.uint64(0)
    for plane in range(bits.shape[2]):
        code |= ((bits[row, word, plane] >> np.uint64(place)) & np.uint64(1)) << np.uint64(plane)
    return np.int64(code)


@compiled
def like(bits: Words, row: int, word: int, place: int, mask: int) -> tuple[int, int]:
    """The code of cell ``place`` of a word, and which cells of ``mask`` have the same."""
    code = np.uint64(0)
    same = np.uint64(mask)
    for plane in range(bits.shape[2]):
        plain = bits[row, word, plane]
        bit = (plain >> np.uint64(place)) & np.uint64(1)
        code |= bit << np.uint64(plane)
        same &= plain ^ (bit - np.uint64(1))
    return np.int64(code), same


@compiled
def code_cells(raw: Raw, coding: Coding, codes: Codes) -> bool:
    """Fill ``codes`` (rows x columns); False where a combination was not met before (``coding.lacking``)."""
    for row in range(raw.shape[1]):
        for word in range((raw.shape[2] + CELLS - 1) // CELLS):
            count = word_nodes(raw, coding, row, word)
            if count < 0:
                return False
            codes[row, word * CELLS : word * CELLS + count] = coding.nodes[:count]
    return True
