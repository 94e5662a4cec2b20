"""Reads the pictures of plots that a case keeps."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from landproof.casefile.case import Case
from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.land.kept_picture import KeptPicture, kept_from


def read_pictures(case: Case, pictures: Mapping[str, str], plots: Sequence[str]) -> dict[str, KeptPicture]:
    """The kept pictures of ``plots``. Raises `UnreadableInput` for one that is gone or is not what it was."""
    return {plot: _read(case, digest) for plot, digest in sorted(pictures.items()) if plot in plots}


def _read(case: Case, digest: str) -> KeptPicture:
    path = case.object_path(digest)
    name = path.relative_to(case.folder)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableInput(
            text("The case names %(file)s, but it is not there. Restore it from a copy of the case."), file=name
        ) from error
    try:
        if sha256(content).hexdigest() != digest:
            raise ValueError(digest)
        return kept_from(json.loads(content))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableInput(
            text("%(file)s is damaged and cannot be read. Restore it from a copy of the case."), file=name
        ) from error
