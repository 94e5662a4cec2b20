import numpy as np
import pytest
import shapely
from exactextract import exact_extract
from exactextract.feature import JSONFeatureSource
from exactextract.raster import NumPyRasterSource
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.land.coverage import covered
from landproof.land.shares import largest_remainder

THREE = np.array([0.0, 1.0, 2.0, 3.0])


def test_a_square_across_four_cells_covers_a_quarter_of_each():
    area = covered(shapely.box(0.5, 0.5, 1.5, 1.5), THREE, THREE)

    assert area.tolist() == [[0.25, 0.25, 0], [0.25, 0.25, 0], [0, 0, 0]]


def test_a_hole_does_not_count():
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))

    assert covered(ring, THREE, THREE).tolist() == [[1, 1, 1], [1, 0, 1], [1, 1, 1]]


def test_a_triangle_cuts_cells_in_half():
    area = covered(shapely.Polygon([(0, 0), (2, 0), (0, 2)]), THREE, THREE)

    assert area == pytest.approx(np.array([[1, 0.5, 0], [0.5, 0, 0], [0, 0, 0]]))


def test_parts_outside_the_lines_do_not_count():
    area = covered(shapely.box(-5, -5, 8, 8), THREE[1:], THREE[:2])

    assert area.tolist() == [[1, 1]]


def test_the_direction_of_a_ring_does_not_matter():
    square = shapely.box(0.5, 0.5, 1.5, 1.5)

    assert (covered(square.reverse(), THREE, THREE) == covered(square, THREE, THREE)).all()


def test_lines_need_not_be_evenly_spaced():
    area = covered(shapely.box(0, 0, 3, 3), np.array([0.0, 0.25, 3.0]), np.array([0.0, 2.0, 3.0]))

    assert area == pytest.approx(np.array([[0.5, 5.5], [0.25, 2.75]]))


def test_a_plot_smaller_than_a_cell_is_seen():
    assert covered(shapely.box(1.4, 1.4, 1.5, 1.5), THREE, THREE).sum() == pytest.approx(0.01)


def star(numbers: list[float]) -> shapely.Geometry:
    """A star around (5, 5) with a spike per number."""
    angles = np.linspace(0, 2 * np.pi, len(numbers), endpoint=False)
    return shapely.Polygon(np.column_stack([5 + numbers * np.cos(angles), 5 + numbers * np.sin(angles)]))


@given(st.lists(st.floats(0.3, 4.9), min_size=3, max_size=12))
@settings(max_examples=60, deadline=None)
def test_coverage_agrees_with_an_independent_engine(spikes: list[float]):
    plot = star(spikes)
    lines = np.arange(11.0)
    raster = NumPyRasterSource(np.arange(100).reshape(10, 10), 0, 0, 10, 10)
    feature = JSONFeatureSource([{"type": "Feature", "geometry": plot.__geo_interface__, "properties": {}}])
    [found] = exact_extract(raster, feature, ["cell_id", "coverage"])
    expected = np.zeros(100)
    expected[found["properties"]["cell_id"]] = found["properties"]["coverage"]

    area = covered(plot, lines, lines)[::-1].ravel()  # the engine counts rows from the north

    assert area == pytest.approx(expected, abs=2e-6)  # the engine works in single precision


def test_whole_parts_add_up_to_the_whole():
    assert largest_remainder([1, 1, 1], 10) == [4, 3, 3]  # 3.33 each; the first of equal remainders gets the rest
    assert largest_remainder([5, 3, 2], 7) == [4, 2, 1]  # 3.5, 2.1, 1.4
    assert largest_remainder([0, 4], 9) == [0, 9]
    assert largest_remainder([0, 0], 9) == [0, 0]
    assert largest_remainder([], 9) == []


@given(st.lists(st.integers(0, 10**13), min_size=1), st.integers(0, 10**12))
def test_shares_differ_by_less_than_one_and_lose_nothing(parts: list[int], whole: int):
    shares = largest_remainder(parts, whole)

    assert sum(shares) == (whole if sum(parts) else 0)
    assert all(
        abs(share * sum(parts) - part * whole) < sum(parts)
        for share, part in zip(shares, parts, strict=True)
        if sum(parts)
    )
