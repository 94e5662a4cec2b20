"""The report as a workbook: a summary and one sheet per table, with filters and frozen headers.

Identifiers are text, so that no program turns a lot number into a date. Amounts are numbers as far as a
spreadsheet can hold them exactly (15 digits); a longer one is written as text. The JSON has all digits.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeAlias

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.render.labels import LABELS, period_sentence, unlisted_sentence
from landproof.render.palette import OUTCOME_COLOURS, OUTCOME_GROUNDS
from landproof.render.wording import Wording
from landproof.reporting.amounts import plain
from landproof.reporting.cells import Amount, Area, Cell, Id, Mass, Quantity, Share
from landproof.reporting.nodes import Paragraph, Report, Table, Tile, Tiles

_MOST_CHARACTERS = 32_767
_DIGITS = 15
_TABLE_WIDTH = 170  # characters that the columns of a table share by their weights
_SHEET_NAME = 31
# What a number format says beyond the number: no share is shown rounded onto a limit.
_FORMATS = {
    "money": "#,##0.00##",
    "share": "0.0#####%",
    "number": "#,##0.######",
    "date": "yyyy-mm-dd",
    "count": "0",
}

Format: TypeAlias = Any
Sheet: TypeAlias = Any


def render_workbook(report: Report, language: str) -> bytes:
    """The report in ``language`` as .xlsx; the same report gives the same bytes."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book: Any = xlsxwriter.Workbook(buffer, options)
    created = datetime.combine(report.as_of, time.min, UTC).replace(tzinfo=None)
    wording = Wording(language, report.edition)
    title = f"{wording.say(LABELS['report'])} – {report.company}"
    book.set_properties({"title": title, "author": "landproof", "created": created})
    _Book(book, wording).write(report)
    book.close()
    return buffer.getvalue()


