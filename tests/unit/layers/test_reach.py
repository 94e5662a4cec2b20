"""Which tiles may have a say in plots: none too few."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landproof.land.thresholds import PUBLISHED
from landproof.layers.boxes import grown, touching
from landproof.layers.catalogue import Catalogue, load_catalogue
from landproof.layers.reach import Extents, narrowed, reach_m
from tests.unit.layers.painted import FOREST, catalogue_file, paint


def catalogue(folder: Path, **where: object) -> Catalogue:
    paint(folder / "forest.tif", [[1, 1], [0, 0]], **where)  # type: ignore[arg-type]
    return load_catalogue(catalogue_file(folder, FOREST))


def touched(found: Catalogue, *box: float) -> bool:
    [numbers] = Extents.of(found).touched(np.array([box], dtype=np.float64))
    return bool(numbers)


def test_a_box_beside_a_tile_does_not_touch_it(tmp_path: Path):
    found = catalogue(tmp_path, west=10.0, north=1.0, step=0.5)  # 10 to 11 E, 0 to 1 N; a slack of 0.001
    assert touched(found, 10.2, 0.2, 10.3, 0.3)
    assert touched(found, 11.0005, 0.2, 11.3, 0.3)
    assert not touched(found, 11.002, 0.2, 11.3, 0.3)
    assert not touched(found, 10.2, -0.5, 10.3, -0.002)


def test_a_projected_tile_is_found_where_it_lies(tmp_path: Path):
    # UTM 20S: easting 500,000 is 63 W; 100 km east and 9,000,000 N are about 62.09 W, 9.04 S
    found = catalogue(tmp_path, west=500_000.0, north=9_000_000.0, step=50_000.0, crs="EPSG:32720")
    assert touched(found, -62.5, -9.5, -62.4, -9.4)
    assert not touched(found, -61.9, -9.5, -61.8, -9.4)
    assert not touched(found, -62.5, -8.9, -62.4, -8.8)


def test_a_tile_across_the_date_line_is_touched_from_both_sides(tmp_path: Path):
    # UTM 60S: 177 E is easting 500,000; 900,000 m are beyond 180 degrees at 17 S
    found = catalogue(tmp_path, west=500_000.0, north=8_200_000.0, step=200_000.0, crs="EPSG:32760")
    assert touched(found, 178.0, -17.0, 178.1, -16.9)
    assert touched(found, -179.9, -17.0, -179.8, -16.9)
    assert not touched(found, 0.0, -17.0, 0.1, -16.9)


def test_boxes_are_grown_by_metres_and_cut_at_the_date_line():
    owners, boxes = grown(
        np.array([[179.999, 0.0, 180.0, 0.001], [np.nan] * 4, [10.0, 60.0, 10.0, 60.0]]), 1_105.0
    )

    assert owners.tolist() == [0, 2, 0]
    assert boxes[0] == pytest.approx([179.989, -0.01, 180, 0.011], abs=1e-6)
    assert boxes[1] == pytest.approx([10 - 0.02, 59.99, 10.02, 60.01], abs=1e-4)  # half as long a degree at 60 N
    assert boxes[2] == pytest.approx([-180, -0.01, -179.99, 0.011], abs=1e-6)


def test_a_box_touches_from_its_very_edge():
    boxes = np.array([[0.0, 0.0, 1.0, 1.0]])
    assert touching(boxes, (1.0, 1.0, 2.0, 2.0)).tolist() == [True]
    assert touching(boxes, (1.000001, 0.0, 2.0, 2.0)).tolist() == [False]
    assert touching(boxes, (170.0, 0.0, -170.0, 1.0)).tolist() == [False]
    assert touching(boxes, (170.0, 0.0, 0.5, 1.0)).tolist() == [True]


def test_the_reach_is_the_fringe_and_the_longest_patch_that_may_not_count(tmp_path: Path):
    found = catalogue(tmp_path, west=10.0, north=1.0, step=0.00025)
    sure = PUBLISHED.changed({"gnss_m": 0, "image_m": 0, "unknown_m": 0, "registration_m": 0})
    off = sure.changed({"unknown_m": 65, "fringe_sigmas": 1})
    # At the equator a cell is 27.6 m: 5,000 m2 are 181 m of cells in a row, and three cells more are 83 m.
    assert reach_m(found, sure, 0) == pytest.approx(1.1 * (5_000 / 27.625 + 3 * 27.625))
    assert reach_m(found, off, 0) - reach_m(found, sure, 0) == pytest.approx(1.1 * 65)
    # At 60 degrees the cells are half as wide, so a row of them from north to south is twice as long.
    assert reach_m(found, sure, 60) == pytest.approx(1.1 * (5_000 / 13.8125 + 3 * 27.625))


def test_a_layer_without_a_tile_in_reach_stays_with_no_data(tmp_path: Path):
    found = catalogue(tmp_path, west=10.0, north=1.0, step=0.5)
    bare = narrowed(found, ((),))
    assert bare == replace(found, layers=(replace(found.layers[0], tiles=()),))
    assert narrowed(found, ((0,),)) == found
