"""The report as a tree that is not yet in any language.

A node holds what is to be said, never how: sentences with their values apart, exact amounts, outcomes.
Renderers (`landproof.render`) choose the language, round the numbers and draw the charts. Every chart
carries its table twin, so that no finding hangs on colour or on sight.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias, overload

import polars as pl

from landproof.criteria.edition import Bilingual
from landproof.domain.outcome import Outcome
from landproof.land.picture import Mark, Picture
from landproof.reporting.cells import Cell, Sentence, Share, Word

# Nobody reads a longer list; a case of a million lines has more findings than a sheet has rows.
LISTED = 50_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``label`` is marked with `text`; ``weight`` is its share of the width on paper."""

    name: str
    label: str
    numeric: bool = False
    weight: int = 2


@dataclass(frozen=True, slots=True)
class Row:
    """Cells in the order of the columns. ``proof`` is what a reader finds when opening the row."""

    cells: tuple[Cell, ...]
    anchor: str | None = None
    proof: tuple[tuple[str, Cell], ...] = ()


class FrameRows(Sequence[Row]):
    """Rows made from a frame when they are read, so that a million findings cost nothing until then."""

    __slots__ = ("_frame", "_make")

    def __init__(self, frame: pl.DataFrame, make: Callable[[Mapping[str, Any]], Row]) -> None:
        self._frame = frame
        self._make = make

    def __len__(self) -> int:
        return self._frame.height

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, int):
            return self._make(self._frame.row(index, named=True))
        return FrameRows(self._frame[index], self._make)

    def __iter__(self) -> Iterator[Row]:
        for row in self._frame.iter_rows(named=True):
            yield self._make(row)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)  # pyright: ignore[reportUnknownArgumentType]

    __hash__ = None  # pyright: ignore[reportAssignmentType]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. ``tone`` is "lead", "plain" or "warning"."""

    sentence: Sentence
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in small print: a definition, a limit of the method."""

    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Pages show the first ``shown`` rows and say how many more there are.

    The workbook and the JSON list the first `LISTED` rows and count the others, which the tables kept beside the
    report hold. A table that is ``part_of`` another one is listed there.
    """

    name: str
    title: Sentence
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    shown: int | None = None
    part_of: str | None = None
    empty: Sentence | None = None

    @property
    def left_over(self) -> int:
        """How many rows a page leaves to the workbook and the JSON."""
        return 0 if self.shown is None else max(0, len(self.rows) - self.shown)

    @property
    def unlisted(self) -> int:
        """How many rows even the workbook and the JSON leave to the tables kept beside the report."""
        return max(0, len(self.rows) - LISTED)

    def listed_rows(self) -> Sequence[Row]:
        """The rows that the workbook and the JSON list."""
        return self.rows[:LISTED]

    def page_rows(self) -> Sequence[Row]:
        """The rows that a page shows."""
        return self.rows if self.shown is None else self.rows[: self.shown]


@dataclass(frozen=True, slots=True)
class Tile:
    """A clause at a glance: its worst outcome, and how many of its requirements have which outcome.

    Where requirements count in the verdict, only those are counted, and ``aside`` is how many more there are.
    """

    clause: str
    title: str
    outcome: Outcome
    counts: Mapping[Outcome, int]
    counted: bool
    target: str
    aside: int = 0


@dataclass(frozen=True, slots=True)
class Tiles:
    """One tile per clause."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What every chart has: a title, and a table that says the same."""

    title: Sentence
    twin: Table


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the waterfall: what is left of the spend after it; None when that is unknown."""

    label: str
    left: Decimal | None


@dataclass(frozen=True, slots=True)
class Waterfall(Drawn):
    """From what was bought to what is provable."""

    stages: tuple[Stage, ...]
    currency: str | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A commodity's spend; ``assessed`` is how it is coloured."""

    label: Cell
    part: Decimal
    assessed: bool


