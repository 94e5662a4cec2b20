"""The digest of a table: checked against its written definition, computed here by hand with hashlib."""

import struct
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.domain.digest import row_marks, sorted_rows, table_digest
from landproof.domain.facts.goods import SUPPLIERS
from landproof.domain.tables import Column, Kind, Table, conform

EVERY_KIND = Table(
    "every_kind",
    "Every kind",
    ("id",),
    (
        Column("id", Kind.ID, "Id"),
        Column("amount", Kind.MONEY, "Amount"),
        Column("on", Kind.DATE, "On"),
        Column("at", Kind.INSTANT, "At"),
        Column("words", Kind.LIST, "Words"),
        Column("yes", Kind.YES_NO, "Yes"),
        Column("shape", Kind.GEOMETRY, "Shape"),
        Column("count", Kind.COUNT, "Count"),
    ),
)
ROWS = [
    {
        "id": "b",
        "amount": None,
        "on": date(1970, 1, 3),
        "at": datetime(1970, 1, 1, 8, 0, 1, tzinfo=timezone(timedelta(hours=8))).astimezone(UTC),
        "words": ["x", "yz"],
        "yes": True,
        "shape": b"\x01",
        "count": None,
    },
    {
        "id": "a",
        "amount": Decimal("-1.5"),
        "on": None,
        "at": None,
        "words": None,
        "yes": None,
        "shape": None,
        "count": 7,
    },
    {
        "id": "树",
        "amount": Decimal("2"),
        "on": None,
        "at": None,
        "words": [],
        "yes": False,
        "shape": b"",
        "count": -1,
    },
]


def frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=EVERY_KIND.schema)


def test_the_digest_follows_its_definition() -> None:
    def whole(*values: int) -> bytes:
        return struct.pack(f"<{len(values)}q", *values)

    columns = {
        "id": b"\1\1\1" + whole(1, 1, 3) + "ab树".encode(),
        "amount": b"\1\0\1" + whole(7, 0, 6) + b"-1.50002.0000",
        "on": b"\0\1\0" + whole(0, 2, 0),
        "at": b"\0\1\0" + whole(0, 1_000_000, 0),
        "words": b"\0\1\1" + whole(0, 2, 0) + b"\1\1" + whole(1, 2) + b"xyz",
        "yes": b"\0\1\1" + whole(0, 1, 0),
        "shape": b"\0\1\1" + whole(0, 1, 0) + b"\1",
        "count": b"\1\0\1" + whole(7, 0, -1),
    }
    kinds = {column.name: column.kind for column in EVERY_KIND}
    lines = ["table every_kind", "rows 3"]
    lines += [f"column {name} {kinds[name]} {sha256(data).hexdigest()}" for name, data in columns.items()]
    expected = sha256("\n".join(lines).encode()).hexdigest()
    assert table_digest(sorted_rows(frame(ROWS), EVERY_KIND), EVERY_KIND) == expected


@given(st.permutations(ROWS))
@settings(max_examples=10)
def test_the_order_of_rows_does_not_matter(rows: list[dict[str, object]]) -> None:
    digest = table_digest(sorted_rows(frame(ROWS), EVERY_KIND), EVERY_KIND)
    assert table_digest(sorted_rows(frame(rows), EVERY_KIND), EVERY_KIND) == digest


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal("-1.5001")},
        {"words": []},
        {"yes": False},
        {"shape": b""},
        {"count": 8},
        {"id": "a "},
    ],
)
def test_any_single_value_changes_the_digest_and_the_mark_of_its_row(change: dict[str, object]) -> None:
    before = sorted_rows(frame(ROWS), EVERY_KIND)
    after = sorted_rows(frame([ROWS[0], ROWS[1] | change, ROWS[2]]), EVERY_KIND)
    assert table_digest(before, EVERY_KIND) != table_digest(after, EVERY_KIND)
    marks = [row_marks(each) for each in (before, after)]
    assert [marks[0][4 * i : 4 * i + 4] == marks[1][4 * i : 4 * i + 4] for i in range(3)][1:] == [True, True]


def test_the_parquet_writer_does_not_matter(tmp_path: Path) -> None:
    rows = sorted_rows(frame(ROWS), EVERY_KIND)
    rows.write_parquet(tmp_path / "a.parquet", compression="lz4", row_group_size=1)
    rows.write_parquet(tmp_path / "b.parquet", compression="uncompressed", use_pyarrow=True)
    digests = {
        table_digest(conform(pl.read_parquet(tmp_path / name), EVERY_KIND), EVERY_KIND)
        for name in ("a.parquet", "b.parquet")
    }
    assert digests == {table_digest(rows, EVERY_KIND)}


def test_an_empty_table_has_a_digest() -> None:
    empty = SUPPLIERS.empty()
    assert table_digest(empty, SUPPLIERS) == table_digest(sorted_rows(empty, SUPPLIERS), SUPPLIERS)
    assert row_marks(empty) == b""
