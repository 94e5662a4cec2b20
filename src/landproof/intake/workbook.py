"""XLSX and XLS: every sheet as raw text, with how each cell was stored."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeAlias

import polars as pl
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.intake import worksheet_xml
from landproof.intake.biff import odd_cells as odd_cells_of_xls
from landproof.intake.limits import LIMITS, check_size, check_zip
from landproof.intake.sheets import ROW, Cell, Sheet, frame_of

Value: TypeAlias = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
FindHeader = Callable[[Sequence[Sequence[str]]], int]
FindMachine = Callable[[Sequence[Sequence[str]]], int | None]
HEADER_WITHIN: Final = 20


def read_workbook(path: Path, find_header: FindHeader, find_machine: FindMachine) -> list[Sheet]:
    """All sheets that hold cells, in workbook order. Raises `UnreadableInput`."""
    zipped = path.suffix.lower() != ".xls"
    if zipped:
        check_zip(path)
    else:
        check_size(path, LIMITS.workbook)
    try:
        oddities = worksheet_xml.look(path) if zipped else odd_cells_of_xls(path)
        with CalamineWorkbook.from_path(str(path)) as book:  # pyright: ignore[reportUnknownMemberType]
            found: list[Sheet] = []
            for about in book.sheets_metadata:
                if about.typ != SheetTypeEnum.WorkSheet:
                    continue
                odd = oddities.get(about.name, worksheet_xml.Oddities({}, epoch_1904=False))
                sheet = _read_sheet(book.get_sheet_by_name(about.name), odd, find_header, find_machine)
                if sheet is not None:
                    found.append(replace(sheet, hidden=about.visible != SheetVisibleEnum.Visible))
    except PasswordError as error:
        raise UnreadableInput(text("%(file)s has a password. Save a copy without one."), file=path.name) from error
    except (CalamineError, SyntaxError, KeyError, OSError) as error:
        raise UnreadableInput(
            text("%(file)s cannot be read as a workbook. Open it, save it as XLSX and try again."), file=path.name
        ) from error
    return found


def _read_sheet(
    sheet: CalamineSheet, odd: worksheet_xml.Oddities, find_header: FindHeader, find_machine: FindMachine
) -> Sheet | None:
    values: list[list[Value]] = sheet.to_python(skip_empty_area=False)
    top = [[_text(value) or "" for value in row] for row in values[:HEADER_WITHIN]]
    if not any(any(row) for row in top) and not any(any(cell != "" for cell in row) for row in values):
        return None
    machine_at = find_machine(top)
    at = find_header(top) if machine_at is None else max(machine_at - 1, 0)
    below = at + 1 if machine_at is None else machine_at + 1
    header = tuple(cell.strip() for cell in top[at]) if top else ()
    width = len(header)
    data = values[below:]
    columns = [[row[place] for row in data] for place in range(width)]
    names = [str(place) for place in range(width)]
    kinds = [[_kind(value) for value in column] for column in columns]
    _mark(kinds, odd.cells, below)
    _mark(kinds, _merged(sheet, below, width, len(data)), below)
    return Sheet(
        sheet.name,
        header,
        frame_of([[_text(value) for value in column] for column in columns]),
        pl.Series(ROW, range(below + 1, below + 1 + len(data)), dtype=pl.Int64),
        kinds=pl.DataFrame(
            [pl.Series(name, kind, dtype=pl.UInt8) for name, kind in zip(names, kinds, strict=True)]
        ),
        header_row=below,
        machine=None if machine_at is None else tuple(cell.strip() for cell in top[machine_at]),
        epoch_1904=odd.epoch_1904,
    ).without_blank_rows()


def _mark(kinds: list[list[int]], cells: dict[tuple[int, int], Cell], below: int) -> None:
    for (row, column), kind in cells.items():
        if column < len(kinds) and below <= row < below + len(kinds[column]):
            kinds[column][row - below] = kind


def _merged(sheet: CalamineSheet, below: int, width: int, height: int) -> dict[tuple[int, int], Cell]:
    """Cells of merged ranges: one value for several rows or columns says of none what it holds."""
    return {
        (row, column): Cell.MERGED
        for (first, left), (last, right) in sheet.merged_cell_ranges or []
        for row in range(max(first, below), min(last + 1, below + height))
        for column in range(left, min(right + 1, width))
    }


def _kind(value: Value) -> int:
    if isinstance(value, bool):
        return Cell.TRUTH
    if isinstance(value, int | float):
        return Cell.NUMBER
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return Cell.DATE
    return Cell.TEXT


def _text(value: Value) -> str | None:
    """The value as its program shows it: numbers with at most 15 digits, days as ISO dates."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else str(value)


def number_text(value: float) -> str:
    """A binary number as decimal digits: a spreadsheet keeps and shows 15, so more are noise."""
    if value == int(value) and abs(value) < 10**15:
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")
