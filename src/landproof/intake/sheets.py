"""What every reader hands on: raw text with the row numbers of the user's own program."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final

import polars as pl

ROW: Final = "source_row"


class Cell(IntEnum):
    """How a workbook stored a cell. Delimited files know only text."""

    TEXT = 0
    NUMBER = 1
    DATE = 2
    TRUTH = 3
    ERROR = 4  # #REF!, #N/A and the like
    NO_VALUE = 5  # a formula that was never calculated
    MERGED = 6  # part of a merged range that spans data rows or columns


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that could not be cut into cells, or a sheet that could not be read; ``row`` None: all of it."""

    row: int | None
    reason: str  # a key of `reasons.REASONS`
    value: str = ""
    values: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as written.

    ``cells`` has one string column per header, named "0", "1", ...; ``rows`` the row numbers, counted
    as the user's program counts them; ``kinds`` has the same columns with `Cell` codes, or is None when
    every cell is text. Rows without any content are left out: they are not data.
    """

    name: str
    header: tuple[str, ...]
    cells: pl.DataFrame
    rows: pl.Series
    kinds: pl.DataFrame | None = None
    header_row: int = 1
    machine: tuple[str, ...] | None = None  # machine header of a landproof template
    broken: tuple[Broken, ...] = ()
    epoch_1904: bool = False
    hidden: bool = False
    own_columns: int | None = None  # further columns were made here, not written by the user

    @property
    def height(self) -> int:
        """Data rows, broken ones included."""
        return self.cells.height + sum(1 for each in self.broken if each.row is not None)

    def without_blank_rows(self) -> "Sheet":
        """The sheet without rows that hold nothing but white space."""
        if not self.cells.width or not self.cells.height:
            return self
        first = self.cells.to_series(0).str.strip_chars()
        if (first != "").all(ignore_nulls=False):
            return self
        written = [pl.col(name).str.strip_chars().fill_null("") != "" for name in self.cells.columns]
        if self.kinds is None:
            kept = self.cells.select(pl.any_horizontal(written)).to_series()
        else:
            stored = self.kinds.select(pl.any_horizontal(pl.all() >= Cell.ERROR)).to_series()
            kept = self.cells.select(pl.any_horizontal(written)).to_series() | stored
        if kept.all():
            return self
        kinds = None if self.kinds is None else self.kinds.filter(kept)
        return replace(self, cells=self.cells.filter(kept), rows=self.rows.filter(kept), kinds=kinds)


def frame_of(columns: Sequence[Sequence[str | None]]) -> pl.DataFrame:
    """Columns of text under the names "0", "1", ..."""
    return pl.DataFrame([pl.Series(str(at), column, dtype=pl.String) for at, column in enumerate(columns)])


def row_numbers(first: int, count: int) -> pl.Series:
    """``count`` consecutive row numbers from ``first``."""
    return pl.int_range(first, first + count, dtype=pl.Int64, eager=True).alias(ROW)
