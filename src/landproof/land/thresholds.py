"""The published thresholds of the land verdict (conversion-verdict 5.1), and which way a user may move them.

A certification run may only tighten them: each field says which way that is. Moving one the other way is an
exploration, whose result says so and never enters a case.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from fractions import Fraction
from typing import Any


def _up(published: int, *, least: int = 0, most: int) -> int:
    """A threshold that is tighter the larger it is."""
    return field(default=published, metadata={"tighter": 1, "least": least, "most": most})


def _down(published: int, *, most: int) -> int:
    """A threshold that is tighter the smaller it is."""
    return field(default=published, metadata={"tighter": -1, "least": 0, "most": most})


_METRES, _SQUARE_METRES, _PARTS = (
    1_000,
    10**9,
    1_000_000,
)  # the most that makes sense, and that can be reckoned with


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Metres, whole square metres, counts, days and parts per million; see the comment of each."""

    # Standard errors of a position by how it was taken, and of the layers' own registration.
    gnss_m: int = _up(10, most=_METRES)
    image_m: int = _up(10, most=_METRES)
    unknown_m: int = _up(30, most=_METRES)
    registration_m: int = _up(12, most=_METRES)
    fringe_sigmas: int = _up(2, most=10)
    # Below the first, in plot plus fringe, a signal is noise; it is never more than one in `noise_part` of a plot.
    noise_m2: int = _down(500, most=_SQUARE_METRES)
    noise_part: int = _up(10, least=1, most=_PARTS)
    # A change is decided without a person when its patch on the landscape has the first and the core of the plot
    # holds the second (AMB-20: what is smaller goes to review, there is no tolerance).
    change_patch_m2: int = _up(5_000, most=50_000)  # the landscape is read as far as such a patch may go
    core_m2: int = _up(1_000, most=_SQUARE_METRES)
    # Independent families that must report a change, and that must be silent.
    families_to_convert: int = _up(2, most=100)
    families_to_clear: int = _up(2, most=100)
    # The chance that land was converted although its sources are silent, at most; that it was where they report
    # it, at least.
    most_residual_ppm: int = _down(10_000, most=_PARTS)
    least_converted_ppm: int = _up(950_000, most=_PARTS)
    # Share of land converted since the cut-off, before any source is asked: high-risk origins, an assumption. It
    # is raised by the second to clear and lowered by the third to convict, so that it never tips a case.
    prior_ppm: int = _up(30_000, most=_PARTS)
    prior_raised: int = _up(3, least=1, most=_PARTS)
    prior_lowered: int = _up(10, least=1, most=_PARTS)
    # How old the newest look of the families that clear may be at evaluation.
    newest_months: int = _down(18, most=1_200)

    def loosened(self, than: "Thresholds") -> tuple[str, ...]:
        """The names of those that are looser here than in ``than``."""
        return tuple(
            each.name
            for each in fields(self)
            if (getattr(self, each.name) - getattr(than, each.name)) * each.metadata["tighter"] < 0
        )

    @classmethod
    def range_of(cls, name: str) -> tuple[int, int]:
        """The least and the most that a threshold may be. Raises `KeyError` for an unknown name."""
        found = {each.name: each.metadata for each in fields(cls)}[name]
        return found["least"], found["most"]

    def changed(self, values: Mapping[str, int]) -> "Thresholds":
        """These with ``values`` in place of their own. Raises `KeyError` for an unknown name."""
        own: dict[str, Any] = asdict(self)
        for name in values:
            own[name]
        return Thresholds(**own | dict(values))

    def sigma_m(self, located_by: str | None) -> float:
        """The standard error in metres of an outline taken in this way, that of the layers included."""
        position = {"gnss": self.gnss_m, "image": self.image_m}.get(located_by or "", self.unknown_m)
        return math.hypot(position, self.registration_m)

    @property
    def widest_fringe_m(self) -> float:
        """How far in metres from a plot its fringe may reach."""
        return self.fringe_sigmas * max(self.sigma_m(way) for way in ("gnss", "image", None))

    @property
    def most_residual(self) -> Fraction:
        """As a fraction of one."""
        return Fraction(self.most_residual_ppm, 1_000_000)

    @property
    def least_converted(self) -> Fraction:
        """As a fraction of one."""
        return Fraction(self.least_converted_ppm, 1_000_000)

    @property
    def prior(self) -> Fraction:
        """As a fraction of one."""
        return Fraction(self.prior_ppm, 1_000_000)


PUBLISHED = Thresholds()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a verdict is given by, beside the land: the last day on which a change is no conversion, and limits.

    The verdicts of an ``exploration`` say so and never enter a case.
    """

    cut_off: date
    thresholds: Thresholds = PUBLISHED
    exploration: bool = False

    def __str__(self) -> str:
        """All of it in words, by which results are told apart."""
        values = ", ".join(f"{name} {value}" for name, value in asdict(self.thresholds).items())
        return f"{self.cut_off.isoformat()}, {'exploration' if self.exploration else 'published'}: {values}"


# What makes trees a forest: more than half a hectare on the landscape. Part of the definition, so nobody moves it.
FOREST_PATCH_M2 = 5_000
