"""Brings files into a case, and takes an import back."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from landproof.casefile.case import Case, State, changed, digest_of, replay
from landproof.domain.errors import UnreadableInput, UsageError
from landproof.domain.messages import Message, text
from landproof.domain.rejects import REJECTS
from landproof.intake.annotate import annotate
from landproof.intake.imported import SheetReport
from landproof.intake.marked import marked_from
from landproof.run.read import Read
from landproof.run.reading import Choices, is_tabular, read_file

RETURNED = "returned"  # where the user's own workbooks come back with their bad cells marked


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one file. ``rows`` is always ``accepted + rejected``; a document has no rows."""

    name: str
    digest: str
    number: int  # of the statement, for `landproof undo`
    document: bool
    tables: Mapping[str, int]  # rows accepted, by table
    rows: int
    accepted: int
    rejected: int
    rejects: pl.DataFrame
    notes: Sequence[Message]
    sheets: Sequence[SheetReport]
    returned: Path | None  # the workbook with the bad cells marked
    whole: bool = True  # of that workbook: it holds every row, not the refused ones alone


def import_file(case: Case, path: Path, choices: Choices) -> Receipt:
    """Import one file: all of it counts from one statement on, or none of it does.

    A table or a plot file fills tables; every other file is kept as a document that evidence may name. The same
    file again, or its marked copy, takes the place of its earlier import. Raises `UnreadableInput` for a file that
    cannot be read, `UsageError` for a choice that cannot be followed, `Unwritable` for a case.
    """
    _check_is_file(path)
    name = unicodedata.normalize("NFC", path.name)  # a Mac writes accents apart; evidence names them as one
    with case.writing() as writer:
        digest = digest_of(path)
        log = case.statements()
        before = replay(log)
        instead_of = _replaced(before, path, name, digest, again=choices.again)
        state = replay(log, without=instead_of)
        read = read_file(case, state, path, choices)
        if writer.put_file(path) != digest or (read is not None and read.source != digest):
            raise changed(path)
        tables = {} if read is None else {each: rows for each, rows in read.tables.items() if rows.height}
        parts = {each: writer.put_table(each, rows) for each, rows in tables.items()}
        if read is not None and read.rejects.height:
            parts[REJECTS.name] = writer.put_table(REJECTS.name, read.rejects)
        content = {"tables": parts, "files": {name: digest}, "instead_of": instead_of}
        number = writer.state("import", content).number
        if read is not None and read.mappings:
            writer.state("mapping", {"mappings": read.mappings})
    notes = _notes_on_the_case(before, state, name, digest, instead_of, again=choices.again)
    if read is None:
        return Receipt(name, digest, number, True, {}, 0, 0, 0, REJECTS.empty(), notes, (), None)
    returned, whole, why_not = _give_back(case, path, number, read, choices)
    return Receipt(
        name,
        digest,
        number,
        False,
        {each: rows.height for each, rows in tables.items()},
        read.rows,
        read.accepted,
        read.rejected,
        read.rejects,
        [*notes, *read.notes, *why_not],
        read.sheets,
        returned,
        whole,
    )


def undo(case: Case, number: int) -> None:
    """Take import ``number`` back. Raises `UsageError` when it is no import, or does not count any more."""
    with case.writing() as writer:
        counting = [statement.number for statement in case.state().imports]
        if not counting:
            raise UsageError(text("Nothing is imported, so there is nothing to take back."))
        if number not in counting:
            raise UsageError(
                text("%(number)s is not an import that counts. Those that do: %(imports)s."),
                number=number,
                imports=", ".join(map(str, counting)),
            )
        writer.state("undo", {"import": number})


def _check_is_file(path: Path) -> None:
    if path.is_dir():
        raise UnreadableInput(
            text("%(file)s is a folder. Name the files in it, such as %(example)s."), file=path, example=path / "*"
        )
    if path.is_symlink() and not path.exists():
        raise UnreadableInput(text("%(file)s is a link to a file that is not there."), file=path)
    if path.exists() and not path.is_file():
        raise UnreadableInput(text("%(file)s is no file that holds data. Name a file."), file=path)
    if not path.exists():
        raise UnreadableInput(
            text("There is no file %(file)s. Check the name, or the folder you are in."), file=path
        )


def _replaced(state: State, path: Path, name: str, digest: str, *, again: bool) -> list[int]:
    """The imports whose place this one takes.

    The same file under the same name would otherwise refuse all its own rows, and the refused rows of a file would
    go on counting beside those of its corrected copy.
    """
    marked = marked_from(path)
    return [
        statement.number
        for statement in state.imports
        for earlier, content in statement.content["files"].items()
        if (earlier == name and (again or content == digest)) or content == marked
    ]


def _notes_on_the_case(
    before: State, state: State, name: str, digest: str, instead_of: Sequence[int], *, again: bool
) -> list[Message]:
    if instead_of:
        numbers = ", ".join(map(str, instead_of))
        return [Message(text("It takes the place of import %(numbers)s."), {"numbers": numbers})]
    if again:
        return [Message(text("No file of this name was imported before, so it takes the place of none."))]
    known = before.documents.get(name)
    if known is not None and known != digest and name in state.documents:
        return [
            Message(
                text(
                    "Another file called %(file)s is in the case; the name now means this one. Use --again if "
                    "this one takes its place."
                ),
                {"file": name},
            )
        ]
    return []


def _give_back(
    case: Case, path: Path, number: int, read: Read, choices: Choices
) -> tuple[Path | None, bool, Sequence[Message]]:
    """The file with its bad cells marked, and whether all of it. Without it the import stands all the same."""
    if read.rejects.is_empty() or read.document or not is_tabular(path, choices):
        return None, True, ()
    out = case.folder / RETURNED / str(number) / f"{path.stem}.xlsx"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        return out, annotate(path, read.rejects, out), ()
    except OSError as error:
        why = {"why": error.strerror or type(error).__name__}
        return None, True, [Message(text("The marked workbook could not be written (%(why)s)."), why)]
