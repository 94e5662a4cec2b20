"""The user's own file back, with every refused cell coloured and explained in English and Chinese."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

import openpyxl
import polars as pl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from landproof.domain.messages import Message, text
from landproof.intake.columnar import read_parquet
from landproof.intake.delimited import sniff
from landproof.intake.encoding import to_utf8
from landproof.intake.limits import check_zip
from landproof.intake.readers import COLUMNAR, DELIMITED
from landproof.intake.words import CHINESE, bilingual
from landproof.reference.catalogue import render

AUTHOR: Final = "landproof"
WHOLE_FILE_UP_TO: Final = 50_000  # rows; of a longer text file only header and refused rows come back
_COLOUR: Final = PatternFill("solid", fgColor="FFC7CE")
_SUMMARY: Final = text("Rejected rows")
_HEADINGS: Final = (
    text("Sheet or layer"),
    text("Row in the source file"),
    text("Field"),
    text("Value as written"),
    text("Reason"),
    text("What to do"),
)
_LARGEST_CELL: Final = 32_000


@dataclass(frozen=True, slots=True)
class _Mark:
    sheet: str
    row: int | None
    cell: str | None
    field: str
    value: str
    english: tuple[str, str]
    chinese: tuple[str, str]

    @property
    def comment(self) -> str:
        return "\n".join(" ".join(pair) for pair in (self.english, self.chinese))


def annotate(path: Path, rejects: pl.DataFrame, out: Path) -> Path:
    """Write ``path`` to ``out`` (XLSX) with the cells of ``rejects`` marked, and a sheet that lists them all.

    ``rejects`` is what `import_tabular` gave for this very file. Workbooks keep their formats; a text file
    or Parquet becomes a workbook whose rows have the numbers of the original.
    """
    marks = [_mark(row) for row in rejects.iter_rows(named=True)]
    book, rows = _open(path, {mark.row for mark in marks})
    for mark in marks:
        sheet = book[mark.sheet] if mark.sheet in book.sheetnames else book.worksheets[0]
        _put(sheet, mark, rows)
    _summary(book, marks)
    book.save(out)
    return out


def _mark(row: Mapping[str, Any]) -> _Mark:
    values: dict[str, str] = json.loads(row["values"] or "{}")
    reason, remedy = Message(row["reason"], values), Message(row["remedy"], values)
    return _Mark(
        row["sheet"] or "", row["source_row"], values.get("cell"), row["field"] or "", row["value"] or "",
        (render(reason, "en"), render(remedy, "en")), (render(reason, CHINESE), render(remedy, CHINESE)),
    )  # fmt: skip


def _put(sheet: Any, mark: _Mark, rows: Mapping[int, int] | None) -> None:
    row = 1 if mark.row is None else mark.row if rows is None else rows.get(mark.row, 1)
    column = "".join(letter for letter in mark.cell or "A" if letter.isalpha())
    cell = sheet[f"{column}{row}"]
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
            break
    cell.fill = _COLOUR
    earlier = f"{cell.comment.text}\n" if cell.comment is not None else ""
    cell.comment = Comment((earlier + mark.comment)[:_LARGEST_CELL], AUTHOR, height=160, width=420)


def _summary(book: Any, marks: list[_Mark]) -> None:
    sheet = book.create_sheet(_free_name(book))
    bold, wrap = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for at, heading in enumerate(_HEADINGS, start=1):
        sheet.cell(1, at, bilingual(heading)).font = bold
    for at, mark in enumerate(marks, start=2):
        reasons = "\n".join((mark.english[0], mark.chinese[0]))
        remedies = "\n".join((mark.english[1], mark.chinese[1]))
        for place, value in enumerate((mark.sheet, mark.row, mark.field, mark.value, reasons, remedies), start=1):
            _write(sheet, at, place, value).alignment = wrap
    for at, width in enumerate((16, 10, 24, 24, 60, 60), start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"


def _free_name(book: Any) -> str:
    name, number = bilingual(_SUMMARY).replace("/", "-"), 2
    while name in book.sheetnames:
        name, number = f"{bilingual(_SUMMARY).replace('/', '-')} {number}", number + 1
    return name


def _write(sheet: Any, row: int, column: int, value: object) -> Any:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = "".join(letter for letter in value if letter >= " " or letter in "\t\n\r")[:_LARGEST_CELL]
        cell.data_type = "s"  # never a formula, whatever it starts with
    else:
        cell.value = value
    return cell


def _open(path: Path, wanted: set[int | None]) -> tuple[Any, Mapping[int, int] | None]:
    """The file as an openpyxl workbook, and the row of each row of the source where they differ."""
    suffix = path.suffix.lower()
    if suffix in {".xlsx", ".xlsm"}:
        check_zip(path)
        return openpyxl.load_workbook(path, keep_vba=suffix == ".xlsm"), None
    book = openpyxl.Workbook()
    if suffix in DELIMITED:
        return book, _fill(book.active, _delimited(path), wanted)
    if suffix in COLUMNAR:
        sheet = read_parquet(path)
        body = ([cell or "" for cell in row] for row in sheet.cells.iter_rows())
        numbered = chain([(0, list(sheet.header))], zip(sheet.rows.to_list(), body, strict=True))
        return book, _fill(book.active, numbered, wanted)
    book.remove(book.worksheets[0])
    with CalamineWorkbook.from_path(str(path)) as old:  # pyright: ignore[reportUnknownMemberType]
        for name in old.sheet_names:
            values = old.get_sheet_by_name(name).to_python(skip_empty_area=False)
            _fill(book.create_sheet(name), enumerate(([str(cell) for cell in row] for row in values), 1), None)
    return book, None


def _delimited(path: Path) -> Iterable[tuple[int, list[str]]]:
    data, _ = to_utf8(path.read_bytes(), path.name)
    lines = io.StringIO(data.decode(), newline="")
    return enumerate(csv.reader(lines, delimiter=sniff(data[: 1 << 16])), start=1)


def _fill(
    sheet: Any, rows: Iterable[tuple[int, list[str]]], wanted: set[int | None] | None
) -> Mapping[int, int] | None:
    """Write the rows; beyond `WHOLE_FILE_UP_TO` only the refused ones, and say where each went."""
    found = list(rows)
    short = wanted is not None and len(found) > WHOLE_FILE_UP_TO
    kept = (
        [found[0], *(pair for pair in found[1:] if pair[0] in wanted)] if short and wanted is not None else found
    )
    places: dict[int, int] = {}
    for at, (number, row) in enumerate(kept, start=1):
        places[number] = at
        for column, value in enumerate(row, start=1):
            _write(sheet, at, column, value)
    return places
