from datetime import date

import pytest

from landproof.land.decode import Meaning, Role, State
from landproof.land.patches import Layer
from tests.unit.land.deciding import CUT_OFF, Piece, Status, decided, layer

LAYERS = [
    layer("forest", Role.FOREST, valid_on=CUT_OFF),
    layer("natural", Role.NATURAL, valid_on=CUT_OFF),
    layer("years", Role.CHANGE, "landsat_auto", last_day=date(2025, 12, 31)),
    layer("days", Role.CHANGE, "s2_auto"),
    layer("use", Role.USE),
]
YES, NO = State(Meaning.NATURAL), State(Meaning.NOT_NATURAL)
SILENT, NO_DATA = State(Meaning.SILENT), State(Meaning.NO_DATA)
FARM, BUILT, WILD = State(Meaning.AGRICULTURE), State(Meaning.OTHER_USE), State(Meaning.NO_USE)
NOT_FARM, UNKNOWN = State(Meaning.NOT_AGRICULTURE), State(Meaning.UNKNOWN)


def changed(earliest: str, latest: str) -> State:
    return State(Meaning.CHANGE, date.fromisoformat(earliest), date.fromisoformat(latest))


Y2020 = changed("2019-10-01", "2020-12-31")
Y2021 = changed("2020-10-01", "2021-12-31")
Y2022 = changed("2021-10-01", "2022-12-31")
SEEN_2020 = changed("2020-11-20", "2020-12-20")
SEEN_2021 = changed("2021-05-01", "2021-05-31")
SEEN_2022 = changed("2022-05-01", "2022-05-31")


def verdict(
    harm: str, *patches: tuple[int, State, State, State, State, State], layers: list[Layer] = LAYERS
) -> Status:
    """The verdict on one harm. A patch: square metres, forest, natural, yearly and daily change, use after."""
    found = decided([Piece(tuple(states), area) for area, *states in patches], layers)
    return next(status for status in found if status.harm == harm)


def test_forest_lost_to_farming_after_the_cut_off_is_converted():
    found = verdict(
        "deforestation", (6_000, YES, YES, Y2022, SEEN_2022, FARM), (9_000, YES, YES, SILENT, SILENT, WILD)
    )

    assert found == Status(
        "deforestation", "converted", ("C-FOREST",), 6_000, date(2021, 10, 1), date(2022, 12, 31), "agriculture"
    )


@pytest.mark.parametrize(
    ("area", "verdict_", "reasons"),
    [
        (499, "not converted", ("N-SILENT", "NC-STANDING")),
        (500, "inconclusive", ("I-FRINGE",)),
        (999, "inconclusive", ("I-FRINGE",)),
        (1_000, "converted", ("C-FOREST",)),
    ],
)
def test_the_area_of_the_change_decides_at_its_limits(area: int, verdict_: str, reasons: tuple[str, ...]):
    rest = (100_000 - area, YES, YES, SILENT, SILENT, WILD)
    found = verdict("deforestation", (area, YES, YES, Y2022, SEEN_2022, FARM), rest)

    assert (found.verdict, found.reasons) == (verdict_, reasons)


def test_on_a_small_plot_a_tenth_of_it_is_a_signal():
    def of(area: int) -> str:
        rest = (1_000 - area, YES, YES, SILENT, SILENT, WILD)
        return verdict("deforestation", (area, YES, YES, Y2022, SEEN_2022, FARM), rest).verdict

    assert [of(99), of(100)] == ["not converted", "inconclusive"]


