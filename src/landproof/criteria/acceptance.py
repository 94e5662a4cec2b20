"""When an EUDR statement settles a lot (clause 3.3, AMB-36), and when a scheme supports one (clause 3.8).

One place for both, used by the rules that show it and by the step that relies on it. Every function
returns one row per statement or claim with ``subject, outcome, reason, evidence`` and the values that its
sentences name. A refusal closes this way only; the rule it would have settled must then be met otherwise.
"""

from datetime import date

import polars as pl

from landproof.criteria.evidence import uncited, with_document
from landproof.criteria.ladder import agreed, digests, first_reason, outcome_of
from landproof.domain.outcome import Outcome
from landproof.domain.vocabulary import CUSTODY_MODELS

USABLE_STATUSES = ("available",)
PENDING_STATUSES = ("submitted",)  # received, no number yet
_MODELS = {"refused": CUSTODY_MODELS[:2], "accepted": CUSTODY_MODELS[:3]}  # by the reading of AMB-37

STATEMENT_REFUSALS = ("simplified-declaration", "status-unusable", "no-coordinates", "before-application")
SCHEME_REFUSALS = ("cut-off-late", "forest-not-covered", "natural-not-covered", "reopens")
CUSTODY_REFUSALS = ("custody-refused", "certificate-custody-refused")
TIER_REFUSALS = ("lot-custody-refused",)
CERTIFICATE_REFUSALS = ("not-valid-on-date", "product-out-of-scope", "site-out-of-scope")


def is_refused(custody: pl.Expr, controlled_blending: str) -> pl.Expr:
    """Whether a custody model is one that mixes; null where it is not stated (clause 3.3, AMB-37)."""
    return pl.when(custody.is_not_null()).then(~custody.is_in(_MODELS[controlled_blending]))


def judge_statements(
    eudr_statements: pl.DataFrame,
    documents: pl.DataFrame,
    purchases: pl.DataFrame,
    lots: pl.DataFrame,
    *,
    as_of: date,
    eudr_applies_from: date,
    eudr_before_application: str,
) -> pl.DataFrame:
    """Each EUDR statement: usable, refused, or not shown to be usable; with its ``lot``."""
    status, binding_only = pl.col("status"), pl.lit(eudr_before_application == "supporting evidence")
    reason = first_reason(
        (pl.col("kind") == "simplified declaration", "simplified-declaration"),
        (~status.is_in([*USABLE_STATUSES, *PENDING_STATUSES]), "status-unusable"),
        (~pl.col("has_geolocation"), "no-coordinates"),
        (binding_only & (pl.col("received_on") < pl.lit(eudr_applies_from)), "before-application"),
        (pl.col("kind").is_null(), "kind-missing"),
        (status.is_null(), "status-missing"),
        (status.is_in(PENDING_STATUSES), "status-pending"),
        (pl.col("verification_number").is_null(), "verification-number-missing"),
        (pl.col("has_geolocation").is_null(), "coordinates-unknown"),
        (pl.col("lot").is_null(), "lot-missing"),
        (pl.col("hs_code").is_null(), "hs-code-missing"),
        *uncited(page=None),
        (pl.col("checked_on").is_null(), "check-date-missing"),
        (pl.col("checked_on") > pl.lit(as_of), "checked-later"),
        (binding_only & pl.col("received_on").is_null(), "receipt-date-missing"),
        otherwise="usable",
    )
    return (
        with_document(eudr_statements, documents)
        .join(_received(eudr_statements, purchases, lots), on="lot", how="left", maintain_order="left")
        .with_columns(reason=reason, applies_from=pl.lit(eudr_applies_from))
        .select(
            "lot",
            "status",
            "checked_on",
            "received_on",
            "applies_from",
            subject="reference_number",
            outcome=outcome_of("usable", not_met=STATEMENT_REFUSALS),
            reason="reason",
            evidence=digests("digest"),
        )
    )


def _received(statements: pl.DataFrame, purchases: pl.DataFrame, lots: pl.DataFrame) -> pl.DataFrame:
    """The first day on which each lot was received; of a lot that is not bought itself, the day it was made."""
    wanted = statements.select("lot").drop_nulls().unique()
    bought = (
        purchases.join(wanted, on="lot", how="semi")
        .group_by("lot")
        .agg(first=pl.when(pl.col("received_on").is_not_null().all()).then(pl.col("received_on").min()))
        .with_columns(is_bought=pl.lit(True))
    )
    return (
        wanted.join(bought, on="lot", how="left")
        .join(agreed(lots.select("lot", "made_on"), "lot"), on="lot", how="left")
        .select("lot", received_on=pl.when(pl.col("is_bought")).then("first").otherwise("made_on"))
    )


def lots_settled(statements: pl.DataFrame) -> pl.DataFrame:
    """``lot, reference_number`` of what usable statements settle, from the result of `judge_statements`."""
    usable = statements.filter(pl.col("outcome") == Outcome.MET.value)
    return usable.group_by("lot").agg(reference_number=pl.col("subject").min())


