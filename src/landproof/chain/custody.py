"""How goods were kept apart: what steps state of it, and what of that is proven.

A step at a site proves the model that it states by a certificate of the site that is valid on the day, and no
stronger one than that certificate is for, or by records of the site (clause 3.3: custody certificates, site
records). Elsewhere, as on the way from a farm, what is stated stands.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from landproof.chain.supply import ranked
from landproof.domain.vocabulary import CUSTODY_MODELS, SITE_RECORDS

TABLES: Final = ("certificates", "evidence")
_SITE: Final = "facility:"
_NO_SITE: Final = ""  # of a lot whose rows name several: nothing proves anything there


def proven(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """``tables`` with the proven model in place of the stated one; null where nothing proves any.

    Besides `TABLES`, ``documents`` tells which references are in the case.
    """
    deliveries, lots = tables["deliveries"], tables["lots"].filter(pl.col("facility").is_not_null())
    facility = pl.col("facility")
    made_at = lots.group_by("lot").agg(
        made_at=pl.when(facility.n_unique() == 1).then(facility.first()).otherwise(pl.lit(_NO_SITE))
    )
    at_sites = deliveries.select("lot", "facility", "custody", day="received_on").join(
        made_at, on="lot", how="left", maintain_order="left"
    )
    events = tables["chain_events"]
    windows = _certified(tables["certificates"]).vstack(_recorded(tables["evidence"], tables["documents"]))
    return {
        **tables,
        "deliveries": deliveries.with_columns(
            _proven(at_sites.with_columns(facility=pl.coalesce("facility", "made_at")), windows)
        ),
        "chain_events": events.with_columns(_proven(events.select("facility", "custody", day="on"), windows)),
    }


def claimed(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """``lot, claimed``: the strongest model that a step into a lot or a claim on it states."""
    made = tables["event_lots"].filter(pl.col("role") == "output").join(tables["chain_events"], on="event")
    stated = pl.concat(
        [frame.lazy().select("lot", "custody") for frame in (tables["deliveries"], made, tables["claims"])]
    )
    return (
        stated.drop_nulls()
        .select("lot", rank=ranked(pl.col("custody")))
        .group_by("lot")
        .agg(pl.col("rank").min())
        .select("lot", claimed=_model(pl.col("rank")))
        .collect()
    )


def _proven(steps: pl.DataFrame, windows: pl.DataFrame) -> pl.Series:
    """The model that each of ``steps`` (``facility, custody, day``) proves."""
    if steps["facility"].null_count() == steps.height:
        return steps["custody"]
    at_sites = steps.lazy().select("facility", "day").filter(pl.col("facility").is_not_null()).unique()
    strongest = (
        at_sites.join(windows.lazy(), on="facility")
        .filter((pl.col("day") >= pl.col("valid_from")) & (pl.col("day") <= pl.col("valid_to")))
        .group_by("facility", "day")
        .agg(pl.col("rank").min())
    )
    stated = ranked(pl.col("custody"))
    rank = pl.max_horizontal(stated, "rank")
    return (
        steps.lazy()
        .join(strongest, on=["facility", "day"], how="left", maintain_order="left", nulls_equal=True)
        .select(
            custody=pl.when(pl.col("facility").is_null())
            .then("custody")
            .when(pl.col("custody").is_not_null() & pl.col("rank").is_not_null())
            .then(_model(rank))
        )
        .collect()["custody"]
    )


def _model(rank: pl.Expr) -> pl.Expr:
    return rank.replace_strict(dict(enumerate(CUSTODY_MODELS)), default=None, return_dtype=pl.String)


def _certified(certificates: pl.DataFrame) -> pl.DataFrame:
    """``facility, valid_from, valid_to, rank``: what each site is certified for, and when."""
    known = certificates.filter(pl.col("custody").is_not_null(), pl.col("valid_to").is_not_null())
    sites = known.explode("sites").filter(pl.col("sites").is_not_null(), pl.col("valid_from").is_not_null())
    return sites.select(
        pl.col("sites").alias("facility"), "valid_from", "valid_to", rank=ranked(pl.col("custody"))
    )


def _recorded(evidence: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The same of the sites whose records are in the case: they prove whatever is stated."""
    rows = evidence.filter(
        (pl.col("topic") == SITE_RECORDS)
        & (pl.col("answer") == "yes")
        & pl.col("subject").str.starts_with(_SITE)
        & pl.col("valid_from").is_not_null()
        & pl.col("page").is_not_null()
        & pl.col("document").is_in(documents["reference"].implode())
    )
    return rows.select(
        facility=pl.col("subject").str.strip_prefix(_SITE),
        valid_from="valid_from",
        valid_to=pl.col("valid_to").fill_null(pl.date(9999, 12, 31)),
        rank=pl.lit(0, dtype=pl.Int8),
    )
