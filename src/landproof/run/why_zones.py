"""Core, edge and fringe of one plot in whole square metres."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import shapely

from landproof.land.kernel.area import areas_m2
from landproof.land.kernel.wkb import pack
from landproof.land.thresholds import Thresholds
from landproof.land.zones import grown

_shapely = cast(Any, shapely)  # it has no types


@dataclass(frozen=True, slots=True)
class Zones:
    """Areas on the ellipsoid, rounded to whole square metres. ``ring``: the land of the fringe."""

    core_m2: int
    edge_m2: int
    fringe_m2: int
    ring: shapely.Geometry


def zones_of(land: shapely.Geometry, sigma: float, thresholds: Thresholds) -> Zones:
    """The zones of a valid polygon whose outline has a standard error of ``sigma`` metres."""
    core = grown([land], np.array([-sigma]))[0]
    outer = grown([land], np.array([sigma * thresholds.fringe_sigmas]))[0]
    ring: shapely.Geometry = _shapely.difference(outer, land)
    shapes = [core if not core.is_empty else shapely.Polygon(), land, _polygons(ring)]
    inner, whole, around = (
        0
        if _shapely.is_empty(each)
        else round(float(areas_m2(pack([_shapely.to_wkb(each, output_dimension=2)]))[0]))
        for each in shapes
    )
    return Zones(inner, whole - inner, around, shapes[2])


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """The polygons of ``shape`` alone: a difference may leave lines."""
    parts = [each for each in _shapely.get_parts(shape) if each.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)
