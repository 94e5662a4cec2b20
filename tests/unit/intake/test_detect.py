"""Which tables are plots with coordinates, and which are any other table."""

import pytest
import shapely

from landproof.domain.errors import UnreadableInput
from landproof.intake.detect import is_plots_table
from landproof.intake.plots import import_plots
from landproof.intake.tabular import import_tabular
from landproof.intake.templates import write_templates
from tests.unit.intake.helpers import workbook, write


@pytest.mark.parametrize(
    "lines",
    [
        ("plot,latitude,longitude", "P1,-21.3,-46.5"),
        ("plot;lat;lon", "P1;-21,3;-46,5"),
        ("地块,纬度,经度", "P1,-21.3,-46.5"),
        ("Our plots", "", "plot,wkt", 'P1,"POINT (1 2)"'),
        ("plot,geometry", 'P1,"POINT (1 2)"'),
    ],
)
def test_a_header_of_coordinates(tmp_path, lines):
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        path = write(tmp_path / f"{encoding}.csv", *lines, "", encoding=encoding)
        assert is_plots_table(path, {}), encoding


@pytest.mark.parametrize(
    "lines",
    [
        ("plot,shape,area", "P1,outline,3", "P2,polygon,4"),
        ("supplier,name", "x,y"),
        ("lot,commodity", "lat,lon"),
        ("plot,latitude", "P1,3"),
    ],
)
def test_words_of_coordinates_among_the_data_are_data(tmp_path, lines):
    assert not is_plots_table(write(tmp_path / "list.csv", *lines, ""), {})


def test_the_template_of_plots_is_a_list_and_loses_no_row(tmp_path):
    """ "outline" in the first row was once taken for the header, and the row was gone."""
    write_templates(tmp_path)
    path = tmp_path / "07-plots.xlsx"
    assert not is_plots_table(path, {})


def test_a_header_below_an_outline_of_data_is_not_moved(tmp_path):
    path = write(
        tmp_path / "plots.csv", "plot,wkt,use", 'outline,"POINT (1.5 2.5)",crop', 'P2,"POINT (1 2)",crop', ""
    )
    found = import_plots(path)
    assert (found.rows_in, found.plots["plot"].to_list()) == (2, ["P2", "outline"])


def test_the_mapping_names_coordinates(tmp_path):
    path = write(tmp_path / "plots.csv", "id,rechts,hoch", "P1,-46.5,-21.3", "")
    assert not is_plots_table(path, {})
    assert is_plots_table(path, {"rechts": "longitude", "hoch": "latitude"})


def test_geoparquet_is_told_from_other_parquet(tmp_path):
    import polars as pl
    import pyarrow as pa
    import pyarrow.parquet as pq

    pl.DataFrame({"supplier": ["S1"], "name": ["x"]}).write_parquet(tmp_path / "suppliers.parquet")
    table = pa.table({"plot": ["P1"], "geometry": [shapely.to_wkb(shapely.Point(1, 2))]})
    about = b'{"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}'
    pq.write_table(table.replace_schema_metadata({b"geo": about}), tmp_path / "plots.parquet")
    assert not is_plots_table(tmp_path / "suppliers.parquet", {})
    assert is_plots_table(tmp_path / "plots.parquet", {})
    assert import_plots(tmp_path / "plots.parquet").plots["plot"].to_list() == ["P1"]


def test_a_bomb_is_refused_before_anything_looks_into_it(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 30_000_000)
    with pytest.raises(UnreadableInput, match="more than is safe to open"):
        is_plots_table(tmp_path / "bomb.xlsx", {})


def test_a_file_that_is_no_workbook_is_left_to_its_reader(tmp_path):
    assert not is_plots_table(write(tmp_path / "page.xlsx", "<html>"), {})
    assert not is_plots_table(write(tmp_path / "page.parquet", "<html>"), {})


def test_a_column_called_like_a_shape_does_not_make_a_map(tmp_path):
    path = workbook(tmp_path / "plots.xlsx", {"plots": [["plot", "supplier"], ["P1", "outline"], ["P2", "point"]]})
    assert not is_plots_table(path, {})
    assert import_tabular(path).counts.accepted == 2
