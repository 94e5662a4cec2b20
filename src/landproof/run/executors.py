"""Where the tasks of a run are done: here, in processes of this machine, or on a Dask cluster.

The result is the same.
"""

import os
from collections.abc import Iterator, Sequence
from typing import Protocol

from landproof.domain.errors import UsageError
from landproof.domain.messages import text
from landproof.run.results import Receipt
from landproof.run.tasks import Job, Task, work

_FEW = 2_000  # plots that are measured before worker processes have started


class Executor(Protocol):
    """Does tasks, in any order, until all are done."""

    def run(self, job: Job, tasks: Sequence[Task]) -> Iterator[Receipt]:
        """The receipts as they come. Raises `LandproofError`."""
        ...


class Serial:
    """One task after the other, in this process."""

    def run(self, job: Job, tasks: Sequence[Task]) -> Iterator[Receipt]:
        """The receipts in order. Raises `LandproofError`."""
        for task in tasks:
            yield work(job, task)


class Automatic:
    """Worker processes, one per processor, unless there is little to do."""

    def run(self, job: Job, tasks: Sequence[Task]) -> Iterator[Receipt]:
        """The receipts as they come. Raises `LandproofError`."""
        from landproof.run.pool import Pool

        workers = min(processors(), len(tasks))
        few = sum(task.plots for task in tasks) <= _FEW
        yield from (Serial() if few or workers < 2 else Pool(workers)).run(job, tasks)


def executor(on: str | None = None, workers: int | None = None) -> Executor:
    """The executor for ``--on`` (address of a Dask scheduler) and ``--workers``. Raises `UsageError`."""
    if on is not None:
        if workers is not None:
            raise UsageError(
                text("--workers is for this machine, and --on for a cluster with workers of its own. Give one.")
            )
        from landproof.run.cluster import Cluster

        return Cluster(on)
    if workers is None:
        return Automatic()
    if workers < 1:
        raise UsageError(text("--workers is %(workers)s. Give 1 or more."), workers=workers)
    from landproof.run.pool import Pool

    return Serial() if workers == 1 else Pool(workers)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
