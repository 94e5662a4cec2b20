"""What a document gives: rows of fact tables, outlines of plots, refusals, and what has no place in a case."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from landproof.domain.facts import FACTS
from landproof.domain.messages import Message, text
from landproof.domain.rejects import REJECTS
from landproof.domain.tables import conform
from landproof.exchange.reasons import REASONS

_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Known:
    """What the case holds already: fact tables by name, and plots by every URI that names one."""

    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])
    plots: Mapping[str, str] = field(default_factory=dict[str, str])

    def rows(self, table: str) -> pl.DataFrame:
        """The rows of a table; none where the case has none."""
        return self.tables.get(table, FACTS[table].empty())


@dataclass(frozen=True, slots=True)
class Outline:
    """A plot with its GeoJSON geometry as text, in which every number is as it was written."""

    row: int
    plot: str
    geometry: str
    cells: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Found:
    """``rows`` is always ``accepted + rejected``; ``outlines`` are checked by who knows shapes."""

    tables: Mapping[str, pl.DataFrame]
    outlines: Sequence[Outline]
    rejects: pl.DataFrame
    rows: int
    accepted: int
    rejected: int
    notes: Sequence[Message]


@dataclass(frozen=True, slots=True)
class Fault(Exception):
    """Why an event or a part of a document is refused."""

    key: str
    field: str = ""
    value: str = ""


class Gathering:
    """Collects what a document says, in any order."""

    def __init__(self, source: str, name: str, sheet: str) -> None:
        self.source = source
        self.name = name
        self.outlines: list[Outline] = []
        self.rejected: set[int] = set()
        self.unread: Counter[str] = Counter()  # what has no place in a case, and how often
        self.notes: list[Message] = []
        self._sheet = sheet
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._rejects: list[dict[str, Any]] = []

    def add(self, table: str, row: int, **cells: Any) -> None:
        """A row of ``table`` that place ``row`` of the document says."""
        self._rows.setdefault(table, []).append({**cells, "source": self.source, "source_row": row})

    def reject(self, row: int, fault: Fault, table: str = "chain_events") -> None:
        """Refuse place ``row`` of the document, and forget what it said."""
        self.rejected.add(row)
        for listed in self._rows.values():
            listed[:] = [each for each in listed if each["source_row"] != row]
        self.outlines[:] = [each for each in self.outlines if each.row != row]
        reason = REASONS[fault.key]
        value = fault.value[:_LONGEST]
        self._rejects.append(
            {
                "source": self.source, "source_name": self.name, "sheet": self._sheet, "source_row": row,
                "table": table, "field": fault.field, "value": value, "reason": reason.reason,
                "remedy": reason.remedy,
                "values": json.dumps({"field": fault.field, "value": value}, ensure_ascii=False, sort_keys=True),
            }
        )  # fmt: skip

    def found(self, count: int) -> Found:
        """All of it; ``count`` places of the document were looked at."""
        tables = {
            name: conform(pl.DataFrame(rows, schema=FACTS[name].schema), FACTS[name])
            for name, rows in self._rows.items()
            if rows
        }
        rejects = pl.DataFrame(self._rejects, schema=REJECTS.schema).sort(REJECTS.key, nulls_last=False)
        notes = [*self.notes, *(_unread(what, times) for what, times in sorted(self.unread.items()) if times)]
        rejected = len(self.rejected)
        # Many events happen on one plot, and each repeats its outline.
        drawn = {(each.plot, each.geometry, *sorted(each.cells.items())): each for each in reversed(self.outlines)}
        outlines = sorted(drawn.values(), key=lambda each: (each.row, each.plot, each.geometry))
        return Found(tables, outlines, rejects, count, count - rejected, rejected, notes)


def _unread(what: str, times: int) -> Message:
    named = UNREAD.get(what)
    if named is not None:
        return Message(named, {"count": f"{times:,}"})
    return Message(
        text("Not read, as a case has no place for it: %(name)s (%(count)s times)."),
        {"name": what[:_LONGEST], "count": f"{times:,}"},
    )


# What is said of a kind of content that is not read; other fields are named as they are written.
UNREAD: Final[Mapping[str, str]] = {
    "observation": text("Events that only observe goods, of which no event of the chain was made: %(count)s."),
    "commissioning": text(
        "Events that make a lot at no known plot; the lots have no origin from them: %(count)s."
    ),
    "deletion": text("Events that end the life of goods, from which nothing follows in the chain: %(count)s."),
    "association": text("Events that tie things to assets, not goods to goods, and were not read: %(count)s."),
    "unpacking": text("Lots that were unpacked again and stay what they were: %(count)s."),
    "unnamed-children": text("Events that unpack a container without naming what, and were not read: %(count)s."),
    "piece": text("Quantities in units that are no mass; their lots have no mass from them: %(count)s."),
    "rounded": text("Quantities that are no whole grams and were rounded, halves to even: %(count)s."),
    "class": text("Quantities that name a product and no lot; what came from them has no origin: %(count)s."),
    "masses-differ": text("Lots seen with several masses and never made, which have no mass: %(count)s."),
    "lot-known": text("Lots that are on file with another mass; both stand, and the larger counts: %(count)s."),
    "event-known": text("Events that are on file already as they are, and were not added again: %(count)s."),
    "row-known": text("Rows that are on file already as they are, and were not added again: %(count)s."),
    "event-again": text("Events that stand in it twice, word for word, and were read once: %(count)s."),
    "event-differs": text(
        "Events that are on file and say something else; while both stand, neither counts: %(count)s."
    ),
    "joined": text(
        "Events that are parts of transformations, joined by and called by their transformationID: %(count)s."
    ),
    "business location": text(
        "Business locations that differ from the read point, which alone is kept: %(count)s."
    ),
    "sources and destinations": text(
        "Sources and destinations that are kept nowhere, other than who owns goods after a transfer: %(count)s."
    ),
    "on-file": text("Parties and facilities that are on file already, whose rows stand: %(count)s."),
    "person": text("Persons, whose data were left out: %(count)s."),
    "evidence": text("Records of evidence; hand in the documents that they speak of: %(count)s."),
    "entity-again": text("Entities that stand in it twice, word for word, and were read once: %(count)s."),
    "plot-no-place": text("Plots without an outline or a point, which were not added: %(count)s."),
    "harvest-days": text("Lots harvested over several days, of which no day was taken: %(count)s."),
    "origin-site": text(
        "Lots with a site of origin, which the format makes everyone name once; only a harvest is read as an "
        "origin: %(count)s."
    ),
    "not-done": text("Transactions that are pending or cancelled, and were not read: %(count)s."),
    "no-unit": text("Quantities of lots whose unit is not told, which give no mass: %(count)s."),
    "mill-again": text("Mills that stand in it twice, word for word, and were read once: %(count)s."),
    "mill-country": text("Mills whose country cannot be told, or differs from its code: %(count)s."),
    "mill-parent": text(
        "Parent companies, called by their names, as processors; which mill is whose is kept nowhere: %(count)s."
    ),
    "mill-no-parent": text("Mills without a known parent company: %(count)s."),
    "enveloped": text("Credentials in envelopes, which were opened without a check of the signature: %(count)s."),
    "utc": text("Events with a moment in UTC, whose day may be another where they happened: %(count)s."),
    "passport-model": text("Passports of a product and of no lot of it: %(count)s."),
    "lot-described": text("Lots that are on file already, of which nothing was added: %(count)s."),
    "facility-place": text("Places of facilities that are no farmed land: %(count)s."),
    "not-conforming": text("Assessments that found no conformity: %(count)s."),
}
