"""One column of a sheet, tidied, and what parsing it gave."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from landproof.domain.tables import Column, DType, Kind
from landproof.intake.sheets import Cell
from landproof.intake.words import UNSEEN, choice_words, plain

_SPACES: Final = " \t\r\n\v\f\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200C))) + "\u202f\u3000\ufeff"
_WIDE: Final = "[\uff01-\uff5e\u3000]"
_NARROW: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_WIDE_IN_IDS: Final = "[\uff0d\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"
_BLANKS: Final = frozenset(
    ("-", "--", "---", "\u2013", "\u2014", "\u2014\u2014", "/", "\\", "n/a", "n.a.", "n.a", "none", "null", "nan",
     "nil", "(blank)", "tbd", "tbc", "unknown", "not known", "not available",
     "未知", "不详", "不明", "暂无", "待定",
     "空", "无数据")
)  # fmt: skip
_NOT_BLANK_IN_IDS: Final = frozenset(("none", "unknown", "not known", "未知", "不详", "不明", "nil", "nan"))
LONGEST_CELL: Final = 32_767  # characters, as in spreadsheets
_CONTROLS: Final = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"  # free text may hold line ends and marks of direction
ERROR_TEXTS: Final = "^#(REF|N/A|VALUE|DIV/0|NAME|NUM|NULL|SPILL|CALC|GETTING_DATA|FIELD)[!?]?$"


@dataclass(frozen=True, slots=True)
class Cells:
    """A column as written: text without surrounding space, null when empty, and how each cell was stored."""

    column: Column
    table: str
    header: str
    text: pl.Series
    kinds: pl.Series | None = None
    units: pl.Series | None = None  # the cells of a column of units
    stated_unit: str | None = None  # a unit given for the whole column
    epoch_1904: bool = False

    def stored_as(self, *kinds: Cell) -> pl.Series:
        """Whether each cell was stored as one of ``kinds``."""
        if self.kinds is None:
            return pl.repeat(value=False, n=len(self.text), dtype=pl.Boolean, eager=True)
        return self.kinds.is_in(list(kinds))

    def as_written(self) -> pl.Series:
        """The cells as people wrote them, with the unit beside them."""
        if self.units is None:
            return self.text
        return pl.select(pl.concat_str([self.text, self.units], separator=" ", ignore_nulls=True)).to_series()


@dataclass(frozen=True, slots=True)
class Repair:
    """A change of what was written, made on every row of ``where`` and always told."""

    key: str  # of `reasons.REPAIRS`
    where: pl.Series
    values: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class Parsed:
    """Values of the column's type; ``failure`` holds a key of `reasons.REASONS` where a cell is refused."""

    values: pl.Series
    failure: pl.Series
    repairs: list[Repair] = field(default_factory=list[Repair])
    details: Mapping[str, str] = field(default_factory=dict[str, str])  # further placeholders of the reason


def tidy(text: pl.Series) -> pl.Series:
    """Without surrounding space of any kind; null when nothing is left."""
    stripped = text.str.strip_chars(_SPACES)
    return stripped.set(stripped == "", None)


def no_failure(length: int) -> pl.Series:
    """No row is refused."""
    return pl.repeat(None, length, dtype=pl.String, eager=True)


def fail(failure: pl.Series, where: pl.Series, key: str) -> pl.Series:
    """``failure`` with ``key`` on rows of ``where`` that did not fail already."""
    if not where.any():
        return failure
    frame = pl.DataFrame({"failure": failure, "where": where})
    hit = pl.col("where").fill_null(value=False) & pl.col("failure").is_null()
    return frame.select(pl.when(hit).then(pl.lit(key)).otherwise(pl.col("failure"))).to_series()


def blank_out(values: pl.Series, where: pl.Series) -> pl.Series:
    """``values`` with null on rows of ``where``."""
    if not where.any():
        return values
    frame = pl.DataFrame({"value": values, "where": where})
    return frame.select(pl.when(~pl.col("where").fill_null(value=False)).then(pl.col("value"))).to_series()


