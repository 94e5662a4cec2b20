"""The holdings that animals passed: every one is a place to check, and no day is left out in silence."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from landproof.chain.holdings import holdings
from landproof.domain.facts import FACTS
from tests.unit.chain.rows import frame, trace


def stop(step: int | None, arrived: date | None, left: date | None, **more: Any) -> dict[str, Any]:
    facts = {"movement": f"M{step}", "lot": "herd", "step": step, "establishment": f"farm-{step}", **more}
    return {**facts, "arrived_on": arrived, "left_on": left}


def told(*stops: dict[str, Any]) -> list[list[str]]:
    rows = frame(FACTS["movements"], stops)
    found = holdings(rows, pl.Series(["herd"]))
    assert holdings(rows.reverse(), pl.Series(["herd"])).equals(found)
    return found["told"].to_list()


MAY = [date(2025, 5, day) for day in range(1, 32)]


@pytest.mark.parametrize(
    ("arrived", "odd", "unknown", "overlap"),
    [(7, ["days overlap"], 0, 3), (9, ["days overlap"], 0, 1), (10, [], 0, 0), (11, [], 0, 0),
     (12, ["place unknown before"], 1, 0), (20, ["place unknown before"], 9, 0)],
)  # fmt: skip
def test_days_between_holdings_are_told(arrived: int, odd: list[str], unknown: int, overlap: int):
    # It left the first farm on the 10th of May; it may arrive on that day or the next.
    stops = [stop(1, MAY[0], MAY[9]), stop(2, MAY[arrived - 1], MAY[25])]
    assert told(*stops) == [[], odd]
    found = holdings(frame(FACTS["movements"], stops), pl.Series(["herd"]))
    assert found.select("unknown_days", "overlap_days").rows() == [(None, None), (unknown, overlap)]


def test_missing_days_and_steps_are_told_or_stay_unknown():
    assert told(stop(1, None, MAY[9]), stop(2, MAY[9], None)) == [["day missing"], ["day missing"]]
    assert told(stop(1, MAY[0], None), stop(2, MAY[20], MAY[21])) == [["day missing"], []]
    assert told(stop(1, MAY[0], MAY[1]), stop(3, MAY[20], MAY[21])) == [[], []]
    assert told(stop(1, MAY[5], MAY[4])) == [["left before it arrived"]]
    assert told() == []


def test_animals_of_several_farms_are_odd_only_where_no_farm_explains_them():
    farms = [stop(1, MAY[0], MAY[4], establishment="a"), stop(1, MAY[0], MAY[9], establishment="b")]
    assert told(*farms, stop(2, MAY[9], MAY[20])) == [[], [], []]
    assert told(*farms, stop(2, MAY[4], MAY[20])) == [[], [], []]
    assert told(*farms, stop(2, MAY[3], MAY[20])) == [[], [], ["days overlap"]]
    assert told(*farms, stop(2, MAY[11], MAY[20])) == [[], [], ["place unknown before"]]


def test_every_holding_on_the_way_may_be_in_what_is_made_of_the_animals():
    _, plots = trace(
        [{"lot": "herd", "plot": "farm-2", "mass_g": 100}, {"lot": "meat", "input_lot": "herd", "mass_g": 60}],
        {"herd": 100, "meat": 60},
        plots=["farm-1", "farm-2", "farm-3"],
        movements=[stop(step, None, None) for step in (1, 2, 3)],
    )
    assert plots["meat"] == {"farm-1": 0, "farm-2": 60, "farm-3": 0}
