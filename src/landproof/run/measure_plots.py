"""Measures a file of plots, or the plots of a case."""

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from filelock import FileLock, Timeout

from landproof.casefile import durable
from landproof.casefile.case import open_case
from landproof.domain.errors import UsageError
from landproof.domain.messages import Message, text
from landproof.land.tables import AREAS, LAYERS
from landproof.land.thresholds import Terms
from landproof.layers.catalogue import Catalogue, load_catalogue
from landproof.layers.ledger import CHANGES, JUDGED
from landproof.layers.lock import registered
from landproof.run.executors import Executor, executor
from landproof.run.gather import gathered
from landproof.run.measure import layers_of, whole
from landproof.run.measuring import CELLS, LEDGER, Run, finish, measure_parts
from landproof.run.pictured import draw_pictures
from landproof.run.plot_cells import PlotCells, cells_of_file, cells_of_frame
from landproof.run.plot_files import areas_file, check_rows, writer_for
from landproof.run.results import Counts
from landproof.run.review import Review, review
from landproof.run.terms import terms_of
from landproof.run.work import WORK, remember_catalogue

Progress = Callable[..., None]
_SHOWN = 20  # rejects that are told one by one; all are in a file


@dataclass(frozen=True, slots=True)
class MeasuredPlots:
    """What became of the plots of a file or a case.

    ``counts``: plots by harm and verdict. ``judged`` of the ``plots`` were judged in this run; for the others
    nothing within their reach had changed. ``rejected`` rows were no plots; ``refusals`` says of the first why.
    ``changes``: verdicts that differ from those of the run before; null without one. ``problems``: tiles that
    could not be read, and planes that are damaged or not there. ``written``: the files.
    """

    counts: Counts
    plots: int
    judged: int
    rejected: int = 0
    refusals: Sequence[Message] = ()
    changes: pl.DataFrame | None = None
    problems: Sequence[Message] = ()
    written: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """Where the work is done, and by which ``terms``: the published ones, if none are given.

    ``keep``: the folder in which results are kept for later runs. ``planes``: one that `store_planes` filled. What
    it has is read in place of rasters, and every output is the same to the byte.
    """

    on: str | None = None
    workers: int | None = None
    keep: Path | None = None
    planes: Path | None = None
    language: str = "en"
    terms: Terms = field(default_factory=terms_of)


def measure_file(
    plots: Path,
    layers: Path,
    output: Path | None,
    *,
    options: Options | None = None,
    progress: Progress | None = None,
) -> MeasuredPlots:
    """Measure the plots of a file in any form that intake reads, and write the result to ``output``.

    ``output`` ends in .parquet, .csv, .geojson or .xlsx. A run that was interrupted goes on where it stopped: its
    work is in the folder ``keep``, or beside ``output`` until it is done. Raises `UsageError` for another ending,
    before measuring, and other `LandproofError`.
    """
    options = options or Options()
    write = None if output is None else writer_for(output)
    done_by = executor(options.on, options.workers)
    _check_planes(options.planes)
    catalogue = registered(load_catalogue(layers))
    with _store(options.keep, output) as store:
        divided = cells_of_file(plots, store / CELLS, progress)
        if output is not None:
            check_rows(output, sum(part.plots for part in divided.parts))
        run = _run(divided, catalogue, store, options, done_by, progress)
        found = review(run, store / CELLS)
        written: list[Path] = []
        if output is not None and write is not None:
            with tempfile.TemporaryDirectory(prefix=durable.TEMPORARY, dir=store) as scratch:
                write(output, gathered(run, divided.path, Path(scratch)), options.language)
            written = [output, *_beside(output, divided, catalogue, found)]
        refusals = divided.refusals(_SHOWN)
        if options.keep is not None:
            written += _kept(store, run, found)
    return MeasuredPlots(
        run.counts,
        run.plots,
        run.judged,
        divided.rejected,
        refusals,
        found.changes if found.compared else None,
        _problems(run, catalogue, options.planes),
        written,
    )


