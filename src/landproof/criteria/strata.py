"""The two strata of clause 3.7 and what the verifier's sample covers of each.

The unit is supplier x commodity x country of production (AMB-42); the frame is every assessed position.
A ticket counts only with a document in the case, a mass, and a unit of its own stratum in the frame.
"""

from fractions import Fraction

import polars as pl

from landproof.criteria.evidence import uncited, with_document
from landproof.criteria.exposure import assessed_positions, is_high
from landproof.criteria.ladder import first_reason
from landproof.domain.outcome import at_least, total
from landproof.domain.tables import PART_GRAMS

UNIT = ["stratum", "supplier", "commodity", "country"]


def strata(positions: pl.DataFrame, depth: pl.DataFrame) -> pl.DataFrame:
    """Assessed positions with their ``stratum``: A when high-risk or not known to be low, else B."""
    stratum = pl.when(is_high()).then(pl.lit("A")).otherwise(pl.lit("B"))
    return assessed_positions(positions, depth).with_columns(
        stratum=stratum, livestock=pl.col("livestock").ne_missing(False)
    )


def frame_units(framed: pl.DataFrame) -> pl.DataFrame:
    """The units of the sampling frame, with their mass (null when a part is unknown).

    ``livestock``: a part of it comes, or may come, from a livestock chain; feed does.
    """
    return (
        framed.group_by(UNIT)
        .agg(total("mass_g").alias("unit_g"), pl.col("livestock").any())
        .sort(UNIT, nulls_last=True)
    )


def tickets_of(samples: pl.DataFrame, documents: pl.DataFrame, stratum: str) -> pl.DataFrame:
    """The tickets of one stratum, with ``problem``: why a ticket does not count for a quota, or null.

    In stratum B a ticket counts only where the verifier has checked the country of origin.
    """
    asks_origin = pl.lit(stratum == "B")
    problem = first_reason(
        *uncited(page=None),
        (pl.col("mass_g").is_null(), "massless"),
        (asks_origin & pl.col("origin_verified").is_null(), "unverified"),
        (asks_origin & ~pl.col("origin_verified"), "refused"),
    )
    return with_document(samples.filter(pl.col("stratum") == stratum), documents).with_columns(problem=problem)


def sampled_units(units: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """Units of a stratum with ``sampled_g``, never more than they hold, and whether any ticket ``counts``."""
    taken = (
        tickets.filter(pl.col("problem").is_null())
        .group_by(UNIT)
        .agg(taken_g=pl.col("mass_g").sum().cast(PART_GRAMS))
    )
    return units.join(taken, on=UNIT, how="left", nulls_equal=True, maintain_order="left").with_columns(
        sampled_g=pl.when(pl.col("taken_g").is_null())
        .then(pl.lit(0).cast(PART_GRAMS))
        .otherwise(pl.min_horizontal("taken_g", "unit_g")),
        counts=pl.col("taken_g").is_not_null(),
    )


def is_undecided(tickets: pl.DataFrame) -> bool:
    """Whether some ticket does not count for want of evidence, so that it may count yet."""
    return tickets.filter(pl.col("problem").is_not_null() & (pl.col("problem") != "refused")).height > 0


def quota(amounts: pl.DataFrame, share: Fraction, *, undecided: bool) -> pl.DataFrame:
    """``subject, part, whole`` with ``reaches``: whether the part is at least ``share`` of the whole.

    ``undecided``: there are tickets that do not count yet but may, so a share not reached is unknown.
    """
    reached = at_least("part", "whole", share)
    return amounts.with_columns(reaches=pl.when(reached | pl.lit(not undecided)).then(reached))
