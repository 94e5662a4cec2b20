"""The invented company: same bytes for the same seed, every fault planted, and nothing known of the rules."""

import ast
import csv
import json
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from openpyxl import load_workbook

import landproof.demo
from landproof.demo import generate
from landproof.demo.places import WINDOWS, Slot, metres_per_degree, ring_hectares
from landproof.domain.errors import UsageError
from landproof.domain.facts import FACTS

SMALL: dict[str, Any] = {"plots": 120, "lines": 600}
PLANTED = {
    "clearing-2022", "clearing-year-2021", "clearing-december-2020", "mass-balance-soy", "cattle-point-clean",
    "cattle-point-cleared", "point-above-4-ha", "feed-unknown", "no-recipe", "just-below-one-percent",
    "just-above-one-percent", "one-country-two-lists", "old-commitment", "expired-certificate",
    "scheme-without-conversion", "five-decimals", "alert-without-decision", "eudr-before-application",
    "used-before-made",
}  # fmt: skip
NO_RULE = {"certificate-over-volume"}  # found by `landproof check` alone


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo")
    generate(path, **SMALL)
    return path


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def sheet(folder: Path, file: str, name: str) -> list[dict[str, Any]]:
    rows = list(load_workbook(folder / file)[name].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def purchases(folder: Path) -> list[dict[str, str]]:
    with (folder / "04-purchases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def faults(folder: Path) -> dict[str, Any]:
    return {fault["id"]: fault for fault in json.loads((folder / "truth.json").read_text())["faults"]}


def features(folder: Path) -> dict[str, str]:
    """Lines of the plot file by plot id, as text, so that decimals can be counted."""
    lines = (folder / "07-plots.geojson").read_text(encoding="utf-8").splitlines()[1:-1]
    return {json.loads(line.rstrip(","))["properties"]["Plot"]: line for line in lines}


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path):
    generate(tmp_path, **SMALL)
    assert digests(tmp_path) == digests(folder)


def test_another_seed_gives_another_company(folder: Path, tmp_path: Path):
    generate(tmp_path, seed="another", **SMALL)
    assert digests(tmp_path)["04-purchases.csv"] != digests(folder)["04-purchases.csv"]


def test_every_fault_is_planted_and_told_in_both_languages(folder: Path):
    found = faults(folder)
    assert set(found) == PLANTED | NO_RULE
    for name, fault in found.items():
        assert bool(fault["expected"]) == (name in PLANTED)
        assert "%" not in fault["what"].replace("0.995 %", "").replace("1.005 %", "").replace("90 %", "")
        assert fault["what"] != fault["what_zh"]


def test_sizes_are_as_asked(folder: Path):
    assert len(features(folder)) == 120
    lines = purchases(folder)
    assert len(lines) == len({line["Purchase line"] for line in lines}) == 600


def test_too_small_a_size_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="at least 94 plots"):
        generate(tmp_path, plots=93, lines=600)
    with pytest.raises(UsageError, match="at least 311 purchase lines"):
        generate(tmp_path, plots=94, lines=310)


def test_every_sheet_of_the_manifest_is_there_with_headers_of_its_table(folder: Path):
    for entry in json.loads((folder / "files.json").read_text()):
        path = folder / entry["file"]
        assert path.is_file()
        for each in entry["sheets"]:
            if path.suffix == ".xlsx":
                rows = sheet(folder, entry["file"], each["sheet"])
                labels = {column.label for column in FACTS[each["table"]]}
                assert rows
                assert {header.removesuffix(" (g)").removesuffix(" (ha)") for header in rows[0]} <= labels


def test_the_manifest_names_the_table_of_a_file_with_one_sheet(folder: Path):
    entries = {entry["file"]: entry for entry in json.loads((folder / "files.json").read_text())}
    assert entries["04-purchases.csv"]["table"] == "purchases"
    assert entries["07-plots.geojson"]["table"] == "plots"
    assert entries["01-company.xlsx"]["table"] is None  # its sheets name theirs
    assert entries["documents/delivery-notes.txt"] == {
        "file": "documents/delivery-notes.txt", "table": None, "sheets": [],
    }  # fmt: skip
    assert (folder / "layers.toml").is_file()


