"""The closing sections: rejects, gaps, readings and sources."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from landproof.domain.derived import DERIVED
from landproof.domain.facts import FACTS
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.land.tables import AREAS, LAYERS
from landproof.reporting.assessment import Assessment
from landproof.reporting.cells import Cell, Citation, Id, ListName, Sentence, Word, say
from landproof.reporting.findings import sentence_of, to_rule
from landproof.reporting.nodes import Column, FrameRows, Node, Note, Paragraph, Row, Section, Table
from landproof.reporting.sources import file_names
from landproof.reporting.values import value_cell

_ROWS = 50

_REJECT_COLUMNS = (
    Column("file", text("File name"), weight=5),
    Column("sheet", text("Sheet or layer"), weight=4),
    Column("row", text("Row in the source file"), numeric=True, weight=4),
    Column("field", text("Field"), weight=4),
    Column("value", text("Value as written"), weight=4),
    Column("reason", text("Reason"), weight=7),
    Column("remedy", text("What to do"), weight=7),
)
_GAP_COLUMNS = (
    Column("rule", text("Rule"), weight=3),
    Column("title", text("Requirement"), weight=6),
    Column("subjects", text("Subjects"), numeric=True, weight=3),
    Column("why", text("Why, for the first subject"), weight=7),
    Column("bring", text("Evidence that would settle it"), weight=6),
)
_READING_COLUMNS = (
    Column("reading", text("Reading"), weight=2),
    Column("clause", text("Clause"), weight=3),
    Column("question", text("Unclear point"), weight=6),
    Column("chosen", text("Reading used"), weight=6),
    Column("state", text("Choice"), weight=2),
    Column("why", text("Why this is recommended"), weight=6),
)
_SOURCE_COLUMNS = (
    Column("kind", text("Kind"), weight=6),
    Column("name", text("Name"), weight=13),
    Column("version", text("Version or date"), weight=5),
    Column("licence", text("Licence"), weight=5),
    Column("digest", text("Digest (SHA-256)"), weight=24),
)


def rejects(assessment: Assessment) -> tuple[Section, Table]:
    """What was refused on the way in."""
    frame = assessment.rejects

    def make(row: Mapping[str, Any]) -> Row:
        values = json.loads(row["values"] or "{}")
        cells: dict[str, Cell] = {
            name: value_cell(name, None if value is None else str(value)) for name, value in values.items()
        }
        return Row(
            (
                Id(row["source_name"] or (row["source"] or "")[:12]),
                Id(row["sheet"] or ""),
                row["source_row"] if row["source_row"] is not None else say(text("whole file")),
                Id(row["field"] or ""),
                Id(row["value"] or ""),
                "" if row["reason"] is None else Sentence(row["reason"], cells),
                "" if row["remedy"] is None else Sentence(row["remedy"], cells),
            )
        )

    title = say(text("Rejected rows"))
    empty = say(text("No row was rejected."))
    table = Table("rejects", title, _REJECT_COLUMNS, FrameRows(frame, make), shown=_ROWS, empty=empty)
    nodes: list[Node] = [table]
    if frame.height:
        said = text(
            "Entries that were refused and are part of no number above: %(count)s. Until each is mended or "
            "explained, the result may change."
        )
        nodes.insert(0, Paragraph(say(said, count=frame.height), tone="warning"))
    return Section("rejects", say(text("What was not read")), tuple(nodes)), table


def gaps(assessment: Assessment, findings: pl.DataFrame) -> Section:
    """Missing evidence by rule and reason, all stages and kinds."""
    open_findings = findings.filter(pl.col("outcome") == Outcome.INSUFFICIENT.value)
    grouped = open_findings.group_by("rule", "reason", maintain_order=True).agg(
        pl.col("subject").n_unique().alias("subjects"),
        pl.col("subject", "values", "outcome", "id").first(),
    )
    rules = assessment.edition.rules

    def make(row: Mapping[str, Any]) -> Row:
        rule = rules[row["rule"]]
        return Row((to_rule(rule.id), rule.title, row["subjects"], sentence_of(assessment, row), rule.evidence))

    title = say(text("Missing evidence by requirement"))
    empty = say(text("No evidence is missing."))
    table = Table("gaps", title, _GAP_COLUMNS, FrameRows(grouped, make), empty=empty)
    return Section("gaps", say(text("Gaps")), (table,))


def readings(assessment: Assessment) -> tuple[Section, Table]:
    """Every reading of an unclear point that this report rests on."""
    edition, changed = assessment.edition, assessment.edition.departures()
    rows: list[Row] = []
    for name, reading in sorted(edition.readings.items()):
        state = "changed" if name in changed else "fixed" if reading.fixed else "default"
        chosen = reading.values[edition.value_of(name)]
        cells: tuple[Cell, ...] = (
            Id(name), Citation(reading.clause), reading.question, chosen, Word(state), reading.why
        )  # fmt: skip
        rows.append(Row(cells, f"reading-{name}"))
    table = Table("readings", say(text("Readings used")), _READING_COLUMNS, rows)
    said = text("%(count)s unclear points of the criteria, and how each was read. Changed here: %(changed)s.")
    node = Paragraph(say(said, count=len(rows), changed=len(changed)))
    return Section("readings", say(text("How unclear points were read")), (node, table)), table


def sources(assessment: Assessment) -> tuple[Section, Table]:
    """Everything that the result rests on, so that a stranger can ask for the same and run it again."""
    manifest = assessment.manifest
    rows: list[Row] = [
        _source(
            text("Edition of the criteria"),
            assessment.edition.title,
            assessment.edition.id,
            digest=manifest.get("edition_digest"),
        ),
        _source(text("Run"), Id(str(manifest.get("run", ""))), assessment.as_of),
        _source(text("Software"), Id("landproof"), str(manifest.get("landproof", ""))),
    ]
    rows += _lists(assessment)
    ahead = len(rows)
    layers = _layers(assessment)
    names = file_names(assessment)
    rows += [
        _source(text("Document"), Id(name), "", digest=digest)
        for digest, name in sorted(names.items(), key=lambda each: (each[1], each[0]))
    ]
    parts: Mapping[str, Sequence[str]] = manifest.get("tables", {})
    rows += [
        _source(text("Table"), _table_name(name), "", digest=digest)
        for name, digests in sorted(parts.items())
        for digest in sorted(digests)
    ]
    title = say(text("Sources"))
    full = [*rows[:ahead], *layers, *rows[ahead:]]
    table = Table("sources", title, _SOURCE_COLUMNS, full, shown=len(full))
    short = [*rows[:ahead], *_layers_in_short(assessment), *rows[ahead:]]
    on_page = Table("sources", title, _SOURCE_COLUMNS, short, shown=len(short))
    note = say(
        text("Same case, same run id: `landproof verify` repeats the run on another machine and compares it.")
    )
    return Section("sources", say(text("What this rests on")), (on_page, Note(note))), table


def _table_name(name: str) -> Cell:
    """A table by its title, and by the name under which its parts are kept."""
    contract = {**FACTS, **DERIVED, AREAS.name: AREAS, LAYERS.name: LAYERS}.get(name)
    if contract is None:
        return Id(name)
    return say(text("%(title)s (%(name)s)"), title=say(contract.title), name=Id(name))


def _layers_in_short(assessment: Assessment) -> list[Row]:
    """A row per layer on a page: how many files, and the digest where there is one only."""
    layers = assessment.layers
    if layers is None:
        return []
    grouped = layers.sort("layer", "file").group_by("layer", maintain_order=True)
    return [_layer_in_short(group) for _, group in grouped]


def _layer_in_short(files: pl.DataFrame) -> Row:
    row = files.row(0, named=True)
    digests = files["sha256"].drop_nulls().len()
    digest: Cell = None if not digests else Id(files["sha256"].item(0))
    if files.height == digests > 1:
        digest = say(text("%(count)s files; their digests are in the workbook and the JSON report"), count=digests)
    elif files.height > 1:
        digest = say(
            text(
                "%(missing)s of %(count)s files are missing; the digests are in the workbook and the JSON report"
            ),
            count=files.height,
            missing=files.height - digests,
        )
    return Row((say(text("Layer")), row["title"] or Id(row["layer"]), row["version"], row["licence"], digest))


def _source(kind: str, name: Cell, version: str | date, licence: str | None = "", digest: str | None = "") -> Row:
    return Row((say(kind), name, version, licence, Id(digest) if digest else ""))


def _lists(assessment: Assessment) -> list[Row]:
    used = assessment.table("origin_risk").select("list", "list_from").drop_nulls("list").unique().sort("list")
    return [_source(text("Origin-risk list"), ListName(name), since or "") for name, since in used.iter_rows()]


def _layers(assessment: Assessment) -> list[Row]:
    """Layers as files; one that was named and not there says so by a digest that is unknown."""
    layers = assessment.layers
    if layers is None:
        return []
    return [
        Row(
            (
                say(text("Layer")),
                row["title"] or Id(row["layer"]),
                row["version"],
                row["licence"],
                None if row["sha256"] is None else Id(row["sha256"]),
            )
        )
        for row in layers.sort("layer", "file").iter_rows(named=True)
    ]
