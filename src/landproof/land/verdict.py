"""The verdict on a plot: did forest or another natural ecosystem become something else after the cut-off?

A plot arrives as patches: pieces of land on which every layer says one thing, in whole square metres.
The decision is made patch by patch, never by shares of the plot, so that an old clearing or a crop map
cannot excuse a new clearing elsewhere (criteria 3.1, readings AMB-19 to AMB-22).

Two sums decide. What is *proved* counts only what every layer needed knows. What is *possible* counts
unknown land as harmed. Converted needs the first to be large, not converted needs the second to be
negligible; so losing data can take "not converted" away, but never give it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from landproof.land.decode import Meaning, Role
from landproof.land.patches import Change, Layer, Patch, View, Vote, views
from landproof.land.reasons import REASONS, in_order
from landproof.land.zones import Zone

HARMS = ("deforestation", "conversion", "wood degradation", "peat", "degradation")

# Published thresholds, in whole square metres. Below the first a signal is noise. A change is decided without a
# person when its patch on the landscape has the second and the core of the plot holds the third (AMB-20: smaller
# findings go to review, there is no tolerance). The last is what makes trees a forest.
NOISE_M2 = 500
NOISE_PART = 10  # and never more than a tenth of the plot, so that a tiny plot is not all noise
CHANGE_PATCH_M2 = 5_000
CORE_M2 = 1_000
FOREST_PATCH_M2 = 5_000

_DOUBTS = {code for code in REASONS if code.startswith("I-")}
_USES = {
    Meaning.AGRICULTURE: "agriculture",
    Meaning.OTHER_USE: "other",
    Meaning.NOT_AGRICULTURE: "other",
    Meaning.NO_USE: "none",
}


@dataclass(frozen=True, slots=True)
class Status:
    """The verdict on one harm. ``area_m2`` is what the verdict speaks of: changed, doubtful or unseen land."""

    harm: str
    verdict: str
    reasons: tuple[str, ...]
    area_m2: int = 0
    earliest: date | None = None
    latest: date | None = None
    use_after: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a patch means for one harm; exactly one of the four is filled, or none.

    ``proved``: the code of a proved harm. ``doubts``: what keeps a signal from being proved. ``excuse``: why
    a change is no harm. ``blind``: a map that is needed says nothing here.
    """

    proved: str | None = None
    doubts: tuple[str, ...] = ()
    excuse: str | None = None
    blind: bool = False


def decide(patches: Iterable[Patch], layers: Sequence[Layer], *, cut_off: date) -> list[Status]:
    """The verdicts on one plot, one per harm. ``patches`` lists states in the order of ``layers``."""
    seen = views(patches, layers, cut_off=cut_off)
    outdated = {layer.role for layer in layers if layer.fails_date_check(cut_off)}
    inside = [view for view in seen if view.zone is not Zone.FRINGE]
    whole = sum(view.area_m2 for view in inside)
    if whole == 0:
        return unusable()
    no_layer = Status("", "not assessed", ("A-NODATA",), whole)
    return [
        _judge("deforestation", seen, deforestation, outdated & {Role.FOREST, Role.CHANGE}),
        _judge("conversion", seen, conversion, outdated & {Role.FOREST, Role.NATURAL, Role.CHANGE}),
        # No map of forest types, and none of lasting degradation, is read yet.
        replace(no_layer, harm="wood degradation"),
        _judge("peat", inside, peat, set()),  # peat beside a plot is another's
        replace(no_layer, harm="degradation"),
    ]


def unusable() -> list[Status]:
    """The verdicts on a plot whose geometry cannot be measured."""
    return [Status(harm, "not assessed", ("A-GEOM",)) for harm in HARMS]


