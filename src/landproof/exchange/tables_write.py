"""The tables of a chain as they are: one CSV or Parquet file each."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Final

import polars as pl

from landproof.domain.digest import sorted_rows
from landproof.domain.facts import FACTS
from landproof.domain.facts.contract import PROVENANCE
from landproof.exchange.format import Format
from landproof.exchange.losses import Written, losses
from landproof.exchange.own_rows import CHAIN

_SEPARATOR: Final = "; "


def _files(tables: Mapping[str, pl.DataFrame], ending: str, save: Callable[[pl.DataFrame], bytes]) -> Written:
    """A file for each table that has rows; which file of the case a row came from is not told."""
    files: dict[str, bytes] = {}
    for name in CHAIN:
        table = tables.get(name, FACTS[name].empty())
        if table.height:
            rows = sorted_rows(table, FACTS[name]).drop(column.name for column in PROVENANCE)
            files[f"{name}.{ending}"] = save(rows)
    return Written(files, losses([]))


def _csv(tables: Mapping[str, pl.DataFrame]) -> Written:
    def save(rows: pl.DataFrame) -> bytes:
        lists = [name for name, kind in rows.schema.items() if isinstance(kind, pl.List)]
        joined = rows.with_columns(pl.col(name).list.join(_SEPARATOR) for name in lists)
        return joined.write_csv().encode()

    return _files(tables, "csv", save)


def _parquet(tables: Mapping[str, pl.DataFrame]) -> Written:
    def save(rows: pl.DataFrame) -> bytes:
        content = BytesIO()
        rows.write_parquet(content)
        return content.getvalue()

    return _files(tables, "parquet", save)


CSV: Final = Format("csv", "CSV", write=_csv)
PARQUET: Final = Format("parquet", "Parquet", write=_parquet)
