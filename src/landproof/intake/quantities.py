"""Cells that hold amounts: masses, areas, money, shares, rates, counts and numbers."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

import polars as pl

from landproof.domain.tables import Kind
from landproof.intake import amounts, numbers
from landproof.intake.cells import Cells, Parsed, Repair, blank_out, by_word, fail
from landproof.intake.sheets import Cell
from landproof.intake.units import AMBIGUOUS_SYMBOLS, MoneyUnit, factors, header_money, header_unit, money_unit
from landproof.intake.words import plain

_PLACES: Final[Mapping[Kind, int]] = {Kind.MONEY: 4, Kind.SHARE: 6, Kind.RATE: 8, Kind.AREA: 6, Kind.NUMBER: 6}
_WHOLE: Final = frozenset((Kind.MASS, Kind.SQUARE_METRES, Kind.COUNT))
_MORE_THAN_NUMBERS: Final = r"[^\d.,+\-() ']"
_A_WORD: Final = r"[\p{L}\p{Sc}%\x{2030}]"
_TONS: Final = frozenset(("ton", "tons"))
_PERCENT: Final = frozenset(("%", "percent", "per cent", "pct", "百分比", "百分之"))
_PERMILLE: Final = frozenset(("\u2030", "per mille"))


def parse_amounts(cells: Cells, start: Parsed, decimal: str | None) -> Parsed:
    """Amounts of the column's kind. ``decimal`` settles marks that may be either."""
    stored = cells.stored_as(Cell.NUMBER)
    found = numbers.split(blank_out(cells.text, start.failure.is_not_null()), stored)
    failure = fail(
        start.failure, cells.stored_as(Cell.DATE, Cell.TRUTH) & cells.text.is_not_null(), "not-a-number"
    )
    own = numbers.decided(found.mark)
    digits, trouble = numbers.canonical(found, own if own is not None else decimal)
    failure = _merge(failure, trouble)
    factor, refused, repairs = _FACTORS.get(cells.column.kind, _bare)(cells, found)
    failure = _merge(failure, refused)
    digits = blank_out(digits, failure.is_not_null())
    return _scaled(cells, start, digits, factor, failure, [*start.repairs, *repairs])


def evidence_of_mark(cells: Cells) -> str | None:
    """The decimal mark that the sure cells of this column use, if one."""
    if cells.stored_as(Cell.NUMBER).all():
        return None
    stored = cells.stored_as(Cell.NUMBER)
    found = numbers.split(blank_out(cells.text, stored), stored)
    return numbers.decided(blank_out(found.mark, found.failure.is_not_null()))


def _merge(failure: pl.Series, other: pl.Series) -> pl.Series:
    return pl.DataFrame({"a": failure, "b": other}).select(pl.coalesce("a", "b")).to_series()


def _scaled(
    cells: Cells, start: Parsed, digits: pl.Series, factor: pl.Series, failure: pl.Series, repairs: list[Repair]
) -> Parsed:
    kind = cells.column.kind
    places = _PLACES.get(kind, 0)
    steps, rounded, large = amounts.scale(digits, factor, places)
    failure = fail(failure, large, "too-large")
    if kind in _WHOLE:
        values, overflow = amounts.to_int64(steps)
        failure = fail(failure, overflow, "too-large")
    else:
        values = amounts.to_decimal(steps, places)
    if kind is Kind.COUNT:
        failure = fail(failure, rounded, "not-whole")
    elif rounded.any():
        rounded = rounded & failure.is_null()
        key = "rounded-mass" if kind is Kind.MASS else "rounded"
        repairs.append(Repair(key, rounded, {"places": str(places)}))
    failure = _bounds(kind, steps, failure)
    return Parsed(blank_out(values, failure.is_not_null()), failure, repairs, start.details)


def _bounds(kind: Kind, steps: pl.Series, failure: pl.Series) -> pl.Series:
    negative = (steps < pl.Series([0], dtype=pl.Int128)).fill_null(value=False)
    if kind is Kind.MASS:
        return fail(failure, negative, "negative-mass")
    if kind is Kind.RATE:
        none = (steps <= pl.Series([0], dtype=pl.Int128)).fill_null(value=False)
        return fail(failure, none, "rate-not-positive")
    if kind is Kind.SHARE:
        above = (steps > pl.Series([10**6], dtype=pl.Int128)).fill_null(value=False)
        return fail(failure, negative | above, "share-out-of-range")
    return failure if kind is Kind.MONEY else fail(failure, negative, "negative")


def _constant(length: int, factor: Fraction | int) -> pl.Series:
    return pl.repeat(str(Fraction(factor)), length, dtype=pl.String, eager=True)


Answer = tuple[pl.Series, pl.Series, list[Repair]]


def _bare(cells: Cells, found: numbers.Numbers) -> Answer:
    """Plain numbers: nothing may stand around the digits."""
    around = (found.before != "") | (found.after != "")
    refused = fail(_none(cells), around.fill_null(value=False), "not-a-number")
    return _constant(len(cells.text), 1), refused, []


def _refuse_around(cells: Cells, found: numbers.Numbers, unknown: pl.Series) -> pl.Series:
    """What stands around the digits and is no unit: words may be a unit, signs such as those of =1+2 are none."""
    around = found.before.fill_null("") + found.after.fill_null("")
    return fail(
        fail(_none(cells), unknown & ~around.str.contains(_A_WORD), "not-a-number"), unknown, "unknown-unit"
    )


def _none(cells: Cells) -> pl.Series:
    return pl.repeat(None, len(cells.text), dtype=pl.String, eager=True)


