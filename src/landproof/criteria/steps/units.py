"""Which production units stand behind the assessed positions (clauses 3.1 and 3.3)."""

from datetime import date

import polars as pl

from landproof.criteria.acceptance import (
    claim_rows,
    judge_certificate,
    judge_citation,
    judge_custody_claim,
    judge_scheme,
    judge_statements,
    judge_tier,
    lots_settled,
    supported_lots,
)
from landproof.criteria.exposure import assessed_positions
from landproof.criteria.ladder import agreed
from landproof.criteria.registry import step
from landproof.criteria.traced import traced_lines


@step("settled_lots")
def settled_lots(
    eudr_statements: pl.DataFrame,
    documents: pl.DataFrame,
    purchases: pl.DataFrame,
    lots: pl.DataFrame,
    *,
    as_of: date,
    eudr_applies_from: date,
    eudr_before_application: str,
) -> pl.DataFrame:
    """Lots for which a usable EUDR statement is on file (DCF-3.3-10, AMB-36)."""
    return lots_settled(
        judge_statements(
            eudr_statements,
            documents,
            purchases,
            lots,
            as_of=as_of,
            eudr_applies_from=eudr_applies_from,
            eudr_before_application=eudr_before_application,
        )
    )


@step("units")
def units(
    traces: pl.DataFrame,
    settled_lots: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    lot_plots: pl.DataFrame,
    plots: pl.DataFrame,
    lots: pl.DataFrame,
    claims: pl.DataFrame,
    certificates: pl.DataFrame,
    schemes: pl.DataFrame,
    assessments: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    cut_off: date,
    controlled_blending: str,
    low_risk_feed: str,
    scheme_role: str,
) -> pl.DataFrame:
    """Plots and animal establishments that the lots of assessed positions come from, per commodity.

    A plot takes the higher risk of the positions it feeds, and is accepted only when every lot it feeds is.
    """
    wanted = assessed_positions(positions, depth, low_risk_feed=low_risk_feed)
    rows = claim_rows(claims, certificates, schemes, lots, documents)
    claimed = traces.join(rows.select("lot").unique(), on="lot", how="semi")
    lines = traced_lines(claimed, wanted, settled_lots)
    supported = supported_lots(
        rows,
        judge_scheme(rows, cut_off=cut_off),
        judge_custody_claim(rows, controlled_blending=controlled_blending),
        judge_tier(rows, lines, controlled_blending=controlled_blending),
        judge_citation(rows, assessments, documents, as_of=as_of, scheme_role=scheme_role),
        judge_certificate(rows),
    )
    reached = (
        traces.filter(pl.col("lot").is_not_null())
        .select("lot", "position")
        .unique()
        .join(wanted.select("position", "commodity", "level", "six", "wood", "feed_for"), on="position")
        .join(settled_lots.select("lot", settled=pl.lit(True)), on="lot", how="left")
        .join(supported.with_columns(supported=pl.lit(True)), on="lot", how="left")
    )
    return _with_plots(_gathered(reached, lot_plots.select("lot", "plot")), plots)


def _gathered(reached: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Per lot and commodity first, so that a plot with many lots is not joined to every position of each."""
    is_six = pl.col("six").eq_missing(True)
    per_lot = reached.group_by("lot", "commodity").agg(
        high=(pl.col("level") == "high").any(),
        six=is_six.any(),
        wood=pl.col("wood").fill_null(False).any(),
        feed=pl.col("feed_for").is_not_null().any(),
        # The EUDR covers the six commodities only (DCF-3.3-10).
        eudr_accepted=(pl.col("settled").fill_null(False) & is_six).all(),
        scheme_accepted=pl.col("supported").fill_null(False).all(),
    )
    return (
        per_lot.join(places, on="lot")
        .group_by("plot", "commodity")
        .agg(
            level=pl.when(pl.col("high").any()).then(pl.lit("high")).otherwise(pl.lit("low")),
            six=pl.col("six").any(),
            wood=pl.col("wood").any(),
            feed=pl.col("feed").any(),
            eudr_accepted=pl.col("eudr_accepted").all(),
            scheme_accepted=pl.col("scheme_accepted").all(),
        )
    )


def _with_plots(gathered: pl.DataFrame, plots: pl.DataFrame) -> pl.DataFrame:
    on_file = plots.select(
        "plot",
        "country",
        "use",
        "shape",
        "area_ha",
        "decimals",
        "decimals_known",
        "boundary_of",
        known=pl.lit(True),
    )
    return gathered.join(agreed(on_file, "plot"), on="plot", how="left").with_columns(
        pl.col("known").fill_null(False)
    )
