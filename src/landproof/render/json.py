"""The report as JSON: exact decimals as strings, keys sorted, one line per report.

Cells that carry more than a text are objects: what is exact, and ``text``, what people read.
"""

import json
from datetime import date
from typing import Any, TypeAlias

from landproof.criteria.edition import Bilingual
from landproof.domain.outcome import Outcome
from landproof.render.labels import period_sentence
from landproof.render.wording import Wording
from landproof.reporting.amounts import plain
from landproof.reporting.cells import (
    Amount,
    Area,
    Cell,
    Country,
    Id,
    ListName,
    Many,
    Mass,
    Quantity,
    Reference,
    Share,
)
from landproof.reporting.nodes import (
    Fold,
    MaterialityBars,
    Node,
    Note,
    Paragraph,
    Pictures,
    PlotMap,
    Report,
    Row,
    RuleFindings,
    Sankey,
    Table,
    Tiles,
    Waterfall,
)

FORMAT = "landproof report 1"
Json: TypeAlias = Any


def render_json(report: Report, language: str) -> str:
    """The report in ``language``, canonical: the same report gives the same characters."""
    writer = _Writer(Wording(language, report.edition))
    return json.dumps(writer.report(report), ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


class _Writer:
    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def report(self, report: Report) -> Json:
        start, end = report.period
        return {
            "format": FORMAT,
            "language": self._wording.tag,
            "company": report.company,
            "case": report.case,
            "stage": report.stage.value,
            "as_of": report.as_of.isoformat(),
            "period": {
                "from": None if start is None else start.isoformat(),
                "to": None if end is None else end.isoformat(),
                "text": self._wording(period_sentence(report)),
            },
            "edition": {"id": report.edition, "title": self._wording(report.edition_title)},
            "run": report.run,
            "version": report.version,
            "verdict": self.cell(report.verdict),
            "headline": self._wording(report.headline),
            "provable": self.cell(report.provable),
            "sections": [
                {
                    "name": section.name,
                    "clause": section.clause,
                    "title": self._wording(section.title),
                    "nodes": [self.node(node) for node in section.nodes],
                }
                for section in report.sections
            ],
            "tables": {sheet.table.name: self.table(sheet.table) for sheet in report.sheets},
        }

    def node(self, node: Node) -> Json:
        match node:
            case Paragraph():
                return {"kind": "paragraph", "tone": node.tone, "text": self._wording(node.sentence)}
            case Note():
                return {"kind": "note", "text": self._wording(node.sentence)}
            case Table():
                return self._page_table(node)
            case Tiles():
                return {
                    "kind": "tiles",
                    "tiles": [
                        {
                            "clause": tile.clause,
                            "title": self._wording.say(tile.title),
                            "outcome": self.cell(tile.outcome),
                            "requirements": {outcome.value: count for outcome, count in tile.counts.items()},
                            "counted": tile.counted,
                            "section": tile.target,
                        }
                        for tile in node.tiles
                    ],
                }
            case Fold():
                return {
                    "kind": "fold",
                    "summary": self._wording(node.summary),
                    "nodes": [self.node(each) for each in node.nodes],
                }
            case Pictures():
                return {
                    "kind": "pictures",
                    "title": self._wording(node.title),
                    "pictures": [
                        {
                            "plot": picture.plot,
                            "verdicts": [self._wording(line) for line in picture.lines],
                            "file": picture.file,
                        }
                        for picture in node.pictures
                    ],
                    "left_out": node.left_out,
                }
            case RuleFindings():
                return self._rule(node)
            case Waterfall() | MaterialityBars() | Sankey() | PlotMap():
                return {
                    "kind": "chart",
                    "chart": type(node).__name__,
                    "title": self._wording(node.title),
                    "table": self._page_table(node.twin),
                }

    def _rule(self, node: RuleFindings) -> Json:
        return {
            "kind": "rule",
            "rule": node.rule,
            "clause": node.clause,
            "rule_kind": node.kind.value,
            "stage": node.stage.value,
            "title": self._wording(node.title),
            "requirement": self._wording(node.requirement),
            "test": self._wording(node.test),
            "evidence": self._wording(node.evidence),
            "readings": list(node.readings),
            "outcome": self.cell(node.outcome),
            "findings": {outcome.value: count for outcome, count in node.counts.items()},
            "remark": None if node.remark is None else self._wording(node.remark),
        }

    def _page_table(self, table: Table) -> Json:
        """A table where the page has it; one that is kept in full under ``tables`` is only named."""
        if table.shown is not None:
            return {"kind": "table", "table": table.part_of or table.name, "rows": len(table.rows)}
        return {"kind": "table", **self.table(table)}

    def table(self, table: Table) -> Json:
        """The listed rows, each an object by column; ``unlisted`` counts the rest."""
        names = [column.name for column in table.columns]
        return {
            "name": table.name,
            "title": self._wording(table.title),
            "columns": {column.name: self._wording.say(column.label) for column in table.columns},
            "rows": [self._row(names, row) for row in table.listed_rows()],
            "unlisted": table.unlisted,
        }

    def _row(self, names: list[str], row: Row) -> Json:
        written = {name: self.cell(cell) for name, cell in zip(names, row.cells, strict=True)}
        if row.proof:
            written["proof"] = [
                {"label": self._wording.say(label), "value": self._wording(cell)} for label, cell in row.proof
            ]
        return written

    def cell(self, cell: Cell) -> Json:
        """The exact value beside the text; null where it is unknown."""
        match cell:
            case Id():  # the commonest first: a table may hold millions
                return cell.value
            case Many():
                return [self.cell(each) for each in cell.cells]
            case None:
                return None
            case Outcome():
                return {"outcome": cell.value, "text": self._wording(cell)}
            case str() | int():
                return cell
            case date():
                return cell.isoformat()
            case Amount():
                return {"amount": plain(cell.value), "currency": cell.currency, "text": self._wording(cell)}
            case Share():
                return {"part": plain(cell.part), "whole": plain(cell.whole), "text": self._wording(cell)}
            case Mass():
                return {"grams": plain(cell.grams), "text": self._wording(cell)}
            case Area():
                return {"hectares": plain(cell.hectares), "text": self._wording(cell)}
            case Quantity():
                return plain(cell.value)
            case Country():
                return {"country": cell.code, "text": self._wording(cell)}
            case ListName():
                return {"list": cell.id, "text": self._wording(cell)}
            case Reference():
                return self.cell(cell.cell)
            case Bilingual():
                return self._wording(cell)
            case _:
                return self._wording(cell)
