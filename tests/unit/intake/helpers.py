"""Small files and short ways to import them."""

import json
from pathlib import Path

import polars as pl
import xlsxwriter

from landproof.domain.facts import FACTS
from landproof.intake.cells import Cells, Parsed
from landproof.intake.parse import parse
from landproof.intake.tabular import Imported, import_tabular

PURCHASE_HEADER = "line,received_on,supplier,quantity (kg),net spend,currency,country"


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def purchases(folder: Path, *rows: str, header: str = PURCHASE_HEADER, **options: object) -> Imported:
    path = write(folder / "purchases.csv", header, *rows, "")
    return import_tabular(path, table="purchases", **options)


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if hasattr(value, "year"):
                        sheet.write_datetime(at, column, value, day)
                    elif value is not None:
                        sheet.write(at, column, value)
    return path


def column(
    table: str, name: str, *texts: str | None, header: str | None = None, kinds: list[int] | None = None,
    units: list[str | None] | None = None, **options: object,
) -> Parsed:  # fmt: skip
    """What one column of cells parses to."""
    cells = Cells(
        FACTS[table][name],
        table,
        header if header is not None else FACTS[table][name].label,
        pl.Series(texts, dtype=pl.String),
        None if kinds is None else pl.Series(kinds, dtype=pl.UInt8),
        None if units is None else pl.Series(units, dtype=pl.String),
    )
    return parse(cells, **options)


def failures(imported: Imported) -> list[tuple[int | None, str, str]]:
    """Rejects as (row, our column, reason)."""
    return [
        (row["source_row"], json.loads(row["values"]).get("column", ""), row["reason"])
        for row in imported.rejects.iter_rows(named=True)
    ]


def said(imported: Imported) -> list[str]:
    """Notes as sentences."""
    return [str(note.message) for note in imported.notes]


def balanced(imported: Imported) -> bool:
    """No row was lost: rows are accepted plus rejected, sheet by sheet and in the tables."""
    counts = imported.counts
    accepted = sum(frame.height for frame in imported.tables.values())
    return counts.rows == counts.accepted + counts.rejected and counts.accepted == accepted
