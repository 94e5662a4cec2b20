"""Real extracts against a slow count that shares nothing with the engine: cell by cell, with shapely."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import rasterio
import shapely
from pyproj import Geod, Transformer

from landproof.layers.catalogue import load_catalogue
from landproof.run.measure import Measured, measure
from tests.unit.layers.painted import TERMS, catalogue_file, entry, paint, plots

RASTERS = Path(__file__).parents[3].parent / "shared" / "data" / "rasters"
GEOD = Geod(ellps="WGS84")
NEIBA = {
    "oblong": shapely.box(-71.7312, 18.6403, -71.7188, 18.6519),
    "slanting": shapely.Polygon(
        [(-71.7305, 18.6502), (-71.7121, 18.6447), (-71.7003, 18.6702), (-71.7203, 18.6731)]
    ),
    "ring": shapely.Point(-71.713, 18.660).buffer(0.006).difference(shapely.Point(-71.712, 18.661).buffer(0.003)),
    "tiny": shapely.box(-71.71051, 18.65512, -71.71046, 18.65518),
}
ANDAMAN = {
    "wide": shapely.box(92.7003, 12.5002, 92.7307, 12.5151),
    "slanting": shapely.Polygon([(92.80, 12.30), (92.83, 12.31), (92.82, 12.34), (92.79, 12.32)]),
    "off the coast and beyond": shapely.Point(92.85, 11.5).buffer(0.008),
}
CHANGE = (
    'encoding = "year"',
    "base_year = 2000",
    "none = [0]",
    "last_year = 2023",
    'earliest = "01-01 of the year"',
)


def raster(name: str) -> Path:
    path = RASTERS / name
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    return path


def count(plot: shapely.Geometry, path: Path, cell_m2: Callable[[shapely.Geometry], float]) -> dict[int, float]:
    """Square metres per value: every cell of the file that the plot's extent touches, intersected alone."""
    sums: dict[int, float] = {}
    for value, part, cell in cells(plot, path):
        sums[value] = sums.get(value, 0) + part / cell.area * cell_m2(cell)
    return sums


def cells(plot: shapely.Geometry, path: Path) -> list[tuple[int, float, shapely.Geometry]]:
    with rasterio.open(path) as file:
        a, c, e, f = file.transform.a, file.transform.c, file.transform.e, file.transform.f
        left, bottom, right, top = plot.bounds
        rows = range(int((top - f) / e), min(file.height, int((bottom - f) / e) + 1))
        columns = range(int((left - c) / a), min(file.width, int((right - c) / a) + 1))
        values = file.read(1, window=((rows[0], rows[-1] + 1), (columns[0], columns[-1] + 1)))
    found = []
    for row in rows:
        for column in columns:
            cell = shapely.box(c + column * a, f + (row + 1) * e, c + (column + 1) * a, f + row * e)
            part = shapely.intersection(plot, cell).area
            if part:
                found.append((int(values[row - rows[0], column - columns[0]]), part, cell))
    return found


def geodesic(cell: shapely.Geometry) -> float:
    return abs(GEOD.geometry_area_perimeter(shapely.segmentize(cell, 0.00002))[0])


def run(folder: Path, shapes: dict[str, shapely.Geometry], content: str) -> Measured:
    return measure(plots(**shapes), load_catalogue(catalogue_file(folder, content)), TERMS)


def by_class(found: Measured, plot: str, layer: str) -> dict[int, int]:
    rows = found.areas.filter((pl.col("plot") == plot) & (pl.col("layer") == layer))
    return {int(value): area for value, area in zip(rows["class"], rows["area_m2"], strict=True)}


def neiba() -> str:
    cover, loss = raster("gfc2023_treecover2000_neiba.tif"), raster("gfc2023_lossyear_neiba.tif")
    forest = entry(
        "cover", "forest baseline", "valid_on = 2000-12-31", f"natural = {[*range(30, 101)]}",
        f"not_natural = {[*range(30)]}",
        files=[str(cover)],
    )  # fmt: skip
    return forest + "".join(
        entry(family, "change", f'family = "{family}"', *CHANGE, files=[str(loss)])
        for family in ("landsat_auto", "s1_auto")
    )


