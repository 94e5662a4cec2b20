"""The table of rejects: what was refused, where it stands, why, and what to do. Bad rows are data."""

import polars as pl

from landproof.domain.messages import text
from landproof.domain.tables import Column, Kind, Table

REJECTS = Table(
    "rejects",
    text("Rejected rows"),
    ("source", "sheet", "source_row", "field", "reason"),
    (
        Column("source", Kind.ID, text("Source file")),  # digest
        Column("source_name", Kind.TEXT, text("File name")),
        Column("sheet", Kind.TEXT, text("Sheet or layer")),
        Column("source_row", Kind.COUNT, text("Row in the source file")),  # null: the file as a whole
        Column("table", Kind.TEXT, text("Table")),
        Column("field", Kind.TEXT, text("Field")),
        Column("value", Kind.TEXT, text("Value as written")),
        # Sentences as marked with `text`, and a JSON object of their placeholders.
        Column("reason", Kind.TEXT, text("Reason")),
        Column("remedy", Kind.TEXT, text("What to do")),
        Column("values", Kind.TEXT, text("Values")),
    ),
)


def no_rejects() -> pl.DataFrame:
    """A rejects table without rows."""
    return REJECTS.empty()
