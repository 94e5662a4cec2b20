"""Clause 2.4: how much of the spend is assessed."""

from datetime import date
from fractions import Fraction

import polars as pl

from landproof.criteria.evidence import judge_entity, judge_evidence, with_document
from landproof.criteria.ladder import digests, first_reason, outcome_of
from landproof.criteria.registry import rule
from landproof.criteria.rows import exact_text, results
from landproof.criteria.rules.products import derivative_names
from landproof.criteria.steps.goods import allocation_keys
from landproof.criteria.steps.materiality import COMPARE, reaches
from landproof.domain.derived import UNKNOWN_COMMODITY
from landproof.domain.messages import text
from landproof.domain.outcome import more_than
from landproof.domain.tables import SPEND
from landproof.domain.vocabulary import ENTITY

_UNKNOWN = pl.col("commodity") == UNKNOWN_COMMODITY


@rule(
    "DCF-2.4-1",
    reasons={
        "reaches-threshold": text(
            "%(subject)s takes %(part)s of %(whole)s of net agri-food spend, which reaches the threshold."
        ),
        "below-threshold": text(
            "%(subject)s takes %(part)s of %(whole)s of net agri-food spend, which is below the threshold."
        ),
        "recipe-unknown": text(
            "%(part)s of %(whole)s of net agri-food spend is on goods whose recipe is unknown."
        ),
        "may-reach-threshold": text(
            "%(subject)s takes %(part)s of %(whole)s of net agri-food spend, and with goods of unknown recipe it"
            " may reach the threshold; it is assessed."
        ),
        "spend-missing": text(
            "A part of the spend on %(subject)s, or of all agri-food spend, has no amount, rate or share; it is"
            " assessed."
        ),
    },
)
def commodity_in_scope(
    materiality: pl.DataFrame,
    *,
    material_share: Fraction,
    at_material_share: str,
    spend_denominator: str,
) -> pl.DataFrame:
    """A commodity is in scope at 1 % of net agri-food spend, unrounded (AMB-11, AMB-13)."""
    whole = {"agri-food": "whole"}[spend_denominator]
    reached = materiality.with_columns(reached=reaches(materiality, "spend", material_share, at_material_share))
    reason = first_reason(
        (pl.col("spend").is_null() | pl.col(whole).is_null(), "spend-missing"),
        (_UNKNOWN, "recipe-unknown"),
        (pl.col("reached").is_null(), "may-reach-threshold"),
        (pl.col("reached"), "reaches-threshold"),
        otherwise="below-threshold",
    )
    return reached.with_columns(reason=reason).select(
        "reason",
        subject="commodity",
        outcome=outcome_of("reaches-threshold", not_applicable=("below-threshold",)),
        part=exact_text("spend"),
        whole=exact_text(whole),
        unit=pl.lit("reporting currency"),
    )


