"""Clause 3.1: no deforestation and no conversion after the cut-off.

The subject is a plot behind the goods. Goods that must be traced to the plot and are not have their sourcing
position as subject; a converted unit found on a visit has its ticket.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import polars as pl

from landproof.criteria.evidence import judge_evidence, with_document
from landproof.criteria.ladder import digests, first_reason, outcome_of
from landproof.criteria.land_events import (
    degradation,
    forest_loss,
    forest_type_change,
    judged_events,
    last_clean_day,
    other_conversion,
    peat_work,
    to_review,
)
from landproof.criteria.registry import rule
from landproof.criteria.unit_land import (
    elsewhere,
    judged_verdicts,
    land_outcome,
    or_by_expert,
    per_plot,
    reasons,
    untraced,
    worst,
)
from landproof.domain.derived import UNKNOWN_COMMODITY
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome

# A product without a recipe may hold wood fibre.
_MAY_BE_WOOD = pl.col("wood").ne_missing(False) | (pl.col("commodity") == UNKNOWN_COMMODITY)


def _said_of_property(
    units: pl.DataFrame,
    plots: pl.DataFrame,
    plot_status: pl.DataFrame,
    harm: str,
    events: pl.DataFrame,
    last_clean: date,
    unit_tested: str,
) -> list[pl.DataFrame]:
    """What speaks of each unit: its land verdict, the events on it, and what happened on the same property."""
    return [
        judged_verdicts(units, plot_status, harm, last_clean, points_prove=False),
        events,
        elsewhere(plots, units, plot_status, harm, events, unit_tested),
    ]


@rule(
    "DCF-3.1-1",
    absent_when_empty="depth",
    reasons=reasons(
        "outline-needed", "event-small", "elsewhere-on-property", "property-converted", "eudr-shortcut"
    )
    | {
        "converted-unit-found": text("The verifier found a converted unit on a visit (%(subject)s)."),
        "visit-silent": text("The record of %(subject)s does not say whether a converted unit was found."),
    },
)
def no_deforestation(
    units: pl.DataFrame,
    plots: pl.DataFrame,
    plot_status: pl.DataFrame,
    land_events: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    samples: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    cut_off: date,
    cut_off_day: str,
    forest_area_ha: Decimal,
    forest_threshold: str,
    small_findings: str,
    unit_tested: str,
) -> pl.DataFrame:
    """No forest turned to farm use after the cut-off (clause 3.1); a converted unit on a visit always counts."""
    last_clean = last_clean_day(cut_off, cut_off_day)
    small = to_review(forest_area_ha, forest_threshold, small_findings)
    events = judged_events(land_events, documents, last_clean, forest_loss(small))
    each = per_plot(units)
    said = _said_of_property(each, plots, plot_status, "deforestation", events, last_clean, unit_tested)
    visits = with_document(samples, documents).filter(pl.col("converted_unit_found").ne_missing(False))
    found = visits.select(
        subject=pl.lit("ticket:") + pl.col("ticket"),
        reason=first_reason((pl.col("converted_unit_found"), "converted-unit-found"), otherwise="visit-silent"),
        evidence=digests("digest"),
    ).with_columns(outcome=outcome_of(not_met=("converted-unit-found",)))
    gaps = untraced(units, positions, depth, traces)
    return pl.concat([worst(each, said, statement_settles=True), gaps, found], how="diagonal")


@rule(
    "DCF-3.1-2",
    absent_when_empty="depth",
    reasons=reasons("outline-needed", "event-small", "elsewhere-on-property", "property-converted"),
)
def no_conversion(
    units: pl.DataFrame,
    plots: pl.DataFrame,
    plot_status: pl.DataFrame,
    land_events: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    cut_off: date,
    cut_off_day: str,
    forest_area_ha: Decimal,
    forest_threshold: str,
    small_findings: str,
    unit_tested: str,
) -> pl.DataFrame:
    """No other natural ecosystem converted, and no forest turned to a use other than farming (3.1; 1.1)."""
    last_clean = last_clean_day(cut_off, cut_off_day)
    small = to_review(forest_area_ha, forest_threshold, small_findings)
    events = judged_events(land_events, documents, last_clean, other_conversion(small))
    each = per_plot(units)
    said = _said_of_property(each, plots, plot_status, "conversion", events, last_clean, unit_tested)
    return pl.concat([worst(each, said), untraced(units, positions, depth, traces)], how="diagonal")


@rule("DCF-3.1-3", absent_when_empty="depth", reasons=reasons("eudr-shortcut", "expert-clean", "expert-found"))
def no_degradation_for_wood(
    units: pl.DataFrame,
    plot_status: pl.DataFrame,
    land_events: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    documents: pl.DataFrame,
    evidence: pl.DataFrame,
    *,
    as_of: date,
    cut_off: date,
    cut_off_day: str,
    forest_that_counts: str,
) -> pl.DataFrame:
    """Wood fibre only: no forest changed to plantation, other wooded or planted forest (1.1; Definitions)."""
    last_clean = last_clean_day(cut_off, cut_off_day)
    events = judged_events(land_events, documents, last_clean, forest_type_change(forest_that_counts))
    wood = units.filter(_MAY_BE_WOOD)
    each = per_plot(wood)
    verdicts = judged_verdicts(each, plot_status, "wood degradation", last_clean)
    expert = or_by_expert(verdicts, evidence, documents, topic="forest type assessment", as_of=as_of)
    said = [expert, events]
    gaps = untraced(wood, positions.filter(_MAY_BE_WOOD), depth, traces)
    return pl.concat([worst(each, said, statement_settles=True), gaps], how="diagonal")


@rule("DCF-3.1-4", absent_when_empty="depth", reasons=reasons())
def no_peat_work(
    units: pl.DataFrame,
    plot_status: pl.DataFrame,
    land_events: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    cut_off: date,
    cut_off_day: str,
) -> pl.DataFrame:
    """No peat drained, developed or burned after the cut-off; any dated event counts (1.1, AMB-22)."""
    last_clean = last_clean_day(cut_off, cut_off_day)
    each = per_plot(units)
    said = [
        judged_verdicts(each, plot_status, "peat", last_clean),
        judged_events(land_events, documents, last_clean, peat_work()),
    ]
    gaps = untraced(units, positions, depth, traces, only_without_units=True)
    return pl.concat([worst(each, said), gaps], how="diagonal")


@rule("DCF-3.1-5", absent_when_empty="depth", reasons=reasons("slight", "expert-clean", "expert-found"))
def no_degradation_as_conversion(
    units: pl.DataFrame,
    plot_status: pl.DataFrame,
    land_events: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    documents: pl.DataFrame,
    evidence: pl.DataFrame,
    *,
    as_of: date,
    cut_off: date,
    cut_off_day: str,
    degradation_that_counts: str,
) -> pl.DataFrame:
    """Degradation that is large and lasting, irreversible or changes use is conversion (Definitions, AMB-22)."""
    last_clean = last_clean_day(cut_off, cut_off_day)
    each = per_plot(units)
    verdicts = judged_verdicts(each, plot_status, "degradation", last_clean)
    said = [
        or_by_expert(verdicts, evidence, documents, topic="degradation assessment", as_of=as_of),
        judged_events(land_events, documents, last_clean, degradation(degradation_that_counts)),
    ]
    gaps = untraced(units, positions, depth, traces, only_without_units=True)
    return pl.concat([worst(each, said), gaps], how="diagonal")


@rule(
    "DCF-3.1-6",
    absent_when_empty="depth",
    reasons={
        "conversion-all-the-same": text("Permit %(permit)s changes nothing: event %(subject)s is conversion."),
        "open-all-the-same": text("Permit %(permit)s changes nothing: what event %(subject)s was is still open."),
        "no-conversion-anyway": text("Event %(subject)s is no conversion, with or without permit %(permit)s."),
        "plot-not-supplying": text("Event %(subject)s lies on a plot that supplies none of the goods."),
    },
)
def permits_cure_nothing(
    units: pl.DataFrame,
    land_events: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    cut_off: date,
    cut_off_day: str,
    forest_area_ha: Decimal,
    forest_threshold: str,
    small_findings: str,
    forest_that_counts: str,
    degradation_that_counts: str,
) -> pl.DataFrame:
    """Each event with a permit comes to what it would without one (Definitions, conversion)."""
    last_clean = last_clean_day(cut_off, cut_off_day)
    permitted = land_events.filter(pl.col("permit").is_not_null())
    small = to_review(forest_area_ha, forest_threshold, small_findings)
    on_wood = permitted.join(units.filter(_MAY_BE_WOOD), on="plot", how="semi")
    kinds = (
        (permitted, forest_loss(small)),
        (permitted, other_conversion(small)),
        (on_wood, forest_type_change(forest_that_counts)),
        (permitted, peat_work()),
        (permitted, degradation(degradation_that_counts)),
    )
    judged = pl.concat(judged_events(events, documents, last_clean, reported) for events, reported in kinds)
    outcomes = judged.select("event", outcome=land_outcome()).group_by("event").agg(pl.col("outcome").unique())
    supplying = permitted.join(units, on="plot", how="semi").select("event", supplies=pl.lit(True))
    has = pl.col("outcomes").list
    reason = first_reason(
        (pl.col("supplies").is_null(), "plot-not-supplying"),
        (has.contains(Outcome.NOT_MET.value), "conversion-all-the-same"),
        (has.contains(Outcome.INSUFFICIENT.value), "open-all-the-same"),
        otherwise="no-conversion-anyway",
    )
    return (
        with_document(permitted, documents, "permit")
        .join(supplying, on="event", how="left")
        .join(outcomes.rename({"outcome": "outcomes"}), on="event", how="left")
        .with_columns(reason=reason)
        .select(
            "permit",
            "reason",
            subject="event",
            outcome=outcome_of(
                "no-conversion-anyway",
                not_met=("conversion-all-the-same",),
                not_applicable=("plot-not-supplying",),
            ),
            evidence=digests("digest"),
        )
    )


@rule(
    "DCF-3.1-7",
    absent_when_empty="depth",
    reasons=reasons("outline-needed", "use-unknown", "on-watch", "event-small", "eudr-shortcut"),
)
def cause_does_not_matter(
    units: pl.DataFrame,
    plot_status: pl.DataFrame,
    land_events: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    cut_off: date,
    cut_off_day: str,
    forest_area_ha: Decimal,
    forest_threshold: str,
    small_findings: str,
) -> pl.DataFrame:
    """Forest lost to farm use is deforestation whatever the cause; lost without it is watched (EUDR 2(3))."""
    last_clean = last_clean_day(cut_off, cut_off_day)
    small = to_review(forest_area_ha, forest_threshold, small_findings)
    each = per_plot(units)
    said = [
        judged_verdicts(each, plot_status, "deforestation", last_clean, points_prove=False, use_decides=True),
        judged_events(land_events, documents, last_clean, forest_loss(small, watch=True)),
    ]
    gaps = untraced(units, positions, depth, traces, only_without_units=True)
    return pl.concat([worst(each, said, statement_settles=True), gaps], how="diagonal")


def _sorted_land(
    units: pl.DataFrame,
    plot_status: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    harm: str,
    cut_off: date,
    elements: list[str],
) -> pl.DataFrame:
    """Per plot: sorted by its land verdict, or else by a land-class map in force on the cut-off date."""
    settled = plot_status.filter(
        (pl.col("harm") == harm) & pl.col("verdict").is_in(["converted", "not converted"])
    )
    plots = units.select("plot").unique()
    open_plots = plots.join(settled, on="plot", how="anti").with_columns(subject=pl.lit("plot:") + pl.col("plot"))
    mapped = judge_evidence(
        evidence, documents, open_plots, topic="land-class map", start=cut_off, end=cut_off, elements=elements
    )
    by_map = open_plots.join(mapped, on="subject", how="left").drop("subject").rename({"plot": "subject"})
    by_verdict = plots.join(settled, on="plot", how="semi").select(
        subject="plot", outcome=pl.lit(Outcome.MET.value), reason=pl.lit("settled-by-verdict")
    )
    return pl.concat([by_verdict, by_map], how="diagonal")


_SORTED = {
    "settled-by-verdict": text("The land verdict for plot %(subject)s says what stood there on the cut-off date."),
}


@rule("DCF-DEF-1", reasons=_SORTED)
def forest_or_not(
    units: pl.DataFrame,
    plot_status: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    cut_off: date,
    forest_area_ha: Decimal,
    forest_height_m: Decimal,
    forest_cover: Fraction,
    forest_threshold: str,
) -> pl.DataFrame:
    """Settled by a land verdict, or by a map of the cut-off date that records the criteria's own limits.

    The map's record must name each limit in these words: "more than 0.5 ha", "more than 5 m" and "more than
    10 %" (or "at least", if the run reads AMB-55 so).
    """
    limits = (f"{forest_area_ha} ha", f"{forest_height_m} m", f"{forest_cover * 100} %")
    elements = [f"{forest_threshold} {limit}" for limit in limits]
    return _sorted_land(units, plot_status, evidence, documents, "deforestation", cut_off, elements)


@rule("DCF-DEF-2", reasons=_SORTED)
def natural_or_not(
    units: pl.DataFrame,
    plot_status: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    cut_off: date,
) -> pl.DataFrame:
    """Settled by a land verdict, or by a map of the cut-off date that maps all five classes (Definitions)."""
    elements = ["primary-like", "regenerated", "managed semi-natural", "native grassland", "partly degraded"]
    return _sorted_land(units, plot_status, evidence, documents, "conversion", cut_off, elements)
