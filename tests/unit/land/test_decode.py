from datetime import date

import pytest

from landproof.land.decode import (
    Classes,
    ConfidenceDays,
    DayOfYear,
    Days,
    Meaning,
    Seeing,
    State,
    YearAndDay,
    YearClasses,
    Years,
)

HANSEN = Years(2000, frozenset({0}), 2025, "10-01 of the year before")
ALERTS = Days(date(2020, 12, 31), frozenset({0}), Seeing(30))


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
    layer = Days(date(2020, 12, 31), frozenset({0}), Seeing(30, last_day=date(2021, 1, 31)))

    assert layer.state(31).known
    assert not layer.state(32).known


def test_years_are_listed_for_changes_alone():
    assert [HANSEN.year(value) for value in (0, 21, 26)] == [None, 2021, None]
    assert [ALERTS.year(value) for value in (0, 366)] == [None, 2022]  # 2021 has 365 days
    assert Classes({1: Meaning.NATURAL}).year(1) is None


def test_a_class_that_is_not_listed_is_unknown():
    assert Classes({1: Meaning.NATURAL}).state(2) == State(Meaning.UNKNOWN)
    assert Classes({1: Meaning.PEAT}, Meaning.NOT_PEAT).state(2) == State(Meaning.NOT_PEAT)


NONE = frozenset({0})
SHARP = Seeing(0)
DAY = date.fromisoformat


def on(day: str) -> State:
    return changed(day, day)


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (0, State(Meaning.SILENT)),
        (20366, on("2020-12-31")),  # 2020 was a leap year
        (20367, State(Meaning.UNKNOWN)),
        (21000, State(Meaning.UNKNOWN)),
        (21001, on("2021-01-01")),
        (21365, on("2021-12-31")),
        (21366, State(Meaning.UNKNOWN)),
        (-1, State(Meaning.UNKNOWN)),
        (100_000, State(Meaning.UNKNOWN)),
    ],
)
def test_a_year_and_day(value: int, state: State):
    assert YearAndDay(NONE, SHARP).state(value) == state


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (0, State(Meaning.SILENT)),
        (22191, on("2020-12-30")),
        (22192, on("2020-12-31")),
        (22193, on("2021-01-01")),
        (32192, on("2020-12-31")),
        (42193, on("2021-01-01")),
        (20001, on("2015-01-01")),
        (20000, State(Meaning.UNKNOWN)),  # the day before the alerts begin
        (12192, State(Meaning.UNKNOWN)),  # no such confidence
        (52192, State(Meaning.UNKNOWN)),
        (2192, State(Meaning.UNKNOWN)),
    ],
)
def test_confidence_and_days(value: int, state: State):
    seeing = Seeing(0, first_day=date(2015, 1, 1))
    layer = ConfidenceDays(date(2014, 12, 31), frozenset({2, 3, 4}), NONE, seeing)

    assert layer.state(value) == state


@pytest.mark.parametrize(
    ("year", "value", "state"),
    [
        (2020, 366, on("2020-12-31")),
        (2021, 1, on("2021-01-01")),
        (2021, 365, on("2021-12-31")),
        (2021, 366, State(Meaning.UNKNOWN)),
        (2021, 0, State(Meaning.SILENT)),
        (2021, 400, State(Meaning.UNKNOWN)),
    ],
)
def test_a_day_of_the_year_of_the_file(year: int, value: int, state: State):
    assert DayOfYear(year, NONE, SHARP).state(value) == state


@pytest.mark.parametrize(
    ("value", "earliest", "latest"),
    [
        (729, "2020-12-29", "2020-12-31"),  # wholly before, whichever way the base is off
        (730, "2020-12-30", "2021-01-01"),  # on either side of the cut-off
        (731, "2020-12-31", "2021-01-02"),
        (732, "2021-01-01", "2021-01-03"),  # wholly after
    ],
)
def test_a_base_that_is_a_day_off_either_way(value: int, earliest: str, latest: str):
    layer = Days(date(2019, 1, 1), NONE, Seeing(0, late_days=1))

    assert layer.state(value) == changed(earliest, latest)
    assert layer.day(value) == DAY("2020-12-30") + (DAY(latest) - DAY("2020-12-31"))


def test_uncertainty_reaches_back_and_a_day_off_reaches_both_ways():
    layer = Days(date(2020, 12, 31), NONE, Seeing(10, late_days=2))

    assert layer.state(20) == changed("2021-01-08", "2021-01-22")  # 20 January, 12 back, 2 on


def test_days_outside_the_layers_time_are_unknown():
    seeing = Seeing(0, first_day=date(2021, 1, 2), last_day=date(2021, 1, 4))
    layer = Days(date(2020, 12, 31), NONE, seeing)

    assert [layer.state(value).known for value in (1, 2, 4, 5)] == [False, True, True, False]
    assert [layer.listed(value) for value in (0, 1, 2)] == [True, False, True]
    assert layer.day(5) == date(2021, 1, 5)  # what it would have said


PRODES = YearClasses(
    {29: 2020, 33: 2021, 35: 2022}, frozenset({1}), "08-01 of the year before", "07-31 of the year",
    {31: 2020, 34: 2021}, date(2000, 8, 1), frozenset({32}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (1, State(Meaning.SILENT)),
        (29, changed("2019-08-01", "2020-07-31")),
        (33, changed("2020-08-01", "2021-07-31")),  # the year that straddles
        (35, changed("2021-08-01", "2022-07-31")),
        (31, changed("2000-08-01", "2020-07-31")),
        (34, changed("2000-08-01", "2021-07-31")),  # an old clearing found late
        (32, State(Meaning.UNKNOWN)),  # clouds
        (2, State(Meaning.UNKNOWN)),
    ],
)
def test_a_legend_of_years(value: int, state: State):
    assert PRODES.state(value) == state


def test_a_legend_knows_its_classes():
    assert [PRODES.listed(value) for value in (1, 33, 34, 32, 2)] == [True, True, True, True, False]
    assert [PRODES.year(value) for value in (1, 33, 34, 32)] == [None, 2021, 2021, None]


def test_residual_clearings_need_a_day_from_which_they_may_be():
    with pytest.raises(ValueError, match="34"):
        YearClasses({}, NONE, "08-01 of the year before", "07-31 of the year", {34: 2021})


def test_years_begin_where_the_layer_does():
    tmf = Years(0, NONE, 2025, "10-01 of the year before", first_year=1982)

    assert tmf.state(2020) == changed("2019-10-01", "2020-12-31")
    assert tmf.state(2021) == changed("2020-10-01", "2021-12-31")
    assert [tmf.listed(value) for value in (0, 1981, 1982, 2025, 2026)] == [True, False, True, True, False]
    assert tmf.day(2026) == date(2026, 12, 31)


def test_a_listed_class_may_say_nothing():
    layer = Classes({1: Meaning.NATURAL, 10: Meaning.UNKNOWN})

    assert [layer.listed(value) for value in (1, 10, 2)] == [True, True, False]
    assert not layer.state(10).known
