"""The picture of an opened plot, as a case keeps it and as it is drawn into a file."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from landproof.casefile import durable
from landproof.domain.errors import UsageError
from landproof.domain.messages import text
from landproof.land.decode import Role
from landproof.land.kept_picture import DecidingMap, Held, KeptPicture, LayerMap
from landproof.land.picture import Picture
from landproof.render.plot_picture import plot_picture
from landproof.render.raster import png_of
from landproof.reporting.cells import say
from landproof.reporting.pictures import captions_of, outlines_of
from landproof.run.why import Opened, harm_groups
from landproof.run.why_record import finding_areas, layer_order, mark_areas
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


def kept_picture(opened: Opened, record: Mapping[str, Any]) -> KeptPicture:
    """The picture with what ``record`` tells of it. Raises `UsageError` for a plot that cannot be measured."""
    picture: Picture | None = opened.picture
    if picture is None:
        raise UsageError(
            text("%(plot)s has no usable geometry, so there is no picture of it. Leave out --output."),
            plot=opened.plot,
        )
    return KeptPicture(
        replace(picture, layers=tuple(picture.layers[place] for place in layer_order(opened))),
        tuple(
            DecidingMap(
                group,
                {mark: Held(area, codes) for mark, (area, codes) in finding_areas(record, group).items()},
            )
            for group in harm_groups(opened.status)
        ),
        tuple(
            LayerMap(
                layer["id"],
                Role(layer["role"]),
                layer["title"],
                {mark: Held(area) for mark, area in mark_areas(layer).items() if area},
            )
            for layer in record["layers"]
        ),
        record["zones_m2"],
    )


def draw(opened: Opened, record: Mapping[str, Any], words: Words) -> str:
    """The picture as SVG. Raises `UsageError` for a plot whose geometry cannot be measured."""
    kept = kept_picture(opened, record)
    title = words.wording(say(text("Why plot %(plot)s is judged as it is"), plot=opened.plot))
    return plot_picture(
        kept.picture, title, words.headlines(), captions_of(kept), words.wording, outlines=outlines_of(kept)
    )


def _svg(output: Path, drawing: str) -> None:
    durable.write_bytes(output, drawing.encode())


def _png(output: Path, drawing: str) -> None:
    durable.write_bytes(output, png_of(drawing))


_WRITERS = {".svg": _svg, ".png": _png}
