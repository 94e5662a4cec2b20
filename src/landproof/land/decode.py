"""What the values of a raster mean: one rule of decoding per role of a layer.

A value that a rule does not list is unknown, never "no". A dated change is an interval of days: images
show by when a change had happened, and the image before shows when it had not yet.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """What a layer is for."""

    FOREST = "forest baseline"
    NATURAL = "natural baseline"
    CHANGE = "change"
    USE = "land use after"
    PEAT = "peat"


class Meaning(StrEnum):
    """What one value of a layer says of the land."""

    NATURAL = "natural"  # forest in a forest baseline, any natural ecosystem in a natural baseline
    NOT_NATURAL = "not natural"
    CHANGE = "change"
    SILENT = "no change"
    AGRICULTURE = "agriculture"
    OTHER_USE = "other use"  # built, road, mine: a use that is not farming
    NO_USE = "no use"  # trees, shrubs, water: no use seen
    NOT_AGRICULTURE = "not agriculture"  # the layer does not say which of the two
    PEAT = "peat"
    NOT_PEAT = "not peat"
    UNKNOWN = "unknown"
    NO_DATA = "no data"


@dataclass(frozen=True, slots=True, order=True)
class State:
    """What a layer says of a piece of land; a change happened from ``earliest`` to ``latest``, both included."""

    meaning: Meaning
    earliest: date | None = None
    latest: date | None = None

    @property
    def known(self) -> bool:
        """The layer says something here."""
        return self.meaning not in (Meaning.UNKNOWN, Meaning.NO_DATA)


NO_DATA_HERE = State(Meaning.NO_DATA)
UNKNOWN_HERE = State(Meaning.UNKNOWN)


class Decoder(Protocol):
    """Turns a raster value into a state."""

    def state(self, value: int) -> State:
        """What ``value`` says of the land."""
        ...

    def year(self, value: int) -> int | None:
        """The year to list ``value`` under; null for what is not a dated change."""
        ...

    def label(self, value: int) -> str:
        """The class of ``value``: the range that the catalogue lists it in, or the value itself."""
        ...


@dataclass(frozen=True, slots=True)
class Classes:
    """Values with a meaning each, as in a baseline or a land-use map; ``rest`` is what all others mean.

    ``ranges`` has the range that a value was listed in, such as "30-100".
    """

    meanings: Mapping[int, Meaning]
    rest: Meaning = Meaning.UNKNOWN
    ranges: Mapping[int, str] = field(default_factory=dict[int, str])

    def state(self, value: int) -> State:
        """The meaning listed for ``value``."""
        return State(self.meanings.get(value, self.rest))

    def year(self, value: int) -> int | None:  # noqa: ARG002 - a class has no year
        """Always null."""
        return None

    def label(self, value: int) -> str:
        """The range or the value."""
        return self.ranges.get(value, str(value))


_EARLIEST = re.compile(r"(\d\d)-(\d\d) of the year( before)?")


@dataclass(frozen=True, slots=True)
class Years:
    """Yearly change: a value is a number of years since ``base_year``.

    ``earliest`` is "MM-DD of the year" or "MM-DD of the year before": the first day on which a change that
    the producer lists under a year can have happened. The last such day is 31 December.
    """

    base_year: int
    none: frozenset[int]
    last_year: int
    earliest: str

    def __post_init__(self) -> None:
        self._first_day(2001)

    def _first_day(self, year: int) -> date:
        found = _EARLIEST.fullmatch(self.earliest)
        if not found:
            raise ValueError(self.earliest)
        return date(year - 1 if found[3] else year, int(found[1]), int(found[2]))

    def state(self, value: int) -> State:
        """No change, a change in a year, or unknown for a year that the producer has not reached."""
        if value in self.none:
            return State(Meaning.SILENT)
        year = self.base_year + value
        if not self.base_year < year <= self.last_year:
            return UNKNOWN_HERE
        return State(Meaning.CHANGE, self._first_day(year), date(year, 12, 31))

    def year(self, value: int) -> int | None:
        """The year of the change."""
        return self.base_year + value if self.state(value).meaning is Meaning.CHANGE else None

    def label(self, value: int) -> str:
        """The value."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Days:
    """Daily change: a value is a number of days since ``epoch``, on which the change was first seen.

    It can have happened up to ``uncertainty_days`` earlier. A value before the epoch, or after ``last_day``
    where the catalogue names one, is unknown: a wrong epoch shows.
    """

    epoch: date
    none: frozenset[int]
    uncertainty_days: int
    last_day: date | None = None

    def state(self, value: int) -> State:
        """No change, a change seen on a day, or unknown for a day outside the layer's time."""
        if value in self.none:
            return State(Meaning.SILENT)
        last = self.last_day or date(self.epoch.year + 100, 1, 1)
        if not 0 <= value <= (last - self.epoch).days:
            return UNKNOWN_HERE
        seen = self.epoch + timedelta(days=value)
        return State(Meaning.CHANGE, seen - timedelta(days=self.uncertainty_days), seen)

    def year(self, value: int) -> int | None:
        """The year in which the change was seen."""
        state = self.state(value)
        return state.latest.year if state.latest else None

    def label(self, value: int) -> str:
        """The value."""
        return str(value)
