"""One door to every tabular format."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.intake.columnar import read_parquet
from landproof.intake.delimited import read_delimited
from landproof.intake.mapping import header_row, machine_row
from landproof.intake.sheets import Sheet
from landproof.intake.workbook import read_workbook

DELIMITED: Final = frozenset((".csv", ".tsv", ".txt"))
WORKBOOKS: Final = frozenset((".xlsx", ".xlsm", ".xls"))
COLUMNAR: Final = frozenset((".parquet", ".pq"))
_XLSX_MARK: Final = b"PK\x03\x04"
_XLS_MARK: Final = b"\xd0\xcf\x11\xe0"


def read_sheets(path: Path, mapping: Mapping[str, str] | None = None) -> tuple[list[Sheet], str]:
    """Every table in the file as raw text, and the encoding of a text file ("" for others).

    ``mapping`` helps to find the header row. Raises `UnreadableInput`.
    """
    given = mapping or {}
    suffix = path.suffix.lower()
    if suffix in WORKBOOKS:
        _check_mark(path, _XLS_MARK if suffix == ".xls" else _XLSX_MARK)
        return read_workbook(path, lambda rows: header_row(rows, given), machine_row), ""
    if suffix in COLUMNAR:
        return [read_parquet(path)], ""
    if suffix in DELIMITED:
        sheet, encoding = read_delimited(path, lambda rows: header_row(rows, given), machine_row)
        return [sheet], encoding
    raise UnreadableInput(
        text("%(file)s is of no kind that is read here. Save it as CSV, XLSX or Parquet."), file=path.name
    )


def _check_mark(path: Path, mark: bytes) -> None:
    """Refuse a file whose first bytes are not those of its ending, such as a web page named .xls."""
    try:
        with path.open("rb") as content:
            start = content.read(len(mark))
    except OSError:
        return  # `check_size` says why
    if not start or start == mark:
        return
    if start == _XLS_MARK:
        raise UnreadableInput(
            text(
                "%(file)s is an old or locked workbook under another ending. Save it as XLSX without a password."
            ),
            file=path.name,
        )
    raise UnreadableInput(
        text("%(file)s is not a workbook, whatever its name says. Save it as XLSX or CSV."), file=path.name
    )
