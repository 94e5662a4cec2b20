"""Clause 3.7: the verifier's sample (method, volume and supplier quotas) and the yearly look at the land."""

from datetime import date
from fractions import Fraction

import polars as pl

from landproof.criteria.evidence import is_cited, uncited, with_document
from landproof.criteria.exposure import UNKNOWN
from landproof.criteria.ladder import digests, first_reason, insufficient, outcome_of
from landproof.criteria.registry import rule
from landproof.criteria.rows import about_entity, results
from landproof.criteria.strata import UNIT, frame_units, is_undecided, quota, sampled_units, strata, tickets_of
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome, outcome_where, total
from landproof.domain.vocabulary import HCV_FEATURES

OVERALL = "overall"


@rule(
    "DCF-3.7-1",
    reasons={
        "random": text("Sample %(subject)s was drawn at random from a complete frame and can be drawn again."),
        "not-random": text("Sample %(subject)s was not drawn at random."),
        "frame-incomplete": text("The frame of sample %(subject)s was not complete."),
        "method-missing": text("Sample %(subject)s does not say how it was drawn."),
        "frame-unknown": text("Sample %(subject)s does not say whether its frame was complete."),
        "seed-missing": text("Sample %(subject)s has no seed on file, so it cannot be drawn again."),
        "digest-missing": text("Sample %(subject)s has no digest of its frame, so it cannot be drawn again."),
        "no-protocol": text("Tickets are on file without the protocol of the draw."),
        "outside-frame": text("Ticket %(subject)s is for goods that its stratum of the frame does not hold."),
    },
)
def drawn_at_random(
    sample_protocol: pl.DataFrame,
    samples: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    documents: pl.DataFrame,
) -> pl.DataFrame:
    """A recorded random draw from a complete frame that anyone can repeat; each ticket is in the frame."""
    blank = {name: pl.col(name).str.strip_chars().fill_null("") == "" for name in ("seed", "frame_digest")}
    judged = with_document(sample_protocol, documents).select(
        subject="protocol",
        evidence=digests("digest"),
        reason=first_reason(
            (pl.col("method") != "random", "not-random"),
            (~pl.col("frame_complete"), "frame-incomplete"),
            (pl.col("method").is_null(), "method-missing"),
            (pl.col("frame_complete").is_null(), "frame-unknown"),
            (blank["seed"], "seed-missing"),
            (blank["frame_digest"], "digest-missing"),
            *uncited(page=None),
            otherwise="random",
        ),
    )
    parts = [judged.with_columns(outcome=outcome_of("random", not_met=("not-random", "frame-incomplete")))]
    frame = strata(positions, depth).select(UNIT).unique()
    parts.append(
        samples.join(frame, on=UNIT, how="anti", nulls_equal=True).select(
            subject="ticket", **insufficient("outside-frame")
        )
    )
    if samples.height and sample_protocol.is_empty():
        parts.append(about_entity(Outcome.INSUFFICIENT, "no-protocol"))
    return pl.concat(parts, how="diagonal")


_QUOTA_REASONS = {
    "quota-reached": text("The sample reaches its quota for %(subject)s."),
    "quota-missed": text("The sample does not reach its quota for %(subject)s."),
    "quota-open": text("Whether the sample reaches its quota for %(subject)s cannot be told yet."),
    "no-sample": text("No sample of this stratum is on file."),
}


def _register_quotas(stratum: str) -> None:
    """Volume (A1, B1) and suppliers (A2, B2) of one stratum."""

    def volume_sampled(
        positions: pl.DataFrame,
        depth: pl.DataFrame,
        samples: pl.DataFrame,
        documents: pl.DataFrame,
        *,
        sampled_volume_share: Fraction,
        volume_quota: str,
    ) -> pl.DataFrame:
        """Tickets carry the share of the stratum's mass, per commodity and overall (AMB-43)."""
        units = _units(positions, depth, stratum)
        tickets = tickets_of(samples, documents, stratum)
        sampled = sampled_units(units, tickets)
        amounts = [sampled.select(subject=pl.lit(OVERALL), part=pl.col("sampled_g").sum(), whole=total("unit_g"))]
        if volume_quota == "per commodity and overall":
            amounts.append(
                sampled.group_by(subject="commodity")
                .agg(part=pl.col("sampled_g").sum(), whole=total("unit_g"))
                .with_columns(pl.col("subject").fill_null(UNKNOWN))
            )
        return _judged(units, tickets, pl.concat(amounts), sampled_volume_share, "g")

    def suppliers_sampled(
        positions: pl.DataFrame,
        depth: pl.DataFrame,
        samples: pl.DataFrame,
        documents: pl.DataFrame,
        *,
        sampled_supplier_share: Fraction,
    ) -> pl.DataFrame:
        """Tickets cover the share of the stratum's first-tier suppliers, rounded up (AMB-44)."""
        units = _units(positions, depth, stratum)
        tickets = tickets_of(samples, documents, stratum)
        sampled = sampled_units(units, tickets)
        # How many suppliers an unnamed one stands for is unknown.
        named = pl.col("supplier").is_not_null()
        amounts = sampled.select(
            subject=pl.lit("suppliers"),
            part=pl.col("supplier").filter(named & pl.col("counts")).n_unique().cast(pl.Int64),
            whole=pl.when(named.all()).then(pl.col("supplier").n_unique().cast(pl.Int64)),
        )
        return _judged(units, tickets, amounts, sampled_supplier_share, "suppliers")

    for number, function in (("1", volume_sampled), ("2", suppliers_sampled)):
        rule(f"DCF-3.7-{stratum}{number}", reasons=_QUOTA_REASONS, absent_when_empty="positions")(function)


