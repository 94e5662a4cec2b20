"""What is on file about the land of each production unit, and what it comes to (clause 3.1).

A land verdict, the events that people reported, and what happened elsewhere on the property each speak for
themselves; the worst word counts. So a reported event never makes a land verdict better, and only two
things can: a use afterwards that is no farming (DCF-3.1-7), and an EUDR statement where the criteria accept it.
"""

from collections.abc import Iterable
from datetime import date

import polars as pl

from landproof.criteria.evidence import judge_evidence
from landproof.criteria.exposure import is_assessed
from landproof.criteria.ladder import digests, first_reason, insufficient, outcome_of
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome, total

# Worst first: the first of these that is said of a unit is its reason.
_NOT_MET = ("converted", "expert-found", "event-after", "property-converted")
_INSUFFICIENT = (
    "outline-needed",
    "plot-unknown",
    "no-verdict",
    "not-assessed",
    "inconclusive",
    "use-unknown",
    "change-not-before",
    "event-straddles",
    "event-undated",
    "event-unclear",
    "event-small",
    "elsewhere-on-property",
)
_MET = ("on-watch", "slight", "expert-clean", "land-clean")
_WORST_FIRST = (*_NOT_MET, *_INSUFFICIENT, *_MET)
# What an EUDR statement does not answer: conversion on file, and a point where a ranch may lie (AMB-32).
_AGAINST_STATEMENT = (*_NOT_MET, "outline-needed")

REASONS = {
    "converted": text("The land verdict for plot %(subject)s is converted: %(codes)s."),
    "event-after": text("Event %(event)s on plot %(subject)s lies wholly after the cut-off date."),
    "property-converted": text(
        "Plot %(elsewhere)s of the same property was converted; the whole property counts."
    ),
    "outline-needed": text(
        "Conversion lies around the point given for cattle unit %(subject)s; its outline is needed to decide."
    ),
    "plot-unknown": text("Plot %(subject)s is named in a delivery, but nothing else is on file about it."),
    "no-verdict": text("There is no land verdict for plot %(subject)s; measure it with `landproof measure`."),
    "not-assessed": text("The land of plot %(subject)s could not be assessed: %(codes)s."),
    "inconclusive": text("The land verdict for plot %(subject)s is inconclusive: %(codes)s."),
    "use-unknown": text("Forest was lost on plot %(subject)s, and nobody knows how the land was used afterwards."),
    "change-not-before": text(
        "The verdict for plot %(subject)s excuses a change as earlier than the cut-off date, but its latest day is"
        " %(latest)s."
    ),
    "event-straddles": text(
        "Event %(event)s on plot %(subject)s cannot be placed before or after the cut-off date: it is dated from"
        " %(earliest)s to %(latest)s."
    ),
    "event-undated": text("Event %(event)s on plot %(subject)s has no date."),
    "event-unclear": text(
        "Event %(event)s on plot %(subject)s does not say enough to tell whether it counts: its kind, its classes"
        " or the use afterwards is missing."
    ),
    "event-small": text(
        "Event %(event)s on plot %(subject)s covers %(area_m2)s m², too little for a finding without review."
    ),
    "elsewhere-on-property": text(
        "Plot %(elsewhere)s of the same property was converted; a person must review it."
    ),
    "on-watch": text(
        "Forest was lost on plot %(subject)s without farm use afterwards; the plot is kept on watch."
    ),
    "slight": text("Event %(event)s on plot %(subject)s was judged slight, with a document."),
    "land-clean": text("The land verdict for plot %(subject)s is not converted: %(codes)s."),
    "expert-clean": text(
        "No raster layer can tell for plot %(subject)s; the expert assessment on file finds no such change."
    ),
    "expert-found": text("The expert assessment on file finds such a change on plot %(subject)s."),
    "eudr-shortcut": text(
        "All lots from plot %(subject)s are settled by an accepted EUDR due diligence statement."
    ),
    "untraced": text(
        "Part of what was bought under %(subject)s is traced to no plot, so its land cannot be judged."
    ),
}


_SAID = pl.Schema(
    {
        "plot": pl.String,
        "reason": pl.String,
        "event": pl.String,
        "earliest": pl.Date,
        "latest": pl.Date,
        "area_m2": pl.Int64,
        "codes": pl.String,
        "elsewhere": pl.String,
        "digest": pl.String,
    }
)


