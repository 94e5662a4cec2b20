"""The user's own file back, with the refused cells marked."""

import datetime as dt
import zipfile

import openpyxl
import polars as pl
import pytest

from landproof.intake import annotate as module
from landproof.intake import copies
from landproof.intake.annotate import annotate
from landproof.intake.tabular import import_tabular
from tests.unit.intake.helpers import workbook, write

HEADER = ["line", "received_on", "supplier", "quantity (kg)"]
RED = "00FFC7CE"


def back(path, rejects, out):
    annotate(path, rejects, out)
    return out


def coloured(sheet):
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == RED}


def test_a_workbook_comes_back_with_bad_cells_marked_in_both_languages(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", {"Purchases": [HEADER, ["L1", "2025-01-02", "S1", 5], ["L2", "soon", "S1", -5]]}
    )
    original = openpyxl.load_workbook(path)
    original["Purchases"]["A2"].font = openpyxl.styles.Font(bold=True)
    original.save(path)
    out = back(path, import_tabular(path).rejects, tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(out)
    sheet = book["Purchases"]
    assert coloured(sheet) == {"B3", "D3"}
    assert "soon under received_on is not a date. Write dates as 2025-03-31." in sheet["B3"].comment.text
    assert "“received_on”列的 soon 不是日期。" in sheet["B3"].comment.text
    assert sheet["A2"].font.bold
    assert sheet["D3"].value == -5
    summary = book["Rejected rows - 被拒行"]
    assert [cell.value for cell in summary[2]][:4] == ["Purchases", 3, "quantity (kg)", "-5"]
    assert summary.max_row == 3


def test_a_text_file_comes_back_as_a_workbook_with_the_same_rows(tmp_path):
    path = write(tmp_path / "a.csv", ",".join(HEADER), "L1,2025-01-02,=1+1,5", "", "L2,soon,S1,5")
    book = openpyxl.load_workbook(back(path, import_tabular(path).rejects, tmp_path / "out.xlsx"))
    sheet = book.worksheets[0]
    assert coloured(sheet) == {"B4"}
    assert sheet["C2"].value == "=1+1"
    assert sheet["C2"].data_type == "s"


def test_a_formula_among_the_refused_values_stays_text(tmp_path):
    path = write(tmp_path / "a.csv", ",".join(HEADER), "L1,=cmd(),S1,5")
    book = openpyxl.load_workbook(back(path, import_tabular(path).rejects, tmp_path / "out.xlsx"))
    assert book.worksheets[1]["D2"].data_type == "s"


def test_what_concerns_the_whole_sheet_stands_on_its_first_cell(tmp_path):
    path = write(tmp_path / "a.csv", "supplier,quantity (kg)", "S1,5")
    rejects = import_tabular(path, table="purchases").rejects
    book = openpyxl.load_workbook(back(path, rejects, tmp_path / "out.xlsx"))
    assert coloured(book.worksheets[0]) == {"A1"}
    assert "Purchase line / 采购行" in book.worksheets[0]["A1"].comment.text


def test_two_reasons_for_one_cell_share_its_comment(tmp_path):
    path = write(tmp_path / "a.csv", "purchase line,line", "L1,L1")
    rejects = import_tabular(path, table="purchases").rejects
    doubled = pl.concat([rejects, rejects])
    book = openpyxl.load_workbook(back(path, doubled, tmp_path / "out.xlsx"))
    assert book.worksheets[0]["A1"].comment.text.count("both look like") == 2


def test_a_merged_cell_is_marked_where_its_value_stands(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"Purchases": [HEADER, ["L1", None, "S1", 5], ["L2", None, "S1", None]]})
    book = openpyxl.load_workbook(path)
    book["Purchases"].merge_cells("D2:D3")
    book.save(path)
    out = back(path, import_tabular(path).rejects, tmp_path / "out.xlsx")
    assert "D2" in coloured(openpyxl.load_workbook(out)["Purchases"])


