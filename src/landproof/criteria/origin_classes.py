"""Origins on the published lists, and origins classified by hand: whose class counts (clause 3.2, Annex 1)."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import polars as pl

from landproof.criteria.evidence import uncited, with_document
from landproof.criteria.ladder import first_reason
from landproof.domain.derived import UNKNOWN_COMMODITY
from landproof.domain.outcome import at_least, more_than

ORIGIN = ("commodity", "country")
LISTS = pl.Schema(
    {
        "list": pl.String,
        "commodities": pl.String,  # "six" (clause 3.2) or "any"
        "from": pl.Date,
        "country": pl.String,
        "level": pl.String,
        "basis": pl.String,
    }
)

# An undocumented "high" stands in the way of a documented "low": taking a document away never helps.
_ORDER = ("high", "high without evidence", "low", "no evidence")


def listed(origin_lists: pl.DataFrame) -> pl.DataFrame:
    """The published lists with all their columns; a case without lists has none."""
    return origin_lists.select(LISTS.names()) if origin_lists.width else pl.DataFrame(schema=LISTS)


def subject() -> pl.Expr:
    """``commodity|country|list``, a question mark for what is unknown."""
    return pl.concat_str(
        (pl.col(name).fill_null("?") for name in (*ORIGIN, "list")),
        separator="|",
    )


def place_known() -> pl.Expr:
    """Whether both the commodity and the country of an origin are known; without them no list can be read."""
    return pl.col("country").is_not_null() & (pl.col("commodity") != UNKNOWN_COMMODITY).fill_null(False)


def classified(
    risk_classes: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    loss_ratio: Fraction,
    ratio_at_limit: str,
) -> pl.DataFrame:
    """``risk_classes`` with what each row is worth.

    Adds ``digest`` of its document; ``fault``, the reason why its document does not count; ``ratio_fault``,
    the reason why its loss ratio cannot be used; ``ratio_level``, what the ratio says; ``at_limit``; and
    ``counted``, the level that counts, null if none does. A verifier's "low" for deforestation counts only
    with the ratio that shows it (clause 3.2: the same method). Where ratio and stated level differ, the
    higher wins (AMB-27).
    """
    reaches = at_least("loss_ha", "cover_ha", loss_ratio)
    exceeds = more_than("loss_ha", "cover_ha", loss_ratio)
    high = reaches if ratio_at_limit == "high" else exceeds
    by_verifier = (pl.col("by") == "verifier").eq_missing(True)
    shown_low = (pl.col("ratio_level") == "low").eq_missing(True) & pl.col("ratio_fault").is_null()
    return (
        with_document(risk_classes, documents)
        .with_columns(
            fault=first_reason(
                *uncited(),
                (pl.col("on").is_null(), "dates-missing"),
                (pl.col("on") > pl.lit(as_of), "not-in-force"),
            ),
            ratio_fault=first_reason(
                (pl.col("loss_ha").is_null() | pl.col("cover_ha").is_null(), "ratio-missing"),
                (reaches.is_null(), "no-cover"),
                (pl.col("dataset_version").is_null(), "version-missing"),
            ),
            ratio_level=first_reason((high, "high"), (high.is_not_null(), "low")),
            at_limit=reaches & ~exceeds,
        )
        .with_columns(
            counted=pl.when(pl.col("fault").is_not_null() | pl.col("level").is_null())
            .then(None)
            .when((pl.col("kind") == "deforestation") & ~by_verifier)
            .then(None)
            .when((pl.col("level") == "high") | (pl.col("ratio_level") == "high"))
            .then(pl.lit("high"))
            .when((pl.col("kind") == "conversion") | shown_low)
            .then(pl.lit("low")),
        )
    )


def deciding(origins: pl.DataFrame, classes: pl.DataFrame, kind: str) -> pl.DataFrame:
    """For each commodity and country of ``origins`` the row of ``classes`` that decides, the higher level first.

    A class without a commodity speaks for its whole country. An origin without any class has no row.
    """
    order = (
        pl.when(pl.col("counted") == "high")
        .then(pl.lit(_ORDER[0]))
        .when((pl.col("level") == "high") & ((pl.col("by") == "verifier") | (pl.col("kind") == "conversion")))
        .then(pl.lit(_ORDER[1]))
        .when(pl.col("counted") == "low")
        .then(pl.lit(_ORDER[2]))
        .otherwise(pl.lit(_ORDER[3]))
    )
    return first(of_origins(origins, classes, kind).with_columns(order=order), _ORDER)


def of_origins(origins: pl.DataFrame, classes: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Every class of ``kind`` that speaks for an origin: one row per origin and class."""
    speaks = classes.filter(pl.col("kind") == kind).rename({"commodity": "of"})
    return (
        origins.select(ORIGIN)
        .unique()
        .join(speaks, on="country", how="inner")
        .filter(pl.col("of").is_null() | (pl.col("of") == pl.col("commodity")))
    )


def first(rows: pl.DataFrame, order: Sequence[str]) -> pl.DataFrame:
    """One row per origin: the first by the column ``order`` as ranked in ``order``, then by classification."""
    ranked = rows.with_columns(pl.col("order").cast(pl.Enum(order)))
    return ranked.sort(*ORIGIN, "order", "classification").unique(subset=ORIGIN, keep="first")


def unlisted(origin_risk: pl.DataFrame) -> pl.DataFrame:
    """Origins that their list does not name, and those whose commodity or country nobody knows."""
    not_named = (pl.col("listed_level") == "not listed").ne_missing(False)
    return origin_risk.filter(not_named | ~place_known()).select(*ORIGIN, "list")
