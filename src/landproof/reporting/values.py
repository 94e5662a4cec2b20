"""The values of a finding's sentence: dates, amounts, countries, lists and words, each shown as what it is."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from landproof.domain.facts import FACTS
from landproof.reporting.cells import Cell, Country, ListName, Many, Quantity, Sentence, Word, say
from landproof.reporting.land_reasons import LandReasons
from landproof.reporting.subjects import Subjects
from landproof.reporting.words import WORDS

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL = re.compile(r"-?\d+\.(\d{4}|\d{6}|\d{8}|\d{18})")  # the scales of our exact types
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_AMOUNT_NAMES = ("part", "whole", "area_m2", "count")
_COUNTRY_NAMES = ("country", "countries", "origin")
_FIELD_NAMES = ("missing",)
_CODES = "codes"


@dataclass(frozen=True, slots=True)
class Names:
    """What findings are about and what land verdicts say, in the words of one case."""

    subjects: Subjects
    land: LandReasons


def worded(sentence: str, finding: Mapping[str, Any], names: Names) -> Sentence:
    """``sentence`` with the values and the subject of ``finding``, a row of the findings table."""
    given: dict[str, str | None] = json.loads(finding["values"] or "{}")
    values = {name: value_cell(name, value) for name, value in given.items()}
    codes = given.get(_CODES)
    if codes:
        values[_CODES] = names.land.of_finding(finding["subject"], codes)
    values["subject"] = names.subjects.cell(finding["subject"])
    return Sentence(sentence, values)


def value_cell(name: str, value: str | None) -> Cell:
    """A placeholder's value: a date, an amount, a country, a list or a known word, or else as written."""
    if value is None:
        return None
    parts = value.split(", ")
    if name in _COUNTRY_NAMES and all(len(part) == 2 and part.isupper() for part in parts):
        return _one([Country(part) for part in parts])
    if name == "list":
        return _one([ListName(part) for part in parts])
    if name in _AMOUNT_NAMES and _NUMBER.fullmatch(value):
        return Quantity(Decimal(value))
    if name in _FIELD_NAMES:
        return _one([_field_cell(part) for part in parts])
    if all(part in WORDS for part in parts):
        return _one([Word(part) for part in parts])
    if _DATE.fullmatch(value):
        return date.fromisoformat(value)
    return Quantity(Decimal(value)) if _DECIMAL.fullmatch(value) else value


def _field_cell(name: str) -> Cell:
    """A field that people fill in, by its label; what is no field is a word, or stays as written."""
    label = _labels().get(name)
    if label is not None:
        return say(label)
    return Word(name) if name in WORDS else name


@cache
def _labels() -> Mapping[str, str]:
    """Field name to label, for names that mean the same in every table."""
    labels: dict[str, set[str]] = {}
    for table in FACTS.values():
        for column in table:
            labels.setdefault(column.name, set()).add(column.label)
    return {name: found.pop() for name, found in labels.items() if len(found) == 1}


def _one(cells: list[Cell]) -> Cell:
    return cells[0] if len(cells) == 1 else Many(tuple(cells))
