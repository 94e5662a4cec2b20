"""An invented landscape: what stood on each cell in 2020, what changed since, and what is there now.

Two families saw the changes (one by year, one by day), as the criteria's reading asks for before a change
is taken as proved. Everything lies on one grid, so that a reader can check a plot by hand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import rasterio  # pyright: ignore[reportMissingTypeStubs]
from rasterio.transform import Affine  # pyright: ignore[reportMissingTypeStubs]

from landproof.demo.places import CELL, SIZE, SLOT, Slot, Window

CUT_OFF = date(2020, 12, 31)
CROPLAND, TREES, GRASS, BUILT, WATER = 40, 10, 30, 50, 80
SEAM = 248  # the column between the two tiles of a window; fields of one column of slots lie across it
_NO_DATA = {"uint8": 255, "uint16": 65535}

Grid = npt.NDArray[Any]


@dataclass
class Land:
    """The layers of one window, all on its grid."""

    window: Window
    forest: Grid = field(default_factory=lambda: np.ones((SIZE, SIZE), np.uint8))
    natural: Grid = field(default_factory=lambda: np.ones((SIZE, SIZE), np.uint8))  # forest included
    loss_year: Grid = field(default_factory=lambda: np.zeros((SIZE, SIZE), np.uint8))
    loss_day: Grid = field(default_factory=lambda: np.zeros((SIZE, SIZE), np.uint16))
    use: Grid = field(default_factory=lambda: np.full((SIZE, SIZE), TREES, np.uint8))
    peat: Grid = field(default_factory=lambda: np.zeros((SIZE, SIZE), np.uint8))


LAYERS_FOLDER = "layers"
LAYERS: Mapping[str, str] = {
    "forest": "forest_2020",
    "natural": "natural_2020",
    "loss_year": "loss_by_year",
    "loss_day": "loss_by_day",
    "use": "land_use_2025",
    "peat": "peat",
}


def paint(random: Random, window: Window, farmed: Iterable[tuple[Slot, int, int]]) -> Land:
    """The land of a window. ``farmed``: slots, the year in which each was cleared (0: long ago), and its use."""
    land = Land(window)
    if window.savanna:  # bands of natural grassland between bands of forest
        for top in range(0, SIZE, 4 * SLOT):
            band = slice(top, top + SLOT)
            land.forest[band], land.natural[band], land.use[band] = 0, 1, GRASS
    river = slice(SIZE - SLOT, SIZE - SLOT + 6)
    land.forest[river], land.natural[river], land.use[river] = 0, 0, WATER
    if window.peat:
        land.peat[SIZE - 6 * SLOT :] = 1
    taken: set[tuple[int, int]] = set()
    for slot, year, use in farmed:
        taken.add((slot.row, slot.column))
        rows, columns = whole_slot(slot)
        land.forest[rows, columns], land.natural[rows, columns] = 0, 0
        land.use[rows, columns], land.loss_year[rows, columns] = use, year
    for row in range(1, SIZE // SLOT - 2):  # clearings of other people, away from every plot
        for column in range(1, SIZE // SLOT - 1):
            if (row, column) not in taken and random.randrange(12) == 0:
                clear(land, Slot(window.key, row, column), 3, year=random.randint(2004, 2024), day=None)
    return land


def whole_slot(slot: Slot) -> tuple[slice, slice]:
    """The cells of a slot."""
    return slice(slot.row * SLOT, (slot.row + 1) * SLOT), slice(slot.column * SLOT, (slot.column + 1) * SLOT)


def square(slot: Slot, reach: int) -> tuple[slice, slice]:
    """The cells up to ``reach`` from the middle of a slot."""
    row, column = slot.middle_cell
    return slice(row - reach, row + reach), slice(column - reach, column + reach)


def clear(land: Land, slot: Slot, reach: int, *, year: int, day: date | None, use: int = CROPLAND) -> None:
    """Forest of 2020 in a square, cleared in ``year`` and seen on ``day`` by the other family, if at all."""
    rows, columns = square(slot, reach)
    land.forest[rows, columns] = 1 if year > CUT_OFF.year else 0
    land.natural[rows, columns] = land.forest[rows, columns]
    land.loss_year[rows, columns] = year - 2000
    land.loss_day[rows, columns] = (day - CUT_OFF).days if day else 0
    land.use[rows, columns] = use


def write_landscape(folder: Path, lands: Sequence[Land]) -> None:
    """GeoTIFF tiles, two for each window and layer, and ``layers.toml``."""
    for land in lands:
        for name, file in LAYERS.items():
            grid: Grid = getattr(land, name)
            for tile, columns in (("west", slice(0, SEAM)), ("east", slice(SEAM, SIZE))):
                path = folder / LAYERS_FOLDER / file / f"{land.window.key}-{tile}.tif"
                path.parent.mkdir(parents=True, exist_ok=True)
                _write_tile(path, grid[:, columns], land.window, columns.start)
    (folder / "layers.toml").write_text(_CATALOGUE, encoding="utf-8", newline="\n")


def _write_tile(path: Path, grid: Grid, window: Window, first_column: int) -> None:
    corner = Affine(CELL, 0, window.west + first_column * CELL, 0, -CELL, window.north)
    kind = str(grid.dtype)
    with cast(Any, rasterio).open(
        path, "w", driver="GTiff", height=grid.shape[0], width=grid.shape[1], count=1, dtype=kind, crs="EPSG:4326",
        transform=corner, nodata=_NO_DATA[kind], compress="deflate", predictor=2, zlevel=9,
    ) as target:  # fmt: skip
        target.write(grid, 1)


_CATALOGUE = """# Invented landscape of the demonstration. Nothing here describes real land. 虚构景观，仅供演示。
[[layer]]
id = "forest_2020"
role = "forest baseline"
title = "Forest on 31 December 2020 (invented)"
producer = "landproof demonstration"
version = "1"
licence = "CC0-1.0"
files = ["layers/forest_2020/*.tif"]
valid_on = 2020-12-31
natural = [1]
not_natural = [0]

