"""Measures a file of plots, or the plots of a case."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import polars as pl
import shapely

from landproof.casefile.case import open_case
from landproof.domain.digest import sorted_rows
from landproof.domain.errors import UsageError
from landproof.domain.facts.land import PLOTS
from landproof.domain.messages import Message, text
from landproof.domain.tables import conform
from landproof.intake.plots import import_plots
from landproof.land.tables import AREAS, LAYERS
from landproof.layers.catalogue import load_catalogue
from landproof.layers.lock import registered
from landproof.reference.editions import load_edition
from landproof.run.measure import Measured, measure
from landproof.run.sentences import reject_messages

Progress = Callable[..., None]
_shapely = cast(Any, shapely)  # it has no types of its own


@dataclass(frozen=True, slots=True)
class MeasuredPlots:
    """Verdicts per plot and harm, areas per class, layers used, and what was refused on the way."""

    plot_status: pl.DataFrame
    areas: pl.DataFrame
    layers: pl.DataFrame
    refusals: Sequence[Message] = ()


def measure_file(
    plots: Path, layers: Path, output: Path | None, *, progress: Progress | None = None
) -> MeasuredPlots:
    """Measure the plots of a file in any form that intake reads, and write the result to ``output``.

    ``output`` ends in .parquet, .csv or .geojson. Raises `UsageError` for another ending, before measuring.
    """
    if output is not None and output.suffix.lower() not in _WRITERS:
        raise UsageError(
            text("Cannot write %(file)s. Give a name that ends in %(endings)s."),
            file=output.name,
            endings=", ".join(_WRITERS),
        )
    catalogue = registered(load_catalogue(layers))
    imported = import_plots(plots)
    frame = conform(imported.plots, PLOTS)
    measured = measure(frame, catalogue, cut_off=load_edition().cut_off, progress=progress)
    if output is not None:
        _WRITERS[output.suffix.lower()](output, frame, measured)
    refusals = [each for row in imported.rejects.iter_rows(named=True) for each in reject_messages(row)]
    return MeasuredPlots(measured.plot_status, measured.areas, measured.layers, refusals)


def measure_case(folder: Path, layers: Path, *, progress: Progress | None = None) -> MeasuredPlots:
    """Measure the plots of a case and keep areas, verdicts and layers in it; later runs judge by them.

    Raises `UsageError` when the case has no plots.
    """
    case = open_case(folder)
    parts = case.state().facts.get("plots", [])
    plots = case.read_table("plots", parts)
    if plots.is_empty():
        raise UsageError(text("%(case)s has no plots yet. Import a file of plots first."), case=folder.name)
    measured = measure(
        plots, registered(load_catalogue(layers)), cut_off=load_edition().cut_off, progress=progress
    )
    with case.writing() as writer:
        tables = {
            "plot_status": writer.put_table("plot_status", measured.plot_status),
            AREAS.name: writer.put_table(AREAS.name, measured.areas),
            LAYERS.name: writer.put_table(LAYERS.name, measured.layers),
        }
        catalogue_digest = writer.put_object(layers.read_bytes())
        writer.state("measure", {"tables": tables, "plots": parts, "files": {layers.name: catalogue_digest}})
    return MeasuredPlots(measured.plot_status, measured.areas, measured.layers)


def verdict_counts(plot_status: pl.DataFrame) -> dict[str, dict[str, int]]:
    """How many plots have each verdict, by harm."""
    counts: dict[str, dict[str, int]] = {}
    for harm, verdict, count in plot_status.group_by("harm", "verdict").len().iter_rows():
        counts.setdefault(harm, {})[verdict] = count
    return counts


def _wide(measured: Measured) -> pl.DataFrame:
    """One row per plot and harm with lists joined, and the areas of each class as further rows beside it."""
    return measured.plot_status.with_columns(pl.col("reasons").list.join(";"))


def _parquet(path: Path, plots: pl.DataFrame, measured: Measured) -> None:
    plots.select("plot", "geometry").join(measured.plot_status, on="plot").write_parquet(path)
    measured.areas.write_parquet(path.with_suffix(".areas.parquet"))


def _csv(path: Path, plots: pl.DataFrame, measured: Measured) -> None:
    del plots
    _wide(measured).write_csv(path)
    measured.areas.write_csv(path.with_suffix(".areas.csv"))


def _geojson(path: Path, plots: pl.DataFrame, measured: Measured) -> None:
    status: dict[str, dict[str, object]] = {}
    for row in measured.plot_status.iter_rows(named=True):
        status.setdefault(row["plot"], {})[row["harm"]] = {"verdict": row["verdict"], "reasons": row["reasons"]}
    areas: dict[str, dict[str, dict[str, int]]] = {}
    for row in measured.areas.iter_rows(named=True):
        areas.setdefault(row["plot"], {}).setdefault(row["layer"], {})[row["class"]] = row["area_m2"]
    features = [
        {
            "type": "Feature",
            "id": plot,
            "properties": {"plot": plot, "verdicts": status.get(plot, {}), "areas_m2": areas.get(plot, {})},
            "geometry": None if shape is None else json.loads(_shapely.to_geojson(_shapely.from_wkb(shape))),
        }
        for plot, shape in sorted_rows(plots, PLOTS).select("plot", "geometry").iter_rows()
    ]
    content = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


_WRITERS = {".parquet": _parquet, ".csv": _csv, ".geojson": _geojson}
