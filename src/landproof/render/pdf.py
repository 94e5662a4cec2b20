"""The report as PDF/A-3a by Typst: tagged, with the data attached, the same bytes for the same report."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from landproof.domain.errors import LandproofError
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.render.figures import anchors, draw, draw_picture
from landproof.render.labels import LABELS, more_sentence, outcome_counts, period_sentence, tile_counts
from landproof.render.palette import OUTCOME_COLOURS, OUTCOME_GROUNDS, OUTCOME_SIGNS
from landproof.render.wording import Run, Wording
from landproof.reporting.cells import Cell, Citation, Id, Many, Reference, Sentence, say
from landproof.reporting.findings import anchor_of_rule
from landproof.reporting.nodes import (
    Column,
    Drawn,
    Fold,
    Node,
    Note,
    Paragraph,
    Pictures,
    PlotPicture,
    Report,
    Row,
    RuleFindings,
    Section,
    Table,
    Tile,
    Tiles,
)
from landproof.reporting.words import OUTCOMES

FONTS = Path(__file__).parent / "fonts"
FONT_FILES = ("NotoSansSC_400Regular.ttf", "NotoSansSC_700Bold.ttf")
_TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
_TYPES = {
    ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class FontsMissingError(LandproofError):
    """The fonts of the PDF were not installed."""


def render_pdf(report: Report, language: str, attachments: Mapping[str, bytes]) -> bytes:
    """The report in ``language`` as PDF/A-3a, with ``attachments`` (file name to content) inside.

    Raises `FontsMissingError` when the fonts are not there: a PDF in another font could lack characters.
    """
    check_fonts()
    data = _Paper(report, Wording(language, report.edition)).document(sorted(attachments))
    with TemporaryDirectory(prefix="landproof-") as folder:
        root = Path(folder)
        for name, content in attachments.items():
            (root / name).write_bytes(content)
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (root / "report.typ").write_bytes(_TEMPLATE.read_bytes())
        compiler = typst.Compiler(
            str(root / "report.typ"), root=str(root), font_paths=[str(FONTS)], ignore_system_fonts=True
        )
        # The file's own date is the date of the assessment, so that a re-run gives the same bytes.
        moment = int(datetime.combine(report.as_of, time.min, UTC).timestamp())
        made = compiler.compile(format="pdf", pdf_standards=["a-3a"], timestamp=moment)
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no single PDF")
    return made


def check_fonts() -> None:
    """Raise `FontsMissingError` unless both fonts are there."""
    for name in FONT_FILES:
        if not (FONTS / name).is_file():
            raise FontsMissingError(
                text("The font %(file)s is not in %(folder)s, so no PDF can be written. Run `make setup`."),
                file=name,
                folder=FONTS,
            )


class _Paper:
    """Turns nodes into the data that the template sets."""

    def __init__(self, report: Report, wording: Wording) -> None:
        self._report = report
        self._wording = wording
        self._anchors = anchors(report)

    def document(self, attachments: Sequence[str]) -> dict[str, Any]:
        report, say_label = self._report, self._wording.say
        chinese = self._wording.language == "zh_Hans"
        return {
            "lang": "zh" if chinese else "en",
            "region": "CN" if chinese else "GB",
            "title": f"{say_label(LABELS['report'])} – {report.company}",
            "company": report.company,
            "as_of": [report.as_of.year, report.as_of.month, report.as_of.day],
            "labels": {"report": say_label(LABELS["report"]), "page": self._page_label()},
            "facts": self._facts(attachments),
            "sections": [self._section(section) for section in report.sections],
            "attachments": [
                {
                    "path": name,
                    "type": _TYPES.get(Path(name).suffix, "application/octet-stream"),
                    "description": name,
                }
                for name in attachments
            ],
        }

    def _page_label(self) -> list[str]:
        return (self._wording.say(LABELS["page"]) % {"page": "\0", "pages": "\0"}).split("\0")

    def _facts(self, attachments: Sequence[str]) -> list[dict[str, Any]]:
        report = self._report
        facts: list[tuple[str, Cell, int]] = [
            ("verdict", report.verdict, 1),
            ("stage", report.stage, 1),
            ("as_of", report.as_of, 1),
            ("period", period_sentence(report), 1),
            ("case", Id(report.case), 1),
            ("software", Id(f"landproof {report.version}"), 1),
            ("run", Id(report.run), 2),
            ("edition", report.edition_title, 3 if attachments else 4),
        ]
        said = [
            {"label": self._wording.say(LABELS[name]), "value": self._cell(cell), "span": span}
            for name, cell, span in facts
        ]
        if attachments:
            files = Many(tuple(Id(name) for name in attachments))
            said.append({"label": self._wording.say(LABELS["attached"]), "value": self._cell(files), "span": 1})
        return said

    def _cell(self, cell: Cell) -> list[dict[str, Any]]:
        return [self._run(run) for run in self._wording.runs(cell)]

    def _run(self, run: Run) -> dict[str, Any]:
        if run.outcome is not None:
            return self._outcome(run.outcome)
        target = run.target if run.target in self._anchors else None
        return {"text": run.text, "kind": run.kind, "target": target}

    def _outcome(self, outcome: Outcome) -> dict[str, Any]:
        return {
            "text": self._wording.say(OUTCOMES[outcome]),
            "kind": "outcome",
            "target": None,
            "sign": OUTCOME_SIGNS[outcome],
            "colour": OUTCOME_COLOURS[outcome],
            "ground": OUTCOME_GROUNDS[outcome],
        }

    def _section(self, section: Section) -> dict[str, Any]:
        rules = [node for node in section.nodes if isinstance(node, RuleFindings)]
        # On paper a rule without open findings is a line in its clause's table.
        nodes = [node for node in section.nodes if not isinstance(node, RuleFindings) or node.table is not None]
        return {
            "name": section.name,
            "title": self._cell(section.title),
            "clause": section.clause,
            "summary": self._table(self._rules(section.name, rules)) if rules else None,
            "nodes": [self._node(node) for node in nodes],
        }

    def _rules(self, name: str, rules: Sequence[RuleFindings]) -> Table:
        columns = (
            Column("rule", LABELS["rule"], weight=5),
            Column("requirement", LABELS["requirement"], weight=12),
            Column("outcome", LABELS["outcome"], weight=9),
            Column("findings", LABELS["findings"], weight=10),
            Column("remark", LABELS["remark"], weight=12),
        )
        rows = [self._rule_row(rule) for rule in rules]
        return Table(f"rules-{name}", say(""), columns, rows)  # the heading above says it

    def _rule_row(self, rule: RuleFindings) -> Row:
        anchor = anchor_of_rule(rule.rule)
        own: Cell = Id(rule.rule) if rule.table is None else Reference(anchor, Id(rule.rule))
        counts = outcome_counts(rule.counts)
        cells: tuple[Cell, ...] = (own, rule.title, rule.outcome, counts, rule.remark or "")
        return Row(cells, anchor if rule.table is None else None)

    def _node(self, node: Node) -> dict[str, Any]:
        match node:
            case Paragraph():
                return {"kind": "paragraph", "tone": node.tone, "text": self._cell(node.sentence)}
            case Note():
                return {"kind": "note", "text": self._cell(node.sentence)}
            case Table():
                return {"kind": "table", "table": self._table(node)}
            case Tiles():
                return {"kind": "tiles", "tiles": [self._tile(tile) for tile in node.tiles]}
            case Fold():
                nodes = [self._node(each) for each in node.nodes]
                return {"kind": "fold", "summary": self._cell(node.summary), "nodes": nodes}
            case Pictures():
                drawn = [self._picture(each, number) for number, each in enumerate(node.pictures, start=1)]
                return {"kind": "pictures", "title": self._cell(node.title), "pictures": drawn}
            case RuleFindings():
                return self._rule(node)
            case Drawn():
                table = node.twin
                return {
                    "kind": "chart",
                    "title": self._cell(node.title),
                    "alt": self._alternative(node.title, table),
                    "svg": draw(node, self._wording),
                    "table": self._table(table) | ({"title": []} if table.title == node.title else {}),
                }

    def _picture(self, picture: PlotPicture, number: int) -> dict[str, Any]:
        lines = " ".join(self._wording(line) for line in picture.lines)
        return {
            "title": self._cell(picture.title),
            "lines": [self._cell(line) for line in picture.lines],
            "alt": f"{self._wording(picture.title)}. {lines}",
            "svg": draw_picture(picture, number, self._wording),
        }

    def _alternative(self, title: Sentence, table: Table) -> str:
        said = say(text("%(title)s. The same numbers stand in the table below: %(table)s."), title=title,
                   table=table.title)  # fmt: skip
        return self._wording(said)

    def _rule(self, node: RuleFindings) -> dict[str, Any]:
        about = say(
            text("Clause %(clause)s · %(kind)s · stage: %(stage)s"),
            clause=Citation(node.clause),
            kind=node.kind,
            stage=node.stage,
        )
        return {
            "kind": "rule",
            "anchor": anchor_of_rule(node.rule),
            "rule": node.rule,
            "title": self._cell(node.title),
            "outcome": self._outcome(node.outcome),
            "about": self._cell(about),
            "requirement": self._cell(node.requirement),
            "remark": None if node.remark is None else self._cell(node.remark),
            "table": None if node.table is None else self._table(node.table),
        }

    def _tile(self, tile: Tile) -> dict[str, Any]:
        return {
            "clause": tile.clause,
            "title": self._wording.say(tile.title),
            "outcome": self._outcome(tile.outcome),
            "counts": self._wording(tile_counts(tile)),
            "target": tile.target,
        }

    def _table(self, table: Table) -> dict[str, Any]:
        return {
            "name": table.name,
            "title": self._cell(table.title),
            "columns": [
                {"label": self._wording.say(column.label), "numeric": column.numeric, "weight": column.weight}
                for column in table.columns
            ],
            "rows": [
                {"anchor": row.anchor, "cells": [self._cell(cell) for cell in row.cells]}
                for row in table.page_rows()
            ],
            "more": self._cell(more_sentence(table.left_over)) if table.left_over else None,
            "empty": self._cell(table.empty or table.title),
        }
