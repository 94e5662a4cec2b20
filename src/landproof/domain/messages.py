"""Sentences that are written once in English and shown in the reader's language.

Code marks a sentence with `text`; nothing is translated where it is made. A `Message` keeps the
sentence and its values apart until somebody reads it (`landproof.reference.catalogue`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


def text(sentence: str) -> str:
    """Mark an English sentence, with ``%(name)s`` placeholders, for translation."""
    return sentence


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence and the values of its placeholders."""

    sentence: str
    values: Mapping[str, str] = field(default_factory=dict[str, str])

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence
