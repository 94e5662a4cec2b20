"""Where plots are measured changes nothing: here, in processes, on Dask, with workers killed on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psutil
import pytest

import landproof
from landproof.domain.errors import LandproofError, UsageError
from landproof.run.executors import Automatic, Serial, executor
from landproof.run.pool import Lost, Pool
from tests.unit.run.scene import (
    Watching,
    contents,
    geojson,
    measured,
    measured_with,
    painted,
    shapes,
    workers,
)

WAIT_S = 60


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, bytes]]:
    """Plots, layers, and what measuring them here writes."""
    folder = tmp_path_factory.mktemp("scene")
    layers = painted(folder / "layers")
    plots = geojson(folder / "plots.geojson", shapes())
    measured(plots, layers, folder / "serial" / "out.parquet")
    return plots, layers, contents(folder / "serial" / "out.parquet")


def test_a_pool_writes_the_same_bytes(files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plots, layers, expected = files
    watching = Watching(Pool(2))
    measured_with(monkeypatch, watching, plots, layers, tmp_path / "out.parquet")

    assert watching.done >= 7  # six cells with land, one without
    assert contents(tmp_path / "out.parquet") == expected
    assert workers() == []


def test_killing_a_worker_changes_nothing(files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plots, layers, expected = files
    killed: list[int] = []

    def kill(done: int) -> None:
        if done <= 2:
            victim = workers()[0]
            killed.append(victim.pid)
            victim.kill()

    measured_with(monkeypatch, Watching(Pool(2), kill), plots, layers, tmp_path / "out.parquet")

    assert len(set(killed)) == 2
    assert contents(tmp_path / "out.parquet") == expected
    assert workers() == []


def deadly(folder: Path, monkeypatch: pytest.MonkeyPatch, cell: str) -> None:
    """From now on cell ``cell`` ends every worker that takes it."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        "import os, landproof.run.tasks as tasks\n"
        "attempt = tasks.attempt\n"
        f"tasks.attempt = lambda job, task: os._exit(9) if task.cell == {cell!r} else attempt(job, task)\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))


def test_a_cell_that_ends_its_worker_again_and_again_is_named(
    files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    plots, layers, expected = files
    with monkeypatch.context() as patch:
        deadly(tmp_path / "site", patch, "s01e011")
        with pytest.raises(Lost) as refused:
            measured_with(patch, Pool(2), plots, layers, tmp_path / "out.parquet")
    values = refused.value.message.values

    assert (values["cell"], values["times"], values["code"]) == ("s01e011", "3", "9")
    assert workers() == []
    assert not (tmp_path / "out.parquet").exists()

    watching = Watching(Serial())
    measured_with(monkeypatch, watching, plots, layers, tmp_path / "out.parquet")
    assert watching.done < 7  # what was finished before stands
    assert contents(tmp_path / "out.parquet") == expected


def test_a_defect_in_a_worker_is_told_and_leaves_no_process(
    files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    plots, layers, _ = files
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(
        "import landproof.run.tasks as tasks\n"
        "def attempt(job, task): raise ZeroDivisionError(task.cell)\n"
        "tasks.attempt = attempt\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")]))
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        measured_with(monkeypatch, Pool(2), plots, layers, tmp_path / "out.parquet")
    assert workers() == []


