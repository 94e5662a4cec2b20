import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from landproof.layers.catalogue import load_catalogue
from landproof.layers.errors import LayerError
from tests.unit.layers.painted import FOREST, catalogue_file, paint

STAC = FOREST.replace('files = ["forest.tif"]', 'stac = "items/catalogue.json"')


def item(name: str, href: str, **asset: Any) -> dict[str, Any]:
    found = {"href": href, "type": "image/tiff; application=geotiff"} | asset
    assets = {"map": found, "thumb": {"href": "a.png"}}
    return {"type": "Feature", "id": name, "bbox": [10, -1, 11, 1], "assets": assets}


def written(folder: Path, content: object, name: str = "catalogue.json") -> None:
    (folder / "items").mkdir(exist_ok=True)
    (folder / "items" / name).write_text(json.dumps(content), encoding="utf-8")


def test_items_name_the_rasters_beside_them(tmp_path: Path):
    written(tmp_path, {"type": "FeatureCollection", "features": [item("a", "a.tif"), item("b", "./b.tif")]})
    paint(tmp_path / "items" / "a.tif", [[1]])

    [layer] = load_catalogue(catalogue_file(tmp_path, STAC)).layers

    assert [tile.name for tile in layer.tiles] == ["items/a.tif"]
    assert layer.missing == ("items/b.tif",)


def test_one_item_is_enough(tmp_path: Path):
    written(tmp_path, item("a", "a.tif"))
    paint(tmp_path / "items" / "a.tif", [[1]])

    assert len(load_catalogue(catalogue_file(tmp_path, STAC)).layers[0].tiles) == 1


def test_a_collection_links_to_its_items(tmp_path: Path):
    links = [{"rel": "item", "href": "a.json"}, {"rel": "self", "href": "https://example.org/c.json"}]
    written(tmp_path, {"type": "Collection", "links": links})
    written(tmp_path, item("a", "a.tif"), "a.json")
    paint(tmp_path / "items" / "a.tif", [[1]])

    assert len(load_catalogue(catalogue_file(tmp_path, STAC)).layers[0].tiles) == 1


def test_items_on_a_server_are_fetched_into_a_folder_and_known_by_digest(tmp_path: Path):
    digest = sha256(b"x").hexdigest()
    remote = item("a", "https://example.org/a.tif", **{"file:checksum": f"1220{digest}", "file:size": 17})
    written(tmp_path, remote)

    [layer] = load_catalogue(catalogue_file(tmp_path, STAC + 'folder = "kept"')).layers

    [place] = layer.source.missing
    assert (place.name, place.url) == ("kept/a.tif", "https://example.org/a.tif")
    assert (place.size, place.sha256, place.box) == (17, digest, (10, -1, 11, 1))
    assert layer.missing == ("kept/a.tif",)


def test_an_asset_can_be_named(tmp_path: Path):
    both = item("a", "a.tif")
    both["assets"]["other"] = {"href": "b.tif", "type": "image/tiff"}
    written(tmp_path, both)
    paint(tmp_path / "items" / "b.tif", [[1]])

    [layer] = load_catalogue(catalogue_file(tmp_path, STAC + 'asset = "other"')).layers
    assert [tile.name for tile in layer.tiles] == ["items/b.tif"]
    with pytest.raises(LayerError, match="has these assets: map, thumb, other. Name one as asset"):
        load_catalogue(catalogue_file(tmp_path, STAC))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([1], "cannot be read as a STAC item"),
        ({"type": "Catalog"}, "cannot be read as a STAC item"),
        (
            {"type": "Collection", "links": [{"rel": "item", "href": "https://example.org/a.json"}]},
            "links to items on the network",
        ),
        ({"type": "Collection", "links": [{"rel": "item", "href": "gone.json"}]}, r"gone\.json cannot be read"),
    ],
)
def test_what_cannot_be_followed_is_refused(tmp_path: Path, content: object, says: str):
    written(tmp_path, content)

    with pytest.raises(LayerError, match=says):
        load_catalogue(catalogue_file(tmp_path, STAC))


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('stac = "items/catalogue.json"\nfiles = ["a.tif"]', "by one of files, url or stac"),
        ("", "by one of files, url or stac"),
        ('url = "https://example.org/{tile}.tif"', "with a grid that names the tiles"),
        ('url = "https://example.org/a.tif"\ngrid = "10deg_top_left"', "with a grid that names the tiles"),
        ('url = "https://example.org/{z}/{tile}.tif"\ngrid = "10deg_top_left"', "are the only placeholders"),
        ('url = "ftp://example.org/{tile}.tif"\ngrid = "10deg_top_left"', "must be an address"),
        ('files = ["a.tif"]\ngrid = "5deg"', "5deg is not a grid of tiles"),
        ("files = []", "files must be a list"),
        ("files = [1]", "files must be a list of texts"),
        ('files = ["a.tif"]\nband = 0', "bands are counted from 1"),
    ],
)
def test_a_layer_says_in_one_way_where_its_tiles_are(tmp_path: Path, lines: str, says: str):
    with pytest.raises(LayerError, match=says):
        load_catalogue(catalogue_file(tmp_path, FOREST.replace('files = ["forest.tif"]', lines)))


def test_a_band_that_is_not_there_is_refused(tmp_path: Path):
    paint(tmp_path / "forest.tif", [[1]])

    with pytest.raises(LayerError, match=r"forest\.tif has 1 bands, so there is no band 2"):
        load_catalogue(catalogue_file(tmp_path, FOREST + "band = 2"))
