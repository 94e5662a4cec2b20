"""What the values of a raster mean: one rule of decoding per role of a layer.

A value that a rule does not list is unknown, never "no". A dated change is an interval of days: images
show by when a change had happened, and the image before shows when it had not yet.
"""

import re
from abc import ABC, abstractmethod
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
    DEGRADATION = "degradation"  # dated like a change, but the ecosystem is still there
    OBSERVATIONS = "observations"  # how often, or with which gaps, a change layer saw the land


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
    OFTEN = "seen often enough"
    SELDOM = "seen too seldom"
    ABSTAINS = "no opinion"  # the map looked, and does not judge land of this kind
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

    def listed(self, value: int) -> bool:
        """Whether the rule says what ``value`` is, be it that it says nothing of the land."""
        ...

    def day(self, value: int) -> date | None:
        """The last day that ``value`` stands for, be it outside the layer's time; null for what is no date."""
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

    def listed(self, value: int) -> bool:
        """Whether it is among the values, or all others have a meaning."""
        return value in self.meanings or self.rest is not Meaning.UNKNOWN

    def day(self, value: int) -> date | None:  # noqa: ARG002 - a class has no day
        """Always null."""
        return None


_DAY_OF_YEAR = re.compile(r"(\d\d)-(\d\d) of the year( before)?")


