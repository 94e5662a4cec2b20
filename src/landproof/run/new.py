"""Makes an empty case with workbook templates in both languages."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from landproof.casefile import durable
from landproof.casefile.case import SETTINGS, Case, create
from landproof.intake.templates import write_templates
from landproof.reference.editions import LATEST

TEMPLATES = "templates"


@dataclass(frozen=True, slots=True)
class NewCase:
    """The case, and its templates."""

    case: Case
    templates: Path
    count: int


def new_case(folder: Path) -> NewCase:
    """Make a case in ``folder``, or nothing at all. Raises `UsageError` when it is not empty, and `Unwritable`."""
    case = create(folder, edition=LATEST)
    templates = folder / TEMPLATES
    try:
        with durable.told(templates):
            count = len(write_templates(templates))
    except BaseException:
        # Half a set of templates would make the next try fail: the folder would not be empty.
        shutil.rmtree(templates, ignore_errors=True)
        (folder / SETTINGS).unlink(missing_ok=True)
        raise
    return NewCase(case, templates, count)
