"""Rows that a document brings beside those on file."""

from typing import Any, Final

from landproof.domain.facts.contract import PROVENANCE
from landproof.exchange.found import Gathering, Known

_ASIDE: Final = frozenset((*(column.name for column in PROVENANCE), "document"))
_CALLED: Final = {"parties": "party", "facilities": "facility"}


class NewRows:
    """Adds rows but those that the case, or the document itself, has as they are."""

    def __init__(self, gathering: Gathering, known: Known) -> None:
        self._to = gathering
        self._known = known
        self._held: dict[str, set[str]] = {}
        self._ids: dict[str, set[str]] = {}
        self._named: set[str] = set()
        self._added: set[tuple[str, str]] = set()  # what a document says twice is one row

    def add(self, table: str, row: int, **cells: Any) -> None:
        """A row; of a party or facility that is on file, none: what the case says of it stands."""
        said = {name: value for name, value in cells.items() if value is not None}
        key = (table, _key(said))
        if key in self._added:
            return
        if table in _CALLED:
            if table not in self._ids:
                self._ids[table] = set(self._known.rows(table)[_CALLED[table]].drop_nulls())
            if said[_CALLED[table]] in self._ids[table]:
                self._to.unread["on-file"] += 1
                return
            self._ids[table].add(said[_CALLED[table]])
        if table not in self._held:
            self._held[table] = {_key(each) for each in self._known.rows(table).iter_rows(named=True)}
        if key[1] in self._held[table]:
            self._to.unread["row-known"] += 1
            return
        self._added.add(key)
        self._to.add(table, row, **said)

    def name_party(self, row: int, party: str, name: str) -> None:
        """A party that a document names again and again: one row, and none where it is on file."""
        if party not in self._named:
            self._named.add(party)
            self.add("parties", row, party=party, name=name, document=self._to.name)


def _key(cells: dict[str, Any]) -> str:
    return str(sorted((name, value) for name, value in cells.items() if value is not None and name not in _ASIDE))
