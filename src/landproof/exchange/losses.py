"""What a format cannot carry: one row for each cell of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

SCHEMA: Final = pl.Schema({"table": pl.String, "id": pl.String, "column": pl.String, "why": pl.String})


@dataclass(frozen=True, slots=True)
class Written:
    """Files by name, and what they do not carry (`SCHEMA`)."""

    files: Mapping[str, bytes]
    losses: pl.DataFrame


def losses(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The table of losses, each once, in an order that the rows alone decide."""
    return pl.DataFrame(rows, schema=SCHEMA).unique().sort(SCHEMA.names())
