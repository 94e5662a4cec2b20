"""The picture of one plot as SVG: what decides, large, and what each layer says, below it.

Colour never speaks alone: each mark has its own hatch, and a key with words and square metres stands under each
map. The colours can be told apart with any of the common kinds of colour blindness (after Okabe and Ito).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from landproof.domain.messages import text
from landproof.land.picture import BLANK, Cells, Mark, Panel, Picture, Ring
from landproof.render.palette import INK, LINE, QUIET
from landproof.render.svg import WIDTH, Drawing, figure, shortened, text_width
from landproof.render.wording import Wording
from landproof.reporting.cells import Cell, say
from landproof.reporting.nodes import MapCaption

WORDS: Mapping[Mark, str] = {
    Mark.NATURAL: text("natural at the cut-off"),
    Mark.NOT_NATURAL: text("not natural at the cut-off"),
    Mark.AFTER: text("change after the cut-off"),
    Mark.SPANS: text("change that spans the cut-off"),
    Mark.BEFORE: text("change before the cut-off"),
    Mark.SILENT: text("no change"),
    Mark.AGRICULTURE: text("agriculture"),
    Mark.OTHER_USE: text("other use"),
    Mark.NO_USE: text("no use"),
    Mark.NOT_AGRICULTURE: text("not agriculture"),
    Mark.PEAT: text("peat"),
    Mark.NOT_PEAT: text("not peat"),
    Mark.OFTEN: text("seen often enough"),
    Mark.SELDOM: text("seen too seldom"),
    Mark.ABSTAINS: text("no opinion"),
    Mark.UNKNOWN: text("unknown"),
    Mark.NO_DATA: text("no data"),
    Mark.PROVED: text("harm proved"),
    Mark.DOUBT: text("in doubt"),
    Mark.UNSEEN: text("not seen: a map that is needed says nothing"),
    Mark.EXCUSED: text("change that is no harm"),
    Mark.STANDING: text("forest that stands"),
    Mark.CLEAR: text("nothing found"),
}
_DARK, _PALE, _GREY = "#3b2a00", "#ffffff", "#9aa5b1"
# The ground, the ink on it, and its hatch.
_LOOKS: Mapping[Mark, tuple[str, str, str]] = {
    Mark.NATURAL: ("#5aa674", "#1d5233", "dots"),
    Mark.NOT_NATURAL: ("#f7efd9", "", ""),
    Mark.AFTER: ("#d55e00", _PALE, "cross"),
    Mark.SPANS: ("#f3b27a", "#9c4400", "rising"),
    Mark.BEFORE: ("#c3cfdb", "#5b6f83", "falling"),
    Mark.SILENT: ("#f4f6f4", "", ""),
    Mark.AGRICULTURE: ("#f0d77b", "#8a6d00", "level"),
    Mark.OTHER_USE: ("#b49bd6", "#4b2c7d", "grid"),
    Mark.NO_USE: ("#d6e8ee", "", ""),
    Mark.NOT_AGRICULTURE: ("#dcebda", "#7fa37a", "upright"),
    Mark.PEAT: ("#a98b66", "#4a3416", "upright"),
    Mark.NOT_PEAT: ("#f6f1ea", "", ""),
    Mark.OFTEN: ("#dbeaf7", "", ""),
    Mark.SELDOM: ("#8fb3d3", "#234b70", "rising"),
    Mark.ABSTAINS: ("#eceff2", _GREY, "dots"),
    Mark.UNKNOWN: ("#dfe3e8", "#6b7682", "falling"),
    Mark.NO_DATA: (_PALE, _GREY, "small crosses"),
    Mark.PROVED: ("#d55e00", _PALE, "cross"),
    Mark.DOUBT: ("#f5c24b", _DARK, "rising"),
    Mark.UNSEEN: (_PALE, _GREY, "small crosses"),
    Mark.EXCUSED: ("#a9cdec", "#1f5c99", "level"),
    Mark.STANDING: ("#5aa674", "#1d5233", "dots"),
    Mark.CLEAR: ("#eef3ea", "", ""),
}
_TILE = 8.0
_HATCHES: Mapping[str, str] = {
    "rising": "M-2 2L2 -2M0 8L8 0M6 10L10 6",
    "falling": "M-2 6L2 10M0 0L8 8M6 -2L10 2",
    "cross": "M-2 2L2 -2M0 8L8 0M6 10L10 6M-2 6L2 10M0 0L8 8M6 -2L10 2",
    "level": "M-1 4H9",
    "upright": "M4 -1V9",
    "grid": "M-1 4H9M4 -1V9",
    "small crosses": "M2.5 2.5L5.5 5.5M5.5 2.5L2.5 5.5",
}
_LINES: Mapping[str, tuple[str, str]] = {  # the outlines: the dashes of each, and what it is
    "plot": ("", text("outline of the plot")),
    "core": ("7 4", text("core: inside by more than the position may be off")),
    "fringe": ("1.5 4", text("fringe: as far outside as the position may be off")),
}
_BETWEEN = 24.0
_SIZE, _HEAD_SIZE, _LEADING = 13.0, 15.0, 18.0
_SWATCH = 13.0
_LEAST_WIDE = 4.0  # units: a fringe narrower than that is not drawn
_MOST_LINES = 2  # of a title, and as many that say what a layer is


@dataclass(frozen=True, slots=True)
class _Layout:
    """How large the maps are, and how many of layers stand side by side.

    ``titled``: title and lines are drawn as well; else they stand beside the picture, with the note that holds for
    all pictures.
    """

    large: float
    large_height: float
    across: int
    small_height: float
    titled: bool

    @property
    def small(self) -> float:
        """The width of the map of a layer."""
        return (WIDTH - (self.across - 1) * _BETWEEN) / self.across


_ALONE = _Layout(540.0, 460.0, 3, 300.0, titled=True)
_IN_REPORT = _Layout(400.0, 330.0, 4, 190.0, titled=False)


def plot_picture(
    picture: Picture,
    title: str,
    lines: Sequence[str],
    captions: Sequence[MapCaption],
    wording: Wording,
    *,
    outlines: Mapping[str, Cell],
    number: int | None = None,
) -> str:
    """``picture`` as SVG, the same text for the same picture.

    ``lines`` stand under the ``title``; ``captions`` has one for each map of what decides, then for each layer.
    ``outlines``: what is said of plot, core and fringe in the key, such as their square metres. ``number``: of the
    picture in a report, which has title and lines in its text.
    """
    page = _Page(picture, wording, outlines, "plot" if number is None else f"plot-{number}")
    return page.draw(title, lines, captions, _ALONE if number is None else _IN_REPORT)


class _Page:
    def __init__(self, picture: Picture, wording: Wording, outlines: Mapping[str, Cell], name: str) -> None:
        self._picture = picture
        self._outlines = outlines
        self._say = wording
        self._drawing = Drawing(name)
        self._fills: dict[tuple[Mark, tuple[float, float]], str] = {}

    def draw(self, title: str, lines: Sequence[str], captions: Sequence[MapCaption], layout: _Layout) -> str:
        first, *others = (*self._picture.deciding, *self._picture.layers)
        y = self._titled(title, lines) + 18 if layout.titled else 6.0
        y = self._large(first, captions[0], y, layout)
        small = list(zip(others, captions[1:], strict=True))
        for place in range(0, len(small), layout.across):
            row = small[place : place + layout.across]
            head = max(sum(map(len, self._head_lines(caption, layout.small))) for _, caption in row)
            y = max(
                self._small(panel, caption, column * (layout.small + _BETWEEN), y + 16, head, layout)
                for column, (panel, caption) in enumerate(row)
            )
        for note in self._notes(layout):
            for part in wrapped(note, _SIZE, WIDTH):
                y += _LEADING
                self._drawing.text(0, y, part, size=_SIZE, fill=QUIET)
        return self._drawing.close(y + 10, title, " ".join(lines))

    def _titled(self, title: str, lines: Sequence[str]) -> float:
        y = 24.0
        self._drawing.text(0, y, shortened(title, 20, WIDTH), size=20, font_weight="bold")
        for line in lines:
            for part in wrapped(line, 14, WIDTH):
                y += 20
                self._drawing.text(0, y, part, size=14)
        return y

    def _scale(self, width: float, height: float) -> float:
        """Units of the drawing per metre, so that the map fits."""
        across, down = self._picture.cell_m
        return min(width / (self._picture.columns * across), height / (self._picture.rows * down))

    def _large(self, panel: Panel, caption: MapCaption, y: float, layout: _Layout) -> float:
        """The map of what decides with its key to the right; returns where it ends."""
        scale = self._scale(layout.large, layout.large_height)
        top = self._head(caption, 0, y, WIDTH)
        width, height = self._map(panel, 0, top, scale)
        bottom = self._measure(0, top + height + 8, width, scale)
        left = max(width, layout.large / 2) + _BETWEEN
        below = self._key(panel, caption, left, top, WIDTH - left)
        for name, (dashes, words) in self._lines(scale):
            self._drawing.line(
                left, below - 4, left + 26, below - 4, INK, stroke_width="2", stroke_dasharray=dashes or "none"
            )
            for part in wrapped(self._detailed(words, self._outlines.get(name)), _SIZE, WIDTH - left - 34):
                self._drawing.text(left + 34, below, part, size=_SIZE)
                below += _LEADING
        return max(bottom, below)

    def _lines(self, scale: float) -> list[tuple[str, tuple[str, str]]]:
        """The outlines that are drawn: of a large plot zones too narrow to be seen would only hide the cells."""
        rings = self._picture.rings
        closer = self._picture.closer and rings["fringe"]
        if closer:
            wide = min(each[:, 0].min() for each in rings["plot"]) - min(
                each[:, 0].min() for each in rings["fringe"]
            )
            closer = wide * self._picture.cell_m[0] * scale >= _LEAST_WIDE
        shown = _LINES if closer else {"plot": _LINES["plot"]}
        return [(name, line) for name, line in shown.items() if rings[name]]

    def _small(self, panel: Panel, caption: MapCaption, x: float, y: float, head: int, layout: _Layout) -> float:
        """A map with its key below, and where it ends; ``head``: lines to keep for its title and what it is."""
        top = self._head(caption, x, y, layout.small, head)
        _, height = self._map(panel, x, top, self._scale(layout.small, layout.small_height))
        return self._key(panel, caption, x, top + height + 6, layout.small)

    def _head_lines(self, caption: MapCaption, room: float) -> tuple[list[str], list[str]]:
        """Title and what the map is, in lines."""
        title = wrapped(self._say(caption.title), _HEAD_SIZE, room)[:_MOST_LINES]
        return title, wrapped(caption.about, _SIZE, room)[:_MOST_LINES]

    def _head(self, caption: MapCaption, x: float, y: float, room: float, lines: int = 1) -> float:
        title, about = self._head_lines(caption, room)
        for place, part in enumerate(title):
            self._drawing.text(x, y + 12 + place * _LEADING, part, _HEAD_SIZE, font_weight="bold")
        for place, part in enumerate(about, start=len(title)):
            self._drawing.text(x, y + 12 + place * _LEADING, part, size=_SIZE, fill=QUIET)
        return y + 2 + lines * _LEADING

    def _key(self, panel: Panel, caption: MapCaption, x: float, y: float, room: float) -> float:
        """The marks in words, and where the key ends."""
        y += _SIZE
        for mark in panel.marks:
            ground, hatch = self._fill(mark, (1.0, 1.0))
            for fill in filter(None, (ground, hatch)):
                self._drawing.rect(x, y - 11, _SWATCH * 2, _SWATCH, fill, stroke=QUIET)
            for part in wrapped(self._detailed(WORDS[mark], caption.details.get(mark)), _SIZE, room - 34):
                self._drawing.text(x + 34, y, part, size=_SIZE)
                y += _LEADING
        return y

    def _detailed(self, words: str, detail: Cell) -> str:
        said = self._say.say(words)
        return self._say(say(text("%(mark)s: %(detail)s"), mark=said, detail=detail)) if detail else said

    def _map(self, panel: Panel, x: float, y: float, scale: float) -> tuple[float, float]:
        """The cells and outlines; returns the size of the map."""
        picture = self._picture
        across, down = (metres * scale for metres in picture.cell_m)
        width, height = picture.columns * across, picture.rows * down
        self._drawing.rect(x, y, width, height, _PALE)
        for place, mark in enumerate(panel.marks):
            ground, hatch = self._fill(mark, (across, down))
            self._drawing.path(
                cell_path(panel.cells, place),
                ground,
                hatch,
                transform=f"translate({figure(x)} {figure(y)}) scale({across:.6f} {down:.6f})",
                shape_rendering="crispEdges",
            )
        for name, (dashes, _) in self._lines(scale):
            steps = "".join(_ring_path(ring, x, y, across, down) for ring in picture.rings[name])
            thick = 2.4 if name == "plot" else 1.6
            self._drawing.path(steps, "none", stroke=_PALE, stroke_width=figure(thick + 2), stroke_opacity="0.75")
            self._drawing.path(
                steps, "none", stroke=INK, stroke_width=figure(thick), stroke_dasharray=dashes or "none"
            )
        self._drawing.rect(x, y, width, height, "none", stroke=LINE)
        return width, height

    def _measure(self, x: float, y: float, width: float, scale: float) -> float:
        """The scale bar and the arrow to the north, and where they end."""
        metres = _round_below(width / scale / 3)
        length = metres * scale
        self._drawing.path(f"M{figure(x)} {figure(y)}v6h{figure(length)}v-6", "none", stroke=INK, stroke_width="2")
        kilometres = metres >= 1000
        unit = text("%(count)s km") if kilometres else text("%(count)s m")
        count = f"{metres / 1000:g}" if kilometres else f"{metres:g}"
        self._drawing.text(x + length + 8, y + 8, self._say(say(unit, count=count)), size=_SIZE)
        at = x + length + 84
        self._drawing.path(f"M{figure(at)} {figure(y + 10)}l5 -16l5 16l-5 -4z", INK)
        self._drawing.text(at + 16, y + 8, self._say.say(text("north is up")), size=_SIZE)
        return y + 16

    def _fill(self, mark: Mark, scale: tuple[float, float]) -> tuple[str, str | None]:
        """The ground of a mark, and the hatch on it; apart, or viewers show seams between the tiles of a hatch."""
        ground, ink, hatch = _LOOKS[mark]
        if not hatch:
            return ground, None
        scale = round(scale[0], 6), round(scale[1], 6)
        if (mark, scale) not in self._fills:
            drawn = (
                f'<circle cx="4" cy="4" r="1.3" fill="{ink}"/>'
                if hatch == "dots"
                else f'<path d="{_HATCHES[hatch]}" stroke="{ink}" stroke-width="1.2" fill="none"/>'
            )
            key = f"{mark.name.lower().replace('_', '-')}-{len(self._fills)}"
            self._fills[mark, scale] = self._drawing.define_pattern(key, _TILE, drawn, scale)
        return ground, self._fills[mark, scale]

    def _notes(self, layout: _Layout) -> Iterator[str]:
        picture = self._picture
        if picture.bare:
            yield self._say.say(text("No layer has a tile here, so there is nothing to draw but the outline."))
        if picture.partly:
            yield self._say.say(
                text("The plot lies on both sides of the 180th meridian. Only its larger part is drawn.")
            )
        if picture.step > 1:
            yield self._say(
                say(
                    text(
                        "The plot is large: one row and one column of cells in %(step)s are drawn. The square "
                        "metres count all of it."
                    ),
                    step=picture.step,
                )
            )
        if not picture.closer and not picture.bare:
            yield self._say.say(
                text(
                    "No change lies in the plot or near it, so zones and sizes of patches were not needed: "
                    "the land was judged as one."
                )
            )
        if layout.titled:
            yield self._say.say(
                text(
                    "A cell is drawn whole, in the zone in which its middle lies. The square metres are exact: "
                    "they count the part of each cell that lies inside the outline."
                )
            )


def cell_path(cells: Cells, place: int) -> str:
    """All cells that hold ``place`` as rectangles in units of cells; what lies together is one rectangle."""
    open_runs: dict[tuple[int, int], int] = {}
    steps: list[str] = []
    nothing = np.full((1, cells.shape[1]), BLANK, dtype=np.uint8)
    for row, line in enumerate(np.vstack([cells, nothing])):
        runs = _runs(line == place)
        for run in [each for each in open_runs if each not in runs]:
            top = open_runs.pop(run)
            steps.append(f"M{run[0]} {top}h{run[1] - run[0]}v{row - top}h{run[0] - run[1]}z")
        for run in runs:
            open_runs.setdefault(run, row)
    return "".join(steps)


def _runs(held: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> dict[tuple[int, int], None]:
    """Where runs begin and end, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], held, [False]]).astype(np.int8))).tolist()
    return dict.fromkeys(zip(edges[::2], edges[1::2], strict=True))


