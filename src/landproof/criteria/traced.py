"""How much of each assessed sourcing position is traced as deep as clause 3.3 requires."""

import polars as pl

from landproof.criteria.evidence import is_cited, with_document
from landproof.criteria.exposure import is_assessed
from landproof.criteria.ladder import first_reason, insufficient, outcome_of


def traced_lines(traces: pl.DataFrame, wanted: pl.DataFrame, settled_lots: pl.DataFrame) -> pl.DataFrame:
    """Lines of the ``wanted`` positions with what counts ``at_plot``, ``at_country`` and ``at_required``.

    A lot that an EUDR statement settles counts as traced to its plots, for the six commodities
    (DCF-3.3-10); not where an estimate names it.
    """
    position = wanted.select("position", "six", "required")
    is_settled = (
        pl.col("settled").fill_null(False) & pl.col("six").eq_missing(True) & pl.col("estimate").ne_missing(True)
    )
    return (
        traces.join(position, on="position")
        .join(settled_lots.select("lot", settled=pl.lit(True)), on="lot", how="left")
        .with_columns(at_plot=pl.when(is_settled).then("bought_g").otherwise("plot_g"))
        .with_columns(
            at_country=pl.when(is_settled).then("bought_g").otherwise(pl.col("plot_g") + pl.col("country_g"))
        )
        .with_columns(at_required=pl.when(pl.col("required") == "country").then("at_country").otherwise("at_plot"))
    )


def judge_positions(wanted: pl.DataFrame, lines: pl.DataFrame, *, to_plot: bool = False) -> pl.DataFrame:
    """Each of the ``wanted`` positions: is all that was bought traced as deep as required (or to the plot)?

    Nothing on file proves a breach where a trace is missing, so the answer is then insufficient evidence.
    Recycled fibre has no plot (AMB-10): where one is asked for, the verifier has to be.
    """
    known = pl.col("bought_g").is_not_null().all()
    at_depth = pl.col("at_plot" if to_plot else "at_required")
    without_plot = pl.col("recycled").eq_missing(True) & (pl.col("required") == "plot")
    sums = lines.group_by("position").agg(
        whole=pl.when(known).then(pl.col("bought_g").sum()),
        part=at_depth.sum(),
        placed=pl.col("at_country").sum(),
    )
    reason = first_reason(
        (pl.col("whole").is_null() | (pl.col("whole") <= 0), "mass-missing"),
        (pl.col("part") >= pl.col("whole"), "traced"),
        (without_plot, "recycled"),
        (pl.col("placed") < pl.col("whole"), "untraced"),
        otherwise="not-traced-to-plot",
    )
    return (
        wanted.join(sums, on="position", how="left", maintain_order="left")
        .with_columns(reason=reason)
        .select(
            subject="position",
            outcome=outcome_of("traced"),
            reason="reason",
            part="part",
            whole="whole",
            unit=pl.lit("g"),
        )
    )


def without_lot(lines: pl.DataFrame) -> pl.DataFrame:
    """The positions whose ``lines`` name no lot: a missing lot is a question, never a pass."""
    return (
        lines.filter(pl.col("lot").is_null())
        .select(subject="position")
        .unique()
        .with_columns(**insufficient("lot-missing"))
    )


def products_without_feed(
    positions: pl.DataFrame,
    goods: pl.DataFrame,
    line_goods: pl.DataFrame,
    purchases: pl.DataFrame,
    feed: pl.DataFrame,
    documents: pl.DataFrame,
) -> pl.DataFrame:
    """Assessed animal products with neither feed on file nor a documented statement that they have none."""
    wanted = positions.filter(is_assessed() & pl.col("feed_for").is_null())
    lines = line_goods.join(wanted, on="position", how="semi").select("line", "commodity")
    animals = goods.filter(pl.col("livestock").eq_missing(True) & pl.col("in_scope").ne_missing(False))
    none_used = with_document(feed.filter("no_agri_food_feed"), documents).filter(is_cited())
    return (
        purchases.join(animals, on="product", how="semi")
        .join(lines, on="line")
        .join(animals, on=["product", "commodity"], how="semi")
        .select(subject="product")
        .unique()
        .join(positions, left_on="subject", right_on="feed_for", how="anti")
        .join(none_used, left_on="subject", right_on="product", how="anti")
        .with_columns(**insufficient("feed-unknown"))
    )
