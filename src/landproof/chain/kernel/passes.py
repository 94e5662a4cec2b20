"""The two passes: what is in each lot, from the origins on; and where a lot comes from, back to them."""

from typing import NamedTuple

import numpy as np

from landproof.chain.arrays import Flags, Floats, Ints, Small
from landproof.compiled import Int, compiled, inlined

JOINED = -2  # in place of the only plot behind a node: there are several, or one is unknown

_UNKNOWN, _COUNTRY, _NO_MODEL = 1, 2, 4  # as in `Trait`
_NOT_STATED, _IDENTITY_PRESERVED, _SEGREGATED = np.int8(-1), np.int8(0), np.int8(1)


class Found(NamedTuple):
    """By node. Shares of mass: ``at_plot`` from plots, ``at_country`` from no more than a country.

    ``traits`` as in `Trait`. ``custody``: rank of the weakest model that goods can have had on the way, -1 where
    no step states one. ``only``: the plot that all of it comes from, or `JOINED`. ``steps`` on the longest way
    from an origin; ``depth``, the same with inner nodes, bounds the roundings in a share.
    """

    at_plot: Floats
    at_country: Floats
    traits: Ints
    custody: Small
    only: Ints
    steps: Ints
    depth: Ints


@inlined
def _add(total: float, lost: float, value: float) -> tuple[float, float]:
    """A sum that keeps what rounding loses (Neumaier 1974)."""
    added = total + value
    if abs(total) >= abs(value):
        lost += (total - added) + value
    else:
        lost += (value - added) + total
    return added, lost


@compiled
def forward(
    nodes: Ints, first: Ints, source: Ints, mass: Ints, model: Small, settles: Flags, lots: int, found: Found
) -> None:
    """Work out ``nodes``, which stand after their sources; leaves among them stay as they are in ``found``."""
    for node in nodes:
        begin, end = first[node], first[node + 1]
        if begin == end:
            continue
        whole = np.int64(0)
        plot, plot_lost, country, country_lost = 0.0, 0.0, 0.0, 0.0
        traits = found.traits[node]  # what is true of it itself
        custody, steps, depth = _NOT_STATED, 0, 0
        only = found.only[source[begin]]
        for edge in range(begin, end):
            other: Int = source[edge]
            whole += mass[edge]
            weight = float(mass[edge])
            plot, plot_lost = _add(plot, plot_lost, float(weight * found.at_plot[other]))
            country, country_lost = _add(country, country_lost, float(weight * found.at_country[other]))
            traits |= found.traits[other]
            if model[edge] == _NOT_STATED:
                traits |= _NO_MODEL
            custody = max(custody, model[edge], found.custody[other])
            steps = max(steps, found.steps[other])
            depth = max(depth, found.depth[other])
            if found.only[other] != only:
                only = JOINED
        if only == JOINED and custody == _IDENTITY_PRESERVED:
            custody = _SEGREGATED
        plot, country = (plot + plot_lost) / whole, (country + country_lost) / whole
        if settles[node]:
            country = 1.0 - plot
            if traits & _UNKNOWN:
                traits = (traits & ~_UNKNOWN) | _COUNTRY
        found.at_plot[node], found.at_country[node] = plot, country
        found.traits[node], found.only[node], found.custody[node] = traits, only, custody
        found.steps[node] = steps + (1 if node < lots else 0)
        found.depth[node] = depth + 1


@compiled
def backward(nodes: Ints, first: Ints, source: Ints, mass: Ints, wanted: Floats) -> None:
    """Pass on what is ``wanted`` of each node to its sources, by mass; ``nodes`` stand before their sources."""
    for node in nodes:
        amount = wanted[node]
        if amount == 0.0:
            continue
        whole = np.int64(0)
        for edge in range(first[node], first[node + 1]):
            whole += mass[edge]
        for edge in range(first[node], first[node + 1]):
            if mass[edge]:
                wanted[source[edge]] += amount * float(mass[edge]) / float(whole)


@compiled
def spread(sequence: Ints, first: Ints, source: Ints, mass: Ints, start: int, may: Flags, share: Floats) -> None:
    """Where what is in ``start`` may be, and its share of each node by mass; both are to be all zero before."""
    may[start] = True
    share[start] = 1.0
    for node in sequence:
        if node == start:
            continue
        whole = np.int64(0)
        part, lost = 0.0, 0.0
        for edge in range(first[node], first[node + 1]):
            other: Int = source[edge]
            whole += mass[edge]
            if may[other]:
                may[node] = True
                part, lost = _add(part, lost, float(mass[edge] * share[other]))
        if may[node] and whole > 0:
            share[node] = (part + lost) / whole


@compiled
def downstream(sequence: Ints, first: Ints, source: Ints, found: Flags) -> None:
    """Add to the nodes in ``found`` all that anything of them may be in."""
    for node in sequence:
        for edge in range(first[node], first[node + 1]):
            if found[source[edge]]:
                found[node] = True
                break


@compiled
def causes(sequence: Ints, first: Ints, source: Ints, model: Small, cause: Ints, weak: int, found: Ints) -> None:
    """By node the one thing in its way, wherever upstream: an edge, or (below -2) a node.

    -1: nothing is; -2: several things are. ``cause`` by node: what it is itself, or -1. Edges are in the way that
    state no model, or one of rank ``weak`` or weaker.
    """
    for node in sequence:
        only = cause[node]
        for edge in range(first[node], first[node + 1]):
            other: Int = source[edge]
            upstream = found[other]
            if model[edge] == _NOT_STATED or model[edge] >= weak:
                upstream = edge if upstream == -1 else -2
            if upstream != -1 and only != upstream:
                only = upstream if only == -1 else -2
        found[node] = only
