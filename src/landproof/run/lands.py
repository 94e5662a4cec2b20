"""The land that plots stand for, and how far off its outline may be."""

from decimal import Decimal
from typing import Any, TypeAlias, cast

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely as _untyped

from landproof.land.ellipsoid import footprint
from landproof.land.thresholds import Thresholds

shapely = cast(Any, _untyped)
Floats = npt.NDArray[np.float64]
Shapes: TypeAlias = npt.NDArray[np.object_]

_POINTS, _OUTLINES = (0, 4), (3, 6)  # points and polygons, as shapely numbers them


def geometries_of(plots: pl.DataFrame) -> Shapes:
    """The geometries of ``plots``, null where there is none or none can be read."""
    binaries = np.array([None, *plots["geometry"].to_list()], dtype=object)[1:]
    return shapely.from_wkb(binaries, on_invalid="ignore")


def lands_of(plots: pl.DataFrame) -> Shapes:
    """The land of each plot; null for a missing, broken or empty geometry, which intake refuses anyway.

    An outline is its land, and a point a disc of its declared area around it.
    """
    found = geometries_of(plots)
    bounds: Floats = shapely.bounds(found)
    with np.errstate(invalid="ignore"):
        on_earth = ((bounds >= [-180, -90, -180, -90]) & (bounds <= [180, 90, 180, 90])).all(axis=1)
    kinds = shapely.get_type_id(found)
    usable = on_earth & np.isin(kinds, (*_POINTS, *_OUTLINES)) & shapely.is_valid(found)
    found[~usable] = None
    areas = plots["area_ha"].to_list()
    for number in np.nonzero(usable & np.isin(kinds, _POINTS))[0].tolist():
        land = footprint(found[number], cast(Decimal | None, areas[number]))
        found[number] = land if shapely.get_type_id(land) in _OUTLINES else None
    return found


def sigmas_of(plots: pl.DataFrame, thresholds: Thresholds) -> Floats:
    """The standard error of each outline in metres, that of the layers included."""
    errors = [thresholds.sigma_m(way) for way in plots["located_by"].to_list()]
    return np.array(errors, dtype=np.float64)
