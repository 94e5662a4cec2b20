"""Plots on a map as SVG: one frame per cluster, no borders, no country names, a scale bar in each."""

import math
from dataclasses import dataclass
from decimal import Decimal

from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.render.palette import GROUND, INK, LINE, OUTCOME_COLOURS, QUIET
from landproof.render.svg import Drawing, figure, text_width
from landproof.render.wording import Wording
from landproof.reporting.nodes import MapPanel, MapPoint, PlotMap
from landproof.reporting.words import OUTCOME_ORDER, OUTCOMES

_FRAME_WIDTH, _FRAME_HEIGHT, _BETWEEN = 435.0, 270.0, 30.0
_HEAD, _FOOT = 26.0, 40.0
_INSET = 0.12  # free rim, as a share of the frame
_LEAST_DEGREES = 0.02  # about 2 km; a lone plot is not zoomed in on further
_SPOT = 7.0  # plots closer than this many units are drawn as one
_KM_PER_DEGREE = 111.32
_SMALL = 13


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
    """All panels, a key of the signs, and what is not drawn."""
    drawing = Drawing("plots")
    y = 0.0
    for place, panel in enumerate(chart.panels):
        x = (place % 2) * (_FRAME_WIDTH + _BETWEEN)
        _draw_panel(drawing, panel, x, y, wording)
        if place % 2 or place == len(chart.panels) - 1:
            y += _HEAD + _FRAME_HEIGHT + _FOOT
    y += 8
    x = 0.0
    for outcome in OUTCOME_ORDER[:3]:
        _sign(drawing, x + 8, y + 8, outcome, 1)
        said = wording.say(OUTCOMES[outcome])
        drawing.text(x + 22, y + 13, said, _SMALL, fill=QUIET)
        x += 50 + text_width(said, _SMALL)
    y += 22
    for sentence, values in _left_out(chart):
        said = wording.say(sentence) % {name: wording(value) for name, value in values.items()}
        drawing.text(0, y + 16, said, _SMALL, fill=QUIET)
        y += 20
    return drawing.close(y + 8, wording(chart.title), _told(chart, wording))


def _left_out(chart: PlotMap) -> list[tuple[str, dict[str, int]]]:
    said: list[tuple[str, dict[str, int]]] = []
    if chart.more_plots:
        sentence = text("%(plots)s more plots in %(clusters)s clusters are in the table only.")
        said.append((sentence, {"plots": chart.more_plots, "clusters": chart.more_panels}))
    if chart.unlocated:
        said.append((text("%(plots)s plots have no readable place."), {"plots": chart.unlocated}))
    return said


def _told(chart: PlotMap, wording: Wording) -> str:
    counts: dict[Outcome, int] = {}
    for panel in chart.panels:
        for point in panel.points:
            counts[point.outcome] = counts.get(point.outcome, 0) + 1
    return "; ".join(
        f"{wording.say(OUTCOMES[outcome])}: {wording(counts[outcome])}"
        for outcome in OUTCOME_ORDER
        if outcome in counts
    )


def _draw_panel(drawing: Drawing, panel: MapPanel, x: float, y: float, wording: Wording) -> None:
    drawing.text(x, y + 17, wording(panel.label))
    top = y + _HEAD
    drawing.rect(x, top, _FRAME_WIDTH, _FRAME_HEIGHT, GROUND, stroke=LINE)
    view = _fit(panel, x, top)
    _graticule(drawing, view, x, top, wording)
    for (px, py), outcome, count in _spots(panel, view):
        _sign(drawing, px, py, outcome, count)
    _scale_bar(drawing, view, x, top, wording)


