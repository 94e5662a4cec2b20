"""What leaves a lot before anything went into it; worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.unit.chain.rows import Row, trace

MADE = date(2025, 5, 10)
NOON = datetime(2025, 5, 10, 12, tzinfo=UTC)
ONE = timedelta(days=1)


def used(on: date | None, made: date | None, *more: Row, mass: int = 10) -> tuple[str, int, dict[str, int]]:
    """Depth and grams traced of lot B, made of A; and its plots. A is harvested of P on ``made``."""
    deliveries: list[Row] = [
        {"delivery": "in", "lot": "A", "plot": "P", "mass_g": 10, "received_on": made},
        {"delivery": "out", "lot": "B", "input_lot": "A", "mass_g": mass, "received_on": on},
        *more,
    ]
    status, plots = trace(deliveries, {"A": 10 + sum(row["mass_g"] for row in more), "B": mass}, plots=["P", "Q"])
    return status["B"]["depth"], status["B"]["plot_g"], plots["B"]


@pytest.mark.parametrize(
    ("on", "made", "proven"),
    [
        (MADE - ONE, MADE, False),
        (MADE, MADE, True),
        (MADE + ONE, MADE, True),
        (None, MADE, True),
        (MADE - ONE, None, True),
    ],
)
def test_a_lot_explains_nothing_before_it_is_made(on: date | None, made: date | None, proven: bool):
    assert used(on, made) == (("plot", 10, {"P": 10}) if proven else ("none", 0, {"P": 0}))


def test_what_was_there_early_enough_explains_the_use():
    early: Row = {"delivery": "early", "lot": "A", "plot": "Q", "mass_g": 1, "received_on": MADE - ONE}
    assert used(MADE - ONE, MADE, early)[0] == "plot"
    assert used(MADE - ONE - ONE, MADE, early)[0] == "none"
    undated: Row = {**early, "received_on": None}
    assert used(MADE - ONE - ONE, MADE, undated)[0] == "plot"


@pytest.mark.parametrize(
    ("made_at", "made_on", "used_at", "used_on", "proven"),
    [
        (NOON, MADE, NOON, MADE, True),
        (NOON, MADE, NOON - timedelta(microseconds=1), MADE, False),
        (NOON, None, NOON - timedelta(microseconds=1), None, False),
        (NOON, MADE, None, MADE, True),  # nobody knows when on that day
        (NOON, MADE, None, MADE - ONE, False),
        (NOON, None, None, MADE - ONE, False),
        # Before noon in Greenwich it is still the day before at 180 degrees west.
        (NOON - timedelta(microseconds=1), None, None, MADE - ONE, True),
        (NOON - timedelta(microseconds=1), None, None, MADE - ONE - ONE, False),
        (None, MADE, NOON - ONE, None, True),  # that was MADE already where the day begins first
        (None, MADE, NOON - timedelta(days=2), None, False),
        (None, None, NOON, MADE, True),
    ],
)
def test_moments_decide_where_both_have_one_and_days_wherever_they_may_be(
    made_at: datetime | None, made_on: date | None, used_at: datetime | None, used_on: date | None, proven: bool
):
    events: list[Row] = [
        {"event": "make", "kind": "harvest", "on": made_on, "at": made_at},
        {"event": "use", "kind": "transformation", "on": used_on, "at": used_at},
    ]
    event_lots: list[Row] = [
        {"event": "make", "role": "output", "lot": "A", "plot": "P", "mass_g": 10},
        {"event": "use", "role": "input", "lot": "A", "mass_g": 10},
        {"event": "use", "role": "output", "lot": "B", "mass_g": 10},
    ]
    status, plots = trace([], {}, plots=["P"], events=events, event_lots=event_lots)
    assert (status["B"]["depth"], plots["B"]) == (("plot", {"P": 10}) if proven else ("none", {"P": 0}))
