"""What plots hold, in whole square metres that add up: by class of each layer, and by what all layers say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from landproof.land.kernel.area import areas_m2
from landproof.land.kernel.wkb import pack
from landproof.land.patches import Patch
from landproof.land.shares import whole_square_metres
from landproof.land.tables import AREAS
from landproof.land.thresholds import FOREST_PATCH_M2, Terms, Thresholds
from landproof.land.verdict import PIECES
from landproof.land.zones import Zone, grown
from landproof.layers.catalogue import Catalogue
from landproof.layers.classes import NO_DATA_CLASS
from landproof.layers.landscape import Landscape
from landproof.layers.lattice import Lattice
from landproof.layers.look import Judging
from landproof.layers.overlay import Overlayer, Weights

_shapely = cast(Any, shapely)  # it has no types
Floats = npt.NDArray[np.float64]

_CM2 = 10_000


@dataclass(frozen=True, slots=True)
class Holdings:
    """``areas`` as in `AREAS`, ``plot`` being its number; ``pieces`` and ``patches`` as `decide` takes them.

    ``near``: the plots that a change lies in or near, whose pieces are told by zone and size of their patches.
    """

    areas: pl.DataFrame
    pieces: pl.DataFrame
    patches: list[Patch]
    near: frozenset[int]


def holdings(
    lands: Sequence[shapely.Geometry],
    sigmas: Floats,
    catalogue: Catalogue,
    overlayer: Overlayer,
    *,
    terms: Terms,
) -> Holdings:
    """What valid polygons in longitude and latitude hold. Raises `LayerError`.

    ``sigmas``: the standard error of each outline in metres. Plots that no change may touch, fringe included, are
    told patch by patch of their land; the others by zone and by size of the patches on the landscape, too.
    """
    shapes = pack([_shapely.to_wkb(land, output_dimension=2) for land in lands])
    seen = Judging(catalogue, overlayer.classes, terms)
    found = list(overlayer.weigh(shapes, sigmas * terms.thresholds.fringe_sigmas, seen.look))
    wholes = pl.DataFrame({"plot": range(len(lands)), "cm2": np.rint(areas_m2(shapes) * _CM2).astype(np.int64)})
    found.append(_bare(wholes, found, len(catalogue.layers)))
    patches: dict[Patch, int] = {}
    pieces: list[pl.DataFrame] = [pl.DataFrame(schema=PIECES)]
    looked_closer: set[int] = set()
    for weights in found:
        if len(weights.layers) < len(catalogue.layers) or (weights.lattice is None and weights.own):
            continue
        far = weights.frame.filter(~pl.col("plot").is_in(weights.near.tolist()))
        order, distinct = _ordered([Patch(seen.states(row)) for row in weights.classes])
        shared = whole_square_metres(_mapped(far, "patch", order), "patch", wholes)
        pieces.append(_numbered(shared, distinct, patches))
        if weights.lattice is not None and len(weights.near):
            numbers = weights.near
            looked_closer.update(numbers.tolist())
            chosen = wholes[numbers].with_columns(plot=pl.int_range(len(numbers)))
            near = [lands[int(number)] for number in numbers]
            closer = _pieces(
                near, sigmas[numbers], chosen, weights.lattice, overlayer, seen, terms.thresholds, patches
            )
            pieces.append(closer.with_columns(plot=pl.Series(numbers).gather(closer["plot"])))
    return Holdings(
        _areas(found, wholes, catalogue, overlayer),
        pl.concat(each.select(pl.col(name).cast(kind) for name, kind in PIECES.items()) for each in pieces),
        list(patches),
        frozenset(looked_closer),
    )


def class_areas(
    lands: Sequence[shapely.Geometry], catalogue: Catalogue, overlayer: Overlayer, *, terms: Terms
) -> pl.DataFrame:
    """Areas (as in `AREAS`, ``plot`` being its number) of valid polygons that nobody judges."""
    shapes = pack([_shapely.to_wkb(land, output_dimension=2) for land in lands])
    found = list(overlayer.weigh(shapes, np.zeros(len(lands)), Judging(catalogue, overlayer.classes, terms).look))
    wholes = pl.DataFrame({"plot": range(len(lands)), "cm2": np.rint(areas_m2(shapes) * _CM2).astype(np.int64)})
    found.append(_bare(wholes, found, len(catalogue.layers)))
    return _areas(found, wholes, catalogue, overlayer)


def _areas(
    found: Sequence[Weights], wholes: pl.DataFrame, catalogue: Catalogue, overlayer: Overlayer
) -> pl.DataFrame:
    areas = [
        _class_areas(number, found, wholes, overlayer).with_columns(layer=pl.lit(layer.id))
        for number, layer in enumerate(catalogue.layers)
    ]
    return pl.concat(areas).select(column.name for column in AREAS.columns)


def _ordered(found: Sequence[Patch]) -> tuple[list[int], list[Patch]]:
    """The place of each patch in an order that does not depend on what was met first, and the distinct patches."""
    distinct = sorted(set(found), key=_order)
    place = {patch: number for number, patch in enumerate(distinct)}
    return [place[patch] for patch in found], distinct


def _order(patch: Patch) -> tuple[tuple[tuple[str, str, str], ...], int, bool, bool]:
    states = tuple((state.meaning.value, str(state.earliest), str(state.latest)) for state in patch.states)
    return states, patch.zone, patch.grove, patch.speck


def _numbered(pieces: pl.DataFrame, distinct: Sequence[Patch], patches: dict[Patch, int]) -> pl.DataFrame:
    """``pieces`` with the numbers that ``patches`` has for ``distinct``; new ones get the next."""
    numbers = pl.Series([patches.setdefault(patch, len(patches)) for patch in distinct], dtype=pl.Int32)
    return pieces.with_columns(patch=numbers.gather(pieces["patch"]))


def _pieces(
    lands: Sequence[shapely.Geometry],
    sigmas: Floats,
    wholes: pl.DataFrame,
    lattice: Lattice,
    overlayer: Overlayer,
    seen: Judging,
    thresholds: Thresholds,
    patches: dict[Patch, int],
) -> pl.DataFrame:
    """The pieces of plots, by their place among ``lands``: by zone and size of the patches on the landscape."""
    reference = overlayer.references[lattice.crs]
    everyone = np.arange(len(lands))
    core, plots, outer = (
        reference.shapes(pack(_shapely.to_wkb(outline, output_dimension=2).tolist()), everyone)
        for outline in (
            grown(lands, -sigmas),
            np.array(lands, dtype=object),
            grown(lands, sigmas * thresholds.fringe_sigmas),
        )
    )
    layers = len(overlayer.classes)
    landscape = Landscape(
        overlayer, lattice, layers, seen.look, forest_m2=FOREST_PATCH_M2, change_m2=thresholds.change_patch_m2
    )
    pieces = landscape.pieces(core, plots, outer)
    states = [seen.states(row) for row in pieces.classes[:, :layers]]
    marks = pieces.classes[:, layers:].astype(bool).tolist()
    order, distinct = _ordered(
        [Patch(own, zone, *marked) for zone in Zone for own, marked in zip(states, marks, strict=True)]
    )
    found = pieces.frame.with_columns(code=pl.col("zone").cast(pl.Int32) * len(states) + pl.col("code"))
    frame = _mapped(found, "patch", order).with_columns(inside=found["zone"] < Zone.FRINGE.value)
    shared = pl.concat(
        [
            whole_square_metres(frame.filter("inside"), "patch", wholes),
            frame.filter(~pl.col("inside")).select("plot", "patch", area_m2=pl.col("cm2") // _CM2),
        ]
    )
    return _numbered(shared, distinct, patches)


def _bare(wholes: pl.DataFrame, found: Sequence[Weights], layers: int) -> Weights:
    """The weights of plots without any tile: no data everywhere."""
    under = pl.concat([wholes["plot"].clear(), *(each.frame["plot"].unique() for each in found if each.lattice)])
    frame = wholes.filter(~pl.col("plot").is_in(under.implode())).select(
        "plot", pl.lit(0, pl.Int32).alias("code"), "cm2"
    )
    nothing = np.full((1, layers), NO_DATA_CLASS, dtype=np.uint16)
    return Weights(tuple(range(layers)), (), None, np.zeros(0, dtype=np.int64), frame, nothing)


def _class_areas(layer: int, found: Sequence[Weights], wholes: pl.DataFrame, overlayer: Overlayer) -> pl.DataFrame:
    """Areas by class of one layer: on the finest lattice that has it, or where it was looked up."""
    classes = overlayer.classes[layer]
    parts: list[pl.DataFrame] = []
    done = pl.Series("plot", [], dtype=pl.Int64)
    for weights in [
        *(each for each in found if layer in each.own),
        *(each for each in found if layer in each.layers and layer not in each.own),
    ]:
        place = weights.layers.index(layer)
        frame = _mapped(weights.frame, "number", weights.classes[:, place].tolist())
        part = frame.filter(~pl.col("plot").is_in(done.implode()))
        parts.append(part)
        done = pl.concat([done, part["plot"].unique()])
    numbers = sorted({number for part in parts for number in part["number"].unique().to_list()}, key=classes.label)
    names = pl.DataFrame(
        {
            "class": [classes.label(number) for number in numbers],
            "meaning": [classes.state(number).meaning.value for number in numbers],
            "year": [classes.year(number) for number in numbers],
        },
        schema={"class": pl.String, "meaning": pl.String, "year": pl.Int64},
    ).with_row_index("place")
    place_of = {number: place for place, number in enumerate(numbers)}
    listed = pl.concat(parts).with_columns(place=pl.col("number").replace_strict(place_of, return_dtype=pl.UInt32))
    return whole_square_metres(listed, "place", wholes).join(names, on="place").drop("place")


def _mapped(frame: pl.DataFrame, name: str, by_code: Sequence[int]) -> pl.DataFrame:
    """The weights with what a code stands for as column ``name``."""
    lookup = pl.Series(by_code, dtype=pl.Int32)
    return frame.select("plot", lookup.gather(frame["code"]).alias(name), "cm2")
