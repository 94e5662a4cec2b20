"""Does tasks on a Dask cluster whose workers reach the same folders under the same names."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, cast

from landproof.domain.errors import UnreadableInput, UsageError
from landproof.domain.messages import text
from landproof.run.results import Receipt
from landproof.run.tasks import Job, Refusal, Task, attempt

_PATIENCE_S = 20
_AHEAD = 4  # tasks per thread of the cluster that it knows of at any time
_LEAST_AHEAD = 64
_OTHER_VERSION = text(
    "The cluster lacks landproof, or has another version. Install the same version on the scheduler and all "
    "workers."
)


class Cluster:
    """A Dask scheduler at ``address``. Dask does the task of a lost worker again."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._distributed = _distributed()

    def run(self, job: Job, tasks: Sequence[Task]) -> Iterator[Receipt]:
        """The receipts as they come. Raises `LandproofError`."""
        client = self._client()
        try:
            # A task like any other, so that a new worker can get what a lost one knew.
            shared = client.submit(_itself, job, key=f"landproof-{job.run}", pure=False)
            ahead = max(_LEAST_AHEAD, _AHEAD * sum(client.nthreads().values()))
            left = iter(tasks)
            names: dict[str, Task] = {}

            def send(count: int) -> list[Any]:
                sent: list[Any] = []
                for task in islice(left, count):
                    name = f"{task.cell}-{task.key[:16]}-{job.run}"
                    names[name] = task
                    sent.append(client.submit(attempt, shared, task, key=name, pure=False))
                return sent

            coming = self._distributed.as_completed(send(ahead), loop=client.loop)
            for future in coming:
                answer = self._answer(future, names.pop(future.key))
                coming.update(send(1))
                yield answer
        except (OSError, self._distributed.CancelledError, self._distributed.TimeoutError) as why:
            raise self._unreachable(why) from None
        finally:
            client.close()  # the scheduler forgets what nobody waits for

    def _client(self) -> Any:
        try:
            return self._distributed.Client(self.address, timeout=_PATIENCE_S, set_as_default=False)
        except (OSError, ValueError, self._distributed.TimeoutError) as why:
            raise self._unreachable(why) from None

    def _answer(self, future: Any, task: Task) -> Receipt:
        try:
            answer = future.result()
        except self._distributed.KilledWorker as why:
            raise UnreadableInput(
                text(
                    "Cell %(cell)s (%(plots)s plots) ended its worker again and again, perhaps for want of "
                    "memory. Give the workers more, or look at the plots of that cell. What is measured is kept."
                ),
                cell=task.cell, plots=task.plots,
            ) from why  # fmt: skip
        except (RuntimeError, ImportError, AttributeError, TypeError) as why:
            if not isinstance(why, ImportError) and "deserializ" not in str(why):
                raise
            raise UsageError(_OTHER_VERSION) from why
        if isinstance(answer, Refusal):
            raise answer.error()
        return cast(Receipt, answer)

    def _unreachable(self, why: BaseException) -> UnreadableInput:
        return UnreadableInput(
            text(
                "The Dask scheduler at %(address)s does not answer (%(why)s). Check the address and that it runs, "
                "or leave out --on. What is measured is kept."
            ),
            address=self.address,
            why=str(why) or type(why).__name__,
        )


def _itself(job: Job) -> Job:
    return job


def _distributed() -> Any:
    try:
        import distributed  # pyright: ignore[reportMissingTypeStubs]
    except ImportError:
        raise UsageError(
            text("--on needs Dask, which is not installed: `pip install 'landproof[cluster]'`.")
        ) from None
    return distributed
