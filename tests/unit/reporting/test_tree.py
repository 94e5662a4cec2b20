"""The tree as a whole: complete, the same in both languages, nothing cut in silence."""

import polars as pl
import pytest

from landproof.domain.outcome import Outcome
from landproof.render.figures import table_of
from landproof.render.wording import Wording
from landproof.reporting import build_report
from landproof.reporting.nodes import (
    MaterialityBars,
    PlotMap,
    RuleFindings,
    Sankey,
    Table,
    Waterfall,
)
from landproof.reporting.values import value_cell
from landproof.reporting.words import STATES
from tests.unit.reporting.invented import assessment, finding, findings, rejected_rows, special_findings, tables

CHARTS = (Waterfall, MaterialityBars, Sankey, PlotMap)


def test_sections_stand_in_the_order_of_the_reader() -> None:
    names = [section.name for section in build_report(assessment()).sections]
    assert names[:7] == ["summary", "next", "materiality", "origins", "traceability", "contradictions", "land"]
    assert names[-4:] == ["rejects", "gaps", "readings", "sources"]
    assert names[7] == "clauses"
    assert len(names) == 7 + 1 + 15 + 4


def test_every_chart_has_a_table_with_rows() -> None:
    charts = [node for node in build_report(assessment()).nodes() if isinstance(node, CHARTS)]
    assert {type(chart) for chart in charts} == set(CHARTS)
    for chart in charts:
        table = table_of(chart)
        assert table is not None
        assert len(table.rows) > 0


def test_every_rule_of_the_edition_is_there_once() -> None:
    rules = [node.rule for node in build_report(assessment()).nodes() if isinstance(node, RuleFindings)]
    assert sorted(rules) == sorted(assessment().edition.rules)


def test_a_rule_shows_its_first_fifty_and_counts_the_rest() -> None:
    for count, left_over in ((49, 0), (50, 0), (51, 1)):
        many = [finding("DCF-3.3-1", f"P-{number:03}", Outcome.NOT_MET, "not-to-plot") for number in range(count)]
        special = [*(row for row in special_findings() if row["rule"] != "DCF-3.3-1"), *many]
        report = build_report(
            assessment(findings=findings(assessment().edition, special), reasons=_bare_reasons())
        )
        rule = next(node for node in report.nodes() if isinstance(node, RuleFindings) and node.rule == "DCF-3.3-1")
        assert rule.table is not None
        assert (len(rule.table.page_rows()), rule.table.left_over) == (min(count, 50), left_over)
        assert rule.counts[Outcome.NOT_MET] == count


def _bare_reasons() -> dict[str, dict[str, str]]:
    bare = "Position %(subject)s is not traced."
    return {**(assessment().reasons or {}), "DCF-3.3-1": {"not-to-plot": bare}}  # pyright: ignore[reportReturnType]


def test_failures_come_before_missing_evidence() -> None:
    special = [
        *(row for row in special_findings() if row["rule"] != "DCF-3.4-2"),
        finding("DCF-3.4-2", "a", Outcome.INSUFFICIENT, "no-document"),
        finding("DCF-3.4-2", "b", Outcome.NOT_MET, "says-no"),
        finding("DCF-3.4-2", "c", Outcome.MET, "holds"),
    ]
    report = build_report(assessment(findings=findings(assessment().edition, special)))
    rule = next(node for node in report.nodes() if isinstance(node, RuleFindings) and node.rule == "DCF-3.4-2")
    assert rule.table is not None
    assert [row.cells[2] for row in rule.table.rows] == [Outcome.NOT_MET, Outcome.INSUFFICIENT]


def test_all_findings_are_in_the_workbook_table() -> None:
    case = assessment()
    table = next(sheet.table for sheet in build_report(case).sheets if sheet.table.name == "findings")
    assert len(table.rows) == case.findings.height
    assert len({row.cells[0] for row in table.rows}) == case.findings.height  # an id each


def test_the_flows_carry_all_spend_once_per_pair_of_layers() -> None:
    chart = next(node for node in build_report(assessment()).nodes() if isinstance(node, Sankey))
    for layer in ("0:", "1:"):
        assert sum(link.amount for link in chart.links if link.source.startswith(layer)) == 1000000
    by_state = {
        state: sum(link.amount for link in chart.links if link.source.startswith("0:") and link.state == state)
        for state in STATES
    }
    assert by_state == {"provable": 446000, "not provable": 550000, "below threshold": 4000}


