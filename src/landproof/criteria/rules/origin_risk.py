"""Clause 3.2 and Annex 1: which list applies to an origin, and how risky the origin is.

The subject of every rule here is an origin, ``commodity|country|list``; of DCF-3.2-6 it is a list.
"""

from datetime import date
from fractions import Fraction

import polars as pl

from landproof.criteria.evidence import judge_evidence
from landproof.criteria.exposure import is_assessed
from landproof.criteria.ladder import digests, first_reason, outcome_of
from landproof.criteria.origin_classes import (
    ORIGIN,
    classified,
    deciding,
    first,
    listed,
    of_origins,
    place_known,
    subject,
    unlisted,
)
from landproof.criteria.registry import rule
from landproof.criteria.steps.places import first_day_of_list
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome, outcome_where
from landproof.domain.vocabulary import SIX_COMMODITIES

_CLASSIFIED = ("classified-high", "classified-low")
_ORIGIN_UNKNOWN = text("The commodity or the country of %(subject)s is unknown, so it is treated as high risk.")
_DOCUMENT_FAULTS = ("no-document", "document-not-in-case", "no-page", "dates-missing", "not-in-force")


_SETTLED = ("listed-high", "listed-standard", "listed-low", "verifier-high", "verifier-low")


@rule(
    "DCF-3.2-1",
    reasons={
        "listed-high": text("List %(list)s, in force from %(list_from)s, names the country as high risk."),
        "listed-standard": text(
            "List %(list)s, in force from %(list_from)s, gives the country standard risk, which is high here."
        ),
        "listed-low": text("List %(list)s, in force from %(list_from)s, names the country as low risk."),
        "verifier-high": text("List %(list)s does not name the country; the verifier classified it as high risk."),
        "verifier-low": text("List %(list)s does not name the country; the verifier classified it as low risk."),
        "verifier-to-classify": text(
            "List %(list)s does not name the country of %(subject)s. It is treated as high risk until the verifier"
            " has classified it."
        ),
        "origin-unknown": _ORIGIN_UNKNOWN,
        "list-unclear": text(
            "It cannot be told which list applies to %(subject)s: a date of receipt or the list itself is missing."
        ),
        "list-not-in-force": text(
            "List %(list)s does not apply to %(subject)s: goods were received from %(first)s to %(last)s."
        ),
    },
)
def which_list_applies(
    origin_risk: pl.DataFrame,
    positions: pl.DataFrame,
    origin_lists: pl.DataFrame,
    *,
    eudr_list_from: date,
    eudr_list_published: date,
    first_day_of_eudr_list: str,
) -> pl.DataFrame:
    """EUDR classification for the six from its first day, Annex 1 for all others and before (clause 3.2)."""
    eudr_day = pl.lit(first_day_of_list(eudr_list_from, eudr_list_published, first_day_of_eudr_list))
    keys = [*ORIGIN, "list"]
    bought = positions.group_by(keys).agg(
        first=pl.when(pl.col("first_received_on").is_not_null().all()).then(pl.col("first_received_on").min()),
        last=pl.when(pl.col("last_received_on").is_not_null().all()).then(pl.col("last_received_on").max()),
    )
    heads = listed(origin_lists).select("list", "commodities").unique()
    for_six = pl.col("commodities") == "six"
    six = pl.col("commodity").is_in(SIX_COMMODITIES)
    applies = (
        pl.when(~six)
        .then(~for_six)
        .when(for_six)
        .then(pl.col("first") >= eudr_day)
        .when(~for_six)  # a list that is not on file is neither
        .then(pl.col("last") < eudr_day)
    )
    return (
        origin_risk.join(bought, on=keys, how="left")
        .join(heads, on="list", how="left")
        .with_columns(applies=applies)
        .select(
            pl.col("list", "list_from", "first", "last").cast(pl.String).fill_null("?"),
            subject=subject(),
            reason=first_reason(
                (~place_known(), "origin-unknown"),
                (pl.col("applies").is_null(), "list-unclear"),
                (~pl.col("applies"), "list-not-in-force"),
                (pl.col("basis") == "verifier", pl.lit("verifier-") + pl.col("deforestation_level")),
                (pl.col("listed_level") == "not listed", "verifier-to-classify"),
                otherwise=pl.lit("listed-") + pl.col("listed_level"),
            ).fill_null("verifier-to-classify"),
        )
        .with_columns(outcome=outcome_of(*_SETTLED))
    )


