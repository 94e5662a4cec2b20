"""Screens plots before anything is measured on them: every check, every plot, nothing repaired."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from landproof.screening.datum import check_datum
from landproof.screening.given import Findings, Given
from landproof.screening.neighbour_checks import check_neighbours
from landproof.screening.place_checks import Boundaries, check_countries, check_positions
from landproof.screening.repairs import propose
from landproof.screening.shape_checks import check_cut, check_geometry, check_outlines
from landproof.screening.size_checks import check_areas, check_looks, check_precision

Profile = Literal["dcf", "eudr"]

# What the two profiles see differently. EUDR GeoJSON File Description 1.3: no holes; a point without area is 4 ha.
_HOLES: Final[Mapping[Profile, str]] = {"dcf": "warn", "eudr": "fail"}
_MISSING_AREA: Final[Mapping[Profile, str]] = {"dcf": "warn", "eudr": "warn"}


@dataclass(frozen=True, slots=True)
class Screening:
    """``checks`` (`PLOT_CHECKS`): a row per plot and finding, one at least per plot. ``counts`` (`CHECK_COUNTS`):
    how each check went, also where it could not look. ``repairs`` (`PLOT_REPAIRS`): proposals, none applied.
    """

    checks: pl.DataFrame
    counts: pl.DataFrame
    repairs: pl.DataFrame

    @property
    def unusable(self) -> pl.Series:
        """The plots that no overlay can take as they are: their geometry or their place is at fault."""
        return _unusable(self.checks)


def blocked(plots: pl.DataFrame) -> pl.Series:
    """The plots that no overlay can take as they are, by what their geometry alone says."""
    found = Findings(Given(plots))
    check_geometry(found)
    check_positions(found)
    check_outlines(found, holes="warn")
    return _unusable(found.table())


def _unusable(checks: pl.DataFrame) -> pl.Series:
    wrong = pl.col("check").is_in(BLOCKING) & (pl.col("result") == "fail")
    return checks.filter(wrong & ~pl.col("reason").is_in(ALLOWED))["plot"].unique().sort()


# Checks whose failure means that the land of the plot is not known.
BLOCKING: Final = (
    "geometry", "rings", "outline", "holes", "parts", "degrees", "axes", "null island", "date line",
)  # fmt: skip
ALLOWED: Final = ("holes",)  # a fault for EU systems only


def screen(
    plots: pl.DataFrame,
    *,
    profile: Profile = "dcf",
    boundaries: Boundaries | None = None,
    references: Mapping[str, bytes] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Screening:
    """Screen ``plots`` (contract `PLOTS`; the order of rows makes no difference).

    ``boundaries``: country outlines; without them, country and sea are counted as not checked. ``references``:
    outlines known to be in WGS 84, by plot. ``progress`` is told how many steps of how many are done.
    """
    given = Given(plots)
    found = Findings(given)
    steps: tuple[Callable[[], None], ...] = (
        lambda: check_geometry(found),
        lambda: check_positions(found),
        lambda: check_outlines(found, holes=_HOLES[profile]),
        lambda: check_cut(found),
        lambda: check_precision(found),
        lambda: check_areas(found, missing_area=_MISSING_AREA[profile]),
        lambda: check_looks(found),
        lambda: check_countries(found, boundaries),
        lambda: check_datum(found, references or {}),
        lambda: check_neighbours(found),
    )
    for done, step in enumerate(steps, start=1):
        step()
        if progress is not None:
            progress(done, len(steps))
    checks = found.table()
    return Screening(checks, found.counts(), propose(given, checks))
