"""Measuring on stored bit planes: whatever the store holds, every file that is written is the same to the byte."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely
from click.testing import CliRunner, Result

from landproof.cli.app import landproof
from landproof.layers.catalogue import load_catalogue
from landproof.layers.classes import Classes
from landproof.layers.planes import PlaneStore
from landproof.layers.tiles import digest_of
from tests.unit.layers.painted import entry, paint
from tests.unit.run.scene import STEP, contents, geojson, painted, repaint, shapes

ALERTS = entry(
    "alerts", "change", 'family = "s2_auto"', 'encoding = "days"', "epoch = 2019-12-31", "none = [0]",
    "uncertainty_days = 30", "last_day = 2022-06-30",
)  # fmt: skip
USE = entry("use", "land use after", "agriculture = [15, 39]", "other_use = [24]", "no_use = [3]")


def run(*arguments: object) -> Result:
    found = CliRunner().invoke(landproof, [str(each) for each in arguments])
    assert found.exit_code == 0, found.output
    return found


@pytest.fixture
def land(tmp_path: Path) -> Path:
    """Nine tiles of forest and loss, two layers on lattices of their own, and values that no rule lists."""
    path = painted(tmp_path / "layers")
    random = np.random.default_rng(3)
    days = random.choice([0, 0, 0, 0, 0, 0, 0, 200, 366, 380, 500, 950], (300, 500))
    paint(
        path.parent / "alerts.tif", days.tolist(), dtype="uint16", nodata=65535, west=10.3, north=0.7, step=0.003
    )
    # Cells of 500 m in metres, so that every other layer is looked up there or it is looked up elsewhere.
    use = random.choice([3, 15, 24, 39, 77], (200, 400))
    paint(path.parent / "use.tif", use.tolist(), west=1_110_000, north=50_000, step=500, crs="EPSG:3857")
    path.write_text(path.read_text(encoding="utf-8") + ALERTS + USE, encoding="utf-8")
    return path


@pytest.fixture
def plots(tmp_path: Path) -> Path:
    return geojson(tmp_path / "plots.geojson", shapes(12) | {"wide": shapely.box(10.2, -0.1, 10.5, 0.1)})


def store(layers: Path, folder: Path) -> Path:
    run("layers", "planes", layers, "--store", folder)
    return folder


def outputs(folder: Path, name: str, *arguments: object) -> tuple[dict[str, bytes], Result]:
    """What `measure` writes, and what it says."""
    folder.mkdir(exist_ok=True)
    found = run("measure", *arguments, "--workers", 1, "-o", folder / name)
    return contents(folder / name), found


@pytest.mark.parametrize("name", ["out.parquet", "out.csv", "out.geojson"])
def test_the_files_are_the_same_to_the_byte(land: Path, plots: Path, tmp_path: Path, name: str) -> None:
    planes = store(land, tmp_path / "planes")
    without, _ = outputs(tmp_path / "a", name, plots, "--layers", land)
    with_them, said = outputs(tmp_path / "b", name, plots, "--layers", land, "--planes", planes)

    assert with_them == without
    assert "planes" not in said.stderr


def test_years_before_the_cut_off_stay_apart(land: Path, plots: Path, tmp_path: Path) -> None:
    """A reader finds the year of an old clearing and the crop that grows there, with planes as without."""
    outputs(tmp_path, "out.csv", plots, "--layers", land, "--planes", store(land, tmp_path / "planes"))

    areas = pl.read_csv(tmp_path / "out.areas.csv", infer_schema=False)
    years = areas.filter(pl.col("layer") == "loss")["class"].unique()
    assert {str(value) for value in range(15, 25)} <= set(years)
    assert {"3", "15", "39", "24", "unlisted"} <= set(areas.filter(pl.col("layer") == "use")["class"])
    old = areas.filter((pl.col("layer") == "loss") & (pl.col("class") == "17"))
    assert old["year"].unique().to_list() == ["2017"]


def test_an_exploration_reads_them_too(land: Path, plots: Path, tmp_path: Path) -> None:
    planes = store(land, tmp_path / "planes")
    other = (plots, "--layers", land, "--exploration", "--cut-off", "2018-06-30")
    without, _ = outputs(tmp_path / "a", "out.csv", *other)
    with_them, said = outputs(tmp_path / "b", "out.csv", *other, "--planes", planes)

    assert with_them == without
    assert "planes" not in said.stderr


def test_tiles_without_planes_are_counted_once(land: Path, plots: Path, tmp_path: Path) -> None:
    planes = store(land, tmp_path / "planes")
    without, _ = outputs(tmp_path / "a", "out.csv", plots, "--layers", land)
    for path in sorted(planes.iterdir())[:3]:
        path.unlink()
    with_them, said = outputs(tmp_path / "b", "out.csv", plots, "--layers", land, "--planes", planes)

    assert with_them == without
    assert said.stderr.count("3 of 11 tiles have no planes") == 1


@pytest.mark.parametrize("place", [40, -200, -1])
def test_damaged_planes_are_told_and_change_nothing(land: Path, plots: Path, tmp_path: Path, place: int) -> None:
    planes = store(land, tmp_path / "planes")
    without, _ = outputs(tmp_path / "a", "out.csv", plots, "--layers", land)
    for path in planes.iterdir():
        content = bytearray(path.read_bytes())
        content[place] ^= 1
        path.write_bytes(content)
    keep = tmp_path / "keep"
    with_them, said = outputs(
        tmp_path / "b", "out.csv", plots, "--layers", land, "--planes", planes, "--keep", keep
    )

    assert with_them == without
    assert "the planes of loss_00.tif are damaged, so the raster is read" in said.stderr
    # The result stands: a later run does not measure it again, and so reads no planes.
    _, again = outputs(tmp_path / "b", "out.csv", plots, "--layers", land, "--planes", planes, "--keep", keep)
    assert ", 0 judged now" not in said.stdout
    assert ": 0 judged now" in again.stdout
    assert "damaged" not in again.stderr


def test_results_do_not_depend_on_who_measured_them(land: Path, plots: Path, tmp_path: Path) -> None:
    """What a run without planes kept stands for a run with them, and the other way round."""
    planes = store(land, tmp_path / "planes")
    for first, second in (((), ("--planes", planes)), (("--planes", planes), ())):
        keep = tmp_path / f"keep{len(first)}"
        run("measure", plots, "--layers", land, "--keep", keep, "--workers", 1, *first)
        found = run("measure", plots, "--layers", land, "--keep", keep, "--workers", 1, *second, "--json")
        assert json.loads(found.stdout)["judged"] == 0


def test_workers_read_them_by_their_path(land: Path, plots: Path, tmp_path: Path) -> None:
    planes = store(land, tmp_path / "planes")
    alone, _ = outputs(tmp_path / "a", "out.csv", plots, "--layers", land)
    run("measure", plots, "--layers", land, "--planes", planes, "--workers", 2, "-o", tmp_path / "out.csv")

    assert contents(tmp_path / "out.csv") | {"plots.geojson": b""} == alone | {"plots.geojson": b""}


def test_they_are_what_is_read(land: Path, plots: Path, tmp_path: Path) -> None:
    """Planes that were made from another raster, under the name of this one, are believed."""
    without, _ = outputs(tmp_path / "a", "out.csv", plots, "--layers", land)
    layer = next(each for each in load_catalogue(land).layers if each.id == "loss")
    tile = next(each for each in layer.tiles if each.name == "loss_00.tif")
    digest = digest_of(tile)
    assert digest is not None
    other = tmp_path / "loss_00.tif"
    paint(other, [[0] * 200] * 200, west=10.0, north=1.0, step=STEP)
    false = PlaneStore(tmp_path / "planes", {str(other): digest})
    assert false.build(replace(tile, path=other, address=str(other)), Classes(layer.decoder)) is not None
    with_them, _ = outputs(tmp_path / "b", "out.csv", plots, "--layers", land, "--planes", tmp_path / "planes")

    assert with_them != without


def test_planes_of_a_raster_that_changed_do_not_count(land: Path, plots: Path, tmp_path: Path) -> None:
    planes = store(land, tmp_path / "planes")
    repaint(land.parent, "loss_00.tif", 22, west=10.0, north=1.0)
    without, _ = outputs(tmp_path / "a", "out.csv", plots, "--layers", land)
    with_them, said = outputs(tmp_path / "b", "out.csv", plots, "--layers", land, "--planes", planes)

    assert with_them == without
    assert "1 of 11 tiles have no planes" in said.stderr


def test_a_folder_that_is_not_there_is_refused(land: Path, plots: Path, tmp_path: Path) -> None:
    found = CliRunner().invoke(
        landproof, ["measure", str(plots), "--layers", str(land), "--planes", str(tmp_path / "nowhere")]
    )
    assert "There is no folder of bit planes" in str(found.exception)
