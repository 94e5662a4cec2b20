"""Groups rows out of memory: rows go in in any order and come out group by group.

Rows are gathered until they fill a run; a run is sorted by group and written as an Arrow file with one batch per
group, so that a group is read without touching the rest. A single run is never written.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import polars as pl
import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs]

_pa = cast(Any, pa)
GROUP = "_group"
RUN_BYTES = 96 << 20
_OPEN_AT_ONCE = 256


@dataclass(slots=True)
class _Place:
    """Where the rows of a group are: number of the run and of the batch in it."""

    rows: int = 0
    size: int = 0
    batches: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


@dataclass(frozen=True, slots=True)
class Group:
    """``rows`` rows of one ``key``, about ``size`` bytes in memory. `frames` reads them run by run."""

    key: int
    rows: int
    size: int
    _spool: "Spool"
    _batches: tuple[tuple[int, int], ...]

    def frames(self) -> Iterator[pl.DataFrame]:
        """The rows, in as many pieces as there are runs with some of them."""
        for run, batch in self._batches:
            yield self._spool.piece(run, batch)

    def frame(self) -> pl.DataFrame:
        """All rows at once."""
        return pl.concat(list(self.frames()))


class Spool:
    """Takes frames of one schema with a column `GROUP` (Int64), and gives them back by group."""

    def __init__(self, folder: Path, *, run_bytes: int = RUN_BYTES) -> None:
        self._folder = folder
        self._run_bytes = run_bytes
        self._pending: list[pl.DataFrame] = []
        self._size = 0
        self._runs: list[Path] = []
        self._kept: list[pl.DataFrame] = []  # the pieces of the last run, when it is the only one
        self._places: dict[int, _Place] = {}
        self._readers: dict[int, Any] = {}

    def add(self, frame: pl.DataFrame) -> None:
        """Take rows. Raises `OSError` when a run cannot be written."""
        for piece in _pieces(frame, self._run_bytes):
            self._pending.append(piece)
            self._size += size_of(piece)
            if self._size >= self._run_bytes:
                self._flush()

    def groups(self) -> Iterator[Group]:
        """The groups by key, once all rows are in; the runs are removed afterwards."""
        try:
            for key in self.keys():
                yield self.group(key)
        finally:
            self.close()

    def keys(self) -> list[int]:
        """The keys in order, once all rows are in."""
        if self._pending and not self._runs:
            self._kept = self._sorted()
        elif self._pending:
            self._flush()
        return sorted(self._places)

    def group(self, key: int) -> Group:
        """The rows of one of `keys`."""
        place = self._places[key]
        return Group(key, place.rows, place.size, self, tuple(place.batches))

    def piece(self, run: int, batch: int) -> pl.DataFrame:
        """The rows of one group in one run."""
        if not self._runs:
            return self._kept[batch]
        if run not in self._readers:
            if len(self._readers) >= _OPEN_AT_ONCE:
                self._close_readers()
            self._readers[run] = _pa.ipc.open_file(_pa.OSFile(str(self._runs[run])))
        return cast(pl.DataFrame, cast(Any, pl).from_arrow(self._readers[run].get_batch(batch)))

    def close(self) -> None:
        """Remove what was written."""
        self._close_readers()
        for run in self._runs:
            run.unlink(missing_ok=True)
        self._runs, self._kept, self._places = [], [], {}

    def _close_readers(self) -> None:
        self._readers.clear()

    def _sorted(self) -> list[pl.DataFrame]:
        """The rows gathered, a frame per group; notes where each group goes."""
        frame = pl.concat(self._pending).sort(GROUP, maintain_order=True)
        self._pending, self._size = [], 0
        number = len(self._runs)
        starts = frame.select(pl.col(GROUP).rle()).unnest(GROUP)
        found: list[pl.DataFrame] = []
        at = 0
        for length, key in starts.select("len", "value").iter_rows():
            piece = frame.slice(at, length).drop(GROUP)
            place = self._places.setdefault(int(key), _Place())
            place.rows += length
            place.size += size_of(piece)
            place.batches.append((number, len(found)))
            found.append(piece)
            at += length
        return found

    def _flush(self) -> None:
        pieces = self._sorted()
        path = self._folder / f"run-{len(self._runs)}.arrow"
        self._folder.mkdir(parents=True, exist_ok=True)
        options = _pa.ipc.IpcWriteOptions(compression="lz4")
        schema = as_arrow(pieces[0].clear()).schema
        with _pa.ipc.new_file(str(path), schema, options=options) as writer:
            for piece in pieces:
                [batch] = as_arrow(piece).combine_chunks().to_batches()
                writer.write_batch(batch)
        self._runs.append(path)


def size_of(frame: pl.DataFrame) -> int:
    """About how many bytes the values of ``frame`` need; slices do not count what they leave out."""
    wide = [
        (pl.col(name).bin.size() if dtype == pl.Binary else pl.col(name).str.len_bytes()).sum()
        for name, dtype in frame.schema.items()
        if dtype == pl.Binary or dtype == pl.String
    ]
    fixed = 16 * frame.width * frame.height
    return fixed + (
        sum(int(each or 0) for each in frame.select(*(each.alias(str(at)) for at, each in enumerate(wide))).row(0))
        if wide
        else 0
    )


def as_arrow(frame: pl.DataFrame) -> Any:
    """``frame`` as an Arrow table of plain types."""
    return cast(Any, frame).to_arrow(compat_level=pl.CompatLevel.oldest())


def _pieces(frame: pl.DataFrame, most: int) -> Iterator[pl.DataFrame]:
    """``frame`` in slices of at most about ``most`` bytes."""
    count = max(1, -(-size_of(frame) // most))
    step = max(1, -(-frame.height // count))
    for start in range(0, frame.height, step):
        yield frame.slice(start, step)
