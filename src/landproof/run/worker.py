"""A worker process: takes tasks from standard input and answers on standard output (`landproof.run.pool`)."""

import os
import pickle
import sys
import traceback
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO


def serve() -> None:
    """Do tasks until there are none. Ends at once when the process that gives them is gone."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answers
    waiting: SimpleQueue[Any] = SimpleQueue()
    job = pickle.load(sys.stdin.buffer)  # noqa: S301 (a pipe from the process that started this one)
    Thread(target=_receive, args=(sys.stdin.buffer, waiting), daemon=True).start()
    from landproof.run.tasks import attempt

    _answer(answers, None)
    while (task := waiting.get()) is not None:
        try:
            answer: Any = attempt(job, task)
        except Exception:
            answer = traceback.format_exc()
        _answer(answers, answer)


def _receive(source: BinaryIO, waiting: "SimpleQueue[Any]") -> None:
    while True:
        try:
            task = pickle.load(source)  # noqa: S301 (as above)
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(1)  # nobody waits for an answer any more
        waiting.put(task)
        if task is None:
            return


def _answer(answers: BinaryIO, answer: Any) -> None:
    try:
        pickle.dump(answer, answers)
        answers.flush()
    except OSError:
        os._exit(1)


if __name__ == "__main__":
    serve()
