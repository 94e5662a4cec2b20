"""What stands in the way, and how much spend each obstacle holds back.

An obstacle is a rule that counts, an outcome that blocks and a reason. Its effect is the spend of the
sourcing positions that its subjects lead to. A subject is looked up as position, commodity, supplier,
product, purchase line, lot (also further upstream), plot, the records tied to those, and the company; a
subject that leads nowhere has an unknown effect, which is said, not taken as none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from landproof.criteria.edition import ASSESSED_STAGES, RuleText
from landproof.criteria.judge import ENTITY
from landproof.domain.outcome import Outcome
from landproof.reporting.amounts import exact_sum
from landproof.reporting.assessment import Assessment

_BLOCKING = (Outcome.NOT_MET.value, Outcome.INSUFFICIENT.value)
# Records that findings are about: their table, their key, what they are tied to, and how a finding names them.
_RECORDS = (
    ("alerts", "alert", "plot", ""),
    ("land_events", "event", "plot", ""),
    ("assessments", "assessment", "plot", ""),
    ("assessments", "assessment", "lot", ""),
    ("claims", "claim", "lot", ""),
    ("eudr_statements", "reference_number", "lot", ""),
    ("samples", "ticket", "supplier", ""),
    ("samples", "ticket", "supplier", "ticket:"),
)
_MOST_UPSTREAM = 100  # longer chains than this are cycles, which the chain's own rules report


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing to do: a rule, an outcome, a reason; ``spend`` is what it holds back, None if unknown."""

    rule: RuleText
    outcome: Outcome
    reason: str
    subjects: int
    first: Mapping[str, object]
    spend: Decimal | None


def counts_in_verdict(rule: RuleText) -> bool:
    """Whether a rule decides the entity's verdict (`landproof.criteria.judge.verdict`)."""
    return rule.stage in ASSESSED_STAGES and rule.kind in ("mandatory", "exclusion")


def obstacles(assessment: Assessment, findings: pl.DataFrame) -> list[Obstacle]:
    """All obstacles, the one that holds back most spend first.

    Of equals, missing evidence comes before a failure, since a document is cheaper than a new supplier;
    then the one with fewer subjects. ``findings`` are numbered.
    """
    rules = assessment.edition.rules
    counted = [name for name, rule in rules.items() if counts_in_verdict(rule)]
    open_findings = findings.filter(pl.col("rule").is_in(counted) & pl.col("outcome").is_in(_BLOCKING))
    spend = _spend_of_subjects(assessment)
    everything = _spend_of(assessment.table("positions"))
    found: list[Obstacle] = []
    for key, group in open_findings.group_by("rule", "outcome", "reason", maintain_order=True):
        rule, outcome, reason = (str(part) for part in key)
        subjects = group["subject"].unique()
        held = everything if ENTITY in subjects else _held_back(spend, subjects)
        first = group.row(0, named=True)
        found.append(Obstacle(rules[rule], Outcome(outcome), reason, len(subjects), first, held))
    order = {name: place for place, name in enumerate(rules)}
    return sorted(found, key=lambda each: _order(each, order))


def _order(each: Obstacle, order: Mapping[str, int]) -> tuple[bool, Decimal, bool, int, int, str]:
    failed = each.outcome == Outcome.NOT_MET
    return (
        each.spend is None,
        -(each.spend or Decimal(0)),
        failed,
        each.subjects,
        order[each.rule.id],
        each.reason,
    )


def _spend_of(positions: pl.DataFrame) -> Decimal | None:
    known = positions.filter(pl.col("feed_for").is_null())["spend"].drop_nulls()
    return exact_sum(known) if len(known) else None


def _held_back(spend: pl.DataFrame, subjects: pl.Series) -> Decimal | None:
    """Spend of the positions that ``subjects`` lead to, each counted once."""
    reached = spend.filter(pl.col("subject").is_in(subjects.to_list())).unique("position")
    known = reached["spend"].drop_nulls()
    return exact_sum(known) if len(known) else None


def _spend_of_subjects(assessment: Assessment) -> pl.DataFrame:
    """``subject, position, spend`` for everything that a finding may be about."""
    positions = assessment.table("positions")
    lines = assessment.table("line_goods").select("line", "position", "lot").drop_nulls("position")
    products = lines.join(assessment.table("purchases").select("line", "product", "business_unit"), on="line")
    lots = pl.concat([lines.select("lot", "position"), assessment.table("traces").select("lot", "position")])
    lots = _upstream(assessment, lots.drop_nulls().unique())
    plots = lots.join(assessment.table("lot_plots").select("lot", "plot"), on="lot")
    origin = pl.col("commodity") + "|" + pl.col("country")
    kinds = {
        "position": positions.select(subject="position", position="position"),
        "commodity": positions.select(subject="commodity", position="position"),
        "supplier": positions.select(subject="supplier", position="position"),
        "origin": positions.select(subject=origin, position="position"),
        "line": lines.select(subject="line", position="position"),
        "product": products.select(subject="product", position="position"),
        "business_unit": products.select(subject="business_unit", position="position"),
        "lot": lots.select(subject="lot", position="position"),
        "plot": plots.select(subject="plot", position="position"),
    }
    pairs = [*kinds.values()]
    pairs += [
        found.select(subject=pl.lit(f"{kind}:") + pl.col("subject"), position="position")
        for kind, found in kinds.items()
    ]
    pairs += [
        assessment.table(table).join(kinds[by], left_on=by, right_on="subject").select(
            subject=pl.lit(prefix) + pl.col(key), position="position"
        )
        for table, key, by, prefix in _RECORDS
    ]  # fmt: skip
    bought = _to_bought(positions, products)
    return (
        pl.concat(pairs)
        .drop_nulls()
        .join(bought, on="position", how="left")
        .with_columns(position=pl.coalesce("bought", "position"))
        .select("subject", "position")
        .unique()
        .join(positions.select("position", "spend", "feed_for"), on="position")
        .filter(pl.col("feed_for").is_null())
        .select("subject", "position", "spend")
    )


def _to_bought(positions: pl.DataFrame, products: pl.DataFrame) -> pl.DataFrame:
    """``position, bought``: from a feed position to the bought positions of the product that it feeds."""
    return (
        positions.filter(pl.col("feed_for").is_not_null())
        .select("position", "feed_for")
        .join(products.select(feed_for="product", bought="position").unique(), on="feed_for")
        .select("position", "bought")
    )


def _upstream(assessment: Assessment, lots: pl.DataFrame) -> pl.DataFrame:
    """``lot, position`` with all lots further up the chain."""
    inputs = assessment.table("deliveries").select("lot", "input_lot").drop_nulls().unique()
    found, frontier = lots, lots
    for _ in range(_MOST_UPSTREAM):
        above = frontier.join(inputs, on="lot").select(lot="input_lot", position="position").unique()
        frontier = above.join(found, on=["lot", "position"], how="anti")
        if frontier.is_empty():
            break
        found = pl.concat([found, frontier])
    return found


def blockers_in_words(found: Sequence[Obstacle]) -> tuple[int, int]:
    """How many obstacles are failures, and how many are missing evidence."""
    failed = sum(each.outcome == Outcome.NOT_MET for each in found)
    return failed, len(found) - failed
