"""Expected values are worked out by hand."""

from typing import Any

import polars as pl
import pytest

from landproof.chain.flows import TABLES
from landproof.domain.derived import LOT_PLOTS, LOT_STATUS
from landproof.domain.facts import FACTS
from landproof.domain.facts.chain import DELIVERIES, LOTS
from landproof.domain.facts.land import PLOTS
from tests.unit.chain.rows import DOCUMENTS, frame, trace, trace_all


def test_a_lot_from_one_plot_is_traced_to_it():
    status, plots = trace([{"lot": "L", "plot": "P", "mass_g": 100}], {"L": 100}, ["P"])
    assert status["L"] == {
        "lot": "L", "depth": "plot", "mass_g": 100, "plot_g": 100, "country_g": 100, "custody": "segregated",
        "custody_unknown": False, "claimed": "segregated", "steps": 1, "problems": [],
    }  # fmt: skip
    assert plots == {"L": {"P": 100}}


def test_shares_pass_through_four_tiers():
    # farm lots 30 + 70 -> mill, half of it -> trader with 50 from another farm -> company
    status, plots = trace(
        [
            {"lot": "F1", "plot": "A", "mass_g": 30},
            {"lot": "F2", "plot": "B", "mass_g": 70},
            {"lot": "M", "input_lot": "F1", "mass_g": 30},
            {"lot": "M", "input_lot": "F2", "mass_g": 70},
            {"lot": "T", "input_lot": "M", "mass_g": 50},
            {"lot": "F3", "plot": "C", "mass_g": 50},
            {"lot": "T", "input_lot": "F3", "mass_g": 50},
            {"lot": "X", "input_lot": "T", "mass_g": 100},
        ],
        {"F1": 30, "F2": 70, "F3": 50, "M": 100, "T": 100, "X": 100},
        "ABC",
    )
    assert plots["X"] == {"A": 15, "B": 35, "C": 50}
    assert (status["X"]["depth"], status["X"]["steps"]) == ("plot", 4)


def test_odd_grams_go_to_the_largest_remainder_and_ties_to_the_first_plot():
    # 100 g from three equal parts: 33 1/3 each; one odd gram, equal remainders, so plot A
    equal = [{"lot": "L", "plot": plot, "mass_g": 70} for plot in "CBA"]
    _, plots = trace([*equal, {"lot": "S", "input_lot": "L", "mass_g": 100}], {"L": 210, "S": 100}, "ABC")
    assert plots["S"] == {"A": 34, "B": 33, "C": 33}
    # 10 g from 1:2 -> 3 1/3 and 6 2/3; the odd gram goes to B
    _, plots = trace(
        [
            {"lot": "L", "plot": "A", "mass_g": 10},
            {"lot": "L", "plot": "B", "mass_g": 20},
            {"lot": "S", "input_lot": "L", "mass_g": 10},
        ],
        {"L": 30, "S": 10},
        "AB",
    )
    assert plots["S"] == {"A": 3, "B": 7}


def test_what_is_traced_is_rounded_down():
    # two of three parts reach a plot: 2/3 of 100 g is 66 2/3 g
    status, plots = trace(
        [
            {"lot": "L", "plot": "A", "mass_g": 200},
            {"lot": "L", "plot": "elsewhere", "mass_g": 100},
            {"lot": "S", "input_lot": "L", "mass_g": 100},
        ],
        {"L": 300, "S": 100},
        "A",
    )
    assert (status["S"]["plot_g"], status["S"]["country_g"], status["S"]["depth"]) == (66, 66, "none")
    assert plots["S"] == {"A": 66, "elsewhere": 0}


def test_a_plot_that_is_not_on_file_is_listed_with_nothing():
    status, plots = trace([{"lot": "L", "plot": "P", "mass_g": 5}], {"L": 5}, [])
    assert (status["L"]["depth"], status["L"]["plot_g"]) == ("none", 0)
    assert plots == {"L": {"P": 0}}


