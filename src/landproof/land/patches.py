"""What all layers together say of one piece of land."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from fractions import Fraction

from landproof.land.decode import Meaning, Role, State
from landproof.land.posterior import NOTHING_KNOWN, Reliability, converted, residual
from landproof.land.thresholds import Terms
from landproof.land.witnesses import Witness, witnesses_for_conviction, witnesses_for_silence
from landproof.land.zones import Zone


@dataclass(frozen=True, slots=True)
class Layer:
    """What the verdict must know of a layer.

    ``valid_on``: the day that a baseline or a use map shows. ``last_day``: the last day that a change layer looks
    at; null when the catalogue does not say. ``witness``: what its independence from other layers rests on.
    ``clears``: its silence may clear land. ``counted_by``: the layers that tell how often it saw the land.
    """

    id: str
    role: Role
    witness: Witness
    valid_on: date | None = None
    last_day: date | None = None
    reliability: Reliability = NOTHING_KNOWN
    clears: bool = True
    counted_by: tuple[str, ...] = ()

    def fails_date_check(self, cut_off: date) -> bool:
        """A baseline made after the cut-off hides what fell between; a change layer must look after it."""
        if self.role in (Role.FOREST, Role.NATURAL):
            return self.valid_on is None or self.valid_on > cut_off
        return self.role is Role.CHANGE and self.last_day is not None and self.last_day <= cut_off


@dataclass(frozen=True, slots=True)
class Patch:
    """A piece of land on which every layer says one thing: ``states`` in the order of the layers.

    ``grove``: trees here, if any, stand in a patch on the landscape that is too small for a forest. ``speck``:
    so does the change.
    """

    states: tuple[State, ...]
    zone: Zone = Zone.CORE
    grove: bool = False
    speck: bool = False


class Vote(Enum):
    """What the maps of one role say together."""

    YES = auto()
    NO = auto()
    DISPUTED = auto()
    UNKNOWN = auto()


class Change(Enum):
    """What the change layers say together."""

    CONFIRMED = auto()  # after the cut-off, by independent witnesses enough
    WEAK = auto()  # by as many, but with too many false alarms
    ONE_FAMILY = auto()  # by fewer
    STRADDLES = auto()
    BEFORE = auto()
    SILENT = auto()

    @property
    def counts(self) -> bool:
        """The change happened, or may have happened, after the cut-off."""
        return self not in (Change.BEFORE, Change.SILENT)


@dataclass(frozen=True, slots=True)
class View:
    """One patch as the rules see it.

    ``unseen``: a change layer, or a second witness, has nothing to say. ``seldom``: layers looked too seldom for
    their silence to count, and the others do not suffice. ``residual``: the chance that the silent layers missed
    a conversion here.
    """

    zone: Zone
    speck: bool
    forest: Vote
    natural: Vote
    peat: Vote
    change: Change
    degraded: Change
    degradation_unseen: bool
    unseen: bool
    seldom: bool
    residual: Fraction
    use: Meaning
    earliest: date | None
    latest: date | None

    @property
    def cannot_have_been_natural(self) -> bool:
        """Every baseline says that neither forest nor another natural ecosystem was here."""
        return self.forest is Vote.NO and self.natural is Vote.NO


_Span = tuple[Layer, date, date]


class Views:
    """Looks at patches with the eyes of ``layers``."""

    def __init__(self, layers: Sequence[Layer], terms: Terms) -> None:
        self._layers = layers
        self._thresholds = terms.thresholds
        self._cut_off = cut_off = terms.cut_off
        self._place = {role: [i for i, layer in enumerate(layers) if layer.role is role] for role in Role}
        self._failed = frozenset(i for i, layer in enumerate(layers) if layer.fails_date_check(cut_off))
        named = {layer.id: i for i, layer in enumerate(layers)}
        # A count that is named and not there counts nothing.
        self._counts = {i: [named.get(name) for name in layer.counted_by] for i, layer in enumerate(layers)}

    @property
    def seen_until(self) -> date | None:
        """The day until which as many independent witnesses have looked as clearing needs; null: not known."""
        days = {i: day for i in self._place[Role.CHANGE] if (day := self._layers[i].last_day)}
        looked = {i: day for i, day in days.items() if self._layers[i].clears}
        for day in sorted(set(looked.values()), reverse=True):
            if not self._too_few(i for i, last in looked.items() if last >= day):
                return day
        return None

    def of(self, patch: Patch) -> View:
        """The patch as the rules see it."""
        place = self._place
        change, earliest, latest = self._change(patch, Role.CHANGE)
        degraded, _, _ = self._change(patch, Role.DEGRADATION)
        clearing = [i for i in place[Role.CHANGE] if self._layers[i].clears]
        seldom = {i for i in clearing if self._silent(patch.states[i]) and not self._often(patch, i)}
        silent = [i for i in clearing if self._silent(patch.states[i]) and i not in seldom]
        missed = residual(frozenset(self._layers[i].reliability for i in silent), self._thresholds)
        too_few = self._too_few([i for i in clearing if i not in seldom])
        forest = self._votes(patch, Role.FOREST, Meaning.NATURAL, Meaning.NOT_NATURAL)
        return View(
            zone=patch.zone,
            speck=patch.speck,
            forest=Vote.NO if patch.grove and forest is not Vote.UNKNOWN else forest,
            natural=self._votes(patch, Role.NATURAL, Meaning.NATURAL, Meaning.NOT_NATURAL),
            peat=self._votes(patch, Role.PEAT, Meaning.PEAT, Meaning.NOT_PEAT),
            change=change,
            degraded=degraded,
            degradation_unseen=not place[Role.DEGRADATION] or self._any_unknown(patch, Role.DEGRADATION),
            unseen=self._too_few(clearing) or self._any_unknown(patch, Role.CHANGE),
            seldom=bool(seldom) and (too_few or missed > self._thresholds.most_residual),
            residual=missed,
            use=self._use(patch, latest),
            earliest=earliest,
            latest=latest,
        )

    def _silent(self, state: State) -> bool:
        """No change since the cut-off; one before it leaves nothing that the layer would have to see after it."""
        ended = state.latest is not None and state.latest <= self._cut_off
        return state.meaning is Meaning.SILENT or (state.meaning is Meaning.CHANGE and ended)

    def _too_few(self, layers: Iterable[int]) -> bool:
        witnesses = witnesses_for_silence(self._layers[i].witness for i in layers)
        return witnesses < self._thresholds.families_to_clear

    def _any_unknown(self, patch: Patch, role: Role) -> bool:
        return any(not patch.states[i].known or i in self._failed for i in self._place[role])

    def _often(self, patch: Patch, layer: int) -> bool:
        """Whether every count of the layer's observations says that it looked often enough."""
        return all(
            count is not None and patch.states[count].meaning is Meaning.OFTEN for count in self._counts[layer]
        )

    def _votes(self, patch: Patch, role: Role, yes: Meaning, no: Meaning) -> Vote:
        """Maps that abstain have no vote; one that does not know leaves all unknown."""
        said = {
            None if i in self._failed or not patch.states[i].known else patch.states[i].meaning
            for i in self._place[role]
        } - {Meaning.ABSTAINS}
        if not said or not said <= {yes, no}:
            return Vote.UNKNOWN
        return Vote.DISPUTED if len(said) == 2 else Vote.YES if yes in said else Vote.NO

    def _change(self, patch: Patch, role: Role) -> tuple[Change, date | None, date | None]:
        """The change with the days it can have happened on.

        Only an interval wholly after the cut-off proves, and only one wholly before it excuses (AMB-19). One that
        spans it counts as after where another layer dates the same change after; it is never narrowed to before.
        """
        spans: list[_Span] = [
            (self._layers[i], state.earliest, state.latest)
            for i, state in ((i, patch.states[i]) for i in self._place[role])
            if state.meaning is Meaning.CHANGE and state.earliest is not None and state.latest is not None
        ]
        after = [span for span in spans if span[1] > self._cut_off]
        spanning = [span for span in spans if span[1] <= self._cut_off < span[2]]
        if after:
            first = min(earliest for _, earliest, _ in after)
            narrowed = [span for span in spanning if span[2] >= first]
            return (
                self._confirmed([layer for layer, *_ in (*after, *narrowed)]),
                first,
                max(latest for _, _, latest in after),
            )
        if not spans:
            return Change.SILENT, None, None
        found = spanning or spans
        kind = Change.STRADDLES if spanning else Change.BEFORE
        return kind, min(earliest for _, earliest, _ in found), max(latest for _, _, latest in found)

    def _confirmed(self, reporting: Iterable[Layer]) -> Change:
        layers = list(reporting)
        witnesses = witnesses_for_conviction(layer.witness for layer in layers)
        if witnesses < self._thresholds.families_to_convert:
            return Change.ONE_FAMILY
        sure = converted(frozenset(layer.reliability for layer in layers), witnesses, self._thresholds)
        return Change.CONFIRMED if sure >= self._thresholds.least_converted else Change.WEAK

    def _use(self, patch: Patch, changed_by: date | None) -> Meaning:
        """The use after the change, where every use map agrees and none is older than the change."""
        said: set[Meaning] = set()
        for i in self._place[Role.USE]:
            state, valid_on = patch.states[i], self._layers[i].valid_on
            recent = valid_on is None or changed_by is None or valid_on >= changed_by
            said.add(state.meaning if state.known and recent else Meaning.UNKNOWN)
        return said.pop() if len(said) == 1 else Meaning.UNKNOWN
