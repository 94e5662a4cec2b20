"""Files that are refused before anything reads them: too big, or an archive made to do harm."""

import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text

MEGABYTE: Final = 1_000_000
_XML: Final = (".xml", ".rels", ".vml", ".kml")
_WORKSHEET: Final = re.compile(r"(^|/)worksheets/[^/]*\.xml$")
_CHUNK: Final = 1 << 20
_LONGEST_PLACE: Final = 16  # r="XFD1048576" may be cut by the end of a chunk
# Places of cells and rows, r="B7". Without a word boundary before the r these are ten times as fast; what else
# ends in r can only make a sheet look larger.
_LETTERS: Final = re.compile(rb"""r=["']([A-Z]{1,3})[0-9]""")
_DIGITS: Final = re.compile(rb"""r=["'][A-Z]{0,3}([0-9]{1,7})["']""")
# What a place says at first sight: the bound of its count of digits, and of letters.
_ROWS: Final = tuple(
    (re.compile(rb"""r=["'][A-Z]{0,3}[0-9]{%d}["']""" % digits), 10**digits) for digits in range(7, 0, -1)
)
_COLUMNS: Final = tuple((re.compile(rb"""r=["'][A-Z]{%d}[0-9]""" % letters), 26**letters) for letters in (3, 2, 1))
_DOCTYPE: Final = b"<!DOCTYPE"  # where entities are defined, which can explode or read other files


@dataclass(frozen=True, slots=True)
class Limits:
    """What intake will open. Bytes, except ``ratio`` (unpacked to packed, applied above ``free``)."""

    delimited: int = 4_000 * MEGABYTE
    workbook: int = 200 * MEGABYTE
    document: int = 200 * MEGABYTE  # of an exchange format, which is read whole
    unpacked: int = 2_000 * MEGABYTE
    ratio: int = 200
    free: int = 20 * MEGABYTE
    members: int = 10_000
    columns: int = 16_384  # as in spreadsheets
    cells: int = 60 * MEGABYTE  # of one sheet, empty ones included: a million rows of 57 columns


LIMITS: Final = Limits()


def check_size(path: Path, largest: int) -> int:
    """The size of ``path`` in bytes. Raises `UnreadableInput` above ``largest`` or when it cannot be opened."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UnreadableInput(
            text("%(file)s cannot be opened (%(why)s). Check the name and the right to read it."),
            file=path.name, why=error.strerror or type(error).__name__,
        ) from error  # fmt: skip
    if path.is_dir():
        raise UnreadableInput(text("%(file)s is a folder. Name one file in it."), file=path.name)
    if size == 0:
        raise UnreadableInput(text("%(file)s is empty. Export it again."), file=path.name)
    if size > largest:
        raise UnreadableInput(
            text("%(file)s has %(size)s MB; the limit is %(limit)s MB. Split it into several files."),
            file=path.name, size=size // MEGABYTE, limit=largest // MEGABYTE,
        )  # fmt: skip
    return size


def check_width(name: str, columns: int) -> None:
    """Raises `UnreadableInput` for a table with more columns than a spreadsheet could show."""
    if columns > LIMITS.columns:
        raise UnreadableInput(
            text("%(file)s has %(columns)s columns; the limit is %(limit)s. Keep only those that are needed."),
            file=name, columns=f"{columns:,}", limit=f"{LIMITS.columns:,}",
        )  # fmt: skip


def check_zip(path: Path, limits: Limits = LIMITS) -> int:
    """Refuse an archive that climbs out of its folder, unpacks to too much, or lies about its sizes.

    Returns the unpacked size in bytes. Raises `UnreadableInput`. Reads every member once, so that the declared
    sizes are proved before another library trusts them; a file that has not changed is not read again.
    """
    packed = check_size(path, limits.workbook)
    return _checked(path, packed, path.stat().st_mtime_ns, limits)


@lru_cache(maxsize=4)
def _checked(path: Path, packed: int, _: int, limits: Limits) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_paths(path, members)
            unpacked = sum(member.file_size for member in members)
            too_dense = unpacked > limits.free and unpacked > limits.ratio * packed
            if unpacked > limits.unpacked or too_dense or len(members) > limits.members:
                raise UnreadableInput(
                    text(
                        "%(file)s unpacks from %(packed)s to %(unpacked)s MB, more than is safe to open. "
                        "Save its data as CSV, or split it."
                    ),
                    file=path.name, packed=packed // MEGABYTE, unpacked=unpacked // MEGABYTE,
                )  # fmt: skip
            for member in members:
                _read_through(path, archive, member, limits)
            return unpacked
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise UnreadableInput(
            text("%(file)s is damaged and cannot be unpacked. Save it again with the program that made it."),
            file=path.name,
        ) from error
    except (RuntimeError, zlib.error) as error:
        raise UnreadableInput(
            text("%(file)s is locked or damaged. Remove its password and save it again."), file=path.name
        ) from error


def _check_paths(path: Path, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        name = member.orig_filename
        parts = (*PurePosixPath(name).parts, *PureWindowsPath(name).parts)
        if ".." in parts or PurePosixPath(name).is_absolute() or PureWindowsPath(name).anchor or "\x00" in name:
            raise UnreadableInput(
                text(
                    "%(file)s holds the path %(member)s, which leads out of its own folder. "
                    "Nothing was unpacked; ask the sender for a clean file."
                ),
                file=path.name, member=name,
            )  # fmt: skip


def _read_through(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> None:
    # zipfile stops at the declared size and then compares the checksum: a member that lies raises.
    name = member.filename.lower()
    sheet = _WORKSHEET.search(name) is not None
    rows = columns = 0
    with archive.open(member) as content:
        chunk = content.read(_CHUNK)
        if name.endswith(_XML) and _DOCTYPE in chunk.replace(b"\x00", b"").upper():
            raise UnreadableInput(
                text(
                    "%(file)s defines a document type, which no office program does and which can harm. "
                    "Nothing was read; ask the sender for a clean file."
                ),
                file=path.name,
            )
        seen = b""
        while chunk:
            if sheet:
                seen = seen[-_LONGEST_PLACE:] + chunk
                rows, columns = _most(_ROWS, seen, rows), _most(_COLUMNS, seen, columns)
            chunk = content.read(_CHUNK)
    if rows * columns > limits.cells and _extent(archive, member) > limits.cells:
        raise UnreadableInput(
            text(
                "%(file)s has cells so far apart that a sheet would hold more than %(limit)s million. Delete the "
                "rows and columns beyond the data, and save it again."
            ),
            file=path.name, limit=limits.cells // MEGABYTE,
        )  # fmt: skip


def _most(bounds: Sequence[tuple[re.Pattern[bytes], int]], seen: bytes, known: int) -> int:
    """The largest row or column that a place may have, by its count of digits or letters; ``known`` at least."""
    return next((most for pattern, most in bounds if most <= known or pattern.search(seen)), known)


def _extent(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """The cells of the smallest box around all cells of a sheet: a value reader makes room for each."""
    rows = columns = 0
    seen = b""
    with archive.open(member) as content:
        while chunk := content.read(_CHUNK):
            seen = seen[-_LONGEST_PLACE:] + chunk
            rows = max(rows, *map(int, set(_DIGITS.findall(seen))), 0)
            columns = max(columns, *map(_number, set(_LETTERS.findall(seen))), 0)
    return rows * columns


def _number(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column
