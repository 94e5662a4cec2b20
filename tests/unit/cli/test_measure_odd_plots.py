"""Odd plots among good ones: each row comes out with a verdict or a reason, and no other row notices."""

import json
import math
import struct
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from click.testing import CliRunner

from landproof.cli.app import landproof
from tests.unit.layers.painted import paint
from tests.unit.run.scene import FOREST, LOSS

GOOD = {
    "good-1": shapely.box(179.995, 0.402, 179.997, 0.404),
    "good-2": shapely.box(-179.99, 0.41, -179.985, 0.415),
    "good-3": shapely.Point(179.97, 0.42),
}
_NAN = float("nan")
_SQUARE = [(179.97, 0.44), (179.971, 0.44), (179.971, 0.441), (179.97, 0.44)]


def wkb(corners: list[tuple[float, ...]], dimensions: int = 0, order: str = "<") -> bytes:
    head = struct.pack(f"{order}BIII", order == "<", 3 + dimensions, 1, len(corners))
    return head + b"".join(struct.pack(f"{order}{len(each)}d", *each) for each in corners)


# By id the geometry and whether it can be a plot.
ODD: dict[str, tuple[Any, bool]] = {
    "both-sides": (
        shapely.MultiPolygon([shapely.box(179.99, 0.45, 180, 0.46), shapely.box(-180, 0.45, -179.99, 0.46)]),
        True,
    ),
    "round-the-globe": (shapely.box(-179.99, 0.45, 179.99, 0.46), False),
    "beyond": (shapely.box(179.99, 0.45, 180.01, 0.46), False),
    "many-corners": (shapely.Point(179.95, 0.45).buffer(0.01, quad_segs=5_000), True),
    "huge": (shapely.box(100, -3, 106.3, 3.3), True),  # 49 million ha
    "north": (shapely.box(20, 84, 20.02, 84.002), True),
    "line": (shapely.Polygon([(11, 0.3), (11.01, 0.3), (11, 0.3), (11, 0.3)]), False),
    "dot": (shapely.Polygon([(11, 0.3)] * 4), False),
    "tiny": (shapely.box(179.97, 0.4, 179.97 + 1e-9, 0.4 + 1e-9), True),
    "empty": (shapely.Polygon(), False),
    "nothing": (None, False),
    "big-endian": (wkb(_SQUARE, order=">"), True),
    "measures": (wkb([(*each, 5.0) for each in _SQUARE], 2000), True),
    "heights": (wkb([(*each, _NAN) for each in _SQUARE], 1000), True),
    "not-a-number": (wkb([_SQUARE[0], (_NAN, 0.44), *_SQUARE[2:]]), False),
    "no-numbers": (wkb([(_NAN, _NAN)] * 4), False),
    "cut-off": (wkb(_SQUARE)[:40], False),
    "corners-without-end": (struct.pack("<BIII", 1, 3, 1, 0xFFFFFFFF), False),
    "noise": (b"\x01\xff\xff\xff", False),
}


@pytest.fixture
def layers(tmp_path: Path) -> Path:
    """Forest and loss of 2022 on both sides of the date line, forest in cells of 0.001 degrees."""
    for name, value in (("forest", 1), ("loss", 22)):
        for number, west in enumerate((179.9, -180.0)):
            paint(tmp_path / f"{name}_{number}.tif", [[value] * 100] * 100, west=west, north=0.5)
    path = tmp_path / "layers.toml"
    path.write_text(FOREST + LOSS, encoding="utf-8")
    return path


def measured(layers: Path, folder: Path, plots: dict[str, Any]) -> dict[str, pl.DataFrame]:
    folder.mkdir()
    binaries = [
        each if each is None or isinstance(each, bytes) else shapely.to_wkb(each) for each in plots.values()
    ]
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    table = pa.table({"plot": list(plots), "geometry": pa.array(binaries, pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), folder / "plots.parquet")
    asked = ["measure", str(folder / "plots.parquet"), "--layers", str(layers), "-o", str(folder / "out.csv")]
    done = CliRunner().invoke(landproof, [*asked, "--workers", "1"])
    assert done.exit_code == 0, done.output
    found = {name: pl.read_csv(folder / f"out{name}.csv", infer_schema=False) for name in ("", ".areas")}
    rejects = folder / "out.rejects.csv"
    return found | ({".rejects": pl.read_csv(rejects)} if rejects.exists() else {})


def test_every_row_comes_out_and_no_other_notices(layers: Path, tmp_path: Path) -> None:
    odd = {name: shape for name, (shape, _) in ODD.items()}
    mixed, alone = measured(layers, tmp_path / "mixed", GOOD | odd), measured(layers, tmp_path / "alone", GOOD)

    rows = {name: number for number, name in enumerate(GOOD | odd, 1)}
    refused = {name for name, (_, usable) in ODD.items() if not usable}
    assert set(mixed[".rejects"]["source_row"]) == {rows[name] for name in refused}
    assert set(mixed[""]["plot"]) == set(rows) - refused
    for name in ("", ".areas"):
        assert mixed[name].filter(pl.col("plot").is_in(list(GOOD))).equals(alone[name])
    verdicts = dict(mixed[""].select("plot", "deforestation_reasons").iter_rows())
    assert all(verdicts.values())
    assert verdicts["tiny"] == "A-GEOM"
    assert verdicts["north"] == verdicts["huge"] == "A-NODATA"


def test_a_plot_on_both_sides_of_the_date_line_is_the_sum_of_its_sides(layers: Path, tmp_path: Path) -> None:
    whole = ODD["both-sides"][0]
    found = measured(layers, tmp_path / "out", {"whole": whole, "west": whole.geoms[0], "east": whole.geoms[1]})

    areas = {
        row["plot"]: int(row["area_m2"]) for row in found[".areas"].rows(named=True) if row["layer"] == "loss"
    }
    assert set(found[".areas"]["class"]) == {"1", "22"}
    assert math.isclose(areas["whole"], areas["west"] + areas["east"], abs_tol=1)
    assert areas["west"] == areas["east"]
