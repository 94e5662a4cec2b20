"""Extents of plots, and the discs that points stand for, on the WGS 84 ellipsoid."""

import math
from decimal import Decimal
from typing import Any, cast

import numpy as np
import shapely
from pyproj import Geod

_GEOD = Geod(ellps="WGS84")
DISC_HECTARES = Decimal(4)  # a point without an area stands for 4 ha (EUDR GeoJSON File Description, point area)
_DISC_CORNERS = 64
_HALF_WAY_ROUND = 180.0  # degrees


def extent(plot: shapely.Geometry) -> tuple[float, float, float, float]:
    """West, south, east and north (or left, bottom, right and top) of a geometry."""
    west, south, east, north = cast(Any, shapely).bounds(plot).tolist()
    return west, south, east, north


def is_too_wide(plot: shapely.Geometry) -> bool:
    """Whether a geometry spans more than 180 degrees, other than by lying on both sides of the date line.

    One that crosses it is cut there into parts (RFC 7946, 3.1.9), which lie beside one another as the globe turns.
    """
    west, _, east, _ = extent(plot)
    if east - west <= _HALF_WAY_ROUND:
        return False
    lefts, rights = cast(Any, shapely).bounds(shapely.get_parts(plot)).T[[0, 2]]
    turned = np.where(lefts < 0, 360.0, 0.0)
    whole = float((rights + turned).max() - (lefts + turned).min())
    return max(whole, float((rights - lefts).max())) > _HALF_WAY_ROUND


def disc(point: shapely.Point, hectares: Decimal) -> shapely.Polygon:
    """A disc of ``hectares`` around ``point``, as a polygon of 64 corners with that very area."""
    corner = 2 * math.pi / _DISC_CORNERS
    radius = math.sqrt(float(hectares) * 10_000 / (_DISC_CORNERS * math.sin(corner) / 2))
    azimuths = np.arange(_DISC_CORNERS) * (-360 / _DISC_CORNERS)
    same = np.ones(_DISC_CORNERS)
    longitudes, latitudes, _ = _GEOD.fwd(same * point.x, same * point.y, azimuths, same * radius)
    return shapely.Polygon(np.column_stack([longitudes, latitudes]))


def footprint(plot: shapely.Geometry, declared_ha: Decimal | None) -> shapely.Geometry:
    """The land that a plot stands for: its outline, or a disc around each of its points.

    The disc has the declared area, or 4 ha (a radius of 113 m) where none is declared.
    """
    if not isinstance(plot, (shapely.Point, shapely.MultiPoint)):
        return plot
    hectares = declared_ha if declared_ha is not None and declared_ha > 0 else DISC_HECTARES
    discs = [disc(point, hectares) for point in shapely.get_parts(plot)]
    return discs[0] if len(discs) == 1 else shapely.union_all(discs)