@rule(
    "DCF-2.4-2",
    reasons={
        "covered": text("What is assessed covers %(part)s of %(whole)s of net agri-food spend."),
        "covered-exactly": text(
            "What is assessed covers %(part)s of %(whole)s of net agri-food spend: exactly the least that passes."
        ),
        "not-covered": text("What is assessed covers only %(part)s of %(whole)s of net agri-food spend."),
        "recipes-unknown": text(
            "What is assessed covers %(part)s of %(whole)s of net agri-food spend; goods of unknown recipe decide,"
            " and they count as uncovered."
        ),
        "spend-missing": text(
            "A part of agri-food spend has no amount or exchange rate, so the whole is unknown."
        ),
        "no-net-spend": text("Net agri-food spend does not add up to more than zero."),
    },
)
def spend_covered(
    materiality: pl.DataFrame,
    *,
    min_coverage: Fraction,
    at_min_coverage: str,
    coverage_meaning: str,
    unknown_recipe: str,
) -> pl.DataFrame:
    """What is assessed covers at least 90 % of net agri-food spend, unrounded (AMB-14 to AMB-16)."""
    counted = {"coverage": pl.col("assessed").eq_missing(True)}[coverage_meaning]
    uncovered = {"uncovered": _UNKNOWN}[unknown_recipe]
    # A commodity whose own spend is unknown adds nothing here: the unknown recipes carry it.
    covered = pl.col("spend").filter(counted & ~uncovered).sum()
    hidden = pl.col("spend").filter(uncovered).sum()
    reached, may_reach = (COMPARE[at_min_coverage](each, "whole", min_coverage) for each in ("part", "most"))
    sums = materiality.select(
        part=covered.cast(SPEND), most=(covered + hidden).cast(SPEND), whole=pl.col("whole").first()
    )
    if materiality.is_empty():
        return results([])
    reason = first_reason(
        (pl.col("whole").is_null(), "spend-missing"),
        (reached & ~more_than("part", "whole", min_coverage), "covered-exactly"),
        (reached, "covered"),
        (may_reach, "recipes-unknown"),
        (may_reach.is_null(), "no-net-spend"),
        otherwise="not-covered",
    )
    return sums.with_columns(subject=pl.lit(ENTITY), reason=reason).select(
        "subject",
        "reason",
        outcome=outcome_of("covered", "covered-exactly", not_met=("not-covered",)),
        part=exact_text("part"),
        whole=exact_text("whole"),
        unit=pl.lit("reporting currency"),
    )


@rule(
    "DCF-2.4-3",
    reasons={
        "resale-counted": text("Spend on %(subject)s, which others make, counts towards the thresholds."),
        "recipe-unknown": text(
            "Spend on %(subject)s, which others make, is in the whole, but as its recipe is unknown it counts as"
            " uncovered."
        ),
        "maker-unknown": text("It is not stated whether %(subject)s is made by others."),
        "not-in-ledger": text("%(subject)s is made by others and resold, but the ledger holds no purchase of it."),
        "spend-missing": text("A purchase of %(subject)s has no amount or no exchange rate."),
    },
)
def resale_counts(
    goods: pl.DataFrame,
    purchases: pl.DataFrame,
    line_goods: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    period_start: date | None,
    period_end: date | None,
    unknown_recipe: str,
) -> pl.DataFrame:
    """Goods made by others are in the spend that the thresholds look at, and the resale ledger shows it."""
    uncovered = {"uncovered": _UNKNOWN}[unknown_recipe]
    resold = (
        goods.filter(pl.col("third_party_made").ne_missing(False) & pl.col("in_scope").ne_missing(False))
        .group_by("product")
        .agg(maker_known=pl.col("third_party_made").is_not_null().all(), unknown=uncovered.any())
    )
    # A line counts when any of its parts carries an amount: without a key the unknown commodity carries all.
    amounts = line_goods.group_by("line").agg(amount=pl.col("spend").is_not_null().any())
    lines = (
        purchases.select("line", "product")
        .join(resold.select("product"), on="product", how="semi")
        .join(amounts, on="line", how="left")
        .group_by("product")
        .agg(counted=pl.col("amount").fill_null(False).all())
    )
    reason = first_reason(
        (~pl.col("maker_known"), "maker-unknown"),
        (pl.col("counted").is_null(), "not-in-ledger"),
        (~pl.col("counted"), "spend-missing"),
        (pl.col("unknown"), "recipe-unknown"),
        otherwise="resale-counted",
    )
    judged = (
        resold.join(lines, on="product", how="left")
        .with_columns(reason=reason)
        .select(
            "reason",
            subject="product",
            outcome=outcome_of("resale-counted"),
            missing=pl.lit(None, dtype=pl.String),
            evidence=pl.lit([], dtype=pl.List(pl.String)),
        )
    )
    if goods.is_empty():
        return results([])
    ledger = judge_entity(evidence, documents, topic="resale ledger", start=period_start, end=period_end)
    return pl.concat([ledger, judged.select(ledger.columns)])


