"""Tells a table of plots with coordinates from every other table, by its first rows."""

import codecs
import csv
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

import pyarrow.parquet as pq  # pyright: ignore[reportMissingTypeStubs]
import python_calamine

from landproof.intake.delimited import DELIMITERS, HEADER_WITHIN
from landproof.intake.geometry_table import has_coordinates
from landproof.intake.limits import check_zip

_calamine = cast(Any, python_calamine)  # its types are incomplete
_pq = cast(Any, pq)
_GEO: Final = b"geo"  # the key of the metadata that makes a Parquet file GeoParquet
_PARQUET: Final = (".parquet", ".pq")
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls")
_HEAD: Final = 65_536  # bytes: enough for the header of any table
_ROWS: Final = HEADER_WITHIN


def is_plots_table(path: Path, mapping: Mapping[str, str]) -> bool:
    """Whether a CSV file, a Parquet file or any sheet of a workbook holds coordinates.

    False for a file that cannot be read: the reader that is then asked says what is wrong with it. Raises
    `UnreadableInput` for an archive that is not safe to open.
    """
    if path.suffix.lower() in _PARQUET:
        return _is_geoparquet(path)
    return any(has_coordinates(rows, mapping) for rows in _first_rows(path))


def _is_geoparquet(path: Path) -> bool:
    try:
        return _GEO in (_pq.read_schema(path).metadata or {})
    except (OSError, ValueError):
        return False


def _first_rows(path: Path) -> list[Sequence[Sequence[str]]]:
    """The first rows of each sheet, or of a text file in each way in which it may be cut."""
    if path.suffix.lower() in _WORKBOOKS:
        if zipfile.is_zipfile(path):
            check_zip(path)
        try:
            with _calamine.load_workbook(path) as book:
                sheets = [book.get_sheet_by_name(name).to_python(nrows=_ROWS) for name in book.sheet_names]
        except (python_calamine.CalamineError, OSError, ValueError):
            return []
        return [[[str(cell) for cell in row] for row in rows] for rows in sheets]
    with path.open("rb") as content:
        head = content.read(_HEAD)
    cut = head.rpartition(b"\n")[0] or head
    readings = [cut.decode(encoding, errors="replace").splitlines()[:_ROWS] for encoding in _encodings(cut)]
    return [list(csv.reader(lines, delimiter=mark)) for lines in readings for mark in DELIMITERS]


def _encodings(head: bytes) -> Sequence[str]:
    return ("utf-16",) if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ("utf-8-sig", "gb18030")
