"""The command at a real terminal: what stands on the screen, and what is typed when a prompt shows."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LONGEST_S = 60
_STEERING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Talk:
    """How a conversation ended: the exit code, the screen, and what went to standard output."""

    code: int
    screen: str
    output: str


def talk(folder: Path, *arguments: str, turns: Sequence[tuple[str, str]] = ()) -> Talk:
    """Run ``landproof``: standard input and error are a terminal, output goes to a file, as with ``> file``.

    ``turns``: wait for these words on the screen, then type those.
    """
    ours, theirs = pty.openpty()
    output = folder / "stdout.txt"
    with output.open("wb") as stdout:
        process = subprocess.Popen(
            [sys.executable, "-m", "landproof", *arguments],
            stdin=theirs, stdout=stdout, stderr=theirs, cwd=folder, start_new_session=True,
            env={**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
    os.close(theirs)
    screen, seen = "", 0
    try:
        for awaited, typed in turns:
            while awaited not in screen[seen:]:
                screen += _more(ours, process, screen)
            seen = len(screen)
            os.write(ours, typed.encode())
        while more := _more(ours, process, ""):
            screen += more
        code = process.wait(LONGEST_S)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return Talk(code, _STEERING.sub("", screen).replace("\r\n", "\n"), output.read_text(encoding="utf-8"))


def _more(terminal: int, process: "subprocess.Popen[bytes]", screen: str) -> str:
    """What is written next; nothing when the command has ended. Fails when it stays silent, or ends too early."""
    end = time.monotonic() + LONGEST_S
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                written = os.read(terminal, 65536)
            except OSError:  # how Linux says that nobody holds the other end any more
                written = b""
            # A character may be cut between two reads.
            while written and (written[-1] & 0x80) and not _whole(written):
                written += os.read(terminal, 1)
            assert written or not screen, f"the command ended before it asked: {screen}"
            return written.decode()
    raise AssertionError(f"silent for {LONGEST_S} s: {screen}")


def _whole(written: bytes) -> bool:
    try:
        written.decode()
    except UnicodeDecodeError:
        return False
    return True
