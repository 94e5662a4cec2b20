"""What tells a marked copy of a user's file, so that the corrected copy can take the file's place."""

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from landproof.domain.messages import text
from landproof.intake.limits import check_zip
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


def marked_from(path: Path) -> str | None:
    """The digest of the file that the workbook ``path`` is a whole marked copy of; None for any other file.

    None too for a copy that holds refused rows only. Raises `UnreadableInput` for an archive that is not safe.
    """
    if path.suffix.lower() != ".xlsx" or not _names_it(path):
        return None
    check_zip(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:  # pyright: ignore[reportUnknownMemberType]
            rows = book.get_sheet_by_name(MARKED).to_python()
    except (CalamineError, OSError):
        return None
    return str(rows[1][0]) if len(rows) > 1 and rows[0][0] == HEADING else None


def _names_it(path: Path) -> bool:
    """A quick look at the list of sheets, so that other workbooks are opened once only."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as sheets:
            return MARKED.encode() in sheets.read(1 << 20)
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        OSError,
        RuntimeError,
        ValueError,
        NotImplementedError,
        EOFError,
    ):
        return False  # its reader says what is wrong with it
