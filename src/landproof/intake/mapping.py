"""Which of the user's columns is which of ours, and which table a sheet holds."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from landproof.domain.errors import UsageError
from landproof.domain.facts import FACTS
from landproof.domain.messages import text
from landproof.domain.tables import Kind, Table
from landproof.intake.units import is_measure, without_unit
from landproof.intake.words import column_words, plain, table_words, unit_words, without_brackets

PROVENANCE: Final = ("source", "source_row")
# Where a plot is, only its map says; a list that could state these would stand in for a missing map.
MEASURED: Final[Mapping[str, tuple[str, ...]]] = {"plots": ("shape", "decimals", "decimals_known")}
UNIT_SUFFIX: Final = ".unit"
_MACHINE: Final = re.compile(r"^([a-z_0-9]+)\.([a-z_0-9]+)(\.unit)?$")
_TARGET: Final = re.compile(r"^\s*([a-z_0-9.]+)\s*(?:[\[(]\s*(.+?)\s*[\])])?\s*$")
_PARTS: Final = re.compile(r"[/|\n]")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Places of our columns in a sheet.

    ``columns`` and ``unit_columns`` give the place by our column's name; ``units`` a unit stated for
    the whole column; ``how`` says "template", "given", "remembered" or "guessed"; ``unmapped`` lists
    headers that are not read; ``clashes`` pairs of headers that look like the same column.
    """

    columns: dict[str, int]
    unit_columns: dict[str, int] = field(default_factory=dict[str, int])
    units: dict[str, str] = field(default_factory=dict[str, str])
    how: dict[str, str] = field(default_factory=dict[str, str])
    unmapped: tuple[str, ...] = ()
    clashes: tuple[tuple[str, str, str], ...] = ()

    def as_dict(self, header: Sequence[str]) -> dict[str, str]:
        """Their column to ours, in the form that `import_tabular` takes as ``mapping``."""
        found = {
            at: f"{name} ({self.units[name]})" if name in self.units else name for name, at in self.columns.items()
        }
        found |= {at: f"{name}{UNIT_SUFFIX}" for name, at in self.unit_columns.items()}
        return {header[at]: ours for at, ours in found.items() if at < len(header)}


