"""CSV and TSV files as programs write them."""

import polars as pl
import pytest

from landproof.domain.errors import UnreadableInput
from landproof.intake.readers import read_sheets
from landproof.intake.tabular import import_tabular
from tests.unit.intake.helpers import balanced, failures, purchases, said, write

ROWS = ("line,received_on,supplier,quantity (kg)", "L1,2025-01-02,S1,5", "L2,2025-01-03,S2,6")


def table(path, **options):
    return import_tabular(path, table="purchases", **options).tables["purchases"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(tmp_path, encoding):
    path = write(
        tmp_path / "a.csv", "采购行,供应商,数量（公斤）", "L1,绿穗食品,5", "L2,巴西大豆公司,6", encoding=encoding
    )
    assert table(path)["supplier"].to_list() == ["绿穗食品", "巴西大豆公司"]
    assert table(path)["quantity_g"].to_list() == [5000, 6000]


def test_another_encoding_than_the_usual_is_told(tmp_path):
    path = write(tmp_path / "a.csv", "采购行,供应商", "L1,绿穗食品", encoding="gb18030")
    assert "The file was read as GB18030." in said(import_tabular(path))


def test_western_letters_are_not_read_as_chinese(tmp_path):
    path = write(
        tmp_path / "a.csv", "line,supplier", "L1,Société Générale du Café", "L2,Müller", encoding="latin-1"
    )
    with pytest.raises(UnreadableInput, match="neither UTF-8 nor GB18030"):
        import_tabular(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(tmp_path, delimiter):
    path = write(tmp_path / "a.csv", *(row.replace(",", delimiter) for row in ROWS))
    assert table(path)["quantity_g"].to_list() == [5000, 6000]


def test_a_semicolon_file_with_decimal_commas(tmp_path):
    path = write(
        tmp_path / "a.csv", "line;quantity (kg);net spend;currency", "L1;1,5;1.234,50;EUR", "L2;2,125;3,00;EUR"
    )
    frame = table(path)
    assert frame["quantity_g"].to_list() == [1500, 2125]
    assert [str(each) for each in frame["net_spend"]] == ["1234.5000", "3.0000"]


def test_the_money_column_settles_the_mark_of_the_masses(tmp_path):
    path = write(tmp_path / "a.csv", "line;quantity (kg);net spend;currency", "L1;1.234;1.234,50;EUR")
    assert table(path)["quantity_g"].to_list() == [1_234_000]


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path):
    path = write(tmp_path / "a.csv", "supplier,name", "S1,A", "", '"S2","two', 'lines"', ",,", "S3,C")
    frame = import_tabular(path, table="suppliers").tables["suppliers"]
    assert frame["name"].to_list() == ["A", "two\nlines", "C"]
    assert frame["source_row"].to_list() == [2, 4, 6]


def test_a_title_above_the_header_is_told(tmp_path):
    path = write(tmp_path / "a.csv", "Purchases of 2025,,,", ",,,", *ROWS)
    imported = import_tabular(path)
    assert imported.tables["purchases"]["source_row"].to_list() == [4, 5]
    assert "The header was found in row 3; the rows above it were not read as data." in said(imported)


def test_a_row_with_too_many_cells_is_refused_and_the_rest_stays(tmp_path):
    imported = purchases(
        tmp_path, "L1,2025-01-02,S1,5,1.5,CNY,BR,extra", "L2,2025-01-02,S1,5,1.5,CNY,BR", "L3,,,,,,"
    )
    assert imported.tables["purchases"]["line"].to_list() == ["L2", "L3"]
    assert failures(imported) == [(2, "", "The row has %(cells)s cells, but the header has %(columns)s.")]
    assert balanced(imported)


def test_a_quotation_mark_inside_a_text_loses_no_row(tmp_path):
    imported = purchases(tmp_path, 'L1,2025-01-02,5" pipe,5', "L2,2025-01-02,S2,5", 'L3,2025-01-02,6" pipe,5')
    assert imported.tables["purchases"]["supplier"].to_list() == ['5" pipe', "S2", '6" pipe']


def test_an_open_quotation_mark_is_refused_with_its_row(tmp_path):
    path = write(tmp_path / "a.csv", "line,supplier", "L1,S1", 'L2,"S2', "L3,S3")
    with pytest.raises(UnreadableInput, match="Row 3 of a.csv opens a quotation mark that never closes"):
        import_tabular(path)


def test_a_swallowed_row_is_seen(tmp_path):
    imported = purchases(tmp_path, '"L1,2025-01-02,S1,5', 'L2",2025-01-02,S2,5', "L3,2025-01-02,S3,5")
    assert imported.tables["purchases"]["line"].to_list() == ["L3"]
    assert failures(imported)[0][2].startswith("The identifier under %(header)s holds a line break")
    assert balanced(imported)


def test_line_ends_of_every_system(tmp_path):
    for end in ("\n", "\r\n", "\r"):
        path = tmp_path / "a.csv"
        path.write_bytes(end.join(ROWS).encode() + end.encode())
        assert table(path)["line"].to_list() == ["L1", "L2"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"   ", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput, match="is empty"):
        import_tabular(path)


def test_a_header_without_rows_gives_an_empty_table(tmp_path):
    imported = import_tabular(write(tmp_path / "purchases.csv", ROWS[0]), table="purchases")
    assert imported.tables["purchases"].height == 0
    assert imported.counts.rows == 0


def test_a_picture_named_csv_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    with pytest.raises(UnreadableInput, match="is not a text file"):
        import_tabular(path)


def test_a_missing_file_a_folder_and_a_strange_ending_are_refused(tmp_path):
    with pytest.raises(UnreadableInput, match="cannot be opened"):
        import_tabular(tmp_path / "none.csv")
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(UnreadableInput, match="is a folder"):
        import_tabular(tmp_path / "x.csv")
    with pytest.raises(UnreadableInput, match="of no kind"):
        import_tabular(write(tmp_path / "a.docx", "x"))


def test_quick_and_careful_reading_agree(tmp_path):
    plain = [f"L{number},2025-01-02,S{number % 7},{number}" for number in range(500)]
    quick = purchases(tmp_path, *plain, header=ROWS[0])
    careful = purchases(tmp_path, *plain, '"L\n500",2025-01-02,S1,1', header=ROWS[0])
    assert careful.tables["purchases"].drop("source").equals(quick.tables["purchases"].drop("source"))
    assert careful.counts.rejected == 1


def test_parquet(tmp_path):
    frame = pl.DataFrame({"line": ["L1", "L2"], "Quantity (t)": [0.5, 1.0], "tier": [1, 2], "supplier": [7, None]})
    frame.write_parquet(tmp_path / "a.parquet")
    imported = import_tabular(tmp_path / "a.parquet", table="purchases")
    assert imported.tables["purchases"]["quantity_g"].to_list() == [500_000, 1_000_000]
    assert imported.tables["purchases"]["supplier"].to_list() == ["7", None]
    assert imported.tables["purchases"]["source_row"].to_list() == [1, 2]
    assert imported.sheets[0].unmapped == ("tier",)


def test_a_broken_parquet_file_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(UnreadableInput, match="Parquet"):
        import_tabular(path)


def test_the_sheet_keeps_every_cell_as_written(tmp_path):
    sheets, encoding = read_sheets(write(tmp_path / "a.csv", "line,supplier", "L1, 007 ", "L2,1.50"))
    assert encoding == "utf-8"
    assert sheets[0].cells["1"].to_list() == [" 007 ", "1.50"]


@pytest.mark.parametrize(
    ("last", "lost"),
    [
        ("L3,2025-01-04,S3,7", False),  # a file need not end in a line break
        ("L3,2025-01-04,S3,", False),
        ("L3,2025-01-04,S", True),
        ("L3", True),
        ("L3,2025-01-04,S\n", False),  # a short row that ends: its last cells are empty
    ],
)
@pytest.mark.parametrize("quoted", [False, True])
def test_a_file_cut_in_the_middle_of_its_last_row_loses_that_row_aloud(tmp_path, last, lost, quoted):
    """Half a number would be read as a whole one."""
    rows = [*ROWS, last]
    if quoted:
        rows[1] = rows[1].replace("S1", '"S1, and others"')
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    found = import_tabular(path, table="purchases")
    assert balanced(found)
    assert found.tables["purchases"]["line"].to_list() == (["L1", "L2"] if lost else ["L1", "L2", "L3"])
    assert found.rejects.height == lost
    if lost:
        [refused] = found.rejects.to_dicts()
        assert (refused["source_row"], refused["value"]) == (4, last)
        assert refused["reason"].startswith("The file ends in the middle of this row")
