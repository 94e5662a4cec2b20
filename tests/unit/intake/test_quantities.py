"""Masses, areas, money, shares, rates and counts."""

from decimal import Decimal

import pytest

from landproof.intake.sheets import Cell
from tests.unit.intake.helpers import column


@pytest.mark.parametrize(
    ("written", "grams"),
    [
        ("1 g", 1), ("1 kg", 1_000), ("1.5 t", 1_500_000), ("2 mt", 2_000_000), ("1 kt", 1_000_000_000),
        ("100 lb", 45_359), ("100000 lb", 45_359_237), ("16 oz", 454), ("1 斤", 500), ("1 公斤", 1_000),
        ("1 千克", 1_000),
        ("1吨", 1_000_000), ("1 担", 50_000), ("1 公担", 100_000), ("1 两", 50), ("0.3 万吨", 3_000_000_000),
        ("1 short ton", 907_185), ("1 long ton", 1_016_047), ("1,234.5 kg", 1_234_500), ("１２ kg", 12_000),
        ("5 KG", 5_000),
    ],
)  # fmt: skip
def test_every_unit_of_mass(written, grams):
    assert column("purchases", "quantity_g", written).values.to_list() == [grams]


def test_half_a_gram_goes_to_the_even_neighbour_and_is_told():
    parsed = column("purchases", "quantity_g", "0.5 g", "1.5 g", "2.5 g", "2.500001 g", "3 g")
    assert parsed.values.to_list() == [0, 2, 2, 3, 3]
    assert [repair.key for repair in parsed.repairs] == ["rounded-mass"]
    assert parsed.repairs[0].where.to_list() == [True, True, True, True, False]


def test_more_decimals_than_fit_are_still_exact():
    # 0.4535923700000005 kg is a hair above 453.59237 g; 2.5000000000000001 g is a hair above the half
    assert column("purchases", "quantity_g", "2.5000000000000001 g", "2.5 g").values.to_list() == [3, 2]


def test_the_unit_may_stand_in_the_header_a_column_or_the_mapping():
    assert column("purchases", "quantity_g", "2", header="Quantity (t)").values.to_list() == [2_000_000]
    assert column("purchases", "quantity_g", "2", header="数量（吨）").values.to_list() == [2_000_000]
    assert column("purchases", "quantity_g", "2", header="qty_kg").values.to_list() == [2_000]
    assert column("purchases", "quantity_g", "2", "2", units=["kg", "t"]).values.to_list() == [2_000, 2_000_000]


def test_a_mass_without_a_unit_is_refused():
    parsed = column("purchases", "quantity_g", "2", None, units=[None, None])
    assert parsed.failure.to_list() == ["unit-missing", None]
    assert column("purchases", "quantity_g", "2", header="Quantity").failure.to_list() == ["unit-missing"]


def test_an_unknown_unit_and_two_units_are_refused():
    assert column("purchases", "quantity_g", "2 bushels").failure.to_list() == ["unknown-unit"]
    assert column("purchases", "quantity_g", "2", units=["bags"]).failure.to_list() == ["unknown-unit"]
    assert column("purchases", "quantity_g", "2 kg", units=["t"]).failure.to_list() == ["two-units"]


def test_a_mass_below_zero_is_refused_and_zero_is_not():
    parsed = column("purchases", "quantity_g", "-1 kg", "0 kg", "1 kg")
    assert parsed.failure.to_list() == ["negative-mass", None, None]
    assert parsed.values.to_list() == [None, 0, 1000]


def test_the_largest_mass_that_fits():
    # 2**63 - 1 grams is 9223372036854.775807 t
    parsed = column("purchases", "quantity_g", "9223372036854.775807 t", "9223372036854.775808 t")
    assert parsed.values.to_list() == [2**63 - 1, None]
    assert parsed.failure.to_list() == [None, "too-large"]


def test_numbers_from_a_thousand_billion_on_are_refused():
    parsed = column("revenue", "amount", "999999999999999.9999", "1000000000000000", "9" * 40)
    assert parsed.values.to_list() == [Decimal("999999999999999.9999"), None, None]
    assert parsed.failure.to_list() == [None, "too-large", "too-large"]


