import json
from pathlib import Path

import polars as pl
import pytest
import shapely
from click.testing import CliRunner, Result

from landproof.cli.app import landproof
from landproof.land.tables import AREAS
from landproof.layers.download import Patience
from landproof.run import layer_tiles
from landproof.run.layer_tiles import plan_layers
from landproof.run.measure_plots import measure_file
from tests.unit.layers.painted import FOREST, catalogue_file, cell, entry, paint, plots
from tests.unit.layers.serving import Serving

BRIEF = Patience(stall_s=0.5, tries=1)


def plots_file(folder: Path, *lands: shapely.Geometry) -> Path:
    path = folder / "plots.geojson"
    features = [
        {"type": "Feature", "properties": {"ProducerName": "P", "ProductionPlace": f"F{place}"},
         "geometry": json.loads(shapely.to_geojson(land))}
        for place, land in enumerate(lands)
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(landproof, ["layers", *map(str, words)], catch_exceptions=False)


def served(server: Serving, folder: Path) -> tuple[Path, Path]:
    """A plot over the corner of two tiles of a loss layer, and the catalogue; one tile is on the server."""
    plot = plots_file(folder, shapely.box(-10.001, 4.99, -9.999, 4.992))
    paint(server.folder / "loss_10N_020W.tif", [[0] * 10] * 10, west=-20.0, north=10.0, step=1.0)
    source = f'url = "{server.url("loss_{tile}.tif")}"\ngrid = "10deg_top_left"'
    content = entry(
        "loss", "change", 'family = "landsat_auto"', 'encoding = "year"', "base_year = 2000", "none = [0]",
        "last_year = 2025", 'earliest = "10-01 of the year before"',
    ).replace('files = ["loss.tif"]', source)  # fmt: skip
    return plot, catalogue_file(folder, content)


def test_tiles_are_named_without_asking_the_network(server: Serving, tmp_path: Path):
    plot, catalogue = served(server, tmp_path)

    found = run(plot, "--layers", catalogue, "--json")

    assert found.exit_code == 0
    assert [(row["file"], row["state"], row["bytes"]) for row in json.loads(found.output)["tiles"]] == [
        ("loss/loss_10N_010W.tif", "missing", None),
        ("loss/loss_10N_020W.tif", "missing", None),
    ]
    assert server.asked == []


def test_sizes_are_asked_for_and_nothing_is_fetched(server: Serving, tmp_path: Path):
    plot, catalogue = served(server, tmp_path)

    plan = plan_layers(plot, catalogue, sizes=True, patience=BRIEF)

    size = (server.folder / "loss_10N_020W.tif").stat().st_size
    assert [need.size for need in plan.needs.tiles] == [None, size]
    assert plan.not_published == ("loss/loss_10N_010W.tif",)
    assert {method for method, *_ in server.asked} == {"HEAD"}
    assert not (tmp_path / "loss").exists()


def test_missing_tiles_are_fetched(server: Serving, tmp_path: Path):
    plot, catalogue = served(server, tmp_path)

    plan = plan_layers(plot, catalogue, fetching=True, patience=BRIEF)

    assert (plan.fetched, plan.failed) == (("loss/loss_10N_020W.tif",), ())
    assert plan.not_published == ("loss/loss_10N_010W.tif",)
    assert [need.there for need in plan.needs.tiles] == [False, True]
    server.asked.clear()
    again = plan_layers(plot, catalogue, fetching=True, patience=BRIEF)
    assert again.fetched == ()
    assert [path for _, path, _ in server.asked] == ["/loss_10N_010W.tif"]  # what is there is not fetched again


@pytest.mark.parametrize("mode", ["error", "stall", "half", "cut"])
def test_a_server_out_of_order_gives_no_tile_then_the_right_verdict(server: Serving, tmp_path: Path, mode: str):
    plot, catalogue = served(server, tmp_path)
    paint(server.folder / "loss_10N_010W.tif", [[0] * 10] * 10, west=-10.0, north=10.0, step=1.0)
    server.mode = mode

    plan = plan_layers(plot, catalogue, fetching=True, patience=BRIEF)

    assert (plan.fetched, len(plan.failed)) == ((), 2)
    assert [need.there for need in plan.needs.tiles] == [False, False]
    areas = tmp_path / "out.areas.csv"
    measure_file(plot, catalogue, tmp_path / "out.csv")
    assert pl.read_csv(areas, schema_overrides=AREAS.schema)["class"].to_list() == [
        "no data"
    ]  # a half tile is never taken for a whole one

    server.mode = "well"
    server.released.set()
    assert len(plan_layers(plot, catalogue, fetching=True, patience=BRIEF).fetched) == 2
    measure_file(plot, catalogue, tmp_path / "out.csv")
    assert pl.read_csv(areas, schema_overrides=AREAS.schema)["class"].to_list() == ["0"]


def test_the_command_fetches_and_says_what_is_there(
    server: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    plot, catalogue = served(server, tmp_path)
    monkeypatch.setattr(layer_tiles, "fetch", _briefly(layer_tiles.fetch))

    found = run(plot, "--layers", catalogue, "--fetch")

    assert found.exit_code == 0
    lines = [line.split() for line in found.output.splitlines()]
    assert ["loss", "loss/loss_10N_010W.tif", "the", "producer", "has", "none", "?", "CC0-1.0"] in lines
    assert any(line[:3] == ["loss", "loss/loss_10N_020W.tif", "there"] for line in lines)
    assert "2 tiles, none missing" in found.output


def test_a_tile_that_could_not_be_fetched_is_an_exit_code(
    server: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    plot, catalogue = served(server, tmp_path)
    server.mode = "error"
    monkeypatch.setattr(layer_tiles, "fetch", _briefly(layer_tiles.fetch))

    found = run(plot, "--layers", catalogue, "--fetch", "--lang", "zh")

    assert found.exit_code == 1
    assert "cannot be fetched" in found.output


def _briefly(fetch):  # type: ignore[no-untyped-def]
    return lambda *args, **named: fetch(*args, **(named | {"patience": BRIEF}))


def test_check_registers_and_says_so(tmp_path: Path):
    paint(tmp_path / "forest.tif", [[0, 1]])

    found = run("check", catalogue_file(tmp_path, FOREST))

    assert found.exit_code == 0
    assert "Registered in" in found.output
    assert (tmp_path / "layers.lock.toml").exists()


def test_check_refuses_in_words(tmp_path: Path):
    paint(tmp_path / "forest.tif", [[0, 9]])

    found = run("check", catalogue_file(tmp_path, FOREST), "--json")

    assert found.exit_code == 1
    [layer] = json.loads(found.output)["layers"]
    assert layer["refused"] == [
        "Layer forest: 1 of 2 sampled cells have a value that no rule lists (9; at most 1 % may). "
        "Correct the rule, or the band."
    ]
    assert not (tmp_path / "layers.lock.toml").exists()


def test_a_file_under_the_plots_is_there(tmp_path: Path):
    paint(tmp_path / "forest.tif", [[0, 1]])
    catalogue = catalogue_file(tmp_path, FOREST)

    plan = plan_layers(plots_file(tmp_path, shapely.box(10, 0.002, 10.001, 0.003)), catalogue)

    assert (plan.plots, plan.unmeasured) == (1, 0)
    assert [(need.file, need.there) for need in plan.needs.tiles] == [("forest.tif", True)]


def test_plots_without_an_outline_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    paint(tmp_path / "forest.tif", [[0, 1]])
    found = plots(A=cell(0, 0), B=None, C=shapely.Polygon())
    monkeypatch.setattr(layer_tiles, "_plots", lambda _: found)

    plan = plan_layers(tmp_path, catalogue_file(tmp_path, FOREST))

    assert (plan.plots, plan.unmeasured) == (3, 2)
    assert [need.file for need in plan.needs.tiles] == ["forest.tif"]


def test_a_point_needs_the_tiles_under_its_disc(server: Serving, tmp_path: Path):
    _, catalogue = served(server, tmp_path)

    plan = plan_layers(plots_file(tmp_path, shapely.Point(-9.9985, 5)), catalogue)  # 165 m from the edge

    # 4 ha is a disc of 113 m, and its fringe reaches 100 m further.
    assert [need.file for need in plan.needs.tiles] == ["loss/loss_10N_010W.tif", "loss/loss_10N_020W.tif"]