def reasons(*names: str) -> dict[str, str]:
    """The sentences that every rule on units may give, and those called ``names``."""
    common = (
        "converted",
        "event-after",
        "plot-unknown",
        "no-verdict",
        "not-assessed",
        "inconclusive",
        "change-not-before",
        "event-straddles",
        "event-undated",
        "event-unclear",
        "land-clean",
        "untraced",
    )
    return {name: REASONS[name] for name in (*common, *names)}


def judged_verdicts(
    units: pl.DataFrame,
    plot_status: pl.DataFrame,
    harm: str,
    last_clean: date,
    *,
    points_prove: bool = True,
    use_decides: bool = False,
) -> pl.DataFrame:
    """The land verdict of each row of ``units`` (see `per_plot`) on ``harm``, with ``reason``.

    With ``points_prove`` false, conversion around the point of a cattle unit asks for an outline (AMB-32).
    With ``use_decides``, loss without farm use is watched, and loss of unknown use stays open (DCF-3.1-7).
    """
    verdict, codes = pl.col("verdict"), pl.col("reasons")
    excused_late = codes.list.contains("N-BEFORE").eq_missing(True) & (
        pl.col("latest") <= pl.lit(last_clean)
    ).ne_missing(True)
    around_point = pl.col("cattle_point") & pl.lit(not points_prove)
    no_farm_use = pl.col("use_after").is_in(["other", "none"]).eq_missing(True) & pl.lit(use_decides)
    use_open = codes.list.contains("I-USE").eq_missing(True) & pl.lit(use_decides)
    return (
        units.join(plot_status.filter(pl.col("harm") == harm), on="plot", how="left")
        .with_columns(
            reason=first_reason(
                ((verdict == "converted") & around_point, "outline-needed"),
                (verdict == "converted", "converted"),
                ((verdict == "not converted") & excused_late, "change-not-before"),
                ((verdict == "not converted") & no_farm_use, "on-watch"),
                (verdict == "not converted", "land-clean"),
                ((verdict == "inconclusive") & use_open, "use-unknown"),
                (verdict == "inconclusive", "inconclusive"),
                (verdict == "not assessed", "not-assessed"),
                (~pl.col("known"), "plot-unknown"),
                otherwise="no-verdict",
            ),
        )
        .select("plot", "reason", "earliest", "latest", codes=codes.list.join(", ").fill_null("-"))
    )


def or_by_expert(
    verdicts: pl.DataFrame, evidence: pl.DataFrame, documents: pl.DataFrame, *, topic: str, as_of: date
) -> pl.DataFrame:
    """``verdicts`` of a harm that raster layers cannot see, settled by an expert where no layer could tell.

    The statement covers "plot:ID" or everything and is in force on ``as_of``. One that says no always counts.
    """
    asked = verdicts.select(subject=pl.lit("plot:") + pl.col("plot"))
    said = judge_evidence(evidence, documents, asked, topic=topic, start=as_of, end=as_of).select(
        plot=pl.col("subject").str.strip_prefix("plot:"),
        said="outcome",
        digest=pl.col("evidence").list.first(),
    )
    unseen = pl.col("reason").is_in(["not-assessed", "no-verdict"])
    return (
        verdicts.join(said, on="plot", how="left")
        .with_columns(
            reason=first_reason(
                (pl.col("said") == Outcome.NOT_MET.value, "expert-found"),
                (unseen & (pl.col("said") == Outcome.MET.value), "expert-clean"),
                otherwise=pl.col("reason"),
            )
        )
        .drop("said")
    )


def per_plot(units: pl.DataFrame) -> pl.DataFrame:
    """One row per plot: the land is the same whichever commodity grows on it.

    ``settled``: an accepted EUDR statement settles all its lots, of every commodity.
    """
    return units.group_by("plot").agg(
        known=pl.col("known").ne_missing(False).all(),
        cattle_point=((pl.col("use") == "cattle") & (pl.col("shape") == "point")).any(),
        settled=pl.col("eudr_accepted").eq_missing(True).all(),
    )


