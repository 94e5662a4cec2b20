import pytest

from landproof.land.thresholds import PUBLISHED


@pytest.mark.parametrize(
    ("moved", "looser"),
    [
        ({"noise_m2": 499}, ()),
        ({"noise_m2": 500}, ()),
        ({"noise_m2": 501}, ("noise_m2",)),
        ({"fringe_sigmas": 3}, ()),
        ({"fringe_sigmas": 1}, ("fringe_sigmas",)),
        ({"families_to_clear": 1, "core_m2": 2_000}, ("families_to_clear",)),
        ({"most_residual_ppm": 10_001, "prior_ppm": 29_999}, ("most_residual_ppm", "prior_ppm")),
    ],
)  # fmt: skip
def test_a_threshold_can_be_tightened_only(moved: dict[str, int], looser: tuple[str, ...]):
    assert PUBLISHED.changed(moved).loosened(PUBLISHED) == looser


def test_an_unknown_threshold_is_refused():
    with pytest.raises(KeyError, match="tolerance"):
        PUBLISHED.changed({"tolerance": 1})
