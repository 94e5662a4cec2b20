"""Plots on a map as SVG: where the clusters lie, then one frame per cluster with a scale bar in each.

No borders and no names are drawn: drawn borders are a legal matter, and the land alone tells where a frame lies.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.render.land_outline import LAND
from landproof.render.palette import GROUND, INK, LINE, OUTCOME_COLOURS, QUIET
from landproof.render.svg import WIDTH, Drawing, figure, shortened
from landproof.render.wording import Wording
from landproof.reporting.nodes import MapPanel, MapPoint, PlotMap
from landproof.reporting.words import OUTCOMES

_COLUMNS = 3
_BETWEEN = 18.0
_FRAME_WIDTH = (WIDTH - (_COLUMNS - 1) * _BETWEEN) / _COLUMNS
_FRAME_HEIGHT = 190.0
_HEAD, _FOOT = 24.0, 42.0
_LEFT, _RIM = 54.0, 14.0  # free for the degrees of latitude, and on the other sides
_LEAST_DEGREES = 0.02  # about 2 km; a lone plot is not zoomed in on further
_SPOT = 6.0  # plots closer than this many units are drawn as one
_KM_PER_DEGREE = 111.32
_SMALL = 13
_NOT_JUDGED = text("not judged")
# From the one that hides the others to the one that is hidden by all: nobody looked is no pass.
_SIGNED = (Outcome.NOT_MET, Outcome.INSUFFICIENT, Outcome.NOT_APPLICABLE, Outcome.MET)

# The world, in degrees: nobody grows food further north or south.
_NORTH, _SOUTH = 75, -58
_WORLD_WIDTH = 560.0
_PER_DEGREE = _WORLD_WIDTH / 360
_WORLD_HEIGHT = (_NORTH - _SOUTH) * _PER_DEGREE


@dataclass(frozen=True, slots=True)
class _View:
    """From degrees to units of the drawing."""

    west: float
    north: float
    x: float
    y: float
    across: float  # units per degree of longitude
    down: float  # units per degree of latitude

    def place(self, point: MapPoint) -> tuple[float, float]:
        return (
            self.x + (point.longitude - self.west) * self.across,
            self.y + (self.north - point.latitude) * self.down,
        )


def plot_map(chart: PlotMap, wording: Wording) -> str:
    """Where the frames lie, a key of the signs with counts, the frames, and what is not drawn."""
    drawing = Drawing("plots")
    names = [chr(ord("A") + place) for place in range(len(chart.panels))]
    _draw_world(drawing, chart.panels, names)
    _draw_key(drawing, chart, wording, _WORLD_WIDTH + 24)
    y = _WORLD_HEIGHT + 20
    for place, panel in enumerate(chart.panels):
        x = (place % _COLUMNS) * (_FRAME_WIDTH + _BETWEEN)
        _draw_panel(drawing, panel, names[place], x, y, wording)
        if place % _COLUMNS == _COLUMNS - 1 or place == len(chart.panels) - 1:
            y += _HEAD + _FRAME_HEIGHT + _FOOT
    for sentence, values in _left_out(chart):
        said = wording.say(sentence) % {name: wording(value) for name, value in values.items()}
        drawing.text(0, y + 14, said, _SMALL, fill=QUIET)
        y += 20
    return drawing.close(y + 8, wording(chart.title), _told(chart, wording))


def _counts(chart: PlotMap) -> dict[Outcome, int]:
    drawn = [point.outcome for panel in chart.panels for point in panel.points]
    return {outcome: drawn.count(outcome) for outcome in _SIGNED}


def _word(outcome: Outcome) -> str:
    return _NOT_JUDGED if outcome == Outcome.NOT_APPLICABLE else OUTCOMES[outcome]


def _draw_key(drawing: Drawing, chart: PlotMap, wording: Wording, x: float) -> None:
    """Each sign with its word and how many plots are drawn with it."""
    y = 18.0
    drawing.text(x, y, wording.say(text("Plots drawn")), _SMALL, fill=QUIET)
    for outcome, count in _counts(chart).items():
        y += 28
        _sign(drawing, x + 8, y - 5, outcome, 1)
        drawing.text(x + 24, y, wording.say(_word(outcome)), 15)
        drawing.text(WIDTH, y, wording(count), 15, anchor="end")


def _draw_world(drawing: Drawing, panels: Sequence[MapPanel], names: Sequence[str]) -> None:
    """The land of the world with the name of each frame where it lies."""
    drawing.rect(0, 0, _WORLD_WIDTH, _WORLD_HEIGHT, GROUND, stroke=LINE)
    move = f"scale({_PER_DEGREE:.4f}) translate(180 {_NORTH})"
    drawing.path(LAND, "#cfd7de", transform=move)
    taken: list[tuple[float, float]] = []
    for panel, name in zip(panels, names, strict=True):
        east = sum(point.longitude for point in panel.points) / len(panel.points)
        north = sum(point.latitude for point in panel.points) / len(panel.points)
        x = ((east + 180) % 360) * _PER_DEGREE
        y = min(max(_NORTH - north, 0.0), float(_NORTH - _SOUTH)) * _PER_DEGREE
        drawing.circle(x, y, 3.5, INK, stroke="#ffffff", stroke_width="1")
        where = _free_place(x, y, taken)
        taken.append(where)
        drawing.text(where[0], where[1] + 5, name, 14, "middle", INK, halo="yes")


def _free_place(x: float, y: float, taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Beside a dot, where no other name stands; names are kept inside the frame."""
    turns = ((11, 0), (-11, 0), (0, -13), (0, 13), (14, -12), (-14, -12), (14, 12), (-14, 12))
    for east, south in turns:
        place = (min(max(x + east, 8.0), _WORLD_WIDTH - 8), min(max(y + south, 10.0), _WORLD_HEIGHT - 10))
        if all(abs(place[0] - other[0]) > 14 or abs(place[1] - other[1]) > 14 for other in taken):
            return place
    return x + 11, y


