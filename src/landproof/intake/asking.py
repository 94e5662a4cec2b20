"""What a sheet does not tell, as questions to the person who brings it. Who asks, and how, the caller knows."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from landproof.domain.facts import FACTS
from landproof.intake import mapping, yearly
from landproof.intake.mapping import ColumnMap
from landproof.intake.sheets import Sheet
from landproof.intake.words import plain


@dataclass(frozen=True, slots=True)
class Place:
    """The sheet that is asked about; ``sheet`` is empty for a file that has no sheets."""

    file: str
    sheet: str
    rows: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of theirs, and the first value that is written in it."""

    name: str
    sample: str


@dataclass(frozen=True, slots=True)
class WhichTable:
    """Which of ``choices`` does the sheet hold? The likeliest stand first."""

    place: Place
    headings: tuple[str, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhichColumn:
    """Which of ``choices`` is ``column`` of ``table``? ``several``: each looks like it; otherwise none does."""

    place: Place
    table: str
    column: str
    several: bool
    choices: tuple[Heading, ...]


Question: TypeAlias = WhichTable | WhichColumn
Ask: TypeAlias = Callable[[Question], int | None]  # place among the choices; None: none of them


class Asking:
    """Asks about the sheets of one file, if there is somebody to ask."""

    def __init__(self, ask: Ask | None, file: str) -> None:
        self._ask = ask
        self._file = file
        self.answered = False  # a table or a column was settled by an answer

    def table(self, sheet: Sheet) -> str | None:
        """The table that the person says ``sheet`` holds; None when they pass, or nobody or nothing is there."""
        if self._ask is None or sheet.hidden or not sheet.height:
            return None
        tables = tuple(mapping.likeliest_tables(sheet.header))
        headings = tuple(cell for cell in sheet.header if cell.strip())
        picked = self._ask(WhichTable(_place(sheet, self._file), headings, tables))
        if picked is None:
            return None
        self.answered = True
        return tables[picked]

    def columns(
        self, sheet: Sheet, table: str, columns: ColumnMap, stated: Mapping[str, str], *, number_rows: bool
    ) -> ColumnMap:
        """``columns`` with what the person says of each required column that is missing or doubtful.

        ``stated`` is the mapping that ``columns`` rest on. The first question that they pass is the last, since
        the sheet is refused then.
        """
        if self._ask is None or not sheet.height:
            return columns
        made = _made(sheet, table, number_rows=number_rows)
        answers: dict[str, str] = {}
        while (question := _open_question(sheet, self._file, table, columns, stated, made)) is not None:
            picked = self._ask(question)
            if picked is None:
                break
            answers[question.choices[picked].name] = question.column
            columns = mapping.given(sheet.header, table, {**stated, **answers})
            self.answered = True
        return columns


def _made(sheet: Sheet, table: str, *, number_rows: bool) -> set[str]:
    """Columns that intake fills itself, so that no heading need stand for them."""
    made = set(FACTS[table].key) if number_rows and len(FACTS[table].key) == 1 else set[str]()
    if table == "purchases" and yearly.year_columns(sheet.header):
        made.update(yearly.MADE)
    return made


def _open_question(
    sheet: Sheet, file: str, table: str, columns: ColumnMap, stated: Collection[str], made: Collection[str]
) -> WhichColumn | None:
    """What stands in the way of reading the sheet first; None when nothing does, or no answer could help.

    Headings that are ``stated`` already, to be something or to be left out, are not offered.
    """
    settled = {plain(theirs) for theirs in stated}
    free = [at for at, cell in enumerate(sheet.header) if plain(cell) not in settled]
    doubtful = next((name for name, _, _ in columns.clashes if name not in made), None)
    if doubtful is not None:
        alike = mapping.meaning(sheet.header, table, doubtful)
        choices = _headings(sheet, [at for at in free if at in alike])
        # Two columns of one name cannot be told apart by it.
        return WhichColumn(_place(sheet, file), table, doubtful, True, choices) if len(choices) > 1 else None
    missing = [
        column.name
        for column in FACTS[table]
        if column.required and column.name not in columns.columns and column.name not in made
    ]
    used = {*columns.columns.values(), *columns.unit_columns.values()}
    choices = _headings(sheet, [at for at in free if at not in used])
    return WhichColumn(_place(sheet, file), table, missing[0], False, choices) if missing and choices else None


def _headings(sheet: Sheet, places: Collection[int]) -> tuple[Heading, ...]:
    """The headings at ``places`` that a mapping can name: written ones, each the first of its name."""
    first = {plain(cell): at for at, cell in reversed(list(enumerate(sheet.header)))}
    return tuple(
        Heading(cell, _sample(sheet, at))
        for at, cell in enumerate(sheet.header)
        if at in places and cell.strip() and first[plain(cell)] == at
    )


def _sample(sheet: Sheet, at: int) -> str:
    written = sheet.cells[str(at)].drop_nulls().str.strip_chars()
    return next(iter(written.filter(written != "").head(1)), "")


def _place(sheet: Sheet, file: str) -> Place:
    return Place(file, sheet.name, sheet.height)
