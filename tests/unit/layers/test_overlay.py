"""Plots over three by three cells, counted by hand: one test for each effect. A cell here is 12,309.07 m2."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from landproof.land.kernel.ellipsoid import band_areas
from tests.unit.layers.painted import FOREST, LOSS, NORTH, STEP, WEST, catalogue_file, cell, entry, paint
from tests.unit.layers.weighed import Said, weights

ROWS = -band_areas(NORTH - np.arange(4) * STEP) * STEP * 10_000  # square centimetres of a cell of each row


@pytest.fixture
def land(tmp_path: Path) -> Path:
    """Forest in the west, no data in the middle."""
    paint(tmp_path / "forest.tif", [[1, 0, 0], [1, 255, 0], [1, 0, 0]])
    return catalogue_file(tmp_path, FOREST)


def said(path: Path, plot: shapely.Geometry) -> Said:
    [found], problems = weights(path, [plot])
    assert not problems
    return found


def cells(**counts: tuple[float, float, float]) -> Said:
    """Square centimetres of so many cells of the three rows, by class."""
    return {
        (name.strip("_").replace("_", " "),): round(float(np.dot(each, ROWS))) for name, each in counts.items()
    }


def close(found: Said, expected: Said) -> None:
    assert found.keys() == expected.keys()
    for each, cm2 in expected.items():
        assert abs(found[each] - cm2) <= 2, each  # two square centimetres


def test_all_cells(land: Path) -> None:
    close(said(land, cell(0, 0, rows=3, columns=3)), cells(_1=(1, 1, 1), _0=(2, 1, 2), no_data=(0, 1, 0)))


def test_half_cells(land: Path) -> None:
    plot = shapely.box(WEST + STEP / 2, NORTH - 2.5 * STEP, WEST + 1.5 * STEP, NORTH - 0.5 * STEP)

    close(said(land, plot), cells(_1=(0.25, 0.5, 0.25), _0=(0.25, 0, 0.25), no_data=(0, 0.5, 0)))


def test_an_edge_on_the_border_of_cells_takes_nothing_beyond(land: Path) -> None:
    close(said(land, cell(0, 0, rows=3, columns=1)), cells(_1=(1, 1, 1)))
    close(said(land, cell(0, 2)), cells(_0=(1, 0, 0)))


def test_a_triangle_has_half_of_the_cells_on_its_long_side(land: Path) -> None:
    south_west = shapely.Polygon([(WEST, NORTH), (WEST, NORTH - 3 * STEP), (WEST + 3 * STEP, NORTH - 3 * STEP)])

    close(said(land, south_west), cells(_1=(0.5, 1, 1), _0=(0, 0, 1.5), no_data=(0, 0.5, 0)))


def test_a_hole_is_not_land_of_the_plot(land: Path) -> None:
    ring = cell(0, 0, rows=3, columns=3).difference(cell(1, 1))

    close(said(land, ring), cells(_1=(1, 1, 1), _0=(2, 1, 2)))
    # WKB does not say which way round rings go.
    turned = shapely.Polygon(ring.exterior, [shapely.reverse(ring.interiors[0])])
    close(said(land, turned), cells(_1=(1, 1, 1), _0=(2, 1, 2)))


def test_parts_add_up(land: Path) -> None:
    parts = shapely.MultiPolygon([cell(0, 0), cell(1, 1), cell(2, 2)])

    close(said(land, parts), cells(_1=(1, 0, 0), no_data=(0, 1, 0), _0=(0, 0, 1)))


def test_land_beyond_the_tile_is_no_data(land: Path) -> None:
    close(said(land, cell(0, 2, columns=2)), cells(_0=(1, 0, 0), no_data=(1, 0, 0)))


def test_two_tiles_side_by_side_are_one(tmp_path: Path) -> None:
    paint(tmp_path / "west.tif", [[1, 0], [1, 255], [1, 0]])
    paint(tmp_path / "east.tif", [[0], [0], [0]], west=WEST + 2 * STEP)
    path = catalogue_file(tmp_path, entry("forest", "forest baseline", *_RULE, files=["west.tif", "east.tif"]))

    close(said(path, cell(0, 0, rows=3, columns=3)), cells(_1=(1, 1, 1), _0=(2, 1, 2), no_data=(0, 1, 0)))


def test_tiles_that_overlap_count_once(tmp_path: Path) -> None:
    paint(tmp_path / "a.tif", [[1, 255], [1, 255], [1, 255]])
    paint(tmp_path / "b.tif", [[0, 0], [255, 0], [0, 0]], west=WEST + STEP)
    path = catalogue_file(tmp_path, entry("forest", "forest baseline", *_RULE, files=["a.tif", "b.tif"]))

    close(said(path, cell(0, 0, rows=3, columns=3)), cells(_1=(1, 1, 1), _0=(2, 1, 2), no_data=(0, 1, 0)))


_RULE = ("valid_on = 2020-12-31", "natural = [1]", "not_natural = [0]")


def test_what_two_layers_say_of_one_cell_is_known_together(tmp_path: Path) -> None:
    paint(tmp_path / "forest.tif", [[1, 0, 0], [1, 255, 0], [1, 0, 0]])
    paint(tmp_path / "loss.tif", [[0, 22, 0], [22, 22, 0], [0, 0, 0]], dtype="uint16")
    path = catalogue_file(tmp_path, FOREST + LOSS)

    found = said(path, cell(0, 0, rows=2, columns=2))

    assert {key: round(cm2 / 123_090_700) for key, cm2 in found.items()} == {
        ("1", "0"): 1, ("0", "22"): 1, ("1", "22"): 1, ("no data", "22"): 1,
    }  # fmt: skip


def test_a_plot_does_not_notice_where_blocks_end(tmp_path: Path) -> None:
    """Blocks have 512 cells on a side, words 64; the plot lies over corners of both."""
    values = (np.add.outer(np.arange(700), 3 * np.arange(700)) % 7 == 0).astype(int)
    paint(tmp_path / "forest.tif", values.tolist(), step=0.00025)
    path = catalogue_file(tmp_path, FOREST)
    west, north = WEST + 0.00025 * 500.3, NORTH - 0.00025 * 490.7
    plot = shapely.Polygon([(west, north), (west + 0.03, north - 0.002), (west + 0.02, north - 0.03)])

    west_half = shapely.box(west - 1, north - 1, west + 0.0123, north + 1)
    [whole], _ = weights(path, [plot])
    halves, _ = weights(path, [plot.intersection(west_half), plot.difference(west_half)])

    for key, cm2 in whole.items():
        assert abs(cm2 - sum(half.get(key, 0) for half in halves)) <= 8  # whole square centimetres per block


def test_neither_order_nor_company_changes_a_bit(tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    paint(tmp_path / "forest.tif", random.integers(0, 2, (600, 600)).tolist(), step=0.00025)
    paint(tmp_path / "loss.tif", random.integers(0, 25, (600, 600)).tolist(), step=0.00025)
    path = catalogue_file(tmp_path, FOREST + LOSS)
    places = random.uniform([0, 0, 1e-5], [0.15, 0.15, 0.02], (60, 3))
    plots = [shapely.Point(WEST + x, NORTH - y).buffer(radius) for x, y, radius in places]
    together, _ = weights(path, plots)
    backwards, _ = weights(path, plots[::-1])

    assert together == backwards[::-1]
    assert together[::20] == [weights(path, [plot])[0][0] for plot in plots[::20]]


def test_hundreds_of_classes_have_room(tmp_path: Path) -> None:
    """Layers with so many days that their planes grow in the midst of a block."""
    days = np.arange(600 * 600).reshape(600, 600) % 1500 + 1
    for name in ("alerts", "radar"):
        paint(tmp_path / f"{name}.tif", days.tolist(), dtype="uint16", nodata=65535, step=0.00025)
    rule = ('family = "s2_auto"', 'encoding = "days"', "epoch = 2020-12-31", "none = [0]", "uncertainty_days = 30")
    path = catalogue_file(tmp_path, entry("alerts", "change", *rule) + entry("radar", "change", *rule))
    plot = shapely.box(WEST, NORTH - 0.15, WEST + 0.15, NORTH)

    [found], _ = weights(path, [plot])

    assert len(found) == 1500
    assert all(one == two for one, two in found)
    area = -band_areas(np.array([NORTH, NORTH - 0.15]))[0] * 0.15 * 10_000
    assert abs(sum(found.values()) - area) < 5000
