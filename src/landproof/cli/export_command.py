"""`landproof export CASE --as FORMAT --to FOLDER`: the chain of a case for other programs."""

from pathlib import Path

import click

from landproof.cli.language import chosen_language, say
from landproof.cli.printing import print_json
from landproof.domain.messages import Message, text


@click.command("export")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--as", "form", metavar="epcis|csv|parquet", required=True, help=text("The format to write."))
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), required=True, help=text("A new folder for the files.")
)
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(case: Path, form: str, folder: Path, as_json: bool, lang: str | None) -> None:
    """Export a chain."""
    from landproof.casefile.case import open_case
    from landproof.run.exporting import LOSSES, export

    del lang  # read by chosen_language
    language = chosen_language()
    done = export(open_case(case), form, folder, language)
    if as_json:
        print_json({"files": [str(path) for path in done.files], "rows": done.rows, "losses": done.losses})
        return
    for path in done.files:
        click.echo(path)
    values = {"rows": f"{done.rows:,}", "count": f"{done.losses:,}", "file": LOSSES}
    told = text(
        "Rows of the chain: %(rows)s. Cells that other programs do not see, listed in %(file)s: %(count)s."
    )
    click.echo(say(Message(told, values), language))
