"""Every marked sentence, rule text and reading has Chinese, with the same placeholders."""

import ast
import re
from functools import cache
from pathlib import Path

import polib
import pytest

from landproof.reference.editions import load_cases, read_edition

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "landproof").rglob("*.py"))
CATALOGUES = sorted((ROOT / "src" / "landproof" / "locale" / "zh_Hans").glob("*.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
HAN = re.compile(r"[\u4e00-\u9fff]")
# Words that are the same in both languages: codes, names of standards, units.
SAME = re.compile(r"^[A-Z0-9 .,:;()%/\-–—=×·|]*$")


def marked(path: Path) -> list[str]:
    """The sentences inside ``text(...)`` in one module."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "text":
            assert len(node.args) == 1, f"{path}: text() takes one sentence"
            assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}: text() needs a literal sentence"
            found.append(str(node.args[0].value))
    return found


@cache
def chinese() -> dict[str, str]:
    return {entry.msgid: entry.msgstr for path in CATALOGUES for entry in polib.pofile(str(path))}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src" / "landproof")))
def test_every_marked_sentence_has_chinese(path: Path) -> None:
    missing = [sentence for sentence in marked(path) if not chinese().get(sentence)]
    assert missing == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    differing = {
        english: translated
        for english, translated in chinese().items()
        if sorted(set(PLACEHOLDER.findall(english))) != sorted(set(PLACEHOLDER.findall(translated)))
    }
    assert differing == {}


def test_translations_are_chinese() -> None:
    plain = {
        e: t for e, t in chinese().items() if e and not HAN.search(t) and not SAME.match(PLACEHOLDER.sub("", e))
    }
    assert plain == {}


def test_no_sentence_has_two_translations() -> None:
    seen: dict[str, set[str]] = {}
    for path in CATALOGUES:
        for entry in polib.pofile(str(path)):
            seen.setdefault(entry.msgid, set()).add(entry.msgstr)
    assert {sentence: each for sentence, each in seen.items() if len(each) > 1} == {}


def test_every_text_of_the_edition_is_in_both_languages() -> None:
    edition = read_edition()
    texts = [
        (f"{rule.id}.{name}", getattr(rule, name))
        for rule in edition.rules.values()
        for name in ("title", "requirement", "inputs", "test", "evidence")
    ]
    for reading in edition.readings.values():
        texts += [(f"{reading.id}.question", reading.question), (f"{reading.id}.why", reading.why)]
        texts += [(f"{reading.id}.{name}", value) for name, value in reading.values.items()]
    lacking = [name for name, each in texts if len(each.en) < 3 or not HAN.search(each.zh)]
    assert lacking == []


def test_every_worked_case_is_named_in_both_languages() -> None:
    lacking = [
        case["rule"] for case in load_cases() if not case["name"]["en"] or not HAN.search(case["name"]["zh"])
    ]
    assert lacking == []
