"""Pages that are generated are up to date, and the README's commands exist."""

import re
from pathlib import Path

import pytest

from landproof.cli.app import COMMANDS
from landproof.run.explain import pages
from tests.generated_docs import FOLDERS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("language", FOLDERS)
def test_the_pages_of_the_criteria_are_up_to_date(language: str) -> None:
    stale = [
        name
        for name, content in pages(language).items()
        if not (FOLDERS[language] / name).exists()
        or (FOLDERS[language] / name).read_text(encoding="utf-8") != content
    ]
    assert stale == [], "run `make docs`"


def test_every_command_that_the_readme_and_docs_name_exists() -> None:
    pages_read = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    named = {
        word for page in pages_read for word in re.findall(r"landproof (\w+)", page.read_text(encoding="utf-8"))
    }
    commands = {word for word in named if word in COMMANDS}
    assert set(COMMANDS) <= commands, f"not documented: {set(COMMANDS) - commands}"


def test_the_project_speaks_of_itself_alone() -> None:
    # No machine's path and no registry's address in anything that is kept.
    tracked = [
        path
        for folder in ("src", "docs", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".toml", ".md", ".po", ".csv") and path.is_file()
    ]
    wrong = [str(path) for path in tracked if "/wo" + "rk/" in path.read_text(encoding="utf-8")]
    assert wrong == []
