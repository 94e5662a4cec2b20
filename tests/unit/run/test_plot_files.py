"""What people who only have plots get: tables in order of the plots, however many there are."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pyogrio
import pytest
import shapely
from polars.testing import assert_frame_equal
from python_calamine import CalamineWorkbook

from landproof.domain.derived import PLOT_STATUS
from landproof.domain.errors import UsageError
from landproof.land.tables import AREAS
from landproof.land.thresholds import Terms
from landproof.layers.catalogue import load_catalogue
from landproof.run import plot_files
from landproof.run.cells import CELL_PLOTS, Limits, divide
from landproof.run.executors import Serial
from landproof.run.gather import Range, gathered
from landproof.run.measure import Measured, whole
from landproof.run.measuring import Run, measure_parts
from landproof.run.plot_files import check_rows, wide, writer_for
from tests.unit.layers.painted import CUT_OFF
from tests.unit.run.scene import frame_of, painted, shapes

HARMS = PLOT_STATUS["harm"].choices


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path, Measured]:
    """A finished run, its cell files, and all that it found."""
    folder = tmp_path_factory.mktemp("run")
    catalogue = load_catalogue(painted(folder / "layers"))
    cells = folder / "plots" / "0"
    parts, _ = divide([frame_of(shapes())], cells, Limits(plots=10))
    run = measure_parts(parts, cells, catalogue, folder, Serial(), terms=Terms(CUT_OFF))
    return run, cells, whole(run, catalogue)


def written(found: Any, path: Path, *, most: int = 100_000, language: str = "en") -> Path:
    run, cells, _ = found
    writer_for(path)(path, gathered(run, cells, path.parent / "scratch", most=most), language)
    return path


@pytest.mark.parametrize("most", [1, 7, 63, 64, 1000])
def test_ranges_together_are_everything_in_order(found: Any, tmp_path: Path, most: int):
    run, cells, expected = found
    ranges = list(gathered(run, cells, tmp_path, most=most))

    assert_frame_equal(pl.concat([each.plot_status for each in ranges]), expected.plot_status)
    assert_frame_equal(pl.concat([each.areas for each in ranges]), expected.areas)
    plots = pl.concat([each.plots for each in ranges])["plot"].to_list()
    assert plots == sorted(shapes())
    for each in ranges:
        assert set(each.areas["plot"]) <= set(each.plots["plot"]) == set(each.plot_status["plot"])
    assert len(ranges) > 5 or most > 7


@pytest.mark.parametrize("ending", ["parquet", "csv", "geojson"])
def test_ranges_change_no_byte(found: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str):
    monkeypatch.setattr(plot_files, "_ROW_GROUP", 10)
    for most in (5, 1000):
        (tmp_path / str(most)).mkdir()
        written(found, tmp_path / str(most) / f"out.{ending}", most=most)
    one, other = (
        {path.name: path.read_bytes() for path in (tmp_path / str(most)).iterdir() if path.is_file()}
        for most in (5, 1000)
    )
    assert one == other
    assert set(one) == {f"out.{ending}"} | ({f"out.areas.{ending}"} if ending != "geojson" else set())


def test_parquet_is_a_map_with_a_verdict_for_each_harm(found: Any, tmp_path: Path):
    path = written(found, tmp_path / "out.parquet")
    frame = pl.read_parquet(path)
    _, _, expected = found

    assert frame["plot"].to_list() == sorted(shapes())
    for harm in HARMS:
        rows = expected.plot_status.filter(pl.col("harm") == harm)
        assert frame[harm.replace(" ", "_")].to_list() == rows["verdict"].to_list()
        assert frame[f"{harm.replace(' ', '_')}_reasons"].to_list() == rows["reasons"].to_list()
    geo = json.loads(pl.read_parquet_metadata(path)["geo"])
    assert geo["primary_column"] == "geometry"
    by_plot = dict(zip(frame["plot"], frame["geometry"], strict=True))
    assert by_plot["off"] == shapely.to_wkb(shapely.box(30.0, 10.0, 30.01, 10.01))
    assert by_plot["none"] is None
    assert_frame_equal(pl.read_parquet(tmp_path / "out.areas.parquet"), expected.areas)


def test_csv_has_the_same_columns_but_the_geometry(found: Any, tmp_path: Path):
    path = written(found, tmp_path / "out.csv")
    frame = pl.read_csv(path, infer_schema=False)
    parquet = pl.read_parquet(written(found, tmp_path / "out.parquet"))

    assert frame.columns == [name for name in parquet.columns if name != "geometry"]
    assert frame["deforestation"].to_list() == parquet["deforestation"].to_list()
    assert frame["deforestation_reasons"].to_list() == parquet["deforestation_reasons"].list.join(";").to_list()


def test_geojson_is_read_by_others(found: Any, tmp_path: Path):
    path = written(found, tmp_path / "out.geojson")
    content = json.loads(path.read_text(encoding="utf-8"))
    _, _, expected = found

    features = {feature["id"]: feature for feature in content["features"]}
    assert list(features) == sorted(shapes())
    assert features["none"]["geometry"] is None
    areas = expected.areas.filter(pl.col("plot") == "on-border")
    said = {(layer, name): area for layer, classes in features["on-border"]["properties"]["areas_m2"].items()
            for name, area in classes.items()}  # fmt: skip
    assert said == {(row["layer"], row["class"]): row["area_m2"] for row in areas.iter_rows(named=True)}
    assert len(pyogrio.raw.read(path)[2]) == len(shapes())


def test_a_workbook_speaks_the_readers_language(found: Any, tmp_path: Path):
    path = written(found, tmp_path / "out.xlsx", language="zh_Hans")
    book = CalamineWorkbook.from_path(str(path))
    [verdicts, areas] = book.sheet_names
    rows = book.get_sheet_by_name(verdicts).to_python()

    assert rows[0][:2] == ["地块", "森林砍伐"]
    assert [row[0] for row in rows[1:]] == sorted(shapes())
    assert {row[1] for row in rows[1:]} <= {"未转化", "已转化", "无法判定", "未评估"}
    assert len(book.get_sheet_by_name(areas).to_python()) == found[2].areas.height + 1


def test_a_full_sheet_goes_on_to_the_next(found: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plot_files, "SHEET_ROWS", 100)
    book = CalamineWorkbook.from_path(str(written(found, tmp_path / "out.xlsx")))
    names = book.sheet_names[1:]
    sheets = [book.get_sheet_by_name(name).to_python() for name in names]

    assert names == ["Areas"] + [f"Areas {number}" for number in range(2, len(names) + 1)]
    assert {len(sheet) for sheet in sheets[:-1]} == {100}
    assert sum(len(sheet) - 1 for sheet in sheets) == found[2].areas.height
    assert len({tuple(sheet[0]) for sheet in sheets}) == 1


def test_a_workbook_takes_as_many_plots_as_a_sheet_has_rows():
    check_rows(Path("out.xlsx"), 1_048_575)
    check_rows(Path("out.csv"), 10**9)
    with pytest.raises(UsageError, match=r"1,048,575 plots at most, and there are 1,048,576\. Write \.parquet"):
        check_rows(Path("out.xlsx"), 1_048_576)


def test_another_ending_is_refused():
    with pytest.raises(UsageError, match=r"\.parquet, \.csv, \.geojson, \.xlsx"):
        writer_for(Path("out.shp"))


def test_nothing_measured_is_a_table_without_rows(tmp_path: Path):
    for ending in ("parquet", "csv", "geojson", "xlsx"):
        path = tmp_path / f"out.{ending}"
        writer_for(path)(path, [Range(CELL_PLOTS.empty(), PLOT_STATUS.empty(), AREAS.empty())], "en")
        assert path.is_file()
    assert wide(PLOT_STATUS.empty()).height == 0
    assert pl.read_parquet(tmp_path / "out.parquet").columns[:2] == ["plot", "geometry"]
    assert json.loads((tmp_path / "out.geojson").read_text())["features"] == []


def test_ranges_are_about_as_large_as_asked(tmp_path: Path):
    from landproof.run.gather import _limits

    parts = []
    for cell in range(20):
        plots = {f"{number * 7919 % 4000:04d}-{cell}": shapely.Point(cell, 1) for number in range(200)}
        parts += divide([frame_of(plots)], tmp_path / str(cell))[0]
    ids = pl.Series(sorted(name for cell in range(20) for name in pl.read_parquet(tmp_path / str(cell))["plot"]))
    ends = [*ids.search_sorted(_limits(parts, 100)).to_list(), 4000]
    sizes = [end - start for start, end in zip([0, *ends], ends, strict=False)]

    assert len(sizes) > 30
    assert max(sizes) < 400  # all parts hold ids of the same kind, and are not sampled at the same places
