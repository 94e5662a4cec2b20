"""Small rasters painted by hand, and catalogues of them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import rasterio
import shapely
from rasterio.transform import Affine

from landproof.domain.facts.land import PLOTS
from landproof.domain.tables import conform
from landproof.land.thresholds import Terms

CUT_OFF = date(2020, 12, 31)
TERMS = Terms(CUT_OFF)
CELL_M2 = 12_309  # 769.317 m2 of a 0.00025-degree cell at the equator, times 16
STEP = 0.001  # degrees: a cell is about 1.23 ha at the equator
WEST, NORTH = 10.0, 0.003


def paint(
    path: Path,
    rows: Sequence[Sequence[float]],
    *,
    west: float = WEST,
    north: float = NORTH,
    step: float = STEP,
    crs: str = "EPSG:4326",
    nodata: float | None = 255,
    dtype: str = "uint8",
) -> Path:
    """A raster whose first row is the northernmost."""
    cells = np.array(rows, dtype=dtype)
    with rasterio.open(
        path, "w", driver="GTiff", width=cells.shape[1], height=cells.shape[0], count=1, dtype=dtype, crs=crs,
        transform=Affine(step, 0, west, 0, -step, north), nodata=nodata,
    ) as raster:  # fmt: skip
        raster.write(cells, 1)
    return path


def entry(layer: str, role: str, *lines: str, files: Sequence[str] | None = None) -> str:
    """One entry of layers.toml."""
    names = ", ".join(f'"{name}"' for name in (files or [f"{layer}.tif"]))
    head = [f'id = "{layer}"', f'role = "{role}"', 'title = "Painted"', 'producer = "Nobody"', 'version = "1"']
    return "\n".join(["[[layer]]", *head, 'licence = "CC0-1.0"', f"files = [{names}]", *lines, ""])


MEASURED = 'accuracy = [{ of = "change", producers = 0.97, units = 600, source = "painted" }]'
FOREST = entry("forest", "forest baseline", "valid_on = 2020-12-31", "natural = [1]", "not_natural = [0]")
NATURAL = entry("natural", "natural baseline", "valid_on = 2020-12-31", "natural = [1]", "not_natural = [0]")
LOSS = entry(
    "loss", "change", 'family = "landsat_auto"', 'encoding = "year"', "base_year = 2000", "none = [0]",
    "last_year = 2025", 'earliest = "10-01 of the year before"', MEASURED,
)  # fmt: skip
ALERTS = entry(
    "alerts", "change", 'family = "s2_auto"', 'encoding = "days"', "epoch = 2020-12-31", "none = [0]",
    "uncertainty_days = 30", MEASURED,
)  # fmt: skip
USE = entry("use", "land use after", "agriculture = [40]", "other = [10]", "other_use = [50]", "no_use = [20]")
OWN_FOREST = FOREST
ALL = FOREST + NATURAL + LOSS + ALERTS + USE


def catalogue_file(folder: Path, content: str = ALL) -> Path:
    path = folder / "layers.toml"
    path.write_text(content, encoding="utf-8")
    return path


def plots(**geometries: shapely.Geometry | None) -> pl.DataFrame:
    """A table of plots with these geometries."""
    frame = pl.DataFrame(
        {
            "plot": list(geometries),
            "geometry": [None if each is None else shapely.to_wkb(each) for each in geometries.values()],
        },
        schema={"plot": pl.String, "geometry": pl.Binary},
    )
    return conform(frame, PLOTS)


def cell(row: int, column: int, *, rows: int = 1, columns: int = 1) -> shapely.Polygon:
    """The outline of cells of a painted raster, counted from its north-west corner."""
    west, north = WEST + column * STEP, NORTH - row * STEP
    return shapely.box(west, north - rows * STEP, west + columns * STEP, north)
