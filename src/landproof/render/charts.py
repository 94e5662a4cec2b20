"""Waterfall and materiality as SVG."""

from decimal import Decimal

from landproof.domain.messages import text
from landproof.render.palette import ACCENT, INK, LINE, QUIET, STATE_COLOURS
from landproof.render.svg import WIDTH, Drawing, shortened, text_width
from landproof.render.wording import Wording
from landproof.reporting.cells import Amount, Share
from landproof.reporting.nodes import MaterialityBars, Waterfall

_LABELS, _VALUES = 250, 190  # columns left and right of the bars
_BARS = WIDTH - _LABELS - _VALUES
_ROW = 34
_SMALL = 13


def waterfall(chart: Waterfall, wording: Wording) -> str:
    """Bars from top to bottom; what a stage loses is hatched beside what is left."""
    drawing = Drawing("waterfall")
    hatch = drawing.define_hatch("lost", STATE_COLOURS["not provable"])
    top = max((stage.left for stage in chart.stages if stage.left is not None), default=Decimal(0))
    before: Decimal | None = None
    y = 8.0
    for place, stage in enumerate(chart.stages):
        drawing.text(0, y + 21, shortened(wording.say(stage.label), 15, _LABELS - 12))
        if stage.left is None:
            drawing.rect(_LABELS, y + 2, _BARS, 26, "none", stroke=QUIET, stroke_dasharray="4 4")
            drawing.text(_LABELS + 10, y + 21, wording(None), fill=QUIET)
        else:
            width = _length(stage.left, top)
            last = place == len(chart.stages) - 1
            drawing.rect(_LABELS, y + 2, width, 26, STATE_COLOURS["provable"] if last else ACCENT)
            if before is not None:
                drawing.rect(_LABELS + width, y + 2, _length(before, top) - width, 26, hatch)
            drawing.text(WIDTH, y + 21, wording(Amount(stage.left, chart.currency)), anchor="end")
        before = stage.left
        y += _ROW
    _key(
        drawing, y + 12, [(ACCENT, wording.say(text("left after the stage"))), (hatch, wording.say(text("lost")))]
    )
    drawing.line(_LABELS, 4, _LABELS, y - 4, INK)
    return drawing.close(y + 24, wording(chart.title), _told(wording, chart))


def _told(wording: Wording, chart: Waterfall) -> str:
    said = [
        f"{wording.say(stage.label)}: "
        f"{wording(None if stage.left is None else Amount(stage.left, chart.currency))}"
        for stage in chart.stages
    ]
    return "; ".join(said)


def _length(value: Decimal, top: Decimal) -> float:
    return float(value / top) * _BARS if top > 0 else 0.0


def _key(drawing: Drawing, y: float, entries: list[tuple[str, str]], x: float = _LABELS) -> None:
    for fill, words in entries:
        drawing.rect(x, y - 11, 14, 14, fill)
        drawing.text(x + 20, y, words, _SMALL, fill=QUIET)
        x += 50 + text_width(words, _SMALL)


def materiality_bars(chart: MaterialityBars, wording: Wording) -> str:
    """A bar per commodity with the limit of each, and one for all assessed with the limit of coverage."""
    drawing = Drawing("materiality")
    hatch = drawing.define_hatch("left-out", STATE_COLOURS["below threshold"])
    largest = max((bar.part for bar in chart.bars), default=Decimal(0)) / chart.whole
    limit = chart.each.part / chart.each.whole
    scale = max(largest, limit * 4)
    y = 30.0
    top = y - 8
    for bar in chart.bars:
        drawing.text(0, y + 16, shortened(wording(bar.label), 15, _LABELS - 12))
        drawing.rect(_LABELS, y + 3, _scaled(bar.part / chart.whole, scale), 16, ACCENT if bar.assessed else hatch)
        drawing.text(WIDTH, y + 16, wording(Share(bar.part, chart.whole)), anchor="end")
        y += 24
    x = _LABELS + _scaled(limit, scale)
    drawing.line(x, top, x, y, INK, stroke_dasharray="5 3", stroke_width="1.5")
    drawing.text(
        x + 4,
        top + 2,
        wording.say(text("limit for each: %(limit)s %%")) % {"limit": _percent(chart.each, wording)},
        _SMALL,
    )
    if chart.others:
        more = wording.say(text("and %(count)s more in the table")) % {"count": wording(chart.others)}
        drawing.text(0, y + 16, more, _SMALL, fill=QUIET)
        y += 26
    y = _coverage(drawing, chart, wording, y + 26)
    entries = [
        (ACCENT, wording.say(text("assessed"))),
        (hatch, wording.say(text("below the threshold, not assessed"))),
    ]
    _key(drawing, y + 22, entries)
    return drawing.close(y + 34, wording(chart.title), wording(chart.title))


def _coverage(drawing: Drawing, chart: MaterialityBars, wording: Wording, y: float) -> float:
    covered = Share(chart.covered, chart.whole)
    drawing.text(0, y + 25, shortened(wording.say(text("All assessed together")), 15, _LABELS - 12))
    drawing.rect(_LABELS, y + 10, _BARS, 20, "none", stroke=LINE)
    drawing.rect(_LABELS, y + 10, _scaled(covered.part / covered.whole, Decimal(1)), 20, ACCENT)
    drawing.text(WIDTH, y + 25, wording(covered), anchor="end")
    x = _LABELS + _scaled(chart.together.part / chart.together.whole, Decimal(1))
    drawing.line(x, y + 2, x, y + 36, INK, stroke_dasharray="5 3", stroke_width="1.5")
    said = wording.say(text("limit for all together: %(limit)s %%")) % {"limit": _percent(chart.together, wording)}
    drawing.text(x, y - 3, said, _SMALL, anchor="end")
    return y + 44


def _percent(limit: Share, wording: Wording) -> str:
    return wording.number(limit.part * 100 / limit.whole)


def _scaled(share: Decimal, scale: Decimal) -> float:
    return float(min(Decimal(1), share / scale)) * _BARS if scale > 0 else 0.0
