"""Where a purchase belongs: its sourcing position (AMB-42), as a readable id.

supplier | commodity | country of production | origin-risk list | before or from 2030, and recycled fibre
apart (AMB-10). "?" stands for a part that is unknown.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from landproof.domain.vocabulary import SIX_COMMODITIES

ANNEX_1 = "annex1"
EUDR_LIST = "eudr-2025-1093"
_UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which obligations change, and the countries that are low on each list."""

    eudr_list_from: date
    all_plots_from: date
    low_on_eudr: tuple[str, ...]
    low_on_annex_1: tuple[str, ...]

    def list_for_six(self, day: pl.Expr) -> pl.Expr:
        """The list for the six commodities received on ``day`` (AMB-25, AMB-28).

        Without a day it is the list on which the country's risk is higher.
        """
        country = pl.col("country")
        low_on_eudr_only = country.is_in(self.low_on_eudr) & ~country.is_in(self.low_on_annex_1)
        return (
            pl.when(day >= pl.lit(self.eudr_list_from))
            .then(pl.lit(EUDR_LIST))
            .when(day.is_not_null() | low_on_eudr_only)
            .then(pl.lit(ANNEX_1))
            .otherwise(pl.lit(EUDR_LIST))
        )

    def list_in_force(self, day: pl.Expr) -> pl.Expr:
        """The list for ``commodity`` and ``country`` received on ``day``."""
        six = pl.col("commodity").is_in(SIX_COMMODITIES)
        return pl.when(six).then(self.list_for_six(day)).otherwise(pl.lit(ANNEX_1))

    def from_2030(self, day: pl.Expr) -> pl.Expr:
        """Whether ``day`` is one from which every good needs its plot (clause 3.3); null without a day."""
        return day >= pl.lit(self.all_plots_from)


def first_day_of_list(eudr_list_from: date, eudr_list_published: date, first_day_of_eudr_list: str) -> date:
    """The first day on which the EUDR list counts: in force, or published (AMB-25)."""
    return {"in force": eudr_list_from, "published": eudr_list_published}[first_day_of_eudr_list]


def calendar(origin_lists: pl.DataFrame, eudr_list_from: date, all_plots_from: date) -> Calendar:
    """The calendar of an edition whose published lists are ``origin_lists``; the EUDR's counts from that day."""

    def low_on(name: str) -> tuple[str, ...]:
        if origin_lists.is_empty():
            return ()
        low = origin_lists.filter((pl.col("list") == name) & (pl.col("level") == "low"))
        return tuple(low["country"].drop_nulls().unique().sort())

    return Calendar(eudr_list_from, all_plots_from, low_on(EUDR_LIST), low_on(ANNEX_1))


def place_parts(days: Calendar) -> dict[str, pl.Expr]:
    """What a line alone tells of its position: the supplier, and the ends for the six and for other goods.

    They are made before a line is split into commodities, which keeps a million lines fast.
    """
    day = pl.col("received_on")
    country = pl.col("country").fill_null(_UNKNOWN)
    tier = (
        pl.when(days.from_2030(day))
        .then(pl.lit("from-2030"))
        .when(day.is_null())
        .then(pl.lit(_UNKNOWN))
        .otherwise(pl.lit("before-2030"))
    )
    return {
        "place_supplier": escaped("supplier"),
        "place_six": pl.concat_str(country, days.list_for_six(day), tier, separator="|"),
        "place_other": pl.concat_str(country, pl.lit(ANNEX_1), tier, separator="|"),
    }


def position_id() -> pl.Expr:
    """The position of a line x commodity that has `place_parts`, ``commodity`` and ``recycled``."""
    six = pl.col("commodity").is_in(SIX_COMMODITIES)
    end = pl.when(six).then(pl.col("place_six")).otherwise(pl.col("place_other"))
    apart = pl.when(pl.col("recycled").fill_null(False)).then(pl.lit("|recycled")).otherwise(pl.lit(""))
    return pl.concat_str("place_supplier", "commodity", end, separator="|") + apart


def escaped(name: str) -> pl.Expr:
    """An owner's own id inside a position's, with its separators escaped so that no two positions collide."""
    word = pl.col(name)
    for mark, code in (("%", "%25"), ("|", "%7C"), (_UNKNOWN, "%3F")):
        word = word.str.replace_all(mark, code, literal=True)
    return word.fill_null(_UNKNOWN)
