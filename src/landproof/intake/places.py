"""Whether a plot can lie in the country that is stated for it.

`country_boxes.csv` holds, per ISO code, boxes of degrees around each part of a country: the extents of its
polygons in Natural Earth 1:10m (public domain, by way of world-atlas 2.0.2), those less than a degree apart put
together, and widened to tenths. A territory with a code of its own is also within its parent. A box is no border,
so only what is clearly elsewhere is found: swapped axes, a lost sign, another country.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import shapely

from landproof.land.ellipsoid import extent

MARGIN: Final = 0.5  # degrees around a box, for coasts and islands that a small map leaves out
Box = tuple[float, float, float, float]


@cache
def boxes() -> Mapping[str, tuple[Box, ...]]:
    """West, south, east and north of each part of a country, by its code."""
    found: dict[str, list[Box]] = {}
    lines = (files("landproof.intake") / "country_boxes.csv").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        code, *sides = line.split(",")
        west, south, east, north = map(float, sides)
        found.setdefault(code, []).append((west, south, east, north))
    return {code: tuple(parts) for code, parts in found.items()}


def may_lie_in(country: str, shape: shapely.Geometry) -> bool:
    """Whether the middle of ``shape`` is near enough to ``country``; true where its boxes are not known."""
    x, y = _middle(shape)
    return country not in boxes() or _near(country, x, y)


def swapped(country: str, shape: shapely.Geometry) -> bool:
    """Whether ``shape`` would lie in ``country`` if its longitudes were its latitudes."""
    x, y = _middle(shape)
    return _near(country, y, x)


def _middle(shape: shapely.Geometry) -> tuple[float, float]:
    west, south, east, north = extent(shape)
    return (west + east) / 2, (south + north) / 2


def _near(country: str, x: float, y: float) -> bool:
    return any(
        west - MARGIN <= x <= east + MARGIN and south - MARGIN <= y <= north + MARGIN
        for west, south, east, north in boxes().get(country, ())
    )
