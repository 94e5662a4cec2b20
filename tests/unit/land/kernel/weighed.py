"""Weighs polygons on a small raster held in memory, cell by cell."""

import numpy as np
import numpy.typing as npt
import shapely

from landproof.land.kernel.planes import CELLS, Coding, Planes
from landproof.land.kernel.weigh import new_scratch, weigh
from landproof.land.kernel.wkb import pack

Floats = npt.NDArray[np.float64]
CM2 = 1_000_000_000  # of a cell here: nine digits of a coverage


def coverage(plot: shapely.Geometry, rows: int, columns: int, *, order: int = 1) -> Floats:
    """How much of each cell (rows x columns, cell (0, 0) above x 0 to 1 and below y = rows) ``plot`` covers.

    Each cell has a class of its own, so its weight is its coverage.
    """
    raw = np.arange(rows * columns, dtype=np.uint16).reshape(1, rows, columns)
    coding = Coding(
        (np.arange(1 << 16, dtype=np.uint16) + 1)[None, :],
        np.arange(-1, 1 << 16, dtype=np.int32),
        np.zeros(1, np.int64),
        np.full(1, 1 << 16),
        np.zeros(4, np.int64),
        np.zeros(CELLS, np.int32),
        np.zeros(8, np.uint64),
        np.zeros(8, np.uint64),
    )
    words = -(-columns // CELLS)
    planes = Planes(np.zeros((rows, words, 16), np.uint64), np.zeros((rows, words), np.bool_))
    shapes = pack([shapely.to_wkb(plot, byte_order=order, output_dimension=2)])
    scratch = new_scratch(rows, columns)
    out_plot, out_code, out_cm2 = np.zeros(1 << 17, np.int64), np.zeros(1 << 17, np.int32), np.zeros(1 << 17, np.int64)
    frame = np.array([0.0, rows, 1.0, 1.0])
    done, written, lacking = weigh(
        shapes.data, shapes.offsets, np.zeros(1, np.int64), frame, np.full(rows, float(CM2)), np.zeros(rows), raw,
        coding, planes, scratch, out_plot, out_code, out_cm2, 0, columns,
    )  # fmt: skip
    assert (done, lacking) == (1, False)
    assert not scratch.sums.any()  # left clean for the next plot
    assert not scratch.marks.any()
    assert not scratch.total.any()
    found = np.zeros(rows * columns)
    found[out_code[:written]] = out_cm2[:written] / CM2
    return found.reshape(rows, columns)
