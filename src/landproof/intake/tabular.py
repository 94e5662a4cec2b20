"""Import of one tabular file: every row ends as an accepted row or as rejects, and nothing in between."""

import hashlib
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import polars as pl

from landproof.domain.errors import UsageError
from landproof.domain.facts import FACTS
from landproof.domain.messages import Message, text
from landproof.domain.tables import Table, conform
from landproof.intake import checks, mapping, refuse, yearly
from landproof.intake.asking import Ask, Asking
from landproof.intake.cells import Cells, Parsed, no_failure, tidy
from landproof.intake.imported import Counts, Imported, Note, Options, SheetReport
from landproof.intake.mapping import ColumnMap
from landproof.intake.marked import own_sheets
from landproof.intake.parse import parse, takes_marks
from landproof.intake.quantities import evidence_of_mark
from landproof.intake.readers import read_sheets
from landproof.intake.reasons import REPAIRS
from landproof.intake.sheets import ROW, Sheet
from landproof.intake.template_text import LISTS, READ_ME
from landproof.intake.words import bilingual, plain, visible

_DIGITS: Final = re.compile("[0-9]+")
_SHORT_DIGEST: Final = 12
_AT_ONCE: Final = 4


def import_tabular(
    path: Path,
    *,
    table: str | None = None,
    mapping: Mapping[str, str] | None = None,
    remembered: Mapping[str, Any] | None = None,
    existing: Mapping[str, pl.DataFrame] | None = None,
    without: frozenset[str] = frozenset(),
    completes: Mapping[str, pl.DataFrame] | None = None,
    names: Mapping[str, str] | None = None,
    decimal_mark: str | None = None,
    day_first: bool | None = None,
    number_rows: bool = False,
    ask: Ask | None = None,
) -> Imported:
    """Read CSV, TSV, XLSX, XLS or Parquet into fact tables and rejects, with what the caller settles in `Options`.

    Raises `UnreadableInput` for a file and `UsageError` for an option that cannot be followed.
    """
    options = Options(
        table=table, mapping=mapping, remembered=remembered, existing=existing, without=without,
        completes=completes, names=names or {}, decimal_mark=decimal_mark, day_first=day_first,
        number_rows=number_rows, ask=ask,
    )  # fmt: skip
    _check(options)
    sheets, encoding = read_sheets(path, options.mapping)
    reader = _Reader(options, _digest(path), path.name)
    ours = own_sheets(sheets) | options.without
    if any(sheet.machine is not None for sheet in sheets):
        ours |= {READ_ME, LISTS}
    for sheet in sheets:
        if sheet.name not in ours:
            reader.read(sheet)
    if encoding not in {"", "utf-8"}:
        reader.tell("", "encoding", {"encoding": encoding.upper()})
    if not any(report.counts.rows for report in reader.reports) and not options.without:
        reader.tell("", "no-rows", {})
    return Imported(
        reader.source,
        path.name,
        reader.merged(),
        refuse.together(reader.rejects),
        tuple(reader.reports),
        tuple(reader.notes),
        reader.asking.answered,
    )


def _check(options: Options) -> None:
    if options.table is not None and options.table not in FACTS:
        raise UsageError(
            text("%(table)s is not a table. The tables are: %(tables)s."),
            table=options.table, tables=", ".join(FACTS),
        )  # fmt: skip
    if options.decimal_mark not in {None, ".", ","}:
        raise UsageError(
            text("%(mark)s is not a decimal mark. Use a point or a comma."), mark=options.decimal_mark
        )


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