def deforestation(view: View) -> Finding:
    """Forest at the cut-off, lost after it, farmed since (DCF-3.1-1, 3.1-7)."""
    if view.change.counts and view.forest in (Vote.YES, Vote.DISPUTED):
        if view.use is Meaning.AGRICULTURE:
            return _harm(view, view.forest, "C-FOREST")
        if view.use is Meaning.UNKNOWN:
            return _harm(view, view.forest, "C-FOREST", "I-USE")
    if view.forest is Vote.UNKNOWN or view.unseen:
        return Finding(blind=True)
    if view.change is Change.BEFORE:
        return Finding(excuse="N-BEFORE")
    if not view.change.counts:
        return Finding()
    if view.forest is not Vote.NO:
        return Finding(excuse="N-USE")
    # A forest map alone cannot excuse a change: a second map must have looked (trees may have stood there).
    if view.natural is Vote.UNKNOWN:
        return _harm(view, Vote.NO, "C-FOREST", "I-TREECROP")
    return Finding(excuse="N-NONNATURAL" if view.natural is Vote.NO else "N-NOT-FOREST")


def conversion(view: View) -> Finding:
    """Another natural ecosystem turned to any use, or forest turned to a use that is not farming (DCF-3.1-2)."""
    if view.change.counts:
        found = _conversion_of_changed(view)
        if found.doubts or found.proved:
            return found
    else:
        found = Finding(excuse="N-BEFORE" if view.change is Change.BEFORE else None)
    blind = Vote.UNKNOWN in (view.forest, view.natural) or view.unseen
    return Finding(blind=True) if blind else found


def _conversion_of_changed(view: View) -> Finding:
    if view.forest in (Vote.YES, Vote.DISPUTED):
        if view.use is Meaning.OTHER_USE:
            return _harm(view, view.forest, "C-OTHER-USE")
        if view.use is Meaning.NO_USE:
            return Finding(excuse="N-USE")
        if view.use is Meaning.AGRICULTURE:  # deforestation, unless it was not forest after all
            doubtful = view.forest is Vote.DISPUTED and view.natural is not Vote.NO
            return _harm(view, Vote.DISPUTED, "C-NATURAL") if doubtful else Finding(excuse="N-FOREST")
        return _harm(view, view.forest, "C-OTHER-USE", "I-USE")
    if view.forest is Vote.NO and view.natural in (Vote.YES, Vote.DISPUTED):
        if view.use is Meaning.AGRICULTURE:
            return _harm(view, view.natural, "C-NATURAL")
        if view.use is Meaning.OTHER_USE:
            return _harm(view, view.natural, "C-OTHER-USE")
        return _harm(view, view.natural, "C-NATURAL", "I-USE")  # trees on former grassland may be planted
    return Finding(excuse="N-NONNATURAL")


def peat(view: View) -> Finding:
    """Peat drained, developed or burned (DCF-3.1-4). No open map shows drainage, so peat alone stays in doubt."""
    if view.peat is Vote.UNKNOWN:
        return Finding(blind=True)
    if view.peat is Vote.NO:
        return Finding(excuse="N-NO-PEAT")
    developed = view.use in (Meaning.AGRICULTURE, Meaning.OTHER_USE) and Vote.YES in (view.forest, view.natural)
    if view.peat is Vote.YES and developed and view.change is Change.CONFIRMED:
        return Finding(proved="C-PEAT-DRAIN")
    return Finding(doubts=("I-PEAT",))


def _harm(view: View, baseline: Vote, proof: str, *doubts: str) -> Finding:
    """Proved when the baseline is agreed, two families date the change after the cut-off, and nothing is left."""
    found = list(doubts)
    if baseline is Vote.DISPUTED:
        found.append("I-BASELINE")
    if view.change is Change.STRADDLES:
        found.append("I-STRADDLE")
    if view.change is Change.ONE_FAMILY:
        found.append("I-ONE-FAMILY")
    if view.unseen and found:
        found.append("A-NODATA")
    return Finding(doubts=tuple(found)) if found else Finding(proved=proof)


