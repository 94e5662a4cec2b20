"""The step `depth`: plot unless the origin is known to be low, the commodity not one of the six, before 2030."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.criteria.cases import frame
from landproof.criteria.steps.depth import depth
from landproof.domain.derived import DERIVED
from landproof.domain.tables import conform

POSITION = {
    "position": "Q1",
    "commodity": "banana",
    "country": "CM",
    "list": "annex1",
    "six": False,
    "from_2030": False,
}
LOW = {
    "commodity": "banana",
    "country": "CM",
    "list": "annex1",
    "basis": "list",
    "deforestation_level": "low",
    "conversion_level": "low",
    "level": "low",
}


def run(positions: list[dict[str, Any]], origins: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    made = depth(frame(DERIVED["positions"], positions), frame(DERIVED["origin_risk"], origins))
    return conform(made, DERIVED["depth"]).sort("position").rows()


HIGH = {"deforestation_level": "high", "level": "high"}


@pytest.mark.parametrize(
    ("position", "origin", "expected"),
    [
        ({}, {}, ("low", "country", "low-risk")),
        ({}, HIGH, ("high", "plot", "high-risk")),
        ({}, {**HIGH, "basis": "default"}, ("high", "plot", "high-risk")),
        ({}, {**HIGH, "basis": "verifier"}, ("high", "plot", "high-risk")),
        ({}, {"conversion_level": "high", "level": "high"}, ("high", "plot", "high-risk")),
        ({}, {"conversion_level": None, "level": "high"}, ("high", "plot", "unknown")),
        ({}, {**HIGH, "basis": "none"}, ("high", "plot", "unknown")),
        ({}, {**HIGH, "basis": "none", "conversion_level": "high"}, ("high", "plot", "high-risk")),
        ({"six": True}, {}, ("low", "plot", "six")),
        ({"six": True}, HIGH, ("high", "plot", "high-risk")),
        ({"six": True, "from_2030": True}, {}, ("low", "plot", "six")),
        ({"from_2030": True}, {}, ("low", "plot", "from-2030")),
        ({"six": None}, {}, ("low", "plot", "unknown")),
        ({"from_2030": None}, {}, ("low", "plot", "unknown")),
        ({"six": None, "from_2030": True}, {}, ("low", "plot", "from-2030")),
        ({}, {"level": None, "deforestation_level": None}, ("high", "plot", "unknown")),
        ({"country": "VN"}, {}, ("high", "plot", "unknown")),  # no row of its own in origin_risk
    ],
)
def test_depth_of_a_position(position: dict[str, Any], origin: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert run([{**POSITION, **position}], [{**LOW, **origin}]) == [("Q1", *expected)]


def test_a_position_without_a_country_finds_its_own_row() -> None:
    nowhere = {"country": None, "list": None}
    assert run([{**POSITION, **nowhere}], [{**LOW, **nowhere, **HIGH, "basis": "none"}]) == [
        ("Q1", "high", "plot", "unknown")
    ]


def test_nothing_bought_needs_no_depth() -> None:
    assert run([], []) == []


YES_NO = st.sampled_from([True, False, None])
LEVEL = st.sampled_from(["high", "low", None])


@settings(deadline=None, max_examples=60)
@given(
    positions=st.lists(
        st.fixed_dictionaries(
            {"country": st.sampled_from(["CM", "VN", None]), "six": YES_NO, "from_2030": YES_NO}
        ),
        max_size=6,
    ),
    origins=st.lists(
        st.fixed_dictionaries(
            {
                "country": st.sampled_from(["CM", "VN", None]),
                "level": LEVEL,
                "deforestation_level": LEVEL,
                "conversion_level": LEVEL,
                "basis": st.sampled_from(["list", "none"]),
            }
        ),
        max_size=3,
        unique_by=lambda row: row["country"],
    ),
    random=st.randoms(),
)
def test_order_does_not_matter_and_dropping_origins_never_lessens_the_depth(
    positions: list[Any], origins: list[Any], random: Any
) -> None:
    bought = [{**POSITION, **row, "position": f"Q{number}"} for number, row in enumerate(positions)]
    risk = [{**LOW, **row} for row in origins]
    full = run(bought, risk)
    mixed, fewer = list(bought), risk[1:]
    random.shuffle(mixed)
    assert run(mixed, risk[::-1]) == full
    assert [row[0] for row in full] == sorted(row["position"] for row in bought)
    for before, after in zip(full, run(bought, fewer), strict=True):
        assert (before[2], after[2]) != ("plot", "country")
