"""`landproof import` asks at a terminal, in both languages, and keeps quiet everywhere else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from landproof.casefile.case import Case, create
from landproof.domain.facts import FACTS
from landproof.reference.catalogue import translate
from tests.unit.cli.terminal import talk

FILE = "zettel.csv"
WORDS = {
    "en": ("Which table is it?", "Which column is it?", "Please answer with a number from 0 to "),
    "zh": ("是哪张表？", "是哪一列？", "请输入 0 到 "),
}


@pytest.fixture
def case(tmp_path: Path) -> Case:
    (tmp_path / FILE).write_text("Ref,采购日,Weight (kg)\nA1,2026-01-02,5\nA2,2026-01-03,6\n", encoding="utf-8")
    return create(tmp_path / "case", edition="2024-04")


def lines(case: Case) -> list[str]:
    return case.read_table("purchases", case.state().facts.get("purchases", []))["line"].to_list()


@pytest.mark.parametrize("language", WORDS)
def test_table_and_column_are_asked_and_remembered(case: Case, language: str) -> None:
    which_table, which_column, again = WORDS[language]
    folder = case.folder.parent
    command = ("import", "case", FILE, "--lang", language)
    found = talk(folder, *command, turns=[(which_table, "47\n"), (which_table, "1\n"), (which_column, "1\n")])
    assert found.code == 0, found.screen
    title = FACTS["purchases"].title
    shown = title if language == "en" else translate(title, "zh_Hans")
    assert f"   1  {shown} (purchases)\n" in found.screen
    assert f"{again}46" in found.screen  # there are 46 tables
    assert "Ref" in found.screen
    assert "采购日" in found.screen
    assert lines(case) == ["A1", "A2"]
    [remembered] = case.state().mappings.values()
    assert remembered == {"table": "purchases", "columns": {"Ref": "line", "Weight (kg)": "quantity_g"}}
    # What is asked stands on the screen; what is answered about the import goes where it was sent.
    assert found.output.splitlines()[0].startswith("1  zettel.csv")
    assert which_table not in found.output
    silent = talk(folder, *command, "--again")
    assert silent.code == 0
    assert "zettel.csv:" not in silent.screen
    assert lines(case) == ["A1", "A2"]


def test_none_of_them_refuses_the_sheet_as_without_a_terminal(case: Case) -> None:
    found = talk(
        case.folder.parent, "import", "case", FILE, "--table", "purchases", turns=[("Which column is it?", "\n")]
    )
    assert found.code == 0
    assert "2 rows = 0 accepted + 2 rejected" in found.output
    assert "No column of the sheet zettel.csv was recognised as Purchase line" in found.output
    assert case.state().mappings == {}


def test_who_stops_at_a_question_has_imported_nothing(case: Case) -> None:
    found = talk(case.folder.parent, "import", "case", FILE, turns=[("Which table is it?", "\x04")])
    assert found.code == 130
    assert found.screen.endswith("Stopped. Nothing of this file was imported.\n")
    assert case.statements() == []


def test_a_file_cannot_steer_the_terminal(case: Case) -> None:
    path = case.folder.parent / FILE
    path.write_text("\x1b]0;owned\x07Ref,x\nA\x1b[2J1,5\n", encoding="utf-8")
    found = talk(
        case.folder.parent, "import", "case", FILE, "--table", "suppliers", turns=[("Which column is it?", "0\n")]
    )
    assert "\ufffd]0;owned\ufffdRef (such as A\ufffd[2J1)" in found.screen


def test_programs_are_never_asked(case: Case) -> None:
    folder = case.folder.parent
    as_json = talk(folder, "import", "case", FILE, "--json")
    assert as_json.code == 0
    assert json.loads(as_json.output)[0]["rejected"] == 2
    piped = subprocess.run(
        [sys.executable, "-m", "landproof", "import", "case", FILE],
        input="1\n1\n", capture_output=True, text=True, cwd=folder, check=False, timeout=60,
    )  # fmt: skip
    assert piped.returncode == 0
    assert "2 rows = 0 accepted + 2 rejected" in piped.stdout
    assert piped.stderr == ""
