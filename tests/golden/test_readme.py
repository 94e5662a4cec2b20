"""Every command that the README and the docs show is really run, line by line, on the invented company's files."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from landproof.run.demo import Demo

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?(?:landproof|make|pip|python3?) ", re.MULTILINE)
# The invented company has faults, so it is not ready. Whatever else is shown goes well.
EXIT = {"assess": 1, "check": 1, "screen": 1}


def blocks(page: Path) -> list[tuple[str, str]]:
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def commands(page: Path) -> list[str]:
    """The lines of the page's ``sh`` blocks."""
    return [line for kind, block in blocks(page) if kind == "sh" for line in block.splitlines() if line.strip()]


SHOWING = [page for page in PAGES if commands(page)]


@pytest.fixture
def folder(demo: Demo, tmp_path: Path) -> Path:
    """Where a newcomer stands after ``make demo``, with a smaller company."""
    shutil.copytree(demo.case.parent, tmp_path / "demo")
    own = tmp_path / ".venv" / "bin" / "landproof"
    own.parent.mkdir(parents=True)
    own.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m landproof "$@"\n', encoding="utf-8")
    own.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("page", SHOWING, ids=lambda page: page.name)
def test_the_commands_of_a_page_run_as_written(folder: Path, page: Path) -> None:
    for line in commands(page):
        if line.startswith("make "):
            continue  # `make demo` calls the code that made the fixture; see below
        done = subprocess.run(
            ["/bin/sh", "-c", line], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, timeout=300,
        )  # fmt: skip
        expected = EXIT.get(line.split()[1], 0)
        assert done.returncode == expected, f"{line}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        assert "Traceback" not in done.stderr


def test_make_demo_puts_the_files_where_the_readme_finds_them() -> None:
    make = shutil.which("make") or "make"
    dry = subprocess.run(
        [make, "-n", "--no-print-directory", "demo"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert any(line.endswith("landproof demo demo") for line in dry.stdout.splitlines())


def test_the_readme_shows_each_step() -> None:
    assert ROOT / "README.md" in SHOWING
    assert len(commands(ROOT / "README.md")) > 10


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_stand_in_blocks_that_are_run(page: Path) -> None:
    unrun = [block for kind, block in blocks(page) if kind != "sh" and COMMAND.search(block)]
    assert unrun == [], "mark the block as sh"