def _ring_path(ring: Ring, x: float, y: float, across: float, down: float) -> str:
    points = [f"{figure(x + column * across)} {figure(y + row * down)}" for column, row in ring[:-1].tolist()]
    return f"M{'L'.join(points)}z"


def _round_below(metres: float) -> float:
    """1, 2 or 5 times a power of ten, at most ``metres``."""
    power = 10.0 ** int(np.floor(np.log10(max(metres, 1e-3))))
    return max(step * power for step in (1, 2, 5) if step * power <= metres or step == 1)


def wrapped(line: str, size: float, room: float) -> list[str]:
    """``line`` in as many lines as it needs: between words, and in Chinese between any two signs."""
    found: list[str] = [""]
    for piece in _pieces(line):
        if found[-1] and text_width((found[-1] + piece).rstrip(), size) > room:
            found[-1] = found[-1].rstrip()
            found.append("")
        found[-1] += piece
    return [shortened(each.rstrip(), size, room) for each in found if each.strip()]


def _pieces(line: str) -> Iterator[str]:
    word = ""
    for sign in line:
        wide = ord(sign) > 0x2E7F
        if wide and word and ord(word[-1]) <= 0x2E7F:
            yield word
            word = ""
        word += sign
        if sign == " " or (wide and sign not in "（《“"):
            yield word
            word = ""
    if word:
        yield word
