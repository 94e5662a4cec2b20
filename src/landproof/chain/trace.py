"""From deliveries to what stands behind each lot: mass traced, plots, custody, depth and problems.

First engine: proportional mixing over an acyclic chain, all lots worked out at once. It lists every
lot with every plot behind it, so memory grows with that list.
"""

import numpy as np
import polars as pl

from landproof.chain.apportion import floors, largest_remainder
from landproof.chain.custody import weakest
from landproof.chain.ledger import NONE, Exact, Flags, Ints, Ledger, read_ledger
from landproof.chain.levels import levels
from landproof.chain.problems import PROBLEMS
from landproof.chain.shares import Shares, mix
from landproof.domain.derived import LOT_PLOTS, LOT_STATUS
from landproof.domain.tables import conform
from landproof.domain.vocabulary import CUSTODY_MODELS


def trace_lots(
    deliveries: pl.DataFrame, lots: pl.DataFrame, facilities: pl.DataFrame, plots: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``lot_status`` and ``lot_plots`` (`domain.derived`) of every lot listed or delivered into.

    The mass to explain is the larger of what the lot is said to weigh and what went into it; the part
    that no delivery explains is untraced and has no custody model. A lot that does not say what it
    weighs, or took in an unweighed delivery, is untraced as a whole ("missing mass"): plots that
    explain the volume cannot be shown (clause 3.3). A delivery with neither lot nor plot is an origin
    step where the lot's country or facility is stated, else a missing input. A facility counts when it
    lists the countries that it sources from (AMB-34). Plots that are not on file, or behind a missing
    mass, stay in ``lot_plots`` with 0 g, so that they are judged all the same; plots behind a cycle are
    listed for the lots of the cycle that they enter.
    """
    ledger = read_ledger(deliveries, lots, facilities, plots)
    count = ledger.lots.len()
    level = levels(count, ledger.source, ledger.into)
    problems = _problems(ledger, level)
    taken = np.zeros(count, dtype=np.int64)
    np.add.at(taken, ledger.into, ledger.mass)
    whole = np.maximum(ledger.stated, taken)
    # A lot without any mass keeps "missing mass", so it is opaque too.
    opaque = problems["missing mass"] | problems["cycle"]
    shares = mix(ledger, level, whole, opaque)
    rank, missing = weakest(ledger, level, (whole > taken) | problems["missing input lot"] | problems["no inputs"])
    status = _lot_status(ledger, level, problems, whole, shares, rank, missing)
    return status, _lot_plots(ledger, whole, shares, status["plot_g"].to_numpy())


def _problems(ledger: Ledger, level: Ints) -> dict[str, Flags]:
    count = level.size

    def lots_with(edges: Flags) -> Flags:
        found = np.zeros(count, dtype=np.bool_)
        found[ledger.into[edges]] = True
        return found

    unsaid = (ledger.source == NONE) & (ledger.plot == NONE) & ~ledger.unknown_source
    return {
        "cycle": level == NONE,
        "missing input lot": lots_with(ledger.unknown_source | (unsaid & ~ledger.placed[ledger.into])),
        "no inputs": ~lots_with(np.ones(ledger.into.size, dtype=np.bool_)),
        "missing mass": (ledger.stated == 0) | lots_with(~ledger.weighed),
    }


def _lot_status(
    ledger: Ledger,
    level: Ints,
    problems: dict[str, Flags],
    whole: Ints,
    shares: Shares,
    rank: Ints,
    missing: Flags,
) -> pl.DataFrame:
    untraced, placed = ledger.plots.len() + 1, ledger.plots.len()
    plot_part = _sum_where(shares, shares.origin[: shares.used] < placed)
    untraced_part = _sum_where(shares, shares.origin[: shares.used] == untraced)
    cycle, denominator = problems["cycle"], shares.denominator
    depth = np.select(
        [cycle, plot_part == denominator, ledger.by_facility, untraced_part == 0],
        ["none", "plot", "facility", "country"],
        "none",
    )
    models = np.array([*CUSTODY_MODELS, None], dtype=object)
    status = pl.DataFrame(
        {
            "lot": ledger.lots,
            "depth": depth,
            "mass_g": whole,
            "plot_g": floors(whole, plot_part, denominator),
            "country_g": floors(whole, denominator - untraced_part, denominator),
            "custody": pl.Series(models[rank].tolist(), dtype=pl.String),
            "custody_unknown": missing,
            "steps": _steps(ledger, level),
            **problems,
        }
    ).with_columns(
        mass_g=pl.when(pl.col("mass_g") > 0).then(pl.col("mass_g")),
        steps=pl.when(pl.col("steps") != NONE).then(pl.col("steps")),
        problems=pl.concat_list(pl.when(name).then(pl.lit(name)) for name in PROBLEMS).list.drop_nulls(),
    )
    return conform(status, LOT_STATUS)


def _lot_plots(ledger: Ledger, whole: Ints, shares: Shares, plot_g: Ints) -> pl.DataFrame:
    lengths = shares.last - shares.first
    by_run = np.argsort(shares.first, kind="stable")  # runs stand one after the other
    kept = np.flatnonzero(shares.origin[: shares.used] < ledger.plots.len())
    owner = np.repeat(by_run, lengths[by_run])[kept]
    origin, numerator = shares.origin[kept], shares.numerator[kept]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]) if owner.size else np.empty(0, np.int64)
    total = plot_g[owner[starts]]
    grams = largest_remainder(starts, whole[owner], numerator, shares.denominator[owner], total)
    behind = pl.DataFrame({"lot": ledger.lots.gather(owner), "plot": ledger.plots.gather(origin), "mass_g": grams})
    return conform(behind.sort("lot", "plot"), LOT_PLOTS)


def _sum_where(shares: Shares, kept: Flags) -> Exact:
    """Per lot, the sum of the numerators of the origins in ``kept``."""
    sums = np.zeros(shares.first.size, dtype=object)
    filled = np.flatnonzero(shares.last > shares.first)
    if filled.size:
        by_run = filled[np.argsort(shares.first[filled], kind="stable")]
        amounts = np.where(kept, shares.numerator[: shares.used], 0)
        sums[by_run] = np.add.reduceat(amounts, shares.first[by_run])
    return sums


def _steps(ledger: Ledger, level: Ints) -> Ints:
    """Deliveries on the longest way from an origin to the lot; `NONE` where there is no such way."""
    depth = level.copy()
    # A delivery from a plot, or from nowhere, into a lot of level 0 is a step as well.
    outside = np.zeros(level.size, dtype=np.int64)
    outside[ledger.into[ledger.source == NONE]] = 1
    order = np.argsort(level[ledger.into], kind="stable")
    best = outside.copy()
    heads = level[ledger.into[order]]
    cuts = np.flatnonzero(np.r_[True, heads[1:] != heads[:-1]]) if heads.size else np.empty(0, np.int64)
    for edges in np.split(order, cuts[1:]) if cuts.size else ():
        real = edges[ledger.source[edges] != NONE]
        np.maximum.at(best, ledger.into[real], best[ledger.source[real]] + 1)
    return np.where(depth == NONE, NONE, best)
