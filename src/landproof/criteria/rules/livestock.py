"""Clause 3.7: livestock in the verifier's sample: places, feed, and a quarter of what is sampled."""

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from landproof.criteria.evidence import is_cited, uncited, with_document
from landproof.criteria.exposure import assessed_positions, is_high
from landproof.criteria.ladder import digests, first_reason, insufficient, outcome_of
from landproof.criteria.registry import rule
from landproof.criteria.rows import about_entity, results
from landproof.criteria.strata import UNIT, frame_units, is_undecided, quota, sampled_units, strata, tickets_of
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome, every, outcome_where, total
from landproof.domain.tables import PART_GRAMS

_NO_SAMPLE = text("No sample of this stratum is on file.")
_NO_LIVESTOCK = text("Livestock is in the stratum, and no ticket is for it.")


@dataclass(frozen=True, slots=True)
class _Livestock:
    """The livestock of one stratum and the tickets drawn for it.

    ``framed`` is the whole sampling frame; ``animals`` the tickets for units that are, or may be, animal products
    (feed itself is not); ``gap`` the whole result where there is nothing to look at: no livestock in the stratum,
    no sample of it, or no livestock in the sample.
    """

    framed: pl.DataFrame
    animals: pl.DataFrame
    gap: pl.DataFrame | None


def _livestock(
    positions: pl.DataFrame, depth: pl.DataFrame, samples: pl.DataFrame, documents: pl.DataFrame, stratum: str
) -> _Livestock:
    framed = strata(positions, depth)
    tickets = tickets_of(samples, documents, stratum)
    bred = framed.filter(pl.col("livestock") & pl.col("feed_for").is_null())
    animals = tickets.join(bred.select(UNIT).unique(), on=UNIT, how="semi", nulls_equal=True)
    gap = None
    if bred.filter(pl.col("stratum") == stratum).is_empty():
        gap = results([])
    elif tickets.is_empty():
        gap = about_entity(Outcome.INSUFFICIENT, "no-sample")
    elif animals.is_empty():
        gap = about_entity(Outcome.INSUFFICIENT, "no-livestock")
    return _Livestock(framed, animals, gap)


@rule(
    "DCF-3.7-A3",
    reasons={
        "verified": text(
            "The places where the animals of ticket %(subject)s were kept and the feed plots are verified."
        ),
        "places-refused": text(
            "The check of the places where the animals of ticket %(subject)s were kept failed."
        ),
        "feed-refused": text("The check of the feed plots of ticket %(subject)s failed."),
        "places-open": text("The places where the animals of ticket %(subject)s were kept are not verified yet."),
        "feed-open": text("The feed plots of ticket %(subject)s are not verified yet."),
        "no-sample": _NO_SAMPLE,
        "no-livestock": _NO_LIVESTOCK,
    },
    absent_when_empty="positions",
)
def places_and_feed_verified(
    positions: pl.DataFrame, depth: pl.DataFrame, samples: pl.DataFrame, documents: pl.DataFrame
) -> pl.DataFrame:
    """Each livestock ticket of stratum A has both the places of the animals and the feed plots verified."""
    sampled = _livestock(positions, depth, samples, documents, "A")
    if sampled.gap is not None:
        return sampled.gap
    places, fed = pl.col("places_verified"), pl.col("feed_plots_verified")
    return sampled.animals.select(
        subject="ticket",
        reason=first_reason(
            (~places, "places-refused"),
            (~fed, "feed-refused"),
            (places.is_null(), "places-open"),
            (fed.is_null(), "feed-open"),
            *uncited(page=None),
            otherwise="verified",
        ),
        evidence=digests("digest"),
    ).with_columns(outcome=outcome_of("verified", not_met=("places-refused", "feed-refused")))


_SHARE_REASONS = {
    "share-reached": text("Livestock makes up its share of the sample by %(subject)s."),
    "share-missed": text("Livestock does not make up its share of the sample by %(subject)s."),
    "share-open": text("Whether livestock makes up its share of the sample by %(subject)s cannot be told yet."),
    "census": text("All livestock of the stratum is in the sample, which cannot hold more of it by %(subject)s."),
    "no-sample": _NO_SAMPLE,
}


