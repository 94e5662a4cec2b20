"""The section of what cannot all be true: order, sentences in both languages, nothing left out in silence."""

from typing import Any

from landproof.render.wording import Wording
from landproof.reporting.cells import Cell
from landproof.reporting.contradictions import contradictions
from landproof.reporting.nodes import Note, Paragraph, Table
from tests.unit.reporting.invented import assessment, frame, tables

EARLY: dict[str, Any] = {
    "finding": "f1", "check": "used before made", "weight": "contradiction", "subject_kind": "lot",
    "subject": "L-1", "lots": [], "plots": [], "basis": [],
    "facts": ["delivery:D1", "delivery:D2"], "values": '{"making": "delivery:D2", "use": "delivery:D1"}',
}  # fmt: skip
FULL: dict[str, Any] = {
    "finding": "f2", "check": "plot over capacity", "weight": "sign", "subject_kind": "plot", "subject": "P-1",
    "lots": [], "plots": [], "basis": [],
    "commodity": "cocoa", "measured_g": 1_950_000, "limit_g": 1_800_000,
    "facts": [f"delivery:D{n}" for n in range(9)],
    "values": '{"area": "1.5", "number": "3", "year": "2025-10-01", "yield": "1200", "crossing": "delivery:D8"}',
}  # fmt: skip


def section(*rows: dict[str, Any], checks: list[dict[str, Any]] | None = None) -> tuple[list[Any], Table]:
    given = {"chain_findings": frame("chain_findings", rows), "chain_checks": frame("chain_checks", checks or [])}
    found, table = contradictions(assessment(tables={**tables(), **given}))
    return list(found.nodes), table


def said(cell: Cell, language: str = "en") -> str:
    return Wording(language)(cell)


def test_contradictions_come_first_and_are_counted_apart():
    nodes, table = section(FULL, EARLY)
    assert isinstance(nodes[0], Paragraph)
    assert nodes[0].tone == "warning"
    assert "all be true: 1. Signs, to be looked at: 1." in said(nodes[0].sentence)
    assert [said(row.cells[0]) for row in table.rows] == ["contradiction", "sign"]
    assert said(table.rows[0].cells[2]).startswith("Lot L-1 was used")
    assert "delivery:D1" in said(table.rows[0].cells[2])
    assert said(table.rows[0].cells[2], "zh").startswith("批次 L-1")
    assert [said(row.cells[0], "zh") for row in table.rows] == ["矛盾", "迹象"]
    assert "可可" in said(table.rows[1].cells[2], "zh")  # the commodity, too


def test_rows_behind_a_finding_are_counted_where_not_all_are_shown():
    _, table = section(FULL)
    [proof] = table.rows[0].proof
    assert said(proof[1]).endswith("delivery:D7, 1 more in the workbook")


def test_nothing_found_is_no_warning_and_what_was_not_checked_is_told():
    nodes, table = section(checks=[{"check": "used before made", "looked_at": 4, "not_checked": 2}])
    assert (nodes[0].tone, len(table.rows)) == ("plain", 0)
    [row] = nodes[2].rows
    assert [said(cell) for cell in row.cells] == ["Lot used before it was made", "4", "2"]
    assert isinstance(nodes[3], Note)
