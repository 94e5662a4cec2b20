"""Third-party schemes (clause 3.8): when a certificate may support a lot. A refusal closes this way only."""

from datetime import date

import polars as pl

from landproof.criteria.acceptance import (
    claim_rows,
    judge_certificate,
    judge_citation,
    judge_custody_claim,
    judge_scheme,
    judge_tier,
)
from landproof.criteria.exposure import assessed_positions
from landproof.criteria.registry import rule
from landproof.criteria.traced import traced_lines
from landproof.domain.messages import text

_CERTIFICATE = {
    "no-certificate": text("Claim %(subject)s names no certificate."),
    "certificate-unknown": text("Certificate %(certificate)s of claim %(subject)s is not on file."),
}


@rule(
    "DCF-3.8-1",
    absent_when_empty="positions",
    reasons={
        **_CERTIFICATE,
        "scheme-proves": text(
            "The rules of %(scheme)s show no deforestation and no conversion after the cut-off."
        ),
        "scheme-unread": text("Nobody has read the rules of the scheme behind claim %(subject)s."),
        "scheme-unconfirmed": text("Nobody has confirmed the reading of %(scheme)s."),
        "cut-off-late": text("The cut-off date of %(scheme)s, %(cut_off)s, is after 31 December 2020."),
        "forest-not-covered": text("%(scheme)s does not cover forest."),
        "natural-not-covered": text("%(scheme)s does not cover other natural ecosystems: deforestation only."),
        "reopens": text("%(scheme)s allows minor conversion or compensation."),
        "cut-off-missing": text("The cut-off date of %(scheme)s is not on file."),
        "cover-unknown": text("Nobody says which ecosystems %(scheme)s covers."),
        "allowances-unknown": text("Nobody says whether %(scheme)s allows minor conversion or compensation."),
    },
)
def scheme_proves_cut_off(
    claims: pl.DataFrame,
    certificates: pl.DataFrame,
    schemes: pl.DataFrame,
    lots: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    cut_off: date,
) -> pl.DataFrame:
    """Cut-off in time, forest and other natural ecosystems covered, nothing that re-opens it."""
    return judge_scheme(claim_rows(claims, certificates, schemes, lots, documents), cut_off=cut_off)


@rule(
    "DCF-3.8-2",
    absent_when_empty="positions",
    reasons={
        **_CERTIFICATE,
        "custody-holds": text("Claim %(subject)s is %(custody)s, and so is every step on file."),
        "custody-refused": text("Claim %(subject)s is made under %(custody)s, which is refused."),
        "certificate-custody-refused": text(
            "Certificate %(certificate)s of claim %(subject)s is for %(certificate_custody)s, which is refused."
        ),
        "custody-missing": text("Claim %(subject)s states no custody model."),
        "certificate-custody-missing": text("Certificate %(certificate)s states no custody model."),
        "step-missing": text("The claims on lot %(lot)s do not cover every step from the first on."),
    },
)
def custody_claim(
    claims: pl.DataFrame,
    certificates: pl.DataFrame,
    schemes: pl.DataFrame,
    lots: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    controlled_blending: str,
) -> pl.DataFrame:
    """Segregated or identity preserved at every step."""
    rows = claim_rows(claims, certificates, schemes, lots, documents)
    return judge_custody_claim(rows, controlled_blending=controlled_blending)


@rule(
    "DCF-3.8-3",
    absent_when_empty="positions",
    reasons={
        "tier-met": text("Lot %(lot)s of claim %(subject)s is traced as deep as required and was kept apart."),
        "lot-not-bought": text("Lot %(lot)s of claim %(subject)s stands behind no assessed purchase."),
        "lot-custody-refused": text("Lot %(lot)s of claim %(subject)s was mixed at a step on its way."),
        "lot-custody-unknown": text(
            "A step of lot %(lot)s of claim %(subject)s has no custody model on file, or neither a certificate"
            " nor site records that prove it."
        ),
        "tier-not-shown": text("Lot %(lot)s of claim %(subject)s is not shown to be traced as deep as required."),
    },
)
def other_criteria_apply(
    claims: pl.DataFrame,
    certificates: pl.DataFrame,
    schemes: pl.DataFrame,
    lots: pl.DataFrame,
    documents: pl.DataFrame,
    traces: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    settled_lots: pl.DataFrame,
    *,
    controlled_blending: str,
    low_risk_feed: str,
) -> pl.DataFrame:
    """The lot reaches the tier of clause 3.3 and was kept apart at each step."""
    rows = claim_rows(claims, certificates, schemes, lots, documents)
    wanted = assessed_positions(positions, depth, low_risk_feed=low_risk_feed)
    lines = traced_lines(traces.join(rows.select("lot"), on="lot", how="semi"), wanted, settled_lots)
    return judge_tier(rows, lines, controlled_blending=controlled_blending)


@rule(
    "DCF-3.8-4",
    absent_when_empty="positions",
    reasons={
        "cited": text("A concluded assessment of lot %(lot)s takes claim %(subject)s as one of its inputs."),
        "stands-in": text("By the reading chosen, the scheme stands in for an assessment of lot %(lot)s."),
        "not-assessed": text("No assessment of lot %(lot)s is on file."),
        "not-cited": text("No assessment of lot %(lot)s names claim %(subject)s, its certificate or its scheme."),
        "assessment-not-in-case": text("The document of the assessment of lot %(lot)s is not in the case."),
        "not-concluded": text("The assessment of lot %(lot)s is not concluded by the evaluation date."),
    },
)
def supports_not_replaces(
    claims: pl.DataFrame,
    certificates: pl.DataFrame,
    schemes: pl.DataFrame,
    lots: pl.DataFrame,
    documents: pl.DataFrame,
    assessments: pl.DataFrame,
    *,
    as_of: date,
    scheme_role: str,
) -> pl.DataFrame:
    """The company's own assessment of the lot cites the proxy as one input (AMB-47)."""
    rows = claim_rows(claims, certificates, schemes, lots, documents)
    return judge_citation(rows, assessments, documents, as_of=as_of, scheme_role=scheme_role)


@rule(
    "DCF-3.8-5",
    absent_when_empty="positions",
    reasons={
        **_CERTIFICATE,
        "certificate-holds": text("Certificate %(certificate)s covers the day, product and site of %(subject)s."),
        "not-valid-on-date": text("Certificate %(certificate)s was not valid on %(traded_on)s."),
        "product-out-of-scope": text(
            "Certificate %(certificate)s does not cover the product of claim %(subject)s."
        ),
        "site-out-of-scope": text("Certificate %(certificate)s does not cover site %(site)s."),
        "trade-date-missing": text("Claim %(subject)s has no transaction date."),
        "validity-missing": text("Certificate %(certificate)s lacks the day from or to which it is valid."),
        "product-missing": text("The product of claim %(subject)s or those of its certificate are not on file."),
        "site-missing": text("The site of claim %(subject)s or those of its certificate are not on file."),
        "registry-unchecked": text("Nobody checked certificate %(certificate)s in the registry of the scheme."),
        "no-contact": text("No contact at the scheme is on file for certificate %(certificate)s."),
    },
)
def certificate_valid(
    claims: pl.DataFrame,
    certificates: pl.DataFrame,
    schemes: pl.DataFrame,
    lots: pl.DataFrame,
    documents: pl.DataFrame,
) -> pl.DataFrame:
    """Valid on the transaction date, product and site in scope, and the scheme can be reached."""
    return judge_certificate(claim_rows(claims, certificates, schemes, lots, documents))
