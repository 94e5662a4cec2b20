"""Files that are too wide, too long or made to do harm are refused in words."""

import contextlib
import zipfile

import polars as pl
import pytest
import xlsxwriter

from landproof.domain.errors import UnreadableInput
from landproof.intake import limits
from landproof.intake.detect import is_plots_table
from landproof.intake.limits import LIMITS, check_zip
from landproof.intake.readers import read_sheets
from landproof.intake.reasons import REASONS
from landproof.intake.tabular import import_tabular
from tests.unit.intake.helpers import balanced, column, failures, purchases, workbook, write


def wide(count):
    return ",".join(["line", "received_on", *(f"c{number}" for number in range(count - 2))])


def test_as_many_columns_as_a_spreadsheet_has(tmp_path):
    path = write(tmp_path / "purchases.csv", wide(LIMITS.columns), "L1,2025-01-02")
    assert import_tabular(path).counts.accepted == 1
    path = write(tmp_path / "purchases.csv", wide(LIMITS.columns + 1), "L1,2025-01-02")
    with pytest.raises(UnreadableInput, match="has 16,385 columns; the limit is 16,384"):
        import_tabular(path)


def test_a_parquet_file_may_be_too_wide(tmp_path):
    names = [f"c{number}" for number in range(LIMITS.columns + 1)]
    pl.DataFrame({name: [1] for name in names}).write_parquet(tmp_path / "wide.parquet")
    with pytest.raises(UnreadableInput, match="16,385 columns"):
        import_tabular(tmp_path / "wide.parquet")


def test_a_cell_of_many_megabytes_is_named_by_its_row(tmp_path):
    path = write(tmp_path / "a.csv", "line,remark", "L1,x", f'L2,"a\n{"x" * (1 << 24)}"')
    with pytest.raises(UnreadableInput, match="Row 3 of a.csv holds a cell of more than 16 million characters"):
        import_tabular(path, table="purchases")


def test_a_long_cell_that_is_not_read_does_not_matter(tmp_path):
    path = write(tmp_path / "a.csv", "line,remark", f'L1,"a\n{"x" * 200_000}"', "L2,x")
    assert import_tabular(path, table="purchases").counts.accepted == 2


@pytest.mark.parametrize(
    "member", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_in_a_workbook_is_refused(tmp_path, member, encoding):
    good = workbook(tmp_path / "good.xlsx", {"Suppliers": [["supplier", "name"], ["S1", "x"]]})
    bomb = '<?xml version="1.0"?><!doctype x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, bomb.encode(encoding) if name == member else old.read(name))
    with pytest.raises(UnreadableInput, match="defines a document type"):
        read_sheets(tmp_path / "bad.xlsx")


def test_signs_around_a_number_are_no_unit(tmp_path):
    masses = column("purchases", "quantity_g", "=1+2", "10x", "5 bags", header="Quantity (kg)")
    assert masses.failure.to_list() == ["not-a-number", "unknown-unit", "unknown-unit"]
    assert column("purchases", "net_spend", "=1+2", "10 xyz").failure.to_list() == ["not-a-number", "unknown-unit"]


def test_the_unit_beside_a_number_is_shown(tmp_path):
    path = write(tmp_path / "purchases.csv", "line,quantity,unit", "L1,10,bag", "L2,11,kg")
    assert import_tabular(path).rejects["value"].to_list() == ["10 bag"]


def test_the_header_of_a_next_page_is_one_reject(tmp_path):
    found = purchases(
        tmp_path, "L1,2025-01-02,S1,1,1,EUR,BR",
        "line,received_on,supplier,quantity (kg),net spend,currency,country",
        "Purchase line,Received on,Supplier,,,,",
        "LINE,2025-01-02,supplier,1,1,EUR,BR",
    )  # fmt: skip
    assert failures(found) == [
        (3, "line", REASONS["header-again"].reason), (4, "line", REASONS["header-again"].reason),
    ]  # fmt: skip
    assert found.tables["purchases"]["line"].to_list() == ["L1", "LINE"]
    assert balanced(found)


def test_the_header_once_more_is_no_supplier(tmp_path):
    path = write(tmp_path / "suppliers.csv", "supplier,name", "S1,Alpha", "供应商,名称", "supplier,Beta")
    found = import_tabular(path)
    assert found.tables["suppliers"]["supplier"].to_list() == ["S1", "supplier"]


def test_a_total_is_one_reject_however_many_cells_it_leaves_empty(tmp_path):
    found = purchases(tmp_path, "L1,2025-01-02,S1,1,1,EUR,BR", "Total,,,soon,x,,")
    assert failures(found) == [(3, "line", REASONS["totals-row"].reason)]


def test_two_columns_of_one_name_cannot_be_told_apart_by_it(tmp_path):
    path = write(tmp_path / "purchases.csv", "line,supplier,Supplier", "L1,S1,S2")
    assert import_tabular(path).rejects["reason"].to_list() == [REASONS["columns-same-name"].reason]


def test_hidden_sheets_and_empty_files_are_told(tmp_path):
    import openpyxl

    path = workbook(tmp_path / "a.xlsx", {"Suppliers": [["supplier", "name"], ["S1", "x"]]})
    book = openpyxl.load_workbook(path)
    book.create_sheet("shown")
    book["Suppliers"].sheet_state = "hidden"
    book.save(path)
    assert [str(note.message) for note in import_tabular(path).notes] == [
        "The sheet Suppliers is hidden; its rows were read like those of others (rows: 1)."
    ]
    path = write(tmp_path / "purchases.csv", "line,received_on")
    assert [str(note.message) for note in import_tabular(path).notes] == [
        "No rows were found below a header, so nothing was read."
    ]


def test_a_key_of_another_sheet_of_the_same_file(tmp_path):
    rows = [["supplier", "name"], ["S1", "x"]]
    path = workbook(tmp_path / "a.xlsx", {"suppliers": rows, "Supplier list": rows})
    assert failures(import_tabular(path)) == [(2, "supplier", REASONS["duplicate-elsewhere"].reason)]


@pytest.mark.parametrize(
    ("row", "column", "refused"), [(1_048_575, 16_383, True), (60_000, 999, True), (59_999, 999, False)]
)
def test_one_cell_far_away_does_not_fill_the_memory(tmp_path, row, column, refused):
    """60 million cells, the empty ones included, is the most: 60,000 rows of 1,000 columns."""
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("suppliers")
        sheet.write_row(0, 0, ["supplier", "name"])
        sheet.write(row, column, "x")
    if not refused:
        check_zip(path)
        return
    for look in (check_zip, lambda path: is_plots_table(path, {}), read_sheets):
        with pytest.raises(UnreadableInput, match="far apart"):
            look(path)


def test_a_place_cut_by_the_end_of_a_chunk_is_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "_CHUNK", 7)
    for place, fits in (("C10", True), ("D10", False), ("AD1", True), ("AE1", False)):
        path = tmp_path / f"{place}.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(
                "xl/worksheets/sheet1.xml", f'<row r="1"><c r="A1"/></row><c s="1" r="{place}" t="n"/>'
            )
        with contextlib.nullcontext() if fits else pytest.raises(UnreadableInput, match="far apart"):
            check_zip(path, limits.Limits(cells=30))
