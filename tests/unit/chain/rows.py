"""Small chains as rows: only what a test is about is written down."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from landproof.chain.flows import read_flows
from landproof.chain.trace import trace_lots
from landproof.domain.facts.chain import CHAIN_EVENTS, DELIVERIES, EVENT_LOTS, FACILITIES, LOTS, VESSELS
from landproof.domain.facts.evidence import CERTIFICATES, CLAIMS, EVIDENCE
from landproof.domain.facts.land import MOVEMENTS, PLOTS
from landproof.domain.tables import Table

Row = Mapping[str, Any]


def trace_all(tables: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every lot as traced, and the plots behind it."""
    return trace_lots(read_flows(tables), tables)


DOCUMENTS = pl.DataFrame({"reference": ["records.pdf"], "digest": ["1" * 64]})


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
    events: Iterable[Row] = (),
    event_lots: Iterable[Row] = (),
    vessels: Iterable[Row] = (),
    certificates: Iterable[Row] = (),
    evidence: Iterable[Row] = (),
    claims: Iterable[Row] = (),
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, int]]]:
    """Status by lot, and grams by lot and plot. Deliveries and events are segregated unless they say otherwise."""
    listed = [
        {"lot": lot, **(facts if isinstance(facts, Mapping) else {"mass_g": facts})} for lot, facts in lots.items()
    ]
    rows = {
        DELIVERIES: [
            {"delivery": f"D{number}", "custody": "segregated", **row} for number, row in enumerate(deliveries)
        ],
        LOTS: listed,
        FACILITIES: facilities,
        PLOTS: [{"plot": plot} for plot in plots],
        MOVEMENTS: [{"movement": f"M{number}", **row} for number, row in enumerate(movements)],
        CHAIN_EVENTS: [{"custody": "segregated", **row} for row in events],
        EVENT_LOTS: event_lots,
        VESSELS: vessels,
        CERTIFICATES: certificates,
        EVIDENCE: evidence,
        CLAIMS: claims,
    }
    tables = {table.name: frame(table, given) for table, given in rows.items()}
    status, behind = trace_all({**tables, "documents": DOCUMENTS})
    plot_grams: dict[str, dict[str, int]] = {}
    for lot, plot, grams in behind.rows():
        plot_grams.setdefault(lot, {})[plot] = grams
    return {row["lot"]: row for row in status.to_dicts()}, plot_grams
