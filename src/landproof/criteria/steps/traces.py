"""How much of each purchase line is traced to plots, to a country, or not at all (clause 3.3).

Mass is conserved: bought = to plots + to a country only + not traced, exactly, in millionths of a gram.
Shares are rounded down, so that a rounding never counts as traced.
"""

from decimal import Decimal

import polars as pl

from landproof.criteria.evidence import is_cited, with_document
from landproof.criteria.ladder import agreed
from landproof.criteria.registry import step
from landproof.domain.outcome import total
from landproof.domain.tables import PART_GRAMS

FEED_LINE = "feed:"  # a feed record stands in `traces` as a line of this name
_MILLIONTH = Decimal("0.000001")
_PER_GRAM = pl.lit(1_000_000, dtype=pl.Int128)
_NOTHING = pl.lit(0, dtype=pl.Int128)
_LARGEST = 2**127 - 1  # Int128; a product beyond it would wrap silently


@step("traces")
def traces(
    line_goods: pl.DataFrame,
    positions: pl.DataFrame,
    feed_eaten: pl.DataFrame,
    lots: pl.DataFrame,
    lot_status: pl.DataFrame,
    lot_plots: pl.DataFrame,
    plots: pl.DataFrame,
    facilities: pl.DataFrame,
    origin_risk: pl.DataFrame,
    documents: pl.DataFrame,
) -> pl.DataFrame:
    """Traced mass of every purchase line and feed record; an estimate of feed traces nothing.

    A lot explains at most the mass of its inputs: where more was made, bought or fed of it, the rest of the
    volume is unexplained and its share counts as not traced (DCF-3.3-1, "together explain its volume").
    Plots that are not on file or have no coordinates do not count. A country of production that the line
    states counts for all of the line; so does a facility that is documented to source from low-risk
    countries only (AMB-34).
    """
    bought_lines = line_goods.select(
        "line", "commodity", "position", "lot", bought_g=pl.col("mass_g").cast(PART_GRAMS)
    )
    fed_lines = _feed_lines(feed_eaten)
    lines = pl.concat([bought_lines, fed_lines], how="diagonal")
    proves = pl.col("estimate").ne_missing(True)
    located = _located(lots, lot_status, lot_plots, plots)
    country = positions.select("position", "list", stated=pl.col("country").is_not_null())
    facility = _low_risk_facilities(lots, facilities, origin_risk, documents)
    bought = pl.col("bought_g").to_physical()
    return (
        lines.join(_drawn(bought_lines, fed_lines), on=["lot", "commodity"], how="left")
        .join(country, on="position", how="left")
        .join(located, on="lot", how="left")
        .join(facility, on=["lot", "commodity", "list"], how="left")
        # A facility shows a country only where all it sources from is low-risk (AMB-34).
        .with_columns(
            placed=pl.when(pl.col("by_facility") & pl.col("low_risk_facility").is_null())
            .then("located")
            .otherwise("placed")
        )
        .with_columns(
            by_facility=pl.col("by_facility") & proves,
            located=pl.when(proves).then("located").otherwise(0),
            placed=pl.when(proves).then("placed").otherwise(0),
            settled_country=(pl.col("stated") | pl.col("low_risk_facility")) & proves,
            whole=pl.max_horizontal("whole", "drawn"),
        )
        .with_columns(
            plot_u=_traced(bought, "located"),
            reached_u=pl.when("settled_country").then(bought).otherwise(_traced(bought, "placed")),
        )
        .with_columns(
            plot_g=_grams(pl.col("plot_u")),
            country_g=_grams(pl.col("reached_u") - pl.col("plot_u")),
            untraced_g=_grams(bought - pl.col("reached_u")),
        )
        .with_columns(depth=_depth())
    )


def _drawn(bought: pl.DataFrame, fed: pl.DataFrame) -> pl.DataFrame:
    """``lot, commodity, drawn``: what was bought of a lot as a commodity and fed of it altogether, in grams."""

    def by(lines: pl.DataFrame, *key: str) -> pl.DataFrame:
        # Lots are weighed in whole grams, so a fraction of a gram says nothing.
        grams = pl.col("bought_g").sum().to_physical() // _PER_GRAM
        return lines.filter(pl.col("lot").is_not_null()).group_by(key).agg(grams=grams)

    # A line is one good split into commodities; feed records of one lot are amounts beside each other.
    both = pl.concat([each.select("lot", "commodity") for each in (bought, fed)]).unique()
    return (
        both.join(by(bought, "lot", "commodity"), on=["lot", "commodity"], how="left")
        .join(by(fed, "lot"), on="lot", how="left", suffix="_fed")
        .select("lot", "commodity", drawn=pl.col("grams").fill_null(0) + pl.col("grams_fed").fill_null(0))
    )


def _feed_lines(feed_eaten: pl.DataFrame) -> pl.DataFrame:
    """One row per feed record and feed position, with all that was eaten of it."""
    return feed_eaten.group_by("feed", "commodity", "position", "lot", estimate="estimate").agg(
        bought_g=total("mass_g")
    ).select(
        "commodity", "position", "lot", pl.col("bought_g").cast(PART_GRAMS), "estimate",
        line=pl.lit(FEED_LINE) + pl.col("feed"),
    )  # fmt: skip


