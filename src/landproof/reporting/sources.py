"""From an amount back to the ledger rows that it was added up from."""

from collections.abc import Mapping

import polars as pl

from landproof.domain.messages import text
from landproof.reporting.assessment import Assessment
from landproof.reporting.cells import Cell, Id, Many, say

_MOST_ROWS = 12  # rows of one file named when a number is opened
_MOST_FILES = 5


def file_names(assessment: Assessment) -> dict[str, str]:
    """Digest to the name under which the file was received; the digest itself where no name is on file."""
    documents = assessment.tables.get("documents")
    if documents is None or not {"reference", "digest"} <= set(documents.columns):
        return {}
    named = documents.filter(pl.col("reference") != pl.col("digest")).sort("digest", "reference")
    return dict(named.select("digest", "reference").unique("digest", keep="first").iter_rows())


def ledger_rows(assessment: Assessment, grain: str) -> Mapping[str, Cell]:
    """For each value of ``grain`` (commodity or position of a line), the files and rows behind it."""
    lines = assessment.table("line_goods").select(grain, "line").drop_nulls().unique()
    ledger = assessment.table("purchases").select("line", "source", "source_row")
    per_file = (
        lines.join(ledger, on="line", how="left")
        .group_by(grain, "source")
        .agg(rows=pl.col("source_row").unique().sort().head(_MOST_ROWS), count=pl.len())
        .sort(grain, "source", nulls_last=True)
    )
    names = file_names(assessment)
    found: dict[str, list[Cell]] = {}
    for key, source, rows, count in per_file.iter_rows():
        found.setdefault(key, []).append(_one_file(names, source, rows, count))
    return {key: _capped(cells) for key, cells in found.items()}


def _one_file(names: Mapping[str, str], source: str | None, rows: list[int | None], count: int) -> Cell:
    if source is None:
        return say(text("%(count)s lines without a source file"), count=count)
    file = names.get(source, source[:12])
    known: tuple[Cell, ...] = tuple(row for row in rows if row is not None)
    if count > len(known):
        more = count - len(known)
        return say(text("%(file)s, rows %(rows)s and %(more)s more"), file=Id(file), rows=Many(known), more=more)
    return say(text("%(file)s, rows %(rows)s"), file=Id(file), rows=Many(known))


def _capped(cells: list[Cell]) -> Cell:
    if len(cells) <= _MOST_FILES:
        return cells[0] if len(cells) == 1 else Many(tuple(cells))
    more = say(text("%(count)s more files"), count=len(cells) - _MOST_FILES)
    return Many((*cells[:_MOST_FILES], more))


def findings_about(findings: pl.DataFrame, rules: tuple[str, ...]) -> dict[str, list[str]]:
    """Subject to the ids of its findings under ``rules``."""
    grouped = findings.filter(pl.col("rule").is_in(rules)).group_by("subject").agg(pl.col("id").sort())
    return dict(grouped.iter_rows())