def day_in(year: int, written: str) -> date:
    """The day that "MM-DD of the year" or "MM-DD of the year before" is in ``year``. Raises `ValueError`."""
    found = _DAY_OF_YEAR.fullmatch(written)
    if not found:
        raise ValueError(written)
    return date(year - 1 if found[3] else year, int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class Years:
    """Yearly change: a value is a number of years since ``base_year``.

    ``earliest`` is "MM-DD of the year" or "MM-DD of the year before": the first day on which a change that
    the producer lists under a year can have happened. The last such day is 31 December. A year before
    ``first_year`` or after ``last_year`` is unknown.
    """

    base_year: int
    none: frozenset[int]
    last_year: int
    earliest: str
    first_year: int | None = None

    def __post_init__(self) -> None:
        day_in(2001, self.earliest)

    def state(self, value: int) -> State:
        """No change, a change in a year, or unknown for a year that the producer has not reached."""
        if value in self.none:
            return State(Meaning.SILENT)
        year = self.base_year + value
        first = self.base_year + 1 if self.first_year is None else self.first_year
        if not first <= year <= self.last_year:
            return UNKNOWN_HERE
        return State(Meaning.CHANGE, day_in(year, self.earliest), date(year, 12, 31))

    def year(self, value: int) -> int | None:
        """The year of the change."""
        return self.base_year + value if self.state(value).meaning is Meaning.CHANGE else None

    def label(self, value: int) -> str:
        """The value."""
        return str(value)

    def listed(self, value: int) -> bool:
        """Whether it is "no change" or a year of the layer."""
        return self.state(value).known

    def day(self, value: int) -> date | None:
        """31 December of the year."""
        year = self.base_year + value
        return None if value in self.none or not 1 < year < _LAST_YEAR else date(year, 12, 31)


_LAST_YEAR = 9999
_FARTHEST = 100_000  # days: no raster counts them from so long ago


@dataclass(frozen=True, slots=True)
class Seeing:
    """How well the day of a change is known: it happened up to ``uncertainty_days`` before it was first seen.

    Where the producer's count itself may be off, it was seen up to ``late_days`` after its day, and as many
    before. Days before ``first_day`` and after ``last_day`` are not the layer's: a wrong epoch shows.
    """

    uncertainty_days: int
    late_days: int = 0
    first_day: date | None = None
    last_day: date | None = None

    def state(self, seen: date | None) -> State:
        """A change first seen on ``seen``; unknown outside the layer's time."""
        if (
            seen is None
            or (self.first_day is not None and seen < self.first_day)
            or (self.last_day is not None and seen > self.last_day)
        ):
            return UNKNOWN_HERE
        before = timedelta(days=self.uncertainty_days + self.late_days)
        return State(Meaning.CHANGE, seen - before, seen + timedelta(days=self.late_days))


class Alerts(ABC):
    """Daily change: ``day`` says on which day it was first seen, ``seeing`` how well that is known."""

    __slots__ = ()
    none: frozenset[int]
    seeing: Seeing

    @abstractmethod
    def day(self, value: int) -> date | None:
        """The day on which the change was first seen; null for what is no day."""

    def state(self, value: int) -> State:
        """No change, a change seen on a day, or unknown for what is no day of the layer."""
        return State(Meaning.SILENT) if value in self.none else self.seeing.state(self.day(value))

    def year(self, value: int) -> int | None:
        """The year in which the change was seen."""
        seen = self.day(value)
        return seen.year if seen is not None and self.state(value).known else None

    def label(self, value: int) -> str:
        """The value."""
        return str(value)

    def listed(self, value: int) -> bool:
        """Whether it is "no change" or a day of the layer."""
        return self.state(value).known


@dataclass(frozen=True, slots=True)
class Days(Alerts):
    """A value is a number of days since ``epoch``."""

    epoch: date
    none: frozenset[int]
    seeing: Seeing

    def day(self, value: int) -> date | None:
        """The day; null before the epoch."""
        return None if value in self.none else _after(self.epoch, value)


@dataclass(frozen=True, slots=True)
class YearAndDay(Alerts):
    """A value is YYDDD: two digits of the year from 2000 on, and the day of that year (RADD)."""

    none: frozenset[int]
    seeing: Seeing

    def day(self, value: int) -> date | None:
        """The day; null for a day that the year does not have, such as 21366."""
        if value in self.none or not 0 < value < 100_000:
            return None
        return _day_of(2000 + value // 1000, value % 1000)


@dataclass(frozen=True, slots=True)
class DayOfYear(Alerts):
    """A value is a day of ``year``, which the file holds alone (GLAD-L)."""

    year_of_file: int
    none: frozenset[int]
    seeing: Seeing

    def day(self, value: int) -> date | None:
        """The day; null for a day that the year does not have."""
        return None if value in self.none else _day_of(self.year_of_file, value)


@dataclass(frozen=True, slots=True)
class ConfidenceDays(Alerts):
    """A value is a confidence x 10,000 + days since ``epoch``; one of another confidence is unknown."""

    epoch: date
    confidences: frozenset[int]
    none: frozenset[int]
    seeing: Seeing

    def day(self, value: int) -> date | None:
        """The day; null where the first digit is no confidence."""
        if value in self.none or value // 10_000 not in self.confidences:
            return None
        return _after(self.epoch, value % 10_000)


def _after(epoch: date, days: int) -> date | None:
    return epoch + timedelta(days=days) if 0 <= days < _FARTHEST else None


def _day_of(year: int, number: int) -> date | None:
    if not 1 <= number <= 366:
        return None
    found = date(year, 1, 1) + timedelta(days=number - 1)
    return found if found.year == year else None


@dataclass(frozen=True, slots=True)
class YearClasses:
    """Yearly change by a legend (PRODES): ``years`` has the year of each class of change.

    The producer's year runs from ``starts`` to ``ends``, both as in `day_in`. ``residual`` has classes of
    clearings that were found in a year and are older: they happened from ``residual_since`` on.
    ``unclear`` are classes of the legend that say nothing here, such as clouds.
    """

    years: Mapping[int, int]
    none: frozenset[int]
    starts: str
    ends: str
    residual: Mapping[int, int] = field(default_factory=dict[int, int])
    residual_since: date | None = None
    unclear: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        day_in(2001, self.starts)
        day_in(2001, self.ends)
        if self.residual and self.residual_since is None:
            raise ValueError(self.residual)

    def state(self, value: int) -> State:
        """No change, a change in a producer's year, or unknown."""
        if value in self.none:
            return State(Meaning.SILENT)
        last = self.day(value)
        if last is None:
            return UNKNOWN_HERE
        if value in self.residual:
            return State(Meaning.CHANGE, self.residual_since, last)
        return State(Meaning.CHANGE, day_in(self.years[value], self.starts), last)

    def year(self, value: int) -> int | None:
        """The producer's year."""
        return self.years.get(value, self.residual.get(value))

    def label(self, value: int) -> str:
        """The value."""
        return str(value)

    def listed(self, value: int) -> bool:
        """Whether the legend has it."""
        return value in self.none or value in self.unclear or self.year(value) is not None

    def day(self, value: int) -> date | None:
        """The last day of the producer's year."""
        year = self.year(value)
        return None if year is None else day_in(year, self.ends)
