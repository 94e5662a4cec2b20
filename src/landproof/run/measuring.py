"""Measures cell files: finds what must be measured, has it done, and keeps the ledger of it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from math import ceil
from pathlib import Path
from uuid import uuid4

import numpy as np

from landproof.casefile import durable
from landproof.land.thresholds import Terms
from landproof.layers.boxes import grown
from landproof.layers.catalogue import Catalogue
from landproof.layers.classes import Classes
from landproof.layers.digests import keep_digests
from landproof.layers.errors import Problem
from landproof.layers.ledger import (
    CellEntry,
    Ledger,
    PartEntry,
    TileEntry,
    Tiles,
    differing,
    read_ledger,
    rules_of,
)
from landproof.layers.planes import PlaneStore
from landproof.layers.reach import Chosen, Extents, reach_m
from landproof.layers.remote import is_remote
from landproof.layers.tiles import digest_of
from landproof.run.cells import Part
from landproof.run.executors import Executor
from landproof.run.results import Counts, Receipt, Results, summed
from landproof.run.tasks import Earlier, Job, Planes, Task, procedure

Progress = Callable[[int, int], None]
CELLS, RESULTS, LEDGER = "plots", "results", "ledger.json"


@dataclass(frozen=True, slots=True)
class Run:
    """What was found: the parts with their receipts, and how it compares with the run before, if there was one.

    ``reach_of``: by cell how far in metres from a plot a tile may have a say in it. ``bare``: how many of the
    tiles have no planes, where planes were to be read.
    """

    parts: tuple[tuple[Part, Receipt], ...]
    ledger: Ledger
    before: Ledger | None
    results: Results
    reach_of: Mapping[str, float]
    bare: int = 0

    @property
    def plots(self) -> int:
        """How many plots there are."""
        return sum(part.plots for part, _ in self.parts)

    @property
    def judged(self) -> int:
        """How many of them were judged in this run; the others were screened."""
        return sum(part.judged for cell in self.ledger.cells.values() for part in cell.parts)

    @property
    def counts(self) -> Counts:
        """Plots by harm and verdict."""
        return summed(receipt.counts for _, receipt in self.parts)

    @property
    def problems(self) -> list[Problem]:
        """The tiles that could not be read, and else planes that are damaged, each once."""
        receipts = [receipt for _, receipt in self.parts]
        found = {(each.layer, each.file): each for receipt in receipts for each in receipt.damaged}
        found |= {(each.layer, each.file): each for receipt in receipts for each in receipt.problems}
        return [found[name] for name in sorted(found)]


def measure_parts(
    parts: Sequence[Part],
    cells: Path,
    catalogue: Catalogue,
    store: Path,
    executor: Executor,
    *,
    terms: Terms,
    planes: Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Measure the cell files ``parts`` in folder ``cells``; what stands in ``store`` is not measured again.

    ``planes``: a folder of bit planes to read in place of rasters. What is found is the same to the byte, so no
    result is called by it. Raises `LandproofError`; what was finished before it stays. `finish` is to be called
    once the results are used.
    """
    results = Results(store.absolute() / RESULTS)
    before = load_ledger(store)
    facts = _facts(catalogue)  # first, so that a tile that changes from here on is noticed
    plan = _Plan(parts, cells, catalogue, terms, before)
    keep_digests()
    found: dict[str, Receipt] = {}
    tasks: list[Task] = []
    for task in plan.tasks():
        receipt = results.receipt(task.key)
        if receipt is not None:
            found[task.key] = receipt
        elif task.key not in found:
            tasks.append(plan.eased(task, results))
    total = sum(part.plots for part in parts)
    done = total - sum(task.plots for task in tasks)
    folders = str(cells.absolute().parent), str(results.folder)
    stored = None if planes is None else Planes(str(planes.absolute()), plan.digests())
    job = Job(uuid4().hex, procedure(), catalogue, terms, *folders, facts, stored)
    if done:
        _tell(progress, done, total)
    if tasks:
        for receipt in executor.run(job, tasks):
            found[receipt.key] = receipt
            done += receipt.plots
            _tell(progress, done, total)
    receipts = tuple((part, found[key]) for part, key in zip(parts, plan.keys, strict=True))
    bare = 0 if stored is None else plan.bare(PlaneStore(Path(stored.folder), stored.digests))
    return Run(receipts, plan.ledger(found), before, results, plan.reach_of, bare)


