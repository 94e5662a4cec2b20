"""Sheets with a column per year, such as LandGriffon's procurement sheet: one purchase per row and year.

A yearly quantity is dated to the last day of its year, since no other day is known; no spend is made up.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from landproof.domain.tables import Kind
from landproof.intake.cells import tidy
from landproof.intake.mapping import ColumnMap
from landproof.intake.sheets import ROW, Broken, Cell, Sheet
from landproof.intake.units import unit_of
from landproof.intake.words import plain

MADE: Final = ("line", "received_on", "quantity_g")  # columns that are made here
_YEAR: Final = re.compile(r"^(?:(?P<before>\D+?) )?(?P<year>(?:19|20)\d{2})(?: ?年)?(?: (?P<after>\D+))?$")
_PLACE_KIND: Final = "location type"
_GROWN_THERE: Final = frozenset(("point of production", "country of production"))
_COLLECTED_THERE: Final = "production aggregation point"


@dataclass(frozen=True, slots=True)
class Year:
    """A column of yearly quantities: its place, its year and its unit in plain form."""

    at: int
    year: int
    unit: str


@dataclass(frozen=True, slots=True)
class Told:
    """A note on rows."""

    key: str
    rows: pl.Series
    values: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Unpivoted:
    """The sheet with one row per line and year."""

    sheet: Sheet
    columns: ColumnMap
    notes: tuple[Told, ...]


def year_columns(header: Sequence[str]) -> list[Year]:
    """Columns named like "2019_tons" or "2019年（吨）"; none unless at least two years name a unit of mass."""
    found: list[Year] = []
    for at, cell in enumerate(header):
        match = _YEAR.match(plain(cell))
        if match is None:
            continue
        unit = next(
            (word for word in (match["after"], match["before"]) if word and unit_of(word, Kind.MASS)), None
        )
        if unit is not None:
            found.append(Year(at, int(match["year"]), plain(unit)))
    years = [each.year for each in found]
    return found if len(found) > 1 and len(set(years)) == len(years) else []


def unpivot(sheet: Sheet, columns: ColumnMap, years: Sequence[Year], digest: str) -> Unpivoted:
    """One row per filled year; rows without any become rejects.

    The line gets the identifier that the sheet gives with its year, or one made of file, row and year.
    """
    width = len(sheet.header)
    names = [str(at) for at in range(width)]
    taken = {each.at for each in years}
    base = sheet.cells.with_columns(sheet.rows.alias(ROW)).with_row_index("at")
    kinds = None if sheet.kinds is None else sheet.kinds.with_row_index("at")
    parts: list[pl.DataFrame] = []
    codes: list[pl.DataFrame] = []
    for each in sorted(years, key=lambda column: column.year):
        filled = tidy(sheet.cells[str(each.at)]).is_not_null()
        if sheet.kinds is not None:
            filled = filled | (sheet.kinds[str(each.at)] >= Cell.ERROR)
        stem = _stem(columns, sheet, digest)
        parts.append(
            base.filter(filled).with_columns(
                stem.filter(filled).alias("stem"), year=pl.lit(each.year), amount=pl.col(str(each.at)),
                unit=pl.lit(each.unit),
            )
        )  # fmt: skip
        if kinds is not None:
            codes.append(kinds.filter(filled).with_columns(year=pl.lit(each.year), amount=pl.col(str(each.at))))
    long = pl.concat(parts).sort("at", "year")
    empty = base.filter(~pl.col("at").is_in(long["at"].implode()))
    extra = {
        str(width): pl.col("stem") + pl.lit("-") + pl.col("year").cast(pl.String),
        str(width + 1): pl.col("year").cast(pl.String) + pl.lit("-12-31"),
        str(width + 2): pl.col("amount"),
        str(width + 3): pl.col("unit"),
    }
    cells = long.select(*names, **extra)
    stored = None if kinds is None else _stored(pl.concat(codes).sort("at", "year"), names, width)
    year_header = ", ".join(sheet.header[each.at] for each in years)
    found = Sheet(
        sheet.name, (*sheet.header, "line", "year", year_header, "unit"), cells, long[ROW], stored,
        sheet.header_row, None, (*sheet.broken, *(Broken(row, "year-empty") for row in empty[ROW].to_list())),
        sheet.epoch_1904, sheet.hidden, width,
    )  # fmt: skip
    placed = {name: at for name, at in columns.columns.items() if at not in taken}
    placed |= {"line": width, "received_on": width + 1, "quantity_g": width + 2}
    mapped = replace(
        columns,
        columns=placed,
        unit_columns={"quantity_g": width + 3},
        how=columns.how | dict.fromkeys(MADE, "guessed"),
        unmapped=tuple(cell for cell in columns.unmapped if cell not in {sheet.header[at] for at in taken}),
        clashes=tuple(clash for clash in columns.clashes if clash[0] != "quantity_g"),
    )
    found, mapped, told = _origins(found, mapped)
    return Unpivoted(found, mapped, (Told("years", long[ROW]), *told))


def _stem(columns: ColumnMap, sheet: Sheet, digest: str) -> pl.Series:
    made = (
        pl.DataFrame({"row": sheet.rows}).select(pl.lit(f"{digest}-") + pl.col("row").cast(pl.String)).to_series()
    )
    if "line" not in columns.columns:
        return made
    own = tidy(sheet.cells[str(columns.columns["line"])])
    return own.zip_with(own.is_not_null(), made)


def _stored(codes: pl.DataFrame, names: Sequence[str], width: int) -> pl.DataFrame:
    text = pl.lit(int(Cell.TEXT), dtype=pl.UInt8)
    return codes.select(
        *names, **{str(width): text, str(width + 1): text, str(width + 2): pl.col("amount"), str(width + 3): text}
    )


def _origins(sheet: Sheet, columns: ColumnMap) -> tuple[Sheet, ColumnMap, list[Told]]:
    """LandGriffon says beside each country what kind of place it is; only some are where goods were grown."""
    kind_at = next((at for at, cell in enumerate(sheet.header) if plain(cell) == _PLACE_KIND), None)
    place_at = columns.columns.get("country")
    if place_at is None:
        place_at = next(
            (at for at, cell in enumerate(sheet.header) if plain(cell) == "location country input"), None
        )
    if kind_at is None or place_at is None:
        return sheet, columns, []
    said = sheet.cells[str(kind_at)].str.strip_chars().str.to_lowercase()
    grown = said.is_in(sorted(_GROWN_THERE)).fill_null(value=False)
    collected = (said == _COLLECTED_THERE).fill_null(value=False)
    place = sheet.cells[str(place_at)]
    width = len(sheet.header)
    header = sheet.header[place_at]
    cells = sheet.cells.with_columns(
        place.set(~grown, None).alias(str(width)), place.set(~collected, None).alias(str(width + 1))
    )
    kinds = sheet.kinds
    if kinds is not None:
        kinds = kinds.with_columns(
            kinds[str(place_at)].alias(str(width)), kinds[str(place_at)].alias(str(width + 1))
        )
    told = [
        Told("origin-unknown", sheet.rows.filter(~grown & ~collected), {"header": header}),
        Told("origin-processed", sheet.rows.filter(collected), {"header": header}),
    ]
    placed = columns.columns | {"country": width, "processed_in": width + 1}
    return (
        replace(sheet, header=(*sheet.header, header, header), cells=cells, kinds=kinds),
        replace(
            columns, columns=placed, how=columns.how | {"country": "guessed", "processed_in": "guessed"},
            unmapped=tuple(cell for cell in columns.unmapped if cell not in {header, sheet.header[kind_at]}),
        ),
        [each for each in told if len(each.rows)],
    )  # fmt: skip
