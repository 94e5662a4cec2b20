"""Step `traces`: how much of each line is traced, by hand and for any chain."""

from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.criteria.cases import DOCUMENTS, frame
from landproof.criteria.steps.traces import traces
from landproof.domain.derived import DERIVED, TRACES
from landproof.domain.facts import FACTS
from landproof.domain.tables import conform

Rows = list[dict[str, Any]]
TABLES = (
    "line_goods",
    "positions",
    "feed_eaten",
    "lots",
    "lot_status",
    "lot_plots",
    "plots",
    "facilities",
    "origin_risk",
)


def run(documents: tuple[str, ...] = (), **rows: Rows) -> pl.DataFrame:
    assert set(rows) <= set(TABLES)
    tables = [frame({**FACTS, **DERIVED}[name], rows.get(name, [])) for name in TABLES]
    on_file = pl.DataFrame([{"reference": name, "digest": f"d-{name}"} for name in documents], schema=DOCUMENTS)
    return conform(traces(*tables, on_file), TRACES).sort(TRACES.key)


def grams(result: pl.DataFrame, line: str) -> tuple[str, str, str, str, str]:
    row = result.row(by_predicate=pl.col("line") == line, named=True)
    return (str(row["bought_g"]), str(row["plot_g"]), str(row["country_g"]), str(row["untraced_g"]), row["depth"])


def line(name: str, mass: str | None, lot: str | None = "A", position: str = "P") -> dict[str, Any]:
    return {"line": name, "commodity": "soy", "position": position, "lot": lot, "mass_g": mass}


def lot(mass: int | None, plot: int, country: int, **more: Any) -> dict[str, Any]:
    return {"lot": "A", "mass_g": mass, "plot_g": plot, "country_g": country, "problems": [], **more}


WHERE_UNKNOWN: Rows = [{"position": "P"}]
IN_BRAZIL: Rows = [{"position": "P", "country": "BR", "list": "annex1"}]


def test_a_third_of_the_lot_is_rounded_down_and_the_rest_is_not_traced() -> None:
    result = run(line_goods=[line("1", "1000")], positions=WHERE_UNKNOWN, lot_status=[lot(3000, 1000, 2000)])
    # 1000 / 3 = 333.333333...; 2000 / 3 = 666.666666..., less the plots.
    assert grams(result, "1") == ("1000.000000", "333.333333", "333.333333", "333.333334", "none")


def test_a_whole_lot_is_traced_without_a_remainder() -> None:
    result = run(line_goods=[line("1", "0.7")], positions=WHERE_UNKNOWN, lot_status=[lot(3, 3, 3)])
    assert grams(result, "1") == ("0.700000", "0.700000", "0.000000", "0.000000", "plot")


def test_a_country_stated_on_the_line_leaves_nothing_untraced() -> None:
    result = run(
        line_goods=[line("1", "10"), line("2", "10", lot=None), line("3", "10", lot="unheard-of")],
        positions=IN_BRAZIL,
        lot_status=[lot(10, 4, 4)],
    )
    assert grams(result, "1") == ("10.000000", "4.000000", "6.000000", "0.000000", "country")
    assert grams(result, "2") == ("10.000000", "0.000000", "10.000000", "0.000000", "country")
    assert grams(result, "3") == ("10.000000", "0.000000", "10.000000", "0.000000", "country")


def test_without_lot_and_country_all_is_untraced() -> None:
    result = run(line_goods=[line("1", "10", lot=None)], positions=WHERE_UNKNOWN)
    assert grams(result, "1") == ("10.000000", "0.000000", "0.000000", "10.000000", "none")


def test_a_line_of_unknown_mass_stays_with_unknown_shares() -> None:
    result = run(line_goods=[line("1", None)], positions=IN_BRAZIL, lot_status=[lot(10, 10, 10)])
    assert result.select("bought_g", "plot_g", "country_g", "untraced_g").row(0) == (None, None, None, None)
    assert result["depth"].to_list() == ["none"]


