"""Workbooks: sheets, stored types, formulas, merged cells, and files made to do harm."""

import datetime as dt
import zipfile

import openpyxl
import pytest
import xlsxwriter

from landproof.domain.errors import UnreadableInput
from landproof.intake.limits import Limits, check_size, check_zip
from landproof.intake.tabular import import_tabular
from tests.unit.intake.helpers import balanced, failures, said, workbook

HEADER = ["line", "received_on", "supplier", "quantity (kg)", "net_spend", "currency"]


def test_stored_types_are_read_exactly(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Purchases": [
                HEADER,
                ["L1", dt.date(2025, 3, 4), 7, 0.1, 1234.5, "CNY"],
                [2, 45720, "007", 12, 0.07, "CNY"],
            ]
        },
    )
    imported = import_tabular(path)
    frame = imported.tables["purchases"]
    assert frame["line"].to_list() == ["L1", "2"]
    assert frame["supplier"].to_list() == ["7", "007"]
    assert frame["received_on"].to_list() == [dt.date(2025, 3, 4), dt.date(2025, 3, 4)]
    assert frame["quantity_g"].to_list() == [100, 12_000]
    assert [str(each) for each in frame["net_spend"]] == ["1234.5000", "0.0700"]
    assert frame["source_row"].to_list() == [2, 3]
    assert any("Identifiers under supplier were stored as numbers" in note for note in said(imported))


def test_noise_of_binary_numbers_is_not_read(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"Purchases": [HEADER, ["L1", None, None, 1.1 * 3, 0.1 + 0.2, "CNY"]]})
    imported = import_tabular(path)
    assert imported.tables["purchases"]["quantity_g"].to_list() == [3300]
    assert not any("rounded" in note for note in said(imported))


def test_every_sheet_is_read_and_unknown_ones_are_refused(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "采购": [HEADER, ["L1"]],
            "Supplier list": [["supplier", "name"], ["S1", "Alpha"]],
            "Notes": [["hello", "world"], ["a", "b"]],
            "Empty": [],
        },
    )
    imported = import_tabular(path)
    assert sorted(imported.tables) == ["purchases", "suppliers"]
    assert [reject["sheet"] for reject in imported.rejects.iter_rows(named=True)] == ["Notes"]
    assert (imported.counts.rows, imported.counts.accepted, imported.counts.rejected) == (3, 2, 1)


