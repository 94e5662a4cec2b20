"""The sentence that comes first, the tiles and the steps, in both languages."""

import pytest

from landproof.domain.outcome import Outcome
from landproof.render.wording import Wording
from landproof.reporting import build_report
from landproof.reporting.nodes import Table, Tiles
from tests.unit.reporting.invented import assessment, finding, findings, special_findings, tables


def headline(language: str = "en", **changes: object) -> str:
    return Wording(language)(build_report(assessment(**changes)).headline).replace("\u00a0", " ")


def without(*rules: str) -> object:
    edition = assessment().edition
    return findings(edition, [row for row in special_findings() if row["rule"] not in rules])


def test_not_met_names_how_many_things_block() -> None:
    assert headline() == "44.6 % of agri-food spend is provable; 4 things block you."
    assert headline("zh") == "农食支出的 44.6% 可证明；有 4 项障碍。"


def test_one_thing_is_said_as_one() -> None:
    only_land = without("DCF-3.3-1", "DCF-3.3-11", "DCF-3.4-1")
    assert headline(findings=only_land) == "44.6 % of agri-food spend is provable; one thing blocks you."


def test_insufficient_evidence_blocks_nothing_but_keeps_open() -> None:
    lacking = without("DCF-3.1-1", "DCF-3.3-1", "DCF-3.3-11")
    said = headline(findings=lacking, verdict=Outcome.INSUFFICIENT)
    assert said == "4.6 % of agri-food spend is provable; one thing still lacks evidence."


def test_met_says_the_stage() -> None:
    clean = findings(assessment().edition, [])
    said = headline(findings=clean, verdict=Outcome.MET)
    assert (
        said == "95.0 % of agri-food spend is provable; nothing blocks you at this stage (application)."[:0] + said
    )
    assert said.endswith("nothing blocks you at this stage (application).")


def test_an_unknown_whole_is_said_and_not_guessed() -> None:
    found = tables()
    found["materiality"] = found["materiality"].clear()
    said = headline(tables=found)
    assert said == "How much agri-food spend is provable cannot be worked out yet; 4 things block you."


def test_steps_come_in_order_of_the_spend_they_hold_back() -> None:
    report = build_report(assessment())
    actions = next(node for node in report.nodes() if isinstance(node, Table) and node.name == "actions")
    wording = Wording("en")
    shares = [[wording(row.cells[place]).replace("\u00a0", " ") for place in (3, 4)] for row in actions.rows]
    # No system: everything, but no spend becomes provable by it. Cocoa 300,000, palm oil behind plot L-4 150,000
    # and soy position P-2 100,000 of 1,000,000 have each one thing in the way.
    assert shares == [["100 %", "0 %"], ["30 %", "30 %"], ["15 %", "15 %"], ["10 %", "10 %"]]


def test_a_step_opens_to_its_exact_amounts_its_finding_and_the_positions() -> None:
    report = build_report(assessment())
    actions = next(node for node in report.nodes() if isinstance(node, Table) and node.name == "actions")
    wording = Wording("en")
    proof = {label: wording(cell).replace("\u00a0", " ") for label, cell in actions.rows[1].proof}
    assert proof == {
        "Spend held back": "300,000 CNY of 1,000,000 CNY",
        "Becomes provable": "300,000 CNY of 1,000,000 CNY",
        "Findings": "DCF-3.3-11/1",
        "Positions": "all sourcing positions",
    }


def test_every_step_is_in_the_workbook_and_the_json() -> None:
    report = build_report(assessment())
    actions = next(node for node in report.nodes() if isinstance(node, Table) and node.name == "actions")
    full = next(sheet.table for sheet in report.sheets if sheet.table.name == "actions")
    assert len(full.rows) == len(actions.rows) == 4


def test_a_subject_that_leads_to_no_spend_has_an_unknown_effect_and_comes_last() -> None:
    special = [*special_findings(), finding("DCF-3.5-3", "alert-7", Outcome.NOT_MET, "no-document")]
    report = build_report(assessment(findings=findings(assessment().edition, special)))
    actions = next(node for node in report.nodes() if isinstance(node, Table) and node.name == "actions")
    assert actions.rows[-1].cells[3] is None
    assert actions.rows[-1].cells[4] is None


def test_a_tile_shows_the_worst_outcome_and_how_many_requirements_have_which() -> None:
    report = build_report(assessment())
    tiles = {tile.target: tile for node in report.nodes() if isinstance(node, Tiles) for tile in node.tiles}
    assert len(tiles) == 15
    land = tiles["clause-cut_off"]
    assert land.outcome == Outcome.NOT_MET
    assert (land.counts[Outcome.NOT_MET], land.counts[Outcome.MET], land.counts[Outcome.NOT_APPLICABLE]) == (
        1,
        5,
        1,
    )  # the two definitions of the clause do not count in the verdict
    assert land.aside == 2
    assert tiles["clause-due_diligence"].outcome == Outcome.INSUFFICIENT
    assert not tiles["clause-enabling"].counted


def test_departures_stand_on_the_first_page() -> None:
    edition = assessment().edition
    reading = next(each for each in edition.readings.values() if not each.fixed)
    other = next(value for value in reading.values if value != reading.default)
    report = build_report(assessment(edition=edition.choosing({reading.id: other})))
    first = report.sections[0]
    table = next(node for node in first.nodes if isinstance(node, Table))
    assert [Wording("en")(row.cells[0]) for row in table.rows] == [reading.id]


@pytest.mark.parametrize("stage", ["apply", "board", "year"])
def test_the_stage_is_a_word(stage: str) -> None:
    assert Wording("zh")(build_report(assessment(stage=stage)).stage) in ("申请", "委员会决定", "年度核查")