def measure_case(
    folder: Path, layers: Path, *, options: Options | None = None, progress: Progress | None = None
) -> MeasuredPlots:
    """Measure the plots of a case and keep areas, verdicts, layers and the ledger in it; later runs judge by them.

    Pictures of converted and doubtful plots are kept as well, up to `MOST_PICTURES`, for later reports.
    Raises `UsageError` when the case has no plots, and other `LandproofError`.
    """
    options = options or Options()
    if options.terms.exploration:
        raise UsageError(text("An exploration proves nothing, so no case can hold it. Measure a file of plots."))
    done_by = executor(options.on, options.workers)
    _check_planes(options.planes)
    case = open_case(folder)
    parts = case.state().facts.get("plots", [])
    plots = case.read_table("plots", parts)
    if plots.is_empty():
        raise UsageError(text("%(case)s has no plots yet. Import a file of plots first."), case=folder.name)
    catalogue = registered(load_catalogue(layers))
    with _store(options.keep or folder / WORK, None) as store:
        run = _run(cells_of_frame(plots, store / CELLS), catalogue, store, options, done_by, progress)
        measured = whole(run, catalogue)
        found = review(run, store / CELLS)
        drawn = draw_pictures(plots, measured, catalogue, options.terms, options.planes)
        with case.writing() as writer:
            tables = {
                "plot_status": writer.put_table("plot_status", measured.plot_status),
                AREAS.name: writer.put_table(AREAS.name, measured.areas),
                LAYERS.name: writer.put_table(LAYERS.name, measured.layers),
            }
            files = {
                layers.name: writer.put_object(layers.read_bytes()),
                "terms.txt": writer.put_object(f"{options.terms}\n".encode()),
                LEDGER: writer.put_object(run.ledger.to_json().encode()),
            }
            pictures = {plot: writer.put_object(picture.encode()) for plot, picture in drawn.items()}
            content = {"tables": tables, "plots": parts, "files": files, "pictures": pictures}
            writer.state("measure", content)
            remember_catalogue(folder, layers)
        _kept(store, run, found)
    return MeasuredPlots(
        run.counts,
        run.plots,
        run.judged,
        changes=found.changes if found.compared else None,
        problems=_problems(run, catalogue, options.planes),
    )


def _run(
    divided: PlotCells,
    catalogue: Catalogue,
    store: Path,
    options: Options,
    done_by: Executor,
    progress: Progress | None,
) -> Run:
    return measure_parts(
        divided.parts, divided.path, catalogue, store, done_by,
        terms=options.terms, planes=options.planes, progress=progress,
    )  # fmt: skip


def _check_planes(planes: Path | None) -> None:
    if planes is not None and not planes.is_dir():
        raise UsageError(
            text(
                "There is no folder of bit planes %(folder)s. Store them by `landproof layers planes LAYERS "
                "--store %(folder)s`, or leave out --planes."
            ),
            folder=planes,
        )


@contextmanager
def _store(keep: Path | None, output: Path | None) -> Generator[Path]:
    """Where the work lies: kept for good, or until all is done beside ``output``, or nowhere for long."""
    if keep is None and output is None:
        with tempfile.TemporaryDirectory(prefix="landproof-") as folder:
            yield Path(folder)
        return
    store = keep if keep is not None else _beside_output(output)
    with durable.told(store):
        store.mkdir(parents=True, exist_ok=True)
        lock = FileLock(store / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise UsageError(
                text("Another process is measuring in %(folder)s. Wait until it has ended, then try again."),
                folder=store,
            ) from error
    try:
        durable.sweep(store)
        yield store
    finally:
        lock.release()
    if keep is None:
        shutil.rmtree(store, ignore_errors=True)


def _beside_output(output: Path | None) -> Path:
    assert output is not None  # noqa: S101 (one of the two is there)
    return output.with_name(f".{output.name}.measuring")


def _beside(output: Path, divided: PlotCells, catalogue: Catalogue, found: Review) -> Iterator[Path]:
    """Write the tables that explain ``output`` beside it: areas, layers, rejects, changes."""
    beside = areas_file(output)
    if beside is not None:
        yield beside
    tables: list[tuple[str, pl.DataFrame]] = [("layers", layers_of(catalogue))]
    if found.compared:
        tables.append(("changes", found.changes.with_columns(pl.col("tiles").list.join(";"))))
    for name, frame in tables:
        path = output.with_suffix(f".{name}.csv")
        durable.write_file(path, lambda to, frame=frame: frame.write_csv(to))
        yield path
    rejects = output.with_suffix(".rejects.csv")
    if divided.rejected:
        durable.write_file(rejects, lambda to: pl.scan_parquet(divided.rejects).sink_csv(to))
        yield rejects
    else:
        rejects.unlink(missing_ok=True)  # of an earlier run under the same name


def _kept(store: Path, run: Run, found: Review) -> list[Path]:
    """Keep the ledger, and what differs from the run before, in the folder of results."""
    tables = {CHANGES.name: found.changes, JUDGED.name: found.judged} if found.compared else {}
    paths = [store / f"{name}.parquet" for name in tables]
    for path, frame in zip(paths, tables.values(), strict=True):
        durable.write_file(path, lambda to, frame=frame: frame.write_parquet(to))
    finish(store, run)
    return paths


def _problems(run: Run, catalogue: Catalogue, planes: Path | None) -> list[Message]:
    """The tiles that could not be read or whose planes are damaged, each once; how many have no planes."""
    found = {(each.layer, each.file): each.message for each in (*catalogue.problems, *run.problems)}
    told = [found[name] for name in sorted(found)]
    if run.bare and planes is not None:
        sentence = text(
            "%(count)s of %(tiles)s tiles have no planes in %(folder)s, so their rasters are read. `landproof "
            "layers planes` stores those of all tiles that can have them."
        )
        values = {"count": f"{run.bare:,}", "tiles": f"{len(run.ledger.tiles):,}", "folder": str(planes)}
        told.append(Message(sentence, values))
    return told
