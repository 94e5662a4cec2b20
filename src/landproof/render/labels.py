"""Words that belong to the page and not to the tree."""

from collections.abc import Mapping

from landproof.domain.messages import text
from landproof.reporting.nodes import Report, Sentence, Sheet, say

LABELS: Mapping[str, str] = {
    "report": text("Proof report"),
    "contents": text("Contents"),
    "by_clause": text("Findings by clause"),
    "case": text("Case"),
    "stage": text("Stage"),
    "as_of": text("As of"),
    "period": text("Evaluated period"),
    "edition": text("Edition of the criteria"),
    "run": text("Run"),
    "software": text("Software"),
    "verdict": text("Verdict"),
    "clause": text("Clause"),
    "kind": text("Kind"),
    "requirement": text("Requirement"),
    "test": text("Test"),
    "evidence": text("Evidence"),
    "readings": text("Readings"),
    "rule": text("Rule"),
    "outcome": text("Outcome"),
    "findings": text("Findings"),
    "remark": text("Remark"),
    "as_table": text("The same as a table"),
    "not_counted": text("not counted in the verdict"),
    "summary": text("Summary"),
    "worst": text("Worst outcome"),
    "skip": text("Skip to the report"),
    "attached": text("Attached to this file: %(files)s."),
    "page": text("Page %(page)s of %(pages)s"),
}


def period_sentence(report: Report) -> Sentence:
    """The evaluated period; either end may be unknown."""
    start, end = report.period
    return say(text("%(start)s to %(end)s"), start=start, end=end)


def more_sentence(count: int) -> Sentence:
    """What a page leaves to the workbook and the JSON."""
    if count == 1:
        return say(text("1 more row is in the workbook and the JSON report."))
    return say(text("%(count)s more rows are in the workbook and the JSON report."), count=count)


def unlisted_sentence(sheet: Sheet) -> Sentence:
    """What even the workbook and the JSON leave out of a table, and where it stands."""
    return say(
        text("%(count)s more rows of the table %(table)s are kept as Parquet beside this report."),
        count=sheet.table.unlisted,
        table=say(sheet.name),
    )
