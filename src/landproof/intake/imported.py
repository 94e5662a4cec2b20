"""What an import of a tabular file is asked, and what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from landproof.domain.messages import Message
from landproof.intake.asking import Ask


@dataclass(frozen=True, slots=True)
class Counts:
    """Data rows of a sheet. ``rows`` is always ``accepted + rejected``."""

    rows: int
    accepted: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Note:
    """A repair or a choice that the reader should know of; ``rows`` lists at most the first ten rows."""

    sheet: str
    message: Message
    count: int = 0
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetReport:
    """How one sheet was read. ``mapping`` (their column to ours) may be remembered under ``fingerprint``."""

    sheet: str
    table: str | None
    fingerprint: str
    mapping: Mapping[str, str]
    how: Mapping[str, str]  # our column: template, given, remembered or guessed
    unmapped: tuple[str, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file gave. ``tables`` hold accepted rows that fit their contracts; ``source`` is its digest."""

    source: str
    source_name: str
    tables: Mapping[str, pl.DataFrame]
    rejects: pl.DataFrame
    sheets: tuple[SheetReport, ...]
    notes: tuple[Note, ...]
    answered: bool = False  # somebody was asked and settled a table or a column

    @property
    def counts(self) -> Counts:
        """All sheets together."""
        return Counts(
            sum(sheet.counts.rows for sheet in self.sheets),
            sum(sheet.counts.accepted for sheet in self.sheets),
            sum(sheet.counts.rejected for sheet in self.sheets),
        )

    def memory(self) -> dict[str, dict[str, Any]]:
        """What to remember for the next file with the same headers; plain values, ready for TOML or JSON."""
        return {
            sheet.fingerprint: {"table": sheet.table, "columns": dict(sheet.mapping)}
            for sheet in self.sheets
            if sheet.table is not None and sheet.counts.accepted
        }


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller settles beforehand; None leaves it to the file."""

    table: str | None = None  # the fact table of every sheet
    mapping: Mapping[str, str] | None = None  # their column to ours
    remembered: Mapping[str, Any] | None = None  # what `Imported.memory` gave earlier
    existing: Mapping[str, pl.DataFrame] | None = None  # tables of the case, against which keys must be new
    without: frozenset[str] = frozenset()  # sheets that somebody else reads
    completes: Mapping[str, pl.DataFrame] | None = None  # rows of other files that a row may complete
    names: Mapping[str, str] = field(default_factory=dict[str, str])  # of the files of the case, by their digests
    decimal_mark: str | None = None
    day_first: bool | None = None
    number_rows: bool = False  # identifiers from file and row, for a table whose file has none
    ask: Ask | None = None  # asks the person for what a sheet does not tell; None: nobody is there
