"""The user's own file back, with every refused cell coloured and explained in English and Chinese."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from landproof.domain.messages import Message, text
from landproof.intake.copies import AUTHOR, COLOUR, LARGEST_CELL, Copy, open_copy, write
from landproof.intake.marked import HEADING, MARKED, summary_name
from landproof.intake.reasons import REASONS
from landproof.intake.words import CHINESE, bilingual
from landproof.reference.catalogue import render

MOST_COMMENTS: Final = 2_000  # more than anybody reads
MOST_LISTED: Final = 5_000  # refused rows that are listed and coloured
# In a copy of values alone these cells would be empty, and pass for "not known" when the copy comes in again.
_UNREADABLE: Final = frozenset(
    REASONS[key].reason for key in ("cell-error", "formula-without-value", "merged-cell")
)
_NO_VALUE: Final = "#N/A"
_HEADINGS: Final = (
    text("Sheet or layer"),
    text("Row in the source file"),
    text("Field"),
    text("Value as written"),
    text("Reason"),
    text("What to do"),
)
_MORE: Final = text("%(count)s more: `landproof status CASE --rejects` lists them all.")


@dataclass(frozen=True, slots=True)
class _Mark:
    sheet: str
    row: int | None
    cell: str | None
    field: str
    value: str
    english: tuple[str, str]
    chinese: tuple[str, str]
    unreadable: bool = False  # the file holds no value that a copy could hold

    @property
    def comment(self) -> str:
        return "\n".join(" ".join(pair) for pair in (self.english, self.chinese))


def annotate(path: Path, rejects: pl.DataFrame, out: Path) -> bool:
    """Write ``path`` to ``out`` (XLSX) with the cells of ``rejects`` marked, and a sheet that lists them.

    ``rejects`` is what an import gave for this very file. Workbooks keep their formats unless they are very large;
    a text file or Parquet becomes a workbook whose rows have the numbers of the original. Of a long sheet only
    the header and the refused rows come back, and the answer is False. Raises `OSError` when ``out`` cannot be
    written.
    """
    listed = [_mark(row) for row in rejects.head(MOST_LISTED).iter_rows(named=True)]
    wanted: dict[str, set[int]] = {}
    for mark in listed:
        if mark.row is not None:
            wanted.setdefault(mark.sheet, set()).add(mark.row)
    copy = open_copy(path, wanted)
    for at, mark in enumerate(listed):
        _put(copy, mark, commented=at < MOST_COMMENTS)
    _summary(copy.book, listed, rejects.height)
    _sign(copy, rejects["source"].item(0))
    copy.book.save(out)
    return copy.whole


def _sign(copy: Copy, source: str) -> None:
    """Say whose copy it is, so that the corrected copy can take the file's place."""
    sheet = copy.book.create_sheet(MARKED)
    sheet.sheet_state = "veryHidden"
    write(sheet, 1, 1, HEADING)
    if copy.whole:
        write(sheet, 2, 1, source)


def _mark(row: Mapping[str, Any]) -> _Mark:
    values: dict[str, str] = json.loads(row["values"] or "{}")
    reason, remedy = Message(row["reason"], values), Message(row["remedy"], values)
    return _Mark(
        row["sheet"] or "", row["source_row"], values.get("cell"), row["field"] or "", row["value"] or "",
        (render(reason, "en"), render(remedy, "en")), (render(reason, CHINESE), render(remedy, CHINESE)),
        row["reason"] in _UNREADABLE,
    )  # fmt: skip


def _put(copy: Copy, mark: _Mark, *, commented: bool) -> None:
    sheet = copy.book[mark.sheet] if mark.sheet in copy.book.sheetnames else copy.book.worksheets[0]
    places = copy.places.get(mark.sheet)
    row = 1 if mark.row is None else mark.row if places is None else places.get(mark.row, 1)
    column = "".join(letter for letter in mark.cell or "A" if letter.isalpha())
    cell = sheet[f"{column}{row}"]
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
            break
    cell.fill = COLOUR
    if mark.unreadable and places is not None:
        write(sheet, cell.row, cell.column, _NO_VALUE)
    if not commented:
        return
    earlier = f"{cell.comment.text}\n" if cell.comment is not None else ""
    cell.comment = Comment((earlier + mark.comment)[:LARGEST_CELL], AUTHOR, height=160, width=420)


def _summary(book: Any, marks: list[_Mark], count: int) -> None:
    sheet = book.create_sheet(_free_name(book))
    bold, wrap = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for at, heading in enumerate(_HEADINGS, start=1):
        sheet.cell(1, at, bilingual(heading)).font = bold
    for at, mark in enumerate(marks, start=2):
        reasons = "\n".join((mark.english[0], mark.chinese[0]))
        remedies = "\n".join((mark.english[1], mark.chinese[1]))
        for place, value in enumerate((mark.sheet, mark.row, mark.field, mark.value, reasons, remedies), start=1):
            write(sheet, at, place, value).alignment = wrap
    if count > len(marks):
        message = Message(_MORE, {"count": f"{count - len(marks):,}"})
        write(sheet, len(marks) + 2, 1, "\n".join((render(message, "en"), render(message, CHINESE))))
    for at, width in enumerate((16, 10, 24, 24, 60, 60), start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"


def _free_name(book: Any) -> str:
    name, number = summary_name(), 2
    while name in book.sheetnames:
        name, number = f"{summary_name()} {number}", number + 1
    return name
