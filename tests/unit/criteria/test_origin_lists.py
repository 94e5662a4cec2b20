"""The shipped origin-risk lists: counts, codes, and the pairs on which the two lists disagree."""

import csv
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from landproof.reference.editions import load_countries, load_list_titles, load_origin_lists

SHARED = Path(__file__).parents[3].parent / "shared" / "reference" / "origin_risk.csv"


def levels(list_id: str) -> dict[str, str]:
    lists = load_origin_lists().filter(pl.col("list") == list_id)
    return dict(zip(lists["country"], lists["level"], strict=True))


def basis(list_id: str, country: str) -> str:
    return load_origin_lists().filter(pl.col("list") == list_id, pl.col("country") == country)["basis"].item()


def test_annex_1_names_41_high_and_17_low() -> None:
    assert Counter(levels("annex1").values()) == {"high": 41, "low": 17}


def test_eudr_names_4_high_and_140_low() -> None:
    lists = load_origin_lists().filter(pl.col("list") == "eudr-2025-1093", pl.col("basis") == "list")
    assert Counter(lists["level"]) == {"high": 4, "low": 140}
    assert sorted(lists.filter(pl.col("level") == "high")["country"]) == ["BY", "KP", "MM", "RU"]


def test_all_others_are_standard_by_default() -> None:
    # 50 states and the Holy See that Article 1(2) leaves standard, and 56 territories that the act does not
    # name: 54 with an ISO code, Kosovo, Akrotiri and Dhekelia.
    lists = load_origin_lists().filter(pl.col("list") == "eudr-2025-1093", pl.col("basis") == "default")
    assert Counter(lists["level"]) == {"standard": 50 + 1 + 54 + 1 + 1}


@pytest.mark.parametrize(("code", "level"), [("AX", "high"), ("XAD", "low"), ("XK", "low")])
def test_annex_1_has_places_without_a_state_of_their_own(code: str, level: str) -> None:
    assert levels("annex1")[code] == level
    assert (levels("eudr-2025-1093")[code], basis("eudr-2025-1093", code)) == ("standard", "default")


@pytest.mark.parametrize("absent", ["BO", "MG", "CG", "CA", "RU", "FI", "FR", "BR-AM"])
def test_what_annex_1_leaves_out_has_no_row(absent: str) -> None:
    assert absent not in levels("annex1")


def test_where_the_lists_disagree_by_number() -> None:
    annex, eudr = levels("annex1"), levels("eudr-2025-1093")
    pairs = Counter((annex[country], eudr[country]) for country in annex)
    # origin_risk.md counts 22 high and standard plus Åland; 2 low and standard plus two territories.
    assert pairs == {
        ("high", "low"): 17,
        ("low", "standard"): 4,
        ("high", "standard"): 23,
        ("high", "high"): 1,
        ("low", "low"): 13,
    }


def test_every_list_has_a_title_in_both_languages() -> None:
    titles = load_list_titles()
    assert set(titles) == set(load_origin_lists()["list"])
    assert all(title.en and title.zh for title in titles.values())


def test_every_listed_country_has_a_name_in_both_languages() -> None:
    countries = load_countries()
    assert countries.height == 249 + 2
    assert countries["country"].is_unique().all()
    assert countries.select((pl.all().is_not_null() & (pl.all() != "")).all()).row(0) == (True, True, True)
    assert set(load_origin_lists()["country"]) <= set(countries["country"])
    assert dict(countries.select("country", "name_zh").iter_rows())["NA"] == "纳米比亚"


def test_lists_agree_with_the_reference_compilation() -> None:
    if not SHARED.exists():
        pytest.skip("the shared reference compilation is not beside this checkout")
    with SHARED.open(encoding="utf-8") as lines:
        rows = {row["iso_alpha2"] or "XAD": row for row in csv.DictReader(lines)}
    assert levels("annex1") == {code: row["cbi_annex1"] for code, row in rows.items() if row["cbi_annex1"]}
    assert levels("eudr-2025-1093") == {code: row["eudr_recommended"] for code, row in rows.items()}
    named = {code for code, row in rows.items() if row["eudr_basis"] == "listed"}
    states = {code for code, row in rows.items() if row["eudr_benchmark"] == "standard"}
    assert len(named) == 144
    assert len(states - {"VA"}) == 50
    assert {code for code in rows if basis("eudr-2025-1093", code) == "list"} == named
