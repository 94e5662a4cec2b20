"""Clauses 3.4 to 3.6 and 3.9 beyond the worked cases: intervals, spans, and rows that are left out."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.criteria.registry import RULES
from landproof.criteria.rules.data_room import covers
from landproof.criteria.rules.monitoring import intervals
from landproof.domain.vocabulary import HCV_FEATURES
from tests.unit.criteria.assurance import EDITION, day, judged, passes, position

MODULES = ("due_diligence", "monitoring", "disclosure", "verification", "human_rights")


@pytest.mark.parametrize(
    ("start", "end", "months", "expected"),
    [
        # A year is one interval of twelve months and two of six.
        ("2025-07-01", "2026-06-30", 12, ["2025-07-01", "2026-07-01"]),
        ("2025-07-01", "2026-06-30", 6, ["2025-07-01", "2026-01-01", "2026-07-01"]),
        # A day short of the second interval, it is not due.
        ("2025-07-01", "2027-06-29", 12, ["2025-07-01", "2026-07-01"]),
        ("2025-07-01", "2027-06-30", 12, ["2025-07-01", "2026-07-01", "2027-07-01"]),
        # A period shorter than the interval is one interval itself.
        ("2025-07-01", "2025-09-30", 12, ["2025-07-01", "2025-10-01"]),
        # From the last day of a long month: no day is counted twice or left out.
        ("2025-08-31", "2026-08-30", 6, ["2025-08-31", "2026-02-28", "2026-08-31"]),
    ],
)
def test_intervals_of_a_period(start: str, end: str, months: int, expected: list[str]) -> None:
    bounds = [day(each) for each in expected]
    assert intervals(day(start), day(end), months) == list(pairwise(bounds))


@pytest.mark.parametrize(
    ("spans", "whole"),
    [
        ([(1, 10)], True),
        ([(0, 11)], True),
        ([(2, 10)], False),
        ([(1, 9)], False),
        ([(1, 5), (6, 10)], True),
        ([(1, 5), (7, 10)], False),
        ([(6, 10), (1, 5)], True),
        ([(1, 8), (2, 3), (8, 10)], True),
        ([(11, 20), (1, 10)], True),
        ([], False),
    ],
)
def test_spans_that_cover_ten_days(spans: list[tuple[int, int]], whole: bool) -> None:
    first = date(2026, 1, 1)
    dated = [(first + timedelta(days=a - 1), first + timedelta(days=b - 1)) for a, b in spans]
    assert covers(dated, first, first + timedelta(days=9)) is whole


@given(st.lists(st.tuples(st.integers(-3, 14), st.integers(-3, 14)), max_size=5))
@settings(deadline=None)
def test_covering_is_having_every_day(spans: list[tuple[int, int]]) -> None:
    first = date(2026, 1, 1)
    dated = [(first + timedelta(days=a), first + timedelta(days=b)) for a, b in spans]
    days = {a + n for a, b in spans for n in range(b - a + 1)}
    assert covers(dated, first, first + timedelta(days=9)) == (set(range(10)) <= days)


# --- dropping rows ---

_DEPTH = {"position": "P-1", "level": "high", "required": "plot"}
_UNIT = {"plot": "F-1", "commodity": "soy", "level": "high", "six": True}
_TRACE = {"line": "1", "commodity": "soy", "position": "P-1", "lot": "L-1", "depth": "plot", "plot_g": 1000}
_PERIOD = {"period_start": date(2025, 7, 1), "period_end": date(2026, 6, 30)}


def _evidence(topic: str, **more: Any) -> dict[str, Any]:
    return {
        "evidence": topic, "topic": topic, "subject": "*", "answer": "yes", "document": "a.pdf", "page": "1",
        "valid_from": date(2020, 1, 1), **more,
    }  # fmt: skip


def compliant() -> dict[str, list[dict[str, Any]]]:
    """A company that passes every rule of these clauses, and nothing more than it needs for that."""
    item = {"document": "room.zip", "readable": True, **_PERIOD}
    report = {"public_at": "https://example.org", "document": "d.pdf", "published_on": date(2026, 6, 1), **_PERIOD}
    programme = {
        "programme": "G-1", "run_by": "entity", "suppliers": ["S-1"], "reaches_producers": True,
        "covers_iplc": True, "owner": "O-1", "capacity_building": True, "budget": "1",
        "valid_from": date(2025, 1, 1), "document": "g.pdf", "page": "1",
    }  # fmt: skip
    layer = {"licence": "open", "data_to": date(2025, 12, 31), "resolution_m": "30", "document": "l.pdf"}
    record = {"plot": "F-1", "occurs": True, "recorded_on": date(2026, 3, 1), "document": "h.pdf"}
    return {
        "application": [{"application": "A-1", "board_confirmed_on": date(2025, 6, 1)}],
        "positions": [position(1, supplier="S-1")],
        "depth": [_DEPTH],
        "units": [_UNIT],
        "traces": [_TRACE],
        "line_goods": [{"line": "1", "commodity": "soy", "position": "P-1", "lot": "L-1"}],
        "lot_plots": [{"lot": "L-1", "plot": "F-1"}],
        "origin_risk": [{"commodity": "soy", "country": "BR", "list": "L", "level": "high"}],
        "materiality": [{"commodity": "soy", "reaches_threshold": False}],
        "suppliers": [{"supplier": "S-1", "smallholders": True, "eudr_compliant": True}],
        "claims": [{"claim": "Q-1", "lot": "L-1"}],
        "assessments": [
            {
                "assessment": "E-1", "plot": "F-1", "concluded_on": date(2026, 3, 1), "risk": "negligible",
                "inputs": ["images"], "document": "e.pdf", "page": "1",
            }
        ],
        "monitoring": [
            {
                "plot": "F-1", "enrolled_on": date(2025, 7, 1), "screened_on": date(2026, 1, 1),
                "document": "m.pdf",
            }
        ],
        "monitoring_layers": [
            {"layer": "a", "harm": "forest loss", **layer},
            {"layer": "b", "harm": "conversion of other natural ecosystems", **layer},
        ],
        "disclosures": [
            {"disclosure": "D-1", "kind": "verification report", **report},
            {"disclosure": "D-2", "kind": "first-tier suppliers", **report, "published_on": date(2026, 5, 31)},
            {
                "disclosure": "D-3", "kind": "verification report", **report,
                "published_on": date(2026, 5, 31),
            },
        ],
        "disclosed_suppliers": [{"disclosure": "D-2", "supplier": "S-1", "commodity": "soy", "country": "BR"}],
        "sample_protocol": [
            {
                "protocol": "R-1", "method": "random", "seed": "1", "frame_digest": "f", "frame_complete": True,
                "document": "r.pdf",
            }
        ],
        "samples": [
            {
                "ticket": "K-1", "stratum": "A", "supplier": "S-1", "commodity": "soy", "country": "BR",
                "mass_g": 100, "document": "s.pdf",
            }
        ],
        "hcv_records": [{"record": f, "feature": f, **record} for f in HCV_FEATURES],
        "data_room": [{"item": each, **item} for each in ("i", "ii", "iii", "iv", "v", "vi", "vii")],
        "programmes": [programme],
        "evidence": [
            _evidence("due diligence system", elements=["approved", "in use"]),
            _evidence("due diligence breadth", elements=["environmental risk", "social risk"]),
            _evidence("monitoring system", elements=["no alerts"]),
            _evidence("fpic and undrip", elements=["fpic", "undrip"]),
            _evidence("international bill of human rights"),
            _evidence("ilo fundamental principles"),
            _evidence("un guiding principles"),
            _evidence("oecd guidelines"),
            _evidence("ilo tripartite declaration"),
        ],
    }  # fmt: skip


COUNTED = [
    each.id
    for each in EDITION.rules.values()
    if each.module in MODULES and each.kind == "mandatory" and each.stage in ("apply", "board", "year")
]
# Tables whose rows are the company's own account of what it bought: other rules guard their completeness.
LEDGER = {
    "positions",
    "suppliers",
    "materiality",
    "claims",
    "origin_risk",
    "application",
    "samples",
    "depth",
    "units",
}


@pytest.mark.parametrize("rule", COUNTED)
def test_a_compliant_company_passes(rule: str) -> None:
    assert passes(rule, compliant())


@pytest.mark.parametrize("table", sorted(set(compliant()) - LEDGER))
def test_a_company_that_hands_in_less_fails_somewhere(table: str) -> None:
    tables = {**compliant(), table: []}
    assert not all(passes(rule, tables) for rule in COUNTED)


@pytest.mark.parametrize("rule", COUNTED)
def test_a_company_with_nothing_on_file_passes_no_rule(rule: str) -> None:
    assert not passes(rule, {})


def test_without_a_period_nothing_that_depends_on_it_passes() -> None:
    for rule in ("DCF-3.4-1", "DCF-3.5-1", "DCF-3.5-2", "DCF-3.6-2", "DCF-3.7-i", "DCF-3.7-8"):
        found = judged(rule, compliant(), period=[None, None])
        assert {each["outcome"] for each in found.values()} == {"insufficient evidence"}


def test_every_rule_of_these_clauses_is_registered_once() -> None:
    assert len([each for each in EDITION.rules.values() if each.module in MODULES]) == 40
    assert {each.id for each in EDITION.rules.values() if each.module in MODULES} <= set(RULES)
