"""Materiality (clause 2.4) and origin risk (clause 3.2)."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from landproof.criteria.edition import Edition
from landproof.domain.derived import UNKNOWN_COMMODITY
from landproof.domain.messages import text
from landproof.reporting.amounts import amount_or_unknown, exact_sum, share_or_unknown
from landproof.reporting.assessment import Assessment
from landproof.reporting.cells import Cell, Exact, ListName, Many, Quantity, Sentence, Share, Word, say
from landproof.reporting.findings import to_rule
from landproof.reporting.nodes import (
    Bar,
    Column,
    FrameRows,
    MaterialityBars,
    Node,
    Note,
    Paragraph,
    Row,
    Section,
    Table,
)
from landproof.reporting.sources import ledger_rows
from landproof.reporting.subjects import commodity_cell, country_cell

_EACH = Share(Decimal(1), Decimal(100))  # clause 2.4: each commodity of 1 % or more
_TOGETHER = Share(Decimal(90), Decimal(100))  # clause 2.4: at least 90 % of spend covered
_BARS = 20
_ROWS = 60

_MATERIALITY_COLUMNS = (
    Column("commodity", text("Commodity"), weight=4),
    Column("spend", text("Spend"), numeric=True, weight=3),
    Column("share", text("Share of net agri-food spend"), numeric=True, weight=3),
    Column("cumulative", text("Together with the rows above"), numeric=True, weight=3),
    Column("assessed", text("Assessed"), weight=2),
    Column("because", text("Because"), weight=5),
)
_ORIGIN_COLUMNS = (
    Column("commodity", text("Commodity"), weight=15),
    Column("country", text("Country of production"), weight=14),
    Column("level", text("Origin risk"), weight=8),
    Column("deforestation", text("Deforestation risk"), weight=15),
    Column("conversion", text("Conversion risk"), weight=13),
    Column("list", text("Origin-risk list"), weight=24),
    Column("in_force", text("In force from"), weight=15),
    Column("listed", text("Level on the list"), weight=10),
    Column("basis", text("Basis"), weight=9),
)


def limit_share(edition: Edition, starts: str, otherwise: Share) -> Share:
    """The edition's limit of clause 2.4 whose name starts with ``starts``; without one, the criteria's figure."""
    for name, limit in sorted(edition.limits.items()):
        if name.startswith(starts) and isinstance(limit.value, Fraction):
            return Share(Decimal(limit.value.numerator), Decimal(limit.value.denominator))
    return otherwise


def materiality(assessment: Assessment) -> tuple[Section, Table]:
    """Which commodities reach 1 %, and whether those assessed reach 90 %."""
    frame = assessment.table("materiality").sort(
        pl.col("spend").is_null(), pl.col("spend").neg(), "commodity"
    )  # fmt: skip
    whole = frame["whole"].drop_nulls()
    total = whole.item(0) if len(whole) else None
    table = _materiality_table(assessment, frame, total)
    each = limit_share(assessment.edition, "material_share", _EACH)
    together = limit_share(assessment.edition, "min_coverage", _TOGETHER)
    nodes: list[Node] = []
    if total is not None and total > 0:
        covered = frame.filter(pl.col("assessed").fill_null(True))["spend"].drop_nulls()
        sum_covered = exact_sum(covered)
        nodes += [
            Paragraph(
                say(
                    text(
                        "Commodities assessed: %(count)s. Together they make up %(share)s of net agri-food "
                        "spend, of which at least %(limit)s %% must be assessed."
                    ),
                    count=frame.filter(pl.col("assessed").fill_null(True)).height,
                    share=Share(sum_covered, total),
                    limit=Quantity(together.part * 100 / together.whole),
                )
            ),
            _bars(frame, total, sum_covered, each, together, table),
        ]
    else:
        warning = text("Net agri-food spend is not known yet, so every commodity is assessed.")
        nodes += [Paragraph(say(warning), tone="warning"), table]
    return Section("materiality", say(text("Materiality: what is assessed")), tuple(nodes), "2.4"), table


def _bars(
    frame: pl.DataFrame, total: Decimal, covered: Decimal, each: Share, together: Share, table: Table
) -> MaterialityBars:
    known = frame.filter(pl.col("spend").is_not_null())
    bars = tuple(
        Bar(commodity_cell(row["commodity"]), row["spend"], row["assessed"] is not False)
        for row in known.head(_BARS).iter_rows(named=True)
    )
    title = say(text("Share of net agri-food spend by commodity"))
    return MaterialityBars(title, table, bars, frame.height - len(bars), total, each, together, covered)


def _materiality_table(assessment: Assessment, frame: pl.DataFrame, total: Decimal | None) -> Table:
    currency, rows = assessment.currency, ledger_rows(assessment, "commodity")
    running = frame.with_columns(running=pl.col("spend").cum_sum())

    def make(row: Mapping[str, Any]) -> Row:
        spend: Decimal | None = row["spend"]
        proof: tuple[tuple[str, Cell], ...] = (
            (text("Rule"), Many((to_rule("DCF-2.4-1"), to_rule("DCF-2.4-2")))),
            (text("Exact part and whole"), _exactly(spend, row["whole"], currency)),
            (text("Ledger rows"), rows.get(row["commodity"])),
        )
        cells: tuple[Cell, ...] = (
            commodity_cell(row["commodity"]),
            amount_or_unknown(spend, currency),
            share_or_unknown(spend, total),
            share_or_unknown(None if spend is None else row["running"], total),
            Word("no" if row["assessed"] is False else "yes"),
            _because(row),
        )
        return Row(cells, f"commodity-{row['commodity']}", proof)

    title = say(text("Commodities by spend"))
    empty = say(text("No purchase could be read as a commodity."))
    return Table("materiality", title, _MATERIALITY_COLUMNS, FrameRows(running, make), shown=_ROWS, empty=empty)


def _exactly(spend: Decimal | None, whole: Decimal | None, currency: str | None) -> Cell:
    part, of = (None if each is None else Exact(each, currency) for each in (spend, whole))
    return say(text("%(part)s of %(whole)s"), part=part, whole=of)


def _because(row: Mapping[str, Any]) -> Sentence:
    crosses = row["other_key_crosses"] is True
    if row["commodity"] == UNKNOWN_COMMODITY:
        return say(text("no recipe: counts as spend that is not covered"))
    if row["reaches_threshold"] is True:
        return say(text("reaches 1 %"))
    if row["reaches_threshold"] is None:
        return say(text("cannot be worked out, so it is assessed"))
    if row["added_for_coverage"] is True:
        return say(text("added to reach 90 %"))
    if crosses:
        return say(text("below 1 %; another allocation key would cross it"))
    return say(text("below 1 %"))


def origin_risk(assessment: Assessment) -> tuple[Section, Table]:
    """Each origin with the list, its date and the level that follows."""
    frame = assessment.table("origin_risk").sort(
        pl.col("level") == "low", "commodity", "country", "list", nulls_last=True
    )  # fmt: skip

    def make(row: Mapping[str, Any]) -> Row:
        cells: tuple[Cell, ...] = (
            commodity_cell(row["commodity"]),
            country_cell(row["country"]),
            Word(row["level"] or "high"),
            _word(row["deforestation_level"]),
            _word(row["conversion_level"]),
            None if row["list"] is None else ListName(row["list"]),
            row["list_from"],
            _word(row["listed_level"]),
            _word(row["basis"]),
        )
        return Row(cells, proof=((text("Rule"), Many((to_rule("DCF-3.2-1"), to_rule("DCF-3.2-5")))),))

    title = say(text("Origins and the lists they were looked up in"))
    empty = say(text("No country of production is on file."))
    table = Table("origin-risk", title, _ORIGIN_COLUMNS, FrameRows(frame, make), shown=_ROWS, empty=empty)
    note = text("The higher of the two risks decides. An origin that could not be classified counts as high.")
    return Section("origins", say(text("Origin risk")), (table, Note(say(note))), "3.2"), table


def _word(value: str | None) -> Cell:
    return None if value is None else Word(value)
