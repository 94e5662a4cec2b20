"""A year alone: whatever a yearly product lists under 2021 may have happened before the cut-off or after it."""

from pathlib import Path

import numpy as np
import polars as pl
import rasterio

from benchmarks.accuracy.engine import DOUBT, GNSS_M, MEASURED, Engine, entry, shares, sigma
from benchmarks.accuracy.painted import CUT_OFF
from benchmarks.accuracy.scene import SERIES_BEGINS, Scene, drawn

STRADDLES = "I-STRADDLE"
FELLED_IN_2021 = 21
_NOISE_M2 = 500


def paint_years(scene: Scene, folder: Path) -> Path:
    """A raster like Hansen's: 21 where the series shows clear-cut, else 0."""
    path = folder / "loss_year.tif"
    with rasterio.open(scene.series) as series:
        profile = {**series.profile, "nodata": None}
        years = np.where(series.read(1) == 4, 0, FELLED_IN_2021).astype(np.uint8)
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(years, 1)
    return path


def straddling(scene: Scene, folder: Path, hectares: float, count: int) -> pl.DataFrame:
    """One row per plot that holds 500 m2 or more of the year 2021: its verdict, and whether the code is there.

    The real cut-off, and everything else lent: agreed forest before, farming afterwards, and a second family that
    says the same year. So the date is all that can stand in the way of "converted".
    """
    years = paint_years(scene, folder)
    loss = [
        'encoding = "year"', "base_year = 2000", "none = [0]", "last_year = 2021",
        'earliest = "10-01 of the year before"', MEASURED,
    ]  # fmt: skip
    baseline = [f"valid_on = {SERIES_BEGINS}", "natural = [1, 2, 3, 4]", "not_natural = [0]"]
    entries = [
        *(entry(family, "change", years, f'family = "{family}"', *loss) for family in ("landsat_auto", "s1_auto")),
        *(entry(role, f"{role} baseline", scene.series, *baseline) for role in ("forest", "natural")),
        entry("use", "land use after", scene.series, "agriculture = [1, 2, 3]", "unclear = [4]"),
    ]
    plots = drawn(scene, hectares, 0.0, count)
    with Engine(folder, "straddle", "".join(entries), CUT_OFF) as engine:
        judged = engine.judge(plots.given, sigma(GNSS_M))[0]
    held = shares(judged.areas, "landsat_auto", [str(FELLED_IN_2021)], count)
    found = pl.DataFrame(
        {
            "ha": pl.Series([hectares] * count, dtype=pl.Float64),
            "straddles": [
                verdict == DOUBT and STRADDLES in codes
                for verdict, codes in zip(judged.verdicts, judged.reasons, strict=True)
            ],
        }
    )
    return found.filter(held >= _NOISE_M2)
