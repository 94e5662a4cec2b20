"""What each lot is made of, as exact shares: proportional mixing at every step, unknown kept as an origin."""

from dataclasses import dataclass

import numpy as np

from landproof.chain.ledger import NONE, Exact, Flags, Ints, Ledger
from landproof.chain.levels import ranges


@dataclass
class Shares:
    """For each lot a run of origins with numerators over the lot's own denominator.

    Origins are plot numbers, then ``placed`` (a country, no plot) and ``untraced``. A plot with
    numerator 0 may be in the lot although no mass can be put down to it.
    """

    first: Ints
    last: Ints
    denominator: Exact
    origin: Ints
    numerator: Exact
    used: int = 0

    @classmethod
    def empty(cls, lots: int) -> "Shares":
        """Shares of ``lots`` lots, none worked out yet."""
        first, last = np.zeros(lots, np.int64), np.zeros(lots, np.int64)
        return cls(first, last, np.ones(lots, dtype=object), np.empty(0, np.int64), np.empty(0, object))

    def append(self, lots: Ints, counts: Ints, origin: Ints, numerator: Exact) -> None:
        """Add the runs of ``lots``, ``counts`` origins each."""
        need = self.used + origin.size
        if need > self.origin.size:
            size = max(need, 2 * self.origin.size)
            self.origin = np.concatenate([self.origin[: self.used], np.empty(size - self.used, np.int64)])
            self.numerator = np.concatenate([self.numerator[: self.used], np.empty(size - self.used, object)])
        self.origin[self.used : need] = origin
        self.numerator[self.used : need] = numerator
        ends = self.used + np.cumsum(counts)
        self.first[lots], self.last[lots] = ends - counts, ends
        self.used = need


def mix(ledger: Ledger, level: Ints, whole: Ints, opaque: Flags) -> Shares:
    """Shares of all lots, level by level.

    ``whole`` is the mass to explain per lot. Of a lot in ``opaque`` nothing can be put down to any
    origin (a mass is missing, or it stands in a cycle); its plots are still listed, with nothing.
    """
    count = level.size
    shares = Shares.empty(count)
    # Lots of a cycle come last; what they would give one another stays unseen.
    rank = np.where(level == NONE, level.max(initial=NONE) + 1, level)
    edges_by_rank, lots_by_rank = np.argsort(rank[ledger.into], kind="stable"), np.argsort(rank, kind="stable")
    edge_ends = np.cumsum(np.bincount(rank[ledger.into], minlength=int(rank.max(initial=0)) + 1))
    lot_ends = np.cumsum(np.bincount(rank, minlength=edge_ends.size))
    for edges, lots in zip(
        np.split(edges_by_rank, edge_ends[:-1]), np.split(lots_by_rank, lot_ends[:-1]), strict=True
    ):
        _mix_level(ledger, shares, lots, edges, whole, opaque, level)
    return shares


def _mix_level(
    ledger: Ledger, shares: Shares, lots: Ints, edges: Ints, whole: Ints, opaque: Flags, level: Ints
) -> None:
    untraced, placed = ledger.plots.len() + 1, ledger.plots.len()
    into, source, plot = ledger.into[edges], ledger.source[edges], ledger.plot[edges]
    mass = np.where(opaque[into], 0, ledger.mass[edges])
    mixed = (source != NONE) & (level[source] != NONE)  # a lot of a cycle passes nothing on that counts
    grown = (plot != NONE) & (source == NONE) & ~ledger.unknown_source[edges]
    sure = grown & ledger.on_file[plot]
    # (1) What is left over: edges from nowhere, and mass that no edge explains.
    lost = ~mixed & ~sure
    given = np.zeros(whole.size, dtype=np.int64)
    np.add.at(given, into[~lost], mass[~lost])
    rest = np.maximum(whole[lots] - given[lots], 0)
    weightless = whole[lots] == 0
    rest = np.where(weightless, 1, rest)
    # (2) One weight per edge: grams over the lot's whole, times what makes its inputs' denominators one.
    common = _common_denominators(shares, whole.size, source[mixed], into[mixed])
    sent, taker = source[mixed], into[mixed]
    told = plot != NONE
    left = rest > 0
    weights = (
        mass[mixed].astype(object) * (common[taker] // shares.denominator[sent]),
        np.where(sure[told], mass[told], 0).astype(object) * common[into[told]],
        rest[left].astype(object) * common[lots[left]],
    )
    shrink = _common_divisors(whole.size, np.concatenate([taker, into[told], lots[left]]), np.concatenate(weights))
    inherited, direct, over = (
        weight // shrink[lot] for weight, lot in zip(weights, (taker, into[told], lots[left]), strict=True)
    )
    # (3) Contributions: inherited from lots, straight from plots, left over.
    pick = ranges(shares.first[sent], shares.last[sent])
    runs = shares.last[sent] - shares.first[sent]
    owner = np.concatenate([np.repeat(taker, runs), into[told], lots[left]])
    origin = np.concatenate([shares.origin[pick], plot[told], np.full(over.size, untraced)])
    amount = np.concatenate([shares.numerator[pick] * np.repeat(inherited, runs), direct, over])
    # A country stated for the lot settles what no plot does.
    settled = ledger.placed[owner] & (origin == untraced) & (level[owner] != NONE)
    origin = np.where(settled, placed, origin)
    _store(shares, owner, origin, amount, placed)
    mass_g = np.where(weightless, 1, whole[lots])
    shares.denominator[lots] = mass_g.astype(object) * common[lots] // shrink[lots]


def _starts(sorted_ids: Ints) -> Ints:
    """Where each run of equal numbers starts."""
    if not sorted_ids.size:
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(np.r_[True, sorted_ids[1:] != sorted_ids[:-1]])


def _common_denominators(shares: Shares, lots: int, source: Ints, into: Ints) -> Exact:
    """Per lot the least common multiple of its input lots' denominators; 1 without input lots."""
    common = np.ones(lots, dtype=object)
    if source.size:
        order = np.argsort(into, kind="stable")
        starts = _starts(into[order])
        common[into[order][starts]] = np.lcm.reduceat(shares.denominator[source[order]], starts)
    return common


def _common_divisors(lots: int, owner: Ints, weights: Exact) -> Exact:
    """Per lot the greatest common divisor of its edges' weights, so that numbers stay small."""
    shrink = np.ones(lots, dtype=object)
    order = np.argsort(owner, kind="stable")
    starts = _starts(owner[order])
    if starts.size:
        shrink[owner[order][starts]] = np.gcd.reduceat(weights[order], starts)
    return shrink


def _store(shares: Shares, owner: Ints, origin: Ints, amount: Exact, placed: int) -> None:
    order = np.argsort(owner * (placed + 2) + origin, kind="stable")
    owner, origin, amount = owner[order], origin[order], amount[order]
    starts = _starts(owner * (placed + 2) + origin)
    if starts.size < owner.size:
        owner, origin, amount = owner[starts], origin[starts], np.add.reduceat(amount, starts)
    # A plot that got nothing stays on the list; nothing left over says nothing.
    keep = (origin < placed) | (amount != 0)
    owner, origin, amount = owner[keep], origin[keep], amount[keep]
    starts = _starts(owner)
    shares.append(owner[starts], np.diff(np.r_[starts, owner.size]), origin, amount)
