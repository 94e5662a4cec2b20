"""Clause 3.4: due diligence, full for high-risk origins and the six commodities, to the origin for the rest."""

from datetime import date

import polars as pl

from landproof.criteria.evidence import (
    best,
    is_cited,
    judge_entity,
    judge_scopes,
    uncited,
    with_document,
)
from landproof.criteria.exposure import MASS_UNTRACED, UNKNOWN, assessed_positions, is_high, is_six, unreached
from landproof.criteria.ladder import digests, first_reason, outcome_of
from landproof.criteria.registry import rule
from landproof.criteria.rows import about_entity, results
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.domain.vocabulary import ENTITY

# What the documents must name beside the answer (column ``elements`` of ``evidence``).
SYSTEM_ELEMENTS = ("approved", "in use")
SIMPLIFIED_ELEMENTS = ("chain complexity", "mixing")
FOOTNOTE_ELEMENTS = (*SIMPLIFIED_ELEMENTS, "risk assessment", "risk mitigation")
BREADTH_ELEMENTS = ("environmental risk", "social risk")


def _needs_full(diligence_scope: str) -> pl.Expr:
    """Goods that need due diligence to the unit; all others need it to the origin (AMB-38)."""
    return is_high() | is_six() if diligence_scope == "high-risk and the six" else is_high()


def _in_full(positions: pl.DataFrame, depth: pl.DataFrame, scope: str, low_risk_feed: str) -> pl.DataFrame:
    """Assessed positions with ``full``: whether they need due diligence to the unit (AMB-30, AMB-38)."""
    to_plot = pl.col("required") == "plot"
    return assessed_positions(positions, depth, low_risk_feed=low_risk_feed).with_columns(
        full=_needs_full(scope) & (is_high() | to_plot)
    )


@rule("DCF-3.4-1", reasons={}, absent_when_empty="positions")
def system_in_force(
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    period_start: date | None,
    period_end: date | None,
    cut_off: date,
    diligence_scope: str,
    low_risk_feed: str,
    system_since: str,
) -> pl.DataFrame:
    """A system, approved and in use over the whole period, covers each commodity that needs it (AMB-56)."""
    full = _in_full(positions, depth, diligence_scope, low_risk_feed).filter("full")
    commodities = full.select("commodity").unique()
    subject = pl.concat_str(pl.lit("commodity:"), pl.col("commodity").fill_null(UNKNOWN))
    scopes = pl.concat(
        commodities.select(subject=subject, scope=scope) for scope in (subject, pl.lit(ENTITY))
    ).sort("subject", "scope")
    return judge_scopes(
        evidence,
        documents,
        scopes,
        topic="due diligence system",
        start=period_start if system_since == "evaluated period" else cut_off,
        end=period_end,
        elements=SYSTEM_ELEMENTS,
    )


@rule(
    "DCF-3.4-2",
    reasons={
        "assessed": text("The assessment of unit %(subject)s is concluded and on file."),
        "not-assessed": text("Unit %(subject)s has no assessment."),
        "not-concluded": text("The assessment of unit %(subject)s was not concluded by the evaluation date."),
        "too-early": text("The assessment of unit %(subject)s was concluded before the cut-off date had passed."),
        "mass-untraced": MASS_UNTRACED,
    },
    absent_when_empty="positions",
)
def unit_assessed(
    units: pl.DataFrame,
    assessments: pl.DataFrame,
    documents: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    *,
    as_of: date,
    cut_off: date,
    diligence_scope: str,
    low_risk_feed: str,
) -> pl.DataFrame:
    """Each unit has an assessment concluded after the cut-off and by ``as_of``; untraced mass has no unit."""
    needed = units.filter(_needs_full(diligence_scope)).select(subject="plot").unique().sort("subject")
    concluded = pl.col("concluded_on")
    rows = with_document(assessments, documents).select(
        subject="plot",
        digest="digest",
        reason=first_reason(
            (concluded.is_null() | (concluded > as_of), "not-concluded"),
            (concluded <= cut_off, "too-early"),
            *uncited(),
            otherwise="assessed",
        ),
    )
    order = ("assessed", "no-page", "document-not-in-case", "no-document", "too-early", "not-concluded")
    judged = needed.join(best(rows, order), on="subject", how="left", maintain_order="left").with_columns(
        pl.col("reason").fill_null("not-assessed")
    )
    full = _in_full(positions, depth, diligence_scope, low_risk_feed).filter("full")
    return pl.concat(
        [judged.with_columns(outcome=outcome_of("assessed")), unreached(full, traces)], how="diagonal"
    )


def _scopes_of(positions: pl.DataFrame) -> pl.DataFrame:
    """The words under which a document may cover a position, a row for each."""
    words = {
        "position": pl.concat_str(pl.lit("position:"), "position"),
        "supplier": pl.concat_str(pl.lit("supplier:"), "supplier"),
        "origin": pl.concat_str(pl.lit("origin:"), "commodity", pl.lit("|"), "country"),
    }
    # A word with an unknown part is null and covers nothing.
    named = pl.concat(positions.select(subject="position", scope=word) for word in words.values())
    return named.drop_nulls().sort("subject", "scope")


