"""`landproof compare RUN RUN`: what changed, and why."""

from pathlib import Path

import click

from landproof.cli.language import chosen_language, say
from landproof.cli.printing import print_json, print_table
from landproof.domain.messages import Message, text


@click.command("compare")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(before: Path, after: Path, as_json: bool, lang: str | None) -> int:
    """Compare two runs: folders under runs/, or cases (their latest runs)."""
    from landproof.run.compare import compare
    from landproof.run.store import run_at

    del lang  # read by chosen_language
    language = chosen_language()
    found = compare(run_at(before), run_at(after))
    if as_json:
        print_json(
            {
                "inputs": [dict(zip(("name", "before", "after"), each, strict=True)) for each in found.inputs],
                "findings": found.findings.to_dicts(),
            }
        )
        return 0 if found.same else 1
    if found.same:
        click.echo(say(text("The two runs are the same."), language))
        return 0
    click.echo(say(Message(text("Inputs that differ: %(count)s"), {"count": str(len(found.inputs))}), language))
    if found.inputs:
        print_table(
            [say(each, language) for each in (text("Input"), text("Before"), text("After"))],
            [[name, old[:40], new[:40]] for name, old, new in found.inputs],
        )
    count = found.findings.height
    click.echo()
    click.echo(say(Message(text("Findings that differ: %(count)s"), {"count": str(count)}), language))
    if count:
        heads = (text("Rule"), text("Subject"), text("Before"), text("After"))
        print_table(
            [say(each, language) for each in heads],
            [
                [
                    row["rule"],
                    row["subject"],
                    _finding(row["outcome_before"], row["reason_before"], language),
                    _finding(row["outcome_after"], row["reason_after"], language),
                ]
                for row in found.findings.iter_rows(named=True)
            ],
        )
    return 1


def _finding(outcome: str | None, reason: str | None, language: str) -> str:
    return f"{say(outcome, language)} ({reason})" if outcome else "-"
