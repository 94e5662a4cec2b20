"""Land verdicts as they stand on the day of evaluation: those grown old, and those that people settled.

What was measured stays as it is in the case; this is what the rules judge by. A reviewer's word counts where two
people have signed, and where what they looked at can show it (conversion-verdict 7). Permits never count
(DCF-3.1-6).
"""

from datetime import date

import polars as pl

from landproof.land.thresholds import Thresholds

# Of these harms, silence since the newest look proves nothing.
_WATCHED = ("deforestation", "conversion")
# What settles which harm; another map supports a review and settles none.
_SHOWS = {
    "image pair": _WATCHED,
    "image series": (*_WATCHED, "degradation"),
    "photos": (*_WATCHED, "wood degradation", "degradation"),
    "records": (*_WATCHED, "wood degradation", "peat"),
    "land register": _WATCHED,
    "field visit": (*_WATCHED, "wood degradation", "peat", "degradation"),
}
_IMAGES = ("image pair", "image series")
_MONTHS_BEFORE = 12  # of an image pair the first lies within so many months before the cut-off


def settled(
    plot_status: pl.DataFrame,
    reviews: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    thresholds: Thresholds,
    cut_off: date,
    as_of: date,
) -> pl.DataFrame:
    """``plot_status`` on ``as_of``, with ``review`` naming the review that settled a verdict.

    ``reviews`` as in the facts table ``land_reviews``; ``documents`` has ``reference, digest``.
    """
    said = _said(plot_status, reviews, documents, cut_off, as_of)
    land_is_known = ~pl.col("reasons").list.contains("A-GEOM")
    reviewed = pl.col("outcome").is_not_null() & land_is_known
    codes = pl.col("outcome").replace_strict(
        {"converted": "C-REVIEW", "not converted": "N-GROUND", "inconclusive": "I-REVIEW"},
        default=None,
        return_dtype=pl.String,
    )
    after_reviews = plot_status.join(said, on=["plot", "harm"], how="left", suffix="_said").with_columns(
        verdict=pl.when(reviewed).then("outcome").otherwise("verdict"),
        reasons=pl.when(reviewed).then(pl.concat_list(codes)).otherwise("reasons"),
        review=pl.when(reviewed).then("review_said").otherwise("review"),
        seen_until=pl.when(reviewed).then(pl.max_horizontal("seen_until", "looked_on")).otherwise("seen_until"),
    )
    return _aged(after_reviews.select(plot_status.columns), thresholds, as_of)


def _aged(plot_status: pl.DataFrame, thresholds: Thresholds, as_of: date) -> pl.DataFrame:
    """Cleared land that nobody has looked at for too long is in doubt; land that was never natural is not."""
    until = pl.col("seen_until").dt.offset_by(f"{thresholds.newest_months}mo")
    old = (
        (pl.col("verdict") == "not converted")
        & pl.col("harm").is_in(_WATCHED)
        & ~pl.col("reasons").list.contains("N-NONNATURAL")
        & (until < pl.lit(as_of)).fill_null(value=True)
    )
    return plot_status.with_columns(
        verdict=pl.when(old).then(pl.lit("inconclusive")).otherwise("verdict"),
        reasons=pl.when(old).then(pl.lit(["I-STALE"], pl.List(pl.String))).otherwise("reasons"),
    )


def _said(
    plot_status: pl.DataFrame, reviews: pl.DataFrame, documents: pl.DataFrame, cut_off: date, as_of: date
) -> pl.DataFrame:
    """``plot, harm, outcome, review, looked_on``: what reviews that count say; where they differ, "inconclusive".

    ``looked_on``: the newest day that they saw. A review clears no change that may have come after that day.
    """
    by_two = pl.col("reviewer").is_not_null() & (pl.col("reviewer") != pl.col("second_reviewer"))
    shows = pl.DataFrame(
        [(kind, harm) for kind, harms in _SHOWS.items() for harm in harms],
        schema={"looked_at": pl.String, "harm": pl.String},
        orient="row",
    )
    first, last = pl.col("first_image_on"), pl.col("last_image_on")
    around = (
        (first <= pl.lit(cut_off))
        & (first.dt.offset_by(f"{_MONTHS_BEFORE}mo") >= pl.lit(cut_off))
        & (last > pl.lit(cut_off))
    )
    seen = pl.when(pl.col("looked_at").is_in(_IMAGES)).then(last).otherwise("signed_on")
    too_early = (pl.col("outcome") == "not converted") & (pl.col("looked_on") < pl.col("latest"))
    return (
        reviews.join(documents, left_on="document", right_on="reference", how="semi")
        .join(shows, on=["looked_at", "harm"], how="semi")
        .join(plot_status.select("plot", "harm", "latest"), on=["plot", "harm"])
        .with_columns(looked_on=pl.min_horizontal(seen, "signed_on"))
        .filter(
            by_two,
            pl.col("signed_on") <= pl.lit(as_of),
            ~pl.col("looked_at").is_in(_IMAGES) | around,
            pl.col("outcome").is_not_null(),
            ~too_early.fill_null(value=False),
        )
        .group_by("plot", "harm")
        .agg(
            outcome=pl.when(pl.col("outcome").n_unique() == 1)
            .then(pl.col("outcome").first())
            .otherwise(pl.lit("inconclusive")),
            review=pl.col("review").min(),
            looked_on=pl.col("looked_on").max(),
        )
    )
