"""Cells to values, by the kind of their column."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import polars as pl

from landproof.domain.tables import Column, DType, Kind
from landproof.intake.cells import Cells, Parsed, Repair, by_word, fail, prepare
from landproof.intake.countries import country_of
from landproof.intake.dates import moment_of, parse_dates
from landproof.intake.quantities import parse_amounts
from landproof.intake.sheets import Cell
from landproof.intake.units import currency_of
from landproof.intake.words import NO, YES, choice_words, countries_in, plain

_SCIENTIFIC: Final = r"^[+-]?\d([.,]\d+)?[eE]\+\d+$"
_TOTALS: Final = (
    "total", "totals", "grand total", "subtotal", "sub-total", "sub total", "sum",
    "合计", "总计", "小计", "总和", "共计",
)  # fmt: skip
_LONG: Final = 10_000  # rows
_WITH_MARKS: Final = frozenset(
    (Kind.MASS, Kind.AREA, Kind.SQUARE_METRES, Kind.MONEY, Kind.SHARE, Kind.RATE, Kind.NUMBER)
)
LONGEST_NUMBER: Final = 15  # digits that a spreadsheet keeps


def parse(cells: Cells, *, decimal: str | None = None, day_first: bool | None = None) -> Parsed:
    """The column's values; every cell ends as a value, as null when it is empty, or as a failure."""
    if _repeats(cells):
        return _parse_repeated(cells, decimal, day_first)
    return _parse(cells, decimal, day_first)


def _repeats(cells: Cells) -> bool:
    """Whether a long column holds the same texts again and again, as supplier codes and days do."""
    if cells.kinds is not None or cells.units is not None or len(cells.text) < _LONG:
        return False
    return 2 * cells.text.head(_LONG).n_unique() < _LONG


def _parse_repeated(cells: Cells, decimal: str | None, day_first: bool | None) -> Parsed:
    """Each different text is parsed once. What a column decides, it decides by its texts, not by their number."""
    words = cells.text.drop_nulls().unique()
    places = cells.text.cast(pl.Enum(words)).to_physical().fill_null(len(words))
    once = replace(cells, text=pl.concat([words, pl.Series([None], dtype=pl.String)]))
    found = _parse(once, decimal, day_first)
    repairs = [replace(repair, where=repair.where.gather(places)) for repair in found.repairs]
    return Parsed(found.values.gather(places), found.failure.gather(places), repairs, found.details)


def _parse(cells: Cells, decimal: str | None, day_first: bool | None) -> Parsed:
    ready, start = prepare(cells)
    match cells.column.kind:
        case Kind.DATE:
            parsed = parse_dates(ready, start, day_first=day_first)
        case Kind.INSTANT:
            parsed = _parse_by_word(ready, start, moment_of, "not-a-moment", cells.column.dtype)
        case Kind.ID | Kind.DOCUMENT | Kind.TEXT:
            parsed = _parse_words(ready, start)
        case Kind.YES_NO:
            parsed = _parse_by_word(ready, start, _yes_no, "not-yes-no", pl.Boolean)
        case Kind.COUNTRY:
            parsed = _parse_by_word(ready, start, country_of, "unknown-country", pl.String)
        case Kind.CURRENCY:
            parsed = _parse_by_word(ready, start, currency_of, "unknown-currency", pl.String)
        case Kind.CHOICE:
            words = choice_words(cells.table, cells.column.name)
            parsed = _parse_by_word(ready, start, lambda word: words.get(plain(word)), "unknown-choice", pl.String)
            parsed.details = {"choices": "; ".join(cells.column.choices)}
        case Kind.LIST:
            parsed = _parse_list(ready, start)
        case Kind.GEOMETRY:
            parsed = Parsed(pl.repeat(None, len(ready.text), dtype=pl.Binary, eager=True), start.failure)
        case _:
            parsed = parse_amounts(ready, start, decimal)
    if cells.column.required:
        empty = parsed.values.is_null()
        if cells.column.kind is Kind.LIST:
            empty = empty | (parsed.values.list.len() == 0)
        parsed.failure = fail(parsed.failure, empty, "required-missing")
    return parsed


def _parse_words(cells: Cells, start: Parsed) -> Parsed:
    failure, repairs = start.failure, list(start.repairs)
    if cells.column.kind is Kind.ID:
        failure = fail(failure, cells.text.str.contains("[\n\r]"), "line-break-in-id")
        failure = fail(failure, cells.text.str.contains(_SCIENTIFIC), "scientific-id")
        if cells.column.required:
            said = cells.text.str.to_lowercase().str.strip_chars(" :：")
            failure = fail(failure, said.is_in(_TOTALS), "totals-row")
        if cells.kinds is not None:
            failure = fail(failure, cells.stored_as(Cell.DATE) & cells.text.is_not_null(), "id-became-date")
            numeric = cells.stored_as(Cell.NUMBER)
            long = cells.text.str.replace_all(r"\D", "").str.len_chars() > LONGEST_NUMBER
            failure = fail(failure, numeric & long, "id-too-long")
            if numeric.any():
                repairs.append(Repair("number-as-id", numeric & failure.is_null()))
    if cells.column.name == "hs_code":
        digits = cells.text.str.replace_all(r"[ .]", "")
        odd = digits.str.contains(r"^\d+$") & (digits.str.len_chars() % 2 == 1)
        failure = fail(failure, odd, "hs-code-odd")
    return Parsed(cells.text.set(failure.is_not_null(), None), failure, repairs, start.details)


def _parse_by_word(
    cells: Cells, start: Parsed, meaning: Callable[[str], object], key: str, dtype: DType
) -> Parsed:
    values = by_word(cells.text, meaning, dtype)
    failure = fail(start.failure, cells.text.is_not_null() & values.is_null(), key)
    return Parsed(values.set(failure.is_not_null(), None), failure, start.repairs, start.details)


def _yes_no(word: str) -> bool | None:
    form = plain(word) or word.strip()
    parts = [part for part in (plain(each) for each in word.split("/")) if part]
    for said in (form, *(parts[:1] if len(parts) > 1 and len({_known(part) for part in parts}) == 1 else ())):
        if (known := _known(said)) is not None:
            return known
    return None


def _known(word: str) -> bool | None:
    return True if word in YES else False if word in NO else None


def _parse_list(cells: Cells, start: Parsed) -> Parsed:
    column = cells.column
    meaning, key = _meaning_of_entries(cells)

    def entries(written: str) -> list[str] | None:
        found = [meaning(part) for part in _split(written) if part]
        return None if None in found else list(dict.fromkeys(part for part in found if part))

    values = by_word(cells.text, entries, pl.List(pl.String))
    failure = fail(start.failure, cells.text.is_not_null() & values.is_null(), key)
    details = {"choices": "; ".join(column.choices)} if column.choices else start.details
    return Parsed(values.set(failure.is_not_null(), None), failure, start.repairs, details)


def _meaning_of_entries(cells: Cells) -> tuple[Callable[[str], str | None], str]:
    column = cells.column
    if column.choices:
        words = choice_words(cells.table, column.name)
        return (lambda entry: words.get(plain(entry))), "unknown-choice"
    if countries_in(cells.table, column.name):
        return country_of, "unknown-country"
    return (lambda entry: entry), "unknown-choice"


def _split(written: str) -> list[str]:
    for mark in "；、|\n":
        written = written.replace(mark, ";")
    return [part.strip() for part in written.split(";")]


def takes_marks(column: Column) -> bool:
    """Whether cells of the column may hold a decimal mark."""
    return column.kind in _WITH_MARKS
