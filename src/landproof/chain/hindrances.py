"""What stands in the way of a lot, and the shortest way from it to that."""

from dataclasses import dataclass

import numpy as np

from landproof.chain.arrays import NONE, Flags, Ints
from landproof.chain.graph import Graph, Trait
from landproof.chain.kernel.passes import causes

NOTHING, SEVERAL = -1, -2
WEAK = 2  # rank in CUSTODY_MODELS from which goods are no longer kept apart (AMB-37)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Something in the way: an ``edge`` of the graph, or an origin or loop (``node``); the other is `NONE`.

    ``path``: the nodes from the lot asked for to it; ``steps``: the edges between them.
    """

    edge: int
    node: int
    path: tuple[int, ...]
    steps: tuple[int, ...]


class Hindrances:
    """What is in the way in ``graph``; ``not_clean`` by plot: it is not shown to be unconverted."""

    def __init__(self, graph: Graph, not_clean: Flags) -> None:
        self.graph = graph
        self.not_clean = not_clean
        self._cause = np.full(graph.nodes, NOTHING, dtype=np.int64)
        looped = np.flatnonzero(graph.own & int(Trait.LOOP) != 0)
        for nodes in (graph.places.lots + np.flatnonzero(not_clean), looped):
            self._cause[nodes] = self.of_node(nodes)

    @staticmethod
    def of_node(node: Ints) -> Ints:
        """The name of what a node itself puts in the way."""
        return -3 - node

    def only(self) -> Ints:
        """By lot: the one thing in its way, `NOTHING`, or `SEVERAL`."""
        graph = self.graph
        model = np.where(graph.source == graph.places.unknown, np.int8(NONE), graph.model)
        found = np.full(graph.nodes, NOTHING, dtype=np.int64)
        causes(graph.sequence, graph.first, graph.source, model, self._cause, WEAK, found)
        return found[: graph.places.lots]

    def nearest(self, lot: int, most: int = 5, *, country_will_do: bool = False) -> list[Hindrance]:
        """Up to ``most`` things in the way of ``lot``, the nearest first; equal ones by their numbers.

        ``country_will_do``: an origin of which only the country is known is not in the way.
        """
        graph = self.graph
        came: dict[int, tuple[int, int]] = {lot: (NONE, NONE)}  # by node, from which and over which edge
        found: list[Hindrance] = []
        front = [lot]
        while front and len(found) < most:
            following: list[int] = []
            for node in front:
                if self._cause[node] < SEVERAL:
                    found.append(Hindrance(NONE, node, *_way(came, node)))
                for edge in range(int(graph.first[node]), int(graph.first[node + 1])):
                    source = int(graph.source[edge])
                    nowhere = source == graph.places.unknown
                    settled = country_will_do and graph.settles[node]
                    apart = NONE != graph.model[edge] < WEAK or (nowhere and graph.fact[edge] == NONE)
                    if (nowhere and not settled) or not apart:
                        found.append(Hindrance(edge, NONE, *_way(came, node)))
                    if not nowhere and source not in came:
                        came[source] = node, edge
                        following.append(source)
            front = following
        return found[:most]


def _way(came: dict[int, tuple[int, int]], node: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    path, steps = [node], list[int]()
    while came[node][0] != NONE:
        node, edge = came[node]
        path.append(node)
        steps.append(edge)
    return tuple(reversed(path)), tuple(reversed(steps))