@rule(
    "DCF-2.4-4",
    reasons={
        "added": text("All spend on %(subject)s and its derivatives is added up before the test."),
        "added-other-key": text(
            "All spend on %(subject)s and its derivatives is added up. By the other allocation key it would be on"
            " the other side of the threshold."
        ),
        "split-off": text(
            "%(subject)s is a derivative that other recipes count under its parent: it was split off."
        ),
        "no-key": text("A recipe with %(subject)s has no complete cost or mass shares, so its spend has no key."),
    },
)
def derivatives_added(
    materiality: pl.DataFrame,
    recipes: pl.DataFrame,
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    period_start: date | None,
    period_end: date | None,
    allocation_key: str,
) -> pl.DataFrame:
    """No commodity is split to stay below 1 %; the allocation key is recorded and documented (AMB-12)."""
    split = derivative_names(recipes).implode()
    keyless = (
        recipes.join(allocation_keys(recipes, allocation_key), on="product")
        .filter(pl.col("allocation") == "none")
        .select("commodity")
        .unique()
        .with_columns(keyless=pl.lit(True))
    )
    commodities = materiality.filter(~_UNKNOWN).join(keyless, on="commodity", how="left")
    scopes = commodities.select(subject=pl.lit("commodity:") + pl.col("commodity"))
    method = judge_evidence(
        evidence, documents, scopes, topic="allocation method", start=period_start, end=period_end
    ).with_columns(commodity=pl.col("subject").str.strip_prefix("commodity:"))
    name = pl.col("commodity").str.strip_chars().str.to_lowercase()
    reason = first_reason(
        (name.is_in(split), "split-off"),
        (pl.col("keyless"), "no-key"),
        (pl.col("method") != "holds", pl.col("method")),
        (pl.col("other_key_crosses"), "added-other-key"),
        otherwise="added",
    )
    return (
        commodities.join(method.select("commodity", "missing", "evidence", method="reason"), on="commodity")
        .with_columns(reason=reason)
        .select(
            "reason",
            "missing",
            "evidence",
            subject="commodity",
            outcome=outcome_of("added", "added-other-key", not_met=("split-off", "says-no")),
        )
    )


@rule(
    "DCF-2.4-5",
    absent_when_empty="materiality",
    reasons={
        "provable": text("Method and raw data show that %(subject)s is below the threshold."),
        "not-claimed": text(
            "%(subject)s is left out as below the threshold, but no method and raw data are named for it."
        ),
        "method-missing": text("The method that shows %(subject)s below the threshold is not in the case."),
        "raw-data-missing": text("The raw data that show %(subject)s below the threshold are not in the case."),
        "contradicted": text(
            "%(subject)s is said to be below the threshold, but the ledger shows %(part)s of %(whole)s."
        ),
    },
)
def below_threshold_provable(
    materiality: pl.DataFrame, below_threshold: pl.DataFrame, documents: pl.DataFrame
) -> pl.DataFrame:
    """Method and raw data are in the case for every commodity left out or said to be below 1 %."""
    claims = with_document(
        with_document(below_threshold, documents, "method_document").rename({"digest": "method"}),
        documents,
        "raw_data_document",
    ).select("commodity", "method", raw_data="digest", claimed=pl.lit(True))
    left_out = (pl.col("assessed") == pl.lit(False)) & ~_UNKNOWN
    subjects = materiality.join(claims, on="commodity", how="full", coalesce=True).filter(
        left_out.fill_null(False) | pl.col("claimed")
    )
    reason = first_reason(
        (pl.col("claimed").is_null(), "not-claimed"),
        (pl.col("reaches_threshold"), "contradicted"),
        (pl.col("method").is_null(), "method-missing"),
        (pl.col("raw_data").is_null(), "raw-data-missing"),
        otherwise="provable",
    )
    return subjects.with_columns(reason=reason).select(
        "reason",
        subject="commodity",
        outcome=outcome_of("provable", not_met=("contradicted",)),
        part=exact_text("spend"),
        whole=exact_text("whole"),
        unit=pl.lit("reporting currency"),
        evidence=digests("method", "raw_data"),
    )
