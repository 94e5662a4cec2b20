"""Weighs plots with an overlayer and lists hectares, or square centimetres, by what the layers say."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely

from landproof.land.kernel.wkb import pack
from landproof.layers.catalogue import load_catalogue
from landproof.layers.errors import Problem
from landproof.layers.overlay import Overlayer, Weights
from landproof.layers.planes import PlaneStore

Said = dict[tuple[str, ...], int]  # square centimetres by what each layer of the lattice says


def weights(
    path: Path, plots: Sequence[shapely.Geometry], store: Path | None = None
) -> tuple[list[Said], tuple[Problem, ...]]:
    """Per plot, square centimetres on its home lattice; and what was wrong with tiles."""
    overlayer = Overlayer(load_catalogue(path), None if store is None else PlaneStore(store))
    found: list[Said] = [{} for _ in plots]
    for each in overlayer.weigh(
        pack(shapely.to_wkb(list(plots), byte_order=1).tolist()), np.zeros(len(plots)), None
    ):
        if each.lattice is not None:
            add(each, overlayer, found)
    overlayer.close()
    return found, overlayer.problems


def add(each: Weights, overlayer: Overlayer, found: list[Said]) -> None:
    for plot, code, cm2 in each.frame.iter_rows():
        said = tuple(
            overlayer.classes[layer].label(number)
            for layer, number in zip(each.layers, each.classes[code].tolist(), strict=True)
        )
        found[plot][said] = found[plot].get(said, 0) + cm2
