"""Clause 3.6: what the certified entity publishes each year."""

from datetime import date

import polars as pl

from landproof.criteria.evidence import best, citation_problem, outcome_by_reason, with_document
from landproof.criteria.exposure import UNKNOWN, is_high
from landproof.criteria.registry import rule
from landproof.criteria.rules.monitoring import months_later
from landproof.domain.messages import text


def _public_problem() -> pl.Expr:
    """Why a disclosure does not count as public; null when it does."""
    unaddressed = pl.col("public_at").str.strip_chars().fill_null("") == ""
    return pl.when(unaddressed).then(pl.lit("not-public")).otherwise(citation_problem(page=False))


_NOT_PUBLIC = text("The disclosure for %(subject)s has no public address.")


@rule(
    "DCF-3.6-1",
    reasons={
        "published": text("A verification report was published in the certification year from %(subject)s."),
        "published-late": text(
            "The verification report for the certification year from %(subject)s was published after that year."
        ),
        "not-published": text("No verification report is on file for the certification year from %(subject)s."),
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
    report_interval_months: int,
) -> pl.DataFrame:
    """A public report in each year counted from the Board's confirmation (AMB-02); the running year may wait."""
    years = _years(application, as_of, report_interval_months)
    reports = with_document(disclosures.filter(pl.col("kind") == "verification report"), documents)
    rows = years.join(reports, how="cross").with_columns(problem=_public_problem())
    day, start, before = pl.col("published_on"), pl.col("start"), pl.col("before")
    for_the_year = (pl.col("period_end") >= start) & (pl.col("period_end") < before)
    judged = rows.select(
        "subject",
        "digest",
        reason=pl.when((day >= start) & (day < before) & (day <= as_of))
        .then(pl.coalesce("problem", pl.lit("published")))
        .when(for_the_year & (day >= before))
        .then(pl.lit("published-late"))
        .otherwise(pl.lit("not-published")),
    )
    order = ("published", "document-not-in-case", "no-document", "not-public", "published-late", "not-published")
    found = years.join(best(judged, order), on="subject", how="left", maintain_order="left").with_columns(
        pl.col("reason").fill_null("not-published"), pl.col("evidence").fill_null([])
    )
    reason = pl.col("reason")
    running = (before > as_of) & (reason == "not-published")
    return found.with_columns(reason=pl.when(running).then(pl.lit("year-running")).otherwise(reason)).select(
        "subject",
        "reason",
        "evidence",
        outcome=outcome_by_reason("published", "published-late", not_applicable="year-running"),
    )


def _years(application: pl.DataFrame, as_of: date, months: int) -> pl.DataFrame:
    """``subject, start, before`` of each certification year begun by ``as_of``, counted from the first date."""
    confirmed = application["board_confirmed_on"].min()
    rows: list[tuple[str, date, date]] = []
    while isinstance(confirmed, date):
        start, before = (months_later(confirmed, months * (len(rows) + extra)) for extra in (0, 1))
        if start > as_of:
            break
        rows.append((start.isoformat(), start, before))
    return pl.DataFrame(rows, schema={"subject": pl.String, "start": pl.Date, "before": pl.Date}, orient="row")


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
    missing = (
        "not-listed" if public.height else best(lists, _LIST_ORDER)["reason"].item() if lists.height else "no-list"
    )
    reason = (
        pl.when(pl.col("supplier").is_null() | pl.col("country").is_null())
        .then(pl.lit("unknown-origin"))
        .when(pl.col("marked").is_null())
        .then(pl.lit(missing))
        .when(pl.col("assessed") | pl.col("marked"))
        .then(pl.lit("listed"))
        .when("denied")
        .then(pl.lit("not-marked"))
        .otherwise(pl.lit("mark-missing"))
    )
    return (
        needed.join(published, on=keys, how="left", maintain_order="left")
        .with_columns(reason=reason)
        .select(
            "subject",
            "reason",
            outcome=outcome_by_reason("listed", "not-listed", "not-marked"),
            evidence=pl.col("evidence").fill_null([]),
        )
    )


_LIST_ORDER = ("document-not-in-case", "no-document", "not-public", "other-period", "no-list")


def _to_publish(positions: pl.DataFrame, origin_risk: pl.DataFrame) -> pl.DataFrame:
    """``subject, supplier, commodity, country, assessed`` of first-tier goods not known to be low-risk."""
    keys = ["commodity", "country", "list"]
    names = ["supplier", "commodity", "country"]
    return (
        positions.join(origin_risk.select(*keys, "level"), on=keys, how="left", nulls_equal=True)
        .filter(is_high())
        .group_by(names)
        .agg(assessed=pl.col("assessed").ne_missing(pl.lit(value=False)).any())
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
        reason=pl.when((pl.col("published_on") <= as_of).fill_null(value=False).not_())
        .then(pl.lit("no-list"))
        .when(covers.fill_null(value=False).not_())
        .then(pl.lit("other-period"))
        .otherwise(pl.coalesce(_public_problem(), pl.lit("public"))),
    )
