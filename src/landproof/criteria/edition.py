"""An edition of the criteria as data: rule texts, limits, readings and origin-risk lists.

`parse` builds an `Edition` from plain dictionaries (read elsewhere from TOML); nothing here touches a
file. `check` finds a name that code and data do not share before any company is judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from landproof.criteria.registry import RULES, RUN_FACTS, STEPS, Rule
from landproof.domain.errors import UsageError

STAGES = ("classify", "apply", "board", "year", "route", "information")
ASSESSED_STAGES = ("apply", "board", "year")  # in order; each takes the earlier ones along
KINDS = ("mandatory", "exclusion", "option", "definition", "information", "advisory")


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in both languages of the product."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """The text in Chinese for any form of "zh", else in English."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class RuleText:
    """What the edition says of a rule."""

    id: str
    module: str
    clause: str
    kind: str
    stage: str
    title: Bilingual
    requirement: Bilingual
    inputs: Bilingual
    test: Bilingual
    evidence: Bilingual
    readings: tuple[str, ...]

    @property
    def counts_in_verdict(self) -> bool:
        """Whether it decides the entity's verdict: mandatory or an exclusion, at an assessed stage."""
        return self.stage in ASSESSED_STAGES and self.kind in ("mandatory", "exclusion")


@dataclass(frozen=True, slots=True)
class Limit:
    """A number or date that a rule compares with; ``clause`` is where the criteria set it."""

    name: str
    value: Fraction | Decimal | date | int
    clause: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of an unclear point. With a single value it is fixed: shown, not changeable."""

    id: str
    parameter: str
    clause: str
    question: Bilingual
    why: Bilingual
    values: Mapping[str, Bilingual]
    default: str

    @property
    def fixed(self) -> bool:
        """Whether there is nothing to choose."""
        return len(self.values) == 1


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything that is data in one edition of the criteria, with the readings chosen for a run."""

    id: str
    title: Bilingual
    rules: Mapping[str, RuleText]
    limits: Mapping[str, Limit]
    readings: Mapping[str, Reading]
    chosen: Mapping[str, str] = field(default_factory=dict[str, str])

    def value_of(self, reading: str) -> str:
        """The value of a reading in this run."""
        return self.chosen.get(reading, self.readings[reading].default)

    @property
    def cut_off(self) -> date:
        """The last day on which a change is no conversion."""
        value = self.limits["cut_off"].value
        assert isinstance(value, date)  # noqa: S101 - the edition's own data, checked by its tests
        return value

    def departures(self) -> dict[str, str]:
        """Readings that a run chose otherwise than the edition recommends."""
        return {name: value for name, value in sorted(self.chosen.items()) if value != self.readings[name].default}

    def choosing(self, chosen: Mapping[str, str]) -> "Edition":
        """The same edition with other readings. Raises `UsageError` for an unknown name or value."""
        for name, value in chosen.items():
            if name not in self.readings:
                raise UsageError("There is no reading %(name)s. `landproof rules` lists them.", name=name)
            reading = self.readings[name]
            if reading.fixed:
                raise UsageError("Reading %(name)s is fixed: it has one sensible value.", name=name)
            if value not in reading.values:
                raise UsageError(
                    "Reading %(name)s cannot be %(value)s. It may be: %(values)s.",
                    name=name,
                    value=repr(value),
                    values=", ".join(repr(each) for each in reading.values),
                )
        return Edition(self.id, self.title, self.rules, self.limits, self.readings, {**self.chosen, **chosen})

    def arguments(self) -> dict[str, Any]:
        """Limits and readings by the parameter names that rules and steps use."""
        return {name: limit.value for name, limit in self.limits.items()} | {
            reading.parameter: self.value_of(reading.id) for reading in self.readings.values()
        }

    def readings_of(self, rule: Rule) -> list[Reading]:
        """The readings that ``rule`` rests on: those its text names and those its function takes.

        Which goods are in scope, and so judged at all, is read in clause 2 and shown with its rules; the
        rules of clause 3 do not repeat it.
        """
        named = self.rules[rule.id].readings
        return [
            each
            for _, each in sorted(self.readings.items())
            if each.id in named or each.parameter in rule.parameters
        ]

    def shown_readings(self, rule: Rule) -> list[str]:
        """``AMB-nn=value`` of each reading that ``rule`` rests on in this run, as its findings show it."""
        return [f"{each.id}={self.value_of(each.id)}" for each in self.readings_of(rule)]


def _bilingual(data: Mapping[str, str]) -> Bilingual:
    return Bilingual(data["en"], data["zh"])


def _limit(name: str, data: Mapping[str, Any]) -> Limit:
    raw, type_name = data["value"], data["type"]
    converters = {"share": Fraction, "decimal": Decimal, "count": int}
    value = raw if type_name == "date" else converters[type_name](raw)
    return Limit(name, value, data["clause"])


def _rule_text(rule_id: str, module: str, data: Mapping[str, Any]) -> RuleText:
    if data["kind"] not in KINDS or data["stage"] not in STAGES:
        raise TypeError(f"{rule_id}: kind or stage is not one of the criteria's")
    texts = {name: _bilingual(data[name]) for name in ("title", "requirement", "inputs", "test", "evidence")}
    return RuleText(
        rule_id,
        module,
        data["clause"],
        data["kind"],
        data["stage"],
        **texts,
        readings=tuple(data["readings"]),
    )


def _reading(reading_id: str, data: Mapping[str, Any]) -> Reading:
    values = {name: _bilingual(each) for name, each in data["values"].items()}
    if data["default"] not in values:
        raise TypeError(f"{reading_id}: the default is not among its values")
    return Reading(
        reading_id,
        data["parameter"],
        data["clause"],
        _bilingual(data["question"]),
        _bilingual(data["why"]),
        values,
        data["default"],
    )


def parse(head: Mapping[str, Any], modules: Mapping[str, Mapping[str, Any]]) -> Edition:
    """Build an edition from its head and one dictionary (rules, limits, readings) per clause module."""
    rules: dict[str, RuleText] = {}
    limits: dict[str, Limit] = {}
    readings: dict[str, Reading] = {}
    for module, data in modules.items():
        for rule_id, each in data.get("rules", {}).items():
            rules[rule_id] = _rule_text(rule_id, module, each)
        for name, each in data.get("limits", {}).items():
            if name in limits:
                raise TypeError(f"limit {name} stands in two modules")
            limits[name] = _limit(name, each)
        for reading_id, each in data.get("readings", {}).items():
            readings[reading_id] = _reading(reading_id, each)
    return Edition(head["id"], _bilingual(head["title"]), rules, limits, readings)


def check(edition: Edition) -> None:
    """Raise `TypeError` when code and data disagree.

    That is a rule without a text, a text without a rule, or a parameter that is neither a limit, a
    reading nor a fact of the run.
    """
    if set(edition.rules) != set(RULES):
        raise TypeError(f"rules and texts differ: {sorted(set(edition.rules) ^ set(RULES))}")
    known = {*edition.arguments(), *RUN_FACTS}
    for entry in (*RULES.values(), *STEPS.values()):
        unknown = set(entry.parameters) - known
        if unknown:
            raise TypeError(f"{entry.function.__qualname__}: no limit or reading is called {sorted(unknown)}")
    for rule_text in edition.rules.values():
        missing = set(rule_text.readings) - set(edition.readings)
        if missing:
            raise TypeError(f"{rule_text.id}: there is no reading {sorted(missing)}")