@rule(
    "DCF-3.2-2",
    absent_when_empty="origin_risk",
    reasons={
        "low-stays-low": text("EUDR gives the country low risk, so the origin is low for deforestation."),
        "standard-is-high": text("EUDR gives the country standard risk, so the origin is high for deforestation."),
        "high-is-high": text("EUDR gives the country high risk, so the origin is high for deforestation."),
        "level-differs": text(
            "EUDR gives the country %(listed_level)s risk, yet %(subject)s was treated as %(deforestation_level)s."
        ),
        "level-missing": text("No EUDR level is on file for %(subject)s, so it is treated as high risk."),
    },
)
def standard_means_high(origin_risk: pl.DataFrame, origin_lists: pl.DataFrame) -> pl.DataFrame:
    """High and standard under EUDR are high here; only low stays low (Summary 2 footnote 1)."""
    for_six = listed(origin_lists).filter(pl.col("commodities") == "six").select("list").unique()
    wanted = {"low": "low", "standard": "high", "high": "high"}
    reasons = {"low": "low-stays-low", "standard": "standard-is-high", "high": "high-is-high"}
    right = pl.col("listed_level").replace_strict(wanted, default=None) == pl.col("deforestation_level")
    return origin_risk.join(for_six, on="list", how="semi").select(
        "listed_level",
        "deforestation_level",
        subject=subject(),
        outcome=outcome_where(right),
        reason=pl.when(right.is_null())
        .then(pl.lit("level-missing"))
        .when(right)
        .then(pl.col("listed_level").replace_strict(reasons, default=None))
        .otherwise(pl.lit("level-differs")),
    )


_RATIOS = ("ratio-high", "ratio-at-limit-high", "ratio-at-limit-low", "ratio-low")
_RATIO_FAULTS = ("version-missing", "no-cover", "ratio-missing")


@rule(
    "DCF-3.2-3",
    absent_when_empty="origin_risk",
    reasons={
        "ratio-high": text(
            "The loss ratio is above the limit of Annex 1: %(part)s ha of %(whole)s ha. High risk."
        ),
        "ratio-low": text("The loss ratio is below the limit of Annex 1: %(part)s ha of %(whole)s ha. Low risk."),
        "ratio-at-limit-high": text(
            "The loss ratio is exactly the limit of Annex 1, which does not say what that means: %(part)s ha of"
            " %(whole)s ha. Read as high risk; tell the verifier."
        ),
        "ratio-at-limit-low": text(
            "The loss ratio is exactly the limit of Annex 1, which does not say what that means: %(part)s ha of"
            " %(whole)s ha. Read as low risk; tell the verifier."
        ),
        "ratio-missing": text(
            "The natural-forest loss 2018 to 2022 or the cover in 2000 is missing for %(subject)s, so it is"
            " treated as high risk."
        ),
        "no-cover": text(
            "The natural-forest cover in 2000 given for %(subject)s is not above zero: no ratio exists."
        ),
        "version-missing": text("The data set and version behind the ratio of %(subject)s are not named."),
        "origin-unknown": _ORIGIN_UNKNOWN,
    },
)
def loss_ratio_of_unlisted(
    origin_risk: pl.DataFrame,
    risk_classes: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    loss_ratio: Fraction,
    ratio_at_limit: str,
) -> pl.DataFrame:
    """Natural-forest loss 2018 to 2022 over the cover of 2000, in hectares, for unlisted origins (Annex 1)."""
    classes = classified(
        risk_classes, documents, as_of=as_of, loss_ratio=loss_ratio, ratio_at_limit=ratio_at_limit
    )
    said = (
        pl.when(pl.col("at_limit"))
        .then(pl.lit("ratio-at-limit-") + pl.col("ratio_level"))
        .otherwise(pl.lit("ratio-") + pl.col("ratio_level"))
    )
    origins = unlisted(origin_risk)
    shown = of_origins(origins, classes, "deforestation").with_columns(
        order=pl.coalesce("fault", "ratio_fault", said)
    )
    order = (*_RATIOS, *_RATIO_FAULTS, *_DOCUMENT_FAULTS)
    return (
        origins.join(first(shown, order), on=ORIGIN, how="left")
        .with_columns(
            subject=subject(),
            reason=pl.when(place_known())
            .then(pl.col("order").cast(pl.String).fill_null("ratio-missing"))
            .otherwise(pl.lit("origin-unknown")),
        )
        .select(
            "subject",
            "reason",
            outcome=outcome_of(*_RATIOS),
            part="loss_ha",
            whole="cover_ha",
            unit=pl.lit("ha"),
            evidence=digests("digest"),
        )
    )


