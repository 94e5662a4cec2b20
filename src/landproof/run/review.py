"""What a run says otherwise than the one before it, and because of what."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from landproof.domain.tables import conform
from landproof.layers.ledger import CHANGES, JUDGED, Ledger, PartEntry, TileEntry, differing
from landproof.run.cells import CELL_PLOTS
from landproof.run.measuring import Run
from landproof.run.tasks import plots_within

_KEY = ["plot", "harm"]


@dataclass(frozen=True, slots=True)
class Review:
    """``changes`` (contract `CHANGES`), and ``judged`` (`JUDGED`): the plots judged in this run.

    The others were screened. ``compared``: whether there was a run before. Without one nothing changed, and all
    plots were judged.
    """

    compared: bool
    changes: pl.DataFrame
    judged: pl.DataFrame


def review(run: Run, cells: Path) -> Review:
    """Compare ``run`` with the one before, if there was one. ``cells`` holds all folders of cell files.

    Memory grows with the number of verdicts that changed, not with the number of plots. Raises `OSError`.
    """
    if run.before is None:
        return Review(False, CHANGES.empty(), JUDGED.empty())
    found = [_Cell(run, run.before, cell, cells).changes() for cell in _touched(run.before, run.ledger)]
    listed = pl.concat([CHANGES.empty(), *found])
    return Review(True, _moved(listed).sort(CHANGES.key), _judged(run))


def _touched(before: Ledger, after: Ledger) -> list[str]:
    """The cells that have another result than before."""
    return [
        cell
        for cell in sorted({*before.cells, *after.cells})
        if {part.key for part in _parts(before, cell)} != {part.key for part in _parts(after, cell)}
    ]


def _parts(ledger: Ledger, cell: str) -> Sequence[PartEntry]:
    return ledger.cells[cell].parts if cell in ledger.cells else ()


class _Cell:
    """One cell, before and after."""

    def __init__(self, run: Run, before: Ledger, cell: str, cells: Path) -> None:
        self._run = run
        self._before = before
        self._name = cell
        self._cells = cells

    def changes(self) -> pl.DataFrame:
        """The verdicts that differ, each with its cause."""
        before, after = self._verdicts(self._before), self._verdicts(self._run.ledger)
        both = before.join(after, on=_KEY, how="full", coalesce=True)
        differ = both.filter(pl.col("before").ne_missing(pl.col("after")))
        if differ.is_empty():
            return CHANGES.empty()
        causes = self._causes(differ["plot"].unique())
        return conform(differ.join(causes, on="plot", how="left"), CHANGES)

    def _verdicts(self, ledger: Ledger) -> pl.DataFrame:
        name = "before" if ledger is self._before else "after"
        none = pl.DataFrame(schema={"plot": pl.String, "harm": pl.String, name: pl.String})
        kept = [
            self._run.results.status(part.key)
            for part in _parts(ledger, self._name)
            if self._run.results.has(part.key)
        ]
        return pl.concat([none, *(frame.select(*_KEY, pl.col("verdict").alias(name)) for frame in kept)])

    def _causes(self, plots: pl.Series) -> pl.DataFrame:
        """Cause and tiles of each of ``plots``."""
        was, now = self._plots(self._before, plots), self._plots(self._run.ledger, plots)
        columns = [column.name for column in CELL_PLOTS]
        same = now.join(was, on=columns, how="semi", nulls_equal=True)
        other = pl.DataFrame({"plot": plots.filter(~plots.is_in(same["plot"].implode()))})
        by_plot = other.with_columns(cause=pl.lit("plot"), tiles=pl.lit([], dtype=pl.List(pl.String)))
        return pl.concat([by_plot, self._causes_of_same(same)])

    def _causes_of_same(self, plots: pl.DataFrame) -> pl.DataFrame:
        cause, names = self._common_cause()
        listed: list[list[str]] = [list(names) for _ in range(plots.height)]
        if cause is None:
            cause = "tile"
            for tile in self._changed_tiles():
                near = plots_within(plots, (tile.box,), self._run.reach_of[self._name])
                for number in near.nonzero()[0].tolist():
                    listed[number].append(f"{tile.layer}/{tile.file}")
        return pl.DataFrame(
            {
                "plot": plots["plot"],
                "cause": [cause if each or cause != "tile" else "unknown" for each in listed],
                "tiles": listed,
            },
            schema={"plot": pl.String, "cause": pl.String, "tiles": pl.List(pl.String)},
        )

    def _common_cause(self) -> tuple[str | None, list[str]]:
        """What changed for all plots, if anything did: the most far-reaching of it."""
        before, after = self._before, self._run.ledger
        if before.procedure != after.procedure:
            return "procedure", []
        if before.terms != after.terms:
            return "cut-off", []
        rules = {**before.rules, **after.rules}
        changed = [name for name in sorted(rules) if before.rules.get(name) != after.rules.get(name)]
        return ("layer", changed) if changed else (None, [])

    def _changed_tiles(self) -> Sequence[TileEntry]:
        both = (self._before, self._run.ledger)
        if any(self._name not in ledger.cells for ledger in both):
            return ()
        return differing(*(ledger.tiles_of(self._name) for ledger in both))

    def _plots(self, ledger: Ledger, chosen: pl.Series) -> pl.DataFrame:
        none = CELL_PLOTS.empty()
        files = [self._cells / ledger.folder / part.file for part in _parts(ledger, self._name)]
        found = [
            pl.read_parquet(file).filter(pl.col("plot").is_in(chosen.implode()))
            for file in files
            if file.is_file()
        ]
        return pl.concat([none, *(frame.select(none.columns) for frame in found)])


def _moved(changes: pl.DataFrame) -> pl.DataFrame:
    """A plot that left one cell and came to another is one change, and none where its verdict is the same."""
    gone, new = changes.filter(pl.col("after").is_null()), changes.filter(pl.col("before").is_null())
    moved = gone.drop("after").join(new.select(*_KEY, "after"), on=_KEY, how="inner").select(changes.columns)
    rest = changes.join(moved, on=_KEY, how="anti")
    return pl.concat([rest, moved.filter(pl.col("before") != pl.col("after"))])


def _judged(run: Run) -> pl.DataFrame:
    """The plots that were judged in this run, where others were screened."""
    by_key = {receipt.key: (part, receipt) for part, receipt in run.parts}
    found: list[pl.DataFrame] = []
    for cell, entry in run.ledger.cells.items():
        for listed in entry.parts:
            _, receipt = by_key[listed.key]
            if listed.judged == 0:
                continue
            plots = receipt.again
            names = (
                run.results.status(receipt.key)["plot"].unique(maintain_order=True)
                if plots is None
                else pl.Series(plots, dtype=pl.String)
            )
            found.append(pl.DataFrame({"plot": names}).with_columns(cell=pl.lit(cell)))
    return pl.concat([JUDGED.empty(), *found]).sort("plot")
