"""What a format has to bring to be read and written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

from landproof.exchange.found import Found, Known
from landproof.exchange.losses import Written

Reading: TypeAlias = Callable[[bytes, str, str, Known], Found]


@dataclass(frozen=True, slots=True)
class Format:
    """``recognises`` the first part of a file; ``read`` takes its content, digest and name, and the case.

    ``write`` makes files of the tables of a chain. Either may be missing. ``read`` raises `UnreadableInput`.
    """

    name: str  # as in `landproof export --as`
    title: str
    recognises: Callable[[str], bool] | None = None
    read: Reading | None = None
    write: Callable[[Mapping[str, pl.DataFrame]], Written] | None = None
    endings: tuple[str, ...] = (".jsonld", ".json", ".xml")