class _Reader:
    """Reads sheet after sheet and keeps what they gave."""

    def __init__(self, options: Options, source: str, source_name: str) -> None:
        self.options = options
        self.source = source
        self.source_name = source_name
        self._stem = _DIGITS.sub(" ", Path(source_name).stem)
        self.tables: dict[str, list[pl.DataFrame]] = {}
        self.rejects: list[pl.DataFrame] = []
        self.reports: list[SheetReport] = []
        self.notes: list[Note] = []
        self.asking = Asking(options.ask, source_name)

    def merged(self) -> dict[str, pl.DataFrame]:
        return {name: pl.concat(frames) for name, frames in self.tables.items()}

    def tell(self, sheet: str, key: str, values: Mapping[str, str], where: pl.Series | None = None) -> None:
        rows = () if where is None else tuple(where.head(10).to_list())
        count = 0 if where is None else len(where)
        said = {name: visible(value) for name, value in values.items()}
        message = Message(REPAIRS[key], {**said, "count": str(count)} if where is not None else said)
        self.notes.append(Note(sheet, message, count, rows))

    def read(self, sheet: Sheet) -> None:
        name, columns = self._understand(sheet)
        if name is None:
            self._not_recognised(sheet)
            return
        sheet, columns = self._unpivot(sheet, name, columns)
        if sheet.header_row > 1 and sheet.machine is None:
            self.tell(sheet.name, "header-below", {"row": str(sheet.header_row)})
        if sheet.hidden and sheet.height:
            self.tell(sheet.name, "hidden-read", {"sheet": sheet.name}, sheet.rows)
        origin = refuse.Origin(self.source, self.source_name, sheet.name, name)
        if self._refuse_sheet(sheet, name, columns, origin):
            return
        self._take(sheet, FACTS[name], columns, origin)

    def _understand(self, sheet: Sheet) -> tuple[str | None, ColumnMap]:
        """The table and the columns of a sheet: a template knows, then the caller, then memory, then guesses.

        What is still open then is asked, where there is somebody to ask.
        """
        if sheet.machine is not None:
            return mapping.from_machine(sheet.machine)
        known = mapping.remembered(self.options.remembered, sheet.header)
        name = self.options.table or (known["table"] if known else None)
        name = name or mapping.guess_table(sheet.name or self._stem, sheet.header) or self.asking.table(sheet)
        if name is None:
            return None, ColumnMap({})
        if self.options.mapping:
            stated, how = self.options.mapping, "given"
        elif known and known["table"] == name:
            stated, how = known["columns"], "remembered"
        else:
            stated, how = dict[str, str](), "guessed"
        columns = mapping.given(sheet.header, name, stated, how)
        return name, self.asking.columns(sheet, name, columns, stated, number_rows=self.options.number_rows)

    def _not_recognised(self, sheet: Sheet) -> None:
        if sheet.hidden or not sheet.height:
            if sheet.height:
                self.tell(sheet.name, "hidden-sheet", {"sheet": sheet.name}, sheet.rows)
            return
        origin = refuse.Origin(self.source, self.source_name, sheet.name, None)
        self._refuse_all(sheet, "sheet-not-recognised", origin, None, ColumnMap({}, unmapped=sheet.header), {})

    def _unpivot(self, sheet: Sheet, name: str, columns: ColumnMap) -> tuple[Sheet, ColumnMap]:
        if name != "purchases":
            return sheet, columns
        years = yearly.year_columns(sheet.header)
        if not years:
            return sheet, columns
        found = yearly.unpivot(sheet, columns, years, self.source[:_SHORT_DIGEST])
        for note in found.notes:
            self.tell(sheet.name, note.key, note.values, note.rows)
        return found.sheet, found.columns

    def _refuse_sheet(self, sheet: Sheet, name: str, columns: ColumnMap, origin: refuse.Origin) -> bool:
        table = FACTS[name]
        if columns.clashes:
            ours, one, other = columns.clashes[0]
            values = {"column": bilingual(table[ours].label), "name": ours, "one": one, "other": other}
            key = "columns-same-name" if plain(one) == plain(other) else "columns-clash"
            self._refuse_all(sheet, key, origin, name, columns, values)
            return True
        for column in table:
            if not column.required or column.name in columns.columns:
                continue
            if self.options.number_rows and table.key == (column.name,):
                continue
            values = {"column": bilingual(column.label), "name": column.name}
            self._refuse_all(sheet, "column-missing", origin, name, columns, values)
            return True
        return False

    def _refuse_all(
        self, sheet: Sheet, key: str, origin: refuse.Origin, name: str | None, columns: ColumnMap,
        values: Mapping[str, str],
    ) -> None:  # fmt: skip
        whole = {
            **values,
            "sheet": sheet.name or self.source_name,
            "rows": str(sheet.height),
            "header_row": str(sheet.header_row),
        }
        self.rejects.append(refuse.frame([refuse.one(origin, key, whole, row=None)]))
        self._report(sheet, name, columns, Counts(sheet.height, 0, sheet.height))

    def _report(self, sheet: Sheet, name: str | None, columns: ColumnMap, counts: Counts) -> None:
        if counts.rows != counts.accepted + counts.rejected:
            raise AssertionError((counts, sheet.name))  # a row was lost: a defect of ours
        header = sheet.header[: sheet.own_columns]
        self.reports.append(
            SheetReport(
                sheet.name, name, mapping.fingerprint(header), columns.as_dict(header), columns.how,
                columns.unmapped, counts,
            )
        )  # fmt: skip

    def _take(self, sheet: Sheet, table: Table, columns: ColumnMap, origin: refuse.Origin) -> None:
        written = _cells(sheet, table, columns)
        parsed = _parse_all(written, self.options)
        if self.options.number_rows and table.key[0] not in parsed and len(table.key) == 1:
            parsed[table.key[0]] = self._row_ids(sheet)
        checks.settle_currency(table.name, written, parsed)
        checks.single_out(table.name, written, parsed)
        checks.check_amounts(table.name, parsed)
        refused = pl.repeat(value=False, n=sheet.cells.height, dtype=pl.Boolean, eager=True)
        for name, result in parsed.items():
            failed = result.failure.is_not_null()
            if failed.any():
                refused = refused | failed
                self._reject_cells(sheet, origin, name, written, result, columns)
            self._tell_repairs(sheet, written[name].header if name in written else name, result)
        refused = refused | self._reject_duplicates(sheet, table, origin, parsed, columns)
        refused = refused | self._reject_contradictions(sheet, table, origin, parsed, columns)
        self.rejects.append(
            refuse.frame([refuse.one(origin, each.reason, each.values, row=each.row, value=each.value)
                          for each in sheet.broken])
        )  # fmt: skip
        frame = pl.DataFrame({name: result.values for name, result in parsed.items()} | {ROW: sheet.rows})
        frame = frame.filter(~refused).with_columns(source=pl.lit(self.source))
        self.tables.setdefault(table.name, []).append(conform(frame, table))
        rejected = int(refused.sum()) + sheet.height - sheet.cells.height
        self._report(sheet, table.name, columns, Counts(sheet.height, frame.height, rejected))

    def _row_ids(self, sheet: Sheet) -> Parsed:
        self.tell(sheet.name, "ids-from-rows", {}, sheet.rows)
        prefix = "-".join(part for part in (self.source[:_SHORT_DIGEST], sheet.name) if part)
        ids = pl.DataFrame({"row": sheet.rows}).select(pl.lit(f"{prefix}-") + pl.col("row").cast(pl.String))
        return Parsed(ids.to_series(), no_failure(sheet.cells.height))

    def _reject_cells(
        self, sheet: Sheet, origin: refuse.Origin, name: str, written: Mapping[str, Cells], result: Parsed,
        columns: ColumnMap,
    ) -> None:  # fmt: skip
        raw = written[name].as_written() if name in written else pl.repeat("", len(sheet.rows), eager=True)
        frame = pl.DataFrame({ROW: sheet.rows, "failure": result.failure, "value": raw})
        self.rejects.append(
            refuse.cells(
                origin, name, written[name].header if name in written else name, columns.columns.get(name),
                frame.filter(pl.col("failure").is_not_null()), result.details,
            )
        )  # fmt: skip

    def _reject_duplicates(
        self, sheet: Sheet, table: Table, origin: refuse.Origin, parsed: Mapping[str, Parsed], columns: ColumnMap
    ) -> pl.Series:
        keyed = pl.DataFrame(
            {name: parsed[name].values for name in table.key if name in parsed} | {ROW: sheet.rows}
        )
        earlier = [(self.options.existing or {}).get(table.name), *self.tables.get(table.name, [])]
        known = [conform(frame, table) for frame in earlier if frame is not None]
        found = checks.duplicates(table.name, keyed, pl.concat(known) if known else None)
        elsewhere = pl.when(pl.col("file") == self.source).then(pl.lit("duplicate-elsewhere")).otherwise("failure")
        found = self._with_names(found.with_columns(failure=elsewhere))
        return self._refuse_rows(sheet, origin, table.key[0], found, columns)

    def _reject_contradictions(
        self, sheet: Sheet, table: Table, origin: refuse.Origin, parsed: Mapping[str, Parsed], columns: ColumnMap
    ) -> pl.Series:
        """Rows that say something else than the row of another file that they complete."""
        refused = pl.repeat(value=False, n=sheet.cells.height, dtype=pl.Boolean, eager=True)
        others = (self.options.completes or {}).get(table.name)
        if others is None or not others.height:
            return refused
        rows = pl.DataFrame({name: result.values for name, result in parsed.items()} | {ROW: sheet.rows})
        contradicting = [*checks.contradictions(table.name, rows, others)]
        if table.name == "plots" and "plot" in rows.columns:
            contradicting.append(("country", checks.misplaced(rows, others)))
        for name, found in contradicting:
            refused = refused | self._refuse_rows(sheet, origin, name, self._with_names(found), columns)
        return refused

    def _with_names(self, found: pl.DataFrame) -> pl.DataFrame:
        """``file`` as people know it, instead of its digest."""
        return found.with_columns(pl.col("file").replace_strict(self.options.names, default=pl.col("file")))

    def _refuse_rows(
        self, sheet: Sheet, origin: refuse.Origin, name: str, found: pl.DataFrame, columns: ColumnMap
    ) -> pl.Series:
        if found.height:
            at = columns.columns.get(name)
            header = sheet.header[at] if at is not None else name
            self.rejects.append(refuse.cells(origin, name, header, at, found, {}))
        return pl.int_range(sheet.cells.height, eager=True).is_in(found["at"].cast(pl.Int64).to_list())

    def _tell_repairs(self, sheet: Sheet, header: str, result: Parsed) -> None:
        for repair in result.repairs:
            rows = sheet.rows.filter(repair.where.fill_null(value=False) & result.failure.is_null())
            if len(rows):
                self.tell(sheet.name, repair.key, {**repair.values, "header": header}, rows)


