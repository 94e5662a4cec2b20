"""The pictures that a case keeps when it is measured, and what its report shows of them."""

import json
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import shapely

from landproof.casefile.case import Case, create, open_case
from landproof.domain.derived import PLOT_STATUS
from landproof.domain.errors import UnreadableInput
from landproof.domain.tables import conform
from landproof.land.kept_picture import MOST_CELLS, MOST_PICTURES, kept_from
from landproof.land.tables import AREAS, LAYERS
from landproof.layers.catalogue import load_catalogue
from landproof.reference.editions import LATEST
from landproof.render.html import render_html
from landproof.render.json import render_json
from landproof.render.wording import Wording
from landproof.reporting.build import build_report
from landproof.reporting.nodes import Paragraph, Pictures, Report
from landproof.run.assess import assessment_of
from landproof.run.inputs import judge_request, request_of
from landproof.run.layer_tiles import store_planes
from landproof.run.measure import Measured, measure
from landproof.run.measure_plots import Options, measure_case
from landproof.run.pictured import draw_pictures, most_telling
from tests.unit.layers.painted import ALL, TERMS, catalogue_file, cell, paint, plots

LANDS: dict[str, shapely.Geometry | None] = {
    "cleared": cell(1, 1),
    "doubtful": cell(2, 2),
    "whole": cell(0, 0, rows=3, columns=3),
    "farm": cell(1, 6),
    "off": shapely.box(40.0, 20.0, 40.001, 20.001),
}


def painted(folder: Path) -> Path:
    """Forest of 3 x 5 cells and a farm beside it; one cell cleared in 2022, seen by two families, one by one."""
    folder.mkdir(parents=True)
    paint(folder / "forest.tif", [[1, 1, 1, 1, 1, 0, 0, 0]] * 3)
    paint(folder / "natural.tif", [[1, 1, 1, 1, 1, 0, 0, 0]] * 3)
    paint(folder / "loss.tif", [[0] * 8, [0, 22, *[0] * 6], [0, 0, 22, *[0] * 5]])
    paint(folder / "alerts.tif", [[0] * 8, [0, 500, *[0] * 6], [0] * 8], dtype="uint16", nodata=65535)
    paint(folder / "use.tif", [[40] * 8] * 3)
    return catalogue_file(folder, ALL)


def put_plots(case: Case, instead_of: list[int], **lands: shapely.Geometry | None) -> None:
    with case.writing() as writer:
        digest = writer.put_table("plots", plots(**lands))
        writer.state("import", {"tables": {"plots": digest}, "files": {}, "instead_of": instead_of})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictured")
    layers = painted(folder / "land")
    case = create(folder / "case", edition=LATEST)
    put_plots(case, [], **LANDS)
    measure_case(case.folder, layers, options=Options(workers=1))
    return folder


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Case:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return open_case(tmp_path / "case")


def report_of(case: Case) -> Report:
    request = request_of(case, stage="apply", as_of=date(2026, 6, 30), readings={})
    return build_report(assessment_of(case, request, judge_request(case, request)))


def shown(report: Report) -> list[str]:
    return [each.plot for node in report.nodes() if isinstance(node, Pictures) for each in node.pictures]


def test_converted_and_doubtful_plots_are_kept_and_no_others(case: Case):
    # All of "cleared" is proved, and a ninth of "whole": the larger share first.
    assert sorted(case.state().measured["pictures"]) == ["cleared", "doubtful", "whole"]
    assert shown(report_of(case)) == ["cleared", "whole", "doubtful"]


def test_a_kept_picture_holds_no_place_and_is_small(case: Case):
    for digest in case.state().measured["pictures"].values():
        content = case.object_path(digest).read_text(encoding="utf-8")
        assert len(content) < 20_000
        kept = kept_from(json.loads(content))
        # The plots lie at 10 degrees east: no number of an outline or a cell is near that in degrees or metres.
        assert max(kept.picture.rows, kept.picture.columns) <= MOST_CELLS
        assert all(0 <= ring.min() <= ring.max() <= MOST_CELLS for ring in kept.picture.rings["plot"])
        assert "10.00" not in content


def test_measuring_again_keeps_the_same_bytes(case: Case):
    before = case.state().measured["pictures"]
    measure_case(case.folder, case.folder.parent / "land" / "layers.toml", options=Options(workers=1))

    assert case.state().measured["pictures"] == before


@pytest.mark.parametrize(("language", "word"), [("en", "harm proved"), ("zh", "危害已证实")])
def test_the_page_has_the_pictures_in_its_language(case: Case, language: str, word: str):
    html = render_html(report_of(case), language)

    assert html.count("fold picture") == 3
    assert word in html
    for number in (1, 2, 3):
        assert html.count(f'id="chart-plot-{number}-title"') == 1
    assert html == render_html(report_of(case), language)


def test_the_json_names_the_kept_files(case: Case):
    report = json.loads(render_json(report_of(case), "en"))
    [land] = [section for section in report["sections"] if section["name"] == "land"]
    [node] = [each for each in land["nodes"] if each["kind"] == "pictures"]

    assert [each["plot"] for each in node["pictures"]] == ["cleared", "whole", "doubtful"]
    assert node["pictures"][0]["verdicts"][0].startswith("deforestation: converted. Forest on 31 December 2020")
    assert all((case.folder / each["file"]).is_file() for each in node["pictures"])
    assert node["left_out"] == 0


