"""The store of bit planes: the same areas as from the rasters, and no trust in what is damaged."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from landproof.cli.app import landproof
from landproof.land.kernel.wkb import pack
from landproof.layers.catalogue import load_catalogue
from landproof.layers.errors import LayerError
from landproof.layers.lattice import Placed
from landproof.layers.overlay import Overlayer
from landproof.layers.planes import PlaneStore, recipe_of
from landproof.layers.tiles import digest_of
from landproof.layers.windows import Windows
from tests.unit.layers.painted import CUT_OFF, FOREST, LOSS, NORTH, WEST, catalogue_file, entry, paint
from tests.unit.layers.weighed import Said, add, weights

SEEN = entry(
    "alerts", "change", 'family = "s2_auto"', 'encoding = "days"', "epoch = 2020-12-31", "none = [0]",
    "uncertainty_days = 30", "last_day = 2021-06-30",
)  # fmt: skip
PLOTS = [
    shapely.Point(WEST + x, NORTH - y).buffer(radius)
    for x, y, radius in [
        (0.02, 0.02, 0.01),
        (0.128, 0.128, 0.003),
        (0.1, 0.15, 0.04),
        (0.0, 0.0, 0.005),
        (0.05, 0.05, 1e-5),
    ]
]


@pytest.fixture
def land(tmp_path: Path) -> Path:
    """Three layers of 600 columns in blocks; the alerts begin a row lower, so their blocks lie elsewhere."""
    random = np.random.default_rng(3)
    paint(tmp_path / "forest.tif", random.integers(0, 3, (700, 600)).tolist(), step=0.00025, nodata=2)
    paint(tmp_path / "loss.tif", random.integers(0, 30, (700, 600)).tolist(), step=0.00025)
    alerts = random.integers(0, 300, (699, 600)) * random.integers(0, 2, (699, 600))
    lower = NORTH - 0.00025
    paint(tmp_path / "alerts.tif", alerts.tolist(), dtype="uint16", nodata=65535, step=0.00025, north=lower)
    return catalogue_file(tmp_path, FOREST + LOSS + SEEN)


def built(path: Path, cut_off: date = CUT_OFF) -> list[Path]:
    catalogue, store = load_catalogue(path), PlaneStore(path.parent / "planes")
    overlayer = Overlayer(catalogue, cut_off)
    return [
        found
        for layer, classes in zip(catalogue.layers, overlayer.classes, strict=True)
        for tile in layer.tiles
        if (found := store.build(tile, classes)) is not None
    ]


def test_the_same_areas_to_the_square_centimetre(land: Path) -> None:
    source, _ = weights(land, PLOTS, CUT_OFF)
    assert len(built(land)) == 3

    stored, problems = weights(land, PLOTS, CUT_OFF, land.parent / "planes")

    assert stored == source
    assert not problems


def test_the_rasters_are_not_read_where_planes_are(land: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(land)
    expected, _ = weights(land, PLOTS[:1], CUT_OFF)
    asked: list[str] = []
    raw = Windows.raw

    def noted(self: Windows, placed: Placed, *rest: Any) -> bool:
        asked.append(placed.tile.name)
        return raw(self, placed, *rest)

    monkeypatch.setattr(Windows, "raw", noted)
    found, _ = weights(land, PLOTS[:1], CUT_OFF, land.parent / "planes")

    assert found == expected
    # Blocks begin where the sheet of all layers begins, which is where the alerts do.
    assert "alerts.tif" not in asked


def test_classes_are_those_that_matter(tmp_path: Path) -> None:
    """Losses of 2001 to 2020 are one class; 2021 may have been in 2020 and stays alone; the rest is unknown."""
    paint(tmp_path / "loss.tif", [[0, 1, 20], [21, 22, 26], [7, 255, 200]])
    path = catalogue_file(tmp_path, LOSS)
    plot = shapely.box(WEST, NORTH - 0.003, WEST + 0.003, NORTH)

    [found], _ = weights(path, [plot], CUT_OFF)

    shares = {label: round(cm2 / 123_090_700) for (label,), cm2 in found.items()}
    assert shares == {"0": 1, "1-20": 3, "21": 1, "22": 1, "26-255": 2, "no data": 1}
    overlayer = Overlayer(load_catalogue(path), CUT_OFF)
    before = overlayer.classes[0].group(5)
    assert (before.state.earliest, before.state.latest) == (date(2000, 10, 1), date(2020, 12, 31))
    assert before.year is None


def test_the_name_follows_from_raster_rule_and_cut_off(land: Path) -> None:
    first = built(land)
    assert built(land) == first  # the same again

    other_cut_off = built(land, date(2019, 12, 31))
    assert not set(other_cut_off[1:]) & set(first)
    catalogue = load_catalogue(land)
    classes = Overlayer(catalogue, CUT_OFF).classes
    was = recipe_of(catalogue.layers[1].tiles[0], classes[1])
    paint(land.parent / "forest.tif", [[0] * 600] * 700, step=0.00025, nodata=2)
    catalogue = load_catalogue(land)

    assert recipe_of(catalogue.layers[1].tiles[0], classes[1]) != was


def test_nothing_is_stored_without_a_cut_off_or_of_fractions(tmp_path: Path) -> None:
    paint(tmp_path / "forest.tif", [[1.0, 0.5]], dtype="float32", nodata=None)
    catalogue = load_catalogue(catalogue_file(tmp_path, FOREST))
    for cut_off in (CUT_OFF, None):
        classes = Overlayer(catalogue, cut_off).classes[0]
        assert PlaneStore(tmp_path / "planes").build(catalogue.layers[0].tiles[0], classes) is None


@pytest.mark.parametrize("where", ["a block", "the index", "the end", "empty"])
def test_damaged_planes_are_listed_and_the_raster_is_read(land: Path, where: str) -> None:
    expected, _ = weights(land, PLOTS, CUT_OFF)
    for path in built(land):
        content = bytearray(path.read_bytes())
        if where == "empty":
            content.clear()
        else:
            content[{"a block": 40, "the index": -200, "the end": -1}[where]] ^= 1
        path.write_bytes(content)

    found, problems = weights(land, PLOTS, CUT_OFF, land.parent / "planes")

    assert found == expected
    assert "damaged" in problems[0].message.sentence


def test_damaged_planes_of_a_raster_that_broke_off_are_no_data(land: Path) -> None:
    for path in built(land):
        content = bytearray(path.read_bytes())
        content[40] ^= 1
        path.write_bytes(content)
    catalogue = load_catalogue(land)
    known = [  # as the lock has them
        replace(layer, tiles=tuple(replace(tile, sha256=digest_of(tile)) for tile in layer.tiles))
        for layer in catalogue.layers
    ]
    for name in ("forest", "loss", "alerts"):
        with (land.parent / f"{name}.tif").open("r+b") as raster:
            raster.truncate(2000)
    overlayer = Overlayer(replace(catalogue, layers=tuple(known)), CUT_OFF, PlaneStore(land.parent / "planes"))
    shapes = pack(shapely.to_wkb(PLOTS[:1], byte_order=1).tolist())
    found: list[Said] = [{}]
    for each in overlayer.weigh(shapes, np.zeros(1), None):
        add(each, overlayer, found)
    overlayer.close()

    assert all(said == ("no data",) * 3 for said in found[0])
    assert {problem.layer for problem in overlayer.problems} == {"forest", "loss", "alerts"}


def test_a_build_that_fails_leaves_nothing(land: Path) -> None:
    catalogue = load_catalogue(land)
    with (land.parent / "loss.tif").open("r+b") as raster:
        raster.truncate(3000)
    store, classes = PlaneStore(land.parent / "planes"), Overlayer(catalogue, CUT_OFF).classes
    place = next(number for number, layer in enumerate(catalogue.layers) if layer.id == "loss")

    with pytest.raises(LayerError, match="breaks off"):
        store.build(catalogue.layers[place].tiles[0], classes[place])

    assert not list((land.parent / "planes").iterdir())


def test_the_command_stores_all_layers(land: Path) -> None:
    asked = ["layers", "planes", str(land), "--store", str(land.parent / "planes"), "--json"]
    first = CliRunner().invoke(landproof, asked)

    assert first.exit_code == 0, first.output
    rows = json.loads(first.output)["planes"]
    assert {row["layer"] for row in rows} == {"forest", "loss", "alerts"}
    assert {row["planes"] for row in rows} == {path.name for path in (land.parent / "planes").iterdir()}
