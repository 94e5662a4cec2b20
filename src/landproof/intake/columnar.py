"""Parquet files as raw text."""

import json
from pathlib import Path

import polars as pl

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.intake.limits import LIMITS, check_size, check_width
from landproof.intake.sheets import Cell, Sheet, row_numbers
from landproof.intake.workbook import number_text


def read_parquet(path: Path) -> Sheet:
    """The file as a sheet. Parquet has no header row, so its first row is row 1. Raises `UnreadableInput`."""
    check_size(path, LIMITS.delimited)
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException) as error:
        raise UnreadableInput(
            text("%(file)s cannot be read as Parquet. Write it again, or save its data as CSV."), file=path.name
        ) from error
    check_width(path.name, frame.width)
    readable = [name for name, dtype in frame.schema.items() if dtype != pl.Binary]
    cells = [_as_text(frame[name]).alias(str(at)) for at, name in enumerate(readable)]
    codes = [_kind(frame.schema[name]) for name in readable]
    kinds = pl.DataFrame(
        [pl.repeat(code, frame.height, dtype=pl.UInt8, eager=True).alias(str(at)) for at, code in enumerate(codes)]
    )
    return Sheet(
        "", tuple(readable), pl.DataFrame(cells), row_numbers(1, frame.height), kinds=kinds
    ).without_blank_rows()


def _kind(dtype: pl.DataType) -> int:
    if dtype.is_numeric():
        return Cell.NUMBER
    if dtype.is_temporal():
        return Cell.DATE
    return Cell.TRUTH if dtype == pl.Boolean else Cell.TEXT


def _as_text(values: pl.Series) -> pl.Series:
    dtype = values.dtype
    if dtype.is_float():
        return values.map_elements(_finite, return_dtype=pl.String)
    if isinstance(dtype, pl.List | pl.Array):
        return values.cast(pl.List(pl.String)).list.join(";")
    if isinstance(dtype, pl.Struct):
        return values.map_elements(lambda value: json.dumps(value, default=str), return_dtype=pl.String)
    if isinstance(dtype, pl.Datetime):
        return values.dt.to_string("%Y-%m-%d %H:%M:%S")
    return values.cast(pl.String)


def _finite(value: float) -> str:
    return number_text(value) if abs(value) < float("inf") else str(value)