def test_an_interrupted_run_goes_on_where_it_stopped(files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plots, layers, expected = files

    def interrupt(done: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measured_with(monkeypatch, Watching(Serial(), interrupt), plots, layers, tmp_path / "out.parquet")
    assert [path.name for path in tmp_path.iterdir()] == [".out.parquet.measuring"]

    watching = Watching(Serial())
    found = measured_with(monkeypatch, watching, plots, layers, tmp_path / "out.parquet")
    total = Watching(Serial())
    measured_with(monkeypatch, total, plots, layers)

    assert watching.done == total.done - 3
    assert found.judged == found.plots
    assert contents(tmp_path / "out.parquet") == expected
    assert not (tmp_path / ".out.parquet.measuring").exists()


def command(*arguments: object) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "landproof", "measure", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def measuring(process: psutil.Process, output: Path) -> list[psutil.Process]:
    """The workers of a command, once the first result is there."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        crew = process.children(recursive=True)
        if crew and list(output.with_name(f".{output.name}.measuring").glob("results/??/*.json")):
            return crew
        time.sleep(0.02)
    raise TimeoutError


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_a_command_that_is_ended(files: Any, tmp_path: Path, end: signal.Signals):
    plots, layers, expected = files
    output = tmp_path / "out.parquet"
    with command(plots, "--layers", layers, "-o", output, "--workers", 2) as process:
        crew = measuring(psutil.Process(process.pid), output)
        process.send_signal(end)
        _, said = process.communicate(timeout=WAIT_S)
    gone, alive = psutil.wait_procs(crew, timeout=WAIT_S)

    assert alive == []
    assert len(gone) == len(crew)
    assert process.returncode == (130 if end == signal.SIGINT else -end)
    assert b"Traceback" not in said
    measured(plots, layers, output)
    assert contents(output) == expected


def test_executors_are_chosen_by_what_is_said(monkeypatch: pytest.MonkeyPatch):
    assert isinstance(executor(), Automatic)
    assert isinstance(executor(workers=1), Serial)
    assert executor(workers=3).workers == 3  # type: ignore[attr-defined]
    with pytest.raises(UsageError, match="Give 1 or more"):
        executor(workers=0)
    with pytest.raises(UsageError, match="Give one"):
        executor("tcp://127.0.0.1:1", 2)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"landproof\[cluster\]"):
        executor("tcp://127.0.0.1:1")


# -- Dask --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The address of a real scheduler with two real workers, that a nanny starts again when they are killed."""
    folder = tmp_path_factory.mktemp("dask")
    about = folder / "scheduler.json"
    sources = str(Path(landproof.__file__).parents[1])
    quiet = {
        "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder,
        "env": os.environ | {"PYTHONPATH": sources},
    }  # fmt: skip
    starts = [
        [sys.executable, "-c", "from distributed.cli.dask_scheduler import main; main()",
         "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(about)],
        *([sys.executable, "-c", "from distributed.cli.dask_worker import main; main()",
           "--scheduler-file", str(about), "--nthreads", "1", "--no-dashboard"] for _ in range(2)),
    ]  # fmt: skip
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for start in starts:
            processes.append(subprocess.Popen(start, start_new_session=True, **quiet))  # type: ignore[call-overload]
            while not about.exists():
                time.sleep(0.05)
        while True:
            try:
                yield json.loads(about.read_text())["address"]
                break
            except ValueError:
                time.sleep(0.05)
    finally:
        for process in reversed(processes):
            for child in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []:
                child.kill()
            process.kill()
            process.wait()


def test_dask_writes_the_same_bytes(files: Any, dask: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plots, layers, expected = files
    watching = Watching(executor(dask))
    measured_with(monkeypatch, watching, plots, layers, tmp_path / "out.parquet")

    assert watching.done >= 7
    assert contents(tmp_path / "out.parquet") == expected


def test_killing_a_dask_worker_changes_nothing(
    files: Any, dask: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from distributed import Client

    plots, layers, expected = files
    with Client(dask, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=WAIT_S)
        pids = list(client.run(os.getpid).values())
    killed: list[int] = []

    def kill(done: int) -> None:
        if not killed:
            killed.append(pids[0])
            os.kill(pids[0], signal.SIGKILL)

    measured_with(monkeypatch, Watching(executor(dask), kill), plots, layers, tmp_path / "out.parquet")

    assert killed
    assert contents(tmp_path / "out.parquet") == expected


def test_a_scheduler_that_is_not_there_is_named(files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plots, layers, _ = files
    monkeypatch.setattr("landproof.run.cluster._PATIENCE_S", 1)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(LandproofError, match="does not answer") as refused:
            measured_with(monkeypatch, executor(address), plots, layers, tmp_path / "out.parquet")
        assert refused.value.message.values["address"] == address
