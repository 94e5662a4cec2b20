"""The main job on the invented company: every planted fault is found by its rule, and nothing else fails."""

import json
import re
from pathlib import Path
from typing import Any

import pikepdf
import polars as pl
import pytest

from landproof.casefile.case import open_case
from landproof.domain.outcome import Outcome
from landproof.run.assess import assess
from landproof.run.demo import Demo
from landproof.run.sentences import finding_sentence

FAILING = (Outcome.NOT_MET.value, Outcome.INSUFFICIENT.value)


def faults(demo: Demo) -> list[dict[str, Any]]:
    return json.loads(demo.truth.read_text(encoding="utf-8"))["faults"]


def expected(demo: Demo) -> list[tuple[str, dict[str, str]]]:
    return [(fault["id"], each) for fault in faults(demo) for each in fault["expected"]]


def test_every_planted_fault_is_found_by_its_rule(demo: Demo) -> None:
    findings = demo.assessed.run.table("findings")
    missed: list[str] = []
    for fault, each in expected(demo):
        found = findings.filter((pl.col("rule") == each["rule"]) & (pl.col("subject") == each["subject"]))
        unlisted = each["outcome"] == Outcome.NOT_APPLICABLE.value and found.is_empty()  # the rule does not ask
        if each["outcome"] not in found["outcome"].to_list() and not unlisted:
            missed.append(f"{fault}: {each} but found {found.select('outcome', 'reason').rows()}")
    assert missed == []


def test_nothing_else_fails(demo: Demo) -> None:
    findings = demo.assessed.run.table("findings")
    planted = {(each["rule"], each["subject"]) for _, each in expected(demo)}
    failing = findings.filter(pl.col("outcome").is_in(FAILING)).iter_rows(named=True)
    others = [
        f"{row['rule']} | {row['subject']}: {row['reason']}" for row in failing
        if (row["rule"], row["subject"]) not in planted
    ]  # fmt: skip
    assert others == []


def test_every_row_of_every_file_is_accepted(demo: Demo) -> None:
    for receipt in demo.receipts:
        assert (receipt.rejected, receipt.rows) == (0, receipt.accepted), receipt.name


def test_every_finding_has_a_sentence_in_both_languages(demo: Demo) -> None:
    for row in demo.assessed.run.table("findings").unique(["rule", "reason"]).iter_rows(named=True):
        names = demo.assessed.assessment.names
        english, chinese = (finding_sentence(row, language, names) for language in ("en", "zh_Hans"))
        assert english
        assert chinese
        assert english != chinese, english


@pytest.mark.parametrize("kind", ["html", "pdf", "xlsx", "json"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_report_is_written(demo: Demo, kind: str, language: str) -> None:
    assert (demo.assessed.run.folder / f"report.{language}.{kind}").stat().st_size > 5000


def doubtful(demo: Demo) -> list[str]:
    """Plots that stand as converted or in doubt for deforestation or conversion, converted ones first."""
    status = demo.assessed.run.table("plot_status").filter(pl.col("harm").is_in(["deforestation", "conversion"]))
    return [
        plot
        for verdict in ("converted", "inconclusive")
        for plot in status.filter(pl.col("verdict") == verdict)["plot"].unique().sort()
    ]


@pytest.mark.parametrize(
    ("language", "plot", "said"), [("en", "Plot", "harm proved"), ("zh", "地块", "危害已证实")]
)
def test_the_report_shows_each_converted_or_doubtful_plot(demo: Demo, language: str, plot: str, said: str) -> None:
    expected = doubtful(demo)
    assert len(expected) == 3
    folder = demo.assessed.run.folder
    html = (folder / f"report.{language}.html").read_text(encoding="utf-8")
    pictures = re.findall(
        r'<svg [^>]*aria-labelledby="chart-plot-\d+-title[^>]*><title [^>]*>([^<]*)</title>', html
    )
    assert pictures == [f"{plot} {name}" for name in expected]
    assert said in html
    assert (
        len(re.findall(r'<use href="#chart-plot-1-shape-\d+"', html)) > 3
    )  # what is hatched, in its first picture
    with pikepdf.open(folder / f"report.{language}.pdf") as document:
        alternatives = [
            str(each.Alt) for each in document.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each
        ]
    for name in expected:
        assert [each for each in alternatives if each.startswith(f"{plot} {name}. ")], name


def test_the_same_case_gives_the_same_report_again(demo: Demo) -> None:
    before = demo.assessed.run.outputs
    again = assess(open_case(demo.case))
    assert again.run.folder == demo.assessed.run.folder
    assert again.run.outputs == before


def test_both_languages_carry_the_same_findings(demo: Demo) -> None:
    same_in_both = ("finding", "rule", "reason", "part", "whole", "values", "evidence", "readings")

    def neutral(path: Path) -> list[tuple[str, ...]]:
        rows = json.loads(path.read_text(encoding="utf-8"))["tables"]["findings"]["rows"]
        return [(row["outcome"]["outcome"], *(str(row[name]) for name in same_in_both)) for row in rows]

    english, chinese = (neutral(demo.assessed.run.folder / f"report.{short}.json") for short in ("en", "zh"))
    assert english == chinese
    assert len(english) == demo.assessed.run.table("findings").height


def test_the_documents_that_cannot_all_be_true_are_found_and_no_others(demo: Demo) -> None:
    found = demo.assessed.run.table("chain_findings").filter(pl.col("weight") == "contradiction")
    planted = {fault["id"]: fault["what"] for fault in faults(demo)}
    rows = {row["check"]: row for row in found.to_dicts()}
    # What was sent on too early also leaves the stock of its mill below zero.
    assert sorted(found["check"]) == ["certificate over volume", "stock below zero", "used before made"]
    assert rows["certificate over volume"]["subject"] == "CERT-2"
    assert rows["certificate over volume"]["lots"][0] in str(planted["certificate-over-volume"])
    assert rows["stock below zero"]["lots"] == rows["used before made"]["lots"]
    assert rows["used before made"]["subject"] in str(planted["used-before-made"])
