"""What a workbook's own text tells that its values do not: errors, formulas never calculated, the epoch.

A value reader gives an empty cell for ``#REF!`` and for a formula that no program has calculated yet.
Empty and wrong are not the same, so both are looked up here and end as rejects.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from landproof.intake.sheets import Cell

_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL: Final = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE: Final = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_TYPE: Final = re.compile(rb"""\bt=["'](\w+)["']""")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s>/]")
_VALUE: Final = re.compile(rb"<(?:\w+:)?v[^>]*>[^<]|<(?:\w+:)?is[\s>]")


@dataclass(frozen=True, slots=True)
class Oddities:
    """Cells by zero-based (row, column), and whether days count from 1904."""

    cells: dict[tuple[int, int], Cell]
    epoch_1904: bool


def look(path: Path) -> dict[str, Oddities]:
    """The oddities of each sheet of an XLSX by its name. `limits.check_zip` comes first."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            return {}
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - `check_zip` refuses entities
        epoch = any(
            element.get("date1904") in {"1", "true"} for element in book.iter() if _local(element) == "workbookPr"
        )
        targets = dict(_relations(archive, names))
        found: dict[str, Oddities] = {}
        for element in book.iter():
            if _local(element) != "sheet":
                continue
            member = targets.get(element.get(_RELATION, ""), "")
            cells = dict(_odd_cells(archive.read(member))) if member in names else {}
            found[element.get("name", "")] = Oddities(cells, epoch)
        return found


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _relations(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    if "xl/_rels/workbook.xml.rels" not in names:
        return
    root = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    for element in root:
        target = element.get("Target", "")
        member = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        yield element.get("Id", ""), member


def _odd_cells(sheet: bytes) -> Iterator[tuple[tuple[int, int], Cell]]:
    if not _FORMULA.search(sheet) and not re.search(rb"""t=["']e["']""", sheet):
        return
    for found in _CELL.finditer(sheet):
        attributes, content = found[1], found[3] or b""
        place = _PLACE.search(attributes)
        if place is None:
            continue
        kind = _TYPE.search(attributes)
        if kind is not None and kind[1] == b"e":
            yield _position(place), Cell.ERROR
        elif kind is not None and kind[1] == b"str":
            continue  # a formula that gives text, which may be empty
        elif _FORMULA.search(content) and not _VALUE.search(content):
            yield _position(place), Cell.NO_VALUE


def _position(place: re.Match[bytes]) -> tuple[int, int]:
    column = 0
    for letter in place[1]:
        column = column * 26 + letter - 64
    return int(place[2]) - 1, column - 1
