"""What combinations of classes are, as far as the landscape is concerned: the verdict's own rules say it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from landproof.land.decode import Role, State
from landproof.land.patches import Patch, Views, Vote
from landproof.land.thresholds import Terms
from landproof.layers.catalogue import Catalogue
from landproof.layers.classes import Classes, Numbers

Mask = npt.NDArray[np.bool_]


class Look(NamedTuple):
    """Per combination: forest at the cut-off, change after it, and whether either cannot be told."""

    forest: Mask
    forest_unknown: Mask
    changed: Mask
    change_unknown: Mask


Judge: TypeAlias = Callable[[Numbers], Look]  # takes combinations x layers


class Judging:
    """Combinations of classes as states of the land and as the verdict sees them; each is looked at once."""

    def __init__(self, catalogue: Catalogue, classes: Sequence[Classes], terms: Terms) -> None:
        self._facts = [layer.facts for layer in catalogue.layers]
        self._classes = classes
        self._views = Views(self._facts, terms)
        self._known: dict[bytes, tuple[bool, bool, bool, bool]] = {}

    def states(self, combination: Numbers) -> tuple[State, ...]:
        """What each layer says."""
        return tuple(
            classes.state(number) for classes, number in zip(self._classes, combination.tolist(), strict=True)
        )

    def look(self, combinations: Numbers) -> Look:
        """A `Judge`."""
        found = np.zeros((len(combinations), 4), dtype=np.bool_)
        for place, combination in enumerate(combinations):
            key = combination.tobytes()
            if key not in self._known:
                self._known[key] = self._look(self.states(combination))
            found[place] = self._known[key]
        return Look(*found.T)

    def _look(self, states: tuple[State, ...]) -> tuple[bool, bool, bool, bool]:
        view = self._views.of(Patch(states))
        unknown = any(
            not state.known for layer, state in zip(self._facts, states, strict=True) if layer.role is Role.CHANGE
        )
        return view.forest in (Vote.YES, Vote.DISPUTED), view.forest is Vote.UNKNOWN, view.change.counts, unknown