@pytest.mark.parametrize("name", NEIBA)
def test_classes_on_a_geographic_grid(tmp_path: Path, name: str):
    plot = NEIBA[name]
    found = run(tmp_path, {name: plot}, neiba())

    for layer, file in (("cover", "treecover2000"), ("landsat_auto", "lossyear")):
        expected = count(plot, raster(f"gfc2023_{file}_neiba.tif"), geodesic)
        measured = by_class(found, name, layer)
        assert set(measured) <= set(expected)
        assert all(abs(measured.get(value, 0) - area) < 1.01 for value, area in expected.items())


@pytest.mark.parametrize("name", ["oblong", "slanting", "ring"])
def test_loss_since_2021_on_land_with_trees(tmp_path: Path, name: str):
    plot = NEIBA[name]
    covers = cells(plot, raster("gfc2023_treecover2000_neiba.tif"))
    losses = cells(plot, raster("gfc2023_lossyear_neiba.tif"))
    expected = sum(
        part / cell.area * geodesic(cell)
        for (cover, part, cell), (loss, _, _) in zip(covers, losses, strict=True)
        if cover >= 30 and loss > 20
    )
    found = run(tmp_path, {name: plot}, neiba())
    [row] = found.plot_status.filter(pl.col("harm") == "deforestation").rows(named=True)

    assert expected > 500  # the plot was chosen where there is such loss
    assert abs(row["area_m2"] - expected) < 2
    assert row["verdict"] == "inconclusive"
    assert "I-USE" in row["reasons"]


@pytest.mark.parametrize("name", ANDAMAN)
def test_classes_on_a_projected_grid(tmp_path: Path, name: str):
    """Shares are counted in the plane of the raster; together they make the plot's area on the ellipsoid."""
    plot = ANDAMAN[name]
    path = raster("worldcover_andaman_utm46n_30m.tif")
    said = ("agriculture = [40]", "no_use = [80]", "other = [0, 10, 20, 30, 50, 60, 70, 90, 95, 100]")
    use = entry("use", "land use after", *said, files=[str(path)])
    measured = by_class(run(tmp_path, {name: plot}, use), name, "use")

    ways = Transformer.from_crs("EPSG:4326", "EPSG:32646", always_xy=True)
    dense = shapely.segmentize(plot, 0.0001)
    flat = shapely.transform(dense, lambda points: np.column_stack(ways.transform(points[:, 0], points[:, 1])))
    expected = count(flat, path, lambda cell: cell.area)
    whole = geodesic(plot)
    scale = whole / sum(expected.values())

    assert sum(measured.values()) == round(whole)
    assert 1.0000 < scale < 1.0009 or 0.9991 < scale < 1.0  # the scale of the zone, here near its middle
    for value, area in expected.items():
        assert abs(measured.get(value, 0) - area * scale) < 1 + area * 1e-6


def test_a_geographic_and_a_projected_layer_are_joined(tmp_path: Path):
    """Forest in the west by a grid in degrees; the use after by a grid in metres, which is the finer one."""
    use = raster("worldcover_andaman_utm46n_30m.tif")
    plot = ANDAMAN["wide"]
    paint(
        tmp_path / "forest.tif", [[1, 0], [1, 0]], west=92.69, north=12.53, step=0.0252
    )  # the seam lies at 92.7152
    for name in ("loss", "alerts"):
        paint(tmp_path / f"{name}.tif", [[22]], west=92.6, north=12.6, step=0.2)
    content = (
        entry("forest", "forest baseline", "valid_on = 2020-12-31", "natural = [1]", "not_natural = [0]")
        + entry("loss", "change", 'family = "landsat_auto"', *CHANGE)
        + entry("alerts", "change", 'family = "s2_auto"', *CHANGE)
        + entry("use", "land use after", 'agriculture = ["0-255"]', "nodata = []", files=[str(use)])
    )
    found = run(tmp_path, {"P": plot}, content)
    [row] = found.plot_status.filter(pl.col("harm") == "deforestation").rows(named=True)
    western = shapely.box(92.7003, 12.5002, 92.7152, 12.5151)
    height = GEOD.inv(92.7152, 12.5002, 92.7152, 12.5151)[2]

    assert row["verdict"] == "converted"
    # A cell of 30 m is looked up at its middle: the seam is off by half a cell at most.
    assert abs(row["area_m2"] - geodesic(western)) < 15 * height
