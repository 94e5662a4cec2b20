"""Results made row by row, and amounts as people read them: exact, without trailing zeros."""

from decimal import Decimal
from fractions import Fraction

import pytest

from landproof.criteria.rows import exact, results


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("12.3400"), "12.34"),
        (Decimal(100), "100"),
        (Decimal("-0.0500"), "-0.05"),
        (Decimal("0.000000000000000001"), "0.000000000000000001"),
        (Decimal("0.00"), "0"),
        (0, "0"),
        (Fraction(1, 8), "0.125"),
        (Fraction(-1, 3), "-1/3"),
    ],
)
def test_amounts_are_shown_exactly(amount: Decimal | Fraction | int, shown: str) -> None:
    assert exact(amount) == shown


def test_forty_decimals_are_still_written_out_and_one_more_is_a_fraction() -> None:
    # 1 / 2**40 has exactly 40 decimals, 1 / 2**41 has 41.
    assert exact(Fraction(1, 2**40)) == "0." + str(5**40).zfill(40)
    assert exact(Fraction(1, 2**41)) == f"1/{2**41}"


def test_no_rows_are_an_empty_result() -> None:
    assert results([]).is_empty()
