"""A plot as cells to be drawn: what each layer says of each, and what that means for the verdict.

Kept apart from the reading of rasters and from the drawing. A mark is what a reader tells apart by colour and
hatch; cells that mean the same to the verdict share one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from landproof.land.decode import Meaning, State
from landproof.land.findings import Finding
from landproof.land.patches import Change, View, Vote
from landproof.land.zones import Zone

Cells = npt.NDArray[np.uint8]
Ring = npt.NDArray[np.float64]  # n x (column, row), in cells of the picture from its north-west corner
MAIN = ("deforestation", "conversion")  # the harms that one map of what decides shows together
BLANK = 255  # a cell that the verdict did not look at


class Mark(StrEnum):
    """What a cell of a picture shows. The first ones are what a layer says, the last what decides."""

    NATURAL = "natural at the cut-off"
    NOT_NATURAL = "not natural at the cut-off"
    AFTER = "change after the cut-off"
    SPANS = "change that spans the cut-off"
    BEFORE = "change before the cut-off"
    SILENT = "no change"
    AGRICULTURE = "agriculture"
    OTHER_USE = "other use"
    NO_USE = "no use"
    NOT_AGRICULTURE = "not agriculture"
    PEAT = "peat"
    NOT_PEAT = "not peat"
    OFTEN = "seen often enough"
    SELDOM = "seen too seldom"
    ABSTAINS = "no opinion"
    UNKNOWN = "unknown"
    NO_DATA = "no data"
    PROVED = "harm proved"
    DOUBT = "in doubt"
    UNSEEN = "not seen"
    EXCUSED = "change excused"
    STANDING = "forest that stands"
    CLEAR = "nothing found"


_OF_MEANING: Mapping[Meaning, Mark] = {
    Meaning.NATURAL: Mark.NATURAL,
    Meaning.NOT_NATURAL: Mark.NOT_NATURAL,
    **{meaning: Mark(meaning.value) for meaning in Meaning if meaning.value in set(Mark)},
}
# What decides, from what speaks loudest: of two harms on one cell the first is shown.
DECIDING = (Mark.PROVED, Mark.DOUBT, Mark.UNSEEN, Mark.EXCUSED, Mark.STANDING, Mark.CLEAR)


def mark_of_state(state: State, cut_off: date) -> Mark:
    """What a layer says of a cell; a change is told by where its days lie from the last day of the cut-off."""
    if state.meaning is not Meaning.CHANGE:
        return _OF_MEANING[state.meaning]
    if state.earliest is None or state.latest is None:
        return Mark.UNKNOWN
    if state.earliest > cut_off:
        return Mark.AFTER
    return Mark.SPANS if state.latest > cut_off else Mark.BEFORE


def proves(view: View, finding: Finding) -> bool:
    """Whether a proved harm counts as proof: not in the fringe, and no speck (as in `decide`)."""
    return finding.proved is not None and not view.speck and view.zone is not Zone.FRINGE


def mark_of_finding(view: View, finding: Finding) -> Mark:
    """What a patch means for one harm."""
    if proves(view, finding):
        return Mark.PROVED
    if finding.proved is not None or finding.doubts:
        return Mark.DOUBT
    if finding.blind:
        return Mark.UNSEEN
    if finding.excuse is not None and finding.excuse != "N-NO-PEAT":
        return Mark.EXCUSED
    standing = view.forest is Vote.YES and view.change is Change.SILENT
    return Mark.STANDING if standing else Mark.CLEAR


def loudest(marks: Iterable[Mark], harms: Sequence[str]) -> Mark:
    """What a map of ``harms`` shows where these are its marks; forest that stands only for its own harm."""
    found = min(marks, key=DECIDING.index)
    return Mark.CLEAR if found is Mark.STANDING and "deforestation" not in harms else found


@dataclass(frozen=True, slots=True)
class Panel:
    """One map. ``subject``: the id of a layer, or harms; ``cells`` are places in ``marks``, or `BLANK`.

    ``digest``: SHA-256 of the layer's values in the window, in hexadecimal; null for what decides.
    """

    subject: str
    marks: tuple[Mark, ...]
    cells: Cells
    digest: str | None = None

    def count(self, mark: Mark) -> int:
        """How many cells show ``mark``."""
        return int((self.cells == self.marks.index(mark)).sum()) if mark in self.marks else 0


@dataclass(frozen=True, slots=True)
class Picture:
    """Maps of one window, north up.

    ``rings``: the outlines "plot", "core" and "fringe". ``cell_m``: width and height of a drawn cell in metres.
    Of the rasters' cells every ``step``-th row and column is drawn. ``bare``: no layer has a tile under the plot.
    ``partly``: the plot lies on both sides of the antimeridian, and the larger part is drawn. ``closer``: zones
    and sizes of patches were looked at, since a change may lie in or near the plot.
    """

    rows: int
    columns: int
    cell_m: tuple[float, float]
    step: int
    rings: Mapping[str, tuple[Ring, ...]]
    deciding: tuple[Panel, ...]
    layers: tuple[Panel, ...]
    bare: bool
    partly: bool
    closer: bool