def _located(
    lots: pl.DataFrame, lot_status: pl.DataFrame, lot_plots: pl.DataFrame, plots: pl.DataFrame
) -> pl.DataFrame:
    """Per lot: ``located`` grams from plots with coordinates, ``placed`` grams with a known country, ``whole``."""
    on_file = plots.group_by("plot").agg(
        has_place=pl.col("shape").is_not_null().all(), has_country=pl.col("country").is_not_null().all()
    )
    lost = (
        lot_plots.join(on_file, on="plot", how="left")
        .with_columns(pl.col("has_place", "has_country").fill_null(False))
        .filter(~pl.col("has_place"))
        .group_by("lot")
        .agg(
            unknown=pl.col("mass_g").is_null().any(),
            no_place=pl.col("mass_g").sum(),
            no_country=pl.col("mass_g").filter(~pl.col("has_country")).sum(),
        )
    )
    made = lots.group_by("lot").agg(made_g=pl.col("mass_g").max())
    # A lot that weighs nothing, or less, explains nothing: see `_part`.
    weighed = pl.col("mass_g").is_not_null() & ~pl.col("problems").list.contains("missing mass").fill_null(False)
    return (
        lot_status.join(lost, on="lot", how="left")
        .join(made, on="lot", how="left")
        .with_columns(usable=weighed & pl.col("unknown").ne_missing(True))
        .with_columns(
            located=_part(pl.min_horizontal("plot_g", "mass_g") - pl.col("no_place").fill_null(0)),
            placed=_part(pl.min_horizontal("country_g", "mass_g") - pl.col("no_country").fill_null(0)),
        )
        .select(
            "lot",
            "custody",
            "custody_unknown",
            "located",
            placed=pl.max_horizontal("located", "placed"),
            whole=pl.max_horizontal("mass_g", "made_g").cast(pl.Int128),
            by_facility=pl.col("depth") == "facility",
        )
    )


def _low_risk_facilities(
    lots: pl.DataFrame, facilities: pl.DataFrame, origin_risk: pl.DataFrame, documents: pl.DataFrame
) -> pl.DataFrame:
    """``lot, commodity, list`` where the lot's facility is documented to source from low-risk countries only."""
    sources = (
        with_document(facilities, documents)
        .filter(is_cited())
        .select(
            "facility",
            country=pl.col("sources_from").list.unique(),
            sources=pl.col("sources_from").list.n_unique(),
        )
        .explode("country")
    )
    low = (
        sources.join(origin_risk.filter(pl.col("level") == "low"), on="country")
        .group_by("facility", "commodity", "list")
        .agg(low=pl.col("country").n_unique(), sources=pl.col("sources").first())
        .filter(pl.col("low") == pl.col("sources"))
    )
    return (
        agreed(lots.select("lot", "facility"), "lot")
        .join(low, on="facility")
        .select("lot", "commodity", "list", low_risk_facility=pl.lit(True))
    )


def _part(mass: pl.Expr) -> pl.Expr:
    """``mass`` where the lot is usable, never less than nothing."""
    return pl.when(pl.col("usable")).then(mass.clip(lower_bound=0).fill_null(0)).otherwise(0).cast(pl.Int128)


def _traced(bought: pl.Expr, part: str) -> pl.Expr:
    """The traced share of what was bought, less at least the traced share of what was given back."""
    kept, returned = bought.clip(lower_bound=_NOTHING), bought.clip(upper_bound=_NOTHING).abs()
    of_returned = _share(returned, pl.col(part), pl.col("whole"), up=True)
    # A return of no known lot may have been all traced.
    taken = pl.when(pl.col("lot").is_null()).then(returned).otherwise(of_returned)
    return _share(kept, pl.col(part), pl.col("whole")) - taken


def _share(amount: pl.Expr, part: pl.Expr, whole: pl.Expr, *, up: bool = False) -> pl.Expr:
    """``amount * part / whole`` rounded down (or up); 0 where the share is unknown, null where the amount is.

    A product that 128 bits cannot hold counts as unknown, and so does a part of nothing (dividing by zero
    gives null).
    """
    part, whole = part.cast(pl.Int128), whole.cast(pl.Int128)
    fits = amount <= (pl.lit(_LARGEST, dtype=pl.Int128) - whole) // part
    product = amount * part + (whole - 1 if up else 0)
    return pl.when(amount.is_null()).then(None).when(fits).then(product // whole).otherwise(0)


def _grams(millionths: pl.Expr) -> pl.Expr:
    return millionths.cast(pl.Decimal(38, 0)) * pl.lit(_MILLIONTH, dtype=PART_GRAMS)


def _depth() -> pl.Expr:
    """The depth that all of the line reaches."""
    whole = pl.col("bought_g") > 0
    return (
        pl.when(whole & (pl.col("plot_g") == pl.col("bought_g")))
        .then(pl.lit("plot"))
        .when(pl.col("by_facility"))
        .then(pl.lit("facility"))
        .when(whole & (pl.col("untraced_g") == 0))
        .then(pl.lit("country"))
        .otherwise(pl.lit("none"))
    )
