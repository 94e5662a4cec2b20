"""How much of each cell of a grid a polygon covers: exactly, in the plane of the grid.

Every edge is cut at the grid lines, and each piece adds the area between itself and the left side of its
cell, and the whole width of the cells further left. A ring's pieces cancel outside the ring (the method of
font rasterisers). The grid lines need not be evenly spaced, so grids of several layers can be overlaid:
within one cell of their common refinement, every layer has one value.
"""

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]

_DUST = 1e-9  # of a cell: what rounding leaves where nothing is covered


def covered(polygon: shapely.Geometry, x: Floats, y: Floats) -> Floats:
    """Covered area of each cell, in squared units of the grid; rows follow ``y``, columns ``x``.

    ``x`` and ``y`` are the grid lines, ascending. Parts of the polygon outside the lines do not count.
    The polygon must be valid: rings that cross each other are counted twice.
    """
    columns, rows = len(x) - 1, len(y) - 1
    corner = np.array([x[0], y[0]])  # coordinates near zero keep their digits
    starts, ends = _edges(polygon, corner)
    start, end = _cut(starts, ends, x - corner[0], y - corner[1])
    middle = (start + end) / 2
    column = np.searchsorted(x - corner[0], middle[:, 0], side="right") - 1
    row = np.searchsorted(y - corner[1], middle[:, 1], side="right") - 1
    keep = (row >= 0) & (row < rows) & (column >= 0)
    column, row = np.minimum(column[keep], columns), row[keep]
    rise = (end[:, 1] - start[:, 1])[keep]
    left = np.append(x - corner[0], 0.0)[column]
    cell = row * (columns + 1) + column
    shape = (rows, columns + 1)
    inside = np.bincount(cell, rise * (middle[keep, 0] - left), minlength=rows * (columns + 1)).reshape(shape)
    crossing = np.bincount(cell, rise, minlength=rows * (columns + 1)).reshape(shape)
    further_right = np.cumsum(crossing[:, ::-1], axis=1)[:, ::-1][:, 1:]
    area = inside[:, :-1] + further_right * np.diff(x)
    whole = np.outer(np.diff(y), np.diff(x))
    area[area < whole * _DUST] = 0
    return np.minimum(area, whole)


def _edges(polygon: shapely.Geometry, corner: Floats) -> tuple[Floats, Floats]:
    """Start and end of every edge, outer rings counter-clockwise and holes clockwise."""
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(polygon)))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    points = points - corner
    joined = ring[:-1] == ring[1:]
    return points[:-1][joined], points[1:][joined]


def _cut(starts: Floats, ends: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The pieces of the edges between grid lines."""
    edges = np.arange(len(starts))
    at_x, cut_x = _crossings(starts[:, 0], ends[:, 0], x)
    at_y, cut_y = _crossings(starts[:, 1], ends[:, 1], y)
    edge = np.concatenate([edges, edges, at_x, at_y])
    along = np.concatenate([np.zeros(len(edges)), np.ones(len(edges)), cut_x, cut_y])
    order = np.lexsort((along, edge))
    edge, along = edge[order], along[order]
    points = starts[edge] + along[:, None] * (ends - starts)[edge]
    same = edge[:-1] == edge[1:]
    return points[:-1][same], points[1:][same]


def _crossings(start: Floats, end: Floats, lines: Floats) -> tuple[Whole, Floats]:
    """Which edges cross which lines, and where along the edge (0 to 1)."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    first = np.searchsorted(lines, low, side="right")
    count = np.maximum(np.searchsorted(lines, high, side="left") - first, 0)
    edge = np.repeat(np.arange(len(start)), count)
    step = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    line = lines[first[edge] + step]
    return edge, (line - start[edge]) / (end - start)[edge]
