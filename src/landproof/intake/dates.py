"""Dates in the styles that people and programs write them. A style that may mean two days is not guessed."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

import polars as pl

from landproof.intake.cells import Cells, Parsed, Repair, by_word, fail
from landproof.intake.sheets import Cell

EARLIEST: Final = dt.date(1900, 1, 1)
LATEST: Final = dt.date(2200, 1, 1)
_ASCII: Final = re.ASCII  # digits of other scripts are not read
_ISO: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TIME: Final = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|[AaPp][Mm]|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST: Final = re.compile(rf"^(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}$", _ASCII)
_COMPACT: Final = re.compile(r"^(\d{4})(\d{2})(\d{2})$", _ASCII)
_CHINESE: Final = re.compile(r"^(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?" + _TIME + "$", _ASCII)
_YEAR_LAST: Final = re.compile(rf"^(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}$", _ASCII)
_DAY_NAME: Final = re.compile(
    rf"^(\d{{1,2}})(?:st|nd|rd|th)?[-\s]+([A-Za-z]{{3,9}})\.?[-,\s]+(\d{{4}}){_TIME}$", re.ASCII
)
_NAME_DAY: Final = re.compile(
    rf"^([A-Za-z]{{3,9}})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){_TIME}$", re.ASCII
)
_SHORT_YEAR: Final = re.compile(
    r"^(?:\d{1,2}[-/.]\d{1,2}[-/.]|\d{1,2}[-\s]+[A-Za-z]{3,9}\.?[-,\s]+|[A-Za-z]{3,9}\.?\s+\d{1,2},?\s+)\d{2}$",
    _ASCII,
)
_HALF: Final = re.compile(r"^\d{4}([-/.年]\d{1,2}月?)?年?$", _ASCII)
_HAS_TIME: Final = r"\d:\d"
_MIDNIGHT: Final = r"(^|[T ])0{1,2}:00(:00(\.0+)?)?"
_SERIAL: Final = re.compile(r"^\d{4,6}(\.\d+)?$", _ASCII)
_MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
                  "october", "november", "december")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Read:
    """One text: a day, or day and month in either order, or the key of a failure."""

    day: dt.date | None = None
    day_first: dt.date | None = None
    month_first: dt.date | None = None
    failure: str | None = None


def moment_of(word: str) -> dt.datetime | None:
    """The moment that an ISO 8601 text with its offset from UTC names; a time of no known zone is none."""
    try:
        moment = dt.datetime.fromisoformat(word)
        if moment.tzinfo is None:
            return None
        moment = moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return moment if EARLIEST <= moment.date() < LATEST else None


def parse_dates(cells: Cells, start: Parsed, *, day_first: bool | None = None) -> Parsed:
    """Dates. ``day_first`` settles 03/04/2025; without it the column's own sure rows do, or nothing does."""
    frame = pl.DataFrame({"text": cells.text})
    iso = frame.select(pl.col("text").str.contains(_ISO).fill_null(value=True)).to_series()
    values = frame.select(pl.col("text").str.to_date("%Y-%m-%d", strict=False)).to_series()
    failure, repairs = start.failure, list(start.repairs)
    if not iso.all():
        odd = cells.text.set(iso, None)
        serial = cells.stored_as(Cell.NUMBER)
        reads = {word: read(word) for word in odd.unique().drop_nulls().to_list()}
        order = _order(reads) if day_first is None else day_first
        settled = {word: _settle(found, order) for word, found in reads.items()}
        slow = by_word(odd, lambda word: settled[word].day, pl.Date)
        failure = fail(failure, by_word(odd, lambda word: settled[word].failure == "ambiguous-date", pl.Boolean),
                       "ambiguous-date")  # fmt: skip
        failure = fail(failure, by_word(odd, lambda word: settled[word].failure == "short-year", pl.Boolean),
                       "short-year")  # fmt: skip
        numbered = by_word(odd.set(~serial, None), lambda word: from_serial(word, cells.epoch_1904), pl.Date)
        values = values.zip_with(iso, slow.zip_with(slow.is_not_null(), numbered))
        half = by_word(odd, lambda word: settled[word].failure == "half-date", pl.Boolean)
        failure = fail(failure, half & values.is_null(), "half-date")
        bare = by_word(odd, lambda word: from_serial(word, cells.epoch_1904) is not None, pl.Boolean)
        failure = fail(failure, bare & values.is_null(), "day-number")
        _tell(odd, numbered, slow, order if day_first is None else None, reads, repairs)
    failure = fail(failure, cells.text.is_not_null() & values.is_null(), "not-a-date")
    far = ((values < EARLIEST) | (values >= LATEST)).fill_null(value=False)
    failure = fail(failure, far, "date-out-of-range")
    return Parsed(values.set(failure.is_not_null(), None), failure, repairs, start.details)


