from decimal import Decimal

import numpy as np
import pytest
import shapely

from landproof.land.ellipsoid import footprint
from landproof.land.kernel.ellipsoid import band_areas
from tests.unit.land.geodesic import GEOD, plot_area_m2

# Length of the meridian and surface of the ellipsoid WGS 84, from its definition.
SURFACE_KM2 = 510_065_621.724


def test_all_bands_make_the_surface_of_the_earth():
    square_metres = band_areas(np.linspace(-90, 90, 181)).sum() * 360

    assert square_metres / 1e6 == pytest.approx(SURFACE_KM2, rel=1e-11)


def test_a_cell_of_thirty_metres_is_769_m2_at_the_equator_and_389_at_60_degrees():
    step = 0.00025

    assert round(float(band_areas(np.array([0, step]))[0] * step)) == 769
    assert round(float(band_areas(np.array([60, 60 + step]))[0] * step)) == 389


@pytest.mark.parametrize("south", [-90, -61, -1, 0, 44, 89])
def test_a_band_has_the_area_that_geodesics_find(south: int):
    [area] = band_areas(np.array([south, south + 1]))

    assert round(float(area)) == plot_area_m2(shapely.box(20, south, 21, south + 1))


def test_a_point_without_an_area_stands_for_a_disc_of_four_hectares():
    land = footprint(shapely.Point(20, 5), None)
    reaches = [GEOD.inv(20, 5, x, y)[2] for x, y in shapely.get_coordinates(land)]

    assert plot_area_m2(land) == 40_000
    assert min(reaches) == pytest.approx(max(reaches))
    assert 112.8 < max(reaches) < 113  # a radius of 112.84 m, and a little for the corners


@pytest.mark.parametrize(("declared", "square_metres"), [("0.5", 5_000), ("12.25", 122_500), ("0", 40_000)])
def test_a_point_with_an_area_stands_for_a_disc_of_it(declared: str, square_metres: int):
    assert plot_area_m2(footprint(shapely.Point(-60, -60), Decimal(declared))) == square_metres


def test_several_points_far_apart_are_discs_of_their_own():
    land = footprint(shapely.MultiPoint([(10, 1), (11, 1)]), Decimal(1))

    assert plot_area_m2(land) == 20_000


def test_an_outline_stands_for_itself():
    plot = shapely.box(10, 50, 10.01, 50.01)

    assert footprint(plot, Decimal(3)) is plot
