"""Weighs polygons on a small raster held in memory, cell by cell."""

import numpy as np
import numpy.typing as npt
import shapely

from landproof.land.kernel.weigh import new_scratch, new_tree, weigh
from landproof.land.kernel.wkb import pack

Floats = npt.NDArray[np.float64]
CM2 = 1_000_000_000  # of a cell here: nine digits of a coverage


def coverage(plot: shapely.Geometry, rows: int, columns: int, *, order: int = 1) -> Floats:
    """How much of each cell (rows x columns, cell (0, 0) above x 0 to 1 and below y = rows) ``plot`` covers.

    Each cell has a class of its own, so its weight is its coverage.
    """
    raw = np.arange(rows * columns, dtype=np.uint16).reshape(1, rows, columns)
    states = np.arange(1 << 16, dtype=np.uint16)[None, :]
    shapes = pack([shapely.to_wkb(plot, byte_order=order, output_dimension=2)])
    scratch, tree = new_scratch(rows, columns, 1), new_tree()
    size = 2 * rows * columns + 10_000
    out_plot, out_code, out_cm2 = np.zeros(size, np.int64), np.zeros(size, np.int32), np.zeros(size, np.int64)
    frame = np.array([0.0, rows, 1.0, 1.0])
    done, written = weigh(
        shapes.data, shapes.offsets, np.zeros(1, np.int64), frame, np.full(rows, float(CM2)), np.zeros(rows), raw,
        states, scratch, tree, out_plot, out_code, out_cm2, 0,
    )  # fmt: skip
    assert done == 1
    assert not scratch.sums.any()  # left clean for the next plot
    assert not scratch.marks.any()
    assert not scratch.total.any()
    found = np.zeros(rows * columns)
    found[tree.state[out_code[:written]]] = out_cm2[:written] / CM2
    return found.reshape(rows, columns)
