"""One plot opened: a case and a file of plots on painted rasters of 3 x 3 cells (12,309 m2 each)."""

import json
import shutil
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl
import pytest
import shapely
from click.testing import CliRunner, Result

from landproof.casefile.case import create
from landproof.cli.app import landproof
from landproof.domain.errors import LandproofError, UsageError
from landproof.land.picture import Mark
from landproof.layers.catalogue import load_catalogue
from landproof.reference.editions import LATEST
from landproof.run.measure import measure
from landproof.run.measure_plots import Options, measure_case
from landproof.run.why import open_plot
from landproof.run.why_record import canonical_record, finding_areas, record_of
from landproof.run.why_text import Words
from landproof.run.work import catalogue_of
from tests.unit.layers.painted import ALL, CELL_M2, TERMS, catalogue_file, cell, paint, plots
from tests.unit.run.scene import geojson

HARMS = ["deforestation", "conversion", "wood degradation", "peat", "degradation"]


def painted(folder: Path) -> Path:
    """Forest everywhere; the middle cleared in 2022, seen by two families, and the south-east by one."""
    folder.mkdir(parents=True)
    paint(folder / "forest.tif", [[1, 1, 1]] * 3)
    paint(folder / "natural.tif", [[1, 1, 1]] * 3)
    paint(folder / "loss.tif", [[0, 0, 0], [0, 22, 0], [0, 0, 22]])
    paint(folder / "alerts.tif", [[0, 0, 0], [0, 500, 0], [0, 0, 0]], dtype="uint16", nodata=65535)
    paint(folder / "use.tif", [[40, 40, 40]] * 3)
    return catalogue_file(folder, ALL)


