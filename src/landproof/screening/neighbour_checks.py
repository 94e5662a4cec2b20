"""Plots against one another: the same outline twice, overlaps, points in the same place."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import polars as pl

from landproof.land.kernel.pairs import (
    HOLDER,
    HOLDERS,
    NEAR,
    NEAR_M,
    NEARS,
    OVERLAP,
    OVERLAP_SHARE,
    OVERLAPS,
    TWIN,
    TWIN_SHARE,
    outline_keys,
    pairs,
)
from landproof.land.kernel.wkb import MULTI_POINT
from landproof.screening.given import Findings, Floats
from landproof.screening.size_checks import HECTARE, hectares

OVERLAP_AT: Final = 0.05  # of the smaller plot: less may be the error of two devices along one fence
TWIN_AT: Final = 0.90  # of the land of both together
NEAR_M_AT: Final = 10.0  # metres between two points: the error of one device


def check_neighbours(found: Findings) -> None:
    """Compare all plots with one another, whoever supplied them."""
    given = found.given
    seen = given.usable & (given.shapes.kinds != MULTI_POINT)
    names, suppliers = given.texts("plot"), given.texts("supplier")
    same, count = _same(found)

    def other(
        column: Floats, more: Callable[[int], Mapping[str, object]]
    ) -> Callable[[int], Mapping[str, object]]:
        def said(n: int) -> Mapping[str, object]:
            at = int(column[n])
            return {"other": names[at], "supplier": suppliers[at] or "-", **more(n)}

        return said

    found.add(same >= 0, "warn", "same-outline", other(same, lambda n: {"count": int(count[n])}))
    near = pairs(given.shapes, seen, overlap=OVERLAP_AT, twin=TWIN_AT, near_m=NEAR_M_AT)
    alike = (near[:, TWIN] >= 0) & (same < 0)
    found.add(
        alike, "warn", "near-duplicate",
        other(near[:, TWIN], lambda n: {"share": int(near[n, TWIN_SHARE] * 100)}),
    )  # fmt: skip
    found.add(
        near[:, NEAR] >= 0, "warn", "same-point",
        other(near[:, NEAR], lambda n: {"distance": round(near[n, NEAR_M]), "count": int(near[n, NEARS]) + 1}),
    )  # fmt: skip
    areas = given.areas

    def overlapping(n: int) -> Mapping[str, object]:
        share = min(near[n, OVERLAP_SHARE], 1.0)
        return {
            "share": max(1, round(share * 100)), "area": hectares(share * areas[n] / HECTARE),
            "count": int(near[n, OVERLAPS]),
        }  # fmt: skip

    found.add(near[:, OVERLAP] >= 0, "warn", "overlap", other(near[:, OVERLAP], overlapping))
    found.add(
        near[:, HOLDER] >= 0, "warn", "point-inside",
        other(near[:, HOLDER], lambda n: {"count": int(near[n, HOLDERS])}),
    )  # fmt: skip
    found.not_checked("duplicate", ~seen)
    found.not_checked("overlap", ~seen)


def _same(found: Findings) -> tuple[Floats, Floats]:
    """For each outline the first other one with the same sides (-1: none), and how many there are in all."""
    keys = outline_keys(found.given.shapes)
    frame = pl.DataFrame({
        "one": keys[:, 0], "two": keys[:, 1], "row": np.arange(found.given.n), "usable": found.given.usable,
    }).filter((pl.col("one") != 0) & pl.col("usable"))  # fmt: skip
    grouped = frame.with_columns(
        first=pl.col("row").min().over("one", "two"), size=pl.len().over("one", "two"),
        second=pl.col("row").sort().slice(1, 1).first().over("one", "two"),
    ).filter(pl.col("size") > 1)  # fmt: skip
    other, count = np.full(found.given.n, -1.0), np.zeros(found.given.n)
    rows = grouped["row"].to_numpy()
    first, second = grouped["first"].to_numpy(), grouped["second"].to_numpy()
    other[rows] = np.where(first == rows, second, first)
    count[rows] = grouped["size"].to_numpy()
    return other, count
