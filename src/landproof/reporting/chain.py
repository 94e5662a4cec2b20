"""Traceability: the waterfall from bought to provable, the flows, and every sourcing position."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from landproof.domain.messages import text
from landproof.reporting.amounts import amount_or_unknown, share_or_unknown
from landproof.reporting.assessment import Assessment
from landproof.reporting.blocked import blocked_products
from landproof.reporting.cells import Cell, Exact, Id, Key, Many, Mass, Reference, Word, say
from landproof.reporting.findings import anchor_of, to_rule
from landproof.reporting.nodes import (
    Column,
    FrameRows,
    Node,
    Note,
    Paragraph,
    Row,
    Sankey,
    SankeyLink,
    SankeyNode,
    Section,
    Stage,
    Table,
    Waterfall,
)
from landproof.reporting.provable import DEFINITION, LAND_RULES, Provability
from landproof.reporting.sources import findings_about, ledger_rows
from landproof.reporting.subjects import commodity_cell, country_cell, id_cell
from landproof.reporting.words import STATES

_ROWS = 25
_NODES = 10  # per layer of the flow chart; the rest is drawn together
OTHERS = "\0others"  # ends the id of a node that stands for several
_MOST_FINDINGS = 8

_SHORTFALL = {
    "below threshold": text("below the threshold, not assessed"),
    "not traced": text("not traced to the required depth"),
    "custody": text("custody not kept or not stated"),
    "land": text("land not cleared"),
    "provable": text("provable"),
}
_JUDGED_COLUMNS = (
    Column("spend", text("Spend"), numeric=True, weight=9),
    Column("mass", text("Mass"), numeric=True, weight=8),
    Column("required", text("Depth required"), weight=5),
    Column("traced", text("Traced"), weight=5),
    Column("custody", text("Custody kept"), weight=5),
    Column("land", text("Land met"), weight=5),
    Column("state", text("Result"), weight=8),
)
POSITION_COLUMNS = (
    Column("position", text("Sourcing position"), weight=10),
    Column("supplier", text("Supplier"), weight=4),
    Column("commodity", text("Commodity"), weight=4),
    Column("country", text("Country of production"), weight=4),
    *_JUDGED_COLUMNS,
)
# On a page one column says which position it is, in words and by its key.
_PAGE_COLUMNS = (Column("position", text("Sourcing position"), weight=23), *_JUDGED_COLUMNS)
_STAGE_COLUMNS = (
    Column("stage", text("Stage"), weight=6),
    Column("left", text("Spend left"), numeric=True, weight=3),
    Column("share", text("Share of net agri-food spend"), numeric=True, weight=3),
    Column("lost", text("Lost at this stage"), numeric=True, weight=3),
)


def traceability(
    assessment: Assessment, found: Provability, findings: pl.DataFrame
) -> tuple[Section, Table, Table]:
    """The section, the table of all sourcing positions, and that of what blocks each product."""
    positions, on_page = _positions_tables(assessment, found, findings)
    nodes: list[Node] = [
        _sentence_of_share(found),
        Note(say(DEFINITION)),
        _waterfall(assessment, found),
    ]
    nodes.append(_sankey(assessment, found, on_page) or on_page)
    blocked = blocked_products(assessment)
    nodes.append(blocked)
    feed = found.positions.filter(pl.col("feed_for").is_not_null()).height
    if feed:
        said = text(
            "%(count)s of the positions are feed: they carry no spend of their own, but must hold as well."
        )
        nodes.append(Note(say(said, count=feed)))
    return (
        Section("traceability", say(text("Traceability: what is provable")), tuple(nodes), "3.3"),
        positions,
        blocked,
    )


def _sentence_of_share(found: Provability) -> Paragraph:
    share = share_or_unknown(found.provable, found.in_scope)
    if share is None:
        return Paragraph(say(text("Net agri-food spend is not known, so no share can be given.")), tone="warning")
    said = text("Of all net agri-food spend, %(assessed)s is assessed and %(share)s is provable.")
    return Paragraph(say(said, assessed=share_or_unknown(found.assessed, found.in_scope), share=share))


def _waterfall(assessment: Assessment, found: Provability) -> Waterfall:
    stages = (
        Stage(text("All purchases"), found.bought),
        Stage(text("In scope: agri-food spend"), found.in_scope),
        Stage(text("Assessed"), found.assessed),
        Stage(text("Traced to the required depth"), found.traced),
        Stage(text("Custody kept"), found.custody),
        Stage(text("Land clean: provable"), found.provable),
    )
    currency = assessment.currency
    rows: list[Row] = []
    before: Decimal | None = None
    for place, stage in enumerate(stages):
        lost: Cell = "" if place == 0 else amount_or_unknown(_difference(before, stage.left), currency)
        proof: tuple[tuple[str, Cell], ...] = (
            (text("Exact value"), None if stage.left is None else Exact(stage.left, currency)),
            (text("Positions"), Reference("table-positions", say(text("all sourcing positions")))),
        )
        cells = (
            say(stage.label),
            amount_or_unknown(stage.left, currency),
            share_or_unknown(stage.left, found.in_scope) if place else "",
            lost,
        )
        rows.append(Row(cells, proof=proof))
        before = stage.left
    title = say(text("From bought to provable"))
    return Waterfall(title, Table("waterfall", title, _STAGE_COLUMNS, rows), stages, currency)


def _difference(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else before - after


def _positions_tables(assessment: Assessment, found: Provability, findings: pl.DataFrame) -> tuple[Table, Table]:
    """All sourcing positions, with each part of their key in a column; and as pages show them."""
    ledger = ledger_rows(assessment, "position")
    about = findings_about(findings, tuple(assessment.edition.rules))
    # Unknown spend first: it may be the largest.
    frame = found.positions.sort(
        "provable", pl.col("spend").is_not_null(), pl.col("spend").neg(), "position"
    )  # fmt: skip

    def proof(row: Mapping[str, Any]) -> tuple[tuple[str, Cell], ...]:
        return (
            (text("Rules"), Many((to_rule("DCF-3.3-0"), to_rule("DCF-3.3-11"), *map(to_rule, LAND_RULES)))),
            (text("Findings"), _findings_cell(about.get(row["position"], []))),
            (text("Ledger rows"), ledger.get(row["position"], "")),
        )

    def in_full(row: Mapping[str, Any]) -> Row:
        key: tuple[Cell, ...] = (
            Id(row["position"]),
            id_cell(row["supplier"]),
            commodity_cell(row["commodity"]),
            country_cell(row["country"]),
        )
        return Row((*key, *_judged(row, assessment.currency)), f"position-{row['position']}", proof(row))

    def on_page(row: Mapping[str, Any]) -> Row:
        named = Many((assessment.names.subjects.cell(row["position"]), Key(row["position"])), between="\n")
        return Row((named, *_judged(row, assessment.currency)), f"position-{row['position']}", proof(row))

    title = say(text("Sourcing positions"))
    empty = say(text("No sourcing position could be formed."))
    full, page = (
        Table("positions", title, columns, FrameRows(frame, make), shown=_ROWS, empty=empty)
        for columns, make in ((POSITION_COLUMNS, in_full), (_PAGE_COLUMNS, on_page))
    )
    return full, page


def _judged(row: Mapping[str, Any], currency: str | None) -> tuple[Cell, ...]:
    return (
        "" if row["feed_for"] is not None else amount_or_unknown(row["spend"], currency),
        None if row["mass_g"] is None else Mass(row["mass_g"]),
        Word(row["required"]),
        _yes_no(row["traced"]),
        _yes_no(row["custody"]),
        _yes_no(row["land"]),
        _result(row),
    )


def _findings_cell(ids: list[str]) -> Cell:
    shown: list[Cell] = [Reference(anchor_of(each), Id(each)) for each in ids[:_MOST_FINDINGS]]
    if not shown:
        return say(text("none about this position alone"))
    if len(ids) > _MOST_FINDINGS:
        shown.append(say(text("%(count)s more in the workbook"), count=len(ids) - _MOST_FINDINGS))
    return Many(tuple(shown))


def _result(row: Mapping[str, Any]) -> Cell:
    if row["feed_for"] is not None:
        return say(text("feed for %(product)s"), product=Id(row["feed_for"]))
    return say(_SHORTFALL[row["shortfall"]])


def _yes_no(value: bool | None) -> Cell:
    return None if value is None else Word("yes" if value else "no")


def _sankey(assessment: Assessment, found: Provability, twin: Table) -> Sankey | None:
    """Spend from country to supplier to commodity; None when there is no known spend to draw."""
    state = (
        pl.when(pl.col("shortfall") == "below threshold")
        .then(pl.lit("below threshold"))
        .when(pl.col("provable"))
        .then(pl.lit("provable"))
        .otherwise(pl.lit("not provable"))
    )
    flows = found.positions.filter(pl.col("feed_for").is_null() & (pl.col("spend") > 0)).select(
        pl.col("country").fill_null(""),
        pl.col("supplier").fill_null(""),
        pl.col("commodity").fill_null(""),
        "spend",
        state=state,
    )
    if flows.is_empty():
        return None
    layers = ("country", "supplier", "commodity")
    nodes: list[SankeyNode] = []
    for layer, column in enumerate(layers):
        kept, rest = _largest(flows, column)
        flows = flows.with_columns(
            pl.when(pl.col(column).is_in(kept)).then(pl.col(column)).otherwise(pl.lit(OTHERS)).alias(column)
        )
        nodes += [SankeyNode(f"{layer}:{value}", layer, _label(column, value)) for value in kept]
        if rest:
            nodes.append(SankeyNode(f"{layer}:{OTHERS}", layer, say(text("%(count)s others"), count=rest)))
    links: list[SankeyLink] = []
    order = {name: place for place, name in enumerate(STATES)}
    for layer in (0, 1):
        pair = [layers[layer], layers[layer + 1], "state"]
        grouped = flows.group_by(pair).agg(pl.col("spend").sum())
        links += [
            SankeyLink(f"{layer}:{source}", f"{layer + 1}:{target}", kind, amount)
            for source, target, kind, amount in grouped.iter_rows()
        ]
    links.sort(key=lambda link: (link.source, link.target, order[link.state]))
    labels = (text("Country of production"), text("Supplier"), text("Commodity"))
    title = say(text("Where the spend flows, and how much of it is provable"))
    return Sankey(title, twin, labels, tuple(nodes), tuple(links), assessment.currency)


def _largest(flows: pl.DataFrame, column: str) -> tuple[list[str], int]:
    """The largest values of ``column`` by spend, and how many more there are."""
    ranked = flows.group_by(column).agg(pl.col("spend").sum()).sort("spend", column, descending=[True, False])
    values: list[str] = ranked[column].to_list()
    # One more is shown rather than a lone "1 others".
    keep = values if len(values) <= _NODES + 1 else values[:_NODES]
    return keep, len(values) - len(keep)


def _label(column: str, value: str) -> Cell:
    if not value:
        return None
    return {"country": country_cell, "commodity": commodity_cell, "supplier": id_cell}[column](value)
