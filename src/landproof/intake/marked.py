"""What tells a marked copy of a user's file, so that the corrected copy can take the file's place."""

from collections.abc import Sequence
from typing import Final

from landproof.domain.messages import text
from landproof.intake.sheets import Sheet
from landproof.intake.words import bilingual

MARKED: Final = "_landproof"  # a hidden sheet with the digest of the file that was marked
HEADING: Final = "marked copy of"
REJECTED_ROWS: Final = text("Rejected rows")


def summary_name() -> str:
    """The name of the sheet that lists the refused rows."""
    return bilingual(REJECTED_ROWS).replace("/", "-")


def own_sheets(sheets: Sequence[Sheet]) -> set[str]:
    """The names of the sheets that marking added; none in a file that is no marked copy."""
    if not any(sheet.name == MARKED for sheet in sheets):
        return set()
    return {sheet.name for sheet in sheets if sheet.name == MARKED or is_summary(sheet.name)}


def is_summary(name: str) -> bool:
    """Whether a sheet has the name of the list of refused rows."""
    return name.startswith(summary_name())


def marked_from(sheets: Sequence[Sheet]) -> str | None:
    """The digest of the file that this is a whole copy of; None when it is no copy, or holds refused rows only."""
    found = next((sheet for sheet in sheets if sheet.name == MARKED), None)
    if found is None or found.header[:1] != (HEADING,) or not found.cells.height:
        return None
    return found.cells.item(0, 0)
