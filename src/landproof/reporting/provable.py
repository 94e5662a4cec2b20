"""Which spend is provable today, and where the rest falls short.

A sourcing position is *provable* when all of this is known to hold:

1. it is assessed (clause 2.4);
2. all of its mass is traced to the depth required of it (clause 3.3): the plot, or the country;
3. every step of its chain proves a custody model, and each is one that clause 3.3 accepts;
4. every plot behind it is met under DCF-3.1-1 to DCF-3.1-5, the plots account for all mass traced to
   plots, and where the plot is required there is one; no visit of the verifier says otherwise;
5. for animal products, 2 to 4 hold for the feed as well; without a feed position, DCF-2.1-4 is met.

Provable share = spend of provable positions / net agri-food spend (clause 2.4). What is unknown is not
provable, and it stays in the whole: missing data never raises the share.
"""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from landproof.criteria.steps.spend import with_spend
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome, every
from landproof.domain.vocabulary import CUSTODY_MODELS, ENTITY
from landproof.reporting.amounts import exact_sum
from landproof.reporting.assessment import Assessment

DEFINITION = text(
    "A sourcing position is provable when it is assessed, all of its mass is traced to the depth required of it, "
    "every step of its chain keeps custody as clause 3.3 accepts, and every plot behind it is met under DCF-3.1-1 "
    "to DCF-3.1-5; for animal products the same holds for the feed. Provable spend is the spend of those "
    "positions, divided by net agri-food spend. What is unknown is not provable."
)

LAND_RULES = ("DCF-3.1-1", "DCF-3.1-2", "DCF-3.1-3", "DCF-3.1-4", "DCF-3.1-5")
WOOD_RULE = "DCF-3.1-3"  # judged for wood only
FEED_RULE = "DCF-2.1-4"
ACCEPTED_CUSTODY = CUSTODY_MODELS[:2]  # clause 3.3: identity preserved, segregated

# Where a position falls short, in the order of the tests; the last one is the goal.
SHORTFALLS = ("below threshold", "not traced", "custody", "land", "provable")

_WORST = (Outcome.NOT_MET, Outcome.INSUFFICIENT, Outcome.MET, Outcome.NOT_APPLICABLE, Outcome.INFORMATION)
_RANK = {outcome.value: rank for rank, outcome in enumerate(_WORST)}


@dataclass(frozen=True)
class Provability:
    """Positions with ``traced, custody, land`` (null: unknown), ``provable`` and ``shortfall``; plots with
    ``outcome``; amounts in the reporting currency, None where a part is unknown.
    """

    positions: pl.DataFrame
    plots: pl.DataFrame
    bought: Decimal | None
    in_scope: Decimal | None
    assessed: Decimal
    traced: Decimal
    custody: Decimal
    provable: Decimal


def provability(assessment: Assessment) -> Provability:
    """Work out which positions are provable (module docstring)."""
    plots = land_outcomes(assessment)
    chain = _chain(assessment, plots)
    positions = _with_feed(assessment, chain)
    ahead = pl.col("feed_for").is_null() & pl.col("assessed").fill_null(True)
    traced, custody = ahead & pl.col("traced"), ahead & pl.col("traced") & pl.col("custody")
    provable = (custody & pl.col("land")).fill_null(False)
    positions = positions.with_columns(
        provable=provable,
        shortfall=pl.when(~pl.col("assessed").fill_null(True))
        .then(pl.lit("below threshold"))
        .when(~traced.fill_null(False))
        .then(pl.lit("not traced"))
        .when(~custody.fill_null(False))
        .then(pl.lit("custody"))
        .when(~provable)
        .then(pl.lit("land"))
        .otherwise(pl.lit("provable")),
    )
    whole = assessment.table("materiality")["whole"].drop_nulls()
    return Provability(
        positions.sort("position"),
        plots,
        _bought(assessment),
        whole.item(0) if len(whole) else None,
        *(_spend(positions, stage) for stage in (ahead, traced, custody, provable)),
    )


def _spend(positions: pl.DataFrame, stage: pl.Expr) -> Decimal:
    """Known spend of the positions that passed ``stage`` for certain."""
    known = positions.filter(stage.fill_null(False))["spend"].drop_nulls()
    return exact_sum(known)


