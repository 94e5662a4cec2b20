"""The work folder of a case: what helps later runs and may be removed at any time. Nothing is proved by it."""

import os
from pathlib import Path

from landproof.casefile import durable
from landproof.domain.errors import UsageError
from landproof.domain.messages import text

WORK = ".measured"  # in a case: cells and results of the last run
_CATALOGUE_AT = "catalogue.txt"  # where the catalogue of the last run lay, seen from the case


def remember_catalogue(case: Path, layers: Path) -> None:
    """Write down where the catalogue lies that ``case`` was measured on. Raises `Unwritable`."""
    try:
        seen = os.path.relpath(layers.resolve(), case.resolve())
    except ValueError:  # on another drive
        seen = str(layers.resolve())
    durable.write_bytes(case / WORK / _CATALOGUE_AT, seen.encode())


def catalogue_of(case: Path) -> Path:
    """The catalogue that ``case`` was last measured on. Raises `UsageError` when nobody knows, or it is gone."""
    try:
        seen = (case / WORK / _CATALOGUE_AT).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        seen = ""
    found = Path(os.path.normpath(case.resolve() / seen)) if seen else None
    if found is None or not found.is_file():
        raise UsageError(
            text(
                "The rasters of %(case)s are not at hand: a case keeps what was found on them, not the rasters. "
                "Add --layers and the name of the catalogue (layers.toml) that lies with them."
            ),
            case=case.name,
        )
    return found
