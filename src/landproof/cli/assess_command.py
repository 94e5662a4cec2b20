"""`landproof assess CASE`: all rules, and the reports."""

from datetime import datetime
from pathlib import Path

import click

from landproof.cli.language import chosen_language, say
from landproof.cli.printing import print_json, print_table, progress
from landproof.domain.errors import UsageError
from landproof.domain.messages import Message, text


@click.command("assess")
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--for", "stage", metavar="apply|board|year", default="apply", help=text("The stage to be ready for.")
)
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help=text("Evaluation date; the case's own by default.")
)
@click.option("--set", "chosen", multiple=True, metavar="AMB-nn=VALUE", help=text("Choose another reading."))
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(
    case: Path, stage: str, as_of: datetime | None, chosen: tuple[str, ...], as_json: bool, lang: str | None
) -> int:
    """Judge a case."""
    from landproof.casefile.case import open_case
    from landproof.domain.outcome import Outcome
    from landproof.run.assess import FILE_LANGUAGE, assess
    from landproof.run.summary import clause_lines, headline, next_steps, summary

    del lang  # read by chosen_language
    language = chosen_language()
    with progress(say(text("Judging"), language)) as report:
        assessed = assess(
            open_case(case),
            stage=stage,
            as_of=as_of.date() if as_of else None,
            readings=_readings(chosen),
            progress=report,
        )
    code = 0 if assessed.verdict in (Outcome.MET, Outcome.NOT_APPLICABLE) else 1
    if as_json:
        print_json(summary(assessed, language))
        return code
    click.echo(headline(assessed, language))
    click.echo()
    heads = (text("Clause"), text("Outcome"), text("Met"), text("Not met"), text("Insufficient evidence"))
    print_table([say(each, language) for each in heads], clause_lines(assessed, language))
    for number, step in enumerate(next_steps(assessed, language), start=1):
        click.echo(f"{'' if number > 1 else chr(10)}{number}. {step}")
    click.echo()
    for kind in ("html", "pdf", "xlsx", "json"):
        click.echo(assessed.run.folder / f"report.{FILE_LANGUAGE[language]}.{kind}")
    run = Message(text("Run %(run)s. `landproof verify` judges it again."), {"run": assessed.run.folder.name})
    click.echo(say(run, language))
    return code


def _readings(chosen: tuple[str, ...]) -> dict[str, str]:
    readings: dict[str, str] = {}
    for each in chosen:
        name, sign, value = each.partition("=")
        if not sign:
            raise UsageError(
                text(
                    "--set %(given)s lacks a value. Write it as AMB-31=VALUE; `landproof rules` names the values."
                ),
                given=each,
            )
        readings[name.strip()] = value.strip()
    return readings
