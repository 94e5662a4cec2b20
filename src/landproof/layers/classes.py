"""The classes of a layer: what its values are listed as and what they mean, numbered for the kernels."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from landproof.land.decode import NO_DATA_HERE, UNKNOWN_HERE, Decoder, Meaning, State
from landproof.land.tables import NO_DATA, UNLISTED

Numbers = npt.NDArray[np.uint16]

NO_DATA_CLASS, UNLISTED_CLASS = 0, 1
_MOST = 1 << 16
_LARGEST_WHOLE = 2.0**53
SIZES = {"uint8": 256, "uint16": _MOST}  # values of the kinds of rasters that kernels look up in a table


@dataclass(frozen=True, slots=True)
class Group:
    """Values that are one class: ``label`` lists them, ``state`` and ``year`` hold for all."""

    label: str
    state: State
    year: int | None


@dataclass(slots=True)
class Classes:
    """Numbers classes in the order in which they are met: 0 is no data, 1 what can be no class.

    A class is what the decoder lists alike. With a ``cut_off`` it is what matters to a verdict: values that mean
    the same are one class, and so are all changes wholly before the cut-off. ``size``: how many values the layer's
    rasters can hold. ``values`` has one value of each class.
    """

    decoder: Decoder
    cut_off: date | None = None
    size: int = _MOST
    values: list[int | None] = field(default_factory=lambda: [None, None])
    _numbers: dict[str, int] = field(default_factory=dict[str, int])
    _groups: dict[int, Group] = field(default_factory=dict[int, Group])
    _tables: dict[tuple[str, frozenset[int]], Numbers] = field(
        default_factory=dict[tuple[str, frozenset[int]], Numbers]
    )

    def group(self, value: int) -> Group:
        """The class of a value."""
        if self.cut_off is not None and not self._groups:
            self._groups = _grouped(self.decoder, self.cut_off, range(self.size))
        found = self._groups.get(value)
        return found or Group(self.decoder.label(value), self.decoder.state(value), self.decoder.year(value))

    def number(self, value: int) -> int:
        """The number of the class of this value."""
        # Without a cut-off the label is all that is asked, for each of the 65,536 values of a table.
        label = self.decoder.label(value) if self.cut_off is None else self.group(value).label
        found = self._numbers.get(label)
        if found is None:
            found = len(self.values)
            if found == _MOST:
                return UNLISTED_CLASS
            self._numbers[label] = found
            self.values.append(value)
        return found

    def label(self, number: int) -> str:
        """The class as the raster holds it."""
        value = self.values[number]
        return (NO_DATA if number == NO_DATA_CLASS else UNLISTED) if value is None else self.group(value).label

    def state(self, number: int) -> State:
        """What the class says of the land."""
        value = self.values[number]
        if value is None:
            return NO_DATA_HERE if number == NO_DATA_CLASS else UNKNOWN_HERE
        return self.group(value).state

    def year(self, number: int) -> int | None:
        """The year of the change, where the class is one."""
        value = self.values[number]
        return None if value is None else self.group(value).year

    def in_order(self) -> list[int]:
        """All classes that the rasters can hold, no data first and then by their least value."""
        return [NO_DATA_CLASS, *dict.fromkeys(self.number(value) for value in range(self.size))]

    def table(self, kind: str, nodata: frozenset[int]) -> Numbers:
        """Class numbers by value, for rasters of ``kind`` uint8 (256) or uint16 (65,536)."""
        key = (kind, nodata)
        if key not in self._tables:
            numbers = [NO_DATA_CLASS if value in nodata else self.number(value) for value in range(SIZES[kind])]
            self._tables[key] = np.array(numbers, dtype=np.uint16)
        return self._tables[key]

    def numbers(self, cells: npt.NDArray[np.generic], nodata: frozenset[int]) -> Numbers:
        """Class numbers of ``cells`` of any type; a fraction or not-a-number can be no class."""
        found, index = np.unique(cells, return_inverse=True)
        by_value = [self._of(value, nodata) for value in found.tolist()]
        return np.array(by_value, dtype=np.uint16)[index].reshape(cells.shape)

    def _of(self, value: float, nodata: frozenset[int]) -> int:
        if not (abs(value) < _LARGEST_WHOLE and value == int(value)):
            return UNLISTED_CLASS
        return NO_DATA_CLASS if int(value) in nodata else self.number(int(value))


def _grouped(decoder: Decoder, cut_off: date, values: Iterable[int]) -> dict[int, Group]:
    """``values`` by what they mean; a change wholly before ``cut_off`` means that, whenever it was."""
    alike: dict[State | None, list[int]] = {}
    days: list[date] = []  # the first and the last of changes before the cut-off
    for value in values:
        state = decoder.state(value)
        first, last = state.earliest, state.latest
        before = first is not None and last is not None and last <= cut_off
        if first is not None and last is not None and before:
            days += [first, last]
        alike.setdefault(None if before else state, []).append(value)
    found: dict[int, Group] = {}
    for state, members in alike.items():
        years = {decoder.year(value) for value in members}
        said = State(Meaning.CHANGE, min(days), max(days)) if state is None else state
        group = Group(ranges(members), said, years.pop() if len(years) == 1 else None)
        found |= dict.fromkeys(members, group)
    return found


def ranges(values: Iterable[int]) -> str:
    """Ascending whole numbers as "0, 3-5"."""
    spans: list[list[int]] = []
    for value in values:
        if spans and spans[-1][1] == value - 1:
            spans[-1][1] = value
        else:
            spans.append([value, value])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
