"""Registering: decodes a sample of every layer, and refuses a layer that cannot be what its entry says.

A wrong epoch moves 31 December 2020 across the cut-off and nobody sees it. So every date must lie within the
layer's time and before it was published, every value must be one that the rule lists, and places whose date is
known from elsewhere must say that date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from landproof.domain.messages import Message, text
from landproof.land.decode import Alerts, Classes, DayOfYear, Role
from landproof.layers.accuracy import UNITS_TO_CLEAR, Control
from landproof.layers.catalogue import RasterLayer
from landproof.layers.errors import LayerError
from landproof.layers.extents import misplaced
from landproof.layers.known import is_known_version
from landproof.layers.remote import is_remote
from landproof.layers.rules import DATED
from landproof.layers.sample import RasterioError, Sample, sample, value_at
from landproof.layers.tiles import Tile
from landproof.layers.whole import breaks_off

UNLISTED_PERCENT = 1  # of the sampled cells with data; more shows that the rule is not this raster's


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found of one layer: ``refusals`` forbid its use, ``remarks`` are to be known.

    ``first`` and ``last``: the days that the sample's changes were seen on.
    """

    id: str
    layer: RasterLayer | None
    refusals: tuple[Message, ...]
    remarks: tuple[Message, ...] = ()
    sample: Sample = field(default_factory=Sample)
    first: date | None = None
    last: date | None = None


def refused(name: str, why: LayerError) -> Checked:
    """A layer whose entry, or the header of a tile of it, cannot be followed."""
    return Checked(name, None, (why.message,))


def check(layer: RasterLayer, *, cut_off: date) -> Checked:
    """Check one layer. ``cut_off`` is the last day on which a change is no conversion."""
    found = Sample()
    refusals = [*_of_entry(layer, cut_off), *_of_no_data(layer)]
    for tile in layer.tiles:
        refusals += _of_tile(layer, tile, found)
    refusals += _of_values(layer, found)
    refusals += _of_controls(layer)
    days = [layer.decoder.day(value) for value in found.values if layer.decoder.state(value).known]
    seen = [day for day in days if day is not None]
    return Checked(
        layer.id, layer, tuple(refusals), tuple(_remarks(layer, found)), found, min(seen, default=None),
        max(seen, default=None),
    )  # fmt: skip


def _of_entry(layer: RasterLayer, cut_off: date) -> Iterator[Message]:
    """What is wrong whatever the rasters hold."""
    yield from (problem.message for problem in layer.problems)
    if not layer.tiles:
        yield _said(
            layer, text("Layer %(layer)s: none of its tiles is there. Fetch them, or correct where they are.")
        )
    if layer.role in (Role.FOREST, Role.NATURAL) and layer.valid_on is not None and layer.valid_on > cut_off:
        yield _said(
            layer,
            text(
                "Layer %(layer)s shows %(day)s, after the cut-off of %(cut_off)s: what was felled in between is "
                "hidden. Use a map of an earlier day."
            ),
            day=layer.valid_on, cut_off=cut_off,
        )  # fmt: skip
    if layer.role not in DATED:
        return
    if layer.last_day is None and layer.published is None:
        yield _said(
            layer,
            text(
                "Layer %(layer)s: add published, the day on which this version came out, so that its dates can be "
                "checked."
            ),
        )
    if layer.last_day is not None and layer.last_day <= cut_off:
        yield _said(
            layer,
            text(
                "Layer %(layer)s ends on %(day)s and does not look beyond the cut-off of %(cut_off)s. Use a later "
                "version."
            ),
            day=layer.last_day, cut_off=cut_off,
        )  # fmt: skip
    if layer.last_day is not None and layer.published is not None and layer.last_day > layer.published:
        yield _said(
            layer,
            text("Layer %(layer)s: last_day %(day)s is later than published %(published)s. Correct one of them."),
            day=layer.last_day, published=layer.published,
        )  # fmt: skip


def _of_no_data(layer: RasterLayer) -> Iterator[Message]:
    """Values that are marked as no data and mean something by the rule: one of the two is wrong."""
    files: dict[tuple[int, ...], list[str]] = {}
    for tile in layer.tiles:
        meant = tuple(sorted(value for value in tile.nodata or () if _is_meant(layer, value)))
        if meant:
            files.setdefault(meant, []).append(tile.name)
    for values, names in sorted(files.items()):
        yield _said(
            layer,
            text(
                "Layer %(layer)s: %(values)s is marked as no data in %(count)s files, such as %(file)s, and the "
                "rule gives it a meaning. Say nodata = [] if it counts, or take it out of the rule."
            ),
            values=", ".join(map(str, values)), count=len(names), file=names[0],
        )  # fmt: skip


def _is_meant(layer: RasterLayer, value: int) -> bool:
    """The rule lists ``value``, rather than giving it what all others have."""
    decoder = layer.decoder
    if isinstance(decoder, Classes):
        return value in decoder.meanings
    if isinstance(decoder, Alerts) and value not in decoder.none:
        limited = layer.last_day is not None or layer.published is not None
        return limited and decoder.listed(value) and _outside(layer, value) is None
    return decoder.listed(value)


def _of_tile(layer: RasterLayer, tile: Tile, found: Sample) -> Iterator[Message]:
    """What is wrong with one file; its sample is added to ``found``."""
    where = misplaced(tile, layer.source.grid)
    if where is not None:
        yield where
    year = _year_in(tile.name, layer.year_in_name)
    if year is not None and isinstance(layer.decoder, DayOfYear) and layer.decoder.year_of_file != year:
        yield _said(
            layer,
            text("Layer %(layer)s: %(file)s is of %(found)s, and the entry says %(year)s. Correct year."),
            file=tile.name, found=year, year=layer.decoder.year_of_file,
        )  # fmt: skip
    why = (
        None if is_remote(tile.address) else breaks_off(tile.address, Path(tile.address).stat().st_size, tile.band)
    )
    try:
        if why is None:
            sample(tile, len(layer.tiles), found)
    except RasterioError as error:
        why = str(error)
    if why is not None:
        yield _said(
            layer,
            text("Layer %(layer)s: %(file)s is not whole (%(why)s). Fetch it again."), file=tile.name, why=why,
        )  # fmt: skip


