"""The JSON has everything, exactly, and in one canonical form."""

import json
from decimal import Decimal
from typing import Any

import pytest

from landproof.domain.outcome import Outcome
from landproof.render import render_json
from landproof.reporting import build_report
from tests.unit.reporting.invented import assessment, finding, findings, special_findings


def loaded(language: str = "en", **changes: object) -> dict[str, Any]:
    return json.loads(render_json(build_report(assessment(**changes)), language), parse_float=_no_float)


def _no_float(text: str) -> Decimal:
    raise AssertionError(f"a float in the report: {text}")


def test_it_is_canonical() -> None:
    written = render_json(build_report(assessment()), "zh")
    again = json.dumps(json.loads(written), ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    assert written == again


def test_the_head_says_what_was_judged_and_how() -> None:
    report = loaded()
    assert report["format"] == "landproof report 1"
    assert report["verdict"]["outcome"] == "not met"
    assert (report["provable"]["part"], report["provable"]["whole"]) == ("446000", "1000000")
    assert report["period"]["from"] == "2025-07-01"
    assert report["run"] == "d" * 64


def test_findings_are_all_there_beyond_what_a_page_shows() -> None:
    many = [finding("DCF-3.4-2", f"P-{number:03}", Outcome.NOT_MET, "says-no") for number in range(80)]
    judged = findings(assessment().edition, [*special_findings(), *many])
    rows = loaded(findings=judged)["tables"]["findings"]["rows"]
    assert len(rows) == judged.height
    assert sum(row["rule"] == "DCF-3.4-2" for row in rows) == 80


@pytest.mark.parametrize(("listed", "unlisted"), [(-1, 1), (0, 0), (1, 0)])
def test_beyond_the_limit_findings_are_counted_and_open_ones_come_first(
    listed: int, unlisted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = assessment().findings
    limit = judged.height + listed
    for module in ("nodes", "findings"):
        monkeypatch.setattr(f"landproof.reporting.{module}.LISTED", limit)
    table = loaded()["tables"]["findings"]
    outcomes = [row["outcome"]["outcome"] for row in table["rows"]]
    assert (len(outcomes), table["unlisted"]) == (judged.height - unlisted, unlisted)
    if unlisted:
        still_open = [outcome in ("not met", "insufficient evidence") for outcome in outcomes]
        assert sum(still_open) == 4
        assert still_open == sorted(still_open, reverse=True)


def test_exact_amounts_are_strings() -> None:
    row = loaded()["tables"]["materiality"]["rows"][0]
    assert row["spend"] == {"amount": "500000", "currency": "CNY", "text": "CNY\u00a0500,000"}
    assert row["share"]["part"] == "500000"


def test_both_languages_differ_in_words_only() -> None:
    english, chinese = loaded("en"), loaded("zh")
    assert english["tables"].keys() == chinese["tables"].keys()
    for name, table in english["tables"].items():
        other = chinese["tables"][name]["rows"]
        assert [_exact(row) for row in table["rows"]] == [_exact(row) for row in other], name
    assert [section["name"] for section in english["sections"]] == [each["name"] for each in chinese["sections"]]


def _exact(value: Any) -> Any:
    """What stands beside the text."""
    if isinstance(value, dict):
        return {key: _exact(each) for key, each in value.items() if key not in ("text", "proof")}
    if isinstance(value, list):
        return [_exact(each) for each in value]
    return None if isinstance(value, str) and not value.replace(".", "").isdigit() else value


def test_what_is_unknown_is_null() -> None:
    assert loaded()["tables"]["origin-risk"]["rows"][0]["conversion"] is None
