"""The first page: the answer in one sentence, what departs from the recommended readings, a tile per clause,
and what to do next.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

import polars as pl

from landproof.criteria.edition import Edition, RuleText
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome, roll_up
from landproof.reporting.amounts import share_or_unknown
from landproof.reporting.assessment import Assessment
from landproof.reporting.cells import Cell, Exact, Id, Many, Reference, Sentence, Share, Word, say
from landproof.reporting.effects import Obstacle, blockers_in_words
from landproof.reporting.findings import anchor_of, anchor_of_rule, sentence_of
from landproof.reporting.nodes import Column, Fold, Node, Note, Paragraph, Row, Section, Table, Tile, Tiles
from landproof.reporting.words import CLAUSES, OUTCOME_ORDER

ACTIONS = "actions"  # name of the table of steps
_ACTIONS_SHOWN = 10

_PROVABLE = text("%(share)s of agri-food spend is provable")
_UNKNOWN = text("How much agri-food spend is provable cannot be worked out yet")
_OBSTACLES = {
    # verdict, exactly one -> what follows the share
    (Outcome.NOT_MET, True): text("%(answer)s; one thing blocks you."),
    (Outcome.NOT_MET, False): text("%(answer)s; %(count)s things block you."),
    (Outcome.INSUFFICIENT, True): text("%(answer)s; one thing still lacks evidence."),
    (Outcome.INSUFFICIENT, False): text("%(answer)s; %(count)s things still lack evidence."),
}
_READY = text("%(answer)s; nothing blocks you at this stage (%(stage)s).")
_UNDECIDED = text("%(answer)s; no requirement could be judged yet.")

ACTION_COLUMNS = (
    Column("place", text("No."), numeric=True, weight=3),
    Column("what", text("What stands in the way"), weight=17),
    Column("outcome", text("Outcome"), weight=7),
    Column("effect", text("Spend held back"), numeric=True, weight=5),
    Column("frees", text("Becomes provable"), numeric=True, weight=5),
    Column("remedy", text("What settles it"), weight=19),
)


def headline(assessment: Assessment, share: Share | None, found: Sequence[Obstacle]) -> Sentence:
    """The one sentence that says it all; the wording depends on the verdict."""
    answer = say(_UNKNOWN) if share is None else say(_PROVABLE, share=share)
    if assessment.verdict not in (Outcome.NOT_MET, Outcome.INSUFFICIENT):
        return say(_READY, answer=answer, stage=Word(assessment.stage))
    if not found:
        return say(_UNDECIDED, answer=answer)
    return say(_OBSTACLES[assessment.verdict, len(found) == 1], answer=answer, count=len(found))


def first_page(
    assessment: Assessment, findings: pl.DataFrame, share: Share | None, found: Sequence[Obstacle]
) -> Section:
    """The section that comes first."""
    nodes: list[Node] = [Paragraph(headline(assessment, share, found), tone="lead")]
    failed, lacking = blockers_in_words(found)
    if failed and lacking:
        nodes.append(
            Paragraph(
                say(text("Of these, %(failed)s fail and %(open)s lack evidence."), failed=failed, open=lacking)
            )
        )
    nodes.append(_made_of(share, assessment.currency))
    if share is None:
        nodes.append(Note(say(text("An amount, a rate or a recipe is missing, so the whole is not known."))))
    nodes += _departures(assessment.edition)
    nodes.append(Tiles(clause_tiles(assessment.edition, findings)))
    return Section("summary", say(text("The answer")), tuple(nodes))


def _made_of(share: Share | None, currency: str | None) -> Node:
    """What opens under the headline: the exact numbers, what they mean, and the way to the rows."""
    meant = Reference("traceability", say(text("Traceability: what is provable")))
    if share is None:
        said = say(text("What provable means: %(section)s."), section=meant)
    else:
        said = say(
            text(
                "Exactly %(part)s of %(whole)s. What provable means: %(section)s. Every position and its ledger "
                "rows: %(table)s."
            ),
            part=Exact(share.part, currency),
            whole=Exact(share.whole, currency),
            section=meant,
            table=Reference("table-positions", say(text("Sourcing positions"))),
        )
    return Fold(say(text("How this number is made")), (Paragraph(said),))


def _departures(edition: Edition) -> list[Node]:
    changed = edition.departures()
    if not changed:
        return [Note(say(text("All readings of unclear points are the recommended ones.")))]
    rows = [
        Row(
            (
                Reference(f"reading-{name}", Id(name)),
                edition.readings[name].question,
                edition.readings[name].values[value],
                edition.readings[name].values[edition.readings[name].default],
            )
        )
        for name, value in changed.items()
    ]
    columns = (
        Column("reading", text("Reading"), weight=2),
        Column("question", text("Unclear point"), weight=6),
        Column("chosen", text("Chosen here"), weight=5),
        Column("recommended", text("Recommended"), weight=5),
    )
    warning = say(
        text("This report departs from the recommended readings in %(count)s points."), count=len(changed)
    )
    if len(changed) == 1:
        warning = say(text("This report departs from the recommended readings in one point."))
    title = say(text("Departures from the recommended readings"))
    return [Paragraph(warning, tone="warning"), Table("departures", title, columns, rows)]


def clause_tiles(edition: Edition, findings: pl.DataFrame) -> tuple[Tile, ...]:
    """A tile per module of the edition, in the order of the clauses."""
    outcomes = outcomes_of_rules(findings)
    by_module: dict[str, list[RuleText]] = {}
    for rule in edition.rules.values():
        by_module.setdefault(rule.module, []).append(rule)
    order = {module: place for place, module in enumerate(CLAUSES)}
    modules = sorted(by_module, key=lambda module: order.get(module, len(order)))
    return tuple(_tile(module, by_module[module], outcomes) for module in modules)


def outcomes_of_rules(findings: pl.DataFrame) -> dict[str, Outcome]:
    """The worst outcome of each rule."""
    grouped = findings.group_by("rule").agg(pl.col("outcome").unique())
    return {rule: roll_up(Outcome(value) for value in values) for rule, values in grouped.iter_rows()}


def _tile(module: str, rules: Sequence[RuleText], outcomes: Mapping[str, Outcome]) -> Tile:
    each = {rule.id: outcomes.get(rule.id, Outcome.INSUFFICIENT) for rule in rules}
    counting = [rule.id for rule in rules if rule.counts_in_verdict]
    worst = roll_up(each[name] for name in counting) if counting else Outcome.INFORMATION
    clause, title = CLAUSES.get(module, ("", module))
    told = counting or list(each)
    counts = {outcome: sum(each[name] == outcome for name in told) for outcome in OUTCOME_ORDER}
    return Tile(clause, title, worst, counts, bool(counting), f"clause-{module}", len(each) - len(counting))


def next_steps(assessment: Assessment, found: Sequence[Obstacle], whole: Decimal | None) -> tuple[Section, Table]:
    """Obstacles in order of effect, with what settles each; the section, and the table of all of them."""
    title = say(text("What to do next"))
    rows = [_action(assessment, place, each, whole) for place, each in enumerate(found, start=1)]
    heading = say(text("Steps, the one that holds back most spend first"))
    nothing = say(text("Nothing stands in the way at this stage."))
    table = Table(ACTIONS, heading, ACTION_COLUMNS, rows, shown=_ACTIONS_SHOWN, empty=nothing)
    if not found:
        return Section("next", title, (Paragraph(nothing),)), table
    note = text(
        "Spend held back: that of all sourcing positions which the step leads to; what concerns the company as "
        "such holds back all of it. Becomes provable: the part of it that is not provable today and that no step "
        "about other subjects stands before. Steps overlap, so the shares do not add up."
    )
    return Section("next", title, (table, Note(say(note)))), table


def _action(assessment: Assessment, place: int, each: Obstacle, whole: Decimal | None) -> Row:
    rules, first = each.rules, cast("Mapping[str, Any]", each.first)
    why: Cell = sentence_of(assessment, first)
    if each.subjects > 1:
        why = say(text("%(why)s (And %(count)s more like this.)"), why=why, count=each.subjects - 1)
    named = Many(tuple(Reference(anchor_of_rule(rule.id), Id(rule.id)) for rule in rules))
    label = say(text("%(why)s %(rules)s"), why=why, rules=named)
    lacking = each.outcome == Outcome.INSUFFICIENT
    wanted = dict.fromkeys(rule.evidence if lacking else rule.requirement for rule in rules)
    settles = text("Bring: %(what)s") if lacking else text("Required: %(what)s")
    remedy = say(settles, what=Many(tuple(wanted), between="\n"))
    effect = share_or_unknown(each.spend, whole)
    cells = (place, label, each.outcome, effect, share_or_unknown(each.frees, whole), remedy)
    return Row(cells, proof=_proof_of(each, first, whole, assessment.currency))


def _proof_of(
    each: Obstacle, first: Mapping[str, Any], whole: Decimal | None, currency: str | None
) -> tuple[tuple[str, Cell], ...]:
    spend, frees, of = (
        None if value is None else Exact(value, currency) for value in (each.spend, each.frees, whole)
    )
    part_of = text("%(part)s of %(whole)s")
    return (
        (text("Spend held back"), say(part_of, part=spend, whole=of)),
        (text("Becomes provable"), say(part_of, part=frees, whole=of)),
        (text("Findings"), Reference(anchor_of(first["id"]), Id(first["id"]))),
        (text("Positions"), Reference("table-positions", say(text("all sourcing positions")))),
    )
