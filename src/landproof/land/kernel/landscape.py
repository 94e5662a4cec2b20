"""Patches on the landscape: connected cells, before any plot clips them, and whether they are large enough."""

import numpy as np
import numpy.typing as npt

from landproof.compiled import compiled

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Parents = npt.NDArray[np.int32]


def in_small_patch(inside: Mask, unknown: Mask, row_cm2: Floats, least_cm2: float) -> Mask:
    """Which cells (rows x columns) are in a patch of ``inside`` cells that covers less than ``least_cm2``.

    Cells that touch, also at a corner, are one patch. A patch that touches an ``unknown`` cell or the border of
    the window may go on, and is never small: so the window must reach beyond the cells that are asked about by as
    many cells as make ``least_cm2``. ``row_cm2``: square centimetres of a cell of each row.
    """
    small = np.zeros(inside.shape, dtype=np.bool_)
    parents = np.arange(inside.size, dtype=np.int32)
    _join(inside, parents)
    _mark_small(inside, unknown, row_cm2, least_cm2, parents, np.zeros(inside.size), small)
    return small


@compiled
def _root(parents: Parents, cell: int) -> int:
    while parents[cell] != cell:
        parents[cell] = parents[parents[cell]]
        cell = parents[cell]
    return cell


@compiled
def _join(inside: Mask, parents: Parents) -> None:
    rows, columns = inside.shape
    for row in range(rows):
        for column in range(columns):
            if not inside[row, column]:
                continue
            cell = row * columns + column
            root = np.int64(cell)
            if column > 0 and inside[row, column - 1]:
                root = _root(parents, cell - 1)
                parents[cell] = root
            if row == 0:
                continue
            for beside in range(max(0, column - 1), min(columns, column + 2)):
                if inside[row - 1, beside]:
                    other = _root(parents, cell - columns + beside - column)
                    if other < root:
                        parents[root] = other
                        root = other
                    else:
                        parents[other] = root


@compiled
def _mark_small(
    inside: Mask,
    unknown: Mask,
    row_cm2: Floats,
    least_cm2: float,
    parents: Parents,
    size: Floats,
    small: Mask,
) -> None:
    rows, columns = inside.shape
    for row in range(rows):
        for column in range(columns):
            if not inside[row, column]:
                continue
            root = _root(parents, row * columns + column)
            size[root] += row_cm2[row]
            open_ended = row == 0 or column == 0 or row == rows - 1 or column == columns - 1
            if not open_ended:
                for down in range(row - 1, row + 2):
                    for along in range(column - 1, column + 2):
                        open_ended = open_ended or unknown[down, along]
            if open_ended:
                size[root] += least_cm2
    for row in range(rows):
        for column in range(columns):
            if inside[row, column]:
                small[row, column] = size[_root(parents, row * columns + column)] < least_cm2
