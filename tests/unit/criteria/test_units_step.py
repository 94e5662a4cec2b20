"""Steps `settled_lots` and `units`: the plots behind what is assessed, and what is accepted for them."""

import inspect
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.criteria.cases import DOCUMENTS, frame
from landproof.criteria.movements import animal_lots
from landproof.criteria.steps.units import settled_lots, units
from landproof.domain.derived import DERIVED, SETTLED_LOTS, UNITS
from landproof.domain.facts import FACTS
from landproof.domain.tables import conform

Rows = list[dict[str, Any]]
ALL = {**FACTS, **DERIVED}
LIMITS = {
    "as_of": date(2027, 6, 30),
    "cut_off": date(2020, 12, 31),
    "controlled_blending": "refused",
    "low_risk_feed": "to the plot",
    "scheme_role": "supports",
    "eudr_applies_from": date(2026, 12, 30),
    "eudr_before_application": "supporting evidence",
}


def run(step: Any, contract: Any, rows: dict[str, Rows], **chosen: str) -> pl.DataFrame:
    parameters = inspect.signature(step).parameters.values()
    tables = {each.name for each in parameters if each.kind is not inspect.Parameter.KEYWORD_ONLY}
    assert set(rows) <= tables | {"documents"}
    names = [row["reference"] for row in rows.get("documents", [])] or ["doc"]
    documents = pl.DataFrame([{"reference": name, "digest": f"d-{name}"} for name in names], schema=DOCUMENTS)
    made = {name: frame(ALL[name], rows.get(name, [])) for name in tables - {"documents"}}
    values = {each.name: {**LIMITS, **chosen}[each.name] for each in parameters if each.name not in tables}
    return conform(step(**made | {"documents": documents}, **values), contract).sort(contract.key)


def found(rows: dict[str, Rows], **chosen: str) -> dict[tuple[str, str], dict[str, Any]]:
    result = run(units, UNITS, rows, **chosen)
    assert not result.select("plot", "commodity").is_duplicated().any()
    return {(row["plot"], row["commodity"]): row for row in result.iter_rows(named=True)}


def trace(line: str, position: str, lot: str | None, **more: Any) -> dict[str, Any]:
    full = {"bought_g": "10", "plot_g": "10", "country_g": "0", "untraced_g": "0"}
    kept_apart = {"custody": "segregated", "custody_unknown": False}
    return {"line": line, "commodity": "any", "position": position, "lot": lot, **full, **kept_apart, **more}


SOY = {"position": "P", "commodity": "soy", "assessed": True, "six": True, "wood": False}


def test_a_unit_carries_what_the_plot_and_its_positions_say() -> None:
    result = found(
        {
            "positions": [
                SOY,
                {"position": "F", "commodity": "soy", "assessed": True, "six": True, "feed_for": "pork"},
            ],
            "depth": [
                {"position": "P", "level": "low", "required": "plot"},
                {"position": "F", "level": "high", "required": "plot"},
            ],
            "traces": [trace("1", "P", "A"), trace("2", "F", "B")],
            "lot_plots": [
                {"lot": "A", "plot": "x", "mass_g": 10},
                {"lot": "A", "plot": "y", "mass_g": 10},
                {"lot": "B", "plot": "y", "mass_g": 10},
                {"lot": "elsewhere", "plot": "z", "mass_g": 10},
            ],
            "plots": [
                {
                    "plot": "x",
                    "country": "BR",
                    "use": "crop",
                    "shape": "point",
                    "area_ha": "3.5",
                    "decimals": 7,
                    "decimals_known": True,
                    "boundary_of": "field",
                }
            ],
        }
    )
    assert set(result) == {("x", "soy"), ("y", "soy")}
    x, y = result[("x", "soy")], result[("y", "soy")]
    assert (x["known"], x["country"], x["use"], x["shape"], str(x["area_ha"])) == (
        True, "BR", "crop", "point", "3.500000",
    )  # fmt: skip
    assert (x["decimals"], x["decimals_known"], x["boundary_of"]) == (7, True, "field")
    assert (x["level"], x["six"], x["wood"], x["feed"]) == ("low", True, False, False)
    assert (y["known"], y["country"], y["shape"]) == (False, None, None)
    # y feeds a high-risk position too: the higher risk wins.
    assert (y["level"], y["six"], y["feed"]) == ("high", True, True)


