"""Exact bounds on a share of which only a sample was looked at (Clopper and Pearson 1934).

Nothing but decimal arithmetic of a set precision, so the bounds are the same on every machine. A bound is a whole
number of millionths, rounded away from the share that was seen: it is never narrower than the exact one.
"""

from decimal import Decimal, localcontext
from fractions import Fraction

ALPHA = Fraction(1, 20)
_STEPS = 1_000_000
_DIGITS = 60


def upper_bound(hits: int, trials: int, *, alpha: Fraction = ALPHA) -> Fraction:
    """The largest share under which ``hits`` or fewer of ``trials`` still happen with probability ``alpha``.

    One-sided: with ``alpha`` 1/20 the share is below the bound with 95 % confidence; give half of ``alpha`` for a
    two-sided interval. Without a trial nothing is known, so the bound is 1. Raises `ValueError` for counts that
    cannot be.
    """
    _check(hits, trials, alpha)
    if hits == trials:
        return Fraction(1)
    low, high = 0, _STEPS  # at ``low`` the bound is not reached, at ``high`` it is
    with localcontext() as context:
        context.prec = _DIGITS
        limit = Decimal(alpha.numerator) / Decimal(alpha.denominator)
        while high - low > 1:
            middle = (low + high) // 2
            if _at_most(hits, trials, Decimal(middle) / _STEPS) <= limit:
                high = middle
            else:
                low = middle
    return Fraction(high, _STEPS)


def lower_bound(hits: int, trials: int, *, alpha: Fraction = ALPHA) -> Fraction:
    """The smallest share under which ``hits`` or more of ``trials`` still happen with probability ``alpha``."""
    _check(hits, trials, alpha)
    return 1 - upper_bound(trials - hits, trials, alpha=alpha)


def trials_for(limit: Fraction, hits: int = 0, *, alpha: Fraction = ALPHA) -> int:
    """How many trials it takes for ``hits`` to bound a share by ``limit``, with 0 < ``limit`` < 1."""
    if not 0 < limit < 1:
        raise ValueError(f"{limit} is no share to be bounded")
    enough = hits + 1
    while upper_bound(hits, enough, alpha=alpha) > limit:
        enough *= 2
    low = max(hits, enough // 2)
    while enough - low > 1:
        middle = (low + enough) // 2
        if upper_bound(hits, middle, alpha=alpha) <= limit:
            enough = middle
        else:
            low = middle
    return enough


def _check(hits: int, trials: int, alpha: Fraction) -> None:
    if not 0 <= hits <= trials:
        raise ValueError(f"{hits} of {trials} cannot be")
    if not 0 < alpha < 1:
        raise ValueError(f"{alpha} is no probability between 0 and 1")


def _at_most(hits: int, trials: int, share: Decimal) -> Decimal:
    """The probability of ``hits`` or fewer of ``trials``, each a hit with probability ``share`` (not 0 or 1)."""
    odds = share / (1 - share)
    term = total = (1 - share) ** trials
    for number in range(hits):
        term = term * odds * (trials - number) / (number + 1)
        total += term
    return total
