"""When a statement counts: a document in the case, a page, dates in force, and a scope that covers.

A bare "yes" is never evidence (criteria.md, "How to read a rule"). Every rule that rests on documents
goes through `judge_evidence` or `with_document`, so that no rule is more lenient than another.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from landproof.criteria.ladder import Question, first_reason, outcome_of
from landproof.domain.vocabulary import ENTITY

EVERYTHING = "*"  # the scope of a document that covers the whole entity

# Best first: the first of these that a subject's documents give is its reason.
_REASONS = ("holds", "elements-missing", "not-in-force", "dates-missing", "no-page", "document-not-in-case",
            "no-document", "no-answer")  # fmt: skip


def with_document(frame: pl.DataFrame, documents: pl.DataFrame, column: str = "document") -> pl.DataFrame:
    """Add ``digest``: of the file that ``column`` names (by name or digest); null if it is not in the case."""
    digests = documents.select(pl.col("reference").alias(column), "digest").unique(subset=column, keep="first")
    return frame.join(digests, on=column, how="left", maintain_order="left")


def uncited(
    document: str = "document", digest: str = "digest", *, page: str | None = "page"
) -> tuple[Question, ...]:
    """The questions whether a row of `with_document` is not documented, for `first_reason`.

    ``page`` is null where the document as a whole counts.
    """
    in_case = ((pl.col(document).is_null(), "no-document"), (pl.col(digest).is_null(), "document-not-in-case"))
    return in_case if page is None else (*in_case, (pl.col(page).is_null(), "no-page"))


def citation_problem(*, page: str | None = "page") -> pl.Expr:
    """Why a row of `with_document` is not documented, as a common reason; null when it is."""
    return first_reason(*uncited(page=page))


def is_cited(*, page: str | None = "page") -> pl.Expr:
    """Whether a row of `with_document` is documented: a file in the case and, unless ``page`` is null, a page."""
    in_case = pl.col("digest").is_not_null()
    return in_case if page is None else in_case & pl.col(page).is_not_null()


def best(rows: pl.DataFrame, order: Sequence[str]) -> pl.DataFrame:
    """For each ``subject`` of ``rows``, the ``reason`` that stands first in ``order``.

    Returns ``subject, reason, evidence``: the digests of the rows that gave that reason.
    """
    ranks = {reason: rank for rank, reason in enumerate(order)}
    return (
        rows.select(
            "subject", "reason", "digest", rank=pl.col("reason").replace_strict(ranks, return_dtype=pl.Int64)
        )
        .filter(pl.col("rank") == pl.col("rank").min().over("subject"))
        .group_by("subject", maintain_order=True)
        .agg(pl.col("reason").first(), evidence=pl.col("digest").drop_nulls().unique().sort())
    )


def judge_evidence(
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    subjects: pl.DataFrame,
    *,
    topic: str,
    start: date | None,
    end: date | None,
    elements: Sequence[str] = (),
) -> pl.DataFrame:
    """Judge what is on file about ``topic`` for each row of ``subjects`` (column ``subject``).

    A statement covers a subject when its own ``subject`` is the same word or `EVERYTHING`. It is in
    force when it is valid from ``start`` (or earlier) to ``end`` (or later, or open). ``elements`` must
    all be among its elements. A document in force that answers "no" is a disqualifying fact.

    Returns ``subject, outcome, reason, missing, evidence``; ``evidence`` is the list of digests used.
    """
    wanted = pl.lit(list(elements), dtype=pl.List(pl.String))
    lacking = pl.col("wanted").list.set_difference(pl.col("elements").fill_null([])).list.sort()
    rows = (
        with_document(evidence.filter(pl.col("topic") == topic), documents)
        .with_columns(wanted=wanted)  # as a column: a literal list does not stretch over no rows at all
        .with_columns(lacking=lacking if elements else pl.lit([], dtype=pl.List(pl.String)))
        .with_columns(
            reason=first_reason(
                *uncited(),
                (pl.col("valid_from").is_null() | pl.lit(start is None or end is None), "dates-missing"),
                ((pl.col("valid_from") > pl.lit(start)) | (pl.col("valid_to") < pl.lit(end)), "not-in-force"),
                (pl.col("answer").is_null(), "no-answer"),
                (pl.col("answer") == "no", "says-no"),
                (pl.col("lacking").list.len() > 0, "elements-missing"),
                otherwise="holds",
            )
        )
        .select(covers="subject", reason="reason", digest="digest", lacking=pl.col("lacking").list.join(", "))
    )
    order = {reason: rank for rank, reason in enumerate(("says-no", *_REASONS))}
    subject = subjects.select("subject").unique(maintain_order=True)
    exact = subject.join(rows.filter(pl.col("covers") != EVERYTHING), left_on="subject", right_on="covers")
    broad = subject.join(rows.filter(pl.col("covers") == EVERYTHING).drop("covers"), how="cross")
    best = (
        pl.concat([exact, broad.select(exact.columns)])
        .with_columns(rank=pl.col("reason").replace_strict(order, return_dtype=pl.Int64))
        .sort("subject", "rank", "digest", nulls_last=True)
        .group_by("subject", maintain_order=True)
        .agg(
            pl.col("reason").first(),
            pl.col("lacking").first().alias("missing"),
            pl.col("digest").filter(pl.col("rank") == pl.col("rank").first()).drop_nulls().unique().sort(),
        )
    )
    nothing = "out-of-scope" if rows.height else "no-document"
    return (
        subject.join(best, on="subject", how="left", maintain_order="left")
        .with_columns(pl.col("reason").fill_null(nothing))
        .select(
            "subject",
            outcome=outcome_of("holds", not_met=("says-no",)),
            reason="reason",
            missing="missing",
            evidence=pl.col("digest").fill_null([]),
        )
    )


def judge_entity(
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    topic: str,
    start: date | None,
    end: date | None,
    elements: Sequence[str] = (),
) -> pl.DataFrame:
    """As `judge_evidence`, for the company as a whole."""
    entity = pl.DataFrame({"subject": [ENTITY]})
    return judge_evidence(evidence, documents, entity, topic=topic, start=start, end=end, elements=elements)


def judge_scopes(
    evidence: pl.DataFrame,
    documents: pl.DataFrame,
    scopes: pl.DataFrame,
    *,
    topic: str,
    start: date | None,
    end: date | None,
    elements: Sequence[str] = (),
) -> pl.DataFrame:
    """As `judge_evidence`, where a subject may be covered under several words.

    ``scopes`` has a row per ``subject`` and ``scope`` (such as "position:P" and "supplier:S"). A "no" under
    any of them disqualifies; else the best of them counts.
    """
    words = scopes.select(subject="scope")
    judged = judge_evidence(evidence, documents, words, topic=topic, start=start, end=end, elements=elements)
    order = {reason: rank for rank, reason in enumerate(("says-no", *_REASONS, "out-of-scope"))}
    return (
        scopes.join(judged, left_on="scope", right_on="subject", how="inner", maintain_order="left")
        .with_columns(rank=pl.col("reason").replace_strict(order, return_dtype=pl.Int64))
        .sort("subject", "rank", "missing", "scope", nulls_last=True)
        .group_by("subject", maintain_order=True)
        .agg(pl.col("outcome", "reason", "missing", "evidence").first())
    )