def _of_values(layer: RasterLayer, found: Sample) -> Iterator[Message]:
    """What is wrong with the values of the sample."""
    foreign = sorted(layer.never & found.values.keys())
    if foreign:
        yield _said(
            layer,
            text(
                "Layer %(layer)s holds %(values)s, which the published raster never does: this copy numbers its "
                "classes in another way. Use the producer's copy, or write the rule of this one."
            ),
            values=", ".join(map(str, foreign)),
        )
    outside = sorted((day, value) for value in found.values if (day := _outside(layer, value)) is not None)
    if outside:
        (day, value), cells = outside[-1], sum(found.values[value] for _, value in outside)
        yield _said(
            layer,
            text(
                "Layer %(layer)s: %(cells)s of %(all)s sampled cells have a day outside the layer's time, such as "
                "%(value)s, which would be %(day)s. Correct the epoch, the days or what is no data."
            ),
            cells=cells, all=found.cells, value=value, day=day,
        )  # fmt: skip
    unlisted = {
        value: count
        for value, count in found.values.items()
        if not layer.decoder.listed(value) and _outside(layer, value) is None
    }
    cells = sum(unlisted.values()) + found.fractions
    if cells * 100 > found.cells * UNLISTED_PERCENT:
        shown = ", ".join(str(value) for value, _ in sorted(unlisted.items(), key=_by_count)[:5])
        yield _said(
            layer,
            text(
                "Layer %(layer)s: %(cells)s of %(all)s sampled cells have a value that no rule lists "
                "(%(values)s; at most %(percent)s %% may). Correct the rule, or the band."
            ),
            cells=cells, all=found.cells, values=shown or "1.5", percent=UNLISTED_PERCENT,
        )  # fmt: skip


def _by_count(row: tuple[int, int]) -> tuple[int, int]:
    return -row[1], row[0]


def _outside(layer: RasterLayer, value: int) -> date | None:
    """The day of a value that no day of the layer can be."""
    day = layer.decoder.day(value)
    last = layer.last_day or layer.published
    if day is None:
        return None
    before = layer.first_day is not None and day < layer.first_day
    return day if before or (last is not None and day > last) else None


def _of_controls(layer: RasterLayer) -> Iterator[Message]:
    """Places that say something else than is known of them."""
    for control in layer.controls:
        value = _at(layer, control)
        if value is None or _agrees(layer, control, value):
            continue
        state = layer.decoder.state(value)
        said = layer.decoder.day(value) if state.known else None
        yield _said(
            layer,
            text(
                "Layer %(layer)s says %(value)s (%(found)s) at %(longitude)s, %(latitude)s, where it must say "
                "%(wanted)s. Correct the epoch or the rule, or fetch the file again."
            ),
            value=value, found=said or state.meaning, longitude=control.longitude, latitude=control.latitude,
            wanted=control.day or control.year or control.meaning,
        )  # fmt: skip


def _at(layer: RasterLayer, control: Control) -> int | None:
    for tile in layer.tiles:
        try:
            value = value_at(tile, control.longitude, control.latitude)
        except RasterioError:
            continue  # the tile is refused as not whole
        if value is not None:
            return value
    return None


def _agrees(layer: RasterLayer, control: Control, value: int) -> bool:
    state = layer.decoder.state(value)
    if control.meaning is not None and state.meaning is not control.meaning:
        return False
    if control.year is not None and layer.decoder.year(value) != control.year:
        return False
    if control.day is None:
        return True
    day = layer.decoder.day(value) if state.known else None
    return day is not None and abs((day - control.day).days) <= control.within_days


def _remarks(layer: RasterLayer, found: Sample) -> Iterator[Message]:
    """What the user should know of a layer that can be used."""
    for name in layer.missing:
        yield _said(layer, text("Layer %(layer)s: %(file)s is not there; its land has no data."), file=name)
    if layer.tiles and not found.cells:
        yield _said(layer, text("Layer %(layer)s: the sample has no data at all."))
    if layer.role in DATED and layer.last_day is None:
        yield _said(
            layer,
            text("Layer %(layer)s does not say its last_day, so silence after its last images cannot be told."),
        )
    if layer.known is not None and not is_known_version(layer.known, layer.version):
        yield _said(
            layer,
            text(
                "Layer %(layer)s: the encoding of version %(version)s has not been confirmed. Check it against "
                "the producer's description, and add control places."
            ),
            version=layer.version,
        )
    if not layer.may_clear:
        yield _said(
            layer,
            text(
                "Layer %(layer)s is your own and has no accuracy table of at least %(units)s reference units: it "
                "can raise doubt and convict, and not clear."
            ),
            units=UNITS_TO_CLEAR,
        )
    unread = [control for control in layer.controls if _at(layer, control) is None]
    if unread:
        yield _said(
            layer,
            text("Layer %(layer)s: %(count)s control places have no data and could not be compared."),
            count=len(unread),
        )


def _year_in(name: str, pattern: str | None) -> int | None:
    found = re.search(pattern, name) if pattern is not None else None
    if found is None:
        return None
    year = int(found[1])
    return year if year >= 100 else 2000 + year


def _said(layer: RasterLayer, sentence: str, **values: object) -> Message:
    return Message(sentence, {"layer": layer.id} | {name: str(value) for name, value in values.items()})
