"""What formats have no place for: our own ids as URIs, and our own rows, under a namespace of landproof.

`urn:x-landproof:lot:L-001` stands for lot L-001 of a case, so that every id comes back as it was.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, cast
from urllib.parse import quote, unquote

import polars as pl

from landproof.domain.facts import FACTS
from landproof.domain.tables import Kind
from landproof.exchange.gs1_keys import digital_link
from landproof.exchange.vocabulary import PREFIXES

_URN: Final = "urn:x-landproof:"
NAMESPACE: Final = f"{_URN}exchange:"  # of extension fields
TABLE: Final = f"{_URN}table:"  # of a vocabulary that holds rows of one table
_OURS: Final = re.compile(r"urn:x-landproof:[a-z]+:(.+)", re.ASCII)
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]+")
_PLACES: Final = ("source", "source_row")


def uri_of(kind: str, name: str) -> str:
    """The id of a ``kind`` of thing as a URI; it is one already where it is a URI that we would not spell anew."""
    return name if is_uri(name) else f"{_URN}{kind}:{quote(name, safe='')}"


def is_uri(name: str) -> bool:
    """Whether an id may stand as it is where a URI is asked for, and comes back the same."""
    prefix = name.partition(":")[0]
    if not _URI.fullmatch(name) or name.startswith(_URN) or prefix in (*PREFIXES, "landproof"):
        return False
    return digital_link(name) == name


def id_of(uri: str) -> str:
    """The id that a URI stands for: ours, the canonical Digital Link, or the URI itself."""
    ours = _OURS.fullmatch(uri)
    return unquote(ours.group(1)) if ours is not None else digital_link(uri)


def written(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of a row that say something, as text; lists as lists."""
    found: dict[str, Any] = {}
    for column in FACTS[table]:
        value = row.get(column.name)
        if value is None or column.name in _PLACES:
            continue
        if isinstance(value, list):
            found[column.name] = [str(each) for each in cast(list[Any], value)]
        elif isinstance(value, datetime):
            found[column.name] = value.astimezone(UTC).isoformat()
        else:
            found[column.name] = str(value)
    return found


def read_row(table: str, cells: Mapping[str, Any]) -> dict[str, Any]:
    """A row as `written`. Raises `ValueError` for a cell that does not fit its column."""
    row: dict[str, Any] = {}
    for column in FACTS[table]:
        if column.name in _PLACES or column.name not in cells:
            continue
        row[column.name] = _cell(column.kind, column.choices, cells[column.name])
    lacking = [column.name for column in FACTS[table] if column.required and row.get(column.name) is None]
    if lacking:
        raise ValueError(lacking[0])
    return row


def _cell(kind: Kind, choices: tuple[str, ...], text: Any) -> Any:
    if kind is Kind.LIST:
        return [str(each) for each in cast(list[Any], text)] if isinstance(text, list) else [str(text)]
    if not isinstance(text, str):
        raise ValueError(kind)
    if kind is Kind.CHOICE and text not in choices:
        raise ValueError(text)
    if kind is Kind.DATE:
        return date.fromisoformat(text)
    if kind is Kind.INSTANT:
        return datetime.fromisoformat(text).astimezone(UTC)
    if kind is Kind.MASS:
        pl.Series([int(text)], dtype=pl.Int64)  # refuses what does not fit
        return int(text)
    return text
