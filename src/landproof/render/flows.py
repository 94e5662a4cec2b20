"""The flow chart (Sankey) as SVG: own layout, the same for the same tree."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from landproof.domain.messages import text
from landproof.render.palette import INK, QUIET, STATE_COLOURS
from landproof.render.svg import WIDTH, Drawing, figure, shortened, text_width
from landproof.render.wording import Wording
from landproof.reporting.cells import Amount
from landproof.reporting.chain import OTHERS
from landproof.reporting.nodes import Sankey, SankeyLink, SankeyNode
from landproof.reporting.words import STATES

_SIDE = 190  # room for the labels of the first and the last layer
_BOX, _GAP = 14, 16
_TOP = 44
_SIZE, _SMALL = 15, 13
_LEAST = 2.0  # a node is never drawn thinner than this


@dataclass
class _Placed:
    node: SankeyNode
    x: float
    y: float
    height: float
    amount: Decimal
    drawn_in: float = 0.0
    drawn_out: float = 0.0


def sankey(chart: Sankey, wording: Wording) -> str:
    """Three layers of nodes and the flows between them."""
    drawing = Drawing("flows")
    fills = {
        "provable": STATE_COLOURS["provable"],
        "not provable": drawing.define_hatch("not-provable", STATE_COLOURS["not provable"]),
        "below threshold": drawing.define_hatch("below", STATE_COLOURS["below threshold"]),
    }
    placed, bottom, scale = _layout(chart)
    order = {name: rank for rank, name in enumerate(placed)}
    for link in sorted(chart.links, key=lambda each: (order[each.source], order[each.target], each.state)):
        _draw_link(drawing, placed[link.source], placed[link.target], link, scale, fills[link.state])
    for each in placed.values():
        drawing.rect(each.x, each.y, _BOX, each.height, INK)
        _draw_label(drawing, chart, each, wording)
    for layer, label in enumerate(chart.layers):
        x, anchor = ((0.0, "start"), (WIDTH / 2, "middle"), (float(WIDTH), "end"))[layer]
        drawing.text(x, 18, wording.say(label), _SMALL, anchor=anchor, fill=QUIET)
    x = 0.0
    for state, words in STATES.items():
        said = wording.say(words)
        drawing.rect(x, bottom + 18, 14, 14, fills[state])
        drawing.text(x + 20, bottom + 30, said, _SMALL, fill=QUIET)
        x += 50 + text_width(said, _SMALL)
    unit = wording.say(text("Numbers are spend in %(currency)s.")) % {"currency": chart.currency or "–"}
    drawing.text(WIDTH, bottom + 30, unit, _SMALL, anchor="end", fill=QUIET)
    return drawing.close(bottom + 42, wording(chart.title), _told(chart, wording))


def _told(chart: Sankey, wording: Wording) -> str:
    totals: dict[str, Decimal] = {}
    for link in chart.links:
        if link.source.startswith("0:"):
            totals[link.state] = totals.get(link.state, Decimal(0)) + link.amount
    said = [
        f"{wording.say(STATES[state])}: {wording(Amount(totals[state], chart.currency))}"
        for state in STATES
        if state in totals
    ]
    return "; ".join(said)


def _layout(chart: Sankey) -> tuple[dict[str, _Placed], float, float]:
    """Nodes with their places, the lower edge, and pixels per unit of spend."""
    amounts: dict[str, Decimal] = {}
    for node in chart.nodes:
        inward = sum((link.amount for link in chart.links if link.target == node.id), Decimal(0))
        outward = sum((link.amount for link in chart.links if link.source == node.id), Decimal(0))
        amounts[node.id] = max(inward, outward)
    layers = _ordered(chart)
    most = max(len(layer) for layer in layers)
    height = max(220.0, min(520.0, most * 46.0))
    total = max(sum((amounts[node.id] for node in layer), Decimal(0)) for layer in layers)
    scale = (height - (most - 1) * _GAP) / float(total) if total > 0 else 0.0
    inner = WIDTH - 2 * _SIDE - _BOX
    placed: dict[str, _Placed] = {}
    bottom = 0.0
    for place, layer in enumerate(layers):
        tall = [max(_LEAST, float(amounts[node.id]) * scale) for node in layer]
        # Labels need a line of their own, however thin the node.
        steps = [max(size + _GAP, _SIZE + 5.0) for size in tall]
        y = _TOP + max(0.0, (height - sum(steps) + _GAP) / 2)
        for node, size, step in zip(layer, tall, steps, strict=True):
            placed[node.id] = _Placed(node, _SIDE + inner * place / 2, y, size, amounts[node.id])
            y += step
        bottom = max(bottom, y)
    return placed, bottom, scale


def _ordered(chart: Sankey) -> list[list[SankeyNode]]:
    """Nodes by layer; after the first layer each stands near what it gets its flows from."""
    layers = [[node for node in chart.nodes if node.layer == layer] for layer in range(len(chart.layers))]
    for before, layer in pairwise(layers):
        rank = {node.id: place for place, node in enumerate(before)}
        middle: dict[str, Decimal] = {}
        for node in layer:
            inward = [link for link in chart.links if link.target == node.id]
            whole = sum((link.amount for link in inward), Decimal(0))
            weighted = sum((link.amount * rank[link.source] for link in inward), Decimal(0))
            middle[node.id] = weighted / whole if whole else Decimal(len(before))
        # What is drawn together stands last, as it is in the tree.
        layer.sort(key=lambda node: (node.id.endswith(OTHERS), middle[node.id]))
    return layers


def _draw_link(
    drawing: Drawing, source: _Placed, target: _Placed, link: SankeyLink, scale: float, fill: str
) -> None:
    width = float(link.amount) * scale
    x0, x1 = source.x + _BOX, target.x
    y0, y1 = source.y + source.drawn_out, target.y + target.drawn_in
    source.drawn_out += width
    target.drawn_in += width
    middle = (x0 + x1) / 2
    f = figure
    steps = (
        f"M{f(x0)} {f(y0)}C{f(middle)} {f(y0)} {f(middle)} {f(y1)} {f(x1)} {f(y1)}"
        f"V{f(y1 + max(width, 0.5))}C{f(middle)} {f(y1 + width)} {f(middle)} {f(y0 + width)} {f(x0)} "
        f"{f(y0 + max(width, 0.5))}Z"
    )
    drawing.path(steps, fill, fill_opacity="0.6")


def _draw_label(drawing: Drawing, chart: Sankey, each: _Placed, wording: Wording) -> None:
    amount = wording.compact(each.amount)
    y = each.y + each.height / 2 + 5
    words = wording(each.node.label)
    last = len(chart.layers) - 1
    if each.node.layer == 0:
        said = f"{shortened(words, _SIZE, _SIDE - 16 - len(amount) * 9)} {amount}"
        drawing.text(each.x - 8, y, said, _SIZE, anchor="end")
    elif each.node.layer == last:
        said = f"{shortened(words, _SIZE, _SIDE - 16 - len(amount) * 9)} {amount}"
        drawing.text(each.x + _BOX + 8, y, said, _SIZE)
    else:
        said = f"{shortened(words, _SIZE, 170)} {amount}"
        # A white ground, or the flows that start here run through the words.
        drawing.rect(
            each.x + _BOX + 4, y - 13, text_width(said, _SIZE) + 8, 17, "#ffffff", fill_opacity="0.85", rx="3"
        )
        drawing.text(each.x + _BOX + 8, y, said, _SIZE)
