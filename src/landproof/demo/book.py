"""What the invented company hands in, collected table by table before it is written to files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from landproof.domain.facts import FACTS
from landproof.domain.messages import text

PERIOD_START, PERIOD_END = date(2025, 7, 1), date(2026, 6, 30)
EVALUATED_ON, FILED_ON = date(2026, 6, 30), date(2026, 5, 15)
COMPANY = "GEF"
PARENT = "GEG"
INVENTED = text("Invented for a demonstration: no such company, farm, supplier or document exists.")
INVENTED_ZH = "虚构演示：公司、农场、供应商和文件均不存在。"

Row = dict[str, Any]
_COLUMNS = {name: frozenset(table.schema) for name, table in FACTS.items()}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a rule must say of a subject because of a fault. ``hint``: the reason in a few words."""

    rule: str
    subject: str
    outcome: str
    hint: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted fault, or one near miss that must not be taken for a fault."""

    id: str
    what: str
    values: Mapping[str, str]
    expected: Sequence[Expected]


@dataclass
class Book:
    """Rows by fact table, pages by document, faults, and the one source of chance."""

    random: Random
    tables: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    documents: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    faults: list[Fault] = field(default_factory=list[Fault])

    def add(self, table: str, **cells: object) -> Row:
        """Add a row. Raises `KeyError` for a cell that the table has no column for: a defect of ours."""
        unknown = set(cells) - _COLUMNS[table]
        if unknown:
            raise KeyError(f"table {table} has no column {sorted(unknown)}")
        row = dict(cells)
        self.tables.setdefault(table, []).append(row)
        return row

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, as added."""
        return self.tables.get(table, [])

    def document(self, name: str, *pages: str) -> str:
        """Add a document of one or more pages and return its name."""
        self.documents[name] = list(pages)
        return name

    def fault(self, key: str, what: str, *expected: Expected, **values: str) -> None:
        """Note a fault; ``what`` is an English sentence marked for translation."""
        self.faults.append(Fault(key, what, values, expected))


def day_between(random: Random, start: date, end: date) -> date:
    """A day from ``start`` to ``end``, both included."""
    return date.fromordinal(random.randint(start.toordinal(), end.toordinal()))


def split(random: Random, whole: int, parts: int) -> list[int]:
    """``whole`` in ``parts`` positive whole numbers of similar size. ``whole`` must be at least ``parts``."""
    weights = [random.randint(50, 150) for _ in range(parts)]
    spare, total = whole - parts, sum(weights)
    shares = [1 + spare * weight // total for weight in weights]
    shares[0] += whole - sum(shares)
    return shares


def by_weight(whole: int, weights: Sequence[int]) -> list[int]:
    """``whole`` in parts as ``weights`` tell; what is left over goes to the first ones."""
    total = sum(weights)
    parts = [whole * weight // total for weight in weights]
    for place in range(whole - sum(parts)):
        parts[place % len(parts)] += 1
    return parts