class _Book:
    def __init__(self, book: Any, wording: Wording) -> None:
        self._book = book
        self._wording = wording
        body = {"valign": "top", "text_wrap": True, "font_name": "Noto Sans SC", "font_size": 10}
        self._text: Format = book.add_format({**body, "num_format": "@"})
        self._bold: Format = book.add_format({**body, "bold": True, "font_size": 14, "text_wrap": False})
        self._label: Format = book.add_format({**body, "font_color": "#52606d"})
        self._unknown: Format = book.add_format({**body, "italic": True, "font_color": "#7d4b00"})
        self._header: Format = book.add_format(
            {**body, "bold": True, "bg_color": "#0b5c4a", "font_color": "#ffffff", "valign": "vcenter"}
        )
        self._body = body
        self._numbers: dict[str, Format] = {}
        self._outcomes = {
            outcome: book.add_format(
                {
                    **body,
                    "bold": True,
                    "font_color": OUTCOME_COLOURS[outcome],
                    "bg_color": OUTCOME_GROUNDS[outcome],
                }
            )
            for outcome in Outcome
        }

    def write(self, report: Report) -> None:
        summary = self._sheet(LABELS["summary"])
        self._summary(summary, report)
        for sheet in report.sheets:
            self._table(self._sheet(sheet.name), sheet.table)

    def _sheet(self, name: str) -> Sheet:
        sheet: Sheet = self._book.add_worksheet(self._wording.say(name)[:_SHEET_NAME])
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        return sheet

    def _summary(self, sheet: Sheet, report: Report) -> None:
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 44)
        sheet.set_column(2, 7, 16)
        sheet.write_string(0, 0, self._wording(report.headline), self._bold)
        facts: list[tuple[str, Cell]] = [
            ("verdict", report.verdict),
            ("stage", report.stage),
            ("as_of", report.as_of),
            ("period", period_sentence(report)),
            ("case", Id(report.case)),
            ("edition", report.edition_title),
            ("run", Id(report.run)),
            ("software", Id(f"landproof {report.version}")),
        ]
        row = 2
        sheet.write_string(row, 0, report.company, self._bold)
        for name, cell in facts:
            row += 1
            sheet.write_string(row, 0, self._wording.say(LABELS[name]), self._label)
            self._cell(sheet, row, 1, cell)
        row = self._tiles(sheet, row + 2, report)
        self._warnings(sheet, row + 1, report)
        sheet.freeze_panes(1, 0)

    def _tiles(self, sheet: Sheet, row: int, report: Report) -> int:
        tiles = [tile for node in report.nodes() if isinstance(node, Tiles) for tile in node.tiles]
        heads = [LABELS["clause"], LABELS["requirement"], LABELS["worst"]]
        for column, label in enumerate(heads):
            sheet.write_string(row, column, self._wording.say(label), self._header)
        for column, outcome in enumerate(Outcome, start=len(heads)):
            sheet.write_string(row, column, self._wording(outcome), self._header)
        for tile in tiles:
            row += 1
            self._tile(sheet, row, tile)
        return row

    def _tile(self, sheet: Sheet, row: int, tile: Tile) -> None:
        sheet.write_string(row, 0, tile.clause, self._text)
        sheet.write_string(row, 1, self._wording.say(tile.title), self._text)
        self._cell(sheet, row, 2, tile.outcome)
        for column, outcome in enumerate(Outcome, start=3):
            sheet.write_number(row, column, tile.counts.get(outcome, 0), self._format("count"))

    def _warnings(self, sheet: Sheet, row: int, report: Report) -> None:
        said = [node.sentence for node in report.nodes() if isinstance(node, Paragraph) and node.tone == "warning"]
        said += [unlisted_sentence(sheet) for sheet in report.sheets if sheet.table.unlisted]
        for place, sentence in enumerate(said, start=row):
            sheet.write_string(place, 0, self._wording(sentence), self._unknown)

    def _table(self, sheet: Sheet, table: Table) -> None:
        weight = sum(column.weight for column in table.columns)
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, self._wording.say(column.label), self._header)
            sheet.set_column(place, place, max(10, round(_TABLE_WIDTH * column.weight / weight)))
        rows = table.listed_rows()
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row.cells):
                self._cell(sheet, number, place, cell)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(table.columns) - 1)

    def _cell(self, sheet: Sheet, row: int, column: int, cell: Cell) -> None:
        match cell:
            case Outcome():
                sheet.write_string(row, column, self._wording(cell), self._outcomes[cell])
            case None:
                sheet.write_string(row, column, self._wording(None), self._unknown)
            case int() if not isinstance(cell, bool):
                sheet.write_number(row, column, cell, self._format("count"))
            case date():
                sheet.write_datetime(row, column, datetime.combine(cell, time.min), self._format("date"))
            case Amount():
                self._number(sheet, row, column, cell.value, "money", cell.currency or "")
            case Share():
                sheet.write_number(row, column, float(cell.part / cell.whole), self._format("share"))
            case Mass():
                self._number(sheet, row, column, cell.grams / 1_000_000, "number", self._wording.say(text("t")))
            case Area():
                self._number(sheet, row, column, cell.hectares, "number", self._wording.say(text("ha")))
            case Quantity():
                self._number(sheet, row, column, cell.value, "number")
            case _:
                self._words(sheet, row, column, self._wording(cell))

    def _format(self, form: str, unit: str = "") -> Format:
        """A number format, with its unit shown in the cell so that no header has to tell it."""
        pattern = _FORMATS[form] + (f'" {unit}"' if unit else "")
        if pattern not in self._numbers:
            self._numbers[pattern] = self._book.add_format({**self._body, "num_format": pattern})
        return self._numbers[pattern]

    def _number(self, sheet: Sheet, row: int, column: int, value: Decimal, form: str, unit: str = "") -> None:
        written = plain(value) or ""
        if len(written.replace("-", "").replace(".", "").lstrip("0")) <= _DIGITS:
            sheet.write_number(row, column, float(value), self._format(form, unit))
        else:
            sheet.write_string(row, column, written, self._text)

    def _words(self, sheet: Sheet, row: int, column: int, words: str) -> None:
        if len(words) > _MOST_CHARACTERS:  # a longer one would be dropped without a word
            ending = self._wording.say(text(" … (continues in the JSON report)"))
            words = words[: _MOST_CHARACTERS - len(ending)] + ending
        if words:
            sheet.write_string(row, column, words, self._text)
