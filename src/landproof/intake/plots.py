"""Import of plots from geometry files: every feature ends as a plot or as a reject."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Final, cast

import polars as pl
import shapely

from landproof.domain.errors import UnreadableInput
from landproof.domain.facts.land import PLOTS
from landproof.domain.messages import Message, text
from landproof.domain.rejects import REJECTS
from landproof.domain.tables import conform
from landproof.intake.geometry import FAULTS, NOTES, Fault, Feature, Remark, checked, place
from landproof.intake.geometry_json import read_geojson
from landproof.intake.geometry_kml import read_kml
from landproof.intake.geometry_table import COLUMNS, read_table
from landproof.intake.geometry_vector import read_geopackage, read_geoparquet, read_zipped_shapefile
from landproof.intake.mapping import MEASURED
from landproof.intake.places import may_lie_in, swapped
from landproof.intake.plot_facts import Reading, as_in_tables, facts_of, reading_of
from landproof.intake.reasons import REASONS
from landproof.intake.refuse import LONGEST_VALUE, shortened
from landproof.intake.words import column_words, plain, visible
from landproof.land.ellipsoid import extent

_READERS: Final[Mapping[str, Callable[[Path], list[Feature]]]] = {
    ".geojson": read_geojson,
    ".json": read_geojson,
    ".kml": read_kml,
    ".kmz": read_kml,
    ".gpkg": read_geopackage,
    ".zip": read_zipped_shapefile,
    ".parquet": read_geoparquet,
    ".geoparquet": read_geoparquet,
}
_TABLES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls")
ENDINGS: Final = (*_READERS, *_TABLES)
# Where a plot is, only its map says; the rest of these tells rows apart.
_NOT_COMPARED: Final = frozenset(
    ("plot", "shape", "decimals", "decimals_known", "geometry", "source", "source_row")
)
_POINTS: Final = (shapely.Point, shapely.MultiPoint)


@dataclass(frozen=True, slots=True)
class PlotNote:
    """Something unusual about a plot that was kept, or kept as something else."""

    row: int
    plot: str
    message: Message


@dataclass(frozen=True, slots=True)
class ImportedPlots:
    """``rows_in`` features ended as ``plots`` (contract `PLOTS`) or in ``rejects`` (`REJECTS`), one row each.

    In a table with one row per corner, a feature is a plot with all its corners.
    """

    plots: pl.DataFrame
    rejects: pl.DataFrame
    rows_in: int
    notes: tuple[PlotNote, ...]
    source: str  # digest of the file
    sheets: frozenset[str]  # of a workbook: those that hold plots
    unread: tuple[str, ...]  # properties or columns of theirs that fill none of ours


def import_plots(
    path: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    existing_ids: frozenset[str] = frozenset(),
    listed: pl.DataFrame | None = None,
    names: Mapping[str, str] | None = None,
) -> ImportedPlots:
    """The plots of a GeoJSON, KML, KMZ, GeoPackage, zipped Shapefile, GeoParquet, CSV or workbook file.

    ``mapping``: their property or column to ours, which may also be ``longitude``, ``latitude``, ``wkt`` or
    ``vertex``; "" leaves one out. ``existing_ids``: plots whose place is on file, so that their ids are taken.
    ``listed``: rows of `PLOTS` without a geometry, which a feature completes unless it contradicts them; ``names``
    their files by digest. Raises `UnreadableInput` for a file that cannot be read at all, and `UsageError` for an
    unknown column.
    """
    given = dict(mapping or {})
    features = _read(path, given)
    return plots_of(features, path, _digest(path), given, existing_ids=existing_ids, listed=listed, names=names)


def plots_of(
    features: Sequence[Feature],
    path: Path,
    source: str,
    given: Mapping[str, str],
    *,
    existing_ids: frozenset[str] = frozenset(),
    listed: pl.DataFrame | None = None,
    names: Mapping[str, str] | None = None,
    places: bool | None = None,
    headings: Sequence[str] | None = None,
) -> ImportedPlots:
    """``features`` of ``path``, whose digest is ``source``, as plots and rejects; ``given`` is a mapping as above.

    ``places``: whether ProductionPlace names each plot of the file; ``headings``: all properties that there are.
    Both null where ``features`` are all of them.
    """
    if headings is None:
        headings = list(dict.fromkeys(name for feature in features for name in feature.properties))
    reading = reading_of(headings, {theirs: ours for theirs, ours in given.items() if ours not in COLUMNS})
    places = _unique_places(features, reading) if places is None else places
    taking = _Taking(path, source, reading, places, set(existing_ids), listed, names or {})
    parsed = {name: zip(found.values, found.failure, strict=True)
              for name, found in as_in_tables(features, reading).items()}  # fmt: skip
    for feature in features:
        taking.take(feature, {name: next(column) for name, column in parsed.items()})
    used = {*reading.columns.values(), reading.place, *_measured(headings)}
    return ImportedPlots(
        conform(pl.DataFrame(taking.plots, schema=_schema(taking.plots)), PLOTS).sort("plot"),
        pl.DataFrame(taking.rejects, schema=REJECTS.schema).sort(REJECTS.key, nulls_last=False),
        len(features),
        tuple(taking.notes),
        taking.source,
        frozenset(feature.sheet for feature in features),
        tuple(name for name in headings if name not in used),
    )


class _Taking:
    """Takes feature after feature, each as a plot or as a reject."""

    def __init__(
        self, path: Path, source: str, reading: Reading, places: bool, taken: set[str],
        listed: pl.DataFrame | None, names: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.source = source
        self.plots: list[dict[str, Any]] = []
        self.rejects: list[dict[str, Any]] = []
        self.notes: list[PlotNote] = []
        self._path = path
        self._reading = reading
        self._places = places
        self._taken = taken
        self._lists = {} if listed is None else {row["plot"]: row for row in listed.iter_rows(named=True)}
        self._names = names

    def take(self, feature: Feature, parsed: Mapping[str, tuple[str | None, str | None]]) -> None:
        """``parsed``: value and failure of the feature's identifiers and countries, by column."""
        try:
            row, remarks = _plot(feature, self._reading, self._path.stem, self._places, parsed)
            if row["plot"] in self._taken:
                raise Fault("same-id", row["plot"], field=self._reading.columns.get("plot", "plot"))
            listed = self._lists.get(row["plot"], {})
            _check_list(row, listed, self._names)
            _check_country(row, listed, self._reading)
        except Fault as fault:
            self.rejects.append(_reject(fault, feature, self.source, self._path.name))
            return
        self._taken.add(row["plot"])
        self.plots.append(row | {"source": self.source, "source_row": feature.row})
        self.notes.extend(_note(feature, row["plot"], remark) for remark in remarks)