@pytest.mark.parametrize(
    ("states", "verdict_", "reasons"),
    [
        ((YES, YES, Y2022, SILENT, FARM), "inconclusive", ("I-ONE-FAMILY",)),
        ((YES, YES, SILENT, SEEN_2022, FARM), "inconclusive", ("I-ONE-FAMILY",)),
        ((YES, YES, Y2021, SILENT, FARM), "inconclusive", ("I-STRADDLE",)),
        ((YES, YES, Y2021, SEEN_2021, FARM), "converted", ("C-FOREST",)),  # the day narrows the year
        ((YES, YES, Y2021, SEEN_2022, FARM), "inconclusive", ("I-ONE-FAMILY",)),  # another change
        ((YES, YES, Y2021, SEEN_2020, FARM), "inconclusive", ("I-STRADDLE",)),  # never narrowed to before
        ((YES, YES, Y2020, SILENT, FARM), "not converted", ("N-BEFORE",)),
        ((YES, YES, Y2020, SEEN_2020, FARM), "not converted", ("N-BEFORE",)),
        ((YES, YES, Y2022, SEEN_2022, UNKNOWN), "inconclusive", ("I-USE",)),
        ((YES, YES, Y2022, SEEN_2022, NO_DATA), "inconclusive", ("I-USE",)),
        ((YES, YES, Y2022, SEEN_2022, WILD), "not converted", ("N-USE",)),
        ((YES, YES, Y2022, SEEN_2022, NOT_FARM), "not converted", ("N-USE",)),
        ((NO, NO, Y2022, SEEN_2022, FARM), "not converted", ("N-NONNATURAL",)),
        ((NO, YES, Y2022, SEEN_2022, FARM), "not converted", ("N-NOT-FOREST",)),
        ((NO, NO_DATA, Y2022, SEEN_2022, FARM), "inconclusive", ("I-TREECROP",)),
        ((YES, YES, SILENT, SILENT, WILD), "not converted", ("N-SILENT", "NC-STANDING")),
        ((NO, NO, SILENT, SILENT, FARM), "not converted", ("N-SILENT", "N-NONNATURAL")),
        ((NO_DATA, YES, SILENT, SILENT, WILD), "not assessed", ("A-NODATA",)),
        ((NO_DATA, YES, Y2022, SEEN_2022, FARM), "not assessed", ("A-NODATA",)),
        ((YES, YES, NO_DATA, SILENT, FARM), "not assessed", ("A-NODATA",)),
        ((YES, YES, SILENT, NO_DATA, FARM), "not assessed", ("A-NODATA",)),
        ((NO, NO, SILENT, NO_DATA, FARM), "not assessed", ("A-NODATA",)),
        ((YES, YES, Y2022, NO_DATA, FARM), "inconclusive", ("I-ONE-FAMILY", "A-NODATA")),
        ((UNKNOWN, YES, Y2022, SEEN_2022, FARM), "not assessed", ("A-NODATA",)),
    ],
)
def test_deforestation(states: tuple[State, ...], verdict_: str, reasons: tuple[str, ...]):
    found = verdict("deforestation", (20_000, *states))

    assert (found.verdict, found.reasons) == (verdict_, reasons)


@pytest.mark.parametrize(
    ("states", "verdict_", "reasons"),
    [
        ((NO, YES, Y2022, SEEN_2022, FARM), "converted", ("C-NATURAL",)),
        ((NO, YES, Y2022, SEEN_2022, BUILT), "converted", ("C-OTHER-USE",)),
        ((NO, YES, Y2022, SEEN_2022, WILD), "inconclusive", ("I-USE",)),  # trees on grassland may be planted
        ((NO, YES, Y2022, SEEN_2022, NOT_FARM), "inconclusive", ("I-USE",)),
        ((NO, YES, Y2022, SILENT, FARM), "inconclusive", ("I-ONE-FAMILY",)),
        ((NO, YES, Y2021, SILENT, FARM), "inconclusive", ("I-STRADDLE",)),
        ((NO, YES, Y2020, SILENT, FARM), "not converted", ("N-BEFORE",)),
        ((NO, YES, SILENT, SILENT, WILD), "not converted", ("N-SILENT",)),
        ((YES, YES, Y2022, SEEN_2022, BUILT), "converted", ("C-OTHER-USE",)),
        ((YES, YES, Y2022, SEEN_2022, FARM), "not converted", ("N-FOREST",)),
        ((YES, YES, Y2022, SEEN_2022, NOT_FARM), "inconclusive", ("I-USE",)),
        ((YES, YES, Y2022, SEEN_2022, WILD), "not converted", ("N-USE",)),
        ((NO, NO, Y2022, SEEN_2022, BUILT), "not converted", ("N-NONNATURAL",)),
        ((NO, NO_DATA, SILENT, SILENT, FARM), "not assessed", ("A-NODATA",)),
        ((NO_DATA, YES, Y2022, SEEN_2022, FARM), "not assessed", ("A-NODATA",)),
    ],
)
def test_conversion_of_other_natural_ecosystems(
    states: tuple[State, ...], verdict_: str, reasons: tuple[str, ...]
):
    found = verdict("conversion", (20_000, *states))

    assert (found.verdict, found.reasons) == (verdict_, reasons)


