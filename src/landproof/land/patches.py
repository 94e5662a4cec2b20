"""What all layers together say of one piece of land."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from landproof.land.decode import Meaning, Role, State
from landproof.land.witnesses import Witness, witnesses_for_conviction, witnesses_for_silence
from landproof.land.zones import Zone

WITNESSES_NEEDED = 2


@dataclass(frozen=True, slots=True)
class Layer:
    """What the verdict must know of a layer. ``valid_on`` is the day a baseline or a use map shows.

    ``last_day`` is the last day a change layer looks at; null when the catalogue does not say. ``witness``: what
    its independence from other layers rests on.
    """

    id: str
    role: Role
    witness: Witness
    valid_on: date | None = None
    last_day: date | None = None

    def fails_date_check(self, cut_off: date) -> bool:
        """A baseline made after the cut-off hides what fell between; a change layer must look after it."""
        if self.role in (Role.FOREST, Role.NATURAL):
            return self.valid_on is None or self.valid_on > cut_off
        return self.role is Role.CHANGE and self.last_day is not None and self.last_day <= cut_off


@dataclass(frozen=True, slots=True)
class Patch:
    """Land of a plot on which every layer says one thing: ``states`` in the order of the layers.

    ``grove``: trees here, if any, stand in a patch on the landscape that is too small for a forest. ``speck``:
    so does the change.
    """

    states: tuple[State, ...]
    area_m2: int
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

    CONFIRMED = auto()  # after the cut-off, by two independent witnesses
    ONE_FAMILY = auto()  # after the cut-off, by one
    STRADDLES = auto()
    BEFORE = auto()
    SILENT = auto()

    @property
    def counts(self) -> bool:
        """The change happened, or may have happened, after the cut-off."""
        return self in (Change.CONFIRMED, Change.ONE_FAMILY, Change.STRADDLES)


@dataclass(frozen=True, slots=True)
class View:
    """One patch as the rules see it. ``unseen``: a change layer, or a second family, has nothing to say."""

    area_m2: int
    zone: Zone
    speck: bool
    forest: Vote
    natural: Vote
    peat: Vote
    change: Change
    unseen: bool
    use: Meaning
    earliest: date | None
    latest: date | None


def views(patches: Iterable[Patch], layers: Sequence[Layer], *, cut_off: date) -> list[View]:
    """Every patch as the rules see it."""
    place = {role: [index for index, layer in enumerate(layers) if layer.role is role] for role in Role}
    failed = frozenset(index for index, layer in enumerate(layers) if layer.fails_date_check(cut_off))
    silent = [layer.witness for layer in layers if layer.role is Role.CHANGE]
    too_few = witnesses_for_silence(silent) < WITNESSES_NEEDED
    return [_view(patch, layers, place, failed, too_few, cut_off) for patch in patches if patch.area_m2 > 0]


def _view(
    patch: Patch,
    layers: Sequence[Layer],
    place: dict[Role, list[int]],
    failed: frozenset[int],
    too_few: bool,
    cut_off: date,
) -> View:
    def votes(role: Role, yes: Meaning, no: Meaning) -> Vote:
        said = {_meaning(patch.states[index]) if index not in failed else None for index in place[role]}
        if not said or not said <= {yes, no}:
            return Vote.UNKNOWN
        return Vote.DISPUTED if len(said) == 2 else Vote.YES if yes in said else Vote.NO

    changes = [(layers[index], patch.states[index]) for index in place[Role.CHANGE]]
    change, earliest, latest = _change(changes, cut_off)
    uses = [(layers[index], patch.states[index]) for index in place[Role.USE]]
    forest = votes(Role.FOREST, Meaning.NATURAL, Meaning.NOT_NATURAL)
    return View(
        area_m2=patch.area_m2,
        zone=patch.zone,
        speck=patch.speck,
        forest=Vote.NO if patch.grove and forest is not Vote.UNKNOWN else forest,
        natural=votes(Role.NATURAL, Meaning.NATURAL, Meaning.NOT_NATURAL),
        peat=votes(Role.PEAT, Meaning.PEAT, Meaning.NOT_PEAT),
        change=change,
        unseen=too_few or any(not patch.states[index].known or index in failed for index in place[Role.CHANGE]),
        use=_use(uses, latest),
        earliest=earliest,
        latest=latest,
    )


def _meaning(state: State) -> Meaning | None:
    return state.meaning if state.known else None


def _change(seen: Sequence[tuple[Layer, State]], cut_off: date) -> tuple[Change, date | None, date | None]:
    """The change with the days it can have happened on.

    Only an interval wholly after the cut-off proves, and only one wholly before it excuses (AMB-19). One that
    spans it counts as after where another layer dates the same change after; it is never narrowed to before.
    """
    spans = [
        (layer.witness, state.earliest, state.latest)
        for layer, state in seen
        if state.meaning is Meaning.CHANGE and state.earliest is not None and state.latest is not None
    ]
    after = [span for span in spans if span[1] > cut_off]
    spanning = [span for span in spans if span[1] <= cut_off < span[2]]
    if after:
        first = min(earliest for _, earliest, _ in after)
        narrowed = [witness for witness, _, latest in spanning if latest >= first]
        witnesses = witnesses_for_conviction([*(witness for witness, _, _ in after), *narrowed])
        kind = Change.CONFIRMED if witnesses >= WITNESSES_NEEDED else Change.ONE_FAMILY
        return kind, first, max(latest for _, _, latest in after)
    if not spans:
        return Change.SILENT, None, None
    found = spanning or spans
    kind = Change.STRADDLES if spanning else Change.BEFORE
    return kind, min(earliest for _, earliest, _ in found), max(latest for _, _, latest in found)


def _use(seen: Sequence[tuple[Layer, State]], changed_by: date | None) -> Meaning:
    """The use after the change, where every use map agrees and none is older than the change."""
    said = {
        state.meaning
        if state.known and (layer.valid_on is None or changed_by is None or layer.valid_on >= changed_by)
        else Meaning.UNKNOWN
        for layer, state in seen
    }
    return said.pop() if len(said) == 1 else Meaning.UNKNOWN
