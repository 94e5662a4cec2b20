"""Losing data never clears a plot, and order never matters."""

from collections.abc import Sequence
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.land.decode import Meaning, Role, State
from landproof.land.patches import Layer
from landproof.land.verdict import HARMS
from tests.unit.land.deciding import CUT_OFF, Piece, Status, decided, layer

LAYERS = [
    layer("forest", Role.FOREST, valid_on=CUT_OFF),
    layer("natural", Role.NATURAL, valid_on=CUT_OFF),
    layer("years", Role.CHANGE, "landsat_auto", last_day=date(2025, 12, 31)),
    layer("days", Role.CHANGE, "s2_auto"),
    layer("use", Role.USE, valid_on=date(2022, 12, 31)),
    layer("peat", Role.PEAT),
]
NO_DATA = State(Meaning.NO_DATA)


def change(*years: int) -> list[State]:
    return [State(Meaning.CHANGE, date(year - 1, 10, 1), date(year, 12, 31)) for year in years]


BASELINE = [State(Meaning.NATURAL), State(Meaning.NOT_NATURAL), NO_DATA]
CHANGE = [State(Meaning.SILENT), *change(2019, 2020, 2021, 2022, 2024), NO_DATA]
USE = [
    State(each)
    for each in (Meaning.AGRICULTURE, Meaning.OTHER_USE, Meaning.NO_USE, Meaning.NOT_AGRICULTURE, Meaning.UNKNOWN)
]
PEAT = [State(Meaning.PEAT), State(Meaning.NOT_PEAT), NO_DATA]
STATES = st.tuples(*(st.sampled_from(each) for each in (BASELINE, BASELINE, CHANGE, CHANGE, USE, PEAT)))
AREAS = st.one_of(st.integers(1, 1_000), st.integers(1, 60_000))
PLOTS = st.lists(st.builds(Piece, STATES, AREAS), min_size=1, max_size=6)


def verdicts(patches: Sequence[Piece], layers: Sequence[Layer] = LAYERS) -> dict[str, Status]:
    return {status.harm: status for status in decided(patches, layers)}


def without(patch: Piece, layer: int) -> Piece:
    return patch._replace(states=(*patch.states[:layer], NO_DATA, *patch.states[layer + 1 :]))


@given(PLOTS, st.integers(0, 5), st.data())
@settings(max_examples=120, deadline=None)
def test_losing_a_tile_never_clears_a_plot(patches: list[Piece], layer: int, data: st.DataObject):
    lost = [without(patch, layer) if data.draw(st.booleans()) else patch for patch in patches]
    before, after = verdicts(patches), verdicts(lost)

    for harm in HARMS:
        assert after[harm].verdict != "not converted" or before[harm].verdict == "not converted"


@given(PLOTS, st.integers(0, 5))
@settings(max_examples=120, deadline=None)
def test_taking_a_layer_out_of_the_least_catalogue_never_clears_a_plot(patches: list[Piece], layer: int):
    fewer = [each for at, each in enumerate(LAYERS) if at != layer]
    left = [patch._replace(states=(*patch.states[:layer], *patch.states[layer + 1 :])) for patch in patches]
    before, after = verdicts(patches), verdicts(left, fewer)

    for harm in HARMS:
        assert after[harm].verdict != "not converted" or before[harm].verdict == "not converted"


@given(PLOTS, st.permutations(range(6)), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_patches_and_layers_does_not_matter(patches: list[Piece], order: list[int], random: object):
    shuffled = [patch._replace(states=tuple(patch.states[at] for at in order)) for patch in patches]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert verdicts(shuffled, [LAYERS[at] for at in order]) == verdicts(patches)


@given(PLOTS)
@settings(max_examples=60, deadline=None)
def test_every_verdict_has_a_reason_of_its_kind(patches: list[Piece]):
    kinds = {"not converted": "N", "converted": "C", "inconclusive": "I", "not assessed": "A"}

    for status in verdicts(patches).values():
        assert status.reasons[0].startswith(kinds[status.verdict])
