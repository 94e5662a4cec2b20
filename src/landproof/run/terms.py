"""Reads by which terms land is judged: the published thresholds, tighter ones, or a marked exploration."""

import tomllib
from datetime import date
from pathlib import Path

from landproof.domain.errors import UnreadableInput, UsageError
from landproof.domain.messages import text
from landproof.land.thresholds import PUBLISHED, Terms, Thresholds
from landproof.reference.editions import load_edition


def terms_of(thresholds: Path | None = None, *, cut_off: date | None = None, exploration: bool = False) -> Terms:
    """The terms of a run. Raises `UsageError` for what only an exploration may do.

    ``thresholds``: a TOML file with some of the published names and whole numbers. Without ``exploration`` they
    may only be tighter than the published ones, and the cut-off is that of the edition.
    """
    edition = load_edition().cut_off
    if cut_off is not None and cut_off != edition and not exploration:
        raise UsageError(
            text("The cut-off of the criteria is %(day)s. Another one is for an exploration: add --exploration."),
            day=edition,
        )
    found = PUBLISHED if thresholds is None else _read(thresholds)
    loosened = found.loosened(PUBLISHED)
    if loosened and not exploration:
        name = loosened[0]
        raise UsageError(
            text(
                "%(file)s loosens %(name)s to %(value)s; published is %(published)s. A threshold can only be "
                "tightened. Correct it, or add --exploration, whose result proves nothing."
            ),
            file=thresholds.name if thresholds else "", name=name,
            value=getattr(found, name), published=getattr(PUBLISHED, name),
        )  # fmt: skip
    return Terms(cut_off or edition, found, exploration)


def _read(path: Path) -> Thresholds:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as why:
        raise UnreadableInput(
            text("%(file)s cannot be read as thresholds: %(why)s. Correct the file."), file=path.name, why=why
        ) from None
    for name, value in content.items():
        if name not in Thresholds.__dataclass_fields__:
            raise UsageError(
                text("%(file)s: there is no threshold %(name)s. Thresholds are %(names)s."),
                file=path.name, name=name, names=", ".join(Thresholds.__dataclass_fields__),
            )  # fmt: skip
        least, most = Thresholds.range_of(name)
        if type(value) is not int or not least <= value <= most:
            raise UsageError(
                text("%(file)s: %(name)s is %(value)s. Write a whole number from %(least)s to %(most)s."),
                file=path.name, name=name, value=value, least=least, most=most,
            )  # fmt: skip
    return PUBLISHED.changed(content)
