"""How the contract of a fact table is written."""

from landproof.domain.columns import column
from landproof.domain.messages import text
from landproof.domain.tables import Column, Kind, Table

PROVENANCE = (
    column("source", Kind.ID, text("Source file")),
    column("source_row", Kind.COUNT, text("Row in the source file")),
)


def fact_table(name: str, title: str, key: str, *columns: Column) -> Table:
    """A table that people hand in; ``key`` names the columns of its grain, separated by spaces.

    Every row also carries `PROVENANCE`, so that every number opens to the row it came from.
    """
    return Table(name, title, tuple(key.split()), (*columns, *PROVENANCE))