def _measured(headings: Sequence[str]) -> list[str]:
    """Properties that state what is counted on the geometry itself."""
    words = column_words("plots")
    return [name for name in headings if words.get(plain(name)) in MEASURED["plots"]]


def _read(path: Path, mapping: Mapping[str, str]) -> list[Feature]:
    ending = path.suffix.lower()
    if ending in _TABLES:
        return read_table(path, mapping)
    if ending not in _READERS:
        raise UnreadableInput(
            text("%(file)s is not a kind of file that plots are read from. Kinds are: %(endings)s."),
            file=path.name, endings=", ".join(ENDINGS),
        )  # fmt: skip
    return _READERS[ending](path)


def _plot(
    feature: Feature,
    reading: Reading,
    stem: str,
    places: bool,
    parsed: Mapping[str, tuple[str | None, str | None]],
) -> tuple[dict[str, Any], list[Remark]]:
    """The row of a feature and what was noticed about it. Raises `Fault`."""
    if isinstance(feature.shape, Fault):
        raise feature.shape
    shape, remarks = checked(feature.shape)
    row, noticed = facts_of(feature, reading, parsed)
    remarks = [*feature.remarks, *remarks, *noticed]
    if "plot" not in row:
        row["plot"], how = _own_id(feature, reading, stem, places)
        if how:
            remarks.append(Remark(how, row["plot"]))
        if visible(row["plot"]) != row["plot"]:
            raise Fault("unseen", row["plot"], {"header": "plot"}, field="plot")
    row["shape"] = "point" if isinstance(shape, _POINTS) else "outline"
    row["decimals"], row["decimals_known"] = feature.decimals, feature.decimals is not None
    row["geometry"] = shapely.to_wkb(shape, byte_order=1)
    return row, remarks


