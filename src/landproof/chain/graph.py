"""The chain as arrays of whole numbers: nodes, and the mass that each passes on to others."""

from dataclasses import dataclass, replace
from enum import IntFlag
from typing import Any

import numpy as np
import numpy.typing as npt

from landproof.chain.arrays import NONE, SAME, Flags, Ints, Small
from landproof.chain.kernel.order import in_order, strong_components


class Trait(IntFlag):
    """What is true of a node when it is true of anything that may be in it."""

    UNKNOWN = 1  # a part comes from nobody knows where
    COUNTRY = 2  # of a part only the country is known
    NO_MODEL = 4  # a step does not say how goods were kept apart
    LOOP = 8  # it, or something in it, is made of itself
    MODELLED = 16  # an origin is a model's guess


@dataclass(frozen=True, slots=True)
class Places:
    """Which node is what: first the lots, then the plots, two origins that are no plot, and inner nodes.

    Inner nodes are steps, states of vessels, and loops.
    """

    lots: int
    plots: int

    @property
    def country(self) -> int:
        """The origin of which only the country is known."""
        return self.lots + self.plots

    @property
    def unknown(self) -> int:
        """The origin that nobody knows."""
        return self.country + 1

    @property
    def inner(self) -> int:
        """The first of the inner nodes."""
        return self.unknown + 1


@dataclass(frozen=True, slots=True)
class Edges:
    """What passes from ``source`` to ``into``: grams of ``mass``, kept apart by ``model``.

    Without mass: what may be in a node though no mass can be put down to it. ``model``: rank in CUSTODY_MODELS,
    or `NONE`, or `SAME`. ``fact``: the number of the delivery or event that says so, or `NONE`.
    """

    source: Ints
    into: Ints
    mass: Ints
    model: Small
    fact: Ints

    @classmethod
    def of(
        cls, source: Ints | int, into: Ints, mass: Ints | int, model: Ints | Small | int, fact: Ints | int = NONE
    ) -> "Edges":
        """Edges into ``into``; what is the same for all may be one number."""

        def spread(part: Ints | Small | int, kind: type[np.signedinteger[Any]] = np.int64) -> npt.NDArray[Any]:
            return np.broadcast_to(np.asarray(part, dtype=kind), into.shape)

        return cls(spread(source), into, spread(mass), spread(model, np.int8), spread(fact))

    @classmethod
    def together(cls, *parts: "Edges") -> "Edges":
        """All of ``parts``."""
        return cls(
            np.concatenate([part.source for part in parts]),
            np.concatenate([part.into for part in parts]),
            np.concatenate([part.mass for part in parts]),
            np.concatenate([part.model for part in parts]),
            np.concatenate([part.fact for part in parts]),
        )

    def where(self, kept: Flags | Ints) -> "Edges":
        """The edges that are ``kept``, or those with these numbers."""
        return Edges(self.source[kept], self.into[kept], self.mass[kept], self.model[kept], self.fact[kept])


@dataclass(frozen=True, slots=True)
class Graph:
    """Edges into node n are numbers ``first[n]`` to ``first[n + 1]``, in the order of their sources.

    ``sequence`` has all nodes, each after its sources. ``settles``: by node, whether its country is known, which
    settles what no plot does. ``own``: by node, as `Trait`, what is true of it whatever its sources are. ``loop``:
    by node, the loop that it was in before loops were cut, or `NONE`.
    """

    places: Places
    first: Ints
    source: Ints
    mass: Ints
    model: Small
    fact: Ints
    sequence: Ints
    settles: Flags
    own: Ints
    loop: Ints

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return self.first.size - 1

    @classmethod
    def of(cls, places: Places, inner: int, edges: Edges, settles: Flags, own: Ints) -> "Graph":
        """The graph of ``edges`` between lots, plots and ``inner`` inner nodes; ``settles`` and ``own`` by node.

        Of what is made of itself nothing can be put down to any origin, and all that went into any part of a loop
        may be in all of it. So every loop gets one more inner node, which has it all, and nothing else counts.
        """
        nodes = places.inner + inner
        edges, first = _in_order(edges, nodes)
        sequence, component = strong_components(first, edges.source)
        looped = np.bincount(component, minlength=nodes)[component] > 1
        looped[edges.into[edges.source == edges.into]] = True
        loop = np.full(nodes, NONE, dtype=np.int64)
        members = np.flatnonzero(looped)
        if members.size:
            names, loop[members] = np.unique(component[members], return_inverse=True)
            hubs = nodes + np.arange(names.size)
            edges, first = _in_order(_cut(edges, loop, members, hubs, places.unknown), nodes + names.size)
            sequence, _ = strong_components(first, edges.source)
            loop = np.concatenate([loop, np.full(names.size, NONE)])
            own = np.concatenate([own, np.full(names.size, int(Trait.LOOP))])
            settles = np.concatenate([settles & ~looped, np.zeros(names.size, dtype=np.bool_)])
        return cls(places, first, edges.source, edges.mass, edges.model, edges.fact, sequence, settles, own, loop)


def _cut(edges: Edges, loop: Ints, members: Ints, hubs: Ints, unknown: int) -> Edges:
    of_into = loop[edges.into]
    inside = (of_into != NONE) & (of_into == loop[edges.source])
    entering = (of_into != NONE) & ~inside
    kept = edges.where(~inside)
    return Edges.together(
        replace(kept, mass=np.where(loop[kept.into] != NONE, 0, kept.mass)),
        Edges.of(edges.source[entering], hubs[of_into[entering]], 0, edges.model[entering], edges.fact[entering]),
        Edges.of(unknown, hubs, 1, NONE),
        Edges.of(hubs[loop[members]], members, 1, SAME),
    )


def _in_order(edges: Edges, nodes: int) -> tuple[Edges, Ints]:
    """The same edges by where they lead to and then by where they come from, and where those of a node begin."""
    order, first = in_order(edges.source, edges.into, edges.mass, edges.model, edges.fact, nodes)
    return edges.where(order), first
