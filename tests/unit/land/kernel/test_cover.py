"""Coverage of cells: counted by hand, and against GEOS, which shares nothing with the kernel."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.unit.land.kernel.weighed import Floats, coverage

NANO = 2e-9  # coverages are read back in whole billionths


def polygon(*points: tuple[float, float], holes: list[list[tuple[float, float]]] | None = None) -> shapely.Polygon:
    return shapely.Polygon(points, holes)


@pytest.mark.parametrize(
    ("plot", "expected"),
    [
        (shapely.box(0, 0, 3, 3), [[1, 1, 1], [1, 1, 1], [1, 1, 1]]),
        (shapely.box(1, 1, 2, 2), [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        (shapely.box(0.5, 0.5, 2.5, 2.5), [[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]]),
        (shapely.box(1.25, 1.25, 1.5, 1.75), [[0, 0, 0], [0, 0.125, 0], [0, 0, 0]]),
        # The south-west half of the square, cut along the diagonal.
        (polygon((0, 0), (3, 0), (0, 3)), [[0.5, 0, 0], [1, 0.5, 0], [1, 1, 0.5]]),
        # A slope of two columns per row: 3/4 and 1/4 of the two cells that it crosses.
        (polygon((0, 0), (2, 1), (0, 1)), [[0, 0, 0], [0, 0, 0], [0.75, 0.25, 0]]),
        # A flat edge in the middle of a row leaves half of it all along.
        (shapely.box(0, 0, 3, 1.5), [[0, 0, 0], [0.5, 0.5, 0.5], [1, 1, 1]]),
        (shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2)), [[1, 1, 1], [1, 0, 1], [1, 1, 1]]),
        (
            shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
            [[0, 0, 1], [0, 0, 0], [1, 0, 0]],
        ),
        # What lies beyond the block on any side does not count, and hides nothing within.
        (shapely.box(-5, -5, 8, 8), [[1, 1, 1], [1, 1, 1], [1, 1, 1]]),
        (polygon((-3, 1.5), (1.5, -3), (6, 1.5), (1.5, 6)), [[1, 1, 1], [1, 1, 1], [1, 1, 1]]),
        (shapely.box(-2, 1, 0.5, 2), [[0, 0, 0], [0.5, 0, 0], [0, 0, 0]]),
        (shapely.box(2.5, 1, 9, 2), [[0, 0, 0], [0, 0, 0.5], [0, 0, 0]]),
        (shapely.box(4, 0, 5, 3), [[0, 0, 0], [0, 0, 0], [0, 0, 0]]),
    ],
)
def test_coverage_that_can_be_counted(plot: shapely.Geometry, expected: list[list[float]]) -> None:
    assert coverage(plot, 3, 3) == pytest.approx(np.array(expected), abs=NANO)


def reference(plot: shapely.Geometry, rows: int, columns: int) -> Floats:
    """Every cell intersected alone."""
    x, y = np.meshgrid(np.arange(columns), np.arange(rows)[::-1])
    cells = shapely.box(x, y, x + 1, y + 1)
    return shapely.area(shapely.intersection(cells, plot))


@st.composite
def stars(draw: st.DrawFn) -> shapely.Geometry:
    """Polygons with corners all around a middle, which is in the block or beside it; some have a hole."""
    count = draw(st.integers(3, 30))
    turns = np.sort(draw(st.lists(st.floats(0, 1), min_size=count, max_size=count, unique=True)))
    radii = np.array(draw(st.lists(st.floats(0.05, 40), min_size=count, max_size=count)))
    x, y = draw(st.floats(-10, 80)), draw(st.floats(-10, 30))
    star = shapely.Polygon(
        np.column_stack([x + radii * np.cos(turns * 2 * np.pi), y + radii * np.sin(turns * 2 * np.pi)])
    )
    assume(star.is_valid and star.area > 1e-6)
    if draw(st.booleans()):
        star = star.difference(star.centroid.buffer(draw(st.floats(0.01, 5))))
    assume(isinstance(star, (shapely.Polygon, shapely.MultiPolygon)) and star.area > 1e-6)
    return star


@given(stars())
@settings(max_examples=300, deadline=None)
def test_coverage_is_that_of_another_library(plot: shapely.Geometry) -> None:
    assert coverage(plot, 20, 70) == pytest.approx(reference(plot, 20, 70), abs=1e-6)


@pytest.mark.parametrize("kind", [shapely.Point(1, 1), shapely.box(0, 0, 1, 1).exterior, shapely.Polygon()])
def test_what_is_no_polygon_covers_nothing(kind: shapely.Geometry) -> None:
    assert not coverage(kind, 3, 3).any()
    assert not coverage(shapely.GeometryCollection([shapely.box(0, 0, 1, 1), kind]), 3, 3).any()


@given(stars(), st.integers(1, 69))
@settings(max_examples=150, deadline=None)
def test_a_block_cut_in_two_gives_the_same(plot: shapely.Geometry, column: int) -> None:
    left = coverage(plot, 20, column)
    right = coverage(shapely.transform(plot, lambda points: points - [column, 0]), 20, 70 - column)
    assert np.hstack([left, right]) == pytest.approx(coverage(plot, 20, 70), abs=NANO)


@given(stars())
@settings(max_examples=150, deadline=None)
def test_neither_direction_nor_further_corners_matter(plot: shapely.Geometry) -> None:
    expected = coverage(plot, 20, 70)
    assert coverage(shapely.reverse(plot), 20, 70) == pytest.approx(expected, abs=NANO)
    assert coverage(shapely.segmentize(plot, 0.7), 20, 70) == pytest.approx(expected, abs=NANO)
