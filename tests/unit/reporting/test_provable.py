"""Provable spend, worked out by hand: 446,000 of 1,000,000, and less wherever something is unknown."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from landproof.domain.outcome import Outcome
from landproof.reporting.provable import land_outcomes, provability
from tests.unit.reporting.invented import assessment, finding, findings, frame, special_findings, tables


def with_table(name: str, change: Mapping[str, pl.Expr]) -> dict[str, pl.DataFrame]:
    found = tables()
    schema = found[name].schema
    found[name] = found[name].with_columns(
        expr.cast(schema[column]).alias(column) for column, expr in change.items()
    )
    return found


def where(key: str, value: str, column: str, then: Any) -> dict[str, pl.Expr]:
    return {column: pl.when(pl.col(key) == value).then(pl.lit(then)).otherwise(pl.col(column))}


def test_each_stage_of_the_invented_company() -> None:
    found = provability(assessment())
    amounts = (found.bought, found.in_scope, found.assessed, found.traced, found.custody, found.provable)
    assert [int(amount or -1) for amount in amounts] == [1050000, 1000000, 996000, 896000, 596000, 446000]


def test_each_position_falls_short_where_the_fixture_says() -> None:
    positions = provability(assessment()).positions
    assert dict(positions.select("position", "shortfall").iter_rows()) == {
        "P-1": "provable",
        "P-2": "not traced",
        "P-3": "custody",
        "P-4": "land",
        "P-5": "provable",
        "P-6": "below threshold",
    }


@pytest.mark.parametrize(
    ("name", "change", "provable"),
    [
        ("traces", where("position", "P-1", "plot_g", Decimal(999_999)), 46000),  # a gram short
        ("traces", where("position", "P-1", "plot_g", None), 46000),
        ("traces", where("position", "P-1", "custody", None), 46000),
        ("traces", where("position", "P-1", "custody", "controlled blending"), 46000),
        ("traces", where("position", "P-1", "custody", "identity preserved"), 446000),
        ("traces", where("position", "P-1", "custody_unknown", True), 46000),
        ("traces", where("position", "P-1", "custody_unknown", None), 46000),
        ("traces", where("position", "P-1", "bought_g", None), 46000),
        ("traces", where("position", "P-5", "untraced_g", Decimal("0.000001")), 400000),
        ("depth", where("position", "P-5", "required", None), 400000),  # unknown depth is the plot
        ("depth", where("position", "P-5", "required", "plot"), 400000),
        ("positions", where("position", "P-1", "assessed", False), 46000),
        ("positions", where("position", "P-1", "assessed", None), 446000),  # unknown is assessed
        ("positions", where("position", "P-1", "spend", None), 46000),
        ("positions", where("position", "P-1", "livestock", True), 46000),  # no feed on file
        ("lot_plots", where("lot", "LOT-1", "lot", "elsewhere"), 46000),  # no plot behind it
        ("lot_plots", where("plot", "L-1", "plot", "L-unknown"), 46000),  # a plot without a verdict
    ],
)
def test_what_is_unknown_or_short_is_not_provable(name: str, change: dict[str, pl.Expr], provable: int) -> None:
    assert provability(assessment(tables=with_table(name, change))).provable == provable


def test_dropping_rows_never_raises_the_share() -> None:
    for name, table in tables().items():
        # Below-threshold spend and origins do not bear on the share; the whole is in materiality.
        if name in ("materiality", "documents", "origin_risk", "application", "units", "plots", "plot_status"):
            continue
        for row in range(table.height):
            left = {**tables(), name: pl.concat([table[:row], table[row + 1 :]])}
            assert provability(assessment(tables=left)).provable <= 446000, (name, row)


def test_without_a_known_whole_there_is_no_share() -> None:
    unknown = with_table("materiality", {"whole": pl.lit(None)})
    assert provability(assessment(tables=unknown)).in_scope is None


def test_an_unknown_rate_makes_the_purchases_unknown() -> None:
    foreign = with_table("purchases", where("line", "007", "currency", "USD"))
    assert provability(assessment(tables=foreign)).bought is None
    foreign["rates"] = frame("rates", [{"currency": "USD", "rate": Decimal("7.1")}])
    assert provability(assessment(tables=foreign)).bought == 1000000 + 355000


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.MET, "met"),
        (Outcome.NOT_APPLICABLE, "met"),  # the other rules are met
        (Outcome.INSUFFICIENT, "insufficient evidence"),
        (Outcome.NOT_MET, "not met"),
    ],
)
def test_a_plot_is_as_bad_as_its_worst_land_rule(outcome: Outcome, expected: str) -> None:
    rest = [row for row in special_findings() if (row["rule"], row["subject"]) != ("DCF-3.1-2", "L-1")]
    case = assessment()
    changed = findings(case.edition, [*rest, finding("DCF-3.1-2", "L-1", outcome, "holds")])
    outcomes = dict(land_outcomes(assessment(findings=changed)).iter_rows())
    assert outcomes["L-1"] == expected


def test_a_plot_that_no_rule_judged_lacks_evidence() -> None:
    rest = [row for row in special_findings() if (row["rule"], row["subject"]) != ("DCF-3.1-4", "L-1")]
    changed = findings(assessment().edition, rest)
    assert dict(land_outcomes(assessment(findings=changed)).iter_rows())["L-1"] == "insufficient evidence"


def test_wood_needs_the_wood_rule() -> None:
    wood = with_table("units", where("plot", "L-1", "wood", True))
    # DCF-3.1-3 is not applicable for the company as a whole, so the plot passes on the other four ...
    assert dict(land_outcomes(assessment(tables=wood)).iter_rows())["L-1"] == "met"
    # ... but where the rule judged other plots and not this one, it lacks evidence.
    rest = [row for row in special_findings() if row["rule"] != "DCF-3.1-3"]
    judged = findings(assessment().edition, [*rest, finding("DCF-3.1-3", "L-2", Outcome.MET, "holds")])
    outcomes = dict(land_outcomes(assessment(tables=wood, findings=judged)).iter_rows())
    assert (outcomes["L-1"], outcomes["L-2"]) == ("insufficient evidence", "met")


@pytest.mark.parametrize("subject", ["ticket:T-1", "P-1"])
def test_a_converted_unit_found_on_a_visit_or_named_by_the_rule_counts(subject: str) -> None:
    found = tables()
    found["samples"] = frame("samples", [{"ticket": "T-1", "supplier": "S-1", "commodity": "soy"}])
    special = [*special_findings(), finding("DCF-3.1-1", subject, Outcome.NOT_MET, "no-document")]
    case = assessment(tables=found, findings=findings(assessment().edition, special))
    assert provability(case).provable == 46000


def test_a_plot_that_drops_out_of_sight_does_not_clear_the_rest() -> None:
    found = tables()
    found["lot_plots"] = found["lot_plots"].filter(pl.col("plot") != "L-4")
    assert provability(assessment(tables=found)).provable == 446000


def feeding(plot: str, custody: str) -> dict[str, pl.DataFrame]:
    """P-1 becomes an animal product that is fed from one plot."""
    found = with_table("positions", where("position", "P-1", "livestock", True))
    feed = {"position": "F-1", "supplier": "S-9", "commodity": "soy", "country": "BR", "feed_for": "G-1"}
    found["positions"] = pl.concat([found["positions"], frame("positions", [feed])])
    found["depth"] = pl.concat([found["depth"], frame("depth", [{"position": "F-1", "required": "plot"}])])
    trace = {"line": "F", "commodity": "soy", "position": "F-1", "lot": "LOT-F", "bought_g": Decimal(5),
             "plot_g": Decimal(5), "country_g": Decimal(0), "untraced_g": Decimal(0), "custody": custody,
             "custody_unknown": False}  # fmt: skip
    found["traces"] = pl.concat([found["traces"], frame("traces", [trace])])
    status = frame("lot_status", [{"lot": "LOT-F", "plot_g": 5}])
    found["lot_status"] = pl.concat([found["lot_status"], status])
    behind = frame("lot_plots", [{"lot": "LOT-F", "plot": plot, "mass_g": 5}])
    found["lot_plots"] = pl.concat([found["lot_plots"], behind])
    return found


@pytest.mark.parametrize(
    ("plot", "custody", "provable"),
    [("L-2", "segregated", 446000), ("L-4", "segregated", 46000), ("L-2", "mass balance", 46000)],
)
def test_animal_products_need_their_feed(plot: str, custody: str, provable: int) -> None:
    assert provability(assessment(tables=feeding(plot, custody))).provable == provable


def test_an_animal_product_without_feed_records_rests_on_the_feed_rule() -> None:
    livestock = with_table("positions", where("position", "P-1", "livestock", True))
    for outcome, provable in ((Outcome.MET, 446000), (Outcome.NOT_MET, 46000), (Outcome.INSUFFICIENT, 46000)):
        special = [*special_findings(), finding("DCF-2.1-4", "G-1", outcome, "holds")]
        case = assessment(tables=livestock, findings=findings(assessment().edition, special))
        assert provability(case).provable == provable
