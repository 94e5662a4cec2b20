"""Units of mass, area and money as exact fractions. Definitions, not measurements: nothing here is rounded.

Pound and ounce: international avoirdupois, 453.59237 g (1959). 斤, 两, 担: market units of the People's
Republic, 500 g, 50 g, 50 kg (State Council order of 1959). 亩: 10000/15 m2. Acre: international,
4046.8564224 m2. A "ton" is the metric tonne of international trade; a short or long ton must say so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Final

from babel.numbers import list_currencies

from landproof.domain.tables import Column, Kind
from landproof.intake.words import in_brackets, plain, without_brackets

_GRAMS: Final[Mapping[str, tuple[Fraction, tuple[str, ...]]]] = {
    "mg": (Fraction(1, 1000), ("mg", "milligram", "milligrams", "毫克")),
    "g": (Fraction(1), ("g", "gr", "grm", "gram", "grams", "gramme", "grammes", "克")),
    "kg": (Fraction(1000), ("kg", "kgs", "kgm", "kilo", "kilos", "kilogram", "kilograms", "kilogramme",
                            "kilogrammes", "公斤", "千克")),
    "dt": (Fraction(100_000), ("quintal", "quintals", "qtl", "dt", "dtn", "公担")),
    "t": (Fraction(1_000_000), ("t", "to", "mt", "tn", "tne", "ton", "tons", "tonne", "tonnes", "metric ton",
                                "metric tons", "metric tonne", "metric tonnes", "吨", "公吨")),
    "kt": (Fraction(1_000_000_000), ("kt", "kilotonne", "kilotonnes", "thousand tonnes", "thousand tons",
                                     "1000 t", "千吨")),
    "万吨": (Fraction(10_000_000_000), ("万吨", "10000 t")),
    "lb": (Fraction(45_359_237, 100_000), ("lb", "lbs", "lbr", "pound", "pounds", "磅")),
    "oz": (Fraction(45_359_237, 1_600_000), ("oz", "onz", "ounce", "ounces", "盎司")),
    "short ton": (Fraction(90_718_474, 100), ("short ton", "short tons", "us ton", "us tons", "stn", "短吨")),
    "long ton": (Fraction(10_160_469_088, 10_000), ("long ton", "long tons", "imperial ton", "ltn", "长吨")),
    "斤": (Fraction(500), ("斤", "市斤", "jin")),
    "两": (Fraction(50), ("两", "市两")),
    "担": (Fraction(50_000), ("担", "市担", "dan")),
}  # fmt: skip
_SQUARE_METRES: Final[Mapping[str, tuple[Fraction, tuple[str, ...]]]] = {
    "m2": (Fraction(1), ("m2", "sqm", "sq m", "m 2", "square metre", "square metres", "square meter",
                         "square meters", "平方米", "平米")),
    "a": (Fraction(100), ("are", "ares", "公亩")),
    "ha": (Fraction(10_000), ("ha", "has", "hectare", "hectares", "公顷")),
    "km2": (Fraction(1_000_000), ("km2", "sq km", "sqkm", "km 2", "square kilometre", "square kilometres",
                                  "square kilometer", "square kilometers", "平方公里", "平方千米")),
    "acre": (Fraction(40_468_564_224, 10_000_000), ("acre", "acres", "ac", "英亩")),
    "亩": (Fraction(10_000, 15), ("亩", "市亩", "mu")),
    "rai": (Fraction(1_600), ("rai", "莱")),
}  # fmt: skip
_SYMBOLS: Final[Mapping[str, str]] = {
    "元": "CNY", "人民币": "CNY", "人民币元": "CNY", "rmb": "CNY", "cnh": "CNY", "yuan": "CNY",
    "€": "EUR", "euro": "EUR", "euros": "EUR", "欧元": "EUR", "£": "GBP", "英镑": "GBP",
    "us$": "USD", "usd$": "USD", "美元": "USD", "us dollar": "USD", "us dollars": "USD", "r$": "BRL",
    "日元": "JPY", "港元": "HKD", "港币": "HKD", "hk$": "HKD", "a$": "AUD", "澳元": "AUD", "c$": "CAD",
    "s$": "SGD", "cn¥": "CNY", "jp¥": "JPY", "₹": "INR", "rs": "INR", "₫": "VND", "฿": "THB", "₱": "PHP",
    "₦": "NGN", "rp": "IDR", "rm": "MYR", "chf": "CHF",
}  # fmt: skip
AMBIGUOUS_SYMBOLS: Final[Mapping[str, frozenset[str]]] = {
    "$": frozenset(["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "BRL"]),
    "¥": frozenset(("CNY", "JPY")),
    "￥": frozenset(("CNY", "JPY")),
    "dollar": frozenset(["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"]),
    "dollars": frozenset(["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"]),
}
_MULTIPLES: Final = (
    ("百万", 1_000_000), ("千万", 10_000_000), ("亿", 100_000_000), ("万", 10_000), ("千", 1_000),
    ("thousands", 1_000), ("thousand", 1_000), ("millions", 1_000_000), ("million", 1_000_000), ("mio", 1_000_000),
    ("mln", 1_000_000), ("mn", 1_000_000), ("'000s", 1_000), ("'000", 1_000), ("000s", 1_000), ("000", 1_000),
)  # fmt: skip
_WORDS: Final = re.compile(r"[\s_]+")
_COMMON: Final = frozenset(["usd", "eur", "cny", "rmb", "gbp", "brl", "jpy", "chf", "inr", "idr"])


@dataclass(frozen=True, slots=True)
class MoneyUnit:
    """How many units of currency one is, and the currency: a code, an ambiguous symbol, or None."""

    factor: int
    currency: str | None


@cache
def mass_factors() -> Mapping[str, Fraction]:
    """Grams in one unit, by every way to write the unit in plain form."""
    return {plain(word): grams for grams, words in _GRAMS.values() for word in words}


@cache
def area_factors() -> Mapping[str, Fraction]:
    """Square metres in one unit, by every way to write the unit in plain form."""
    return {plain(word): metres for metres, words in _SQUARE_METRES.values() for word in words}


def factors(kind: Kind) -> Mapping[str, Fraction]:
    """The units that a column of ``kind`` may be written in: grams for masses, square metres for areas."""
    return mass_factors() if kind is Kind.MASS else area_factors()


def is_measure(column: Column) -> bool:
    """Whether values of the column need a unit."""
    return column.kind in {Kind.MASS, Kind.AREA, Kind.SQUARE_METRES}


def unit_of(written: str, kind: Kind) -> str | None:
    """The unit in plain form when it is known for ``kind``."""
    word = plain(written)
    return word if word in factors(kind) else None


@cache
def _codes() -> frozenset[str]:
    return frozenset(list_currencies())


@cache
def currency_of(written: str) -> str | None:
    """The ISO 4217 code of a code, name or symbol; None when it is unknown or stands for several."""
    word = written.strip()
    if word.upper() in _codes() and word.upper() != "CNH":
        return word.upper()
    return _SYMBOLS.get(word.casefold()) or _SYMBOLS.get(plain(word))


@cache
def money_unit(written: str) -> MoneyUnit | None:
    """What "USD", "万元", "CNY thousand" or "$" says of an amount; None when it says something unknown."""
    if (currency := currency_of(written)) is not None:
        return MoneyUnit(1, currency)
    rest, factor = written.strip().casefold(), 1
    for word, multiple in _MULTIPLES:
        if word in rest:
            rest, factor = rest.replace(word, " ", 1).strip(" .,-"), multiple
            break
    if not rest:
        return MoneyUnit(factor, None)
    if rest in AMBIGUOUS_SYMBOLS:
        return MoneyUnit(factor, rest)
    currency = currency_of(rest)
    return None if currency is None else MoneyUnit(factor, currency)


def header_unit(header: str, kind: Kind) -> str | None:
    """The unit of mass or area that a header names in brackets or as its last word, in plain form."""
    for word in _header_parts(header):
        if (unit := unit_of(word, kind)) is not None:
            return unit
    return None


def header_money(header: str) -> MoneyUnit | None:
    """What a header says of the currency of its amounts: "Spend (USD)", "金额（万元）", "spend_cny"."""
    brackets = [part for each in in_brackets(header) for part in (each, *_pieces(each))]
    last = [word for word in _WORDS.split(without_brackets(header).strip())[1:][-1:] if _is_money_word(word)]
    for word in (*brackets, *last):
        if (unit := money_unit(word)) is not None and (unit.currency or unit.factor > 1):
            return unit
    return None


def _is_money_word(word: str) -> bool:
    # ALL, TOP or TRY are currencies too, so a small word is one only when everybody writes it that way.
    return not word.isascii() or word.isupper() or word in _COMMON


def _pieces(written: str) -> list[str]:
    return [
        part for part in written.replace("，", ",").replace("/", ",").replace(":", ",").split(",") if part.strip()
    ]


def _header_parts(header: str) -> list[str]:
    brackets = [part for each in in_brackets(header) for part in (each, *_pieces(each))]
    words = plain(header).split(" ")
    return [*brackets, " ".join(words[-2:]), words[-1]] if len(words) > 1 else [*brackets]


def without_unit(header: str) -> str:
    """A header in plain form without the unit or currency that is its last word, if any."""
    words = plain(header).split(" ")
    last = words[-1]
    known = last in mass_factors() or last in area_factors() or (len(words) > 1 and money_unit(last) is not None)
    return " ".join(words[:-1]) if known and len(words) > 1 else plain(header)