def _measure(cells: Cells, found: numbers.Numbers) -> Answer:
    """Masses and areas: a unit in the cell, in a column of units, stated, or in the header, in that order."""
    kind = cells.column.kind
    known = factors(kind)
    one = Fraction(1) if kind is not Kind.AREA else Fraction(10_000)
    written = found.after.set(found.after == "", None)
    in_cell = _units(written)
    unknown = written.is_not_null() & ~in_cell.is_in(list(known)).fill_null(value=False)
    refused = _refuse_around(cells, found, unknown | (found.before != "").fill_null(value=False))
    if cells.units is not None:
        stated = _units(cells.units)
        strange = stated.is_not_null() & ~stated.is_in(list(known))
        refused = fail(refused, strange & found.digits.is_not_null(), "unknown-unit")
        refused = fail(refused, (in_cell != stated).fill_null(value=False), "two-units")
        unit = pl.DataFrame({"a": in_cell, "b": stated}).select(pl.coalesce("a", "b")).to_series()
    else:
        whole = _whole_column_unit(cells)
        unit = in_cell if whole is None else in_cell.fill_null(whole)
    refused = fail(refused, found.digits.is_not_null() & unit.is_null(), "unit-missing")
    factor = by_word(unit, lambda word: str(known[word] / one) if word in known else None, pl.String)
    repairs = [Repair("metric-ton", unit.is_in(list(_TONS)).fill_null(value=False))] if kind is Kind.MASS else []
    return factor, refused, [repair for repair in repairs if repair.where.any()]


def _units(written: pl.Series) -> pl.Series:
    return by_word(written, lambda word: plain(word) or word, pl.String)


def _whole_column_unit(cells: Cells) -> str | None:
    if cells.stated_unit is not None:
        return plain(cells.stated_unit)
    stated = header_unit(cells.header, cells.column.kind)
    if stated is not None:
        return stated
    if cells.column.kind is Kind.SQUARE_METRES:
        return "m2"  # its name and label say so
    return None


def _money(cells: Cells, found: numbers.Numbers) -> Answer:
    """Money: what stands around the digits and in the header may name a currency and a multiple."""
    both = pl.DataFrame({"b": found.before, "a": found.after}).select(
        pl.concat_str(pl.col("b"), pl.lit(" "), pl.col("a")).str.strip_chars()
    ).to_series()  # fmt: skip
    around = both.set(both == "", None)
    header = header_money(cells.header) or MoneyUnit(1, None)
    refused = _refuse_around(cells, found, by_word(around, lambda word: money_unit(word) is None, pl.Boolean))
    own = by_word(around, lambda word: (money_unit(word) or header).factor, pl.Int64)
    both_multiply = header.factor > 1 and bool((own.fill_null(1) > 1).any())
    if both_multiply:
        refused = fail(refused, (own > 1).fill_null(value=False), "two-units")
    factor = own.fill_null(1) * header.factor if not both_multiply else own.fill_null(header.factor)
    repairs = [Repair("multiplied", factor > 1)] if (factor > 1).any() else []
    return factor.cast(pl.String), refused, repairs


def currency_marks(cells: Cells) -> pl.Series:
    """The currency that each cell of money, or its column's header, names: a code or an ambiguous symbol."""
    stated = header_money(cells.header)
    everywhere = None if stated is None else stated.currency
    if not cells.text.str.contains(_MORE_THAN_NUMBERS).any():
        return pl.repeat(everywhere, len(cells.text), dtype=pl.String, eager=True)
    found = numbers.split(cells.text, cells.stored_as(Cell.NUMBER))
    both = found.before.fill_null("") + found.after.fill_null("")
    around = both.set(both == "", None)
    named = by_word(around, lambda word: (money_unit(word) or MoneyUnit(1, None)).currency, pl.String)
    return named if everywhere is None else named.fill_null(everywhere)


def fits(symbol: str, code: str) -> bool:
    """Whether a currency mark may stand for ``code``."""
    return symbol == code or code in AMBIGUOUS_SYMBOLS.get(symbol, frozenset())


def _share(cells: Cells, found: numbers.Numbers) -> Answer:
    """Shares: 0.12, 12 %, or 12 under a header with %."""
    percent = found.after.str.to_lowercase().is_in(list(_PERCENT)).fill_null(value=False)
    mille = found.after.is_in(list(_PERMILLE)).fill_null(value=False)
    strange = ((found.after != "") & ~percent & ~mille) | ~found.before.is_in(["", "%"]).fill_null(value=True)
    refused = fail(_none(cells), strange.fill_null(value=False), "not-a-number")
    divisor = pl.DataFrame({"p": percent, "m": mille}).select(
        pl.when("m").then(1000).when("p").then(100).otherwise(100 if _percent_header(cells) else 1)
    ).to_series()  # fmt: skip
    if _percent_header(cells):
        # A cell formatted as 12 % is stored as 0.12, and a 12 typed under "%" as 12.
        bare = ~percent & ~mille & found.digits.is_not_null()
        size = blank_out(found.digits, ~bare).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        if not (size > 1).any():
            refused = fail(refused, bare & (size > 0).fill_null(value=False), "percent-or-share")
    return by_word(divisor.cast(pl.String), lambda over: f"1/{over}", pl.String), refused, []


def _percent_header(cells: Cells) -> bool:
    words = plain(cells.header).split(" ")
    return "%" in cells.header or "percent" in words or "pct" in words or "百分比" in cells.header


_FACTORS: Final[Mapping[Kind, Callable[[Cells, numbers.Numbers], Answer]]] = {
    Kind.MASS: _measure,
    Kind.AREA: _measure,
    Kind.SQUARE_METRES: _measure,
    Kind.MONEY: _money,
    Kind.SHARE: _share,
}
