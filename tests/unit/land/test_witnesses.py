import itertools

import pytest

from landproof.land.witnesses import Witness, witnesses_for_conviction, witnesses_for_silence


def of(name: str, *families: str, made_from: tuple[str, ...] = (), composite: bool = False) -> Witness:
    return Witness(name, (name,), made_from, families, composite)


HANSEN = of("hansen_gfc", "landsat_auto")
TMF = of("jrc_tmf", "landsat_auto")
S2 = of("glad_s2", "s2_auto")
RADD = of("radd", "s1_auto")
DIST = of("dist", "hls_auto")
PRODES = of("prodes", "analyst")
INTEGRATED = of(
    "integrated", "landsat_auto", "s2_auto", "s1_auto", made_from=("glad_l", "glad_s2", "radd"), composite=True
)
WORLDCOVER = of("worldcover", "s2_auto")
GFC = of("gfc2020", made_from=("worldcover", "jrc_tmf", "hansen_gfc"), composite=True)
SBTN = of("sbtn", made_from=("worldcover", "mapbiomas"), composite=True)
MAPBIOMAS = of("mapbiomas", "landsat_auto")
EVERYONE = (HANSEN, TMF, S2, RADD, DIST, PRODES, INTEGRATED, WORLDCOVER, GFC, SBTN, MAPBIOMAS)


@pytest.mark.parametrize(
    ("said", "convict", "clear"),
    [
        ((), 0, 0),
        ((HANSEN,), 1, 1),
        ((HANSEN, TMF), 1, 1),  # one family
        ((HANSEN, S2), 2, 2),
        ((HANSEN, DIST), 1, 2),  # they share scenes: one for conviction, each for silence
        ((HANSEN, S2, DIST), 2, 3),
        ((DIST, RADD), 2, 2),
        ((INTEGRATED,), 1, 1),
        ((INTEGRATED, RADD), 1, 1),  # its own parent
        ((INTEGRATED, HANSEN), 1, 1),  # Landsat may be all that the alert rests on
        ((INTEGRATED, DIST), 1, 2),
        ((INTEGRATED, PRODES), 2, 2),
        ((INTEGRATED, RADD, S2), 2, 2),  # as its parents, never a third
        ((GFC, WORLDCOVER), 1, 1),  # made from it
        ((GFC, SBTN), 1, 1),  # both made from a third map that says nothing here
        ((GFC, WORLDCOVER, HANSEN), 2, 2),  # the parents count, the child adds nothing
        ((GFC, MAPBIOMAS), 2, 2),
        ((GFC, of("unknown", composite=True)), 1, 1),
        ((of("unknown", composite=True),), 0, 0),
    ],
)
def test_independent_witnesses(said: tuple[Witness, ...], convict: int, clear: int):
    assert (witnesses_for_conviction(said), witnesses_for_silence(said)) == (convict, clear)


def test_a_grandchild_is_tied_to_its_grandparent():
    child = of("child", made_from=("parent", "grandparent"), composite=True)

    assert witnesses_for_conviction((child, of("grandparent", "analyst"))) == 1


def test_a_layer_is_cited_by_any_of_its_names():
    own = Witness("my_map", ("my_map", "hansen_gfc"), (), ("landsat_auto",))

    assert witnesses_for_conviction((own, GFC)) == 1


def test_said_twice_is_said_once():
    assert witnesses_for_conviction((PRODES, PRODES)) == 1


def test_a_further_layer_never_lowers_the_number():
    for count in (witnesses_for_conviction, witnesses_for_silence):
        for few in itertools.combinations(EVERYONE, 3):
            for more in EVERYONE:
                assert count((*few, more)) >= count(few)
