"""Writes that are whole or absent, and that survive a loss of power once they return."""

import os
import shutil
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from landproof.domain.errors import Unwritable
from landproof.domain.messages import text

TEMPORARY = ".part-"  # what a killed process may leave behind; nobody reads it


@contextmanager
def told(path: Path) -> Generator[None]:
    """Tell a failure to write ``path`` as `Unwritable`: where, why, and that what was there is as it was."""
    try:
        yield
    except OSError as error:
        raise Unwritable(
            text(
                "%(path)s cannot be written (%(why)s). What was there before is unchanged. Make room, or ask for "
                "the right to write there, and try again."
            ),
            path=path,
            why=error.strerror or type(error).__name__,
        ) from error


def sync_folder(folder: Path) -> None:
    """Make renames inside ``folder`` durable (where the system can open folders)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_file(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a temporary file beside ``path``, then put it in place at once. Raises `Unwritable`."""
    with told(path):
        _write_file(path, write)


@contextmanager
def filled(path: Path) -> Generator[Path]:
    """A temporary file beside ``path`` for the block to fill; it is put in place at the end of the block, at once.

    What the block raises removes it. Raises `Unwritable`.
    """
    with told(path), _filled(path) as temporary:
        yield temporary


def _write_file(path: Path, write: Callable[[Path], object]) -> None:
    with _filled(path) as temporary:
        write(temporary)


@contextmanager
def _filled(path: Path) -> Generator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_bytes(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``, whole or not at all. Raises `Unwritable`."""
    write_file(path, lambda temporary: temporary.write_bytes(content))


def write_folder(path: Path, fill: Callable[[Path], object]) -> None:
    """Let ``fill`` make a folder under a temporary name, then put it at ``path``, replacing what was there.

    Raises `Unwritable`.
    """
    with told(path):
        _write_folder(path, fill)


def _write_folder(path: Path, fill: Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=path.parent))
    try:
        fill(temporary)
        for each in sorted(temporary.rglob("*")):
            if each.is_file():
                with each.open("rb+") as written:
                    os.fsync(written.fileno())
        for each in (*sorted(each for each in temporary.rglob("*") if each.is_dir()), temporary):
            sync_folder(each)
        temporary.chmod(0o755)
        if path.exists():
            old = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=path.parent))
            path.replace(old / path.name)
            temporary.replace(path)
            shutil.rmtree(old)
        else:
            temporary.replace(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    sync_folder(path.parent)


def discard(folder: Path) -> None:
    """Remove a folder that nobody needs; it first loses its name, so that nobody takes half of it."""
    try:
        doomed = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=folder.parent))
        folder.replace(doomed / folder.name)
    except OSError:
        return  # it is only in the way
    shutil.rmtree(doomed, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what killed writers left behind. Only the one writer of a case may call this."""
    for left in folder.rglob(f"{TEMPORARY}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
