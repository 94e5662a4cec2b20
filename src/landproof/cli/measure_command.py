"""`landproof measure PLOTS --layers layers.toml`: areas and land verdicts."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from landproof.cli.language import chosen_language, say
from landproof.cli.printing import Bar, print_json, print_table, progress
from landproof.domain.messages import Message, text

if TYPE_CHECKING:
    from landproof.run.measure_plots import MeasuredPlots

_WORDS = ("not converted", "converted", "inconclusive", "not assessed")
_CAUSES = {
    "tile": text("tile"),
    "plot": text("plot"),
    "layer": text("layer entry"),
    "cut-off": text("cut-off date"),
    "procedure": text("procedure"),
    "unknown": text("unknown"),
}
_CHANGES_SHOWN = 20


@click.command("measure")
@click.argument("plots", type=click.Path(path_type=Path))
@click.option(
    "--layers", required=True, type=click.Path(path_type=Path), help=text("The catalogue of raster layers (TOML).")
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help=text("Where to write: .parquet, .csv, .geojson or .xlsx."),
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help=text("Keep results in this folder. Later runs judge only what changed, and list what is new."),
)
@click.option(
    "--planes",
    type=click.Path(path_type=Path),
    help=text("Read bit planes from this folder in place of rasters, which is faster; the result is the same."),
)
@click.option("--workers", type=int, help=text("How many processes to use; all processors if not said."))
@click.option("--on", metavar="tcp://HOST:PORT", help=text("Measure on the Dask cluster with this scheduler."))
@click.option(
    "--thresholds",
    type=click.Path(path_type=Path, dir_okay=False),
    help=text("Tighter thresholds than the published ones (TOML)."),
)
@click.option(
    "--exploration", is_flag=True, help=text("Allow other terms; every verdict is marked and proves nothing.")
)
@click.option(
    "--cut-off",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help=text("In an exploration, another last clean day."),
)
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def command(
    plots: Path,
    layers: Path,
    output: Path | None,
    keep: Path | None,
    planes: Path | None,
    workers: int | None,
    on: str | None,
    thresholds: Path | None,
    exploration: bool,
    cut_off: datetime | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Measure a file of plots, or the plots of a case (then the verdicts are kept in it)."""
    from landproof.run.measure_plots import Options, measure_case, measure_file
    from landproof.run.terms import terms_of

    del lang  # read by chosen_language
    language = chosen_language()
    day = None if cut_off is None else cut_off.date()
    terms = terms_of(thresholds, cut_off=day, exploration=exploration)
    options = Options(on, workers, keep, planes, language, terms)
    with progress(say(text("Measuring"), language)) as bar:
        report = _Report(bar, language)
        if (plots / "case.toml").exists():
            if output is not None:
                raise click.UsageError(
                    say(text("The verdicts of a case are kept in it. Leave out --output."), language)
                )
            measured = measure_case(plots, layers, options=options, progress=report)
        else:
            measured = measure_file(plots, layers, output, options=options, progress=report)
    if as_json:
        print_json(_plain(measured, language))
    else:
        _print(measured, language)


class _Report:
    """Shows progress in the reader's language."""

    def __init__(self, bar: Bar, language: str) -> None:
        self._bar = bar
        self._language = language

    def __call__(self, done: int, total: int | None, step: str | None = None) -> None:
        self._bar(done, total, None if step is None else say(step, self._language))


def _plain(measured: "MeasuredPlots", language: str) -> dict[str, object]:
    return {
        "plots": measured.plots,
        "judged": measured.judged,
        "screened": measured.plots - measured.judged,
        "verdicts": measured.counts,
        "changes": None if measured.changes is None else measured.changes.height,
        "rows_rejected": measured.rejected,
        "rejected": [say(each, language) for each in measured.refusals],
        "problems": [say(each, language) for each in measured.problems],
        "written": [str(each) for each in measured.written],
    }


def _print(measured: "MeasuredPlots", language: str) -> None:
    for each in (*measured.refusals, *measured.problems):
        click.echo(say(each, language), err=True)
    harms = sorted(measured.counts)
    print_table(
        [say(text("Harm"), language), *(say(each, language) for each in _WORDS)],
        [[say(harm, language), *(str(measured.counts[harm].get(word, 0)) for word in _WORDS)] for harm in harms],
    )
    counts = {
        "plots": measured.plots,
        "judged": measured.judged,
        "screened": measured.plots - measured.judged,
        "rejected": measured.rejected,
    }
    total = text("%(plots)s plots, %(judged)s judged now; %(rejected)s rows rejected.")
    if measured.changes is not None:
        total = text(
            "%(plots)s plots: %(judged)s judged now, %(screened)s screened, since nothing near them had changed; "
            "%(rejected)s rows rejected."
        )
    click.echo(say(Message(total, {name: f"{count:,}" for name, count in counts.items()}), language))
    _print_changes(measured, language)
    for path in measured.written:
        click.echo(path)


def _print_changes(measured: "MeasuredPlots", language: str) -> None:
    changes = measured.changes
    if changes is None:
        return
    total = Message(text("%(count)s verdicts differ from the run before."), {"count": f"{changes.height:,}"})
    click.echo(say(total, language))
    if changes.is_empty():
        return
    headers = (text("Plot"), text("Harm"), text("Verdict before"), text("Verdict after"), text("What changed"))
    print_table(
        [say(each, language) for each in headers],
        [
            [
                row["plot"],
                say(row["harm"], language),
                *(say(row[name], language) if row[name] else "-" for name in ("before", "after")),
                _because(row["cause"], row["tiles"], language),
            ]
            for row in changes.head(_CHANGES_SHOWN).iter_rows(named=True)
        ],
    )
    if changes.height > _CHANGES_SHOWN:
        more = Message(text("and %(count)s more"), {"count": f"{changes.height - _CHANGES_SHOWN:,}"})
        click.echo(say(more, language))


def _because(cause: str, tiles: Sequence[str], language: str) -> str:
    """What changed, with the layers and tiles that it was."""
    said = say(_CAUSES[cause], language)
    return f"{said}: {', '.join(tiles)}" if tiles else said