def test_one_gram_that_no_delivery_explains_is_untraced_and_has_no_custody_model():
    delivery = [{"lot": "L", "plot": "P", "mass_g": 99}]
    status, _ = trace(delivery, {"L": 100}, "P")
    assert (status["L"]["depth"], status["L"]["plot_g"], status["L"]["custody_unknown"]) == ("none", 99, True)
    status, _ = trace(delivery, {"L": 99}, "P")
    assert (status["L"]["depth"], status["L"]["custody_unknown"]) == ("plot", False)
    status, plots = trace(delivery, {"L": 98}, "P")  # a gram was lost on the way
    assert (status["L"]["depth"], status["L"]["mass_g"], plots["L"]) == ("plot", 99, {"P": 99})


@pytest.mark.parametrize("mass", [None, 0, -5])
def test_a_lot_without_a_mass_is_untraced_and_its_plots_are_still_judged(mass: int | None):
    status, plots = trace([{"lot": "L", "plot": "P", "mass_g": 99}], {"L": mass}, "P")
    assert status["L"]["problems"] == ["missing mass"]
    assert (status["L"]["depth"], status["L"]["plot_g"], plots["L"]) == ("none", 0, {"P": 0})


def test_a_lot_that_is_not_listed_has_no_mass_of_its_own():
    status, _ = trace([{"lot": "L", "plot": "P", "mass_g": 99}], {}, "P")
    assert status["L"]["problems"] == ["missing mass"]


@pytest.mark.parametrize("mass", [None, 0, -1])
def test_an_unweighed_delivery_leaves_the_whole_lot_untraced(mass: int | None):
    status, plots = trace(
        [
            {"lot": "L", "plot": "P", "mass_g": 100},
            {"lot": "L", "plot": "Q", "mass_g": mass},
            {"lot": "M", "input_lot": "L", "mass_g": 100},
        ],
        {"L": 100, "M": 100},
        "PQ",
    )
    assert status["L"]["problems"] == ["missing mass"]
    assert (status["M"]["problems"], status["M"]["depth"], status["M"]["plot_g"]) == ([], "none", 0)
    assert plots["M"] == {"P": 0, "Q": 0}


def test_an_input_lot_that_nobody_describes_is_a_problem():
    status, _ = trace(
        [{"lot": "L", "input_lot": "gone", "mass_g": 40}, {"lot": "L", "plot": "P", "mass_g": 60}], {"L": 100}, "P"
    )
    assert status["L"]["problems"] == ["missing input lot"]
    assert (status["L"]["plot_g"], status["L"]["depth"], status["L"]["custody_unknown"]) == (60, "none", True)


@pytest.mark.parametrize(("taken", "known"), [(99, 99), (100, 100), (101, 99), (300, 99)])
def test_a_lot_explains_no_more_than_it_weighs(taken: int, known: int):
    # 100 g of L go into X and Y: one takes 1 g, the other `taken` - 1 g; each shares what there is, rounded down
    status, plots = trace(
        [
            {"lot": "L", "plot": "P", "mass_g": 100},
            {"lot": "X", "input_lot": "L", "mass_g": 1},
            {"lot": "Y", "input_lot": "L", "mass_g": taken - 1},
        ],
        {"L": 100, "X": 1, "Y": taken - 1},
        "P",
    )
    over = taken > 100
    assert status["L"]["problems"] == (["over-used"] if over else [])
    assert (status["L"]["depth"], plots["L"]) == ("plot", {"P": 100})
    assert [status[lot]["depth"] for lot in "XY"] == (["none", "none"] if over else ["plot", "plot"])
    assert status["X"]["plot_g"] == (0 if over else 1)
    assert status["X"]["plot_g"] + status["Y"]["plot_g"] == known
    assert plots["X"] == {"P": status["X"]["plot_g"]}


def test_a_lot_without_deliveries_says_so():
    status, plots = trace([], {"L": 100})
    assert status["L"]["problems"] == ["no inputs"]
    assert (status["L"]["depth"], status["L"]["custody"], status["L"]["custody_unknown"]) == ("none", None, True)
    assert (status["L"]["steps"], plots) == (0, {})


