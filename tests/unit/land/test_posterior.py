"""The worked examples of conversion-verdict 5.6, and that another layer never hurts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landproof.land.posterior import ASSUMED_MISSES, Reliability, assumed, converted, most_missed, residual
from landproof.land.thresholds import PUBLISHED


def left(*families: str) -> float:
    return float(residual(frozenset(assumed([family]) for family in families), PUBLISHED))


@pytest.mark.parametrize(
    ("families", "chance"),
    [
        # prior 9 %, odds .0989; with misses .05, .10, .25, .15 over .99 each
        (("s2_auto",), 0.00497),
        (("landsat_auto",), 0.0244),
        (("hls_auto",), 0.0148),
        (("s2_auto", "s1_auto", "landsat_auto"), 0.000127),
        (("landsat_auto", "hls_auto"), 0.00963),  # .0989 x .2525 x root of .1515 = .00972 : 1.00972
        (("s2_auto", "s1_auto"), 0.000504),
    ],
)
def test_silence_of_families_leaves_so_much(families: tuple[str, ...], chance: float):
    assert left(*families) == pytest.approx(chance, rel=0.01)


def test_silence_of_nobody_proves_nothing():
    assert residual(frozenset(), PUBLISHED) == 1
    assert residual(frozenset({assumed([])}), PUBLISHED) == 1


RELIABILITIES = st.builds(
    lambda family, miss: Reliability(((family, Fraction(miss, 100)),)),
    st.sampled_from(sorted(ASSUMED_MISSES)),
    st.integers(0, 100),
)


@given(st.frozensets(RELIABILITIES, max_size=5), RELIABILITIES)
def test_a_further_silent_layer_never_raises_the_residual(silent: frozenset[Reliability], other: Reliability):
    assert residual(silent | {other}, PUBLISHED) <= residual(silent, PUBLISHED)


@pytest.mark.parametrize("lowered", [1, 10])
def test_a_certain_prior_still_gives_a_chance(lowered: int):
    """All land converted, in an exploration: the odds stay numbers."""
    sure = PUBLISHED.changed({"prior_ppm": 1_000_000, "prior_lowered": lowered})
    two = frozenset({assumed(["landsat_auto"]), assumed(["s2_auto"])})

    assert residual(two, PUBLISHED) < residual(two, sure) < 1
    assert converted(two, 2, PUBLISHED) < converted(two, 2, sure) < 1


def test_two_families_convict_and_one_does_not():
    two = frozenset({assumed(["landsat_auto"]), assumed(["s2_auto"])})
    # odds .003 / .997 x .75 / .01 x .95 / .01 = 21.44
    assert float(converted(two, 2, PUBLISHED)) == pytest.approx(21.44 / 22.44, rel=1e-3)
    assert converted(two, 2, PUBLISHED) >= PUBLISHED.least_converted
    assert converted(frozenset({assumed(["s2_auto"])}), 1, PUBLISHED) < PUBLISHED.least_converted


@pytest.mark.parametrize(
    ("producers", "units", "bound"),
    [
        # Without an error in n units the bound is 1 - 0.05 ** (1 / n), rounded up to millionths.
        ("1", 299, "0.009970"),
        ("1", 300, "0.009937"),
        ("0.9", 10, "0.394164"),  # one error in ten: .394163 (Clopper and Pearson)
        ("0", 300, "1"),
        ("1", 100_000, "0.002992"),  # as 1,000 units
    ],
)
def test_the_bound_of_what_is_missed(producers: str, units: int, bound: str):
    assert most_missed(Fraction(producers), units) == Fraction(bound)