@dataclass(frozen=True, slots=True)
class MaterialityBars(Drawn):
    """Commodities by share of spend, with the limit for each and the limit for all assessed together."""

    bars: tuple[Bar, ...]
    others: int
    whole: Decimal
    each: Share
    together: Share
    covered: Decimal


@dataclass(frozen=True, slots=True)
class SankeyNode:
    """A node in layer 0, 1, ...; its size is what flows through it."""

    id: str
    layer: int
    label: Cell


@dataclass(frozen=True, slots=True)
class SankeyLink:
    """A flow; ``state`` is a key of `landproof.reporting.words.STATES`."""

    source: str
    target: str
    state: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Sankey(Drawn):
    """Spend from origin to supplier to commodity, coloured by provability."""

    layers: tuple[str, ...]
    nodes: tuple[SankeyNode, ...]
    links: tuple[SankeyLink, ...]
    currency: str | None


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A plot as a point, longitude and latitude in degrees (WGS 84), coloured by its land verdict."""

    plot: str
    longitude: float
    latitude: float
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class MapPanel:
    """A cluster of plots that fits one frame; longitudes run on past 180 across the antimeridian."""

    label: Cell
    points: tuple[MapPoint, ...]


@dataclass(frozen=True, slots=True)
class PlotMap(Drawn):
    """Plots in panels without borders or country labels; clusters beyond the panels are counted."""

    panels: tuple[MapPanel, ...]
    more_panels: int
    more_plots: int
    unlocated: int


@dataclass(frozen=True, slots=True)
class MapCaption:
    """What stands over a map, and behind the words of each mark in its key, such as its square metres."""

    title: Cell
    about: str = ""
    details: Mapping[Mark, Cell] = field(default_factory=dict[Mark, Cell])


@dataclass(frozen=True, slots=True)
class PlotPicture:
    """The maps of one plot: ``captions`` has one for each map of what decides, then for each layer.

    ``lines``: its verdicts with their reasons. ``outlines``: what is said of plot, core and fringe in the key.
    ``file``: where the case keeps what is drawn.
    """

    plot: str
    title: Sentence
    lines: tuple[Sentence, ...]
    picture: Picture
    captions: tuple[MapCaption, ...]
    outlines: Mapping[str, Cell]
    file: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures of plots. ``left_out``: how many more plots stand as these do and are not drawn."""

    title: Sentence
    pictures: tuple[PlotPicture, ...]
    left_out: int


Chart: TypeAlias = Waterfall | MaterialityBars | Sankey | PlotMap


@dataclass(frozen=True, slots=True)
class RuleFindings:
    """A rule of the edition and what it found."""

    rule: str
    clause: str
    kind: Word
    stage: Word
    title: Bilingual
    requirement: Bilingual
    test: Bilingual
    evidence: Bilingual
    readings: tuple[str, ...]
    outcome: Outcome
    counts: Mapping[Outcome, int]
    remark: Sentence | None
    table: Table | None


@dataclass(frozen=True, slots=True)
class Fold:
    """Nodes that open when asked for; on paper they stand open."""

    summary: Sentence
    nodes: tuple["Node", ...]


Node: TypeAlias = Paragraph | Note | Table | Tiles | Chart | RuleFindings | Pictures | Fold


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report; ``name`` is its anchor."""

    name: str
    title: Sentence
    nodes: tuple[Node, ...]
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook: its name and the table it holds in full."""

    name: str
    table: Table


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report, in no language yet."""

    company: str
    case: str
    stage: Word
    as_of: date
    period: tuple[date | None, date | None]
    edition: str
    edition_title: Bilingual
    run: str
    version: str
    verdict: Outcome
    headline: Sentence
    provable: Share | None
    sections: tuple[Section, ...]
    sheets: tuple[Sheet, ...]

    def nodes(self) -> Iterator[Node]:
        """All nodes, folded ones included."""
        for section in self.sections:
            yield from _walk(section.nodes)


def _walk(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, Fold):
            yield from _walk(node.nodes)