LANDS: dict[str, shapely.Geometry | None] = {
    "cleared": cell(1, 1),
    "doubtful": cell(2, 2),
    "whole": cell(0, 0, rows=3, columns=3),
    "point": shapely.Point(10.0015, 0.0015),
    "off": shapely.box(40.0, 20.0, 40.001, 20.001),
}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the rasters and a measured case with the plots of `LANDS`."""
    folder = tmp_path_factory.mktemp("why")
    layers = painted(folder / "land")
    made = create(folder / "case", edition=LATEST)
    with made.writing() as writer:
        digest = writer.put_table("plots", plots(**LANDS))
        writer.state("import", {"tables": {"plots": digest}, "files": {}, "instead_of": []})
    measure_case(made.folder, layers, options=Options(workers=1))
    return folder


@pytest.fixture
def case(measured: Path, tmp_path: Path) -> Path:
    """The case; its rasters lie beside it."""
    shutil.copytree(measured, tmp_path, dirs_exist_ok=True)
    return tmp_path / "case"


@pytest.fixture
def land(case: Path) -> Path:
    """The rasters that the case was measured on."""
    return case.parent / "land"


def run(*words: object) -> Result:
    return CliRunner().invoke(landproof, ["why", *map(str, words)], catch_exceptions=False)


@pytest.mark.parametrize("plot", LANDS)
def test_the_plot_gets_the_verdicts_of_measuring_all(case: Path, land: Path, plot: str):
    opened = open_plot(case, plot)

    expected = measure(plots(**LANDS), load_catalogue(land / "layers.toml"), TERMS).plot_status
    assert opened.status.sort("harm").equals(expected.filter(pl.col("plot") == plot).sort("harm"))
    assert record_of(opened)["kept"] == {
        "differing": [], "files_changed": [], "catalogue_changed": False, "procedure_changed": False,
        "plot_changed": False,
    }  # fmt: skip


def test_a_converted_plot_opens_to_the_patch_that_proves_it(case: Path):
    record = record_of(open_plot(case, "cleared"))

    deforestation = record["verdicts"][0]
    assert [each["harm"] for each in record["verdicts"]] == HARMS
    assert (deforestation["verdict"], deforestation["reasons"]) == ("converted", ["C-FOREST"])
    assert deforestation["rules"] == ["DCF-3.1-1", "DCF-3.1-7"]
    assert "AMB-19" in deforestation["readings"]
    first = record["patches"][0]
    assert first["zone"] == "core"
    assert first["means"]["deforestation"] == {"is": "proved", "codes": ["C-FOREST"], "decided": True}
    assert first["states"]["loss"] == {"meaning": "change", "earliest": "2021-10-01", "latest": "2022-12-31"}
    # Day 500 after 31 December 2020 is 15 May 2022, and the change was up to 30 days older.
    assert first["states"]["alerts"] == {"meaning": "change", "earliest": "2022-04-15", "latest": "2022-05-15"}
    assert sum(each["area_m2"] for each in record["patches"] if each["zone"] != "fringe") == CELL_M2
    assert record["zones_m2"]["core"] + record["zones_m2"]["edge"] == CELL_M2


def test_layers_have_their_classes_inside_and_around(case: Path, land: Path):
    record = record_of(open_plot(case, "cleared"))

    assert [each["id"] for each in record["layers"]] == ["forest", "natural", "alerts", "loss", "use"]
    loss = record["layers"][3]
    assert [(each["file"], len(each["sha256"])) for each in loss["files"]] == [("loss.tif", 64)]
    assert [(each["class"], each["meaning"], each["plot_m2"]) for each in loss["classes"]] == [
        ("22", "change", CELL_M2),
        ("0", "no change", 0),
    ]
    for layer in record["layers"]:
        assert sum(each["plot_m2"] for each in layer["classes"]) == CELL_M2
        assert sum(each["fringe_m2"] for each in layer["classes"]) == record["zones_m2"]["fringe"]


def test_a_doubtful_plot_names_the_cheapest_evidence(case: Path):
    record = record_of(open_plot(case, "doubtful"))

    assert record["verdicts"][0]["verdict"] == "inconclusive"
    assert record["verdicts"][0]["reasons"] == ["I-ONE-FAMILY", "A-NODATA"]  # beyond the rasters
    # Tiles (1) and a second family (2) cost less than an image pair (4), which would not show the missing tiles.
    assert record["verdicts"][0]["next_evidence"] == ["layer", "family"]
    areas = finding_areas(record, ("deforestation", "conversion"))
    assert areas[Mark.DOUBT][0] >= CELL_M2
    assert "I-ONE-FAMILY" in areas[Mark.DOUBT][1]


def test_the_map_of_what_decides_and_the_patches_agree(case: Path):
    opened = open_plot(case, "whole")

    [panel] = opened.picture.deciding if opened.picture else ()
    areas = finding_areas(record_of(opened), ("deforestation", "conversion"))
    assert set(panel.marks) == set(areas)
    assert areas[Mark.PROVED][0] == CELL_M2


def test_a_plot_without_a_tile_is_told_as_one(case: Path):
    record = record_of(open_plot(case, "off"))

    assert {each["verdict"] for each in record["verdicts"]} == {"not assessed"}
    assert [(each["zone"], each["view"]["forest"]) for each in record["patches"]] == [("plot", "unknown")]
    assert [each["files"] for each in record["layers"]] == [[]] * 5


def test_a_plot_of_a_file_needs_its_catalogue(case: Path, land: Path, tmp_path: Path):
    file = geojson(tmp_path / "plots.geojson", {"cleared": cell(1, 1)})

    with pytest.raises(UsageError, match="add --layers"):
        open_plot(file, "cleared")
    opened = open_plot(file, "cleared", land / "layers.toml")

    assert opened.kept is None
    assert opened.status.equals(open_plot(case, "cleared").status)


@pytest.mark.parametrize("plot", ["", "Cleared", "nowhere"])
def test_a_plot_that_is_not_there_is_refused_with_some_that_are(case: Path, land: Path, tmp_path: Path, plot: str):
    file = geojson(tmp_path / "plots.geojson", {"cleared": cell(1, 1)})

    with pytest.raises(UsageError, match="cleared"):
        open_plot(case, plot)
    with pytest.raises(UsageError, match="cleared"):
        open_plot(file, plot, land / "layers.toml")


def test_a_case_that_was_never_measured_says_so(tmp_path: Path):
    create(tmp_path / "case", edition=LATEST)

    with pytest.raises(UsageError, match="never measured"):
        open_plot(tmp_path / "case", "cleared")


def test_what_is_no_case_and_no_file_is_refused(land: Path, tmp_path: Path):
    with pytest.raises(LandproofError):
        open_plot(tmp_path / "nothing.geojson", "cleared", land / "layers.toml")


def test_a_case_that_moved_without_its_rasters_asks_for_them(case: Path, land: Path, tmp_path: Path):
    elsewhere = tmp_path / "a" / "b" / "case"
    shutil.copytree(case, elsewhere)

    with pytest.raises(UsageError, match="--layers"):
        open_plot(elsewhere, "cleared")
    assert open_plot(elsewhere, "cleared", land / "layers.toml").status.equals(open_plot(case, "cleared").status)


def test_a_case_that_moved_with_its_rasters_finds_them(case: Path, land: Path, tmp_path: Path):
    (tmp_path / "new").mkdir()
    for folder in (case, land):
        shutil.copytree(folder, tmp_path / "new" / folder.name)

    assert catalogue_of(tmp_path / "new" / "case") == tmp_path / "new" / "land" / "layers.toml"


def test_a_tile_that_changed_since_is_named(case: Path, land: Path):
    paint(land / "alerts.tif", [[0, 0, 0]] * 3, dtype="uint16", nodata=65535)
    found = run(case, "cleared", "--lang", "en")
    record = record_of(open_plot(case, "cleared"))

    assert found.exit_code == 1
    assert "alerts: alerts.tif is not the file that was measured on." in found.output
    assert "deforestation" in record["kept"]["differing"]
    assert record["kept"]["files_changed"] == [{"layer": "alerts", "file": "alerts.tif"}]
    verdict = record["verdicts"][0]
    assert (verdict["verdict"], verdict["measured"]["verdict"]) == ("inconclusive", "converted")
    assert "Measured again now: inconclusive." in found.output


def test_another_catalogue_is_named(case: Path, land: Path):
    path = land / "layers.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a word\n", encoding="utf-8")

    kept = record_of(open_plot(case, "cleared"))["kept"]

    assert (kept["catalogue_changed"], kept["differing"]) == (True, [])


def test_a_broken_tile_is_told_and_has_no_data(case: Path, land: Path):
    content = (land / "use.tif").read_bytes()
    (land / "use.tif").write_bytes(content[:-6])
    record = record_of(open_plot(case, "cleared"))

    assert record["patches"][0]["states"]["use"]["meaning"] == "no data"
    assert [each["file"] for each in record["problems"]] == ["use.tif"]


def test_the_same_inputs_give_the_same_bytes(case: Path, land: Path):
    first, again = (run(case, "cleared", "--json").output for _ in range(2))

    assert first == again
    assert first.strip() == canonical_record(json.loads(first))
    assert str(land) not in first


def test_pictures_are_written_and_the_same_again(case: Path, tmp_path: Path):
    for name in ("a.svg", "b.svg", "a.png", "b.png"):
        found = run(case, "cleared", "-o", tmp_path / name)
        assert found.exit_code == 0
        assert found.output.rstrip().endswith(name)

    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    root = ET.fromstring((tmp_path / "a.svg").read_text("utf-8"))  # noqa: S314 (our own)
    words = " ".join(each.text or "" for each in root.iter())
    assert "harm proved: 12,309\u00a0m²; C-FOREST" in words


def test_another_ending_is_refused_before_anything_is_read(tmp_path: Path):
    found = CliRunner().invoke(landproof, ["why", str(tmp_path / "none"), "P", "-o", "picture.jpg"])

    assert isinstance(found.exception, UsageError)
    assert ".svg, .png" in str(found.exception)


@pytest.mark.parametrize(("language", "said"), [("en", "converted"), ("zh_Hans", "已转化")])
@pytest.mark.parametrize("plot", LANDS)
def test_every_plot_is_told_in_both_languages(case: Path, plot: str, language: str, said: str):
    words = Words(record_of(open_plot(case, plot)), language)

    told = "\n".join(str(part) for part in words.parts())
    assert plot in told
    assert "%(" not in told
    if plot == "cleared":
        assert said in told


def test_a_signed_review_is_shown_as_what_settled_it(case: Path):
    opened = open_plot(case, "doubtful")
    kept = opened.kept
    assert kept is not None
    assessed = kept.status.with_columns(
        verdict=pl.when(pl.col("harm") == "deforestation").then(pl.lit("not converted")).otherwise("verdict"),
        reasons=pl.when(pl.col("harm") == "deforestation")
        .then(pl.lit(["N-GROUND"], pl.List(pl.String)))
        .otherwise("reasons"),
        review=pl.when(pl.col("harm") == "deforestation").then(pl.lit("R-1")),
    )
    reviews = kept.reviews.clear(1).with_columns(
        review=pl.lit("R-1"), looked_at=pl.lit("field visit"), signed_on=pl.lit(date(2026, 3, 1))
    )
    object.__setattr__(opened, "kept", _with(kept, assessed=assessed, reviews=reviews, as_of=date(2026, 6, 30)))

    record = record_of(opened)
    told = "\n".join(str(part) for part in Words(record, "en").parts())

    assert record["verdicts"][0]["assessed"]["review"]["review"] == "R-1"
    assert record["verdicts"][0]["next_evidence"] == []
    assert (
        "Settled by review R-1 (field visit, signed on 1 March 2026). The layers alone say: inconclusive." in told
    )


def _with(kept: object, **values: object) -> object:
    from dataclasses import replace

    return replace(kept, **values)  # type: ignore[type-var]
