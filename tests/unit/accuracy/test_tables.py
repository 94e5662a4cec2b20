"""Counting plots: at the limits, and where there is nothing to count."""

from fractions import Fraction

import polars as pl
from benchmarks.accuracy.tables import Counted, clean, felled, forest_only, table

PLOTS = pl.DataFrame(
    {
        "plot": ["just under", "at half a hectare", "clean", "under cloud", "old clearing", "a square metre"],
        "felled_m2": [4_999, 5_000, 0, 0, 0, 1],
        "old_m2": [0, 0, 0, 0, 1, 0],
        "cloud_m2": [0, 9, 0, 1, 0, 0],
    }
)


def test_half_a_hectare_is_felled():
    assert felled(PLOTS)["plot"].to_list() == ["at half a hectare"]


def test_a_plot_is_clean_when_nothing_was_felled_and_nothing_hidden():
    assert clean(PLOTS)["plot"].to_list() == ["clean", "old clearing"]
    assert forest_only(PLOTS)["plot"].to_list() == ["clean"]


def test_a_share_keeps_its_limit_up_to_and_including_it():
    limit = Fraction(1, 10)

    assert Counted(10, 100).within(limit)
    assert not Counted(11, 100).within(limit)
    assert not Counted(0, 0).within(limit)


def test_a_count_is_printed_with_a_bound_rounded_up():
    # 0 of 299: at most 0.9969 %, which is not below 0.99 %.
    assert Counted(0, 299).bounded == "0.00 (< 1.00)"
    assert Counted(0, 0).bounded == Counted(0, 0).percent == "-"
    assert Counted(1, 8).percent == "12.5"


def test_a_table_in_markdown():
    assert table(["plot", "share"], [["a", "1"]]) == "| plot | share |\n| --- | ---: |\n| a | 1 |"
