"""Killed at any moment, a case opens with its last complete state, and nothing accepted is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from landproof.casefile.case import Case, create, open_case
from landproof.run.importing import Choices, import_file

HEADER = "Purchase line,Received on,Supplier,Product,Quantity (kg),Net spend,Currency,Country of production\n"


def ledger(folder: Path, name: str, first: int, count: int = 4000) -> Path:
    path = folder / f"{name}.csv"
    rows = (
        f"{name}-{number},2026-01-15,S-{number % 7},P-{number % 5},{number % 90 + 1},{number}.50,EUR,BR\n"
        for number in range(first, first + count)
    )
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def start(*arguments: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "landproof", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def finish(*arguments: str) -> int:
    process = start(*arguments)
    process.communicate()
    return process.returncode


def lines(case: Case) -> set[str]:
    return set(case.read_table("purchases", case.state().facts.get("purchases", []))["line"].to_list())


def interrupted_import(folder: Path, seed: int) -> None:
    """Import three files, kill at a random moment: what was printed as accepted must be there, whole."""
    case = create(folder / "case", edition="2024-04")
    files = [ledger(folder, name, 0) for name in ("a", "b", "c")]
    process = start("import", str(case.folder), *map(str, files), "--table", "purchases")
    # The moment is drawn from the whole time that an import takes; a seed makes it repeatable.
    time.sleep(random.Random(seed).uniform(0.3, 3.0))  # noqa: S311 (a moment, not a secret)
    os.kill(process.pid, signal.SIGKILL)
    printed = process.communicate()[0].decode()
    opened = open_case(case.folder)
    found = lines(opened)
    for path in files:
        mine = {line for line in found if line.startswith(f"{path.stem}-")}
        assert len(mine) in (0, 4000), "an import is whole or absent"
        assert len(mine) == 4000 or f" {path.name}: 4000 rows" not in printed, "what was accepted is kept"
    # The case takes the same files again, and then holds everything once.
    missing = [str(path) for path in files if not any(line.startswith(f"{path.stem}-") for line in found)]
    if missing:
        assert finish("import", str(case.folder), *missing, "--table", "purchases") == 0
    assert len(lines(open_case(case.folder))) == 12000


def interrupted_assess(folder: Path, seed: int) -> None:
    """Assess, kill at a random moment: the case opens, its facts are untouched, and it can be judged."""
    case = create(folder / "case", edition="2024-04")
    import_file(case, ledger(folder, "a", 0, 200), Choices(table="purchases"))
    before = case.state().facts
    process = start("assess", str(case.folder), "--as-of", "2026-06-30")
    time.sleep(random.Random(seed).uniform(0.3, 6.0))  # noqa: S311 (a moment, not a secret)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    opened = open_case(case.folder)
    assert opened.state().facts == before
    for run in opened.runs.glob("[0-9a-f]*"):
        assert pl.read_parquet(run / "findings.parquet").height > 100, "a run is whole or absent"
    assert finish("assess", str(case.folder), "--as-of", "2026-06-30") == 1


@pytest.mark.parametrize("seed", range(6))
def test_killed_during_import(tmp_path: Path, seed: int) -> None:
    interrupted_import(tmp_path, seed)


@pytest.mark.parametrize("seed", range(4))
def test_killed_during_assess(tmp_path: Path, seed: int) -> None:
    interrupted_assess(tmp_path, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 160))
def test_killed_during_import_often(tmp_path: Path, seed: int) -> None:
    interrupted_import(tmp_path, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 140))
def test_killed_during_assess_often(tmp_path: Path, seed: int) -> None:
    interrupted_assess(tmp_path, seed)
