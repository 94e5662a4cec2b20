"""The commitment to trace all agri-food goods to plots by 2030 (Summary 2 footnote 4; 3.3 footnote 16)."""

from datetime import date

import polars as pl

from landproof.criteria.evidence import uncited, with_document
from landproof.criteria.ladder import digests, first_reason, outcome_of
from landproof.domain.vocabulary import ENTITY

# The commitment that comes nearest to being one decides.
_NEAREST = (
    "committed", "no-page", "document-not-in-case", "no-document", "not-yet-made", "date-made-missing",
    "not-approved", "goods-missing", "due-date-missing", "due-late",
)  # fmt: skip


def judge_plot_commitment(
    commitments: pl.DataFrame, documents: pl.DataFrame, *, as_of: date, all_plots_from: date
) -> pl.DataFrame:
    """The company's nearest commitment: documented, public or approved, for all goods, due in time."""
    reason = first_reason(
        (pl.col("due_on") > pl.lit(all_plots_from), "due-late"),
        (pl.col("due_on").is_null(), "due-date-missing"),
        (~pl.col("elements").fill_null([]).list.contains("all agri-food goods"), "goods-missing"),
        (pl.col("approved_by").is_null(), "not-approved"),
        (pl.col("published_on").is_null(), "date-made-missing"),
        (pl.col("published_on") > pl.lit(as_of), "not-yet-made"),
        *uncited(),
        otherwise="committed",
    )
    order = {name: rank for rank, name in enumerate((*_NEAREST, "no-commitment"))}
    nothing = pl.DataFrame({"reason": ["no-commitment"]})
    made = with_document(commitments.filter(pl.col("kind") == "traceability-2030"), documents)
    return (
        pl.concat([made.with_columns(reason=reason).select("reason", "due_on", "digest"), nothing], how="diagonal")
        .with_columns(rank=pl.col("reason").replace_strict(order, return_dtype=pl.Int64))
        .sort("rank", "due_on", "digest", nulls_last=True)
        .head(1)
        .select(
            "due_on",
            "reason",
            subject=pl.lit(ENTITY),
            outcome=outcome_of("committed", not_met=("due-late",)),
            evidence=digests("digest"),
        )
    )
