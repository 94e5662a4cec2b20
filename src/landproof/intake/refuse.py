"""Rows of the table of rejects."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from landproof.domain.rejects import REJECTS
from landproof.domain.tables import conform
from landproof.intake.reasons import REASONS
from landproof.intake.sheets import ROW
from landproof.intake.words import visible

LONGEST_VALUE: Final = 500
_IN_A_SENTENCE: Final = 80


@dataclass(frozen=True, slots=True)
class Origin:
    """The file and sheet that rejects are about."""

    source: str
    source_name: str
    sheet: str
    table: str | None


def letters(at: int) -> str:
    """The spreadsheet name of the column at place ``at``: 0 is A, 26 is AA."""
    name = ""
    number = at + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def cells(
    origin: Origin, column: str, header: str, at: int | None, failures: pl.DataFrame, details: Mapping[str, str]
) -> pl.DataFrame:
    """One reject per row of ``failures``: ``source_row, failure, value``, and what else its sentence names."""
    rows: list[dict[str, object]] = []
    for row in failures.iter_rows(named=True):
        value = row["value"] or ""
        values = {**details, "column": column, "header": header, "value": shortened(value)}
        if at is not None:
            values["cell"] = f"{letters(at)}{row[ROW]}"
        for name in row.keys() - {ROW, "failure", "value", "at"}:
            values[name] = "?" if row[name] is None else str(row[name])
        rows.append(one(origin, row["failure"], values, row=row[ROW], field=header, value=value))
    return frame(rows)


def one(
    origin: Origin, key: str, values: Mapping[str, str], *, row: int | None, field: str = "", value: str = ""
) -> dict[str, object]:
    """One reject; ``row`` None is about the sheet as a whole."""
    reason = REASONS[key]
    said = {name: visible(each) for name, each in values.items()}
    return {
        "source": origin.source, "source_name": origin.source_name, "sheet": visible(origin.sheet),
        "source_row": row, "table": origin.table, "field": visible(field),
        "value": visible(value[:LONGEST_VALUE]), "reason": reason.reason, "remedy": reason.remedy,
        "values": json.dumps(said, ensure_ascii=False, sort_keys=True),
    }  # fmt: skip


def shortened(value: str) -> str:
    """As much of a value as fits into a sentence."""
    return value if len(value) <= _IN_A_SENTENCE else f"{value[:_IN_A_SENTENCE]}…"


def frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rejects as a table."""
    return pl.DataFrame(rows, schema=REJECTS.schema) if rows else REJECTS.empty()


def together(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """All rejects, sorted by their key."""
    whole = pl.concat([REJECTS.empty(), *frames])
    return conform(whole, REJECTS).sort(REJECTS.key, nulls_last=False)
