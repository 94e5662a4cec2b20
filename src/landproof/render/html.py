"""The report as one HTML file: no request to anywhere, no script, a policy that forbids both."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from landproof.domain.outcome import Outcome
from landproof.render.figures import anchors, draw, draw_picture
from landproof.render.labels import LABELS, more_sentence, outcome_counts, period_sentence, tile_counts
from landproof.render.palette import OUTCOME_CLASSES, OUTCOME_SIGNS
from landproof.render.wording import Run, Wording
from landproof.reporting.cells import Cell, Citation
from landproof.reporting.findings import anchor_of_rule
from landproof.reporting.nodes import (
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
    Table,
    Tile,
    Tiles,
)
from landproof.reporting.words import OUTCOMES

_WIDE = 5  # a column with a fifth of the weight or more keeps room for a sentence
_SHORT = 20  # an identifier up to this length is never broken
_LONG = 64  # one from this length on, such as a digest, is set small


def render_html(report: Report, language: str) -> str:
    """The report in ``language`` ("en" or any form of "zh") as one self-contained page."""
    page = _Page(report, Wording(language, report.edition))
    css = (files("landproof.render") / "templates" / "report.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        _environment()
        .get_template("report.html")
        .render(
            tag=page.wording.tag,
            policy=policy,
            css=Markup(css),  # noqa: S704 - our own file, no data in it
            labels={name: page.wording.say(label) for name, label in LABELS.items()},
            version=report.version,
            company=report.company,
            verdict=page.outcome(report.verdict),
            stage=page.cell(report.stage),
            as_of=page.cell(report.as_of),
            period=page.cell(period_sentence(report)),
            case=report.case,
            edition=page.cell(report.edition_title),
            run=report.run,
            sections=[
                {
                    "name": section.name,
                    "title": page.cell(section.title),
                    "clause": section.clause,
                    "nodes": [page.node(node) for node in section.nodes],
                }
                for section in report.sections
            ],
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("landproof.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _Page:
    """Turns nodes into what the templates print."""

    def __init__(self, report: Report, wording: Wording) -> None:
        self.wording = wording
        self._anchors = anchors(report)

    def cell(self, cell: Cell) -> Markup:
        return Markup("").join(self._run(run) for run in self.wording.runs(cell))

    def _run(self, run: Run) -> Markup:
        if run.kind == "break":
            return Markup("<br>")
        if run.outcome is not None:
            return self._badge(run.outcome)
        shown = run.text
        if run.kind in _MARKED:
            css = run.kind
            if css == "id":
                css = "id short" if len(run.text) <= _SHORT else "id long" if len(run.text) >= _LONG else "id"
            shown = Markup("<span class='{}'>{}</span>").format(css, run.text)
        if run.target is not None and run.target in self._anchors:
            return Markup("<a href='#{}'>{}</a>").format(run.target, shown)
        return Markup("{}").format(shown)

    def outcome(self, outcome: Outcome) -> dict[str, str]:
        return {
            "css": OUTCOME_CLASSES[outcome],
            "sign": OUTCOME_SIGNS[outcome],
            "word": self.wording.say(OUTCOMES[outcome]),
        }

    def _badge(self, outcome: Outcome) -> Markup:
        parts = self.outcome(outcome)
        return Markup(
            "<span class='outcome {css}'><span class='sign' aria-hidden='true'>{sign}</span>{word}</span>"
        ).format(**parts)

    def node(self, node: Node) -> dict[str, Any]:
        match node:
            case Paragraph():
                return {"kind": "paragraph", "tone": node.tone, "text": self.cell(node.sentence)}
            case Note():
                return {"kind": "note", "text": self.cell(node.sentence)}
            case Table():
                return {"kind": "table", "table": self.table(node)}
            case Tiles():
                return {"kind": "tiles", "tiles": [self._tile(tile) for tile in node.tiles]}
            case Fold():
                nodes = [self.node(each) for each in node.nodes]
                return {"kind": "fold", "summary": self.cell(node.summary), "nodes": nodes}
            case Pictures():
                drawn = [self._picture(each, number) for number, each in enumerate(node.pictures, start=1)]
                return {"kind": "pictures", "title": self.cell(node.title), "pictures": drawn}
            case RuleFindings():
                return self._rule(node)
            case Drawn():
                return {
                    "kind": "chart",
                    "title": self.cell(node.title),
                    "name_said": self.wording(node.title),
                    "svg": _inside(draw(node, self.wording)),
                    "table": self.table(node.twin),
                }

    def _picture(self, picture: PlotPicture, number: int) -> dict[str, Any]:
        return {
            "title": self.cell(picture.title),
            "name_said": self.wording(picture.title),
            "lines": [self.cell(line) for line in picture.lines],
            "svg": _inside(draw_picture(picture, number, self.wording)),
        }

    def table(self, table: Table) -> dict[str, Any]:
        weight = sum(column.weight for column in table.columns)
        return {
            "name": table.name,
            "title": self.cell(table.title),
            "name_said": self.wording(table.title),
            "columns": [
                {
                    "label": self.wording.say(column.label),
                    "numeric": column.numeric,
                    "wide": column.weight * _WIDE >= weight,
                }
                for column in table.columns
            ],
            "rows": [self._row(row) for row in table.page_rows()],
            "more": self.cell(more_sentence(table.left_over)) if table.left_over else None,
            "empty": None if table.empty is None else self.cell(table.empty),
        }

    def _row(self, row: Row) -> dict[str, Any]:
        return {
            "anchor": row.anchor,
            "cells": self.cells(row.cells),
            "proof": [(self.wording.say(label), self.cell(cell)) for label, cell in row.proof],
        }

    def cells(self, cells: Sequence[Cell]) -> list[Markup]:
        return [self.cell(cell) for cell in cells]

    def _tile(self, tile: Tile) -> dict[str, Any]:
        return {
            "clause": tile.clause,
            "title": self.wording.say(tile.title),
            "outcome": self.outcome(tile.outcome),
            "counts": self.cell(tile_counts(tile)),
            "target": tile.target,
        }

    def _rule(self, node: RuleFindings) -> dict[str, Any]:
        links = Markup(", ").join(
            Markup("<a href='#reading-{0}'>{0}</a>").format(reading) for reading in node.readings
        )
        return {
            "kind": "rule",
            "anchor": anchor_of_rule(node.rule),
            "rule": node.rule,
            "title": self.cell(node.title),
            "outcome": self.outcome(node.outcome),
            "counts": self.cell(outcome_counts(node.counts)),
            "clause": self.cell(Citation(node.clause)),
            "kind_word": self.cell(node.kind),
            "stage": self.cell(node.stage),
            "readings": links,
            "requirement": self.cell(node.requirement),
            "test": self.cell(node.test),
            "evidence": self.cell(node.evidence),
            "remark": None if node.remark is None else self.cell(node.remark),
            "table": None if node.table is None else self.table(node.table),
        }


def _inside(svg: str) -> Markup:
    """Inside HTML an <svg> needs no namespace, and no address is wanted on the page."""
    return Markup(svg.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1))  # noqa: S704 - escaped where it is drawn


_MARKED = ("id", "key", "number", "unknown")