def _bought(assessment: Assessment) -> Decimal | None:
    """All purchase lines in the reporting currency; None while an amount, a currency or a rate is missing."""
    purchases = assessment.table("purchases")
    if assessment.currency is None or purchases.is_empty():
        return None
    amounts = with_spend(purchases, assessment.table("rates"), assessment.table("application"))["spend"]
    return None if amounts.null_count() else exact_sum(amounts)


def land_outcomes(assessment: Assessment) -> pl.DataFrame:
    """``plot, outcome``: the worst outcome of each plot under the land rules; silence is not a pass."""
    units = assessment.table("units").group_by("plot").agg(
        wood=pl.col("wood").fill_null(True).any()
    )  # fmt: skip
    named = [assessment.table(name).select("plot") for name in ("plots", "lot_plots")]
    plots = pl.concat([*named, units.select("plot")]).drop_nulls().unique().sort("plot")
    if plots.is_empty():
        return plots.with_columns(outcome=pl.lit(None, dtype=pl.String))
    ranked = (
        assessment.findings.filter(pl.col("rule").is_in(LAND_RULES))
        .with_columns(rank=pl.col("outcome").replace_strict(_RANK, return_dtype=pl.Int8))
        .group_by("rule", "subject")
        .agg(pl.col("rank").min())
    )
    rules = pl.DataFrame({"rule": [rule for rule in LAND_RULES if rule in assessment.edition.rules]})
    # Only "not applicable" may be said of all plots at once; a pass is said of each.
    of_all = ranked.filter(
        (pl.col("subject") == ENTITY) & (pl.col("rank") == _RANK[Outcome.NOT_APPLICABLE.value])
    ).select("rule", of_all="rank")
    return (
        plots.join(units, on="plot", how="left")
        .join(rules, how="cross")
        .filter((pl.col("rule") != WOOD_RULE) | pl.col("wood").fill_null(True))
        .join(ranked, left_on=("rule", "plot"), right_on=("rule", "subject"), how="left")
        .join(of_all, on="rule", how="left")
        .group_by("plot")
        .agg(rank=pl.coalesce("rank", "of_all", pl.lit(_RANK[Outcome.INSUFFICIENT.value], dtype=pl.Int8)).min())
        .select(
            "plot",
            outcome=pl.col("rank").replace_strict(
                {rank: value for value, rank in _RANK.items()}, return_dtype=pl.String
            ),
        )
        .sort("plot")
    )


def _chain(assessment: Assessment, plots: pl.DataFrame) -> pl.DataFrame:
    """Positions with ``required, traced, custody, land`` of their own."""
    required = assessment.table("depth").select("position", "required")
    traces = assessment.table("traces").join(required, on="position", how="left")
    to_plot = pl.col("required").fill_null("plot") == "plot"
    own = traces.with_columns(
        reached=pl.when(to_plot).then(pl.col("plot_g") >= pl.col("bought_g")).otherwise(pl.col("untraced_g") <= 0)
        & (pl.col("bought_g") > 0),
        kept=pl.col("custody").is_in(ACCEPTED_CUSTODY) & ~pl.col("custody_unknown"),
    )
    per_position = own.group_by("position").agg(
        traced=every(pl.col("reached")), custody=every(pl.col("kept")), lines_traced=pl.len()
    )
    behind = _behind(assessment, traces, plots)
    return (
        assessment.table("positions")
        .join(required, on="position", how="left")
        .join(per_position, on="position", how="left")
        .join(behind, on="position", how="left")
        .with_columns(
            pl.col("required").fill_null("plot"),
            pl.col("plots").fill_null(0),
            land=_land(_objections(assessment)),
        )
    )


def _behind(assessment: Assessment, traces: pl.DataFrame, plots: pl.DataFrame) -> pl.DataFrame:
    """``position, plots, clean, complete, objected`` of the land behind each position that has lots.

    ``complete``: the plots on file account for all mass that the lots are said to have from plots, so that
    no plot can drop out of sight.
    """
    lots = traces.select("position", "lot").drop_nulls().unique()
    behind = assessment.table("lot_plots").select("lot", "plot", "mass_g")
    said = assessment.table("lot_status").select("lot", "plot_g")
    shown = behind.group_by("lot").agg(shown_g=pl.col("mass_g").sum())
    accounted = (
        lots.join(said, on="lot", how="left")
        .join(shown, on="lot", how="left")
        .group_by("position")
        .agg(complete=every(pl.col("shown_g").fill_null(0) >= pl.col("plot_g")))
    )
    verdicts = (
        lots.join(behind, on="lot")
        .select("position", "plot")
        .unique()
        .join(plots, on="plot", how="left")
        .group_by("position")
        .agg(clean=every(pl.col("outcome") == Outcome.MET.value), plots=pl.len())
    )
    return accounted.join(verdicts, on="position", how="left")


