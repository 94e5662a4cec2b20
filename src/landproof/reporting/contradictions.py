"""What the documents of the chain say that cannot all be true, and what was not checked for want of data."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from landproof.chain.balances import ranked, sentence_of
from landproof.chain.balances.sentences import TITLES
from landproof.domain.messages import text
from landproof.reporting.assessment import Assessment
from landproof.reporting.cells import Cell, Id, Many, Sentence, Word, say
from landproof.reporting.nodes import Column, FrameRows, Node, Note, Paragraph, Row, Section, Table

_ROWS: Final = 20
_MOST_FACTS: Final = 8
_WORDS: Final = ("claimed", "weaker", "commodity")  # values of a sentence that are words of a closed list
_COLUMNS: Final = (
    Column("weight", text("Weight"), weight=4),
    Column("check", text("Check"), weight=5),
    Column("said", text("What the documents say"), weight=9),
)
_CHECK_COLUMNS: Final = (
    Column("check", text("Check"), weight=10),
    Column("looked", text("Looked at"), numeric=True, weight=3),
    Column("unchecked", text("Not checked"), numeric=True, weight=3),
)


def contradictions(assessment: Assessment) -> tuple[Section, Table]:
    """The section, and the table of all findings: contradictions first, then what is to be looked at."""
    findings = ranked(assessment.table("chain_findings"))
    count = findings.filter(pl.col("weight") == "contradiction").height
    title = say(text("What cannot all be true"))
    empty = say(text("Nothing on file contradicts the rest."))
    found = Table("contradictions", title, _COLUMNS, FrameRows(findings, _row), shown=_ROWS, empty=empty)
    checks = assessment.table("chain_checks")
    order = {check: place for place, check in enumerate(TITLES)}
    looked = Table(
        "checks",
        say(text("What was looked at")),
        _CHECK_COLUMNS,
        [
            Row((say(TITLES[row["check"]]), row["looked_at"], row["not_checked"]))
            for row in sorted(checks.to_dicts(), key=lambda row: order[row["check"]])
        ],
        empty=say(text("Nothing was checked.")),
    )
    nodes: tuple[Node, ...] = (
        Paragraph(_how_many(count, findings.height - count), tone="warning" if count else "plain"),
        found,
        looked,
        Note(say(text("Not checked: something is missing. That is no sign that all is well."))),
    )
    return Section("contradictions", title, nodes, "3.3"), found


def _how_many(contradictions: int, signs: int) -> Sentence:
    said = text(
        "Contradictions, where documents cannot all be true: %(contradictions)s. Signs, to be looked at: "
        "%(signs)s. They decide no rule; the verifier asks about them."
    )
    return say(said, contradictions=contradictions, signs=signs)


def _row(row: Mapping[str, Any]) -> Row:
    message = sentence_of(row)
    values: dict[str, Cell] = {
        name: Word(value) if name in _WORDS else value for name, value in message.values.items()
    }
    facts: list[Cell] = [Id(fact) for fact in row["facts"][:_MOST_FACTS]]
    if len(row["facts"]) > _MOST_FACTS:
        facts.append(say(text("%(count)s more in the workbook"), count=len(row["facts"]) - _MOST_FACTS))
    proof: tuple[tuple[str, Cell], ...] = ((text("Rows behind it"), Many(tuple(facts)) if facts else ""),)
    return Row((Word(row["weight"]), say(TITLES[row["check"]]), Sentence(message.sentence, values)), proof=proof)
