"""Every sentence of the report has Chinese with the same placeholders."""

import ast
import re
from pathlib import Path

import polib
import pytest

import landproof
from landproof.criteria.registry import COMMON_REASONS
from landproof.reporting.words import OUTCOMES

ROOT = Path(landproof.__file__).parent
CATALOGUES = ("criteria_common", "render", "reporting")
_PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")


def sentences(room: str) -> set[str]:
    found: set[str] = set()
    for path in (ROOT / room).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "text"
                and node.args
            ):
                found.add(ast.literal_eval(node.args[0]))
    return found


def translated() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in (ROOT / "locale" / "zh_Hans").glob("*.po"):
        found |= {entry.msgid: entry.msgstr for entry in polib.pofile(path.read_text(encoding="utf-8"))}
    return found


@pytest.mark.parametrize("wanted", [sentences("reporting"), sentences("render"), {*COMMON_REASONS.values()}])
def test_every_sentence_is_translated(wanted: set[str]) -> None:
    known = translated()
    assert [each for each in sorted(wanted) if not known.get(each)] == []


def test_outcome_words_are_translated() -> None:
    assert {*OUTCOMES.values()} <= set(translated())


@pytest.mark.parametrize("name", CATALOGUES)
def test_placeholders_survive(name: str) -> None:
    entries = polib.pofile((ROOT / "locale" / "zh_Hans" / f"{name}.po").read_text(encoding="utf-8"))
    for entry in entries:
        assert sorted(_PLACEHOLDER.findall(entry.msgid)) == sorted(_PLACEHOLDER.findall(entry.msgstr)), entry.msgid
