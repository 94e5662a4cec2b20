"""Screens a file of plots, or the plots of a case, before anything is measured on them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from landproof.casefile import durable
from landproof.casefile.case import open_case
from landproof.domain.errors import UsageError
from landproof.domain.facts.land import PLOTS
from landproof.domain.messages import Message, text
from landproof.domain.rejects import REJECTS
from landproof.domain.tables import conform
from landproof.intake.boundaries import read_boundaries
from landproof.intake.plot_batches import plot_batches, twice
from landproof.layers.digests import sha256_of
from landproof.run.sentences import reject_messages
from landproof.screening.reasons import REASONS
from landproof.screening.screen import Profile, Screening, screen

ENDINGS = (".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class Screened:
    """What was found of how many plots; ``refusals`` of rows that are none, and the files ``written``."""

    plots: int
    screening: Screening
    refusals: Sequence[Message]
    written: Sequence[Path]


def screen_file(
    plots: Path,
    output: Path | None = None,
    *,
    profile: Profile = "dcf",
    boundaries: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Screened:
    """Screen the plots of a file in any form that intake reads, or of a case; write the findings to ``output``.

    ``output`` ends in .csv or .parquet; the counts and the proposed repairs are written beside it. Raises
    `LandproofError`.
    """
    if output is not None and output.suffix.lower() not in ENDINGS:
        raise UsageError(
            text("Cannot write %(file)s. Give a name that ends in %(endings)s."),
            file=output.name, endings=", ".join(ENDINGS),
        )  # fmt: skip
    areas = read_boundaries(boundaries) if boundaries is not None else None
    frame, refusals = _plots(plots)
    found = screen(frame, profile=profile, boundaries=areas, progress=progress)
    return Screened(frame.height, found, refusals, _written(output, found) if output is not None else ())


def _plots(path: Path) -> tuple[pl.DataFrame, Sequence[Message]]:
    if (path / "case.toml").exists():
        case = open_case(path)
        return case.read_table("plots", case.state().facts.get("plots", [])), ()
    plots, rejects = _in_batches(path)
    return plots, [each for row in rejects.iter_rows(named=True) for each in reject_messages(row)]


def _in_batches(path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All plots and rejects of a file, of which no more than a batch is more than a table at any time."""
    source = sha256_of(path) if path.is_file() else ""  # what is none is refused where it is read
    plots, rejects = [PLOTS.empty()], [REJECTS.empty()]
    for batch in plot_batches(path, source):
        plots.append(conform(batch.plots, PLOTS))
        rejects.append(batch.rejects)
    together = pl.concat(plots)
    again = pl.col("source_row") > pl.col("source_row").min().over("plot")
    repeated = together.select("plot", "source_row").filter(again)
    if repeated.height:
        together = together.join(repeated, on=["plot", "source_row"], how="anti")
        rejects.append(twice(repeated, source, path.name))
    return together, pl.concat(rejects).sort(REJECTS.key, nulls_last=False)


def sentence_of(row: Mapping[str, Any]) -> Message:
    """The sentence of a row of `PLOT_CHECKS`."""
    return Message(REASONS[row["reason"]].sentence, json.loads(row["values"] or "{}"))


def _written(output: Path, found: Screening) -> list[Path]:
    tables = {"": found.checks, ".counts": found.counts, ".repairs": found.repairs}
    written: list[Path] = []
    for name, frame in tables.items():
        path = output.with_suffix(f"{name}{output.suffix}") if name else output
        durable.write_file(path, lambda to, frame=frame: _write(frame, to, output.suffix.lower()))
        written.append(path)
    return written


def _write(frame: pl.DataFrame, path: Path, ending: str) -> None:
    if ending == ".parquet":
        frame.write_parquet(path)
    else:
        hexadecimal = [pl.col(name).bin.encode("hex") for name, kind in frame.schema.items() if kind == pl.Binary]
        frame.with_columns(hexadecimal).write_csv(path)
