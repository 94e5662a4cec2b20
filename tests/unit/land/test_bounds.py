"""Bounds on shares: against closed forms, against published tables, and at the ends."""

from fractions import Fraction
from math import comb

import pytest

from landproof.land.bounds import lower_bound, trials_for, upper_bound

ONE_PERCENT = Fraction(1, 100)


def exact_at_most(hits: int, trials: int, share: Fraction) -> Fraction:
    return sum((comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(hits + 1)), Fraction(0))


@pytest.mark.parametrize(("hits", "trials"), [(0, 1), (0, 299), (1, 2), (1, 20), (3, 40), (19, 20), (20, 40)])
def test_the_bound_is_the_first_millionth_that_is_improbable(hits: int, trials: int):
    bound = upper_bound(hits, trials)

    assert exact_at_most(hits, trials, bound) <= Fraction(1, 20)
    assert exact_at_most(hits, trials, bound - Fraction(1, 1_000_000)) > Fraction(1, 20)


def test_no_error_in_299_plots_is_one_percent_at_most():
    assert upper_bound(0, 298) > ONE_PERCENT
    assert upper_bound(0, 299) <= ONE_PERCENT
    assert upper_bound(0, 598) <= Fraction(5, 1000)


@pytest.mark.parametrize(("hits", "trials"), [(0, 299), (1, 473), (2, 628), (3, 773)])
def test_how_many_plots_bound_a_share_by_one_percent(hits: int, trials: int):
    # 299, 473, 628, 773: the sample sizes of attribute sampling at 95 % and 1 %.
    assert trials_for(ONE_PERCENT, hits) == trials


def test_without_a_trial_nothing_is_known():
    assert upper_bound(0, 0) == 1
    assert lower_bound(0, 0) == 0


def test_all_or_none():
    assert upper_bound(7, 7) == 1
    assert lower_bound(0, 7) == 0
    # One of one: the share is at least alpha.
    assert lower_bound(1, 1) == Fraction(1, 20)
    assert upper_bound(0, 1) == Fraction(95, 100)


def test_two_sided_interval_of_a_published_table():
    # 10 of 100, 95 %: .0490 to .1762 (any table of Clopper-Pearson intervals).
    half = Fraction(1, 40)
    assert round(float(lower_bound(10, 100, alpha=half)), 4) == 0.0490
    assert round(float(upper_bound(10, 100, alpha=half)), 4) == 0.1762


def test_more_hits_never_lower_the_bound_and_more_trials_never_raise_it():
    bounds = [upper_bound(hits, 30) for hits in range(31)]
    assert bounds == sorted(bounds)
    bounds = [upper_bound(2, trials) for trials in range(2, 60)]
    assert bounds == sorted(bounds, reverse=True)


def test_thousands_of_trials_are_as_exact():
    bound = upper_bound(4_000, 10_000)
    # Normal approximation: .4 + 1.6449 * sqrt(.24 / 10000) = .40806, a little more for the discrete sum.
    assert Fraction(4080, 10_000) < bound < Fraction(4082, 10_000)


@pytest.mark.parametrize(("hits", "trials"), [(-1, 3), (4, 3), (0, -1)])
def test_counts_that_cannot_be_are_refused(hits: int, trials: int):
    with pytest.raises(ValueError, match="cannot be"):
        upper_bound(hits, trials)


@pytest.mark.parametrize("limit", [Fraction(0), Fraction(1)])
def test_only_shares_between_none_and_all_can_be_bounded(limit: Fraction):
    with pytest.raises(ValueError, match="no share"):
        trials_for(limit)


def test_alpha_is_a_probability():
    with pytest.raises(ValueError, match="no probability"):
        upper_bound(0, 1, alpha=Fraction(0))
