"""The unit of work of a run: a cell file in, a result out. It may be done anywhere, twice, or in any order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import local
from typing import Any

import numpy as np
import polars as pl

from landproof.domain.derived import PLOT_STATUS
from landproof.domain.digest import sorted_rows
from landproof.domain.errors import LandproofError, UnreadableInput, UsageError
from landproof.domain.messages import Message, text
from landproof.land.tables import AREAS
from landproof.land.thresholds import Terms
from landproof.layers.boxes import boxes_round, touching
from landproof.layers.catalogue import Catalogue
from landproof.layers.errors import Problem
from landproof.layers.grids import Box
from landproof.layers.overlay import Overlayer
from landproof.layers.planes import PlaneStore
from landproof.layers.reach import Chosen, narrowed
from landproof.layers.remote import is_remote
from landproof.layers.tiles import Tile
from landproof.run.cells import CELL_PLOTS
from landproof.run.lands import lands_of
from landproof.run.measure_cell import Measured, measure_cell
from landproof.run.results import Receipt, Results, counted

_PACKAGE = Path(__file__).parents[1]
_MEASURING = ("compiled.py", "domain/**/*.py", "land/**/*.py", "layers/**/*.py", "layers/*.toml",
              "screening/**/*.py", "run/lands.py", "run/measure_cell.py", "run/tasks.py")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planes:
    """Bit planes that are read in place of rasters. ``digests``: SHA-256 of rasters, by address."""

    folder: str
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Job:
    """What all tasks of a run share. ``run`` is a name of its own; ``procedure`` the digest of the code."""

    run: str
    procedure: str
    catalogue: Catalogue
    terms: Terms
    cells: str  # folders
    results: str
    facts: dict[str, tuple[int, int]]  # local tiles by address: size and time of change when they were digested
    planes: Planes | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A cell file and its result of the last run, whose inputs but some tiles and plots are as they were."""

    file: str
    key: str


