"""One plot at a time, from pieces of land written out by hand."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import polars as pl

from landproof.land.decode import Role, State
from landproof.land.patches import Layer, Patch
from landproof.land.posterior import assumed
from landproof.land.thresholds import PUBLISHED, Terms, Thresholds
from landproof.land.verdict import PIECES, decide
from landproof.land.witnesses import Witness
from landproof.land.zones import Zone

CUT_OFF = date(2020, 12, 31)


def layer(name: str, role: Role, family: str | None = None, **more: object) -> Layer:
    """A layer that was made from no other."""
    composite = family == "composite"  # of nobody knows what
    families = () if family is None or composite else (family,)
    return Layer(
        name,
        role,
        Witness(name, (name,), (), families, composite),
        **{"reliability": assumed(families)} | more,  # type: ignore[arg-type]
    )


class Piece(NamedTuple):
    """What each layer says of some square metres of a plot."""

    states: tuple[State, ...]
    area_m2: int
    zone: Zone = Zone.CORE
    grove: bool = False
    speck: bool = False

    @property
    def patch(self) -> Patch:
        return Patch(self.states, self.zone, self.grove, self.speck)


class Status(NamedTuple):
    """A row of the verdicts."""

    harm: str
    verdict: str
    reasons: tuple[str, ...]
    area_m2: int = 0
    earliest: date | None = None
    latest: date | None = None
    use_after: str | None = None


def decided(
    pieces: Sequence[Piece],
    layers: Sequence[Layer],
    *,
    cut_off: date = CUT_OFF,
    thresholds: Thresholds = PUBLISHED,
) -> list[Status]:
    """The verdicts on the plot that consists of ``pieces``, in the order of harms."""
    rows = [(0, number, piece.area_m2) for number, piece in enumerate(pieces)]
    found = decide(
        pl.DataFrame(rows, schema=PIECES, orient="row"),
        [piece.patch for piece in pieces],
        layers,
        Terms(cut_off, thresholds),
    )
    names = Status._fields
    return [
        Status(**{name: tuple(row[name]) if name == "reasons" else row[name] for name in names})
        for row in found.iter_rows(named=True)
    ]
