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
from landproof.land.decode import Days, Seeing
from landproof.land.kernel.wkb import pack
from landproof.layers.catalogue import load_catalogue
from landproof.layers.classes import Classes, planes_for
from landproof.layers.errors import LayerError
from landproof.layers.lattice import Placed
from landproof.layers.overlay import Overlayer
from landproof.layers.planes import PlaneStore
from landproof.layers.tiles import digest_of
from landproof.layers.windows import Windows
from tests.unit.layers.painted import FOREST, LOSS, NORTH, WEST, catalogue_file, entry, paint
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


def built(path: Path) -> list[Path]:
    catalogue, store = load_catalogue(path), PlaneStore(path.parent / "planes")
    overlayer = Overlayer(catalogue)
    return [
        found
        for layer, classes in zip(catalogue.layers, overlayer.classes, strict=True)
        for tile in layer.tiles
        if (found := store.build(tile, classes)) is not None
    ]


def test_the_same_areas_to_the_square_centimetre(land: Path) -> None:
    source, _ = weights(land, PLOTS)
    assert len(built(land)) == 3

    stored, problems = weights(land, PLOTS, land.parent / "planes")

    assert stored == source
    assert not problems


def test_the_rasters_are_not_read_where_planes_are(land: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(land)
    expected, _ = weights(land, PLOTS[:1])
    asked: list[str] = []
    raw = Windows.raw

    def noted(self: Windows, placed: Placed, *rest: Any) -> bool:
        asked.append(placed.tile.name)
        return raw(self, placed, *rest)

    monkeypatch.setattr(Windows, "raw", noted)
    found, _ = weights(land, PLOTS[:1], land.parent / "planes")

    assert found == expected
    # Blocks begin where the sheet of all layers begins, which is where the alerts do.
    assert "alerts.tif" not in asked


def test_all_classes_are_told_apart_but_what_no_rule_lists(tmp_path: Path) -> None:
    paint(tmp_path / "loss.tif", [[0, 1, 20], [21, 22, 26], [7, 255, 200]])
    path = catalogue_file(tmp_path, LOSS)
    plot = shapely.box(WEST, NORTH - 0.003, WEST + 0.003, NORTH)
    source, _ = weights(path, [plot])
    built(path)

    [found], _ = weights(path, [plot], tmp_path / "planes")

    shares = {label: round(cm2 / 123_090_700) for (label,), cm2 in found.items()}
    assert shares == {"0": 1, "1": 1, "7": 1, "20": 1, "21": 1, "22": 1, "unlisted": 2, "no data": 1}
    assert [found] == source


def test_classes_of_small_values_come_first_in_the_list_of_large_ones() -> None:
    """So the planes of a uint8 tile fit those of a uint16 tile of the same layer."""
    seeing = Seeing(30, 0, date(2020, 1, 1), date(2022, 1, 1))
    classes = Classes(Days(date(2020, 12, 31), frozenset({0}), seeing))
    small, large = classes.in_order("uint8"), classes.in_order("uint16")

    assert (len(small), len(large)) == (2 + 256, 2 + 367)  # 0 and the days 1 to 366, which is 1 January 2022
    assert large[: len(small)] == small
    assert [planes_for(count) for count in (1, 2, 3, 4, 5, 256, 257)] == [1, 1, 2, 2, 3, 8, 9]


def test_the_name_follows_from_raster_and_rule(land: Path) -> None:
    first = built(land)
    assert built(land) == first  # the same again

    land.write_text(FOREST + LOSS.replace("last_year = 2025", "last_year = 2024") + SEEN, encoding="utf-8")
    alerts, forest, loss = built(land)
    assert [alerts, forest] == first[:2]
    assert loss not in first
    paint(land.parent / "forest.tif", [[0] * 600] * 700, step=0.00025, nodata=2)
    again = built(land)
    assert again[0] == alerts
    assert again[1] not in {*first, forest}


def test_nothing_is_stored_of_fractions(tmp_path: Path) -> None:
    paint(tmp_path / "forest.tif", [[1.0, 0.5]], dtype="float32", nodata=None)
    catalogue = load_catalogue(catalogue_file(tmp_path, FOREST))
    classes = Overlayer(catalogue).classes[0]
    assert PlaneStore(tmp_path / "planes").build(catalogue.layers[0].tiles[0], classes) is None


def test_planes_that_leave_no_room_give_way_to_rasters(tmp_path: Path) -> None:
    """Five layers with 1,024 values each take 55 bits as met; two of them stored with all their days take 32."""
    random = np.random.default_rng(5)
    names = [f"days{number}" for number in range(5)]
    for name in names:
        cells = random.permutation(1024).reshape(32, 32)
        paint(tmp_path / f"{name}.tif", cells.tolist(), dtype="uint16", nodata=65535, step=0.00025)
    path = catalogue_file(tmp_path, "".join(
        entry(name, "change", 'family = "s2_auto"', 'encoding = "days"', "epoch = 2020-12-31", "none = [0]",
              "uncertainty_days = 30") for name in names
    ))  # fmt: skip
    plots = [shapely.box(WEST + 0.0001, NORTH - 0.0079, WEST + 0.0079, NORTH - 0.0001)]
    source, _ = weights(path, plots)
    store, catalogue = PlaneStore(tmp_path / "planes"), load_catalogue(path)
    for layer, classes in list(zip(catalogue.layers, Overlayer(catalogue).classes, strict=True))[:2]:
        assert store.build(layer.tiles[0], classes) is not None

    assert weights(path, plots, tmp_path / "planes")[0] == source


@pytest.mark.parametrize("where", ["a block", "the index", "the end", "empty"])
def test_damaged_planes_are_listed_and_the_raster_is_read(land: Path, where: str) -> None:
    expected, _ = weights(land, PLOTS)
    for path in built(land):
        content = bytearray(path.read_bytes())
        if where == "empty":
            content.clear()
        else:
            content[{"a block": 40, "the index": -200, "the end": -1}[where]] ^= 1
        path.write_bytes(content)

    found, problems = weights(land, PLOTS, land.parent / "planes")

    assert found == expected
    assert "damaged" in problems[0].message.sentence


def test_damaged_planes_are_built_again(land: Path) -> None:
    expected, _ = weights(land, PLOTS)
    for path, place in zip(built(land), (40, -200, -1), strict=True):
        content = bytearray(path.read_bytes())
        content[place] ^= 1
        path.write_bytes(content)
    assert len(built(land)) == 3

    found, problems = weights(land, PLOTS, land.parent / "planes")

    assert found == expected
    assert not problems


def test_planes_that_nobody_may_read_are_listed(land: Path) -> None:
    for path in built(land):
        path.unlink()
        path.mkdir()  # as good as a file without the right to read it, for whoever runs the tests

    assert len(weights(land, PLOTS, land.parent / "planes")[1]) == 3


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
    overlayer = Overlayer(replace(catalogue, layers=tuple(known)), PlaneStore(land.parent / "planes"))
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
    store, classes = PlaneStore(land.parent / "planes"), Overlayer(catalogue).classes
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
