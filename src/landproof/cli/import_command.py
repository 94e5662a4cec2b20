"""`landproof import CASE FILE…`: bring files into a case."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from landproof.cli.language import chosen_language, say
from landproof.cli.printing import Bar, print_json, progress
from landproof.domain.messages import Message, text

if TYPE_CHECKING:
    from landproof.intake.asking import Ask, Question
    from landproof.run.importing import Receipt

REJECTS_SHOWN = 10
_WHOLE = text("Correct the marked cells and import that workbook: it takes the place of this import.")
_REFUSED_ONLY = text(
    "It holds the refused rows only, as the file is long: correct them in the file itself, and import it with "
    "--again."
)


@click.command("import")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--table", metavar="TABLE", help=text("The table that the files fill; guessed by default."))
@click.option(
    "--map", "mapped", multiple=True, metavar="THEIRS=OURS", help=text("Which column of yours is which of ours.")
)
@click.option(
    "--decimal", "decimal_mark", type=click.Choice([".", ","]), help=text("The decimal mark of the files.")
)
@click.option(
    "--day-first/--month-first", "day_first", default=None, help=text("How dates like 03/04/2026 are meant.")
)
@click.option("--number-rows", is_flag=True, help=text("Number the rows of a table that has no identifier."))
@click.option(
    "--again", is_flag=True, help=text("Take the place of the earlier import of a file of the same name.")
)
@click.option("--document", is_flag=True, help=text("Keep the files as documents, and read no rows from them."))
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(
    case: Path,
    files: tuple[Path, ...],
    table: str | None,
    mapped: tuple[str, ...],
    decimal_mark: str | None,
    day_first: bool | None,
    number_rows: bool,
    again: bool,
    document: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Import files."""
    from landproof.casefile.case import open_case
    from landproof.cli.app import EXIT_UNREADABLE
    from landproof.cli.asking import somebody_is_there
    from landproof.domain.errors import UnreadableInput
    from landproof.intake.mapping import parse_map_options
    from landproof.run.importing import Choices, import_file

    del lang  # read by chosen_language
    language = chosen_language()
    opened = open_case(case)
    mapping = parse_map_options(mapped) if mapped else None
    receipts: list[Receipt] = []
    unread: list[UnreadableInput] = []
    with progress(say(text("Importing"), language)) as report:
        ask = _ask_between(report, language) if somebody_is_there() and not as_json else None
        choices = Choices(table, mapping, decimal_mark, day_first, number_rows, again, ask, document)
        for number, path in enumerate(files):
            report(number, len(files), path.name)
            try:
                receipt = import_file(opened, path, choices)
            except UnreadableInput as error:  # the others are none the worse for it
                unread.append(error)
                with report.paused():
                    click.echo(say(error.message, language), err=True)
                continue
            receipts.append(receipt)
            if not as_json:
                with report.paused():
                    _print(receipt, language)
    if as_json:
        print_json([_plain(receipt) for receipt in receipts])
    elif len(files) > 1:
        _print_total(receipts, len(files), language)
    if unread:
        sys.exit(EXIT_UNREADABLE)


def _ask_between(bar: Bar, language: str) -> "Ask":
    from landproof.cli.asking import asker

    ask = asker(language)

    def quietly(question: "Question") -> int | None:
        with bar.paused():
            return ask(question)

    return quietly


def _print(receipt: "Receipt", language: str) -> None:
    from landproof.run.reading import few_names
    from landproof.run.sentences import reject_place, reject_sentence

    values = {"number": str(receipt.number), "file": receipt.name}
    if receipt.document:
        kept = Message(text("%(number)s  %(file)s: kept as a document; no rows were read from it."), values)
        click.echo(say(kept, language))
        _print_notes(receipt, language)
        return
    values |= {
        "rows": str(receipt.rows),
        "accepted": str(receipt.accepted),
        "rejected": str(receipt.rejected),
        "tables": ", ".join(f"{name} {count}" for name, count in receipt.tables.items()) or "-",
    }
    head = text("%(number)s  %(file)s: %(rows)s rows = %(accepted)s accepted + %(rejected)s rejected (%(tables)s)")
    click.echo(say(Message(head, values), language))
    _print_notes(receipt, language)
    for sheet in receipt.sheets:
        if sheet.unmapped and sheet.table is not None:
            left = Message(
                text("Columns not used in %(sheet)s: %(columns)s. Use --map THEIRS=OURS if one is needed."),
                {"sheet": sheet.sheet or receipt.name, "columns": few_names(sheet.unmapped)},
            )
            click.echo("   " + say(left, language))
    for row in receipt.rejects.head(REJECTS_SHOWN).iter_rows(named=True):
        place = reject_place(row, language)
        click.echo("   - " + (f"{place}: " if place else "") + reject_sentence(row, language))
    if receipt.rejects.height > REJECTS_SHOWN:
        more = Message(
            text("%(count)s more rejects: `landproof status CASE --rejects` lists them all."),
            {"count": str(receipt.rejects.height - REJECTS_SHOWN)},
        )
        click.echo("   " + say(more, language))
    if receipt.returned:
        marked = Message(
            text("Your workbook with the bad cells marked: %(file)s"), {"file": str(receipt.returned)}
        )
        click.echo("   " + say(marked, language))
        click.echo("   " + say(_WHOLE if receipt.whole else _REFUSED_ONLY, language))


def _print_notes(receipt: "Receipt", language: str) -> None:
    for note in receipt.notes:
        click.echo("   " + say(note, language))


def _print_total(receipts: "Sequence[Receipt]", files: int, language: str) -> None:
    values = {
        "imported": str(len(receipts)),
        "files": str(files),
        "rows": str(sum(receipt.rows for receipt in receipts)),
        "accepted": str(sum(receipt.accepted for receipt in receipts)),
        "rejected": str(sum(receipt.rejected for receipt in receipts)),
    }
    total = text(
        "%(imported)s of %(files)s files imported: %(rows)s rows = %(accepted)s accepted + %(rejected)s rejected"
    )
    click.echo(say(Message(total, values), language))


def _plain(receipt: "Receipt") -> dict[str, object]:
    return {
        "file": receipt.name,
        "import": receipt.number,
        "document": receipt.document,
        "rows": receipt.rows,
        "accepted": receipt.accepted,
        "rejected": receipt.rejected,
        "tables": dict(receipt.tables),
        "rejects": receipt.rejects.to_dicts(),
    }
