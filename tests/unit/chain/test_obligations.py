"""Feed as an obligation: worked by hand, and added up to the gram for any records and lines."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.chain.obligations import obligations, rated
from landproof.domain.facts import FACTS
from tests.unit.chain.rows import DOCUMENTS, Row, frame

CITED = {"document": "records.pdf", "page": "1"}
SOY = {"feed": "F", "product": "beef", "commodity": "soy", "lot": "MEAL", "kg_per_kg": Decimal(2), **CITED}


def eaten(lines: list[Row], *feed: Row, up: bool = True) -> pl.DataFrame:
    found = obligations(
        frame(FACTS["purchases"], lines).select("line", "product", "supplier", "quantity_g"),
        rated(frame(FACTS["feed"], feed), DOCUMENTS),
        up=up,
    )
    return found.select("feed", "line", "mass_g").sort("feed", "line", "mass_g")


def line(name: str, grams: int | None, product: str = "beef", **more: Any) -> dict[str, Any]:
    return {"line": name, "product": product, "quantity_g": grams, **more}


def masses(lines: list[Row], *feed: Row, up: bool = True) -> list[int | None]:
    return eaten(lines, *feed, up=up)["mass_g"].to_list()


def test_a_third_of_a_gram_each_goes_to_the_line_that_comes_first():
    three = [line("c", 1), line("a", 1), line("b", 1)]
    # 1.333333 g each are 3.999999 g, rounded up 4: the odd gram goes to the first of equal remainders.
    assert masses(three, {**SOY, "kg_per_kg": Decimal("1.333333")}) == [2, 1, 1]
    assert masses(three, {**SOY, "kg_per_kg": Decimal("1.333333")}, up=False) == [1, 1, 1]
    # 1.2, 2.4 and 3.6 g are 7.2 g: rounded up 8, and down 7; the largest remainder gets the first odd gram.
    rising, ratio = [line("a", 1), line("b", 2), line("c", 3)], {**SOY, "kg_per_kg": Decimal("1.2")}
    assert masses(rising, ratio) == [1, 3, 4]
    assert masses(rising, ratio, up=False) == [1, 2, 4]


@pytest.mark.parametrize(
    ("ratio", "mass"),
    [
        (None, None),
        ("0", None),
        ("-1", None),
        ("0.000001", 1),
        ("2", 2000),
        ("1000", 10**6),
        ("1000.000001", None),
    ],
)
def test_a_ratio_is_above_zero_and_no_rounding_hides_what_was_eaten(ratio: str | None, mass: int | None):
    assert masses([line("a", 1000)], {**SOY, "kg_per_kg": ratio and Decimal(ratio)}) == [mass]


def test_a_line_without_a_mass_hides_no_other_and_a_return_takes_its_feed_back():
    assert masses([line("a", None), line("b", 5), line("c", -2)], SOY) == [None, 10, -4]
    assert masses([], SOY) == []


def test_a_record_of_a_supplier_covers_its_lines_only():
    lines = [line("a", 1, supplier="S"), line("b", 1, supplier="T"), line("c", 1)]
    found = eaten(lines, {**SOY, "supplier": "S"}, {**SOY, "feed": "G"})
    assert found.rows() == [("F", "a", 2), ("G", "a", 2), ("G", "b", 2), ("G", "c", 2)]


# Co-products. A kilogram of animal ate 3 kg and gives 0.6 kg of meat and 0.4 kg of offal.
MEAT = {**SOY, "per": "animal", "kg_per_kg": Decimal(3), "herd": "H", "key": "mass",
        "product_share": Decimal("0.6"), "co_product_share": Decimal("0.6")}  # fmt: skip
OFFAL = {
    **MEAT,
    "feed": "G",
    "product": "offal",
    "product_share": Decimal("0.4"),
    "co_product_share": Decimal("0.4"),
}
BOUGHT = [line("a", 600)]  # of an animal of 1000 g, which ate 3000 g
WHOLE, DIVIDED = 3000, 1800


def meat(changed: dict[str, Any], *others: Row) -> int | None:
    [mass] = eaten(BOUGHT, {**MEAT, **changed}, *others)["mass_g"]
    return mass


def test_the_shares_of_all_co_products_divide_what_the_animal_ate():
    assert meat({}, OFFAL) == DIVIDED
    both = eaten([*BOUGHT, line("b", 400, "offal")], MEAT, OFFAL)
    assert both["mass_g"].to_list() == [1800, 1200]  # together all that it ate
    worth = {"key": "value", "co_product_share": Decimal("0.9")}
    rest = {**OFFAL, "key": "value", "co_product_share": Decimal("0.1")}
    assert meat(worth, rest) == 2700


@pytest.mark.parametrize("changed", [
    {"key": None}, {"key": "none"}, {"co_product_share": None}, {"co_product_share": Decimal(0)},
    {"co_product_share": Decimal("1.000001")}, {"herd": None}, {"estimate": True}, {"document": "lost.pdf"},
    {"document": None}, {"page": None},
    {"co_product_share": Decimal("0.599999")},  # less than its own mass of the animal
    {"herd": "another"}, {"kg_per_kg": Decimal("3.0"), "lot": "OTHER"}, {"key": "value"},
])  # fmt: skip
def test_what_does_not_show_how_it_is_divided_carries_the_whole(changed: dict[str, Any]):
    assert meat(changed, OFFAL) == WHOLE


@pytest.mark.parametrize(
    ("other", "mass"), [("0.399999", WHOLE), ("0.4", DIVIDED), ("0.400001", DIVIDED), (None, WHOLE)]
)
def test_shares_that_do_not_add_up_to_the_whole_divide_nothing(other: str | None, mass: int):
    share = {"co_product_share": other and Decimal(other), "product_share": Decimal("0.3")}
    assert meat({}, {**OFFAL, **share}) == mass


def test_two_records_of_one_co_product_are_no_two_co_products():
    assert meat({}) == WHOLE
    twice = eaten(BOUGHT, MEAT, {**MEAT, "feed": "F2"})
    assert twice["mass_g"].to_list() == [WHOLE, WHOLE]


@pytest.mark.parametrize(("yielded", "mass"), [
    (None, None), ("0", None), ("1.000001", None), ("1", 1800), ("0.6", 3000), ("0.000001", 1_800_000_000),
])  # fmt: skip
def test_what_an_animal_weighed_must_be_known(yielded: str | None, mass: int | None):
    # 600 g of product, 3 kg of feed for a kilogram of animal; the key is "none".
    assert meat({"key": "none", "product_share": yielded and Decimal(yielded)}) == mass


def test_kilograms_per_kilogram_of_product_are_never_divided_again():
    for per in (None, "product"):
        assert meat({"per": per}, {**OFFAL, "per": per}) == 1800
        assert meat({"per": per, "co_product_share": Decimal("0.1"), "key": "value"}) == 1800


def test_without_a_document_nothing_is_eaten_less():
    assert meat({}, OFFAL) == DIVIDED
    assert meat({}, {**OFFAL, "document": None}) == WHOLE
    assert meat({}) == WHOLE


ratios = st.one_of(st.none(), st.decimals(0, 30, places=6))
parts = st.one_of(st.none(), st.decimals(0, 1, places=3))


@st.composite
def herds(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    lines = [
        line(f"L{number}", draw(st.one_of(st.none(), st.integers(-(10**9), 10**12))),
             draw(st.sampled_from(["beef", "offal"])), supplier=draw(st.sampled_from([None, "S", "T"])))
        for number in range(draw(st.integers(0, 8)))
    ]  # fmt: skip
    # Two shares of one product would contradict each other.
    carried = {"beef": draw(parts), "offal": draw(parts)}
    products = draw(st.lists(st.sampled_from(["beef", "offal"]), min_size=1, max_size=4))
    feed = [
        {**SOY, "feed": f"F{number}", "product": product,
         "supplier": draw(st.sampled_from([None, "S"])), "kg_per_kg": draw(st.one_of(ratios, st.just(Decimal(3)))),
         "per": draw(st.sampled_from([None, "product", "animal"])), "herd": draw(st.sampled_from([None, "H"])),
         "key": draw(st.sampled_from([None, "mass", "value"])), "product_share": draw(parts),
         "co_product_share": carried[product]}
        for number, product in enumerate(products)
    ]  # fmt: skip
    return lines, feed


@given(herds(), st.randoms(use_true_random=False), st.booleans())
@settings(deadline=None, max_examples=60)
def test_lines_add_up_to_their_record_to_the_gram_in_any_order(
    case: tuple[list[Row], list[Row]], random: Any, up: bool
):
    lines, feed = case
    found = eaten(lines, *feed, up=up)
    rates = {row["feed"]: row for row in rated(frame(FACTS["feed"], feed), DOCUMENTS).iter_rows(named=True)}
    for record in feed:
        covered = [
            each["quantity_g"] for each in lines
            if each["product"] == record["product"] and record["supplier"] in (None, each["supplier"])
        ]  # fmt: skip
        rate = rates[record["feed"]]
        got = found.filter(pl.col("feed") == record["feed"])
        assert got.height == len(covered)
        if rate["top"] is None:
            assert got["mass_g"].null_count() == got.height
            continue
        exact = sum(Fraction(each) * rate["top"] / rate["bottom"] for each in covered if each is not None)
        assert got["mass_g"].sum() == (ceil(exact) if up else floor(exact))
        assert got["mass_g"].null_count() == covered.count(None)
    random.shuffle(lines)
    random.shuffle(feed)
    assert eaten(lines, *feed, up=up).equals(found)


@given(herds())
@settings(deadline=None, max_examples=60)
def test_no_record_less_lowers_what_another_owes(case: tuple[list[Row], list[Row]]):
    lines, feed = case
    before = eaten(lines, *feed)
    for gone in range(len(feed)):
        after = before.join(eaten(lines, *feed[:gone], *feed[gone + 1 :]), on=["feed", "line"], suffix="_after")
        kept = after.group_by("feed").agg(pl.col("mass_g", "mass_g_after").filter(pl.col("mass_g") > 0).sum())
        assert (kept["mass_g_after"] >= kept["mass_g"]).all()
