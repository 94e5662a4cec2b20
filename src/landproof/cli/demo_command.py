"""`landproof demo FOLDER`: an invented company, judged."""

from pathlib import Path

import click

from landproof.cli.language import chosen_language, say
from landproof.cli.printing import progress
from landproof.domain.messages import Message, text


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--plots", default=3000, show_default=True, help=text("How many plots."))
@click.option("--lines", default=20000, show_default=True, help=text("How many purchase lines."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(folder: Path, plots: int, lines: int, lang: str | None) -> None:
    """Write the files of an invented company to FOLDER/files, and judge them as FOLDER/case."""
    from landproof.run.demo import run_demo
    from landproof.run.summary import headline, next_steps

    del lang  # read by chosen_language
    language = chosen_language()
    with progress(say(text("Making the invented company"), language)) as report:
        demo = run_demo(folder, plots=plots, lines=lines, progress=report)
    click.echo(headline(demo.assessed, language))
    for number, step in enumerate(next_steps(demo.assessed, language), start=1):
        click.echo(f"{number}. {step}")
    run = demo.assessed.run.folder
    short = "zh" if language.startswith("zh") else "en"
    case = demo.case
    click.echo()
    click.echo(say(text("Company, people and places are invented. The report:"), language))
    click.echo(f"  {run / f'report.{short}.html'}")
    click.echo(f"  {run / f'report.{short}.pdf'}")
    click.echo(say(text("What to try next:"), language))
    for line in (
        f"landproof open {case} DCF-2.4-1 soy",
        f"landproof verify {case}",
        f"landproof assess {case} --set 'AMB-31=outline'",
        f"landproof new {folder / 'try'}",
        f"landproof import {folder / 'try'} {demo.with_errors}",
        "landproof rules DCF-3.3-3",
    ):
        click.echo(f"  {line}")
    planted = Message(
        text("The planted faults, and the rule that finds each: %(file)s"), {"file": str(demo.truth)}
    )
    click.echo(say(planted, language))
