"""`landproof undo CASE NUMBER`: take an import back."""

from pathlib import Path

import click

from landproof.cli.language import chosen_language, say
from landproof.domain.messages import Message, text


@click.command("undo")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("number", type=int)
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(case: Path, number: int, lang: str | None) -> None:
    """Take import NUMBER back (`landproof status` lists them)."""
    from landproof.casefile.case import open_case
    from landproof.run.importing import undo

    del lang  # read by chosen_language
    undo(open_case(case), number)
    done = Message(text("Import %(number)s is taken back; its files stay in the case."), {"number": str(number)})
    click.echo(say(done, chosen_language()))
