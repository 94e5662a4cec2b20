"""Runs steps and rules in order and gathers their results into one findings table.

Pure: the same tables, edition and dates give the same findings, row for row.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from graphlib import TopologicalSorter
from typing import Any

import polars as pl

from landproof.criteria.edition import ASSESSED_STAGES, Edition, RuleText
from landproof.criteria.registry import COMMON_REASONS, RULES, STEPS, Rule, call
from landproof.domain.derived import DERIVED
from landproof.domain.facts import FACTS
from landproof.domain.outcome import Outcome, roll_up
from landproof.domain.tables import conform
from landproof.domain.vocabulary import ENTITY

FINDINGS = pl.Schema(
    {
        "rule": pl.String,
        "subject": pl.String,
        "outcome": pl.String,
        "reason": pl.String,
        "values": pl.String,  # canonical JSON of the reason's placeholders
        "part": pl.String,  # exact decimal
        "whole": pl.String,
        "unit": pl.String,
        "readings": pl.List(pl.String),
        "evidence": pl.List(pl.String),  # digests of documents
    }
)
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run is told beside its tables; nothing here is read from a clock."""

    as_of: date
    period_start: date | None
    period_end: date | None
    stage: str = "apply"


def run_steps(
    facts: Mapping[str, pl.DataFrame], edition: Edition, run: RunFacts, given: Iterable[str] = ()
) -> dict[str, pl.DataFrame]:
    """All fact tables made to fit their contracts, and every derived table that has a step.

    ``given`` names derived tables that ``facts`` already holds (land verdicts, say).
    """
    tables = dict(facts)
    for name, table in FACTS.items():
        tables[name] = conform(facts.get(name, table.empty()), table)
    for name in given:
        tables[name] = conform(facts.get(name, DERIVED[name].empty()), DERIVED[name])
    values = _values(edition, run)
    order = TopologicalSorter({name: set(entry.tables) & set(STEPS) for name, entry in STEPS.items()})
    for name in order.static_order():
        if name not in given:
            made = call(STEPS[name], tables, values)
            tables[name] = conform(made, DERIVED[name]).sort(DERIVED[name].key)
    return tables


def judge(tables: Mapping[str, pl.DataFrame], edition: Edition, run: RunFacts) -> pl.DataFrame:
    """Findings of all rules in the order of the edition, sorted by subject within each rule."""
    values = _values(edition, run)
    parts = [
        judge_rule(RULES[rule_text.id], rule_text, tables, edition, run, values)
        for rule_text in edition.rules.values()
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=FINDINGS)


def judge_rule(
    entry: Rule,
    rule_text: RuleText,
    tables: Mapping[str, pl.DataFrame],
    edition: Edition,
    run: RunFacts,
    values: Mapping[str, Any] | None = None,
) -> pl.DataFrame:
    """Findings of one rule; one row for the whole entity when it found no subject or is not due yet."""
    readings = edition.shown_readings(entry)
    if not is_due(rule_text.stage, run.stage):
        return _single(rule_text.id, Outcome.NOT_APPLICABLE, "not-yet", readings)
    result = call(entry, tables, values or _values(edition, run))
    if result.is_empty():
        table = entry.absent_when_empty
        if table is not None and tables[table].height > 0:
            return _single(rule_text.id, Outcome.NOT_APPLICABLE, "condition-absent", readings)
        return _single(rule_text.id, Outcome.INSUFFICIENT, "nothing-to-judge", readings)
    return _findings(entry, result, readings)


def is_due(stage: str, asked: str) -> bool:
    """A stage is due when ``asked`` is that stage or a later one; sorting and information always are."""
    return stage not in ASSESSED_STAGES or ASSESSED_STAGES.index(stage) <= ASSESSED_STAGES.index(asked)


def verdict(findings: pl.DataFrame, edition: Edition) -> Outcome:
    """The entity's verdict: the worst outcome of its mandatory and exclusion rules at an assessed stage."""
    counted = [rule.id for rule in edition.rules.values() if rule.counts_in_verdict]
    outcomes = findings.filter(pl.col("rule").is_in(counted))["outcome"].unique().to_list()
    return roll_up(Outcome(value) for value in outcomes)


def _values(edition: Edition, run: RunFacts) -> dict[str, Any]:
    return edition.arguments() | {
        "as_of": run.as_of,
        "period_start": run.period_start,
        "period_end": run.period_end,
    }


def _single(rule_id: str, outcome: Outcome, reason: str, readings: list[str]) -> pl.DataFrame:
    row = {
        "rule": rule_id,
        "subject": ENTITY,
        "outcome": outcome.value,
        "reason": reason,
        "values": "{}",
        "part": None,
        "whole": None,
        "unit": None,
        "readings": readings,
        "evidence": [],
    }
    return pl.DataFrame([row], schema=FINDINGS)


def _findings(entry: Rule, result: pl.DataFrame, readings: list[str]) -> pl.DataFrame:
    reasons = {**COMMON_REASONS, **entry.reasons}
    unknown = set(result["reason"].unique().to_list()) - set(reasons)
    if unknown:
        raise TypeError(f"{entry.id} gave undeclared reasons: {sorted(map(str, unknown))}")
    used = {reasons[reason] for reason in result["reason"].unique().to_list()}
    names = sorted({name for sentence in used for name in _PLACEHOLDER.findall(sentence)} - {"subject"})
    absent = set(names) - set(result.columns)
    if absent:
        raise TypeError(f"{entry.id} gives no value for {sorted(absent)}")
    optional = {
        name: pl.col(name).cast(pl.String) if name in result.columns else pl.lit(None, dtype=pl.String)
        for name in ("part", "whole", "unit")
    }
    nothing = pl.lit([], dtype=pl.List(pl.String))
    evidence = pl.col("evidence").fill_null(nothing) if "evidence" in result.columns else nothing
    return (
        result.select(
            rule=pl.lit(entry.id),
            subject=pl.col("subject").cast(pl.String),
            outcome=pl.col("outcome").cast(pl.String),
            reason="reason",
            values=pl.struct(pl.col(name).cast(pl.String) for name in names).struct.json_encode()
            if names
            else pl.lit("{}"),
            **optional,
            readings=pl.lit(readings, dtype=pl.List(pl.String)),
            evidence=evidence,
        )
        .cast(FINDINGS)
        .sort("subject", "outcome", "reason", "values")
    )
