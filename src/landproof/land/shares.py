"""Whole square metres that add up."""

from collections.abc import Sequence


def largest_remainder(parts: Sequence[int], whole: int) -> list[int]:
    """``whole`` divided in proportion to ``parts``, in whole numbers that add up to ``whole``.

    Each part is rounded down, and what is left goes to the largest remainders; of equal ones the earlier
    part comes first, so callers sort by class. All zero when there is nothing to divide by.
    """
    total = sum(parts)
    if total <= 0:
        return [0] * len(parts)
    divided = [divmod(part * whole, total) for part in parts]
    shares = [share for share, _ in divided]
    missing = whole - sum(shares)
    by_remainder = sorted(range(len(parts)), key=lambda index: (-divided[index][1], index))
    for index in by_remainder[:missing]:
        shares[index] += 1
    return shares
