"""Clause 3.6: what the certified entity publishes each year."""

from datetime import date
from itertools import pairwise

import polars as pl

from landproof.criteria.certification import CERTIFIED_ON, first_days
from landproof.criteria.company import years_later
from landproof.criteria.evidence import best, uncited, with_document
from landproof.criteria.exposure import UNKNOWN, is_assessed, is_high
from landproof.criteria.ladder import first_reason, outcome_of
from landproof.criteria.registry import rule
from landproof.domain.messages import text

# Why a disclosure does not count as public.
_NOT_SHOWN = ((pl.col("public_at").str.strip_chars().fill_null("") == "", "not-public"), *uncited(page=None))


_NOT_PUBLIC = text("The disclosure for %(subject)s has no public address.")


@rule(
    "DCF-3.6-1",
    reasons={
        "published": text("A verification report was published in the certification year from %(subject)s."),
        "other-year": text(
            "Verification reports are on file, and none was published in the certification year from %(subject)s."
        ),
        "date-missing": text(
            "A verification report that may belong to the year from %(subject)s has no date of publication."
        ),
        "not-published": text("No published verification report is on file for the year from %(subject)s."),
        "year-running": text("The certification year from %(subject)s is still running."),
        "not-public": _NOT_PUBLIC,
    },
)
def reports_published(
    application: pl.DataFrame,
    disclosures: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    certified_from: str,
    validity_years: int,
    verification_interval_months: int,
    verification_years: str,
) -> pl.DataFrame:
    """A public report in each year of the validity (AMB-01, AMB-02); the running year may wait."""
    certified = application[CERTIFIED_ON[certified_from]].min()
    days: list[date] = []
    if isinstance(certified, date):
        expires = years_later(certified, validity_years)
        days = first_days(certified, expires, verification_interval_months, verification_years)
    begun = [(start.isoformat(), start, before) for start, before in pairwise(days) if start <= as_of]
    years = pl.DataFrame(begun, schema={"subject": pl.String, "start": pl.Date, "before": pl.Date}, orient="row")
    reports = with_document(disclosures.filter(pl.col("kind") == "verification report"), documents)
    day, start, before = pl.col("published_on"), pl.col("start"), pl.col("before")
    judged = years.join(reports, how="cross").select(
        "subject",
        "digest",
        reason=first_reason(
            (day.is_null(), "date-missing"),
            ((day < start) | (day >= before) | (day > as_of), "other-year"),
            *_NOT_SHOWN,
            otherwise="published",
        ),
    )
    order = ("published", "document-not-in-case", "no-document", "not-public", "date-missing", "other-year")
    reason = pl.col("reason").fill_null("not-published")
    waits = (before > as_of) & reason.is_in(["not-published", "date-missing", "other-year"])
    return (
        years.join(best(judged, order), on="subject", how="left", maintain_order="left")
        .with_columns(reason=pl.when(waits).then(pl.lit("year-running")).otherwise(reason))
        .select(
            "subject",
            "reason",
            "evidence",
            outcome=outcome_of("published", not_met=("other-year",), not_applicable=("year-running",)),
        )
    )


@rule(
    "DCF-3.6-2",
    reasons={
        "listed": text("%(subject)s is on the published list of first-tier suppliers."),
        "no-list": text("No public list of first-tier suppliers is on file for %(subject)s."),
        "other-period": text("The list of first-tier suppliers does not cover the whole evaluated period."),
        "not-listed": text("%(subject)s is not on the published list of first-tier suppliers."),
        "not-marked": text("%(subject)s is on the published list without the mark for goods below the threshold."),
        "mark-missing": text("The published list does not say whether the goods of %(subject)s are marked."),
        "unknown-origin": text("A purchase that counts as high-risk has no supplier or country: %(subject)s."),
        "not-public": _NOT_PUBLIC,
    },
    absent_when_empty="positions",
)
def suppliers_published(
    positions: pl.DataFrame,
    origin_risk: pl.DataFrame,
    disclosures: pl.DataFrame,
    disclosed_suppliers: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    period_start: date | None,
    period_end: date | None,
    published_goods: str,
    published_columns: str,
) -> pl.DataFrame:
    """Each first-tier supplier of goods from a high-risk origin is on a public list for the period."""
    needed = _to_publish(positions, origin_risk)
    if published_goods == "assessed goods":
        needed = needed.filter("assessed")
    lists = _lists(disclosures, documents, as_of, period_start, period_end)
    public = lists.filter(pl.col("reason") == "public")
    keys = ["supplier"] if published_columns == "name" else ["supplier", "commodity", "country"]
    published = (
        disclosed_suppliers.join(public, on="disclosure")
        .group_by(keys)
        .agg(
            marked=pl.col("marked_below_threshold").any(),
            denied=(pl.col("marked_below_threshold") == pl.lit(value=False)).any(),
            evidence=pl.col("digest").unique().sort(),
        )
    )
    reason = first_reason(
        (pl.col("supplier").is_null() | pl.col("country").is_null(), "unknown-origin"),
        (pl.col("marked").is_null(), _why_not_listed(lists)),
        (pl.col("assessed") | pl.col("marked"), "listed"),
        (pl.col("denied"), "not-marked"),
        otherwise="mark-missing",
    )
    return (
        needed.join(published, on=keys, how="left", maintain_order="left")
        .with_columns(reason=reason)
        .select(
            "subject",
            "reason",
            outcome=outcome_of("listed", not_met=("not-listed", "not-marked")),
            evidence="evidence",
        )
    )


def _why_not_listed(lists: pl.DataFrame) -> str:
    """The reason for a supplier on no public list: the lists leave it out, or none of them counts as public."""
    if lists.is_empty():
        return "no-list"
    order = ("public", "document-not-in-case", "no-document", "not-public", "other-period", "no-list")
    nearest: str = best(lists, order)["reason"].item()
    return "not-listed" if nearest == "public" else nearest


def _to_publish(positions: pl.DataFrame, origin_risk: pl.DataFrame) -> pl.DataFrame:
    """``subject, supplier, commodity, country, assessed`` of first-tier goods not known to be low-risk."""
    keys = ["commodity", "country", "list"]
    names = ["supplier", "commodity", "country"]
    return (
        positions.join(origin_risk.select(*keys, "level"), on=keys, how="left", nulls_equal=True)
        .filter(is_high())
        .group_by(names)
        .agg(assessed=is_assessed().any())
        .sort(names)
        .with_columns(subject=pl.concat_str((pl.col(name).fill_null(UNKNOWN) for name in names), separator="|"))
    )


def _lists(
    disclosures: pl.DataFrame,
    documents: pl.DataFrame,
    as_of: date,
    period_start: date | None,
    period_end: date | None,
) -> pl.DataFrame:
    """Each list of first-tier suppliers, with ``public`` or why it does not count as public for the period."""
    lists = with_document(disclosures.filter(pl.col("kind") == "first-tier suppliers"), documents)
    covers = (pl.col("period_start") <= pl.lit(period_start)) & (pl.col("period_end") >= pl.lit(period_end))
    return lists.select(
        "disclosure",
        "digest",
        subject=pl.lit("list"),
        reason=first_reason(
            ((pl.col("published_on") <= as_of).fill_null(False).not_(), "no-list"),
            (covers.fill_null(False).not_(), "other-period"),
            *_NOT_SHOWN,
            otherwise="public",
        ),
    )
