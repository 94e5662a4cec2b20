"""Sourcing positions: their lists, their tiers and their ids (AMB-25, AMB-28, AMB-42)."""

from datetime import date

import polars as pl
import pytest

from landproof.criteria.steps import places
from tests.unit.criteria.tables import ALL_PLOTS_FROM, EUDR_FROM, origin_lists

LISTS = origin_lists(
    ("eudr-2025-1093", "FR", "low"), ("eudr-2025-1093", "DE", "low"), ("annex1", "DE", "low"),
    ("annex1", "BR", "high"), ("annex1", "GH", "low"), ("eudr-2025-1093", "RU", "high"),
)  # fmt: skip


def place(
    commodity: str, country: str | None, day: date | None, *, supplier: str | None = "S-1", recycled: bool = False
) -> tuple[str, bool | None, str]:
    days = places.calendar(LISTS, EUDR_FROM, ALL_PLOTS_FROM)
    line = pl.DataFrame(
        {"supplier": [supplier], "country": [country], "received_on": [day], "commodity": [commodity],
         "recycled": [recycled]},
        schema_overrides={"supplier": pl.String, "country": pl.String, "received_on": pl.Date},
    )  # fmt: skip
    received = pl.col("received_on")
    found = line.with_columns(**places.place_parts(days)).select(
        places.position_id(), list=days.list_in_force(received), tier=days.from_2030(received)
    )
    position, *rest = found.row(0)
    return rest[0], rest[1], position


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2025, 5, 25), "annex1"), (date(2025, 5, 26), "eudr-2025-1093"), (date(2025, 5, 27), "eudr-2025-1093")],
)
def test_the_six_change_lists_on_the_day_the_eudr_list_takes_effect(day: date, name: str) -> None:
    assert place("soy", "BR", day) == (name, False, f"S-1|soy|BR|{name}|before-2030")


def test_other_goods_stay_on_annex_1() -> None:
    assert place("wheat", "BR", date(2026, 1, 1))[0] == "annex1"
    assert place("wheat", "FR", None) == ("annex1", None, "S-1|wheat|FR|annex1|?")


@pytest.mark.parametrize(
    ("country", "name"),
    [
        ("BR", "eudr-2025-1093"),  # low on neither
        ("FR", "annex1"),  # low on the EUDR list, not named by Annex 1: unclassified is the higher
        ("DE", "eudr-2025-1093"),  # low on both
        ("GH", "eudr-2025-1093"),  # low on Annex 1, standard on the EUDR list
        (None, "eudr-2025-1093"),  # high on either
    ],
)
def test_without_a_day_the_list_with_the_higher_risk_counts(country: str | None, name: str) -> None:
    assert place("soy", country, None) == (name, None, f"S-1|soy|{country or '?'}|{name}|?")


@pytest.mark.parametrize(
    ("day", "from_2030", "tier"),
    [
        (date(2029, 12, 31), False, "before-2030"),
        (date(2030, 1, 1), True, "from-2030"),
        (date(2030, 1, 2), True, "from-2030"),
    ],
)
def test_all_goods_need_plots_from_2030(day: date, from_2030: bool, tier: str) -> None:
    assert place("wheat", "FR", day) == ("annex1", from_2030, f"S-1|wheat|FR|annex1|{tier}")


def test_unknown_parts_are_question_marks() -> None:
    assert place("unknown", None, None, supplier=None)[2] == "?|unknown|?|annex1|?"


def test_recycled_fibre_stands_apart() -> None:
    day = date(2024, 1, 1)
    assert (
        place("pulp and paper", "FR", day, recycled=True)[2] == "S-1|pulp and paper|FR|annex1|before-2030|recycled"
    )


def test_ids_with_separators_do_not_collide() -> None:
    day = date(2024, 1, 1)
    suppliers = ["A|B", "A%7CB", "?", None, "%3F", "A"]
    ids = [place("soy", "FR", day, supplier=each)[2] for each in suppliers]
    assert len(set(ids)) == len(suppliers)
    assert ids[0] == "A%7CB|soy|FR|annex1|before-2030"


def test_without_published_lists_nothing_is_low() -> None:
    days = places.calendar(pl.DataFrame(), EUDR_FROM, ALL_PLOTS_FROM)
    assert (days.low_on_eudr, days.low_on_annex_1) == ((), ())


def test_the_low_countries_of_each_list() -> None:
    days = places.calendar(LISTS, EUDR_FROM, ALL_PLOTS_FROM)
    assert (days.low_on_eudr, days.low_on_annex_1) == (("DE", "FR"), ("DE", "GH"))
