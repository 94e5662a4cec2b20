"""Which events the case has already."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from landproof.domain.facts.chain import CHAIN_EVENTS, EVENT_LOTS
from landproof.domain.facts.contract import PROVENANCE
from landproof.exchange.epcis_parts import Part
from landproof.exchange.found import Fault, Gathering, Known

_OTHER: Final = frozenset((*(column.name for column in PROVENANCE), "event", "document"))


class OnFile:
    """The events on file, by id."""

    def __init__(self, gathering: Gathering, known: Known) -> None:
        self._to = gathering
        self._events: dict[str, list[dict[str, Any]]] = {}
        self._parts: dict[str, set[tuple[Any, ...]]] = {}
        for row in known.rows(CHAIN_EVENTS.name).iter_rows(named=True):
            self._events.setdefault(row["event"], []).append(row)
        rows = known.rows(EVENT_LOTS.name).select("event", "role", "lot", "plot", "mass_g")
        for event, *part in rows.iter_rows():
            self._parts.setdefault(event, set()).add(tuple(part))

    def holds(self, name: str, cells: Mapping[str, Any], parts: Sequence[Part]) -> bool:
        """Whether the case has this event as it is. Raises `Fault` for another that nobody could tell from it."""
        rows = self._events.get(name, [])
        if not rows:
            return False
        here = {key: cells.get(key) for key in rows[0] if key not in _OTHER}
        same = any(all(there[key] == here[key] for key in here) for there in rows)
        taking_part = {(part.role, part.lot, part.plot, part.mass) for part in parts}
        alike = self._parts.get(name, set()) == taking_part
        if same and not alike and cells["document"] in [there["document"] for there in rows]:
            raise Fault("known-id", "eventID", name)
        if not (same and alike):
            self._to.unread["event-differs"] += 1
        return same and alike
