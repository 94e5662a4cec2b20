"""What the properties of a feature say of a plot, by the words that people use for them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

import polars as pl

from landproof.domain.facts.land import PLOTS
from landproof.domain.tables import Kind
from landproof.domain.vocabulary import LIVESTOCK_COMMODITIES, SIX_COMMODITIES
from landproof.intake import mapping as mappings
from landproof.intake.cells import Cells, Parsed
from landproof.intake.geometry import Fault, Feature, Remark
from landproof.intake.parse import parse
from landproof.intake.units import area_factors, header_unit
from landproof.intake.words import choice_words, column_words, plain

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_DBF_NAME: Final = 10
_COMMODITIES: Final = {plain(word): word for word in (*SIX_COMMODITIES, *LIVESTOCK_COMMODITIES)}
# What is said in files of plots beside the words that every intake knows.
_ALSO: Final = {
    "remote id": "plot",
    "plot name": "plot",
    "farm size": "area_ha",
    "ha": "area_ha",
    "hectare": "area_ha",
}
_PLACE: Final = "productionplace"  # EUDR GeoJSON File Description: a free name, an id only where it is unique
_SQUARE_METRES: Final = 10_000
_MILLIONTH: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Reading:
    """Which property holds which column of `PLOTS`; ``place``: the property ProductionPlace, if any."""

    columns: Mapping[str, str]
    place: str | None = None


def reading_of(names: Sequence[str], mapping: Mapping[str, str]) -> Reading:
    """Find the columns among property names. ``mapping``: their name to ours ("" leaves one out).

    Raises `UsageError` for a column that plots do not have.
    """
    forms = [_form(name) for name in names]
    place = next((name for name in names if _compact(name) in (_PLACE, _PLACE[:_DBF_NAME])), None)
    hidden = ["" if name == place and plain(name) not in map(plain, mapping) else form
              for name, form in zip(names, forms, strict=True)]  # fmt: skip
    found = mappings.given(hidden, "plots", {_form(theirs): ours for theirs, ours in mapping.items()})
    columns = {column: names[at] for column, at in found.columns.items()}
    for name, form in zip(names, forms, strict=True):
        also = _ALSO.get(plain(form))
        if also is not None and also not in columns:
            columns[also] = name
    return Reading(columns, place)


def plot_header(header: Sequence[str], mapping: Mapping[str, str]) -> str | None:
    """The header of the column that names the plot."""
    ours = {theirs: mine for theirs, mine in mapping.items() if mine == "plot"}
    return reading_of(header, ours).columns.get("plot")


def _form(name: str) -> str:
    """A property name in words; a name of ten letters, as shapefiles cut them, as the words it was cut from."""
    if len(name) == _DBF_NAME and plain(name) not in column_words("plots"):
        whole = {
            column: word for word, column in column_words("plots").items()
            if len(_compact(word)) > _DBF_NAME and _compact(word).startswith(_compact(name))
        }  # fmt: skip
        if len(whole) == 1:
            return next(iter(whole.values()))
    return _HUMP.sub(" ", name)


def _compact(name: str) -> str:
    return plain(name).replace(" ", "")


def as_in_tables(features: Sequence[Feature], reading: Reading) -> dict[str, Parsed]:
    """The identifiers and countries of all ``features``, by column, read by the rules of any other table.

    A plot of a map must be found under the identifier that a list or a delivery gives it.
    """
    found: dict[str, Parsed] = {}
    for name, header in reading.columns.items():
        column = PLOTS[name]
        if column.kind in (Kind.ID, Kind.COUNTRY):
            written = pl.Series([feature.properties.get(header) for feature in features], dtype=pl.String)
            # A plot without an identifier gets one.
            found[name] = parse(Cells(replace(column, required=False), PLOTS.name, header, written))
    return found


def facts_of(
    feature: Feature, reading: Reading, parsed: Mapping[str, tuple[str | None, str | None]]
) -> tuple[dict[str, Any], list[Remark]]:
    """The columns of `PLOTS` that the properties fill, and what was noticed. Raises `Fault`.

    ``parsed``: value and failure of each column of `as_in_tables`. What stands in a column of choices and is no
    choice is left empty with a remark: empty is never better than known. Hectares are kept to the sixth decimal (a
    square centimetre).
    """
    said = {column: feature.properties[name] for column, name in reading.columns.items()
            if feature.properties.get(name, "").strip()}  # fmt: skip
    row: dict[str, Any] = {}
    remarks: list[Remark] = []
    for column, written in said.items():
        header = reading.columns[column]
        match PLOTS[column].kind:
            case Kind.AREA:
                row[column] = _hectares(written, header)
                if header in feature.texts:
                    remarks.append(Remark("area-as-text", written))
            case Kind.CHOICE:
                row[column] = choice_words("plots", column).get(plain(written))
                if row[column] is None:
                    remarks.append(Remark("choice", written, {"column": column}))
            case Kind.ID | Kind.COUNTRY as kind:
                value, failure = parsed[column]
                if failure is not None:
                    raise Fault(failure, written, {"header": header}, field=header)
                if value is not None:
                    row[column] = _COMMODITIES.get(plain(value), value) if column == "commodity" else value
                if kind is Kind.ID and value != written.strip():
                    remarks.append(Remark("read-as", written, {"there": value or "-"}))
            case _:
                pass
    return row, remarks


def _hectares(written: str, header: str) -> Decimal:
    number = written.strip()
    if number.count(",") == 1 and "." not in number:
        number = number.replace(",", ".")
    try:
        area = Decimal(number)
    except InvalidOperation:
        raise Fault("area", written[:40], field=header) from None
    unit = header_unit(header, Kind.AREA)
    if not area.is_finite() or area <= 0 or area > 10**12:
        raise Fault("area", written[:40], field=header)
    metres = Fraction(area) * (area_factors()[unit] if unit is not None else _SQUARE_METRES)
    hectares = metres / _SQUARE_METRES
    rounded = (Decimal(hectares.numerator) / Decimal(hectares.denominator)).quantize(_MILLIONTH)
    if rounded <= 0:
        raise Fault("area", written[:40], field=header)
    return rounded
