"""What is true of each lot after facts have changed: worked out again only downstream of the change."""

from typing import NamedTuple

import numpy as np

from landproof.chain.arrays import NONE, Flags, Ints
from landproof.chain.flows import Flows
from landproof.chain.forward import Origins, blank
from landproof.chain.graph import Graph
from landproof.chain.kernel.passes import JOINED, downstream, forward
from landproof.chain.supply import numbers


class Updated(NamedTuple):
    """The same as from scratch, to the bit. ``again``: by node, whether it was worked out again."""

    origins: Origins
    again: Flags


def updated(before: Flows, known: Origins, flows: Flows) -> Updated:
    """The origins of ``flows``, given those ``known`` of the flows ``before`` the change.

    A node stays as it was known where what goes into it is the same, and the same holds of all that is upstream.
    """
    graph = flows.graph
    then = _then(before, flows)
    again = ~_unchanged(before.graph, graph, then)
    downstream(graph.sequence, graph.first, graph.source, again)
    found, old = blank(graph), known.found
    stays = np.flatnonzero(~again)
    for now, was in zip(found, old, strict=True):
        now[stays] = was[then[stays]]
    only = found.only[stays]
    found.only[stays] = np.where(only == JOINED, JOINED, _now(then, before.graph.nodes)[only])
    sequence = graph.sequence[again[graph.sequence]]
    lots = graph.places.lots
    forward(sequence, graph.first, graph.source, graph.mass, graph.model, graph.settles, lots, found)
    return Updated(Origins(graph, found), again)


def _then(before: Flows, flows: Flows) -> Ints:
    """By node, the node that it was before, or `NONE`. Hubs of loops are always new."""
    now, was = flows.graph.places, before.graph.places
    then = np.full(flows.graph.nodes, NONE, dtype=np.int64)
    for first, ids, offset, known in (
        (0, flows.lots, 0, before.lots),
        (now.lots, flows.plots, was.lots, before.plots),
        (now.inner, flows.inner, was.inner, before.inner),
    ):
        found = numbers(ids, known)
        then[first : first + ids.len()] = np.where(found == NONE, NONE, found + offset)
    then[now.country], then[now.unknown] = was.country, was.unknown
    return then


def _now(then: Ints, count: int) -> Ints:
    """The other way round."""
    now = np.full(count, NONE, dtype=np.int64)
    kept = np.flatnonzero(then != NONE)
    now[then[kept]] = kept
    return now


def _unchanged(before: Graph, graph: Graph, then: Ints) -> Flags:
    """Of which nodes the same is true, and the same goes into them in the same order."""
    count = np.diff(graph.first)
    was = np.where(then == NONE, 0, then)
    same = (then != NONE) & (count == np.diff(before.first)[was])
    same &= (graph.settles == before.settles[was]) & (graph.own == before.own[was])
    into = np.repeat(np.arange(graph.nodes), count)
    edges = np.flatnonzero(same[into])
    into = into[edges]
    then_edges = before.first[then[into]] + edges - graph.first[into]
    alike = (
        (then[graph.source[edges]] == before.source[then_edges])
        & (graph.mass[edges] == before.mass[then_edges])
        & (graph.model[edges] == before.model[then_edges])
    )
    same[into[~alike]] = False
    return same
