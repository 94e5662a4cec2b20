"""SHA-256 of raster files, each read once for as long as it does not change.

A hundred gigabytes of tiles are not read again at every run: a small file in the user's cache folder keeps the
digests, by path, size, time of change and inode. A file that changed within two seconds before it was read is
not kept, for it may change again within the same tick of the clock. ``landproof layers check`` reads all anew.
"""

import hashlib
import json
import os
import tempfile
import time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias

_SETTLED_NS = 2_000_000_000
_MOST = 200_000  # entries
_lock = Lock()
_Facts: TypeAlias = tuple[int, int, int, int]  # size, time of change of content and of inode, inode


def facts_of(path: Path) -> _Facts:
    """What tells a file from the one that stood there before. Raises `OSError`."""
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino


def sha256_of(path: Path, *, anew: bool = False) -> str:
    """SHA-256 of the file, in hexadecimal; one that has not changed is read once, unless ``anew``.

    Raises `OSError`.
    """
    name, facts = str(path.absolute()), facts_of(path)
    with _lock:
        kept = _kept().get(name)
    if kept is not None and not anew and tuple(kept[:-1]) == facts:
        return str(kept[-1])
    began = time.time_ns()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if facts_of(path) == facts and began - max(facts[1], facts[2]) > _SETTLED_NS:
        with _lock:
            _kept()[name] = [*facts, digest]
            _new().add(name)
    return digest


def keep_digests() -> None:
    """Write the digests found so far to the user's cache folder; where nobody may write there, it is left be."""
    with _lock:
        if not _new():
            return
        merged = _read(_place()) | {name: _kept()[name] for name in _new()}
        _new().clear()
    for name in list(merged)[: max(0, len(merged) - _MOST)]:
        del merged[name]
    try:
        _place().parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=_place().parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(merged, file)
        Path(temporary).replace(_place())
    except OSError:
        return  # they are only worked out again


def _place() -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "landproof" / "digests.json"


@cache
def _kept() -> dict[str, list[Any]]:
    return _read(_place())


@cache
def _new() -> set[str]:
    return set()


def _read(path: Path) -> dict[str, list[Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): list(entry) for name, entry in content.items() if len(entry) == 5}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
