"""Numbers the classes that the kernels meet, and their combinations."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from landproof.domain.messages import text
from landproof.land.kernel.planes import MOST_CODES, MOST_PLANES, NOT_MET, SLOTS, States, Table, new_table
from landproof.layers.blocks import Cells
from landproof.layers.classes import Numbers, planes_for
from landproof.layers.errors import LayerError

Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

PLANES_KEPT = 40  # from block to block


class Coder:
    """Gives the kernels codes for what they meet on one lattice, and tells what the codes stand for.

    A code has, layer by layer, the number of the class among those of the layer met so far. The kernels stop at a
    class that was not met; `learn` adds it. ``table`` has the codes met, and `names` the number of the combination
    of classes that each stands for. ``fixed``: by layer the classes in the order in which stored planes have them.
    """

    def __init__(self, layers: int, fixed: Sequence[Sequence[int]]) -> None:
        self._fixed = fixed
        self._numbers: dict[tuple[int, ...], int] = {}
        self._classes: Numbers = np.zeros((0, layers), dtype=np.uint16)
        self.table = new_table()
        self._names = np.full(SLOTS, -1, dtype=np.int32)
        self._named = 0
        self.lacking = np.zeros(2, dtype=np.int64)
        self._forget()

    @property
    def classes(self) -> Numbers:
        """Per combination the class of each layer."""
        if len(self._classes) < len(self._numbers):
            self._classes = np.array(list(self._numbers), dtype=np.uint16).reshape(-1, self._classes.shape[1])
        return self._classes

    def _forget(self) -> None:
        self._met: list[dict[int, int]] = [
            {number: place for place, number in enumerate(each)} for each in self._fixed
        ]
        self._short: dict[int, tuple[States, States]] = {}  # by table: the table, and its classes' numbers
        self._lay_out()

    def _lay_out(self) -> None:
        self.count = np.array([planes_for(len(met)) for met in self._met], dtype=np.int64)
        self.first = np.cumsum(self.count) - self.count
        if self.planes > MOST_PLANES:
            raise too_many()
        self.clear()

    @property
    def planes(self) -> int:
        """How many planes all layers have together."""
        return int(self.count.sum())

    def begin(self) -> bool:
        """A new block begins: whether what was met is forgotten, since it has grown large."""
        large = self.planes > PLANES_KEPT
        if large:
            self._forget()
        return large

    def clear(self) -> None:
        """Empty the table."""
        places = self.table.met[: self.table.size[0]]
        self.table.keys[places] = 0
        self._names[places] = -1
        self.table.size[0] = self._named = 0

    @property
    def is_full(self) -> bool:
        """Whether the table may have no room for another plot."""
        return int(self.table.size[0]) > MOST_CODES // 2

    def short(self, cells: Cells) -> States:
        """The numbers of the classes of values, as the kernels want them (as `Cells.states`)."""
        states = cells.states
        if id(states) not in self._short:
            short = np.zeros(states.shape, dtype=np.uint16)
            for row, layer in enumerate(cells.layers):
                place = np.full(1 << 16, NOT_MET, dtype=np.uint16)
                place[list(self._met[layer])] = np.arange(len(self._met[layer]))
                short[row] = place[states[row]]
            self._short[id(states)] = states, short
        return self._short[id(states)][1]

    def learn(self, cells: Cells) -> bool:
        """Add the class that a kernel has not met; whether the layers now have other planes.

        Raises `LayerError` where there are too many.
        """
        row, value = self.lacking.tolist()
        states, layer = cells.states, cells.layers[row]
        number = int(states[row, value])
        met = self._met[layer]
        place = met.setdefault(number, len(met))
        self.short(cells)[row, states[row] == number] = place
        if place < 1 << int(self.count[layer]):
            return False
        self._lay_out()
        return True

    @property
    def names(self) -> Codes:
        """By place of the table, the number of the combination that the code there stands for."""
        table: Table = self.table
        size = int(table.size[0])
        if self._named < size:
            new = table.met[self._named : size]
            self._named = size
            codes = table.keys[new] - np.uint64(1)
            listed = [list(met) for met in self._met]
            spans = [(int(first), int(count)) for first, count in zip(self.first, self.count, strict=True)]
            for place, code in [(int(place), int(code)) for place, code in zip(new, codes, strict=True)]:
                classes = tuple(
                    numbers[code >> first & ((1 << count) - 1)]
                    for numbers, (first, count) in zip(listed, spans, strict=True)
                )
                self._names[place] = self._numbers.setdefault(classes, len(self._numbers))
        return self._names


def too_many() -> LayerError:
    """The layers differ too much for the memory that a block gets."""
    return LayerError(
        text(
            "The layers hold more combinations of classes on %(cells)s cells than can be told apart. Measure with "
            "fewer layers at a time."
        ),
        cells="512 x 512",
    )  # fmt: skip