def test_only_assessed_positions_count_and_unknown_counts_as_assessed_and_high() -> None:
    result = found(
        {
            "positions": [SOY | {"assessed": False}, {"position": "Q", "commodity": "maize"}],
            "traces": [trace("1", "P", "A"), trace("2", "Q", "B"), trace("3", "Q", None)],
            "lot_plots": [{"lot": "A", "plot": "x"}, {"lot": "B", "plot": "y"}],
        }
    )
    assert set(result) == {("y", "maize")}
    assert result[("y", "maize")]["level"] == "high"


def test_plots_that_contradict_themselves_are_not_known() -> None:
    result = found(
        {
            "positions": [SOY],
            "traces": [trace("1", "P", "A")],
            "lot_plots": [{"lot": "A", "plot": "x"}],
            "plots": [{"plot": "x", "area_ha": "3"}, {"plot": "x", "area_ha": "30"}],
        }
    )
    assert result[("x", "soy")]["known"] is False


def two_lots(**settled: Any) -> dict[str, Rows]:
    return {
        "positions": [SOY, {"position": "Q", "commodity": "maize", "assessed": True, "six": False}],
        "traces": [trace("1", "P", "A"), trace("2", "P", "B"), trace("3", "Q", "A")],
        "lot_plots": [
            {"lot": "A", "plot": "only-a"},
            {"lot": "A", "plot": "both"},
            {"lot": "B", "plot": "both"},
        ],
        **settled,
    }


def test_a_plot_is_settled_by_eudr_only_when_every_lot_it_feeds_is_and_for_the_six_only() -> None:
    result = found(two_lots(settled_lots=[{"lot": "A"}]))
    assert {key: row["eudr_accepted"] for key, row in result.items()} == {
        ("only-a", "soy"): True,
        ("both", "soy"): False,
        ("only-a", "maize"): False,
        ("both", "maize"): False,
    }
    assert found(two_lots(settled_lots=[{"lot": "A"}, {"lot": "B"}]))[("both", "soy")]["eudr_accepted"] is True


def test_of_the_positions_behind_one_lot_the_careful_side_wins() -> None:
    result = found(
        {
            "positions": [
                {"position": "P", "commodity": "pulp and paper", "assessed": True, "six": True, "wood": True},
                {"position": "Q", "commodity": "pulp and paper", "assessed": True, "feed_for": "pork"},
            ],
            "depth": [
                {"position": "P", "level": "high", "required": "plot"},
                {"position": "Q", "level": "low", "required": "plot"},
            ],
            "traces": [trace("1", "P", "A"), trace("2", "Q", "A"), trace("3", "Q", "B"), trace("4", "Q", "C")],
            "lot_plots": [
                {"lot": "A", "plot": "w"},
                {"lot": "A", "plot": "x"},
                {"lot": "B", "plot": "x"},
                {"lot": "C", "plot": "y"},
            ],
            "settled_lots": [{"lot": "A"}, {"lot": "B"}, {"lot": "C"}],
        }
    )
    unit = result[("x", "pulp and paper")]
    assert (unit["level"], unit["six"], unit["wood"], unit["feed"], unit["eudr_accepted"]) == (
        "high", True, True, True, False,
    )  # fmt: skip
    one_lot = result[("w", "pulp and paper")]
    assert (one_lot["feed"], one_lot["eudr_accepted"]) == (True, False)
    other = result[("y", "pulp and paper")]
    assert (other["level"], other["six"], other["wood"], other["feed"]) == ("low", False, False, True)


def claim(**more: Any) -> dict[str, Any]:
    return {
        "claim": "K1",
        "lot": "A",
        "certificate": "C1",
        "step": 1,
        "custody": "segregated",
        "site": "mill",
        "product": "soy",
        "traded_on": date(2026, 5, 1),
        "document": "doc",
        **more,
    }


