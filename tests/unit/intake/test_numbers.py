"""Numbers as people write them."""

import polars as pl
import pytest

from landproof.intake import numbers


def canonical(*texts: str, decimal: str | None = None) -> list[str | None]:
    series = pl.Series(texts, dtype=pl.String)
    found = numbers.split(series, pl.Series([False] * len(texts)))
    mark = numbers.decided(found.mark)
    digits, failure = numbers.canonical(found, mark if mark is not None else decimal)
    return [digit if why is None else why for digit, why in zip(digits, failure, strict=True)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12", "12"), ("12.5", "12.5"), ("-3", "-3"), ("+3", "3"), ("0.125", "0.125"), ("12,5", "12.5"),
        ("0,125", "0.125"), ("1234,567", "1234.567"), ("1234.567", "1234.567"), ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"), ("1,234,567", "1234567"), ("1.234.567", "1234567"), ("1,23,456", "123456"),
        ("1,23,456.7", "123456.7"), ("1 234 567,89", "1234567.89"), ("1'234.50", "1234.50"),
        ("1\u00a0234,567", "1234.567"), ("(1,234.50)", "-1234.50"), ("5-", "-5"), ("−7", "-7"), (".5", ".5"),
        (",5", ".5"),
    ],
)  # fmt: skip
def test_a_number_that_tells_its_own_mark(written, meant):
    assert canonical(written) == [meant]


@pytest.mark.parametrize("written", ["1,234", "1.234", "-12,345", "999.999"])
def test_three_digits_after_one_mark_may_be_thousands_or_decimals(written):
    assert canonical(written) == ["ambiguous-number"]


def test_one_sure_row_decides_the_column():
    assert canonical("1.234", "2,5") == ["1234", "2.5"]
    assert canonical("1.234", "2.5") == ["1.234", "2.5"]
    assert canonical("1,234", "2,345.5") == ["1234", "2345.5"]


def test_rows_that_disagree_decide_nothing():
    assert canonical("1,234", "2,5", "2.5") == ["ambiguous-number", "2.5", "2.5"]


def test_the_caller_may_decide():
    assert canonical("1,234", decimal=",") == ["1.234"]
    assert canonical("1,234", decimal=".") == ["1234"]


@pytest.mark.parametrize("written", ["1,2,3", "1.2.3", "--5", "(5", "1 2", "abc", "1,23.45,6", "५५", "٣"])
def test_what_is_no_number_is_refused(written):
    assert canonical(written) == ["not-a-number"]


@pytest.mark.parametrize("written", ["1.23E+12", "5e3", "1E-7"])
def test_a_shortened_number_is_refused(written):
    assert canonical(written) == ["shortened-number"]
