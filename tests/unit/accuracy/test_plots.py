"""The random plots: as large as they are called, inside, and the same every time."""

import numpy as np
import pytest
import shapely
from benchmarks.accuracy.plots import METRES_PER_DEGREE, Place, random_plots

from tests.unit.land.geodesic import plot_area_m2

PLACE = Place(20.0, -0.1, 20.1, 0.0, margin_m=110.0)
SEED = (1, 2)


@pytest.mark.parametrize(("hectares", "m2"), [(0.5, 5_010), (4.0, 40_080), (100.0, 1_002_000)])
def test_plots_are_a_little_larger_than_their_name(hectares: float, m2: int):
    plots = random_plots(SEED, 20, hectares, PLACE)

    assert {plot_area_m2(plot) for plot in plots.true} == {m2}
    assert all(shapely.is_valid(plot) for plot in plots.true)


def test_every_second_plot_is_a_rectangle():
    corners = {len(plot.exterior.coords) - 1 for plot in random_plots(SEED, 50, 4.0, PLACE).true}

    assert corners == {4, 12}


def test_plots_lie_inside_with_their_margin():
    margin = 110.0 / METRES_PER_DEGREE
    inner = shapely.box(20.0 + margin, -0.1 + margin, 20.1 - margin, -margin)
    plots = random_plots(SEED, 100, 4.0, PLACE, error_m=50.0)

    assert all(inner.covers(plot) for plot in (*plots.true, *plots.given))


def test_the_move_has_the_error_that_was_asked_for():
    plots = random_plots(SEED, 2_000, 0.5, PLACE, error_m=50.0)
    moved = shapely.get_coordinates(shapely.centroid(plots.given)) - shapely.get_coordinates(
        shapely.centroid(plots.true)
    )

    # 2,000 draws of a normal deviation of 50 m: their own deviation is within 5 % of it.
    assert np.std(moved * METRES_PER_DEGREE, axis=0) == pytest.approx([50, 50], rel=0.05)


def test_without_an_error_both_outlines_are_one():
    plots = random_plots(SEED, 10, 4.0, PLACE)

    assert all(true.equals(given) for true, given in zip(plots.true, plots.given, strict=True))


def test_a_seed_draws_the_same_plots_and_another_seed_others():
    first, again, other = (random_plots(seed, 5, 4.0, PLACE, error_m=50.0) for seed in (SEED, SEED, (1, 3)))

    assert [plot.wkb for plot in first.given] == [plot.wkb for plot in again.given]
    assert [plot.wkb for plot in first.given] != [plot.wkb for plot in other.given]
