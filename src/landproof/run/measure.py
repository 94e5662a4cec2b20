"""Measures plots on the layers of a catalogue in memory, and gives each a verdict per harm."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from landproof.domain.derived import PLOT_STATUS
from landproof.domain.digest import sorted_rows
from landproof.domain.tables import conform
from landproof.land.tables import AREAS, LAYERS
from landproof.land.thresholds import Terms
from landproof.layers.catalogue import Catalogue
from landproof.layers.tiles import digest_of
from landproof.run.cells import divide
from landproof.run.executors import Executor, Serial
from landproof.run.measuring import CELLS, Run, measure_parts

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """``areas`` and ``layers`` as in `landproof.land.tables`, ``plot_status`` as in `PLOT_STATUS`."""

    areas: pl.DataFrame
    plot_status: pl.DataFrame
    layers: pl.DataFrame


def measure(
    plots: pl.DataFrame,
    catalogue: Catalogue,
    terms: Terms,
    *,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Measured:
    """Areas and verdicts of ``plots`` (contract `PLOTS`); every plot gets a verdict on every harm.

    ``progress`` is told how many plots of how many are done. The order of plots and of tiles does not matter, nor
    does where they are measured: here, if no other ``executor`` is given. Raises `LandproofError`.
    """
    with TemporaryDirectory(prefix="landproof-") as folder:
        cells = Path(folder, CELLS, "0")
        parts, _ = divide([plots], cells)
        run = measure_parts(
            parts, cells, catalogue, Path(folder), executor or Serial(), terms=terms, progress=progress
        )
        return whole(run, catalogue)


def whole(run: Run, catalogue: Catalogue) -> Measured:
    """All of what a run found, in memory."""
    keys = [receipt.key for _, receipt in run.parts]
    status = pl.concat([PLOT_STATUS.empty(), *(run.results.status(key) for key in keys)])
    areas = pl.concat([AREAS.empty(), *(run.results.areas(key) for key in keys)])
    return Measured(sorted_rows(areas, AREAS), sorted_rows(status, PLOT_STATUS), layers_of(catalogue))


def layers_of(catalogue: Catalogue) -> pl.DataFrame:
    """The table of layers: every tile with its digest, and every name that is not there."""
    rows = [
        (
            layer.id, layer.role.value, layer.family, layer.title, layer.producer, layer.version, layer.licence,
            name, digest,
        )
        for layer in catalogue.layers
        for name, digest in [
            *((tile.name, digest_of(tile)) for tile in layer.tiles),
            *((name, None) for name in layer.missing),
        ]
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=LAYERS.schema, orient="row")
    return sorted_rows(conform(frame, LAYERS), LAYERS)
