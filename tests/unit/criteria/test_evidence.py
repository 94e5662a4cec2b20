"""When a statement counts, and which of several does (criteria.md, "How to read a rule")."""

from datetime import date
from typing import Any

import polars as pl

from landproof.criteria.evidence import best, judge_evidence, judge_scopes
from tests.unit.criteria.tables import documents, fact

START, END = date(2025, 7, 1), date(2026, 6, 30)


def statement(name: str, **more: Any) -> dict[str, Any]:
    return {
        "evidence": name,
        "topic": "permit",
        "subject": "*",
        "answer": "yes",
        "document": f"{name}.pdf",
        "page": "1",
        "valid_from": START,
        **more,
    }


def judged(*rows: dict[str, Any], start: date | None = START, end: date | None = END) -> dict[str, Any]:
    subjects = pl.DataFrame({"subject": ["S"]})
    held = documents("a.pdf", "b.pdf", "c.pdf")
    found = judge_evidence(fact("evidence", *rows), held, subjects, topic="permit", start=start, end=end)
    return found.row(0, named=True)


def test_the_digests_of_the_statements_that_gave_the_reason_are_kept_and_no_others() -> None:
    found = judged(statement("a"), statement("b"), statement("c", page=None))
    assert (found["outcome"], found["evidence"]) == ("met", ["digest of a.pdf", "digest of b.pdf"])


def test_a_no_in_force_disqualifies_whatever_else_is_on_file() -> None:
    found = judged(statement("a"), statement("b", answer="no"))
    assert (found["outcome"], found["evidence"]) == ("not met", ["digest of b.pdf"])


def test_a_no_without_a_document_disqualifies_nothing() -> None:
    assert judged(statement("a"), statement("b", answer="no", document=None))["outcome"] == "met"


def test_without_a_first_day_or_a_period_the_dates_are_missing() -> None:
    assert judged(statement("a", valid_from=None))["reason"] == "dates-missing"
    assert judged(statement("a"), start=None)["reason"] == "dates-missing"
    assert judged(statement("a"), end=None)["reason"] == "dates-missing"


def test_the_first_reason_in_order_wins_with_its_own_digests() -> None:
    rows = pl.DataFrame(
        {
            "subject": ["P", "P", "P", "Q"],
            "reason": ["late", "good", "good", "late"],
            "digest": ["1", "3", "2", None],
        }
    )
    found = best(rows, ("good", "late")).sort("subject").to_dicts()
    assert found == [
        {"subject": "P", "reason": "good", "evidence": ["2", "3"]},
        {"subject": "Q", "reason": "late", "evidence": []},
    ]


def scoped(*rows: dict[str, Any]) -> dict[str, str]:
    scopes = pl.DataFrame({"subject": ["P", "P", "Q"], "scope": ["position:P", "supplier:S", "position:Q"]})
    held = documents("a.pdf", "b.pdf")
    found = judge_scopes(fact("evidence", *rows), held, scopes, topic="permit", start=START, end=END)
    return dict(found.select("subject", "reason").iter_rows())


def test_a_subject_is_covered_under_any_of_its_words() -> None:
    assert scoped(statement("a", subject="supplier:S")) == {"P": "holds", "Q": "out-of-scope"}


def test_a_no_under_one_word_is_not_cured_by_a_yes_under_another() -> None:
    found = scoped(statement("a", subject="position:P"), statement("b", subject="supplier:S", answer="no"))
    assert found["P"] == "says-no"


def test_the_better_of_two_words_counts() -> None:
    found = scoped(statement("a", subject="position:P", page=None), statement("b", subject="supplier:S"))
    assert found["P"] == "holds"
