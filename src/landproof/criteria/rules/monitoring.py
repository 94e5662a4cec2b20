"""Clause 3.5: monitoring of production land behind goods from high-risk origins."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from landproof.criteria.company import months_later
from landproof.criteria.evidence import best, is_cited, judge_entity, uncited, with_document
from landproof.criteria.exposure import MASS_UNTRACED, assessed_positions, is_high, unreached
from landproof.criteria.ladder import first_reason, outcome_of
from landproof.criteria.registry import rule
from landproof.criteria.rows import about_entity
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.domain.vocabulary import HARMS

NO_ALERTS = ("no alerts",)  # what a monitoring statement must name when the alert log is empty
_DAY = timedelta(days=1)


def _high_risk_land(units: pl.DataFrame, positions: pl.DataFrame, depth: pl.DataFrame) -> bool:
    """Whether there is anything to monitor: a high-risk unit, or a high-risk position, traced or not."""
    return units.filter(is_high()).height + assessed_positions(positions, depth).filter(is_high()).height > 0


def intervals(start: date, end: date, months: int) -> list[tuple[date, date]]:
    """The whole intervals of ``months`` in ``start``..``end``, each [from, before); at least the period itself."""
    bounds = [start]
    while months_later(start, months * len(bounds)) <= end + _DAY:
        bounds.append(months_later(start, months * len(bounds)))
    return list(pairwise(bounds)) or [(start, end + _DAY)]


@rule(
    "DCF-3.5-1",
    reasons={
        "screened": text("Plot %(subject)s is enrolled and was screened in every interval of the period."),
        "not-enrolled": text("Plot %(subject)s is not in the monitoring log."),
        "log-incomplete": text("The monitoring log of plot %(subject)s lacks a date or a document."),
        "screen-missed": text("Plot %(subject)s was not screened in every interval of the period."),
        "period-missing": text("The evaluated period is not on file, so plot %(subject)s cannot be judged."),
        "mass-untraced": MASS_UNTRACED,
    },
    absent_when_empty="positions",
)
def plots_screened(
    units: pl.DataFrame,
    monitoring: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    *,
    as_of: date,
    period_start: date | None,
    period_end: date | None,
    monitoring_rhythm: str,
    yearly_screen_months: int,
    half_yearly_screen_months: int,
) -> pl.DataFrame:
    """A system in force, and each high-risk plot screened once in every interval of the period (AMB-40)."""
    system = judge_entity(
        evidence,
        documents,
        topic="monitoring system",
        start=period_start,
        end=period_end,
    )
    if not _high_risk_land(units, positions, depth):
        return system.clear()
    months = yearly_screen_months if monitoring_rhythm == "yearly screen" else half_yearly_screen_months
    due = None if period_start is None or period_end is None else intervals(period_start, period_end, months)
    plots = units.filter(is_high()).select(subject="plot").unique().sort("subject")
    judged = (
        plots.join(_screening(monitoring, documents, due, as_of), on="subject", how="left", maintain_order="left")
        .with_columns(pl.col("reason").fill_null("not-enrolled" if due else "period-missing"))
        .with_columns(outcome=outcome_of("screened", not_met=("screen-missed",)))
    )
    high = assessed_positions(positions, depth).filter(is_high())
    return pl.concat([system, judged, unreached(high, traces)], how="diagonal")


def _screening(
    monitoring: pl.DataFrame, documents: pl.DataFrame, due: Sequence[tuple[date, date]] | None, as_of: date
) -> pl.DataFrame:
    """``subject, reason, evidence`` of each plot in the log; no row at all without a period."""
    log = with_document(monitoring, documents)
    day, enrolled = pl.col("screened_on"), pl.col("enrolled_on")
    unknown = day.is_null() | enrolled.is_null() | ~is_cited(page=None)
    counts = ~unknown & (enrolled <= day) & (day <= as_of)
    in_each = [(counts & (day >= start) & (day < before)).any() for start, before in due or ()]
    return (
        log.group_by(subject="plot")
        .agg(
            screened=pl.all_horizontal(in_each) if due else pl.lit(None, dtype=pl.Boolean),
            unknown=unknown.any(),
            evidence=pl.col("digest").filter(counts).unique().sort(),
        )
        .filter(pl.col("screened").is_not_null())
        .with_columns(
            reason=first_reason(
                (pl.col("screened"), "screened"), (pl.col("unknown"), "log-incomplete"), otherwise="screen-missed"
            )
        )
        .select("subject", "reason", "evidence")
    )


@rule(
    "DCF-3.5-2",
    reasons={
        "layer-in-use": text("A documented layer follows %(subject)s."),
        "no-layer": text("No layer on file follows %(subject)s."),
        "licence-missing": text("The layer for %(subject)s is on file without its licence."),
        "data-date-missing": text("The layer for %(subject)s does not say up to which day its data reach."),
        "data-too-old": text("The data of the layer for %(subject)s end before the evaluated period starts."),
        "resolution-missing": text("The layer for %(subject)s is on file without its resolution."),
        "period-missing": text(
            "The evaluated period is not on file, so the layer for %(subject)s cannot be judged."
        ),
    },
    absent_when_empty="positions",
)
def both_harms_followed(
    units: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    monitoring_layers: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    period_start: date | None,
) -> pl.DataFrame:
    """Each harm is followed on a layer with licence, resolution and data that reach into the period."""
    harms = pl.DataFrame({"subject": HARMS})
    reached = pl.col("data_to")
    rows = with_document(monitoring_layers, documents).select(
        subject="harm",
        digest="digest",
        reason=first_reason(
            (pl.col("licence").str.strip_chars().fill_null("") == "", "licence-missing"),
            (pl.col("resolution_m").is_null(), "resolution-missing"),
            (reached.is_null(), "data-date-missing"),
            (pl.lit(period_start is None), "period-missing"),
            (reached < pl.lit(period_start), "data-too-old"),
            *uncited(page=None),
            otherwise="layer-in-use",
        ),
    )
    order = (
        "layer-in-use", "document-not-in-case", "no-document", "data-too-old", "period-missing",
        "data-date-missing", "resolution-missing", "licence-missing",
    )  # fmt: skip
    judged = (
        harms.join(best(rows, order), on="subject", how="left", maintain_order="left")
        .with_columns(pl.col("reason").fill_null("no-layer"))
        .with_columns(outcome=outcome_of("layer-in-use"))
    )
    return judged if _high_risk_land(units, positions, depth) else judged.clear()


@rule(
    "DCF-3.5-3",
    reasons={
        "recorded": text("Alert %(subject)s has a state, a decision, a date and an owner."),
        "alert-incomplete": text("Alert %(subject)s lacks: %(missing)s."),
        "decided-too-early": text("Alert %(subject)s was decided before it was raised."),
        "decided-later": text("Alert %(subject)s was not decided by the evaluation date."),
        "no-alerts": text("The statement on monitoring says that no alert was raised in the period."),
    },
    absent_when_empty="positions",
)
def alerts_kept(
    units: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    alerts: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    period_start: date | None,
    period_end: date | None,
) -> pl.DataFrame:
    """Each alert has its state, decision, date and owner; an empty log needs a statement that says so."""
    silent = judge_entity(
        evidence,
        documents,
        topic="monitoring system",
        start=period_start,
        end=period_end,
        elements=NO_ALERTS,
    ).with_columns(pl.col("reason").replace({"holds": "no-alerts"}))
    judged = _alerts(alerts, as_of) if alerts.height else silent
    return judged if _high_risk_land(units, positions, depth) else judged.clear()


def _alerts(alerts: pl.DataFrame, as_of: date) -> pl.DataFrame:
    parts = ("state", "decision", "raised_on", "decided_on", "owner")
    lacks = [pl.when(pl.col(part).is_null()).then(pl.lit(part)) for part in parts]
    raised, decided = pl.col("raised_on"), pl.col("decided_on")
    complete = pl.col("missing") == ""
    return (
        alerts.with_columns(missing=pl.concat_str(lacks, separator=", ", ignore_nulls=True))
        .with_columns(
            reason=first_reason(
                (~complete, "alert-incomplete"),
                (decided < raised, "decided-too-early"),
                (decided > as_of, "decided-later"),
                otherwise="recorded",
            )
        )
        .select(
            subject="alert",
            outcome=outcome_of("recorded"),
            reason="reason",
            missing="missing",
        )
    )


@rule(
    "DCF-3.5-4",
    reasons={
        "own-monitoring": text(
            "The company may run its own monitoring, as long as traceability to geolocation is complete and can "
            "be checked."
        )
    },
)
def own_monitoring() -> pl.DataFrame:
    """Information only: the choice of system is free."""
    return about_entity(Outcome.INFORMATION, "own-monitoring")
