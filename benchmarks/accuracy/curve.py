"""False clears against review: the same plots with other widths of the fringe and other noise floors."""

from itertools import product
from pathlib import Path

import polars as pl

from benchmarks.accuracy.scene import ALONE, Scene, drawn, series_alone, truth, truth_of, with_baseline
from landproof.land.thresholds import PUBLISHED

FRINGES_M = (0.0, 15.0, 31.0, 50.0, 75.0, 103.0)
NOISES_M2 = (100, 500, 2_000, 5_000)
SIZES = (0.5, 4.0, 100.0)
PROCEDURES = {"alone": series_alone, "lent": with_baseline}


def swept(scene: Scene, folder: Path, procedure: str, hectares: float, error_m: float, count: int) -> pl.DataFrame:
    """One row per plot, fringe and noise floor: the truth and the verdict."""
    plots = drawn(scene, hectares, error_m, count)
    with truth_of(scene, folder) as prodes:
        known = truth(plots, prodes)
    rows: list[pl.DataFrame] = []
    turned = [ALONE.changed({"noise_m2": noise}) for noise in NOISES_M2]
    with PROCEDURES[procedure](scene, folder) as engine:
        for fringe in FRINGES_M:
            judged = engine.judge(plots.given, fringe / PUBLISHED.fringe_sigmas, turned)
            rows += [
                known.with_columns(
                    procedure=pl.lit(procedure),
                    ha=pl.lit(hectares),
                    error_m=pl.lit(error_m),
                    fringe_m=pl.lit(fringe),
                    noise_m2=pl.lit(noise),
                    verdict=pl.Series(each.verdicts),
                )
                for noise, each in zip(NOISES_M2, judged, strict=True)
            ]
    return pl.concat(rows)


def combinations() -> list[tuple[str, float, float]]:
    """Procedure, size and position error of each sweep."""
    return list(product(PROCEDURES, SIZES, (0.0, 50.0)))
