"""Plots of a file of any size, a batch at a time where its format can be read so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import polars as pl
import pyarrow.parquet as pq  # pyright: ignore[reportMissingTypeStubs]

from landproof.domain.rejects import REJECTS
from landproof.intake.geojson_batches import are_unique, pieces, survey
from landproof.intake.geometry_vector import geoparquet_batches
from landproof.intake.plot_facts import reading_of
from landproof.intake.plots import ImportedPlots, import_plots, plots_of, same_id

_pq = cast(Any, pq)
_PARQUET: Final = (".parquet", ".geoparquet")
_JSON: Final = (".geojson", ".json")
_BATCH: Final = 20_000
_WHOLE: Final = 64 << 20  # bytes: GeoJSON that is read at once, once
_CHUNK: Final = 32 << 20
_MOST_PLACES: Final = 5_000_000  # names of places that are compared with one another in memory


def plot_batches(
    path: Path, source: str, *, rows: int = _BATCH, whole: int = _WHOLE, chunk: int = _CHUNK
) -> Iterator[ImportedPlots]:
    """The plots of ``path``, whose SHA-256 is ``source``, and the rejects, in the order of the file.

    GeoParquet is read ``rows`` rows at a time, GeoJSON of more than ``whole`` bytes ``chunk`` bytes at a time, any
    other file at once. A plot id that comes again in a later batch is not noticed here: `twice` makes its reject.
    Raises `UnreadableInput`.
    """
    if path.suffix.lower() in _JSON and path.is_file() and path.stat().st_size > whole:
        found = survey(path, chunk)
        if found is not None:
            place = reading_of(found.headings, {}).place
            unique = place is not None and are_unique(path, place, chunk)
            for listed in pieces(path, found, chunk):
                yield plots_of(listed, path, source, {}, places=unique, headings=found.headings)
            return
    if path.suffix.lower() not in _PARQUET:
        yield import_plots(path)
        return
    places: bool | None = None
    for features in geoparquet_batches(path, rows):
        if places is None:
            places = _places_are_ids(path)
        yield plots_of(features, path, source, {}, places=places)


def twice(repeated: pl.DataFrame, source: str, name: str) -> pl.DataFrame:
    """Rejects (contract `REJECTS`) of rows whose plot came in an earlier row of file ``name``.

    ``repeated`` has the columns plot and source_row.
    """
    found = [same_id(plot, row, source, name) for plot, row in repeated.select("plot", "source_row").iter_rows()]
    return pl.DataFrame(found, schema=REJECTS.schema).sort(REJECTS.key, nulls_last=False)


def _places_are_ids(path: Path) -> bool:
    """Whether every row has a ProductionPlace of its own; not looked at in files of more than five million."""
    file = _pq.ParquetFile(path)
    place = reading_of([str(name) for name in file.schema_arrow.names], {}).place
    if place is None or file.metadata.num_rows > _MOST_PLACES:
        return False
    said = pl.scan_parquet(path).select(pl.col(place).cast(pl.String).str.strip_chars().fill_null("")).collect()
    return bool((said[place] != "").all()) and said[place].n_unique() == said.height
