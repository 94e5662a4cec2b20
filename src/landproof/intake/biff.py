"""Errors in old XLS workbooks, which a value reader gives as empty cells.

Reads only as much of the format as is needed to find them: the sectors of the compound file that hold the
workbook, and in it the records of sheet names, errors and formulas. Sources: MS-CFB 2.2, MS-XLS 2.4.28
(BoundSheet8), 2.4.24 (BoolErr), 2.4.127 (Formula), 2.4.76 (Date1904).
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.intake.sheets import Cell
from landproof.intake.worksheet_xml import Oddities

_END: Final = 0xFFFFFFFE
_BOUND_SHEET, _BOOL_ERROR, _FORMULA, _DATE_1904 = 0x0085, 0x0205, 0x0006, 0x0022
_HEADER_FAT_ENTRIES: Final = 109


def odd_cells(path: Path) -> dict[str, Oddities]:
    """The oddities of each sheet by its name. Raises `UnreadableInput`."""
    try:
        stream = _workbook_stream(path.read_bytes())
        return _sheets(stream) if stream else {}
    except (struct.error, IndexError, ValueError, UnicodeDecodeError) as error:
        raise UnreadableInput(
            text("%(file)s cannot be read as a workbook. Open it, save it as XLSX and try again."), file=path.name
        ) from error


def _workbook_stream(data: bytes) -> bytes:
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    fat: list[int] = []
    for sector in _fat_sectors(data, size):
        fat.extend(struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size))
    directory = b"".join(_chain(data, size, fat, struct.unpack_from("<I", data, 48)[0]))
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(length - 2, 0)].decode("utf-16-le")
        start, bytes_long = struct.unpack_from("<II", directory, at + 116)
        if name in {"Workbook", "Book"} and bytes_long >= 4096:  # smaller streams lie elsewhere, and are tiny
            return b"".join(_chain(data, size, fat, start))[:bytes_long]
    return b""


def _fat_sectors(data: bytes, size: int) -> Iterator[int]:
    yield from (each for each in struct.unpack_from(f"<{_HEADER_FAT_ENTRIES}I", data, 76) if each < _END - 1)
    following = struct.unpack_from("<I", data, 68)[0]
    seen: set[int] = set()
    while following < _END - 1 and following not in seen:
        seen.add(following)
        entries = struct.unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        yield from (each for each in entries[:-1] if each < _END - 1)
        following = entries[-1]


def _chain(data: bytes, size: int, fat: list[int], sector: int) -> Iterator[bytes]:
    seen: set[int] = set()
    while sector < _END - 1 and sector not in seen:
        seen.add(sector)
        yield data[(sector + 1) * size : (sector + 2) * size]
        sector = fat[sector]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == 0x000A:  # EOF of this part
            return


def _sheets(stream: bytes) -> dict[str, Oddities]:
    places: dict[str, int] = {}
    epoch = False
    for kind, body in _records(stream, 0):
        if kind == _DATE_1904:
            epoch = struct.unpack_from("<H", body)[0] == 1
        elif kind == _BOUND_SHEET:
            wide, length = body[7] & 1, body[6]
            name = body[8 : 8 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1")
            places[name] = struct.unpack_from("<I", body)[0]
    return {name: Oddities(dict(_odd(stream, at)), epoch) for name, at in places.items()}


def _odd(stream: bytes, at: int) -> Iterator[tuple[tuple[int, int], Cell]]:
    for kind, body in _records(stream, at):
        error = kind == _BOOL_ERROR and len(body) >= 8 and body[7] == 1
        failed = kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2
        if error or failed:
            yield struct.unpack_from("<HH", body), Cell.ERROR