def test_a_document_that_a_row_names_is_in_the_folder(folder: Path):
    named: set[Any] = set()
    for entry in json.loads((folder / "files.json").read_text()):
        for each in entry["sheets"]:
            if entry["file"].endswith(".xlsx"):
                documents = [c.label for c in FACTS[each["table"]] if c.kind == "document"]
                named |= {
                    row[name]
                    for row in sheet(folder, entry["file"], each["sheet"])
                    for name in documents
                    if name in row
                }
    assert named - {None} <= {path.name for path in (folder / "documents").iterdir()}
    assert len(named) > 20


def test_every_document_says_that_it_is_invented(folder: Path):
    for path in (folder / "documents").iterdir():
        for page in path.read_text(encoding="utf-8").split("\f"):
            assert "Invented" in page
            assert "虚构" in page
    assert "虚构" in (folder / "README.md").read_text(encoding="utf-8")


def test_chinese_files_are_in_gb18030(folder: Path):
    head, first, *_ = (folder / "02-suppliers-gb18030.csv").read_bytes().decode("gb18030").splitlines()
    assert head.startswith("供应商编号,供应商名称,国家")
    assert ",巴西," in first
    with pytest.raises(UnicodeDecodeError):
        (folder / "02-suppliers-gb18030.csv").read_text(encoding="utf-8")