def fingerprint(header: Sequence[str]) -> str:
    """A digest of the header, under which the caller may remember the mapping for the next file like it."""
    words = json.dumps([plain(cell) for cell in header], ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def readable_columns(table: Table) -> list[str]:
    """Columns that a tabular file can fill: all but provenance, geometry and what is counted on a geometry."""
    others = (*PROVENANCE, *MEASURED.get(table.name, ()))
    return [column.name for column in table if column.name not in others and column.kind is not Kind.GEOMETRY]


def machine_row(rows: Sequence[Sequence[str]]) -> int | None:
    """Place of a template's machine header among the first rows; None when there is none."""
    for at, row in enumerate(rows):
        cells = [cell.strip() for cell in row if cell.strip()]
        if cells and all(_names_column(cell) for cell in cells):
            return at
    return None


def _names_column(cell: str) -> bool:
    found = _MACHINE.match(cell)
    return bool(found) and found[1] in FACTS and found[2] in FACTS[found[1]].schema


def from_machine(machine: Sequence[str]) -> tuple[str, ColumnMap]:
    """The table and columns that a template's machine header names."""
    columns: dict[str, int] = {}
    units: dict[str, int] = {}
    named = [(at, found) for at, cell in enumerate(machine) if (found := _MACHINE.match(cell))]
    table = named[-1][1][1]
    unread = [found[0] for _, found in named if found[2] not in readable_columns(FACTS[found[1]])]
    for at, found in named:
        if found[0] not in unread:
            (units if found[3] else columns)[found[2]] = at
    return table, ColumnMap(columns, units, how=dict.fromkeys(columns, "template"), unmapped=tuple(unread))


def header_row(rows: Sequence[Sequence[str]], given: Mapping[str, str]) -> int:
    """Place of the header among the first rows: the row with most words that name columns.

    A row below the first must name two columns at least, so that no data row is taken for a header.
    """
    asked = {plain(word) for word in given}
    best, most = _first_written(rows), 1
    for at, row in enumerate(rows):
        cells = [cell for cell in row if cell.strip()]
        if len(cells) < 2:
            continue
        named = sum(1 for cell in cells if plain(cell) in asked)
        score = max(named, max(len(guess(row, table).columns) for table in FACTS))
        if score > most:
            best, most = at, score
        if 2 * most >= len(cells):
            break  # half of the cells name columns: no row below can be a header too
    return best


def _first_written(rows: Sequence[Sequence[str]]) -> int:
    widths = [sum(1 for cell in row if cell.strip()) for row in rows]
    return next((at for at, width in enumerate(widths) if width and 2 * width >= max(widths)), 0)


def guess_table(name: str, header: Sequence[str]) -> str | None:
    """The fact table that a sheet's name or header points to; None when several do equally, or none."""
    named = [table for table, words in table_words().items() if plain(name) in words]
    if len(named) == 1:
        return named[0]
    scores = _scores(header, named or FACTS)
    best = max(scores.values())
    winners = [table for table, score in scores.items() if score == best]
    return winners[0] if best[1] >= 2 and len(winners) == 1 else None


def likeliest_tables(header: Sequence[str]) -> list[str]:
    """All fact tables, those that the header's words point to most first."""
    scores = _scores(header, FACTS)
    return sorted(scores, key=lambda table: scores[table], reverse=True)


def _scores(header: Sequence[str], tables: Iterable[str]) -> dict[str, tuple[bool, int]]:
    """Per table: whether all required columns are found, and how many are."""
    scores: dict[str, tuple[bool, int]] = {}
    for table in tables:
        found = guess(header, table)
        required = all(column.name in found.columns for column in FACTS[table] if column.required)
        scores[table] = (required, len(found.columns))
    return scores


def meaning(header: Sequence[str], table: str, name: str) -> list[int]:
    """Places of all headers whose words name column ``name`` of ``table``, well or badly."""
    words = column_words(table)
    return [at for at, cell in enumerate(header) if _meaning(cell, words)[0] == name]


def guess(header: Sequence[str], table: str) -> ColumnMap:
    """Columns of ``table`` that the header's words name."""
    words = column_words(table)
    ranked: dict[str, list[tuple[int, int]]] = {}
    units: list[int] = []
    for at, cell in enumerate(header):
        name, rank = _meaning(cell, words)
        if name and name in readable_columns(FACTS[table]):
            ranked.setdefault(name, []).append((-rank, at))
        elif plain(cell) in unit_words():
            units.append(at)
    columns: dict[str, int] = {}
    clashes: list[tuple[str, str, str]] = []
    for name, found in ranked.items():
        found.sort()
        columns[name] = found[0][1]
        if len(found) > 1 and found[0][0] == found[1][0]:
            clashes.append((name, header[found[0][1]], header[found[1][1]]))
    measures = [name for name in columns if is_measure(FACTS[table][name])]
    return _finish(header, columns, dict.fromkeys(measures, units[0]) if units else {}, {}, "guessed", clashes)


def _meaning(cell: str, words: Mapping[str, str]) -> tuple[str | None, int]:
    if not cell.strip():
        return None, 0
    bare = without_brackets(cell)
    parts = [part for part in _PARTS.split(bare) if part.strip()]
    for rank, forms in ((4, [plain(cell)]), (3, [plain(bare)]), (2, [plain(part) for part in parts]),
                        (1, [without_unit(bare), *(without_unit(part) for part in parts)])):  # fmt: skip
        for form in forms:
            if form in words:
                return words[form], rank
    return None, 0


def _finish(
    header: Sequence[str],
    columns: dict[str, int],
    unit_columns: dict[str, int],
    units: dict[str, str],
    how: str,
    clashes: Sequence[tuple[str, str, str]] = (),
) -> ColumnMap:
    used = {*columns.values(), *unit_columns.values()}
    unmapped = tuple(cell for at, cell in enumerate(header) if at not in used and cell.strip())
    return ColumnMap(columns, unit_columns, units, dict.fromkeys(columns, how), unmapped, tuple(clashes))


def given(header: Sequence[str], table: str, mapping: Mapping[str, str], how: str = "given") -> ColumnMap:
    """The guess, overruled by ``mapping`` (their column to ours; "" leaves a column out).

    Ours may carry a unit, "quantity_g (t)", or ".unit" for a column of units. A column of theirs that
    this sheet does not have is passed over, since a workbook has several sheets.
    Raises `UsageError` for a column of ours that ``table`` does not have.
    """
    places = {plain(cell): at for at, cell in reversed(list(enumerate(header)))}
    asked: dict[str, int] = {}
    unit_columns: dict[str, int] = {}
    units: dict[str, str] = {}
    left_out: set[int] = set()
    for theirs, ours in mapping.items():
        at = places.get(plain(theirs))
        if at is None:
            continue
        if not ours.strip():
            left_out.add(at)
            continue
        name, unit, is_unit = _target(ours, table)
        (unit_columns if is_unit else asked)[name] = at
        if unit:
            units[name] = unit
    taken = {*asked.values(), *unit_columns.values(), *left_out}
    rest = guess([cell if at not in taken else "" for at, cell in enumerate(header)], table)
    columns = {name: at for name, at in rest.columns.items() if name not in asked} | asked
    measures = {name: at for name, at in rest.unit_columns.items() if name not in units}
    found = _finish(header, columns, measures | unit_columns, units, "guessed",
                    [clash for clash in rest.clashes if clash[0] not in asked])  # fmt: skip
    found.how.update(dict.fromkeys(asked, how))
    return found


def _target(ours: str, table: str) -> tuple[str, str | None, bool]:
    found = _TARGET.match(ours)
    name = found[1].removeprefix(f"{table}.") if found else ours
    is_unit = name.endswith(UNIT_SUFFIX)
    name = name.removesuffix(UNIT_SUFFIX)
    if name not in readable_columns(FACTS[table]):
        raise UsageError(
            text("%(column)s is not a column of %(table)s. Its columns are: %(columns)s."),
            column=name, table=table, columns=", ".join(readable_columns(FACTS[table])),
        )  # fmt: skip
    return name, found[2] if found else None, is_unit


def parse_map_options(options: Sequence[str]) -> dict[str, str]:
    """The mapping that ``--map "Their column=our_column"`` states. Raises `UsageError`."""
    mapping: dict[str, str] = {}
    for option in options:
        theirs, equals, ours = option.rpartition("=")
        if not equals or not theirs.strip():
            raise UsageError(
                text('--map %(option)s has no "=". Write --map "Their column=our_column".'), option=option
            )
        mapping[theirs.strip()] = ours.strip()
    return mapping


def remembered(memory: Mapping[str, Any] | None, header: Sequence[str]) -> Mapping[str, Any] | None:
    """The entry that an earlier import left for files with this header."""
    return None if memory is None else memory.get(fingerprint(header))
