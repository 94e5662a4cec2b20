"""`landproof check CASE`: what the documents of a chain say that cannot all be true."""

from pathlib import Path
from typing import Any

import click

from landproof.cli.language import chosen_language, printable, say
from landproof.cli.printing import print_json, print_table
from landproof.domain.messages import Message, text

SHOWN = 20  # of each check
_WEIGHTS = {
    "contradiction": text("Contradictions: these documents cannot all be true."),
    "sign": text("Signs: to be looked at."),
}
_WORDS = ("claimed", "weaker", "commodity")  # values of a sentence that are words of ours


@click.command("check")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--facts", "with_facts", is_flag=True, help=text("Open each finding to the rows behind it."))
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON, all rows."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(case: Path, with_facts: bool, as_json: bool, lang: str | None) -> None:
    """Check whether all documents of the chain of CASE can be true together."""
    from landproof.casefile.case import open_case
    from landproof.chain.balances import ranked
    from landproof.run import check

    del lang  # read by chosen_language
    language = chosen_language()
    found, tables = check.check_case(open_case(case))
    rows = ranked(found.findings).to_dicts()
    if as_json:
        print_json({
            "findings": [_plain(row) | {"sentence": _said(check.sentence(row), language)} for row in rows],
            "checks": found.checks.to_dicts(),
        })  # fmt: skip
    else:
        for weight, heading in _WEIGHTS.items():
            of_weight = [row for row in rows if row["weight"] == weight]
            if of_weight:
                click.echo(say(heading, language))
                for row in _first_of_each(of_weight, language):
                    click.echo(
                        row if isinstance(row, str) else f"  {printable(_said(check.sentence(row), language))}"
                    )
                    for fact in row["facts"] if with_facts and not isinstance(row, str) else ():
                        click.echo(printable(_opened(check.opened(tables, fact), language)))
                click.echo()
        if not rows:
            click.echo(say(text("Nothing on file contradicts the rest."), language))
            click.echo()
        _show_checks(found.checks.to_dicts(), language)
    if any(row["weight"] == "contradiction" for row in rows):
        raise click.exceptions.Exit(1)


def _first_of_each(rows: list[dict[str, Any]], language: str) -> list[dict[str, Any] | str]:
    """Up to `SHOWN` findings of each check, and a line that says how many more there are."""
    shown: list[dict[str, Any] | str] = []
    for check in dict.fromkeys(row["check"] for row in rows):
        of_check = [row for row in rows if row["check"] == check]
        shown.extend(of_check[:SHOWN])
        if len(of_check) > SHOWN:
            more = say(text("… and %(count)s more; --json prints all."), language)
            shown.append("  " + more % {"count": f"{len(of_check) - SHOWN:,}"})
    return shown


def _said(message: Message, language: str) -> str:
    values = {name: say(value, language) if name in _WORDS else value for name, value in message.values.items()}
    return say(message.sentence, language) % values


def _opened(fact: dict[str, Any], language: str) -> str:
    place = say(text("row %(row)s of file %(source)s"), language) % {
        "row": fact["row"] or "-", "source": (fact["source"] or "-")[:12]
    }  # fmt: skip
    return f"    {fact['table']} {fact['id']}: {place}"


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Days as ISO 8601; shares as text, so that no decimal is lost."""
    days = {name: row[name].isoformat() for name in ("on", "not_before") if row[name] is not None}
    shares = {
        name: str(row[name]) for name in ("low_share", "high_share", "tolerance_share") if row[name] is not None
    }
    return row | days | shares


def _show_checks(checks: list[dict[str, Any]], language: str) -> None:
    from landproof.chain.balances.sentences import TITLES

    print_table(
        [say(text("Check"), language), say(text("Looked at"), language), say(text("Not checked"), language)],
        [
            [say(TITLES[row["check"]], language), f"{row['looked_at']:,}", f"{row['not_checked']:,}"]
            for row in sorted(checks, key=lambda row: list(TITLES).index(row["check"]))
        ],
    )
    click.echo(say(text("Not checked: something is missing. That is no sign that all is well."), language))
