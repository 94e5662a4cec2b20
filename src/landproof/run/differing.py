"""Which rows and which values of a table differ between what a run kept and what judging it again gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import polars as pl

_NTH = " nth"
_THERE = " there"
_AFTER = " after"  # no column of ours has a space, so neither of these can meet one


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row that differs: its key, and the values that do, by column; None where the row does not stand."""

    key: tuple[str, ...]
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None


def differing_columns(before: pl.DataFrame, after: pl.DataFrame) -> list[str]:
    """Columns that only one of the frames has, or that hold another type in each."""
    names = dict.fromkeys([*before.columns, *after.columns])
    return [name for name in names if before.schema.get(name) != after.schema.get(name)]


def differing_rows(before: pl.DataFrame, after: pl.DataFrame, key: Sequence[str]) -> list[RowDifference]:
    """Rows that stand in one frame only or with another content, sorted by ``key``.

    Both frames have the same columns. Rows that share a key are paired in the order in which they stand.
    """
    rest = [name for name in before.columns if name not in key]
    numbered = [
        frame.with_columns(pl.int_range(pl.len()).over(key).alias(_NTH), pl.lit(value=True).alias(_THERE))
        for frame in (before, after)
    ]
    joined = numbered[0].join(
        numbered[1], on=[*key, _NTH], how="full", coalesce=True, suffix=_AFTER, nulls_equal=True
    )
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name + _AFTER)) for name in (*rest, _THERE))
    return [_difference(row, key, rest) for row in joined.filter(~same).sort(*key, _NTH).iter_rows(named=True)]


def _difference(row: Mapping[str, Any], key: Sequence[str], rest: Sequence[str]) -> RowDifference:
    names = tuple(_written(row[name]) for name in key)
    if not (row[_THERE] and row[_THERE + _AFTER]):
        found = _AFTER if row[_THERE] is None else ""
        values = {name: _written(row[name + found]) for name in rest}
        return RowDifference(names, None if found else values, values if found else None)
    changed = [name for name in rest if row[name] != row[name + _AFTER]]
    return RowDifference(
        names,
        {name: _written(row[name]) for name in changed},
        {name: _written(row[name + _AFTER]) for name in changed},
    )


def _written(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return "[" + "; ".join(map(str, cast(list[Any], value))) + "]"
    return str(value)
