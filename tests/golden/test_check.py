"""`landproof check` on the invented company: what it prints, and that it is what the run keeps."""

import json
import re
from collections.abc import Callable

import polars as pl
import pytest
from click.testing import CliRunner, Result

from landproof.cli.app import landproof
from landproof.run.demo import Demo

Ask = Callable[..., Result]


@pytest.fixture
def ask(demo: Demo) -> Ask:
    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(landproof, ["check", str(demo.case), *arguments], catch_exceptions=False)

    return invoke


def test_the_command_finds_what_the_run_keeps(demo: Demo, ask: Ask):
    result = ask("--json")
    assert result.exit_code == 1  # there are contradictions
    content = json.loads(result.stdout)
    kept = demo.assessed.run.table("chain_findings")
    assert sorted(row["finding"] for row in content["findings"]) == sorted(kept["finding"])
    weights = [row["weight"] for row in content["findings"]]
    assert weights == sorted(weights)  # contradictions come first
    checks = demo.assessed.run.table("chain_checks")
    assert {row["check"]: row["looked_at"] for row in content["checks"]} == dict(
        checks.select("check", "looked_at").iter_rows()
    )
    [over] = [row for row in content["findings"] if row["check"] == "certificate over volume"]
    assert over["measured_g"] * 4 == pytest.approx(over["limit_g"] * 5, rel=1e-6)
    assert over["subject"] in over["sentence"]


def test_a_finding_opens_to_its_rows(demo: Demo, ask: Ask):
    found = demo.assessed.run.table("chain_findings").filter(pl.col("check") == "used before made")
    printed = ask("--facts").output
    for fact in found["facts"][0]:
        assert re.search(rf"deliveries {fact.removeprefix('delivery:')}: row \d+ of file [0-9a-f]+", printed)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_prints_in_both_languages(ask: Ask, language: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LANDPROOF_LANG", language)
    printed = ask("--facts").output
    assert bool(re.search("[\u4e00-\u9fff]", printed)) == (language == "zh")
    assert "%(" not in printed