_ELSEWHERE = {"plot, property to review": "elsewhere-on-property", "whole property": "property-converted"}


def elsewhere(
    plots: pl.DataFrame,
    units: pl.DataFrame,
    plot_status: pl.DataFrame,
    harm: str,
    events: pl.DataFrame,
    unit_tested: str,
) -> pl.DataFrame:
    """Units with another plot of the same property converted, by its verdict or by an event (AMB-21)."""
    verdict = (pl.col("harm") == harm) & (pl.col("verdict") == "converted")
    converted = pl.concat(
        [
            plot_status.filter(verdict).select("plot"),
            events.filter(pl.col("reason") == "event-after").select("plot"),
        ]
    )
    owned = plots.filter(pl.col("property").is_not_null()).select("plot", "property")
    # Two plots per property suffice: whichever unit is asked, one of them is another plot.
    ends = (
        owned.join(converted, on="plot", how="semi")
        .group_by("property")
        .agg(first=pl.col("plot").min(), last=pl.col("plot").max())
    )
    other = pl.when(pl.col("first") != pl.col("plot")).then(pl.col("first")).otherwise(pl.col("last"))
    found = (
        units.join(owned, on="plot", how="inner")
        .join(ends, on="property", how="inner")
        .select("plot", reason=pl.lit(_ELSEWHERE.get(unit_tested)), elsewhere=other)
    )
    return found.filter((pl.col("elsewhere") != pl.col("plot")) & pl.col("reason").is_not_null())


def worst(units: pl.DataFrame, said: Iterable[pl.DataFrame], *, statement_settles: bool = False) -> pl.DataFrame:
    """One finding per row of ``units``: the worst of all that is said of its plot.

    With ``statement_settles``, an accepted EUDR statement answers all but what stands against it
    (DCF-3.3-10).
    """
    rank = {reason: place for place, reason in enumerate(_WORST_FIRST)}
    stacked = pl.concat([pl.DataFrame(schema=_SAID), *said], how="diagonal").select(_SAID.names())
    answered = pl.lit(statement_settles) & pl.col("settled") & ~pl.col("reason").is_in(_AGAINST_STATEMENT)
    return (
        stacked.join(units.select("plot", "settled"), on="plot", how="inner")
        .with_columns(rank=pl.col("reason").replace_strict(rank, return_dtype=pl.Int64))
        .sort("plot", "rank", "event", "elsewhere")
        .unique(subset="plot", keep="first")
        .with_columns(reason=pl.when(answered).then(pl.lit("eudr-shortcut")).otherwise(pl.col("reason")))
        .with_columns(
            pl.col("earliest", "latest").cast(pl.String).fill_null("?"),
            outcome=land_outcome(),
            evidence=digests("digest"),
        )
        .drop("rank", "settled", "digest")
        .rename({"plot": "subject"})
    )


def land_outcome() -> pl.Expr:
    """The outcome that a reason of this module stands for."""
    return outcome_of(*_MET, "eudr-shortcut", not_met=_NOT_MET)


def untraced(
    units: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    *,
    only_without_units: bool = False,
) -> pl.DataFrame:
    """Assessed positions that must be traced to the plot and have mass that is not; grams.

    All of them while no unit is known at all: then nobody looked at any land. With
    ``only_without_units`` none otherwise (DCF-3.1-1 and DCF-3.1-2 show them anyway).
    """
    unseen = units.is_empty()
    traced = traces.group_by("position").agg(part=total("plot_g"), whole=total("bought_g"), seen=pl.lit(True))
    return (
        positions.filter(is_assessed())
        .join(depth.select("position", "required"), on="position", how="left")
        .filter(pl.col("required").ne_missing("country"))
        .join(traced, on="position", how="left")
        .filter((pl.col("part") >= pl.col("whole")).ne_missing(True) | pl.lit(unseen))
        .filter(pl.lit(unseen or not only_without_units))
        .select(
            subject="position",
            **insufficient("untraced"),
            part=pl.when(pl.col("seen")).then(pl.col("part")).otherwise(pl.lit(0).cast(pl.Decimal(38, 6))),
            whole=pl.coalesce("whole", "mass_g"),
            unit=pl.lit("g"),
        )
    )
