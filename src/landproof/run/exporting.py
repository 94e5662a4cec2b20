"""Writes the chain of a case in an exchange format."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from landproof.casefile.case import Case
from landproof.casefile.durable import told, write_file
from landproof.domain.errors import UsageError
from landproof.domain.messages import Message, text
from landproof.exchange.formats import FORMATS
from landproof.exchange.own_rows import CHAIN
from landproof.reference.catalogue import render

LOSSES: Final = "losses.csv"
WRITABLE: Final = tuple(form.name for form in FORMATS if form.write is not None)


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written, the rows of the chain that they hold, and how many cells they do not carry."""

    files: tuple[Path, ...]
    rows: int
    losses: int


def export(case: Case, form: str, folder: Path, language: str) -> Exported:
    """Write the chain of ``case`` into ``folder`` as ``form``, with `LOSSES` beside it in ``language``.

    Rows stand as they came in, under the ids of their own files. Raises `UsageError` for a folder that has files,
    `Unwritable` where it cannot be written.
    """
    write = next((each.write for each in FORMATS if each.name == form), None)
    if write is None:
        raise UsageError(
            text("%(format)s is no format that can be written. Formats are: %(formats)s."),
            format=form, formats=", ".join(WRITABLE),
        )  # fmt: skip
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(text("%(folder)s is there already. Name a new folder, or an empty one."), folder=folder)
    parts = case.state().facts
    tables = {name: case.read_table(name, parts.get(name, [])) for name in CHAIN}
    written = write(tables)
    why = {each: render(Message(each), language) for each in written.losses["why"].unique()}
    lost = written.losses.with_columns(pl.col("why").replace(why))
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**written.files, LOSSES: lost.write_csv().encode()}.items():
        write_file(folder / name, lambda path, content=content: path.write_bytes(content))
    files = tuple(folder / name for name in (*written.files, LOSSES))
    return Exported(files, sum(table.height for table in tables.values()), lost.height)
