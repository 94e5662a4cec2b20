"""Countries, currencies, choices, yes and no, lists and identifiers."""

import pytest

from landproof.domain.facts import FACTS
from landproof.domain.tables import Kind
from landproof.intake.countries import country_codes
from landproof.intake.sheets import Cell
from landproof.intake.words import bilingual, choice_label, choice_words, plain
from tests.unit.intake.helpers import column


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("BR", "BR"), ("br", "BR"), ("BRA", "BR"), ("Brazil", "BR"), ("巴西", "BR"), ("Brazil / 巴西", "BR"),
        ("BR - Brazil", "BR"), ("Cote D'Ivoire", "CI"), ("Côte d’Ivoire", "CI"), ("Ivory Coast", "CI"),
        ("科特迪瓦", "CI"), ("Vietnam", "VN"), ("Viet Nam", "VN"), ("South Korea", "KR"), ("Turkey", "TR"),
        ("Swaziland", "SZ"), ("United States of America", "US"), ("DRC", "CD"), ("刚果（金）", "CD"), ("UK", "GB"),
        ("NA", "NA"), ("Namibia", "NA"), ("中华人民共和国", "CN"), ("台湾", "TW"), ("中国台湾", "TW"),
        ("ＣＮ", "CN"), ("Myanmar", "MM"), ("Sao Tome and Principe", "ST"), ("Bahamas, The", "BS"), ("ST", "ST"),
        ("Congo, The Democratic Republic of the", "CD"), ("Republic of the Congo", "CG"), ("St. Lucia", "LC"),
        ("Dominican Rep.", "DO"), ("Brasil", "BR"), ("Perú", "PE"), ("Micronesia (Federated States of)", "FM"),
        ("Korea, Democratic People's Republic of", "KP"), ("Niger", "NE"), ("ISL", "IS"), ("印尼", "ID"),
    ],
)  # fmt: skip
def test_countries_by_code_and_name(written, code):
    assert column("purchases", "country", written).values.to_list() == [code]


@pytest.mark.parametrize(
    "written",
    ["Narnia", "XX", "EU", "Brazil / 中国", "BR CN", "123", "Islands", "Saint", "Republic", "the", "刚果"],
)
def test_an_unknown_country_is_refused(written):
    assert column("purchases", "country", written).failure.to_list() == ["unknown-country"]


def test_an_unknown_origin_is_missing_and_told():
    parsed = column("purchases", "country", "unknown", "未知", "BR")
    assert parsed.values.to_list() == [None, None, "BR"]
    assert [repair.key for repair in parsed.repairs] == ["blank-mark"]


def test_every_country_has_an_english_and_a_chinese_name():
    codes = set(country_codes().values())
    assert {"BR", "CN", "CI", "ID", "XK"} <= codes
    assert codes.isdisjoint({"EU", "UN", "ZZ"})
    assert len(codes) == 250  # 249 of ISO 3166-1, and Kosovo's user-assigned XK


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("CNY", "CNY"),
        ("usd", "USD"),
        ("人民币", "CNY"),
        ("元", "CNY"),
        ("RMB", "CNY"),
        ("€", "EUR"),
        ("R$", "BRL"),
    ],
)
def test_currencies(written, code):
    assert column("purchases", "currency", written).values.to_list() == [code]


@pytest.mark.parametrize("written", ["$", "¥", "money", "XX"])
def test_a_currency_must_be_one(written):
    assert column("purchases", "currency", written).failure.to_list() == ["unknown-currency"]


@pytest.mark.parametrize("written", ["yes", "Y", "TRUE", "1", "是", "有", "√", "yes / 是"])
def test_yes(written):
    assert column("products", "third_party_made", written).values.to_list() == [True]


@pytest.mark.parametrize("written", ["no", "N", "false", "0", "否", "无", "no / 否"])
def test_no(written):
    assert column("products", "third_party_made", written).values.to_list() == [False]


