"""Painted landscapes: invented land whose truth is known, and what imperfect maps say of it.

Everything is drawn from a seed. Errors come in patches, as they do in real maps: a family of change layers sees a
clearing or does not see it, whole; a baseline errs over a hectare, not over a cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.features import sieve
from rasterio.transform import Affine

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Cells = npt.NDArray[Any]
Random = np.random.Generator

CUT_OFF = date(2020, 12, 31)
EPOCH = date(2014, 12, 31)  # of the days in painted alerts
WEST, NORTH = 20.0, 0.5
STEP = 9e-5  # degrees: cells of 10 m
CELL_M2 = 100.2  # at the equator; only to turn sizes into cells
BLOCK = 3  # cells of a Landsat pixel

# Sizes of clearings in hectares, and the share of each class (conversion-verdict 6).
SIZE_CLASSES = ((0.05, 0.5), (0.5, 2.0), (2.0, 20.0))
SIZE_SHARES = (0.30, 0.35, 0.35)
INVENTED = ((0.05, 0.5),)  # sizes of what is no change at all
AFTER = (2021, 2025)
Classes: TypeAlias = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """How a landscape is made up; densities per square kilometre. ``cells`` is the length of its side."""

    name: str
    forest: float
    grass: float
    clearings: float
    cells: int = 1_600
    old_clearings: float = 1.0
    groves: float = 2.0


@dataclass(frozen=True, slots=True)
class Family:
    """What a family of change layers misses by size class, invents per square kilometre, and when it sees.

    ``harvests``: the share of harvests of planted trees and crops that it shows as change. ``like`` names a family
    whose clouds it shares: half of its misses are that family's, too. ``delay_days``: the longest time until it
    sees a clearing; null for a yearly product. ``since``: its first day.
    """

    name: str
    miss: tuple[float, float, float]
    invents: float
    harvests: float
    since: date
    delay_days: int | None = None
    coarse: bool = False
    like: str | None = None


FRONTIER = Origin("high risk", forest=0.45, grass=0.15, clearings=1.5)
SETTLED = Origin("low risk", forest=0.15, grass=0.10, clearings=0.15)
ORIGINS = (FRONTIER, SETTLED)
# Misses: illustrations between the measured ones (conversion-verdict 4, 5.6 and 6), not figures of any product.
FAMILIES = (
    Family("landsat_auto", (0.80, 0.25, 0.10), 0.05, 0.05, date(2001, 1, 1), coarse=True),
    Family("hls_auto", (0.60, 0.15, 0.08), 0.20, 0.50, date(2021, 1, 1), 30, coarse=True, like="landsat_auto"),
    Family("s1_auto", (0.45, 0.10, 0.05), 0.02, 0.05, date(2020, 1, 1), 40),
    Family("s2_auto", (0.20, 0.05, 0.03), 0.05, 0.05, date(2019, 1, 1), 60),
)
# A yearly product lists a loss under its year, the next, the one before, or two years on.
_YEAR_OFF = (0, 1, -1, 2)
_YEAR_SHARES = (0.75, 0.18, 0.04, 0.03)
_FOREST_WRONG, _NATURAL_WRONG, _USE_UNSEEN = 0.03, 0.05, 0.30
_LAST_DAY = date(2025, 6, 30)
_FOREST_CELLS = 50  # half a hectare: less is a grove


@dataclass(frozen=True, slots=True)
class Patches:
    """``number`` of the patch that each cell lies in (0: none); ``day`` and ``hectares`` of each patch."""

    number: npt.NDArray[np.int32]
    day: list[date]
    hectares: list[float]


@dataclass(frozen=True, slots=True)
class Painted:
    """Rasters by name. ``truth`` is 1 where natural land was converted after the cut-off, else 0."""

    origin: Origin
    truth: Cells
    forest: Cells
    natural: Cells
    use: Cells
    before: Cells
    changes: Mapping[str, Cells]


def paint(origin: Origin, seed: int) -> Painted:
    """The landscape of an origin, and its maps."""
    rng = np.random.default_rng((seed, origin.cells))
    side = origin.cells
    km2 = side * side * CELL_M2 / 1e6
    height = noise(rng, side)
    forest = sieve(
        (height >= np.quantile(height, 1 - origin.forest)).astype(np.uint8), _FOREST_CELLS, connectivity=8
    )
    forest = forest == 1
    wet = np.where(forest, -np.inf, noise(rng, side))
    grass = wet >= np.quantile(wet, 1 - origin.grass)
    old = scattered(rng, forest | grass, round(origin.old_clearings * km2), (2005, 2020), SIZE_CLASSES)
    forest, grass = forest & (old.number == 0), grass & (old.number == 0)
    groves = spots(rng, ~(forest | grass), round(origin.groves * km2), (0.05, 0.45))
    natural = forest | grass
    new = scattered(rng, natural, round(origin.clearings * km2), AFTER, SIZE_CLASSES)
    harvests = scattered(rng, ~natural, round(km2), AFTER, SIZE_CLASSES)
    return Painted(
        origin,
        truth=(new.number > 0).astype(np.uint8),
        forest=_mapped(rng, forest | (groves & (rng.random(groves.shape) < 0.8)), _FOREST_WRONG),
        natural=_mapped(rng, natural, _NATURAL_WRONG),
        use=_use(rng, natural, new),
        before=(old.number > 0).astype(np.uint8),
        changes=dict(_changes(rng, [old, new], harvests, natural, km2)),
    )


def noise(rng: Random, side: int) -> Floats:
    """Smooth hills and valleys: three octaves of random values, each drawn out between its points."""
    total = np.zeros((side, side))
    for wave, weight in ((240, 1.0), (80, 0.5), (25, 0.2)):
        points = rng.random((side // wave + 2, side // wave + 2))
        place = np.arange(side) / wave
        whole = place.astype(int)
        part = place - whole
        part = part * part * (3 - 2 * part)
        rows = points[whole] * (1 - part)[:, None] + points[whole + 1] * part[:, None]
        total += weight * (rows[:, whole] * (1 - part) + rows[:, whole + 1] * part)
    return total


def blob(rng: Random, hectares: float) -> Mask:
    """A patch of about that size with a wavy outline, in a square of its own."""
    radius = np.sqrt(hectares * 10_000 / CELL_M2 / np.pi)
    half = int(np.ceil(radius * 1.6)) + 1
    rows, columns = np.mgrid[-half : half + 1, -half : half + 1]
    angle = np.arctan2(rows, columns)
    waves = [rng.uniform(0.0, 0.25) * np.cos(k * angle + rng.uniform(0, 2 * np.pi)) for k in (2, 3)]
    return np.hypot(rows, columns) <= np.maximum(radius * (1 + waves[0] + waves[1]), 0.6)


def stamp(shape: Mask, row: int, column: int, side: int) -> tuple[tuple[slice, slice], Mask]:
    """Where a patch with its middle there lies in a landscape of ``side`` cells, and what of it does."""
    half = shape.shape[0] // 2
    top, left = max(0, row - half), max(0, column - half)
    bottom, right = min(side, row + half + 1), min(side, column + half + 1)
    cut = shape[top - row + half : bottom - row + half, left - column + half : right - column + half]
    return (slice(top, bottom), slice(left, right)), cut


def _middles(rng: Random, where: Mask, count: int) -> list[tuple[int, int]]:
    places = np.flatnonzero(where)
    chosen = rng.choice(places, count) if len(places) else np.zeros(0, dtype=int)
    return [(int(place) // where.shape[1], int(place) % where.shape[1]) for place in chosen]


def _hectares(rng: Random, classes: Classes) -> float:
    place = rng.choice(len(classes), p=SIZE_SHARES) if classes == SIZE_CLASSES else rng.choice(len(classes))
    low, high = classes[place]
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def scattered(rng: Random, natural: Mask, count: int, years: tuple[int, int], classes: Classes) -> Patches:
    """Patches of ``natural`` land, each changed on a day between the years; they do not overlap."""
    number = np.zeros(natural.shape, dtype=np.int32)
    first, last = date(years[0], 1, 1), min(date(years[1], 12, 31), _LAST_DAY)
    days, hectares = [first], [0.0]  # of no patch
    for row, column in _middles(rng, natural, count):
        there, shape = stamp(blob(rng, _hectares(rng, classes)), row, column, len(natural))
        cells = shape & natural[there] & (number[there] == 0)
        number[there][cells] = len(days)
        hectares.append(float(cells.sum()) * CELL_M2 / 10_000)
        days.append(first + timedelta(days=int(rng.integers((last - first).days + 1))))
    return Patches(number, days, hectares)


def spots(rng: Random, where: Mask, count: int, hectares: tuple[float, float]) -> Mask:
    """Patches between two sizes, clipped to ``where``."""
    found = np.zeros(where.shape, dtype=np.bool_)
    for row, column in _middles(rng, where, count):
        size = float(np.exp(rng.uniform(*np.log(hectares))))
        there, shape = stamp(blob(rng, size), row, column, len(where))
        found[there] |= shape & where[there]
    return found


def _mapped(rng: Random, land: Mask, wrong: float) -> Cells:
    """A baseline that errs, patch by patch of 0.1 to 3 ha, on about that share of either side."""
    mapped = land.copy()
    for side in (land, ~land):
        patches = round(wrong * float(side.sum()) * CELL_M2 / 10_000 / 0.85)  # 0.85 ha: their mean size
        mapped ^= spots(rng, side, patches, (0.1, 3.0))
    return mapped.astype(np.uint8)


def _use(rng: Random, natural: Mask, new: Patches) -> Cells:
    """1 farming, 2 the map cannot say: trees, grass and the clearings whose use it does not see."""
    seen = rng.random(len(new.day)) >= _USE_UNSEEN
    seen[0] = False
    return np.where(~natural | seen[new.number], 1, 2).astype(np.uint8)


def _changes(
    rng: Random, clearings: Sequence[Patches], harvests: Patches, natural: Mask, km2: float
) -> Iterator[tuple[str, Cells]]:
    """What each family shows: the clearings it sees, some harvests, and what it invents."""
    luck = {family.name: [rng.random(len(patches.day)) for patches in clearings] for family in FAMILIES}
    for family in FAMILIES:
        layer = np.zeros(natural.shape, dtype=np.uint16)
        for place, patches in enumerate(clearings):
            draws = luck[family.name][place]
            if family.like is not None:
                draws = np.where(rng.random(len(draws)) < 0.5, luck[family.like][place], draws)
            sizes = np.searchsorted([low for low, _ in SIZE_CLASSES[1:]], patches.hectares, side="right")
            _show(rng, layer, family, patches, draws >= np.array(family.miss)[sizes])
        _show(rng, layer, family, harvests, rng.random(len(harvests.day)) < family.harvests)
        invented = scattered(rng, natural & (layer == 0), round(family.invents * km2), AFTER, INVENTED)
        _show(rng, layer, family, invented, np.ones(len(invented.day), dtype=np.bool_))
        yield family.name, layer


def _show(rng: Random, layer: Cells, family: Family, patches: Patches, seen: Mask) -> None:
    """Paint the patches that the family sees, a cell off at most, on the day when it sees them."""
    for number, there in _boxes(patches.number).items():
        value = _value(rng, family, patches.day[number])
        rows, columns = (int(step) for step in rng.integers(-1, 2, 2))
        if seen[number] and value:
            part = np.roll(patches.number[there] == number, (rows, columns), (0, 1))
            window = layer[there]
            window[_pixels(rng, family, part)] = value


def _boxes(number: npt.NDArray[np.int32]) -> dict[int, tuple[slice, slice]]:
    """The window of each patch, with a margin, on the grid of Landsat blocks."""
    rows, columns = np.nonzero(number)
    labels = number[rows, columns]
    if not len(labels):
        return {}
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order], prepend=-1))
    boxes: dict[int, tuple[slice, slice]] = {}
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        own = order[start:end]
        ends = [(int(axis.min()), int(axis.max()) + 1) for axis in (rows[own], columns[own])]
        top, left = (
            slice(max(0, low - BLOCK) // BLOCK * BLOCK, (high // BLOCK + 2) * BLOCK) for low, high in ends
        )
        boxes[int(labels[own[0]])] = (top, left)
    return boxes


def _pixels(rng: Random, family: Family, land: Mask) -> Mask:
    """What of the land the family's pixels show: most cells of 10 m, or blocks of 30 m that are half full."""
    if not family.coarse:
        return land & (rng.random(land.shape) < 0.95)
    rows, columns = (-(-length // BLOCK) * BLOCK for length in land.shape)
    padded = np.zeros((rows, columns), dtype=np.bool_)
    padded[: land.shape[0], : land.shape[1]] = land
    blocks = padded.reshape(rows // BLOCK, BLOCK, columns // BLOCK, BLOCK).sum(axis=(1, 3)) * 2 >= BLOCK**2
    whole = np.repeat(np.repeat(blocks, BLOCK, axis=0), BLOCK, axis=1)
    return whole[: land.shape[0], : land.shape[1]]


def _value(rng: Random, family: Family, day: date) -> int:
    """What the layer holds for a change of that day; 0 where it was before the family's time."""
    if day < family.since:
        return 0
    if family.delay_days is None:
        return max(1, day.year - 2000 + int(rng.choice(_YEAR_OFF, p=_YEAR_SHARES)))
    return (day - EPOCH).days + int(rng.integers(family.delay_days + 1))


def write(painted: Painted, folder: Path) -> dict[str, Path]:
    """The rasters as GeoTIFFs."""
    layers = {
        "truth": painted.truth, "forest": painted.forest, "natural": painted.natural, "use": painted.use,
        "before": painted.before, **painted.changes,
    }  # fmt: skip
    paths: dict[str, Path] = {}
    for name, cells in layers.items():
        paths[name] = folder / f"{name}.tif"
        with rasterio.open(
            paths[name], "w", driver="GTiff", width=cells.shape[1], height=cells.shape[0], count=1,
            dtype=cells.dtype.name, crs="EPSG:4326", transform=Affine(STEP, 0, WEST, 0, -STEP, NORTH),
            compress="deflate", tiled=True, blockxsize=256, blockysize=256,
        ) as raster:  # fmt: skip
            raster.write(cells, 1)
    return paths
