"""What stands in the way, and how much spend each obstacle holds back.

An obstacle is one cause that blocks rules that count: an outcome, a reason and its subjects. Rules that give
the same reason, with the same values, for the same subjects share one cause: settle it once and all of them are
settled. Reasons that every rule may give ("no document is on file") are a cause for each rule.

Its effect is the spend of the sourcing positions that its subjects lead to. What it frees is the part of that
which is not provable today and which no obstacle about other subjects stands before; obstacles about the company
as such stand before the certificate, not before spend, and free none. A subject is looked up as position,
commodity, supplier, product, purchase line, lot (also further upstream), plot, the records tied to those, and
the company; a subject that leads nowhere has an unknown effect, which is said, not taken as none.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from landproof.criteria.edition import RuleText
from landproof.criteria.registry import COMMON_REASONS
from landproof.domain.outcome import Outcome
from landproof.domain.vocabulary import ENTITY
from landproof.reporting.amounts import exact_sum
from landproof.reporting.assessment import Assessment
from landproof.reporting.provable import Provability

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
    """One thing to do; ``rules`` are settled together, ``first`` is one of its findings.

    ``spend`` is what it holds back and ``frees`` what would be provable without it, each None if unknown;
    ``whole_company`` where it is about the company as such.
    """

    rules: tuple[RuleText, ...]
    outcome: Outcome
    subjects: int
    first: Mapping[str, object]
    spend: Decimal | None
    frees: Decimal | None
    whole_company: bool


def obstacles(assessment: Assessment, findings: pl.DataFrame, found: Provability) -> list[Obstacle]:
    """All obstacles, the one that holds back most spend first.

    Of equals, the one that frees more comes first; then missing evidence before a failure, since a document is
    cheaper than a new supplier; then the one with fewer subjects. ``findings`` are numbered.
    """
    rules = assessment.edition.rules
    counted = [name for name, rule in rules.items() if rule.counts_in_verdict]
    blocking = pl.col("rule").is_in(counted) & pl.col("outcome").is_in(_BLOCKING)
    causes = _causes(assessment, findings.filter(blocking))
    spend = _spend_of_subjects(assessment)
    everything = _spend_of(assessment.table("positions"))
    reached = {number: _reached(spend, cause) for number, cause in enumerate(causes)}
    alone = _alone(causes, reached, found)
    made: list[Obstacle] = []
    for number, cause in enumerate(causes):
        whole_company = ENTITY in cause["subject"]
        held = everything if whole_company else _known_spend(reached[number])
        frees = None if held is None else Decimal(0) if whole_company else _all_spend(alone[number])
        first = cause.row(0, named=True)
        named = tuple(rules[name] for name in cause["rule"].unique(maintain_order=True))
        subjects = cause["subject"].n_unique()
        made.append(Obstacle(named, Outcome(first["outcome"]), subjects, first, held, frees, whole_company))
    order = {name: place for place, name in enumerate(rules)}
    return sorted(made, key=lambda each: _order(each, order))


def _causes(assessment: Assessment, open_findings: pl.DataFrame) -> list[pl.DataFrame]:
    """The open findings by cause, in the order of the edition."""
    grouped: dict[tuple[Hashable, ...], list[pl.DataFrame]] = {}
    for key, group in open_findings.group_by("rule", "outcome", "reason", maintain_order=True):
        rule, outcome, reason = (str(part) for part in key)
        shared: Hashable = rule
        if reason not in COMMON_REASONS:
            said = group.select("subject", "values").unique().sort("subject", "values").rows()
            shared = (assessment.sentence_of(rule, reason), tuple(said))
        grouped.setdefault((outcome, reason, shared), []).append(group)
    return [pl.concat(groups) for groups in grouped.values()]


def _order(each: Obstacle, order: Mapping[str, int]) -> tuple[bool, Decimal, Decimal, bool, int, int, str]:
    failed = each.outcome == Outcome.NOT_MET
    return (
        each.spend is None,
        -(each.spend or Decimal(0)),
        -(each.frees or Decimal(0)),
        failed,
        each.subjects,
        order[each.rules[0].id],
        str(each.first["reason"]),
    )


def _reached(spend: pl.DataFrame, cause: pl.DataFrame) -> pl.DataFrame:
    """The positions that the subjects of ``cause`` lead to, each once."""
    subjects = cause["subject"].unique().to_list()
    return spend.filter(pl.col("subject").is_in(subjects)).unique("position").select("position", "spend")


def _alone(
    causes: Sequence[pl.DataFrame], reached: Mapping[int, pl.DataFrame], found: Provability
) -> dict[int, pl.DataFrame]:
    """For each cause, the positions not provable today that no cause about other subjects reaches."""
    stuck = found.positions.filter(
        ~pl.col("provable") & pl.col("feed_for").is_null() & pl.col("assessed").fill_null(True)
    ).select("position")
    about = {number: "\n".join(cause["subject"].unique().sort()) for number, cause in enumerate(causes)}
    pairs = [each.select("position", about=pl.lit(about[number])) for number, each in reached.items()]
    if not pairs:
        return {}
    per_position = pl.concat(pairs).group_by("position").agg(pl.col("about").n_unique())
    once = per_position.filter(pl.col("about") == 1).join(stuck, on="position", how="semi")
    return {number: each.join(once, on="position", how="semi") for number, each in reached.items()}


def _spend_of(positions: pl.DataFrame) -> Decimal | None:
    known = positions.filter(pl.col("feed_for").is_null())["spend"].drop_nulls()
    return exact_sum(known) if len(known) else None


def _known_spend(positions: pl.DataFrame) -> Decimal | None:
    """Known spend of ``positions``; None where there is none, since nothing ties the subjects to spend."""
    known = positions["spend"].drop_nulls()
    return exact_sum(known) if len(known) else None


def _all_spend(positions: pl.DataFrame) -> Decimal | None:
    """Spend of ``positions``, 0 of none; None where the spend of one is unknown."""
    return None if positions["spend"].null_count() else exact_sum(positions["spend"])


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
