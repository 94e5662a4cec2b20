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

_UP = {"tighter": 1}
_DOWN = {"tighter": -1}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Metres, whole square metres, counts, days and parts per million; see the comment of each."""

    # Standard errors of a position by how it was taken, and of the layers' own registration.
    gnss_m: int = field(default=10, metadata=_UP)
    image_m: int = field(default=10, metadata=_UP)
    unknown_m: int = field(default=30, metadata=_UP)
    registration_m: int = field(default=12, metadata=_UP)
    fringe_sigmas: int = field(default=2, metadata=_UP)
    # Below the first, in plot plus fringe, a signal is noise; it is never more than one in `noise_part` of a plot.
    noise_m2: int = field(default=500, metadata=_DOWN)
    noise_part: int = field(default=10, metadata=_UP)
    # A change is decided without a person when its patch on the landscape has the first and the core of the plot
    # holds the second (AMB-20: what is smaller goes to review, there is no tolerance).
    change_patch_m2: int = field(default=5_000, metadata=_UP)
    core_m2: int = field(default=1_000, metadata=_UP)
    # Independent families that must report a change, and that must be silent.
    families_to_convert: int = field(default=2, metadata=_UP)
    families_to_clear: int = field(default=2, metadata=_UP)
    # The chance that land was converted although its sources are silent, at most; that it was where they report
    # it, at least.
    most_residual_ppm: int = field(default=10_000, metadata=_DOWN)
    least_converted_ppm: int = field(default=950_000, metadata=_UP)
    # Share of land converted since the cut-off, before any source is asked: high-risk origins, an assumption. It
    # is raised by the second to clear and lowered by the third to convict, so that it never tips a case.
    prior_ppm: int = field(default=30_000, metadata=_UP)
    prior_raised: int = field(default=3, metadata=_UP)
    prior_lowered: int = field(default=10, metadata=_UP)
    # How old the newest look of the families that clear may be at evaluation.
    newest_months: int = field(default=18, metadata=_DOWN)

    def loosened(self, than: "Thresholds") -> tuple[str, ...]:
        """The names of those that are looser here than in ``than``."""
        return tuple(
            each.name
            for each in fields(self)
            if (getattr(self, each.name) - getattr(than, each.name)) * each.metadata["tighter"] < 0
        )

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
