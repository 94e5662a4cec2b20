"""Bilingual XLSX templates that import without a question."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]
from xlsxwriter.exceptions import FileCreateError  # pyright: ignore[reportMissingTypeStubs]

from landproof.domain.facts import FACTS
from landproof.domain.tables import Column, Kind, Table
from landproof.intake.mapping import UNIT_SUFFIX, readable_columns
from landproof.intake.refuse import letters
from landproof.intake.template_text import (
    CHOICES,
    HELP,
    INSTRUCTIONS,
    LISTS,
    READ_ME,
    REQUIRED,
    UNIT_LABEL,
    WORKBOOKS,
)
from landproof.intake.words import CHINESE, bilingual
from landproof.reference.catalogue import translate

UNITS: Final = ("g", "kg", "t", "lb", "oz", "斤", "公斤", "吨", "担")
FIRST_ROW: Final = 2  # zero-based, below the visible and the hidden header
_ROWS: Final = 20_000  # rows that carry drop-downs and formats
_AREA_UNITS: Final = {Kind.AREA: " (ha / 公顷)"}
_MADE: Final = dt.datetime(2024, 4, 12)  # noqa: DTZ001 - a fixed day, so that templates are the same everywhere


@dataclass(frozen=True, slots=True)
class Slot:
    """One column of a sheet: the visible header, the machine's name, and the words of its drop-down."""

    header: str
    machine: str
    column: Column
    options: tuple[str, ...] = ()
    is_unit: bool = False


def write_templates(folder: Path) -> list[Path]:
    """Write every template into ``folder``, made when it is missing; returns the files. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return [
            _write_workbook(folder / f"{name}.xlsx", title, tables) for name, (title, tables) in WORKBOOKS.items()
        ]
    except FileCreateError as error:  # it wraps the error that says why
        raise error.args[0] from error


def slots(table: Table) -> Iterator[Slot]:
    """The columns of a template sheet in order; each mass is followed by its unit."""
    for name in readable_columns(table):
        column = table[name]
        machine = f"{table.name}.{name}"
        star = " *" if column.required else ""
        header = f"{bilingual(column.label)}{_AREA_UNITS.get(column.kind, '')}{star}"
        yield Slot(header, machine, column, _options(column))
        if column.kind is Kind.MASS:
            english = UNIT_LABEL % {"label": column.label}
            chinese = translate(UNIT_LABEL, CHINESE) % {"label": translate(column.label, CHINESE)}
            yield Slot(f"{english} / {chinese}", f"{machine}{UNIT_SUFFIX}", column, UNITS, is_unit=True)


def sheet_name(table: Table) -> str:
    """The sheet's name, short enough for every spreadsheet program."""
    chinese = translate(table.title, CHINESE)
    return f"{table.name} {chinese}"[:31]


def _options(column: Column) -> tuple[str, ...]:
    if column.kind is Kind.YES_NO:
        return bilingual("yes"), bilingual("no")
    return tuple(bilingual(choice) for choice in column.choices) if column.kind is Kind.CHOICE else ()


def _write_workbook(path: Path, title: str, tables: tuple[str, ...]) -> Path:
    book: Any = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    with book:
        book.set_properties({"title": bilingual(title), "created": _MADE})
        _write_instructions(book, title, tables)
        sheets = [(book.add_worksheet(sheet_name(FACTS[name])), FACTS[name]) for name in tables]
        lists = book.add_worksheet(LISTS)
        lists.very_hidden()
        next_list = 0
        for sheet, table in sheets:
            next_list = _write_sheet(book, sheet, table, lists, next_list)
    return path


def _write_instructions(book: Any, title: str, tables: tuple[str, ...]) -> None:
    sheet = book.add_worksheet(READ_ME)
    head = book.add_format({"bold": True, "font_size": 14})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 70)
    sheet.write_row(0, 0, [title, translate(title, CHINESE)], head)
    for row, sentence in enumerate(INSTRUCTIONS, start=2):
        sheet.write_row(row, 0, [sentence, translate(sentence, CHINESE)], wrap)
    for row, name in enumerate(tables, start=len(INSTRUCTIONS) + 3):
        sheet.write_row(row, 0, [FACTS[name].title, translate(FACTS[name].title, CHINESE)], wrap)


def _write_sheet(book: Any, sheet: Any, table: Table, lists: Any, next_list: int) -> int:
    visible = {"bold": True, "text_wrap": True, "valign": "top", "border": 1}
    needed = book.add_format({**visible, "bg_color": "#F6D5A8"})
    optional = book.add_format({**visible, "bg_color": "#DDEBDD"})
    as_text = book.add_format({"num_format": "@"})
    as_day = book.add_format({"num_format": "yyyy-mm-dd"})
    last = FIRST_ROW + _ROWS - 1
    for at, slot in enumerate(slots(table)):
        kind = slot.column.kind
        style = (
            as_day
            if kind is Kind.DATE
            else as_text
            if kind in {Kind.ID, Kind.TEXT, Kind.DOCUMENT, Kind.INSTANT}
            else None
        )
        sheet.set_column(at, at, 22, style)
        sheet.write_string(0, at, slot.header, needed if slot.column.required else optional)
        sheet.write_string(1, at, slot.machine)
        sheet.write_comment(0, at, _help(slot), {"x_scale": 2})
        if slot.options:
            lists.write_column(0, next_list, slot.options)
            source = f"={LISTS}!${letters(next_list)}$1:${letters(next_list)}${len(slot.options)}"
            sheet.data_validation(FIRST_ROW, at, last, at, {"validate": "list", "source": source})
            next_list += 1
    sheet.set_row(0, 48)
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.freeze_panes(FIRST_ROW, 1)
    return next_list


def _help(slot: Slot) -> str:
    if slot.is_unit:
        return ", ".join(UNITS)
    lines: list[str] = []
    for language in ("en", CHINESE):
        line = translate(HELP[slot.column.kind], language)
        if slot.column.required:
            line += " " + translate(REQUIRED, language)
        if slot.column.kind is Kind.LIST and slot.column.choices:
            words = "; ".join(translate(choice, language) for choice in slot.column.choices)
            line += " " + translate(CHOICES, language) % {"choices": words}
        lines.append(line)
    return "\n".join(lines)
