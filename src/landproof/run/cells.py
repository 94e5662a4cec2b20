"""Divides plots into cell files: those of one square degree together, and never too many in one file.

Memory does not grow with the number of plots. The same plots give the same files in whatever order they come.
"""

import json
import math
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely as _untyped

from landproof.casefile import durable
from landproof.domain.digest import table_digest
from landproof.domain.facts.land import PLOTS
from landproof.domain.tables import Table
from landproof.land.ellipsoid import DISC_HECTARES
from landproof.layers.boxes import grown
from landproof.layers.grids import Box
from landproof.run.lands import geometries_of
from landproof.run.spool import GROUP, RUN_BYTES, Group, Spool, size_of

shapely = cast(Any, _untyped)
Floats = npt.NDArray[np.float64]

CELL_PLOTS = Table(
    "cell", PLOTS.title, PLOTS.key, tuple(PLOTS[name] for name in ("plot", "area_ha", "located_by", "geometry"))
)
NOWHERE: Final = "nowhere"  # the cell of plots without a usable geometry
_SOURCE_ROW: Final = "source_row"
_WEST, _SOUTH = "_west", "_south"
_IDS_KEPT = 16  # of each part, to cut all ids into ranges of about the same size
_WIDE = 180.0  # degrees: an outline across the antimeridian, whose parts are looked at one by one
_DISC_SLACK = 1.05


@dataclass(frozen=True, slots=True)
class Limits:
    """What a cell file holds at most, unless a single plot is larger."""

    plots: int = 50_000
    size: int = 64 << 20  # bytes in memory
    run: int = RUN_BYTES


@dataclass(frozen=True, slots=True)
class Part:
    """A cell file: all plots of ``cell``, or some of them where it has too many.

    ``digest`` is that of its table; ``hulls`` are boxes that together hold the land of all its plots; ``ids`` some
    of the plots' ids in order, evenly spaced from one of the first on.
    """

    file: str
    cell: str
    plots: int
    size: int
    digest: str
    hulls: tuple[Box, ...]
    ids: tuple[str, ...]


def divide(
    batches: Iterable[pl.DataFrame], folder: Path, limits: Limits | None = None
) -> tuple[list[Part], pl.DataFrame]:
    """Write the plots of ``batches`` (columns of `CELL_PLOTS`, and source_row) as cell files to ``folder``.

    A plot comes at most once in a batch. Where it comes again in a later one, the row with the lowest source_row
    is taken; the second result has plot and source_row of all others. Raises `Unwritable`.
    """
    limits = limits or Limits()
    scratch = folder / "scratch"
    cells = Spool(scratch / "cells", run_bytes=limits.run)
    doubles = Doubles(scratch / "ids", limits.run)
    for batch in batches:
        placed = _placed(batch)
        doubles.add(placed)
        cells.add(placed.with_columns(_cell_code().alias(GROUP)))
    dropped = doubles.found()
    parts: list[Part] = []
    for group in cells.groups():
        name = _cell_name(group.key)
        number = 0
        for frame in _divided(group, scratch, limits):
            kept = _without(frame, dropped)
            if kept.height:
                parts.append(_write(kept, name, folder / f"{name}-{number:05d}.parquet"))
                number += 1
    return parts, dropped


class Doubles:
    """Finds plots that come twice, whatever batches they are in."""

    def __init__(self, folder: Path, run_bytes: int) -> None:
        self._spool = Spool(folder, run_bytes=run_bytes)
        self._batches = 0

    def add(self, batch: pl.DataFrame) -> None:
        """Take a batch, in which a plot comes at most once."""
        self._batches += 1
        ids = batch.select("plot", _SOURCE_ROW, (pl.col("plot").hash(0) % 64).cast(pl.Int64).alias(GROUP))
        self._spool.add(ids)

    def found(self) -> pl.DataFrame:
        """Plot and source_row of all rows but the first of each plot."""
        none = pl.DataFrame(schema={"plot": pl.String, _SOURCE_ROW: pl.Int64})
        if self._batches < 2:
            self._spool.close()
            return none
        later = [
            group.frame()
            .filter(pl.col("plot").is_duplicated())
            .filter(pl.col(_SOURCE_ROW) > pl.col(_SOURCE_ROW).min().over("plot"))
            for group in self._spool.groups()
        ]
        return pl.concat([none, *later]).sort(_SOURCE_ROW)


def read_part(folder: Path, part: Part) -> pl.DataFrame:
    """The plots of a cell file, in order. Raises `OSError`, or `polars.exceptions.PolarsError`."""
    return pl.read_parquet(folder / part.file)


def save_parts(path: Path, parts: Iterable[Part]) -> None:
    """Write what is in which cell file."""
    durable.write_bytes(path, json.dumps([asdict(part) for part in parts], ensure_ascii=False).encode())


def load_parts(path: Path) -> list[Part]:
    """What `save_parts` wrote. Raises `OSError` or `ValueError`."""
    listed: Any = json.loads(path.read_text(encoding="utf-8"))
    return [
        Part(**(each | {"hulls": tuple((w, s, e, n) for w, s, e, n in each["hulls"]), "ids": tuple(each["ids"])}))
        for each in listed
    ]