def claim_rows(
    claims: pl.DataFrame,
    certificates: pl.DataFrame,
    schemes: pl.DataFrame,
    lots: pl.DataFrame,
    documents: pl.DataFrame,
) -> pl.DataFrame:
    """Claims with their certificate, scheme, commodity of the lot and documents, ready to be judged."""
    held = with_document(certificates, documents).select(
        "certificate",
        "scheme",
        "sites",
        "products",
        "valid_from",
        "valid_to",
        "registry_checked_on",
        "contact",
        certificate_custody="custody",
        certificate_document="document",
        certificate_digest="digest",
        certificate_known=pl.lit(True),
    )
    read = with_document(schemes, documents).select(
        "scheme",
        "cut_off",
        "covers_forest",
        "covers_natural",
        "reopens",
        "confirmed_by",
        "page",
        scheme_document="document",
        scheme_digest="digest",
        scheme_known=pl.lit(True),
    )
    steps = pl.col("step")
    complete = steps.is_not_null().all() & (steps.min() == 1) & (steps.n_unique() == steps.max())
    return (
        with_document(claims, documents)
        .join(agreed(held, "certificate"), on="certificate", how="left", maintain_order="left")
        .join(agreed(read, "scheme"), on="scheme", how="left", maintain_order="left")
        .join(agreed(lots.select("lot", "commodity"), "lot"), on="lot", how="left", maintain_order="left")
        .with_columns(
            steps_complete=complete.over("lot", "scheme"),
            subject=pl.col("claim"),
        )
    )


_NO_CERTIFICATE = (
    (pl.col("certificate").is_null(), "no-certificate"),
    (pl.col("certificate_known").is_null(), "certificate-unknown"),
)


def judge_scheme(rows: pl.DataFrame, *, cut_off: date) -> pl.DataFrame:
    """DCF-3.8-1: the scheme shows no deforestation and no conversion after ``cut_off``."""
    reason = first_reason(
        *_NO_CERTIFICATE,
        (pl.col("scheme_known").is_null(), "scheme-unread"),
        (pl.col("confirmed_by").is_null(), "scheme-unconfirmed"),
        *uncited("scheme_document", "scheme_digest"),
        (pl.col("cut_off") > pl.lit(cut_off), "cut-off-late"),
        (~pl.col("covers_forest"), "forest-not-covered"),
        (~pl.col("covers_natural"), "natural-not-covered"),
        (pl.col("reopens"), "reopens"),
        (pl.col("cut_off").is_null(), "cut-off-missing"),
        (pl.col("covers_forest").is_null() | pl.col("covers_natural").is_null(), "cover-unknown"),
        (pl.col("reopens").is_null(), "allowances-unknown"),
        otherwise="scheme-proves",
    )
    return _judged(rows, reason, ("scheme-proves",), SCHEME_REFUSALS, "scheme_digest")


def judge_custody_claim(rows: pl.DataFrame, *, controlled_blending: str) -> pl.DataFrame:
    """DCF-3.8-2: segregated or identity preserved at every step, by claim and by certificate."""
    reason = first_reason(
        (is_refused(pl.col("custody"), controlled_blending), "custody-refused"),
        (is_refused(pl.col("certificate_custody"), controlled_blending), "certificate-custody-refused"),
        *_NO_CERTIFICATE,
        (pl.col("custody").is_null(), "custody-missing"),
        (pl.col("certificate_custody").is_null(), "certificate-custody-missing"),
        (~pl.col("steps_complete"), "step-missing"),
        *uncited(page=None),
        otherwise="custody-holds",
    )
    return _judged(rows, reason, ("custody-holds",), CUSTODY_REFUSALS, "digest")


def judge_certificate(rows: pl.DataFrame) -> pl.DataFrame:
    """DCF-3.8-5: valid on the day of trade, with product and site in scope, and a scheme to be reached."""
    traded, products, sites = pl.col("traded_on"), pl.col("products"), pl.col("sites")
    in_products = products.list.contains(pl.col("product")) | products.list.contains(pl.col("commodity"))
    named = pl.col("product").is_not_null() | pl.col("commodity").is_not_null()
    out_of_dates = (traded < pl.col("valid_from")) | (traded > pl.col("valid_to"))
    without_product = named & (products.list.len() > 0) & ~in_products.fill_null(False)
    without_site = (sites.list.len() > 0) & ~sites.list.contains(pl.col("site"))
    reason = first_reason(
        *_NO_CERTIFICATE,
        (out_of_dates, "not-valid-on-date"),
        (without_product, "product-out-of-scope"),
        (pl.col("site").is_not_null() & without_site, "site-out-of-scope"),
        (traded.is_null(), "trade-date-missing"),
        (pl.col("valid_from").is_null() | pl.col("valid_to").is_null(), "validity-missing"),
        (~named | products.is_null() | (products.list.len() == 0), "product-missing"),
        (pl.col("site").is_null() | sites.is_null() | (sites.list.len() == 0), "site-missing"),
        *uncited("certificate_document", "certificate_digest", page=None),
        (pl.col("registry_checked_on").is_null(), "registry-unchecked"),
        (pl.col("contact").is_null(), "no-contact"),
        otherwise="certificate-holds",
    )
    return _judged(rows, reason, ("certificate-holds",), CERTIFICATE_REFUSALS, "certificate_digest")


