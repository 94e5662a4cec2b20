"""Findings and rejects as sentences in the reader's language."""

import json
from collections.abc import Mapping
from typing import Any

from landproof.criteria.registry import COMMON_REASONS, RULES
from landproof.domain.messages import Message
from landproof.reference.catalogue import render


def finding_message(finding: Mapping[str, Any]) -> Message:
    """The reason of a finding with its values."""
    entry = RULES[finding["rule"]]
    sentence = entry.reasons.get(finding["reason"]) or COMMON_REASONS[finding["reason"]]
    values = json.loads(finding["values"]) | {"subject": finding["subject"]}
    return Message(sentence, {name: "?" if value is None else str(value) for name, value in values.items()})


def finding_sentence(finding: Mapping[str, Any], language: str) -> str:
    """The reason of a finding in ``language``."""
    return render(finding_message(finding), language)


def reject_sentence(reject: Mapping[str, Any], language: str) -> str:
    """The reason and remedy of a rejected row in ``language``."""
    values: dict[str, str] = json.loads(reject["values"] or "{}")
    parts = (Message(reject[name] or "", values) for name in ("reason", "remedy"))
    return " ".join(render(part, language) for part in parts if part.sentence)