def test_many_suppliers_are_drawn_together_and_counted() -> None:
    found = tables()
    many = pl.concat([found["positions"].filter(pl.col("position") == "P-1")] * 12).with_columns(
        position=pl.format("Q-{}", pl.int_range(12)), supplier=pl.format("S-{}", pl.int_range(100, 112))
    )
    found["positions"] = many
    chart = next(node for node in build_report(assessment(tables=found)).nodes() if isinstance(node, Sankey))
    suppliers = [node for node in chart.nodes if node.layer == 1]
    assert len(suppliers) == 11  # ten by name, two together
    assert Wording("en")(suppliers[-1].label) == "2 others"
    assert sum(link.amount for link in chart.links if link.source.startswith("0:")) == 12 * 400000


def test_plots_are_parted_into_clusters_and_none_is_lost() -> None:
    chart = next(node for node in build_report(assessment()).nodes() if isinstance(node, PlotMap))
    assert [len(panel.points) for panel in chart.panels] == [3, 2, 2]  # Brazil, Indonesia, Ivory Coast
    assert (chart.more_plots, chart.unlocated) == (0, 0)


def test_a_plot_without_geometry_is_counted_as_unlocated() -> None:
    found = tables()
    found["plots"] = found["plots"].with_columns(
        geometry=pl.when(pl.col("plot") == "L-1").then(pl.lit(None)).otherwise(pl.col("geometry"))
    )
    chart = next(node for node in build_report(assessment(tables=found)).nodes() if isinstance(node, PlotMap))
    assert chart.unlocated == 1


def test_readings_are_all_there_with_the_changed_and_the_fixed_marked() -> None:
    edition = assessment().edition
    reading = next(each for each in edition.readings.values() if not each.fixed)
    other = next(value for value in reading.values if value != reading.default)
    report = build_report(assessment(edition=edition.choosing({reading.id: other})))
    table = next(node for node in report.nodes() if isinstance(node, Table) and node.name == "readings")
    wording = Wording("en")
    states = {wording(row.cells[0]): wording(row.cells[4]) for row in table.rows}
    assert len(states) == 56
    assert [name for name, state in states.items() if state == "changed"] == [reading.id]
    fixed = [name for name, state in states.items() if state == "fixed"]
    assert fixed == sorted(name for name, each in edition.readings.items() if each.fixed)


def test_rejects_say_where_what_and_what_to_do() -> None:
    table = next(
        node for node in build_report(assessment()).nodes() if isinstance(node, Table) and node.name == "rejects"
    )
    said = [Wording("en")(cell) for cell in table.rows[0].cells]
    assert said == ["ledger.xlsx", "2026", "9", "net_spend", "12,oo", "12,oo is no number.", "Write digits only."]


def test_a_percent_sign_in_a_remedy_is_left_alone() -> None:
    odd = rejected_rows().with_columns(remedy=pl.lit("Write 12 % or 0.12."))
    report = build_report(assessment(rejects=odd))
    table = next(node for node in report.nodes() if isinstance(node, Table) and node.name == "rejects")
    assert Wording("en")(table.rows[0].cells[6]) == "Write 12 % or 0.12."


def test_positions_stand_on_the_page_in_words_and_in_the_workbook_by_column() -> None:
    report = build_report(assessment())
    chart = next(node for node in report.nodes() if isinstance(node, Sankey))
    full = next(sheet.table for sheet in report.sheets if sheet.table.name == "positions")
    wording = Wording("en")
    page = {wording(row.cells[0]) for row in chart.twin.rows}
    assert "soy from Brazil, supplier S-1; P-1" in page  # the words, and the key below them
    assert [column.name for column in full.columns[:4]] == ["position", "supplier", "commodity", "country"]
    assert len(chart.twin.rows) == len(full.rows) == 6
    assert {row.anchor for row in chart.twin.rows} == {row.anchor for row in full.rows}


