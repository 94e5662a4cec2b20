"""Runs Python in a process of its own and says how long it took and how much memory it needed."""

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """Wall seconds and peak resident memory of a whole process."""

    seconds: float
    peak_mb: float

    def __str__(self) -> str:
        return f"{self.seconds:7.2f} s  {self.peak_mb:7.0f} MB"


def run_process(*arguments: str, expected: int = 0) -> Measured:
    """Time ``python ARGUMENTS`` as a whole process.

    Raises `subprocess.CalledProcessError` when it ends with another code than ``expected``.
    """
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL) as process:
        status, usage = _wait(process)
    if status != expected:
        raise subprocess.CalledProcessError(status, arguments)
    return Measured(time.perf_counter() - started, usage.ru_maxrss / 1024)


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, resource.struct_rusage]:
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage
