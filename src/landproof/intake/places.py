"""Whether a plot can lie in the country that is stated for it, by boxes around countries."""

import shapely

from landproof.land.ellipsoid import extent
from landproof.screening.country_boxes import BOXES


def may_lie_in(country: str, shape: shapely.Geometry) -> bool:
    """Whether the middle of ``shape`` is near enough to ``country``; true where its boxes are not known."""
    x, y = _middle(shape)
    return country not in BOXES or _near(country, x, y)


def swapped(country: str, shape: shapely.Geometry) -> bool:
    """Whether ``shape`` would lie in ``country`` if its longitudes were its latitudes."""
    x, y = _middle(shape)
    return _near(country, y, x)


def _middle(shape: shapely.Geometry) -> tuple[float, float]:
    west, south, east, north = extent(shape)
    return (west + east) / 2, (south + north) / 2


def _near(country: str, x: float, y: float) -> bool:
    return any(west <= x <= east and south <= y <= north for west, south, east, north in BOXES.get(country, ()))
