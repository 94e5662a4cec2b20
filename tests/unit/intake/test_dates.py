"""Dates in every style."""

import datetime as dt

import pytest

from landproof.intake.sheets import Cell
from tests.unit.intake.helpers import column

DAY = dt.date(2026, 5, 3)


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-03", "2026/5/3", "2026.05.03", "20260503", "2026年5月3日", "2026年05月03号", "03.05.2026",
        "3.5.2026",
        "3 May 2026", "3-May-2026", "May 3, 2026", "3rd May 2026", "2026-05-03T23:59:59Z", "2026-05-03 00:00:00",
        "2026-05-03 14:30:00+08:00", "２０２６-05-03",
    ],
)  # fmt: skip
def test_every_sure_style(written):
    assert column("purchases", "received_on", written).values.to_list() == [DAY]


def test_a_slash_date_needs_another_row_to_tell():
    assert column("purchases", "received_on", "03/05/2026").failure.to_list() == ["ambiguous-date"]
    day_first = column("purchases", "received_on", "03/05/2026", "25/12/2026")
    assert day_first.values.to_list() == [DAY, dt.date(2026, 12, 25)]
    assert [repair.key for repair in day_first.repairs] == ["day-first"]
    month_first = column("purchases", "received_on", "05/03/2026", "12/25/2026")
    assert month_first.values.to_list() == [DAY, dt.date(2026, 12, 25)]
    assert [repair.key for repair in month_first.repairs] == ["month-first"]


def test_rows_that_disagree_decide_nothing():
    parsed = column("purchases", "received_on", "03/05/2026", "25/12/2026", "12/25/2026")
    assert parsed.failure.to_list() == ["ambiguous-date", None, None]
    assert parsed.values.to_list() == [None, dt.date(2026, 12, 25), dt.date(2026, 12, 25)]


def test_the_same_day_either_way_is_sure():
    assert column("purchases", "received_on", "04/04/2026").values.to_list() == [dt.date(2026, 4, 4)]


def test_the_caller_may_decide():
    assert column("purchases", "received_on", "03/05/2026", day_first=True).values.to_list() == [DAY]
    assert column("purchases", "received_on", "05/03/2026", day_first=False).values.to_list() == [DAY]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2026-02-29", "not-a-date"), ("2026-13-01", "not-a-date"), ("31/02/2026", "not-a-date"),
        ("03.05.26", "short-year"), ("3/5/26", "short-year"), ("2026", "half-date"), ("2026-05", "half-date"),
        ("2026年5月", "half-date"), ("soon", "not-a-date"), ("0202-01-01", "date-out-of-range"),
        ("1899-12-31", "date-out-of-range"), ("2200-01-01", "date-out-of-range"), ("45000", "day-number"),
        ("44196.5", "day-number"), ("31-Dec-20", "short-year"), ("31 Dec 20", "short-year"),
        ("Dec 31, 20", "short-year"),
        # 30 years of 365 days, 7 leap days and the 2 days before 1900 make 1930-01-01 day 10959
        ("10959", "day-number"), ("10958", "not-a-date"), ("99999", "not-a-date"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(written, why):
    assert column("purchases", "received_on", written).failure.to_list() == [why]


def test_the_edges_of_the_years():
    parsed = column("purchases", "received_on", "1900-01-01", "2199-12-31")
    assert parsed.values.to_list() == [dt.date(1900, 1, 1), dt.date(2199, 12, 31)]


def test_a_day_number_counts_only_where_a_spreadsheet_stored_it():
    # 1 January 2026 is day 46023: 126 years of 365 days, 31 leap days up to 2024, the 1900 that was none, and 1
    parsed = column("purchases", "received_on", "46023", "2026", kinds=[Cell.NUMBER, Cell.NUMBER])
    assert parsed.values.to_list() == [dt.date(2026, 1, 1), None]
    assert parsed.failure.to_list() == [None, "half-date"]
    assert [repair.key for repair in parsed.repairs] == ["excel-serial"]


def test_a_time_of_day_is_left_out_and_told_unless_midnight():
    parsed = column("purchases", "received_on", "2026-05-03 14:30", "2026-05-03 00:00:00")
    assert parsed.values.to_list() == [DAY, DAY]
    assert parsed.repairs[0].where.to_list() == [True, False]
