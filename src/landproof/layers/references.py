"""Reference systems of rasters: plots brought into them, and the true size of their cells."""

import warnings
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Proj, Transformer

from landproof.land.kernel.ellipsoid import band_areas, cosine
from landproof.land.kernel.wkb import Shapes, pack
from landproof.layers.lattice import Block, Lattice

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_PLOTS_ARE_IN = CRS.from_epsg(4326)
_DENSE = 0.0005  # degrees, about 55 m: a straight edge on the map stays within a millimetre when projected
_CM2 = 10_000
_METRES_PER_DEGREE = 110_574.0  # of latitude at the equator, the least
_STRETCH = 1.1  # no projection in use for maps shortens more
_shapely = cast(Any, shapely)  # it has no types


@dataclass(slots=True)
class Reference:
    """A reference system, with ways into it and out of it."""

    name: str
    _to: Any = field(init=False)
    _proj: Any = field(init=False)
    _unit: float = field(init=False)

    def __post_init__(self) -> None:
        system = CRS(self.name)
        same = system.is_geographic and system.equals(_PLOTS_ARE_IN, ignore_axis_order=True)
        self._to = None if same else Transformer.from_crs(_PLOTS_ARE_IN, system, always_xy=True)
        self._proj = None if system.is_geographic else Proj(system)
        self._unit = 1.0 if system.is_geographic else float(system.axis_info[0].unit_conversion_factor)

    @property
    def is_geographic(self) -> bool:
        """Cells are in degrees."""
        return self._proj is None

    def shapes(self, shapes: Shapes, near: Whole) -> Shapes:
        """Polygons in longitude and latitude brought here; all but those ``near`` come out empty.

        So do those that the system does not reach.
        """
        if self._to is None:
            return shapes
        binaries = shapes.binaries()
        plots = _shapely.segmentize(_shapely.from_wkb([binaries[number] for number in near.tolist()]), _DENSE)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # places that a projection does not reach are infinite
            there = _shapely.transform(plots, self._forward)
        bounds = _shapely.bounds(there)
        there[~np.isfinite(bounds).all(axis=1)] = shapely.Polygon()
        everything = np.full(len(shapes.bounds), shapely.Polygon(), dtype=object)
        everything[near] = there
        return pack(_shapely.to_wkb(everything, output_dimension=2).tolist())

    def _forward(self, points: Floats) -> Floats:
        return np.column_stack(self._to.transform(points[:, 0], points[:, 1]))

    def from_plots(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Longitude and latitude in this system."""
        return (x, y) if self._to is None else self._to.transform(x, y)

    def to_plots(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """This system's coordinates as longitude and latitude."""
        return (x, y) if self._to is None else self._to.transform(x, y, direction="INVERSE")

    def extent(self, lattice: Lattice) -> tuple[float, float, float, float]:
        """West, south, east and north of all tiles in degrees; west is more than east across the date line."""
        rows, columns = lattice.rows[1:-1], lattice.columns[1:-1]
        left, right = (lattice.left + columns[[0, -1]] * lattice.width).tolist()
        top, bottom = (lattice.top - rows[[0, -1]] * lattice.height).tolist()
        if self._to is None:
            return left, bottom, right, top
        return self._to.transform_bounds(left, bottom, right, top, densify_pts=21, direction="INVERSE")

    def reach(self, bounds: Floats, metres: Floats) -> Floats:
        """``bounds`` (n x left, bottom, right, top, in this system) grown by ``metres`` on every side."""
        if self._proj is None:
            up = metres / _METRES_PER_DEGREE
            farthest = np.minimum(np.maximum(np.abs(bounds[:, 1]), np.abs(bounds[:, 3])) + up, 89.0)
            along = up / cosine(farthest)
        else:
            up = along = metres / self._unit * _STRETCH
        return bounds + np.column_stack([-along, -up, along, up])

    def cell_m2(self, lattice: Lattice) -> float:
        """About the size of a cell, to tell fine from coarse: in degrees, that at the equator."""
        if self._proj is None:
            return lattice.width * lattice.height * 111_320.0**2
        return lattice.width * lattice.height * self._unit**2

    def cells_cm2(self, lattice: Lattice, block: Block) -> tuple[Floats, Floats]:
        """Square centimetres of the cells of ``block`` on the ellipsoid, per row.

        The first array has the area at the left border of the block, the second the part of it by which the
        area grows from column to column. Geographic systems: exact per row. Projected ones: the areal scale at the
        corners of the block, and between them in proportion.
        """
        rows = np.arange(block.row, block.row + block.rows + 1, dtype=np.float64)
        top: Floats = lattice.top - rows * lattice.height
        if self._proj is None:
            areas = -band_areas(top) * lattice.width
            return areas * _CM2, np.zeros(block.rows)
        left = lattice.left + block.column * lattice.width
        right = left + block.columns * lattice.width
        x, y = np.array([left, right, left, right]), np.array([top[0], top[0], top[-1], top[-1]])
        scale = np.asarray(self._proj.get_factors(*self.to_plots(x, y)).areal_scale).reshape(2, 2)
        down = (np.arange(block.rows) + 0.5) / block.rows
        at_left, at_right = (
            lattice.width * lattice.height * self._unit**2 / (scale[0, side] * (1 - down) + scale[1, side] * down)
            for side in (0, 1)
        )
        return at_left * _CM2, (at_right / at_left - 1) / block.columns
