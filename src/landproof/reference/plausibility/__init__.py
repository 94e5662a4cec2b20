"""Conversion factors and plausible yields that are shipped: commonly used, not verified."""

import csv
from functools import cache
from importlib.resources import files

import polars as pl

from landproof.domain.facts.chain import CONVERSION_FACTORS, PLAUSIBLE_YIELDS
from landproof.domain.tables import Table

VERSION = "2026-1"
BASIS = f"landproof {VERSION}: commonly used, not verified"  # stands where the case's own rows name a document


@cache
def shipped_factors() -> pl.DataFrame:
    """Shares of the input mass that processes give (contract `CONVERSION_FACTORS`)."""
    return _read(CONVERSION_FACTORS)


@cache
def shipped_yields() -> pl.DataFrame:
    """What a hectare gives at most in a crop year (contract `PLAUSIBLE_YIELDS`)."""
    return _read(PLAUSIBLE_YIELDS)


def _read(table: Table) -> pl.DataFrame:
    path = files("landproof.reference") / "plausibility" / VERSION / f"{table.name}.csv"
    with path.open(encoding="utf-8") as lines:
        rows = [
            {**row, "document": BASIS, "source_row": place} for place, row in enumerate(csv.DictReader(lines), 2)
        ]
    given = pl.DataFrame(
        {column.name: [row.get(column.name) or None for row in rows] for column in table},
        schema={column.name: pl.String if column.name != "source_row" else pl.Int64 for column in table},
    )
    return given.with_columns(pl.col(column.name).cast(column.dtype) for column in table)
