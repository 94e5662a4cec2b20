"""Painted rasters that can be counted by hand. A cell of 0.001 degrees at the equator has 12,309 m2."""

from decimal import Decimal
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest
import shapely

from landproof.layers.catalogue import load_catalogue
from landproof.run.measure import Measured, measure
from tests.unit.land.geodesic import plot_area_m2
from tests.unit.layers.painted import ALL, FOREST, NORTH, STEP, TERMS, WEST, catalogue_file, cell, paint, plots

CELL_M2 = 12_309  # 769.317 m2 of a 0.00025-degree cell at the equator, times 16


@pytest.fixture
def land(tmp_path: Path) -> Path:
    """Three by three cells: forest in the west, grassland in the south-east, farmland elsewhere."""
    paint(tmp_path / "forest.tif", [[1, 1, 0], [1, 1, 0], [1, 0, 0]])
    paint(tmp_path / "natural.tif", [[1, 1, 0], [1, 1, 0], [1, 0, 1]])
    paint(tmp_path / "loss.tif", [[22, 21, 22], [0, 0, 0], [22, 0, 22]])
    paint(tmp_path / "alerts.tif", [[500, 0, 500], [0, 500, 0], [0, 0, 500]], dtype="uint16", nodata=65535)
    paint(tmp_path / "use.tif", [[40, 40, 40], [20, 40, 40], [40, 40, 40]])
    return tmp_path


def run(folder: Path, frame: pl.DataFrame, content: str = ALL) -> Measured:
    return measure(frame, load_catalogue(catalogue_file(folder, content)), TERMS)


def areas(found: Measured, plot: str, layer: str) -> dict[str, int]:
    rows = found.areas.filter((pl.col("plot") == plot) & (pl.col("layer") == layer))
    return dict(zip(rows["class"], rows["area_m2"], strict=True))


def said(found: Measured, plot: str, harm: str = "deforestation") -> tuple[str, list[str]]:
    rows = found.plot_status.filter((pl.col("plot") == plot) & (pl.col("harm") == harm))
    [(verdict, reasons)] = rows.select("verdict", "reasons").rows()
    return verdict, reasons


WIDE = 0.01  # degrees: a cell is about 123 ha, so that a plot in its middle has no other within its fringe


def wide(folder: Path) -> Path:
    """The same land on cells ten times as wide, with a cell of untouched forest all around."""
    far = {"west": WEST - WIDE, "north": NORTH + WIDE, "step": WIDE}
    for name, rest, rows in (
        ("forest", 1, [[1, 1, 0], [1, 1, 0], [1, 0, 0]]),
        ("natural", 1, [[1, 1, 0], [1, 1, 0], [1, 0, 1]]),
        ("loss", 0, [[22, 21, 22], [0, 0, 0], [22, 0, 22]]),
        ("use", 20, [[40, 40, 40], [20, 40, 40], [40, 40, 40]]),
    ):
        paint(folder / f"{name}.tif", framed(rows, rest), **far)
    alerts = [[500, 0, 500], [0, 500, 0], [0, 0, 500]]
    paint(folder / "alerts.tif", framed(alerts, 0), dtype="uint16", nodata=65535, **far)
    return folder


def framed(rows: list[list[int]], rest: int) -> list[list[int]]:
    across = [rest] * 5
    return [across, *([rest, *row, rest] for row in rows), across]


def middle(row: int, column: int) -> shapely.Geometry:
    """A plot 200 m inside a wide cell."""
    west, north = WEST + column * WIDE, NORTH - row * WIDE
    return shapely.box(west + 0.002, north - WIDE + 0.002, west + WIDE - 0.002, north - 0.002)