def _fit(panel: MapPanel, x: float, y: float) -> _View:
    east = [point.longitude for point in panel.points]
    north = [point.latitude for point in panel.points]
    middle_east, middle_north = (min(east) + max(east)) / 2, (min(north) + max(north)) / 2
    narrow = max(0.05, math.cos(math.radians(middle_north)))
    room = 1 - 2 * _INSET
    wide = max(max(east) - min(east), _LEAST_DEGREES / narrow) * narrow / (_FRAME_WIDTH * room)
    tall = max(max(north) - min(north), _LEAST_DEGREES) / (_FRAME_HEIGHT * room)
    degrees = max(wide, tall)  # of latitude per unit
    down, across = 1 / degrees, narrow / degrees
    west = middle_east - _FRAME_WIDTH / 2 / across
    return _View(west, middle_north + _FRAME_HEIGHT / 2 / down, x, y, across, down)


def _spots(panel: MapPanel, view: _View) -> list[tuple[tuple[float, float], Outcome, int]]:
    """Plots that fall on one spot, as one: in the middle of them, with the worst verdict, best drawn first."""
    cells: dict[tuple[int, int], list[tuple[float, float, Outcome]]] = {}
    for point in panel.points:
        px, py = view.place(point)
        cells.setdefault((int(px // _SPOT), int(py // _SPOT)), []).append((px, py, point.outcome))
    rank = {outcome: place for place, outcome in enumerate(OUTCOME_ORDER)}
    spots = [
        (
            (sum(each[0] for each in found) / len(found), sum(each[1] for each in found) / len(found)),
            min((each[2] for each in found), key=rank.__getitem__),
            len(found),
        )
        for _, found in sorted(cells.items())
    ]
    return sorted(spots, key=lambda spot: -rank[spot[1]])


def _sign(drawing: Drawing, x: float, y: float, outcome: Outcome, count: int) -> None:
    """A shape per verdict: a disc, a cross, a diamond; larger where it stands for many plots."""
    size = 5.5 + min(4.0, 2 * math.log10(count))
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
    else:
        drawing.circle(x, y, size, colour, stroke="#ffffff", stroke_width="1.5")


def _graticule(drawing: Drawing, view: _View, x: float, y: float, wording: Wording) -> None:
    step = _round_step(110 / view.across)
    degree = math.ceil(view.west / step) * step
    while (place := x + (degree - view.west) * view.across) < x + _FRAME_WIDTH - 18:
        if place > x + 18:
            drawing.line(place, y, place, y + _FRAME_HEIGHT, LINE)
            drawing.text(place, y + _FRAME_HEIGHT + 16, _degrees(degree, step, wording), 12, "middle", QUIET)
        degree += step
    step = _round_step(80 / view.down)
    degree = math.floor(view.north / step) * step
    while (place := y + (view.north - degree) * view.down) < y + _FRAME_HEIGHT - 14:
        if place > y + 14:
            drawing.line(x, place, x + _FRAME_WIDTH, place, LINE)
            drawing.text(x + 4, place - 4, _degrees(degree, step, wording), 12, "start", QUIET, halo="yes")
        degree -= step


def _degrees(degree: float, step: float, wording: Wording) -> str:
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9))
    wrapped = degree - 360 if degree > 180 else degree
    return wording.number(Decimal(f"{wrapped:.{decimals}f}")) + "°"


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, ... that is not below ``least``."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))


def _scale_bar(drawing: Drawing, view: _View, x: float, y: float, wording: Wording) -> None:
    per_km = view.down / _KM_PER_DEGREE
    km = _round_step(60 / per_km)
    length = km * per_km
    right, low = x + _FRAME_WIDTH, y - 6  # above the frame, where it hides no plot
    bar = f"M{figure(right - length)} {figure(low - 5)}V{figure(low)}H{figure(right)}V{figure(low - 5)}"
    drawing.path(bar, "none", stroke=INK)
    metres = km < 1
    number = wording.number(Decimal(f"{km * 1000:.0f}" if metres else f"{km:.0f}"))
    said = wording.say(text("%(length)s m")) if metres else wording.say(text("%(length)s km"))
    drawing.text(right - length - 6, low, said % {"length": number}, 12, "end")
