"""Net spend in the reporting currency, exactly."""

import polars as pl

from landproof.domain.tables import RATE, SPEND


def with_spend(lines: pl.DataFrame, rates: pl.DataFrame, application: pl.DataFrame) -> pl.DataFrame:
    """Add ``spend``: net spend in the reporting currency; null without an amount, a currency or a rate.

    The reporting currency needs no rate of its own. Two rates for one currency are no rate.
    """
    return converted(lines, "net_spend", rates, application).rename({"converted": "spend"})


def converted(frame: pl.DataFrame, amount: str, rates: pl.DataFrame, application: pl.DataFrame) -> pl.DataFrame:
    """Add ``converted``: the money column ``amount`` in the reporting currency, or null."""
    table = exchange_rates(rates, application)
    # Both factors get 18 decimals first: a product of decimals keeps the larger scale and rounds to it.
    return (
        frame.join(table, on="currency", how="left", maintain_order="left")
        .with_columns(converted=pl.col(amount).cast(SPEND) * pl.col("rate").cast(SPEND))
        .drop("rate")
    )


def exchange_rates(rates: pl.DataFrame, application: pl.DataFrame) -> pl.DataFrame:
    """``currency, rate`` into the reporting currency; the rate is null where two rows differ."""
    reporting = application["currency"].drop_nulls().unique().to_list()
    own = pl.DataFrame({"currency": reporting}, schema={"currency": pl.String}).with_columns(
        # Two reporting currencies are none.
        rate=pl.when(pl.len() == 1).then(pl.lit(1, dtype=RATE))
    )
    given = (
        rates.filter(~pl.col("currency").is_in(reporting))
        .group_by("currency")
        .agg(pl.when(pl.col("rate").n_unique() == 1).then(pl.col("rate").first()).alias("rate"))
    )
    return pl.concat([own, given])