def judge_tier(rows: pl.DataFrame, lines: pl.DataFrame, *, controlled_blending: str) -> pl.DataFrame:
    """DCF-3.8-3: the lot itself is traced as deep as required and kept apart at every step.

    ``lines`` are the assessed lines as `landproof.criteria.traced.traced_lines` gives them.
    """
    bought, traced = pl.col("bought_g"), pl.col("at_required")
    per_lot = (
        lines.join(rows.select("lot").unique(), on="lot", how="semi")
        .group_by("lot")
        .agg(
            refused=is_refused(pl.col("custody"), controlled_blending).any(),
            kept_apart=pl.col("custody").is_not_null().all() & pl.col("custody_unknown").eq_missing(False).all(),
            tier_met=(bought.is_not_null() & (traced >= bought)).all(),
        )
        .with_columns(lot_traced=pl.lit(True))
    )
    reason = first_reason(
        (pl.col("lot_traced").is_null(), "lot-not-bought"),
        (pl.col("refused"), "lot-custody-refused"),
        (~pl.col("kept_apart"), "lot-custody-unknown"),
        (~pl.col("tier_met"), "tier-not-shown"),
        otherwise="tier-met",
    )
    joined = rows.join(per_lot, on="lot", how="left", maintain_order="left")
    return _judged(joined, reason, ("tier-met",), TIER_REFUSALS)


def judge_citation(
    rows: pl.DataFrame, assessments: pl.DataFrame, documents: pl.DataFrame, *, as_of: date, scheme_role: str
) -> pl.DataFrame:
    """DCF-3.8-4: a concluded assessment of the lot names the claim, its certificate or its scheme as an input.

    Under the reading that a scheme stands in (AMB-47), no assessment of the company's own is asked for.
    """
    wanted = rows.select(
        "subject", "lot", cited=pl.concat_list("claim", "certificate", "scheme").list.drop_nulls()
    )
    found = (
        wanted.join(with_document(assessments, documents), on="lot")
        .with_columns(
            rank=pl.when(pl.col("inputs").fill_null([]).list.set_intersection("cited").list.len() == 0)
            .then(4)
            .when(pl.col("digest").is_null())
            .then(3)
            .when(pl.col("page").is_null())
            .then(2)
            .when((pl.col("concluded_on") <= pl.lit(as_of)).fill_null(False))
            .then(0)
            .otherwise(1)
        )
        .sort("subject", "rank", "digest", nulls_last=True)
        .group_by("subject", maintain_order=True)
        .agg(pl.col("rank").first(), assessment_digest=pl.col("digest").first())
    )
    reason = first_reason(
        (pl.lit(scheme_role == "stands in"), "stands-in"),
        (pl.col("rank").is_null(), "not-assessed"),
        (pl.col("rank") == 4, "not-cited"),
        (pl.col("rank") == 3, "assessment-not-in-case"),
        (pl.col("rank") == 2, "no-page"),
        (pl.col("rank") == 1, "not-concluded"),
        otherwise="cited",
    )
    joined = rows.join(found, on="subject", how="left", maintain_order="left")
    return _judged(joined, reason, ("cited", "stands-in"), (), "assessment_digest")


def supported_lots(rows: pl.DataFrame, *judged: pl.DataFrame) -> pl.DataFrame:
    """Lots for which every claim under one scheme passes all of ``judged`` (clause 3.8)."""
    every = rows.select("subject", "lot", "scheme").drop_nulls("scheme")
    for index, each in enumerate(judged):
        holds = each.select("subject", (pl.col("outcome") == Outcome.MET.value).alias(f"holds_{index}"))
        every = every.join(holds, on="subject", how="left")
    passes = pl.all_horizontal(pl.col(f"holds_{index}").fill_null(False) for index in range(len(judged)))
    return (
        every.group_by("lot", "scheme").agg(passes.all().alias("passes")).filter("passes").select("lot").unique()
    )


def _judged(
    rows: pl.DataFrame,
    reason: pl.Expr,
    met: tuple[str, ...],
    refused: tuple[str, ...],
    digest: str | None = None,
) -> pl.DataFrame:
    evidence = digests(digest) if digest else pl.lit([], dtype=pl.List(pl.String))
    return rows.with_columns(reason=reason).select(
        "subject",
        "lot",
        "scheme",
        "certificate",
        "custody",
        "certificate_custody",
        "cut_off",
        "traded_on",
        "site",
        "product",
        outcome=outcome_of(*met, not_met=refused),
        reason="reason",
        evidence=evidence,
    )
