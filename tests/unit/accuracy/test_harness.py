"""The whole harness on a tiny sample: it runs, says the same twice, and prints its page."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from benchmarks.accuracy.__main__ import main
from benchmarks.accuracy.engine import CLEAR
from benchmarks.accuracy.landscapes import ONE_IS_ENOUGH
from benchmarks.accuracy.page import Machine, page
from benchmarks.accuracy.painted import FRONTIER
from benchmarks.accuracy.plots import random_plots
from benchmarks.accuracy.run import Results, Sizes, measure
from benchmarks.accuracy.scene import ALONE, open_scene, series_alone
from polars.testing import assert_frame_equal

from landproof.land.thresholds import PUBLISHED

VALIDATION = Path(__file__).parents[3].parent / "shared" / "data" / "validation"
SMALL = replace(FRONTIER, cells=400)
FRAMES = ("scene", "sweep", "straddle", "painted")


def data() -> Path:
    if not (VALIDATION / "prodes_rondonia").exists():
        pytest.skip("the validation data is not here")
    return VALIDATION


def tiny() -> Results:
    return measure(data(), Sizes(40, 10, 40, 8), origins=[SMALL], hectares=[4.0], workers=1)


@pytest.fixture(scope="module")
def results() -> Results:
    return tiny()


def test_the_same_sample_gives_the_same_rows(results: Results):
    again = tiny()

    for name in FRAMES:
        assert_frame_equal(getattr(results, name), getattr(again, name))


def test_every_plot_has_its_row(results: Results):
    assert results.scene.height == 2 * 40  # position known and not
    assert results.sweep.height == 2 * 2 * 6 * 4 * 10  # procedures, errors, fringes, floors
    assert set(results.painted["families"]) >= {ONE_IS_ENOUGH, "landsat, hls"}


def test_the_year_2021_alone_straddles(results: Results):
    assert results.straddle.height > 0
    assert results.straddle["straddles"].all()


def test_a_wider_fringe_and_a_lower_floor_never_clear_more(results: Results):
    cleared = (
        results.sweep.filter(pl.col("error_m") == 50)
        .group_by("procedure", "fringe_m", "noise_m2")
        .agg(clear=(pl.col("verdict") == CLEAR).sum())
    )
    by_fringe = cleared.sort("fringe_m").group_by("procedure", "noise_m2", maintain_order=True).agg("clear")
    by_floor = cleared.sort("noise_m2").group_by("procedure", "fringe_m", maintain_order=True).agg("clear")

    assert all(row == sorted(row, reverse=True) for row in by_fringe["clear"].to_list())
    assert all(row == sorted(row) for row in by_floor["clear"].to_list())


def test_as_shipped_one_family_clears_nothing(tmp_path: Path):
    scene = open_scene(data() / "prodes_rondonia")
    plots = random_plots((1,), 30, 4.0, scene.place)
    with series_alone(scene, tmp_path) as engine:
        shipped, explored = engine.judge(plots.given, 16.0, [PUBLISHED, ALONE])

    assert CLEAR not in shipped.verdicts
    assert CLEAR in explored.verdicts


def test_the_page_has_its_tables(results: Results):
    written = " ".join(page(results, Machine("a machine", date(2026, 1, 2))).split())

    assert "on 2026-01-02 (a machine;" in written
    assert "${" not in written
    assert "| 4 ha | " in written
    assert "All 21 published or stored figures below are reproduced." in written


def test_without_data_it_says_so_and_ends_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["--data", str(tmp_path / "nowhere"), "--out", str(tmp_path / "page.md")]) == 0
    assert "skipped" in capsys.readouterr().out
    assert not (tmp_path / "page.md").exists()
