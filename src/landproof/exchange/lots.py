"""Lots as a document's events tell of them: what they weigh, when and in which country they were made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from landproof.exchange.found import Fault, Gathering, Known
from landproof.exchange.mass import MOST_GRAMS

_CELLS: Final = ("commodity", "country", "made_on")


@dataclass(slots=True)
class _Told:
    row: int
    made: list[int | None] = field(default_factory=list[int | None])
    seen: set[int] = field(default_factory=set[int])
    cells: dict[str, set[Any]] = field(default_factory=dict[str, set[Any]])


class Lots:
    """Every lot that a document names."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}

    def made(self, lot: str, row: int, mass: int | None, made_on: date | None = None) -> None:
        """So much of it was made; what is made several times weighs all of it together."""
        told = self._of(lot, row)
        told.made.append(mass)
        if made_on is not None:
            told.cells.setdefault("made_on", set()).add(made_on)

    def seen(self, lot: str, row: int, mass: int | None) -> None:
        """So much of it was moved or looked at."""
        told = self._of(lot, row)
        if mass is not None:
            told.seen.add(mass)

    def say(self, lot: str, row: int, cells: Mapping[str, Any]) -> None:
        """What master data say of it."""
        told = self._of(lot, row)
        for name, value in cells.items():
            told.cells.setdefault(name, set()).add(value)

    def write(self, gathering: Gathering, known: Known) -> None:
        """One row a lot. A lot on file gets another row only where its mass is another one."""
        on_file = dict(known.rows("lots").group_by("lot").agg(pl.col("mass_g").max()).iter_rows())
        for lot, told in sorted(self._told.items()):
            try:
                mass = self._mass(told, gathering)
            except Fault as fault:
                gathering.reject(told.row, fault, "lots")
                continue
            if lot in on_file and mass in (None, on_file[lot]):
                continue
            gathering.unread["lot-known"] += lot in on_file
            # Two days or countries of one lot: nobody knows which.
            cells = {name: next(iter(told.cells[name])) for name in _CELLS if len(told.cells.get(name, ())) == 1}
            gathering.add("lots", told.row, lot=lot, mass_g=mass, **cells)

    def _mass(self, told: _Told, gathering: Gathering) -> int | None:
        if told.made:
            return total(told.made)
        gathering.unread["masses-differ"] += len(told.seen) > 1
        return next(iter(told.seen)) if len(told.seen) == 1 else None

    def _of(self, lot: str, row: int) -> _Told:
        told = self._told.setdefault(lot, _Told(row))
        told.row = min(told.row, row)
        return told


def total(masses: Iterable[int | None]) -> int | None:
    """The sum; none where a part is not known. Raises `Fault` beyond what a table holds."""
    listed = list(masses)
    known = [mass for mass in listed if mass is not None]
    if len(known) < len(listed) or not known:
        return None
    if sum(known) > MOST_GRAMS:
        raise Fault("too-heavy", "quantity", f"{sum(known)} g")
    return sum(known)
