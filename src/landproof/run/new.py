"""Makes an empty case with workbook templates in both languages."""

from dataclasses import dataclass
from pathlib import Path

from landproof.casefile.case import Case, create
from landproof.intake.templates import write_templates
from landproof.reference.editions import LATEST


@dataclass(frozen=True, slots=True)
class NewCase:
    """The case, and where its templates are."""

    case: Case
    templates: Path
    count: int


def new_case(folder: Path) -> NewCase:
    """Make a case in ``folder``. Raises `UsageError` when it is not empty."""
    case = create(folder, edition=LATEST)
    templates = folder / "templates"
    write_templates(templates)
    return NewCase(case, templates, len(list(templates.glob("*.xlsx"))))
