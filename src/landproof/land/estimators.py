"""How large a class is, and how accurate a map: estimates from reference units drawn stratum by stratum.

Two forms. `by_strata` is for strata that are the classes of the map (Olofsson et al. 2014, "Good practices for
estimating area and assessing accuracy of land change", Remote Sensing of Environment 148: equations 5 to 11).
`mean` and `ratio` are for strata that are not (Stehman 2014, "Estimating area and map accuracy for stratified
random sampling when the strata are different from the map classes", International Journal of Remote Sensing 35:
equations 3, 25 to 28).

Estimates and variances are exact fractions; only a standard error, being a root, is rounded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

_ROOT_DIGITS = 28


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share, or a ratio, with its sampling variance; null where the sample cannot tell."""

    value: Fraction | None
    variance: Fraction | None

    @property
    def standard_error(self) -> Decimal | None:
        """The root of the variance, to 28 digits."""
        return None if self.variance is None else _root(self.variance)


UNKNOWN = Estimate(None, None)


@dataclass(frozen=True, slots=True)
class Stratum:
    """``size``: how many units it has in all. ``y`` and ``x``: what was seen on each unit of the sample."""

    size: int
    y: Sequence[int | Fraction]
    x: Sequence[int | Fraction] = ()


@dataclass(frozen=True, slots=True)
class ByStrata:
    """Shares of the whole area per reference class; accuracies per class."""

    area: Mapping[str, Estimate]
    users: Mapping[str, Estimate]
    producers: Mapping[str, Estimate]
    overall: Estimate


def by_strata(counts: Mapping[str, Mapping[str, int]], weights: Mapping[str, Fraction]) -> ByStrata:
    """Area shares and accuracies where the strata are the classes of the map.

    ``counts[stratum][reference class]`` are units of the sample, ``weights`` the share of each stratum of the
    whole area. A stratum whose weight is not 0 and that has fewer than two units leaves variances unknown; one
    without any leaves everything unknown that rests on it. Raises `ValueError` for negative numbers.
    """
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight is negative")
    if any(number < 0 for row in counts.values() for number in row.values()):
        raise ValueError("a count is negative")
    classes = sorted({name for row in counts.values() for name in row} | set(counts))
    strata = {name: weight for name, weight in weights.items() if weight}
    drawn = {name: sum(counts.get(name, {}).values()) for name in strata}
    share = {
        (stratum, name): Fraction(counts[stratum].get(name, 0), drawn[stratum])
        for stratum in strata
        for name in classes
        if drawn[stratum]
    }

    def over(name: str) -> Estimate:
        if not all(drawn.values()) or not strata:
            return UNKNOWN
        value = sum((weight * share[stratum, name] for stratum, weight in strata.items()), Fraction(0))
        return Estimate(value, _together([_spread(share[s, name], drawn[s], w * w) for s, w in strata.items()]))

    def users(name: str) -> Estimate:
        if not drawn.get(name):
            return UNKNOWN
        return Estimate(share[name, name], _spread(share[name, name], drawn[name], Fraction(1)))

    def producers(name: str) -> Estimate:
        whole = over(name).value
        if name not in strata or not whole:
            return UNKNOWN
        found = strata[name] * share[name, name] / whole
        # Equation 7: what the map calls so, and what it should have called so, each with its own spread.
        own = _spread(share[name, name], drawn[name], (strata[name] * (1 - found)) ** 2)
        others = [_spread(share[s, name], drawn[s], (w * found) ** 2) for s, w in strata.items() if s != name]
        variance = _together([own, *others])
        return Estimate(found, None if variance is None else variance / whole**2)

    return ByStrata(
        {name: over(name) for name in classes},
        {name: users(name) for name in classes},
        {name: producers(name) for name in classes},
        _overall(strata, share, drawn),
    )


def _overall(
    strata: Mapping[str, Fraction], share: Mapping[tuple[str, str], Fraction], drawn: Mapping[str, int]
) -> Estimate:
    if not all(drawn.values()) or not strata:
        return UNKNOWN
    value = sum((weight * share[name, name] for name, weight in strata.items()), Fraction(0))
    return Estimate(value, _together([_spread(share[s, s], drawn[s], w * w) for s, w in strata.items()]))


def _spread(share: Fraction, drawn: int, factor: Fraction) -> Fraction | None:
    return None if drawn < 2 else factor * share * (1 - share) / (drawn - 1)


def _together(parts: Sequence[Fraction | None]) -> Fraction | None:
    known = [part for part in parts if part is not None]
    return sum(known, Fraction(0)) if len(known) == len(parts) else None


def mean(strata: Sequence[Stratum]) -> Estimate:
    """The mean of ``y`` over the whole area: the share of a class, or of right labels, where ``y`` is 0 or 1."""
    known = _known(strata)
    if known is None:
        return UNKNOWN
    whole = sum(stratum.size for stratum in known)
    value = sum((stratum.size * _mean(stratum.y) for stratum in known), Fraction(0)) / whole
    parts = [_weighed(stratum, _covariance(stratum.y, stratum.y)) for stratum in known]
    variance = _together(parts)
    return Estimate(value, None if variance is None else variance / whole**2)


def ratio(strata: Sequence[Stratum]) -> Estimate:
    """The total of ``y`` for the total of ``x``: an accuracy among the units that ``x`` marks."""
    known = _known(strata)
    if known is None:
        return UNKNOWN
    of = sum((stratum.size * _mean(stratum.x) for stratum in known), Fraction(0))
    if not of:
        return UNKNOWN
    value = sum((stratum.size * _mean(stratum.y) for stratum in known), Fraction(0)) / of
    parts = [_weighed(stratum, _residual(stratum, value)) for stratum in known]
    variance = _together(parts)
    return Estimate(value, None if variance is None else variance / of**2)


def _known(strata: Sequence[Stratum]) -> list[Stratum] | None:
    """The strata that hold something; null when one of them was not looked at, or there are none."""
    if any(len(stratum.y) > stratum.size or len(stratum.x) not in (0, len(stratum.y)) for stratum in strata):
        raise ValueError("a stratum has fewer units than its sample, or x and y of different lengths")
    held = [stratum for stratum in strata if stratum.size]
    return held if held and all(stratum.y for stratum in held) else None


def _weighed(stratum: Stratum, spread: Fraction | None) -> Fraction | None:
    """With the correction for a stratum of finite size."""
    drawn = len(stratum.y)
    return None if spread is None else Fraction(stratum.size * (stratum.size - drawn), drawn) * spread


def _residual(stratum: Stratum, value: Fraction) -> Fraction | None:
    yy, xx, xy = (
        _covariance(stratum.y, stratum.y),
        _covariance(stratum.x, stratum.x),
        _covariance(stratum.x, stratum.y),
    )
    return None if yy is None or xx is None or xy is None else yy + value**2 * xx - 2 * value * xy


def _mean(values: Sequence[int | Fraction]) -> Fraction:
    return Fraction(sum(values, Fraction(0))) / len(values) if values else Fraction(0)


def _covariance(one: Sequence[int | Fraction], other: Sequence[int | Fraction]) -> Fraction | None:
    if len(one) < 2:
        return None
    middle, centre = _mean(one), _mean(other)
    sums = sum(((a - middle) * (b - centre) for a, b in zip(one, other, strict=True)), Fraction(0))
    return sums / (len(one) - 1)


def _root(value: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = 2 * _ROOT_DIGITS
        root = (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()
        context.prec = _ROOT_DIGITS
        return +root
