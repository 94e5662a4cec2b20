"""After a change, only what it may touch is judged again, and the result is that of judging everything."""

import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely

from landproof.domain.errors import UnreadableInput
from landproof.land.thresholds import Terms
from landproof.layers.catalogue import load_catalogue
from landproof.layers.ledger import read_ledger
from landproof.run.cells import divide
from landproof.run.executors import Serial
from landproof.run.measuring import finish, load_ledger, measure_parts
from landproof.run.results import Results
from tests.unit.layers.painted import CUT_OFF
from tests.unit.run.scene import (
    FOREST,
    LOSS,
    STEP,
    Watching,
    contents,
    frame_of,
    geojson,
    measured,
    measured_with,
    painted,
    repaint,
    shapes,
)

HARMS = 5


@pytest.fixture
def scene(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Plots, layers, and a folder that keeps their results."""
    layers = painted(tmp_path / "layers")
    plots = geojson(tmp_path / "plots.geojson", shapes())
    measured(plots, layers, keep=tmp_path / "keep")
    return plots, layers, tmp_path / "keep"


def again(plots: Path, layers: Path, keep: Path) -> Any:
    """Measured again with what was kept; it must be what measuring everything anew gives."""
    folder = keep.parent / "compared"
    found = measured(plots, layers, folder / "kept" / "out.parquet", keep)
    measured(plots, layers, folder / "anew" / "out.parquet")
    kept, anew = contents(folder / "kept" / "out.parquet"), contents(folder / "anew" / "out.parquet")
    kept.pop("out.changes.csv")
    assert kept == anew
    return found


def listed(keep: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(keep / f"{name}.parquet")


def test_without_a_change_nothing_is_judged(scene: Any):
    plots, layers, keep = scene
    found = again(plots, layers, keep)

    assert (found.plots, found.judged, found.changes.height) == (62, 0, 0)
    assert listed(keep, "judged").is_empty()


def test_a_changed_tile_judges_the_plots_within_its_reach(scene: Any):
    plots, layers, keep = scene
    before = {row["plot"]: row["verdict"] for row in verdicts(plots, layers)}
    repaint(layers.parent, "loss_02.tif", 22, west=12, north=1)
    found = again(plots, layers, keep)
    judged = set(listed(keep, "judged")["plot"])

    # By hand: the tile spans 12 to 13 degrees east, 0 to 1 north; cells of 554 m reach 1.9 km with the fringe.
    inside = {name for name, shape in shapes().items() if shape is not None and on(shape, 12, 0, 13, 1, 0.0)}
    near = {name for name, shape in shapes().items() if shape is not None and on(shape, 12, 0, 13, 1, 0.05)}
    assert inside <= judged <= near
    assert 0 < len(judged) == found.judged < found.plots == 62

    after = {row["plot"]: row["verdict"] for row in verdicts(plots, layers)}
    changes = listed(keep, "changes")
    of_forest = changes.filter(pl.col("harm") == "deforestation")
    assert {row["plot"]: (row["before"], row["after"]) for row in of_forest.iter_rows(named=True)} == {
        name: (before[name], after[name]) for name in before if before[name] != after[name]
    }
    assert of_forest.height > 0
    assert set(changes["cause"]) == {"tile"}
    assert changes["tiles"].to_list() == [["loss/loss_02.tif"]] * changes.height
    assert found.changes.height == changes.height


def verdicts(plots: Path, layers: Path) -> list[dict[str, Any]]:
    from landproof.domain.facts.land import PLOTS
    from landproof.domain.tables import conform
    from landproof.intake.plots import import_plots
    from landproof.run.measure import measure

    frame = conform(import_plots(plots).plots, PLOTS)
    found = measure(frame, load_catalogue(layers), Terms(CUT_OFF)).plot_status
    return found.filter(pl.col("harm") == "deforestation").to_dicts()


def on(shape: shapely.Geometry, west: float, south: float, east: float, north: float, grown: float) -> bool:
    return shapely.box(west - grown, south - grown, east + grown, north + grown).intersects(shape)


def test_a_changed_plot_is_judged_alone(scene: Any):
    plots, layers, keep = scene
    changed = shapes()
    changed["P007"] = shapely.box(11.5, 0.5, 11.52, 0.52)
    del changed["P008"]
    changed["new"] = shapely.box(10.5, -0.5, 10.52, -0.48)
    geojson(plots, changed)
    found = again(plots, layers, keep)

    assert found.judged == 2
    assert listed(keep, "judged")["plot"].to_list() == ["P007", "new"]
    changes = listed(keep, "changes")
    assert set(changes["plot"]) <= {"P007", "P008", "new"}
    assert set(changes["cause"]) == {"plot"}
    gone, new = changes.filter(pl.col("plot") == "P008"), changes.filter(pl.col("plot") == "new")
    assert (gone.height, gone["after"].null_count()) == (HARMS, HARMS)
    assert (new.height, new["before"].null_count()) == (HARMS, HARMS)
    moved = changes.filter(pl.col("plot") == "P007")
    assert moved["before"].null_count() == moved["after"].null_count() == 0  # it went from one cell to another


def test_another_rule_judges_everything_again(scene: Any):
    plots, layers, keep = scene
    layers.write_text(FOREST + LOSS.replace("last_year = 2025", "last_year = 2024"), encoding="utf-8")
    assert again(plots, layers, keep).judged == 62

    layers.write_text(
        FOREST.replace("natural = [1]\nnot_natural = [0]", "natural = [0]\nnot_natural = [1]") + LOSS
    )
    found = again(plots, layers, keep)
    assert found.judged == 62
    assert set(found.changes["cause"]) == {"layer"}
    assert found.changes["tiles"].to_list() == [["forest", "loss"]] * found.changes.height


def test_words_for_readers_and_other_places_judge_nothing_again(scene: Any):
    plots, layers, keep = scene
    layers.write_text((FOREST + LOSS).replace('title = "Painted"', 'title = "Repainted"'), encoding="utf-8")
    found = measured(plots, layers, keep=keep)
    assert found.judged == 0


def test_a_tile_that_comes_or_goes_judges_its_cells_again(scene: Any):
    plots, layers, keep = scene
    (layers.parent / "loss_00.tif").rename(layers.parent / "aside.tif")
    found = again(plots, layers, keep)
    judged = set(listed(keep, "judged")["plot"])

    inside = {name for name, shape in shapes().items() if shape is not None and on(shape, 10, 0, 11, 1, 0.0)}
    assert inside - {"broken"} <= judged  # intake rejects the broken one
    assert found.judged < 62
    assert set(listed(keep, "changes")["cause"]) == {"tile"}

    (layers.parent / "aside.tif").rename(layers.parent / "loss_00.tif")
    assert again(plots, layers, keep).judged == len(judged)


def test_a_tile_that_is_written_again_as_it_was_judges_nothing(scene: Any):
    plots, layers, keep = scene
    tile = layers.parent / "loss_01.tif"
    tile.write_bytes(tile.read_bytes())
    os.utime(tile, (1, 1))
    assert again(plots, layers, keep).judged == 0


def test_a_tile_that_cannot_be_read_is_tried_again_by_the_next_run(scene: Any):
    plots, layers, keep = scene
    tile = layers.parent / "loss_01.tif"
    whole = tile.read_bytes()
    tile.write_bytes(whole[: len(whole) // 2])
    found = again(plots, layers, keep)
    assert [message.values["file"] for message in found.problems] == ["loss_01.tif"]
    assert measured(plots, layers, keep=keep).judged >= found.judged > 0

    tile.write_bytes(whole)
    found = again(plots, layers, keep)
    assert found.problems == []
    assert found.judged > 0


def test_a_tile_that_changes_while_it_is_measured_has_no_say(scene: Any, monkeypatch: pytest.MonkeyPatch):
    plots, layers, _ = scene
    repaint(layers.parent, "loss_00.tif", 22, west=10, north=1)

    def spoil(done: int) -> None:
        if done == 1:
            repaint(layers.parent, "loss_02.tif", 21, west=12, north=1)

    found = measured_with(monkeypatch, Watching(Serial(), spoil), plots, layers)
    assert [message.values["file"] for message in found.problems] == ["loss_02.tif"]
    assert "changed while" in str(found.problems[0])


def test_half_a_result_is_not_taken(scene: Any, tmp_path: Path):
    plots, layers, keep = scene
    key = next((keep / "results").glob("??/*.json")).name.removesuffix(".json")
    results = Results(keep / "results")
    assert results.receipt(key) is not None
    for ending in ("json", "status.parquet", "areas.parquet"):
        path = keep / "results" / key[:2] / f"{key}.{ending}"
        content = path.read_bytes()
        path.unlink()
        assert results.receipt(key) is None
        path.write_bytes(content)
    path = keep / "results" / key[:2] / f"{key}.json"
    path.write_bytes(path.read_bytes()[:-10])
    assert results.receipt(key) is None
    found = measured(plots, layers, keep=keep)
    assert found.changes is not None
    assert found.changes.is_empty()


@pytest.mark.parametrize(
    "written", ["", "{}", "[1]", '{"format": 0}', "\ud800".encode("utf-8", "replace").decode()]
)
def test_a_ledger_that_is_none_is_no_ledger(scene: Any, written: str):
    plots, layers, keep = scene
    assert read_ledger(written) is None
    (keep / "ledger.json").write_text(written, encoding="utf-8")
    assert load_ledger(keep) is None
    found = measured(plots, layers, keep=keep)
    assert found.changes is None
    assert found.judged == found.plots  # nobody knows what was judged before


def test_the_ledger_names_layer_version_tile_and_digest(scene: Any):
    from hashlib import sha256

    _, layers, keep = scene
    ledger = load_ledger(keep)
    assert ledger is not None
    assert {(tile.layer, tile.version, tile.file, tile.digest) for tile in ledger.tiles} == {
        (path.name.split("_")[0], "1", path.name, sha256(path.read_bytes()).hexdigest())
        for path in layers.parent.glob("*.tif")
    }
    assert ledger.terms.startswith("2020-12-31, published: ")
    on_border = ledger.cells["s01e010"]
    assert len(on_border.tiles) >= 6  # the plot on the corner of four degrees reaches all tiles around


def test_old_results_and_cells_are_removed_in_the_end(scene: Any):
    plots, layers, keep = scene
    before = {path.name for path in (keep / "results").glob("??/*")}
    geojson(plots, {name: shape for name, shape in shapes().items() if name < "P020"})
    measured(plots, layers, keep=keep)
    ledger = load_ledger(keep)
    assert ledger is not None
    keys = {part.key for cell in ledger.cells.values() for part in cell.parts}
    assert {path.name.split(".")[0] for path in (keep / "results").glob("??/*")} == keys
    assert [path.name for path in (keep / "plots").iterdir()] == [ledger.folder]
    assert before != {path.name for path in (keep / "results").glob("??/*")}


def test_two_processes_do_not_measure_in_one_folder(scene: Any):
    from filelock import FileLock

    plots, layers, keep = scene
    with FileLock(keep / ".lock"), pytest.raises(Exception, match="Another process is measuring"):
        measured(plots, layers, keep=keep)


def test_a_tile_that_is_gone_when_its_content_is_asked_for_is_refused(tmp_path: Path):
    layers = painted(tmp_path / "layers")
    catalogue = load_catalogue(layers)
    (layers.parent / "loss_01.tif").unlink()
    parts, _ = divide([frame_of({"P": shapely.box(11.5, 0.5, 11.5 + STEP, 0.5 + STEP)})], tmp_path / "cells")
    with pytest.raises(UnreadableInput, match=r"loss_01\.tif cannot be read"):
        measure_parts(parts, tmp_path / "cells", catalogue, tmp_path, Serial(), terms=Terms(CUT_OFF))


def test_a_run_that_was_not_finished_leaves_the_ledger_of_the_last(scene: Any, tmp_path: Path):
    plots, layers, keep = scene
    del plots
    before = (keep / "ledger.json").read_bytes()
    parts, _ = divide([frame_of(shapes(3))], tmp_path / "cells")
    run = measure_parts(parts, tmp_path / "cells", load_catalogue(layers), keep, Serial(), terms=Terms(CUT_OFF))
    assert (keep / "ledger.json").read_bytes() == before
    finish(keep, run)
    assert (keep / "ledger.json").read_bytes() != before
