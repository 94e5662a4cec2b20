"""What a format cannot carry: one row for each cell of a table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from landproof.domain.facts import FACTS
from landproof.domain.facts.contract import PROVENANCE
from landproof.exchange.own import written

SCHEMA: Final = pl.Schema({"table": pl.String, "id": pl.String, "column": pl.String, "why": pl.String})


@dataclass(frozen=True, slots=True)
class Written:
    """Files by name, and what they do not carry (`SCHEMA`)."""

    files: Mapping[str, bytes]
    losses: pl.DataFrame


def losses(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The table of losses, each once, in an order that the rows alone decide."""
    return pl.DataFrame(rows, schema=SCHEMA).unique().sort(SCHEMA.names())


def rows_of(table: pl.DataFrame, name: str) -> list[dict[str, Any]]:
    """The rows, each once, in an order that only they decide."""
    said = [column.name for column in FACTS[name] if column not in PROVENANCE]
    once = {
        json.dumps(written(name, row), sort_keys=True): row for row in table.select(said).iter_rows(named=True)
    }
    return [once[each] for each in sorted(once)]


def loss_of(table: str, row: Mapping[str, Any], column: str, why: str) -> dict[str, Any]:
    """One cell that a format does not carry."""
    key = " + ".join(str(row[name]) for name in FACTS[table].key if row.get(name) is not None)
    return {"table": table, "id": key, "column": column, "why": why}
