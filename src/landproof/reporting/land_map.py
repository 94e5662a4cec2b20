"""Plots on a map without borders: points inside them, in clusters that each fit a frame."""

import math

import polars as pl
import shapely

from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.reporting.cells import Cell, Many, say
from landproof.reporting.nodes import MapPanel, MapPoint, PlotMap, Table
from landproof.reporting.subjects import commodity_cell, country_cell

_PANELS = 6
_NAMED = 3  # goods and countries named above a frame
_CELL_DEGREES = 2  # plots in the same or in touching cells belong to one cluster


def plot_map(frame: pl.DataFrame, twin: Table) -> PlotMap:
    """The map of ``plot, shown, commodity, country, geometry``; ``shown`` is the outcome that is drawn."""
    points = _points(frame)
    clusters = sorted(_clusters(points), key=lambda cluster: (-len(cluster), cluster[0].plot))
    shown = clusters[:_PANELS]
    return PlotMap(
        say(text("Plots by land verdict")),
        twin,
        tuple(MapPanel(_label(cluster, frame), tuple(cluster)) for cluster in shown),
        len(clusters) - len(shown),
        sum(len(cluster) for cluster in clusters[_PANELS:]),
        frame.height - len(points),
    )


def _points(frame: pl.DataFrame) -> list[MapPoint]:
    """A point inside each plot that has a readable geometry. For drawing only: no verdict rests on it."""
    located = frame.filter(pl.col("geometry").is_not_null())
    shapes = shapely.from_wkb(located["geometry"].to_list(), on_invalid="ignore")
    points: list[MapPoint] = []
    for plot, outcome, shape in zip(located["plot"], located["shown"], shapes, strict=True):
        if shape is None or shape.is_empty:
            continue
        inside = shape.point_on_surface() if shape.is_valid else shape.envelope.centroid
        if math.isfinite(inside.x) and math.isfinite(inside.y):
            points.append(MapPoint(plot, inside.x, inside.y, Outcome(outcome)))
    return points


def _clusters(points: list[MapPoint]) -> list[list[MapPoint]]:
    """Plots whose grid cells touch, round the antimeridian as well."""
    around = 360 // _CELL_DEGREES
    cells: dict[tuple[int, int], list[MapPoint]] = {}
    for point in points:
        key = (math.floor(point.longitude / _CELL_DEGREES) % around, math.floor(point.latitude / _CELL_DEGREES))
        cells.setdefault(key, []).append(point)
    clusters: list[list[MapPoint]] = []
    left = set(cells)
    for start in sorted(cells):
        if start not in left:
            continue
        left.remove(start)
        reached, frontier = [start], [start]
        while frontier:
            column, row = frontier.pop()
            near = {((column + east) % around, row + north) for east in (-1, 0, 1) for north in (-1, 0, 1)} & left
            left -= near
            reached += near
            frontier += near
        clusters.append(sorted((point for cell in reached for point in cells[cell]), key=lambda each: each.plot))
    return [_unwrapped(cluster) for cluster in clusters]


def _unwrapped(cluster: list[MapPoint]) -> list[MapPoint]:
    """The same plots with longitudes that run on past 180 when the cluster lies across the antimeridian."""
    longitudes = [point.longitude for point in cluster]
    if max(longitudes) - min(longitudes) <= 180:
        return cluster
    return [
        MapPoint(
            each.plot, each.longitude + 360 if each.longitude < 0 else each.longitude, each.latitude, each.outcome
        )
        for each in cluster
    ]


def _label(cluster: list[MapPoint], frame: pl.DataFrame) -> Cell:
    """How many plots, of which goods and countries, as their suppliers state them; the most frequent first."""
    rows = frame.filter(pl.col("plot").is_in([point.plot for point in cluster]))
    goods = [commodity_cell(name) for name in _frequent(rows["commodity"])]
    countries = [country_cell(name) for name in _frequent(rows["country"])]
    count = say(text("one plot")) if len(cluster) == 1 else say(text("%(count)s plots"), count=len(cluster))
    if not goods or not countries:
        return count
    sentence = text("%(plots)s, %(countries)s: %(goods)s")
    return say(sentence, plots=count, goods=_first(goods), countries=_first(countries))


def _frequent(values: pl.Series) -> list[str]:
    name = values.name
    counted = values.drop_nulls().value_counts().sort("count", name, descending=[True, False])
    return counted[name].to_list()


def _first(cells: list[Cell]) -> Cell:
    more = len(cells) - _NAMED
    if more <= 0:
        return Many(tuple(cells))
    return Many((*cells[:_NAMED], say(text("%(count)s others"), count=more)))
