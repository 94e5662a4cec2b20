"""`landproof why WHERE PLOT`: from a land verdict to the cells that it rests on, with a picture."""

from pathlib import Path

import click

from landproof.cli.language import chosen_language, printable
from landproof.cli.printing import print_table
from landproof.domain.messages import text


@click.command("why")
@click.argument("where", type=click.Path(path_type=Path))
@click.argument("plot")
@click.option(
    "--layers",
    type=click.Path(path_type=Path),
    help=text(
        "The catalogue of raster layers (TOML); for a case the one it was measured on, if it still lies there."
    ),
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=text("Where to draw the picture: .svg or .png.")
)
@click.option("--json", "as_json", is_flag=True, help=text("Print the evidence record as JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed and drawn."))
def command(
    where: Path, plot: str, layers: Path | None, output: Path | None, as_json: bool, lang: str | None
) -> None:
    """Show why PLOT of WHERE, a case or a file of plots, has its land verdicts."""
    from landproof.run.why import open_plot
    from landproof.run.why_picture import draw, written_as
    from landproof.run.why_record import canonical_record, record_of
    from landproof.run.why_text import Words

    del lang  # read by chosen_language
    language = chosen_language()
    write = None if output is None else written_as(output)
    opened = open_plot(where, plot, layers)
    record = record_of(opened)
    words = Words(record, language)
    if output is not None and write is not None:
        write(output, draw(opened, record, words))
    if as_json:
        click.echo(canonical_record(record))
    else:
        for part in words.parts():
            if isinstance(part, str):
                click.echo(printable(part))
            else:
                print_table(part.headers, part.rows, indent="  ")
        if output is not None:
            click.echo(f"\n{output}")
    if record["kept"] and record["kept"]["differing"]:
        raise click.exceptions.Exit(1)  # different, as `verify` and `compare` say it
