"""An invented company of any size, as tables: many purchase lines, suppliers, deliveries and measured plots.

Everything follows from the sizes, so two machines measure the same work.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import shapely

from landproof.domain.derived import PLOT_STATUS
from landproof.domain.facts import FACTS
from landproof.domain.tables import conform

COMMODITIES = ("soy", "palm oil", "cocoa", "coffee", "beef", "pulp and paper", "wheat", "sugar", "rice", "banana")
COUNTRIES = ("BR", "ID", "CI", "VN", "AR", "FI", "FR", "CO", "TH", "EC")
CURRENCIES = ("EUR", "USD", "BRL")
PERIOD_START = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Size:
    """How large the invented company is."""

    lines: int = 1_000_000
    suppliers: int = 10_000
    deliveries: int = 200_000
    plots: int = 100_000


def tables(size: Size) -> dict[str, pl.DataFrame]:
    """Fact tables of the company, and the land verdicts of its plots."""
    made = {
        "application": pl.DataFrame(
            {
                "application": ["A-1"],
                "entity": ["E-1"],
                "certification_type": ["entity"],
                "filed_on": [date(2026, 6, 1)],
                "period_start": [PERIOD_START],
                "period_end": [date(2026, 6, 30)],
                "evaluated_on": [date(2026, 6, 30)],
                "currency": ["EUR"],
            }
        ),
        "suppliers": pl.DataFrame({"supplier": _ids("S", size.suppliers), "tier": [1] * size.suppliers}),
        "products": pl.DataFrame({"product": _ids("P", 200), "kind": ["crop good"] * 200}),
        "recipes": pl.DataFrame(
            {
                "product": _ids("P", 200),
                "commodity": [COMMODITIES[i % 10] for i in range(200)],
                "mass_share": ["1"] * 200,
            }
        ),
        "rates": pl.DataFrame({"currency": ["USD", "BRL"], "rate": ["0.91", "0.16"]}),
        "purchases": _purchases(size),
        "lots": pl.DataFrame({"lot": _ids("L", size.deliveries // 4)}),
        "deliveries": _deliveries(size),
        "plots": _plots(size),
    }
    return {name: conform(frame, FACTS[name]) for name, frame in made.items()} | {"plot_status": _status(size)}


def _ids(prefix: str, count: int) -> list[str]:
    return [f"{prefix}-{number:07d}" for number in range(count)]


def _purchases(size: Size) -> pl.DataFrame:
    number = np.arange(size.lines)
    supplier = number * 7919 % size.suppliers
    product = (supplier * 31 + number % 3) % 200
    first = (PERIOD_START - date(1970, 1, 1)).days
    return pl.DataFrame(
        {
            "line": "PL-" + pl.Series(number).cast(pl.String).str.zfill(7),
            "received_on": pl.Series(number % 365 + first).cast(pl.Int32).cast(pl.Date),
        }
    ).with_columns(
        supplier="S-" + pl.Series(supplier).cast(pl.String).str.zfill(7),
        product="P-" + pl.Series(product).cast(pl.String).str.zfill(7),
        quantity_g=pl.Series(1_000_000 + number * 37 % 9_000_000),
        net_spend=pl.Series(10_000 + number * 101 % 500_000).cast(pl.Decimal(38, 4)) / Decimal(100),
        currency=pl.Series([CURRENCIES[i] for i in range(3)]).gather(number % 3),
        country=pl.Series(COUNTRIES).gather(supplier % 10),
        lot="L-" + pl.Series(number % (size.deliveries // 4)).cast(pl.String).str.zfill(7),
    )


def _deliveries(size: Size) -> pl.DataFrame:
    number = np.arange(size.deliveries)
    lots = size.deliveries // 4
    # Three quarters of the deliveries come from plots; the last quarter joins lots of an earlier tier.
    from_plot = number < 3 * lots
    lot = np.where(from_plot, number % lots, number - 3 * lots)
    upstream = lot // 2 + lots // 2
    joined = ~from_plot & (lot < lots // 2)
    return pl.DataFrame(
        {
            "delivery": "D-" + pl.Series(number).cast(pl.String).str.zfill(7),
            "lot": "L-" + pl.Series(lot).cast(pl.String).str.zfill(7),
            "input_lot": pl.Series(np.where(joined, upstream, -1)).cast(pl.String),
            "plot": "T-" + pl.Series(number * 17 % size.plots).cast(pl.String).str.zfill(7),
            "mass_g": pl.Series(500_000 + number * 13 % 4_000_000),
            "custody": ["segregated"] * size.deliveries,
        }
    ).with_columns(
        plot=pl.when(pl.col("input_lot") == "-1").then("plot"),
        input_lot=pl.when(pl.col("input_lot") != "-1").then("L-" + pl.col("input_lot").str.zfill(7)),
    )


def _plots(size: Size) -> pl.DataFrame:
    number = np.arange(size.plots)
    west, south = -60 + number % 1000 * 0.01, -15 + number // 1000 * 0.01
    return pl.DataFrame(
        {
            "plot": "T-" + pl.Series(number).cast(pl.String).str.zfill(7),
            "country": pl.Series(COUNTRIES).gather(number % 10),
            "use": ["crop"] * size.plots,
            "shape": ["outline"] * size.plots,
            "area_ha": ["5"] * size.plots,
            "decimals": [6] * size.plots,
            "decimals_known": [True] * size.plots,
            "geometry": shapely.to_wkb(shapely.box(west, south, west + 0.002, south + 0.002)).tolist(),
        }
    )


def _status(size: Size) -> pl.DataFrame:
    harms = PLOT_STATUS["harm"].choices
    plots = _ids("T", size.plots)
    frame = pl.DataFrame({"plot": plots}).join(pl.DataFrame({"harm": harms}), how="cross")
    return conform(
        frame.with_columns(
            verdict=pl.when(pl.int_range(pl.len()) % 97 == 0)
            .then(pl.lit("inconclusive"))
            .otherwise(pl.lit("not converted")),
            reasons=pl.lit(["N-SILENT"]),
            area_m2=pl.lit(0),
        ),
        PLOT_STATUS,
    )
