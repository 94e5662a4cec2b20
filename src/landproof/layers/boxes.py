"""Boxes of longitude and latitude around plots, cut at the antimeridian."""

from collections.abc import Sequence
from typing import Any, TypeAlias, cast

import numpy as np
import numpy.typing as npt
import shapely as _untyped

from landproof.layers.grids import Box

shapely = cast(Any, _untyped)
Floats = npt.NDArray[np.float64]
Whole: TypeAlias = npt.NDArray[np.int64]

_METRES_PER_DEGREE = 110_500.0  # at least; a little more land than needed does no harm


def boxes_round(lands: Sequence[_untyped.Geometry | None], metres: float) -> tuple[Whole, Floats]:
    """A box (west, south, east, north) for each part of each of ``lands``, grown by ``metres``.

    The first array has the place among ``lands`` of the land that the box belongs to. What hangs over the
    antimeridian is a further box on the other side. Land that is missing or empty has no box.
    """
    parts, owners = shapely.get_parts(np.array(lands, dtype=object), return_index=True)
    return grown(shapely.bounds(parts), metres, owners)


def grown(bounds: Floats, metres: float | Floats, owners: Whole | None = None) -> tuple[Whole, Floats]:
    """Boxes (n x west, south, east, north) grown by ``metres``, with the number of the box that each came from.

    ``owners``: other numbers instead. Boxes that are not finite are left out.
    """
    numbers = np.arange(len(bounds), dtype=np.int64) if owners is None else owners.astype(np.int64)
    finite = np.isfinite(bounds).all(axis=1)
    margins = np.broadcast_to(np.asarray(metres, dtype=np.float64), len(bounds))[finite]
    bounds, numbers = bounds[finite], numbers[finite]
    up = margins / _METRES_PER_DEGREE
    farthest = np.minimum(np.abs(bounds[:, [1, 3]]).max(axis=1) + up, 89.9)
    along = np.minimum(up / np.cos(np.radians(farthest)), 360.0)
    wide = bounds + np.column_stack([-along, -up, along, up])
    wide[:, [1, 3]] = np.clip(wide[:, [1, 3]], -90, 90)
    west, east = wide[:, 0] < -180, wide[:, 2] > 180
    inside = np.clip(wide, [-180, -90, -180, -90], [180, 90, 180, 90])
    boxes = np.vstack([inside, _shifted(wide[west], 360.0), _shifted(wide[east], -360.0)])
    return np.concatenate([numbers, numbers[west], numbers[east]]), boxes


def _shifted(boxes: Floats, degrees: float) -> Floats:
    """What hangs over the antimeridian, seen from the other side."""
    moved = boxes + np.array([degrees, 0, degrees, 0])
    return np.clip(moved, [-180, -90, -180, -90], [180, 90, 180, 90])


def touching(boxes: Floats, box: Box) -> npt.NDArray[np.bool_]:
    """Which of ``boxes`` touch ``box``, whose west is more than its east across the antimeridian."""
    west, south, east, north = box
    beside = (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
    if west > east:
        beside = (boxes[:, 0] <= east) | (boxes[:, 2] >= west)
    return beside & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)


def touches(boxes: Floats, box: Box) -> bool:
    """Whether any of ``boxes`` touches ``box``."""
    return bool(touching(boxes, box).any())
