"""Draws any chart of the tree, and tells which places of the report can be opened."""

from landproof.render.charts import materiality_bars, waterfall
from landproof.render.flows import sankey
from landproof.render.maps import plot_map
from landproof.render.plot_picture import plot_picture
from landproof.render.wording import Wording
from landproof.reporting.findings import anchor_of_rule
from landproof.reporting.nodes import (
    Chart,
    Drawn,
    MaterialityBars,
    PlotMap,
    PlotPicture,
    Report,
    RuleFindings,
    Sankey,
    Table,
    Waterfall,
)


def draw(chart: Chart, wording: Wording) -> str:
    """``chart`` as SVG."""
    match chart:
        case Waterfall():
            return waterfall(chart, wording)
        case MaterialityBars():
            return materiality_bars(chart, wording)
        case Sankey():
            return sankey(chart, wording)
        case PlotMap():
            return plot_map(chart, wording)


def draw_picture(picture: PlotPicture, number: int, wording: Wording) -> str:
    """``picture``, the ``number``-th of the report, as SVG without its lines."""
    return plot_picture(
        picture.picture,
        wording(picture.title),
        [wording(line) for line in picture.lines],
        picture.captions,
        wording,
        outlines=picture.outlines,
        number=number,
    )


def anchors(report: Report) -> set[str]:
    """Every anchor that a page of the report holds; links to any other place are shown as plain text."""
    found = {section.name for section in report.sections}
    for node in report.nodes():
        if isinstance(node, RuleFindings):
            found.add(anchor_of_rule(node.rule))
        table = table_of(node)
        if table is not None:
            found.add(f"table-{table.name}")
            found |= {row.anchor for row in table.page_rows() if row.anchor is not None}
    return found


def table_of(node: object) -> Table | None:
    """The table that a node is or carries."""
    match node:
        case Table():
            return node
        case RuleFindings():
            return node.table
        case Drawn():
            return node.twin
        case _:
            return None