def test_each_cell_has_its_verdict(tmp_path: Path):
    land = wide(tmp_path)
    found = run(
        land, plots(**{f"r{row}c{column}": middle(row, column) for row in range(3) for column in range(3)})
    )

    assert said(found, "r0c0") == ("converted", ["C-FOREST"])
    assert said(found, "r0c1") == ("inconclusive", ["I-STRADDLE"])
    assert said(found, "r0c2") == ("not converted", ["N-NONNATURAL"])
    assert said(found, "r1c0") == ("not converted", ["N-SILENT", "NC-STANDING"])
    assert said(found, "r1c1") == ("inconclusive", ["I-ONE-FAMILY"])
    assert said(found, "r1c2") == ("not converted", ["N-SILENT", "N-NONNATURAL"])
    assert said(found, "r2c0") == ("inconclusive", ["I-ONE-FAMILY"])
    assert said(found, "r2c2") == ("not converted", ["N-NOT-FOREST"])
    assert said(found, "r2c2", "conversion") == ("converted", ["C-NATURAL"])


def test_areas_of_classes_can_be_counted(land: Path):
    found = run(land, plots(P=cell(0, 0, rows=3, columns=3)))

    assert areas(found, "P", "forest") == {"0": 4 * CELL_M2, "1": 5 * CELL_M2 + 1}  # 9 cells have 110,782 m2
    assert areas(found, "P", "use") == {"20": CELL_M2, "40": 8 * CELL_M2 + 1}
    assert sum(areas(found, "P", "loss").values()) == plot_area_m2(cell(0, 0, rows=3, columns=3)) == 110_782
    years = found.areas.filter(pl.col("layer") == "loss").select("class", "year", "meaning").rows()
    assert years == [("0", None, "no change"), ("21", 2021, "change"), ("22", 2022, "change")]


def test_a_plot_half_on_forest_is_half_forest(land: Path):
    half = shapely.box(WEST + 1.5 * STEP, NORTH - STEP, WEST + 2.5 * STEP, NORTH)
    found = run(land, plots(P=half))

    assert sorted(areas(found, "P", "forest").values()) == [6_154, 6_155]  # 12,309 does not halve


def test_no_data_is_a_class_with_an_area_of_its_own(land: Path):
    paint(land / "forest.tif", [[255, 1, 0]])  # one of three rows, with a hole in the data
    found = run(land, plots(P=cell(0, 0, rows=2, columns=2), Q=cell(0, 4)))

    assert areas(found, "P", "forest") == {"1": CELL_M2, "no data": 3 * CELL_M2}
    assert areas(found, "Q", "forest") == {"no data": CELL_M2}
    assert said(found, "Q") == ("not assessed", ["A-NODATA"])


def test_the_catalogue_may_overrule_what_a_file_calls_no_data(land: Path):
    paint(land / "forest.tif", [[0, 1]], nodata=0)
    frame = plots(P=cell(0, 0))

    assert areas(run(land, frame), "P", "forest") == {"no data": CELL_M2}
    content = ALL.replace(FOREST, FOREST + "nodata = []\n")
    assert areas(run(land, frame, content), "P", "forest") == {"0": CELL_M2}
    content = ALL.replace(FOREST, FOREST + "nodata = [1]\n")
    assert areas(run(land, plots(P=cell(0, 1)), content), "P", "forest") == {"no data": CELL_M2}


def test_a_fraction_or_not_a_number_is_no_class(land: Path):
    paint(land / "forest.tif", [[0.5, 1]], dtype="float32", nodata=None)
    found = run(land, plots(P=cell(0, 0, columns=2)))

    assert areas(found, "P", "forest") == {"1": CELL_M2, "unlisted": CELL_M2}
    assert said(found, "P")[0] != "not converted"


def test_a_change_beside_an_outline_keeps_it_in_doubt(tmp_path: Path):
    """The fringe of an outline of unknown origin is 64 m wide: 2 times the root of 30² + 12²."""
    land = wide(tmp_path)
    quiet = middle(1, 0)  # its north side is 200 m from the clearing in r0c0
    metre = 1 / 110_574
    reached, spared = (
        shapely.transform(quiet, lambda points, up=up: points + np.array([0, up * metre]))
        for up in (221 - 60, 221 - 68)
    )
    found = run(land, plots(P=reached, Q=spared))

    assert said(found, "P") == ("inconclusive", ["I-FRINGE"])
    assert said(found, "Q") == ("not converted", ["N-SILENT", "NC-STANDING"])
    taken = plots(P=reached).with_columns(located_by=pl.lit("gnss"))  # 2 times the root of 10² + 12²: 31 m
    assert said(run(land, taken), "P") == ("not converted", ["N-SILENT", "NC-STANDING"])


