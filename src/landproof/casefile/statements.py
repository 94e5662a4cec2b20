"""The append-only log of a case: one JSON line per statement, each chained to the one before.

A line counts once it ends in a newline; what a killed writer left of a line is cut off by the next
writer. The present state of a case is what replaying its lines gives.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from landproof.casefile import durable
from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text

FIRST = "0" * 64  # what the first statement names as the one before it


# What the statements that are replayed hold; a case may come from anybody.
_SHAPES: Mapping[str, Mapping[str, type]] = {
    "import": {"tables": dict, "files": dict, "instead_of": list},
    "undo": {"import": int},
    "mapping": {"mappings": dict},
    "measure": {"tables": dict, "pictures": dict},
    "assess": {"run": str},
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One line: its number from 1, its kind, its content, and the digest that the next line names."""

    number: int
    kind: str
    content: Mapping[str, Any]
    digest: str


def canonical(content: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spare space: the same text on every machine."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read(path: Path) -> list[Statement]:
    """All complete statements.

    Raises `UnreadableInput` with the line's number when a line is no statement or does not name the
    digest of the line before it: somebody edited the log.
    """
    if not path.exists():
        return []
    found: list[Statement] = []
    before = FIRST
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
        try:
            content = json.loads(line)
            kind, previous, body = content["kind"], content["before"], content["content"]
            _check_shape(kind, body)
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableInput(
                text("Line %(number)s of %(file)s is not a statement. Restore the file from a copy of the case."),
                number=number,
                file=path.name,
            ) from error
        if previous != before:
            raise UnreadableInput(
                text(
                    "Line %(number)s of %(file)s does not follow the line before it: the log was edited. "
                    "Restore the file from a copy of the case."
                ),
                number=number,
                file=path.name,
            )
        before = sha256(line).hexdigest()
        found.append(Statement(number, kind, body, before))
    return found


def _check_shape(kind: str, body: Any) -> None:
    """Raises `TypeError` or `KeyError` when a statement does not hold what one of its kind does."""
    for name, held in _SHAPES.get(kind, {}).items():
        if not isinstance(body[name], held):
            raise TypeError(name)


def append(path: Path, kind: str, content: Mapping[str, Any]) -> Statement:
    """Add a statement and make it durable. The caller holds the case's lock. Raises `Unwritable`."""
    statements = read(path)
    before = statements[-1].digest if statements else FIRST
    line = canonical({"kind": kind, "before": before, "content": content}).encode()
    with durable.told(path), path.open("ab") as log:
        complete = path.read_bytes().rfind(b"\n") + 1
        log.truncate(complete)
        log.write(line + b"\n")
        log.flush()
        os.fsync(log.fileno())
    return Statement(len(statements) + 1, kind, content, sha256(line).hexdigest())
