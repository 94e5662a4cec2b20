"""What the edition and the code say of a rule, for `landproof rules` and for ``docs/criteria/``."""

from typing import Any

from landproof.criteria.edition import Edition, Limit, Reading
from landproof.criteria.registry import RULES
from landproof.domain.messages import text
from landproof.reference.catalogue import translate
from landproof.reference.editions import load_cases, load_edition

HEADINGS = {
    "clause": text("Clause"),
    "kind": text("Kind"),
    "stage": text("Stage"),
    "requirement": text("Requirement"),
    "inputs": text("Inputs"),
    "test": text("Test"),
    "evidence": text("Evidence"),
    "tables": text("Tables read"),
    "limits": text("Limits"),
    "readings": text("Readings of unclear points"),
    "reasons": text("Reasons it may give"),
    "cases": text("Worked cases"),
}
FIXED = text("fixed: it has one sensible value")
DEFAULT = text("recommended")
_WORDS = (
    text("mandatory"), text("exclusion"), text("option"), text("definition"), text("information"),
    text("advisory"), text("classify"), text("apply"), text("board"), text("year"), text("route"),
)  # fmt: skip


def explain(rule_id: str, language: str, edition: Edition | None = None) -> dict[str, Any]:
    """A rule as plain data in one language. Raises `KeyError` for an unknown id."""
    edition = edition or load_edition()
    rule_text = edition.rules[rule_id]
    entry = RULES[rule_id]
    return {
        "id": rule_id,
        "title": rule_text.title.in_language(language),
        "clause": rule_text.clause,
        "kind": translate(rule_text.kind, language),
        "stage": translate(rule_text.stage, language),
        "requirement": rule_text.requirement.in_language(language),
        "inputs": rule_text.inputs.in_language(language),
        "test": rule_text.test.in_language(language),
        "evidence": rule_text.evidence.in_language(language),
        "module": rule_text.module,
        "tables": list(entry.tables),
        "limits": [_limit(edition.limits[name]) for name in entry.parameters if name in edition.limits],
        "readings": [_reading(each, language) for each in edition.readings_of(entry)],
        "reasons": {key: translate(sentence, language) for key, sentence in entry.reasons.items()},
        "cases": [
            {"name": case["name"]["zh" if language.startswith("zh") else "en"], "expect": case["expect"]}
            for case in load_cases(edition.id)
            if case["rule"] == rule_id
        ],
    }


def _limit(limit: Limit) -> dict[str, str]:
    return {"name": limit.name, "value": str(limit.value), "clause": limit.clause}


def _reading(reading: Reading, language: str) -> dict[str, Any]:
    return {
        "id": reading.id,
        "clause": reading.clause,
        "question": reading.question.in_language(language),
        "why": reading.why.in_language(language),
        "values": {name: value.in_language(language) for name, value in reading.values.items()},
        "default": reading.default,
        "fixed": reading.fixed,
    }


def markdown(rule: dict[str, Any], language: str) -> str:
    """A rule as a section of Markdown, as it stands in ``docs/criteria/``."""

    def heading(name: str) -> str:
        return translate(HEADINGS[name], language)

    lines = [f"## {rule['id']} {rule['title']}", ""]
    lines += [f"- {heading(name)}: {rule[name]}" for name in ("clause", "kind", "stage")]
    lines += [""]
    for name in ("requirement", "inputs", "test", "evidence"):
        lines += [f"**{heading(name)}.** {rule[name]}", ""]
    lines += [f"**{heading('tables')}.** {', '.join(f'`{name}`' for name in rule['tables'])}", ""]
    if rule["limits"]:
        lines += [f"**{heading('limits')}.**", ""]
        lines += [f"- `{each['name']}` = {each['value']} ({each['clause']})" for each in rule["limits"]] + [""]
    if rule["readings"]:
        lines += [f"**{heading('readings')}.**", ""]
        for each in rule["readings"]:
            lines.append(f"- {each['id']} ({each['clause']}): {each['question']} {each['why']}")
            for name, value in each["values"].items():
                mark = translate(FIXED if each["fixed"] else DEFAULT, language)
                lines.append(f"    - `{name}`: {value}" + (f" ({mark})" if name == each["default"] else ""))
        lines.append("")
    if rule["reasons"]:
        lines += [f"**{heading('reasons')}.**", ""]
        lines += [f"- `{key}`: {sentence}" for key, sentence in rule["reasons"].items()] + [""]
    lines += [f"**{heading('cases')}.**", ""]
    for case in rule["cases"]:
        expected = "; ".join(
            f"{subject}: {translate(each['outcome'], language)}" for subject, each in case["expect"].items()
        )
        lines.append(f"- {case['name']} → {expected}")
    return "\n".join([*lines, ""])


def pages(language: str) -> dict[str, str]:
    """File name to content of every generated page of ``docs/criteria/`` in one language."""
    edition = load_edition()
    by_module: dict[str, list[str]] = {}
    for rule_id, rule_text in edition.rules.items():
        by_module.setdefault(rule_text.module, []).append(markdown(explain(rule_id, language), language))
    return {
        f"{module}.md": f"# {edition.title.in_language(language)}: {module.replace('_', ' ')}\n\n"
        + "\n".join(parts)
        for module, parts in by_module.items()
    }
