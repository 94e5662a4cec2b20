"""Does tasks in worker processes of this machine; a worker that dies is replaced and its task done again."""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

from landproof.domain.errors import LandproofError
from landproof.domain.messages import text
from landproof.run.results import Receipt
from landproof.run.tasks import Job, Refusal, Task

TRIES = 3  # a cell that ends its worker so often is given up, and named
_SOURCES = Path(__file__).parents[2]


class Lost(LandproofError):
    """A worker that ends again and again, whatever is tried."""


class Pool:
    """``workers`` processes, each tended by a thread of this one. They end with it, however it ends."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(self, job: Job, tasks: Sequence[Task]) -> Iterator[Receipt]:
        """The receipts as they come. Raises `LandproofError`."""
        crew = _Crew(job, tasks)
        threads = [Thread(target=crew.tend, daemon=True) for _ in range(min(self.workers, len(tasks)))]
        try:
            for thread in threads:
                thread.start()
            for _ in tasks:
                answer = crew.answers.get()
                if isinstance(answer, BaseException):
                    raise answer
                yield answer
        finally:
            crew.stop()
            for thread in threads:
                thread.join()


class _Crew:
    """What the threads share."""

    def __init__(self, job: Job, tasks: Sequence[Task]) -> None:
        self.answers: SimpleQueue[Receipt | BaseException] = SimpleQueue()
        self._job = pickle.dumps(job)
        self._waiting = deque(tasks)
        self._lock = Lock()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def tend(self) -> None:
        """Start a worker and give it tasks until there are none."""
        worker: _Worker | None = None
        try:
            while (task := self._next()) is not None:
                answer: Any = None
                for tried in range(1, TRIES + 1):
                    if self._stopped:
                        return
                    worker = worker or self._start()
                    try:
                        answer = worker.ask(task)
                        break
                    except (EOFError, OSError, pickle.UnpicklingError):
                        code = worker.end()
                        self._gone(worker)
                        worker = None
                        if tried == TRIES:
                            raise _lost(task, code) from None
                if isinstance(answer, Refusal):
                    raise answer.error()
                if not isinstance(answer, Receipt):
                    raise RuntimeError(answer)
                self.answers.put(answer)
        except BaseException as why:
            self.answers.put(why)
        finally:
            if worker is not None:
                worker.dismiss()
                self._gone(worker)

    def stop(self) -> None:
        """End all workers at once, whatever they do."""
        with self._lock:
            self._stopped = True
            self._waiting.clear()
            for process in self._processes:
                process.kill()

    def _next(self) -> Task | None:
        with self._lock:
            return self._waiting.popleft() if self._waiting else None

    def _start(self) -> "_Worker":
        with self._lock:
            if self._stopped:
                raise EOFError
            process = _process()
            self._processes.add(process)
        return _Worker(process, self._job)

    def _gone(self, worker: "_Worker") -> None:
        with self._lock:
            self._processes.discard(worker.process)


class _Worker:
    def __init__(self, process: "subprocess.Popen[bytes]", job: bytes) -> None:
        self.process = process
        self._job: bytes | None = job

    def ask(self, task: Task) -> Any:
        """The answer to ``task``. Raises `EOFError` or `OSError` when the worker is gone."""
        assert self.process.stdin is not None  # noqa: S101 (both are pipes)
        assert self.process.stdout is not None  # noqa: S101
        if self._job is not None:
            self.process.stdin.write(self._job)
            self.process.stdin.flush()
            pickle.load(self.process.stdout)  # noqa: S301 (a pipe from our own worker, which is ready now)
            self._job = None
        pickle.dump(task, self.process.stdin)
        self.process.stdin.flush()
        return pickle.load(self.process.stdout)  # noqa: S301

    def dismiss(self) -> None:
        """Let the worker end, now that it has nothing to do."""
        try:
            assert self.process.stdin is not None  # noqa: S101
            pickle.dump(None, self.process.stdin)
            self.process.stdin.flush()
        except OSError:
            pass  # it is gone already
        self.end()

    def end(self) -> int:
        """Close the pipes and wait; how the worker ended."""
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                pass  # what was not sent yet cannot be sent any more
        return self.process.wait()


def _process() -> "subprocess.Popen[bytes]":
    """A worker in a session of its own: an interrupt at the terminal goes to us alone, and we end the workers."""
    paths = [str(_SOURCES), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    own = {"PYTHONPATH": os.pathsep.join(path for path in paths if path), "POLARS_MAX_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "landproof.run.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | own,
        start_new_session=True,
    )


def _lost(task: Task, code: int) -> Lost:
    return Lost(
        text(
            "The worker on cell %(cell)s (%(plots)s plots) ended %(times)s times (exit code %(code)s), perhaps "
            "for want of memory. Give fewer --workers, or look at the plots of that cell. What is measured is "
            "kept."
        ),
        cell=task.cell, plots=task.plots, times=TRIES, code=code,
    )  # fmt: skip