def test_a_lot_of_unknown_mass_traces_nothing() -> None:
    for status in (lot(None, 10, 10), lot(0, 0, 0), lot(10, 10, 10, problems=["missing mass"])):
        result = run(line_goods=[line("1", "10")], positions=WHERE_UNKNOWN, lot_status=[status])
        assert grams(result, "1") == ("10.000000", "0.000000", "0.000000", "10.000000", "none")


def test_the_part_of_a_lot_that_its_inputs_do_not_explain_is_not_traced() -> None:
    result = run(
        line_goods=[line("1", "10")],
        positions=WHERE_UNKNOWN,
        lots=[{"lot": "A", "mass_g": 200}],
        lot_status=[lot(100, 100, 100)],
    )
    assert grams(result, "1") == ("10.000000", "5.000000", "0.000000", "5.000000", "none")


def test_more_bought_than_the_lot_holds_is_not_traced() -> None:
    at = run(line_goods=[line("1", "6"), line("2", "4")], positions=WHERE_UNKNOWN, lot_status=[lot(10, 10, 10)])
    assert grams(at, "1") == ("6.000000", "6.000000", "0.000000", "0.000000", "plot")
    over = run(
        line_goods=[line("1", "10"), line("2", "10")], positions=WHERE_UNKNOWN, lot_status=[lot(10, 10, 10)]
    )
    assert grams(over, "1") == ("10.000000", "5.000000", "0.000000", "5.000000", "none")


def test_a_fraction_of_a_gram_more_than_the_lot_weighs_is_no_excess() -> None:
    result = run(line_goods=[line("1", "10.5")], positions=WHERE_UNKNOWN, lot_status=[lot(10, 10, 10)])
    assert grams(result, "1") == ("10.500000", "10.500000", "0.000000", "0.000000", "plot")


def test_plots_without_coordinates_or_not_on_file_do_not_count_as_traced_to_plots() -> None:
    result = run(
        line_goods=[line("1", "100")],
        positions=WHERE_UNKNOWN,
        lot_status=[lot(100, 100, 100)],
        lot_plots=[
            {"lot": "A", "plot": "located", "mass_g": 60},
            {"lot": "A", "plot": "country-only", "mass_g": 30},
            {"lot": "A", "plot": "not-on-file", "mass_g": 10},
        ],
        plots=[{"plot": "located", "shape": "point"}, {"plot": "country-only", "country": "BR"}],
    )
    assert grams(result, "1") == ("100.000000", "60.000000", "30.000000", "10.000000", "none")


def test_a_plot_that_contradicts_itself_has_no_place_and_an_unweighed_one_hides_the_whole_lot() -> None:
    behind: Rows = [{"lot": "A", "plot": "x", "mass_g": 4}, {"lot": "A", "plot": "y", "mass_g": 6}]
    given: dict[str, Rows] = {
        "line_goods": [line("1", "10")],
        "positions": WHERE_UNKNOWN,
        "lot_status": [lot(10, 10, 10)],
    }
    plots: Rows = [
        {"plot": "x", "shape": "point", "country": "BR"},
        {"plot": "y", "shape": "point", "country": "BR"},
    ]
    twice = run(**given, lot_plots=behind, plots=[*plots, {"plot": "y", "country": "BR"}])
    assert grams(twice, "1") == ("10.000000", "4.000000", "6.000000", "0.000000", "country")
    nowhere = run(**given, lot_plots=behind, plots=[*plots, {"plot": "y"}])
    assert grams(nowhere, "1") == ("10.000000", "4.000000", "0.000000", "6.000000", "none")
    unweighed: Rows = [*behind, {"lot": "A", "plot": "z"}]
    assert grams(run(**given, lot_plots=unweighed, plots=plots), "1")[1] == "0.000000"


def test_of_two_masses_of_one_lot_the_larger_must_be_explained() -> None:
    result = run(
        line_goods=[line("1", "10")],
        positions=WHERE_UNKNOWN,
        lots=[{"lot": "A", "mass_g": 100}, {"lot": "A", "mass_g": 200}],
        lot_status=[lot(100, 100, 100)],
    )
    assert grams(result, "1") == ("10.000000", "5.000000", "0.000000", "5.000000", "none")


