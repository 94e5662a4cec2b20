"""Grids of rasters: their reference system, their lines over a plot and the true size of their cells."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Proj, Transformer

from landproof.land.ellipsoid import band_areas, extent
from landproof.layers.tiles import Tile

Floats = npt.NDArray[np.float64]

_PLOTS_ARE_IN = CRS.from_epsg(4326)
_DENSE = 0.0005  # degrees, about 55 m: a straight edge on the map stays within a millimetre when projected
_SAME_LINE = 1e-6  # of a cell


@dataclass(slots=True, unsafe_hash=True)
class Reference:
    """A reference system of rasters, with ways into it and the size of its cells."""

    name: str
    _to: Any = field(init=False, hash=False, compare=False)
    _proj: Any = field(init=False, hash=False, compare=False)
    _unit: float = field(init=False, hash=False, compare=False)

    def __post_init__(self) -> None:
        system = CRS(self.name)
        same = system.is_geographic and system.equals(_PLOTS_ARE_IN, ignore_axis_order=True)
        self._to = None if same else Transformer.from_crs(_PLOTS_ARE_IN, system, always_xy=True)
        self._proj = None if system.is_geographic else Proj(system)
        self._unit = 1.0 if system.is_geographic else float(system.axis_info[0].unit_conversion_factor)

    def plot(self, plot: shapely.Geometry) -> shapely.Geometry | None:
        """``plot`` (longitude and latitude) in this system; null where the system does not reach."""
        if self._to is None:
            return plot
        projected = shapely.transform(shapely.segmentize(plot, _DENSE), self._forward)
        return projected if bool(np.isfinite(shapely.get_coordinates(projected)).all()) else None

    def _forward(self, points: Floats) -> Floats:
        return np.column_stack(self._to.transform(points[:, 0], points[:, 1]))

    def from_plots(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Longitude and latitude in this system."""
        return (x, y) if self._to is None else self._to.transform(x, y)

    def to_plots(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """This system's coordinates as longitude and latitude."""
        return (x, y) if self._to is None else self._to.transform(x, y, direction="INVERSE")

    def bounds_of(self, tile: Tile) -> tuple[float, float, float, float]:
        """West, south, east and north of a tile in degrees."""
        if self._to is None:
            return tile.bounds
        return self._to.transform_bounds(*tile.bounds, densify_pts=21, direction="INVERSE")

    def cell_m2(self, tile: Tile, latitude: float) -> float:
        """About the size of one cell in square metres: enough to tell fine from coarse."""
        if self._proj is None:
            half = tile.height / 2
            return float(band_areas(np.array([latitude - half, latitude + half]))[0]) * tile.width
        return tile.width * tile.height * self._unit**2

    def true_scale(self, x: Floats, y: Floats) -> Floats:
        """Square metres on the ellipsoid per unit of area in the plane, for each cell between the lines.

        Geographic systems: exact per row. Projected ones: the areal scale of the projection at the corners of
        the grid, and between them in proportion.
        """
        if self._proj is None:
            return (band_areas(y) / np.diff(y))[:, None] * np.ones(len(x) - 1)
        corners_x, corners_y = np.meshgrid(x[[0, -1]], y[[0, -1]])
        longitude, latitude = self.to_plots(corners_x.ravel(), corners_y.ravel())
        scale = np.asarray(self._proj.get_factors(longitude, latitude).areal_scale).reshape(2, 2)
        right, up = _fractions(x), _fractions(y)[:, None]
        low = scale[0, 0] * (1 - right) + scale[0, 1] * right
        high = scale[1, 0] * (1 - right) + scale[1, 1] * right
        return self._unit**2 / (low * (1 - up) + high * up)


def _fractions(lines: Floats) -> Floats:
    middle = (lines[:-1] + lines[1:]) / 2
    return (middle - lines[0]) / (lines[-1] - lines[0])


@dataclass(frozen=True)
class Grid:
    """The common refinement of the tiles' grids over a plot: within a cell each tile has one value."""

    x: Floats
    y: Floats

    @cached_property
    def middle_x(self) -> Floats:
        """Middles of the columns."""
        return (self.x[:-1] + self.x[1:]) / 2

    @cached_property
    def middle_y(self) -> Floats:
        """Middles of the rows."""
        return (self.y[:-1] + self.y[1:]) / 2


def refine(plot: shapely.Geometry, tiles: Iterable[Tile], parts: int) -> Grid:
    """Lines of all ``tiles`` over the extent of ``plot``, each interval cut into ``parts``."""
    left, bottom, right, top = extent(plot)
    found = list({(tile.bounds, tile.width, tile.height): tile for tile in tiles}.values())
    across = [_lines(tile.left, tile.width, tile.columns, left, right) for tile in found]
    upward = [_lines(tile.bounds[1], tile.height, tile.rows, bottom, top) for tile in found]
    return Grid(
        _merge(across, left, right, min(tile.width for tile in found), parts),
        _merge(upward, bottom, top, min(tile.height for tile in found), parts),
    )


def _lines(start: float, step: float, count: int, low: float, high: float) -> Floats:
    first = max(0, int(np.floor((low - start) / step)))
    last = min(count, int(np.ceil((high - start) / step)))
    return start + step * np.arange(first, last + 1, dtype=np.float64)


def _merge(lines: list[Floats], low: float, high: float, step: float, parts: int) -> Floats:
    slack = step * _SAME_LINE
    inner = np.sort(np.concatenate(lines))
    inner = inner[(inner > low + slack) & (inner < high - slack)]
    kept = inner[np.diff(inner, prepend=-np.inf) > slack]
    merged: Floats = np.concatenate([[low], kept, [high]]).astype(np.float64)
    if parts == 1:
        return merged
    places = np.arange((len(merged) - 1) * parts + 1, dtype=np.float64) / parts
    return np.interp(places, np.arange(len(merged), dtype=np.float64), merged).astype(np.float64)
