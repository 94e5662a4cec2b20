from datetime import date

import pytest

from landproof.land.decode import Classes, Days, Meaning, State, Years

HANSEN = Years(2000, frozenset({0}), 2025, "10-01 of the year before")
ALERTS = Days(date(2020, 12, 31), frozenset({0}), 30)


def changed(earliest: str, latest: str) -> State:
    return State(Meaning.CHANGE, date.fromisoformat(earliest), date.fromisoformat(latest))


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (0, State(Meaning.SILENT)),
        (20, changed("2019-10-01", "2020-12-31")),
        (21, changed("2020-10-01", "2021-12-31")),
        (25, changed("2024-10-01", "2025-12-31")),
        (26, State(Meaning.UNKNOWN)),  # a year that the layer does not cover
        (-1, State(Meaning.UNKNOWN)),
    ],
)
def test_a_yearly_value_is_an_interval(value: int, state: State):
    assert HANSEN.state(value) == state


def test_a_year_may_start_on_new_years_day():
    layer = Years(0, frozenset(), 2030, "01-01 of the year")

    assert layer.state(2021) == changed("2021-01-01", "2021-12-31")


def test_an_unclear_earliest_day_is_refused():
    with pytest.raises(ValueError, match="last autumn"):
        Years(2000, frozenset(), 2025, "last autumn")


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (0, State(Meaning.SILENT)),
        (1, changed("2020-12-02", "2021-01-01")),
        (31, changed("2021-01-01", "2021-01-31")),
        (-5, State(Meaning.UNKNOWN)),
    ],
)
def test_a_daily_value_was_seen_on_a_day(value: int, state: State):
    assert ALERTS.state(value) == state


def test_a_day_after_the_last_is_unknown():
    layer = Days(date(2020, 12, 31), frozenset({0}), 30, last_day=date(2021, 1, 31))

    assert layer.state(31).known
    assert not layer.state(32).known


def test_years_are_listed_for_changes_alone():
    assert [HANSEN.year(value) for value in (0, 21, 26)] == [None, 2021, None]
    assert [ALERTS.year(value) for value in (0, 366)] == [None, 2022]  # 2021 has 365 days
    assert Classes({1: Meaning.NATURAL}).year(1) is None


def test_a_class_that_is_not_listed_is_unknown():
    assert Classes({1: Meaning.NATURAL}).state(2) == State(Meaning.UNKNOWN)
    assert Classes({1: Meaning.PEAT}, Meaning.NOT_PEAT).state(2) == State(Meaning.NOT_PEAT)
