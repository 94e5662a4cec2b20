"""Traceability (clause 3.3): how deep, by which coordinates, kept apart from what, and by when."""

from datetime import date
from decimal import Decimal

import polars as pl

from landproof.criteria.acceptance import is_refused, judge_statements
from landproof.criteria.exposure import assessed_positions, is_assessed
from landproof.criteria.ladder import first_reason, outcome_of
from landproof.criteria.movements import CATTLE_COMMODITIES, animal_lots, judge_chains
from landproof.criteria.plot_commitment import judge_plot_commitment
from landproof.criteria.plot_place import UNLOCATED, is_cattle, located_plots, point_will_do
from landproof.criteria.registry import rule
from landproof.criteria.traced import judge_positions, products_without_feed, traced_lines, without_lot
from landproof.domain.messages import text

_PLACED = {
    "traced": text("All that was bought in %(subject)s is traced as deep as required."),
    "mass-missing": text("The mass bought in %(subject)s is missing or zero, so its traced share is unknown."),
    "untraced": text("A part of what was bought in %(subject)s is not traced to any origin."),
}
_TO_PLOT = {
    "not-traced-to-plot": text(
        "A part of what was bought in %(subject)s is traced to its country only, not to plots."
    ),
}
_TRACED = {
    **_PLACED,
    **_TO_PLOT,
    "recycled": text("%(subject)s is recycled fibre, which has no plot to trace to; ask the verifier (AMB-10)."),
}
_LOCATED = {
    "eudr-statement": text("Every lot that %(subject)s stands behind is settled by an EUDR statement."),
    "plot-unknown": text("%(subject)s stands behind a lot, but is not on file."),
    "no-coordinates": text("%(subject)s has no coordinates on file."),
}


@rule("DCF-3.3-0", reasons=_TRACED)
def everything_traceable(
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    settled_lots: pl.DataFrame,
    *,
    low_risk_feed: str,
) -> pl.DataFrame:
    """Every assessed position, all of its mass, as deep as its class requires; no tolerance (AMB-29)."""
    wanted = assessed_positions(positions, depth, low_risk_feed=low_risk_feed)
    return judge_positions(wanted, traced_lines(traces, wanted, settled_lots))


@rule("DCF-3.3-1", absent_when_empty="positions", reasons=_TRACED)
def high_risk_to_plot(
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    settled_lots: pl.DataFrame,
) -> pl.DataFrame:
    """High-risk origins, feed included, to the plot; an unknown risk is high."""
    wanted = assessed_positions(positions, depth).filter(pl.col("level") == "high")
    return judge_positions(wanted, traced_lines(traces, wanted, settled_lots), to_plot=True)


@rule("DCF-3.3-2", absent_when_empty="positions", reasons=_TRACED)
def six_commodities_to_plot(
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    settled_lots: pl.DataFrame,
    *,
    low_risk_feed: str,
) -> pl.DataFrame:
    """The six commodities to the plot from anywhere; a commodity not sorted counts among them."""
    wanted = assessed_positions(positions, depth, low_risk_feed=low_risk_feed).filter(
        pl.col("six").ne_missing(False) & (pl.col("required") == "plot")
    )
    return judge_positions(wanted, traced_lines(traces, wanted, settled_lots))


@rule(
    "DCF-3.3-3",
    absent_when_empty="units",
    reasons={
        **_LOCATED,
        "outline": text("%(subject)s has an outline."),
        "point-will-do": text("%(subject)s covers %(area_ha)s ha, so a point will do."),
        "area-missing": text("%(subject)s has a point and no area, so it may need an outline."),
        "outline-missing": text("%(subject)s covers %(area_ha)s ha but has only a point."),
    },
)
def outline_above_limit(
    units: pl.DataFrame, *, largest_point_ha: Decimal, shape_at_limit: str, cattle_shape: str
) -> pl.DataFrame:
    """A point will do up to ``largest_point_ha``; an outline always does. Cattle: DCF-3.3-5 (AMB-32)."""
    plots = located_plots(units)
    if cattle_shape == "point":
        plots = plots.filter(~is_cattle())
    reason = first_reason(
        *UNLOCATED,
        (pl.col("shape") == "outline", "outline"),
        (pl.col("area_ha").is_null(), "area-missing"),
        (~point_will_do(largest_point_ha, shape_at_limit), "outline-missing"),
        otherwise="point-will-do",
    )
    met = ["outline", "point-will-do", "eudr-statement"]
    return plots.with_columns(reason=reason).select(
        "area_ha", "reason", subject="plot", outcome=outcome_of(*met, not_met=("outline-missing",))
    )


