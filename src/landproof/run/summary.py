"""A run in a few lines, for the screen and for programs."""

from typing import Any

import polars as pl

from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.reference.catalogue import translate
from landproof.render.wording import Wording
from landproof.reporting.first_page import ACTIONS
from landproof.reporting.nodes import Tiles
from landproof.run.assess import FILE_LANGUAGE, Assessed
from landproof.run.sentences import finding_sentence

SHOWN = 5
# Clause modules as people call them.
CLAUSES = {
    "entity": text("Entity (1, 2.1 to 2.3)"),
    "products": text("Products (2.1 to 2.3)"),
    "materiality": text("Materiality (2.4)"),
    "parent_group": text("Parent group (2.5)"),
    "cut_off": text("Cut-off (3.1)"),
    "origin_risk": text("Origin risk (3.2)"),
    "traceability": text("Traceability (3.3)"),
    "due_diligence": text("Due diligence (3.4)"),
    "monitoring": text("Monitoring (3.5)"),
    "disclosure": text("Disclosure (3.6)"),
    "verification": text("Verification (3.7)"),
    "schemes": text("Schemes (3.8)"),
    "human_rights": text("Human rights (3.9)"),
    "lifecycle": text("Certification lifecycle"),
    "enabling": text("Enabling activities (4)"),
}
_STEP = text("%(what)s (spend held back: %(share)s)")
_BLOCKING = (Outcome.NOT_MET.value, Outcome.INSUFFICIENT.value)


def headline(assessed: Assessed, language: str) -> str:
    """The report's first sentence."""
    return Wording(language, assessed.report.edition)(assessed.report.headline)


def clause_lines(assessed: Assessed, language: str) -> list[list[str]]:
    """Per clause module: name, outcome as the report's tile has it, and how many findings are met, not met and
    insufficient."""
    tiles = [tile for node in assessed.report.nodes() if isinstance(node, Tiles) for tile in node.tiles]
    outcomes = {tile.target.removeprefix("clause-"): tile.outcome for tile in tiles}
    edition = assessed.assessment.edition
    module = {rule.id: rule.module for rule in edition.rules.values()}
    counted = (
        assessed.assessment.findings.with_columns(module=pl.col("rule").replace_strict(module))
        .group_by("module", "outcome")
        .len()
    )
    lines: list[list[str]] = []
    for name in dict.fromkeys(module.values()):
        counts = dict(counted.filter(pl.col("module") == name).select("outcome", "len").iter_rows())
        numbers = [str(counts.get(each.value, 0)) for each in (Outcome.MET, Outcome.NOT_MET, Outcome.INSUFFICIENT)]
        lines.append([translate(CLAUSES[name], language), translate(outcomes[name].value, language), *numbers])
    return lines


def blocking(assessed: Assessed) -> pl.DataFrame:
    """Findings that keep the entity from its stage."""
    edition = assessed.assessment.edition
    counted = [rule.id for rule in edition.rules.values() if rule.counts_in_verdict]
    return assessed.assessment.findings.filter(pl.col("rule").is_in(counted) & pl.col("outcome").is_in(_BLOCKING))


def next_steps(assessed: Assessed, language: str) -> list[str]:
    """The report's first steps, the one that holds back most spend first: what, and how much it holds back."""
    wording = Wording(language, assessed.report.edition)
    steps = next(sheet.table for sheet in assessed.report.sheets if sheet.table.name == ACTIONS)
    place = {column.name: number for number, column in enumerate(steps.columns)}
    return [
        translate(_STEP, language)
        % {"what": wording(row.cells[place["what"]]), "share": wording(row.cells[place["effect"]])}
        for row in steps.rows[:SHOWN]
    ]


def summary(assessed: Assessed, language: str) -> dict[str, Any]:
    """The run as plain data."""
    short = FILE_LANGUAGE[language]
    folder = assessed.run.folder
    return {
        "run": folder.name,
        "verdict": assessed.verdict.value,
        "ready": assessed.verdict in (Outcome.MET, Outcome.NOT_APPLICABLE),
        "sentence": headline(assessed, language),
        "stage": assessed.assessment.stage,
        "as_of": assessed.assessment.as_of.isoformat(),
        "readings": assessed.assessment.edition.departures(),
        "blocking": [
            {"rule": row["rule"], "subject": row["subject"], "outcome": row["outcome"],
             "reason": row["reason"], "sentence": finding_sentence(row, language, assessed.assessment.names)}
            for row in blocking(assessed).iter_rows(named=True)
        ],
        "reports": {kind: str(folder / f"report.{short}.{kind}") for kind in ("html", "pdf", "xlsx", "json")},
    }  # fmt: skip
