"""Pages that are generated are up to date, and what the README and the docs tell to type exists.

That the README's commands run is held by ``tests/golden/test_readme.py``.
"""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from landproof.cli.app import COMMANDS, landproof
from landproof.run.explain import pages
from tests.generated_docs import FOLDERS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


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
    named = {word for page in PAGES for word in re.findall(r"landproof (\w+)", page.read_text(encoding="utf-8"))}
    commands = {word for word in named if word in COMMANDS}
    assert set(COMMANDS) <= commands, f"not documented: {set(COMMANDS) - commands}"


def inline_commands() -> list[str]:
    spans = (
        span for page in PAGES for span in re.findall(r"`(landproof [^`]+)`", page.read_text(encoding="utf-8"))
    )
    return sorted(set(spans))


@pytest.mark.parametrize("line", inline_commands())
def test_a_command_in_a_sentence_can_be_typed(line: str) -> None:
    name, *words = shlex.split(line.partition(" < ")[0])[1:]
    command = landproof.get_command(click.Context(landproof), name)
    assert command is not None, f"there is no command {name}"
    members = command.commands.values() if isinstance(command, click.Group) else [command]
    parameters = [parameter for member in members for parameter in member.params]
    options = {option for parameter in parameters for option in parameter.opts + parameter.secondary_opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_every_target_of_make_that_is_named_exists() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    make = shutil.which("make") or "make"
    for target in sorted(set(re.findall(r"(?:^|`)make (\w+)", text, re.MULTILINE))):
        dry = subprocess.run([make, "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert dry.returncode == 0, dry.stderr


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
