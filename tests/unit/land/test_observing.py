"""Who has looked, how often and how well: what silence and a signal are worth."""

from datetime import date
from fractions import Fraction

import pytest

from landproof.land.decode import Meaning, Role, State
from landproof.land.patches import Layer, Views
from landproof.land.posterior import Reliability
from landproof.land.thresholds import PUBLISHED, Terms
from tests.unit.land.deciding import CUT_OFF, Piece, Status, decided, layer

YES, NO, SILENT = State(Meaning.NATURAL), State(Meaning.NOT_NATURAL), State(Meaning.SILENT)
OFTEN, SELDOM, NO_DATA = State(Meaning.OFTEN), State(Meaning.SELDOM), State(Meaning.NO_DATA)
ABSTAINS, FARM = State(Meaning.ABSTAINS), State(Meaning.AGRICULTURE)
Y2022 = State(Meaning.CHANGE, date(2021, 10, 1), date(2022, 12, 31))
Y2019 = State(Meaning.CHANGE, date(2018, 10, 1), date(2019, 12, 31))


def good(miss: str, family: str, false: str = "0.01") -> Reliability:
    return Reliability(((family, Fraction(miss)),), Fraction(false))


def catalogue(**more: object) -> list[Layer]:
    """A forest and a natural map, a yearly layer that misses much, and a daily one with ``more``."""
    return [
        layer("forest", Role.FOREST, valid_on=CUT_OFF),
        layer("natural", Role.NATURAL, valid_on=CUT_OFF),
        layer("years", Role.CHANGE, "landsat_auto", last_day=date(2025, 12, 31)),
        layer("days", Role.CHANGE, "s2_auto", last_day=date(2026, 6, 30), **more),
        layer("count", Role.OBSERVATIONS),
        layer("use", Role.USE),
    ]


def deforestation(*states: State, layers: list[Layer] | None = None, **named: object) -> Status:
    """The verdict on a hectare: forest, natural, yearly and daily change, count, use."""
    return decided([Piece(states, 10_000)], layers or catalogue(), **named)[0]  # type: ignore[arg-type]


COUNTED = catalogue(counted_by=("count",))


@pytest.mark.parametrize(
    ("count", "layers", "reasons"),
    [
        (OFTEN, COUNTED, ("N-SILENT", "NC-STANDING")),
        (SELDOM, COUNTED, ("I-CLOUD",)),
        (NO_DATA, COUNTED, ("I-CLOUD",)),
        (SELDOM, catalogue(), ("N-SILENT", "NC-STANDING")),  # nobody says that it counts this layer
        (OFTEN, catalogue(counted_by=("count", "gaps")), ("I-CLOUD",)),  # one of two counts is not there
    ],
)
def test_silence_counts_where_it_looked_often_enough(count: State, layers: list[Layer], reasons: tuple[str, ...]):
    assert deforestation(YES, YES, SILENT, SILENT, count, FARM, layers=layers).reasons == reasons


def test_land_that_was_never_natural_need_not_be_seen_often():
    found = deforestation(NO, NO, SILENT, SILENT, SELDOM, FARM, layers=COUNTED)

    assert found.reasons == ("N-SILENT", "N-NONNATURAL")


def test_a_third_family_makes_up_for_one_that_looked_seldom():
    layers = [*COUNTED, layer("radar", Role.CHANGE, "s1_auto", last_day=date(2026, 6, 30))]
    found = decided([Piece((YES, YES, SILENT, SILENT, SELDOM, FARM, SILENT), 10_000)], layers)[0]

    assert found.reasons == ("N-SILENT", "NC-STANDING")  # landsat and radar: .0989 x .2525 x .101 = .0025


def test_a_layer_of_ones_own_without_a_table_clears_nothing():
    found = deforestation(YES, YES, SILENT, SILENT, OFTEN, FARM, layers=catalogue(clears=False))

    assert (found.verdict, found.reasons) == ("not assessed", ("A-NODATA",))  # one witness is left


def test_and_convicts_all_the_same():
    found = deforestation(YES, YES, Y2022, Y2022, OFTEN, FARM, layers=catalogue(clears=False))

    assert found.reasons == ("C-FOREST",)


