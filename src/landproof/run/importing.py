"""Brings files into a case, and takes an import back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from landproof.casefile.case import Case, State, replay
from landproof.domain.errors import UnreadableInput, UsageError
from landproof.domain.facts import FACTS
from landproof.domain.messages import Message, text
from landproof.domain.rejects import REJECTS
from landproof.intake.annotate import annotate
from landproof.intake.asking import Ask
from landproof.intake.detect import is_plots_table
from landproof.intake.plots import import_plots
from landproof.intake.tabular import SheetReport, import_tabular

TABULAR_FILES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".parquet")
PLOT_FILES = (".geojson", ".json", ".kml", ".kmz", ".gpkg", ".zip", ".geoparquet")
RETURNED = "returned"  # where the user's own workbooks come back with their bad cells marked

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user settles for a whole `import` command; None leaves it to the file."""

    table: str | None = None
    mapping: Mapping[str, str] | None = None
    decimal_mark: str | None = None
    day_first: bool | None = None
    number_rows: bool = False
    again: bool = False  # takes the place of earlier imports of a file of the same name
    ask: Ask | None = None  # somebody who can be asked what a table does not tell


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one file. ``rows`` is always ``accepted + rejected``; a document has no rows."""

    name: str
    digest: str
    number: int  # of the statement, for `landproof undo`
    document: bool
    tables: Mapping[str, int]  # rows accepted, by table
    rows: int
    accepted: int
    rejected: int
    rejects: pl.DataFrame
    notes: Sequence[Message]
    sheets: Sequence[SheetReport]
    returned: Path | None


@dataclass(frozen=True, slots=True)
class _Read:
    tables: Mapping[str, pl.DataFrame]
    rejects: pl.DataFrame
    rows: int
    accepted: int
    rejected: int
    notes: Sequence[Message]
    sheets: Sequence[SheetReport] = ()
    mappings: Mapping[str, Any] | None = None


def import_file(case: Case, path: Path, choices: Choices) -> Receipt:
    """Import one file: all of it counts from one statement on, or none of it does.

    A table or a plot file fills tables; every other file is kept as a document that evidence may name.
    Raises `UnreadableInput` for a file that cannot be read, `UsageError` for a choice that cannot be followed.
    """
    if not path.is_file():
        raise UnreadableInput(
            text("There is no file %(file)s. Check the name, or the folder you are in."), file=path
        )
    with case.writing() as writer:
        log = case.statements()
        instead_of = _earlier(replay(log), path.name) if choices.again else []
        state = replay([each for each in log if each.number not in instead_of])
        read = _read(case, state, path, choices)
        digest = writer.put_object(path.read_bytes())
        tables: dict[str, str] = {}
        if read is not None:
            filled = {name: frame for name, frame in read.tables.items() if frame.height}
            tables = {name: writer.put_table(name, frame) for name, frame in filled.items()}
            if read.rejects.height:
                tables[REJECTS.name] = writer.put_table(REJECTS.name, read.rejects)
        content = {"tables": tables, "files": {path.name: digest}, "instead_of": instead_of}
        number = writer.state("import", content).number
        if read is not None and read.mappings:
            writer.state("mapping", {"mappings": read.mappings})
    if read is None:
        return Receipt(path.name, digest, number, True, {}, 0, 0, 0, REJECTS.empty(), (), (), None)
    return Receipt(
        path.name,
        digest,
        number,
        False,
        {name: frame.height for name, frame in read.tables.items() if frame.height},
        read.rows,
        read.accepted,
        read.rejected,
        read.rejects,
        read.notes,
        read.sheets,
        _give_back(case, path, read.rejects),
    )


def undo(case: Case, number: int) -> None:
    """Take import ``number`` back. Raises `UsageError` when it is no import, or does not count any more."""
    with case.writing() as writer:
        counting = [statement.number for statement in case.state().imports]
        if number not in counting:
            raise UsageError(
                text("%(number)s is not an import that counts. Those that do: %(imports)s."),
                number=number,
                imports=", ".join(map(str, counting)) or "-",
            )
        writer.state("undo", {"import": number})


def _read(case: Case, state: State, path: Path, choices: Choices) -> _Read | None:
    """The tables that ``path`` gives, or None for a document."""
    suffix = path.suffix.lower()
    tabular = suffix in TABULAR_FILES
    if choices.table not in (None, "plots") and not tabular:
        raise UsageError(
            text("%(file)s is not a table. Tables end in %(endings)s."),
            file=path.name,
            endings=", ".join(TABULAR_FILES),
        )
    may_hold_plots = tabular and choices.table in (None, "plots")
    if suffix in PLOT_FILES or (may_hold_plots and is_plots_table(path, choices.mapping or {})):
        known = case.read_table("plots", state.facts.get("plots", []))["plot"]
        plots = import_plots(path, mapping=choices.mapping, existing_ids=frozenset(known.to_list()))
        accepted = plots.plots.height
        notes = [note.message for note in plots.notes]
        rejected = plots.rows_in - accepted
        return _Read({"plots": plots.plots}, plots.rejects, plots.rows_in, accepted, rejected, notes)
    if not tabular:
        return None
    existing = {name: case.read_table(name, parts) for name, parts in state.facts.items() if name in FACTS}
    found = import_tabular(
        path,
        table=choices.table,
        mapping=choices.mapping,
        remembered=state.mappings,
        existing=existing,
        decimal_mark=choices.decimal_mark,
        day_first=choices.day_first,
        number_rows=choices.number_rows,
        ask=choices.ask,
    )
    counts = found.counts
    notes = [note.message for note in found.notes]
    mappings = found.memory() if choices.mapping or found.answered else None
    if found.answered and mappings:
        notes.append(Message(text("Your answers are kept in the case, for the next file with the same columns.")))
    return _Read(
        found.tables, found.rejects, counts.rows, counts.accepted, counts.rejected, notes, found.sheets, mappings
    )


def _earlier(state: State, name: str) -> list[int]:
    return [statement.number for statement in state.imports if name in statement.content["files"]]


def _give_back(case: Case, path: Path, rejects: pl.DataFrame) -> Path | None:
    if rejects.is_empty() or path.suffix.lower() not in TABULAR_FILES:
        return None
    folder = case.folder / RETURNED
    folder.mkdir(exist_ok=True)
    out = folder / f"{path.stem}-marked.xlsx"
    annotate(path, rejects, out)
    return out