[[layer]]
id = "natural_2020"
role = "natural baseline"
title = "Natural ecosystems on 31 December 2020, forest included (invented)"
producer = "landproof demonstration"
version = "1"
licence = "CC0-1.0"
files = ["layers/natural_2020/*.tif"]
valid_on = 2020-12-31
natural = [1]
not_natural = [0]

[[layer]]
id = "loss_by_year"
role = "change"
title = "Loss of tree cover by year, 2001 to 2025 (invented)"
producer = "landproof demonstration"
version = "1"
licence = "CC0-1.0"
family = "landsat_auto"
files = ["layers/loss_by_year/*.tif"]
encoding = "year"
base_year = 2000
none = [0]
last_year = 2025
earliest = "10-01 of the year before"
accuracy = [{ of = "change", producers = 0.97, units = 600, source = "invented" }]

[[layer]]
id = "loss_by_day"
role = "change"
title = "Loss of vegetation by day, 2021 to 2026 (invented)"
producer = "landproof demonstration"
version = "1"
licence = "CC0-1.0"
family = "s2_auto"
files = ["layers/loss_by_day/*.tif"]
encoding = "days"
epoch = 2020-12-31
none = [0]
uncertainty_days = 30
published = 2026-11-01
accuracy = [{ of = "change", producers = 0.97, units = 600, source = "invented" }]

[[layer]]
id = "land_use_2025"
role = "land use after"
title = "Land use at the end of 2025 (invented)"
producer = "landproof demonstration"
version = "1"
licence = "CC0-1.0"
files = ["layers/land_use_2025/*.tif"]
valid_on = 2025-12-31
agriculture = [40]
other = [10, 20, 30, 50, 80]

[[layer]]
id = "peat"
role = "peat"
title = "Peat (invented)"
producer = "landproof demonstration"
version = "1"
licence = "CC0-1.0"
files = ["layers/peat/*.tif"]
peat = [1]
"""
