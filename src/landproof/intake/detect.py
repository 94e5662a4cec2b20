"""Tells a table of plots with coordinates from every other table, by its first rows."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

import python_calamine

from landproof.intake.geometry_table import has_coordinates

_calamine = cast(Any, python_calamine)  # its types are incomplete
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls")
_HEAD: Final = 65_536  # bytes: enough for the header of any table
_ROWS: Final = 10


def is_plots_table(path: Path, mapping: Mapping[str, str]) -> bool:
    """Whether a CSV file or any sheet of a workbook has columns of coordinates.

    False for a file that cannot be read: the reader that is then asked says what is wrong with it.
    """
    return any(has_coordinates(row, mapping) for row in _first_rows(path))


def _first_rows(path: Path) -> list[Sequence[str]]:
    if path.suffix.lower() == ".parquet":
        return []
    if path.suffix.lower() in _WORKBOOKS:
        try:
            with _calamine.load_workbook(path) as book:
                sheets = [book.get_sheet_by_name(name).to_python(nrows=_ROWS) for name in book.sheet_names]
        except (python_calamine.CalamineError, OSError, ValueError):
            return []
        return [[str(cell) for cell in row] for rows in sheets for row in rows]
    with path.open("rb") as content:
        head = content.read(_HEAD).rpartition(b"\n")[0]
    lines = head.decode("gb18030", errors="replace").splitlines()[:_ROWS]
    utf8 = head.decode("utf-8-sig", errors="replace").splitlines()[:_ROWS]
    return [row for delimiter in ",;\t" for row in csv.reader([*utf8, *lines], delimiter=delimiter)]
