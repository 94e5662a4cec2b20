"""Rows of landproof itself in a document, so that what it wrote comes back as it was.

An event that carries rows says the same in its own fields; where both give a mass they have to agree.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from landproof.exchange.found import Fault, Gathering
from landproof.exchange.mass import amount, grams
from landproof.exchange.own import NAMESPACE, TABLE, id_of, read_row

PLACE: Final = f"{{{NAMESPACE}}}rows"
CHAIN: Final = ("lots", "deliveries", "facilities", "vessels", "chain_events", "event_lots")
_QUANTITIES: Final = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")


def of_event(gathering: Gathering, row: int, said: Mapping[str, Any]) -> None:
    """The rows that an event carries. Raises `Fault` where they are no rows, or contradict the event."""
    rows = list(_rows(said[PLACE]))
    _check_masses(rows, said)
    for table, cells in rows:
        gathering.add(table, row, **cells)


def of_vocabulary(gathering: Gathering, row: int, kind: str, attributes: Mapping[str, Any]) -> bool:
    """The row that an element of a vocabulary holds; false where the vocabulary is none of ours."""
    if not kind.startswith(TABLE):
        return False
    for table, cells in _rows([{"table": kind.removeprefix(TABLE), **attributes}]):
        gathering.add(table, row, **cells)
    return True


def _rows(written: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for each in cast(list[Any], written) if isinstance(written, list) else [written]:
        said = cast(dict[str, Any], each) if isinstance(each, dict) else {}
        cells = {name.removeprefix(f"{{{NAMESPACE}}}"): value for name, value in said.items()}
        table = cells.pop("table", None)
        if table not in CHAIN:
            raise Fault("own-row", "rows", str(table))
        try:
            yield table, read_row(table, cells)
        except (ValueError, OverflowError, TypeError) as why:
            raise Fault("own-row", "rows", str(why)) from None


def _check_masses(rows: list[tuple[str, dict[str, Any]]], said: Mapping[str, Any]) -> None:
    """Quantities of an event are those of its rows: a document that was changed by hand says two things."""
    ours: dict[str, set[int | None]] = {}
    for table, cells in rows:
        if table in ("event_lots", "deliveries"):
            for name in ("lot", "input_lot"):
                if cells.get(name) is not None:
                    ours.setdefault(cells[name], set()).add(cells.get("mass_g"))
    for element in (each for name in _QUANTITIES for each in said.get(name, ())):
        lot = id_of(element["epcClass"])
        number = amount(str(element.get("quantity", "")))
        mass = None if number is None else grams(number, element.get("uom", ""))
        if lot not in ours or (mass is not None and mass not in ours[lot]):
            raise Fault("own-mass", "rows", lot)
