"""What `import` and `status` say, and with which code they end."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from landproof.casefile.case import create
from landproof.cli.import_command import command as import_command
from landproof.cli.status_command import command as status_command

GOOD = "supplier,name\nS1,Alpha\n"
BAD = "supplier,name\nS2,Beta\n,Gamma\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create(tmp_path / "case", edition="2024-04")
    (tmp_path / "suppliers.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "supplier list.csv").write_text(BAD, encoding="utf-8")
    (tmp_path / "empty.csv").write_bytes(b"")
    return tmp_path


def bring(folder: Path, *arguments: str) -> Result:
    words = [word if word.startswith("-") else str(folder / word) for word in arguments]
    return CliRunner().invoke(import_command, [str(folder / "case"), *words])


def status(folder: Path, *arguments: str) -> str:
    return CliRunner().invoke(status_command, [str(folder / "case"), *arguments]).output


def test_a_file_that_cannot_be_read_does_not_keep_the_others_out(folder: Path) -> None:
    result = bring(folder, "empty.csv", "gone.csv", "suppliers.csv", "supplier list.csv")
    assert result.exit_code == 3
    assert "empty.csv is empty. Export it again.\n" in result.stderr
    assert "There is no file" in result.stderr
    assert "2 of 4 files imported: 3 rows = 2 accepted + 1 rejected\n" in result.stdout


def test_each_refusal_names_its_row_and_the_copy_that_is_marked(folder: Path) -> None:
    result = bring(folder, "supplier list.csv")
    assert result.exit_code == 0
    assert "   - row 3: supplier is empty, and every row needs it." in result.output
    assert "Correct the marked cells and import that workbook" in result.output
    assert "files imported" not in result.output  # there was one only


def test_json_holds_what_was_read(folder: Path) -> None:
    result = bring(folder, "empty.csv", "suppliers.csv", "--json")
    assert result.exit_code == 3
    assert [(each["file"], each["accepted"]) for each in json.loads(result.stdout)] == [("suppliers.csv", 1)]


def test_a_table_may_be_a_document(folder: Path) -> None:
    assert "kept as a document; no rows were read from it." in bring(folder, "suppliers.csv", "--document").output


def test_status_says_what_to_do_next(folder: Path) -> None:
    assert status(folder).startswith("Nothing is imported yet.")
    bring(folder, "supplier list.csv")
    assert "`landproof status CASE --rejects` lists the rejected rows" in status(folder)
    assert "supplier list.csv, row 3: supplier is empty" in status(folder, "--rejects")


def test_nothing_that_is_printed_commands_the_terminal(folder: Path) -> None:
    (folder / "a\x1b[31m.pdf").write_bytes(b"x")
    evil = "supplier,name,\x1b]0;x\x07\nS\x1b[2J1,Alpha,\n"
    (folder / "e\x1b[31mvil.csv").write_text(evil, encoding="utf-8")
    shown = (
        bring(folder, "a\x1b[31m.pdf", "e\x1b[31mvil.csv").output + status(folder) + status(folder, "--rejects")
    )
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "a<U+001B>[31m.pdf" in shown
    assert "S<U+001B>[2J1" in shown
