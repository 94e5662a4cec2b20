"""The peers' share rule at its limit of a tenth."""

import polars as pl
import pytest
from benchmarks.accuracy.peers import HIGH, LOW, MORE, Indicators, whisp_form


def verdict(trees: int, before: int, after: int, *, commodity: int | None = None, annual: bool = False) -> str:
    """The verdict on one plot of 1,000 m2."""
    whole, tree_cover, disturbed_before, disturbed_after = (
        pl.Series([m2]) for m2 in (1_000, trees, before, after)
    )
    crop = None if commodity is None else pl.Series([commodity])
    found = Indicators(whole, tree_cover, disturbed_before, disturbed_after, crop)
    return whisp_form(found, annual=annual).item()


@pytest.mark.parametrize(
    ("trees", "before", "after", "expected"),
    [
        (100, 0, 900, LOW),  # exactly a tenth under trees is no tree cover
        (101, 0, 100, MORE),
        (101, 0, 101, HIGH),
        (1_000, 100, 900, HIGH),
        (1_000, 101, 899, LOW),  # an earlier disturbance excuses all that came later
        (0, 0, 0, LOW),
    ],
)
def test_perennial_form(trees: int, before: int, after: int, expected: str):
    assert verdict(trees, before, after) == expected


def test_annual_form_does_not_ask_for_earlier_disturbance():
    assert verdict(1_000, 500, 500, annual=True) == HIGH


@pytest.mark.parametrize(("commodity", "expected"), [(100, HIGH), (101, LOW)])
def test_a_commodity_map_excuses(commodity: int, expected: str):
    assert verdict(1_000, 0, 500, commodity=commodity) == expected
