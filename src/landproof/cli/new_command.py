"""`landproof new DIR`: an empty case with templates."""

from pathlib import Path

import click

from landproof.cli.language import chosen_language, say
from landproof.domain.messages import Message, text


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(folder: Path, lang: str | None) -> None:
    """Make a case."""
    from landproof.run.new import new_case

    del lang  # read by chosen_language
    made = new_case(folder)
    values = {"case": str(folder), "templates": str(made.templates), "count": str(made.count)}
    done = Message(
        text(
            "%(case)s is an empty case. Fill what you have of the %(count)s workbooks in %(templates)s, then: "
            "landproof import %(case)s FILE…"
        ),
        values,
    )
    click.echo(say(done, chosen_language()))
