"""Sentences in the reader's language, from one gettext catalogue per room under ``locale/``.

Catalogues are read as ``.po``, the form in which translators write them, so that no compiled copy can be
older than its source.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import polib

from landproof.domain.messages import Message

LANGUAGES = ("en", "zh_Hans")


def language_of(name: str) -> str:
    """``zh`` in any form is Simplified Chinese; every other name is English."""
    return "zh_Hans" if name.lower().replace("-", "_").split("_")[0] == "zh" else "en"


@cache
def _sentences(language: str) -> Mapping[str, str]:
    if language == "en":
        return {}
    folder = files("landproof") / "locale" / language
    found: dict[str, str] = {}
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if path.name.endswith(".po"):
            found |= {entry.msgid: entry.msgstr for entry in polib.pofile(path.read_text(encoding="utf-8"))}
    return found


def translate(sentence: str, language: str) -> str:
    """The sentence in ``language``; English where nobody has translated it yet (a test forbids that)."""
    return _sentences(language_of(language)).get(sentence) or sentence


def render(message: Message, language: str) -> str:
    """The message in ``language`` with its values filled in."""
    sentence = translate(message.sentence, language)
    return sentence % message.values if message.values else sentence
