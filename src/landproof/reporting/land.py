"""The land: plots on a map without borders, and the verdict on each plot."""

import math
from collections.abc import Mapping
from typing import Any

import polars as pl
import shapely

from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.reporting.amounts import strings
from landproof.reporting.assessment import Assessment
from landproof.reporting.findings import to_rule
from landproof.reporting.nodes import (
    Area,
    Cell,
    Column,
    Country,
    FrameRows,
    Id,
    Many,
    MapPanel,
    MapPoint,
    Node,
    Note,
    Paragraph,
    PlotMap,
    Row,
    Section,
    Sentence,
    Table,
    Word,
    say,
)
from landproof.reporting.provable import LAND_RULES, Provability
from landproof.reporting.words import OUTCOME_ORDER

_PANELS = 6
_ROWS = 25
_CELL_DEGREES = 2  # plots in the same or in touching cells belong to one cluster

_COLUMNS = (
    Column("plot", text("Plot"), weight=3),
    Column("supplier", text("Supplier"), weight=3),
    Column("commodity", text("Commodity"), weight=3),
    Column("country", text("Country"), weight=3),
    Column("area", text("Declared area"), numeric=True, weight=3),
    Column("outcome", text("Land verdict"), weight=3),
    Column("harms", text("By harm"), weight=6),
    Column("reasons", text("Reason codes"), weight=4),
)


def land(assessment: Assessment, found: Provability) -> tuple[Section, Table]:
    """The section, and the table of all plots."""
    frame = _plots(assessment, found)
    table = _table(frame)
    nodes: list[Node] = []
    title = say(text("Land: what stands behind the goods"))
    if frame.is_empty():
        empty = text("No plot is on file, so nothing can be said of the land behind the goods.")
        return Section("land", title, (Paragraph(say(empty), tone="warning"),), "3.1"), table
    nodes.append(Paragraph(_summary(frame)))
    nodes.append(_map(frame, table))
    nodes.append(
        Note(
            say(
                text(
                    "Frames show plots only, without borders or names of countries. Plots that fall on one spot "
                    "are drawn as one, with the worst verdict among them."
                )
            )
        )
    )
    return Section("land", title, tuple(nodes), "3.1"), table


def _plots(assessment: Assessment, found: Provability) -> pl.DataFrame:
    """All plots known or named, the worst verdicts first."""
    status = (
        assessment.table("plot_status")
        .sort("plot", "harm")
        .group_by("plot", maintain_order=True)
        .agg("harm", "verdict", reasons=pl.col("reasons").explode().drop_nulls().unique().sort())
    )
    order = {outcome.value: rank for rank, outcome in enumerate(OUTCOME_ORDER)}
    facts = assessment.table("plots").select("plot", "supplier", "commodity", "country", "area_ha", "geometry")
    return (
        found.plots.join(facts.unique("plot", keep="first", maintain_order=True), on="plot", how="left")
        .join(status, on="plot", how="left")
        .sort(pl.col("outcome").replace_strict(order, return_dtype=pl.Int8), "plot")
    )


def _summary(frame: pl.DataFrame) -> Sentence:
    counts = {outcome: frame.filter(pl.col("outcome") == outcome.value).height for outcome in OUTCOME_ORDER}
    return say(
        text(
            "%(all)s plots. Met under every rule of the land: %(met)s; not met: %(failed)s; "
            "insufficient evidence: %(open)s."
        ),
        all=frame.height,
        met=counts[Outcome.MET],
        failed=counts[Outcome.NOT_MET],
        open=frame.height - counts[Outcome.MET] - counts[Outcome.NOT_MET],
    )


def _table(frame: pl.DataFrame) -> Table:
    def make(row: Mapping[str, Any]) -> Row:
        harms: tuple[Cell, ...] = tuple(
            say(text("%(harm)s: %(verdict)s"), harm=Word(harm), verdict=Word(verdict or "unknown"))
            for harm, verdict in zip(row["harm"] or [], row["verdict"] or [], strict=True)
        )
        reasons: tuple[Cell, ...] = tuple(Id(reason) for reason in strings(row["reasons"]))
        cells: tuple[Cell, ...] = (
            Id(row["plot"]),
            None if row["supplier"] is None else Id(row["supplier"]),
            None if row["commodity"] is None else Word(row["commodity"]),
            None if row["country"] is None else Country(row["country"]),
            None if row["area_ha"] is None else Area(row["area_ha"]),
            Outcome(row["outcome"]),
            Many(harms) if harms else None,
            Many(reasons) if reasons else "",
        )
        proof: tuple[tuple[str, Cell], ...] = ((text("Rules"), Many(tuple(map(to_rule, LAND_RULES)))),)
        return Row(cells, f"plot-{row['plot']}", proof)

    return Table(
        "plots", say(text("Plots and their land verdicts")), _COLUMNS, FrameRows(frame, make), shown=_ROWS
    )


def _map(frame: pl.DataFrame, twin: Table) -> PlotMap:
    points = _points(frame)
    clusters = sorted(_clusters(points), key=lambda cluster: (-len(cluster), cluster[0].plot))
    shown = clusters[:_PANELS]
    return PlotMap(
        say(text("Plots by land verdict")),
        tuple(MapPanel(_label(cluster), tuple(cluster)) for cluster in shown),
        len(clusters) - len(shown),
        sum(len(cluster) for cluster in clusters[_PANELS:]),
        frame.height - len(points),
        twin,
    )


def _points(frame: pl.DataFrame) -> list[MapPoint]:
    """A point inside each plot that has a readable geometry. For drawing only: no verdict rests on it."""
    located = frame.filter(pl.col("geometry").is_not_null())
    shapes = shapely.from_wkb(located["geometry"].to_list(), on_invalid="ignore")
    points: list[MapPoint] = []
    for plot, outcome, shape in zip(located["plot"], located["outcome"], shapes, strict=True):
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


def _label(cluster: list[MapPoint]) -> Sentence:
    count = len(cluster)
    return say(text("one plot")) if count == 1 else say(text("%(count)s plots"), count=count)
