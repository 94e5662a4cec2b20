"""The Universal Mill List of palm oil mills (World Resources Institute and others), as CSV, into facilities."""

import csv
from collections.abc import Mapping
from io import StringIO
from typing import Final

import polars as pl

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.exchange.format import Format
from landproof.exchange.found import Fault, Found, Gathering, Known
from landproof.exchange.new_rows import NewRows
from landproof.intake.countries import country_of

_NEEDED: Final = ("UML ID", "Mill Name", "Country")
_READ: Final = (*_NEEDED, "ISO", "Parent Company")
_UNKNOWN: Final = ("unknown", "n/a", "-")
_MARKS: Final = ",;\t"


def recognises(head: str) -> bool:
    """Whether the first part of a file has the columns of the list."""
    return _mark(head) is not None


def read(data: bytes, source: str, name: str, known: Known) -> Found:
    """The mills of the list. Raises `UnreadableInput` for a file that is no text."""
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        raise UnreadableInput(
            text("%(file)s is not text in UTF-8 (byte %(place)s). Export it again as UTF-8."),
            file=name, place=why.start,
        ) from None  # fmt: skip
    gathering = Gathering(source, name, "")
    mills = _Mills(gathering, known)
    table = csv.reader(StringIO(content, newline=""), delimiter=_mark(content) or ",")
    headings = [each.strip() for each in next(table)]
    count = 0
    try:
        for row, cells in enumerate(table, start=2):
            if not any(each.strip() for each in cells):
                continue
            count += 1
            if len(cells) != len(headings):
                gathering.reject(row, Fault("mill-cells", "", f"{len(cells)}"), "facilities")
                continue
            mills.take(row, dict(zip(headings, (each.strip() for each in cells), strict=True)))
    except csv.Error as why:
        raise UnreadableInput(
            text("%(file)s is no table that can be read: %(why)s. Export it again."), file=name, why=why
        ) from None
    mills.write()
    return gathering.found(count)


class _Mills:
    def __init__(self, gathering: Gathering, known: Known) -> None:
        self._to = gathering
        self._rows = NewRows(gathering, known)
        self._listed: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
        called = known.rows("identifiers").filter((pl.col("kind") == "facility") & (pl.col("scheme") == "UML ID"))
        called = called.select("value", "id").unique().filter(pl.col("id").n_unique().over("value") == 1)
        self._called: dict[str, str] = dict(called.iter_rows())
        parties = known.rows("parties").select("name", "party").drop_nulls().unique()
        parties = parties.filter(pl.col("party").n_unique().over("name") == 1)
        self._parties: dict[str, str] = dict(parties.iter_rows())

    def take(self, row: int, cells: Mapping[str, str]) -> None:
        if not cells["UML ID"]:
            self._to.reject(row, Fault("mill-id", "UML ID"), "facilities")
            return
        self._listed.setdefault(cells["UML ID"], []).append((row, cells))

    def write(self) -> None:
        """Each mill once; of different rows of one id nobody knows which is meant."""
        for mill, rows in sorted(self._listed.items()):
            if any(cells != rows[0][1] for _, cells in rows):
                for row, _ in rows:
                    self._to.reject(row, Fault("mill-twice", "UML ID", mill), "facilities")
                continue
            self._to.unread["mill-again"] += len(rows) - 1
            self._mill(mill, *rows[0])

    def _mill(self, mill: str, row: int, cells: Mapping[str, str]) -> None:
        facility = self._called.get(mill, mill)
        countries = {country_of(cells[name]) for name in ("Country", "ISO") if cells.get(name)}
        # Of a country and a code that differ nobody knows which is right.
        country = next(iter(countries)) if len(countries) == 1 else None
        self._to.unread["mill-country"] += country is None
        self._rows.add("facilities", row, facility=facility, name=cells["Mill Name"] or None, country=country,
                       document=self._to.name)  # fmt: skip
        self._rows.add("identifiers", row, kind="facility", scheme="UML ID", value=mill, id=facility,
                       document=self._to.name)  # fmt: skip
        parent = cells.get("Parent Company", "")
        if parent and parent.lower() not in _UNKNOWN:
            party = self._parties.setdefault(parent, parent)
            self._rows.name_party(row, party, parent)
            self._rows.add("party_roles", row, party=party, role="processor", document=self._to.name)
            self._to.unread["mill-parent"] += 1
        else:
            self._to.unread["mill-no-parent"] += 1
        for name, value in cells.items():
            if name not in _READ and value:
                self._to.unread[name or "?"] += 1


def _mark(head: str) -> str | None:
    """What separates the columns of the first line, where they are those of the list."""
    line = head.lstrip("\ufeff").partition("\n")[0].rstrip("\r")
    for mark in _MARKS:
        headings = [each.strip() for each in next(csv.reader([line], delimiter=mark), list[str]())]
        if set(_NEEDED) <= set(headings) and len(set(headings)) == len(headings):
            return mark
    return None


FORMAT: Final = Format("universal-mill-list", "Universal Mill List", recognises, read, endings=(".csv", ".tsv"))