@dataclass(frozen=True, slots=True)
class Task:
    """Measure cell file ``file`` on the tiles ``chosen``, and keep the result as ``key``.

    Plots that are as in ``earlier``, and farther than ``reach_m`` from all ``changed`` boxes, keep what was found.
    """

    file: str
    cell: str
    key: str
    plots: int
    chosen: Chosen
    earlier: tuple[Earlier, ...] = ()
    changed: tuple[Box, ...] = ()
    reach_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A `LandproofError` on its way from a worker: what was said, and whether the command was used wrongly."""

    message: Message
    usage: bool = False

    def error(self) -> LandproofError:
        """The error to raise."""
        kind = UsageError if self.usage else UnreadableInput
        return kind(self.message.sentence, **self.message.values)


def attempt(job: Job, task: Task) -> Receipt | Refusal:
    """Do ``task``; what the user can mend comes back as a refusal, for errors do not travel well."""
    try:
        return work(job, task)
    except LandproofError as why:
        return Refusal(why.message, isinstance(why, UsageError))


def work(job: Job, task: Task) -> Receipt:
    """Do ``task`` and keep its result. Raises `LandproofError`."""
    if job.procedure != procedure():
        raise UsageError(
            text("A worker runs another version of landproof. Install the same version on all workers.")
        )
    plots = _read(Path(job.cells, task.file))
    results = Results(Path(job.results))
    judged = _to_judge(job, task, plots)
    measured, problems, damaged = _measured(job, task, judged)
    again = None
    if task.earlier:
        again = tuple(judged["plot"].to_list())
        measured = _together(measured, task, results, plots, judged)
    receipt = Receipt(task.key, task.cell, plots.height, counted(measured.plot_status), again, problems, damaged)
    results.put(receipt, measured)
    return receipt


@cache
def procedure() -> str:
    """The digest of the code by which plots are measured and judged."""
    files = sorted({file for pattern in _MEASURING for file in _PACKAGE.glob(pattern)})
    listed = sha256()
    for file in files:
        listed.update(f"{file.relative_to(_PACKAGE).as_posix()}\n".encode())
        listed.update(sha256(file.read_bytes()).digest())
    return listed.hexdigest()


def _read(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as why:
        raise UnreadableInput(
            text("A worker cannot read %(file)s (%(why)s). All workers must reach the same folders."),
            file=path, why=type(why).__name__,
        ) from why  # fmt: skip


def _to_judge(job: Job, task: Task, plots: pl.DataFrame) -> pl.DataFrame:
    """The plots that changed, are new, or have a changed tile within their reach."""
    if not task.earlier:
        return plots
    before = pl.concat([_read(Path(job.cells, earlier.file)) for earlier in task.earlier])
    columns = [column.name for column in CELL_PLOTS]
    same = plots.join(before, on=columns, how="semi", nulls_equal=True, maintain_order="left")
    touched = plots_within(same, task.changed, task.reach_m)
    kept = same.filter(~pl.Series(touched))
    return plots.join(kept, on="plot", how="anti", maintain_order="left")


def plots_within(plots: pl.DataFrame, boxes: tuple[Box, ...], reach_m: float) -> "np.ndarray[Any, Any]":
    """Which of ``plots`` lie within ``reach_m`` metres of one of ``boxes``."""
    touched = np.zeros(plots.height, dtype=np.bool_)
    if boxes and plots.height:
        owners, around = boxes_round(list(lands_of(plots)), reach_m)
        for box in boxes:
            touched[owners[touching(around, box)]] = True
    return touched


def _together(
    measured: Measured, task: Task, results: Results, plots: pl.DataFrame, judged: pl.DataFrame
) -> Measured:
    """What was measured now, with what stands of the other plots."""
    kept = plots.join(judged, on="plot", how="anti")
    areas, status = [measured.areas], [measured.plot_status]
    for earlier in task.earlier:
        areas.append(results.areas(earlier.key).join(kept, on="plot", how="semi"))
        status.append(results.status(earlier.key).join(kept, on="plot", how="semi"))
    return Measured(sorted_rows(pl.concat(areas), AREAS), sorted_rows(pl.concat(status), PLOT_STATUS))


class _Failed(local):
    """The tiles that a server did not give, in one run: the same thread does not wait for it again."""

    run = ""

    def __init__(self) -> None:
        self.tiles: dict[tuple[str, str], Problem] = {}


_failed = _Failed()


def _measured(
    job: Job, task: Task, plots: pl.DataFrame
) -> tuple[Measured, tuple[Problem, ...], tuple[Problem, ...]]:
    """What is found, the tiles that could not be read, and planes that are damaged.

    A tile that changes meanwhile is left out.
    """
    if _failed.run != job.run:
        _failed.run, _failed.tiles = job.run, {}
    chosen = task.chosen
    spoiled: list[Problem] = []
    store = None if job.planes is None else PlaneStore(Path(job.planes.folder), job.planes.digests)
    while True:
        catalogue = narrowed(job.catalogue, chosen)
        overlayer = Overlayer(catalogue, store)
        overlayer.windows.problems.update(_failed.tiles)
        try:
            measured = measure_cell(plots, catalogue, overlayer, job.terms)
        finally:
            overlayer.close()
        changed = [tile for _, tile in _tiles(catalogue) if _has_changed(tile, job.facts)]
        if not changed:
            break
        spoiled += [_spoiled(tile) for tile in changed]
        gone = {(tile.layer, tile.name) for tile in changed}
        chosen = tuple(
            tuple(number for number in numbers if (layer.id, layer.tiles[number].name) not in gone)
            for layer, numbers in zip(job.catalogue.layers, chosen, strict=True)
        )
    remote = {(tile.layer, tile.name) for _, tile in _tiles(catalogue) if is_remote(tile.address)}
    found = {name: problem for name, problem in overlayer.windows.problems.items() if name in remote}
    _failed.tiles.update(found)
    here = {(tile.layer, tile.name) for _, tile in _tiles(catalogue)}
    problems = [problem for name, problem in overlayer.windows.problems.items() if name in here]
    damaged = () if store is None else tuple(each for _, each in sorted(store.problems.items()))
    return measured, tuple(sorted([*spoiled, *problems], key=lambda each: (each.layer, each.file))), damaged


def _tiles(catalogue: Catalogue) -> Iterator[tuple[str, Tile]]:
    for layer in catalogue.layers:
        for tile in layer.tiles:
            yield layer.id, tile


def _has_changed(tile: Tile, facts: dict[str, tuple[int, int]]) -> bool:
    """Whether the file is another than the one that was digested; one that is gone was read or is a problem."""
    try:
        now = tile.path.stat() if tile.address in facts else None
    except OSError:
        return False
    return now is not None and (now.st_size, now.st_mtime_ns) != facts[tile.address]


def _spoiled(tile: Tile) -> Problem:
    sentence = text("Layer %(layer)s: %(file)s changed while it was measured. Measure again.")
    return Problem(tile.layer, tile.name, Message(sentence, {"layer": tile.layer, "file": tile.name}))
