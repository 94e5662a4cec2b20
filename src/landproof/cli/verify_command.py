"""`landproof verify CASE [RUN]`: prove a run again."""

from pathlib import Path

import click

from landproof.cli.language import chosen_language, say
from landproof.cli.printing import print_json
from landproof.domain.messages import Message, text


@click.command("verify")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("run", required=False)
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(case: Path, run: str | None, as_json: bool, lang: str | None) -> int:
    """Judge a run again."""
    from landproof.casefile.case import open_case
    from landproof.run.store import find_run
    from landproof.run.verify import verify

    del lang  # read by chosen_language
    language = chosen_language()
    opened = open_case(case)
    stored = find_run(opened, run)
    differences = verify(opened, stored)
    if as_json:
        print_json(
            {
                "run": stored.folder.name,
                "same": not differences,
                "differences": [
                    {"where": each.where, "what": say(each.message, language)} for each in differences
                ],
            }
        )
    else:
        for each in differences:
            click.echo(f"{each.where}: {say(each.message, language)}")
        click.echo(say(_conclusion(stored.folder.name, len(differences)), language))
    return 1 if differences else 0


def _conclusion(run: str, count: int) -> Message:
    if count == 0:
        return Message(text("Run %(run)s was judged again from the facts: nothing differs."), {"run": run})
    return Message(text("Run %(run)s is not proven: %(count)s differences."), {"run": run, "count": str(count)})
