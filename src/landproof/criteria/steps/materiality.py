"""Which commodities are assessed (clause 2.4).

Spend of unknown recipes stays in the whole and counts as uncovered (AMB-16); as it may hold any
commodity, a commodity is below the threshold only if it would stay below with all of it.
"""

from collections.abc import Callable
from fractions import Fraction

import polars as pl

from landproof.criteria.registry import step
from landproof.criteria.steps.scope import in_scope_lines
from landproof.criteria.steps.spend import with_spend
from landproof.domain.derived import UNKNOWN_COMMODITY
from landproof.domain.outcome import at_least, more_than, total
from landproof.domain.tables import SPEND

Compare = Callable[[str, str, Fraction], pl.Expr]

# How each reading compares with its limit (AMB-11 and AMB-15).
COMPARE: dict[str, Compare] = {"included": at_least, "excluded": more_than}


@step("materiality")
def materiality(
    purchases: pl.DataFrame,
    goods: pl.DataFrame,
    rates: pl.DataFrame,
    application: pl.DataFrame,
    *,
    material_share: Fraction,
    min_coverage: Fraction,
    at_material_share: str,
    at_min_coverage: str,
) -> pl.DataFrame:
    """Spend per commodity against net agri-food spend, and what is assessed because of it."""
    parts = _parts(with_spend(purchases, rates, application), goods)
    if parts.is_empty():
        return pl.DataFrame(schema={"commodity": pl.String})
    by_commodity = (
        parts.group_by("commodity")
        .agg(spend=total("spend"), other=total("other"))
        .with_columns(whole=pl.lit(_whole(parts), dtype=SPEND))
    )
    sorted_out = by_commodity.with_columns(
        reaches_threshold=reaches(by_commodity, "spend", material_share, at_material_share),
        reaches_otherwise=reaches(by_commodity, "other", material_share, at_material_share),
    )
    return cover(sorted_out, min_coverage, at_min_coverage).with_columns(
        other_key_crosses=pl.col("reaches_threshold") != pl.col("reaches_otherwise"),
    )


def reaches(materiality: pl.DataFrame, column: str, material_share: Fraction, at_limit: str) -> pl.Series:
    """For each row of ``commodity, <column>, whole``: does it reach the threshold? Null: cannot tell.

    Unknown recipes may hold any commodity, so they stand between a commodity and "below".
    """
    hidden = materiality.filter(pl.col("commodity") == UNKNOWN_COMMODITY)
    unknown = hidden[column].item() if hidden.height else 0
    compare = COMPARE[at_limit]
    return (
        materiality.with_columns(
            most=pl.when(pl.lit(unknown is not None)).then(
                pl.col(column) + pl.lit(unknown or 0, dtype=SPEND).clip(lower_bound=0)
            )
        )
        .select(
            pl.when(pl.col("commodity") == UNKNOWN_COMMODITY)
            .then(None)
            .when(compare(column, "whole", material_share))
            .then(pl.lit(True))
            .when(~compare("most", "whole", material_share))
            .then(pl.lit(False))
            .alias("reaches")
        )
        .to_series()
    )


def cover(materiality: pl.DataFrame, min_coverage: Fraction, at_limit: str) -> pl.DataFrame:
    """Add ``assessed`` and ``added_for_coverage``: what reaches 1 % or may, then the largest until 90 %."""
    unknown = pl.col("commodity") == UNKNOWN_COMMODITY
    reached = pl.col("reaches_threshold").fill_null(True) & ~unknown
    ranked = (
        materiality.with_columns(kept=reached, last=unknown)
        .sort(["kept", "last", "spend", "commodity"], descending=[True, False, True, False], nulls_last=True)
        .with_columns(before=pl.col("spend").fill_null(0).cum_sum() - pl.col("spend").fill_null(0))
    )
    enough = COMPARE[at_limit]("before", "whole", min_coverage)
    return ranked.with_columns(
        added_for_coverage=~pl.col("kept") & ~unknown & ~enough.fill_null(False),
    ).with_columns(assessed=pl.col("kept") | pl.col("added_for_coverage"))


def _parts(lines: pl.DataFrame, goods: pl.DataFrame) -> pl.DataFrame:
    """Spend per product and commodity in scope, by the key used and by the other one."""
    by_product = lines.group_by("product").agg(spend=total("spend"))
    other = pl.coalesce("other_share", "share").cast(SPEND)
    return in_scope_lines(by_product, goods).select(
        "commodity",
        "share",
        spend=pl.col("spend") * pl.col("share").cast(SPEND),
        other=pl.col("spend") * other,
    )


def _whole(parts: pl.DataFrame) -> object:
    # A part without a share has no spend of its own: the unknown commodity of its product carries it.
    return parts.filter(pl.col("share").is_not_null()).select(total("spend")).item()
