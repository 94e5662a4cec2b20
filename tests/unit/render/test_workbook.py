"""The workbook holds every row; identifiers stay text; the same report gives the same bytes."""

import io
from datetime import datetime

import openpyxl
import polars as pl
import pytest
from openpyxl.workbook import Workbook

from landproof.domain.outcome import Outcome
from landproof.render import render_workbook
from landproof.reporting import build_report
from tests.unit.reporting.invented import assessment, finding, findings, special_findings, tables


def opened(language: str = "en", **changes: object) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(render_workbook(build_report(assessment(**changes)), language)))


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (
            "en",
            "Summary|What to do next|Findings|Materiality|Origin risk|Traceability|Blocked products|"
            "What cannot all be true|Plots|Rejects|"
            "Readings|Sources",
        ),
        (
            "zh",
            "摘要|下一步做什么|认定|认证门槛|产地风险|可追溯性|受阻产品|不可能同时为真的内容|地块清单|被拒数据|解读|来源",
        ),
    ],
)
def test_sheets_are_named_in_the_language(language: str, names: str) -> None:
    assert opened(language).sheetnames == names.split("|")


def test_columns_share_a_width_that_a_screen_can_show() -> None:
    for sheet in opened().worksheets[1:]:
        widths = [dimension.width for dimension in sheet.column_dimensions.values()]
        assert max(widths) <= 90, sheet.title
        assert min(widths) >= 10, sheet.title
        assert sum(widths) <= 250, sheet.title


def test_all_findings_are_there_with_filter_and_frozen_header() -> None:
    sheet = opened()["Findings"]
    assert sheet.max_row == 1 + assessment().findings.height
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:M{sheet.max_row}"


def test_beyond_the_limit_the_summary_counts_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    height = assessment().findings.height
    for module in ("nodes", "findings"):
        monkeypatch.setattr(f"landproof.reporting.{module}.LISTED", height - 2)
    book = opened()
    assert book["Findings"].max_row == 1 + height - 2
    said = [cell.value for cell in book["Summary"]["A"]]
    assert "2 more rows of the table Findings are kept as Parquet beside this report." in said


def test_identifiers_stay_text() -> None:
    found = tables()
    found["plots"] = found["plots"].with_columns(
        plot=pl.when(pl.col("plot") == "L-3").then(pl.lit("007")).otherwise(pl.col("plot"))
    )
    found["lot_plots"] = found["lot_plots"].with_columns(pl.col("plot").replace({"L-3": "007"}))
    sheet = opened(tables=found)["Plots"]
    cells = [sheet.cell(row, 1) for row in range(2, sheet.max_row + 1)]
    assert "007" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_value_that_looks_like_a_formula_stays_text() -> None:
    odd = assessment().rejects.with_columns(value=pl.lit('=HYPERLINK("x")'))
    cell = opened(rejects=odd)["Rejects"]["E2"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")


def test_numbers_are_numbers_and_long_ones_keep_their_digits() -> None:
    sheet = opened()["Materiality"]
    assert [sheet["A2"].value, sheet["B2"].value, sheet["C2"].value] == ["soy", 500000, 0.5]
    long = "1234567890.123456789012345678"
    special = [*special_findings(), finding("DCF-3.4-2", "x", Outcome.MET, "holds", part=long)]
    rows = opened(findings=findings(assessment().edition, special))["Findings"].iter_rows(values_only=True)
    assert long in [row[8] for row in rows]


def test_dates_are_dates() -> None:
    assert opened()["Origin risk"]["G2"].value == datetime(2025, 5, 26)  # noqa: DTZ001 - a cell has no zone


def test_unknown_is_a_word_and_not_an_empty_cell() -> None:
    assert opened("zh")["产地风险"]["E2"].value == "未知"


def test_the_same_report_gives_the_same_bytes() -> None:
    report = build_report(assessment())
    assert render_workbook(report, "en") == render_workbook(report, "en")


def test_a_text_too_long_for_a_cell_is_cut_with_a_remark_and_not_dropped() -> None:
    long = assessment().rejects.with_columns(value=pl.lit("x" * 40000))
    value = opened(rejects=long)["Rejects"]["E2"].value
    assert isinstance(value, str)
    assert len(value) == 32767
    assert value.endswith("… (continues in the JSON report)")