def _left_out(chart: PlotMap) -> list[tuple[str, dict[str, int]]]:
    said: list[tuple[str, dict[str, int]]] = []
    if chart.more_plots:
        sentence = text("%(plots)s more plots in %(clusters)s clusters are in the table only.")
        said.append((sentence, {"plots": chart.more_plots, "clusters": chart.more_panels}))
    if chart.unlocated:
        said.append((text("%(plots)s plots have no readable place."), {"plots": chart.unlocated}))
    return said


def _told(chart: PlotMap, wording: Wording) -> str:
    return "; ".join(
        f"{wording.say(_word(outcome))}: {wording(count)}" for outcome, count in _counts(chart).items() if count
    )


def _draw_panel(drawing: Drawing, panel: MapPanel, name: str, x: float, y: float, wording: Wording) -> None:
    drawing.text(x, y + 16, name, 14, font_weight="bold")
    drawing.text(x + 18, y + 16, shortened(wording(panel.label), 14, _FRAME_WIDTH - 18), 14)
    top = y + _HEAD
    drawing.rect(x, top, _FRAME_WIDTH, _FRAME_HEIGHT, GROUND, stroke=LINE)
    view = _fit(panel, x, top)
    _graticule(drawing, view, x, top, wording)
    for (px, py), outcome, count in _spots(panel, view):
        _sign(drawing, px, py, outcome, count)
    _scale_bar(drawing, view, x, top + _FRAME_HEIGHT + 34, wording)


def _fit(panel: MapPanel, x: float, y: float) -> _View:
    east = [point.longitude for point in panel.points]
    north = [point.latitude for point in panel.points]
    middle_east, middle_north = (min(east) + max(east)) / 2, (min(north) + max(north)) / 2
    narrow = max(0.05, math.cos(math.radians(middle_north)))
    width, height = _FRAME_WIDTH - _LEFT - _RIM, _FRAME_HEIGHT - 2 * _RIM
    wide = max(max(east) - min(east), _LEAST_DEGREES / narrow) * narrow / width
    tall = max(max(north) - min(north), _LEAST_DEGREES) / height
    degrees = max(wide, tall)  # of latitude per unit
    down, across = 1 / degrees, narrow / degrees
    west = middle_east - (_LEFT + width / 2) / across
    return _View(west, middle_north + _FRAME_HEIGHT / 2 / down, x, y, across, down)


