"""How likely land was converted, given who is silent and who reports a change (conversion-verdict 5.6).

Odds start from a prior and are multiplied per family: (1 - PA) / (1 - FPR) for one that is silent, PA / FPR for
one that reports; PA is its producer's accuracy for clearings of half a hectare and more, FPR its false alarms.
All in exact fractions; the one square root is rounded against the plot.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import isqrt, prod

from landproof.land.bounds import upper_bound
from landproof.land.thresholds import Thresholds
from landproof.land.witnesses import SHARES_SCENES

# Chances of missing a clearing of at least half a hectare, where no table with a sample size says better.
# Assumptions between measured ones (conversion-verdict 5.6, 6), rounded up.
ASSUMED_MISSES: Mapping[str, Fraction] = {
    "landsat_auto": Fraction(25, 100),
    "s2_auto": Fraction(5, 100),
    "s1_auto": Fraction(10, 100),
    "hls_auto": Fraction(15, 100),
    "analyst": Fraction(5, 100),
}
ASSUMED_FALSE = Fraction(1, 100)  # of unchanged land, as changed after the cut-off
_MOST_UNITS = 1_000  # a larger sample counts as this: its bound is a little wider than it must be
_ROOT_GRID = 10**6


@dataclass(frozen=True, slots=True, order=True)
class Reliability:
    """Per family that a layer stands for, the chance that it misses a clearing; and its false alarms."""

    misses: tuple[tuple[str, Fraction], ...]
    false: Fraction = ASSUMED_FALSE


NOTHING_KNOWN = Reliability(())


def assumed(families: Iterable[str]) -> Reliability:
    """What is taken where nothing was measured."""
    return Reliability(
        tuple((family, ASSUMED_MISSES[family]) for family in sorted(families) if family in ASSUMED_MISSES)
    )


@lru_cache(maxsize=4096)
def residual(silent: frozenset[Reliability], thresholds: Thresholds) -> Fraction:
    """The chance that land on which all of ``silent`` are silent was converted; one without any.

    Of layers of one family the best counts. DIST sees the scenes of Landsat and Sentinel-2: beside them its
    silence counts by its square root, unless it alone says more. A further layer never raises the result.
    """
    misses: dict[str, Fraction] = {}
    for layer in silent:
        for family, miss in layer.misses:
            misses[family] = min(miss, misses.get(family, miss))
    if not misses:
        return Fraction(1)
    odds = min(thresholds.prior * thresholds.prior_raised, Fraction(1, 2))
    ratios = {family: min(miss / (1 - ASSUMED_FALSE), Fraction(1)) for family, miss in misses.items()}
    odds = odds / (1 - odds) * _ratio(ratios)
    return odds / (1 + odds)


def _ratio(ratios: Mapping[str, Fraction]) -> Fraction:
    own = prod(ratio for family, ratio in ratios.items() if family not in SHARES_SCENES)
    for family, seen in SHARES_SCENES.items():
        if family in ratios:
            apart = prod(ratio for other, ratio in ratios.items() if other not in (*SHARES_SCENES, *seen))
            # Beside those that share its scenes, or in their place.
            own = min(own * _root_above(ratios[family]), apart * ratios[family])
    return Fraction(own)


def _root_above(value: Fraction) -> Fraction:
    """The square root of ``value``, rounded up on a grid of millionths."""
    square = -(-value.numerator * _ROOT_GRID**2 // value.denominator)
    root = isqrt(square)
    return Fraction(root if root * root == square else root + 1, _ROOT_GRID)


@lru_cache(maxsize=4096)
def converted(reporting: frozenset[Reliability], witnesses: int, thresholds: Thresholds) -> Fraction:
    """The chance that a change which ``reporting`` layers date after the cut-off is one.

    Only as many as are independent ``witnesses`` count, the weakest of them.
    """
    evidence = sorted((1 - _best(layer)) / layer.false for layer in reporting)[:witnesses]
    prior = min(thresholds.prior / thresholds.prior_lowered, Fraction(1, 2))
    odds = prior / (1 - prior)
    for ratio in evidence:
        odds *= ratio
    return odds / (1 + odds)


def _best(layer: Reliability) -> Fraction:
    return min((miss for _, miss in layer.misses), default=Fraction(1, 2))


@lru_cache(maxsize=4096)
def most_missed(producers: Fraction, units: int) -> Fraction:
    """The largest chance of missing that a producer's accuracy, measured on ``units`` units, leaves open."""
    units = min(units, _MOST_UNITS)
    return upper_bound(units - int(producers * units), units)