def _cells(sheet: Sheet, table: Table, columns: ColumnMap) -> dict[str, Cells]:
    found: dict[str, Cells] = {}
    for name, at in columns.columns.items():
        unit_at = columns.unit_columns.get(name)
        found[name] = Cells(
            table[name],
            table.name,
            sheet.header[at],
            sheet.cells[str(at)],
            None if sheet.kinds is None else sheet.kinds[str(at)],
            None if unit_at is None else tidy(sheet.cells[str(unit_at)]),
            columns.units.get(name),
            sheet.epoch_1904,
        )
    return found


def _parse_all(written: Mapping[str, Cells], options: Options) -> dict[str, Parsed]:
    mark, day_first = options.decimal_mark, options.day_first

    def one(cells: Cells) -> Parsed:
        return parse(cells, decimal=mark, day_first=day_first)

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:  # columns do not depend on each other
        parsed = dict(zip(written, pool.map(one, written.values()), strict=True))
    unsure = [name for name, result in parsed.items() if (result.failure == "ambiguous-number").any()]
    if unsure and mark is None and (shared := _shared_mark(written)) is not None:
        parsed |= {name: parse(written[name], decimal=shared, day_first=day_first) for name in unsure}
    return parsed


def _shared_mark(written: Mapping[str, Cells]) -> str | None:
    """The decimal mark that every column of the sheet agrees on, for columns that cannot tell themselves."""
    marks = {evidence_of_mark(cells) for cells in written.values() if takes_marks(cells.column)} - {None}
    return marks.pop() if len(marks) == 1 else None
