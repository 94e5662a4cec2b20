"""Measures plots on the layers of a catalogue and gives each a first verdict per harm."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias, cast

import numpy as np
import polars as pl
import shapely

from landproof.domain.derived import PLOT_STATUS
from landproof.domain.digest import sorted_rows
from landproof.domain.tables import Table, conform
from landproof.land.ellipsoid import extent, footprint
from landproof.land.tables import AREAS, LAYERS
from landproof.land.thresholds import PUBLISHED, Thresholds
from landproof.land.verdict import decide, unusable
from landproof.layers.areas import holdings
from landproof.layers.catalogue import Catalogue
from landproof.layers.overlay import Overlayer
from landproof.layers.tiles import digest_of

Progress = Callable[[int, int], None]
_OUTLINES = (shapely.Polygon, shapely.MultiPolygon)
_shapely = cast(Any, shapely)  # it has no types


@dataclass(frozen=True, slots=True)
class Measured:
    """``areas`` and ``layers`` as in `landproof.land.tables`, ``plot_status`` as in `PLOT_STATUS`."""

    areas: pl.DataFrame
    plot_status: pl.DataFrame
    layers: pl.DataFrame


def measure(
    plots: pl.DataFrame,
    catalogue: Catalogue,
    *,
    cut_off: date,
    thresholds: Thresholds = PUBLISHED,
    progress: Progress | None = None,
) -> Measured:
    """Areas and verdicts of ``plots`` (contract `PLOTS`); every plot gets a verdict on every harm.

    ``cut_off`` is the last day on which a change is no conversion. ``progress`` is told how many plots of how
    many are done. The order of plots and of tiles does not matter. Raises `LayerError`.
    """
    areas: list[pl.DataFrame] = []
    verdicts: list[pl.DataFrame] = []
    facts = [layer.facts for layer in catalogue.layers]
    overlayer = Overlayer(catalogue)
    done = 0
    try:
        for cell in _cells(plots, thresholds):
            landless = pl.Series([plot for plot, land, _ in cell if land is None], dtype=pl.String)
            verdicts.append(_named(unusable(pl.int_range(len(landless), eager=True)), landless))
            named = [(plot, land, sigma) for plot, land, sigma in cell if land is not None]
            if named:
                found = holdings(
                    [land for _, land, _ in named],
                    np.array([sigma for *_, sigma in named]),
                    catalogue,
                    overlayer,
                    thresholds=thresholds,
                    cut_off=cut_off,
                )
                names = pl.Series([plot for plot, *_ in named], dtype=pl.String)
                areas.append(found.areas.with_columns(plot=names.gather(found.areas["plot"])))
                decided = decide(found.pieces, found.patches, facts, thresholds=thresholds, cut_off=cut_off)
                verdicts.append(_named(decided, names))
            done += len(cell)
            if progress is not None:
                progress(done, plots.height)
    finally:
        overlayer.close()
    listed = pl.concat([_frame([], AREAS), *areas])
    decided = pl.concat([_frame([], PLOT_STATUS), *(conform(each, PLOT_STATUS) for each in verdicts)])
    return Measured(
        sorted_rows(conform(listed, AREAS), AREAS), sorted_rows(decided, PLOT_STATUS), _layers(catalogue)
    )


def _named(rows: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """``rows`` with the ids of plots in place of their numbers."""
    return rows.with_columns(plot=names.gather(rows["plot"]))


_Cell: TypeAlias = list[tuple[str, shapely.Geometry | None, float]]  # plot, land and standard error in metres


def _cells(plots: pl.DataFrame, thresholds: Thresholds) -> Iterator[_Cell]:
    """The plots with the land they stand for, those of one square degree together."""
    cells: dict[tuple[float, float], _Cell] = {}
    for row in plots.select("plot", "geometry", "area_ha", "located_by").iter_rows(named=True):
        land = _land(row)
        west, south = extent(land)[:2] if land is not None else (0.0, 0.0)
        cells.setdefault((south // 1, west // 1), []).append((row["plot"], land, _sigma(row, thresholds)))
    for _, cell in sorted(cells.items()):
        yield cell


def _sigma(row: Mapping[str, Any], thresholds: Thresholds) -> float:
    """The standard error of an outline in metres, that of the layers included."""
    return math.hypot(thresholds.position_m(row["located_by"]), thresholds.registration_m)


def _land(row: Mapping[str, Any]) -> shapely.Geometry | None:
    """The land of a plot; none for a missing, broken or empty geometry, which intake refuses anyway."""
    try:
        geometry = cast(shapely.Geometry | None, _shapely.from_wkb(row["geometry"]))
    except shapely.errors.ShapelyError:
        geometry = None
    if geometry is None or not _usable(geometry):
        return None
    land = footprint(geometry, row["area_ha"])
    return land if isinstance(land, _OUTLINES) else None


def _usable(geometry: shapely.Geometry) -> bool:
    if bool(shapely.is_empty(geometry)) or not bool(shapely.is_valid(geometry)):
        return False
    west, south, east, north = extent(geometry)
    return west >= -180 and east <= 180 and south >= -90 and north <= 90


def _layers(catalogue: Catalogue) -> pl.DataFrame:
    rows = [
        (
            layer.id, layer.role.value, layer.family, layer.title, layer.producer, layer.version, layer.licence,
            name, digest,
        )
        for layer in catalogue.layers
        for name, digest in [
            *((tile.name, digest_of(tile)) for tile in layer.tiles),
            *((name, None) for name in layer.missing),
        ]
    ]  # fmt: skip
    return _frame(rows, LAYERS)


def _frame(rows: Sequence[tuple[Any, ...]], table: Table) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=table.schema, orient="row")
    return sorted_rows(conform(frame, table), table)
