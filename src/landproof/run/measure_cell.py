"""Measures the plots of one cell: what each holds, and its verdict on each harm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from landproof.domain.derived import PLOT_STATUS
from landproof.domain.digest import sorted_rows
from landproof.domain.tables import Table, conform
from landproof.land.tables import AREAS
from landproof.land.verdict import Status, decide, unusable
from landproof.layers.areas import holdings
from landproof.layers.catalogue import Catalogue
from landproof.layers.overlay import Overlayer
from landproof.run.lands import lands_of, sigmas_of


@dataclass(frozen=True, slots=True)
class Measured:
    """``areas`` as in `landproof.land.tables.AREAS`, ``plot_status`` as in `PLOT_STATUS`, in canonical order."""

    areas: pl.DataFrame
    plot_status: pl.DataFrame


def measure_cell(plots: pl.DataFrame, catalogue: Catalogue, overlayer: Overlayer, cut_off: date) -> Measured:
    """What ``plots`` hold and their verdicts; what is said of a plot does not depend on the others.

    ``plots`` has the columns plot, geometry, area_ha and located_by of `PLOTS`. ``cut_off`` is the last day on
    which a change is no conversion. Every plot gets a verdict on every harm. Raises `LayerError`.
    """
    lands = lands_of(plots)
    names = plots["plot"].to_list()
    there = [number for number, land in enumerate(lands) if land is not None]
    verdicts = [
        _row(name, status)
        for name, land in zip(names, lands, strict=True)
        if land is None
        for status in unusable()
    ]
    areas = AREAS.empty()
    if there:
        found = holdings(lands[there].tolist(), sigmas_of(plots)[there], catalogue, overlayer, cut_off=cut_off)
        named = pl.Series([names[number] for number in there], dtype=pl.String)
        areas = found.areas.with_columns(plot=named.gather(found.areas["plot"]))
        facts = [layer.facts for layer in catalogue.layers]
        for name, patches in zip(named, found.patches, strict=True):
            verdicts += [_row(name, status) for status in decide(patches, facts, cut_off=cut_off)]
    return Measured(_in_order(areas, AREAS), _in_order(_frame(verdicts, PLOT_STATUS), PLOT_STATUS))


def _row(plot: str, status: Status) -> tuple[Any, ...]:
    return (
        plot, status.harm, status.verdict, list(status.reasons), status.area_m2, status.earliest, status.latest,
        status.use_after,
    )  # fmt: skip


def _frame(rows: Sequence[tuple[Any, ...]], table: Table) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table.schema, orient="row")


def _in_order(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    return sorted_rows(conform(frame, table), table)
