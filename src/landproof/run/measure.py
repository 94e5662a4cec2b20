"""Measures plots on the layers of a catalogue and gives each a first verdict per harm."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import polars as pl
import shapely

from landproof.domain.derived import PLOT_STATUS
from landproof.domain.digest import sorted_rows
from landproof.domain.tables import Table, conform
from landproof.land.ellipsoid import extent, footprint
from landproof.land.tables import AREAS, LAYERS
from landproof.land.verdict import Status, decide, unusable
from landproof.layers.catalogue import Catalogue
from landproof.layers.overlay import ClassArea, Overlayer
from landproof.layers.tiles import sha256_of

Progress = Callable[[int, int], None]
_OUTLINES = (shapely.Polygon, shapely.MultiPolygon)
_NEARBY = 0.1  # degrees: plots of one such square are measured together, so that a window is read once


@dataclass(frozen=True, slots=True)
class Measured:
    """``areas`` and ``layers`` as in `landproof.land.tables`, ``plot_status`` as in `PLOT_STATUS`."""

    areas: pl.DataFrame
    plot_status: pl.DataFrame
    layers: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Plot:
    plot: str
    land: shapely.Geometry | None  # null: it cannot be measured


def measure(
    plots: pl.DataFrame, catalogue: Catalogue, *, cut_off: date, progress: Progress | None = None
) -> Measured:
    """Areas and verdicts of ``plots`` (contract `PLOTS`); every plot gets a verdict on every harm.

    ``cut_off`` is the last day on which a change is no conversion. ``progress`` is told how many plots of how
    many are done. The order of plots and of tiles does not matter. Raises `LayerError`.
    """
    found = [_read(row) for row in plots.select("plot", "geometry", "area_ha").iter_rows(named=True)]
    facts = [layer.facts for layer in catalogue.layers]
    areas: list[tuple[Any, ...]] = []
    verdicts: list[tuple[Any, ...]] = []
    overlayer = Overlayer(catalogue)
    try:
        for done, (plot, land) in enumerate(_neighbours(found), start=1):
            if land is None:
                verdicts.extend(_verdict_row(plot, status) for status in unusable())
            else:
                overlay = overlayer.measure(land)
                areas.extend(_area_row(plot, area) for area in overlay.areas)
                verdicts.extend(
                    _verdict_row(plot, status) for status in decide(overlay.patches, facts, cut_off=cut_off)
                )
            if progress is not None:
                progress(done, len(found))
    finally:
        overlayer.close()
    return Measured(_frame(areas, AREAS), _frame(verdicts, PLOT_STATUS), _layers(catalogue))


def _read(row: Mapping[str, Any]) -> _Plot:
    """The land of a plot; none for a missing, broken or empty geometry, which intake refuses anyway."""
    try:
        geometry = cast(shapely.Geometry | None, cast(Any, shapely).from_wkb(row["geometry"]))
    except shapely.errors.ShapelyError:
        geometry = None
    if geometry is None or not _usable(geometry):
        return _Plot(row["plot"], None)
    land = footprint(geometry, row["area_ha"])
    return _Plot(row["plot"], land if isinstance(land, _OUTLINES) else None)


def _usable(geometry: shapely.Geometry) -> bool:
    if bool(shapely.is_empty(geometry)) or not bool(shapely.is_valid(geometry)):
        return False
    west, south, east, north = extent(geometry)
    return west >= -180 and east <= 180 and south >= -90 and north <= 90


def _neighbours(plots: Sequence[_Plot]) -> Iterator[tuple[str, shapely.Geometry | None]]:
    """The plots, those near each other together."""

    def place(plot: _Plot) -> tuple[float, float, str]:
        if plot.land is None:
            return (0.0, 0.0, plot.plot)
        west, south, _, _ = extent(plot.land)
        return (south // _NEARBY, west // _NEARBY, plot.plot)

    for plot in sorted(plots, key=place):
        yield plot.plot, plot.land


def _area_row(plot: str, area: ClassArea) -> tuple[Any, ...]:
    return (plot, area.layer, area.value, area.state.meaning.value, area.year, area.area_m2)


def _verdict_row(plot: str, status: Status) -> tuple[Any, ...]:
    return (
        plot, status.harm, status.verdict, list(status.reasons), status.area_m2, status.earliest, status.latest,
        status.use_after,
    )  # fmt: skip


def _layers(catalogue: Catalogue) -> pl.DataFrame:
    rows = [
        (
            layer.id, layer.role.value, layer.family, layer.title, layer.producer, layer.version, layer.licence,
            name, digest,
        )
        for layer in catalogue.layers
        for name, digest in [
            *((tile.name, sha256_of(tile.path)) for tile in layer.tiles),
            *((name, None) for name in layer.missing),
        ]
    ]  # fmt: skip
    return _frame(rows, LAYERS)


def _frame(rows: Sequence[tuple[Any, ...]], table: Table) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=table.schema, orient="row")
    return sorted_rows(conform(frame, table), table)
