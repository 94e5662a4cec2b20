from pathlib import Path

import pytest
import shapely

from landproof.layers.catalogue import load_catalogue
from landproof.layers.needs import Need, needs
from tests.unit.layers.painted import OWN_FOREST, catalogue_file, paint

HANSEN = '[[layer]]\nid = "loss"\nknown = "hansen_lossyear"\nversion = "GFC-2025-v1.13"\n'
PLACE = shapely.box(-14.5, 5.3, -14.4, 5.4)


def needed(folder: Path, content: str, *lands: shapely.Geometry) -> list[Need]:
    return list(needs(load_catalogue(catalogue_file(folder, content), network=False), lands).tiles)


def test_a_known_layer_says_where_its_tiles_are_fetched(tmp_path: Path):
    [tile] = needed(tmp_path, HANSEN, PLACE)

    assert (tile.layer, tile.licence, tile.there, tile.size) == ("loss", "CC-BY-4.0", False, None)
    assert tile.file == "loss/Hansen_GFC-2025-v1.13_lossyear_10N_020W.tif"
    assert tile.url == (
        "https://storage.googleapis.com/earthenginepartners-hansen/GFC-2025-v1.13/"
        "Hansen_GFC-2025-v1.13_lossyear_10N_020W.tif"
    )
    assert tile.place.path == tmp_path / tile.file


def test_a_tile_that_is_there_has_its_size(tmp_path: Path):
    (tmp_path / "loss").mkdir()
    file = paint(
        tmp_path / "loss" / "Hansen_GFC-2025-v1.13_lossyear_10N_020W.tif", [[0] * 10] * 10, west=-20.0, north=10.0,
        step=1.0,
    )  # fmt: skip

    [tile] = needed(tmp_path, HANSEN, PLACE)

    assert (tile.there, tile.size) == (True, file.stat().st_size)


def test_tiles_are_kept_under_the_users_own_names(tmp_path: Path):
    [tile] = needed(tmp_path, HANSEN + 'files = ["own/{tile}.tif"]', PLACE)

    assert tile.file == "own/10N_020W.tif"
    assert tile.url is not None


@pytest.mark.parametrize(
    ("west", "tiles"),
    [
        (-9.9, ["00N_010W", "10N_010W"]),
        (-9.9995, ["00N_010W", "00N_020W", "10N_010W", "10N_020W"]),  # 56 m: the fringe reaches over
        (-9.9980, ["00N_010W", "10N_010W"]),  # 220 m: it does not
    ],
)
def test_land_round_a_plot_is_needed_too(tmp_path: Path, west: float, tiles: list[str]):
    found = needed(tmp_path, HANSEN, shapely.box(west, -0.0001, west + 0.001, 0.001))

    assert [tile.file[-12:-4] for tile in found] == tiles


def test_the_margin_of_the_equator_line(tmp_path: Path):
    found = needed(tmp_path, HANSEN, shapely.box(5, 0.0005, 5.1, 0.1))  # 55 m north of the line

    assert [tile.file[-12:-4] for tile in found] == ["00N_000E", "10N_000E"]


def test_a_plot_across_the_antimeridian_needs_both_sides(tmp_path: Path):
    both = shapely.MultiPolygon([shapely.box(179.9, 5, 180, 5.1), shapely.box(-180, 5, -179.9, 5.1)])

    found = needed(tmp_path, HANSEN, both)

    assert [tile.file[-12:-4] for tile in found] == ["10N_170E", "10N_180W"]


def test_plots_of_one_tile_need_it_once(tmp_path: Path):
    assert len(needed(tmp_path, HANSEN, *[shapely.box(x, 5, x + 0.1, 5.1) for x in (-15, -14, -13)])) == 1


def test_no_plots_need_nothing(tmp_path: Path):
    assert needed(tmp_path, HANSEN) == []


def test_of_the_files_of_a_folder_those_under_the_plots_are_needed(tmp_path: Path):
    paint(tmp_path / "near.tif", [[1]], west=-15.0, north=6.0, step=1.0)
    paint(tmp_path / "far.tif", [[1]], west=40.0, north=6.0, step=1.0)

    found = needed(tmp_path, OWN_FOREST.replace("forest.tif", "*.tif"), PLACE)

    assert [tile.file for tile in found] == ["near.tif"]


def test_a_projected_tile_is_found_by_its_place_on_earth(tmp_path: Path):
    paint(
        tmp_path / "utm.tif", [[1] * 20] * 20, west=500_000.0, north=600_000.0, step=10_000.0,
        crs="EPSG:32628",
    )  # fmt: skip

    assert [tile.file for tile in needed(tmp_path, OWN_FOREST.replace("forest.tif", "utm.tif"), PLACE)] == [
        "utm.tif"
    ]
    assert needed(tmp_path, OWN_FOREST.replace("forest.tif", "utm.tif"), shapely.box(50, 5, 51, 6)) == []


def test_a_named_file_that_is_not_there_is_needed_and_its_land_unknown(tmp_path: Path):
    catalogue = load_catalogue(catalogue_file(tmp_path, OWN_FOREST))

    found = needs(catalogue, [PLACE])

    assert [(tile.file, tile.there) for tile in found.tiles] == [("forest.tif", False)]
    assert found.uncertain == ("forest",)


def test_a_cropped_tile_does_not_stand_for_the_whole(tmp_path: Path):
    paint(tmp_path / "crop.tif", [[1]], west=-15.0, north=6.0, step=1.0)
    content = OWN_FOREST.replace("forest.tif", "crop.tif") + 'grid = "10deg_top_left"\n'

    assert [tile.file for tile in needed(tmp_path, content, PLACE)] == ["crop.tif"]
    assert [tile.file for tile in needed(tmp_path, content, shapely.box(-12, 5, -11.9, 5.1))] == ["10N_020W"]