@rule(
    "DCF-3.3-4",
    absent_when_empty="units",
    reasons={
        **_LOCATED,
        "located": text("%(subject)s covers %(area_ha)s ha and has coordinates."),
        "area-missing": text("%(subject)s has no area, so nobody can tell whether a point will do."),
    },
)
def point_up_to_limit(units: pl.DataFrame, *, largest_point_ha: Decimal, shape_at_limit: str) -> pl.DataFrame:
    """Plots of ``largest_point_ha`` or less need a point or an outline; those of unknown area are asked too."""
    small = located_plots(units).filter(
        ~is_cattle() & point_will_do(largest_point_ha, shape_at_limit).ne_missing(False)
    )
    reason = first_reason(*UNLOCATED, (pl.col("area_ha").is_null(), "area-missing"), otherwise="located")
    return small.with_columns(reason=reason).select(
        "area_ha", "reason", subject="plot", outcome=outcome_of("located", "eudr-statement")
    )


@rule(
    "DCF-3.3-5",
    absent_when_empty="positions",
    reasons={
        "eudr-statement": text("Every lot bought that %(subject)s stands behind is settled by an EUDR statement."),
        "chain-located": text(
            "Every establishment that %(subject)s passed from birth to slaughter has coordinates."
        ),
        "lot-missing": text("Cattle bought in %(subject)s name no lot, so nobody can tell where they were kept."),
        "no-movements": text("No movements are on file for the animals of %(subject)s."),
        "movement-incomplete": text("A movement of %(subject)s lacks its step, its role or its establishment."),
        "chain-broken": text("A step is missing in the movements of %(subject)s."),
        "birth-missing": text("The movements of %(subject)s do not begin at the farm of birth."),
        "slaughter-missing": text("The movements of %(subject)s do not end at the slaughterhouse."),
        "establishment-not-located": text(
            "Establishments that %(subject)s passed have no coordinates: %(unlocated)s."
        ),
        "movement-not-documented": text("A movement of %(subject)s has no document in the case."),
    },
)
def cattle_establishments(
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    movements: pl.DataFrame,
    deliveries: pl.DataFrame,
    plots: pl.DataFrame,
    settled_lots: pl.DataFrame,
    documents: pl.DataFrame,
) -> pl.DataFrame:
    """Every establishment of each animal lot behind the beef that is bought; footnote 11 allows points."""
    wanted = assessed_positions(positions, depth).filter(pl.col("commodity").is_in(CATTLE_COMMODITIES))
    bought = traces.join(wanted.select("position"), on="position", how="semi").select("position", "lot").unique()
    behind = animal_lots(bought.filter(pl.col("lot").is_not_null()).select("lot"), movements, deliveries)
    chains = judge_chains(behind, movements, plots, documents, settled_lots)
    return pl.concat([chains, without_lot(bought)], how="diagonal")