def _judge(harm: str, seen: Sequence[View], find: Callable[[View], Finding], outdated: set[Role]) -> Status:
    found = [(view, find(view)) for view in seen]
    noise = _noise(sum(view.area_m2 for view in seen if view.zone is not Zone.FRINGE))
    proved = [
        (view, finding)
        for view, finding in found
        if finding.proved and not view.speck and view.zone is not Zone.FRINGE
    ]
    doubtful = [(view, finding) for view, finding in found if finding.proved or finding.doubts]
    blind = [(view, finding) for view, finding in found if finding.blind]
    if _area([(view, finding) for view, finding in proved if view.zone is Zone.CORE]) >= CORE_M2:
        return _status(harm, "converted", {finding.proved or "" for _, finding in proved}, proved)
    missing = {"A-DATE"} if outdated else {"A-NODATA"}
    if _area(doubtful) >= noise:
        codes = _codes(doubtful, noise) | (missing if blind else set[str]())
        return _status(harm, "inconclusive", codes, doubtful)
    if _area(doubtful) + _area(blind) >= noise:
        return _status(harm, "not assessed", missing, [*doubtful, *blind])
    return _cleared(harm, found, noise)


def _noise(whole: int) -> int:
    """From how many square metres on something counts; at least one, so that nothing seen is never silence."""
    return max(1, min(NOISE_M2, whole // NOISE_PART))


def _codes(doubtful: Sequence[tuple[View, Finding]], noise: int) -> set[str]:
    """The doubts that cover more than noise; all of them where none does.

    What lies in the fringe speaks only where the plot itself has no more than noise.
    """
    inside = [(view, finding) for view, finding in doubtful if view.zone is not Zone.FRINGE]
    if _area(inside) >= noise:
        doubtful = inside
    areas: dict[str, int] = {}
    for view, finding in doubtful:
        for code in _doubts(view, finding):
            areas[code] = areas.get(code, 0) + view.area_m2
    codes = {code for code, area in areas.items() if area >= noise}
    if codes.isdisjoint(_DOUBTS):  # many small doubts: all are told
        codes = set(areas)
    # A change that nothing else speaks against has too little of itself in the core.
    return codes or {"I-FRINGE"}


def _doubts(view: View, finding: Finding) -> set[str]:
    doubts = set(finding.doubts)
    if view.speck and view.change.counts:
        doubts.add("I-SMALL")
    if view.zone is Zone.FRINGE:
        doubts.add("I-FRINGE")
    return doubts


def _cleared(harm: str, found: Sequence[tuple[View, Finding]], noise: int) -> Status:
    excused: dict[str, list[tuple[View, Finding]]] = {}
    for view, finding in found:
        if finding.excuse:
            excused.setdefault(finding.excuse, []).append((view, finding))
    excuses = {code for code, rows in excused.items() if _area(rows) >= noise}
    if len(excuses) > 1:
        excuses.discard("N-BEFORE")  # a change after the cut-off, excused, is the one to show with its days
    codes = excuses or {"N-SILENT"}
    if harm != "peat" and all(view.forest is Vote.NO and view.natural is Vote.NO for view, _ in found):
        codes = codes | {"N-NONNATURAL"}
    standing = sum(view.area_m2 for view, _ in found if view.forest is Vote.YES and view.change is Change.SILENT)
    if harm == "deforestation" and standing >= noise:
        codes = codes | {"NC-STANDING"}
    changed = [row for code in sorted(excuses - {"N-NO-PEAT"}) for row in excused[code]]
    status = _status(harm, "not converted", codes, changed)
    uses = (
        {_USES.get(view.use) for view, _ in excused.get("N-USE", [])} if "N-USE" in excuses else set[str | None]()
    )
    # Only land that was watched for its use says what it became; "none" only where all of it did.
    return replace(status, use_after=("none" if uses == {"none"} else "other") if uses else None)


def _status(harm: str, verdict: str, codes: set[str], rows: Sequence[tuple[View, Finding]]) -> Status:
    """``rows`` in the fringe speak only where none inside the plot do."""
    rows = [(view, finding) for view, finding in rows if view.zone is not Zone.FRINGE] or rows
    starts = [view.earliest for view, _ in rows if view.earliest]
    ends = [view.latest for view, _ in rows if view.latest]
    uses = {_USES.get(view.use) for view, _ in rows}
    return Status(
        harm,
        verdict,
        in_order(codes),
        _area(rows),
        min(starts, default=None),
        max(ends, default=None),
        uses.pop() if len(uses) == 1 else None,
    )


def _area(rows: Sequence[tuple[View, Finding]]) -> int:
    return sum(view.area_m2 for view, _ in rows)
