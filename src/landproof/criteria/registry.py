"""`@rule` and `@step`: the only way in which code joins the criteria.

A rule is a function from named tables (positional parameters) and named limits, readings or run facts
(keyword-only parameters) to a frame with one row per subject. The parameters are its whole interface.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from landproof.domain.derived import DERIVED
from landproof.domain.facts import FACTS
from landproof.domain.messages import text

# Facts of the run that any rule may ask for by name.
RUN_FACTS = ("as_of", "period_start", "period_end")
EXTRA_TABLES = ("rejects", "documents", "origin_lists")

RuleFunction = Callable[..., pl.DataFrame]

# Reasons that every rule may give without naming them again.
COMMON_REASONS: Mapping[str, str] = {
    "not-yet": text("This rule is judged at a later stage."),
    "nothing-to-judge": text("Nothing is on file to judge this rule on; hand in the tables that it reads."),
    "condition-absent": text(
        "The condition that triggers this rule is absent, and the tables that show it are on file."
    ),
    "holds": text("The requirement holds."),
    "no-document": text("No document is on file for %(subject)s."),
    "document-not-in-case": text("The document named for %(subject)s is not in the case; add the file."),
    "no-page": text("The document for %(subject)s is named without a page; add the page."),
    "not-in-force": text("The document for %(subject)s is not in force over the whole time that counts."),
    "dates-missing": text(
        "It is not on file from when the document for %(subject)s is in force, or which period is evaluated."
    ),
    "out-of-scope": text("The document on file does not cover %(subject)s."),
    "says-no": text("The statement on file for %(subject)s says no."),
    "no-answer": text("The statement on file for %(subject)s does not say yes or no."),
    "elements-missing": text("The document for %(subject)s lacks: %(missing)s."),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as code: its function, the tables and parameters it names, and the reasons it may give."""

    id: str
    function: RuleFunction
    tables: tuple[str, ...]
    parameters: tuple[str, ...]
    reasons: Mapping[str, str]
    absent_when_empty: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step that narrows the work: a function from named tables to one derived table."""

    table: str
    function: RuleFunction
    tables: tuple[str, ...]
    parameters: tuple[str, ...]


RULES: dict[str, Rule] = {}
STEPS: dict[str, Step] = {}


def _interface(function: RuleFunction) -> tuple[tuple[str, ...], tuple[str, ...]]:
    tables: list[str] = []
    parameters: list[str] = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            parameters.append(name)
        elif name in FACTS or name in DERIVED or name in EXTRA_TABLES:
            tables.append(name)
        else:
            raise TypeError(f"{function.__qualname__}: no table is called {name!r}")
    return tuple(tables), tuple(parameters)


def rule(
    rule_id: str, *, reasons: Mapping[str, str], absent_when_empty: str | None = None
) -> Callable[[RuleFunction], RuleFunction]:
    """Register a rule.

    ``reasons`` maps a key to a sentence marked with `text`; its placeholders are columns of the result.
    ``absent_when_empty`` names a table: when the rule finds no subject but that table has rows, somebody
    looked and the triggering condition is absent, so the rule is not applicable. Without it, and with an
    empty table, no subject means insufficient evidence: empty is not a pass.
    """

    def register(function: RuleFunction) -> RuleFunction:
        if rule_id in RULES:
            raise TypeError(f"{rule_id} is registered twice")
        tables, parameters = _interface(function)
        if absent_when_empty is not None and absent_when_empty not in (*FACTS, *DERIVED):
            raise TypeError(f"{rule_id}: no table is called {absent_when_empty!r}")
        RULES[rule_id] = Rule(rule_id, function, tables, parameters, reasons, absent_when_empty)
        return function

    return register


def step(table: str) -> Callable[[RuleFunction], RuleFunction]:
    """Register the step that makes the derived table ``table``."""

    def register(function: RuleFunction) -> RuleFunction:
        if table not in DERIVED or table in STEPS:
            raise TypeError(f"{table} is no derived table, or has a step already")
        tables, parameters = _interface(function)
        STEPS[table] = Step(table, function, tables, parameters)
        return function

    return register


def call(entry: Rule | Step, tables: Mapping[str, pl.DataFrame], values: Mapping[str, Any]) -> pl.DataFrame:
    """Run ``entry`` on the tables and values that it names."""
    return entry.function(
        *(tables[name] for name in entry.tables), **{name: values[name] for name in entry.parameters}
    )
