from pathlib import Path
from typing import Any

import pytest
import shapely
import xlsxwriter

from landproof.domain.errors import UnreadableInput
from landproof.intake.plots import ImportedPlots, import_plots
from tests.unit.intake_geometry.test_geojson import fault, notes

WKT = "POLYGON ((10.000000 1.0, 10.001 1.0, 10.001 1.001, 10.000000 1.0))"


def read(folder: Path, *lines: str, **options: Any) -> ImportedPlots:
    path = folder / "plots.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = import_plots(path, **options)
    assert found.rows_in == found.plots.height + found.rejects.height
    return found


def test_longitude_and_latitude(tmp_path: Path):
    found = read(tmp_path, "plot_id,latitude,longitude,area_ha", "P,1.654321,10.123456,2.5", "Q,,,3")
    [row] = found.plots.rows(named=True)

    assert (row["plot"], row["decimals"], row["decimals_known"], row["shape"]) == ("P", 6, True, "point")
    assert shapely.from_wkb(row["geometry"]).equals(shapely.Point(10.123456, 1.654321))
    assert (found.rows_in, fault(found), found.rejects["source_row"][0]) == (2, "missing", 3)


def test_chinese_headers(tmp_path: Path):
    found = read(tmp_path, "地块编号,经度,纬度,面积", "甲,102.712345,25.040001,0.8")

    assert found.plots.select("plot", "decimals").rows() == [("甲", 6)]


@pytest.mark.parametrize(
    ("cell", "decimals"),
    [
        (f'"{WKT}"', 1),
        (f'"SRID=4326;{WKT}"', 1),
        ('"{""type"": ""Point"", ""coordinates"": [10.12, 1.654]}"', 2),
        ('"[[10.10, 1.10], [10.20, 1.10], [10.20, 1.20], [10.10, 1.10]]"', 2),
        (shapely.to_wkb(shapely.box(10, 1, 11, 2), hex=True), None),
    ],
)
def test_a_cell_may_hold_the_whole_shape(tmp_path: Path, cell: str, decimals: int | None):
    found = read(tmp_path, "plot,polygon", f"P,{cell}")

    assert found.plots.select("decimals", "decimals_known").rows() == [(decimals, decimals is not None)]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('"POLYGON ((10 1, 11 1, 11 2, 10 2))"', "ring-open"),
        ('"POLYGON ((10 1, 11 2, 11 1, 10 2, 10 1))"', "crossing"),
        ('"POINT (12.67 108.03)"', "axes"),
        ('"POINT EMPTY"', "missing"),
        ('"LINESTRING (10 1, 11 1)"', "kind"),
        ("a field near the river", "not-geometry"),
        ('"{broken"', "not-geometry"),
        ("0102", "not-geometry"),
    ],
)
def test_a_cell_that_is_no_plot_is_refused(tmp_path: Path, cell: str, expected: str):
    assert fault(read(tmp_path, "plot,wkt", f"P,{cell}")) == expected


def test_decimal_commas_are_read_and_noted(tmp_path: Path):
    found = read(tmp_path, "plot;lon;lat", "P;10,123456;1,654321")

    assert notes(found) == {"decimal-comma"}
    assert shapely.from_wkb(found.plots["geometry"][0]).equals(shapely.Point(10.123456, 1.654321))


@pytest.mark.parametrize("cell", ["10°07'", "ten", "1,234.5"])
def test_a_coordinate_that_is_no_number_is_refused(tmp_path: Path, cell: str):
    assert fault(read(tmp_path, "plot;lon;lat", f"P;{cell};1.5")) == "not-number"


CORNERS = ("plot,corner,lon,lat", "P,1,10.00,1.00", "P,3,10.10,1.10", "Q,1,20.0,1.0", "P,2,10.10,1.00")


def test_corners_in_rows_are_put_in_order_and_closed(tmp_path: Path):
    found = read(tmp_path, *CORNERS)
    [row] = found.plots.rows(named=True)

    assert shapely.from_wkb(row["geometry"]).equals(shapely.Polygon([(10, 1), (10.1, 1), (10.1, 1.1)]))
    assert (row["plot"], row["source_row"], row["decimals"]) == ("P", 2, 2)
    assert notes(found) == {"closed"}
    assert (found.rows_in, fault(found)) == (2, "ring-short")  # Q has one corner


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("P,2,10.20,1.10", "vertex-order"),
        ("P,last,10.20,1.10", "vertex-order"),
        (",4,10.20,1.10", "vertex-without-plot"),
        ("P,4,,1.10", "not-number"),
    ],
)
def test_a_bad_corner_refuses_its_plot_and_no_row_is_lost(tmp_path: Path, line: str, expected: str):
    found = read(tmp_path, CORNERS[0], CORNERS[1], CORNERS[2], CORNERS[4], line)

    assert fault(found) == expected
    assert found.rows_in == (2 if expected == "vertex-without-plot" else 1)


def test_a_mapping_names_columns_of_coordinates(tmp_path: Path):
    found = read(
        tmp_path,
        "code,east,north",
        "P,10.5,1.5",
        mapping={"code": "plot", "east": "longitude", "north": "latitude"},
    )

    assert found.plots["plot"].to_list() == ["P"]


def test_a_table_without_coordinates_is_refused(tmp_path: Path):
    with pytest.raises(UnreadableInput, match="has no column of coordinates"):
        read(tmp_path, "plot,area", "P,1")


def workbook(folder: Path, rows: list[list[Any]]) -> ImportedPlots:
    path = folder / "plots.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("About").write(0, 0, "Nothing to see")
        sheet = book.add_worksheet("Plots")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return import_plots(path)


def test_a_workbook_with_text_knows_its_decimals_and_one_with_numbers_does_not(tmp_path: Path):
    found = workbook(tmp_path, [["plot", "lon", "lat"], ["P", "10.120000", "1.100000"], ["Q", 10.12, 1.1]])

    rows = found.plots.select("plot", "decimals", "decimals_known", "source_row").rows()
    assert rows == [("P", 6, True, 2), ("Q", None, False, 3)]
