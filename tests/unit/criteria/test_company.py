"""The company's boundary, its calendar and its shares of revenue."""

import operator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.criteria.company import applicant, boundary, months_later, owners, years_later
from landproof.criteria.revenue import Share, share_bounds
from tests.unit.criteria.tables import fact

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2021, 2, 20), 5, date(2026, 2, 20)),
        (date(2024, 2, 29), 5, date(2029, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2024, 2, 29), -1, date(2023, 2, 28)),
    ],
)
def test_years_later_falls_back_to_28_february(day: date, years: int, expected: date) -> None:
    assert years_later(day, years) == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2021, 2, 20), 12, date(2022, 2, 20)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 12, 1), 1, date(2025, 1, 1)),
        (date(2024, 11, 30), 3, date(2025, 2, 28)),
    ],
)
def test_months_later_falls_back_to_the_end_of_the_month(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected


def entities(*rows: tuple[Any, ...]) -> Any:
    names = ("entity", "role", "controlled_by", "in_application")
    return fact("entities", *(dict(zip(names, row, strict=False)) for row in rows))


GROUP = entities(
    ("E-0", "parent"),
    ("E-1", "applicant", "E-0"),
    ("E-2", "controlled", "E-1", True),
    ("E-3", "controlled", "E-2", False),
    ("E-4", "controlled", "E-1", None),
    ("E-5", "other", "E-0", True),
    ("E-6", "controlled", None, True),
    ("E-7", "other", "E-9"),
    ("E-8", "other"),
)


def test_the_boundary_takes_in_controlled_entities_that_are_named() -> None:
    assert boundary(GROUP, "named") == {
        "E-0": False, "E-1": True, "E-2": True, "E-3": False, "E-4": None, "E-5": False, "E-6": None, "E-7": None,
        "E-8": False,
    }  # fmt: skip


def test_the_wider_boundary_takes_in_all_controlled_entities() -> None:
    wider = boundary(GROUP, "all controlled")
    assert [name for name, inside in wider.items() if inside] == ["E-1", "E-2", "E-3", "E-4"]


def test_without_one_applicant_nothing_is_known() -> None:
    assert applicant(entities(("E-1", "applicant"), ("E-2", "applicant"))) is None
    assert boundary(entities(("E-1", "other")), "named") == {"E-1": None}


def test_owners_stop_where_control_breaks_off() -> None:
    assert owners(GROUP, "E-3") == (["E-2", "E-1", "E-0"], None)
    assert owners(GROUP, "E-7") == ([], "owner-not-registered")
    circle = entities(("A", "applicant", "B"), ("B", "other", "C"), ("C", "other", "B"))
    assert owners(circle, "A") == (["B", "C"], "control-cycle")


def test_unknown_lines_widen_the_bounds() -> None:
    lines = [
        (Decimal(50), True, True),
        (Decimal(30), True, False),
        (Decimal(5), True, None),
        (Decimal(7), False, True),
        (Decimal(11), False, False),
    ]
    least, greatest = share_bounds(lines)
    assert least == Share(Fraction(50), Fraction(50 + 30 + 5 + 11))
    assert greatest == Share(Fraction(50 + 5 + 7), Fraction(50 + 5 + 7 + 30))


def test_an_unknown_credit_note_weighs_by_its_size() -> None:
    # If the 10 sent back belong to the part, it is 45 of 85; if not, 55 of 85.
    least, _ = share_bounds([(Decimal(55), True, True), (Decimal(40), True, False), (Decimal(-10), True, None)])
    assert least == Share(Fraction(55), Fraction(105))


def test_a_credit_note_of_an_unknown_entity_weighs_against_its_side() -> None:
    # If the entity is inside, the part is 45 of 95; if not, 55 of 105.
    least, greatest = share_bounds(
        [(Decimal(55), True, True), (Decimal(50), True, False), (Decimal(-10), False, True)]
    )
    assert (least, greatest) == (Share(Fraction(55), Fraction(115)), Share(Fraction(55), Fraction(105)))


@pytest.mark.parametrize(
    ("part", "whole", "strictly", "at_least"),
    [(49, 100, False, False), (50, 100, False, True), (51, 100, True, True), (1, 0, False, False)],
)
def test_shares_are_cross_multiplied(part: int, whole: int, strictly: bool, at_least: bool) -> None:
    share = Share(Fraction(part), Fraction(whole))
    assert (share.compares(operator.gt, HALF), share.compares(operator.ge, HALF)) == (strictly, at_least)


_LINES = st.lists(
    st.tuples(st.integers(-100, 1000).map(Decimal), st.booleans(), st.none() | st.booleans()), max_size=6
)


@settings(max_examples=500, deadline=None)
@given(_LINES, st.data())
def test_whatever_the_unknown_lines_are_the_bounds_on_a_half_hold(
    lines: list[tuple[Decimal, bool, bool | None]], data: st.DataObject
) -> None:
    least, greatest = share_bounds(lines)
    part = rest = Decimal(0)
    for amount, sure, in_part in lines:
        inside = sure or data.draw(st.booleans())
        counted = data.draw(st.booleans()) if in_part is None else in_part
        part += amount if inside and counted else 0
        rest += amount if inside and not counted else 0
    truth = Share(Fraction(part), Fraction(part + rest))
    if truth.whole > 0:
        assert not least.compares(operator.gt, HALF) or truth.compares(operator.gt, HALF)
        assert greatest.whole <= 0 or greatest.compares(operator.ge, HALF) or not truth.compares(operator.ge, HALF)
