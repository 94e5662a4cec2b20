"""Words that belong to the page and not to the tree."""

from collections.abc import Mapping

from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.reporting.cells import Cell, Many, Sentence, say
from landproof.reporting.nodes import Report, Sheet, Tile
from landproof.reporting.words import OUTCOMES

LABELS: Mapping[str, str] = {
    "report": text("Proof report"),
    "contents": text("Contents"),
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
    "summary": text("Summary"),
    "worst": text("Worst outcome"),
    "skip": text("Skip to the report"),
    "attached": text("Attached to this file"),
    "page": text("Page %(page)s of %(pages)s"),
}


def period_sentence(report: Report) -> Sentence:
    """The evaluated period; either end may be unknown."""
    start, end = report.period
    return say(text("%(start)s to %(end)s"), start=start, end=end)


def outcome_counts(counts: Mapping[Outcome, int]) -> Cell:
    """How many there are of each outcome: "1 not met, 4 met"."""
    said = text("%(count)s %(outcome)s")
    told = [say(said, count=count, outcome=say(OUTCOMES[outcome])) for outcome, count in counts.items() if count]
    return Many(tuple(told)) if told else ""


def tile_counts(tile: Tile) -> Cell:
    """The requirements of a clause by outcome, and how many do not count in the verdict."""
    told = outcome_counts(tile.counts)
    if not tile.counted:
        return Many((told, say(text("none counts in the verdict"))))
    if not tile.aside:
        return told
    return Many((told, say(text("%(count)s more do not count"), count=tile.aside)))


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
