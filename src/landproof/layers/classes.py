"""The classes of a layer: what its values are listed as and what they mean, numbered for the kernels."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from landproof.land.decode import NO_DATA_HERE, UNKNOWN_HERE, Decoder, State
from landproof.land.tables import NO_DATA, UNLISTED

Numbers = npt.NDArray[np.uint16]

NO_DATA_CLASS, UNLISTED_CLASS = 0, 1
_MOST = 1 << 16
_LARGEST_WHOLE = 2.0**53
SIZES = {"uint8": 256, "uint16": _MOST}  # values of the kinds of rasters that kernels look up in a table


@dataclass(slots=True)
class Classes:
    """Numbers classes in the order in which they are met: 0 is no data, 1 what no rule lists.

    A class is what the decoder lists alike. ``values`` has one value of each class.
    """

    decoder: Decoder
    values: list[int | None] = field(default_factory=lambda: [None, None])
    _numbers: dict[str, int] = field(default_factory=dict[str, int])
    _tables: dict[tuple[str, frozenset[int]], Numbers] = field(
        default_factory=dict[tuple[str, frozenset[int]], Numbers]
    )
    _orders: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    def number(self, value: int) -> int:
        """The number of the class of this value."""
        if not self.decoder.listed(value):
            return UNLISTED_CLASS
        label = self.decoder.label(value)
        found = self._numbers.get(label)
        if found is None:
            found = len(self.values)
            if found == _MOST:
                return UNLISTED_CLASS
            self._numbers[label] = found
            self.values.append(value)
        return found

    def label(self, number: int) -> str:
        """The class as the catalogue lists it."""
        value = self.values[number]
        return (NO_DATA if number == NO_DATA_CLASS else UNLISTED) if value is None else self.decoder.label(value)

    def state(self, number: int) -> State:
        """What the class says of the land."""
        value = self.values[number]
        if value is None:
            return NO_DATA_HERE if number == NO_DATA_CLASS else UNKNOWN_HERE
        return self.decoder.state(value)

    def state_of(self, label: str) -> State:
        """What the class says that is listed as ``label``, one of those met so far."""
        fixed = {NO_DATA: NO_DATA_CLASS, UNLISTED: UNLISTED_CLASS}
        return self.state(fixed[label] if label in fixed else self._numbers[label])

    def year(self, number: int) -> int | None:
        """The year of the change, where the class is one."""
        value = self.values[number]
        return None if value is None else self.decoder.year(value)

    def in_order(self, kind: str) -> list[int]:
        """All classes that rasters of ``kind`` can hold: no data, unlisted, then the others by their least value.

        So the list for uint8 is how the one for uint16 begins.
        """
        if kind not in self._orders:
            numbers = map(self.number, range(SIZES[kind]))
            self._orders[kind] = list(dict.fromkeys([NO_DATA_CLASS, UNLISTED_CLASS, *numbers]))
        return self._orders[kind]

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


def planes_for(classes: int) -> int:
    """How many bit planes tell so many classes apart."""
    return max(1, (classes - 1).bit_length())
