"""The order in which lots can be worked out: every lot after all that went into it."""

import numpy as np

from landproof.chain.arrays import Ints, Small
from landproof.compiled import compiled


@compiled
def in_order(source: Ints, into: Ints, mass: Ints, model: Small, fact: Ints, nodes: int) -> tuple[Ints, Ints]:
    """The numbers of edges by where they lead to, then source, mass and model; and where those of each node begin.

    Sorted by counting, twice: the order of the edges given must not matter, not even for the order of sums.
    """
    begin = np.zeros(nodes + 1, dtype=np.int64)
    for edge in range(source.size):
        begin[source[edge] + 1] += 1
    for node in range(nodes):
        begin[node + 1] += begin[node]
    by_source = np.empty(source.size, dtype=np.int64)
    for edge in range(source.size):
        by_source[begin[source[edge]]] = edge
        begin[source[edge]] += 1
    first = np.zeros(nodes + 1, dtype=np.int64)
    for edge in range(into.size):
        first[into[edge] + 1] += 1
    for node in range(nodes):
        first[node + 1] += first[node]
    at = first.copy()
    order = np.empty(into.size, dtype=np.int64)
    for edge in by_source:
        place = at[into[edge]]
        at[into[edge]] += 1
        # Of edges between the same nodes, which are few, the lighter comes first.
        while place > first[into[edge]]:
            other = order[place - 1]
            if source[other] != source[edge] or (
                (mass[other], model[other], fact[other]) <= (mass[edge], model[edge], fact[edge])
            ):
                break
            order[place] = other
            place -= 1
        order[place] = edge
    return order, first


@compiled
def strong_components(first: Ints, source: Ints) -> tuple[Ints, Ints]:
    """All nodes, each after its sources, and the component of each (Tarjan 1972, without recursion).

    Edges into node n are numbers ``first[n]`` to ``first[n + 1]``, from ``source``. Nodes that are made of one
    another share a component and stand together; numbers of components grow in that order.
    """
    count = first.size - 1
    index = np.full(count, -1, dtype=np.int64)  # when a node was first met
    low = np.empty(count, dtype=np.int64)  # the earliest node known to be made of it
    component = np.full(count, -1, dtype=np.int64)
    sequence = np.empty(count, dtype=np.int64)
    waiting = np.empty(count, dtype=np.int64)
    path = np.empty(count, dtype=np.int64)
    edge = np.empty(count, dtype=np.int64)
    met, done, kept, found = 0, 0, 0, 0
    for root in range(count):
        if index[root] >= 0:
            continue
        depth = 0
        path[0] = root
        index[root] = low[root] = met
        met += 1
        edge[root] = first[root]
        waiting[kept] = root
        kept += 1
        while depth >= 0:
            node = path[depth]
            if edge[node] < first[node + 1]:
                other = source[edge[node]]
                edge[node] += 1
                if index[other] < 0:
                    depth += 1
                    path[depth] = other
                    index[other] = low[other] = met
                    met += 1
                    edge[other] = first[other]
                    waiting[kept] = other
                    kept += 1
                elif component[other] < 0:
                    low[node] = min(low[node], index[other])
                continue
            depth -= 1
            if depth >= 0:
                low[path[depth]] = min(low[path[depth]], low[node])
            if low[node] == index[node]:
                while True:
                    kept -= 1
                    other = waiting[kept]
                    component[other] = found
                    sequence[done] = other
                    done += 1
                    if other == node:
                        break
                found += 1
    return sequence, component


@compiled
def reach(first: Ints, source: Ints, starts: Ints, seen: Ints, name: int, found: Ints) -> int:
    """Put the nodes ``starts`` and all that went into them in ``found``, in any order; gives how many there are.

    ``seen`` and ``found`` are memory by node; nothing in ``seen`` may be ``name`` before, what is found is then.
    """
    size = 0
    for start in starts:
        if seen[start] != name:
            seen[start] = name
            found[size] = start
            size += 1
    at = 0
    while at < size:
        node = found[at]
        at += 1
        for edge in range(first[node], first[node + 1]):
            other = source[edge]
            if seen[other] != name:
                seen[other] = name
                found[size] = other
                size += 1
    return size