def test_a_product_too_large_to_hold_exactly_counts_as_not_traced() -> None:
    # 10^18 g in millionths times 9 * 10^18 g is beyond 128 bits; it must not wrap around.
    mass = 9 * 10**18
    result = run(
        line_goods=[line("1", "1" + "0" * 18)], positions=WHERE_UNKNOWN, lot_status=[lot(mass, mass, mass)]
    )
    assert grams(result, "1")[1:] == ("0.000000", "0.000000", "1000000000000000000.000000", "none")


def test_the_largest_amount_whose_product_128_bits_hold_is_traced_and_a_millionth_more_is_not() -> None:
    # All of a lot of m grams is traced: amount * m + m, with room to round up, must stay within 2^127 - 1.
    mass = 9 * 10**18
    largest = (2**127 - 1 - mass) // mass  # millionths of a gram
    just_held, too_large = (str(Decimal(amount).scaleb(-6)) for amount in (largest, largest + 1))
    for bought, traced in ((just_held, just_held), (too_large, "0.000000")):
        result = run(line_goods=[line("1", bought)], positions=WHERE_UNKNOWN, lot_status=[lot(mass, mass, mass)])
        assert grams(result, "1")[:2] == (bought, traced)


def test_a_lot_that_weighs_nothing_explains_nothing() -> None:
    for mass in (0, -1, None):
        result = run(line_goods=[line("1", "1")], positions=WHERE_UNKNOWN, lot_status=[lot(mass, 5, 5)])
        assert grams(result, "1") == ("1.000000", "0.000000", "0.000000", "1.000000", "none")


def test_nothing_bought_reaches_no_depth_and_other_problems_do_not_hide_a_lot() -> None:
    result = run(
        line_goods=[line("1", "0"), line("2", "1", lot="B"), line("3", "1", lot="C")],
        positions=IN_BRAZIL,
        lot_status=[
            lot(1, 1, 1),
            lot(1, 1, 1, lot="B", problems=["missing input lot"]),
            lot(1, 1, 1, lot="C", problems=None),
        ],
    )
    assert grams(result, "1") == ("0.000000", "0.000000", "0.000000", "0.000000", "none")
    assert grams(result, "2")[1] == grams(result, "3")[1] == "1.000000"


def test_returns_take_from_what_was_traced() -> None:
    result = run(
        line_goods=[line("1", "-1"), line("2", "-1", lot=None), line("3", "-1", lot="B")],
        positions=WHERE_UNKNOWN,
        lot_status=[lot(3, 1, 2), lot(3, 0, 0) | {"lot": "B"}],
    )
    assert grams(result, "1") == ("-1.000000", "-0.333334", "-0.333333", "-0.333333", "none")
    assert grams(result, "2") == ("-1.000000", "-1.000000", "0.000000", "0.000000", "none")
    assert grams(result, "3") == ("-1.000000", "0.000000", "0.000000", "-1.000000", "none")


FACILITY: Rows = [{"facility": "F", "sources_from": ["CA", "US"], "document": "doc", "page": "1"}]
LOW_BOTH: Rows = [
    {"commodity": "soy", "country": "CA", "list": "annex1", "level": "low"},
    {"commodity": "soy", "country": "US", "list": "annex1", "level": "low"},
]


def through_facility(**changed: Any) -> tuple[str, str, str, str, str]:
    tables: dict[str, Any] = {
        "line_goods": [line("1", "10")],
        "positions": [{"position": "P", "list": "annex1"}],
        "lots": [{"lot": "A", "facility": "F"}],
        "lot_status": [lot(10, 2, 10, depth="facility")],
        "facilities": FACILITY,
        "origin_risk": LOW_BOTH,
        **changed,
    }
    return grams(run(documents=("doc",), **tables), "1")


