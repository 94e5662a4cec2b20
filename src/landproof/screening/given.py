"""The plots as screening looks at them: one row per plot in order of their ids, and what was found of each."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs]
import shapely

from landproof.domain.digest import sorted_rows
from landproof.domain.tables import conform
from landproof.land.ellipsoid import is_too_wide
from landproof.land.kernel.area import areas_m2
from landproof.land.kernel.figures import FIRST_X, FIRST_Y, figures
from landproof.land.kernel.validity import Validity, validity
from landproof.land.kernel.verdicts import VALID
from landproof.land.kernel.wkb import BROKEN, MULTI_POINT, MULTI_POLYGON, POINT, POLYGON, Shapes, pack, shapes_of
from landproof.screening.reasons import CHECKS, REASONS
from landproof.screening.tables import ALL, CHECK_COUNTS, PLOT_CHECKS

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Values = Callable[[int], Mapping[str, object]]

_pa = cast(Any, pa)
_shapely = cast(Any, shapely)
_HALF_WAY_ROUND = 180.0  # degrees
_ORDER = {"pass": 0, "warn": 1, "fail": 2}


class Given:
    """Plots (contract `PLOTS`) with the figures of their shapes, each worked out once, when it is asked for."""

    def __init__(self, plots: pl.DataFrame) -> None:
        self.plots = plots.sort("plot")
        self.shapes = read_shapes(self.plots["geometry"])

    @property
    def n(self) -> int:
        """How many there are."""
        return self.plots.height

    @cached_property
    def outline(self) -> Mask:
        """Polygons and multipolygons that can be read."""
        return np.isin(self.shapes.kinds, (POLYGON, MULTI_POLYGON))

    @cached_property
    def point(self) -> Mask:
        """Points, one or several."""
        return np.isin(self.shapes.kinds, (POINT, MULTI_POINT))

    @cached_property
    def validity(self) -> Validity:
        """The verdict on each outline as sent."""
        return validity(self.shapes)

    @cached_property
    def figures(self) -> Floats:
        """See `landproof.land.kernel.figures`."""
        return figures(self.shapes)

    @cached_property
    def in_degrees(self) -> Mask:
        """Whether all positions are possible longitudes and latitudes."""
        west, south, east, north = self.shapes.bounds.T
        return (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)

    @cached_property
    def wide(self) -> Mask:
        """What spans more than 180 degrees, unless it was cut at the date line."""
        found = self.in_degrees & (self.shapes.bounds[:, 2] - self.shapes.bounds[:, 0] > _HALF_WAY_ROUND)
        binaries = self.plots["geometry"]
        for n in np.flatnonzero(found & (self.outline | self.point)).tolist():
            shape = _shapely.from_wkb(binaries[n], on_invalid="ignore")
            found[n] = shape is None or is_too_wide(shape)
        return found

    @cached_property
    def usable(self) -> Mask:
        """Valid outlines and points, in degrees and not too wide."""
        good = np.where(self.outline, self.validity.kinds == VALID, self.point)
        return good.astype(np.bool_) & self.in_degrees & ~self.wide

    @cached_property
    def areas(self) -> Floats:
        """Square metres on the ellipsoid; nan where no outline encloses land for certain."""
        found = np.full(self.n, np.nan)
        sound = self.outline & self.usable
        found[sound] = areas_m2(self.shapes)[sound]
        return found

    def floats(self, column: str) -> Floats:
        """A column of numbers; nan where empty."""
        return self.plots[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()

    def texts(self, column: str) -> list[str | None]:
        """A column of words."""
        return self.plots[column].to_list()

    def first(self, axis: int) -> Floats:
        """Longitude (0) or latitude (1) of the first position."""
        return self.figures[:, FIRST_X if axis == 0 else FIRST_Y]


def read_shapes(column: pl.Series) -> Shapes:
    """Shapes of a column of binary; null is nothing. What is big-endian is turned, as far as it can be read."""
    array: Any = cast(Any, column.fill_null(b"").to_arrow()).cast(_pa.large_binary())
    _, places, content = array.buffers()
    offsets = np.frombuffer(places, np.int64)[array.offset : array.offset + len(array) + 1]
    data = np.frombuffer(content, np.uint8) if content is not None and content.size else np.zeros(0, np.uint8)
    shapes = shapes_of(data, offsets.copy())
    broken = np.flatnonzero(shapes.kinds == BROKEN)
    turned = {int(n): binary for n in broken if (binary := _turned(column[int(n)])) is not None}
    if not turned:
        return shapes
    return pack([turned.get(n, binary) for n, binary in enumerate(shapes.binaries())])


def _turned(binary: bytes) -> bytes | None:
    if binary[:1] != b"\x00":
        return None
    try:
        return _shapely.to_wkb(_shapely.from_wkb(binary, on_invalid="ignore"), byte_order=1)
    except shapely.errors.ShapelyError:
        return None


@dataclass(slots=True)
class Findings:
    """Collects what checks find, and which plots they could not look at."""

    given: Given
    frames: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])
    results: dict[str, npt.NDArray[np.uint8]] = field(default_factory=dict[str, npt.NDArray[np.uint8]])
    unseen: dict[str, Mask] = field(default_factory=dict[str, Mask])

    def add(
        self, where: Mask, result: str, reason: str, values: Values | None = None, *, place: bool = True,
        longitude: Floats | None = None, latitude: Floats | None = None, ring: Any = None, corner: Any = None,
    ) -> None:  # fmt: skip
        """Note ``reason`` for the plots ``where``; ``values`` gives what fills its sentence, by row.

        Without ``longitude`` and ``latitude`` (all n rows each) the place is the first position of the plot, or
        none at all if ``place`` is false. ``ring`` and ``corner`` count from 0; below 0: unknown.
        """
        known = REASONS[reason]
        seen = self.results.setdefault(known.check, np.zeros(self.given.n, np.uint8))
        rows = np.flatnonzero(where)
        seen[rows] = np.maximum(seen[rows], _ORDER[result])
        if not len(rows):
            return
        x = (self.given.first(0) if longitude is None else longitude)[rows]
        y = (self.given.first(1) if latitude is None else latitude)[rows]
        told = np.isfinite(x) & np.isfinite(y) & (np.abs(x) < 1e12) & (np.abs(y) < 1e12) & place
        self.frames.append(
            pl.DataFrame({
                "plot": self.given.plots["plot"].gather(rows),
                "check": pl.Series([known.check] * len(rows), dtype=pl.String),
                "result": pl.Series([result] * len(rows), dtype=pl.String),
                "reason": pl.Series([reason] * len(rows), dtype=pl.String),
                "values": ["{}"] * len(rows) if values is None else [_written(values(int(row))) for row in rows],
                "longitude": _rounded(x, told),
                "latitude": _rounded(y, told),
                "ring": _counted(ring, rows),
                "corner": _counted(corner, rows),
                "remedy": pl.Series([known.remedy] * len(rows), dtype=pl.String),
            })
        )  # fmt: skip

    def not_checked(self, check: str, where: Mask) -> None:
        """The check could not look at these plots."""
        self.unseen[check] = self.unseen.get(check, np.zeros(self.given.n, np.bool_)) | where

    def table(self) -> pl.DataFrame:
        """`PLOT_CHECKS`: all findings, and a row that says so for each plot without any."""
        noted = pl.concat([PLOT_CHECKS.empty(), *(conform(frame, PLOT_CHECKS) for frame in self.frames)])
        quiet = self.given.plots.select("plot").join(noted.select("plot").unique(), on="plot", how="anti")
        silent = quiet.select(
            "plot", check=pl.lit(ALL), result=pl.lit("pass"), reason=pl.lit("no-finding"), values=pl.lit("{}")
        )
        return sorted_rows(pl.concat([noted, conform(silent, PLOT_CHECKS)]), PLOT_CHECKS)

    def counts(self) -> pl.DataFrame:
        """`CHECK_COUNTS`: every check, also those that had nothing to look at."""
        rows: list[tuple[str, int, int, int, int]] = []
        for check in CHECKS:
            seen = self.results.get(check, np.zeros(self.given.n, np.uint8))
            unseen = self.unseen.get(check, np.zeros(self.given.n, np.bool_)) & (seen == 0)
            warned, failed, skipped = int((seen == 1).sum()), int((seen == 2).sum()), int(unseen.sum())
            rows.append((check, self.given.n - warned - failed - skipped, warned, failed, skipped))
        frame = pl.DataFrame(rows, schema=CHECK_COUNTS.schema, orient="row")
        return sorted_rows(frame, CHECK_COUNTS)


def _written(values: Mapping[str, object]) -> str:
    return json.dumps({name: str(value) for name, value in values.items()}, ensure_ascii=False, sort_keys=True)


def _rounded(numbers: Floats, told: Mask) -> pl.Series:
    whole = np.where(told, np.rint(np.where(told, numbers, 0) * 1e6), 0).astype(np.int64)
    frame = pl.DataFrame({"whole": whole, "told": told})
    millionth = pl.lit("0.000001").cast(pl.Decimal(38, 6))
    return frame.select(pl.when("told").then(pl.col("whole").cast(pl.Decimal(38, 6)) * millionth)).to_series()


def _counted(numbers: Any, rows: npt.NDArray[np.int64]) -> pl.Series:
    if numbers is None:
        return pl.Series([None] * len(rows), dtype=pl.Int64)
    found = np.asarray(numbers)[rows].astype(np.int64)
    return pl.DataFrame({"n": found}).select(pl.when(pl.col("n") >= 0).then(pl.col("n") + 1)).to_series()
