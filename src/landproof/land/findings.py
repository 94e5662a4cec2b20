"""What a patch means for each harm.

A patch is judged for itself, so that an old clearing or a crop map cannot excuse a new clearing elsewhere
(criteria 3.1, readings AMB-19 to AMB-22).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from landproof.land.decode import Meaning
from landproof.land.patches import Change, View, Vote
from landproof.land.thresholds import Thresholds
from landproof.land.zones import Zone


@dataclass(frozen=True, slots=True)
class Finding:
    """What a patch means for one harm; exactly one of the four is filled, or none.

    ``proved``: the code of a proved harm. ``doubts``: what keeps a signal from being proved, or silence from
    being proof. ``excuse``: why a change is no harm. ``blind``: a map that is needed says nothing here.
    """

    proved: str | None = None
    doubts: tuple[str, ...] = ()
    excuse: str | None = None
    blind: bool = False


_BLIND = Finding(blind=True)
_POSSIBLE = (Vote.YES, Vote.DISPUTED)


def deforestation(view: View, thresholds: Thresholds) -> Finding:
    """Forest at the cut-off, lost after it, farmed since (DCF-3.1-1, 3.1-7)."""
    if view.change.counts and view.forest in _POSSIBLE:
        if view.use is Meaning.AGRICULTURE:
            return _harm(view, view.forest, "C-FOREST")
        if view.use is Meaning.UNKNOWN:
            return _harm(view, view.forest, "C-FOREST", "I-USE")
    if view.forest is Vote.UNKNOWN or view.unseen:
        return _BLIND
    if not view.change.counts:
        missed = view.forest in _POSSIBLE and _may_be_missed(view, thresholds)
        return missed or Finding(excuse="N-BEFORE" if view.change is Change.BEFORE else None)
    if view.forest is not Vote.NO:
        return Finding(excuse="N-USE")
    # A forest map alone cannot excuse a change: a second map must have looked (trees may have stood there).
    if view.natural is Vote.UNKNOWN:
        return _harm(view, Vote.NO, "C-FOREST", "I-TREECROP")
    return Finding(excuse="N-NONNATURAL" if view.natural is Vote.NO else "N-NOT-FOREST")


def conversion(view: View, thresholds: Thresholds) -> Finding:
    """Another natural ecosystem turned to any use, or forest turned to a use that is not farming (DCF-3.1-2)."""
    if view.change.counts:
        found = _conversion_of_changed(view)
        if found.doubts or found.proved:
            return found
    else:
        found = Finding(excuse="N-BEFORE" if view.change is Change.BEFORE else None)
    if Vote.UNKNOWN in (view.forest, view.natural) or view.unseen:
        return _BLIND
    if view.change.counts or view.cannot_have_been_natural:
        return found
    return _may_be_missed(view, thresholds) or found


def _conversion_of_changed(view: View) -> Finding:
    if view.forest in _POSSIBLE:
        if view.use is Meaning.OTHER_USE:
            return _harm(view, view.forest, "C-OTHER-USE")
        if view.use is Meaning.NO_USE:
            return Finding(excuse="N-USE")
        if view.use is Meaning.AGRICULTURE:  # deforestation, unless it was not forest after all
            doubtful = view.forest is Vote.DISPUTED and view.natural is not Vote.NO
            return _harm(view, Vote.DISPUTED, "C-NATURAL") if doubtful else Finding(excuse="N-FOREST")
        return _harm(view, view.forest, "C-OTHER-USE", "I-USE")
    if view.forest is Vote.NO and view.natural in _POSSIBLE:
        if view.use is Meaning.AGRICULTURE:
            return _harm(view, view.natural, "C-NATURAL")
        if view.use is Meaning.OTHER_USE:
            return _harm(view, view.natural, "C-OTHER-USE")
        return _harm(view, view.natural, "C-NATURAL", "I-USE")  # trees on former grassland may be planted
    return Finding(excuse="N-NONNATURAL")


def wood_degradation(view: View, thresholds: Thresholds) -> Finding:  # noqa: ARG001 - as all the others
    """A forest of another type since the cut-off (DCF-3.1-3). No map of types is read, so forest stays unseen."""
    return Finding() if view.cannot_have_been_natural or view.zone is Zone.FRINGE else _BLIND


def peat(view: View, thresholds: Thresholds) -> Finding:  # noqa: ARG001
    """Peat drained, developed or burned (DCF-3.1-4). No open map shows drainage, so peat alone stays in doubt."""
    if view.zone is Zone.FRINGE:
        return Finding()  # peat beside a plot is another's
    if view.peat is Vote.UNKNOWN:
        return _BLIND
    if view.peat is Vote.NO:
        return Finding(excuse="N-NO-PEAT")
    developed = view.use in (Meaning.AGRICULTURE, Meaning.OTHER_USE) and Vote.YES in (view.forest, view.natural)
    if view.peat is Vote.YES and developed and view.change is Change.CONFIRMED:
        return Finding(proved="C-PEAT-DRAIN")
    return Finding(doubts=("I-PEAT",))


def degradation(view: View, thresholds: Thresholds) -> Finding:  # noqa: ARG001
    """A natural ecosystem damaged for good (DCF-3.1-5). Maps show damage; whether it lasts, a person must say."""
    if view.cannot_have_been_natural or view.zone is Zone.FRINGE:
        return Finding()
    if view.degraded.counts:
        return Finding(doubts=("I-DEGRADE",))
    if view.degradation_unseen:
        return _BLIND
    return Finding(excuse="N-BEFORE" if view.degraded is Change.BEFORE else None)


FINDERS: Mapping[str, Callable[[View, Thresholds], Finding]] = {
    "deforestation": deforestation,
    "conversion": conversion,
    "wood degradation": wood_degradation,
    "peat": peat,
    "degradation": degradation,
}
Found: TypeAlias = tuple[View, Finding]


def codes_of(view: View, finding: Finding) -> tuple[str, ...]:
    """The doubts of a finding, those of its place and size included."""
    found = list(finding.doubts)
    if view.speck and view.change.counts:
        found.append("I-SMALL")
    if view.zone is Zone.FRINGE:
        found.append("I-FRINGE")
    return tuple(found)


def _may_be_missed(view: View, thresholds: Thresholds) -> Finding | None:
    """The doubt that is left where nobody reports a change; none where enough have looked."""
    if view.seldom:
        return Finding(doubts=("I-CLOUD",))
    if view.residual > thresholds.most_residual:
        return Finding(doubts=("I-RESIDUAL",))
    return None


def _harm(view: View, baseline: Vote, proof: str, *doubts: str) -> Finding:
    """Proved when baselines agree, witnesses enough date the change after the cut-off, and no doubt is left."""
    found = list(doubts)
    if baseline is Vote.DISPUTED:
        found.append("I-BASELINE")
    if view.change is Change.STRADDLES:
        found.append("I-STRADDLE")
    if view.change is Change.ONE_FAMILY:
        found.append("I-ONE-FAMILY")
    if view.change is Change.WEAK:
        found.append("I-WEAK")
    if view.unseen and found:
        found.append("A-NODATA")
    return Finding(doubts=tuple(found)) if found else Finding(proved=proof)
