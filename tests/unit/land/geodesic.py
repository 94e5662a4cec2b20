"""Areas by the geodesics of PROJ, which share nothing with the kernels: what those are held against."""

from typing import Any, cast

import shapely
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
DENSE = 0.001  # degrees: on pieces of 110 m, geodesics and straight lines differ by nanometres


def plot_area_m2(plot: shapely.Geometry) -> int:
    """Whole square metres of a polygon whose edges are straight in longitude and latitude (RFC 7946, 3.1.1)."""
    dense = shapely.segmentize(shapely.orient_polygons(plot), DENSE)
    area, _ = cast(Any, GEOD).geometry_area_perimeter(dense)
    return round(abs(area))
