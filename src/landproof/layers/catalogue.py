"""Reads ``layers.toml``: which rasters there are, what they are for and how their values are decoded.

The format is described in ``docs/layers.md``. An entry that cannot be followed to the letter is refused by
name; a tile that is named but not there is recorded, and its land has no data.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from landproof.domain.messages import text
from landproof.land import patches
from landproof.land.decode import Decoder, Role, Years
from landproof.layers.errors import LayerError
from landproof.layers.rules import decoder_of, keys_of
from landproof.layers.tiles import Tile, open_tile

_COMMON = {
    "id", "role", "title", "producer", "version", "licence", "family", "files", "valid_on", "nodata",
    "source", "citation", "attribution", "note",
}  # fmt: skip
FAMILIES = ("landsat_auto", "s2_auto", "s1_auto", "hls_auto", "analyst", "composite")
_WILD = set("*?[")


@dataclass(frozen=True, slots=True)
class RasterLayer:
    """One entry: its description, its decode rule and the tiles found, sorted by name.

    ``missing`` holds the names of tiles, and patterns of tiles, that are not there.
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

    @property
    def facts(self) -> patches.Layer:
        """What the verdict must know of this layer."""
        last = date(self.decoder.last_year, 12, 31) if isinstance(self.decoder, Years) else None
        return patches.Layer(self.id, self.role, self.family, self.valid_on, last)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The layers of one ``layers.toml``, sorted by id."""

    path: Path
    layers: tuple[RasterLayer, ...]


def load_catalogue(path: Path) -> Catalogue:
    """The catalogue at ``path``, with the header of every tile read.

    Raises `LayerError`, naming the entry, for what cannot be followed.
    """
    entries = _entries(path)
    layers = [_layer(entry, place, path.parent) for place, entry in enumerate(entries, start=1)]
    seen: set[str] = set()
    for layer in layers:
        if layer.id in seen:
            raise LayerError(
                text("%(path)s: two layers are called %(layer)s. Give each layer an id of its own."),
                path=path, layer=layer.id,
            )  # fmt: skip
        seen.add(layer.id)
    return Catalogue(path, tuple(sorted(layers, key=lambda layer: layer.id)))


def _entries(path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
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


def _layer(entry: Mapping[str, Any], place: int, folder: Path) -> RasterLayer:
    name = str(entry.get("id") or f"no. {place}")

    def said(key: str) -> str:
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            raise LayerError(text("Layer %(layer)s: %(key)s is missing. Add it as text."), layer=name, key=key)
        return value.strip()

    role = _role(said("role"), name)
    unknown = sorted(set(entry) - _COMMON - keys_of(role, entry, name))
    if unknown:
        raise LayerError(
            text("Layer %(layer)s: a layer of role %(role)s has no %(keys)s. Remove it, or correct its name."),
            layer=name, role=role, keys=", ".join(unknown),
        )  # fmt: skip
    family = entry.get("family")
    if role is Role.CHANGE and family not in FAMILIES:
        raise LayerError(
            text("Layer %(layer)s: a change layer needs a family, one of %(families)s."),
            layer=name, families=", ".join(FAMILIES),
        )  # fmt: skip
    valid_on = entry.get("valid_on")
    if (valid_on is None and role in (Role.FOREST, Role.NATURAL)) or (
        valid_on is not None and type(valid_on) is not date
    ):
        raise LayerError(
            text("Layer %(layer)s: valid_on must be the day that the map shows, such as 2020-12-31."), layer=name
        )
    files, missing = _files(entry, name, folder)
    nodata = _nodata(entry, name)
    return RasterLayer(
        id=said("id"),
        role=role,
        title=said("title"),
        producer=said("producer"),
        version=said("version"),
        licence=said("licence"),
        family=str(family) if family is not None else None,
        valid_on=valid_on,
        decoder=decoder_of(role, entry, name),
        tiles=tuple(open_tile(file, relative, nodata, name) for relative, file in sorted(files.items())),
        missing=tuple(sorted(missing)),
    )


def _role(said: str, name: str) -> Role:
    try:
        return Role(said)
    except ValueError:
        raise LayerError(
            text("Layer %(layer)s: %(role)s is not a role. Roles are %(roles)s."),
            layer=name, role=said, roles=", ".join(Role),
        ) from None  # fmt: skip


def _files(entry: Mapping[str, Any], name: str, folder: Path) -> tuple[dict[str, Path], list[str]]:
    patterns = entry.get("files")
    if (
        not isinstance(patterns, list)
        or not patterns
        or not all(isinstance(each, str) for each in cast(list[Any], patterns))
    ):
        raise LayerError(
            text('Layer %(layer)s: files must be a list of file names or patterns, such as ["forest.tif"].'),
            layer=name,
        )
    found: dict[str, Path] = {}
    missing: list[str] = []
    for pattern in cast(list[str], patterns):
        if _WILD & set(pattern) and not Path(pattern).is_absolute():
            matches = {str(file.relative_to(folder)): file for file in folder.glob(pattern) if file.is_file()}
        else:
            file = folder / pattern
            matches = {pattern: file} if file.is_file() else {}
        found |= matches
        if not matches:
            missing.append(pattern)
    return found, missing


def _nodata(entry: Mapping[str, Any], name: str) -> frozenset[int] | None:
    if "nodata" not in entry:
        return None
    values = entry["nodata"]
    if not isinstance(values, list) or not all(type(each) is int for each in cast(list[Any], values)):
        raise LayerError(
            text("Layer %(layer)s: nodata must be a list of whole numbers; [] when every value counts."),
            layer=name,
        )
    return frozenset(cast(list[int], values))