def test_what_is_made_of_itself_is_unknown_and_what_it_goes_into_is_as_far():
    status, plots = trace(
        [
            {"lot": "A", "input_lot": "B", "mass_g": 1},
            {"lot": "B", "input_lot": "A", "mass_g": 1},
            {"lot": "A", "plot": "P", "mass_g": 9},
            {"lot": "C", "input_lot": "B", "mass_g": 1},
            {"lot": "S", "input_lot": "S", "mass_g": 1},
            {"lot": "D", "plot": "Q", "mass_g": 1},
            {"lot": "C", "input_lot": "D", "mass_g": 1},
        ],
        {"A": {"mass_g": 10, "country": "BR"}, "B": 2, "C": 2, "S": 1, "D": 1},
        "PQ",
    )
    assert {lot: row["problems"] for lot, row in status.items()} == {
        "A": ["cycle"], "B": ["cycle"], "C": ["cycle upstream"], "D": [], "S": ["cycle"]
    }  # fmt: skip
    for lot in "ABS":
        assert (status[lot]["depth"], status[lot]["plot_g"], status[lot]["country_g"]) == ("none", 0, 0)
        assert (status[lot]["steps"], status[lot]["custody_unknown"]) == (None, True)
    assert (status["C"]["depth"], status["C"]["plot_g"], status["D"]["depth"]) == ("none", 1, "plot")
    # P went into the loop, so it may be in all that comes out of it.
    assert plots == {"A": {"P": 0}, "B": {"P": 0}, "C": {"P": 0, "Q": 1}, "D": {"Q": 1}}


def test_every_holding_that_animals_passed_may_be_in_what_they_became():
    status, plots = trace(
        [
            {"lot": "herd", "plot": "last farm", "mass_g": 10},
            {"lot": "carcasses", "input_lot": "herd", "mass_g": 10},
            {"lot": "meat", "input_lot": "carcasses", "mass_g": 10},
        ],
        {"herd": 10, "carcasses": 10, "meat": 10},
        ["last farm"],
        movements=[
            {"lot": "herd", "establishment": "first farm"},
            {"lot": "herd", "establishment": "last farm"},
            {"lot": "carcasses", "establishment": "abattoir"},
            {"lot": "carcasses", "establishment": None},
            {"lot": "other herd", "establishment": "elsewhere"},
        ],
    )
    assert plots["meat"] == {"abattoir": 0, "first farm": 0, "last farm": 10}
    assert plots["other herd"] == {"elsewhere": 0}
    assert (status["meat"]["depth"], status["meat"]["plot_g"]) == ("plot", 10)


def test_a_country_settles_what_no_plot_does():
    origin = {"lot": "L", "mass_g": 60}
    status, _ = trace(
        [origin, {"lot": "L", "plot": "P", "mass_g": 40}], {"L": {"mass_g": 100, "country": "US"}}, "P"
    )
    assert (status["L"]["depth"], status["L"]["plot_g"], status["L"]["country_g"]) == ("country", 40, 100)
    assert (status["L"]["problems"], status["L"]["custody"], status["L"]["custody_unknown"]) == (
        [],
        "segregated",
        False,
    )
    status, _ = trace([origin], {"L": 60})
    assert (status["L"]["depth"], status["L"]["problems"]) == ("none", ["missing input lot"])


def test_a_facility_counts_when_it_lists_where_it_sources_from():
    mill = {"L": {"mass_g": 60, "facility": "mill"}}
    origin = [{"lot": "L", "mass_g": 60}, {"lot": "M", "input_lot": "L", "mass_g": 60}]
    status, _ = trace(origin, {**mill, "M": 60}, facilities=[{"facility": "mill", "sources_from": ["US", "CA"]}])
    assert (status["L"]["depth"], status["L"]["country_g"]) == ("facility", 60)
    assert (status["M"]["depth"], status["M"]["country_g"]) == ("country", 60)
    for listed in (None, [], ["US", None]):
        status, _ = trace(origin[:1], mill, facilities=[{"facility": "mill", "sources_from": listed}])
        assert status["L"]["depth"] == "none"
    assert trace(origin[:1], mill)[0]["L"]["depth"] == "none"