# Prior odds .0989 raised; landsat .2525 (assumed). With misses m of the other: .02497 x m / .99 must be at most
# .01 / .99, so m at most .4004.
@pytest.mark.parametrize(("miss", "verdict"), [("0.40", "not converted"), ("0.41", "inconclusive")])
def test_silence_of_layers_that_miss_much_does_not_clear(miss: str, verdict: str):
    layers = catalogue(reliability=good(miss, "s2_auto"))
    found = deforestation(YES, YES, SILENT, SILENT, OFTEN, FARM, layers=layers)

    assert found.verdict == verdict
    assert (found.reasons == ("I-RESIDUAL",)) == (verdict == "inconclusive")


# Odds .003 / .997 x .75 / .01 x .95 / f must be at least 19: f at most .01128.
@pytest.mark.parametrize(("false", "reasons"), [("0.011", ("C-FOREST",)), ("0.012", ("I-WEAK",))])
def test_a_signal_of_layers_with_false_alarms_does_not_convict(false: str, reasons: tuple[str, ...]):
    layers = catalogue(reliability=good("0.05", "s2_auto", false))

    assert deforestation(YES, YES, Y2022, Y2022, OFTEN, FARM, layers=layers).reasons == reasons


def test_more_families_can_be_asked_for():
    both = PUBLISHED.changed({"families_to_clear": 3, "families_to_convert": 3})

    assert deforestation(YES, YES, SILENT, SILENT, OFTEN, FARM, thresholds=both).reasons == ("A-NODATA",)
    found = deforestation(YES, YES, Y2022, Y2022, OFTEN, FARM, thresholds=both)
    assert found.reasons == ("I-ONE-FAMILY", "A-NODATA")


@pytest.mark.parametrize(
    ("states", "reasons"),
    [
        ((ABSTAINS, YES), ("A-NODATA",)),  # nobody votes on forest
        ((NO_DATA, NO), ("A-NODATA",)),
        ((NO, NO), ("N-SILENT", "N-NONNATURAL")),
    ],
)
def test_a_map_that_abstains_has_no_vote(states: tuple[State, State], reasons: tuple[str, ...]):
    assert deforestation(*states, SILENT, SILENT, OFTEN, FARM).reasons == reasons


@pytest.mark.parametrize(
    ("second", "reasons"), [(ABSTAINS, ("N-SILENT", "NC-STANDING")), (NO_DATA, ("A-NODATA",))]
)
def test_the_others_vote_where_one_abstains(second: State, reasons: tuple[str, ...]):
    layers = [*catalogue(), layer("moist", Role.FOREST, valid_on=CUT_OFF)]
    found = decided([Piece((YES, YES, SILENT, SILENT, OFTEN, FARM, second), 10_000)], layers)[0]

    assert found.reasons == reasons


@pytest.mark.parametrize(
    ("states", "reasons"),
    [
        ((YES, YES, Y2022), ("I-DEGRADE",)),
        ((YES, YES, Y2019), ("N-BEFORE",)),
        ((YES, YES, SILENT), ("N-SILENT",)),
        ((YES, YES, NO_DATA), ("A-NODATA",)),
        ((NO, NO, Y2022), ("N-SILENT", "N-NONNATURAL")),  # nothing natural to degrade
    ],
)
def test_degradation_is_seen_and_never_proved(states: tuple[State, State, State], reasons: tuple[str, ...]):
    layers = [*catalogue(), layer("damage", Role.DEGRADATION, "landsat_auto")]
    *baseline, damage = states
    found = decided([Piece((*baseline, SILENT, SILENT, OFTEN, FARM, damage), 10_000)], layers)

    assert next(each for each in found if each.harm == "degradation").reasons == reasons
    assert {each.reasons for each in found if each.harm == "wood degradation"} == {
        ("N-SILENT", "N-NONNATURAL") if states[0] is NO else ("A-NODATA",)
    }


@pytest.mark.parametrize(
    ("last_days", "until"),
    [
        ((date(2025, 12, 31), date(2026, 6, 30), None), date(2025, 12, 31)),
        ((date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 31)), date(2026, 6, 30)),
        ((date(2025, 12, 31), None, None), None),
    ],
)
def test_until_when_two_families_have_looked(last_days: tuple[date | None, ...], until: date | None):
    families = ("landsat_auto", "s2_auto", "s1_auto")
    layers = [
        layer(family, Role.CHANGE, family, last_day=day) for family, day in zip(families, last_days, strict=True)
    ]

    assert Views(layers, Terms(CUT_OFF)).seen_until == until
