"""Draws the picture of an opened plot into a file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from landproof.casefile import durable
from landproof.domain.errors import UsageError
from landproof.domain.messages import text
from landproof.land.picture import Picture
from landproof.render.plot_picture import plot_picture
from landproof.render.raster import png_of
from landproof.reporting.cells import say
from landproof.run.why import Opened
from landproof.run.why_record import layer_order
from landproof.run.why_text import Words

Write = Callable[[Path, str], None]


def written_as(output: Path) -> Write:
    """What writes a drawing under this name. Raises `UsageError` for another ending than .svg and .png."""
    found = _WRITERS.get(output.suffix.lower())
    if found is None:
        raise UsageError(
            text("A picture is written as %(endings)s, so it cannot be %(file)s. Give it another ending."),
            endings=", ".join(_WRITERS), file=output.name,
        )  # fmt: skip
    return found


def draw(opened: Opened, words: Words) -> str:
    """The picture as SVG. Raises `UsageError` for a plot whose geometry cannot be measured."""
    picture: Picture | None = opened.picture
    if picture is None:
        raise UsageError(
            text("%(plot)s has no usable geometry, so there is no picture of it. Leave out --output."),
            plot=opened.plot,
        )
    title = words.wording(say(text("Why plot %(plot)s is judged as it is"), plot=opened.plot))
    picture = replace(picture, layers=tuple(picture.layers[place] for place in layer_order(opened)))
    return plot_picture(
        picture, title, words.headlines(), words.captions(opened), words.wording, outlines=words.outlines()
    )


def _svg(output: Path, drawing: str) -> None:
    durable.write_bytes(output, drawing.encode())


def _png(output: Path, drawing: str) -> None:
    durable.write_bytes(output, png_of(drawing))


_WRITERS = {".svg": _svg, ".png": _png}