@rule(
    "DCF-3.4-3",
    reasons={
        "through-chain": text(
            "Every lot of position %(subject)s is traced to plots, or to a facility that sources from low-risk "
            "countries only."
        )
    },
    absent_when_empty="positions",
)
def origin_evidenced(
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    traces: pl.DataFrame,
    lots: pl.DataFrame,
    facilities: pl.DataFrame,
    origin_risk: pl.DataFrame,
    *,
    period_start: date | None,
    period_end: date | None,
    diligence_scope: str,
    low_risk_feed: str,
) -> pl.DataFrame:
    """Low-risk other goods: a document on the country of origin, or facilities that say as much (AMB-34)."""
    low = _in_full(positions, depth, diligence_scope, low_risk_feed).filter(~pl.col("full"))
    judged = judge_scopes(
        evidence,
        documents,
        _scopes_of(low),
        topic="country of origin",
        start=period_start,
        end=period_end,
    )
    shown = _through_chain(low, traces, lots, facilities, documents, origin_risk)
    # The chain shows an origin that nobody denies.
    by_chain = (pl.col("outcome") == Outcome.INSUFFICIENT.value) & pl.col("chain_evidence").is_not_null()
    return judged.join(shown, left_on="subject", right_on="position", how="left", maintain_order="left").select(
        "subject",
        outcome=pl.when(by_chain).then(pl.lit(Outcome.MET.value)).otherwise("outcome"),
        reason=pl.when(by_chain).then(pl.lit("through-chain")).otherwise("reason"),
        evidence=pl.when(by_chain).then("chain_evidence").otherwise("evidence"),
    )


def _through_chain(
    positions: pl.DataFrame,
    traces: pl.DataFrame,
    lots: pl.DataFrame,
    facilities: pl.DataFrame,
    documents: pl.DataFrame,
    origin_risk: pl.DataFrame,
) -> pl.DataFrame:
    """Positions whose every line reaches plots, or a facility documented to source from low risk only."""
    areas = with_document(facilities, documents).with_columns(documented=is_cited())
    levels = origin_risk.select("commodity", "list", area="level", sources_from="country")
    to_plot = pl.col("depth") == "plot"
    # An area that is not on file is not known to be low: unknown ends as false here.
    low = pl.col("area").eq_missing("low") & pl.col("documented")
    return (
        positions.select("position", "commodity", "list")
        .join(traces.select("position", "lot", "depth"), on="position")
        .join(lots.select("lot", "facility"), on="lot", how="left")
        .join(areas.select("facility", "sources_from", "documented", "digest"), on="facility", how="left")
        .explode("sources_from")
        .join(levels, on=["commodity", "list", "sources_from"], how="left")
        .group_by("position")
        .agg(
            shown=(to_plot | low).fill_null(False).all(),
            chain_evidence=pl.col("digest").drop_nulls().unique().sort(),
        )
        .filter("shown")
        .select("position", "chain_evidence")
    )


@rule("DCF-3.4-4", reasons={}, absent_when_empty="positions")
def simplified_allowed(
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    period_start: date | None,
    period_end: date | None,
    simplified_route: str,
) -> pl.DataFrame:
    """Low-risk goods: chain complexity and mixing were looked at and leave no doubt (AMB-39)."""
    low = assessed_positions(positions, depth).filter(~is_high())
    return judge_scopes(
        evidence,
        documents,
        _scopes_of(low),
        topic="simplified due diligence",
        start=period_start,
        end=period_end,
        elements=SIMPLIFIED_ELEMENTS if simplified_route == "regulation" else FOOTNOTE_ELEMENTS,
    )


@rule(
    "DCF-3.4-5",
    reasons={
        "own-system": text(
            "The company may run its own due diligence system or follow EUDR, as long as traceability to "
            "geolocation is complete and can be checked."
        )
    },
)
def own_diligence_system() -> pl.DataFrame:
    """Information only: the choice of system is free."""
    return about_entity(Outcome.INFORMATION, "own-system")


@rule(
    "DCF-3.4-6",
    reasons={
        "complete": text("Assessment %(subject)s holds information, risk and, where needed, mitigation."),
        "information-missing": text("Assessment %(subject)s names no information that it considered."),
        "risk-missing": text("Assessment %(subject)s does not say which risk it found."),
        "mitigation-missing": text(
            "Assessment %(subject)s found a risk that is not negligible and records no mitigation."
        ),
        "no-assessments": text("Goods need full due diligence, and no assessment is on file."),
    },
    absent_when_empty="positions",
)
def assessment_content(
    assessments: pl.DataFrame,
    documents: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    *,
    diligence_scope: str,
    low_risk_feed: str,
) -> pl.DataFrame:
    """Each assessment holds information, a risk, and mitigation where the risk is not negligible."""
    if assessments.is_empty():
        needed = _in_full(positions, depth, diligence_scope, low_risk_feed).filter("full").height
        return about_entity(Outcome.INSUFFICIENT, "no-assessments") if needed else results([])
    mitigated = pl.col("mitigation").str.strip_chars().fill_null("") != ""
    judged = with_document(assessments, documents).select(
        subject="assessment",
        reason=first_reason(
            ((pl.col("risk") != "negligible") & ~mitigated, "mitigation-missing"),
            (pl.col("inputs").list.len().fill_null(0) == 0, "information-missing"),
            (pl.col("risk").is_null(), "risk-missing"),
            *uncited(),
            otherwise="complete",
        ),
        evidence=digests("digest"),
    )
    return judged.with_columns(outcome=outcome_of("complete", not_met=("mitigation-missing",)))


@rule("DCF-3.4-7", reasons={})
def breadth(evidence: pl.DataFrame, documents: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The risk register in force covers environmental and social risk."""
    return judge_entity(
        evidence,
        documents,
        topic="due diligence breadth",
        start=as_of,
        end=as_of,
        elements=BREADTH_ELEMENTS,
    )