@rule(
    "DCF-3.2-4",
    absent_when_empty="origin_risk",
    reasons={
        "classified-high": text("The verifier classified the country as high risk."),
        "classified-low": text("The verifier classified the country as low risk by the ratio of Annex 1."),
        "not-classified": text(
            "No list names the country of %(subject)s and no verifier classified it: high risk."
        ),
        "not-by-verifier": text(
            "The class of %(subject)s is the company's own; only the verifier's counts: high risk."
        ),
        "class-missing": text("The verifier's record for %(subject)s names no level: high risk."),
        "low-not-shown": text(
            "The verifier's record says low for %(subject)s without a usable ratio of Annex 1: high risk until"
            " then."
        ),
        "origin-unknown": _ORIGIN_UNKNOWN,
    },
)
def unlisted_classified_by_verifier(
    origin_risk: pl.DataFrame,
    risk_classes: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    loss_ratio: Fraction,
    ratio_at_limit: str,
) -> pl.DataFrame:
    """A country outside the 58 is high until the verifier has classified it by the same method (clause 3.2)."""
    classes = classified(
        risk_classes, documents, as_of=as_of, loss_ratio=loss_ratio, ratio_at_limit=ratio_at_limit
    )
    origins = unlisted(origin_risk)
    return (
        origins.join(deciding(origins, classes, "deforestation"), on=ORIGIN, how="left")
        .with_columns(
            subject=subject(),
            reason=first_reason(
                (~place_known(), "origin-unknown"),
                (pl.col("classification").is_null(), "not-classified"),
                (pl.col("counted").is_not_null(), pl.lit("classified-") + pl.col("counted")),
                ((pl.col("by") == "verifier").ne_missing(True), "not-by-verifier"),
                (pl.col("fault").is_not_null(), pl.col("fault")),
                (pl.col("level").is_null(), "class-missing"),
                otherwise="low-not-shown",
            ),
        )
        .select("subject", "reason", outcome=outcome_of(*_CLASSIFIED), evidence=digests("digest"))
    )


