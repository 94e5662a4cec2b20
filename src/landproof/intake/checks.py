"""What one row or one table must hold together: money and its currency, rebates, and keys used once."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from landproof.domain.facts import FACTS
from landproof.domain.tables import Kind
from landproof.intake.cells import Cells, Parsed, Repair, fail
from landproof.intake.quantities import currency_marks, fits
from landproof.intake.sheets import ROW
from landproof.intake.units import AMBIGUOUS_SYMBOLS

_NEVER_NEGATIVE: Final = frozenset((("programmes", "budget"),))
KEY_MARK: Final = " + "


def settle_currency(table: str, written: Mapping[str, Cells], parsed: dict[str, Parsed]) -> None:
    """Fill the row's currency from its amount or its header, and refuse amounts that contradict it."""
    money = next((column.name for column in FACTS[table] if column.kind is Kind.MONEY), None)
    has_currency = any(column.kind is Kind.CURRENCY and column.name == "currency" for column in FACTS[table])
    if money not in parsed or not has_currency:
        return
    amount = parsed[money]
    marks = currency_marks(written[money])
    if marks.is_null().all():
        return
    none = pl.repeat(None, len(marks), dtype=pl.String, eager=True)
    held = parsed.setdefault("currency", Parsed(none, none))
    pairs = pl.DataFrame({"mark": marks, "code": held.values, "failed": held.failure.is_not_null()})
    sign = pairs["mark"].is_in(list(AMBIGUOUS_SYMBOLS)).fill_null(value=False)
    bare = pairs["code"].is_null() & ~pairs["failed"]
    amount.failure = fail(amount.failure, sign & bare, "currency-missing")
    seen = pairs.drop_nulls(["mark", "code"]).unique(["mark", "code"])
    wrong = {(mark, code) for mark, code, _ in seen.iter_rows() if not fits(mark, code)}
    if wrong:
        clashing = pl.DataFrame(list(wrong), schema={"mark": pl.String, "code": pl.String}, orient="row")
        hit = pairs.join(clashing.with_columns(hit=True), on=["mark", "code"], how="left", maintain_order="left")[
            "hit"
        ]
        amount.failure = fail(amount.failure, hit.fill_null(value=False), "two-currencies")
    taken = bare & pairs["mark"].is_not_null() & ~sign & amount.values.is_not_null()
    if taken.any():
        held.values = pairs.select(pl.when(taken).then("mark").otherwise("code")).to_series()
        amount.repairs.append(Repair("currency-from-amount", taken))


def check_amounts(table: str, parsed: dict[str, Parsed]) -> None:
    """A spend below zero is a rebate, and a rebate has no quantity of its own."""
    for name in (name for owner, name in _NEVER_NEGATIVE if owner == table and name in parsed):
        parsed[name].failure = fail(
            parsed[name].failure, (parsed[name].values < 0).fill_null(value=False), "negative"
        )
    if table != "purchases" or "net_spend" not in parsed:
        return
    spend = parsed["net_spend"]
    below = (spend.values < 0).fill_null(value=False)
    if below.any() and "quantity_g" in parsed:
        spend.failure = fail(
            spend.failure, below & (parsed["quantity_g"].values != 0).fill_null(value=False), "negative-spend"
        )


def duplicates(table: str, keyed: pl.DataFrame, existing: pl.DataFrame | None) -> pl.DataFrame:
    """Rows of ``keyed`` (key columns and ``source_row``) whose key is used before, in the file or in the case.

    Returns ``at`` (place in ``keyed``), ``source_row``, ``failure``, ``value`` and ``first``, the row that
    used the key. A key without any part is no key: such rows fail for another reason.
    """
    key = [name for name in FACTS[table].key if name in keyed.columns]
    rows = keyed.with_row_index("at")
    result = [_repeated(rows, key)]
    if existing is not None and existing.height:
        result.append(_known(rows, key, existing))
    found = pl.concat(result).sort("at", "failure")
    return found.unique("at", keep="first", maintain_order=True)


def _named(key: list[str]) -> pl.Expr:
    return pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in key], separator=KEY_MARK)


def _repeated(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    full = rows.filter(pl.any_horizontal(pl.col(key).is_not_null()))
    later = full.filter(
        ~pl.struct(key).is_first_distinct() if len(key) > 1 else ~pl.col(key[0]).is_first_distinct()
    )
    if not later.height:
        return _answer(later.with_columns(first=pl.col(ROW)), key, "duplicate")
    firsts = full.join(later.select(key).unique(), on=key, how="semi", nulls_equal=True).unique(
        key, keep="first", maintain_order=True
    )
    return _answer(
        later.join(firsts.select(*key, first=ROW), on=key, how="left", nulls_equal=True), key, "duplicate"
    )


def _known(rows: pl.DataFrame, key: list[str], existing: pl.DataFrame) -> pl.DataFrame:
    here = {name: rows.schema[name] for name in key}
    known = existing.select(*(pl.col(name).cast(dtype) for name, dtype in here.items()), first=ROW).unique(
        key, keep="first", maintain_order=True
    )
    return _answer(rows.join(known, on=key, how="inner", nulls_equal=True), key, "already-in-case")


def _answer(found: pl.DataFrame, key: list[str], failure: str) -> pl.DataFrame:
    return found.select(
        "at", ROW, failure=pl.lit(failure), value=_named(key), first=pl.col("first").cast(pl.Int64)
    )
