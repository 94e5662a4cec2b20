"""Real rasters, plain and projected, against exactextract with the same areas of rows: at most 1e-6 ha apart."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from exactextract import exact_extract
from exactextract.feature import JSONFeatureSource

from landproof.land.kernel.wkb import pack
from landproof.layers.catalogue import Catalogue, load_catalogue
from landproof.layers.lattice import BLOCK, Block, lattices
from landproof.layers.overlay import Overlayer
from landproof.layers.references import Reference
from tests.unit.layers.painted import catalogue_file, entry

RASTERS = Path(__file__).parents[3].parent / "shared" / "data" / "rasters"
NAMES = (
    "gfc2023_lossyear_neiba.tif",
    "gfc2023_treecover2000_neiba.tif",
    "gfc2018_lossyear_annamites.tif",
    "gfc2018_treecover2000_annamites.tif",
    "gfc2023_lossyear_andaman_utm46n.tif",
)


def plots(bounds: tuple[float, float, float, float], cell: float, count: int, seed: int) -> list[shapely.Geometry]:
    """Stars of 5 to 40 corners and up to 60 cells in radius, every fifth with a hole and every seventh in two."""
    random = np.random.default_rng(seed)
    left, bottom, right, top = bounds
    found: list[shapely.Geometry] = []
    while len(found) < count:
        corners = int(random.integers(5, 41))
        turn = (np.arange(corners) + random.uniform(-0.35, 0.35, corners)) / corners * 2 * np.pi
        radius = np.exp(random.uniform(np.log(0.3), np.log(60))) * cell * np.exp(random.normal(0, 0.22, corners))
        middle = random.uniform([left, bottom], [right, top])
        plot = shapely.Polygon(middle + np.column_stack([radius * np.cos(turn), radius * np.sin(turn)]))
        if len(found) % 5 == 0:
            plot = plot.difference(plot.centroid.buffer(float(radius.min()) * 0.4))
        if len(found) % 7 == 0:
            plot = plot.difference(shapely.box(middle[0], bottom - 1e9, middle[0] + cell / 3, top + 1e9))
        if plot.is_valid and shapely.box(*bounds).contains(plot):
            found.append(plot)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_coverage_is_that_of_exactextract(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = RASTERS / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    (tmp_path / "loss.tif").symlink_to(path)
    year = ('family = "landsat_auto"', 'encoding = "year"', "base_year = 2000", "none = [0]", "last_year = 2023")
    cover = ("valid_on = 2000-12-31", f"natural = {[*range(30, 256)]}", f"not_natural = {[*range(30)]}")
    if "treecover" in name:
        layer = entry("loss", "forest baseline", *cover, "nodata = []")
    else:
        layer = entry("loss", "change", *year, 'earliest = "01-01 of the year"', "nodata = []")
    catalogue = load_catalogue(catalogue_file(tmp_path, layer))
    with rasterio.open(path) as raster:
        shapes = plots(tuple(raster.bounds), raster.transform.a, 120, len(name))
        columns = raster.width
    # Plots are given in the plane of the raster, so that nothing but the coverage is compared.
    monkeypatch.setattr(Reference, "shapes", lambda _, shapes, __: shapes)
    monkeypatch.setattr(Reference, "extent", lambda *_: (-1e9, -1e9, 1e9, 1e9))

    ours, hectares = weighed(catalogue, shapes)
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)} for shape in shapes
    ]
    theirs = exact_extract(str(path), JSONFeatureSource(features), ["values", "coverage", "cell_id"])

    for found, feature in zip(ours, theirs, strict=True):
        said = feature["properties"]
        row, column = np.divmod(said["cell_id"].astype(np.int64), columns)
        weights = np.asarray(said["coverage"]) * hectares[row, column]
        values = np.asarray(said["values"]).astype(np.int64)
        for value in set(values.tolist()) | set(found):
            assert abs(found.get(value, 0.0) - weights[values == value].sum()) < 1e-6


def weighed(catalogue: Catalogue, shapes: list[shapely.Geometry]) -> tuple[list[dict[int, float]], np.ndarray]:
    """Hectares per plot and value; and hectares per cell."""
    overlayer = Overlayer(catalogue)
    [lattice] = lattices(catalogue.layers)
    reference = overlayer.references[lattice.crs]
    found: list[dict[int, float]] = [{} for _ in shapes]
    binaries = shapely.to_wkb(shapes, byte_order=1, output_dimension=2).tolist()
    for each in overlayer.weigh(pack(binaries), np.zeros(len(shapes)), None):
        for plot, code, cm2 in each.frame.iter_rows():
            value = overlayer.classes[0].values[int(each.classes[code][0])]
            assert value is not None
            found[plot][value] = found[plot].get(value, 0.0) + cm2 / 1e8
    tile = lattice.tiles[0].tile
    areas = np.zeros((tile.rows, tile.columns))
    for row in range(0, tile.rows, BLOCK):
        for column in range(0, tile.columns, BLOCK):
            size = min(BLOCK, tile.rows - row), min(BLOCK, tile.columns - column)
            left, tilt = reference.cells_cm2(lattice, Block(row, column, *size, lattice.tiles))
            across = 1 + tilt[:, None] * (np.arange(size[1]) + 0.5)
            areas[row : row + size[0], column : column + size[1]] = left[:, None] * across / 1e8
    return found, areas
