"""Amounts as people read them: exact, without trailing zeros."""

from decimal import Decimal
from fractions import Fraction

import pytest

from landproof.criteria.rows import exact


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "0"),
        (Decimal("0.00"), "0"),
        (Decimal("-0.05"), "-0.05"),
        (Decimal("1.50"), "1.5"),
        (Decimal("1000"), "1000"),
        (Fraction(1, 8), "0.125"),
        (Fraction(-1, 3), "-1/3"),
    ],
)
def test_an_amount_is_written_exactly(amount: Decimal | Fraction | int, written: str) -> None:
    assert exact(amount) == written


def test_forty_decimals_are_still_written_out_and_one_more_is_a_fraction() -> None:
    # 1 / 2**40 has exactly 40 decimals, 1 / 2**41 has 41.
    assert exact(Fraction(1, 2**40)) == "0." + str(5**40).zfill(40)
    assert exact(Fraction(1, 2**41)) == f"1/{2**41}"