def test_custody_is_the_weakest_of_all_steps():
    def chain(first: str | None, second: str | None, third: str | None) -> dict[str, Any]:
        return trace(
            [
                {"lot": "A", "plot": "P", "mass_g": 1, "custody": first},
                {"lot": "B", "input_lot": "A", "mass_g": 1, "custody": second},
                {"lot": "C", "input_lot": "B", "mass_g": 1, "custody": third},
            ],
            {"A": 1, "B": 1, "C": 1},
            "P",
        )[0]["C"]

    def joined(model: str) -> dict[str, Any]:
        deliveries = [{"lot": "A", "plot": plot, "mass_g": 1, "custody": model} for plot in "PQ"]
        return trace(deliveries, {"A": 2}, "PQ")[0]["A"]

    strong, mixed = "identity preserved", "mass balance"
    assert chain(strong, strong, strong)["custody"] == strong
    assert joined(strong)["custody"] == "segregated"  # two plots are no single source
    assert joined("mass balance")["custody"] == "mass balance"
    assert chain(mixed, strong, "segregated")["custody"] == mixed
    assert chain(strong, strong, "book and claim")["custody"] == "book and claim"
    unknown = chain(None, strong, strong)
    assert (unknown["custody"], unknown["custody_unknown"]) == (strong, True)
    nothing = chain(None, None, None)
    assert (nothing["custody"], nothing["custody_unknown"]) == (None, True)


def test_nothing_in_gives_empty_tables():
    status, behind = trace_all(
        {"documents": DOCUMENTS, **{name: FACTS[name].empty() for name in (*TABLES, "claims")}}
    )
    assert (status.schema, behind.schema) == (LOT_STATUS.schema, LOT_PLOTS.schema)
    assert (status.height, behind.height) == (0, 0)


def test_mass_is_kept_over_two_hundred_thousand_deliveries():
    # 170,000 harvests -> 17,000 farm lots -> 2,500 mill lots -> 500 company lots
    rows = [
        {"delivery": f"H{i}", "lot": f"F{i // 10}", "plot": f"P{i % 60_000}", "mass_g": 10_000 + i * 37 % 999_983}
        for i in range(170_000)
    ]
    rows += [
        {"delivery": f"M{i}", "lot": f"M{i % 2500}", "input_lot": f"F{i % 17_000}", "mass_g": 5000 + i}
        for i in range(27_500)
    ]
    rows += [
        {"delivery": f"C{i}", "lot": f"C{i % 500}", "input_lot": f"M{i}", "mass_g": 90_000 + i}
        for i in range(2_500)
    ]
    lots = {row["lot"]: 1 for row in rows}
    tables = {name: FACTS[name].empty() for name in (*TABLES, "claims")} | {
        "documents": DOCUMENTS,
        "deliveries": frame(DELIVERIES, rows),
        "lots": frame(LOTS, [{"lot": lot, "mass_g": mass} for lot, mass in lots.items()]),
        "plots": frame(PLOTS, [{"plot": f"P{i}"} for i in range(60_000)]),
    }
    status, behind = trace_all(tables)
    assert status["depth"].unique().to_list() == ["plot"]
    sums = behind.group_by("lot").agg(pl.col("mass_g").sum()).sort("lot")
    assert sums["mass_g"].to_list() == status["plot_g"].to_list() == status["mass_g"].to_list()


@pytest.mark.parametrize("unit", [1, 10**6, 10**12])
def test_an_over_used_lot_is_shared_exactly_at_any_size(unit: int):
    """Nine units were taken out of six: each third of nine is a third of six, though products need 85 bits."""
    taken = [{"lot": name, "input_lot": "A", "mass_g": part * unit} for name, part in (("X", 3), ("Y", 6))]
    lots = {"A": 6 * unit, "X": 3 * unit, "Y": 6 * unit}
    status, plots = trace([{"lot": "A", "plot": "P", "mass_g": 6 * unit}, *taken], lots, ["P"])
    assert (plots["X"], plots["Y"]) == ({"P": 2 * unit}, {"P": 4 * unit})
    assert status["A"]["problems"] == ["over-used"]