def test_layers_are_one_row_each_on_the_page_and_one_row_per_file_in_the_workbook() -> None:
    layers = pl.DataFrame(
        {"layer": ["forest"] * 3 + ["peat", "loss", "loss"], "title": ["Forest"] * 3 + ["Peat", "Loss", "Loss"],
         "version": ["1"] * 6, "licence": ["CC0"] * 6, "file": list("abcdef"),
         "sha256": ["1" * 64, "2" * 64, "3" * 64, "4" * 64, "5" * 64, None]}
    )  # fmt: skip
    report = build_report(assessment(layers=layers))
    page = next(node for node in report.nodes() if isinstance(node, Table) and node.name == "sources")
    full = next(sheet.table for sheet in report.sheets if sheet.table.name == "sources")
    wording = Wording("en")
    said = {wording(row.cells[1]): wording(row.cells[4]) for row in page.rows if wording(row.cells[0]) == "Layer"}
    assert said == {
        "Forest": "3 files; their digests are in the workbook and the JSON report",
        "Loss": "1 of 2 files are missing; the digests are in the workbook and the JSON report",
        "Peat": "4" * 64,
    }
    assert len([row for row in full.rows if wording(row.cells[0]) == "Layer"]) == 6
    assert page.left_over == 0


def test_sources_name_documents_lists_layers_and_tables() -> None:
    table = next(
        node for node in build_report(assessment()).nodes() if isinstance(node, Table) and node.name == "sources"
    )
    text = [" ".join(Wording("en")(cell) for cell in row.cells) for row in table.rows]
    for wanted in ("a" * 64, "b" * 64, "c" * 64, "d" * 64, "e" * 64, "EUDR-2025", "2024-04", "landproof"):
        assert any(wanted in line for line in text), wanted


def test_an_empty_case_still_gives_a_report_that_claims_nothing() -> None:
    edition = assessment().edition
    nothing = [finding(rule, "entity", Outcome.INSUFFICIENT, "nothing-to-judge") for rule in edition.rules]
    case = assessment(tables={}, findings=findings(edition, nothing), verdict=Outcome.INSUFFICIENT, layers=None)
    report = build_report(case)
    assert report.provable is None
    assert Wording("en")(report.headline).startswith(
        "How much agri-food spend is provable cannot be worked out yet; "
    )


def test_a_finding_opens_to_its_rule_numbers_readings_and_documents() -> None:
    report = build_report(assessment())
    rule = next(node for node in report.nodes() if isinstance(node, RuleFindings) and node.rule == "DCF-3.1-1")
    assert rule.table is not None
    wording = Wording("en")
    proof = {label: wording(cell) for label, cell in rule.table.rows[0].proof}
    assert proof["Rule"] == "DCF-3.1-1"
    assert proof["Exact part and whole"].replace("\u00a0", " ") == "12,500 m² of 32,000 m²"
    assert proof["Readings"] == "AMB-19"
    assert proof["Documents (SHA-256)"] == "b" * 64


def test_an_amount_opens_to_the_rows_of_the_ledger() -> None:
    chart = next(node for node in build_report(assessment()).nodes() if isinstance(node, MaterialityBars))
    proof = {label: Wording("en")(cell) for label, cell in chart.twin.rows[0].proof}
    assert proof["Ledger rows"] == "ledger.xlsx, rows 2, 3"  # soy: P-1 and P-2


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("earliest", "2021-01-01", "1 January 2021"),
        ("area_ha", "6.200000", "6.2"),
        ("part", "1234.5", "1,234.5"),
        ("version", "4.0", "4.0"),  # no number, though it looks like one
        ("lot", "1.1000000", "1.1000000"),
        ("country", "BR", "Brazil"),
        ("countries", "BR, CI", "Brazil, Côte d'Ivoire"),
        ("holder", "BR", "BR"),
        ("custody", "mass balance", "mass balance"),
        ("missing", "decision, decided_on", "Decision, Decided on"),  # fields by their labels
        ("missing", "more than 0.5 ha", "more than 0.5 ha"),
        ("area_m2", "12500", "12,500"),
        ("list", "annex1", "Annex 1 of the criteria"),
        ("subject", None, "unknown"),
    ],
)
def test_values_of_a_reason_are_shown_as_what_they_are(name: str, value: str | None, said: str) -> None:
    assert Wording("en")(value_cell(name, value)) == said
