"""What plots hold, in whole square metres that add up: by class of each layer, and by what all layers say together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely

from landproof.land.decode import State
from landproof.land.kernel.area import areas_m2
from landproof.land.kernel.wkb import pack
from landproof.land.patches import Patch
from landproof.land.shares import whole_square_metres
from landproof.land.tables import AREAS
from landproof.layers.catalogue import Catalogue
from landproof.layers.classes import NO_DATA_CLASS
from landproof.layers.overlay import Overlayer, Weights

_CM2 = 10_000


@dataclass(frozen=True, slots=True)
class Holdings:
    """``areas`` as in `AREAS`, ``plot`` being the number of a plot; ``patches`` of each plot."""

    areas: pl.DataFrame
    patches: list[list[Patch]]


def holdings(lands: Sequence[shapely.Geometry], catalogue: Catalogue, overlayer: Overlayer) -> Holdings:
    """What valid polygons in longitude and latitude hold. Raises `LayerError`."""
    shapes = pack([shapely.to_wkb(land, output_dimension=2) for land in lands])
    found = list(overlayer.weigh(shapes))
    wholes = pl.DataFrame({"plot": range(len(lands)), "cm2": np.rint(areas_m2(shapes) * _CM2).astype(np.int64)})
    found.append(_bare(wholes, found, len(catalogue.layers)))
    home = [each for each in found if each.at_home]
    patches: list[list[Patch]] = [[] for _ in lands]
    for weights in home:
        for plot, patch in _patches(weights, overlayer, wholes):
            patches[plot].append(patch)
    areas = [
        _class_areas(number, found, wholes, overlayer).with_columns(layer=pl.lit(layer.id))
        for number, layer in enumerate(catalogue.layers)
    ]
    return Holdings(pl.concat(areas).select(column.name for column in AREAS.columns), patches)


def _bare(wholes: pl.DataFrame, found: Sequence[Weights], layers: int) -> Weights:
    """The weights of plots without any tile: no data everywhere."""
    under = pl.concat([wholes["plot"].clear(), *(each.frame["plot"].unique() for each in found if each.at_home)])
    frame = wholes.filter(~pl.col("plot").is_in(under.implode())).select(
        "plot", pl.lit(0, pl.Int32).alias("code"), "cm2"
    )
    nothing = np.full((1, layers), NO_DATA_CLASS, dtype=np.uint16)
    return Weights(tuple(range(layers)), (), at_home=True, frame=frame, classes=nothing)


def _patches(weights: Weights, overlayer: Overlayer, wholes: pl.DataFrame) -> Iterator[tuple[int, Patch]]:
    """Number of a plot and a patch of it, in the order of plots and of states."""
    combined = [
        tuple(
            overlayer.classes[layer].state(int(number)) for layer, number in zip(weights.layers, row, strict=True)
        )
        for row in weights.classes
    ]
    distinct = sorted(set(combined), key=_order)
    place = {states: number for number, states in enumerate(distinct)}
    frame = _mapped(weights, "states", [place[states] for states in combined])
    for plot, states, area in whole_square_metres(frame, "states", wholes).iter_rows():
        yield plot, Patch(distinct[states], area)


def _order(states: tuple[State, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple((state.meaning.value, str(state.earliest), str(state.latest)) for state in states)


def _class_areas(layer: int, found: Sequence[Weights], wholes: pl.DataFrame, overlayer: Overlayer) -> pl.DataFrame:
    """Areas by class of one layer: on the finest lattice that has it, or where it was looked up."""
    classes = overlayer.classes[layer]
    parts: list[pl.DataFrame] = []
    done = pl.Series("plot", [], dtype=pl.Int64)
    for weights in [
        *(each for each in found if layer in each.own),
        *(each for each in found if each.at_home and layer not in each.own),
    ]:
        place = weights.layers.index(layer)
        frame = _mapped(weights, "number", weights.classes[:, place].tolist())
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


def _mapped(weights: Weights, name: str, by_code: Sequence[int]) -> pl.DataFrame:
    """The weights with what a code stands for as column ``name``."""
    lookup = pl.Series(by_code, dtype=pl.Int32)
    return weights.frame.select("plot", lookup.gather(weights.frame["code"]).alias(name), "cm2")
