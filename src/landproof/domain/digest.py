"""A digest of a table that is the same on every machine and for every Parquet writer.

Canonical form, so that a stranger can compute it in any language: rows sorted by the table's key and
then by every other column; then, column by column in the order of the contract, the SHA-256 of

1. one byte per row, 1 where there is a value and 0 where it is null;
2. the values, with 0 or nothing in place of a null: whole numbers, dates (days since 1970-01-01),
   moments (microseconds since 1970-01-01 in UTC) and truth values as 8 bytes, little-endian and
   signed; text (UTF-8) and bytes as all lengths (8 bytes
   each) followed by all values; decimals as text with all the decimals of their column ("-1.5000"), null
   as no text; lists as all lengths followed by the same form of their elements.

The digest of the table is the SHA-256 of the lines "table NAME", "rows N" and one line
"column NAME TYPE DIGEST" for each column, in hexadecimal.
"""

import zlib
from hashlib import sha256
from typing import Any, Protocol

import numpy as np
import polars as pl

from landproof.domain.tables import Table

_WHOLE = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.Date, pl.Boolean, pl.Datetime)


class _Hash(Protocol):
    def update(self, data: Any, /) -> None: ...


def sorted_rows(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Rows in canonical order: by the key, then by every other column; nulls first."""
    rest = [column.name for column in table if column.name not in table.key]
    order = [name for name in (*table.key, *rest) if frame.schema[name] != pl.List(pl.String)]
    keys = frame.select(table.key)
    # Sorting by the key alone is enough, and much faster, where the key tells all rows apart.
    if keys.height == keys.n_unique():
        return frame.sort(table.key, maintain_order=True)
    lists = [name for name in rest if frame.schema[name] == pl.List(pl.String)]
    return frame.sort([*order, *(pl.col(name).list.join("\x1f") for name in lists)], maintain_order=True)


def table_digest(frame: pl.DataFrame, table: Table) -> str:
    """Digest of ``frame``, whose columns are those of ``table`` and whose rows are in canonical order."""
    lines = [f"table {table.name}", f"rows {frame.height}"]
    for column in table:
        column_hash = sha256()
        _feed(column_hash, frame[column.name])
        lines.append(f"column {column.name} {column.kind} {column_hash.hexdigest()}")
    return sha256("\n".join(lines).encode()).hexdigest()


def row_marks(frame: pl.DataFrame) -> bytes:
    """Four bytes per row (CRC-32, little-endian) that tell an edited row from its neighbours.

    They locate a difference that the digest has found; they prove nothing themselves.
    """
    if frame.is_empty():
        return b""
    line = frame.select(
        pl.concat_str(
            [_as_text(name, dtype).fill_null("\x00") for name, dtype in frame.schema.items()], separator="\x1f"
        )
    ).to_series()
    return np.fromiter(
        (zlib.crc32(each.encode()) for each in line.to_list()), dtype="<u4", count=frame.height
    ).tobytes()


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.List):
        return pl.col(name).list.join("\x1e")
    if isinstance(dtype, pl.Binary):
        return pl.col(name).bin.encode("hex")
    return pl.col(name).cast(pl.String)


def _feed(column_hash: _Hash, values: pl.Series) -> None:
    column_hash.update(values.is_not_null().cast(pl.UInt8).to_numpy().tobytes())
    dtype = values.dtype
    if isinstance(dtype, pl.List):
        lengths = values.list.len().fill_null(0)
        column_hash.update(lengths.cast(pl.Int64).to_numpy().astype("<i8").tobytes())
        kept = values.filter(lengths > 0)
        _feed(column_hash, kept.explode() if len(kept) else pl.Series([], dtype=dtype.inner))
    elif isinstance(dtype, pl.Decimal):
        _feed_bytes(column_hash, values.cast(pl.String))
    elif isinstance(dtype, (pl.String, pl.Binary)):
        _feed_bytes(column_hash, values)
    elif isinstance(dtype, _WHOLE):
        whole = values.cast(pl.Int32) if dtype == pl.Date else values
        column_hash.update(whole.cast(pl.Int64).fill_null(0).to_numpy().astype("<i8").tobytes())
    else:
        raise TypeError(f"no canonical form for {dtype}")


def _feed_bytes(column_hash: _Hash, values: pl.Series) -> None:
    if values.dtype == pl.String:
        column_hash.update(values.str.len_bytes().cast(pl.Int64).fill_null(0).to_numpy().astype("<i8").tobytes())
        column_hash.update((values.str.join("").item() or "").encode())
    else:
        column_hash.update(values.bin.size().cast(pl.Int64).fill_null(0).to_numpy().astype("<i8").tobytes())
        column_hash.update(b"".join(each for each in values.to_list() if each is not None))
