"""What one row or one table must hold together: money and its currency, rebates, and keys used once."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import polars as pl
import shapely

from landproof.domain.facts import FACTS
from landproof.domain.tables import Kind
from landproof.intake.cells import Cells, Parsed, Repair, blank_out, fail, tidy
from landproof.intake.geometry import place
from landproof.intake.places import may_lie_in
from landproof.intake.quantities import currency_marks, fits
from landproof.intake.sheets import ROW
from landproof.intake.units import AMBIGUOUS_SYMBOLS
from landproof.intake.words import column_words, plain
from landproof.land.ellipsoid import extent

_NEVER_NEGATIVE: Final = frozenset((("programmes", "budget"),))
KEY_MARK: Final = " + "


def single_out(table: str, written: Mapping[str, Cells], parsed: dict[str, Parsed]) -> None:
    """Give a row that is no data, a total or the header once more, that one reason instead of one per cell."""
    if not written:
        return
    first = next(iter(parsed.values()))
    again = _header_again(table, written)
    total = pl.select(pl.any_horizontal(*(result.failure.eq_missing("totals-row") for result in parsed.values())))
    alone = again | total.to_series()
    if alone.any():
        for result in parsed.values():
            result.failure = blank_out(result.failure, alone)
        first.failure = fail(fail(first.failure, again, "header-again"), alone, "totals-row")


def _header_again(table: str, written: Mapping[str, Cells]) -> pl.Series:
    """Rows whose every cell names its own column, two at least: the header of a next page."""
    named: list[pl.Series] = []
    blank: list[pl.Series] = []
    for name, cells in written.items():
        words = {word for word, meant in column_words(table).items() if meant == name}
        text = tidy(cells.text)
        said = text.str.to_lowercase().is_in(sorted({*words, plain(cells.header), cells.header.strip().lower()}))
        named.append(said.fill_null(value=False))
        blank.append(text.is_null())
    every = pl.all_horizontal(*(said | none for said, none in zip(named, blank, strict=True)))
    count = pl.sum_horizontal(*(said.cast(pl.Int32) for said in named))
    return pl.select(every & (count > 1)).to_series()


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

    Returns ``at`` (place in ``keyed``), ``source_row``, ``failure``, ``value``, and the row that used the key:
    ``first`` of ``file`` (a digest, null for this file). A key without any part is no key: such rows fail for
    another reason.
    """
    key = [name for name in FACTS[table].key if name in keyed.columns]
    rows = keyed.with_row_index("at")
    result = [_repeated(rows, key)]
    if existing is not None and existing.height:
        result.append(_known(rows, key, existing))
    found = pl.concat(result).sort("at", "failure")
    return found.unique("at", keep="first", maintain_order=True)


def contradictions(table: str, rows: pl.DataFrame, others: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Cells of ``rows`` (columns of the table and ``source_row``) that ``others`` say differently of the same key.

    Yields the column and its failures, as `duplicates` gives them, with ``there``: what the other row says.
    """
    key = list(FACTS[table].key)
    if not set(key) <= set(rows.columns):
        return
    said = [name for name in rows.columns if name in others.columns and name not in {*key, ROW, "source"}]
    here = rows.with_row_index("at").select("at", ROW, *key, *said)
    both = here.join(others, on=key, how="inner", suffix="_there")
    for name in said:
        differ = both.filter((pl.col(name) != pl.col(f"{name}_there")).fill_null(value=False))
        if differ.height:
            yield name, differ.select(
                "at", ROW, pl.lit("contradicts").alias("failure"), _as_text(name).alias("value"),
                first=f"{ROW}_there", file="source", there=_as_text(f"{name}_there"),
            )  # fmt: skip


def misplaced(rows: pl.DataFrame, on_a_map: pl.DataFrame) -> pl.DataFrame:
    """Listed plots whose country is clearly not where their map has them, as `contradictions` gives failures."""
    country = rows["country"] if "country" in rows.columns else pl.lit(None, dtype=pl.String).alias("country")
    here = (
        rows.with_columns(country).with_row_index("at").select("at", ROW, "plot", "country").drop_nulls("country")
    )
    both = here.join(on_a_map.select("plot", "geometry", "source", first=ROW), on="plot", how="inner")
    shapes = [cast(shapely.Geometry, cast(Any, shapely).from_wkb(each)) for each in both["geometry"].to_list()]
    apart = [not may_lie_in(country, shape) for country, shape in zip(both["country"], shapes, strict=True)]
    places = [place(*extent(shape)[:2]) for shape in shapes]
    found = both.with_columns(there=pl.Series(places, dtype=pl.String)).filter(pl.Series(apart, dtype=pl.Boolean))
    return found.select(
        "at", ROW, pl.lit("not-in-country").alias("failure"), pl.col("country").alias("value"), "first",
        pl.col("source").alias("file"), "there",
    )  # fmt: skip


def _as_text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String)


def _named(key: list[str]) -> pl.Expr:
    return pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in key], separator=KEY_MARK)


def _repeated(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    full = rows.filter(pl.any_horizontal(pl.col(key).is_not_null()))
    later = full.filter(
        ~pl.struct(key).is_first_distinct() if len(key) > 1 else ~pl.col(key[0]).is_first_distinct()
    )
    none = pl.lit(None, dtype=pl.String)
    if not later.height:
        return _answer(later.with_columns(first=pl.col(ROW), file=none), key, "duplicate")
    firsts = full.join(later.select(key).unique(), on=key, how="semi", nulls_equal=True).unique(
        key, keep="first", maintain_order=True
    )
    found = later.join(firsts.select(*key, first=ROW), on=key, how="left", nulls_equal=True)
    return _answer(found.with_columns(file=none), key, "duplicate")


def _known(rows: pl.DataFrame, key: list[str], existing: pl.DataFrame) -> pl.DataFrame:
    here = {name: rows.schema[name] for name in key}
    known = existing.select(
        *(pl.col(name).cast(dtype) for name, dtype in here.items()), first=ROW, file="source"
    ).unique(key, keep="first", maintain_order=True)
    return _answer(rows.join(known, on=key, how="inner", nulls_equal=True), key, "already-in-case")


def _answer(found: pl.DataFrame, key: list[str], failure: str) -> pl.DataFrame:
    return found.select(
        "at", ROW, failure=pl.lit(failure), value=_named(key), first=pl.col("first").cast(pl.Int64), file="file"
    )
