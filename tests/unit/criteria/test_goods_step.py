"""How products become commodities (clauses 2.1 to 2.3, AMB-08, AMB-10, AMB-12)."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from landproof.criteria.steps import goods, scope
from tests.unit.criteria.tables import by_key, documents, fact

Row = dict[str, Any]
OUTSIDE = ("non-food", "bioenergy", "not land-grown", "transport packaging")


def recipe(commodity: str, cost: str | None = None, mass: str | None = None, **more: Any) -> Row:
    return {"product": "P", "commodity": commodity, "cost_share": cost, "mass_share": mass, **more}


def keys(*rows: Row, key: str = "cost, else mass") -> str:
    return goods.allocation_keys(fact("recipes", *rows), key)["allocation"].item()


def split(
    *rows: Row, kind: str | None = "crop good", key: str = "cost, else mass", **product: Any
) -> dict[str, Row]:
    made = goods.split_products(
        fact("products", {"product": "P", "kind": kind, **product}),
        fact("recipes", *rows),
        fact("purchases"),
        documents("recipe.pdf"),
        allocation_key=key,
        outside=OUTSIDE,
    )
    return by_key(made, "commodity")


def test_cost_is_the_key_when_every_ingredient_states_it() -> None:
    assert keys(recipe("soy", "0.4", "0.7"), recipe("palm oil", "0.6", "0.3")) == "cost"


def test_mass_is_the_key_when_one_cost_is_missing() -> None:
    assert keys(recipe("soy", "0.4", "0.7"), recipe("palm oil", None, "0.3")) == "mass"


def test_mass_is_the_key_when_costs_exceed_the_whole() -> None:
    assert keys(recipe("soy", "0.4", "0.7"), recipe("palm oil", "0.600001", "0.3")) == "mass"


def test_shares_of_less_than_the_whole_are_a_key() -> None:
    assert keys(recipe("soy", "0.4"), recipe("palm oil", "0.1")) == "cost"


def test_without_complete_shares_there_is_no_key() -> None:
    assert keys(recipe("soy", "0.4"), recipe("palm oil", None, "0.3")) == "none"


def test_cost_is_no_key_under_the_mass_reading() -> None:
    rows = (recipe("soy", "0.4"), recipe("palm oil", "0.6"))
    assert keys(*rows, key="mass") == "none"
    assert keys(recipe("soy", "0.4", "0.7"), recipe("palm oil", "0.6", "0.3"), key="mass") == "mass"


def test_one_ingredient_without_shares_is_all_of_the_product() -> None:
    assert keys(recipe("soy")) == "single"
    assert keys(recipe("soy", "1", "1")) == "single"


def test_one_ingredient_with_a_smaller_share_leaves_a_rest() -> None:
    made = split(recipe("palm oil", "0.25", "0.3"))
    assert made["palm oil"]["allocation"] == "cost"
    assert made["palm oil"]["share"] == Decimal("0.25")
    assert made["palm oil"]["other_share"] == Decimal("0.3")
    assert made["unknown"]["share"] == Decimal("0.75")
    assert made["unknown"]["other_share"] == Decimal("0.7")
    assert made["unknown"]["mass_share"] == Decimal("0.7")


def test_a_single_ingredient_takes_all_spend_and_mass() -> None:
    made = split(recipe("soy"))
    assert set(made) == {"soy"}
    assert (made["soy"]["share"], made["soy"]["mass_share"], made["soy"]["other_share"]) == (1, 1, 1)


def test_shares_that_fill_the_whole_leave_no_rest() -> None:
    assert set(split(recipe("soy", "0.4", "0.7"), recipe("palm oil", "0.6", "0.3"))) == {"soy", "palm oil"}


def test_a_rest_of_the_mass_alone_is_unknown_without_spend() -> None:
    made = split(recipe("soy", "0.4", "0.5"), recipe("palm oil", "0.6", "0.3"))
    assert made["unknown"]["share"] == 0
    assert made["unknown"]["mass_share"] == Decimal("0.2")


def test_the_mass_key_splits_by_mass_and_keeps_cost_as_the_other_key() -> None:
    made = split(recipe("soy", "0.4", "0.7"), recipe("palm oil", "0.6", "0.3"), key="mass")
    assert (made["soy"]["share"], made["soy"]["other_share"], made["soy"]["mass_share"]) == (
        Decimal("0.7"), Decimal("0.4"), Decimal("0.7"),
    )  # fmt: skip


def test_without_a_key_the_unknown_commodity_carries_everything() -> None:
    made = split(recipe("soy"), recipe("palm oil"))
    assert {name: each["share"] for name, each in made.items()} == {"soy": None, "palm oil": None, "unknown": 1}
    assert {name: each["mass_share"] for name, each in made.items()} == {
        "soy": None,
        "palm oil": None,
        "unknown": 1,
    }
    assert {each["other_share"] for each in made.values()} == {None}


def test_cost_alone_leaves_the_mass_of_each_commodity_unknown() -> None:
    made = split(recipe("soy", "0.4"), recipe("palm oil", "0.6"))
    assert {name: each["mass_share"] for name, each in made.items()} == {"soy": None, "palm oil": None}


def test_a_product_without_a_recipe_is_unknown() -> None:
    made = split()
    assert (made["unknown"]["share"], made["unknown"]["mass_share"], made["unknown"]["allocation"]) == (
        1,
        1,
        "none",
    )


def test_products_of_the_ledger_and_of_recipes_are_goods_too() -> None:
    made = scope.goods(
        fact("products"),
        fact("recipes", recipe("soy")),
        fact("purchases", {"line": "L-1", "product": "Q"}, {"line": "L-2"}),
        documents(),
        allocation_key="cost, else mass",
        not_land_grown="outside",
        packaging_in_scope="food packaging",
    )
    assert set(by_key(made, "product", "commodity")) == {("P", "soy"), ("Q", "unknown")}
    assert made["in_scope"].to_list() == [None, None]


def test_a_commodity_outside_the_food_chain_needs_a_documented_recipe() -> None:
    cited = {"document": "recipe.pdf", "page": "1"}
    made = split(recipe("salt", "0.1", **cited), recipe("water", "0.1"), recipe("wheat", "0.8", **cited))
    assert {name: each["in_scope"] for name, each in made.items()} == {"salt": False, "water": None, "wheat": True}


@pytest.mark.parametrize("lost", [{"document": "other.pdf", "page": "1"}, {"document": "recipe.pdf"}])
def test_salt_without_page_or_file_stays_in_scope(lost: dict[str, str]) -> None:
    assert split(recipe("salt", **lost))["salt"]["in_scope"] is None


def test_salt_in_a_product_left_out_is_out() -> None:
    made = split(recipe("salt"), kind="non-food", exclusion_reason="soap", document="recipe.pdf", page="1")
    assert made["salt"]["in_scope"] is False


def test_livestock_by_commodity_and_by_kind() -> None:
    crop = split(recipe("dairy", "0.5"), recipe("cocoa", "0.5"))
    assert {name: each["livestock"] for name, each in crop.items()} == {"dairy": True, "cocoa": False}
    animal = split(recipe("chicken", "0.5"), recipe("wheat", "0.5"), kind="animal product")
    assert {name: each["livestock"] for name, each in animal.items()} == {"chicken": True, "wheat": False}


def test_an_animal_that_no_list_names_is_livestock() -> None:
    assert split(recipe("rabbit"), kind="animal product")["rabbit"]["livestock"] is True
    assert split(kind="animal product")["unknown"]["livestock"] is True
    assert split(recipe("rabbit"), kind=None)["rabbit"]["livestock"] is False


SCOPE = {
    "in-scope": {"kind": "crop good"},
    "out-of-scope-good": {"kind": "non-food", "exclusion_reason": "soap", "document": "d", "page": "1"},
    "kind-missing": {"exclusion_reason": "soap", "document": "d", "page": "1"},
    "kind-in-scope": {"kind": "crop good", "exclusion_reason": "soap", "document": "d", "page": "1"},
    "no-exclusion-reason": {"kind": "bioenergy", "document": "d", "page": "1"},
    "no-document": {"kind": "bioenergy", "exclusion_reason": "fuel", "page": "1"},
    "document-not-in-case": {"kind": "bioenergy", "exclusion_reason": "fuel", "document": "x", "page": "1"},
    "no-page": {"kind": "not land-grown", "exclusion_reason": "wild fish", "document": "d"},
}


@pytest.mark.parametrize("why", SCOPE)
def test_only_a_documented_reason_takes_a_good_out(why: str) -> None:
    made = goods.product_scope(fact("products", {"product": "P", **SCOPE[why]}), documents("d"), OUTSIDE)
    expected = {"in-scope": True, "out-of-scope-good": False}.get(why)
    assert (made["why"].item(), made["in_scope"].item()) == (why, expected)


def test_readings_say_which_kinds_may_be_taken_out() -> None:
    assert set(goods.kinds_outside("outside", "food packaging")) == set(OUTSIDE)
    assert set(goods.kinds_outside("outside", "all packaging")) == set(OUTSIDE) - {"transport packaging"}


def test_shares_of_each_product_fill_it_exactly() -> None:
    made = pl.DataFrame(list(split(recipe("soy", "0.333333"), recipe("palm oil", "0.333333")).values()))
    assert sum(made["share"].to_list()) == 1