def test_a_facility_shows_the_country_only_when_all_its_sources_are_low_risk_and_documented() -> None:
    shown = ("10.000000", "2.000000", "8.000000", "0.000000", "facility")
    not_shown = ("10.000000", "2.000000", "0.000000", "8.000000", "facility")
    assert through_facility() == shown
    assert through_facility(origin_risk=[*LOW_BOTH[:1], {**LOW_BOTH[1], "level": "high"}]) == not_shown
    assert through_facility(origin_risk=LOW_BOTH[:1]) == not_shown
    assert through_facility(origin_risk=[{**row, "list": "other"} for row in LOW_BOTH]) == not_shown
    assert through_facility(origin_risk=[{**row, "commodity": "maize"} for row in LOW_BOTH]) == not_shown
    assert through_facility(facilities=[{**FACILITY[0], "document": "lost"}]) == not_shown
    assert through_facility(facilities=[{**FACILITY[0], "page": None}]) == not_shown
    assert through_facility(facilities=[{**FACILITY[0], "sources_from": None}]) == not_shown
    assert through_facility(facilities=[{**FACILITY[0], "sources_from": []}]) == not_shown
    assert through_facility(lots=[{"lot": "A"}]) == not_shown


def test_lots_that_contradict_themselves_show_no_facility_and_repeat_no_line() -> None:
    lots = [{"lot": "A", "facility": "F"}, {"lot": "A", "facility": "G"}]
    assert through_facility(lots=lots) == ("10.000000", "2.000000", "0.000000", "8.000000", "facility")


FEED_POSITION = {"position": "F", "supplier": "S", "commodity": "soy", "country": "BR", "feed_for": "pork"}
EATEN = {"line": "1", "feed": "f1", "product": "pork", "commodity": "soy", "position": "F", "lot": "A"}


def test_a_feed_record_is_a_line_of_its_position_with_all_that_was_eaten_of_it() -> None:
    result = run(
        positions=[FEED_POSITION],
        feed_eaten=[EATEN | {"mass_g": 60}, EATEN | {"line": "2", "mass_g": 30}],
        lot_status=[lot(90, 90, 90, custody="segregated", custody_unknown=False)],
    )
    assert grams(result, "feed:f1") == ("90.000000", "90.000000", "0.000000", "0.000000", "plot")
    assert result.select("position", "commodity", "lot", "custody", "custody_unknown").row(0) == (
        "F", "soy", "A", "segregated", False,
    )  # fmt: skip


def test_more_fed_than_the_lot_weighs_is_not_traced() -> None:
    def traced(*masses: int) -> str:
        eaten = [EATEN | {"feed": f"f{number}", "mass_g": mass} for number, mass in enumerate(masses)]
        made = run(positions=[FEED_POSITION], feed_eaten=eaten, lot_status=[lot(90, 90, 90)])
        return str(made["plot_g"].sum())

    assert [traced(89), traced(90), traced(45, 45)] == ["89.000000", "90.000000", "90.000000"]
    # Of 91 grams 90 are explained; of twice 60 each three quarters.
    assert [traced(91), traced(60, 60)] == ["90.000000", "90.000000"]
    # Another name of the good makes the lot no heavier.
    named = [EATEN | {"mass_g": 90}, EATEN | {"feed": "f2", "commodity": "soy meal", "mass_g": 90}]
    made = run(positions=[FEED_POSITION], feed_eaten=named, lot_status=[lot(90, 90, 90)])
    assert [str(part) for part in made["plot_g"]] == ["45.000000", "45.000000"]
    # What is bought of the lot and what is fed of it share it: 90 of 120.
    both = run(
        positions=[FEED_POSITION, {"position": "P"}],
        line_goods=[line("1", "60")],
        feed_eaten=[EATEN | {"mass_g": 60}],
        lot_status=[lot(90, 90, 90)],
    )
    assert [str(part) for part in both["plot_g"]] == ["45.000000", "45.000000"]


def test_feed_of_a_line_of_unknown_mass_leaves_its_record_without_a_mass() -> None:
    result = run(positions=[FEED_POSITION], feed_eaten=[EATEN | {"mass_g": 60}, EATEN | {"line": "2"}])
    assert result["bought_g"].to_list() == [None]


