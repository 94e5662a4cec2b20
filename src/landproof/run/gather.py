"""Brings the results of all cells into the order of their plots, without holding them in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import polars as pl

from landproof.domain.derived import PLOT_STATUS
from landproof.domain.tables import Table
from landproof.land.tables import AREAS
from landproof.run.cells import CELL_PLOTS, Part
from landproof.run.measuring import Run
from landproof.run.spool import GROUP, Spool

_PLOTS = 50_000  # of a range
_BYTES = 64 << 20
_RUN_BYTES = 64 << 20  # of each of three tables


@dataclass(frozen=True, slots=True)
class Range:
    """Plots whose ids follow each other, with geometry, verdicts and areas; each table in canonical order."""

    plots: pl.DataFrame
    plot_status: pl.DataFrame
    areas: pl.DataFrame


def gathered(run: Run, cells: Path, scratch: Path, *, most: int = _PLOTS) -> Iterator[Range]:
    """All plots in order of their ids, range by range; one without rows where there are none. Raises `OSError`."""
    parts = [part for part, _ in run.parts]
    limits = _limits(parts, most)
    tables = (CELL_PLOTS, PLOT_STATUS, AREAS)
    spools = [Spool(scratch / table.name, run_bytes=_RUN_BYTES) for table in tables]
    try:
        for part, receipt in run.parts:
            found = (
                pl.read_parquet(cells / part.file),
                run.results.status(receipt.key),
                run.results.areas(receipt.key),
            )
            for spool, frame in zip(spools, found, strict=True):
                for piece in _cut(frame, limits):
                    spool.add(piece)
        keys = [set(spool.keys()) for spool in spools]
        for number in sorted({number for there in keys for number in there}) or [0]:
            yield Range(
                *(
                    _in_order(spool.group(number).frame(), table) if number in there else table.empty()
                    for spool, table, there in zip(spools, tables, keys, strict=True)
                )
            )
    finally:
        for spool in spools:
            spool.close()


def _limits(parts: Sequence[Part], most: int) -> pl.Series:
    """Ids at which ranges of about the same number of plots begin."""
    plots = sum(part.plots for part in parts)
    ranges = max(ceil(plots / most), ceil(sum(part.size for part in parts) / _BYTES))
    ids = pl.DataFrame(
        [(name, part.plots / len(part.ids)) for part in parts for name in part.ids],
        schema={"id": pl.String, "stands_for": pl.Float64},
        orient="row",
    ).sort("id")
    step = plots / max(1, ranges)
    bucket = (pl.col("stands_for").cum_sum().shift(1, fill_value=0) / step).floor()
    firsts = ids.with_columns(bucket=bucket).group_by("bucket").agg(pl.col("id").min()).sort("id")
    return firsts["id"][1:]


def _cut(frame: pl.DataFrame, limits: pl.Series) -> Iterator[pl.DataFrame]:
    """``frame``, in order of plot, cut where ranges begin, with the number of the range as `GROUP`."""
    if frame.is_empty():
        return
    ends = frame["plot"].search_sorted(limits, side="left").to_list() if len(limits) else []
    start = 0
    for number, end in enumerate([*ends, frame.height]):
        if end > start:
            yield frame.slice(start, end - start).with_columns(pl.lit(number, dtype=pl.Int64).alias(GROUP))
        start = end


def _in_order(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    return frame.sort(table.key, maintain_order=True)
