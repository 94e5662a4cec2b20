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
States = npt.NDArray[np.uint16]
Raw = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

_DUST = 1e-9  # of a cell: what rounding leaves where nothing is covered
_MOST_CODES = 1 << 16
_SLOTS = 1 << 18  # of the tree below; a power of two
_CHUNK = 64  # cells that are coded at a time


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
def _node(tree: Tree, above: int, state: int) -> int:
    """The node for ``state`` under ``above``, made if it is new; -1 when the tree is full."""
    key = (np.int64(above) << 16 | np.int64(state)) + 1
    slot = (np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(46)
    while tree.keys[slot] != 0:
        if tree.keys[slot] == key:
            return tree.nodes[slot]
        slot = (slot + np.uint64(1)) & np.uint64(_SLOTS - 1)
    node = tree.size[0]
    if node == _MOST_CODES:
        return -1
    tree.size[0] = node + 1
    tree.keys[slot] = key
    tree.nodes[slot] = node
    tree.above[node] = above
    tree.state[node] = state
    return node


@compiled
def _code(raw: Raw, states: States, row: int, chunk: int, columns: int, scratch: Scratch, tree: Tree) -> bool:
    """Code a chunk of cells; False when the tree is full."""
    layers = raw.shape[0]
    first = chunk * _CHUNK
    node = -1
    last = scratch.state
    for column in range(first, min(first + _CHUNK, columns)):
        same = node >= 0
        for layer in range(layers):
            state = states[layer, raw[layer, row, column]]
            if state != last[layer]:
                same = False
                last[layer] = state
        if not same:
            node = 0
            for layer in range(layers):
                node = _node(tree, node, last[layer])
                if node < 0:
                    return False
        scratch.codes[row, column] = node
    scratch.ready[row, chunk] = True
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
    """Weigh ``plots`` from number ``start`` on; gives how many are done and how many rows are written.

    Stops early when another plot might not fit the output, so the caller empties it and goes on; a plot that
    is given up because the tree is full leaves -1 for the rows. ``row_cm2``: square centimetres of a whole cell at
    the left of each row; it grows by the part ``row_tilt`` of that from each column to the next.
    """
    rows, columns = raw.shape[1], raw.shape[2]
    words = (columns + 2 + 63) // 64
    written = 0
    for number in range(start, len(plots)):
        if written + tree.size[0] + 4096 > len(out_plot):
            return number, written
        plot = plots[number]
        first, last = leave_polygon(data, offsets[plot], frame, scratch.sums, scratch.marks, rows, columns)
        found = 0
        for row in range(first, last):
            cm2, tilt = row_cm2[row], row_tilt[row]
            run = 0.0
            done = 0
            for word in range(words):
                bits = scratch.marks[row, word]
                if bits == 0:
                    continue
                scratch.marks[row, word] = 0
                while bits != 0:
                    column = np.int64(word * 64) + np.int64(trailing_zeros(bits))
                    bits &= bits - np.uint64(1)
                    if run > _DUST and column > done:
                        found = _add(
                            raw, states, row, done, min(column, columns), run * cm2, tilt, scratch, tree, found
                        )
                        if found < 0:
                            return number, -1
                    run += scratch.sums[row, column]
                    scratch.sums[row, column] = 0.0
                    if run > _DUST and column < columns:
                        found = _add(raw, states, row, column, column + 1, run * cm2, tilt, scratch, tree, found)
                        if found < 0:
                            return number, -1
                    done = column + 1
            if run > _DUST and done < columns:
                found = _add(raw, states, row, done, columns, run * cm2, tilt, scratch, tree, found)
                if found < 0:
                    return number, -1
        for place in range(found):
            code = scratch.seen[place]
            out_plot[written] = plot
            out_code[written] = code
            out_cm2[written] = np.int64(np.rint(scratch.total[code]))
            scratch.total[code] = 0.0
            written += 1
    return len(plots), written


@compiled
def _add(
    raw: Raw,
    states: States,
    row: int,
    first: int,
    last: int,
    weight: float,
    tilt: float,
    scratch: Scratch,
    tree: Tree,
    found: int,
) -> int:
    """Add ``weight`` to the code of each cell from ``first`` to before ``last``; gives how many codes are seen."""
    for chunk in range(first // _CHUNK, (last - 1) // _CHUNK + 1):
        if not scratch.ready[row, chunk] and not _code(raw, states, row, chunk, raw.shape[2], scratch, tree):
            return -1
    codes, total = scratch.codes, scratch.total
    column = first
    while column < last:
        code = codes[row, column]
        begin = column
        column += 1
        while column < last and codes[row, column] == code:
            column += 1
        if total[code] == 0.0:
            scratch.seen[found] = code
            found += 1
        total[code] += weight * (column - begin) * (1.0 + tilt * (0.5 * (begin + column)))
    return found
