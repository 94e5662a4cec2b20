"""Which language the command line speaks."""

import os
import re
import sys

from landproof.domain.messages import Message

_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def chosen_language() -> str:
    """``--lang`` anywhere on the line, else LANDPROOF_LANG, LC_ALL, LC_MESSAGES or LANG; "en" or "zh_Hans"."""
    words = sys.argv[1:]
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            return _normal(words[place + 1])
        if word.startswith("--lang="):
            return _normal(word.removeprefix("--lang="))
    for variable in ("LANDPROOF_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(variable):
            return _normal(os.environ[variable])
    return "en"


def say(sentence: str | Message, language: str) -> str:
    """A sentence or message in ``language``. English needs no catalogue, so none is read."""
    if language == "en":
        return printable(str(sentence))
    from landproof.reference import catalogue

    if isinstance(sentence, Message):
        return printable(catalogue.render(sentence, language))
    return catalogue.translate(sentence, language)


def printable(written: str) -> str:
    """Text of which no character commands the terminal: a file may be called anything."""
    return _COMMANDS.sub(lambda found: f"<U+{ord(found[0]):04X}>", written)


def _normal(name: str) -> str:
    return "zh_Hans" if name.lower().startswith("zh") else "en"
