"""Where a lot, or many of them, comes from: mass by origin, and every plot that may be in it.

Of one lot exactly; of many together in floating-point numbers, added in an order that only the ids decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from landproof.chain.apportion import clearly, largest_remainder
from landproof.chain.arrays import Floats, Ints
from landproof.chain.graph import Graph
from landproof.chain.kernel.order import reach
from landproof.chain.kernel.passes import backward


@dataclass(frozen=True, slots=True)
class Behind:
    """The plots (by number) that may be in what was asked for, and the whole grams of it that come from each."""

    plots: Ints
    grams: Ints


class Tracer:
    """Answers what stands behind lots; ``graph`` stays as it is."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._place = np.empty(graph.nodes, dtype=np.int64)
        self._place[graph.sequence] = np.arange(graph.nodes)
        self._seen = np.zeros(graph.nodes, dtype=np.int64)
        self._found = np.empty(graph.nodes, dtype=np.int64)
        self._amounts = np.zeros(graph.nodes)  # all zero between questions
        self._asked = 0

    def upstream(self, lots: Ints) -> Ints:
        """The nodes of ``lots`` and of all that may be in them, each before its sources."""
        graph, self._asked = self.graph, self._asked + 1
        size = reach(graph.first, graph.source, lots, self._seen, self._asked, self._found)
        if size > graph.nodes // 20:  # then it is faster to walk through all that there is than to sort
            every = graph.sequence[::-1]
            return every[self._seen[every] == self._asked]
        found = self._found[:size]
        return found[np.argsort(-self._place[found])]

    def grams(self, wanted: Mapping[int, int], nodes: Ints | None = None) -> tuple[Ints, Floats]:
        """The plots that may be in lots, and the grams from each, of so many of each lot that is ``wanted``.

        ``nodes``: what is `upstream` of them, if it is known.
        """
        lots = np.array(sorted(wanted), dtype=np.int64)
        amounts, graph = self._amounts, self.graph
        behind = self.upstream(lots) if nodes is None else nodes
        amounts[lots] = [wanted[lot] for lot in lots.tolist()]
        backward(behind, graph.first, graph.source, graph.mass, amounts)
        plots = np.sort(behind[(behind >= graph.places.lots) & (behind < graph.places.country)])
        found = amounts[plots]
        amounts[behind] = 0.0
        return plots - graph.places.lots, found

    def exact_shares(self, lot: int, nodes: Ints | None = None) -> dict[int, Fraction]:
        """The share of each origin (a node) in ``lot``: they add up to one; 0 for one that only may be in it."""
        graph = self.graph
        shares: dict[int, Fraction] = {lot: Fraction(1)}
        found: dict[int, Fraction] = {}
        for node in (self.upstream(np.array([lot])) if nodes is None else nodes).tolist():
            share = shares.pop(node, Fraction(0))
            edges = slice(graph.first[node], graph.first[node + 1])
            if edges.start == edges.stop:
                found[node] = share
                continue
            if not share:
                continue
            mass = graph.mass[edges].tolist()
            part = share / sum(mass)
            for source, grams in zip(graph.source[edges].tolist(), mass, strict=True):
                if grams:
                    shares[source] = shares.get(source, Fraction(0)) + part * grams
        return found

    def behind(self, lot: int, whole: int, plot_g: int) -> Behind:
        """The plots behind ``lot``; their grams are those of ``whole``, and add up to ``plot_g``.

        Odd grams go to the largest remainders, of equal ones to the plots that come first. Floating-point numbers
        are enough wherever they settle that; else it is worked out exactly.
        """
        nodes = self.upstream(np.array([lot]))
        plots, amounts = self.grams({lot: whole}, nodes)
        grams = clearly(amounts, plot_g)
        if grams is None:
            shares = self.exact_shares(lot, nodes)
            exact = [whole * shares[plot] for plot in (plots + self.graph.places.lots).tolist()]
            grams = largest_remainder(exact, plot_g)
        return Behind(plots, grams)