def test_a_plot_whose_row_changed_loses_its_picture(case: Case):
    put_plots(case, [1], **(LANDS | {"cleared": cell(1, 0, columns=2)}))

    assert shown(report_of(case)) == ["whole", "doubtful"]


def test_a_case_without_such_a_plot_has_no_pictures(case: Case):
    put_plots(case, [1], farm=LANDS["farm"], off=LANDS["off"])
    measure_case(case.folder, case.folder.parent / "land" / "layers.toml", options=Options(workers=1))

    assert case.state().measured["pictures"] == {}
    assert shown(report_of(case)) == []
    assert "fold picture" not in render_html(report_of(case), "en")


def test_a_case_that_was_never_measured_has_no_pictures(tmp_path: Path):
    case = create(tmp_path / "case", edition=LATEST)
    put_plots(case, [], **LANDS)

    assert shown(report_of(case)) == []


@pytest.mark.parametrize("harm", ["edited", "gone", "another"])
def test_a_damaged_picture_is_told(case: Case, harm: str):
    path = case.object_path(case.state().measured["pictures"]["whole"])
    if harm == "gone":
        path.unlink()
    else:
        content = path.read_bytes()
        path.write_bytes(content.replace(b'"rows"', b'"Rows"') if harm == "edited" else b"[")

    with pytest.raises(UnreadableInput, match="Restore it from a copy of the case"):
        report_of(case)


def test_rasters_that_say_otherwise_give_no_picture(case: Case):
    land = case.folder.parent / "land"
    measured = measure(plots(**LANDS), load_catalogue(land / "layers.toml"), TERMS)
    paint(land / "loss.tif", [[0] * 8] * 3)
    paint(land / "alerts.tif", [[0] * 8] * 3, dtype="uint16", nodata=65535)

    drawn = draw_pictures(plots(**LANDS), measured, load_catalogue(land / "layers.toml"), TERMS, None)

    assert drawn == {}


def rows(*verdicts: tuple[str, str, str, int | None, int]) -> Measured:
    """Plots by name, harm, verdict, land that bears on it and whole land in square metres."""
    status = pl.DataFrame(
        [each[:4] for each in verdicts], schema=["plot", "harm", "verdict", "area_m2"], orient="row"
    )
    names = [(name, layer, "1", whole // 2) for name, *_, whole in verdicts for layer in ("a", "b")]
    areas = pl.DataFrame(
        [(*row[:2], kind, row[3]) for row in dict.fromkeys(names) for kind in ("0", "1")],
        schema=["plot", "layer", "class", "area_m2"], orient="row",
    )  # fmt: skip
    return Measured(
        conform(areas, AREAS), conform(status.with_columns(reasons=pl.lit([], pl.List(pl.String))), PLOT_STATUS),
        LAYERS.empty(),
    )  # fmt: skip


def test_converted_plots_come_first_then_larger_shares_then_names():
    measured = rows(
        ("a", "deforestation", "inconclusive", 90, 100),
        ("b", "deforestation", "converted", 10, 100),
        ("c", "conversion", "converted", 100, 200),
        ("d", "deforestation", "inconclusive", 900, 1000),
        ("e", "deforestation", "inconclusive", 91, 100),
        ("f", "deforestation", "inconclusive", None, 100),
        ("g", "deforestation", "not converted", 100, 100),
        ("h", "peat", "converted", 100, 100),
    )

    # c has half of its land converted, b a tenth; e doubts 91 %, a and d 90 %; of f nobody says how much.
    assert most_telling(measured) == ["c", "b", "e", "a", "d", "f"]


def test_a_plot_counts_once_and_by_its_worse_verdict():
    measured = rows(
        ("a", "deforestation", "inconclusive", 100, 100),
        ("a", "conversion", "converted", 1, 100),
        ("b", "deforestation", "converted", 2, 100),
    )

    assert most_telling(measured) == ["b", "a"]


@pytest.mark.parametrize(("candidates", "chosen"), [(0, 0), (1, 1), (23, 23), (24, 24), (25, 24)])
def test_a_case_keeps_no_more_than_its_limit(candidates: int, chosen: int):
    assert MOST_PICTURES == 24
    measured = rows(*[(f"P-{n:02}", "deforestation", "converted", 50, 100) for n in range(candidates)])

    assert most_telling(measured) == [f"P-{n:02}" for n in range(chosen)]


def test_the_number_that_is_left_out_is_told(case: Case, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("landproof.run.pictured.most_telling", lambda _: ["cleared", "doubtful"])
    measure_case(case.folder, case.folder.parent / "land" / "layers.toml", options=Options(workers=1))

    report = report_of(case)
    assert shown(report) == ["cleared", "doubtful"]
    [land] = [section for section in report.sections if section.name == "land"]
    said = [Wording("en")(node.sentence) for node in land.nodes if isinstance(node, Paragraph)]
    assert said[-1].startswith("Converted or in doubt, and not drawn here: 1. A case keeps at most 24 pictures;")


def test_pictures_from_bit_planes_are_the_same(case: Case, tmp_path: Path):
    layers = case.folder.parent / "land" / "layers.toml"
    store_planes(layers, tmp_path / "planes")
    measured = measure(plots(**LANDS), load_catalogue(layers), TERMS)

    drawn = [
        draw_pictures(plots(**LANDS), measured, load_catalogue(layers), TERMS, planes)
        for planes in (None, tmp_path / "planes")
    ]

    assert len(drawn[0]) == 3
    assert drawn[0] == drawn[1]
