"""Weighs the classes under each plot of one block: coverage of cells, times the true area of their row."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from landproof.land.kernel.compiled import Bytes, compiled, trailing_zeros
from landproof.land.kernel.cover import leave_polygon

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
States = npt.NDArray[np.uint16]
States16 = npt.NDArray[np.uint16]
Raw = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

_DUST = 1e-9  # of a cell: what rounding leaves where nothing is covered
_MOST_CODES = 1 << 16
_SLOT_BITS = 18
_SLOTS = 1 << _SLOT_BITS  # of the tree below
_NEW_CODES = 4096
_CHUNK = 32  # cells that are coded at a time


class Tree(NamedTuple):
    """The combinations of states met so far: a tree with a level per layer, in one open-addressed table.

    ``keys`` holds (node above, state) + 1, ``nodes`` the node; ``above`` and ``state`` lead back. ``size`` is
    the number of nodes; node 0 is the root.
    """

    keys: Whole
    nodes: Codes
    above: Codes
    state: States
    size: Whole


def new_tree() -> Tree:
    """A tree that holds the root only."""
    above = np.zeros(_MOST_CODES, np.int32)
    state = np.zeros(_MOST_CODES, np.uint16)
    return Tree(np.zeros(_SLOTS, np.int64), np.zeros(_SLOTS, np.int32), above, state, np.ones(1, np.int64))


class Scratch(NamedTuple):
    """Memory for one block, all zero between plots; ``ready`` tells the chunks whose cells are coded."""

    sums: Floats
    marks: Words
    codes: Codes
    ready: npt.NDArray[np.bool_]
    total: Floats
    seen: Codes
    state: States


def new_scratch(rows: int, columns: int, layers: int) -> Scratch:
    """Memory for blocks of up to ``rows`` x ``columns`` cells and ``layers`` layers."""
    return Scratch(
        np.zeros((rows, columns + 2)),
        np.zeros((rows, (columns + 2 + 63) // 64), np.uint64),
        np.zeros((rows, columns), np.int32),
        np.zeros((rows, (columns + _CHUNK - 1) // _CHUNK), np.bool_),
        np.zeros(_MOST_CODES),
        np.zeros(_MOST_CODES, np.int32),
        np.zeros(layers, np.uint16),
    )


@compiled
def _code(
    raw: Raw,
    states: States,
    row: int,
    chunk: int,
    codes: Codes,
    last: States16,
    keys: Whole,
    nodes: Codes,
    above: Codes,
    state: States16,
    size: Whole,
) -> bool:
    """Code a chunk of cells; False when the tree is full."""
    layers, columns = raw.shape[0], raw.shape[2]
    first = chunk * _CHUNK
    node = np.int64(-1)
    for column in range(first, min(first + _CHUNK, columns)):
        same = node >= 0
        for layer in range(layers):
            found = states[layer, raw[layer, row, column]]
            if found != last[layer]:
                same = False
                last[layer] = found
        if not same:
            node = np.int64(0)
            for layer in range(layers):
                key = (node << 16 | np.int64(last[layer])) + 1
                slot = np.int64((np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _SLOT_BITS))
                while keys[slot] != key and keys[slot] != 0:
                    slot = (slot + 1) & (_SLOTS - 1)
                if keys[slot] == 0:
                    if size[0] == _MOST_CODES:
                        return False
                    keys[slot] = key
                    nodes[slot] = size[0]
                    above[size[0]] = node
                    state[size[0]] = last[layer]
                    size[0] += 1
                node = np.int64(nodes[slot])
        codes[row, column] = node
    return True


@compiled
def weigh(
    data: Bytes,
    offsets: Whole,
    plots: Whole,
    frame: Floats,
    row_cm2: Floats,
    row_tilt: Floats,
    raw: Raw,
    states: States,
    scratch: Scratch,
    tree: Tree,
    out_plot: Whole,
    out_code: Codes,
    out_cm2: Whole,
    start: int,
) -> tuple[int, int]:
    """Weigh ``plots`` from number ``start`` on; gives the number to go on from and how many rows are written.

    Stops early when another plot might not fit the output, so that the caller empties it and goes on; and at
    once when the tree is full. ``row_cm2``: square centimetres of a whole cell at the left of each row; it grows
    by the part ``row_tilt`` of that from each column to the next.
    """
    rows, columns = raw.shape[1], raw.shape[2]
    sums, marks, codes, ready = scratch.sums, scratch.marks, scratch.codes, scratch.ready
    total, seen, last = scratch.total, scratch.seen, scratch.state
    keys, nodes, above, state, size = tree.keys, tree.nodes, tree.above, tree.state, tree.size
    words = marks.shape[1]
    written = 0
    for number in range(start, len(plots)):
        if written + size[0] + _NEW_CODES > len(out_plot):
            return number, written
        plot = plots[number]
        first, end = leave_polygon(data, int(offsets[plot]), frame, sums, marks, rows, columns)
        found = 0
        for row in range(first, end):
            cm2, tilt = row_cm2[row], row_tilt[row]
            run = 0.0
            done = 0  # the columns before this one are weighed
            for word in range(words):
                bits = marks[row, word]
                if bits == 0 and (run <= _DUST or word < words - 1):
                    continue
                marks[row, word] = 0
                rest = word == words - 1
                while bits != 0 or rest:
                    if bits != 0:
                        column = np.int64(word * 64) + np.int64(trailing_zeros(bits))
                        bits &= bits - np.uint64(1)
                        added = sums[row, column]
                        sums[row, column] = 0.0
                    else:  # what is right of the last edge in the block
                        rest = False
                        column = columns
                        added = 0.0
                    until = min(column, columns)
                    # Between two edges the running sum is constant; the cell of an edge has a sum of its own.
                    for piece in range(2):
                        if piece == 1:
                            run += added
                            until = min(column + 1, columns)
                        if run > _DUST and done < until:
                            for chunk in range(done // _CHUNK, (until - 1) // _CHUNK + 1):
                                if not ready[row, chunk]:
                                    if not _code(
                                        raw, states, row, chunk, codes, last, keys, nodes, above, state, size
                                    ):
                                        return number, -1
                                    ready[row, chunk] = True
                            weight = run * cm2
                            at = done
                            while at < until:
                                code = codes[row, at]
                                begin = at
                                at += 1
                                while at < until and codes[row, at] == code:
                                    at += 1
                                if total[code] == 0.0:
                                    seen[found] = code
                                    found += 1
                                total[code] += weight * (at - begin) * (1.0 + tilt * (0.5 * (begin + at)))
                        done = max(done, until)
        for place in range(found):
            code = seen[place]
            out_plot[written] = plot
            out_code[written] = code
            out_cm2[written] = np.int64(np.rint(total[code]))
            total[code] = 0.0
            written += 1
    return len(plots), written


@compiled
def code_boxes(raw: Raw, states: States, scratch: Scratch, tree: Tree, boxes: Whole) -> bool:
    """Code the cells of ``boxes`` (n x top, left, bottom, right, ends included); False when the tree is full."""
    codes, ready, last = scratch.codes, scratch.ready, scratch.state
    keys, nodes, above, state, size = tree.keys, tree.nodes, tree.above, tree.state, tree.size
    for box in range(len(boxes)):
        for row in range(boxes[box, 0], boxes[box, 2] + 1):
            for chunk in range(boxes[box, 1] // _CHUNK, boxes[box, 3] // _CHUNK + 1):
                if not ready[row, chunk]:
                    if not _code(raw, states, row, chunk, codes, last, keys, nodes, above, state, size):
                        return False
                    ready[row, chunk] = True
    return True


@compiled
def boxes_with(codes: Codes, wanted: Mask, boxes: Whole, found: Mask) -> None:
    """Fill ``found`` (n): whether one of ``boxes`` has a cell of a ``wanted`` code; its cells must be coded."""
    for box in range(len(boxes)):
        found[box] = False
        for row in range(boxes[box, 0], boxes[box, 2] + 1):
            for column in range(boxes[box, 1], boxes[box, 3] + 1):
                if wanted[codes[row, column]]:
                    found[box] = True