def test_an_estimate_traces_nothing_and_keeps_its_lot() -> None:
    low = [{"commodity": "soy", "country": "FR", "list": "annex1", "level": "low"}]
    given: dict[str, Rows] = {
        "positions": [FEED_POSITION | {"list": "annex1"}],
        "lots": [{"lot": "A", "facility": "F"}],
        "facilities": [{"facility": "F", "sources_from": ["FR"], "document": "f.pdf", "page": "1"}],
        "origin_risk": low,
        "lot_status": [lot(60, 60, 60, depth="facility")],
    }
    said = run(("f.pdf",), **given, feed_eaten=[EATEN | {"mass_g": 60, "estimate": False}])
    assert grams(said, "feed:f1") == ("60.000000", "60.000000", "0.000000", "0.000000", "plot")
    guessed = run(("f.pdf",), **given, feed_eaten=[EATEN | {"mass_g": 60, "estimate": True}])
    assert grams(guessed, "feed:f1") == ("60.000000", "0.000000", "0.000000", "60.000000", "none")
    assert guessed["lot"].to_list() == ["A"]


masses = st.one_of(st.none(), st.decimals(-1000, 10**12, places=6).map(str))
whole_grams = st.integers(0, 10**12)


@st.composite
def chains(draw: st.DrawFn) -> dict[str, Rows]:
    names = ["A", "B", "C"]
    status = [
        {
            "lot": name,
            "mass_g": draw(st.one_of(st.none(), whole_grams)),
            "plot_g": draw(whole_grams),
            "country_g": draw(whole_grams),
            "problems": draw(st.sampled_from([[], ["missing mass"], ["missing input lot"]])),
        }
        for name in draw(st.lists(st.sampled_from(names), unique=True))
    ]
    plots = [
        {
            "plot": name,
            "shape": draw(st.sampled_from([None, "point"])),
            "country": draw(st.sampled_from([None, "BR"])),
        }
        for name in draw(st.lists(st.sampled_from(["x", "y"]), unique=True))
    ]
    behind = [
        {"lot": name, "plot": plot, "mass_g": draw(whole_grams)}
        for name in names
        for plot in draw(st.lists(st.sampled_from(["x", "y", "z"]), unique=True))
    ]
    lines = [
        line(str(number), draw(masses), draw(st.sampled_from([None, *names])), draw(st.sampled_from(["P", "Q"])))
        for number in range(draw(st.integers(1, 6)))
    ]
    positions = [{"position": "P", "country": "BR"}, {"position": "Q"}]
    return {"line_goods": lines, "positions": positions, "lot_status": status, "plots": plots, "lot_plots": behind}


@settings(deadline=None, max_examples=50)
@given(chains())
def test_mass_is_conserved_for_every_line(chain: dict[str, Rows]) -> None:
    result = run(**chain)
    assert result.height == len(chain["line_goods"])
    bought = {row["line"]: row["mass_g"] for row in chain["line_goods"]}
    for row in result.iter_rows(named=True):
        if bought[row["line"]] is None:
            assert row["plot_g"] is row["country_g"] is row["untraced_g"] is None
            continue
        assert row["bought_g"] == Decimal(str(bought[row["line"]]))
        assert row["plot_g"] + row["country_g"] + row["untraced_g"] == row["bought_g"]
        if row["bought_g"] >= 0:
            assert min(row["plot_g"], row["country_g"], row["untraced_g"]) >= 0


@settings(deadline=None, max_examples=50)
@given(chains(), st.randoms())
def test_the_order_of_rows_does_not_matter(chain: dict[str, Rows], random: Any) -> None:
    shuffled = {name: random.sample(rows, len(rows)) for name, rows in chain.items()}
    assert run(**shuffled).equals(run(**chain))


@settings(deadline=None, max_examples=50)
@given(chains(), st.sampled_from(["lot_status", "plots"]), st.data())
def test_dropping_a_lot_or_a_plot_never_traces_more_of_what_was_bought(
    chain: dict[str, Rows], table: str, data: st.DataObject
) -> None:
    chain["line_goods"] = [row for row in chain["line_goods"] if row["mass_g"] is None or row["mass_g"][0] != "-"]
    if not chain[table] or not chain["line_goods"]:
        return
    gone = data.draw(st.integers(0, len(chain[table]) - 1))
    less = run(**chain | {table: [row for number, row in enumerate(chain[table]) if number != gone]})
    full = run(**chain)
    assert (less["plot_g"].fill_null(0) <= full["plot_g"].fill_null(0)).all()
    assert (less["untraced_g"].fill_null(0) >= full["untraced_g"].fill_null(0)).all()