def by_word(text: pl.Series, meaning: Callable[[str], Any], dtype: DType) -> pl.Series:
    """``meaning`` of every cell, asked once per different text; null stays null."""
    words = text.unique().drop_nulls()
    if not len(words):
        return pl.repeat(None, len(text), dtype=dtype, eager=True)
    found = pl.Series([meaning(word) for word in words.to_list()], dtype=dtype)
    pairs = pl.DataFrame({"word": words, "found": found})
    return pl.DataFrame({"word": text}).join(pairs, on="word", how="left", maintain_order="left")["found"]


def prepare(cells: Cells) -> tuple[Cells, Parsed]:
    """The cells without blank marks and full-width signs, and the failures that are none of the parser's."""
    text = tidy(cells.text)
    start = Parsed(text, no_failure(len(text)))
    if cells.kinds is not None:
        start.failure = fail(start.failure, cells.kinds == Cell.ERROR, "cell-error")
        start.failure = fail(start.failure, cells.kinds == Cell.NO_VALUE, "formula-without-value")
        start.failure = fail(start.failure, cells.kinds == Cell.MERGED, "merged-cell")
    if (text.str.starts_with("#")).any():
        start.failure = fail(start.failure, text.str.contains(ERROR_TEXTS), "cell-error")
    _refuse_unreadable(cells.column.kind, text, start)
    text = _compose(cells.column.kind, text, start)
    text = _narrow(cells.column.kind, text, start)
    text = _blank_marks(cells, text, start)
    return Cells(
        cells.column,
        cells.table,
        cells.header,
        text,
        cells.kinds,
        cells.units,
        cells.stated_unit,
        cells.epoch_1904,
    ), start


def _refuse_unreadable(kind: Kind, text: pl.Series, start: Parsed) -> None:
    """What no person can have meant: a cell longer than spreadsheets hold, or characters that nobody sees."""
    start.failure = fail(start.failure, text.str.len_chars() > LONGEST_CELL, "too-long")
    start.failure = fail(start.failure, text.str.contains(_CONTROLS if kind is Kind.TEXT else UNSEEN), "unseen")


def _compose(kind: Kind, text: pl.Series, start: Parsed) -> pl.Series:
    """Letters and their accents as one sign, so that an identifier from a Mac is the one from elsewhere."""
    if kind not in {Kind.ID, Kind.DOCUMENT, Kind.LIST}:
        return text
    apart = text.str.contains(r"\p{M}").fill_null(value=False)
    if not apart.any():
        return text
    composed = by_word(text, lambda word: unicodedata.normalize("NFC", word), pl.String)
    changed = (composed != text).fill_null(value=False)
    if changed.any():
        start.repairs.append(Repair("composed", changed))
    return composed


def _narrow(kind: Kind, text: pl.Series, start: Parsed) -> pl.Series:
    if kind is Kind.TEXT:
        return text
    ids = kind in {Kind.ID, Kind.DOCUMENT}
    wide = text.str.contains(_WIDE_IN_IDS if ids else _WIDE).fill_null(value=False)
    if not wide.any():
        return text
    start.repairs.append(Repair("full-width", wide))
    keep = {code: narrow for code, narrow in _NARROW.items() if not ids or chr(narrow).isalnum() or narrow == 0x2D}
    return by_word(text, lambda word: word.translate(keep), pl.String)


def _blank_marks(cells: Cells, text: pl.Series, start: Parsed) -> pl.Series:
    marks = _BLANKS
    if cells.column.kind in {Kind.ID, Kind.TEXT, Kind.DOCUMENT, Kind.LIST}:
        marks = _BLANKS - _NOT_BLANK_IN_IDS
    if cells.column.choices:
        meant = choice_words(cells.table, cells.column.name)
        marks = frozenset(mark for mark in marks if plain(mark) not in meant)
    written = sorted({form for mark in marks for form in (mark, mark.upper(), mark.capitalize(), mark.title())})
    blank = text.is_in(written).fill_null(value=False)
    if not blank.any():
        return text
    start.repairs.append(Repair("blank-mark", blank))
    return blank_out(text, blank)
