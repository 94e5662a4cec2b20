"""Reads ``layers.toml``: which rasters there are, what they are for and how their values are decoded.

The format is described in ``docs/layers.md``. An entry that cannot be followed to the letter is refused by
name; a tile that is named but not there is recorded, and its land has no data.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from landproof.domain.messages import text
from landproof.land import patches
from landproof.land.decode import Alerts, Decoder, Role, YearClasses, Years
from landproof.land.witnesses import COMPOSITE, Witness
from landproof.layers.accuracy import UNITS_TO_CLEAR, Accuracy, Control, accuracy_of, controls_of, reliability_of
from landproof.layers.errors import LayerError, Problem
from landproof.layers.fields import Entry
from landproof.layers.known import ancestors, completed, family_of, is_known_version
from landproof.layers.remote import is_not_there, is_remote
from landproof.layers.rules import DATED, decoder_of, keys_of
from landproof.layers.sources import KEYS as SOURCE_KEYS
from landproof.layers.sources import Place, Source, source_of
from landproof.layers.tiles import Tile, open_tile

_COMMON = SOURCE_KEYS | {
    "id", "known", "role", "title", "producer", "version", "licence", "family", "derived_from", "names", "band",
    "valid_on", "counted_by", "first_day", "last_day", "published", "nodata", "never", "year_in_name", "accuracy",
    "control", "source", "citation", "attribution", "note",
}  # fmt: skip
_NO_RULE = SOURCE_KEYS | {"title", "producer", "licence", "source", "citation", "attribution", "note"}
FAMILIES = ("landsat_auto", "s2_auto", "s1_auto", "hls_auto", "analyst", COMPOSITE)


@dataclass(frozen=True, slots=True)
class RasterLayer:
    """One entry: its description, its decode rule and the tiles found, sorted by name.

    ``missing`` holds the names of tiles, and patterns of tiles, that are not there; ``problems`` the tiles that a
    server did not give. ``never``: values that show another copy of the raster than the one described.
    ``year_in_name``: where a file's name holds the year that the entry must say. ``digest``: SHA-256 of the entry
    and of what is known of the layer, in hexadecimal. ``rule``: the same without what no verdict depends on: where
    the tiles are, and words for readers.
    """

    id: str
    role: Role
    title: str
    producer: str
    version: str
    licence: str
    family: str | None
    valid_on: date | None
    decoder: Decoder
    tiles: tuple[Tile, ...]
    missing: tuple[str, ...]
    source: Source
    known: str | None = None
    names: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()
    counted_by: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    published: date | None = None
    accuracy: tuple[Accuracy, ...] = ()
    controls: tuple[Control, ...] = ()
    never: frozenset[int] = frozenset()
    year_in_name: str | None = None
    digest: str = ""
    rule: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def facts(self) -> patches.Layer:
        """What the verdict must know of this layer."""
        return patches.Layer(
            self.id,
            self.role,
            self.witness,
            self.valid_on,
            self.last_day or self.published,  # nobody sees further than the day of publication
            reliability_of(self.witness.families, self.accuracy),
            self.may_clear,
            self.counted_by,
        )

    @property
    def witness(self) -> Witness:
        """What the independence of this layer rests on."""
        composite = self.family == COMPOSITE
        families = (family_of(name) for name in self.derived_from if self.role in DATED)
        found = {name for name in families if name not in (None, COMPOSITE)} if composite else {self.family}
        return Witness(
            self.id,
            tuple(sorted({self.id, *self.names})),
            tuple(sorted(ancestors(self.derived_from) - {self.id, *self.names})),
            tuple(sorted(name for name in found if name is not None)),
            composite,
        )

    @property
    def may_clear(self) -> bool:
        """Whether silence of this layer may clear land.

        A user's own layer may do so with an accuracy table of at least 300 reference units; a known one, in a
        version whose encoding is known, may without.
        """
        if self.known is not None and is_known_version(self.known, self.version):
            return True
        return max((row.units for row in self.accuracy), default=0) >= UNITS_TO_CLEAR


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The layers of one ``layers.toml``, sorted by id."""

    path: Path
    layers: tuple[RasterLayer, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The tiles that a server did not give."""
        return tuple(problem for layer in self.layers for problem in layer.problems)


def load_catalogue(path: Path, *, network: bool = True) -> Catalogue:
    """The catalogue at ``path``, with the header of every tile read.

    Raises `LayerError`, naming the entry, for what cannot be followed. A tile on the network that cannot be opened
    is a problem of its layer, and its land has no data. Without ``network`` such tiles are left alone.
    """
    layers: list[RasterLayer] = []
    for _, found in each_layer(path, network=network):
        if isinstance(found, LayerError):
            raise found
        layers.append(found)
    return Catalogue(path, tuple(sorted(layers, key=lambda layer: layer.id)))


def each_layer(path: Path, *, network: bool = True) -> Iterator[tuple[str, RasterLayer | LayerError]]:
    """The name of each entry with its layer, or why it cannot be followed.

    Raises `LayerError` for a file that cannot be read at all.
    """
    seen: set[str] = set()
    for place, entry in enumerate(_entries(path), start=1):
        name = str(entry.get("id") or f"no. {place}")
        try:
            if name in seen:
                raise LayerError(
                    text("%(path)s: two layers are called %(layer)s. Give each layer an id of its own."),
                    path=path, layer=name,
                )  # fmt: skip
            yield name, _layer(entry, name, path.parent, network)
        except LayerError as why:
            yield name, why
        seen.add(name)


def _entries(path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        raise LayerError(
            text("%(path)s is not there. Write the catalogue of layers, or name another one."), path=path
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as why:
        raise LayerError(
            text("%(path)s cannot be read as a catalogue of layers: %(why)s. Correct the file."),
            path=path,
            why=why,
        ) from None
    entries = content.get("layer")
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in cast(list[Any], entries)):
        raise LayerError(text("%(path)s names no layer. Add at least one [[layer]] entry."), path=path)
    return cast(list[dict[str, Any]], entries)


def _layer(content: Mapping[str, Any], name: str, folder: Path, network: bool) -> RasterLayer:
    entry = Entry(completed(content, name), name)
    role = _role(entry)
    _refuse_unknown_keys(entry, role)
    decoder = decoder_of(role, entry)
    source = source_of(entry, folder)
    layer = RasterLayer(
        id=entry.said("id"),
        role=role,
        title=entry.said("title"),
        producer=entry.said("producer"),
        version=entry.said("version"),
        licence=entry.said("licence"),
        family=_family(entry, role),
        valid_on=_valid_on(entry, role),
        decoder=decoder,
        tiles=(),
        missing=(),
        source=source,
        known=entry.said_if_any("known"),
        names=entry.names("names"),
        derived_from=entry.names("derived_from"),
        counted_by=entry.names("counted_by"),
        first_day=entry.day_if_any("first_day"),
        last_day=_last_day(entry, decoder),
        published=entry.day_if_any("published"),
        accuracy=accuracy_of(entry),
        controls=controls_of(entry),
        never=entry.wholes("never") if "never" in entry else frozenset(),
        year_in_name=entry.said_if_any("year_in_name"),
        digest=_digest(entry.content),
        rule=_digest({key: value for key, value in entry.content.items() if key not in _NO_RULE}),
    )
    return _opened(layer, entry, network)


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _opened(layer: RasterLayer, entry: Entry, network: bool) -> RasterLayer:
    nodata = entry.wholes("nodata") if "nodata" in entry else None
    band = entry.whole("band", 1)
    if band == 0:
        raise LayerError(text("Layer %(layer)s: bands are counted from 1. Correct band."), layer=entry.name)
    tiles: list[Tile] = []
    missing = [*layer.source.unmatched, *(place.name for place in layer.source.missing)]
    problems: list[Problem] = []
    for place in layer.source.there:
        if is_remote(place.address) and not network:
            continue
        try:
            tiles.append(_tile(place, nodata, entry, band))
        except LayerError as why:
            if not is_remote(place.address):
                raise
            missing.append(place.name)
            if not is_not_there(why):
                problems.append(Problem(layer.id, place.name, why.message))
    return replace(layer, tiles=tuple(tiles), missing=tuple(sorted(missing)), problems=tuple(problems))


def _tile(place: Place, nodata: frozenset[int] | None, entry: Entry, band: int) -> Tile:
    return replace(open_tile(place.address, place.name, nodata, entry.name, band), sha256=place.sha256)


def _refuse_unknown_keys(entry: Entry, role: Role) -> None:
    unknown = sorted(set(entry.content) - _COMMON - keys_of(role, entry))
    if unknown:
        raise LayerError(
            text("Layer %(layer)s: a layer of role %(role)s has no %(keys)s. Remove it, or correct its name."),
            layer=entry.name, role=role, keys=", ".join(unknown),
        )  # fmt: skip


def _role(entry: Entry) -> Role:
    said = entry.said("role")
    try:
        return Role(said)
    except ValueError:
        raise LayerError(
            text("Layer %(layer)s: %(role)s is not a role. Roles are %(roles)s."),
            layer=entry.name, role=said, roles=", ".join(Role),
        ) from None  # fmt: skip


def _family(entry: Entry, role: Role) -> str | None:
    family = entry.content.get("family")
    if (family is not None or role in DATED) and family not in FAMILIES:
        raise LayerError(
            text("Layer %(layer)s: a change layer needs a family, one of %(families)s."),
            layer=entry.name, families=", ".join(FAMILIES),
        )  # fmt: skip
    return family


def _valid_on(entry: Entry, role: Role) -> date | None:
    valid_on = entry.content.get("valid_on")
    needed = role in (Role.FOREST, Role.NATURAL)
    if (valid_on is None and needed) or (valid_on is not None and type(valid_on) is not date):
        raise LayerError(
            text("Layer %(layer)s: valid_on must be the day that the map shows, such as 2020-12-31."),
            layer=entry.name,
        )
    return valid_on


def _last_day(entry: Entry, decoder: Decoder) -> date | None:
    """The last day that a change layer looks at: as said, or the end of its last year."""
    said = entry.day_if_any("last_day")
    if said is not None or isinstance(decoder, Alerts):
        return said
    if isinstance(decoder, Years):
        return date(decoder.last_year, 12, 31)
    if isinstance(decoder, YearClasses):
        days = (decoder.day(value) for value in (*decoder.years, *decoder.residual))
        return max((day for day in days if day is not None), default=None)
    return None