CERTIFICATE: dict[str, Any] = {
    "certificate": "C1",
    "scheme": "S1",
    "sites": ["mill"],
    "products": ["soy"],
    "custody": "segregated",
    "valid_from": date(2026, 1, 1),
    "valid_to": date(2026, 12, 31),
    "registry_checked_on": date(2026, 2, 1),
    "contact": "desk",
    "document": "doc",
}
SCHEME: dict[str, Any] = {
    "scheme": "S1",
    "cut_off": date(2020, 12, 31),
    "covers_forest": True,
    "covers_natural": True,
    "reopens": False,
    "confirmed_by": "verifier",
    "document": "doc",
    "page": "1",
}
ASSESSMENT: dict[str, Any] = {
    "assessment": "1",
    "lot": "A",
    "concluded_on": date(2026, 6, 1),
    "inputs": ["K1", "K2"],
    "document": "doc",
    "page": "1",
}


def supported(**changed: Any) -> dict[str, Rows]:
    return {
        "positions": [SOY],
        "depth": [{"position": "P", "level": "low", "required": "plot"}],
        "traces": [trace("1", "P", "A")],
        "lot_plots": [{"lot": "A", "plot": "x"}],
        "claims": [claim()],
        "certificates": [CERTIFICATE],
        "schemes": [SCHEME],
        "assessments": [ASSESSMENT],
        **changed,
    }


def accepted(rows: dict[str, Rows], **chosen: str) -> bool:
    return found(rows, **chosen)[("x", "soy")]["scheme_accepted"]


def test_a_lot_is_supported_by_a_scheme_when_all_conditions_hold() -> None:
    assert accepted(supported()) is True


@pytest.mark.parametrize(
    "broken",
    [
        {"claims": []},
        {"claims": [claim(lot="B")]},
        {"claims": [claim(custody="mass balance")]},
        {"claims": [claim(), claim(claim="K2", step=2, custody="mass balance")]},
        {"claims": [claim(step=2)]},
        {"claims": [claim(traded_on=date(2027, 1, 1))]},
        {"certificates": []},
        {"certificates": [CERTIFICATE | {"contact": None}]},
        {"schemes": [SCHEME | {"cut_off": date(2021, 1, 1)}]},
        {"schemes": [SCHEME | {"confirmed_by": None}]},
        {"schemes": [SCHEME | {"covers_natural": False}]},
        {"assessments": []},
        {"assessments": [ASSESSMENT | {"inputs": ["plots"]}]},
        {"traces": [trace("1", "P", "A", plot_g="9", country_g="1")]},
        {"traces": [trace("1", "P", "A", custody="mass balance")]},
    ],
    ids=str,
)
def test_one_condition_that_fails_takes_the_support_away(broken: dict[str, Rows]) -> None:
    assert accepted(supported(**broken)) is False


def test_every_lot_that_a_plot_feeds_must_be_supported() -> None:
    both = supported(
        traces=[trace("1", "P", "A"), trace("2", "P", "B")],
        lot_plots=[{"lot": "A", "plot": "x"}, {"lot": "B", "plot": "x"}],
    )
    assert accepted(both) is False


def test_a_claim_under_another_scheme_that_fails_leaves_the_one_that_holds() -> None:
    assert (
        accepted(
            supported(
                claims=[claim(), claim(claim="K2", certificate="C2", custody="book and claim")],
                certificates=[CERTIFICATE, CERTIFICATE | {"certificate": "C2", "scheme": "S2"}],
            )
        )
        is True
    )


def test_the_other_readings_reach_the_step() -> None:
    assert accepted(supported(assessments=[]), scheme_role="stands in") is True
    blended = supported(
        claims=[claim(custody="controlled blending")], traces=[trace("1", "P", "A", custody="controlled blending")]
    )
    assert accepted(blended) is False
    assert accepted(blended, controlled_blending="accepted") is True
    feed = supported(
        positions=[SOY | {"feed_for": "pork", "from_2030": False}],
        traces=[trace("1", "P", "A", plot_g="0", country_g="10")],
    )
    assert accepted(feed) is False
    assert accepted(feed, low_risk_feed="to the country") is True


