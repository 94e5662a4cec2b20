"""Small chains as rows: only what a test is about is written down."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from landproof.chain import trace_lots
from landproof.domain.facts.chain import DELIVERIES, FACILITIES, LOTS
from landproof.domain.facts.land import MOVEMENTS, PLOTS
from landproof.domain.tables import Table

Row = Mapping[str, Any]


def frame(table: Table, rows: Iterable[Row]) -> pl.DataFrame:
    given = list(rows)
    return pl.DataFrame(
        [pl.Series(column.name, [row.get(column.name) for row in given], dtype=column.dtype) for column in table]
    )


def trace(
    deliveries: Iterable[Row],
    lots: Mapping[str, int | Row | None],
    plots: Iterable[str] = (),
    facilities: Iterable[Row] = (),
    movements: Iterable[Row] = (),
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, int]]]:
    """Status by lot, and grams by lot and plot. Deliveries are segregated unless they say otherwise."""
    rows = [{"delivery": f"D{number}", "custody": "segregated", **row} for number, row in enumerate(deliveries)]
    listed = [
        {"lot": lot, **(facts if isinstance(facts, Mapping) else {"mass_g": facts})} for lot, facts in lots.items()
    ]
    status, behind = trace_lots(
        frame(DELIVERIES, rows),
        frame(LOTS, listed),
        frame(FACILITIES, facilities),
        frame(PLOTS, [{"plot": plot} for plot in plots]),
        frame(MOVEMENTS, [{"movement": f"M{number}", **row} for number, row in enumerate(movements)]),
    )
    plot_grams: dict[str, dict[str, int]] = {}
    for lot, plot, grams in behind.rows():
        plot_grams.setdefault(lot, {})[plot] = grams
    return {row["lot"]: row for row in status.to_dicts()}, plot_grams