def _register_share(rule_id: str, stratum: str) -> None:
    def livestock_share(
        positions: pl.DataFrame,
        depth: pl.DataFrame,
        samples: pl.DataFrame,
        documents: pl.DataFrame,
        *,
        livestock_sample_share: Fraction,
        livestock_quota: str,
    ) -> pl.DataFrame:
        """Livestock is a quarter of what the tickets carry and of their suppliers, or all there is (AMB-45)."""
        units = frame_units(strata(positions, depth)).filter(pl.col("stratum") == stratum)
        tickets = tickets_of(samples, documents, stratum)
        if not units["livestock"].any():
            return results([])
        if tickets.is_empty():
            return about_entity(Outcome.INSUFFICIENT, "no-sample")
        return _share(units, tickets, livestock_sample_share, census_counts=livestock_quota == "census counts")

    rule(rule_id, reasons=_SHARE_REASONS, absent_when_empty="positions")(livestock_share)


def _share(units: pl.DataFrame, tickets: pl.DataFrame, share: Fraction, *, census_counts: bool) -> pl.DataFrame:
    """Livestock against the whole sample. The whole holds every ticket, documented or not."""
    animals = sampled_units(units, tickets).filter("livestock")
    volume = animals.select(
        subject=pl.lit("volume"),
        part=pl.col("sampled_g").sum(),
        whole=pl.lit(tickets.select(total("mass_g").cast(PART_GRAMS)).item(), dtype=PART_GRAMS),
        census=every(pl.col("sampled_g") >= pl.col("unit_g")),
        unit=pl.lit("g"),
    )
    counted = pl.col("supplier").filter("counts").n_unique()
    named = tickets["supplier"].null_count() == 0
    suppliers = animals.select(
        subject=pl.lit("suppliers"),
        part=counted.cast(pl.Int64),
        whole=pl.lit(tickets["supplier"].n_unique() if named else None, dtype=pl.Int64),
        census=counted >= pl.col("supplier").n_unique(),
        unit=pl.lit("suppliers"),
    )
    undecided = is_undecided(tickets)
    judged = pl.concat(
        quota(each, share, undecided=undecided).with_columns(pl.col("part", "whole").cast(pl.String))
        for each in (volume, suppliers)
    )
    reaches, by_census = pl.col("reaches"), pl.col("by_census")
    return judged.with_columns(
        by_census=pl.col("census").fill_null(False) & census_counts & ~reaches.fill_null(False)
    ).select(
        "subject",
        "part",
        "whole",
        "unit",
        outcome=outcome_where(reaches | by_census),
        reason=first_reason(
            (by_census, "census"),
            (reaches, "share-reached"),
            (reaches.is_null(), "share-open"),
            otherwise="share-missed",
        ),
    )


_register_share("DCF-3.7-A4", "A")
_register_share("DCF-3.7-B5", "B")


def _feed_behind(
    sampled: _Livestock,
    tickets_a: pl.DataFrame,
    line_goods: pl.DataFrame,
    purchases: pl.DataFrame,
    feed: pl.DataFrame,
    documents: pl.DataFrame,
) -> pl.DataFrame:
    """For each livestock ticket and product of it: the feed positions, and whether their plots are verified.

    ``unknown``: the product has neither a feed position nor a record that it is given no agri-food feed.
    """
    products = (
        sampled.animals.join(sampled.framed.select(*UNIT, "position"), on=UNIT, how="left", nulls_equal=True)
        .join(line_goods.select("position", "line"), on="position", how="left")
        .join(purchases.select("line", "product"), on="line", how="left")
        .select("ticket", "supplier", "feed_plots_verified", "product")
        .unique()
    )
    verified_a = (
        tickets_a.filter(pl.col("problem").is_null() & pl.col("feed_plots_verified"))
        .select(UNIT[1:])
        .unique()
        .with_columns(in_sample=pl.lit(value=True))
    )
    fed = sampled.framed.filter(pl.col("feed_for").is_not_null()).join(
        verified_a, on=UNIT[1:], how="left", nulls_equal=True
    )
    unfed = _without_feed(feed, documents)
    components = fed.select("supplier", "in_sample", "level", product="feed_for", feed_position="position")
    return (
        products.join(components, on=["supplier", "product"], how="left", nulls_equal=True)
        .join(unfed, on=["supplier", "product"], how="left", nulls_equal=True)
        .join(unfed.filter(pl.col("supplier").is_null()).select("product", "no_feed"), on="product", how="left")
        .with_columns(
            unknown=pl.col("feed_position").is_null() & pl.coalesce("no_feed", "no_feed_right").is_null(),
            verified=pl.when("in_sample").then(pl.lit(value=True)).otherwise("feed_plots_verified"),
        )
    )