def test_a_ton_is_metric_and_told():
    parsed = column("purchases", "quantity_g", "2 tons", "2 t")
    assert parsed.values.to_list() == [2_000_000, 2_000_000]
    assert parsed.repairs[0].key == "metric-ton"
    assert parsed.repairs[0].where.to_list() == [True, False]


@pytest.mark.parametrize(
    ("written", "hectares"),
    [
        ("4 ha", "4"), ("15 亩", "1"), ("100 亩", "6.666667"), ("25000 m2", "2.5"), ("1 m²", "0.0001"),
        ("1 acre", "0.404686"), ("1 km2", "100"), ("2 公顷", "2"), ("10 rai", "1.6"),
    ],
)  # fmt: skip
def test_every_unit_of_area(written, hectares):
    assert column("plots", "area_ha", written).values.to_list() == [Decimal(hectares)]


def test_square_metres_need_no_unit():
    assert column("land_events", "area_m2", "12", "1 ha").values.to_list() == [12, 10_000]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1,234.50", "1234.5"), ("1.234,50", "1234.5"), ("€ 12", "12"), ("12 EUR", "12"), ("(5.00)", "-5"),
        ("12.34567", "12.3457"), ("0.00005", "0"), ("0.00015", "0.0002"), ("3 万元", "30000"),
        ("1.5 million", "1500000"),
    ],
)  # fmt: skip
def test_money(written, amount):
    assert column("revenue", "amount", written).values.to_list() == [Decimal(amount)]


def test_a_header_may_state_thousands():
    parsed = column("revenue", "amount", "3", header="收入（万元）")
    assert parsed.values.to_list() == [Decimal(30_000)]
    assert [repair.key for repair in parsed.repairs] == ["multiplied"]
    assert column("revenue", "amount", "3", header="Revenue (USD thousand)").values.to_list() == [Decimal(3000)]
    assert column("revenue", "amount", "3 万元", header="收入（万元）").failure.to_list() == ["two-units"]


def test_shares_and_percentages():
    parsed = column(
        "recipes", "mass_share", "0.12", "12 %", "100%", "1", "0", "1.5", "12", "-0.1", "101 %", "5 kg"
    )
    assert parsed.values.to_list()[:5] == [Decimal("0.12"), Decimal("0.12"), Decimal(1), Decimal(1), Decimal(0)]
    assert parsed.failure.to_list()[5:] == ["share-out-of-range"] * 4 + ["not-a-number"]


def test_a_percent_header_divides_unless_no_row_is_above_one():
    assert column("recipes", "mass_share", "12", "0.5", header="Share %").values.to_list() == [
        Decimal("0.12"), Decimal("0.005"),
    ]  # fmt: skip
    assert column("recipes", "mass_share", "0.12", header="Share %").failure.to_list() == ["percent-or-share"]
    assert column("recipes", "mass_share", "12 %", header="Share %").values.to_list() == [Decimal("0.12")]
    assert column("recipes", "mass_share", "0", header="Share %").values.to_list() == [Decimal(0)]


def test_rates_are_above_zero():
    parsed = column("rates", "rate", "7.12345678", "0", "-1", "0.00000001")
    assert parsed.failure.to_list() == [None, "rate-not-positive", "rate-not-positive", None]
    assert parsed.values.to_list()[0] == Decimal("7.12345678")


def test_counts_are_whole():
    parsed = column("suppliers", "tier", "1", "1.0", "1.5", "-1", "one")
    assert parsed.values.to_list() == [1, 1, None, None, None]
    assert parsed.failure.to_list() == [None, None, "not-whole", "negative", "not-a-number"]


def test_a_stored_number_is_never_ambiguous():
    parsed = column("feed", "kg_per_kg", "1.234", kinds=[Cell.NUMBER])
    assert parsed.values.to_list() == [Decimal("1.234")]


def test_missing_stays_missing():
    for table, name in (("purchases", "quantity_g"), ("purchases", "net_spend"), ("recipes", "mass_share")):
        parsed = column(table, name, None, "", "  ", "-", "n/a")
        assert parsed.values.to_list() == [None] * 5
        assert parsed.failure.to_list() == [None] * 5