def _objections(assessment: Assessment) -> list[str]:
    """Positions that a land rule itself does not find met, by name or by a verifier's visit (a ticket)."""
    blocking = (Outcome.NOT_MET.value, Outcome.INSUFFICIENT.value)
    named = assessment.findings.filter(pl.col("rule").is_in(LAND_RULES) & pl.col("outcome").is_in(blocking))
    visits = assessment.table("samples").select(
        "supplier", "commodity", subject=pl.lit("ticket:") + pl.col("ticket")
    )  # fmt: skip
    visited = named.join(visits, on="subject").select("supplier", "commodity")
    positions = assessment.table("positions").select("position", "supplier", "commodity")
    found = positions.join(visited, on=["supplier", "commodity"], how="semi")["position"].to_list()
    return [*found, *named["subject"].to_list()]


def _land(objections: list[str]) -> pl.Expr:
    """All plots met and none out of sight; without a plot, fine where the country suffices, else unknown."""
    no_plot = pl.col("plots").fill_null(0) == 0
    no_lot = pl.col("complete").is_null() & no_plot
    enough = pl.when(pl.col("required") == "country").then(pl.lit(True))
    return (
        pl.when(pl.col("position").is_in(objections))
        .then(pl.lit(False))
        .when(no_lot)
        .then(enough)
        .when(no_plot)
        .then(pl.when(pl.col("complete")).then(enough))
        .otherwise(pl.col("clean") & pl.when(pl.col("complete")).then(pl.lit(True)))
    )


def _with_feed(assessment: Assessment, chain: pl.DataFrame) -> pl.DataFrame:
    """Bought positions pass only where the feed behind their products passes as well."""
    products = (
        assessment.table("line_goods")
        .select("position", "line")
        .join(assessment.table("purchases").select("line", "product"), on="line")
        .select("position", "product")
        .drop_nulls()
        .unique()
    )
    feed = chain.filter(pl.col("feed_for").is_not_null()).select(
        "traced", "custody", "land", product="feed_for"
    )  # fmt: skip
    settled = _feed_settled(assessment)
    per_product = feed.group_by("product").agg(
        feed_traced=every(pl.col("traced")), feed_custody=every(pl.col("custody")), feed_land=every(pl.col("land"))
    )
    fed = per_product.get_column("product").unique().to_list()
    bare = products.filter(~pl.col("product").is_in(fed)).join(settled, on="product", how="left")
    unfed = bare.select("product", feed_traced="settled", feed_custody="settled", feed_land="settled").unique()
    livestock = chain.select("position", "livestock", "feed_for")
    per_position = (
        products.join(livestock, on="position")
        .filter(pl.col("feed_for").is_null())
        .filter(pl.col("livestock").fill_null(True) | pl.col("product").is_in(fed))
        .join(pl.concat([per_product, unfed]), on="product", how="left")
        .group_by("position")
        .agg(every(pl.col(name)).alias(name) for name in ("feed_traced", "feed_custody", "feed_land"))
        .with_columns(has_feed=pl.lit(True))
    )
    joined = chain.join(per_position, on="position", how="left")
    return joined.with_columns(
        pl.when(pl.col("has_feed")).then(pl.col(name) & pl.col(f"feed_{name}")).otherwise(pl.col(name)).alias(name)
        for name in ("traced", "custody", "land")
    )


def _feed_settled(assessment: Assessment) -> pl.DataFrame:
    """``product, settled``: true where DCF-2.1-4 is met for a product that has no feed position."""
    met = (Outcome.MET.value, Outcome.NOT_APPLICABLE.value)
    return (
        assessment.findings.filter(pl.col("rule") == FEED_RULE)
        .group_by(product="subject")
        .agg(settled=pl.col("outcome").is_in(met).all())
        .with_columns(pl.when(pl.col("settled")).then(pl.lit(True)).alias("settled"))
    )
