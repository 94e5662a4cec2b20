"""Table contracts: the grain, the columns and the types of every named table.

Facts (`landproof.domain.facts`) are what people hand in; derived tables (`landproof.domain.derived`)
are what steps work out. A frame that enters a case or a rule is made to fit its contract by `conform`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import polars as pl
from polars.datatypes import DataTypeClass

# Exact amounts. The product of money, share and rate has at most 18 decimals, so SPEND holds it exactly.
MONEY = pl.Decimal(38, 4)
SHARE = pl.Decimal(38, 6)
RATE = pl.Decimal(38, 8)
SPEND = pl.Decimal(38, 18)
GRAMS = pl.Int64
PART_GRAMS = pl.Decimal(38, 6)  # grams times a recipe share
HECTARES = pl.Decimal(38, 6)
SQUARE_METRES = pl.Int64

DType: TypeAlias = pl.DataType | DataTypeClass


class Kind(StrEnum):
    """What a column means; intake parses by kind, templates explain by kind."""

    ID = "id"  # the owner's own identifier, kept as written
    TEXT = "text"
    YES_NO = "yes or no"
    DATE = "date"
    INSTANT = "instant"  # in UTC, to the microsecond
    COUNTRY = "country"  # ISO 3166-1 alpha-2, upper case
    CURRENCY = "currency"  # ISO 4217, upper case
    MONEY = "money"
    RATE = "rate"
    SHARE = "share"  # 0 to 1 in the table; people may write 12 %
    MASS = "mass"  # whole grams
    AREA = "area"  # hectares
    SQUARE_METRES = "square metres"
    COUNT = "count"
    NUMBER = "number"
    CHOICE = "choice"
    LIST = "list"  # several words, separated by ";" where people write
    DOCUMENT = "document"  # the name or digest of a file in the case
    GEOMETRY = "geometry"  # WKB, longitude latitude, WGS 84


_DTYPES: Mapping[Kind, DType] = {
    Kind.ID: pl.String,
    Kind.TEXT: pl.String,
    Kind.YES_NO: pl.Boolean,
    Kind.DATE: pl.Date,
    Kind.INSTANT: pl.Datetime("us", "UTC"),
    Kind.COUNTRY: pl.String,
    Kind.CURRENCY: pl.String,
    Kind.MONEY: MONEY,
    Kind.RATE: RATE,
    Kind.SHARE: SHARE,
    Kind.MASS: GRAMS,
    Kind.AREA: HECTARES,
    Kind.SQUARE_METRES: SQUARE_METRES,
    Kind.COUNT: pl.Int64,
    Kind.NUMBER: pl.Decimal(38, 6),
    Kind.CHOICE: pl.String,
    Kind.LIST: pl.List(pl.String),
    Kind.DOCUMENT: pl.String,
    Kind.GEOMETRY: pl.Binary,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``label`` is English and marked for translation; ``required`` refuses an empty cell."""

    name: str
    kind: Kind
    label: str
    required: bool = False
    choices: tuple[str, ...] = ()

    @property
    def dtype(self) -> DType:
        """The Polars type that holds it exactly."""
        return _DTYPES[self.kind]


@dataclass(frozen=True, slots=True)
class Table:
    """A named table: ``key`` is its grain, and the order in which it is written and digested."""

    name: str
    title: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pl.Schema:
        """Column names and types, in order."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def empty(self) -> pl.DataFrame:
        """The table without rows."""
        return pl.DataFrame(schema=self.schema)


def conform(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """``frame`` with exactly the columns of ``table``, in its order; absent columns become null.

    Raises `polars.exceptions.InvalidOperationError` when a value does not fit its column's type: by
    then intake has already turned what people wrote into rejects, so this is a defect of ours.
    """
    return frame.select(
        pl.col(column.name).cast(column.dtype, strict=True)
        if column.name in frame.columns
        else pl.lit(None, dtype=column.dtype).alias(column.name)
        for column in table
    )