def test_pepper_is_just_below_and_sesame_just_above_one_percent(folder: Path):
    rates = {"EUR": Fraction(1)}
    with (folder / "05-exchange-rates.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rates[row["Currency"]] = Fraction(row["Units of the reporting currency for one unit"])
    spend: dict[str, Fraction] = {}
    for line in purchases(folder):
        product = line["Product"]
        spend[product] = spend.get(product, Fraction(0)) + Fraction(line["Net spend"]) * rates[line["Currency"]]
    outside = {"P-31", "P-32", "P-33"}
    whole = sum(amount for product, amount in spend.items() if product not in outside)
    # The product without a recipe may hold pepper, and pepper must stay below all the same.
    assert Fraction(99, 10_000) < (spend["P-11"] + spend["P-20"]) / whole < Fraction(1, 100)
    assert Fraction(1, 100) < spend["P-18"] / whole < Fraction(101, 10_000)


def test_each_lot_weighs_what_is_bought_of_it_and_no_more_than_went_into_it(folder: Path):
    bought: dict[str, int] = {}
    for line in purchases(folder):
        if line["Lot"]:
            bought[line["Lot"]] = bought.get(line["Lot"], 0) + int(Fraction(line["Quantity (kg)"]) * 1000)
    lots = {row["Lot"]: row["Mass (g)"] for row in sheet(folder, "06-chain.xlsx", "Lots")}
    taken: dict[str, int] = {}
    for row in sheet(folder, "06-chain.xlsx", "Deliveries"):
        taken[row["Into lot"]] = taken.get(row["Into lot"], 0) + row["Mass (g)"]
    assert all(lots[lot] == grams for lot, grams in bought.items())
    assert all(taken[lot] >= grams for lot, grams in lots.items())


def test_coordinates_have_six_decimals_but_for_one_plot(folder: Path):
    [short] = {each["subject"] for each in faults(folder)["five-decimals"]["expected"]}
    for plot, line in features(folder).items():
        numbers = (
            line.split('"coordinates": ')[1]
            .replace("[", " ")
            .replace("]", " ")
            .replace("}", " ")
            .replace(",", " ")
        )
        decimals = {len(number.split(".")[1]) for number in numbers.split()}
        assert decimals == ({5} if plot == short else {6})


def test_fields_keep_to_their_own_land(folder: Path):
    boxes: dict[str, list[tuple[float, float, float, float]]] = {}
    for line in features(folder).values():
        feature = json.loads(line.rstrip(","))
        if feature["geometry"]["type"] == "Polygon":
            ring = feature["geometry"]["coordinates"][0]
            east, north = [corner[0] for corner in ring], [corner[1] for corner in ring]
            key = feature["properties"]["Country"]
            boxes.setdefault(key, []).append((min(east), min(north), max(east), max(north)))
            hectares = feature["properties"]["Declared area (ha)"]
            assert hectares == pytest.approx(ring_hectares(ring), abs=0.02)  # one plot is written coarser
    for country in boxes.values():
        for number, a in enumerate(country):
            assert not any(
                a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for b in country[number + 1 :]
            )


def test_the_clearing_of_2022_is_on_all_four_layers_and_farmed_since(folder: Path):
    plot = faults(folder)["clearing-2022"]["expected"][0]["subject"]
    ring = json.loads(features(folder)[plot].rstrip(","))["geometry"]["coordinates"][0]
    middle = tuple(sum(corner[axis] for corner in ring[:-1]) / 6 for axis in (0, 1))
    seen = {layer: value_at(folder, layer, middle) for layer in
            ("forest_2020", "natural_2020", "loss_by_year", "loss_by_day", "land_use_2025", "peat")}  # fmt: skip
    # 15 August 2022 is 592 days after 31 December 2020: 365 of 2021 and 227 of 2022
    assert seen == {
        "forest_2020": 1, "natural_2020": 1, "loss_by_year": 22, "loss_by_day": 592, "land_use_2025": 40,
        "peat": 0,
    }  # fmt: skip


def value_at(folder: Path, layer: str, place: tuple[float, ...]) -> int:
    for path in (folder / "layers" / layer).glob("*.tif"):
        with rasterio.open(path) as raster:
            box = raster.bounds
            if box.left <= place[0] < box.right and box.bottom < place[1] <= box.top:
                return int(next(raster.sample([place]))[0])
    raise AssertionError(f"{layer} has no tile at {place}")


def test_tiles_of_a_layer_meet_without_gap_and_fields_lie_across_the_seam(folder: Path):
    for window in WINDOWS:
        with (
            rasterio.open(folder / "layers" / "peat" / f"{window}-west.tif") as west,
            rasterio.open(folder / "layers" / "peat" / f"{window}-east.tif") as east,
        ):
            assert west.bounds.right == pytest.approx(east.bounds.left, abs=1e-12)
            assert west.width + east.width == 512
    assert 248 % 16 == 8  # the seam runs through the middle of a column of slots


def test_layers_are_small_and_of_one_grid(folder: Path):
    tiles = list((folder / "layers").rglob("*.tif"))
    assert len(tiles) == 6 * 2 * len(WINDOWS)
    assert sum(path.stat().st_size for path in tiles) < 20_000_000
    with rasterio.open(tiles[0]) as raster:
        assert np.unique(raster.read(1)).size >= 1
        assert raster.crs.to_epsg() == 4326


def test_metres_per_degree_at_the_equator_and_at_45_degrees():
    # WGS 84: 111.320 km and 110.574 km at the equator, 78.847 km and 111.132 km at 45 degrees
    assert metres_per_degree(0) == pytest.approx((111_320, 110_574), abs=2)
    assert metres_per_degree(45) == pytest.approx((78_847, 111_132), abs=2)


def test_a_square_of_a_hundred_metres_is_one_hectare():
    across, along = metres_per_degree(-12)
    ring = [
        (0.0, -12.0),
        (100 / across, -12.0),
        (100 / across, -12 + 100 / along),
        (0.0, -12 + 100 / along),
        (0.0, -12.0),
    ]
    assert ring_hectares(ring) == pytest.approx(1, abs=1e-6)


def test_a_slot_has_its_middle_where_its_cells_have_theirs():
    # row 2, column 3 of slots: cells 32 to 47 and 48 to 63, so the middle is at cell 40 and 56
    slot = Slot("ci-centre", 2, 3)
    assert slot.middle_cell == (40, 56)
    assert slot.centre == pytest.approx((-6.7 + 56 * 0.00025, 6.8 - 40 * 0.00025))


def test_the_faulty_workbook_holds_four_bad_rows(folder: Path):
    rows = sheet(folder, "with-errors/purchases-with-errors.xlsx", "Purchases")
    assert len(rows) == 12
    assert rows[2]["Quantity (kg)"] == "14 bushels"
    assert rows[4]["Received on"] == "end of harvest"
    assert rows[6]["Purchase line"] == rows[5]["Purchase line"]
    assert rows[8]["Net spend"] == "about two thousand"


def test_the_generator_knows_nothing_of_rules_land_or_chain():
    folder = Path(landproof.demo.__file__).parent
    allowed = ("landproof.demo", "landproof.domain", "landproof.reference.catalogue")
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                assert not name.startswith("landproof") or name.startswith(allowed), f"{path.name} imports {name}"


def test_chance_is_drawn_from_the_seed_alone():
    folder = Path(landproof.demo.__file__).parent
    for path in folder.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "random.seed" not in text
        assert ".now(" not in text
        assert ".today(" not in text


def test_farmed_quarters_follow_each_other():
    from landproof.demo.chains import QUARTERS

    for earlier, later in pairwise(QUARTERS):
        assert (later[0] - earlier[1]).days == 1
