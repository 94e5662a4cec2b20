"""The Rondônia scene: what a Sentinel-2 series says, against PRODES as the truth.

The series (4 June 2020 to 26 August 2021) is the input; PRODES is the truth and no input of the procedure that is
measured. In a marked exploration the cut-off is moved to the first day of the series, so that what the series
shows is after it, and one silent family is enough to clear, for the scene has no other.

The series has no baseline: land cleared years before reads as clear-cut, too. So a second procedure is shown
beside it, never as the one that is measured: with PRODES' own years up to July 2020 lent as a baseline.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import rasterio
from rasterio.warp import transform_bounds

from benchmarks.accuracy.engine import GNSS_M, MEASURED, Engine, entry, shares, sigma
from benchmarks.accuracy.peers import Indicators, whisp_form
from benchmarks.accuracy.plots import Place, Plots, random_plots
from landproof.land.thresholds import PUBLISHED

SIZES = (0.5, 1.0, 2.0, 4.0, 10.0, 25.0, 50.0, 100.0)
SEED = 20201231
FELLED_M2 = 5_000
SERIES_BEGINS = date(2020, 6, 4)
PRODES_2020_ENDS = date(2020, 7, 31)
ALONE = PUBLISHED.changed({"families_to_clear": 1})
_MARGIN_M = 110.0  # more than the fringe of a plot that is off by 50 m

FOREST, FELLED, CLOUD = "1", "33", "32"
OLD = tuple(str(value) for value in (*range(6, 30), 31, 34))  # cleared before August 2020, found late or not
CLEAR_CUT = ("1", "2", "3")


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the two rasters are, and the ground that both cover."""

    prodes: Path
    series: Path
    place: Place


def open_scene(folder: Path) -> Scene:
    """The scene in ``folder`` (prodes_rondonia)."""
    prodes, series = folder / "prodes_labels.tif", folder / "sentinel2_classes.tif"
    west, south, east, north = -180.0, -90.0, 180.0, 90.0
    for path in (prodes, series):
        with rasterio.open(path) as raster:
            box = transform_bounds(raster.crs, "EPSG:4326", *raster.bounds, densify_pts=99)
        west, south, east, north = max(west, box[0]), max(south, box[1]), min(east, box[2]), min(north, box[3])
    # The edges of a UTM raster are slanted by less than this in longitude and latitude.
    slant = 0.0004
    return Scene(prodes, series, Place(west + slant, south + slant, east - slant, north - slant, _MARGIN_M))


def change(scene: Scene) -> str:
    """The series as a change layer: clear-cut at some time within it, after its first day."""
    return entry(
        "series", "change", scene.series, 'family = "s2_auto"', 'encoding = "year_classes"', "none = [4]",
        "years = { 2021 = [1, 2, 3] }", 'year_starts = "06-05 of the year before"',
        'year_ends = "08-26 of the year"', MEASURED,
    )  # fmt: skip


def series_alone(scene: Scene, folder: Path) -> Engine:
    """The series as change and as its own baseline: what it shows as clear-cut is taken to have been forest.

    It cannot say so of land cleared before it began; that costs alarms and clears nothing.
    """
    same = [f"valid_on = {SERIES_BEGINS}", "natural = [1, 2, 3, 4]", "not_natural = [0]"]
    baselines = (entry(f"{role}_start", f"{role} baseline", scene.series, *same) for role in ("forest", "natural"))
    return Engine(folder, "series_alone", change(scene) + "".join(baselines), SERIES_BEGINS)


def with_baseline(scene: Scene, folder: Path) -> Engine:
    """The series, and the years of PRODES up to July 2020 as a baseline."""
    before = [
        f"valid_on = {PRODES_2020_ENDS}", f"natural = [{FOREST}, {FELLED}]", f"unclear = [2, 3, 4, {CLOUD}]",
        f"not_natural = [{', '.join(OLD)}]",
    ]  # fmt: skip
    baselines = (entry(role, f"{role} baseline", scene.prodes, *before) for role in ("forest", "natural"))
    return Engine(folder, "with_baseline", change(scene) + "".join(baselines), PRODES_2020_ENDS)


def truth_of(scene: Scene, folder: Path) -> Engine:
    """PRODES, to be measured exactly."""
    legend = [
        f"valid_on = {PRODES_2020_ENDS}", f"natural = [{FOREST}]", f"not_natural = [{FELLED}, {', '.join(OLD)}]",
        f"unclear = [2, 3, 4, {CLOUD}]",
    ]  # fmt: skip
    return Engine(folder, "truth", entry("prodes", "forest baseline", scene.prodes, *legend), PRODES_2020_ENDS)


def drawn(scene: Scene, hectares: float, error_m: float, count: int) -> Plots:
    """The plots of a size, from the one seed."""
    seed = (SEED, round(hectares * 10), round(error_m))
    return random_plots(seed, count, hectares, scene.place, error_m=error_m)


def truth(plots: Plots, engine: Engine) -> pl.DataFrame:
    """Square metres per true outline: felled from August 2020 to July 2021, cleared before, under cloud."""
    areas = engine.areas(plots.true)
    classes = {"felled_m2": [FELLED], "old_m2": OLD, "cloud_m2": [CLOUD]}
    return pl.DataFrame({name: shares(areas, "prodes", held, len(plots)) for name, held in classes.items()})


def measured(scene: Scene, folder: Path, hectares: float, error_m: float, count: int) -> pl.DataFrame:
    """One row per plot: the truth, the verdict of both procedures, and that of the peers' rule in both forms."""
    plots = drawn(scene, hectares, error_m, count)
    declared = sigma(error_m or GNSS_M)
    with (
        series_alone(scene, folder) as alone,
        with_baseline(scene, folder) as lent,
        truth_of(scene, folder) as prodes,
    ):
        with_lent = lent.judge(plots.given, declared, [ALONE])[0]
        seen = indicators(with_lent.areas, len(plots))
        return truth(plots, prodes).with_columns(
            ha=pl.lit(hectares),
            error_m=pl.lit(error_m),
            alone=pl.Series(alone.judge(plots.given, declared, [ALONE])[0].verdicts),
            lent=pl.Series(with_lent.verdicts),
            perennial=whisp_form(seen),
            annual=whisp_form(seen, annual=True),
        )


def indicators(areas: pl.DataFrame, plots: int) -> Indicators:
    """PRODES before August 2020 and the series in the places of the peers' maps."""
    forest = shares(areas, "forest", [FOREST, FELLED], plots)
    whole = areas.filter(pl.col("layer") == "series").group_by("plot").agg(pl.col("area_m2").sum()).sort("plot")
    return Indicators(
        whole=whole["area_m2"],
        tree_cover=forest,
        disturbed_before=shares(areas, "forest", OLD, plots),
        disturbed_after=shares(areas, "series", CLEAR_CUT, plots),
    )
