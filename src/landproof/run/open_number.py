"""Opens a number: from a finding to the rows behind it, and from a row to its line in its source file."""

from dataclasses import dataclass

import polars as pl

from landproof.casefile.case import CONTRACTS, Case
from landproof.criteria.registry import RULES
from landproof.domain.errors import UnreadableInput, UsageError
from landproof.domain.facts import FACTS
from landproof.domain.messages import text
from landproof.domain.tables import Kind
from landproof.run.store import StoredRun


@dataclass(frozen=True, slots=True)
class Behind:
    """Rows of one table that a finding rests on, with the names of their source files; ``of`` rows in all."""

    table: str
    rows: pl.DataFrame
    of: int


def findings_of(run: StoredRun, rule_id: str, subject: str | None) -> pl.DataFrame:
    """The findings of a rule, or of one subject under it. Raises `UsageError` when there is none."""
    findings = run.table("findings").filter(pl.col("rule") == rule_id)
    if subject is not None:
        findings = findings.filter(pl.col("subject") == subject)
    if findings.is_empty():
        raise UsageError(
            text("Run %(run)s has no finding of %(rule)s on %(subject)s."),
            run=run.folder.name,
            rule=rule_id,
            subject=subject or "*",
        )
    return findings


def rows_behind(case: Case, run: StoredRun, rule_id: str, subject: str) -> list[Behind]:
    """The rows of every table that the rule read which bear on ``subject``.

    A row bears on a subject when one of its identifiers is the subject, or when its key is the subject
    ("soy|BR|annex1"). For the entity as a whole that is every row.
    """
    parts = run.manifest["tables"]
    names = {digest[:16]: name for name, digest in run.manifest["documents"].items()}
    names |= {digest: name for name, digest in run.manifest["documents"].items()}
    found: list[Behind] = []
    for table in RULES[rule_id].tables:
        contract = CONTRACTS.get(table)
        if contract is None:
            continue
        try:
            rows = case.read_table(table, parts[table]) if table in parts else _derived(run, table)
        except UnreadableInput:
            continue
        total = rows.height
        if subject != "entity":
            rows = rows.filter(_bears_on(table, subject))
        if "source" in rows.columns:
            rows = rows.with_columns(pl.col("source").replace(names))
        found.append(Behind(table, rows, total))
    return found


def _derived(run: StoredRun, table: str) -> pl.DataFrame:
    if table in FACTS or not (run.folder / f"{table}.parquet").exists():
        return CONTRACTS[table].empty()
    return run.table(table)


def _bears_on(table: str, subject: str) -> pl.Expr:
    contract = CONTRACTS[table]
    identifiers = [column.name for column in contract if column.kind in (Kind.ID, Kind.COUNTRY)]
    key = pl.concat_str([pl.col(name).cast(pl.String).fill_null("?") for name in contract.key], separator="|")
    plain = subject.split(":", 1)[-1]
    return pl.any_horizontal(
        *(pl.col(name).is_in([subject, plain]).fill_null(False) for name in identifiers),
        key.is_in([subject, plain]),
    )
