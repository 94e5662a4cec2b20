"""Numbers the combinations of classes that the kernels meet, and tells the kernels their numbers."""

import numpy as np
import numpy.typing as npt

from landproof.domain.messages import text
from landproof.land.kernel.planes import CELLS, Codes, Coding, States
from landproof.land.kernel.weigh import MOST_CODES
from landproof.layers.classes import Numbers
from landproof.layers.errors import LayerError

Whole = npt.NDArray[np.int64]

_MOST_STEPS = 1 << 25  # of a layer: 128 MB
_STEPS_KEPT = 1 << 20  # from block to block


class Combinations:
    """Combinations of the classes of ``layers`` layers, numbered in the order in which they were met."""

    def __init__(self, layers: int) -> None:
        self._layers = layers
        self._numbers: dict[tuple[int, ...], int] = {}
        self._table: Numbers = np.zeros((0, layers), dtype=np.uint16)

    @property
    def classes(self) -> Numbers:
        """Per number the class of each layer."""
        if len(self._table) < len(self._numbers):
            self._table = np.array(list(self._numbers), dtype=np.uint16).reshape(-1, self._layers)
        return self._table

    def number(self, classes: tuple[int, ...]) -> int:
        """The number of a combination."""
        return self._numbers.setdefault(classes, len(self._numbers))


class Coder:
    """Gives the kernels codes for what they meet on one lattice; a code stands for a combination.

    The kernels know what was met before. At anything else they stop, and `learn` adds it.
    """

    def __init__(self, combinations: Combinations, layers: int) -> None:
        self._combinations = combinations
        self._layers = layers
        self._forget()

    def _forget(self) -> None:
        self._known: list[dict[int, int]] = [{} for _ in range(self._layers)]  # class -> its short number
        self._short: dict[int, tuple[States, States]] = {}  # by table: the table, and short numbers
        self._steps: list[Codes] = [np.full((1, 4), -1, dtype=np.int32) for _ in range(self._layers)]
        self._nodes: list[list[tuple[int, ...]]] = [[] for _ in range(self._layers)]
        self._names: list[int] = []
        self.names: Codes = np.zeros(0, dtype=np.int32)
        self._join()

    def _join(self) -> None:
        sizes = [steps.size for steps in self._steps]
        self._base = np.cumsum([0, *sizes[:-1]], dtype=np.int64)
        self._stride = np.array([steps.shape[1] for steps in self._steps], dtype=np.int64)
        self._flat = np.concatenate([steps.ravel() for steps in self._steps])
        self._steps = [
            self._flat[base : base + size].reshape(steps.shape)
            for base, size, steps in zip(self._base.tolist(), sizes, self._steps, strict=True)
        ]
        self._lacking = np.zeros(4, dtype=np.int64)
        self._memory = np.zeros(CELLS, dtype=np.int32), np.zeros(8, dtype=np.uint64), np.zeros(8, dtype=np.uint64)

    def begin(self) -> None:
        """A new block begins: what was met is forgotten where it has grown large."""
        if self._flat.size > _STEPS_KEPT or len(self._names) > MOST_CODES // 2:
            self._forget()

    @property
    def planes(self) -> int:
        """How many bits a code takes."""
        return max(1, (len(self._names) - 1).bit_length())

    def coding(self, states: States) -> Coding:
        """For the kernels: codes of values whose classes are ``states`` (layers x values)."""
        if id(states) not in self._short:
            short = np.zeros(states.shape, dtype=np.uint16)
            for layer, known in enumerate(self._known):
                for number, name in known.items():
                    short[layer, states[layer] == number] = name
            self._short[id(states)] = states, short
        nodes, low, high = self._memory
        return Coding(
            self._short[id(states)][1], self._flat, self._base, self._stride, self._lacking, nodes, low, high
        )

    def learn(self, states: States) -> None:
        """Add what a kernel has not met. Raises `LayerError`."""
        layer, node, short, value = self._lacking.tolist()
        if short == 0:
            number = int(states[layer, value])
            known = self._known[layer]
            short = known.setdefault(number, len(known) + 1)
            table = self._short[id(states)][1]
            table[layer, states[layer] == number] = short
            self._widen(layer, len(self._steps[layer]), short + 1)
        if self._steps[layer][node, short] < 0:
            self._add(layer, node, short)

    def _add(self, layer: int, node: int, short: int) -> None:
        number = list(self._known[layer])[short - 1]
        path = (*(self._nodes[layer - 1][node] if layer else ()), number)
        nodes = self._nodes[layer]
        self._steps[layer][node, short] = len(nodes)
        nodes.append(path)
        if layer + 1 < self._layers:
            following = self._steps[layer + 1]
            self._widen(layer + 1, len(nodes), following.shape[1])
            return
        if len(nodes) > MOST_CODES:
            raise self._too_many()
        self._names.append(self._combinations.number(path))
        self.names = np.array(self._names, dtype=np.int32)

    def _widen(self, layer: int, nodes: int, shorts: int) -> None:
        steps = self._steps[layer]
        rows, columns = steps.shape
        while rows < nodes:
            rows *= 2
        while columns < shorts:
            columns *= 2
        if (rows, columns) == steps.shape:
            return
        if rows * columns > _MOST_STEPS:
            raise self._too_many()
        wider = np.full((rows, columns), -1, dtype=np.int32)
        wider[: steps.shape[0], : steps.shape[1]] = steps
        self._steps[layer] = wider
        self._join()

    def _too_many(self) -> LayerError:
        return LayerError(
            text(
                "The layers hold more than %(most)s combinations of classes on %(cells)s cells. Measure with fewer "
                "layers at a time."
            ),
            most=MOST_CODES, cells="512 x 512",
        )  # fmt: skip
