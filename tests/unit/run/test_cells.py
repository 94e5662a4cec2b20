"""Plots in cell files: all of them, once, whatever the order, and few enough in each."""

from pathlib import Path

import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from landproof.land.thresholds import Terms
from landproof.layers.catalogue import load_catalogue
from landproof.run.cells import CELL_PLOTS, NOWHERE, Limits, Part, divide, hulls_of, load_parts, save_parts
from landproof.run.executors import Serial
from landproof.run.measure import whole
from landproof.run.measuring import measure_parts
from tests.unit.layers.painted import CUT_OFF
from tests.unit.run.scene import frame_of, painted, shapes

SMALL = Limits(plots=4, run=2_000)


def read(folder: Path, parts: list[Part]) -> list[pl.DataFrame]:
    return [pl.read_parquet(folder / part.file) for part in parts]


def test_each_plot_is_in_the_cell_of_its_south_west_corner(tmp_path: Path):
    plots = frame_of(
        {
            "a": shapely.box(10.9, -0.1, 11.2, 0.3),
            "b": shapely.Point(-0.5, 89.5),
            "c": shapely.box(-180, -90, -179.5, -89.5),
            "d": None,
            "e": shapely.Point(180, 90),
            "f": shapely.box(200, 0, 201, 1),
            "g": shapely.box(11, 0, 11.5, 0.5),
        }
    )
    parts, repeated = divide([plots], tmp_path)

    assert {part.cell: part.plots for part in parts} == {
        "s01e010": 1, "n89w001": 1, "s90w180": 1, NOWHERE: 2, "n90e180": 1, "n00e011": 1,
    }  # fmt: skip
    assert repeated.is_empty()
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_no_more_plots_than_the_limit_are_in_a_file(tmp_path: Path):
    crowded = {f"{number:03d}": shapely.Point(10 + number % 7 / 50, 5 + number % 5 / 50) for number in range(100)}
    crowded |= {f"same-{number}": shapely.Point(10.5, 5.5) for number in range(20)}
    parts, _ = divide([frame_of(crowded)], tmp_path, SMALL)

    assert sum(part.plots for part in parts) == 120
    assert {part.cell for part in parts} == {"n05e010"}
    assert len({part.file for part in parts}) == len(parts)
    scattered = [part for part in parts if not any(name.startswith("same") for name in part.ids)]
    assert max(part.plots for part in scattered) <= 4
    assert max(part.plots for part in parts) < 20  # those at one place are told apart by their ids


def test_a_plot_larger_than_the_limit_has_a_file_of_its_own(tmp_path: Path):
    corners = [(10 + 0.4 * x / 1000, 5 + 0.4 * (x % 2) / 1000) for x in range(1000)]
    large = shapely.Polygon([*corners, (10.4, 5.5), (10, 5.5)])
    plots = {"large": large, **{f"p{number}": shapely.Point(10.5, 5.5 + number / 100) for number in range(5)}}
    parts, _ = divide([frame_of(plots)], tmp_path, Limits(plots=50, size=5_000))

    assert sorted(part.plots for part in parts) == [1, 5]


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 7))
def test_order_and_batches_change_no_file(tmp_path_factory: pytest.TempPathFactory, random: object, batches: int):
    folder = tmp_path_factory.mktemp("cells")
    plots = frame_of(shapes(30))
    expected, _ = divide([plots], folder / "one", SMALL)
    order = list(range(plots.height))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = plots[order]
    found, _ = divide([shuffled[start::batches] for start in range(batches)], folder / "other", SMALL)

    assert found == expected
    for one, other in zip(read(folder / "one", expected), read(folder / "other", found), strict=True):
        assert_frame_equal(one, other)


@pytest.mark.parametrize("run_bytes", [200, 1 << 20])
def test_of_a_plot_that_comes_again_the_first_row_is_taken(tmp_path: Path, run_bytes: int):
    first = frame_of({"A": shapely.Point(1, 1), "B": shapely.Point(2, 2), "C": shapely.Point(3, 3)})
    again = frame_of({"B": shapely.Point(50, 5), "D": shapely.Point(4, 4), "A": shapely.Point(1, 1)})
    again = again.with_columns(source_row=pl.col("source_row") + 3)
    third = frame_of({"B": shapely.Point(60, 6)}).with_columns(source_row=pl.lit(7, pl.Int64))
    parts, repeated = divide([first, again, third], tmp_path, Limits(run=run_bytes))

    assert repeated.rows() == [("B", 4), ("A", 6), ("B", 7)]
    kept = pl.concat(read(tmp_path, parts))
    assert sorted(kept["plot"]) == ["A", "B", "C", "D"]
    assert kept.filter(pl.col("plot") == "B")["geometry"][0] == shapely.to_wkb(shapely.Point(2, 2))


def test_hulls_hold_all_land_in_few_boxes():
    far_east = shapely.MultiPolygon([shapely.box(179.9, 1, 180, 2), shapely.box(-180, 1, -179.9, 2)])
    found = hulls_of(
        frame_of(
            {
                "far": far_east,
                "point": shapely.Point(20, 0),
                "box": shapely.box(20.1, 0, 20.2, 1),
                "other": shapely.box(20.3, 0.5, 20.9, 0.6),
            }
        )
    )
    # A point without an area is a disc of 4 ha: 112.8 m or 0.00102 degrees; its box is 5 % wider.
    radius = 0.001072

    assert found == (
        (-180, 1, pytest.approx(-179.9), 2),
        pytest.approx((20 - radius, -radius, 20 + radius, radius), abs=1e-6),
        (20.1, 0, 20.9, 1),
        (pytest.approx(179.9), 1, 180, 2),
    )


def test_parts_are_read_as_written(tmp_path: Path):
    parts, _ = divide([frame_of(shapes(20))], tmp_path, SMALL)
    save_parts(tmp_path / "parts.json", parts)
    assert load_parts(tmp_path / "parts.json") == parts


def test_splitting_cells_changes_nothing(tmp_path: Path):
    catalogue = load_catalogue(painted(tmp_path / "layers"))
    plots = frame_of(shapes())
    found = []
    for name, limits in (("whole", Limits()), ("split", Limits(plots=3)), ("single", Limits(plots=1))):
        parts, _ = divide([plots], tmp_path / name / "cells", limits)
        run = measure_parts(
            parts, tmp_path / name / "cells", catalogue, tmp_path / name, Serial(), terms=Terms(CUT_OFF)
        )
        found.append((len(parts), whole(run, catalogue)))

    assert found[0][0] < found[1][0] < found[2][0] == plots.height
    for _, other in found[1:]:
        assert_frame_equal(other.areas, found[0][1].areas)
        assert_frame_equal(other.plot_status, found[0][1].plot_status)


def test_contract_of_cells_is_that_of_plots():
    assert CELL_PLOTS.schema.names() == ["plot", "area_ha", "located_by", "geometry"]