@rule(
    "DCF-3.3-6",
    absent_when_empty="units",
    reasons={
        **_LOCATED,
        "enough-decimals": text("The coordinates of %(subject)s were written with %(decimals)s decimals."),
        "decimals-not-counted": text("%(subject)s came as rounded numbers, so its decimals could not be counted."),
        "decimals-missing": text("Nobody counted the decimals of the coordinates of %(subject)s."),
        "too-few-decimals": text("The coordinates of %(subject)s have %(decimals)s decimals; six are needed."),
    },
)
def six_decimals(units: pl.DataFrame, *, least_decimals: int, uncounted_decimals: str) -> pl.DataFrame:
    """At least ``least_decimals`` in the source text; where only floats exist, see AMB-33."""
    reason = first_reason(
        *UNLOCATED,
        (~pl.col("decimals_known"), "decimals-not-counted"),
        (pl.col("decimals_known").is_null() | pl.col("decimals").is_null(), "decimals-missing"),
        (pl.col("decimals") < least_decimals, "too-few-decimals"),
        otherwise="enough-decimals",
    )
    warned = ["decimals-not-counted"] if uncounted_decimals == "warn" else []
    met = ["enough-decimals", "eudr-statement", *warned]
    return (
        located_plots(units)
        .with_columns(reason=reason)
        .select(
            "decimals",
            "reason",
            subject="plot",
            outcome=outcome_of(*met, not_met=("too-few-decimals",)),
        )
    )


@rule("DCF-3.3-7", absent_when_empty="positions", reasons=_PLACED)
def low_risk_to_country(
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    settled_lots: pl.DataFrame,
    *,
    low_risk_feed: str,
) -> pl.DataFrame:
    """Other commodities from low-risk origins, to the country; a facility shows it under AMB-34."""
    wanted = assessed_positions(positions, depth, low_risk_feed=low_risk_feed).filter(
        pl.col("required") == "country"
    )
    return judge_positions(wanted, traced_lines(traces, wanted, settled_lots))


@rule(
    "DCF-3.3-8",
    absent_when_empty="positions",
    reasons={
        "committed": text("A commitment to trace all agri-food goods to plots by 1 January 2030 is on file."),
        "no-commitment": text("No commitment to trace all agri-food goods to plots by 1 January 2030 is on file."),
        "not-yet-made": text("The commitment is dated after the evaluation date."),
        "date-made-missing": text("The commitment does not say when it was made."),
        "not-approved": text("The commitment is neither public nor approved by the board of the company."),
        "goods-missing": text("The commitment does not say that it covers all agri-food goods."),
        "due-date-missing": text("The commitment does not say by when it is due."),
        "due-late": text("The commitment is due on %(due_on)s, after 1 January 2030."),
    },
)
def commitment_for_2030(
    commitments: pl.DataFrame,
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    all_plots_from: date,
    plot_commitment: str,
) -> pl.DataFrame:
    """Asked while any good, assessed or not, is traced less deep than to the plot (AMB-35)."""
    to_plot = depth.filter(pl.col("required") == "plot").select("position")
    below = positions.join(to_plot, on="position", how="anti")
    if below.is_empty() and plot_commitment == "goods below the plot level":
        return pl.DataFrame(schema={"subject": pl.String, "outcome": pl.String, "reason": pl.String})
    return judge_plot_commitment(commitments, documents, as_of=as_of, all_plots_from=all_plots_from)


@rule("DCF-3.3-9", absent_when_empty="positions", reasons=_TRACED)
def all_goods_from_2030(
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    settled_lots: pl.DataFrame,
) -> pl.DataFrame:
    """Everything received from 2030 on to the plot; a day of receipt that is unknown counts as that late."""
    wanted = assessed_positions(positions, depth).filter(pl.col("from_2030").ne_missing(False))
    return judge_positions(wanted, traced_lines(traces, wanted, settled_lots), to_plot=True)


