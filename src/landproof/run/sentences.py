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


def reject_messages(reject: Mapping[str, Any]) -> list[Message]:
    """Why a row was rejected, and what to do."""
    values: dict[str, str] = json.loads(reject["values"] or "{}")
    return [Message(reject[name], values) for name in ("reason", "remedy") if reject[name]]


def reject_sentence(reject: Mapping[str, Any], language: str) -> str:
    """Why a row was rejected and what to do, in ``language``."""
    return " ".join(render(each, language) for each in reject_messages(reject))