def test_loss_beside_the_forest_is_no_deforestation():
    """Half the plot is standing forest, the other half farmland with loss: shares of the plot would accuse it."""
    found = verdict(
        "deforestation", (50_000, YES, YES, SILENT, SILENT, WILD), (50_000, NO, NO, Y2022, SEEN_2022, FARM)
    )

    assert (found.verdict, found.reasons) == ("not converted", ("N-NONNATURAL", "NC-STANDING"))


def test_an_old_clearing_does_not_excuse_a_new_one():
    found = verdict(
        "deforestation", (90_000, YES, YES, Y2020, SILENT, FARM), (6_000, YES, YES, Y2022, SEEN_2022, FARM)
    )

    assert (found.verdict, found.area_m2) == ("converted", 6_000)


def test_two_families_on_different_patches_do_not_support_each_other():
    found = verdict(
        "deforestation", (9_000, YES, YES, Y2022, SILENT, FARM), (9_000, YES, YES, SILENT, SEEN_2022, FARM)
    )

    assert (found.verdict, found.reasons) == ("inconclusive", ("I-ONE-FAMILY",))


def test_proved_conversion_is_not_hidden_by_a_missing_tile_elsewhere():
    found = verdict("deforestation", (9_000, YES, YES, Y2022, SEEN_2022, FARM), (90_000, *[NO_DATA] * 5))

    assert found.verdict == "converted"


def test_a_change_excused_after_the_cut_off_is_shown_with_its_days_not_with_older_ones():
    found = verdict(
        "deforestation", (9_000, YES, YES, Y2020, SILENT, FARM), (8_000, YES, YES, Y2022, SEEN_2022, WILD)
    )

    assert (found.reasons, found.area_m2, found.use_after) == (("N-USE",), 8_000, "none")
    assert (found.earliest, found.latest) == (date(2021, 10, 1), date(2022, 12, 31))


def test_n_before_shows_the_days_of_the_old_change():
    found = verdict("deforestation", (9_000, YES, YES, Y2020, SILENT, FARM))

    assert (found.earliest, found.latest, found.use_after) == (date(2019, 10, 1), CUT_OFF, None)


def with_families(*families: str) -> list[Layer]:
    return [LAYERS[0], LAYERS[1], *(layer(name, Role.CHANGE, name) for name in families), LAYERS[4]]


@pytest.mark.parametrize(
    ("families", "reasons"),
    [
        (("landsat_auto", "hls_auto"), ("I-ONE-FAMILY",)),  # they see the same scenes
        (("s2_auto", "hls_auto"), ("I-ONE-FAMILY",)),
        (("landsat_auto", "composite"), ("I-ONE-FAMILY", "A-NODATA")),  # a composite is no witness of its own
        (("landsat_auto", "landsat_auto"), ("I-ONE-FAMILY", "A-NODATA")),
        (("s1_auto", "hls_auto"), ("C-FOREST",)),
        (("landsat_auto", "analyst"), ("C-FOREST",)),
    ],
)
def test_families_that_share_their_images_are_one_witness(families: tuple[str, str], reasons: tuple[str, ...]):
    found = verdict("deforestation", (9_000, YES, YES, Y2022, Y2022, FARM), layers=with_families(*families))

    assert found.reasons == reasons


