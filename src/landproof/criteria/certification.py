"""From which day a certification counts, and the years of its validity (AMB-01, AMB-02)."""

from collections.abc import Mapping
from datetime import date

from landproof.criteria.company import months_later

# The day from which a certification counts, under each reading of AMB-01: a column of ``application``.
CERTIFIED_ON: Mapping[str, str] = {
    "board": "board_confirmed_on",
    "certificate": "certificate_on",
    "verification": "verified_on",
}


def first_days(certified: date, expires: date, months: int, verification_years: str) -> list[date]:
    """The first days of the certification years, and the day after the last.

    They are counted from certification every ``months`` months, or are the full calendar years after that of
    certification (AMB-02).
    """
    if verification_years == "calendar":
        return [date(year, 1, 1) for year in range(certified.year + 1, expires.year + 1)]
    days = [certified]
    while days[-1] < expires:
        days.append(months_later(certified, months * len(days)))
    return days