STATEMENT: dict[str, Any] = {
    "reference_number": "26B",
    "verification_number": "V",
    "kind": "due diligence statement",
    "status": "available",
    "has_geolocation": True,
    "hs_code": "1201",
    "lot": "A",
    "checked_on": date(2027, 6, 1),
    "document": "doc",
}


def test_a_lot_is_settled_once_by_the_first_of_its_usable_statements() -> None:
    rows: dict[str, Rows] = {
        "eudr_statements": [
            STATEMENT,
            STATEMENT | {"reference_number": "26A"},
            STATEMENT | {"reference_number": "25Z", "status": "withdrawn"},
            STATEMENT | {"reference_number": "26C", "lot": "B"},
        ],
        "purchases": [
            {"line": "1", "lot": "A", "received_on": date(2026, 12, 30)},
            {"line": "2", "lot": "B", "received_on": date(2026, 12, 29)},
        ],
    }
    assert run(settled_lots, SETTLED_LOTS, rows).rows() == [("A", "26A")]
    both = run(settled_lots, SETTLED_LOTS, rows, eudr_before_application="accepted")
    assert both.rows() == [("A", "26A"), ("B", "26C")]


def test_walks_along_deliveries_end_in_circles() -> None:
    deliveries = frame(
        FACTS["deliveries"],
        [
            {"delivery": "1", "lot": "b", "input_lot": "a"},
            {"delivery": "2", "lot": "a", "input_lot": "b"},
            {"delivery": "3", "lot": "c", "input_lot": "b"},
        ],
    )
    moved = frame(FACTS["movements"], [{"movement": "1", "lot": "b"}])
    assert animal_lots(pl.DataFrame({"lot": ["c"]}), moved, deliveries).rows() == [("c", "b")]
    assert animal_lots(pl.DataFrame({"lot": ["c"]}), moved.clear(), deliveries).rows() == [("c", "c")]


lots = st.sampled_from(["A", "B", "C"])
names = st.sampled_from(["x", "y", "z"])


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Rows]:
    def some(make: Any, most: int = 4) -> Rows:
        return [make(number) for number in range(draw(st.integers(0, most)))]

    return {
        "positions": [
            SOY,
            {"position": "Q", "commodity": "maize", "assessed": draw(st.sampled_from([True, None]))},
        ],
        "depth": [{"position": "P", "level": draw(st.sampled_from(["low", "high"])), "required": "plot"}],
        "traces": some(lambda n: trace(str(n), draw(st.sampled_from(["P", "Q"])), draw(lots))),
        "lot_plots": [{"lot": lot, "plot": plot} for lot, plot in sorted(draw(st.sets(st.tuples(lots, names))))],
        "plots": [{"plot": plot, "shape": "point"} for plot in sorted(draw(st.sets(names)))],
        "settled_lots": [{"lot": lot} for lot in sorted(draw(st.sets(lots)))],
        "claims": some(lambda n: claim(claim=f"K{n}", lot=draw(lots), step=draw(st.integers(1, 2)))),
        "certificates": [CERTIFICATE],
        "schemes": [SCHEME],
        "assessments": [
            ASSESSMENT | {"lot": lot, "inputs": ["S1"], "assessment": lot} for lot in sorted(draw(st.sets(lots)))
        ],
    }


@settings(deadline=None, max_examples=40)
@given(worlds(), st.randoms())
def test_the_order_of_rows_does_not_matter(world: dict[str, Rows], random: Any) -> None:
    shuffled = {name: random.sample(rows, len(rows)) for name, rows in world.items()}
    assert run(units, UNITS, shuffled).equals(run(units, UNITS, world))


@settings(deadline=None, max_examples=60)
@given(worlds(), st.sampled_from(["plots", "settled_lots", "assessments", "certificates", "schemes"]), st.data())
def test_dropping_evidence_accepts_nothing_more(world: dict[str, Rows], table: str, data: st.DataObject) -> None:
    if not world[table]:
        return
    gone = data.draw(st.integers(0, len(world[table]) - 1))
    full = found(world)
    less = found(world | {table: [row for number, row in enumerate(world[table]) if number != gone]})
    assert set(less) == set(full)
    for key, unit in less.items():
        for name in ("known", "eudr_accepted", "scheme_accepted"):
            assert full[key][name] or not unit[name]