def test_a_clearing_that_barely_enters_a_plot_does_not_convert_it(tmp_path: Path):
    land = wide(tmp_path)
    metre = 1 / 110_574
    north = NORTH - WIDE  # where the clearing of r0c0 ends
    shallow, deep = (
        shapely.box(WEST + 0.002, north - 0.006, WEST + WIDE - 0.002, north + into * metre) for into in (30, 40)
    )
    found = run(land, plots(P=shallow, Q=deep))  # sigma is 32.3 m, and 600 m of 2 m are 1,200 m2

    assert said(found, "P") == ("inconclusive", ["I-FRINGE"])
    assert said(found, "Q") == ("converted", ["C-FOREST"])


@pytest.mark.parametrize(("cells", "verdict"), [(4, "inconclusive"), (5, "converted")])
def test_the_whole_patch_counts_where_a_plot_cuts_it(tmp_path: Path, cells: int, verdict: str):
    """Cells of 1,231 m2 in a row: four are less than half a hectare, five are more. The plot holds but two."""
    fine = STEP / 10 * 3.16227766
    blank = [[0] * 20 for _ in range(20)]
    cut = [[22 if row == 10 and 8 <= column < 8 + cells else 0 for column in range(20)] for row in range(20)]
    seen = [[500 if each else 0 for each in row] for row in cut]
    for name, rows in (("forest", 1), ("natural", 1), ("use", 40)):
        paint(tmp_path / f"{name}.tif", [[rows] * 20 for _ in blank], step=fine)
    paint(tmp_path / "loss.tif", cut, step=fine)
    paint(tmp_path / "alerts.tif", seen, step=fine, dtype="uint16", nodata=65535)
    plot = shapely.box(WEST + 6 * fine, NORTH - 14 * fine, WEST + 10 * fine, NORTH - 7 * fine)
    found = run(tmp_path, plots(P=plot).with_columns(located_by=pl.lit("gnss")))

    assert said(found, "P")[0] == verdict
    assert said(found, "P")[1] == (["C-FOREST"] if verdict == "converted" else ["I-SMALL"])


def test_a_missing_tile_is_never_no_loss(tmp_path: Path):
    land = wide(tmp_path)
    quiet = plots(P=middle(1, 0))
    assert said(run(land, quiet), "P")[0] == "not converted"

    for layer in ("forest", "loss", "alerts"):
        kept = (land / f"{layer}.tif").read_bytes()
        (land / f"{layer}.tif").unlink()
        assert said(run(land, quiet), "P") == ("not assessed", ["A-NODATA"])
        (land / f"{layer}.tif").write_bytes(kept)


def test_a_missing_tile_is_listed_without_a_digest(land: Path):
    (land / "loss.tif").unlink()
    found = run(land, plots(P=cell(1, 0))).layers

    assert found.filter(pl.col("sha256").is_null()).select("layer", "file").rows() == [("loss", "loss.tif")]
    assert found.filter(pl.col("layer") == "forest")["sha256"].str.len_chars().to_list() == [64]


def split(folder: Path, names: tuple[str, str]) -> str:
    """The forest of `land` as two tiles."""
    paint(folder / f"{names[0]}.tif", [[1, 1], [1, 1], [1, 0]])
    paint(folder / f"{names[1]}.tif", [[0], [0], [0]], west=WEST + 2 * STEP)
    return ALL.replace('"forest.tif"', f'"{names[1]}.tif", "{names[0]}.tif"')


