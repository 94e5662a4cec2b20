"""Whatever stands in a file: an error that teaches or a balanced import, never a traceback or a lost row."""

import csv
import io
import json
import os
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landproof.domain.errors import LandproofError
from landproof.domain.facts import FACTS
from landproof.domain.facts.goods import PURCHASES
from landproof.intake.cells import Cells
from landproof.intake.mapping import readable_columns
from landproof.intake.parse import parse
from landproof.intake.sheets import Cell
from landproof.intake.tabular import import_tabular
from tests.unit.intake.helpers import balanced, workbook

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LONG = settings(
    max_examples=int(os.environ.get("SOAK_EXAMPLES", "3000")), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip

numbers = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.floats().map(repr),
    st.from_regex(r"[-+(]?[0-9]{1,4}([., '][0-9]{2,4}){0,4}[-)]?( ?(kg|t|%|m2|亩|USD|万元|¥))?", fullmatch=True),
)
days = st.one_of(
    st.dates().map(str),
    st.from_regex(r"[0-9]{1,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,4}日?", fullmatch=True),
    st.integers(0, 3_000_000).map(str),
)
words = st.sampled_from(
    ["yes", "是", "no", "BR", "中国", "Brazil / 巴西", "CNY", "$", "¥", "S-1; S-2", "；；", "#REF!", "-", "n/a",
     "1.23E+12", "%",
     "segregated / 区分隔离", "合计", "\u3000", "\ufeff", "１２", "=1+1", "unknown", "high", "L1"]
)  # fmt: skip
anything = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=12)
cell = st.one_of(numbers, days, words, anything, st.just(""))
headers = st.sampled_from(
    ["line", "received_on", "quantity (kg)", "Quantity", "unit", "net spend", "金额（万元）", "currency",
     "country", "供应商", "2019_tons", "2020_tons", "2021 (kg)", "location_type", "location_country_input", "",
     "x", "Share %"]
)  # fmt: skip


def check_column(table: str, name: str, texts: list[str], kinds: list[int] | None) -> None:
    column = FACTS[table][name]
    cells = Cells(
        column, table, column.label, pl.Series(texts, dtype=pl.String),
        None if kinds is None else pl.Series(kinds, dtype=pl.UInt8),
    )  # fmt: skip
    parsed = parse(cells)
    assert len(parsed.values) == len(parsed.failure) == len(texts)
    assert parsed.values.dtype == column.dtype
    for value, failure in zip(parsed.values, parsed.failure, strict=True):
        assert failure is None or value is None or failure == "required-missing"


every_column = st.sampled_from(
    [(table.name, name) for table in FACTS.values() for name in readable_columns(table)]
)  # fmt: skip


@QUICK
@given(every_column, st.lists(cell, min_size=1, max_size=8), st.booleans())
def test_any_text_in_any_column(place, texts, stored):
    check_column(*place, texts, [Cell.NUMBER] * len(texts) if stored else None)


@pytest.mark.soak
@LONG
@given(every_column, st.lists(cell, min_size=1, max_size=8), st.lists(st.sampled_from(list(Cell)), min_size=8))
def test_any_text_in_any_column_for_long(place, texts, kinds):
    check_column(*place, texts, [int(kind) for kind in kinds[: len(texts)]])


def check_table(folder: Path, header: list[str], rows: list[list[str]], delimiter: str) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=delimiter)
    writer.writerows([header, *rows])
    path = folder / "a.csv"
    path.write_text(lines.getvalue(), encoding="utf-8", newline="")
    try:
        imported = import_tabular(path, table="purchases")
    except LandproofError as error:
        return str(error)
    assert balanced(imported)
    for row in imported.rejects.iter_rows(named=True):
        assert row["reason"] % json.loads(row["values"])
        assert row["remedy"] % json.loads(row["values"])
    for frame in imported.tables.values():
        assert frame.schema == PURCHASES.schema
        assert frame["line"].n_unique() == frame.height
    return "read"


tables = st.tuples(
    st.lists(headers, min_size=1, max_size=8).map(lambda found: ["line", *found]),
    st.lists(st.lists(cell, min_size=1, max_size=9), max_size=8),
    st.sampled_from([",", ";", "\t"]),
)


@QUICK
@given(tables)
def test_any_table(tmp_path, content):
    assert check_table(tmp_path, *content)


@pytest.mark.soak
@LONG
@given(tables)
def test_any_table_for_long(tmp_path, content):
    assert check_table(tmp_path, *content)


def check_bytes(folder: Path, content: bytes, suffix: str) -> str:
    path = folder / f"a{suffix}"
    path.write_bytes(content)
    try:
        imported = import_tabular(path)
    except LandproofError as error:
        return str(error)
    assert balanced(imported)
    return "read"


MARKS = {".csv": b"", ".xlsx": b"PK\x03\x04", ".xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".parquet": b"PAR1"}


@QUICK
@given(st.binary(max_size=300), st.sampled_from(sorted(MARKS)), st.booleans())
def test_any_bytes(tmp_path, content, suffix, marked):
    assert check_bytes(tmp_path, (MARKS[suffix] if marked else b"") + content, suffix)


@pytest.mark.soak
@LONG
@given(st.binary(max_size=3000), st.sampled_from(sorted(MARKS)), st.booleans())
def test_any_bytes_for_long(tmp_path, content, suffix, marked):
    assert check_bytes(tmp_path, (MARKS[suffix] if marked else b"") + content, suffix)


def damaged(folder: Path, places: list[int], values: bytes) -> None:
    path = folder / "whole.xlsx"
    if not path.exists():
        workbook(path, {"Purchases": [["line", "supplier"], *([f"L{row}", row] for row in range(20))]})
    content = bytearray(path.read_bytes())
    for place, value in zip(places, values, strict=False):
        content[place % len(content)] = value
    assert check_bytes(folder, bytes(content), ".xlsx")


@QUICK
@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=6), st.binary(min_size=6, max_size=6))
def test_a_workbook_with_changed_bytes(tmp_path, places, values):
    damaged(tmp_path, places, values)


@pytest.mark.soak
@LONG
@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=6), st.binary(min_size=6, max_size=6))
def test_a_workbook_with_changed_bytes_for_long(tmp_path, places, values):
    damaged(tmp_path, places, values)
