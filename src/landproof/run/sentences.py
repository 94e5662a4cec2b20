"""Findings and rejects as sentences in the reader's language."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from landproof.criteria.registry import COMMON_REASONS, RULES
from landproof.domain.messages import Message, text
from landproof.reference.catalogue import render
from landproof.reference.editions import load_edition
from landproof.render.wording import Wording
from landproof.reporting.land_reasons import LandReasons
from landproof.reporting.subjects import Subjects
from landproof.reporting.values import Names, worded
from landproof.run.store import StoredRun


def names_of(run: StoredRun) -> Names:
    """What names the findings of a run that is kept. Raises `UnreadableInput` when its tables are damaged."""
    subjects = Subjects(run.table("positions"), run.table("origin_risk"))
    return Names(subjects, LandReasons(run.table("plot_status"), load_edition()))


def finding_sentence(finding: Mapping[str, Any], language: str, names: Names) -> str:
    """The reason of a finding in ``language``, worded as the report words it."""
    entry = RULES[finding["rule"]]
    sentence = entry.reasons.get(finding["reason"]) or COMMON_REASONS[finding["reason"]]
    return _wording(language)(worded(sentence, finding, names))


@cache
def _wording(language: str) -> Wording:
    return Wording(language)


def reject_messages(reject: Mapping[str, Any]) -> list[Message]:
    """Why a row was rejected, and what to do."""
    values: dict[str, str] = json.loads(reject["values"] or "{}")
    return [Message(reject[name], values) for name in ("reason", "remedy") if reject[name]]


def reject_sentence(reject: Mapping[str, Any], language: str) -> str:
    """Why a row was rejected and what to do, in ``language``."""
    return " ".join(render(each, language) for each in reject_messages(reject))


def reject_place(reject: Mapping[str, Any], language: str) -> str:
    """Where a rejected row stands in its file, in ``language``; empty for a file without sheets as a whole."""
    sheet, row = reject["sheet"] or "", reject["source_row"]
    if row is None:
        return sheet
    place = Message(text("row %(row)s"), {"row": str(row)})
    return ", ".join(part for part in (sheet, render(place, language)) if part)