@rule(
    "DCF-3.2-5",
    reasons={
        "classified-high": text("The risk of converting other natural ecosystems is classified as high."),
        "classified-low": text("The risk of converting other natural ecosystems is classified as low."),
        "not-classified": text(
            "Nobody has classified the risk of converting other natural ecosystems for %(subject)s: high risk."
        ),
        "class-missing": text("The record of the conversion risk of %(subject)s names no level: high risk."),
        "method-missing": text(
            "The conversion risk of %(subject)s is classified, but no method in force on the evaluation date is on"
            " file for it."
        ),
        "origin-unknown": _ORIGIN_UNKNOWN,
    },
)
def conversion_risk_classified(
    origin_risk: pl.DataFrame,
    positions: pl.DataFrame,
    risk_classes: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    loss_ratio: Fraction,
    ratio_at_limit: str,
) -> pl.DataFrame:
    """Every origin in scope has a class for conversion, with a document and a method (clause 3.2, AMB-27)."""
    classes = classified(
        risk_classes, documents, as_of=as_of, loss_ratio=loss_ratio, ratio_at_limit=ratio_at_limit
    )
    keys = [*ORIGIN, "list"]
    assessed = positions.filter(is_assessed())
    origins = origin_risk.select(keys).join(assessed, on=keys, how="semi", nulls_equal=True)
    scope = pl.lit("origin:") + pl.col("commodity") + pl.lit("|") + pl.col("country")
    origins = origins.with_columns(scope=scope.fill_null("origin:?"))
    scopes = origins.select(subject="scope")
    method = judge_evidence(
        evidence, documents, scopes, topic="conversion-risk method", start=as_of, end=as_of
    ).select(scope="subject", method="outcome", method_evidence="evidence")
    return (
        origins.join(deciding(origins, classes, "conversion"), on=ORIGIN, how="left")
        .join(method, on="scope", how="left")
        .with_columns(
            subject=subject(),
            reason=first_reason(
                (~place_known(), "origin-unknown"),
                (pl.col("classification").is_null(), "not-classified"),
                (pl.col("fault").is_not_null(), pl.col("fault")),
                (pl.col("counted").is_null(), "class-missing"),
                (pl.col("method") != Outcome.MET.value, "method-missing"),
                otherwise=pl.lit("classified-") + pl.col("counted"),
            ),
        )
        .select(
            "subject",
            "reason",
            outcome=outcome_of(*_CLASSIFIED),
            evidence=digests("digest", "method_evidence"),
        )
    )


@rule(
    "DCF-3.2-6",
    reasons={
        "newest": text("List %(subject)s, in force from %(from)s, is the newest of its kind."),
        "superseded": text(
            "List %(subject)s, in force from %(from)s, was followed by %(newest)s from %(newest_from)s."
            " Obligations keep the list of the day of receipt; plan with the newest."
        ),
        "list-unknown": text("List %(subject)s is not among the lists of this edition."),
    },
)
def lists_move(origin_risk: pl.DataFrame, origin_lists: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Which lists were used, and which is the newest on the evaluation date (clause 3.2, AMB-28)."""
    lists = listed(origin_lists).select("list", "commodities", "from").unique()
    newest = (
        lists.filter(pl.col("from") <= pl.lit(as_of))
        .sort("from", "list")
        .unique(subset="commodities", keep="last")
        .rename({"list": "newest", "from": "newest_from"})
    )
    return (
        origin_risk.filter(pl.col("list").is_not_null())
        .select("list")
        .unique()
        .join(lists, on="list", how="left")
        .join(newest, on="commodities", how="left")
        .select(
            "from",
            "newest",
            "newest_from",
            subject="list",
            outcome=pl.lit(Outcome.INFORMATION.value),
            reason=first_reason(
                (pl.col("commodities").is_null(), "list-unknown"),
                ((pl.col("newest_from") > pl.col("from")).eq_missing(True), "superseded"),
                otherwise="newest",
            ),
        )
    )


@rule(
    "DCF-3.2-7",
    reasons={
        "extra-work": text("High risk: full due diligence (3.4) and monitoring (3.5) are due for %(subject)s."),
        "no-extra-work": text(
            "Low risk: clause 3.2 asks for no extra due diligence or monitoring of %(subject)s."
        ),
    },
)
def high_risk_brings_extra_work(origin_risk: pl.DataFrame) -> pl.DataFrame:
    """High-risk origins bring extra due diligence and monitoring (clause 3.2); an unknown level is high."""
    return origin_risk.select(
        subject=subject(),
        outcome=pl.lit(Outcome.INFORMATION.value),
        reason=pl.when(pl.col("level") == "low").then(pl.lit("no-extra-work")).otherwise(pl.lit("extra-work")),
    )
