"""What a file gives: rows for tables, or a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from landproof.casefile.case import Case, State
from landproof.domain.errors import UsageError
from landproof.domain.facts import FACTS
from landproof.domain.messages import Message, text
from landproof.domain.rejects import REJECTS
from landproof.exchange.formats import format_of
from landproof.intake.asking import Ask
from landproof.intake.detect import is_plots_table
from landproof.intake.imported import Imported
from landproof.intake.plots import ImportedPlots, import_plots
from landproof.intake.tabular import import_tabular
from landproof.intake.words import visible
from landproof.run.exchanging import read_document
from landproof.run.read import Read, few_of_each, names_of_files

WORKBOOKS = (".xlsx", ".xlsm", ".xls")
TABULAR_FILES = (".csv", ".tsv", *WORKBOOKS, ".parquet", ".pq")
PERHAPS_TABULAR = ".txt"  # a table where the user says so
PLOT_FILES = (".geojson", ".json", ".kml", ".kmz", ".gpkg", ".zip", ".geoparquet")
_NAMES = 12


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
    document: bool = False  # keeps the file as a document, whatever it holds


def read_file(case: Case, state: State, path: Path, choices: Choices) -> Read | None:
    """The rows that ``path`` gives to ``case`` as ``state`` has it, or None for a document.

    Raises `UnreadableInput` for a file that cannot be read, `UsageError` for a choice that cannot be followed.
    """
    if choices.document:
        return None
    tabular = is_tabular(path, choices)
    if choices.table not in (None, "plots") and not tabular:
        raise UsageError(
            text("%(file)s is not a table. Tables end in %(endings)s."),
            file=path.name,
            endings=", ".join((*TABULAR_FILES, PERHAPS_TABULAR)),
        )
    form = None if choices.table is not None or choices.mapping else format_of(path)
    if form is not None and form.read is not None:
        return read_document(case, state, path, form.title, form.read)
    may_hold_plots = tabular and choices.table in (None, "plots")
    if path.suffix.lower() in PLOT_FILES or (may_hold_plots and is_plots_table(path, choices.mapping or {})):
        return _read_plots(case, state, path, choices)
    return _of_tables(_read_tables(case, state, path, choices, None), choices) if tabular else None


def is_tabular(path: Path, choices: Choices) -> bool:
    """Whether the file is read as a table."""
    suffix = path.suffix.lower()
    stated = choices.table is not None or bool(choices.mapping)
    return suffix in TABULAR_FILES or (suffix == PERHAPS_TABULAR and stated)


def _read_plots(case: Case, state: State, path: Path, choices: Choices) -> Read:
    rows = case.read_rows("plots", state.facts.get("plots", []))
    found = import_plots(
        path,
        mapping=choices.mapping,
        existing_ids=frozenset(rows.filter(pl.col("geometry").is_not_null())["plot"].to_list()),
        listed=rows.filter(pl.col("geometry").is_null()),
        names=names_of_files(state),
    )
    read = _of_plots(found)
    if path.suffix.lower() not in WORKBOOKS:
        return read
    # Sheets without coordinates are tables like those of any workbook.
    rest = _of_tables(_read_tables(case, state, path, choices, found), choices)
    tables = dict(rest.tables)
    tables["plots"] = pl.concat([read.tables["plots"], *([tables["plots"]] if "plots" in tables else [])])
    return Read(
        read.source,
        tables,
        pl.concat([read.rejects, rest.rejects]).sort(REJECTS.key, nulls_last=False),
        read.rows + rest.rows,
        read.accepted + rest.accepted,
        read.rejected + rest.rejected,
        [*read.notes, *rest.notes],
        rest.sheets,
        rest.mappings,
    )


def _read_tables(case: Case, state: State, path: Path, choices: Choices, plots: ImportedPlots | None) -> Imported:
    """The tables of a file; ``plots`` is what its sheets with coordinates gave, if it has any."""
    existing = {name: case.read_rows(name, parts) for name, parts in state.facts.items() if name in FACTS}
    rows = existing.get("plots", FACTS["plots"].empty())
    on_a_map = rows.filter(pl.col("geometry").is_not_null())
    if plots is not None:
        on_a_map = pl.concat([on_a_map, plots.plots])
    return import_tabular(
        path,
        table=choices.table,
        mapping=choices.mapping,
        remembered=state.mappings,
        existing=existing | {"plots": rows.filter(pl.col("geometry").is_null())},
        completes={"plots": on_a_map},
        names=names_of_files(state),
        without=frozenset() if plots is None else plots.sheets,
        decimal_mark=choices.decimal_mark,
        day_first=choices.day_first,
        number_rows=choices.number_rows,
        ask=choices.ask,
    )


def _of_plots(found: ImportedPlots) -> Read:
    accepted = found.plots.height
    rejected = found.rows_in - accepted
    notes = few_of_each(found.notes)
    if not found.rows_in:
        notes.append(Message(text("No plots were found in it.")))
    if found.unread:
        names = {"columns": few_names(found.unread)}
        notes.append(
            Message(text("Not read of the plots: %(columns)s. Use --map THEIRS=OURS if one is needed."), names)
        )
    return Read(found.source, {"plots": found.plots}, found.rejects, found.rows_in, accepted, rejected, notes)


def _of_tables(found: Imported, choices: Choices) -> Read:
    counts = found.counts
    notes = [note.message for note in found.notes]
    mappings = found.memory() if choices.mapping or found.answered else None
    if found.answered and mappings:
        notes.append(Message(text("Your answers are kept in the case, for the next file with the same columns.")))
    return Read(
        found.source, found.tables, found.rejects, counts.rows, counts.accepted, counts.rejected, notes,
        found.sheets, mappings,
    )  # fmt: skip


def few_names(names: Sequence[str]) -> str:
    """Names in a row, of a long list the first ones: a table may have a hundred columns that nobody asked for."""
    shown = [visible(name) for name in names[:_NAMES]]
    return ", ".join(shown if len(names) <= _NAMES else [*shown, f"… (+{len(names) - _NAMES:,})"])
