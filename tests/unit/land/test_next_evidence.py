import pytest

from landproof.land.next_evidence import EVIDENCE, next_evidence
from landproof.land.reasons import REASONS


@pytest.mark.parametrize(
    ("codes", "names"),
    [
        (["A-NODATA"], ("layer",)),
        (["I-ONE-FAMILY"], ("family",)),
        (["I-ONE-FAMILY", "A-NODATA"], ("layer", "family")),  # 1 + 2, and an image pair would be 4 + 1
        (["I-FRINGE"], ("outline",)),
        (["I-STRADDLE"], ("image pair",)),
        (["I-STRADDLE", "I-USE", "I-ONE-FAMILY"], ("image pair",)),  # it settles all three
        (["I-FRINGE", "I-ONE-FAMILY"], ("image pair",)),  # 4, and the outline with a family 5
        (["I-PEAT", "I-STRADDLE"], ("field visit",)),
        (["N-SILENT", "NC-STANDING"], ()),
        (["C-FOREST"], ()),
        ([], ()),
    ],
)
def test_the_cheapest_set_that_settles_every_reason(codes: list[str], names: tuple[str, ...]):
    assert next_evidence(codes) == names


def test_every_doubt_can_be_settled():
    doubts = {code for code in REASONS if code.startswith(("I-", "A-"))}

    assert {code for code in doubts if not next_evidence([code])} == set()
    assert {code for each in EVIDENCE.values() for code in each.settles} == doubts
