"""Plots that lie on the same land, in square metres."""

import numpy as np
import polars as pl

from landproof.land.kernel.pairs import OVERLAP, OVERLAP_SHARE, TWIN, TWIN_SHARE, pairs
from landproof.land.kernel.wkb import MULTI_POINT
from landproof.screening.given import Given
from landproof.screening.neighbour_checks import NEAR_M_AT, OVERLAP_AT, TWIN_AT


def plot_overlaps(plots: pl.DataFrame) -> pl.DataFrame:
    """``plot, other, overlap_m2`` of plots (contract `PLOTS`) whose outlines share 5 % of the smaller or more.

    Each outline names the one that covers most of it and the one most like it; a third that covers less of both is
    not told. Whole square metres, rounded down, so that nothing is told to overlap by more than it does.
    """
    given = Given(plots)
    seen = given.usable & (given.shapes.kinds != MULTI_POINT)
    near = pairs(given.shapes, seen, overlap=OVERLAP_AT, twin=TWIN_AT, near_m=NEAR_M_AT)
    areas, names = given.areas, given.plots["plot"]
    rows: list[tuple[str, str, int]] = []
    for one in np.flatnonzero(near[:, OVERLAP] >= 0).tolist():
        shared = min(float(near[one, OVERLAP_SHARE]), 1.0) * areas[one]
        rows.append((names[one], names[int(near[one, OVERLAP])], _whole(shared)))
    for one in np.flatnonzero(near[:, TWIN] >= 0).tolist():
        other, alike = int(near[one, TWIN]), min(float(near[one, TWIN_SHARE]), 1.0)
        # What two have in common, as a share of both together, tells it of their sum.
        shared = min(alike / (1 + alike) * (areas[one] + areas[other]), areas[one], areas[other])
        rows.append((names[one], names[other], _whole(shared)))
    schema = {"plot": pl.String, "other": pl.String, "overlap_m2": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("plot", "other")


def _whole(square_metres: float) -> int:
    return 0 if np.isnan(square_metres) else int(square_metres)
