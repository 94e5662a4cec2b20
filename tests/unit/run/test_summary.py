"""The screen says what the report says: the same steps in the same order, the same outcome per clause."""

from pathlib import Path

from landproof.domain.outcome import Outcome
from landproof.reporting import build_report
from landproof.run.assess import Assessed
from landproof.run.store import StoredRun
from landproof.run.summary import clause_lines, next_steps
from tests.unit.reporting.invented import assessment, finding, findings, special_findings


def assessed() -> Assessed:
    # Which list applies is a sorting step: it lacks evidence here, but does not count in the verdict.
    open_sorting = finding("DCF-3.2-1", "tea|CN|EUDR-2025", Outcome.INSUFFICIENT, "no-document")
    case = assessment(findings=findings(assessment().edition, [*special_findings(), open_sorting]))
    return Assessed(case.verdict, case, build_report(case), StoredRun(Path("none")))


def test_the_first_steps_are_those_of_the_report_with_what_they_hold_back() -> None:
    # The company as a whole; cocoa 300,000, palm oil 150,000 and soy 100,000 of 1,000,000.
    assert [line.replace("\u00a0", " ") for line in next_steps(assessed(), "en")] == [
        "No document is on file for the company. DCF-3.4-1 (spend held back: 100 %)",
        "Position cocoa from Côte d'Ivoire, supplier S-3 passed a step of mass balance, which clause 3.3 refuses. "
        "DCF-3.3-11 (spend held back: 30 %)",
        "Plot L-4 lost 1.25 ha of forest between 1 March 2022 and 30 April 2022. "
        "DCF-3.1-1 (spend held back: 15 %)",
        "Part of position soy from Brazil, supplier S-2 is traced to country only. "
        "DCF-3.3-1 (spend held back: 10 %)",
    ]


def test_the_steps_can_be_said_in_chinese() -> None:
    assert next_steps(assessed(), "zh")[0].endswith("DCF-3.4-1（受阻支出：100%）")


def test_a_sorting_step_without_evidence_leaves_the_outcome_of_its_clause_alone() -> None:
    lines = {line[0]: line[1:] for line in clause_lines(assessed(), "en")}
    assert lines["Origin risk (3.2)"] == ["met", "6", "0", "1"]
    assert lines["Cut-off (3.1)"][0] == "not met"
    assert lines["Enabling activities (4)"][0] == "information"
