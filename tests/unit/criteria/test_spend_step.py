"""Spend in the reporting currency, exactly."""

from decimal import Decimal
from typing import Any

import pytest

from landproof.criteria.steps import spend
from tests.unit.criteria.tables import fact

EUR = {"application": "A", "currency": "EUR"}


def spent(amount: str | None, currency: str | None, *rates: dict[str, Any], application: Any = (EUR,)) -> Any:
    lines = fact("purchases", {"line": "L-1", "net_spend": amount, "currency": currency})
    return spend.with_spend(lines, fact("rates", *rates), fact("application", *application))["spend"].item()


def rate(value: str | None, currency: str = "CNY") -> dict[str, Any]:
    return {"currency": currency, "rate": value}


def test_the_reporting_currency_needs_no_rate() -> None:
    assert spent("12.3456", "EUR") == Decimal("12.3456")


def test_a_rate_for_the_reporting_currency_changes_nothing() -> None:
    assert spent("12.3456", "EUR", rate("2", "EUR")) == Decimal("12.3456")


def test_every_decimal_of_amount_and_rate_is_kept() -> None:
    # 0.0003 x 0.00000007 = 21 x 10^-12
    assert spent("0.0003", "CNY", rate("0.00000007")) == Decimal("0.000000000021")
    # 123456.7891 x 0.12345678 = 15241.577652...: by hand, 1234567891 x 12345678 = 15241577639079498 (x 10^-12)
    assert spent("123456.7891", "CNY", rate("0.12345678")) == Decimal(1234567891 * 12345678).scaleb(-12)


@pytest.mark.parametrize(
    ("amount", "currency", "rates"),
    [
        (None, "EUR", []),
        ("1", None, [rate("2")]),
        ("1", "CNY", []),
        ("1", "CNY", [rate(None)]),
        ("1", "CNY", [rate("0.12"), rate("0.13")]),
    ],
)
def test_without_amount_currency_or_one_rate_spend_is_unknown(
    amount: str | None, currency: str | None, rates: list[dict[str, Any]]
) -> None:
    assert spent(amount, currency, *rates) is None


def test_the_same_rate_twice_is_one_rate() -> None:
    assert spent("8", "CNY", rate("0.125"), rate("0.125")) == 1


def test_two_reporting_currencies_are_none() -> None:
    assert spent("1", "EUR", application=(EUR, {"application": "B", "currency": "USD"})) is None


def test_without_a_reporting_currency_only_rates_count() -> None:
    assert spent("1", "EUR", application=()) is None
    assert spent("8", "CNY", rate("0.125"), application=()) == 1
