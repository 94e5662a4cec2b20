"""The edition holds the whole standard, and its cases pin it."""

from collections import Counter
from datetime import date
from typing import Any

import polars as pl
import pytest

from landproof.criteria.cases import CONTRACTS, DOCUMENTS, differences, run_case
from landproof.criteria.judge import RunFacts, judge_rule
from landproof.criteria.registry import RULES, STEPS
from landproof.reference.editions import load_cases, load_edition
from landproof.run.explain import explain

EDITION = load_edition()
CASES = load_cases()


def test_the_edition_holds_all_103_rules_and_56_readings() -> None:
    assert len(EDITION.rules) == 103
    assert sorted(EDITION.readings) == [f"AMB-{number:02d}" for number in range(1, 57)]


def test_every_mandatory_rule_has_four_cases_and_every_other_rule_one() -> None:
    counts = Counter(case["rule"] for case in CASES)
    few = {
        rule.id: counts[rule.id]
        for rule in EDITION.rules.values()
        if counts[rule.id] < (4 if rule.kind == "mandatory" else 1)
    }
    assert few == {}


def test_every_mandatory_rule_has_a_case_of_missing_input() -> None:
    insufficient = {
        case["rule"]
        for case in CASES
        if any(each["outcome"] in ("insufficient evidence",) for each in case["expect"].values())
    }
    # These two only inform (criteria.md, DCF-3.2-6 and -7: outcome "information").
    informing = {"DCF-3.2-6", "DCF-3.2-7"}
    lacking = {rule.id for rule in EDITION.rules.values() if rule.kind == "mandatory"} - insufficient - informing
    assert lacking == set()


def test_every_case_is_of_a_rule_of_its_own_module() -> None:
    strange = [case["name"]["en"] for case in CASES if EDITION.rules[case["rule"]].module != case["module"]]
    assert strange == []


@pytest.mark.parametrize("reading", [each.id for each in EDITION.readings.values() if not each.fixed])
def test_every_value_of_a_reading_changes_a_worked_case(reading: str) -> None:
    known = EDITION.readings[reading]
    for value in known.values:
        if value == known.default:
            continue
        with_value = [case for case in CASES if case.get("set", {}).get(reading) == value]
        assert any(_differs_without(case, reading) for case in with_value), f"{reading}={value} changes no case"


def _differs_without(case: dict[str, Any], reading: str) -> bool:
    plain = {**case, "set": {name: value for name, value in case["set"].items() if name != reading}}
    return run_case(plain, EDITION) != run_case(case, EDITION) and differences(case, EDITION) == []


def test_every_reading_is_named_by_a_rule_and_shown_with_it() -> None:
    named = {name for rule in EDITION.rules.values() for name in rule.readings}
    shown = {each["id"] for rule_id in EDITION.rules for each in explain(rule_id, "en")["readings"]}
    assert named == shown == set(EDITION.readings)


@pytest.mark.parametrize("rule_id", EDITION.rules)
def test_findings_show_every_reading_that_their_rule_rests_on(rule_id: str) -> None:
    rule = RULES[rule_id]
    by_code = {each.id for each in EDITION.readings.values() if each.parameter in rule.parameters}
    nothing = {name: table.empty() for name, table in CONTRACTS.items()}
    tables = {
        **nothing,
        "documents": pl.DataFrame(schema=DOCUMENTS),
        "origin_lists": pl.DataFrame(),
        "rejects": pl.DataFrame(),
    }
    run = RunFacts(date(2026, 6, 30), date(2025, 7, 1), date(2026, 6, 30), "year")
    findings = judge_rule(rule, EDITION.rules[rule_id], tables, EDITION, run)
    for shown in findings["readings"].to_list():
        assert {each.split("=")[0] for each in shown} == by_code | set(EDITION.rules[rule_id].readings)


def test_a_fixed_reading_is_shown_with_its_only_value() -> None:
    # AMB-49 has one sensible value: the six items, each named once (criteria.md, Ambiguities).
    assert EDITION.readings["AMB-49"].fixed
    assert EDITION.shown_readings(RULES["DCF-3.9-5"]) == [f"AMB-49={EDITION.readings['AMB-49'].default}"]


def test_the_readings_of_a_step_are_named_by_a_rule_of_its_clause() -> None:
    # A step judges nothing, so what it was read by must stand with the rules that show its results.
    shown_with = {
        "goods": "DCF-2.1-3", "materiality": "DCF-2.4-2", "line_goods": "DCF-3.2-1", "positions": "DCF-3.2-1",
        "feed_eaten": "DCF-3.2-1", "origin_risk": "DCF-3.2-4", "settled_lots": "DCF-3.3-10", "units": "DCF-3.8-3",
    }  # fmt: skip
    for table, step in STEPS.items():
        by_code = {each.id for each in EDITION.readings.values() if each.parameter in step.parameters}
        if not by_code:
            continue
        rule = RULES[shown_with[table]]
        assert by_code <= {each.id for each in EDITION.readings_of(rule)}, table


def test_every_limit_is_used() -> None:
    used = {name for entry in (*RULES.values(), *STEPS.values()) for name in entry.parameters}
    assert set(EDITION.limits) - used == set()


def test_every_reason_that_a_rule_declares_is_given_in_some_case() -> None:
    given = {(case["rule"], each.get("reason")) for case in CASES for each in case["expect"].values()}
    declared = {(rule.id, reason) for rule in RULES.values() for reason in rule.reasons}
    assert sorted(declared - given) == []
