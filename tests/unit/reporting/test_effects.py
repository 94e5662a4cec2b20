"""What stands in the way, once per cause, and what becomes provable without it."""

from collections.abc import Iterable
from typing import Any

from landproof.domain.outcome import Outcome
from landproof.reporting.effects import Obstacle, obstacles
from landproof.reporting.findings import numbered
from landproof.reporting.provable import provability
from tests.unit.reporting.invented import assessment, finding, findings, special_findings

_LOST = "Plot %(subject)s lost forest."
_REASONS = {
    "DCF-3.1-1": {"lost": _LOST},
    "DCF-3.1-7": {"lost": _LOST},
    "DCF-3.3-1": {"not-to-plot": "Not to the plot: %(subject)s."},
}


def found(rows: Iterable[dict[str, Any]]) -> list[Obstacle]:
    rows = list(rows)
    replaced = {row["rule"] for row in rows}
    kept = [
        row for row in special_findings() if row["rule"] not in replaced and row["outcome"] == Outcome.MET.value
    ]
    case = assessment(findings=findings(assessment().edition, [*kept, *rows]), reasons=_REASONS)
    return obstacles(case, numbered(case.findings), provability(case))


def rules(each: Obstacle) -> list[str]:
    return [rule.id for rule in each.rules]


def test_two_rules_with_the_same_cause_are_one_thing_to_do() -> None:
    lost = [finding(rule, "L-4", Outcome.NOT_MET, "lost") for rule in ("DCF-3.1-1", "DCF-3.1-7")]
    (only,) = found(lost)
    assert rules(only) == ["DCF-3.1-1", "DCF-3.1-7"]
    assert only.subjects == 1
    assert (only.spend, only.frees) == (150000, 150000)  # palm oil, P-4


def test_the_same_cause_on_other_subjects_stays_apart() -> None:
    lost = [
        finding("DCF-3.1-1", "L-4", Outcome.NOT_MET, "lost"),
        finding("DCF-3.1-7", "L-7", Outcome.NOT_MET, "lost"),
    ]
    assert [rules(each) for each in found(lost)] == [["DCF-3.1-1"], ["DCF-3.1-7"]]


def test_another_outcome_stays_apart() -> None:
    lost = [
        finding("DCF-3.1-1", "L-4", Outcome.NOT_MET, "lost"),
        finding("DCF-3.1-7", "L-4", Outcome.INSUFFICIENT, "lost"),
    ]
    assert [each.outcome for each in found(lost)] == [Outcome.INSUFFICIENT, Outcome.NOT_MET]


def test_a_document_missing_for_two_rules_is_two_documents() -> None:
    missing = [finding(rule, "entity", Outcome.INSUFFICIENT, "no-document") for rule in ("DCF-3.4-1", "DCF-3.9-2")]
    things = found(missing)
    assert [rules(each) for each in things] == [["DCF-3.4-1"], ["DCF-3.9-2"]]
    assert all(each.whole_company and each.frees == 0 for each in things)


def test_a_position_with_two_things_in_its_way_is_freed_by_neither() -> None:
    # P-4 has a converted plot and, besides, is itself not traced.
    both = [
        finding("DCF-3.1-1", "L-4", Outcome.NOT_MET, "lost"),
        finding("DCF-3.3-1", "P-4", Outcome.NOT_MET, "not-to-plot"),
    ]
    assert [(each.spend, each.frees) for each in found(both)] == [(150000, 0), (150000, 0)]


def test_what_is_provable_already_is_held_back_and_not_freed() -> None:
    # Soy behind L-1 is provable; an alert about the plot holds the certificate back all the same.
    (only,) = found([finding("DCF-3.5-1", "L-1", Outcome.INSUFFICIENT, "no-document")])
    assert (only.spend, only.frees) == (400000, 0)
