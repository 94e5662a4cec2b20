"""Rows that differ are named with their values; a row that is missing, doubled or null is never passed over."""

from decimal import Decimal

import polars as pl

from landproof.run.differing import RowDifference, differing_columns, differing_rows

SCHEMA = {
    "plot": pl.String,
    "use": pl.String,
    "use_after": pl.String,
    "mass": pl.Decimal(38, 6),
    "why": pl.List(pl.String),
}


def table(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


A = ("A", "crop", None, Decimal("1.5"), ["x", "y"])
B = ("B", None, "other", None, None)


def test_the_same_rows_do_not_differ() -> None:
    assert differing_rows(table(A, B), table(A, B), ["plot"]) == []


def test_each_changed_value_is_named_and_no_other() -> None:
    edited = table(("A", "crop", "none", Decimal("1.500001"), ["x"]), B)
    assert differing_rows(table(A, B), edited, ["plot"]) == [
        RowDifference(
            ("A",),
            {"use_after": "-", "mass": "1.500000", "why": "[x; y]"},
            {"use_after": "none", "mass": "1.500001", "why": "[x]"},
        )
    ]


def test_a_null_is_not_its_value_and_an_empty_list_is_not_a_missing_one() -> None:
    [found] = differing_rows(table(B), table(("B", "", "other", Decimal(0), [])), ["plot"])
    assert found.before == {"use": "-", "mass": "-", "why": "-"}
    assert found.after == {"use": "", "mass": "0.000000", "why": "[]"}


def test_a_row_that_stands_in_one_table_only() -> None:
    [gone] = differing_rows(table(A, B), table(A), ["plot"])
    assert (gone.key, gone.after) == (("B",), None)
    [new] = differing_rows(table(A), table(A, B), ["plot"])
    assert (new.key, new.before) == (("B",), None)
    [whole] = differing_rows(table(), table(A), ["plot"])
    assert whole.after == {"use": "crop", "use_after": "-", "mass": "1.500000", "why": "[x; y]"}


def test_a_row_of_nulls_is_still_a_row() -> None:
    empty = (None, None, None, None, None)
    assert len(differing_rows(table(A, empty), table(A), ["plot"])) == 1
    assert differing_rows(table(empty, A), table(empty, A), ["plot"]) == []


def test_a_doubled_row_is_one_row_too_many() -> None:
    [found] = differing_rows(table(A, A, B), table(A, B), ["plot"])
    assert (found.key, found.after) == (("A",), None)


def test_columns_that_are_gone_new_or_of_another_type() -> None:
    whole = table(A)
    assert differing_columns(whole, whole) == []
    assert differing_columns(whole, whole.drop("why")) == ["why"]
    assert differing_columns(whole, whole.with_columns(more=pl.lit(1))) == ["more"]
    assert differing_columns(whole, whole.cast({"mass": pl.String})) == ["mass"]