def _tell(
    odd: pl.Series, numbered: pl.Series, slow: pl.Series, order: bool | None, reads: dict[str, _Read],
    repairs: list[Repair],
) -> None:  # fmt: skip
    serials = numbered.is_not_null() & slow.is_null()
    if serials.any():
        repairs.append(Repair("excel-serial", serials))
    timed = (odd.str.contains(_HAS_TIME) & ~odd.str.contains(_MIDNIGHT)).fill_null(
        value=False
    ) & slow.is_not_null()
    if timed.any():
        repairs.append(Repair("time-dropped", timed))
    if order is not None:
        either = by_word(
            odd, lambda word: reads[word].day is None and reads[word].day_first is not None, pl.Boolean
        )
        settled = either.fill_null(value=False) & slow.is_not_null()
        if settled.any():
            repairs.append(Repair("day-first" if order else "month-first", settled))


def _order(reads: dict[str, _Read]) -> bool | None:
    """True when the sure rows of the column put the day first, False for the month; None: neither or both."""
    day = any(found.failure == "day-sure" for found in reads.values())
    month = any(found.failure == "month-sure" for found in reads.values())
    return None if day == month else day


def _settle(found: _Read, order: bool | None) -> _Read:
    if found.failure in {"day-sure", "month-sure"}:
        return _Read(day=found.day)
    if found.day_first is None and found.month_first is None:
        return found
    if order is None:
        return _Read(failure="ambiguous-date")
    return _Read(day=found.day_first if order else found.month_first)


def read(word: str) -> _Read:
    """What one text says: a day, two possible days, or why it is none."""
    for pattern in (_YEAR_FIRST, _COMPACT, _CHINESE):
        if (match := pattern.match(word)) is not None:
            parts = [part for part in match.groups() if part not in {"-", "/", "."}]
            return _Read(day=_day(parts[0], parts[1], parts[2]))
    if (match := _YEAR_LAST.match(word)) is not None:
        return _year_last(match)
    if (match := _DAY_NAME.match(word)) is not None:
        return _Read(day=_named(match[3], match[2], match[1]))
    if (match := _NAME_DAY.match(word)) is not None:
        return _Read(day=_named(match[3], match[1], match[2]))
    if _SHORT_YEAR.match(word):
        return _Read(failure="short-year")
    return _Read(failure="half-date") if _HALF.match(word) else _Read()


def _year_last(match: re.Match[str]) -> _Read:
    first, mark, second, year = match[1], match[2], match[3], match[4]
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    if mark == ".":  # 03.05.2026: everybody who writes points puts the day first
        return _Read(day=day_first)
    if day_first is not None and month_first is not None:
        return _Read(day=day_first) if day_first == month_first else _Read(None, day_first, month_first)
    if day_first is not None:
        return _Read(day=day_first, failure="day-sure")
    return _Read(day=month_first, failure="month-sure" if month_first is not None else None)


def _named(year: str, month: str, day: str) -> dt.date | None:
    short = month.lower()
    places = [
        at for at, name in enumerate(_MONTHS, start=1) if name.startswith(short) or (short == "sept" and at == 9)
    ]
    return _day(year, str(places[0]), day) if len(places) == 1 else None


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def from_serial(word: str, epoch_1904: bool) -> dt.date | None:
    """The day of a spreadsheet's day number, from 1930 to 2100; None for any other number."""
    if not _SERIAL.match(word):
        return None
    number = int(word.partition(".")[0])
    # Serial 60 is 29 February 1900, a day that never was; from 61 on this base is right.
    base = dt.date(1904, 1, 1) if epoch_1904 else dt.date(1899, 12, 30)
    day = base + dt.timedelta(days=number)
    return day if dt.date(1930, 1, 1) <= day < dt.date(2100, 1, 1) else None
