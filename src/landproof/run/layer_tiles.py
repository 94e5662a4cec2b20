"""Registers the layers of a catalogue, and says and fetches the tiles that plots need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl
import shapely

from landproof.casefile.case import open_case
from landproof.domain.facts.land import PLOTS
from landproof.domain.messages import Message
from landproof.domain.tables import conform
from landproof.intake.plots import import_plots
from landproof.land.ellipsoid import footprint
from landproof.layers.catalogue import each_layer, load_catalogue
from landproof.layers.classes import Classes
from landproof.layers.download import NotThere, Patience, ask, fetch
from landproof.layers.errors import LayerError
from landproof.layers.lock import registered, write_lock
from landproof.layers.needs import Need, Needs, needs
from landproof.layers.planes import PlaneStore
from landproof.layers.register import Checked, check, refused
from landproof.reference.editions import load_edition

Progress = Callable[..., None]
_shapely = cast(Any, shapely)  # it has no types


@dataclass(frozen=True, slots=True)
class Registered:
    """Every layer as it was checked; ``lock`` is the file that was written, null where a layer was refused."""

    checked: Sequence[Checked]
    lock: Path | None


@dataclass(frozen=True, slots=True)
class Planned:
    """What a set of plots needs. ``fetched`` and ``failed`` are filled where tiles were to be fetched.

    ``not_published``: tiles that the producer does not have, such as those of the sea. ``unmeasured``: plots
    without a usable outline.
    """

    needs: Needs
    plots: int
    unmeasured: int
    fetched: tuple[str, ...] = ()
    failed: tuple[Message, ...] = ()
    not_published: tuple[str, ...] = ()


def register_layers(catalogue: Path, *, patience: Patience | None = None) -> Registered:
    """Check every layer of ``catalogue``, and write its lock when none is refused. Raises `LayerError`."""
    cut_off = load_edition().cut_off
    checked = [
        refused(name, layer) if isinstance(layer, LayerError) else check(layer, cut_off=cut_off)
        for name, layer in each_layer(catalogue)
    ]
    good = [each.layer for each in checked if each.layer is not None and not each.refusals]
    if len(good) < len(checked):
        return Registered(checked, None)
    return Registered(checked, write_lock(catalogue, good, patience))


@dataclass(frozen=True, slots=True)
class Stored:
    """A tile and the file of its planes, with its size; null where a tile has none and is read as it is."""

    layer: str
    file: str
    planes: str | None
    size: int | None


def store_planes(catalogue: Path, store: Path, *, progress: Progress | None = None) -> list[Stored]:
    """Write the planes of every tile of ``catalogue`` that has none yet to ``store``. Raises `LayerError`.

    They hold as long as no raster and no decode rule changes. Damaged ones are written again.
    """
    layers, planes = registered(load_catalogue(catalogue)), PlaneStore(store)
    tiles = [
        (tile, classes)
        for layer, classes in ((layer, Classes(layer.decoder)) for layer in layers.layers)
        for tile in layer.tiles
    ]
    found: list[Stored] = []
    for number, (tile, classes) in enumerate(tiles):
        if progress is not None:
            progress(number, len(tiles), tile.name)
        path = planes.build(tile, classes)
        size = None if path is None else path.stat().st_size
        found.append(Stored(tile.layer, tile.name, None if path is None else path.name, size))
    return found


def plan_layers(
    plots: Path,
    catalogue: Path,
    *,
    sizes: bool = False,
    fetching: bool = False,
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> Planned:
    """The tiles that the plots of a file or a case need; with ``fetching`` those that are not there are fetched.

    The network is asked only with ``sizes`` or ``fetching``. A tile that cannot be fetched holds up no other.
    """
    lands, unmeasured = _lands(_plots(plots))
    found = needs(load_catalogue(catalogue, network=False), lands)
    plan = Planned(found, len(lands) + unmeasured, unmeasured)
    if sizes:
        plan = _sized(plan, patience)
    return _fetched(plan, patience, progress) if fetching else plan


def _sized(plan: Planned, patience: Patience | None) -> Planned:
    tiles: list[Need] = []
    failed = list(plan.failed)
    absent: list[str] = []
    for need in plan.needs.tiles:
        size = need.size
        if size is None and need.url is not None:
            try:
                size = ask(need.url, patience).size
            except NotThere:
                absent.append(need.file)
            except LayerError as why:
                failed.append(why.message)
        tiles.append(replace(need, size=size))
    found = replace(plan.needs, tiles=tuple(tiles))
    return replace(plan, needs=found, failed=tuple(failed), not_published=tuple(absent))


def _fetched(plan: Planned, patience: Patience | None, progress: Progress | None) -> Planned:
    wanted = [need for need in plan.needs.tiles if not need.there and not need.in_place and need.url is not None]
    done: list[str] = []
    absent: list[str] = []
    failed: list[Message] = []
    for number, need in enumerate(wanted):
        assert need.url is not None  # noqa: S101 (chosen above)
        assert need.place.path is not None  # noqa: S101 (what is not read in place has a name here)
        if progress is not None:
            progress(number, len(wanted), need.file)
        try:
            fetch(need.url, need.place.path, sha256=need.place.sha256, size=need.place.size, patience=patience)
            done.append(need.file)
        except NotThere:
            absent.append(need.file)
        except LayerError as why:
            failed.append(why.message)
    tiles = tuple(_again(need) for need in plan.needs.tiles)
    return replace(
        plan,
        needs=replace(plan.needs, tiles=tiles),
        fetched=tuple(done),
        failed=(*plan.failed, *failed),
        not_published=tuple(sorted({*plan.not_published, *absent})),
    )


def _again(need: Need) -> Need:
    path = need.place.path
    if path is None or not path.is_file():
        return need
    return replace(need, there=True, size=path.stat().st_size)


def _plots(path: Path) -> pl.DataFrame:
    if (path / "case.toml").exists():
        case = open_case(path)
        return case.read_table("plots", case.state().facts.get("plots", []))
    return conform(import_plots(path).plots, PLOTS)


def _lands(plots: pl.DataFrame) -> tuple[list[shapely.Geometry], int]:
    """The land of each plot, and how many plots have none."""
    binaries = np.array(plots["geometry"].to_list(), dtype=object)
    geometries: Any = _shapely.from_wkb(binaries, on_invalid="ignore")
    lands = [
        footprint(geometry, area)
        for geometry, area in zip(geometries, plots["area_ha"], strict=True)
        if geometry is not None and not geometry.is_empty
    ]
    return lands, plots.height - len(lands)
