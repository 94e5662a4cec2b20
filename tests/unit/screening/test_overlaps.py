"""Square metres that plots have in common."""

import polars as pl
import pytest
import shapely

from landproof.domain.facts.land import PLOTS
from landproof.domain.tables import conform
from landproof.screening.overlaps import plot_overlaps

SIDE = 0.001  # degrees; at the equator about 111 m


def plots(**wests: float | None) -> pl.DataFrame:
    """Squares at the equator, each with its western side in ``SIDE``; without one a point."""
    shapes = {
        name: shapely.Point(0.0005, 0.0005)
        if west is None
        else shapely.box(west * SIDE, 0, (west + 1) * SIDE, SIDE)
        for name, west in wests.items()
    }
    rows = [{"plot": name, "geometry": shapely.to_wkb(shape)} for name, shape in shapes.items()]
    return conform(pl.DataFrame(rows, schema={"plot": pl.String, "geometry": pl.Binary}), PLOTS)


@pytest.mark.parametrize(("west", "share"), [(0, 1.0), (0.02, 0.98), (0.5, 0.5), (0.94, 0.06)])
def test_squares_have_so_much_in_common(west: float, share: float):
    found = plot_overlaps(plots(A=0, B=west))
    whole = 110_574.0 * 111_320.0 * SIDE**2  # of a square at the equator
    assert found.select("plot", "other").rows() == [("A", "B"), ("B", "A")]
    for shared in found["overlap_m2"]:
        assert shared == pytest.approx(share * whole, rel=0.002)


def test_neighbours_along_a_fence_and_points_have_nothing_in_common():
    assert plot_overlaps(plots(A=0, B=0.96, C=None)).is_empty()
    assert plot_overlaps(plots()).is_empty()