def test_silence_of_a_single_family_is_not_enough():
    layers = [LAYERS[0], LAYERS[1], LAYERS[2], LAYERS[4]]
    [found, *_] = decided([Piece((YES, YES, SILENT, WILD), 9_000)], layers)

    assert (found.verdict, found.reasons) == ("not assessed", ("A-NODATA",))


def test_baselines_that_disagree_are_for_a_person():
    layers = [*LAYERS, layer("second", Role.FOREST, valid_on=CUT_OFF)]
    found = decided([Piece((YES, YES, Y2022, SEEN_2022, FARM, NO), 9_000)], layers)

    assert [(each.verdict, each.reasons) for each in found[:2]] == [
        ("inconclusive", ("I-BASELINE",)),
        ("inconclusive", ("I-BASELINE",)),
    ]


def test_a_baseline_made_after_the_cut_off_fails_its_date_check():
    layers = [layer("forest", Role.FOREST, valid_on=date(2021, 1, 1)), *LAYERS[1:]]
    found = verdict("deforestation", (9_000, NO, NO, SILENT, SILENT, FARM), layers=layers)

    assert (found.verdict, found.reasons) == ("not assessed", ("A-DATE",))


def test_a_change_layer_that_ends_at_the_cut_off_fails_its_date_check():
    layers = [*LAYERS[:2], layer("years", Role.CHANGE, "landsat_auto", last_day=CUT_OFF), *LAYERS[3:]]
    found = verdict("deforestation", (9_000, YES, YES, SILENT, SILENT, FARM), layers=layers)

    assert (found.verdict, found.reasons) == ("not assessed", ("A-DATE",))


def test_a_map_of_use_older_than_the_change_says_nothing_of_it():
    def of(valid_on: date) -> tuple[str, ...]:
        layers = [*LAYERS[:4], layer("use", Role.USE, valid_on=valid_on)]
        return verdict("deforestation", (9_000, YES, YES, Y2022, SEEN_2022, FARM), layers=layers).reasons

    assert of(date(2022, 12, 30)) == ("I-USE",)
    assert of(date(2022, 12, 31)) == ("C-FOREST",)


PEAT_LAYERS = [*LAYERS, layer("peat", Role.PEAT)]


@pytest.mark.parametrize(
    ("states", "verdict_", "reasons"),
    [
        ((YES, YES, SILENT, SILENT, WILD, State(Meaning.NOT_PEAT)), "not converted", ("N-NO-PEAT",)),
        ((YES, YES, SILENT, SILENT, WILD, State(Meaning.PEAT)), "inconclusive", ("I-PEAT",)),
        ((YES, YES, Y2022, SEEN_2022, FARM, State(Meaning.PEAT)), "converted", ("C-PEAT-DRAIN",)),
        ((YES, YES, Y2022, SILENT, FARM, State(Meaning.PEAT)), "inconclusive", ("I-PEAT",)),
        ((YES, YES, Y2022, SEEN_2022, WILD, State(Meaning.PEAT)), "inconclusive", ("I-PEAT",)),
        ((YES, YES, SILENT, SILENT, WILD, NO_DATA), "not assessed", ("A-NODATA",)),
    ],
)
def test_peat(states: tuple[State, ...], verdict_: str, reasons: tuple[str, ...]):
    found = verdict("peat", (9_000, *states), layers=PEAT_LAYERS)

    assert (found.verdict, found.reasons) == (verdict_, reasons)


def test_what_no_map_shows_is_not_assessed():
    found = decided([Piece((YES, YES, SILENT, SILENT, WILD), 9_000)], LAYERS)

    assert [(each.harm, each.verdict) for each in found[2:]] == [
        ("wood degradation", "not assessed"),
        ("peat", "not assessed"),
        ("degradation", "not assessed"),
    ]


def test_a_plot_without_land_is_not_assessed():
    found = decided([Piece((YES, YES, SILENT, SILENT, WILD), 0)], LAYERS)

    assert {(each.verdict, each.reasons) for each in found} == {("not assessed", ("A-GEOM",))}
