"""Writes what was measured for people who only have plots: Parquet, CSV, GeoJSON or a workbook.

One row, or feature, per plot with its verdict on each harm; the areas by layer and class lie beside it.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

import polars as pl
import pyarrow.parquet as pq  # pyright: ignore[reportMissingTypeStubs]
import shapely
import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from landproof.casefile import durable
from landproof.domain.derived import PLOT_STATUS
from landproof.domain.errors import UsageError
from landproof.domain.messages import text
from landproof.land.tables import AREAS
from landproof.reference.catalogue import translate
from landproof.run.gather import Range
from landproof.run.spool import as_arrow

_pq, _shapely = cast(Any, pq), cast(Any, shapely)
SHEET_ROWS: Final = 1_048_576  # of a workbook's sheet, its header included
_ROW_GROUP: Final = 50_000
_GEO: Final[dict[str, Any]] = {
    "version": "1.1.0",
    "primary_column": "geometry",
    "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}},
}
Writer: TypeAlias = Callable[[Path, Iterable[Range], str], object]


def writer_for(output: Path) -> Writer:
    """What writes a file of this name. Raises `UsageError` for an ending that is not written."""
    found = _WRITERS.get(output.suffix.lower())
    if found is None:
        raise UsageError(
            text("Cannot write %(file)s. Give a name that ends in %(endings)s."),
            file=output.name, endings=", ".join(_WRITERS),
        )  # fmt: skip
    return found


def check_rows(output: Path, plots: int) -> None:
    """Raises `UsageError` when a workbook cannot hold so many plots."""
    if output.suffix.lower() == ".xlsx" and plots >= SHEET_ROWS:
        raise UsageError(
            text(
                "A sheet of a workbook holds %(most)s plots at most, and there are %(plots)s. Write .parquet or "
                ".csv instead: give -o a name that ends so."
            ),
            most=f"{SHEET_ROWS - 1:,}", plots=f"{plots:,}",
        )  # fmt: skip


def areas_file(output: Path) -> Path | None:
    """Where the areas go: a file beside ``output``, or null where they are in it."""
    ending = output.suffix.lower()
    return output.with_suffix(f".areas{ending}") if ending in (".parquet", ".csv") else None


def wide(plot_status: pl.DataFrame) -> pl.DataFrame:
    """One row per plot: its verdict on each harm under the harm's name, and the other columns under both names."""
    others = [column.name for column in PLOT_STATUS if column.name not in ("plot", "harm", "verdict")]
    found = plot_status.select(pl.col("plot").unique(maintain_order=True))
    for harm in PLOT_STATUS["harm"].choices:
        name = harm.replace(" ", "_")
        columns = plot_status.filter(pl.col("harm") == harm).select(
            "plot", pl.col("verdict").alias(name), *(pl.col(each).alias(f"{name}_{each}") for each in others)
        )
        found = found.join(columns, on="plot", how="left", maintain_order="left")
    return found


def _parquet(path: Path, ranges: Iterable[Range], language: str) -> None:
    del language
    beside = cast(Path, areas_file(path))
    with durable.filled(path) as main, durable.filled(beside) as areas, ExitStack() as stack:
        plots, pieces = _RowGroups(main, _GEO), _RowGroups(areas, None)
        stack.callback(pieces.close)
        stack.callback(plots.close)
        for each in ranges:
            plots.add(each.plots.select("plot", "geometry").join(wide(each.plot_status), on="plot", how="left",
                                                                 maintain_order="left"))  # fmt: skip
            pieces.add(each.areas)


class _RowGroups:
    """Writes Parquet in row groups of one size, so that the bytes do not depend on the ranges."""

    def __init__(self, path: Path, geo: dict[str, Any] | None) -> None:
        self._path = path
        self._geo = geo
        self._rest: list[pl.DataFrame] = []
        self._rows = 0
        self._writer: Any = None

    def add(self, frame: pl.DataFrame) -> None:
        """Take rows; those that fill row groups are written."""
        self._rest.append(frame)
        self._rows += frame.height
        if self._rows >= _ROW_GROUP or self._writer is None:
            rest = pl.concat(self._rest)
            whole = rest.height // _ROW_GROUP * _ROW_GROUP
            for start in range(0, whole, _ROW_GROUP):
                self._write(rest.slice(start, _ROW_GROUP))
            self._rest, self._rows = [rest.slice(whole)], rest.height - whole

    def close(self) -> None:
        """Write the rest."""
        if self._rest and (self._rows or self._writer is None):
            self._write(pl.concat(self._rest))
        if self._writer is not None:
            self._writer.close()

    def _write(self, frame: pl.DataFrame) -> None:
        table = as_arrow(frame).combine_chunks()
        if self._geo is not None:
            table = table.replace_schema_metadata({"geo": json.dumps(self._geo)})
        if self._writer is None:
            self._writer = _pq.ParquetWriter(str(self._path), table.schema, compression="zstd")
        self._writer.write_table(table, row_group_size=_ROW_GROUP)


