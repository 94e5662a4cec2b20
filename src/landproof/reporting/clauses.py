"""Findings by clause: every rule of the edition, what it asks, and each subject that is open."""

from collections.abc import Sequence

import polars as pl

from landproof.criteria.edition import RuleText
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome, roll_up
from landproof.reporting.assessment import Assessment
from landproof.reporting.cells import Sentence, Word, say
from landproof.reporting.findings import BLOCKING, rule_table, sentence_of
from landproof.reporting.nodes import RuleFindings, Section
from landproof.reporting.words import CLAUSES, OUTCOME_ORDER

SHOWN_PER_RULE = 50
BY_CLAUSE = text(
    "Every rule of the edition in the order of the clauses: what it asks, how many findings have which outcome, "
    "and each finding that is not met or lacks evidence. Rules that do not count in the verdict say so."
)


def clause_sections(assessment: Assessment, findings: pl.DataFrame) -> list[Section]:
    """A section per module of the edition, in the order of the clauses."""
    by_module: dict[str, list[RuleText]] = {}
    for rule in assessment.edition.rules.values():
        by_module.setdefault(rule.module, []).append(rule)
    order = {module: place for place, module in enumerate(CLAUSES)}
    of_rule = {str(key[0]): group for key, group in findings.group_by("rule", maintain_order=True)}
    sections: list[Section] = []
    for module in sorted(by_module, key=lambda name: order.get(name, len(order))):
        clause, title = CLAUSES.get(module, ("", module))
        nodes = tuple(
            _rule(assessment, rule, of_rule.get(rule.id, findings.clear())) for rule in by_module[module]
        )
        sections.append(Section(f"clause-{module}", say(title), nodes, clause))
    return sections


def _rule(assessment: Assessment, rule: RuleText, own: pl.DataFrame) -> RuleFindings:
    counts = {outcome: own.filter(pl.col("outcome") == outcome.value).height for outcome in OUTCOME_ORDER}
    found = [outcome for outcome, count in counts.items() if count]
    still_open = own.filter(pl.col("outcome").is_in(BLOCKING)).sort(
        pl.col("outcome") != Outcome.NOT_MET.value, maintain_order=True
    )
    table = rule_table(assessment, still_open, rule.id, SHOWN_PER_RULE) if still_open.height else None
    return RuleFindings(
        rule.id,
        rule.clause,
        Word(rule.kind),
        Word(rule.stage),
        rule.title,
        rule.requirement,
        rule.test,
        rule.evidence,
        rule.readings,
        roll_up(found),
        counts,
        _remark(assessment, rule, own, found),
        table,
    )


def _remark(
    assessment: Assessment, rule: RuleText, own: pl.DataFrame, found: Sequence[Outcome]
) -> Sentence | None:
    """The rule's one sentence when it has one finding that is not open; else what a reader might miss."""
    if not found:
        return say(text("This rule was not judged."))
    if own.height == 1 and own["outcome"].item() not in BLOCKING:
        return sentence_of(assessment, own.row(0, named=True))
    if not rule.counts_in_verdict:
        return say(text("This rule does not count in the verdict."))
    return None
