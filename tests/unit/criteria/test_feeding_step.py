"""Step `feed_obligations`: what was eaten for each line, as far as the feed is traced; worked by hand."""

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.criteria.cases import frame
from landproof.criteria.steps.feeding import feed_obligations
from landproof.domain.derived import DERIVED, FEED_OBLIGATIONS
from landproof.domain.tables import conform
from tests.unit.criteria.tables import Rows

EATEN = {"feed": "f1", "product": "pork", "commodity": "soy", "position": "F", "lot": "A"}
TRACE = {
    "line": "feed:f1",
    "commodity": "soy",
    "position": "F",
    "lot": "A",
    "depth": "none",
    "custody": "segregated",
}


def owed(eaten: Rows, *traces: dict[str, Any]) -> pl.DataFrame:
    made = feed_obligations(frame(DERIVED["feed_eaten"], eaten), frame(DERIVED["traces"], list(traces)))
    return conform(made, FEED_OBLIGATIONS).sort(FEED_OBLIGATIONS.key)


def parts(found: pl.DataFrame) -> list[tuple[int | None, ...]]:
    return found.select("mass_g", "plot_g", "country_g", "untraced_g").rows()


def test_each_line_has_its_part_of_what_is_traced_rounded_down() -> None:
    traced = {**TRACE, "bought_g": "90", "plot_g": "30", "country_g": "15", "untraced_g": "45"}
    found = owed([{**EATEN, "line": "1", "mass_g": 80}, {**EATEN, "line": "2", "mass_g": 10}], traced)
    # A third of 80 is 26.67, half of it 40; a third of 10 is 3.33, half of it 5.
    assert parts(found) == [(80, 26, 14, 40), (10, 3, 2, 5)]
    assert found["custody"].to_list() == ["segregated"] * 2


def test_what_was_given_back_takes_at_least_its_part_with_it() -> None:
    traced = {**TRACE, "bought_g": "90", "plot_g": "30", "country_g": "0", "untraced_g": "60"}
    found = owed([{**EATEN, "line": "1", "mass_g": 100}, {**EATEN, "line": "2", "mass_g": -10}], traced)
    assert parts(found) == [(100, 33, 0, 67), (-10, -4, 0, -6)]


def test_nothing_known_is_nothing_traced() -> None:
    unknown = {**TRACE, "bought_g": None, "plot_g": None, "country_g": None, "untraced_g": None}
    rows = [{**EATEN, "line": "1", "mass_g": 5}, {**EATEN, "line": "2", "mass_g": None}]
    assert parts(owed(rows, unknown)) == [(5, 0, 0, 5), (None, None, None, None)]
    nothing = {**TRACE, "bought_g": "0", "plot_g": "0", "country_g": "0", "untraced_g": "0"}
    assert parts(owed([{**EATEN, "line": "1", "mass_g": 0}], nothing)) == [(0, 0, 0, 0)]
    assert parts(owed([{**EATEN, "line": "1", "mass_g": 5}])) == [(5, 0, 0, 5)]
    assert parts(owed([])) == []


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=6), st.data())
@settings(deadline=None, max_examples=60)
def test_the_lines_of_a_record_are_never_traced_further_than_the_record(
    masses: list[int], data: st.DataObject
) -> None:
    whole = sum(masses)
    reached = data.draw(st.integers(0, whole))
    plot = data.draw(st.integers(0, reached))
    traced = {**TRACE, "bought_g": str(whole), "plot_g": str(plot), "country_g": str(reached - plot),
              "untraced_g": str(whole - reached)}  # fmt: skip
    rows = [{**EATEN, "line": str(number), "mass_g": mass} for number, mass in enumerate(masses)]
    found = owed(rows, traced)
    assert (found["plot_g"] + found["country_g"] + found["untraced_g"] == found["mass_g"]).all()
    assert (found["untraced_g"] >= 0).all()
    assert (found["country_g"] >= 0).all()
    assert plot - len(masses) < found["plot_g"].sum() <= plot
    assert found["untraced_g"].sum() >= whole - reached
    assert owed(rows[::-1], traced).equals(found)