def test_a_plot_across_two_tiles_is_counted_in_both(land: Path):
    frame = plots(P=cell(0, 0, rows=3, columns=3), Q=shapely.box(10.0005, 0.0002, 10.0027, 0.0029))
    whole = run(land, frame)

    for names in (("west", "east"), ("z", "a")):
        tiled = run(land, frame, split(land, names))
        assert tiled.areas.equals(whole.areas)
        assert tiled.plot_status.equals(whole.plot_status)


def test_the_order_of_plots_does_not_matter(land: Path):
    random = Random(7)  # noqa: S311 - a fixed shuffle
    shapes = {f"P{at}": cell(at % 3, at // 3) for at in range(9)}
    names = list(shapes)
    random.shuffle(names)
    first, second = run(land, plots(**shapes)), run(land, plots(**{name: shapes[name] for name in names}))

    assert first.areas.equals(second.areas)
    assert first.plot_status.equals(second.plot_status)
    assert first.plot_status.select("plot", "harm").is_sorted("plot")


def test_every_plot_gets_five_verdicts_even_without_a_shape(land: Path):
    bow = shapely.Polygon([(10, 0), (10.001, 0.001), (10.001, 0), (10, 0.001), (10, 0)])
    frame = plots(A=cell(0, 0), B=None, C=bow, D=shapely.Polygon(), E=shapely.LineString([(10, 0), (10.1, 0)]))
    found = run(land, frame)

    assert found.plot_status.height == 5 * 5
    assert {said(found, plot) == ("not assessed", ["A-GEOM"]) for plot in "BCDE"} == {True}
    assert said(found, "A")[0] == "converted"


def test_no_plots_and_no_layers_are_no_error(land: Path):
    assert run(land, plots()).plot_status.is_empty()
    (land / "none.tif").unlink(missing_ok=True)
    content = FOREST.replace('"forest.tif"', '"none.tif"')
    assert said(run(land, plots(P=cell(0, 0)), content), "P") == ("not assessed", ["A-NODATA"])


def test_a_point_is_measured_as_a_disc(land: Path):
    point = plots(P=shapely.Point(WEST + STEP / 2, NORTH - STEP / 2))
    found = run(land, point)

    assert sum(areas(found, "P", "forest").values()) == 40_000
    small = run(land, point.with_columns(area_ha=pl.lit(Decimal("0.25")).cast(pl.Decimal(38, 6))))
    assert areas(small, "P", "forest") == {"1": 2_500}


def test_a_finer_layer_is_joined_cell_by_cell(land: Path):
    """Forest on cells of a third: only the north-west ninth of the cell that lost trees was forest.

    That corner is outside the core but for a strip, and around the plot nobody looked.
    """
    fine = [[0] * 9 for _ in range(9)]
    fine[0][0] = 1
    paint(land / "forest.tif", fine, step=STEP / 3)
    found = run(land, plots(P=cell(0, 0)))

    assert areas(found, "P", "forest") == {"0": 10_941, "1": 1_368}  # 12,309 times 8/9 and 1/9
    assert said(found, "P") == ("inconclusive", ["I-FRINGE", "A-NODATA"])


def test_a_layer_on_another_lattice_is_looked_up_at_the_middle_of_each_cell(land: Path):
    """Forest begins a quarter of a cell into the plot: its area is exact, and the middle of the cell is forest."""
    paint(land / "forest.tif", [[0, 1, 1], [0, 1, 1]], west=WEST - STEP * 3 / 4)
    found = run(land, plots(P=cell(0, 0)))
    [row] = found.plot_status.filter(pl.col("harm") == "deforestation").rows(named=True)

    assert areas(found, "P", "forest") == {"0": 3_077, "1": 9_232}  # 12,309 times 1/4 and 3/4
    assert row["area_m2"] == 12_309


def test_progress_is_told(land: Path):
    told: list[tuple[int, int]] = []
    measure(
        plots(A=cell(0, 0), B=None), load_catalogue(catalogue_file(land)), TERMS,
        progress=lambda done, of: told.append((done, of)),
    )  # fmt: skip

    assert told == [(1, 2), (2, 2)]
