"""`landproof measure PLOTS --layers layers.toml`: areas and land verdicts."""

from pathlib import Path

import click

from landproof.cli.language import chosen_language, say
from landproof.cli.printing import print_json, print_table, progress
from landproof.domain.messages import text


@click.command("measure")
@click.argument("plots", type=click.Path(path_type=Path))
@click.option(
    "--layers", required=True, type=click.Path(path_type=Path), help=text("The catalogue of raster layers (TOML).")
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=text("Where to write: .parquet, .csv or .geojson.")
)
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(plots: Path, layers: Path, output: Path | None, as_json: bool, lang: str | None) -> None:
    """Measure a file of plots, or the plots of a case (then the verdicts are kept in it)."""
    from landproof.run.measure_plots import measure_case, measure_file, verdict_counts

    del lang  # read by chosen_language
    language = chosen_language()
    with progress(say(text("Measuring"), language)) as report:
        if (plots / "case.toml").exists():
            measured = measure_case(plots, layers, progress=report)
        else:
            measured = measure_file(plots, layers, output, progress=report)
    counts = verdict_counts(measured.plot_status)
    if as_json:
        print_json(
            {
                "plots": measured.plot_status.select("plot").n_unique(),
                "verdicts": counts,
                "rejected": [say(each, language) for each in measured.refusals],
            }
        )
        return
    for each in measured.refusals:
        click.echo(say(each, language), err=True)
    harms = sorted(counts)
    words = ("not converted", "converted", "inconclusive", "not assessed")
    print_table(
        [say(text("Harm"), language), *(say(each, language) for each in words)],
        [[say(harm, language), *(str(counts[harm].get(word, 0)) for word in words)] for harm in harms],
    )
    if output:
        click.echo(output)
