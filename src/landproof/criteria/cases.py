"""Worked cases: a rule, a few rows, and the outcome that a reader of the criteria expects."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl

from landproof.criteria.edition import Edition
from landproof.criteria.judge import RunFacts, judge_rule
from landproof.criteria.registry import RULES
from landproof.domain.derived import DERIVED
from landproof.domain.facts import FACTS
from landproof.domain.tables import Table

DOCUMENTS = pl.Schema({"reference": pl.String, "digest": pl.String})
CONTRACTS: Mapping[str, Table] = {**FACTS, **DERIVED}
_EVALUATED = date(2026, 6, 30)
_PERIOD = (date(2025, 7, 1), date(2026, 6, 30))


def frame(table: Table, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as people write them in a case: amounts as text or whole numbers, absent columns null.

    Raises `TypeError` when a row names a column that the table does not have.
    """
    unknown = {name for row in rows for name in row} - set(table.schema)
    if unknown:
        raise TypeError(f"table {table.name} has no column {sorted(unknown)}")
    return pl.DataFrame(
        {
            column.name: pl.Series(
                column.name,
                [_value(row.get(column.name), column.dtype) for row in rows],
                dtype=column.dtype,
                strict=True,
            )
            for column in table
        }
    )


def _value(value: Any, dtype: object) -> Any:
    if value is not None and isinstance(dtype, pl.Decimal):
        return Decimal(str(value))
    return value


@cache
def _no_rows() -> Mapping[str, pl.DataFrame]:
    return {name: table.empty() for name, table in CONTRACTS.items()}


def run_case(case: Mapping[str, Any], edition: Edition) -> dict[str, dict[str, str]]:
    """Judge a worked case: for each subject found, its outcome, reason, part and whole.

    A document named in any row is in the case unless the case lists ``documents`` itself.
    A case whose ``period`` is empty has no evaluated period on file.
    """
    chosen = edition.choosing(case.get("set", {}))
    given: dict[str, list[dict[str, Any]]] = case.get("tables", {})
    unknown = set(given) - {*CONTRACTS, "origin_lists", "rejects"}
    if unknown:
        raise TypeError(f"there is no table {sorted(unknown)}")
    tables = dict(_no_rows())
    tables |= {name: frame(CONTRACTS[name], rows) for name, rows in given.items() if name in CONTRACTS}
    tables["documents"] = _documents(case, given)
    tables["origin_lists"] = pl.DataFrame(given.get("origin_lists", []))
    tables["rejects"] = pl.DataFrame(given.get("rejects", []))
    period = case.get("period", _PERIOD) or (None, None)
    run = RunFacts(case.get("as_of", _EVALUATED), period[0], period[1], case.get("stage", "year"))
    rule_id = case["rule"]
    findings = judge_rule(RULES[rule_id], edition.rules[rule_id], tables, chosen, run)
    return {
        row["subject"]: {
            name: row[name] for name in ("outcome", "reason", "part", "whole") if row[name] is not None
        }
        for row in findings.iter_rows(named=True)
    }


def differences(case: Mapping[str, Any], edition: Edition) -> list[str]:
    """What a case expects and does not get, in words; nothing when it holds."""
    found = run_case(case, edition)
    expected: dict[str, dict[str, str]] = case["expect"]
    lines = [
        f"{subject}: expected nothing, found {found[subject]}" for subject in sorted(set(found) - set(expected))
    ]
    for subject, wanted in expected.items():
        got = found.get(subject, {})
        lines.extend(
            f"{subject}.{name}: expected {value!r}, found {got.get(name)!r}"
            for name, value in wanted.items()
            if got.get(name) != value
        )
    return lines


def _documents(case: Mapping[str, Any], given: Mapping[str, list[dict[str, Any]]]) -> pl.DataFrame:
    named = {
        str(value)
        for rows in given.values()
        for row in rows
        for name, value in row.items()
        if (name.endswith("document") or name == "permit") and value
    }
    names: list[str] = case.get("documents", sorted(named))
    return pl.DataFrame({"reference": names, "digest": [f"digest of {name}" for name in names]}, schema=DOCUMENTS)
