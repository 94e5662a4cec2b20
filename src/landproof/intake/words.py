"""The words that people write: columns, choices, yes and no, in English and Chinese."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from landproof.domain.facts import FACTS
from landproof.reference.catalogue import translate

CHINESE: Final = "zh_Hans"
_SEPARATORS: Final = re.compile(r"[^\w%]+|_+")
_BRACKETS: Final = re.compile(r"[(\[{（【][^)\]}）】]*[)\]}）】]")
# Controls, and what has no width of its own; the joiners of Persian and Indian scripts and line ends may stay.
UNSEEN: Final = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)
_UNSEEN: Final = re.compile(UNSEEN)
YES: Final = frozenset({"yes", "y", "true", "t", "1", "是", "有", "真", "对", "√", "✓", "✔"})
NO: Final = frozenset({"no", "n", "false", "f", "0", "否", "无", "没有", "假", "不", "不是", "×", "✗"})


@lru_cache(maxsize=1 << 16)
def plain(written: str) -> str:
    """A word without case, width, accents of punctuation and spacing: the form in which words are compared."""
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFKC", written).casefold()).strip()


def visible(written: str) -> str:
    """A text with its unseen characters spelled out, safe to print: an escape becomes <U+001B>."""
    return _UNSEEN.sub(lambda found: f"<U+{ord(found[0]):04X}>", written)


def without_brackets(header: str) -> str:
    """A header without what stands in brackets, such as a unit."""
    return _BRACKETS.sub(" ", header)


def in_brackets(header: str) -> list[str]:
    """What stands in brackets, such as a unit."""
    return [found[1:-1] for found in _BRACKETS.findall(header)]


def bilingual(sentence: str) -> str:
    """English and Chinese side by side, as templates show them."""
    chinese = translate(sentence, CHINESE)
    return sentence if chinese == sentence else f"{sentence} / {chinese}"


@cache
def _data(name: str) -> Mapping[str, Any]:
    return tomllib.loads((files("landproof.intake") / name).read_text(encoding="utf-8"))


@cache
def table_words() -> Mapping[str, frozenset[str]]:
    """Per fact table, what a sheet that holds it may be called."""
    data = _data("synonyms.toml")
    return {
        name: frozenset(
            plain(word)
            for word in (name, table.title, translate(table.title, CHINESE), *data.get(name, {}).get("sheet", []))
        )
        for name, table in FACTS.items()
    }


@cache
def column_words(table: str) -> Mapping[str, str]:
    """What a header may say, in plain form, and the column of ``table`` that it means.

    A column's own name and labels come before synonyms; a word that means two columns means neither.
    """
    data = _data("synonyms.toml")
    own: dict[str, str] = {}
    for column in FACTS[table]:
        for word in (column.name, column.label, translate(column.label, CHINESE)):
            own.setdefault(plain(word), column.name)
    shared: Mapping[str, list[str]] = data.get("any", {}).get("columns", {})
    listed: Mapping[str, list[str]] = data.get(table, {}).get("columns", {})
    further: dict[str, set[str]] = {}
    for column in FACTS[table]:
        for word in listed.get(column.name, shared.get(column.name, [])):
            further.setdefault(plain(word), set()).add(column.name)
    return {word: names.pop() for word, names in further.items() if len(names) == 1} | own


@cache
def _any_column() -> frozenset[str]:
    return frozenset(word for table in FACTS for word in column_words(table))


def names_column(header: str) -> bool:
    """Whether a header, or one of its languages, names a column of any table."""
    bare = without_brackets(header)
    return any(plain(form) in _any_column() for form in (header, bare, *bare.split("/")))


@cache
def unit_words() -> frozenset[str]:
    """What the header of a column of units may say."""
    return frozenset(plain(word) for word in _data("synonyms.toml")["any"]["unit"])


@cache
def choice_words(table: str, column: str) -> Mapping[str, str]:
    """What people write for each choice of a column, in plain form."""
    known: Mapping[str, Mapping[str, list[str]]] = _data("choices.toml")
    own = known.get(f"{table}.{column}", {})
    words: dict[str, str] = {}
    for choice in FACTS[table][column].choices:
        written = (choice, choice_label(choice), *known["any"].get(choice, []), *own.get(choice, []))
        for word in written:
            words.setdefault(plain(word), choice)
            words.setdefault(plain(f"{choice} / {word}"), choice)
    return words


def choice_label(choice: str) -> str:
    """The Chinese word of a choice."""
    return translate(choice, CHINESE)


def countries_in(table: str, column: str) -> bool:
    """Whether a list column holds countries."""
    return f"{table}.{column}" in _data("synonyms.toml")["any"]["country_lists"]
