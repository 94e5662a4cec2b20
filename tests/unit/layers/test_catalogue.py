from datetime import date
from pathlib import Path

import pytest
import rasterio
from rasterio.transform import Affine

from landproof.land.decode import Meaning, Role
from landproof.layers.catalogue import load_catalogue
from landproof.layers.errors import LayerError
from tests.unit.layers.painted import ALL, FOREST, LOSS, USE, catalogue_file, entry, paint


def test_a_catalogue_names_its_layers_in_order_of_id(tmp_path: Path):
    found = load_catalogue(catalogue_file(tmp_path)).layers

    assert [layer.id for layer in found] == ["alerts", "forest", "loss", "natural", "use"]
    forest, loss = found[1], found[2]
    assert (forest.role, forest.valid_on, forest.licence) == (Role.FOREST, date(2020, 12, 31), "CC0-1.0")
    assert (loss.family, loss.facts.last_day) == ("landsat_auto", date(2025, 12, 31))


def test_a_named_tile_that_is_not_there_is_recorded(tmp_path: Path):
    paint(tmp_path / "west.tif", [[1]])
    content = entry(
        "forest", "forest baseline", "valid_on = 2020-12-31", "natural = [1]", "not_natural = [0]",
        files=["west.tif", "east.tif", "north_*.tif"],
    )  # fmt: skip
    [layer] = load_catalogue(catalogue_file(tmp_path, content)).layers

    assert [tile.name for tile in layer.tiles] == ["west.tif"]
    assert layer.missing == ("east.tif", "north_*.tif")


def test_a_pattern_finds_tiles_in_folders(tmp_path: Path):
    (tmp_path / "tiles").mkdir()
    for name in ("b", "a"):
        paint(tmp_path / "tiles" / f"{name}.tif", [[1]])
    content = FOREST.replace('"forest.tif"', '"tiles/*.tif"')

    [layer] = load_catalogue(catalogue_file(tmp_path, content)).layers

    assert [tile.name for tile in layer.tiles] == ["tiles/a.tif", "tiles/b.tif"]


def test_ranges_spare_long_lists(tmp_path: Path):
    content = FOREST.replace("natural = [1]\nnot_natural = [0]", 'natural = ["30-100"]\nnot_natural = ["0-29"]')
    [layer] = load_catalogue(catalogue_file(tmp_path, content)).layers

    meanings = [layer.decoder.state(value).meaning for value in (0, 29, 30, 100, 101)]
    assert meanings == [
        Meaning.NOT_NATURAL, Meaning.NOT_NATURAL, Meaning.NATURAL, Meaning.NATURAL, Meaning.UNKNOWN,
    ]  # fmt: skip


def test_a_peat_map_that_lists_peat_alone_knows_where_there_is_none(tmp_path: Path):
    [layer] = load_catalogue(catalogue_file(tmp_path, entry("peat", "peat", "peat = [1]"))).layers

    assert [layer.decoder.state(value).meaning for value in (1, 0)] == [Meaning.PEAT, Meaning.NOT_PEAT]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (entry("x", "forest map"), "Layer x: forest map is not a role"),
        (FOREST.replace("natural = [1]\n", "", 1), "Layer forest: natural is missing"),
        (FOREST.replace("valid_on = 2020-12-31", ""), "Layer forest: valid_on must be the day"),
        (FOREST.replace("valid_on = 2020-12-31", 'valid_on = "2020"'), "Layer forest: valid_on must be the day"),
        (
            FOREST.replace("not_natural = [0]", "not_natural = [0, 1]"),
            "Layer forest: the value 1 has two meanings",
        ),
        (FOREST.replace("[1]", '["1 to 3"]'), "Layer forest: natural must be a list of whole numbers"),
        (FOREST.replace("[1]", "[true]"), "Layer forest: natural must be a list of whole numbers"),
        (FOREST.replace('files = ["forest.tif"]', "files = []"), "Layer forest: files must be a list"),
        (FOREST.replace('licence = "CC0-1.0"', ""), "Layer forest: licence is missing"),
        (FOREST + "nodat = [255]", "Layer forest: a layer of role forest baseline has no nodat"),
        (FOREST + "nodata = 255", "Layer forest: nodata must be a list of whole numbers"),
        (FOREST + FOREST, "two layers are called forest"),
        (LOSS.replace('"year"', '"month"', 1), "Layer loss: month is not an encoding of change"),
        (LOSS.replace("base_year = 2000", ""), "Layer loss: base_year is missing"),
        (LOSS.replace("2000", '"2000"'), "Layer loss: base_year must be a whole number"),
        (LOSS.replace("10-01 of the year before", "last autumn"), "Layer loss: earliest is last autumn"),
        (LOSS.replace('family = "landsat_auto"', ""), "Layer loss: a change layer needs a family"),
        (LOSS.replace("landsat_auto", "my own"), "Layer loss: a change layer needs a family"),
        (USE.replace("agriculture = [40]", ""), "Layer use: agriculture is missing"),
        ("", "names no layer"),
        ("layer = 1", "names no layer"),
        ("[[layer]", "cannot be read as a catalogue"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_name(tmp_path: Path, content: str, says: str):
    with pytest.raises(LayerError, match=says):
        load_catalogue(catalogue_file(tmp_path, content))


def test_a_missing_catalogue_says_so(tmp_path: Path):
    with pytest.raises(LayerError, match=r"layers\.toml is not there"):
        load_catalogue(tmp_path / "layers.toml")


def test_a_file_that_is_no_raster_is_refused(tmp_path: Path):
    (tmp_path / "forest.tif").write_text("not a raster")

    with pytest.raises(LayerError, match=r"Layer forest: forest\.tif cannot be read as a raster"):
        load_catalogue(catalogue_file(tmp_path))


def test_a_raster_without_a_reference_system_is_refused(tmp_path: Path):
    profile = {"driver": "GTiff", "width": 1, "height": 1, "count": 1, "dtype": "uint8"}
    with rasterio.open(tmp_path / "forest.tif", "w", transform=Affine(1, 0, 9, 0, -1, 9), **profile):
        pass

    with pytest.raises(LayerError, match="does not say its reference system"):
        load_catalogue(catalogue_file(tmp_path, ALL))


def test_a_turned_raster_is_refused(tmp_path: Path):
    profile = {"driver": "GTiff", "width": 1, "height": 1, "count": 1, "dtype": "uint8", "crs": "EPSG:4326"}
    with rasterio.open(tmp_path / "forest.tif", "w", transform=Affine(1, 0.1, 9, 0.1, -1, 9), **profile):
        pass

    with pytest.raises(LayerError, match="is turned or upside down"):
        load_catalogue(catalogue_file(tmp_path, ALL))