def test_the_header_below_a_merged_title(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Purchases")
        sheet.merge_range(0, 0, 1, 5, "Purchases 2025")
        sheet.write_row(3, 0, HEADER)
        sheet.write_row(4, 0, ["L1", "2025-01-02", "S1", 5, 6, "CNY"])
    assert import_tabular(path).tables["purchases"]["source_row"].to_list() == [5]


def test_an_error_and_a_formula_never_calculated_are_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Purchases")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["L1", "2025-01-02", "S1"])
        sheet.write_formula(1, 3, "=#REF!*2", None, "#REF!")
        sheet.write_row(2, 0, ["L2", "2025-01-02", "S1"])
        sheet.write_formula(2, 3, "=2*3", None, 6)
    imported = import_tabular(path)
    assert imported.tables["purchases"]["quantity_g"].to_list() == [6000]
    assert failures(imported) == [(2, "quantity_g", "%(header)s holds a spreadsheet error instead of a value.")]
    book = openpyxl.load_workbook(path)
    book["Purchases"]["D3"] = "=2*3"  # openpyxl writes formulas without their values
    book.save(path)
    rejected = {row: reason for row, _, reason in failures(import_tabular(path))}
    assert rejected[3] == "%(header)s holds a formula that was never calculated, so the file has no value for it."


def test_a_formula_that_gives_an_empty_text_is_empty(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Purchases")
        sheet.write_row(0, 0, HEADER)
        sheet.write(1, 0, "L1")
        sheet.write_formula(1, 2, '=IF(A1="","x","")', None, "")
    _replace_in_sheet(path, b'<c r="C2">', b'<c r="C2" t="str">')  # as Excel writes it
    imported = import_tabular(path)
    assert imported.tables["purchases"]["supplier"].to_list() == [None]


def _replace_in_sheet(path, old, new):
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    assert old in members["xl/worksheets/sheet1.xml"]
    members["xl/worksheets/sheet1.xml"] = members["xl/worksheets/sheet1.xml"].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_merged_cells_among_the_data_are_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Purchases")
        sheet.write_row(0, 0, HEADER)
        for row in range(1, 5):
            sheet.write_row(row, 0, [f"L{row}", "2025-01-02", "S1"])
        sheet.merge_range(2, 3, 3, 3, 30)
        sheet.write(1, 3, 5)
    imported = import_tabular(path)
    assert imported.tables["purchases"]["line"].to_list() == ["L1", "L4"]
    assert [(row, name) for row, name, _ in failures(imported)] == [(3, "quantity_g"), (4, "quantity_g")]
    assert balanced(imported)


def test_an_identifier_of_sixteen_digits_has_lost_its_end(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", {"Purchases": [HEADER, ["L1", None, 123456789012345], ["L2", None, 1234567890123456]]}
    )
    imported = import_tabular(path)
    assert imported.tables["purchases"]["supplier"].to_list() == ["123456789012345"]
    assert failures(imported)[0][:2] == (3, "supplier")


def test_days_that_count_from_1904(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True}) as book:
        sheet = book.add_worksheet("Purchases")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["L1", 44258])  # 45720 - 1462, a plain number
    assert import_tabular(path).tables["purchases"]["received_on"].to_list() == [dt.date(2025, 3, 4)]


def test_a_web_page_named_xls_is_refused(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text("<html><table><tr><td>line</td></tr></table></html>")
    with pytest.raises(UnreadableInput, match="not a workbook"):
        import_tabular(path)


def test_a_workbook_with_a_password_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    with pytest.raises(UnreadableInput, match="without a password"):
        import_tabular(path)


@pytest.mark.parametrize(
    "name", ["../evil.xml", "xl/../../evil.xml", "/etc/passwd", "C:\\evil.xml", "..\\evil.xml"]
)
def test_a_path_that_climbs_out_is_refused(tmp_path, name):
    path = workbook(tmp_path / "a.xlsx", {"Purchases": [HEADER]})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "x")
    with pytest.raises(UnreadableInput, match="leads out of its own folder"):
        import_tabular(path)


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 30_000_000)
    with pytest.raises(UnreadableInput, match="more than is safe to open"):
        import_tabular(path)


def test_the_limits_hold_exactly(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a", b"0" * 1000)
    check_zip(path, Limits(unpacked=1000))
    with pytest.raises(UnreadableInput):
        check_zip(path, Limits(unpacked=999))
    size = path.stat().st_size
    assert check_size(path, size) == size
    with pytest.raises(UnreadableInput, match="the limit is"):
        check_size(path, size - 1)


def test_a_damaged_archive_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"Purchases": [HEADER, ["L1"]]})
    whole = path.read_bytes()
    for keep in (10, len(whole) // 2, len(whole) - 30):
        path.write_bytes(whole[:keep])
        with pytest.raises(UnreadableInput):
            import_tabular(path)


def test_an_archive_that_lies_about_sizes_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 100_000)
    content = path.read_bytes()
    path.write_bytes(content.replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with pytest.raises(UnreadableInput, match="damaged"):
        import_tabular(path)


def test_a_hidden_sheet_that_is_no_table_is_told(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"Purchases": [HEADER, ["L1"]], "codes": [["a", "b"], ["1", "2"]]})
    book = openpyxl.load_workbook(path)
    book["codes"].sheet_state = "hidden"
    book.save(path)
    imported = import_tabular(path)
    assert imported.rejects.height == 0
    assert "The hidden sheet codes was not recognised as a table and not read (rows: 1)." in said(imported)
