"""Masses in units of UN/ECE Recommendation 20, as EPCIS writes them, in exact grams."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

_NUMBER: Final = re.compile(r"[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})([eE][+-]?\d{1,2})?", re.ASCII)
_POUND: Final = Fraction(45_359_237, 100_000)  # international avoirdupois, 1959
GRAMS: Final[Mapping[str, Fraction]] = {
    "MGM": Fraction(1, 1000), "GRM": Fraction(1), "HGM": Fraction(100), "KGM": Fraction(1000),
    "DTN": Fraction(100_000), "TNE": Fraction(1_000_000), "KTN": Fraction(1_000_000_000),
    "LBR": _POUND, "ONZ": _POUND / 16, "CWA": _POUND * 100, "CWI": _POUND * 112, "STN": _POUND * 2000,
    "LTN": _POUND * 2240, "STI": _POUND * 14,
}  # fmt: skip
MOST_GRAMS: Final = 2**63 - 1


def amount(written: str) -> Decimal | None:
    """A quantity as written; none for what is no number."""
    return Decimal(written) if _NUMBER.fullmatch(written) else None


def grams(written: Decimal, unit: str) -> Fraction | None:
    """Grams, not rounded; none for a unit that is no mass."""
    return Fraction(written) * GRAMS[unit] if unit in GRAMS else None


def kilograms(grams: int) -> str:
    """Whole grams as kilograms in exact decimals."""
    return format((Decimal(grams) / 1000).normalize(), "f")
