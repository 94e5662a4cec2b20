"""The verdict on plots: did forest or another natural ecosystem become something else after the cut-off?

A plot arrives as pieces: whole square metres of patches, land on which every layer says one thing. Each patch is
found harmed, excused, doubtful or unseen for itself; the plot is decided by sums over its pieces.

Two sums decide. What is *proved* counts only what every layer needed knows. What is *possible* counts
unknown land as harmed. Converted needs the first to be large, not converted needs the second to be
negligible; so losing data can take "not converted" away, but never give it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from landproof.land.decode import Meaning, Role
from landproof.land.findings import FINDERS, Finding, codes_of
from landproof.land.patches import Change, Layer, Patch, View, Views, Vote
from landproof.land.reasons import ORDER
from landproof.land.thresholds import Terms, Thresholds
from landproof.land.zones import Zone

HARMS = tuple(FINDERS)
_USES = {
    Meaning.AGRICULTURE: "agriculture",
    Meaning.OTHER_USE: "other",
    Meaning.NOT_AGRICULTURE: "other",
    Meaning.NO_USE: "none",
}
# Of these roles a map that fails its date check leaves a harm unseen.
_DATED: Mapping[str, frozenset[Role]] = {
    "deforestation": frozenset({Role.FOREST, Role.CHANGE}),
    "conversion": frozenset({Role.FOREST, Role.NATURAL, Role.CHANGE}),
}
PIECES = {"plot": pl.Int64, "patch": pl.Int32, "area_m2": pl.Int64}
STATUS = {
    "plot": pl.Int64,
    "harm": pl.String,
    "verdict": pl.String,
    "reasons": pl.List(pl.String),
    "area_m2": pl.Int64,
    "earliest": pl.Date,
    "latest": pl.Date,
    "use_after": pl.String,
    "residual_ppm": pl.Int64,
    "seen_until": pl.Date,
}
_HARM = pl.Enum(HARMS)
_BY = ("plot", "harm")
_PATCHES = {
    "harm": _HARM,
    "patch": pl.Int32,
    "core": pl.Boolean,
    "fringe": pl.Boolean,
    "proved": pl.String,  # the code of a proved harm
    "proves": pl.Boolean,  # it counts as proof: not in the fringe, not a speck
    "doubtful": pl.Boolean,
    "codes": pl.List(pl.String),
    "excuse": pl.String,
    "blind": pl.Boolean,
    "standing": pl.Boolean,  # forest without a change
    "natural": pl.Boolean,  # may have been natural
    "residual_ppm": pl.Int64,  # of land that may have been natural and where nobody reports a change
    "earliest": pl.Date,
    "latest": pl.Date,
    "use": pl.String,  # null: unknown
}


def decide(
    pieces: pl.DataFrame,
    patches: Sequence[Patch],
    layers: Sequence[Layer],
    terms: Terms,
) -> pl.DataFrame:
    """The verdicts (`STATUS`) on plots, a row per plot and harm in their order.

    ``pieces`` (`PIECES`): whole square metres of each patch, a number in ``patches``, under each plot; ``patches``
    list states in the order of ``layers``. A plot without land inside it is not assessed (A-GEOM).
    """
    views = Views(layers, terms)
    seen = [views.of(patch) for patch in patches]
    outdated = {layer.role for layer in layers if layer.fails_date_check(terms.cut_off)}
    missing = {harm: "A-DATE" if outdated & _DATED.get(harm, frozenset()) else "A-NODATA" for harm in HARMS}
    limits = terms.thresholds
    decided = _decide(pieces.filter(pl.col("area_m2") > 0), _findings(seen, limits), limits, missing)
    decided = decided.with_columns(seen_until=pl.lit(views.seen_until, pl.Date)).select(STATUS.keys())
    without = pieces.select("plot").unique().join(decided, on="plot", how="anti")
    rows = pl.concat([decided, unusable(without["plot"])])
    return rows.sort("plot", pl.col("harm").cast(_HARM))


def unusable(plots: pl.Series) -> pl.DataFrame:
    """The verdicts (`STATUS`) on plots whose geometry cannot be measured."""
    rows = plots.to_frame("plot").join(pl.DataFrame({"harm": HARMS}), how="cross")
    given = {
        "verdict": pl.lit("not assessed"),
        "reasons": pl.lit(["A-GEOM"], pl.List(pl.String)),
        "area_m2": pl.lit(0, pl.Int64),
    }
    return rows.select(
        given.get(name, pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in STATUS.items()
    )


def _findings(seen: Sequence[View], thresholds: Thresholds) -> pl.DataFrame:
    """What each patch means for each harm (`_PATCHES`)."""
    rows = [
        (harm, *_row(number, view, find(view, thresholds)))
        for harm, find in FINDERS.items()
        for number, view in enumerate(seen)
    ]
    return pl.DataFrame(rows, schema=_PATCHES, orient="row")


def _row(number: int, view: View, finding: Finding) -> tuple[Any, ...]:
    unreported = not view.change.counts and not view.cannot_have_been_natural
    return (
        number,
        view.zone is Zone.CORE,
        view.zone is Zone.FRINGE,
        finding.proved,
        finding.proved is not None and not view.speck and view.zone is not Zone.FRINGE,
        finding.proved is not None or bool(finding.doubts),
        list(codes_of(view, finding)),
        finding.excuse,
        finding.blind,
        view.forest is Vote.YES and view.change is Change.SILENT,
        not view.cannot_have_been_natural,
        -(-view.residual * 1_000_000 // 1) if unreported else 0,
        view.earliest,
        view.latest,
        _USES.get(view.use),
    )


def _decide(
    pieces: pl.DataFrame, findings: pl.DataFrame, thresholds: Thresholds, missing: Mapping[str, str]
) -> pl.DataFrame:
    rows = pieces.join(findings, on="patch").with_columns(inside=~pl.col("fringe"))
    sums = _sums(rows, thresholds)
    rows = rows.rename({"blind": "is_blind"}).join(sums, on=_BY)
    converted, inconclusive, unseen, clear = (
        rows.filter(pl.col("verdict") == verdict)
        for verdict in ("converted", "inconclusive", "not assessed", "not converted")
    )
    excused = _excused(clear)
    lacks = pl.col("harm").cast(pl.String).replace_strict(missing, return_dtype=pl.String)
    reasons = pl.concat(
        [
            converted.filter("proves").select(*_BY, code="proved"),
            _doubts(inconclusive),
            inconclusive.filter(pl.col("blind") > 0).select(*_BY, code=lacks),
            unseen.select(*_BY, code=lacks),
            excused.select(*_BY, code="excuse"),
            _notes(clear, excused),
        ]
    )
    told = pl.concat(
        [
            converted.filter("proves"),
            inconclusive.filter("doubtful"),
            unseen.filter(pl.col("doubtful") | pl.col("is_blind")),
            clear.join(excused.filter(pl.col("excuse") != "N-NO-PEAT"), on=(*_BY, "excuse"), how="semi"),
        ]
    )
    # Only land that was watched for its use says what it became.
    use = pl.when(pl.col("verdict") == "not converted").then("watched_use").otherwise("use_after")
    return (
        sums.select(*_BY, "verdict")
        .join(_in_order(reasons), on=_BY, how="left")
        .join(_told(told), on=_BY, how="left")
        .join(_watched_use(clear, excused), on=_BY, how="left")
        .join(_residual(clear), on=_BY, how="left")
        .with_columns(pl.col("reasons").fill_null([]), pl.col("area_m2").fill_null(0), use_after=use)
        .with_columns(pl.col(name).cast(kind) for name, kind in STATUS.items() if name != "seen_until")
    )


def _sums(rows: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Square metres per plot and harm, and the verdict that follows; only plots with land inside them."""
    # From so many square metres on something counts; at least one, so that nothing seen is never silence.
    noise = pl.min_horizontal(pl.lit(thresholds.noise_m2), pl.col("whole") // thresholds.noise_part)
    verdict = (
        pl.when(pl.col("proof") >= thresholds.core_m2)
        .then(pl.lit("converted"))
        .when(pl.col("doubt") >= pl.col("noise"))
        .then(pl.lit("inconclusive"))
        .when(pl.col("doubt") + pl.col("blind") >= pl.col("noise"))
        .then(pl.lit("not assessed"))
        .otherwise(pl.lit("not converted"))
    )
    return (
        rows.group_by(_BY)
        .agg(
            whole=_area(pl.col("inside")),
            proof=_area(pl.col("proves") & pl.col("core")),
            doubt=_area(pl.col("doubtful")),
            doubt_inside=_area(pl.col("doubtful") & pl.col("inside")),
            blind=_area(pl.col("blind")),
        )
        .filter(pl.col("whole") > 0)
        .with_columns(noise=pl.max_horizontal(noise, pl.lit(1)))
        .with_columns(verdict=verdict)
    )


def _area(where: pl.Expr) -> pl.Expr:
    return pl.col("area_m2").filter(where).sum()


def _in_order(reasons: pl.DataFrame) -> pl.DataFrame:
    place = pl.col("code").replace_strict(ORDER, return_dtype=pl.Int32)
    return reasons.unique().sort(place).group_by(_BY, maintain_order=True).agg(reasons="code")


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    """Area, days and use that a verdict speaks of; what lies in the fringe only where nothing lies inside."""
    any_inside = pl.col("inside").any().over(_BY)
    return (
        rows.filter(pl.col("inside") | ~any_inside)
        .group_by(_BY)
        .agg(
            pl.col("area_m2").sum(),
            pl.col("earliest").min(),
            pl.col("latest").max(),
            use_after=pl.when(pl.col("use").n_unique() == 1).then(pl.col("use").first()),
        )
    )


def _doubts(rows: pl.DataFrame) -> pl.DataFrame:
    """The codes that cover more than noise; all of them where none does.

    What lies in the fringe speaks only where the plot itself has no more than noise.
    """
    inside = pl.col("inside") | (pl.col("doubt_inside") < pl.col("noise"))
    areas = (
        rows.filter(pl.col("doubtful") & inside & (pl.col("codes").list.len() > 0))
        .explode("codes")
        .group_by(*_BY, code="codes")
        .agg(pl.col("area_m2").sum(), pl.col("noise").first())
    )
    large = pl.col("area_m2") >= pl.col("noise")
    a_doubt = (large & pl.col("code").str.starts_with("I-")).any().over(_BY)
    codes = areas.filter(large | ~a_doubt).select(*_BY, "code")
    # A change that nothing else speaks against has too little of itself in the core.
    alone = rows.select(_BY).unique().join(codes, on=_BY, how="anti")
    return pl.concat([codes, alone.with_columns(code=pl.lit("I-FRINGE"))])


def _excused(rows: pl.DataFrame) -> pl.DataFrame:
    """The excuses (plot, harm, excuse) that cover more than noise.

    A change after the cut-off that is excused is the one to show with its days, not an older one.
    """
    found = (
        rows.filter(pl.col("excuse").is_not_null())
        .group_by(*_BY, "excuse")
        .agg(pl.col("area_m2").sum(), pl.col("noise").first())
        .filter(pl.col("area_m2") >= pl.col("noise"))
    )
    others = pl.len().over(_BY) > 1
    return found.filter((pl.col("excuse") != "N-BEFORE") | ~others).select(*_BY, "excuse")


def _notes(rows: pl.DataFrame, excused: pl.DataFrame) -> pl.DataFrame:
    """N-SILENT where nothing had to be excused, N-NONNATURAL where nothing was natural, NC-STANDING beside it."""
    plots = rows.group_by(_BY).agg(
        natural=pl.col("natural").any(), standing=_area(pl.col("standing")), noise=pl.col("noise").first()
    )
    bare = (pl.col("harm") != "peat") & ~pl.col("natural")
    standing = (pl.col("harm") == "deforestation") & (pl.col("standing") >= pl.col("noise"))
    return pl.concat(
        [
            plots.join(excused, on=_BY, how="anti").select(*_BY, code=pl.lit("N-SILENT")),
            plots.filter(bare).select(*_BY, code=pl.lit("N-NONNATURAL")),
            plots.filter(standing).select(*_BY, code=pl.lit("NC-STANDING")),
        ]
    )


def _watched_use(rows: pl.DataFrame, excused: pl.DataFrame) -> pl.DataFrame:
    """What became of land whose loss is watched: "none" only where all of it went unused."""
    unused = (pl.col("use") == "none").fill_null(value=False).all()
    return (
        rows.filter(pl.col("excuse") == "N-USE")
        .join(excused.filter(pl.col("excuse") == "N-USE"), on=_BY, how="semi")
        .group_by(_BY)
        .agg(watched_use=pl.when(unused).then(pl.lit("none")).otherwise(pl.lit("other")))
    )


def _residual(rows: pl.DataFrame) -> pl.DataFrame:
    """The largest chance, anywhere on a cleared plot, that a change was missed."""
    return rows.filter(pl.col("harm").is_in(list(_DATED))).group_by(_BY).agg(pl.col("residual_ppm").max())