def _units(positions: pl.DataFrame, depth: pl.DataFrame, stratum: str) -> pl.DataFrame:
    return frame_units(strata(positions, depth)).filter(pl.col("stratum") == stratum)


def _judged(
    units: pl.DataFrame, tickets: pl.DataFrame, amounts: pl.DataFrame, share: Fraction, unit: str
) -> pl.DataFrame:
    """Findings of one quota; nothing when the stratum holds no goods."""
    if units.is_empty():
        return results([])
    if tickets.is_empty():
        return about_entity(Outcome.INSUFFICIENT, "no-sample")
    reaches = pl.col("reaches")
    return quota(amounts, share, undecided=is_undecided(tickets)).select(
        "subject",
        "part",
        "whole",
        outcome=outcome_where(reaches),
        reason=first_reason(
            (reaches, "quota-reached"), (reaches.is_null(), "quota-open"), otherwise="quota-missed"
        ),
        unit=pl.lit(unit),
    )


_register_quotas("A")
_register_quotas("B")


@rule(
    "DCF-3.7-8",
    reasons={
        "looked-at": text("The state of plot %(subject)s was recorded for the year."),
        "none-occurs": text("None of the features to look at each year occurs on plot %(subject)s."),
        "not-looked-at": text("For plot %(subject)s there is no record of the year on: %(missing)s."),
        "no-plots": text("Position %(subject)s is in the sample, and no plot behind it is on file."),
        "period-missing": text("The evaluated period is not on file, so plot %(subject)s cannot be judged."),
    },
    absent_when_empty="samples",
)
def state_recorded(
    samples: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    line_goods: pl.DataFrame,
    lot_plots: pl.DataFrame,
    hcv_records: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    period_start: date | None,
) -> pl.DataFrame:
    """Plots behind the sample have a record of the year on each feature, wherever one occurs (AMB-46)."""
    reached = (
        strata(positions, depth)
        .join(samples.select(UNIT).unique(), on=UNIT, how="semi", nulls_equal=True)
        .select("position", "required")
        .join(line_goods.select("position", "lot"), on="position", how="left")
        .join(lot_plots.select("lot", "plot"), on="lot", how="left")
        .select("position", "required", "plot")
        .unique()
    )
    plots = reached.select(subject="plot").drop_nulls().unique().sort("subject")
    unseen = (
        reached.group_by("position", "required")
        .agg(pl.col("plot").drop_nulls().len())
        .filter((pl.col("plot") == 0) & (pl.col("required") == "plot"))
    )
    day = pl.col("recorded_on")
    records = with_document(hcv_records, documents).filter(
        is_cited(page=None) & pl.col("occurs").is_not_null() & (day >= pl.lit(period_start)) & (day <= as_of)
    )
    found = records.group_by(subject="plot").agg(
        *((pl.col("feature") == feature).any().alias(feature) for feature in HCV_FEATURES),
        pl.col("occurs").any(),
        evidence=pl.col("digest").unique().sort(),
    )
    lacking = [pl.when(~pl.col(feature).fill_null(False)).then(pl.lit(feature)) for feature in HCV_FEATURES]
    judged = (
        plots.join(found, on="subject", how="left", maintain_order="left")
        .with_columns(missing=pl.concat_str(lacking, separator=", ", ignore_nulls=True))
        .select(
            "subject",
            "missing",
            reason=first_reason(
                (pl.lit(period_start is None), "period-missing"),
                (pl.col("missing") != "", "not-looked-at"),
                (pl.col("occurs"), "looked-at"),
                otherwise="none-occurs",
            ),
            evidence="evidence",
        )
        .with_columns(outcome=outcome_of("looked-at", not_applicable=("none-occurs",)))
    )
    rest = unseen.select(subject="position", **insufficient("no-plots"))
    return pl.concat([judged, rest], how="diagonal")
