"""Plots in tables: a column of WKT or GeoJSON, columns of longitude and latitude, or one row per corner."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import shapely

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.intake.delimited import read_delimited
from landproof.intake.geometry import Fault, Feature, Remark, decimals_in, decimals_of
from landproof.intake.geometry_json import Number, loads, shape_of
from landproof.intake.mapping import machine_row
from landproof.intake.plot_facts import plot_header
from landproof.intake.sheets import Cell, Sheet
from landproof.intake.words import names_column, plain
from landproof.intake.workbook import read_workbook

_shapely = cast(Any, shapely)

# Columns of coordinates, and what people call them, in plain form.
COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "longitude": frozenset(("longitude", "lon", "long", "lng", "x", "gps longitude", "gps lon", "经度")),
    "latitude": frozenset(("latitude", "lat", "y", "gps latitude", "gps lat", "纬度")),
    "wkt": frozenset(
        ("wkt", "geometry", "geom", "the geom", "polygon", "wkt geometry", "outline", "geojson", "几何", "边界")
    ),
    "vertex": frozenset(
        ("vertex order", "vertexorder", "vertex", "vertex no", "point order", "point no", "corner", "顶点序号")
    ),
}  # fmt: skip
_MOST: Final = 80


def read_table(path: Path, mapping: Mapping[str, str]) -> list[Feature]:
    """The plots of a CSV file or of all sheets of a workbook that have coordinates. Raises `UnreadableInput`."""
    words = {plain(theirs): ours for theirs, ours in mapping.items()}

    def header(rows: Sequence[Sequence[str]]) -> int:
        return header_row(rows, words)

    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
        sheets = read_workbook(path, header, machine_row)
    else:
        sheets = [read_delimited(path, header, machine_row)[0]]
    usable = [
        (sheet, places)
        for sheet in sheets
        if sheet.machine is None and _usable(places := _places(sheet.header, words))
    ]
    if not usable:
        raise UnreadableInput(
            text(
                "%(file)s has no column of coordinates. Name a column wkt, or two columns longitude and latitude, "
                "or map them."
            ),
            file=path.name,
        )
    return [feature for sheet, places in usable for feature in _features(sheet, places, words)]


def has_coordinates(rows: Sequence[Sequence[str]], mapping: Mapping[str, str]) -> bool:
    """Whether the header among the first ``rows`` names a geometry, or longitude and latitude.

    False for a landproof template: its plots have their coordinates in a map file.
    """
    words = {plain(theirs): ours for theirs, ours in mapping.items()}
    if not rows or machine_row(rows) is not None:
        return False
    return _usable(_places(rows[header_row(rows, words)], words))


def header_row(rows: Sequence[Sequence[str]], words: Mapping[str, str]) -> int:
    """Place of the row that names most columns, of coordinates or of any table.

    Counting the columns of tables too keeps data such as "outline" or "x" from being taken for a header.
    """
    named = [len(_places(row, words)) + sum(map(names_column, row)) for row in rows]
    return named.index(max(named)) if named else 0


def _places(header: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, cell in enumerate(header):
        ours = mapping.get(plain(cell))
        for name, known in COLUMNS.items():
            if ours == name or (ours is None and plain(cell) in known):
                places.setdefault(name, at)
    return places


def _usable(places: Mapping[str, int]) -> bool:
    return "wkt" in places or ("longitude" in places and "latitude" in places)


def _features(sheet: Sheet, places: Mapping[str, int], mapping: Mapping[str, str]) -> Iterator[Feature]:
    rows = [_Row(sheet, at, places) for at in range(sheet.cells.height)]
    yield from (
        Feature(each.row, {}, Fault("row", each.value[:_MOST]), sheet=sheet.name)
        for each in sheet.broken
        if each.row is not None
    )
    if "vertex" in places:
        yield from _corners(rows, plot_header(sheet.header, mapping), sheet.name)
    else:
        yield from (row.feature() for row in rows)


class _Row:
    """A row of a table with its coordinates."""

    def __init__(self, sheet: Sheet, at: int, places: Mapping[str, int]) -> None:
        cells = sheet.cells.row(at)
        self.sheet = sheet.name
        self.number = int(sheet.rows[at])
        self.places = places
        self.kinds = sheet.kinds.row(at) if sheet.kinds is not None else None
        self.cells = [str(cell).strip() if cell is not None else "" for cell in cells]
        self.properties = {
            name: cell
            for place, (name, cell) in enumerate(zip(sheet.header, self.cells, strict=True))
            if cell and place not in places.values()
        }

    def feature(self) -> Feature:
        """The plot of a row that holds all of it."""
        written = self.said("wkt")
        try:
            if written:
                shape, decimals, remarks = *_parsed(written), ()
            else:
                x, y, decimals, remarks = self.position()
                shape = shapely.Point(x, y)
        except Fault as fault:
            return Feature(self.number, self.properties, fault, sheet=self.sheet)
        return Feature(self.number, self.properties, shape, decimals, self.sheet, remarks=remarks)

    def said(self, column: str) -> str:
        """The cell of a column of coordinates; empty when there is none."""
        return self.cells[self.places[column]] if column in self.places else ""

    def position(self) -> tuple[float, float, int | None, tuple[Remark, ...]]:
        """Longitude, latitude, and the fewest decimals; these are null where a cell stores a binary number."""
        written = [self.said("longitude"), self.said("latitude")]
        if not any(written):
            raise Fault("missing")
        repaired = [
            each.replace(",", ".") if each.count(",") == 1 and "." not in each else each for each in written
        ]
        try:
            x, y = (float(Decimal(each)) for each in repaired)
        except InvalidOperation:
            raise Fault("not-number", ", ".join(written)[:_MOST], field="longitude, latitude") from None
        remarks = (Remark("decimal-comma", "; ".join(written)),) if repaired != written else ()
        binary = self.kinds is not None and any(
            self.kinds[self.places[column]] == Cell.NUMBER for column in ("longitude", "latitude")
        )
        return x, y, None if binary else min(decimals_of(each) for each in repaired), remarks


def _parsed(written: str) -> tuple[shapely.Geometry, int | None]:
    """WKT, GeoJSON, a list of positions, or WKB in hexadecimal. Raises `Fault`."""
    if written[0] in "[{":
        try:
            content = loads(written)
        except (ValueError, RecursionError):
            raise Fault("not-geometry", written[:_MOST]) from None
        shape, decimals = shape_of(_as_object(content))
        if isinstance(shape, Fault):
            raise shape
        return shape, decimals
    try:
        with np.errstate(invalid="ignore"):  # a position that is no number is refused later, in words
            if all(letter in "0123456789abcdefABCDEF" for letter in written):
                return cast(shapely.Geometry, _shapely.from_wkb(written)), None
            _, _, wkt = written.rpartition(";") if written.upper().startswith("SRID") else ("", "", written)
            return cast(shapely.Geometry, _shapely.from_wkt(wkt)), decimals_in(wkt)
    except shapely.errors.ShapelyError as why:
        if "closed" in str(why):
            raise Fault("ring-open", written[:_MOST]) from None
        raise Fault("not-geometry", written[:_MOST]) from None


def _as_object(content: Any) -> Any:
    """A bare list of coordinates as the geometry that its depth says it is."""
    if not isinstance(content, list):
        return content
    listed = cast(list[Any], content)
    depth, inner = 0, cast(Any, listed)
    while isinstance(inner, list) and inner:
        depth, inner = depth + 1, cast(list[Any], inner)[0]
    if depth == 2:  # positions of one outline
        return {"type": "Polygon", "coordinates": [listed]}
    kind = {1: "Point", 3: "Polygon", 4: "MultiPolygon"}.get(depth)
    return {"type": kind, "coordinates": listed} if isinstance(inner, Number) else listed


def _corners(rows: Sequence[_Row], plot_column: str | None, sheet: str) -> Iterator[Feature]:
    """One plot per plot id, from the rows that hold its corners. A row without a plot id is refused by itself."""
    together: dict[str, list[_Row]] = {}
    for row in rows:
        plot = row.properties.get(plot_column) if plot_column else None
        if plot is None:
            yield Feature(row.number, row.properties, Fault("vertex-without-plot", field="plot"), sheet=sheet)
        else:
            together.setdefault(plot, []).append(row)
    for corners in together.values():
        yield _outline(corners, sheet)


def _outline(rows: Sequence[_Row], sheet: str) -> Feature:
    first = Feature(rows[0].number, rows[0].properties, Fault("missing"), sheet=sheet)
    try:
        ordered = _ordered(rows)
        found = [row.position() for row in ordered]
    except Fault as fault:
        return replace(first, shape=fault)
    remarks = {remark.key: remark for _, _, _, noticed in found for remark in noticed}
    counts = [decimals for _, _, decimals, _ in found]
    positions = [(x, y) for x, y, _, _ in found]
    if positions[0] != positions[-1]:
        positions.append(positions[0])
        remarks["closed"] = Remark("closed")
    if len(positions) < 4:
        return replace(first, shape=Fault("ring-short", str(len(positions))))
    known = [count for count in counts if count is not None]
    return replace(
        first,
        shape=shapely.Polygon(positions),
        decimals=min(known) if len(known) == len(counts) else None,
        remarks=tuple(remarks.values()),
    )


def _ordered(rows: Sequence[_Row]) -> list[_Row]:
    """Rows by the number of their corner; each number once."""
    try:
        numbers = [int(row.said("vertex")) for row in rows]
    except ValueError:
        wrong = next(row.said("vertex") for row in rows if not row.said("vertex").isdecimal())
        raise Fault("vertex-order", wrong or "-", field="vertex") from None
    if len(set(numbers)) != len(numbers):
        raise Fault("vertex-order", ", ".join(map(str, numbers))[:_MOST], field="vertex")
    return [row for _, row in sorted(zip(numbers, rows, strict=True), key=lambda each: each[0])]
