"""What is true of each lot, worked out from the origins on."""

from dataclasses import dataclass

import numpy as np

from landproof.chain.arrays import Ints, Small
from landproof.chain.graph import Graph, Trait
from landproof.chain.kernel.passes import Found, forward

_ROUNDINGS = 2.0**-50  # of each step, relative: more than its four roundings can do


@dataclass(frozen=True, slots=True)
class Origins:
    """By lot: what is known of its origins. ``found`` is by node."""

    graph: Graph
    found: Found

    @property
    def custody(self) -> Small:
        """Rank of the weakest custody model that goods can have had on the way; -1 where no step states one."""
        return self.found.custody[: self.graph.places.lots]

    @property
    def steps(self) -> Ints:
        """Deliveries and events on the longest way from an origin."""
        return self.found.steps[: self.graph.places.lots]

    def has(self, trait: Trait) -> "np.typing.NDArray[np.bool_]":
        """Of which lots it is true."""
        return self.found.traits[: self.graph.places.lots] & int(trait) != 0

    def grams(self, whole: Ints, lots: Ints | None = None) -> tuple[Ints, Ints]:
        """Of ``whole`` grams of each of the ``lots``, or of all: from plots, and from plots or a known country.

        Rounded down; what is within the error of its own calculation of a whole gram is taken for it. Whether all
        of a lot is traced does not rest on that: less than all is at least a gram less.
        """
        chosen = slice(0, self.graph.places.lots) if lots is None else lots
        at_plot, at_country = self.found.at_plot[chosen], self.found.at_country[chosen]
        slack = whole * (self.found.depth[chosen] + 2) * _ROUNDINGS
        traits = self.found.traits[chosen]
        unknown, country = traits & Trait.UNKNOWN != 0, traits & Trait.COUNTRY != 0
        plot_g = np.floor(whole * at_plot + slack).astype(np.int64)
        known_g = np.floor(whole * (at_plot + at_country) + slack).astype(np.int64)
        known_g = np.where(unknown, np.minimum(known_g, whole - 1), whole)
        plot_g = np.where(unknown | country, np.minimum(plot_g, whole - 1), whole)
        return np.maximum(np.minimum(plot_g, known_g), 0), np.maximum(known_g, 0)


def origins(graph: Graph) -> Origins:
    """The origins of all nodes."""
    found = blank(graph)
    forward(
        graph.sequence, graph.first, graph.source, graph.mass, graph.model, graph.settles, graph.places.lots, found
    )
    return Origins(graph, found)


def blank(graph: Graph) -> Found:
    """Before anything is worked out: only the origins are known."""
    places, nodes = graph.places, graph.nodes
    found = Found(
        np.zeros(nodes),
        np.zeros(nodes),
        graph.own.copy(),
        np.full(nodes, -1, dtype=np.int8),
        np.full(nodes, -2, dtype=np.int64),
        np.zeros(nodes, dtype=np.int64),
        np.zeros(nodes, dtype=np.int64),
    )
    plots = slice(places.lots, places.lots + places.plots)
    found.at_plot[plots] = 1.0
    found.only[plots] = np.arange(places.lots, places.lots + places.plots)
    found.at_country[places.country] = 1.0
    found.traits[places.country] |= Trait.COUNTRY
    found.traits[places.unknown] |= Trait.UNKNOWN
    return found
