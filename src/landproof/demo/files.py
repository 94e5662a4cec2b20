"""Writes the book as the files that a company would hand in: workbooks, CSV, GeoJSON and documents."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from landproof.demo.book import INVENTED, INVENTED_ZH, Book, Row
from landproof.demo.farms import Plot
from landproof.domain.facts import FACTS
from landproof.domain.tables import Column, Kind
from landproof.reference.catalogue import translate

_MADE_ON = datetime(2026, 6, 30)  # noqa: DTZ001  (a workbook has no time zone)
_UNITS = {Kind.MASS: "g", Kind.AREA: "ha", Kind.SQUARE_METRES: "m2"}


@dataclass(frozen=True, slots=True)
class Handed:
    """A file with the table of each of its sheets. ``headers``: Chinese ones instead of English labels."""

    name: str
    tables: Sequence[str]
    headers: Mapping[str, str] | None = None

    @property
    def sheets(self) -> list[dict[str, str | None]]:
        """Sheet and table; the one sheet of a file that is no workbook has no name."""
        named = self.name.endswith(".xlsx")
        return [{"sheet": FACTS[table].title[:31] if named else None, "table": table} for table in self.tables]


_CHINESE_SUPPLIERS = {
    "supplier": "供应商编号", "name": "供应商名称", "country": "国家", "tier": "层级", "smallholders": "小农户",
    "eudr_compliant": "EUDR合规",
}  # fmt: skip
# The headers of the template, as the catalogue has them.
_CHINESE_ALERTS = {column.name: translate(column.label, "zh_Hans") for column in FACTS["alerts"]}
_COUNTRIES = {
    "BR": "巴西", "CI": "科特迪瓦", "GH": "加纳", "ID": "印度尼西亚", "VN": "越南", "FR": "法国", "KE": "肯尼亚",
    "US": "美国",
}  # fmt: skip

FILES = (
    Handed("01-company.xlsx", ("application", "entities", "business_units", "standard_versions", "revenue",
                               "commitments", "figures")),
    Handed("02-suppliers-gb18030.csv", ("suppliers",), _CHINESE_SUPPLIERS),
    Handed("03-products.xlsx", ("products", "recipes", "feed", "below_threshold")),
    Handed("04-purchases.csv", ("purchases",)),
    Handed("05-exchange-rates.csv", ("rates",)),
    Handed("06-chain.xlsx", ("lots", "deliveries", "facilities", "movements")),
    Handed("07-plots.geojson", ("plots",)),
    Handed("08-land-events.csv", ("land_events",)),
    Handed("09-evidence.xlsx", ("evidence", "risk_classes", "programmes", "schemes", "certificates", "claims",
                                "eudr_statements", "monitoring_layers")),
    Handed("10-assessments.csv", ("assessments",)),
    Handed("11-monitoring.csv", ("monitoring",)),
    Handed("12-alerts-gb18030.csv", ("alerts",), _CHINESE_ALERTS),
)  # fmt: skip
FAULTY = "with-errors/purchases-with-errors.xlsx"


def write_files(folder: Path, book: Book, plots: Sequence[Plot]) -> None:
    """All files of `FILES`, the documents, and the faulty workbook."""
    for file in FILES:
        path = folder / file.name
        if path.suffix == ".xlsx":
            _workbook(path, [(table, book.rows(table)) for table in file.tables])
        elif path.suffix == ".geojson":
            path.write_text(_geojson(plots), encoding="utf-8", newline="\n")
        else:
            _csv(path, file.tables[0], book.rows(file.tables[0]), file.headers)
    for name, pages in book.documents.items():
        path = folder / "documents" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(_document(name, pages), encoding="utf-8", newline="\n")
    (folder / FAULTY).parent.mkdir(exist_ok=True)
    _faulty(folder / FAULTY, book.rows("purchases"))


def _columns(table: str, rows: Sequence[Row]) -> list[Column]:
    """Columns that some row fills, in the order of the contract."""
    used = {name for row in rows for name, cell in row.items() if cell is not None}
    return [column for column in FACTS[table] if column.name in used]


def _header(column: Column, unit: str | None = None) -> str:
    unit = unit or _UNITS.get(column.kind)
    named = column.label.endswith("square metres")
    return f"{column.label} ({unit})" if unit and not named else column.label


def _plain(cell: object) -> Any:
    """A cell as a person would type it."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, list):
        return "; ".join(cast(list[str], cell))
    return cell


def _new_workbook(path: Path, options: Mapping[str, bool]) -> Any:
    return cast(Any, xlsxwriter).Workbook(path, options)  # the package says little of its types


