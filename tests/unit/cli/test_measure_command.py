"""`landproof measure` for people who only have plots."""

import json
from pathlib import Path

import polars as pl
import pytest
import shapely
from click.testing import CliRunner, Result

from landproof.cli.app import landproof
from tests.unit.run.scene import geojson, painted, repaint, shapes


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return painted(tmp_path_factory.mktemp("layers"))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(landproof, ["measure", *map(str, arguments)], catch_exceptions=True)


def test_it_sums_up_by_verdict(layers: Path, tmp_path: Path):
    plots = geojson(tmp_path / "plots.geojson", {"A": shapely.box(30, 10, 30.01, 10.01), "B": None})
    found = run(plots, "--layers", layers, "-o", tmp_path / "out.csv")

    assert found.exit_code == 0
    lines = found.stdout.splitlines()
    assert lines[0].split("  ")[0] == "Harm"
    assert lines[2].split() == ["deforestation", "0", "0", "0", "1"]
    assert "1 plots, 1 judged now; 0 rows rejected." in lines
    assert [Path(line).name for line in lines[-3:]] == ["out.csv", "out.areas.csv", "out.layers.csv"]
    ledger = pl.read_csv(tmp_path / "out.layers.csv")
    assert set(ledger["layer"]) == {"forest", "loss"}
    assert ledger["sha256"].null_count() == 0


def test_rows_that_are_no_plots_hold_up_no_other(layers: Path, tmp_path: Path):
    plots = geojson(tmp_path / "plots.geojson", shapes(10))
    found = run(plots, "--layers", layers, "-o", tmp_path / "out.parquet")

    assert found.exit_code == 0
    assert "crosses" in found.stderr or "not valid" in found.stderr
    assert "12 plots, 12 judged now; 1 rows rejected." in found.stdout
    rejects = pl.read_csv(tmp_path / "out.rejects.csv")
    assert rejects.select("source_name", "source_row", "field").rows() == [("plots.geojson", 13, "geometry")]

    geojson(plots, {"A": shapely.box(30, 10, 30.01, 10.01)})
    run(plots, "--layers", layers, "-o", tmp_path / "out.parquet")
    assert not (tmp_path / "out.rejects.csv").exists()


def test_a_file_without_any_plot_is_measured_and_said(layers: Path, tmp_path: Path):
    plots = geojson(tmp_path / "plots.geojson", {"broken": shapes()["broken"]})
    found = run(plots, "--layers", layers, "-o", tmp_path / "out.parquet")

    assert found.exit_code == 0
    assert "0 plots, 0 judged now; 1 rows rejected." in found.stdout
    assert pl.read_parquet(tmp_path / "out.parquet").height == 0


def test_later_runs_say_what_changed_in_both_languages(tmp_path: Path):
    layers = painted(tmp_path / "layers")
    plots = geojson(tmp_path / "plots.geojson", {"P": shapely.box(12.4, 0.4, 12.45, 0.45)})
    arguments = (plots, "--layers", layers, "--keep", tmp_path / "keep")
    assert run(*arguments).exit_code == 0
    repaint(tmp_path / "layers", "loss_02.tif", 0, west=12, north=1)
    found = run(*arguments)

    assert (
        "1 plots: 1 judged now, 0 screened, since nothing near them had changed; 0 rows rejected." in found.stdout
    )
    assert "1 verdicts differ from the run before." in found.stdout or "2 verdicts differ" in found.stdout
    assert "tile: loss/loss_02.tif" in found.stdout

    repaint(tmp_path / "layers", "loss_02.tif", 22, west=12, north=1)
    found = run(*arguments, "--json")
    assert json.loads(found.stdout)["judged"] == 1
    repaint(tmp_path / "layers", "loss_02.tif", 0, west=12, north=1)
    found = run(*arguments, "--lang", "zh")
    assert found.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nowhere.geojson", "--layers", "{layers}"), 3, "nowhere.geojson cannot be opened"),
        (("{folder}", "--layers", "{layers}"), 2, "is a folder"),
        (("{plots}", "--layers", "nowhere.toml"), 3, "nowhere.toml is not there"),
        (("{plots}", "--layers", "{layers}", "-o", "out.shp"), 2, "Cannot write out.shp"),
        (("{plots}", "--layers", "{layers}", "--workers", "0"), 2, "Give 1 or more"),
        (("{plots}", "--layers", "{layers}", "--on", "tcp://x:1", "--workers", "2"), 2, "Give one"),
    ],
)
def test_what_cannot_be_done_is_said(
    layers: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str, monkeypatch: pytest.MonkeyPatch
):
    from landproof.cli import main

    plots = geojson(tmp_path / "plots.geojson", {"A": shapely.box(30, 10, 30.01, 10.01)})
    places = {"layers": layers, "plots": plots, "folder": tmp_path}
    monkeypatch.setattr("sys.argv", ["landproof", "measure", *(each.format(**places) for each in arguments)])
    told: list[str] = []
    monkeypatch.setattr("click.echo", lambda message="", **_: told.append(str(message)))
    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == code
    assert said in "\n".join(told)


def test_nobody_may_write_there(layers: Path, tmp_path: Path):
    plots = geojson(tmp_path / "plots.geojson", {"A": shapely.box(30, 10, 30.01, 10.01)})
    (tmp_path / "file").write_text("")
    found = run(plots, "--layers", layers, "-o", tmp_path / "file" / "out.csv")
    assert "cannot be written" in str(found.exception)
