"""`landproof screen PLOTS`: what is wrong with plots before they are measured."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from landproof.cli.language import chosen_language, say
from landproof.cli.printing import print_json, print_table, progress
from landproof.domain.messages import Message, text

if TYPE_CHECKING:
    from landproof.run.screening import Screened

_SHOWN = 20


@click.command("screen")
@click.argument("plots", type=click.Path(path_type=Path))
@click.option(
    "--profile",
    type=click.Choice(["dcf", "eudr"]),
    default="dcf",
    help=text("What is refused: by the criteria, or by the EU's file rules too."),
)
@click.option(
    "--boundaries",
    type=click.Path(path_type=Path, dir_okay=False),
    help=text("Outlines of countries that you trust, with their two-letter codes."),
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=text("Where to write the findings: .csv or .parquet.")
)
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
@click.pass_context
def command(
    ctx: click.Context,
    plots: Path,
    profile: str,
    boundaries: Path | None,
    output: Path | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Screen a file of plots, or the plots of a case."""
    from landproof.run.screening import screen_file

    del lang  # read by chosen_language
    language = chosen_language()
    with progress(say(text("Screening"), language)) as bar:
        screened = screen_file(
            plots, output, profile="eudr" if profile == "eudr" else "dcf", boundaries=boundaries, progress=bar
        )
    if as_json:
        print_json(_plain(screened, language))
    else:
        _print(screened, language)
    failed = (screened.screening.checks["result"] == "fail").any()
    ctx.exit(1 if failed or screened.refusals else 0)


def _plain(screened: "Screened", language: str) -> dict[str, object]:
    from landproof.run.screening import sentence_of

    rows = screened.screening.checks.iter_rows(named=True)
    return {
        "plots": screened.plots,
        "rejected": [say(each, language) for each in screened.refusals],
        "checks": screened.screening.counts.to_dicts(),
        "findings": [
            {name: row[name] for name in ("plot", "check", "result", "reason")}
            | {name: None if row[name] is None else float(row[name]) for name in ("longitude", "latitude")}
            | {"sentence": say(sentence_of(row), language), "remedy": say(row["remedy"] or "", language)}
            for row in rows
        ],
        "written": [str(each) for each in screened.written],
    }


def _print(screened: "Screened", language: str) -> None:
    from landproof.run.screening import sentence_of
    from landproof.screening.reasons import CHECKS

    for each in screened.refusals:
        click.echo(say(each, language), err=True)
    counts = {row["check"]: row for row in screened.screening.counts.iter_rows(named=True)}
    headers = (text("Check"), text("Passed"), text("Warned"), text("Failed"), text("Not checked"))
    print_table(
        [say(each, language) for each in headers],
        [
            [say(sentence, language), *(f"{counts[check][name]:,}" for name in _COUNTS)]
            for check, sentence in CHECKS.items()
            if check in counts
        ],
    )
    found = screened.screening.checks.filter(screened.screening.checks["result"] != "pass")
    order = {"fail": 0, "warn": 1}
    listed = sorted(found.iter_rows(named=True), key=lambda row: (order[row["result"]], row["plot"]))
    for row in listed[:_SHOWN]:
        said = [say(sentence_of(row), language), say(row["remedy"] or "", language)]
        click.echo(f"{row['plot']}: {' '.join(each for each in said if each)}")
    if len(listed) > _SHOWN:
        more = Message(text("and %(count)s more"), {"count": f"{len(listed) - _SHOWN:,}"})
        click.echo(say(more, language))
    for path in screened.written:
        click.echo(path)


_COUNTS = ("passed", "warned", "failed", "not_checked")
