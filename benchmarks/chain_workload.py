"""An invented chain: plots, collectors, mills, traders, factories, products, with cross-flows; seeded."""

import numpy as np
import polars as pl

# Share of the lots at each level, farm gate first.
_LEVELS = (0.41, 0.25, 0.15, 0.09, 0.05, 0.03, 0.02)
_INPUTS = (1.0, 3.0, 4.5, 6.0, 6.5, 7.0, 9.0)  # deliveries into a lot, on average
_MODELS = ("identity preserved", "segregated", "controlled blending", "mass balance")


def make(lots: int, seed: int = 20201231) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """``deliveries, lots, plots``: ``lots`` lots of seven levels, and about 3.6 times as many deliveries."""
    random = np.random.default_rng(seed)
    plots = max(1, lots // 3)
    sizes = [max(1, round(lots * share)) for share in _LEVELS]
    starts = np.cumsum([0, *sizes])
    parts: list[pl.DataFrame] = []
    for level, size in enumerate(sizes):
        count = 1 + random.poisson(_INPUTS[level] - 1, size)
        into = np.repeat(np.arange(size), count)
        mass = random.integers(50_000, 20_000_000, into.size)
        model = random.choice(4, into.size, p=(0.2, 0.78, 0.015, 0.005))
        if level == 0:
            source = np.full(into.size, -1)
            plot = random.integers(0, plots, into.size)
        else:
            # Most from the level below, from neighbours; a few over two levels.
            below = np.where(random.random(into.size) < 0.9, level - 1, max(0, level - 2))
            width = np.array(sizes)[below]
            centre = (into / size * width).astype(np.int64)
            spread = np.rint(random.normal(0, 30, into.size)).astype(np.int64)
            source = starts[below] + (centre + spread) % width
            plot = np.full(into.size, -1)
        parts.append(
            pl.DataFrame(
                {"into": starts[level] + into, "source": source, "plot": plot, "mass_g": mass, "model": model}
            )
        )
    edges = pl.concat(parts)
    name = pl.format("L-{}", pl.col("into"))
    deliveries = edges.select(
        delivery=pl.format("D-{}", pl.int_range(pl.len())),
        lot=name,
        input_lot=pl.when(pl.col("source") >= 0).then(pl.format("L-{}", pl.col("source"))),
        plot=pl.when(pl.col("plot") >= 0).then(pl.format("P-{}", pl.col("plot"))),
        mass_g="mass_g",
        custody=pl.col("model").replace_strict(dict(enumerate(_MODELS))),
    )
    masses = deliveries.group_by("lot").agg(pl.col("mass_g").sum())
    # One lot in two thousand weighs more than was delivered into it.
    lot_table = masses.sort("lot").with_columns(
        mass_g=pl.col("mass_g") + pl.when(pl.int_range(pl.len()) % 2000 == 7).then(1000).otherwise(0)
    )
    return deliveries, lot_table, pl.DataFrame({"plot": [f"P-{number}" for number in range(plots)]})
