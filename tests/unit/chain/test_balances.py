"""What cannot all be true: every check at its limit, over it, and where something is missing."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from landproof.chain.balances import sentence_of
from landproof.chain.balances.sentences import SENTENCES, TITLES, weight
from landproof.domain.vocabulary import CHAIN_CHECKS
from tests.unit.chain.checking import checked, contradictions, counts, day, event, into, lots, out, rows_of

CASES = Path(__file__).parents[4] / "shared" / "data" / "chain" / "coc-cases"


def worked(name: str) -> Any:
    path = CASES / f"{name}.json"
    if not path.exists():
        pytest.skip(f"worked chain {name} is not on this machine")
    return json.loads(path.read_text())


def test_every_check_has_a_title_a_sentence_and_a_row_of_counts():
    result = checked()
    assert set(TITLES) == set(SENTENCES) == set(CHAIN_CHECKS)
    assert set(result.checks["check"]) == set(CHAIN_CHECKS)
    assert result.findings.is_empty()


# Events


@pytest.mark.parametrize(
    ("made", "loss", "found"), [(900, 100, 0), (901, 100, 1), (1000, None, 0), (1001, None, 1)]
)
def test_a_step_gives_out_no_more_than_went_in(made: int, loss: int | None, found: int):
    result = checked(event("E", "transformation", into("A", 600), into("B", 400), out("C", made), loss_g=loss))
    rows = rows_of(result, "outputs above inputs")
    assert len(rows) == found
    if found:
        assert (rows[0]["subject"], rows[0]["weight"]) == ("E", "contradiction")
        assert (rows[0]["measured_g"], rows[0]["limit_g"], rows[0]["tolerance_g"]) == (1001, 1000, 0)
        assert "1 g (0.10 %) come from nowhere" in str(sentence_of(rows[0]))


def test_a_step_with_an_unweighed_input_is_counted_and_not_judged():
    result = checked(
        event("E", "transformation", into("A", None), out("C", 5000)),
        event("F", "transformation", out("D", 5000)),
        event("G", "aggregation", into("A", 10), out("H", None), out("I", 11)),
    )
    assert [row["subject"] for row in rows_of(result, "outputs above inputs")] == ["G"]
    assert counts(result, "outputs above inputs") == (1, 2)


CRUSH = {"from_commodity": "Soybeans", "to_commodity": "soybean oil", "low_share": "0.18", "high_share": "0.20"}


def crush(oil: int, factor: dict[str, Any], **more: Any) -> Any:
    factor = {**factor, **{key: Decimal(factor[key]) for key in ("low_share", "high_share")}}
    own = more.pop("own", True)
    return checked(
        event("E", "transformation", into("beans", 1001), out("oil", oil), process="Crushing", on=day(3)),
        lots=lots(beans={"commodity": "soybeans"}, oil={"commodity": " Soybean Oil"}),
        **{"conversion_factors" if own else "shipped_factors": [factor]},
        **more,
    )


@pytest.mark.parametrize(("oil", "limit"), [(180, 181), (181, None), (200, None), (201, 200)])
def test_a_yield_is_within_its_range_to_the_gram(oil: int, limit: int | None):
    # 18 % of 1001 g is 180.18 g and 20 % is 200.2 g: whole grams within are 181 to 200.
    rows = rows_of(crush(oil, CRUSH), "yield out of range")
    assert [row["limit_g"] for row in rows] == ([] if limit is None else [limit])
    if rows:
        assert (rows[0]["measured_g"], rows[0]["of_g"], rows[0]["high_share"]) == (oil, 1001, Decimal("0.2"))


def test_an_own_factor_with_a_document_contradicts_and_a_shipped_one_is_a_sign():
    for own, document, expected in (
        (True, "lab.pdf", "contradiction"),
        (True, None, "sign"),
        (False, "x", "sign"),
    ):
        [row] = rows_of(crush(300, {**CRUSH, "document": document}, own=own), "yield out of range")
        assert row["weight"] == expected
        assert row["basis"] == [document or "-"]


def test_an_own_factor_comes_before_the_shipped_one():
    wide = {**CRUSH, "low_share": Decimal("0.1"), "high_share": Decimal("0.4")}
    narrow = {**CRUSH, "high_share": Decimal("0.20"), "low_share": Decimal("0.18")}
    result = crush(300, wide, shipped_factors=[narrow])
    assert rows_of(result, "yield out of range") == []


@pytest.mark.parametrize(
    ("factor", "judged"),
    [
        ({"process": "crushing "}, True),
        ({"process": "refining"}, False),
        ({"valid_from": day(3)}, True),
        ({"valid_from": day(4)}, False),
        ({"valid_to": day(3)}, True),
        ({"valid_to": day(2)}, False),
    ],
)
def test_a_factor_holds_for_its_process_and_its_days(factor: dict[str, Any], judged: bool):
    result = crush(300, {**CRUSH, **factor})
    assert counts(result, "yield out of range") == ((1, 0) if judged else (0, 1))


def test_a_blend_of_commodities_has_no_yield():
    result = checked(
        event("E", "transformation", into("beans", 100), into("palm", 900), out("oil", 500)),
        lots=lots(beans={"commodity": "soybeans"}, palm={"commodity": "palm"}, oil={"commodity": "soybean oil"}),
        conversion_factors=[{**CRUSH, "low_share": Decimal("0.18"), "high_share": Decimal("0.2")}],
    )
    assert rows_of(result, "yield out of range") == []
    assert counts(result, "yield out of range") == (0, 1)


# Lots


@pytest.mark.parametrize(("used", "found"), [(1000, 0), (1001, 1)])
def test_a_lot_is_used_no_more_than_it_weighs(used: int, found: int):
    result = checked(
        event("E", "transformation", into("L", 400), out("M", 400)),
        deliveries=[{"delivery": "D", "lot": "N", "input_lot": "L", "mass_g": used - 400}],
        lots=lots(L=1000),
    )
    rows = rows_of(result, "lot over-used")
    assert len(rows) == found
    if found:
        assert (rows[0]["measured_g"], rows[0]["limit_g"]) == (1001, 1000)
        assert rows[0]["facts"] == ["delivery:D", "event:E"]
        assert rows[0]["weight"] == "contradiction"


def line(name: str, mass: int | None, lot: str | None = "L", **more: Any) -> dict[str, Any]:
    return {"line": name, "quantity_g": mass, "lot": lot, **more}


@pytest.mark.parametrize(
    ("receiver", "expected"), [("US", []), ("THEM", ["contradiction"]), (None, ["sign"]), ("SITE", ["sign"])]
)
def test_what_the_company_received_of_a_lot_is_what_it_bought(receiver: str | None, expected: list[str]):
    result = checked(
        deliveries=[{"delivery": "D", "lot": "M", "input_lot": "L", "mass_g": 700, "receiver": receiver}],
        purchases=[line("P1", 600), line("P2", 100)],
        entities=[{"entity": "US", "role": "applicant"}],
        facilities=[{"facility": "SITE"}],
        lots=lots(L=1000),
    )
    assert [row["weight"] for row in rows_of(result, "lot over-used")] == expected


def test_lines_alone_and_feed_use_a_lot():
    sold = checked(purchases=[line("P1", 600), line("P2", 401)], lots=lots(L=1000))
    assert [row["measured_g"] for row in rows_of(sold, "lot over-used")] == [1001]
    fed = {"feed": "F", "product": "egg", "lot": "L", "kg_per_kg": Decimal("2.002")}
    eggs = line("P", 500, None, product="egg")
    assert [row["measured_g"] for row in rows_of(checked(purchases=[eggs], feed=[fed], lots=lots(L=1000)),
                                                 "lot over-used")] == [1001]  # fmt: skip
    estimate = {**fed, "estimate": True}
    assert rows_of(checked(purchases=[eggs], feed=[estimate], lots=lots(L=1000)), "lot over-used") == []


@pytest.mark.parametrize(("facts", "found"), [
    # 500 g of eggs took 1000 g of feed, and a fraction of a gram that accuses nobody.
    ({"kg_per_kg": Decimal("2.000001")}, []),
    ({"kg_per_kg": Decimal("2.002")}, [1001]),
    # Undivided, the same feed may stand behind each co-product.
    ({"kg_per_kg": Decimal("2.002"), "per": "animal", "product_share": Decimal("0.8")}, []),
])  # fmt: skip
def test_feed_over_uses_a_lot_only_as_far_as_it_is_sure(facts: dict[str, Any], found: list[int]):
    fed = {"feed": "F", "product": "egg", "lot": "L", **facts}
    result = checked(purchases=[line("P", 500, None, product="egg")], feed=[fed], lots=lots(L=1000))
    assert [row["measured_g"] for row in rows_of(result, "lot over-used")] == found


def test_a_lot_without_a_mass_is_counted_and_not_judged():
    result = checked(purchases=[line("P1", 600)], lots=lots(L=None))
    assert rows_of(result, "lot over-used") == []
    assert counts(result, "lot over-used") == (0, 1)


def test_an_unweighed_use_takes_nothing_back():
    result = checked(
        event("E", "transformation", into("L", None), out("M", 4)), purchases=[line("P", 1001)], lots=lots(L=1000)
    )
    assert contradictions(result) == ["lot over-used"]


def steps_of(problem: Any, days: dict[str, int]) -> list[Any]:
    found = [
        event(f"h {each['lot']}", "harvest", out(each["lot"], each["qty_kg"] * 1000, plot=each["plot"]), on=day(1))
        for each in problem["harvests"]
    ]
    for each in problem["transformations"]:
        legs = [into(lot["lot"], lot["qty_kg"] * 1000) for lot in each["inputs"]]
        legs += [out(lot["lot"], lot["qty_kg"] * 1000) for lot in each["outputs"]]
        found.append(event(each["event"], "transformation", *legs, on=day(days[each["event"]])))
    return found


@pytest.mark.parametrize(("e2", "found"), [(4, True), (5, False), (6, False)])
def test_the_worked_loop_dated_the_other_way_round_names_both_events(e2: int, found: bool):
    steps = steps_of(worked("10-rework-loop")["case"], {"e1": 5, "e2": e2})
    result = checked(*steps, plots=[{"plot": "plot-A"}, {"plot": "plot-B"}])
    rows = rows_of(result, "used before made")
    assert contradictions(result) == (["used before made"] if found else [])
    if found:
        [row] = rows
        assert (row["subject"], row["facts"]) == ("RW", ["event:e2", "event:e1"])
        assert (row["on"], row["not_before"]) == (day(4), day(5))
        assert "event:e2" in str(sentence_of(row))


def moment(hour: int, number: int = 5) -> datetime:
    return datetime(2025, 5, number, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("made", "used", "early"),
    [
        ({"on": day(5), "at": moment(9)}, {"on": day(5), "at": moment(8)}, True),
        ({"on": day(5), "at": moment(9)}, {"on": day(5), "at": moment(9)}, False),
        ({"on": day(5), "at": moment(9)}, {"on": day(5)}, False),
        # Days differ by zone, moments do not: used at 22:00 UTC is the 6th in Shanghai.
        ({"on": day(6), "at": moment(22)}, {"on": day(5), "at": moment(23)}, False),
        ({"on": day(5), "at": moment(23)}, {"on": day(6), "at": moment(22)}, True),
        ({"on": day(5)}, {"on": day(4)}, True),
        ({"on": day(5)}, {}, False),
        ({}, {"on": day(4)}, False),
        # Without a day, a moment may be of the day before or after.
        ({"at": moment(9, 6)}, {"on": day(5)}, False),
        ({"at": moment(12, 6)}, {"on": day(5)}, True),
    ],
)
def test_moments_decide_where_both_have_one_and_days_otherwise(
    made: dict[str, Any], used: dict[str, Any], early: bool
):
    result = checked(
        event("make", "harvest", out("L", 100, plot="P"), **made),
        event("use", "transformation", into("L", 100), out("M", 100), **used),
    )
    assert bool(rows_of(result, "used before made")) == early


def test_a_lot_that_is_filled_over_days_may_be_used_from_the_first():
    def found(second: int | None) -> int:
        result = checked(
            deliveries=[
                {"delivery": "D1", "lot": "L", "plot": "P", "mass_g": 50, "received_on": day(3)},
                {"delivery": "D2", "lot": "L", "plot": "P", "mass_g": 50,
                 "received_on": day(second) if second else None},
                {"delivery": "D3", "lot": "M", "input_lot": "L", "mass_g": 10, "received_on": day(2)},
            ],
        )  # fmt: skip
        return len(rows_of(result, "used before made"))

    assert (found(4), found(2), found(None)) == (1, 0, 0)


def test_goods_bought_before_they_were_made():
    result = checked(purchases=[line("P", 10, received_on=day(2))], lots=lots(L={"mass_g": 10, "made_on": day(3)}))
    [row] = rows_of(result, "used before made")
    assert row["facts"] == ["line:P", "lot:L"]


@pytest.mark.parametrize(("number", "odd"), [(4, False), (5, False), (6, False), (3, True), (7, True)])
def test_a_day_that_no_place_had_at_the_moment(number: int, odd: bool):
    # At noon UTC it is still the 5th at -12:00 and the 6th at +12:00 and beyond.
    early = number < 5
    at = moment(11) if early else moment(12)
    result = checked(event("E", "harvest", out("L", 1, plot="P"), on=day(number), at=at))
    assert bool(rows_of(result, "day and moment differ")) == odd


def test_an_event_that_takes_a_lot_from_two_plots_is_one_use():
    result = checked(
        event("E", "transformation", into("L", 5, plot="P"), into("L", 6, plot="Q"), out("M", 11), on=day(3)),
        deliveries=[{"delivery": "D", "lot": "L", "mass_g": 11, "received_on": day(6)}],
    )
    assert len(rows_of(result, "used before made")) == 1


# Holders


def held(*more: Any, user: str | None, on: int | None = 9, maker: str | None = "X", **tables: Any) -> list[str]:
    result = checked(
        event("make", "harvest", out("L", 100, plot="P"), on=day(1), holder=maker),
        *more,
        event("use", "transformation", into("L", 100), out("M", 100), on=day(on) if on else None, holder=user),
        **tables,
    )
    return [row["weight"] for row in rows_of(result, "used by another")]


def handed(
    number: int | None, to: str | None, mass: int | None = 100, name: str = "T", accepted: int | None = 1
) -> Any:
    """A transfer that is accepted at once, unless on another day, or never."""
    on, accepted_on = (day(each) if each else None for each in (number, accepted))
    return event(name, "transfer", into("L", mass), on=on, accepted_on=accepted_on, holder=to)


def test_who_uses_a_lot_held_it():
    assert held(user="X") == []
    assert held(user=None) == []
    assert held(user="Y", maker=None) == []
    assert held(user="Y") == ["sign"]
    assert held(user="Y", lots=lots(L={"holder": "Y"})) == []
    assert held(handed(5, "Y"), user="Y") == []
    assert held(handed(5, "Y"), user="Z") == ["sign"]
    assert held(handed(5, "Y"), user="X") == ["contradiction"]
    assert held(handed(5, "Y"), user="X", on=5) == []  # the same day: either may have been first
    assert held(handed(5, "Y"), user="X", on=4) == []
    assert held(handed(5, "Y"), user="Y", on=4) == ["sign"]
    assert held(handed(5, "Y", 60), user="X") == []  # a part of it
    assert held(handed(5, None), user="X") == []
    assert held(handed(None, "Y", accepted=9), user="X") == []  # the day of acceptance is the day of use
    assert held(handed(None, "Y", accepted=8), user="X") == ["contradiction"]
    assert held(handed(5, "Y"), handed(7, "X", name="T2"), user="X") == []
    assert held(user="FAC", facilities=[{"facility": "FAC"}]) == []


def test_a_transfer_moves_custody_on_the_day_of_its_acceptance_and_never_before():
    def weights(user: str, accepted: int | None, on: int = 9) -> list[str]:
        return held(handed(5, "Y", accepted=accepted), user=user, on=on)

    # Handed over on the 5th, used on the 9th; accepted on the 8th, on the 9th, on the 10th, never.
    assert [weights("Y", each) for each in (8, 9, 10, None)] == [[], [], ["sign"], ["sign"]]
    assert [weights("X", each) for each in (8, 9, 10, None)] == [["contradiction"], [], [], []]
    # Nothing is accepted before it is handed over.
    assert [weights("X", 2, on) for on in (3, 4, 5, 6)] == [[], [], [], ["contradiction"]]
    assert weights("Y", 2, 4) == ["sign"]


def test_a_lot_that_an_unaccepted_transfer_renames_has_no_known_holder():
    def found(accepted: Any) -> list[str]:
        result = checked(
            event("make", "harvest", out("L", 100, plot="P"), on=day(1), holder="X"),
            event("T", "transfer", into("L", 100), out("R", 100), on=day(5), accepted_on=accepted, holder="Y"),
            event("use", "transformation", into("R", 100), out("M", 100), on=day(9), holder="Z"),
        )
        return [row["weight"] for row in rows_of(result, "used by another")]

    assert (found(day(5)), found(None)) == (["sign"], [])


# Stocks


def site(made: int, *uses: tuple[int, int], **lot: Any) -> Any:
    """A lot made at SITE on two days, 100 g and `made` g, and used there."""
    facts = {"facility": "SITE"}
    return checked(
        event("m1", "harvest", out("A", 100, plot="P"), on=day(1), **facts),
        event("m2", "harvest", out("B", made, plot="P"), on=day(5), **facts),
        *(
            event(f"u{number}", "transformation", into("A", mass), on=day(number), **facts)
            for number, mass in uses
        ),
        lots=lots(A={"commodity": "soy", **lot}, B={"commodity": "soy"}),
    )


@pytest.mark.parametrize(
    ("uses", "on"), [([(4, 100)], None), ([(4, 101)], 4), ([(5, 150)], None), ([(1, 100), (4, 1), (9, 1)], 4)]
)
def test_a_stock_is_never_below_zero(uses: list[tuple[int, int]], on: int | None):
    result = site(50, *uses)
    assert [row["on"] for row in rows_of(result, "stock below zero")] == ([day(on)] if on else [])
    if on:
        [row] = rows_of(result, "stock below zero")
        assert (row["subject"], row["commodity"], row["measured_g"], row["limit_g"]) == ("SITE", "soy", 101, 100)
        assert row["facts"][0] == "event:m1"
    assert counts(result, "stock below zero") == (1, 0)


def test_a_stock_with_something_missing_is_counted_and_not_judged():
    result = checked(
        event("m1", "harvest", out("A", 100, plot="P"), on=day(1), facility="SITE"),
        event("u1", "transformation", into("A", 500), into("old", 5), on=day(2), facility="SITE"),
        event("m2", "harvest", out("B", 100, plot="P"), facility="OTHER"),
        event("u2", "transformation", into("B", 500), on=day(2), facility="OTHER"),
        lots=lots(A={"commodity": "soy"}, old={"commodity": "soy"}, B={"commodity": "soy"}),
    )
    assert rows_of(result, "stock below zero") == []
    assert counts(result, "stock below zero") == (0, 2)


def tank(number: int, name: str, kind: str, *legs: Any, **facts: Any) -> Any:
    return event(name, kind, *legs, on=day(number), vessel="TANK", **facts)


@pytest.mark.parametrize(("left", "emptied", "expected"), [
    (100, None, []), (101, None, ["sign"]), (101, 1, ["contradiction"]), (100, 1, []),
])  # fmt: skip
def test_no_more_leaves_a_tank_than_went_in(left: int, emptied: int | None, expected: list[str]):
    empty = [tank(emptied, "e", "vessel emptied", document="log.pdf")] if emptied else []
    result = checked(
        *empty, tank(2, "i", "into vessel", into("A", 100)), tank(3, "o", "out of vessel", out("B", left))
    )
    assert [row["weight"] for row in rows_of(result, "vessel below zero")] == expected


# Plots


def test_the_worked_plot_is_over_its_capacity_on_the_third_delivery():
    problem = worked("08-plot-overdelivery")
    case = problem["case"]
    tonnes = [Decimal(each) for each in case["deliveries_t"]]
    result = checked(
        deliveries=[
            {"delivery": f"D{n}", "lot": f"L{n}", "plot": "plot-A", "mass_g": int(each * 10**6),
             "received_on": day(n, 11)}
            for n, each in enumerate(tonnes, start=1)
        ],
        plots=[
            {"plot": "plot-A", "area_ha": Decimal(case["plot"]["area_ha"]), "commodity": "cocoa", "country": "CI"}
        ],
        plausible_yields=[
            {"commodity": "Cocoa", "kg_per_ha": Decimal(case["capacity_t_per_ha"]["plausible_max"]) * 1000,
             "crop_year_month": 10, "document": "yields.pdf"}
        ],
    )  # fmt: skip
    [row] = rows_of(result, "plot over capacity")
    expected = problem["expected"]
    assert row["limit_g"] == int(Decimal(expected["capacity_t"]) * 10**6)
    assert row["measured_g"] == int(Decimal(expected["delivered_t"]) * 10**6)
    said = str(sentence_of(row))
    assert "over by 0.15 t" in said
    assert "8.33 %" in said
    assert "delivery number 3 (delivery:D3)" in said
    assert "in the crop year from 2025-10-01" in said.lower()
    assert (row["on"], row["facts"]) == (day(3, 11), ["delivery:D1", "delivery:D2", "delivery:D3"])
    assert row["weight"] == "contradiction"


YIELD = {"commodity": "cocoa", "kg_per_ha": Decimal(1), "crop_year_month": 10, "document": "y.pdf"}


def delivered(*masses: tuple[int | None, Any], plots: Any = None, **tables: Any) -> Any:
    return checked(
        deliveries=[
            {"delivery": f"D{n}", "lot": "L", "plot": "P", "mass_g": mass, "received_on": on}
            for n, (mass, on) in enumerate(masses)
        ],
        plots=plots or [{"plot": "P", "area_ha": Decimal(1), "commodity": "cocoa", "country": "CI"}],
        **{"plausible_yields": [YIELD], **tables},
    )


@pytest.mark.parametrize(("second", "found"), [(500, 0), (501, 1)])
def test_a_plot_delivers_at_most_what_it_can_give_in_a_crop_year(second: int, found: int):
    result = delivered((500, day(1, 10)), (second, day(30, 9, 2026)))
    assert len(rows_of(result, "plot over capacity")) == found
    apart = delivered((900, day(30, 9)), (900, day(1, 10)))
    assert rows_of(apart, "plot over capacity") == []


def test_a_plot_without_area_day_or_yield_is_counted_and_not_judged():
    for result in (
        delivered((5000, None)),
        delivered((5000, day(1)), plots=[{"plot": "P", "commodity": "cocoa"}]),
        delivered((5000, day(1)), plausible_yields=[]),
        delivered((5000, day(1)), plots=[{"plot": "P", "area_ha": Decimal(1), "commodity": "tea"}]),
    ):
        assert rows_of(result, "plot over capacity") == []
        assert counts(result, "plot over capacity") == (0, 1)


def test_a_country_comes_before_all_and_own_before_shipped():
    high = {**YIELD, "kg_per_ha": Decimal(9)}
    assert rows_of(delivered((1001, day(1)), plausible_yields=[YIELD, {**high, "country": "CI"}]),
                   "plot over capacity") == []  # fmt: skip
    assert rows_of(delivered((1001, day(1)), shipped_yields=[{**YIELD, "country": "CI"}], plausible_yields=[high]),
                   "plot over capacity") == []  # fmt: skip
    [row] = rows_of(delivered((1001, day(1)), plausible_yields=[], shipped_yields=[YIELD]), "plot over capacity")
    assert (row["weight"], row["basis"]) == ("sign", ["y.pdf"])


def test_the_same_goods_told_by_an_event_and_a_delivery_count_once():
    result = checked(
        event("h", "harvest", out("L", 900, plot="P"), on=day(1)),
        deliveries=[{"delivery": "D", "lot": "L", "plot": "P", "mass_g": 900, "received_on": day(1)}],
        plots=[{"plot": "P", "area_ha": Decimal(1), "commodity": "cocoa"}],
        plausible_yields=[YIELD],
    )
    assert rows_of(result, "plot over capacity") == []


def neighbours(one: int, other: int, suppliers: tuple[str | None, str | None] = ("S", "S")) -> Any:
    """Two plots of 1 ha that have half a hectare in common, and a maximum of 1 kg per ha."""
    return checked(
        deliveries=[
            {"delivery": f"D{plot}", "lot": f"L{plot}", "plot": plot, "mass_g": mass, "received_on": day(1)}
            for plot, mass in (("P", one), ("Q", other)) if mass
        ],
        plots=[
            {"plot": plot, "area_ha": Decimal(1), "commodity": "cocoa", "supplier": supplier}
            for plot, supplier in zip("PQ", suppliers, strict=True)
        ],
        plausible_yields=[YIELD], overlaps=[("Q", "P", 5000), ("P", "Q", 4000)],
    )  # fmt: skip


@pytest.mark.parametrize(("other", "found"), [(600, 0), (601, 1)])
def test_plots_on_the_same_land_deliver_no_more_than_that_land_can_give(other: int, found: int):
    rows = rows_of(neighbours(900, other), "overlapping plots over capacity")
    assert len(rows) == found
    if found:
        assert (rows[0]["measured_g"], rows[0]["limit_g"], rows[0]["overlap_m2"]) == (1501, 1500, 5000)
        assert rows[0]["plots"] == ["P", "Q"]
        assert "0.5 ha" in str(sentence_of(rows[0]))


def test_plots_on_the_same_land_of_several_parties():
    check = "overlapping plots of several parties"
    assert [row["plots"] for row in rows_of(neighbours(1, 1, ("S", "T")), check)] == [["P", "Q"]]
    assert rows_of(neighbours(1, 1), check) == []
    assert rows_of(neighbours(1, 1, ("S", None)), check) == []
    assert rows_of(neighbours(1, 0, ("S", "T")), check) == []  # nothing is sold of one


# Claims


def claims(*given: tuple[str, str, str | None], **more: Any) -> list[dict[str, Any]]:
    return [
        {"claim": f"C{n}", "lot": lot, "certificate": certificate, "custody": custody, **more}
        for n, (lot, certificate, custody) in enumerate(given)
    ]


@pytest.mark.parametrize(("volume", "found"), [(1000, 0), (999, 1), (None, 0)])
def test_claims_stay_within_the_volume_of_a_certificate(volume: int | None, found: int):
    result = checked(
        claims=claims(("A", "Z", None), ("A", "Z", None), ("B", "Z", None)),
        certificates=[{"certificate": "Z", "volume_g": volume}],
        lots=lots(A=600, B=400),
    )
    assert len(rows_of(result, "certificate over volume")) == found
    assert counts(result, "certificate over volume") == ((0, 1) if volume is None else (1, 0))


def test_one_document_for_claims_on_several_lots():
    two = claims(("A", "Z", None), ("B", "Z", None), document="tc.pdf")
    [row] = rows_of(checked(claims=two), "claim document used again")
    assert (row["lots"], row["basis"], row["weight"]) == (["A", "B"], ["tc.pdf"], "sign")
    assert rows_of(checked(claims=claims(("A", "Z", None), ("B", "Y", None), document="tc.pdf")),
                   "claim document used again") == []  # fmt: skip


@pytest.mark.parametrize(("traded", "found"), [(5, 0), (4, 1)])
def test_a_claim_is_not_older_than_its_lot(traded: int, found: int):
    result = checked(
        event("E", "transformation", into("A", 100), out("L", 100), on=day(5)),
        claims=claims(("L", "Z", None), traded_on=day(traded)),
    )
    assert len(rows_of(result, "claim before made")) == found


@pytest.mark.parametrize(
    ("given", "made", "up"),
    [
        ("segregated", "segregated", False),
        ("identity preserved", "segregated", False),
        ("mass balance", "segregated", True),
        ("segregated", "identity preserved", True),
        (None, "segregated", False),
    ],
)
def test_no_class_steps_up(given: str | None, made: str, up: bool):
    result = checked(
        event("E", "transformation", into("A", 100), out("L", 100)),
        claims=claims(("A", "Z", given), ("L", "Z", made)),
    )
    rows = rows_of(result, "class steps up")
    assert bool(rows) == up
    if up:
        assert rows[0]["facts"] == ["claim:C0", "event:E", "claim:C1"]
    assert counts(result, "class steps up") == ((1, 0) if given else (0, 1))


@pytest.mark.parametrize(("made", "found"), [(60, 0), (61, 1)])
def test_no_more_is_claimed_than_went_in_claimed(made: int, found: int):
    result = checked(
        event("E", "transformation", into("A", 60), into("B", 40), out("L", made), out("rest", 100 - made)),
        claims=claims(("A", "Z", "segregated"), ("L", "Z", "segregated")),
    )
    assert len(rows_of(result, "claimed above inputs")) == found


def ratios(claimed: list[int], wholes: list[int]) -> Any:
    """Each month a claimed lot and another of the same site."""
    given = {}
    for month, (part, whole) in enumerate(zip(claimed, wholes, strict=True), start=1):
        site = {"facility": "SITE", "made_on": day(9, month)}
        given[f"C{month}"] = {"mass_g": part, **site}
        given[f"N{month}"] = {"mass_g": whole - part, **site}
    return checked(
        lots=lots(**given), claims=claims(*((f"C{n}", "Z", "segregated") for n in range(1, len(claimed) + 1)))
    )


@pytest.mark.parametrize(
    ("claimed", "wholes", "odd"),
    [
        ([300] * 5 + [330], [1000] * 5 + [1100], True),
        ([300] * 5 + [327], [1000] * 5 + [1090], False),  # the amounts differ by less than a tenth
        ([300] * 4 + [330], [1000] * 4 + [1100], False),  # five months
        ([300] * 5 + [602], [1000] * 5 + [2000], True),  # 30.1 %: at the tolerance of 0.1 points
        ([300] * 5 + [603], [1000] * 5 + [2000], False),
    ],
)
def test_a_claimed_share_that_never_moves(claimed: list[int], wholes: list[int], odd: bool):
    assert bool(rows_of(ratios(claimed, wholes), "constant claim ratio")) == odd


def shared(*steps: Any, **tables: Any) -> list[tuple[str, list[str]]]:
    result = checked(*steps, **tables)
    return [(row["weight"], row["facts"]) for row in rows_of(result, "vessel shared")]


def test_a_tank_that_held_other_goods():
    kept = {"custody": "segregated"}
    weak = tank(1, "i1", "into vessel", into("A", 100), custody="mass balance")
    good = tank(2, "i2", "into vessel", into("B", 100), **kept)
    leaves = tank(4, "o", "out of vessel", out("L", 100), **kept)
    assert shared(weak, good, leaves) == [("contradiction", ["event:i1", "event:o"])]
    assert shared(good, leaves) == []
    assert shared(weak, good, tank(4, "o", "out of vessel", out("L", 100), custody="mass balance")) == []
    gone = event(
        "g", "out of vessel", out("K", 100), on=day(1), at=moment(20, 1), vessel="TANK", custody="mass balance"
    )
    first = event(
        "i1", "into vessel", into("A", 100), on=day(1), at=moment(10, 1), vessel="TANK", custody="mass balance"
    )
    assert shared(first, gone, good, leaves) == [("sign", ["event:i1", "event:o"])]
    empty = tank(3, "e", "vessel emptied", document="log.pdf")
    assert shared(weak, empty, tank(4, "i2", "into vessel", into("B", 100), **kept),
                  tank(5, "o", "out of vessel", out("L", 100), **kept)) == []  # fmt: skip
    unproven = tank(3, "e", "vessel emptied")
    assert len(shared(weak, unproven, good, leaves)) == 1


def test_a_tank_that_held_another_commodity():
    kept = {"custody": "segregated"}
    steps = [
        tank(1, "i1", "into vessel", into("A", 100), **kept), tank(2, "i2", "into vessel", into("B", 100), **kept),
        tank(4, "o", "out of vessel", out("L", 100), **kept),
    ]  # fmt: skip
    named = lots(A={"commodity": "palm oil"}, B={"commodity": "soy"}, L={"commodity": "soy"})
    assert shared(*steps, lots=named) == [("contradiction", ["event:i1", "event:o"])]
    assert shared(*steps, lots=named[1:]) == []


# Spend


def test_spend_without_mass_or_trace():
    bought = [
        line("P1", 10, "L", product="x", net_spend=Decimal(5)),
        line("P2", 10, None, product="x", net_spend=Decimal(5)),
        line("P3", 10, "L", product="y", net_spend=Decimal(5)),
        line("P4", 10, "M", product="z", net_spend=Decimal(5)),
        line("P5", 10, None, product="salt", net_spend=Decimal(5)),
        line("P6", 10, None, product="w", net_spend=None),
    ]  # fmt: skip
    result = checked(
        purchases=bought,
        products=[{"product": "salt", "kind": "not land-grown"}],
        deliveries=[{"delivery": "D", "lot": "L", "plot": "P", "mass_g": 20}],
        lots=lots(L=20, M=10),
        plots=[{"plot": "P"}],
    )
    assert [(row["subject"], row["facts"]) for row in rows_of(result, "spend without mass")] == [
        ("x", ["line:P2"])
    ]
    assert [row["subject"] for row in rows_of(result, "spend not traced")] == ["z"]


@pytest.mark.parametrize(
    ("grams", "shown"),
    [(1, "1 g"), (99, "99 g"), (1000, "1 kg"), (1001, "1.001 kg"), (150_000, "0.15 t"), (1_950_000, "1.95 t")],
)
def test_masses_are_shown_to_the_gram(grams: int, shown: str):
    assert weight(grams) == shown
