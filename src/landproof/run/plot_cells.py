"""Brings plots into cell files, once for each state of their file."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import polars as pl
import pyarrow.parquet as pq  # pyright: ignore[reportMissingTypeStubs]

from landproof import __version__
from landproof.casefile import durable
from landproof.domain.digest import table_digest
from landproof.domain.errors import UnreadableInput, UsageError
from landproof.domain.facts.land import PLOTS
from landproof.domain.messages import Message, text
from landproof.domain.rejects import REJECTS
from landproof.domain.tables import conform
from landproof.intake.plot_batches import plot_batches, twice
from landproof.intake.plots import ImportedPlots
from landproof.layers.digests import facts_of, sha256_of
from landproof.run.cells import CELL_PLOTS, Limits, Part, divide, load_parts, save_parts
from landproof.run.sentences import reject_messages
from landproof.run.spool import as_arrow

_pq = cast(Any, pq)
_PARTS, _REJECTS, _ABOUT = "parts.json", "rejects.parquet", "about.json"
Progress = Callable[..., None]


@dataclass(frozen=True, slots=True)
class PlotCells:
    """Cell files in one folder. ``rejected`` rows of the input were no plots; `rejects` has them."""

    path: Path
    parts: list[Part]
    rejected: int

    @property
    def rejects(self) -> Path:
        """The file of rejects (contract `REJECTS`)."""
        return self.path / _REJECTS

    def refusals(self, most: int) -> list[Message]:
        """Why the first ``most`` rows were rejected, and what to do."""
        if not self.rejected:
            return []
        rows = pl.scan_parquet(self.rejects).head(most).collect()
        return [each for row in rows.iter_rows(named=True) for each in reject_messages(row)]


def cells_of_file(
    plots: Path, folder: Path, progress: Progress | None = None, limits: Limits | None = None
) -> PlotCells:
    """The plots of a file as cell files in ``folder``; they are made once as long as the file does not change.

    Raises `UnreadableInput` for a file that intake cannot read, or that changes meanwhile, and `Unwritable`.
    """
    source = digest_of_plots(plots)
    name = sha256(f"{source} {plots.suffix.lower()} {plots.stem} {__version__}".encode()).hexdigest()[:24]
    path = folder / name
    if not (path / _ABOUT).is_file():
        facts = facts_of(plots)

        def fill(made: Path) -> None:
            rejects = _Rejects(made / _REJECTS)
            batches = _told(plot_batches(plots, source), rejects, progress)
            parts, repeated = divide(batches, made, limits)
            if repeated.height:
                rejects.add(twice(repeated, source, plots.name))
            rejects.close()
            if facts_of(plots) != facts:
                raise UnreadableInput(
                    text("%(file)s changed while it was read. Wait until it is saved, then measure it again."),
                    file=plots.name,
                )
            _save(made, parts, rejects.count)

        durable.write_folder(path, fill)
    return _load(path)


def cells_of_frame(plots: pl.DataFrame, folder: Path, limits: Limits | None = None) -> PlotCells:
    """Plots (contract `PLOTS`, each once) as cell files in ``folder``. Raises `Unwritable`."""
    name = table_digest(plots.select(column.name for column in CELL_PLOTS).sort("plot"), CELL_PLOTS)[:24]
    path = folder / name
    if not (path / _ABOUT).is_file():

        def fill(made: Path) -> None:
            _save(made, divide([plots], made, limits)[0], 0)

        durable.write_folder(path, fill)
    return _load(path)


def _told(
    batches: Iterator[ImportedPlots], rejects: "_Rejects", progress: Progress | None
) -> Iterator[pl.DataFrame]:
    done = 0
    for batch in batches:
        rejects.add(batch.rejects)
        done += batch.rows_in
        if progress is not None:
            progress(done, None, text("Reading plots"))
        yield conform(batch.plots, PLOTS)


def digest_of_plots(plots: Path) -> str:
    """SHA-256 of a file of plots. Raises `UnreadableInput`, and `UsageError` for a folder."""
    try:
        if plots.is_dir():
            raise UsageError(text("%(file)s is a folder. Name one file in it."), file=plots.name)
        return sha256_of(plots)
    except OSError as error:
        raise UnreadableInput(
            text("%(file)s cannot be opened (%(why)s). Check the name and the right to read it."),
            file=plots.name, why=error.strerror or type(error).__name__,
        ) from error  # fmt: skip


def _save(folder: Path, parts: list[Part], rejected: int) -> None:
    shutil.rmtree(folder / "scratch", ignore_errors=True)
    save_parts(folder / _PARTS, parts)
    durable.write_bytes(folder / _ABOUT, json.dumps({"rejected": rejected}).encode())


def _load(path: Path) -> PlotCells:
    about: dict[str, int] = json.loads((path / _ABOUT).read_text(encoding="utf-8"))
    return PlotCells(path, load_parts(path / _PARTS), about["rejected"])


class _Rejects:
    """Writes rejects as they come."""

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._path = path
        self._writer: Any = None

    def add(self, rejects: pl.DataFrame) -> None:
        if rejects.is_empty():
            return
        self.count += rejects.select("sheet", "source_row").n_unique()
        table = as_arrow(conform(rejects, REJECTS))
        if self._writer is None:
            self._writer = _pq.ParquetWriter(str(self._path), table.schema, compression="zstd")
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