def _without_feed(feed: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """``supplier, product`` that a document says are given no agri-food feed; without supplier, all of it."""
    return (
        with_document(feed, documents)
        .filter(pl.col("no_agri_food_feed") & is_cited())
        .select("supplier", "product", no_feed=pl.lit(value=True))
        .unique()
    )


@rule(
    "DCF-3.7-B3",
    reasons={
        "low-risk": text("The animals of ticket %(subject)s and their feed come from low-risk countries."),
        "origin-refused": text(
            "The check of the country where the animals of ticket %(subject)s were kept failed."
        ),
        "origin-open": text("The country where the animals of ticket %(subject)s were kept is not verified yet."),
        "feed-refused": text(
            "Ticket %(subject)s has feed from a high-risk country, and the check of its plots failed."
        ),
        "feed-open": text(
            "Ticket %(subject)s has feed from a high-risk country whose plots are not verified yet."
        ),
        "feed-unknown": text("The feed behind ticket %(subject)s is not on file."),
        "no-sample": _NO_SAMPLE,
        "no-livestock": _NO_LIVESTOCK,
    },
    absent_when_empty="positions",
)
def animals_and_feed_low_risk(
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    samples: pl.DataFrame,
    documents: pl.DataFrame,
    line_goods: pl.DataFrame,
    purchases: pl.DataFrame,
    feed: pl.DataFrame,
) -> pl.DataFrame:
    """Animals kept in low-risk countries; feed grown in low-risk countries or, where not, its plots verified."""
    sampled = _livestock(positions, depth, samples, documents, "B")
    if sampled.gap is not None:
        return sampled.gap
    verified = tickets_of(samples, documents, "A")
    behind = _feed_behind(sampled, verified, line_goods, purchases, feed, documents)
    by_ticket = behind.group_by("ticket").agg(
        unknown=pl.col("unknown").any(),
        # The careful side: feed of an unknown level is high.
        feed_holds=every(pl.when(pl.col("feed_position").is_null() | ~is_high()).then(True).otherwise("verified")),
    )
    origin, holds = pl.col("origin_verified"), pl.col("feed_holds")
    return (
        sampled.animals.join(by_ticket, on="ticket", how="left", maintain_order="left")
        .select(
            subject="ticket",
            reason=first_reason(
                (~origin, "origin-refused"),
                (~holds, "feed-refused"),
                (pl.col("unknown"), "feed-unknown"),
                (holds.is_null(), "feed-open"),
                (origin.is_null(), "origin-open"),
                *uncited(page=None),
                otherwise="low-risk",
            ),
            evidence=digests("digest"),
        )
        .with_columns(outcome=outcome_of("low-risk", not_met=("origin-refused", "feed-refused")))
    )


@rule(
    "DCF-3.7-B4",
    reasons={
        "feed-verified": text("The plots of the feed in %(subject)s are verified."),
        "feed-refused": text("The check of the plots of the feed in %(subject)s failed."),
        "feed-open": text("The plots of the feed in %(subject)s are not verified yet."),
        "feed-unknown": text("The feed behind ticket %(subject)s is not on file."),
        "no-sample": _NO_SAMPLE,
        "no-livestock": _NO_LIVESTOCK,
    },
    absent_when_empty="positions",
)
def feed_plots_verified(
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    samples: pl.DataFrame,
    documents: pl.DataFrame,
    line_goods: pl.DataFrame,
    purchases: pl.DataFrame,
    feed: pl.DataFrame,
    *,
    low_risk_feed: str,
) -> pl.DataFrame:
    """Feed behind a low-risk livestock ticket that must be traced to plots has its plots verified (AMB-30)."""
    sampled = _livestock(positions, depth, samples, documents, "B")
    if sampled.gap is not None:
        return sampled.gap
    verified = tickets_of(samples, documents, "A")
    behind = _feed_behind(sampled, verified, line_goods, purchases, feed, documents)
    unknown = behind.filter("unknown").select(subject="ticket").unique()
    to_plot = behind.join(
        assessed_positions(positions, depth, low_risk_feed=low_risk_feed)
        .filter(pl.col("required") == "plot")
        .select(feed_position="position"),
        on="feed_position",
        how="semi",
    )
    judged = to_plot.group_by("ticket", "feed_position").agg(holds=every(pl.col("verified")))
    shown = judged.select(
        subject=pl.concat_str("ticket", pl.lit(": "), "feed_position"),
        outcome=outcome_where(pl.col("holds")),
        reason=first_reason(
            (pl.col("holds"), "feed-verified"), (pl.col("holds").is_null(), "feed-open"), otherwise="feed-refused"
        ),
    )
    return pl.concat([shown, unknown.select("subject", **insufficient("feed-unknown"))], how="diagonal")