def hulls_of(plots: pl.DataFrame) -> tuple[Box, ...]:
    """A few boxes that hold the land of ``plots``, those of points as large as their discs."""
    found = geometries_of(plots)
    bounds: Floats = shapely.bounds(found)
    areas = plots["area_ha"].cast(pl.Float64).fill_null(float(DISC_HECTARES)).to_numpy()
    points = np.isin(shapely.get_type_id(found), (0, 4))
    radii = np.where(points, np.sqrt(np.maximum(areas, 0) * 10_000 / math.pi) * _DISC_SLACK, 0)
    wide = bounds[:, 2] - bounds[:, 0] > _WIDE
    parts, owners = shapely.get_parts(found[wide], return_index=True)
    _, boxes = grown(
        np.vstack([bounds[~wide], shapely.bounds(parts)]), np.concatenate([radii[~wide], radii[wide][owners]])
    )
    frame = pl.DataFrame(boxes, schema=["west", "south", "east", "north"])
    together = frame.group_by(pl.col("west").floor().alias("w"), pl.col("south").floor().alias("s")).agg(
        pl.col("west").min(), pl.col("south").min(), pl.col("east").max(), pl.col("north").max()
    )
    return tuple(together.sort("w", "s").select("west", "south", "east", "north").rows())


def _placed(batch: pl.DataFrame) -> pl.DataFrame:
    """The columns needed, with the south-west corner of each plot; null where there is no geometry."""
    bounds: Floats = shapely.bounds(geometries_of(batch))
    with np.errstate(invalid="ignore"):
        on_earth = (bounds >= [-180, -90, -180, -90]) & (bounds <= [180, 90, 180, 90])
    corners = np.where(np.all(on_earth, axis=1, keepdims=True), bounds[:, :2], np.nan)
    return batch.select(
        *(pl.col(column.name).cast(column.dtype) for column in CELL_PLOTS),
        pl.col(_SOURCE_ROW).cast(pl.Int64),
        pl.Series(_WEST, corners[:, 0]).fill_nan(None),
        pl.Series(_SOUTH, corners[:, 1]).fill_nan(None),
    )


def _code(per_degree: int) -> pl.Expr:
    """A number for the square of 1/``per_degree`` degrees that the south-west corner is in; -1 for none."""
    row, column = (
        ((pl.col(name) + offset) * per_degree).floor().cast(pl.Int64)
        for name, offset in ((_SOUTH, 90), (_WEST, 180))
    )
    return (row * (361 * per_degree) + column).fill_null(-1)


def _cell_code() -> pl.Expr:
    return _code(1)


def _cell_name(code: int) -> str:
    if code < 0:
        return NOWHERE
    south, west = code // 361 - 90, code % 361 - 180
    return f"{'ns'[south < 0]}{abs(south):02d}{'ew'[west < 0]}{abs(west):03d}"


def _divided(group: Group, scratch: Path, limits: Limits, level: int = 0) -> Iterator[pl.DataFrame]:
    """The rows of ``group`` in frames within the limits: by squares of eighths of a degree, of 64ths, by id."""
    if _fits(group.rows, group.size, limits) or level == len(_LEVELS):
        yield group.frame()
        return
    count = math.ceil(max(group.rows / limits.plots, group.size / limits.size))
    spool = Spool(scratch / f"level-{level}", run_bytes=limits.run)
    for frame in group.frames():
        spool.add(_LEVELS[level](frame, count))
    rows, size = 0, 0
    pending: list[pl.DataFrame] = []
    for inner in spool.groups():
        if pending and not _fits(rows + inner.rows, size + inner.size, limits):
            yield pl.concat(pending)
            rows, size, pending = 0, 0, []
        if _fits(inner.rows, inner.size, limits):
            pending.append(inner.frame())
            rows, size = rows + inner.rows, size + inner.size
        else:
            yield from _divided(inner, scratch, limits, level + 1)
    if pending:
        yield pl.concat(pending)


def _fits(rows: int, size: int, limits: Limits) -> bool:
    return rows <= 1 or (rows <= limits.plots and size <= limits.size)


def _by_square(per_degree: int) -> Callable[[pl.DataFrame, int], pl.DataFrame]:
    def squares(frame: pl.DataFrame, count: int) -> pl.DataFrame:
        del count
        return frame.with_columns(_code(per_degree).alias(GROUP))

    return squares


def _by_id(frame: pl.DataFrame, count: int) -> pl.DataFrame:
    buckets = [zlib.crc32(plot.encode()) % count for plot in frame["plot"].to_list()]
    return frame.with_columns(pl.Series(GROUP, buckets, dtype=pl.Int64))


_LEVELS = (_by_square(8), _by_square(64), _by_id)


def _without(frame: pl.DataFrame, dropped: pl.DataFrame) -> pl.DataFrame:
    return frame if dropped.is_empty() else frame.join(dropped, on=["plot", _SOURCE_ROW], how="anti")


def _write(frame: pl.DataFrame, cell: str, path: Path) -> Part:
    plots = frame.select(column.name for column in CELL_PLOTS).sort("plot")
    durable.write_file(path, lambda temporary: plots.write_parquet(temporary, compression="lz4"))
    digest = table_digest(plots, CELL_PLOTS)
    step = -(-plots.height // _IDS_KEPT)
    # Not the same places in all parts: together they tell how all ids are spread, however many ranges are needed.
    first = int(digest[:8], 16) % step
    return Part(
        path.name,
        cell,
        plots.height,
        size_of(plots),
        digest,
        hulls_of(plots),
        tuple(plots["plot"].gather_every(step, first).to_list()),
    )
