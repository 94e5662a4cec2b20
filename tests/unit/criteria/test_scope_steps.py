"""Purchase lines as commodities and sourcing positions (clauses 2.1 to 2.3, AMB-09, AMB-42)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.criteria.steps import feeding, materiality, scope
from landproof.domain.derived import DERIVED
from landproof.domain.tables import conform
from tests.unit.criteria.tables import ALL_PLOTS_FROM, EUDR_FROM, Rows, by_key, documents, fact, origin_lists

Row = dict[str, Any]
DAYS: dict[str, Any] = {
    "eudr_list_from": EUDR_FROM,
    "eudr_list_published": date(2025, 5, 23),
    "first_day_of_eudr_list": "in force",
    "all_plots_from": ALL_PLOTS_FROM,
}
DAY = date(2026, 1, 1)


def line(name: str = "L-1", product: str | None = "P", **more: Any) -> Row:
    return {"line": name, "product": product, "supplier": "S-1", "country": "FR", "received_on": DAY,
            "quantity_g": 1000, "net_spend": "100", "currency": "EUR", **more}  # fmt: skip


def steps(
    lines: Rows,
    recipes: Rows = (),
    products: Rows = ({"product": "P", "kind": "crop good"},),
    feed: Rows = (),
    first_day: str = "in force",
) -> dict[str, pl.DataFrame]:
    """All steps of this clause, each made to fit its contract."""
    purchases, application = (
        fact("purchases", *lines),
        fact("application", {"application": "A", "currency": "EUR"}),
    )
    days = {**DAYS, "first_day_of_eudr_list": first_day}
    lists, rates = origin_lists(("annex1", "FR", "low")), fact("rates")
    goods = scope.goods(
        fact("products", *products), fact("recipes", *recipes), purchases, documents("d"),
        allocation_key="cost, else mass", not_land_grown="outside", packaging_in_scope="food packaging",
    )  # fmt: skip
    line_goods = scope.line_goods(purchases, goods, rates, application, lists, **days)
    material = materiality.materiality(
        purchases, goods, rates, application,
        material_share=Fraction(1, 100), min_coverage=Fraction(9, 10),
        at_material_share="included", at_min_coverage="included",
    )  # fmt: skip
    sorted_out = conform(material, DERIVED["materiality"])
    eaten = feeding.feed_eaten(purchases, goods, fact("feed", *feed), sorted_out, documents("d"), lists, **days)
    positions = scope.positions(
        purchases, line_goods, goods, conform(eaten, DERIVED["feed_eaten"]), sorted_out, lists, **days
    )
    made = {
        "goods": goods, "line_goods": line_goods, "materiality": material, "feed_eaten": eaten,
        "positions": positions,
    }  # fmt: skip
    return {name: conform(each, DERIVED[name]).sort(DERIVED[name].key) for name, each in made.items()}


TWO = [
    {"product": "P", "commodity": "soy", "cost_share": "0.25", "mass_share": "0.4"},
    {"product": "P", "commodity": "wheat", "cost_share": "0.75", "mass_share": "0.6"},
]


def test_a_line_is_split_by_cost_for_spend_and_by_mass_for_mass() -> None:
    made = by_key(steps([line(lot="B-1")], TWO)["line_goods"], "commodity")
    assert made["soy"] == {
        "line": "L-1", "commodity": "soy", "position": "S-1|soy|FR|eudr-2025-1093|before-2030", "lot": "B-1",
        "mass_g": Decimal(400), "spend": Decimal(25),
    }  # fmt: skip
    assert (made["wheat"]["mass_g"], made["wheat"]["spend"]) == (600, 75)


def test_a_line_without_a_product_is_the_unknown_commodity() -> None:
    made = steps([line(product=None)])["line_goods"].row(0, named=True)
    assert (made["commodity"], made["mass_g"], made["spend"]) == ("unknown", 1000, 100)


def test_documented_out_of_scope_goods_leave_the_lines_and_others_do_not() -> None:
    soap = {"product": "P", "kind": "non-food", "exclusion_reason": "soap", "document": "d", "page": "1"}
    assert steps([line()], products=[soap])["line_goods"].is_empty()
    kept = steps([line()], products=[{**soap, "page": None}])["line_goods"]
    assert kept["commodity"].to_list() == ["unknown"]


def test_a_line_without_amount_or_quantity_stays() -> None:
    made = steps([line(net_spend=None, quantity_g=None)], TWO)["line_goods"]
    assert made["spend"].to_list() == [None, None]
    assert made["mass_g"].to_list() == [None, None]


def test_lines_of_one_place_make_one_position() -> None:
    lines = [line(), line("L-2", received_on=date(2026, 3, 1), quantity_g=500, net_spend="20")]
    made = by_key(steps(lines, TWO)["positions"], "commodity")["soy"]
    assert made == {
        "position": "S-1|soy|FR|eudr-2025-1093|before-2030",
        "supplier": "S-1", "commodity": "soy", "country": "FR",
        "list": "eudr-2025-1093", "from_2030": False, "feed_for": None, "six": True, "livestock": False,
        "wood": False, "recycled": False, "assessed": True, "lines": 2, "first_received_on": DAY,
        "last_received_on": date(2026, 3, 1), "mass_g": Decimal(600), "spend": Decimal(30),
    }  # fmt: skip


def test_suppliers_countries_lists_and_tiers_are_positions_of_their_own() -> None:
    lines = [
        line(), line("L-2", supplier="S-2"), line("L-3", country=None), line("L-4", received_on=date(2025, 1, 1)),
        line("L-5", received_on=date(2030, 1, 1)), line("L-6", received_on=None),
    ]  # fmt: skip
    made = steps(lines, [{"product": "P", "commodity": "soy"}])["positions"]
    assert set(made["position"]) == {
        "S-1|soy|FR|eudr-2025-1093|before-2030", "S-2|soy|FR|eudr-2025-1093|before-2030",
        "S-1|soy|?|eudr-2025-1093|before-2030", "S-1|soy|FR|annex1|before-2030",
        "S-1|soy|FR|eudr-2025-1093|from-2030", "S-1|soy|FR|eudr-2025-1093|?",
    }  # fmt: skip
    unknown = by_key(made, "position")["S-1|soy|FR|eudr-2025-1093|?"]
    assert (unknown["from_2030"], unknown["list"]) == (None, "eudr-2025-1093")


@pytest.mark.parametrize(("first_day", "name"), [("in force", "annex1"), ("published", "eudr-2025-1093")])
def test_the_first_day_of_the_eudr_list_is_a_reading(first_day: str, name: str) -> None:
    made = steps(
        [line(received_on=date(2025, 5, 23))], [{"product": "P", "commodity": "soy"}], first_day=first_day
    )
    assert made["positions"]["list"].to_list() == [name]
    assert made["line_goods"]["position"].to_list() == [f"S-1|soy|FR|{name}|before-2030"]


def test_a_position_with_one_unknown_mass_has_no_mass() -> None:
    made = steps([line(), line("L-2", quantity_g=None)], TWO)["positions"]
    assert made["mass_g"].to_list() == [None, None]
    assert sorted(made["spend"].to_list()) == [50, 150]


def test_wood_and_recycled_fibre() -> None:
    products = [{"product": name, "kind": "food packaging"} for name in ("P", "Q")]
    recipes = [
        {"product": "P", "commodity": "pulp and paper"},
        {"product": "Q", "commodity": "pulp and paper", "recycled": True},
    ]
    made = steps([line(), line("L-2", "Q")], recipes, products)["positions"]
    assert made.select("recycled", "wood", "lines").rows() == [(False, True, 1), (True, True, 1)]


def test_a_small_commodity_is_not_assessed_and_an_unsorted_one_is() -> None:
    recipes = [{"product": "P", "commodity": "wheat"}, {"product": "Q", "commodity": "cocoa"}]
    small = steps([line(net_spend="99.01"), line("L-2", "Q", net_spend="0.99")], recipes)["positions"]
    assert by_key(small, "commodity")["cocoa"]["assessed"] is False
    unsorted = steps([line(net_spend="99.01"), line("L-2", "Q", net_spend=None)], recipes)["positions"]
    assert by_key(unsorted, "commodity")["cocoa"]["assessed"] is True


CHICKEN = [{"product": "P", "kind": "animal product"}]
MEAT = [{"product": "P", "commodity": "chicken"}]
FEED = {"feed": "F-1", "product": "P", "commodity": "soy", "kg_per_kg": "1.6", "country": "BR"}


def fed(lines: Rows, *feed: Row, recipes: Rows = MEAT, products: Rows = CHICKEN) -> dict[str, Row]:
    positions = steps(lines, recipes, products, list(feed))["positions"]
    return by_key(positions.filter(pl.col("feed_for").is_not_null()), "position")


def test_feed_is_a_position_of_its_own() -> None:
    made = fed([line(), line("L-2", quantity_g=500)], FEED)
    assert made["feed:P|S-1|soy|BR|eudr-2025-1093|before-2030"] == {
        "position": "feed:P|S-1|soy|BR|eudr-2025-1093|before-2030", "supplier": "S-1", "commodity": "soy",
        "country": "BR", "list": "eudr-2025-1093", "from_2030": False, "feed_for": "P", "six": True,
        "livestock": True, "wood": False, "recycled": False, "assessed": True, "lines": 2,
        "first_received_on": DAY, "last_received_on": DAY, "mass_g": Decimal(2400), "spend": Decimal(0),
    }  # fmt: skip


def test_feed_of_a_supplier_covers_its_lines_only() -> None:
    made = fed([line(), line("L-2", supplier="S-2"), line("L-3", supplier=None)], {**FEED, "supplier": "S-2"})
    assert set(made) == {"feed:P|S-2|soy|BR|eudr-2025-1093|before-2030"}


def test_feed_without_an_amount_has_no_mass_and_without_a_commodity_is_unknown() -> None:
    made = fed([line()], {**FEED, "kg_per_kg": None, "commodity": None})
    assert made["feed:P|S-1|unknown|BR|annex1|before-2030"]["mass_g"] is None


def test_an_estimate_shows_no_country() -> None:
    assert set(fed([line()], {**FEED, "estimate": True})) == {"feed:P|S-1|soy|?|eudr-2025-1093|before-2030"}
    assert set(fed([line()], {**FEED, "estimate": False})) == {"feed:P|S-1|soy|BR|eudr-2025-1093|before-2030"}


def test_no_feed_means_no_position_unless_it_names_one() -> None:
    assert fed([line()], {"feed": "F-1", "product": "P", "no_agri_food_feed": True}) == {}
    assert len(fed([line()], {**FEED, "no_agri_food_feed": True})) == 1


def test_feed_of_a_crop_good_or_of_a_good_left_out_is_no_position() -> None:
    crop = [{"product": "P", "kind": "crop good"}]
    assert fed([line()], FEED, recipes=[{"product": "P", "commodity": "wheat"}], products=crop) == {}
    out = [{"product": "P", "kind": "non-food", "exclusion_reason": "leather", "document": "d", "page": "1"}]
    assert fed([line()], FEED, products=out) == {}


def test_feed_follows_its_product() -> None:
    lines = [line(net_spend="0.5"), line("L-2", "Q", net_spend="99.5")]
    recipes = [*MEAT, {"product": "Q", "commodity": "wheat"}]
    (feed,) = fed(lines, FEED, recipes=recipes).values()
    assert feed["assessed"] is False
    # Without a recipe the animal product may be of any size, so its feed is assessed.
    (unknown,) = fed([line()], FEED, recipes=[]).values()
    assert unknown["assessed"] is True


_LINES = st.lists(
    st.fixed_dictionaries(
        {
            "product": st.sampled_from(["P", "Q", "R", None]),
            "supplier": st.sampled_from(["S-1", "S|2", None]),
            "country": st.sampled_from(["FR", "BR", None]),
            "received_on": st.sampled_from([date(2025, 1, 1), DAY, date(2031, 1, 1), None]),
            "quantity_g": st.none() | st.integers(1, 10**9),
            "net_spend": st.none()
            | st.integers(-(10**6), 10**9).map(lambda cents: str(Decimal(cents).scaleb(-4))),
        }
    ),
    min_size=1,
    max_size=12,
)
_RECIPES = [
    *TWO,
    {"product": "Q", "commodity": "chicken", "cost_share": "0.333333", "mass_share": "0.1"},
    {"product": "Q", "commodity": "soy", "cost_share": "0.2"},
]
_PRODUCTS = [{"product": name, "kind": "crop good"} for name in "PQR"]


def _ledger(drawn: list[Row]) -> list[Row]:
    return [line(f"L-{number:02d}", **each) for number, each in enumerate(drawn)]


@settings(max_examples=25, deadline=None)
@given(_LINES, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(drawn: list[Row], shuffler: Any) -> None:
    lines, recipes = _ledger(drawn), list(_RECIPES)
    first = steps(lines, recipes, _PRODUCTS, [{**FEED, "product": "Q"}])
    shuffler.shuffle(lines)
    shuffler.shuffle(recipes)
    again = steps(lines, recipes, _PRODUCTS[::-1], [{**FEED, "product": "Q"}])
    assert all(first[name].equals(again[name]) for name in first)


@settings(max_examples=25, deadline=None)
@given(_LINES)
def test_spend_is_conserved_and_every_line_stays(drawn: list[Row]) -> None:
    lines = _ledger(drawn)
    made = steps(lines, _RECIPES, _PRODUCTS)["line_goods"]
    assert set(made["line"]) == {each["line"] for each in lines}
    for each in lines:
        parts = made.filter(pl.col("line") == each["line"])["spend"].to_list()
        if each["net_spend"] is None:
            assert set(parts) == {None}
        else:
            assert sum(part for part in parts if part is not None) == Decimal(each["net_spend"])


@settings(max_examples=25, deadline=None)
@given(_LINES)
def test_positions_hold_the_spend_of_the_lines(drawn: list[Row]) -> None:
    made = steps(_ledger(drawn), _RECIPES, _PRODUCTS)
    by_position = made["line_goods"].group_by("position").agg(pl.col("spend"), pl.col("line").n_unique())
    positions = by_key(made["positions"], "position")
    assert set(positions) == set(by_position["position"])
    for name, spends, lines in by_position.iter_rows():
        assert positions[name]["spend"] == (None if None in spends else sum(spends))
        assert positions[name]["lines"] == lines
