"""How many independent witnesses layers are (conversion-verdict 5.2).

Many layers are children of each other: a forest map made from five maps is not a sixth witness beside them. Layers
of one family look at the same images in much the same way. So two layers are *tied*, and count as one witness at
most, when

- one was made from the other, directly or over others in between,
- both were made from one and the same third map,
- they are of one family (or, of a composite of alerts, one of its parents is),
- for a conviction, one is of ``hls_auto`` and the other of a family whose scenes it shares.

A composite whose parents are unknown is no witness at all. The number of witnesses is the largest number of
layers of which no two are tied; a further layer can therefore never lower it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

COMPOSITE = "composite"
# DIST (hls) sees the scenes that Landsat and Sentinel-2 products see.
SHARES_SCENES = {"hls_auto": frozenset({"landsat_auto", "s2_auto"})}


@dataclass(frozen=True, slots=True, order=True)
class Witness:
    """What independence rests on.

    ``names``: the id of the layer and the names by which other layers cite it as a parent. ``ancestors``: the
    names of the maps that it was made from, parents of parents included, images (landsat, sentinel-2) left out.
    ``families``: its family; of a composite of alerts those of its parents, of another composite none.
    """

    id: str
    names: tuple[str, ...]
    ancestors: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    composite: bool = False

    @property
    def is_none(self) -> bool:
        """A composite of nobody knows what."""
        return self.composite and not self.ancestors and not self.families


def witnesses_for_conviction(said: Iterable[Witness]) -> int:
    """How many independent witnesses have said so, where scenes seen twice count once."""
    return _count(tuple(sorted(set(said))), True)


def witnesses_for_silence(silent: Iterable[Witness]) -> int:
    """How many independent witnesses were silent; here each family counts for itself."""
    return _count(tuple(sorted(set(silent))), False)


def tied(one: Witness, other: Witness, *, conviction: bool) -> bool:
    """Whether the two count as one witness at most."""
    if _cites(one, other) or _cites(other, one) or set(one.ancestors) & set(other.ancestors):
        return True
    shared = set(one.families) & set(other.families)
    return bool(shared) or (conviction and (_sees_as(one, other) or _sees_as(other, one)))


def _cites(child: Witness, parent: Witness) -> bool:
    return not set(child.ancestors).isdisjoint(parent.names)


def _sees_as(one: Witness, other: Witness) -> bool:
    return any(not SHARES_SCENES.get(family, frozenset()).isdisjoint(other.families) for family in one.families)


@lru_cache(maxsize=4096)
def _count(said: tuple[Witness, ...], conviction: bool) -> int:
    return _largest([each for each in said if not each.is_none], conviction)


def _largest(left: Sequence[Witness], conviction: bool) -> int:
    """The size of the largest set without a tie; catalogues have few layers."""
    if not left:
        return 0
    first, rest = left[0], left[1:]
    untied = [other for other in rest if not tied(first, other, conviction=conviction)]
    with_first = 1 + _largest(untied, conviction)
    return with_first if len(untied) == len(rest) else max(with_first, _largest(rest, conviction))
