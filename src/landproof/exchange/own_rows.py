"""Rows of landproof itself in a document, so that what it wrote comes back as it was.

An event that carries rows says the same in its own fields; where both give a mass they have to agree.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from landproof.domain.facts import FACTS
from landproof.exchange.found import Fault, Gathering, Known
from landproof.exchange.lots import total
from landproof.exchange.mass import amount, grams
from landproof.exchange.own import NAMESPACE, TABLE, id_of, read_row, written

PLACE: Final = f"{{{NAMESPACE}}}rows"
CHAIN: Final = ("lots", "deliveries", "facilities", "vessels", "chain_events", "event_lots")
_QUANTITIES: Final = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_Row = tuple[str, dict[str, Any]]


class OwnRows:
    """Adds rows to what a document gives, but for those that the case has as they are."""

    def __init__(self, gathering: Gathering, known: Known) -> None:
        self._to = gathering
        self._known = known
        self._held: dict[str, set[str]] = {}

    def of_event(self, row: int, said: Mapping[str, Any]) -> None:
        """The rows that an event carries. Raises `Fault` where they are no rows, or contradict the event."""
        rows = list(_rows(said[PLACE]))
        if "errorDeclaration" not in said:  # which repeats goods that are none of its own
            _check_masses(rows, said)
        for table, cells in rows:
            self._add(row, table, cells)

    def of_vocabulary(self, row: int, kind: str, attributes: Mapping[str, Any]) -> bool:
        """The row of an element of a vocabulary; false where that is none of ours. Raises `Fault`."""
        if not kind.startswith(TABLE):
            return False
        for table, cells in _rows([{"table": kind.removeprefix(TABLE), **attributes}]):
            self._add(row, table, cells)
        return True

    def _add(self, row: int, table: str, cells: dict[str, Any]) -> None:
        if table not in self._held:
            rows = self._known.rows(table).iter_rows(named=True)
            self._held[table] = {str(sorted(written(table, each).items())) for each in rows}
        if str(sorted(written(table, cells).items())) in self._held[table]:
            self._to.unread["row-known"] += 1
        else:
            self._to.add(table, row, **cells)


def _rows(listed: Any) -> Iterator[_Row]:
    for each in cast(list[Any], listed) if isinstance(listed, list) else [listed]:
        said = cast(dict[str, Any], each) if isinstance(each, dict) else {}
        cells = {name.removeprefix(f"{{{NAMESPACE}}}"): value for name, value in said.items()}
        table = cells.pop("table", None)
        if table not in CHAIN:
            raise Fault("own-row", "rows", str(table))
        unknown = sorted(set(cells) - {column.name for column in FACTS[table]})
        if unknown:
            raise Fault("own-row", "rows", unknown[0])
        try:
            yield table, read_row(table, cells)
        except (ValueError, OverflowError, TypeError) as why:
            raise Fault("own-row", "rows", str(why)) from None


def _check_masses(rows: list[_Row], said: Mapping[str, Any]) -> None:
    """Quantities of an event are those of its rows: a document that was changed by hand says two things."""
    listed: dict[tuple[str, str], list[int | None]] = {}
    for table, cells in rows:
        if table == "event_lots" and cells.get("lot") is not None:
            listed.setdefault((cells["lot"], cells["role"]), []).append(cells.get("mass_g"))
        elif table == "deliveries":
            given = (cells["lot"], None) if cells.get("input_lot") else (cells["lot"], cells.get("mass_g"))
            listed[given[0], "output"] = [given[1]]
            if cells.get("input_lot"):
                listed.setdefault((cells["input_lot"], "input"), []).append(cells.get("mass_g"))
    ours: dict[str, set[int | None]] = {}
    for (lot, _), masses in listed.items():
        ours.setdefault(lot, set()).add(total(masses))
    for element in (each for name in _QUANTITIES for each in said.get(name, ())):
        lot = id_of(element["epcClass"])
        number = amount(str(element.get("quantity", "")))
        mass = None if number is None else grams(number, element.get("uom", ""))
        if lot not in ours or (mass is not None and mass not in ours[lot]):
            raise Fault("own-mass", "rows", lot)