def load_ledger(store: Path) -> Ledger | None:
    """The ledger of the last run that was finished in ``store``."""
    try:
        return read_ledger((store / LEDGER).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def finish(store: Path, run: Run) -> None:
    """Keep the ledger of ``run``, from which the next run goes on, and remove results that it does not name."""
    durable.write_bytes(store / LEDGER, run.ledger.to_json().encode())
    run.results.keep_only(receipt.key for _, receipt in run.parts)
    for folder in (store / CELLS).glob("*"):
        if folder.name != run.ledger.folder:
            durable.discard(folder)


class _Plan:
    """Which tiles each cell depends on, and what its results are called."""

    def __init__(
        self, parts: Sequence[Part], cells: Path, catalogue: Catalogue, terms: Terms, before: Ledger | None
    ) -> None:
        self._parts = parts
        self._folder, self._cells = cells.name, cells.parent
        self._catalogue = catalogue
        self._thresholds = terms.thresholds
        self._terms = str(terms)
        self._before = before
        self._rules = rules_of(catalogue)
        self._extents = Extents.of(catalogue)
        self._tiles = Tiles(catalogue, self._extents)
        self._reach: dict[int, float] = {}
        self._chosen: dict[str, Chosen] = {}
        self._numbers: dict[str, tuple[int, ...]] = {}
        self.reach_of: dict[str, float] = {}
        for cell, group in groupby(parts, key=lambda part: part.cell):
            self._look(cell, list(group))
        self.keys = [self._key(part) for part in parts]

    def tasks(self) -> Iterator[Task]:
        """What there is to do, if nothing stands."""
        for part, key in zip(self._parts, self.keys, strict=True):
            yield Task(f"{self._folder}/{part.file}", part.cell, key, part.plots, self._chosen[part.cell])

    def eased(self, task: Task, results: Results) -> Task:
        """``task`` with what the last run found of the same cell, where most of that still holds."""
        before = self._before
        if before is None or task.cell not in before.cells:
            return task
        if (before.procedure, before.terms, dict(before.rules)) != (procedure(), self._terms, self._rules):
            return task
        was, now = before.tiles_of(task.cell), self._tiles_of(task.cell)
        parts = before.cells[task.cell].parts
        if set(was) != set(now) or any(results.receipt(part.key) is None for part in parts):
            return task
        if not all((self._cells / before.folder / part.file).is_file() for part in parts):
            return task
        earlier = tuple(Earlier(f"{before.folder}/{part.file}", part.key) for part in parts)
        changed = tuple(tile.box for tile in differing(was, now))
        return Task(
            task.file, task.cell, task.key, task.plots, task.chosen, earlier, changed, self.reach_of[task.cell]
        )

    def ledger(self, found: Mapping[str, Receipt]) -> Ledger:
        """The ledger, once all is done."""
        past = self._before.cells.values() if self._before is not None else ()
        known = {part.key for cell in past for part in cell.parts}
        entries: dict[str, list[PartEntry]] = {}
        for part, key in zip(self._parts, self.keys, strict=True):
            judged = 0 if key in known and not found[key].problems else found[key].judged
            entries.setdefault(part.cell, []).append(PartEntry(part.file, part.digest, key, part.plots, judged))
        cells = {cell: CellEntry(self._numbers[cell], tuple(listed)) for cell, listed in entries.items()}
        return Ledger(procedure(), self._terms, self._folder, self._rules, tuple(self._tiles.entries), cells)

    def digests(self) -> dict[str, str]:
        """SHA-256 of the tiles that are measured on, by address, so that no worker works it out again."""
        tiles = (self._catalogue.layers[number].tiles[place] for number, place in self._touched())
        return {tile.address: digest for tile in tiles if (digest := digest_of(tile)) is not None}

    def bare(self, store: PlaneStore) -> int:
        """How many of the tiles that are measured on have no planes in ``store``."""
        layers = self._catalogue.layers
        classes = [Classes(layer.decoder) for layer in layers]
        return sum(
            not store.has(layers[number].tiles[place], classes[number]) for number, place in self._touched()
        )

    def _touched(self) -> set[tuple[int, int]]:
        """The numbers of layer and tile of all that is measured on."""
        return {
            (number, place)
            for chosen in self._chosen.values()
            for number, places in enumerate(chosen)
            for place in places
        }

    def _look(self, cell: str, parts: Sequence[Part]) -> None:
        hulls = np.array([box for part in parts for box in part.hulls], dtype=np.float64).reshape(-1, 4)
        latitude = ceil(float(np.abs(hulls[:, [1, 3]]).max())) if len(hulls) else 0
        if latitude not in self._reach:
            self._reach[latitude] = reach_m(self._catalogue, self._thresholds, latitude)
        self.reach_of[cell] = self._reach[latitude]
        self._chosen[cell] = self._extents.touched(grown(hulls, self._reach[latitude])[1])
        self._numbers[cell] = self._tiles.numbers(self._chosen[cell])

    def _tiles_of(self, cell: str) -> dict[tuple[str, str, str], TileEntry]:
        return {self._tiles.entries[number].place: self._tiles.entries[number] for number in self._numbers[cell]}

    def _key(self, part: Part) -> str:
        tiles = [[*entry.place, entry.digest] for entry in map(self._entry, self._numbers[part.cell])]
        content = [procedure(), self._terms, sorted(self._rules.items()), tiles, part.digest]
        return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    def _entry(self, number: int) -> TileEntry:
        return self._tiles.entries[number]


def _facts(catalogue: Catalogue) -> dict[str, tuple[int, int]]:
    """Size and time of change of the local tiles."""
    found: dict[str, tuple[int, int]] = {}
    for layer in catalogue.layers:
        for tile in layer.tiles:
            with suppress(OSError):  # one that is gone is refused where its content is asked for
                if not is_remote(tile.address):
                    facts = tile.path.stat()
                    found[tile.address] = facts.st_size, facts.st_mtime_ns
    return found


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)
