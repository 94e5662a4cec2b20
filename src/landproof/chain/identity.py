"""One thing, one id: the identifiers of others are read as our own, and what turned out to be one is one.

An id that is on file as our own never gives way to somebody's identifier, and an identifier that names several
things names none of them. Where rows that became one contradict each other in a cell, nobody knows the cell.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from landproof.chain.voiding import void
from landproof.domain.digest import sorted_rows
from landproof.domain.facts import FACTS
from landproof.domain.facts.contract import PROVENANCE
from landproof.domain.tables import Kind

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "party": ("party", "supplier", "suppliers", "holder", "sender", "receiver"),
    "facility": ("facility", "site", "sites"),
    "plot": ("plot", "establishment"),
    "lot": ("lot", "input_lot"),
    "product": ("product", "products"),
}
_ON_FILE: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "party": (("parties", "party"), ("suppliers", "supplier"), ("entities", "entity")),
    "facility": (("facilities", "facility"),),
    "plot": (("plots", "plot"),),
    "lot": (("lots", "lot"),),
    "product": (("products", "product"),),
}
_NAMING: Final = ("identifiers", "merges")  # these keep the old ids: they say what became of them


def resolved(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Every fact table in ``tables``, in canonical order, with one id for each thing.

    Subjects of evidence ("supplier:S-1") are read alike.
    """
    renamed = {kind: _renamed(kind, tables) for kind in _COLUMNS}
    renamed = {kind: ids for kind, ids in renamed.items() if ids}
    if not renamed:
        return dict(tables)
    return {
        name: table if name in _NAMING else _with_one_id(name, table, renamed) for name, table in tables.items()
    }


def _renamed(kind: str, tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """What is called otherwise, and what it is to be called."""
    known = pl.concat([tables[table][column].rename("id") for table, column in _ON_FILE[kind]]).drop_nulls()
    kept = _kept(tables["merges"].filter(pl.col("kind") == kind), tables["merges"])
    named = (
        tables["identifiers"]
        .filter((pl.col("kind") == kind) & ~pl.col("value").is_in(known.unique().implode()))
        .select("value", id=pl.col("id").replace(kept))
        .filter(pl.col("id").n_unique().over("value") == 1)
        .unique()
    )
    values = dict(named.filter(pl.col("value") != pl.col("id")).iter_rows())
    return values | kept


def _kept(merges: pl.DataFrame, every: pl.DataFrame) -> dict[str, str]:
    """By id that was merged, the one that its group keeps: what was merged into no other, or else the first."""
    gone = void((merge, undone) for merge, undone in every.select("merge", "undoes").iter_rows() if undone)
    into: dict[str, set[str]] = {}
    others: dict[str, set[str]] = {}
    rows = merges.filter(pl.col("undoes").is_null()).select("merge", "id", "into").iter_rows()
    for merge, old, new in rows:
        if merge in gone or old is None or new is None or old == new:
            continue
        into.setdefault(old, set()).add(new)
        others.setdefault(old, set()).add(new)
        others.setdefault(new, set()).add(old)
    kept: dict[str, str] = {}
    for start in others:
        if start in kept:
            continue
        group = _group(start, others)
        stays = min([each for each in group if each not in into] or group)
        kept |= dict.fromkeys(group, stays)
    return {old: new for old, new in kept.items() if old != new}


def _group(start: str, others: Mapping[str, Iterable[str]]) -> set[str]:
    group, waiting = {start}, [start]
    while waiting:
        new = set(others[waiting.pop()]) - group
        group |= new
        waiting += new
    return group


def _with_one_id(name: str, table: pl.DataFrame, renamed: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    contract = FACTS[name]
    read = [
        _read(column, contract[column].kind, ids)
        for kind, ids in renamed.items()
        for column in _COLUMNS[kind]
        if column in table.columns
    ]
    if name == "evidence":
        subjects = {f"{said}:{old}": f"{said}:{new}" for said, old, new in _said_of(renamed)}
        read.append(pl.col("subject").replace(subjects))
    if not read or table.is_empty():
        return table
    found = table.with_columns(read)
    if found.equals(table):
        return table
    return sorted_rows(_agreed(found, table, contract.key), contract)


def _read(column: str, kind: Kind, ids: Mapping[str, str]) -> pl.Expr:
    replaced = pl.element().replace(ids) if kind is Kind.LIST else pl.col(column).replace(ids)
    return pl.col(column).list.eval(replaced) if kind is Kind.LIST else replaced


def _said_of(renamed: Mapping[str, Mapping[str, str]]) -> Iterable[tuple[str, str, str]]:
    for kind, ids in renamed.items():
        for old, new in ids.items():
            yield "supplier" if kind == "party" else kind, old, new


def _agreed(found: pl.DataFrame, before: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """``found`` with one row for those that became one by their key; a cell that they contradict is unknown."""
    if found.select(key).equals(before.select(key)):
        return found
    told = {column.name for column in PROVENANCE}
    one = found.group_by(key, maintain_order=True).agg(
        pl.col(name).first() if name in told else pl.when(pl.col(name).n_unique() == 1).then(pl.col(name).first())
        for name in found.columns
        if name not in key
    )
    return one.select(found.columns)
