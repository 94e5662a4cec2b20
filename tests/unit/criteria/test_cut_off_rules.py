"""What holds for the rules of clause 3.1 whatever the rows: bad news never helps, silence never passes."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.criteria.cases import run_case
from landproof.reference.editions import read_edition

EDITION = read_edition()
RANK = ("not met", "insufficient evidence", "met", "not applicable")
HARMS = {
    "DCF-3.1-1": "deforestation",
    "DCF-3.1-2": "conversion",
    "DCF-3.1-3": "wood degradation",
    "DCF-3.1-4": "peat",
    "DCF-3.1-5": "degradation",
    "DCF-3.1-7": "deforestation",
}
PLOTS = ["P1", "P2", "P3"]
YES_NO = st.sampled_from([True, False, None])
DAYS = st.sampled_from([None, date(2019, 5, 1), date(2020, 12, 31), date(2021, 1, 1), date(2023, 5, 1)])

units = st.lists(
    st.fixed_dictionaries(
        {
            "plot": st.sampled_from(PLOTS),
            "commodity": st.sampled_from(["soy", "beef"]),
            "wood": YES_NO,
            "use": st.sampled_from(["crop", "cattle", None]),
            "shape": st.sampled_from(["point", "outline", None]),
            "eudr_accepted": YES_NO,
        }
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda row: (row["plot"], row["commodity"]),
)
verdicts = st.lists(
    st.fixed_dictionaries(
        {
            "plot": st.sampled_from(PLOTS),
            "verdict": st.sampled_from(["not converted", "converted", "inconclusive", "not assessed", None]),
            "reasons": st.sampled_from([["N-BEFORE"], ["N-SILENT"], ["I-USE"], None]),
            "latest": DAYS,
            "use_after": st.sampled_from(["agriculture", "other", "none", None]),
        }
    ),
    max_size=3,
    unique_by=lambda row: row["plot"],
)
events = st.lists(
    st.fixed_dictionaries(
        {
            "plot": st.sampled_from(PLOTS),
            "kind": st.sampled_from(
                ["loss", "conversion", "peat fire", "degradation", "forest type change", None]
            ),
            "earliest": DAYS,
            "latest": DAYS,
            "use_after": st.sampled_from(["agriculture", "other", "none", None]),
            "area_m2": st.sampled_from([100, 5000, 90000, None]),
            "from_class": st.sampled_from(["primary", "planted", None]),
            "to_class": st.sampled_from(["plantation", "planted", None]),
        }
    ),
    max_size=4,
)


def judged(rule: str, **tables: list[dict[str, Any]]) -> dict[str, str]:
    rows = {name: list(each) for name, each in tables.items()}
    rows["plot_status"] = [{**row, "harm": HARMS[rule]} for row in rows.get("plot_status", [])]
    rows["land_events"] = [{**row, "event": f"E{place}"} for place, row in enumerate(rows.get("land_events", []))]
    rows["plots"] = [{"plot": plot, "property": "F1"} for plot in PLOTS[:2]]
    found = run_case({"rule": rule, "tables": rows}, EDITION)
    return {subject: each["outcome"] for subject, each in found.items()}


rules = st.sampled_from(sorted(HARMS))


@settings(deadline=None, max_examples=60)
@given(rule=rules, units=units, verdicts=verdicts, events=events)
def test_a_reported_event_never_makes_anything_better(rule: str, units: Any, verdicts: Any, events: Any) -> None:
    without = judged(rule, units=units, plot_status=verdicts)
    with_events = judged(rule, units=units, plot_status=verdicts, land_events=events)
    assert without.keys() == with_events.keys()
    assert all(RANK.index(with_events[subject]) <= RANK.index(without[subject]) for subject in without)


@settings(deadline=None, max_examples=60)
@given(rule=rules, units=units, verdicts=verdicts, events=events)
def test_every_plot_is_judged_once_in_any_order(rule: str, units: Any, verdicts: Any, events: Any) -> None:
    found = judged(rule, units=units, plot_status=verdicts, land_events=events)
    wanted = {row["plot"] for row in units if rule != "DCF-3.1-3" or row["wood"] is not False}
    assert set(found) == (wanted or {"entity"})
    assert found == judged(rule, units=units[::-1], plot_status=verdicts[::-1], land_events=events)


@settings(deadline=None, max_examples=60)
@given(rule=rules, units=units, verdicts=verdicts, events=events, keep=st.integers(0, 3))
def test_dropping_land_verdicts_passes_nobody(
    rule: str, units: Any, verdicts: Any, events: Any, keep: int
) -> None:
    full = judged(rule, units=units, plot_status=verdicts, land_events=events)
    less = judged(rule, units=units, plot_status=verdicts[:keep], land_events=events)
    # Conversion elsewhere on a property is bad news of its own: it goes when its verdict goes.
    converted_elsewhere = {row["plot"] for row in verdicts[keep:] if row["verdict"] == "converted"}
    for subject, outcome in less.items():
        if outcome == "met" and not converted_elsewhere:
            assert full[subject] == "met"


@pytest.mark.parametrize("rule", sorted(HARMS))
def test_no_unit_and_no_depth_is_never_a_pass(rule: str) -> None:
    assert judged(rule) == {"entity": "insufficient evidence"}
