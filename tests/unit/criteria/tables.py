"""Small tables for tests of steps: rows as people write them, made to fit their contracts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from landproof.criteria.cases import frame
from landproof.domain.facts import FACTS

EUDR_FROM = date(2025, 5, 26)
ALL_PLOTS_FROM = date(2030, 1, 1)
Rows = Sequence[dict[str, Any]]


def fact(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """A table of facts with these rows."""
    return frame(FACTS[name], rows)


def documents(*names: str) -> pl.DataFrame:
    """The documents of a case, each with a digest of its own."""
    return pl.DataFrame(
        {"reference": list(names), "digest": [f"digest of {name}" for name in names]},
        schema={"reference": pl.String, "digest": pl.String},
    )


def origin_lists(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Published lists: list, country, level."""
    return pl.DataFrame(
        list(rows), schema={"list": pl.String, "country": pl.String, "level": pl.String}, orient="row"
    )


def by_key(frame: pl.DataFrame, *key: str) -> dict[Any, dict[str, Any]]:
    """Rows by their key; a key of one column is its value."""
    return {
        row[key[0]] if len(key) == 1 else tuple(row[name] for name in key): row
        for row in frame.iter_rows(named=True)
    }
