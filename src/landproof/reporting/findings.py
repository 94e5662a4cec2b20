"""Findings as cells: a sentence for each, an anchor for each, and what stands behind it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.domain.vocabulary import ENTITY
from landproof.reporting.amounts import strings
from landproof.reporting.assessment import Assessment
from landproof.reporting.cells import (
    Cell,
    Citation,
    Exact,
    Id,
    Many,
    Quantity,
    Reference,
    Sentence,
    Share,
    Word,
    say,
)
from landproof.reporting.nodes import LISTED, Column, FrameRows, Row, Table
from landproof.reporting.values import worded

FINDINGS_TABLE = "findings"
BLOCKING = (Outcome.NOT_MET.value, Outcome.INSUFFICIENT.value)
MOST_DIGESTS = 10  # shown when a finding is opened; the workbook has all

REPORTING_CURRENCY = "reporting currency"  # the unit that some rules give
COLUMNS = (
    Column("finding", text("Finding"), weight=4),
    Column("subject", text("Subject"), weight=5),
    Column("outcome", text("Outcome"), weight=5),
    Column("why", text("Why"), weight=14),
    Column("measured", text("Measured"), numeric=True, weight=3),
)


def numbered(findings: pl.DataFrame) -> pl.DataFrame:
    """The findings with ``id``: the rule and the row's number within it, in the order of the judge."""
    return findings.with_columns(
        id=pl.format("{}/{}", "rule", pl.int_range(1, pl.len() + 1).over("rule", mapping_strategy="group_to_rows"))
    )


def anchor_of_rule(rule: str) -> str:
    """Where the rule stands in the report."""
    return f"rule-{rule}"


def anchor_of(finding: str) -> str:
    """Where the finding stands in the report."""
    return f"finding-{finding.replace('/', '-')}"


def to_rule(rule: str) -> Reference:
    """A link to a rule."""
    return Reference(anchor_of_rule(rule), Id(rule))


def subject_cell(subject: str) -> Cell:
    """The subject of a finding as a key; the company itself is a word, anything else an identifier."""
    return Word(subject) if subject == ENTITY else Id(subject)


def sentence_of(assessment: Assessment, finding: Mapping[str, Any]) -> Sentence:
    """Why a finding came out as it did."""
    sentence = assessment.sentence_of(finding["rule"], finding["reason"])
    return worded(sentence, finding, assessment.names)


def measured_cell(finding: Mapping[str, Any]) -> Cell:
    """The share or amount that a finding rests on; an empty text when it rests on none."""
    part, whole = finding["part"], finding["whole"]
    if part is None:
        return "" if whole is None else None
    if whole is not None and Decimal(whole) > 0:
        return Share(Decimal(part), Decimal(whole))
    return Quantity(Decimal(part))


def proof_of(finding: Mapping[str, Any], currency: str | None) -> tuple[tuple[str, Cell], ...]:
    """What opens under a finding: its rule, the exact numbers, the readings and the documents used."""
    proof: list[tuple[str, Cell]] = [(text("Rule"), to_rule(finding["rule"]))]
    if finding["part"] is not None:
        proof.append((text("Exact part and whole"), exact_cell(finding, currency)))
    readings = [reading.split("=", 1)[0] for reading in strings(finding["readings"])]
    if readings:
        links = tuple(Reference(f"reading-{reading}", Id(reading)) for reading in readings)
        proof.append((text("Readings"), Many(links)))
    digests = strings(finding["evidence"])
    shown: list[Cell] = [Id(digest) for digest in digests[:MOST_DIGESTS]]
    if len(digests) > MOST_DIGESTS:
        shown.append(say(text("%(count)s more in the workbook"), count=len(digests) - MOST_DIGESTS))
    none_named = say(text("none: the finding rests on tables only"))
    proof.append((text("Documents (SHA-256)"), Many(tuple(shown)) if shown else none_named))
    return tuple(proof)


def exact_cell(finding: Mapping[str, Any], currency: str | None) -> Cell:
    """The exact part, and of what whole, in their unit; the reporting currency by its code where it is known."""
    unit: str | None = finding["unit"]
    if unit == REPORTING_CURRENCY and currency is not None:
        unit = currency
    part = Exact(Decimal(finding["part"]), unit)
    if finding["whole"] is None:
        return part
    return say(text("%(part)s of %(whole)s"), part=part, whole=Exact(Decimal(finding["whole"]), unit))


def finding_row(assessment: Assessment, finding: Mapping[str, Any], *, measured: bool = True) -> Row:
    """A finding as a row of `COLUMNS`; without ``measured`` it lacks the last one."""
    cells: tuple[Cell, ...] = (
        Id(finding["id"]),
        assessment.names.subjects.cell(finding["subject"]),
        Outcome(finding["outcome"]),
        sentence_of(assessment, finding),
    )
    if measured:
        cells = (*cells, measured_cell(finding))
    return Row(cells, anchor_of(finding["id"]), proof_of(finding, assessment.currency))


def rule_table(assessment: Assessment, findings: pl.DataFrame, rule: str, shown: int) -> Table:
    """The findings of a rule that are not met or lack evidence, the failures first."""
    measured = findings["part"].count() > 0 or findings["whole"].count() > 0
    return Table(
        f"open-{rule}",
        say(text("Open findings of %(rule)s"), rule=Id(rule)),
        COLUMNS if measured else COLUMNS[:-1],
        FrameRows(findings, lambda row: finding_row(assessment, row, measured=measured)),
        shown=shown,
        part_of=FINDINGS_TABLE,
    )


def all_findings(assessment: Assessment, findings: pl.DataFrame) -> Table:
    """Every finding with everything that it carries, for the workbook and the JSON."""
    columns = (
        *COLUMNS[:1],
        Column("rule", text("Rule")),
        Column("clause", text("Clause")),
        *COLUMNS[1:4],
        Column("reason", text("Reason code")),
        Column("values", text("Values")),
        Column("part", text("Part"), numeric=True),
        Column("whole", text("Whole"), numeric=True),
        Column("unit", text("Unit")),
        Column("readings", text("Readings")),
        Column("evidence", text("Documents (SHA-256)")),
    )
    rules = assessment.edition.rules

    def make(row: Mapping[str, Any]) -> Row:
        cells: tuple[Cell, ...] = (
            Id(row["id"]),
            Id(row["rule"]),
            Citation(rules[row["rule"]].clause) if row["rule"] in rules else "",
            subject_cell(row["subject"]),
            Outcome(row["outcome"]),
            sentence_of(assessment, row),
            Id(row["reason"]),
            Id(row["values"] or "{}"),
            _decimal(row["part"]),
            _decimal(row["whole"]),
            Word(row["unit"]) if row["unit"] else "",
            Many(tuple(Id(each) for each in strings(row["readings"]))),
            Many(tuple(Id(each) for each in strings(row["evidence"]))),
        )
        return Row(cells)

    if findings.height > LISTED:  # what is open is listed first, so that it is the last to be left out
        findings = findings.sort(pl.col("outcome").is_in(BLOCKING), descending=True, maintain_order=True)
    return Table(FINDINGS_TABLE, say(text("All findings")), columns, FrameRows(findings, make), shown=0)


def _decimal(value: str | None) -> Cell:
    return "" if value is None else Quantity(Decimal(value))
