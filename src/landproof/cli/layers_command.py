"""`landproof layers PLOTS --layers layers.toml`, `landproof layers check` and `landproof layers planes`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from landproof.cli.language import chosen_language, say
from landproof.cli.printing import print_json, print_table, progress
from landproof.domain.messages import Message, text

_REFUSED = 1  # exit code: a layer is refused, or a tile is not there


class _WithDefault(click.Group):
    """A group whose command `tiles` is meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["tiles", *args]
        return super().parse_args(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = super().get_command(ctx, cmd_name)
        for parameter in found.params if found is not None else []:
            if isinstance(parameter, click.Option) and parameter.help:
                parameter.help = say(parameter.help, chosen_language())
        if found is not None and cmd_name in _HELP:
            found.help = say(_HELP[cmd_name], chosen_language())
        return found


_HELP: Mapping[str, str] = {
    "tiles": text("Which tiles of which layers plots need, how large they are, and which are there."),
    "check": text("Check the layers of a catalogue by a sample of each, and register them."),
    "planes": text("Store what a verdict needs of the layers as bit planes, which are read faster than rasters."),
}


@click.group("layers", cls=_WithDefault, subcommand_metavar="[tiles] PLOTS | check CATALOGUE | planes CATALOGUE")
def command() -> None:
    """Layers of a catalogue."""


@command.command("tiles")
@click.argument("plots", type=click.Path(path_type=Path))
@click.option(
    "--layers", required=True, type=click.Path(path_type=Path), help=text("The catalogue of raster layers (TOML).")
)
@click.option("--sizes", is_flag=True, help=text("Ask the servers how large the missing tiles are."))
@click.option("--fetch", "fetching", is_flag=True, help=text("Fetch the missing tiles."))
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
@click.pass_context
def tiles(
    ctx: click.Context,
    plots: Path,
    layers: Path,
    sizes: bool,
    fetching: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Tiles that plots need."""
    from landproof.run.layer_tiles import plan_layers

    del lang  # read by chosen_language
    language = chosen_language()
    with progress(say(text("Fetching"), language)) as report:
        plan = plan_layers(plots, layers, sizes=sizes, fetching=fetching, progress=report)
    rows = [
        {
            "layer": need.layer,
            "file": need.file,
            "state": _state(need, plan.not_published),
            "bytes": need.size,
            "licence": need.licence,
            "url": need.url,
        }
        for need in plan.needs.tiles
    ]
    notes = _notes(plan)
    lacking = any(row["state"] == _MISSING for row in rows)
    if as_json:
        print_json(
            {
                "plots": plan.plots,
                "tiles": rows,
                "fetched": list(plan.fetched),
                "notes": [say(each, language) for each in notes],
            }
        )
    else:
        _print_tiles(rows, notes, language)
    ctx.exit(_REFUSED if lacking and fetching else 0)


_THERE, _MISSING = text("there"), text("missing")
_ON_THE_NETWORK, _NOT_PUBLISHED = text("read from the network"), text("the producer has none")


def _state(need: Any, not_published: tuple[str, ...]) -> str:
    if need.there:
        return _THERE
    if need.file in not_published:
        return _NOT_PUBLISHED
    return _ON_THE_NETWORK if need.in_place else _MISSING


def _print_tiles(rows: list[dict[str, Any]], notes: list[Message], language: str) -> None:
    headers = (text("Layer"), text("Tile"), text("Where it is"), text("Size"), text("Licence"))
    print_table(
        [say(header, language) for header in headers],
        [
            [row["layer"], row["file"], say(row["state"], language), _megabytes(row["bytes"]), row["licence"]]
            for row in rows
        ],
    )
    known = [row["bytes"] for row in rows if row["state"] == _MISSING and row["bytes"] is not None]
    missing = sum(row["state"] == _MISSING for row in rows)
    sentence = text("%(tiles)s tiles, none missing.")
    if missing:
        sentence = text("%(tiles)s tiles, %(missing)s missing, of which %(known)s have %(size)s.")
    values = {"tiles": len(rows), "missing": missing, "known": len(known), "size": _megabytes(sum(known))}
    total = Message(sentence, {name: str(value) for name, value in values.items()})
    for each in [total, *notes]:
        click.echo(say(each, language))


def _notes(plan: Any) -> list[Message]:
    """What the table does not show."""
    found = list(plan.failed)
    if plan.unmeasured:
        sentence = text("%(count)s plots have no usable outline, so the tiles under them are not known.")
        found.append(Message(sentence, {"count": str(plan.unmeasured)}))
    for layer in plan.needs.uncertain:
        sentence = text("Layer %(layer)s: the catalogue does not say where its missing tiles lie. Add a grid.")
        found.append(Message(sentence, {"layer": layer}))
    return found


def _megabytes(size: int | None) -> str:
    if size is None:
        return "?"
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size:,} B"


@command.command("check")
@click.argument("catalogue", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
@click.pass_context
def check(ctx: click.Context, catalogue: Path, as_json: bool, lang: str | None) -> None:
    """Check and register layers."""
    from landproof.run.layer_tiles import register_layers

    del lang  # read by chosen_language
    language = chosen_language()
    found = register_layers(catalogue)
    if as_json:
        print_json(
            {
                "layers": [
                    {
                        "layer": each.id,
                        "refused": [say(message, language) for message in each.refusals],
                        "remarks": [say(message, language) for message in each.remarks],
                        "cells": each.sample.cells,
                        "no_data": each.sample.no_data,
                        "first": each.first.isoformat() if each.first else None,
                        "last": each.last.isoformat() if each.last else None,
                    }
                    for each in found.checked
                ],
                "lock": str(found.lock) if found.lock else None,
            }
        )
    else:
        _print_checked(found, language)
    ctx.exit(0 if found.lock else _REFUSED)


@command.command("planes")
@click.argument("catalogue", type=click.Path(path_type=Path))
@click.option(
    "--store", required=True, type=click.Path(path_type=Path), help=text("The folder to keep the planes in.")
)
@click.option("--json", "as_json", is_flag=True, help=text("Print JSON."))
@click.option("--lang", metavar="en|zh", help=text("Language of what is printed."))
def planes(catalogue: Path, store: Path, as_json: bool, lang: str | None) -> None:
    """Store layers as bit planes."""
    from landproof.run.layer_tiles import store_planes

    del lang  # read by chosen_language
    language = chosen_language()
    with progress(say(text("Storing"), language)) as report:
        stored = store_planes(catalogue, store, progress=report)
    if as_json:
        print_json(
            {
                "planes": [
                    {"layer": each.layer, "file": each.file, "planes": each.planes, "bytes": each.size}
                    for each in stored
                ]
            }
        )
        return
    headers = (text("Layer"), text("Tile"), text("Planes"), text("Size"))
    none = say(text("none: read from the raster"), language)
    print_table(
        [say(header, language) for header in headers],
        [[each.layer, each.file, each.planes or none, _megabytes(each.size)] for each in stored],
    )


def _print_checked(found: Any, language: str) -> None:
    headers = (
        text("Layer"),
        text("Outcome of the check"),
        text("Tiles"),
        text("Cells sampled"),
        text("First day"),
        text("Last day"),
    )
    print_table(
        [say(header, language) for header in headers],
        [
            [
                each.id,
                say(text("refused") if each.refusals else text("good"), language),
                str(len(each.layer.tiles) if each.layer else 0),
                str(each.sample.cells),
                each.first.isoformat() if each.first else "",
                each.last.isoformat() if each.last else "",
            ]
            for each in found.checked
        ],
    )
    for each in found.checked:
        for message in (*each.refusals, *each.remarks):
            click.echo(say(message, language), err=message in each.refusals)
    if found.lock:
        sentence = text("Registered in %(file)s. Measuring compares with it.")
        click.echo(say(Message(sentence, {"file": str(found.lock)}), language))
    else:
        click.echo(say(text("Nothing was registered. Mend what is refused, and check again."), language), err=True)