def _check_list(row: Mapping[str, Any], listed: Mapping[str, Any], names: Mapping[str, str]) -> None:
    """Raises `Fault` when a feature says something else of its plot than the list that it completes."""
    for column, there in listed.items():
        here = row.get(column)
        if column in _NOT_COMPARED or here is None or there is None or here == there:
            continue
        file = str(listed["source"])
        values = {"column": column, "there": str(there), "first": str(listed["source_row"])}
        raise Fault("contradicts", str(here), {**values, "file": names.get(file, file)}, field=column)


def _check_country(row: Mapping[str, Any], listed: Mapping[str, Any], reading: Reading) -> None:
    """Raises `Fault` when the plot is clearly not in the country that the file or the list states."""
    country = row.get("country") or listed.get("country")
    shape = cast(shapely.Geometry, cast(Any, shapely).from_wkb(row["geometry"]))
    if country is None or may_lie_in(country, shape):
        return
    key = "swapped" if swapped(country, shape) else "elsewhere"
    west, south, _, _ = extent(shape)
    raise Fault(key, country, {"place": place(west, south)}, field=reading.columns.get("country", "country"))


def _own_id(feature: Feature, reading: Reading, stem: str, places: bool) -> tuple[str, str | None]:
    """An id for a feature without one, and the note that says so.

    A feature's own id is used unless it is a bare number, which programs count up in every file.
    """
    if feature.id is not None and feature.id.strip() and not feature.id.strip().isdecimal():
        return feature.id.strip(), None
    if places and reading.place is not None:
        return feature.properties[reading.place].strip(), "place-as-id"
    return f"{stem}#{feature.row}", "own-id"


def _unique_places(features: Sequence[Feature], reading: Reading) -> bool:
    if reading.place is None:
        return False
    said = [feature.properties.get(reading.place, "").strip() for feature in features]
    return all(said) and len(set(said)) == len(said)


def same_id(plot: str, row: int, source: str, name: str) -> dict[str, Any]:
    """The reject of a plot whose id another row of file ``name`` has taken."""
    return _reject(Fault("same-id", plot, field="plot"), Feature(row, {}, Fault("missing")), source, name)


def _reject(fault: Fault, feature: Feature, source: str, name: str) -> dict[str, Any]:
    reason, remedy = FAULTS[fault.key] if fault.key in FAULTS else astuple(REASONS[fault.key])
    values = {"row": str(feature.row), "value": shortened(fault.value), **fault.values}
    return {
        "source": source,
        "source_name": name,
        "sheet": visible(feature.sheet),
        "source_row": feature.row,
        "table": "plots",
        "field": visible(fault.field),
        "value": visible(fault.value[:LONGEST_VALUE]),
        "reason": reason,
        "remedy": remedy,
        "values": json.dumps(
            {name: visible(each) for name, each in values.items()}, ensure_ascii=False, sort_keys=True
        ),
    }


def _note(feature: Feature, plot: str, remark: Remark) -> PlotNote:
    said = {"row": str(feature.row), "value": shortened(remark.value), **remark.values}
    values = {name: visible(each) for name, each in said.items()}
    sentence = NOTES[remark.key]
    return PlotNote(
        feature.row, plot, Message(sentence, {k: v for k, v in values.items() if f"%({k})s" in sentence})
    )


def _schema(rows: Sequence[Mapping[str, Any]]) -> pl.Schema:
    present = {name for row in rows for name in row}
    return pl.Schema({name: kind for name, kind in PLOTS.schema.items() if name in present or not rows})


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
