"""The land: plots on a map, and the verdict on each plot with what it rests on."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.land.kept_picture import MOST_PICTURES
from landproof.reporting.amounts import strings
from landproof.reporting.assessment import Assessment
from landproof.reporting.cells import Area, Cell, Id, Many, Reference, Sentence, Word, say
from landproof.reporting.findings import BLOCKING, anchor_of, sentence_of, to_rule
from landproof.reporting.land_map import plot_map
from landproof.reporting.nodes import Column, FrameRows, Node, Note, Paragraph, Pictures, Row, Section, Table
from landproof.reporting.pictures import pictures
from landproof.reporting.provable import LAND_RULES, Provability
from landproof.reporting.subjects import commodity_cell, country_cell, id_cell
from landproof.reporting.words import OUTCOME_ORDER

_ROWS = 25
_FEWEST_ROWS = 10  # a page shows these at least, and no more where the rest say the same
_MOST_FINDINGS = 3

_PLOT_COLUMNS = (
    Column("plot", text("Plot"), weight=5),
    Column("supplier", text("Supplier"), weight=4),
    Column("commodity", text("Commodity"), weight=4),
    Column("country", text("Country"), weight=4),
    Column("area", text("Declared area"), numeric=True, weight=4),
    Column("outcome", text("Land verdict"), weight=5),
)
_COLUMNS = (
    *_PLOT_COLUMNS,
    Column("harms", text("By harm"), weight=12),
    Column("reasons", text("Reason codes"), weight=6),
)
_PAGE_COLUMNS = (*_PLOT_COLUMNS, Column("why", text("Why"), weight=17))


def land(assessment: Assessment, found: Provability, findings: pl.DataFrame) -> tuple[Section, Table]:
    """The section, and the table of all plots. ``findings`` are numbered."""
    frame = _plots(assessment, found)
    full = _table(_COLUMNS, frame, _in_full)
    nodes: list[Node] = []
    title = say(text("Land: what stands behind the goods"))
    if frame.is_empty():
        empty = text("No plot is on file, so nothing can be said of the land behind the goods.")
        return Section("land", title, (Paragraph(say(empty), tone="warning"),), "3.1"), full
    nodes.append(Paragraph(_summary(frame)))
    aside = frame.filter(pl.col("shown") == Outcome.NOT_APPLICABLE.value).height
    if aside:
        said = text(
            "Of those without evidence, %(count)s were not judged: only goods below the threshold come from them."
        )
        nodes.append(Paragraph(say(said, count=aside)))
    nodes.append(plot_map(frame, _table(_PAGE_COLUMNS, frame, _OnPage(assessment, findings))))
    note = text(
        "Frames show plots only, without borders; goods and countries are those that the plots' suppliers state. "
        "Plots that fall on one spot are drawn as one, with the worst verdict among them."
    )
    nodes.append(Note(say(note)))
    drawn = pictures(assessment)
    if drawn is not None:
        nodes += [drawn, *_about_pictures(drawn)]
    return Section("land", title, tuple(nodes), "3.1"), full


def _about_pictures(drawn: Pictures) -> list[Node]:
    notes: list[Node] = [
        Note(
            say(
                text(
                    "Pictures show what the layers said when the case was measured, north up, and no place on "
                    "earth. A cell is drawn whole, in the zone in which its middle lies. The square metres are "
                    "exact: they count the part of each cell that lies inside the outline."
                )
            )
        )
    ]
    if drawn.left_out:
        left_out = text(
            "Converted or in doubt, and not drawn here: %(count)s. A case keeps at most %(most)s pictures; "
            "`landproof why` draws any plot."
        )
        notes.append(Paragraph(say(left_out, count=drawn.left_out, most=MOST_PICTURES)))
    return notes


def _plots(assessment: Assessment, found: Provability) -> pl.DataFrame:
    """All plots known or named, the worst verdicts first.

    ``shown`` is the outcome, but for plots that were not judged and feed goods below the threshold only: nothing
    is asked of those, so they are drawn apart. Their outcome stays "insufficient evidence".
    """
    status = (
        assessment.table("plot_status")
        .sort("plot", "harm")
        .group_by("plot", maintain_order=True)
        .agg("harm", "verdict", reasons=pl.col("reasons").explode().drop_nulls().unique().sort())
    )
    order = {outcome.value: rank for rank, outcome in enumerate(OUTCOME_ORDER)}
    facts = assessment.table("plots").select("plot", "supplier", "commodity", "country", "area_ha", "geometry")
    judged = assessment.findings.filter(pl.col("rule").is_in(LAND_RULES)).select(
        plot="subject", judged=pl.lit(True)
    )
    aside = (
        ~pl.col("judged").fill_null(False)
        & pl.col("plot").is_in(_below_threshold(assessment).implode())
        & (pl.col("outcome") == Outcome.INSUFFICIENT.value)
    )
    return (
        found.plots.join(facts.unique("plot", keep="first", maintain_order=True), on="plot", how="left")
        .join(status, on="plot", how="left")
        .join(judged.unique(), on="plot", how="left")
        .with_columns(
            shown=pl.when(aside).then(pl.lit(Outcome.NOT_APPLICABLE.value)).otherwise(pl.col("outcome")),
        )
        .sort(
            pl.col("outcome").replace_strict(order, return_dtype=pl.Int8),
            pl.col("shown").replace_strict(order, return_dtype=pl.Int8),
            "plot",
        )
    )


def _below_threshold(assessment: Assessment) -> pl.Series:
    """Plots that are known to feed positions below the threshold, and no other one."""
    assessed = assessment.table("positions").select("position", "assessed")
    lots = assessment.table("traces").select("lot", "position").drop_nulls().unique()
    return (
        assessment.table("lot_plots")
        .join(lots, on="lot")
        .join(assessed, on="position", how="left")
        .group_by("plot")
        .agg(aside=(pl.col("assessed") == pl.lit(False)).fill_null(False).all())
        .filter("aside")["plot"]
    )


def _summary(frame: pl.DataFrame) -> Sentence:
    counts = {outcome: frame.filter(pl.col("outcome") == outcome.value).height for outcome in OUTCOME_ORDER}
    return say(
        text(
            "%(all)s plots. Met under every rule of the land: %(met)s; not met: %(failed)s; "
            "insufficient evidence: %(open)s."
        ),
        all=frame.height,
        met=counts[Outcome.MET],
        failed=counts[Outcome.NOT_MET],
        open=frame.height - counts[Outcome.MET] - counts[Outcome.NOT_MET],
    )


def _table(columns: tuple[Column, ...], frame: pl.DataFrame, rest: Callable[..., tuple[Cell, ...]]) -> Table:
    def make(row: Mapping[str, Any]) -> Row:
        cells: tuple[Cell, ...] = (
            Id(row["plot"]),
            id_cell(row["supplier"]),
            commodity_cell(row["commodity"]),
            country_cell(row["country"]),
            None if row["area_ha"] is None else Area(row["area_ha"]),
            Outcome(row["outcome"]),
            *rest(row),
        )
        proof: tuple[tuple[str, Cell], ...] = ((text("Rules"), Many(tuple(map(to_rule, LAND_RULES)))),)
        return Row(cells, f"plot-{row['plot']}", proof)

    title = say(text("Plots and their land verdicts"))
    telling = frame.filter(pl.col("shown").is_in(BLOCKING)).height
    shown = min(_ROWS, max(_FEWEST_ROWS, telling))
    return Table("plots", title, columns, FrameRows(frame, make), shown=shown)


def _in_full(row: Mapping[str, Any]) -> tuple[Cell, ...]:
    """Each harm with its verdict, and all codes."""
    harms: tuple[Cell, ...] = tuple(
        say(text("%(harm)s: %(verdict)s"), harm=Word(harm), verdict=Word(verdict or "unknown"))
        for harm, verdict in zip(row["harm"] or [], row["verdict"] or [], strict=True)
    )
    reasons: tuple[Cell, ...] = tuple(Id(reason) for reason in strings(row["reasons"]))
    return Many(harms) if harms else None, Many(reasons) if reasons else ""


class _OnPage:
    """Why a plot stands as it does: what its open findings say, or else its verdicts with their harms."""

    def __init__(self, assessment: Assessment, findings: pl.DataFrame) -> None:
        self._assessment = assessment
        self._open = findings.filter(pl.col("rule").is_in(LAND_RULES) & pl.col("outcome").is_in(BLOCKING))

    def __call__(self, row: Mapping[str, Any]) -> tuple[Cell, ...]:
        own = self._open.filter(pl.col("subject") == row["plot"])
        if own.height:
            said = [self._sentence(each) for each in own.head(_MOST_FINDINGS).iter_rows(named=True)]
            return (Many(tuple(said), between="\n"),)
        if row["shown"] == Outcome.NOT_APPLICABLE.value and row["outcome"] == Outcome.INSUFFICIENT.value:
            return (say(text("Not judged: only goods below the threshold come from it.")),)
        if row["outcome"] == Outcome.INSUFFICIENT.value:
            return (say(text("Not judged: no rule of the land was judged for it.")),)
        return (_by_verdict(row),)

    def _sentence(self, finding: Mapping[str, Any]) -> Cell:
        why = sentence_of(self._assessment, finding)
        link = Reference(anchor_of(finding["id"]), Id(finding["id"]))
        return say(text("%(why)s %(rules)s"), why=why, rules=link)


def _by_verdict(row: Mapping[str, Any]) -> Cell:
    """The harms of each verdict: "not converted: deforestation, conversion"."""
    harms: dict[str, list[Cell]] = {}
    for harm, verdict in zip(row["harm"] or [], row["verdict"] or [], strict=True):
        harms.setdefault(verdict or "unknown", []).append(Word(harm))
    said = text("%(verdict)s: %(harms)s")
    lines = [
        say(said, verdict=Word(verdict), harms=Many(tuple(named))) for verdict, named in sorted(harms.items())
    ]
    return Many(tuple(lines), between="\n") if lines else ""
