"""How risky each origin is (clause 3.2)."""

from datetime import date
from fractions import Fraction

import polars as pl

from landproof.criteria.origin_classes import ORIGIN, classified, deciding, listed, place_known
from landproof.criteria.registry import step


@step("origin_risk")
def origin_risk(
    positions: pl.DataFrame,
    origin_lists: pl.DataFrame,
    risk_classes: pl.DataFrame,
    documents: pl.DataFrame,
    *,
    as_of: date,
    loss_ratio: Fraction,
    ratio_at_limit: str,
) -> pl.DataFrame:
    """The risk of each commodity from each country on the list in force; whatever is unknown is high.

    Standard is high (Summary 2 footnote 1). A country that Annex 1 does not list is high until the verifier
    has classified it (clause 3.2); one that an EUDR list does not name is standard (its Article 1(2)). The
    conversion of other natural ecosystems is classified by the entity; the higher of the two wins (AMB-27).
    """
    lists = listed(origin_lists)
    classes = classified(
        risk_classes, documents, as_of=as_of, loss_ratio=loss_ratio, ratio_at_limit=ratio_at_limit
    )
    origins = positions.select(*ORIGIN, "list").unique()
    heads = lists.select("list", "commodities", list_from="from").unique(subset="list", keep="first")
    verifier = deciding(origins, classes, "deforestation").select(*ORIGIN, verifier_level="counted")
    conversion = deciding(origins, classes, "conversion").select(*ORIGIN, conversion_level="counted")
    unnamed = pl.col("level").is_null() & place_known()
    by_default = unnamed & (pl.col("commodities") == "six")
    by_verifier = unnamed & (pl.col("commodities") == "any") & pl.col("verifier_level").is_not_null()
    listed_level = pl.when(by_default).then(pl.lit("standard")).otherwise(pl.col("level")).fill_null("not listed")
    low = pl.when(by_verifier).then(pl.col("verifier_level") == "low").otherwise(pl.col("listed_level") == "low")
    return (
        origins.join(heads, on="list", how="left")
        .join(lists.select("list", "country", "level", "basis"), on=["list", "country"], how="left")
        .join(verifier, on=ORIGIN, how="left")
        .join(conversion, on=ORIGIN, how="left")
        .with_columns(
            listed_level=listed_level,
            basis=pl.when(by_default)
            .then(pl.lit("default"))
            .when(by_verifier)
            .then(pl.lit("verifier"))
            .when(place_known())
            .then(pl.col("basis"))
            .fill_null("none"),
        )
        .with_columns(
            deforestation_level=pl.when(low & place_known()).then(pl.lit("low")).otherwise(pl.lit("high"))
        )
        .with_columns(
            level=pl.when((pl.col("deforestation_level") == "low") & (pl.col("conversion_level") == "low"))
            .then(pl.lit("low"))
            .otherwise(pl.lit("high"))
        )
        .drop("commodities", "verifier_level")
    )
