"""What was measured of cells, kept under the digest of all that it depends on.

A result is a Parquet file of verdicts, one of areas, and a receipt. The receipt is written last and each file is
put in place whole, so what a killed run leaves behind is either finished or not there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from landproof.casefile import durable
from landproof.domain.messages import Message
from landproof.layers.errors import Problem
from landproof.run.measure_cell import Measured

Counts = dict[str, dict[str, int]]  # harm -> verdict -> plots


@dataclass(frozen=True, slots=True)
class Receipt:
    """The result ``key`` of a cell file with ``plots`` plots.

    ``again``: the plots that were judged; null when all were. The others were taken from an earlier result because
    nothing within their reach had changed. ``counts``: plots by harm and verdict. ``problems``: tiles that could
    not be read, whose land has no data here; such a result is for now only, and is measured again by the next run.
    ``damaged``: bit planes in whose place rasters were read. The result is the same, so it is told and not kept.
    """

    key: str
    cell: str
    plots: int
    counts: Counts
    again: tuple[str, ...] | None = None
    problems: tuple[Problem, ...] = ()
    damaged: tuple[Problem, ...] = ()

    @property
    def judged(self) -> int:
        """How many plots were judged."""
        return self.plots if self.again is None else len(self.again)


class Results:
    """The results in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def status(self, key: str) -> pl.DataFrame:
        """Verdicts of a result, in order of plot and harm."""
        return pl.read_parquet(self._path(key, "status.parquet"))

    def areas(self, key: str) -> pl.DataFrame:
        """Areas of a result, in order of plot, layer and class."""
        return pl.read_parquet(self._path(key, "areas.parquet"))

    def put(self, receipt: Receipt, measured: Measured) -> None:
        """Keep a result. Raises `Unwritable`."""
        for name, frame in (("status", measured.plot_status), ("areas", measured.areas)):
            path = self._path(receipt.key, f"{name}.parquet")
            durable.write_file(path, lambda to, frame=frame: frame.write_parquet(to, compression="zstd"))
        kept = asdict(receipt)
        del kept["damaged"]
        content = json.dumps(kept, ensure_ascii=False)
        durable.write_bytes(self._path(receipt.key, "json"), content.encode())

    def receipt(self, key: str) -> Receipt | None:
        """The receipt of a result that stands; null where it must be measured."""
        try:
            content: dict[str, Any] = json.loads(self._path(key, "json").read_text(encoding="utf-8"))
            receipt = _receipt(content)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return receipt if self.has(key) and receipt.key == key and not receipt.problems else None

    def has(self, key: str) -> bool:
        """Whether the tables of a result are there."""
        return all(self._path(key, f"{name}.parquet").is_file() for name in ("status", "areas"))

    def keep_only(self, keys: Iterable[str]) -> None:
        """Remove all other results."""
        kept = set(keys)
        for file in self.folder.glob("??/*"):
            if file.name.split(".", 1)[0] not in kept:
                file.unlink(missing_ok=True)

    def _path(self, key: str, ending: str) -> Path:
        return self.folder / key[:2] / f"{key}.{ending}"


def counted(plot_status: pl.DataFrame) -> Counts:
    """How many plots have each verdict, by harm."""
    counts: Counts = {}
    for harm, verdict, count in plot_status.group_by("harm", "verdict").len().sort("harm", "verdict").iter_rows():
        counts.setdefault(harm, {})[verdict] = count
    return counts


def summed(all_counts: Iterable[Counts]) -> Counts:
    """The counts together."""
    total: Counts = {}
    for counts in all_counts:
        for harm, verdicts in counts.items():
            into = total.setdefault(harm, {})
            for verdict, count in verdicts.items():
                into[verdict] = into.get(verdict, 0) + count
    return total


def _receipt(content: Mapping[str, Any]) -> Receipt:
    problems = tuple(
        Problem(each["layer"], each["file"], Message(each["message"]["sentence"], each["message"]["values"]))
        for each in content["problems"]
    )
    again = None if content["again"] is None else tuple(content["again"])
    return Receipt(content["key"], content["cell"], content["plots"], content["counts"], again, problems)