def _spots(panel: MapPanel, view: _View) -> list[tuple[tuple[float, float], Outcome, int]]:
    """Plots that fall on one spot, as one: in the middle of them, with the worst verdict, best drawn first."""
    cells: dict[tuple[int, int], list[tuple[float, float, Outcome]]] = {}
    for point in panel.points:
        px, py = view.place(point)
        cells.setdefault((int(px // _SPOT), int(py // _SPOT)), []).append((px, py, point.outcome))
    rank = {outcome: place for place, outcome in enumerate(_SIGNED)}
    spots = [
        (
            (sum(each[0] for each in found) / len(found), sum(each[1] for each in found) / len(found)),
            min((each[2] for each in found), key=lambda each: rank.get(each, len(rank))),
            len(found),
        )
        for _, found in sorted(cells.items())
    ]
    return sorted(spots, key=lambda spot: -rank.get(spot[1], len(rank)))


def _sign(drawing: Drawing, x: float, y: float, outcome: Outcome, count: int) -> None:
    """A shape per verdict: a disc, a cross, a diamond, a ring; larger where it stands for many plots."""
    least = 5.5 if outcome in (Outcome.NOT_MET, Outcome.INSUFFICIENT) else 3.4
    size = least + min(4.0, 2 * math.log10(count))
    colour = OUTCOME_COLOURS[outcome]
    f = figure
    if outcome == Outcome.NOT_MET:
        west, east, north, south = f(x - size), f(x + size), f(y - size), f(y + size)
        steps = f"M{west} {north}L{east} {south}M{west} {south}L{east} {north}"
        drawing.path(steps, "none", stroke="#ffffff", stroke_width="6", stroke_linecap="round")
        drawing.path(steps, "none", stroke=colour, stroke_width="3.5", stroke_linecap="round")
    elif outcome == Outcome.INSUFFICIENT:
        tip = size * 1.3
        steps = f"M{f(x)} {f(y - tip)}L{f(x + tip)} {f(y)}L{f(x)} {f(y + tip)}L{f(x - tip)} {f(y)}Z"
        drawing.path(steps, "#ffffff", stroke=colour, stroke_width="3")
    elif outcome == Outcome.MET:
        drawing.circle(x, y, size, colour, stroke="#ffffff", stroke_width="1")
    else:
        drawing.circle(x, y, size, "#ffffff", stroke=colour, stroke_width="2")


def _graticule(drawing: Drawing, view: _View, x: float, y: float, wording: Wording) -> None:
    step = _round_step(90 / view.across)
    degree = math.ceil(view.west / step) * step
    while (place := x + (degree - view.west) * view.across) < x + _FRAME_WIDTH - 18:
        if place > x + 18:
            drawing.line(place, y, place, y + _FRAME_HEIGHT, LINE)
            drawing.text(
                place, y + _FRAME_HEIGHT + 16, _degrees(degree, step, "E", "W", wording), 12, "middle", QUIET
            )
        degree += step
    step = _round_step(60 / view.down)
    degree = math.floor(view.north / step) * step
    while (place := y + (view.north - degree) * view.down) < y + _FRAME_HEIGHT - 14:
        if place > y + 14:
            drawing.line(x, place, x + _FRAME_WIDTH, place, LINE)
            drawing.text(
                x + 4, place - 4, _degrees(degree, step, "N", "S", wording), 12, "start", QUIET, halo="yes"
            )
        degree -= step


def _degrees(degree: float, step: float, above: str, below: str, wording: Wording) -> str:
    """A degree with its hemisphere, "12.55° S", as both languages write it."""
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9))
    wrapped = degree - 360 if degree > 180 else degree
    number = Decimal(f"{abs(wrapped):.{decimals}f}")
    side = "" if not number else f"\u00a0{above if wrapped > 0 else below}"
    return f"{wording.number(number)}°{side}"


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, ... that is not below ``least``."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))


def _scale_bar(drawing: Drawing, view: _View, x: float, low: float, wording: Wording) -> None:
    """Below the frame, where it hides no plot."""
    per_km = view.down / _KM_PER_DEGREE
    km = _round_step(50 / per_km)
    length = km * per_km
    right = x + _FRAME_WIDTH - 1
    bar = f"M{figure(right - length)} {figure(low - 5)}V{figure(low)}H{figure(right)}V{figure(low - 5)}"
    drawing.path(bar, "none", stroke=INK)
    metres = km < 1
    number = wording.number(Decimal(f"{km * 1000:.0f}" if metres else f"{km:.0f}"))
    said = wording.say(text("%(length)s m")) if metres else wording.say(text("%(length)s km"))
    drawing.text(right - length - 6, low, said % {"length": number}, 12, "end")
