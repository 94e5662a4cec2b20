"""The plots on the page: why each stands as it does, and which were not judged because nothing asks for it."""

from typing import Any

import polars as pl
import pytest

from landproof.domain.outcome import Outcome
from landproof.land.picture import Mark
from landproof.render.wording import Wording
from landproof.reporting import build_report
from landproof.reporting.nodes import Paragraph, Pictures, PlotMap, Report, Row
from tests.unit.land.test_kept_picture import kept
from tests.unit.reporting.invented import assessment, findings, frame, special_findings, tables


def report(rows: list[dict[str, Any]], **changes: pl.DataFrame) -> Report:
    found = tables() | changes
    return build_report(assessment(tables=found, findings=findings(assessment().edition, rows)))


def plot_rows(made: Report) -> dict[str, Row]:
    chart = next(node for node in made.nodes() if isinstance(node, PlotMap))
    return {Wording("en")(row.cells[0]): row for row in chart.twin.rows}


def said(made: Report) -> list[str]:
    land = next(section for section in made.sections if section.name == "land")
    return [Wording("en")(node.sentence) for node in land.nodes if isinstance(node, Paragraph)]


def test_an_open_plot_says_its_finding_and_leads_to_it() -> None:
    row = plot_rows(report(special_findings()))["L-4"]
    assert row.cells[5] == Outcome.NOT_MET
    assert Wording("en")(row.cells[6]) == (
        "Plot L-4 lost 1.25 ha of forest between 1 March 2022 and 30 April 2022. DCF-3.1-1/4"
    )


def test_a_plot_that_is_met_says_its_verdicts_once() -> None:
    row = plot_rows(report(special_findings()))["L-1"]
    assert Wording("en")(row.cells[6]) == "not converted: conversion, deforestation"


def below_threshold(assessed: bool | None) -> Report:
    """Plot L-8 feeds tea only; nothing is found about it."""
    found = tables()
    found["lot_plots"] = pl.concat(
        [found["lot_plots"], frame("lot_plots", [{"lot": "LOT-6", "plot": "L-8", "mass_g": 1}])]
    )
    positions = found["positions"].with_columns(
        assessed=pl.when(pl.col("position") == "P-6").then(pl.lit(assessed)).otherwise(pl.col("assessed"))
    )
    return report(special_findings(), lot_plots=found["lot_plots"], positions=positions)


def test_a_plot_behind_goods_below_the_threshold_is_drawn_apart_and_stays_without_evidence() -> None:
    made = below_threshold(assessed=False)
    row = plot_rows(made)["L-8"]
    assert row.cells[5] == Outcome.INSUFFICIENT
    assert Wording("en")(row.cells[6]) == "Not judged: only goods below the threshold come from it."
    assert said(made) == [
        "8 plots. Met under every rule of the land: 6; not met: 1; insufficient evidence: 1.",
        "Of those without evidence, 1 were not judged: only goods below the threshold come from them.",
    ]


def test_where_it_is_unknown_whether_goods_are_assessed_the_plot_simply_lacks_evidence() -> None:
    made = below_threshold(assessed=None)
    assert Wording("en")(plot_rows(made)["L-8"].cells[6]) == "Not judged: no rule of the land was judged for it."
    assert len(said(made)) == 1


def test_a_plot_that_also_feeds_assessed_goods_is_not_set_apart() -> None:
    found = tables()
    also = frame(
        "lot_plots", [{"lot": "LOT-6", "plot": "L-9", "mass_g": 1}, {"lot": "LOT-1", "plot": "L-9", "mass_g": 1}]
    )
    made = report(special_findings(), lot_plots=pl.concat([found["lot_plots"], also]))
    assert Wording("en")(plot_rows(made)["L-9"].cells[6]) == "Not judged: no rule of the land was judged for it."


def test_the_map_names_the_country_and_the_goods_of_each_cluster() -> None:
    chart = next(node for node in report(special_findings()).nodes() if isinstance(node, PlotMap))
    assert [Wording("en")(panel.label) for panel in chart.panels] == [
        "3 plots, Brazil: soy",
        "2 plots, Indonesia: palm oil",
        "2 plots, Côte d'Ivoire: cocoa",
    ]


@pytest.mark.parametrize(("open_plots", "shown"), [(9, 10), (10, 10), (11, 11), (25, 25), (26, 25)])
def test_a_page_shows_every_open_plot_up_to_its_limit_and_ten_at_least(open_plots: int, shown: int) -> None:
    # Seven plots of the company are met but for L-4; the others are named by a lot and judged by nobody.
    found = tables()
    more = [{"lot": "LOT-1", "plot": f"X-{n:02}", "mass_g": 1} for n in range(open_plots - 1)]
    lot_plots = pl.concat([found["lot_plots"], frame("lot_plots", more)])
    made = report(special_findings(), lot_plots=lot_plots)
    chart = next(node for node in made.nodes() if isinstance(node, PlotMap))
    assert chart.twin.shown == shown


def pictured(report: Report) -> list[tuple[list[str], int]]:
    nodes = [node for node in report.nodes() if isinstance(node, Pictures)]
    return [([each.plot for each in node.pictures], node.left_out) for node in nodes]


def with_pictures(*plots: str, **verdicts: str) -> Report:
    """Pictures of ``plots``; ``verdicts`` on deforestation of plots, "L_1" being L-1."""
    found = tables()
    said = {plot.replace("_", "-"): verdict for plot, verdict in verdicts.items()}
    own = pl.col("plot").is_in(list(said)) & (pl.col("harm") == "deforestation")
    status = found["plot_status"].with_columns(
        verdict=pl.when(own).then(pl.col("plot").replace(said)).otherwise("verdict")
    )
    manifest = {"pictures": dict.fromkeys(plots, "a" * 64)}
    made = assessment(
        tables=found | {"plot_status": status},
        pictures={plot: kept() for plot in plots},
        manifest=assessment().manifest | manifest,
    )
    return build_report(made)


def test_pictures_are_shown_of_plots_that_stand_as_converted_or_in_doubt() -> None:
    made = with_pictures("L-1", "L-2", "L-4", "L-5", L_1="inconclusive", L_5="not converted")
    # L-4 is converted; L-2 and L-5 were cleared since they were drawn.
    assert pictured(made) == [(["L-4", "L-1"], 0)]


def test_plots_that_are_not_drawn_are_counted() -> None:
    made = with_pictures("L-1", L_1="inconclusive", L_2="inconclusive", L_3="not assessed")
    assert pictured(made) == [(["L-1"], 2)]  # L-2 and L-4


def test_without_a_picture_of_such_a_plot_nothing_is_said_of_pictures() -> None:
    assert pictured(with_pictures()) == []
    assert pictured(with_pictures("L-2")) == []


def test_a_picture_says_its_plot_its_verdict_and_its_key_in_words() -> None:
    [node] = [each for each in with_pictures("L-4").nodes() if isinstance(each, Pictures)]
    [picture] = node.pictures
    wording = Wording("en")
    assert [wording(line) for line in picture.lines] == ["deforestation: converted. loss-after"]
    assert [wording(caption.title) for caption in picture.captions] == [
        "What decides: deforestation, conversion",
        "change: loss",
    ]
    assert wording(picture.captions[0].details[Mark.PROVED]) == "900\u00a0m²; C-FOREST"
    assert {name: wording(said) for name, said in picture.outlines.items()} == {
        "plot": "900\u00a0m²",
        "core": "700\u00a0m²",
        "fringe": "90\u00a0m²",
    }
    assert picture.file == f"objects/aa/{'a' * 64}"
