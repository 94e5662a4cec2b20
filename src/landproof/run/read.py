"""The rows that a file gives, and what is said of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from landproof.casefile.case import State
from landproof.domain.messages import Message, text
from landproof.intake.imported import SheetReport
from landproof.intake.plots import PlotNote

_NOTES_OF_A_KIND: Final = 3  # of the plots of one file


@dataclass(frozen=True, slots=True)
class Read:
    """The rows of a file. ``rows`` is always ``accepted + rejected``; ``source`` is the digest that was read."""

    source: str
    tables: Mapping[str, pl.DataFrame]
    rejects: pl.DataFrame
    rows: int
    accepted: int
    rejected: int
    notes: Sequence[Message]
    sheets: Sequence[SheetReport] = ()
    mappings: Mapping[str, Any] | None = None
    document: bool = False  # of an exchange format, which is corrected where it was made


def few_of_each(notes: Sequence[PlotNote]) -> list[Message]:
    """The first notes of each kind, and how many more there are: a file may hold a hundred thousand plots."""
    kinds: dict[str, list[Message]] = {}
    for note in notes:
        kinds.setdefault(note.message.sentence, []).append(note.message)
    shown: list[Message] = []
    for messages in kinds.values():
        shown.extend(messages[:_NOTES_OF_A_KIND])
        if len(messages) > _NOTES_OF_A_KIND:
            more = {"count": f"{len(messages) - _NOTES_OF_A_KIND:,}"}
            shown.append(Message(text("The same holds for %(count)s more."), more))
    return shown


def names_of_files(state: State) -> dict[str, str]:
    """The name of each file of a case, by digest."""
    return {digest: name for name, digest in state.documents.items()}
