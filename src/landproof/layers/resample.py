"""Where the middles of a block's cells lie on another lattice."""

import numpy as np
import numpy.typing as npt

from landproof.layers.lattice import Block, Lattice
from landproof.layers.references import Reference

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_STEP = 32  # cells between points that are projected; between them a projection is as good as straight


def places(
    block: Block, lattice: Lattice, own: Reference, other: Lattice, there: Reference
) -> tuple[Whole, Whole]:
    """Row and column on ``other`` of the middle of every cell; arrays that broadcast to rows x columns."""
    x: Floats = lattice.left + (block.column + np.arange(block.columns, dtype=np.float64) + 0.5) * lattice.width
    y: Floats = lattice.top - (block.row + np.arange(block.rows, dtype=np.float64) + 0.5) * lattice.height
    if lattice.crs == other.crs:
        return _row(other, y)[:, None], _column(other, x)[None, :]
    across, down = _knots(block.columns), _knots(block.rows)
    left, top = (
        lattice.left + (block.column + 0.5) * lattice.width,
        lattice.top - (block.row + 0.5) * lattice.height,
    )
    knot_x, knot_y = np.meshgrid(left + across * lattice.width, top - down * lattice.height)
    far_x, far_y = there.from_plots(*own.to_plots(knot_x.ravel(), knot_y.ravel()))
    shape = knot_x.shape
    inner = (
        _between(far_x.reshape(shape), down, across, block),
        _between(far_y.reshape(shape), down, across, block),
    )
    return _row(other, inner[1]), _column(other, inner[0])


def _knots(count: int) -> Floats:
    return np.unique(np.append(np.arange(0, count, _STEP), count - 1)).astype(np.float64)


def _between(values: Floats, down: Floats, across: Floats, block: Block) -> Floats:
    """``values`` at the knots, in proportion at all cells."""
    row, up = _fractions(down, block.rows)
    column, along = _fractions(across, block.columns)
    left = values[row] * (1 - up[:, None]) + values[np.minimum(row + 1, len(down) - 1)] * up[:, None]
    return left[:, column] * (1 - along) + left[:, np.minimum(column + 1, len(across) - 1)] * along


def _fractions(knots: Floats, count: int) -> tuple[Whole, Floats]:
    cells = np.arange(count, dtype=np.float64)
    first = np.clip(np.searchsorted(knots, cells, side="right") - 1, 0, max(0, len(knots) - 2))
    length = np.diff(knots, append=knots[-1] + 1)[first]
    return first.astype(np.int64), (cells - knots[first]) / length


def _row(lattice: Lattice, y: Floats) -> Whole:
    return _whole((lattice.top - y) / lattice.height)


def _column(lattice: Lattice, x: Floats) -> Whole:
    return _whole((x - lattice.left) / lattice.width)


def _whole(places: Floats) -> Whole:
    """Cells; a place that a projection does not reach is far from every tile."""
    return np.where(np.isfinite(places), np.floor(places), -(2.0**40)).astype(np.int64)
