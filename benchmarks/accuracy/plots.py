"""Random plots of a set size: rotated rectangles and irregular polygons, the same every time."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import shapely

from landproof.land.kernel.area import areas_m2
from landproof.land.kernel.ellipsoid import cosine
from landproof.land.kernel.wkb import pack

_shapely = cast(Any, shapely)
Floats = npt.NDArray[np.float64]
Polygons = npt.NDArray[np.object_]

METRES_PER_DEGREE = 111_320.0
# Drawn 0.2 % larger than their name says: a plot of 0.5 ha can then hold 0.5 ha felled.
_LARGER = 1.002
_CORNERS = 12
_LONGEST = 3.0  # of a rectangle, in its shorter sides


@dataclass(frozen=True, slots=True)
class Plots:
    """``true`` outlines, and ``given`` ones as somebody drew them: the same, or moved by an error of position."""

    true: Polygons
    given: Polygons

    def __len__(self) -> int:
        return len(self.true)

    def of(self, numbers: npt.NDArray[np.integer[Any]]) -> "Plots":
        """Some of them."""
        return Plots(self.true[numbers], self.given[numbers])


@dataclass(frozen=True, slots=True)
class Place:
    """Where plots may lie, in degrees; ``margin_m`` is kept free around each outline, given and true."""

    west: float
    south: float
    east: float
    north: float
    margin_m: float

    def holds(self, plots: Polygons) -> npt.NDArray[np.bool_]:
        """Which of ``plots`` lie wholly inside, margin included."""
        bounds = _shapely.bounds(plots)
        y = self.margin_m / METRES_PER_DEGREE
        x = y / cosine(np.array([(self.south + self.north) / 2]))[0]
        return (
            (bounds[:, 0] >= self.west + x)
            & (bounds[:, 1] >= self.south + y)
            & (bounds[:, 2] <= self.east - x)
            & (bounds[:, 3] <= self.north - y)
        )


def random_plots(
    seed: tuple[int, ...], count: int, hectares: float, place: Place, *, error_m: float = 0.0
) -> Plots:
    """``count`` plots, their middles spread evenly over ``place``; every second one is a rectangle.

    ``error_m`` is the standard deviation of the move in each direction.
    """
    rng = np.random.default_rng(seed)
    true: list[Polygons] = []
    given: list[Polygons] = []
    found = 0
    while found < count:
        lots = 2 * count
        middles = np.column_stack(
            [rng.uniform(place.west, place.east, lots), rng.uniform(place.south, place.north, lots)]
        )
        drawn = outlines(rng, middles, hectares)
        moved = _moved(drawn, rng.normal(0.0, 1.0, (lots, 2)) * error_m)
        inside = place.holds(drawn) & place.holds(moved)
        true.append(drawn[inside])
        given.append(moved[inside])
        found += int(inside.sum())
    return Plots(np.concatenate(true)[:count], np.concatenate(given)[:count])


def outlines(rng: np.random.Generator, middles: Floats, hectares: float) -> Polygons:
    """A plot around each of ``middles`` (longitude, latitude), turned at random and exactly of that size."""
    number = len(middles)
    turn = rng.uniform(0, 2 * np.pi, number)
    half = rng.uniform(1.0, _LONGEST, number) / 2
    angles = np.sort(rng.uniform(0, 2 * np.pi, (number, _CORNERS)), axis=1)
    reach = rng.uniform(0.5, 1.5, (number, _CORNERS))
    short = np.full(number, 0.5)
    rectangles = np.stack([(-half, -short), (half, -short), (half, short), (-half, short)]).transpose(2, 0, 1)
    shapes = np.empty(number, dtype=object)
    for corners, mine in ((rectangles, slice(0, None, 2)), (_stars(angles, reach), slice(1, None, 2))):
        shapes[mine] = _shapely.polygons(_placed(corners[mine], turn[mine], middles[mine], hectares))
    return _sized(shapes, middles, hectares * 10_000 * _LARGER)


def _stars(angles: Floats, reach: Floats) -> Floats:
    """Corners around a middle that sees them all; even where a gap of half a turn would leave it outside."""
    gaps = np.diff(angles, axis=1, append=angles[:, :1] + 2 * np.pi)
    even = (gaps.max(axis=1) > 0.9 * np.pi) | (gaps.min(axis=1) < 0.02)
    angles = np.where(even[:, None], np.arange(_CORNERS) * 2 * np.pi / _CORNERS, angles)
    return np.stack([np.cos(angles), np.sin(angles)], axis=2) * reach[:, :, None]


def _placed(corners: Floats, turn: Floats, middles: Floats, hectares: float) -> Floats:
    """Turned, about as large as wanted, and in degrees around their middles."""
    sine, cosine_of_turn = np.sin(turn)[:, None], np.cos(turn)[:, None]
    x = corners[:, :, 0] * cosine_of_turn - corners[:, :, 1] * sine
    y = corners[:, :, 0] * sine + corners[:, :, 1] * cosine_of_turn
    area = np.abs((x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)).sum(axis=1)) / 2
    metres = np.stack([x, y], axis=2) * np.sqrt(hectares * 10_000 / area)[:, None, None]
    degree = cosine(middles[:, 1]) * METRES_PER_DEGREE
    return (
        middles[:, None, :] + metres / np.stack([degree, np.full_like(degree, METRES_PER_DEGREE)], axis=1)[:, None]
    )


def _sized(shapes: Polygons, middles: Floats, m2: float) -> Polygons:
    """Grown a little from their middles, so that their area on the ellipsoid is as wanted."""
    found = areas_m2(pack(_shapely.to_wkb(shapes).tolist()))
    points, number = _shapely.get_coordinates(shapes, return_index=True)
    factor = np.sqrt(m2 / found)[number, None]
    return _shapely.set_coordinates(shapes, middles[number] + (points - middles[number]) * factor)


def _moved(shapes: Polygons, metres: Floats) -> Polygons:
    points, number = _shapely.get_coordinates(shapes, return_index=True)
    scale = np.column_stack([cosine(points[:, 1]), np.ones(len(points))]) * METRES_PER_DEGREE
    return _shapely.set_coordinates(shapes.copy(), points + metres[number] / scale)