def _csv(path: Path, ranges: Iterable[Range], language: str) -> None:
    del language
    with (
        durable.filled(path) as main,
        durable.filled(cast(Path, areas_file(path))) as beside,
        main.open("wb") as plots,
        beside.open("wb") as areas,
    ):
        for number, each in enumerate(ranges):
            _flat(wide(each.plot_status)).write_csv(plots, include_header=number == 0)
            each.areas.write_csv(areas, include_header=number == 0)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists as words with semicolons between them."""
    return frame.with_columns(pl.col(pl.List(pl.String)).list.join(";"))


def _geojson(path: Path, ranges: Iterable[Range], language: str) -> None:
    del language
    with durable.filled(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for number, feature in enumerate(feature for each in ranges for feature in _features(each)):
            file.write("\n" if number == 0 else ",\n")
            json.dump(feature, file, ensure_ascii=False)
        file.write("\n]}\n")


def _features(found: Range) -> Iterator[dict[str, Any]]:
    status: dict[str, dict[str, object]] = {}
    for row in found.plot_status.iter_rows(named=True):
        status.setdefault(row["plot"], {})[row["harm"]] = {"verdict": row["verdict"], "reasons": row["reasons"]}
    areas: dict[str, dict[str, dict[str, int]]] = {}
    for row in found.areas.iter_rows(named=True):
        areas.setdefault(row["plot"], {}).setdefault(row["layer"], {})[row["class"]] = row["area_m2"]
    for plot, shape in found.plots.select("plot", "geometry").iter_rows():
        yield {
            "type": "Feature",
            "id": plot,
            "properties": {"plot": plot, "verdicts": status.get(plot, {}), "areas_m2": areas.get(plot, {})},
            "geometry": None if shape is None else json.loads(_shapely.to_geojson(_shapely.from_wkb(shape))),
        }


def _workbook(path: Path, ranges: Iterable[Range], language: str) -> None:
    def said(sentence: str) -> str:
        return translate(sentence, language) if language != "en" else sentence

    with durable.filled(path) as temporary:
        book = xlsxwriter.Workbook(str(temporary), {"constant_memory": True, "strings_to_formulas": False})
        verdicts, areas = _Sheets(book, said(PLOT_STATUS.title)), _Sheets(book, said(text("Areas")))
        try:
            for each in ranges:
                words = wide(each.plot_status)
                verdicts.add(_flat(words), [_heading(name, said) for name in words.columns], said)
                areas.add(each.areas, [said(column.label) for column in AREAS], said)
        finally:
            book.close()


def _heading(name: str, said: Callable[[str], str]) -> str:
    """ "plot", a harm, or a harm and another column, in words."""
    if name == "plot":
        return said(PLOT_STATUS["plot"].label)
    for harm in sorted(PLOT_STATUS["harm"].choices, key=len, reverse=True):
        key = harm.replace(" ", "_")
        if name == key:
            return said(harm)
        if name.startswith(f"{key}_") and name.removeprefix(f"{key}_") in PLOT_STATUS.schema:
            return f"{said(harm)}: {said(PLOT_STATUS[name.removeprefix(f'{key}_')].label)}"
    return name


class _Sheets:
    """A table on a sheet, and on further ones where it is full."""

    def __init__(self, book: Any, name: str) -> None:
        self._book = book
        self._name = name[:25]
        self._count = 0
        self._row = SHEET_ROWS
        self._sheet: Any = None

    def add(self, frame: pl.DataFrame, headings: list[str], said: Callable[[str], str]) -> None:
        """Take rows; words that are choices are written in the reader's language."""
        chosen = [dtype == pl.String and name not in _AS_WRITTEN for name, dtype in frame.schema.items()]
        for row in frame.iter_rows() if frame.height else ():
            if self._row >= SHEET_ROWS:
                self._turn(headings)
            for column, (value, choice) in enumerate(zip(row, chosen, strict=True)):
                if isinstance(value, str):
                    self._sheet.write_string(self._row, column, said(value) if choice and value else value)
                elif isinstance(value, int):
                    self._sheet.write_number(self._row, column, value)
                elif value is not None:
                    self._sheet.write_string(self._row, column, str(value))
            self._row += 1
        if self._sheet is None:
            self._turn(headings)

    def _turn(self, headings: list[str]) -> None:
        self._count += 1
        self._sheet = self._book.add_worksheet(self._name if self._count == 1 else f"{self._name} {self._count}")
        for column, heading in enumerate(headings):
            self._sheet.write_string(0, column, heading)
        self._sheet.freeze_panes(1, 1)
        self._row = 1


_AS_WRITTEN: Final = {"plot", "layer", "class"}
_WRITERS: Final = {".parquet": _parquet, ".csv": _csv, ".geojson": _geojson, ".xlsx": _workbook}
