"""Opens one plot: from its verdicts to the patches that decided, and from those to the cells of each layer.

The plot is measured again, alone, by the functions that measure all plots; what comes out is compared with the
verdicts that the case keeps. The record of it is plain data, the same for the same inputs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl
import shapely

from landproof.casefile.case import Case, open_case
from landproof.domain.derived import PLOT_STATUS
from landproof.domain.errors import UnreadableInput, UsageError
from landproof.domain.facts.land import PLOTS
from landproof.domain.messages import text
from landproof.domain.tables import conform
from landproof.intake.plot_batches import plot_batches
from landproof.land.picture import MAIN, Picture
from landproof.land.tables import LAYERS
from landproof.land.thresholds import Terms
from landproof.land.verdict import unusable
from landproof.layers.areas import Holdings, class_areas
from landproof.layers.boxes import boxes_round
from landproof.layers.catalogue import Catalogue, load_catalogue
from landproof.layers.errors import Problem
from landproof.layers.ledger import read_ledger
from landproof.layers.lock import registered
from landproof.layers.overlay import Overlayer
from landproof.layers.picture import read_picture
from landproof.layers.reach import Extents, narrowed, reach_m
from landproof.reference.editions import load_edition
from landproof.run.lands import lands_of, sigmas_of
from landproof.run.measure_cell import judged
from landproof.run.measuring import LEDGER
from landproof.run.plot_cells import digest_of_plots
from landproof.run.store import find_run
from landproof.run.why_zones import Zones, zones_of
from landproof.run.work import catalogue_of


@dataclass(frozen=True, slots=True)
class Kept:
    """What a case keeps of a plot. ``status``: its verdicts as they were measured (contract `PLOT_STATUS`).

    ``assessed``: the same as they stand in the last run, of which ``run`` and ``as_of`` tell; null where no run
    rests on what is kept. ``reviews``: the rows of signed reviews. ``layers``: the files that were measured on.
    """

    status: pl.DataFrame
    assessed: pl.DataFrame | None
    run: str | None
    as_of: date | None
    reviews: pl.DataFrame
    layers: pl.DataFrame
    catalogue: str | None
    procedure: str | None
    replaced: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """One plot, opened. ``kept`` is null for a plot of a file, ``found`` and ``picture`` for one without land.

    ``catalogue`` has the tiles within reach of the plot only. ``fringe``: areas by class of the land around.
    """

    plot: str
    row: Mapping[str, Any]
    catalogue: Catalogue
    overlayer: Overlayer
    terms: Terms
    sigma: float
    status: pl.DataFrame
    found: Holdings | None
    fringe: pl.DataFrame | None
    zones: Zones | None
    picture: Picture | None
    kept: Kept | None
    problems: tuple[Problem, ...]


def harm_groups(status: pl.DataFrame) -> list[tuple[str, ...]]:
    """The maps of what decides: deforestation with conversion, and each other harm that somebody must look at."""
    others = status.filter(~pl.col("harm").is_in(MAIN) & pl.col("verdict").is_in(["converted", "inconclusive"]))
    return [MAIN, *((harm,) for harm in others["harm"].to_list())]


def open_plot(where: Path, plot: str, layers: Path | None = None) -> Opened:
    """Open ``plot`` of a case or of a file of plots, on the catalogue ``layers``.

    For a case ``layers`` may be left out while the catalogue lies where the case was last measured. Raises
    `UsageError` for a plot that is not there or a catalogue that must be named, and other `LandproofError`.
    """
    edition = load_edition()
    terms = Terms(edition.cut_off)
    if (where / "case.toml").exists():
        case = open_case(where)
        row, kept = _of_case(case, plot)
        catalogue = registered(load_catalogue(layers or catalogue_of(where)))
    else:
        if layers is None:
            raise UsageError(
                text("Say on which rasters %(plot)s is to be looked at: add --layers and the catalogue's name."),
                plot=plot,
            )
        row, kept = _of_file(where, plot), None
        catalogue = registered(load_catalogue(layers))
    return _opened(plot, row, catalogue, terms, kept)


def _of_case(case: Case, plot: str) -> tuple[Mapping[str, Any], Kept]:
    state = case.state()
    measured: list[str] = state.measured.get("plots", [])
    plots = case.read_table("plots", measured)
    own = plots.filter(pl.col("plot") == plot)
    if not measured:
        raise UsageError(
            text("The plots of %(case)s were never measured. Run `landproof measure` first."),
            case=case.folder.name,
        )
    if own.is_empty():
        raise UsageError(
            text("%(plot)s is no measured plot of %(case)s. Plots are called, for example, %(some)s."),
            plot=plot, case=case.folder.name, some=", ".join(plots["plot"].head(3).to_list()) or "-",
        )  # fmt: skip
    facts = state.facts
    status = case.read_table(PLOT_STATUS.name, facts.get(PLOT_STATUS.name, []))
    now = case.read_table("plots", facts.get("plots", [])).filter(pl.col("plot") == plot)
    described = [column.name for column in PLOTS if column.name not in ("source", "source_row")]
    run, as_of, assessed = _assessed(case, facts, plot)
    names = {name: digest for name, digest in dict(state.measured.get("files", {})).items() if name != LEDGER}
    reviews = case.read_table("land_reviews", facts.get("land_reviews", [])).filter(pl.col("plot") == plot)
    return own.row(0, named=True), Kept(
        status.filter(pl.col("plot") == plot),
        assessed,
        run,
        as_of,
        reviews,
        case.read_table(LAYERS.name, facts.get(LAYERS.name, [])),
        next(iter(names.values()), None),
        _procedure_of(case, dict(state.measured.get("files", {})).get(LEDGER)),
        not now.select(described).equals(own.select(described)),
    )


def _assessed(
    case: Case, facts: Mapping[str, list[str]], plot: str
) -> tuple[str | None, date | None, pl.DataFrame | None]:
    """The verdicts in the last run, where it rests on the verdicts and reviews that the case holds now."""
    try:
        run = find_run(case)
        manifest = run.manifest
        tables: Mapping[str, list[str]] = manifest["tables"]
        if any(
            tables.get(name, []) != facts.get(name, []) for name in (PLOT_STATUS.name, "land_reviews", "plots")
        ):
            return None, None, None
        status = run.table(PLOT_STATUS.name).filter(pl.col("plot") == plot)
        return run.folder.name, date.fromisoformat(manifest["as_of"]), status
    except (UsageError, UnreadableInput, KeyError):
        return None, None, None


def _procedure_of(case: Case, ledger: str | None) -> str | None:
    """By which procedure the case was measured."""
    if ledger is None:
        return None
    try:
        found = read_ledger(case.object_path(ledger).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    return None if found is None else found.procedure


def _of_file(path: Path, plot: str) -> Mapping[str, Any]:
    """The row of ``plot`` in a file of plots."""
    some: list[str] = []
    for batch in plot_batches(path, digest_of_plots(path)):
        rows = conform(batch.plots, PLOTS)
        own = rows.filter(pl.col("plot") == plot)
        if own.height:
            return own.row(0, named=True)
        some = some or rows["plot"].head(3).to_list()
    raise UsageError(
        text(
            "There is no plot %(plot)s in %(file)s, or its row was refused: `landproof measure` lists those. "
            "Plots are called, for example, %(some)s."
        ),
        plot=plot, file=path.name, some=", ".join(some) or "-",
    )  # fmt: skip


def _opened(plot: str, row: Mapping[str, Any], catalogue: Catalogue, terms: Terms, kept: Kept | None) -> Opened:
    frame = pl.DataFrame([row], schema=PLOTS.schema, orient="row")
    land = lands_of(frame)[0]
    sigmas = sigmas_of(frame, terms.thresholds)
    around = near(catalogue, [land], terms)
    overlayer = Overlayer(around)
    try:
        if land is None:
            status = named(unusable(pl.Series([0])), plot)
            return Opened(
                plot, row, around, overlayer, terms, float(sigmas[0]), status, None, None, None, None, kept, ()
            )
        found, decided = judged([land], sigmas, around, overlayer, terms)
        status = named(decided, plot)
        zones = zones_of(land, float(sigmas[0]), terms.thresholds)
        fringe = class_areas([zones.ring], around, overlayer, terms=terms) if zones.fringe_m2 else None
        picture = read_picture(
            land,
            float(sigmas[0]),
            around,
            overlayer,
            terms=terms,
            harms=harm_groups(status),
            closer=0 in found.near,
        )
    finally:
        overlayer.close()
    return Opened(
        plot, row, around, overlayer, terms, float(sigmas[0]), status, found, fringe, zones, picture, kept,
        (*around.problems, *overlayer.problems),
    )  # fmt: skip


def near(catalogue: Catalogue, lands: Sequence[shapely.Geometry | None], terms: Terms) -> Catalogue:
    """The tiles within reach of plots, as measuring all plots chooses them."""
    there = [land for land in lands if land is not None]
    bounds = cast(Any, shapely).bounds(np.array([*there, shapely.Point(0, 0)], dtype=object))
    latitude = ceil(float(np.abs(bounds[:, [1, 3]]).max()))
    _, boxes = boxes_round(lands, reach_m(catalogue, terms.thresholds, latitude))
    return narrowed(catalogue, Extents.of(catalogue).touched(boxes))


def named(status: pl.DataFrame, plot: str) -> pl.DataFrame:
    """The verdicts on one plot, which has a number, as `PLOT_STATUS`."""
    return conform(status.with_columns(plot=pl.lit(plot)), PLOT_STATUS)


def differing(now: pl.DataFrame, kept: pl.DataFrame) -> list[str]:
    """The harms whose verdict, or what it rests on, is not the one that is kept."""
    said = [name for name in PLOT_STATUS.schema if name != "review"]
    mine = {row["harm"]: row for row in now.select(said).iter_rows(named=True)}
    theirs = {row["harm"]: row for row in kept.select(said).iter_rows(named=True)}
    return [harm for harm, row in mine.items() if theirs.get(harm) != row]