def test_parquet_comes_back_as_a_workbook(tmp_path):
    pl.DataFrame({"line": ["L1", "L2"], "received_on": ["2025-01-01", "soon"]}).write_parquet(
        tmp_path / "a.parquet"
    )
    rejects = import_tabular(tmp_path / "a.parquet", table="purchases").rejects
    book = openpyxl.load_workbook(back(tmp_path / "a.parquet", rejects, tmp_path / "out.xlsx"))
    assert coloured(book.worksheets[0]) == {"B3"}
    assert book.worksheets[0]["B3"].value == "soon"


@pytest.mark.parametrize("limit", [4, 3])
def test_of_a_long_file_only_the_refused_rows_come_back(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(copies, "WHOLE_FILE_UP_TO", limit)
    path = write(tmp_path / "a.csv", ",".join(HEADER), "L1", "L2", "L3,soon")
    book = openpyxl.load_workbook(
        back(path, import_tabular(path, table="purchases").rejects, tmp_path / "out.xlsx")
    )
    assert coloured(book.worksheets[0]) == {"B4" if limit == 4 else "B2"}


def test_of_very_many_refused_rows_the_first_are_listed_and_the_rest_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_LISTED", 3)
    monkeypatch.setattr(module, "MOST_COMMENTS", 2)
    path = write(tmp_path / "a.csv", ",".join(HEADER), *(f"L{number},soon,S1,5" for number in range(5)))
    book = openpyxl.load_workbook(back(path, import_tabular(path).rejects, tmp_path / "out.xlsx"))
    sheet, summary, _ = book.worksheets
    assert coloured(sheet) == {"B2", "B3", "B4"}
    assert [sheet[f"B{row}"].comment is not None for row in (2, 3, 4)] == [True, True, False]
    assert summary.max_row == 1 + 3 + 1
    assert summary["A5"].value.startswith("2 more: `landproof status CASE --rejects` lists them all.")


@pytest.mark.parametrize("lists", [True, False])
def test_of_a_long_template_its_headers_come_back_too(tmp_path, monkeypatch, lists):
    monkeypatch.setattr(copies, "WHOLE_FILE_UP_TO", 4)
    head = (
        ("Supplier / 供应商 *,Name / 名称", "suppliers.supplier,suppliers.name")
        if lists
        else ("A title", "supplier,name")
    )
    path = write(tmp_path / "a.csv", *head, "S1,Alpha", ",Beta", "S3,Gamma")
    out = back(path, import_tabular(path).rejects, tmp_path / "out.xlsx")
    assert [row[0].value for row in openpyxl.load_workbook(out).worksheets[0]] == [
        head[0].split(",")[0],
        head[1].split(",")[0],
        None,
    ]
    assert import_tabular(out, table="suppliers").rejects.height == 1


def test_a_workbook_that_openpyxl_cannot_read_comes_back_as_values(tmp_path, monkeypatch):
    rows = [HEADER, ["L1", dt.date(2025, 1, 2), "S1", 5], ["L2", "soon", 901, 2.5]]
    path = workbook(tmp_path / "a.xlsx", {"Purchases": rows})
    monkeypatch.setattr(copies.openpyxl, "load_workbook", lambda *_: 1 / 0)
    out = back(path, import_tabular(path).rejects, tmp_path / "out.xlsx")
    monkeypatch.undo()
    sheet = openpyxl.load_workbook(out)["Purchases"]
    assert [cell.value for cell in sheet[3]] == ["L2", "soon", 901, 2.5]
    assert sheet["B2"].value.isoformat() == "2025-01-02T00:00:00"
    assert coloured(sheet) == {"B3"}


def test_signs_that_no_workbook_may_hold_are_spelled_out(tmp_path):
    path = write(tmp_path / "a.csv", ",".join(HEADER), "L1,2025-01-02,S\x1b1\uffff,5")
    sheet = openpyxl.load_workbook(back(path, import_tabular(path).rejects, tmp_path / "out.xlsx")).worksheets[0]
    assert sheet["C2"].value == "S<U+001B>1<U+FFFF>"


def test_macros_do_not_come_back(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"Purchases": [HEADER, ["L2", "soon", "S1", 5]]})
    path = path.rename(tmp_path / "a.xlsm")
    out = back(path, import_tabular(path).rejects, tmp_path / "out.xlsx")
    with zipfile.ZipFile(out) as archive:
        assert b"macroEnabled" not in archive.read("[Content_Types].xml")