# Each EUDR statement is usable for its lot, or this way is closed (AMB-36).
rule(
    "DCF-3.3-10",
    absent_when_empty="positions",
    reasons={
        "usable": text("Statement %(subject)s is usable and settles lot %(lot)s, conversion apart."),
        "simplified-declaration": text("%(subject)s is a simplified declaration, which is no geolocation."),
        "status-unusable": text("Statement %(subject)s is %(status)s, so it can no longer be relied on."),
        "no-coordinates": text("Statement %(subject)s holds no coordinates."),
        "before-application": text(
            "Lot %(lot)s was received on %(received_on)s. The EUDR applies from %(applies_from)s,"
            " so statement %(subject)s is supporting evidence only."
        ),
        "kind-missing": text("Nobody says whether %(subject)s is a statement or a simplified declaration."),
        "status-missing": text("The status of statement %(subject)s is not on file."),
        "status-pending": text("Statement %(subject)s is submitted, but not available yet."),
        "verification-number-missing": text("Statement %(subject)s has no verification number on file."),
        "coordinates-unknown": text("Nobody says whether statement %(subject)s holds coordinates."),
        "lot-missing": text("Statement %(subject)s is not linked to a lot."),
        "hs-code-missing": text("Statement %(subject)s has no HS code on file."),
        "check-date-missing": text("Nobody says when the status of statement %(subject)s was checked."),
        "checked-later": text(
            "The status of %(subject)s was checked on %(checked_on)s, after the evaluation date."
        ),
        "receipt-date-missing": text("Nobody knows when lot %(lot)s of statement %(subject)s was received."),
    },
)(judge_statements)


@rule(
    "DCF-3.3-11",
    reasons={
        "kept-apart": text("Lot %(subject)s was kept apart at every step (%(model)s)."),
        "mixed": text("Lot %(subject)s passed a step under %(model)s, which mixes it with other goods."),
        "custody-unknown": text(
            "A step of lot %(subject)s has no custody model on file, or neither a certificate nor site records"
            " that prove it."
        ),
        "lot-missing": text("Lines of %(subject)s name no lot, so nobody can tell whether they were kept apart."),
    },
)
def kept_apart(positions: pl.DataFrame, traces: pl.DataFrame, *, controlled_blending: str) -> pl.DataFrame:
    """Every lot behind an assessed position: identity preserved or segregated at each step upstream."""
    wanted = positions.filter(is_assessed()).select("position")
    lines = traces.join(wanted, on="position", how="semi")
    custody = pl.col("custody")
    lots = (
        lines.filter(pl.col("lot").is_not_null())
        .group_by(subject="lot")
        .agg(
            refused=custody.filter(is_refused(custody, controlled_blending)).min(),
            stated=custody.min(),
            unknown=(custody.is_null() | pl.col("custody_unknown").ne_missing(False)).any(),
        )
        .with_columns(model=pl.coalesce("refused", "stated"))
    )
    reason = first_reason(
        (pl.col("refused").is_not_null(), "mixed"), (pl.col("unknown"), "custody-unknown"), otherwise="kept-apart"
    )
    judged = lots.with_columns(reason=reason).select(
        "subject", "model", "reason", outcome=outcome_of("kept-apart", not_met=("mixed",))
    )
    return pl.concat([judged, without_lot(lines)], how="diagonal")


@rule(
    "DCF-3.3-12",
    absent_when_empty="positions",
    reasons={
        **_PLACED,
        **_TO_PLOT,
        "feed-unknown": text("Nobody says what feed stands behind %(subject)s."),
    },
)
def feed_traced(
    positions: pl.DataFrame,
    depth: pl.DataFrame,
    traces: pl.DataFrame,
    goods: pl.DataFrame,
    line_goods: pl.DataFrame,
    feed: pl.DataFrame,
    purchases: pl.DataFrame,
    settled_lots: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    low_risk_feed: str,
) -> pl.DataFrame:
    """Feed as deep as its own class requires; an animal product whose feed nobody knows stays open (AMB-09)."""
    wanted = assessed_positions(positions, depth, low_risk_feed=low_risk_feed).filter(
        pl.col("feed_for").is_not_null()
    )
    judged = judge_positions(wanted, traced_lines(traces, wanted, settled_lots))
    unknown = products_without_feed(positions, goods, line_goods, purchases, feed, documents)
    return pl.concat([judged, unknown], how="diagonal")
