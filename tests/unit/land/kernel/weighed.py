"""Weighs polygons on a small raster held in memory, cell by cell."""

import numpy as np
import numpy.typing as npt
import shapely

from landproof.land.kernel.planes import CELLS, Planes, new_table
from landproof.land.kernel.weigh import new_scratch, weigh
from landproof.land.kernel.wkb import pack

Floats = npt.NDArray[np.float64]
CM2 = 1_000_000_000  # of a cell here: nine digits of a coverage


def coverage(plot: shapely.Geometry, rows: int, columns: int, *, order: int = 1) -> Floats:
    """How much of each cell (rows x columns, cell (0, 0) above x 0 to 1 and below y = rows) ``plot`` covers.

    Each cell has a class of its own, so its weight is its coverage.
    """
    raw = np.arange(rows * columns, dtype=np.uint16).reshape(1, rows, columns)
    words = -(-columns // CELLS)
    planes = Planes(
        np.zeros((rows, 16, words), np.uint64),
        np.zeros((rows, words), np.bool_),
        raw,
        np.arange(1 << 16, dtype=np.uint16)[None, :],
        np.zeros(1, np.int64),
        np.full(1, 16),
        np.zeros(2, np.int64),
        np.zeros(CELLS, np.uint8),
        np.zeros(CELLS, np.uint8),
    )
    table = new_table()
    shapes = pack([shapely.to_wkb(plot, byte_order=order, output_dimension=2)])
    scratch = new_scratch(rows, columns)
    out_plot, out_place, out_cm2 = (
        np.zeros(1 << 17, np.int64),
        np.zeros(1 << 17, np.int64),
        np.zeros(1 << 17, np.int64),
    )
    frame = np.array([0.0, rows, 1.0, 1.0])
    done, written, lacking = weigh(
        shapes.data, shapes.offsets, shapes.bounds, np.zeros(1, np.int64), frame, np.full(rows, float(CM2)),
        np.zeros(rows), columns, planes, table, scratch, out_plot, out_place, out_cm2, 0,
    )  # fmt: skip
    assert (done, lacking) == (1, False)
    assert not scratch.sums.any()  # left clean for the next plot
    assert not scratch.marks.any()
    assert not table.total.any()
    found = np.zeros(rows * columns)
    found[table.keys[out_place[:written]].astype(np.int64) - 1] = out_cm2[:written] / CM2
    return found.reshape(rows, columns)