def _workbook(path: Path, sheets: Sequence[tuple[str, Sequence[Row]]]) -> None:
    with _new_workbook(path, {"constant_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties(
            {"title": "Green Ear Foods", "comments": f"{INVENTED} {INVENTED_ZH}", "created": _MADE_ON}
        )
        day, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
        for table, rows in sheets:
            sheet = book.add_worksheet(FACTS[table].title[:31])
            columns = _columns(table, rows)
            for place, column in enumerate(columns):
                sheet.write_string(0, place, _header(column), bold)
            for line, row in enumerate(rows, start=1):
                for place, column in enumerate(columns):
                    cell = _plain(row.get(column.name))
                    if isinstance(cell, date):
                        sheet.write_datetime(line, place, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
                    elif isinstance(cell, (int, Decimal)):
                        sheet.write_number(line, place, cell)
                    elif cell is not None:
                        sheet.write_string(line, place, str(cell))


def _csv(path: Path, table: str, rows: Sequence[Row], headers: Mapping[str, str] | None) -> None:
    columns = _columns(table, rows)
    kilos = {column.name for column in columns if column.kind is Kind.MASS}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    chinese = headers or {}
    writer.writerow([chinese.get(c.name) or _header(c, "kg" if c.name in kilos else None) for c in columns])
    for row in rows:
        cells = {name: _plain(cell) for name, cell in row.items()}
        for name in kilos:
            cells[name] = f"{Decimal(row[name]) / 1000:.3f}"
        if headers:
            cells = {name: _in_chinese(name, cell) for name, cell in cells.items()}
        writer.writerow(["" if cells.get(c.name) is None else cells[c.name] for c in columns])
    path.write_bytes(text.getvalue().encode("gb18030" if headers else "utf-8"))


def _in_chinese(name: str, cell: object) -> object:
    if name == "country":
        return _COUNTRIES[str(cell)]
    return {"yes": "是", "no": "否"}.get(str(cell), cell)


def _geojson(plots: Sequence[Plot]) -> str:
    """One feature a line. Coordinates are written as text, so that all decimals stand in the file."""
    columns = [c for c in _columns("plots", [plot.row for plot in plots]) if c.name != "geometry"]
    lines: list[str] = []
    for plot in plots:
        filled = [column for column in columns if plot.row.get(column.name) is not None]
        # EU systems read an area that is written as text as 0.
        cells = {
            _header(c): float(plot.row[c.name]) if c.kind is Kind.AREA else _plain(plot.row[c.name])
            for c in filled
        }
        properties = json.dumps(cells, ensure_ascii=False)
        lines.append(f'{{"type": "Feature", "properties": {properties}, "geometry": {_geometry(plot)}}}')
    head = (
        f'{{"type": "FeatureCollection", "name": "plots", "comment": "{INVENTED} {INVENTED_ZH}", "features": [\n'
    )
    return head + ",\n".join(lines) + "\n]}\n"


def _geometry(plot: Plot) -> str:
    def pair(corner: tuple[float, float]) -> str:
        return "[" + ", ".join(f"{degrees:.{plot.decimals}f}" for degrees in corner) + "]"

    if not plot.ring:
        return f'{{"type": "Point", "coordinates": {pair(plot.slot.centre)}}}'
    return f'{{"type": "Polygon", "coordinates": [[{", ".join(map(pair, plot.ring))}]]}}'


def _document(name: str, pages: Sequence[str]) -> str:
    """Pages divided by form feeds; every page says that it is invented."""
    return "\f".join(
        f"{INVENTED}\n{INVENTED_ZH}\n\n{name}, page {number} of {len(pages)}\n\n{page}\n"
        for number, page in enumerate(pages, start=1)
    )


def _faulty(path: Path, purchases: Sequence[Row]) -> None:
    """Good rows and bad ones: an unknown unit, a date in words, the same id twice, an amount in words."""
    good = [dict(row) for row in purchases[:12]]
    headers = [_header(FACTS["purchases"][name], "kg" if name == "quantity_g" else None) for name in good[0]]
    for row in good:
        row["quantity_g"] = f"{Decimal(row['quantity_g']) / 1000:.3f}"
        row["received_on"] = row["received_on"].isoformat()
    good[2]["quantity_g"] = "14 bushels"
    good[4]["received_on"] = "end of harvest"
    good[6]["line"] = good[5]["line"]
    good[8]["net_spend"] = "about two thousand"
    with _new_workbook(path, {}) as book:
        book.set_properties({"comments": f"{INVENTED} {INVENTED_ZH}", "created": _MADE_ON})
        sheet = book.add_worksheet("Purchases")
        for place, header in enumerate(headers):
            sheet.write_string(0, place, header)
        for line, row in enumerate(good, start=1):
            for place, cell in enumerate(row.values()):
                sheet.write_string(line, place, "" if cell is None else str(_plain(cell)))
