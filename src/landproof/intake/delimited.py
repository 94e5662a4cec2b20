"""CSV and TSV: encoding, delimiter, header and rows, with no row lost."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.intake.encoding import to_utf8
from landproof.intake.limits import LIMITS, check_size, check_width
from landproof.intake.sheets import Broken, Sheet, frame_of, row_numbers

DELIMITERS: Final = ",;\t"
HEADER_WITHIN: Final = 20  # rows in which a header may stand below a title
_HEAD: Final = 1 << 16
_LARGEST_CELL: Final = 1 << 24  # characters: an outline of half a million corners

FindHeader = Callable[[Sequence[Sequence[str]]], int]
FindMachine = Callable[[Sequence[Sequence[str]]], int | None]


def read_delimited(path: Path, find_header: FindHeader, find_machine: FindMachine) -> tuple[Sheet, str]:
    """The file as a sheet, and its encoding. ``find_header`` gives the header's place in the first rows.

    A row is what a spreadsheet counts as a row: a line break inside quotation marks starts no new one.
    Raises `UnreadableInput`.
    """
    check_size(path, LIMITS.delimited)
    data, encoding = to_utf8(path.read_bytes(), path.name)
    if b"\r" in data and b"\n" not in data:  # old Macintosh line ends
        data = data.replace(b"\r", b"\n")
    if not data.strip():
        raise UnreadableInput(text("%(file)s is empty. Export it again."), file=path.name)
    delimiter = sniff(data[:_HEAD])
    head = _head(data, delimiter)
    check_width(path.name, max(map(len, head)))
    machine_at = find_machine(head)
    at = find_header(head) if machine_at is None else machine_at
    header = tuple(cell.strip() for cell in head[at if machine_at is None else max(at - 1, 0)])
    if machine_at is not None:
        header = (header + ("",) * len(head[at]))[: len(head[at])]
    cut_off = _is_cut_off(data, delimiter, len(header))
    sheet = None if cut_off else _quick(data, delimiter, at, header)
    sheet = sheet or _careful(data, delimiter, at, header, path.name, cut_off=cut_off)
    machine = None if machine_at is None else tuple(cell.strip() for cell in head[machine_at])
    return replace(sheet.without_blank_rows(), machine=machine, header_row=at + 1), encoding


def sniff(head: bytes) -> str:
    """The delimiter that cuts the first rows into the most, and the most even, cells; comma when none does."""
    lines = head.decode("utf-8", "ignore").splitlines()
    lines = [line for line in (lines[:-1] or lines)[:HEADER_WITHIN] if line.strip()]
    best, most = ",", 0
    for delimiter in DELIMITERS:
        widths = [len(row) for row in _rows(lines, delimiter)]
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        score = widths.count(common) * (common - 1)
        if score > most:
            best, most = delimiter, score
    return best


def allow_long_cells() -> None:
    """Let the csv module read cells as long as the outline of a large plot; its own limit is lower."""
    csv.field_size_limit(_LARGEST_CELL)


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    allow_long_cells()
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []


def _head(data: bytes, delimiter: str) -> list[list[str]]:
    found: list[list[str]] = []
    reader = csv.reader(io.StringIO(data[: 4 * _HEAD].decode("utf-8", "ignore"), newline=""), delimiter=delimiter)
    try:
        for row in reader:
            found.append(row)
            if len(found) == HEADER_WITHIN:
                break
    except csv.Error:
        pass
    return found or [[""]]


def _quick(data: bytes, delimiter: str, at: int, header: tuple[str, ...]) -> Sheet | None:
    """All rows at once; None when the file has a row that needs a closer look."""
    if not _lines_are_rows(data):
        return None
    start = 0
    for _ in range(at + 1):
        start = data.find(b"\n", start) + 1 or len(data)
    count = data.count(b"\n", start) + (0 if data.endswith(b"\n") or start == len(data) else 1)
    names = [str(number) for number in range(len(header))]
    if not count:
        return Sheet("", header, pl.DataFrame(schema=dict.fromkeys(names, pl.String)), row_numbers(at + 2, 0))
    try:
        cells = pl.read_csv(
            data[start:], has_header=False, schema=dict.fromkeys(names, pl.String), separator=delimiter,
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        return None
    if cells.height != count:  # one blank line at the end, or quotation marks read in another way
        return None
    return Sheet("", header, cells, row_numbers(at + 2, count))


def _lines_are_rows(data: bytes) -> bool:
    """Whether no line end stands inside quotation marks."""
    if b'"' not in data:
        return True
    letters = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(letters == ord('"'))
    inside = np.searchsorted(quotes, np.flatnonzero(letters == ord("\n"))) % 2
    return not inside.any() and len(quotes) % 2 == 0


def _is_cut_off(data: bytes, delimiter: str, width: int) -> bool:
    """Whether the last row has no line end and fewer cells than the row before it, which is complete.

    Its last cell may be half a number, which nothing else would tell.
    """
    if data.endswith(b"\n"):
        return False
    lines = data[-_HEAD:].decode("utf-8", "ignore").splitlines()[-2:]
    widths = [len(row) for row in _rows(lines, delimiter)]
    return len(widths) == 2 and widths[1] < width <= widths[0]


def _careful(data: bytes, delimiter: str, at: int, header: tuple[str, ...], name: str, *, cut_off: bool) -> Sheet:
    """Row by row: too long rows become rejects, and an open quotation mark is refused with its row.

    So does the last row of a file that is ``cut_off``.
    """
    width = len(header)
    kept: list[list[str]] = []
    rows: list[int] = []
    broken: list[Broken] = []
    allow_long_cells()
    reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter)
    number = line = spans = 0
    row: list[str] = []
    try:
        for number, row in enumerate(reader, start=1):
            spans, line = reader.line_num - line, reader.line_num
            if number <= at + 1:
                continue
            if any(cell.strip() for cell in row[width:]):
                values = {"cells": str(len(row)), "columns": str(width)}
                broken.append(Broken(number, "too-many-cells", delimiter.join(row)[:200], values))
            else:
                kept.append((row + [""] * (width - len(row)))[:width])
                rows.append(number)
    except csv.Error as error:
        if "limit" not in str(error):
            raise _open_quote(name, number + 1) from error
        raise UnreadableInput(
            text(
                "Row %(row)s of %(file)s holds a cell of more than %(limit)s million characters. A quotation mark "
                "may not be closed: close it, or export the file again."
            ),
            file=name, row=number + 1, limit=_LARGEST_CELL // 1_000_000,
        ) from error  # fmt: skip
    if spans > 1 and data.count(b'"') % 2:
        raise _open_quote(name, number)
    if cut_off and rows and rows[-1] == number:
        values = {"cells": str(len(row)), "columns": str(width)}
        broken.append(Broken(rows.pop(), "cut-off", delimiter.join(kept.pop()).rstrip(delimiter)[:200], values))
    columns = [[row[place] for row in kept] for place in range(width)]
    return Sheet(
        "", header, frame_of(columns), pl.Series("source_row", rows, dtype=pl.Int64), broken=tuple(broken)
    )


def _open_quote(name: str, row: int) -> UnreadableInput:
    return UnreadableInput(
        text(
            "Row %(row)s of %(file)s opens a quotation mark that never closes, so the rows after it "
            "cannot be told apart. Close the mark, or export the file again."
        ),
        file=name, row=row,
    )  # fmt: skip