def test_maybe_is_refused_and_unknown_is_missing():
    parsed = column("products", "third_party_made", "maybe", "yes / no", "unknown", None)
    assert parsed.failure.to_list() == ["not-yes-no", "not-yes-no", None, None]
    assert parsed.values.to_list() == [None] * 4


def test_choices_in_both_languages():
    parsed = column(
        "deliveries", "custody", "Segregated", "区分隔离", "segregated / 区分隔离", "mass-balance", "SG", "mixed"
    )
    assert parsed.values.to_list() == [
        "segregated",
        "segregated",
        "segregated",
        "mass balance",
        "segregated",
        None,
    ]
    assert parsed.failure.to_list()[-1] == "unknown-choice"
    assert parsed.details["choices"].startswith("identity preserved; segregated")


def test_unknown_is_a_choice_where_the_column_has_it():
    assert column("plots", "located_by", "unknown", "未知").values.to_list() == ["unknown", "unknown"]


@pytest.mark.parametrize("table", FACTS)
def test_every_choice_can_be_written_in_english_chinese_and_both(table):
    for each in FACTS[table]:
        for choice in each.choices:
            words = choice_words(table, each.name)
            assert words[plain(choice)] == choice
            assert words[plain(choice_label(choice))] == choice
            assert words[plain(bilingual(choice))] == choice


def test_no_word_means_two_choices():
    for table in FACTS.values():
        for each in table:
            if each.choices and each.kind is Kind.CHOICE:
                labels = [choice_label(choice) for choice in each.choices]
                assert len(set(labels)) == len(labels), (table.name, each.name)


def test_lists_are_cut_at_semicolons():
    assert column("programmes", "suppliers", "S-1; S-2；S-3、S-1").values.to_list() == [["S-1", "S-2", "S-3"]]
    assert column("facilities", "sources_from", "Brazil; 印度尼西亚").values.to_list() == [["BR", "ID"]]
    assert column("facilities", "sources_from", "Brazil; Narnia").failure.to_list() == ["unknown-country"]
    assert column("commitments", "elements", "past；未来").values.to_list() == [["past", "future"]]
    assert column("commitments", "elements", "past; tomorrow").failure.to_list() == ["unknown-choice"]


def test_identifiers_are_kept_as_written():
    parsed = column("purchases", "supplier", " 007 ", "a B", "１２", "合作社（一）", "123.0", "1E5")
    assert parsed.values.to_list() == ["007", "a B", "12", "合作社（一）", "123.0", "1E5"]


def test_an_identifier_that_a_spreadsheet_shortened_is_refused():
    assert column("purchases", "supplier", "1.23E+12", "1E+05").failure.to_list() == ["scientific-id"] * 2


def test_a_stored_number_as_identifier_is_told():
    parsed = column("purchases", "supplier", "123", "1234567890123456", kinds=[Cell.NUMBER, Cell.NUMBER])
    assert parsed.values.to_list() == ["123", None]
    assert parsed.failure.to_list() == [None, "id-too-long"]
    assert parsed.repairs[0].where.to_list() == [True, False]


def test_an_identifier_that_became_a_date_is_refused():
    assert column("purchases", "lot", "2025-03-04", kinds=[Cell.DATE]).failure.to_list() == ["id-became-date"]


def test_a_total_is_no_row():
    parsed = column("purchases", "line", "Total", "合计", "Totals:", "Total-1")
    assert parsed.failure.to_list() == ["totals-row", "totals-row", "totals-row", None]


def test_an_hs_code_of_odd_length_lost_its_zero():
    parsed = column("products", "hs_code", "0901", "901", "0901.11", "12 01")
    assert parsed.failure.to_list() == [None, "hs-code-odd", None, None]


@pytest.mark.parametrize("written", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_an_error_as_text_is_refused(written):
    for name in ("line", "received_on", "quantity_g", "country", "currency"):
        assert column("purchases", name, written).failure.to_list() == ["cell-error"]
