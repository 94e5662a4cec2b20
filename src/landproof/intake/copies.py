"""The user's file as an openpyxl workbook, so that cells can be marked in it."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.styles import PatternFill
from python_calamine import CalamineWorkbook, SheetTypeEnum

from landproof.intake.columnar import read_parquet
from landproof.intake.delimited import HEADER_WITHIN, allow_long_cells, sniff
from landproof.intake.encoding import to_utf8
from landproof.intake.limits import MEGABYTE, check_zip
from landproof.intake.mapping import header_row, machine_row
from landproof.intake.marked import MARKED, is_summary
from landproof.intake.readers import COLUMNAR, DELIMITED
from landproof.intake.words import visible

AUTHOR: Final = "landproof"
COLOUR: Final = PatternFill("solid", fgColor="FFC7CE")
WHOLE_FILE_UP_TO: Final = 50_000  # rows; of a longer sheet only header and refused rows come back
FORMATS_UP_TO: Final = 60 * MEGABYTE  # unpacked; of a larger workbook the values come back without their formats
LARGEST_CELL: Final = 32_000
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Row = tuple[int, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Copy:
    """The workbook; ``places`` has, per sheet, the row of each row of the source where they differ.

    ``whole`` tells whether every row of the source is in it.
    """

    book: Any
    places: Mapping[str, Mapping[int, int]] = field(default_factory=dict[str, Mapping[int, int]])
    whole: bool = True


def open_copy(path: Path, wanted: Mapping[str, Collection[int]]) -> Copy:
    """``path`` as a workbook. ``wanted``: the refused rows of each sheet, which a long sheet is cut down to."""
    suffix = path.suffix.lower()
    if suffix in {".xlsx", ".xlsm"}:
        if check_zip(path) <= FORMATS_UP_TO:
            try:
                return Copy(_without_marks(openpyxl.load_workbook(path)))  # without macros
            except Exception:  # noqa: S110 - it raises all sorts on workbooks that other programs read well
                pass
        return _values_of(path, wanted)
    if suffix in DELIMITED:
        return _filled({"": _delimited(path)}, wanted)
    return _filled({"": _columnar(path)}, wanted) if suffix in COLUMNAR else _values_of(path, wanted)


def write(sheet: Any, row: int, column: int, value: Any) -> Any:
    """Put a value into a cell; a text is never a formula, whatever it starts with."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = _NOT_IN_XML.sub(lambda found: visible(found[0]), value)[:LARGEST_CELL]
        cell.data_type = "s"
    else:
        cell.value = value
    return cell


def _without_marks(book: Any) -> Any:
    """The workbook as it was before cells were marked in it, if it is a marked copy itself."""
    if MARKED not in book.sheetnames:
        return book
    for name in [name for name in book.sheetnames if name == MARKED or is_summary(name)]:
        del book[name]
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.comment is not None):
            if cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()
    return book


def _values_of(path: Path, wanted: Mapping[str, Collection[int]]) -> Copy:
    with CalamineWorkbook.from_path(str(path)) as old:  # pyright: ignore[reportUnknownMemberType]
        names = [about.name for about in old.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]
        sheets = {name: old.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
    return _filled({name: enumerate(rows, 1) for name, rows in sheets.items()}, wanted)


def _delimited(path: Path) -> Iterable[Row]:
    data, _ = to_utf8(path.read_bytes(), path.name)
    lines = io.StringIO(data.decode(), newline="")
    allow_long_cells()
    return enumerate(csv.reader(lines, delimiter=sniff(data[: 1 << 16])), start=1)


def _columnar(path: Path) -> Iterable[Row]:
    sheet = read_parquet(path)
    body = ([cell or "" for cell in row] for row in sheet.cells.iter_rows())
    return chain([(0, list(sheet.header))], zip(sheet.rows.to_list(), body, strict=True))


def _filled(sheets: Mapping[str, Iterable[Row]], wanted: Mapping[str, Collection[int]]) -> Copy:
    """The sheets as values; beyond `WHOLE_FILE_UP_TO` only their headers and refused rows."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    places: dict[str, Mapping[int, int]] = {}
    whole = True
    for name, rows in sheets.items():
        found = list(rows)
        if len(found) > WHOLE_FILE_UP_TO:
            asked, below = wanted.get(name, ()), _header_rows(found)
            found = [*found[:below], *(pair for pair in found[below:] if pair[0] in asked)]
            whole = False
        sheet = book.create_sheet(name) if name else book.create_sheet()
        places[name] = {number: at for at, (number, _) in enumerate(found, start=1)}
        for at, (_, row) in enumerate(found, start=1):
            for column, value in enumerate(row, start=1):
                write(sheet, at, column, value)
    return Copy(book, places, whole)


def _header_rows(rows: Sequence[Row]) -> int:
    """How many of the first rows are headers, or stand above them."""
    top = [["" if cell is None else str(cell) for cell in row] for _, row in rows[:HEADER_WITHIN]]
    machine = machine_row(top)
    return (header_row(top, {}) if machine is None else machine) + 1
