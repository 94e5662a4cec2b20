"""Encodings of published layers, kept as data in ``known.toml``."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, cast

from landproof.domain.messages import text
from landproof.layers.errors import LayerError

_PARTS = ("roles", "versions")
IMAGES = frozenset({"landsat", "sentinel-1", "sentinel-2", "hls", "palsar", "modis", "viirs", "proba-v"})


@cache
def known_layers() -> Mapping[str, Mapping[str, Any]]:
    """Every table of ``known.toml`` by name."""
    content = (files("landproof.layers") / "known.toml").read_text(encoding="utf-8")
    return tomllib.loads(content, parse_float=Decimal)


def completed(entry: Mapping[str, Any], name: str) -> dict[str, Any]:
    """``entry`` with what is known of the layer that it names; what the entry itself says goes first.

    Raises `LayerError` for a name that is not known, or a role that the layer cannot have.
    """
    if "known" not in entry:
        return dict(entry)
    table = known_layers().get(str(entry["known"]))
    if table is None:
        raise LayerError(
            text("Layer %(layer)s: %(known)s is not a known layer. Known layers are %(names)s."),
            layer=name, known=entry["known"], names=", ".join(known_layers()),
        )  # fmt: skip
    roles = cast(dict[str, dict[str, Any]], table["roles"])
    role = str(entry.get("role", next(iter(roles)) if len(roles) == 1 else ""))
    if role not in roles:
        raise LayerError(
            text("Layer %(layer)s: %(known)s can have these roles: %(roles)s. Say one of them as role."),
            layer=name, known=entry["known"], roles=", ".join(roles),
        )  # fmt: skip
    version = cast(dict[str, dict[str, Any]], table.get("versions", {})).get(str(entry.get("version")), {})
    common = {key: value for key, value in table.items() if key not in _PARTS}
    known = common | roles[role] | version | {"role": role}
    if "natural_from" in known and {"natural", "not_natural"} & entry.keys():
        known = {key: value for key, value in known.items() if key not in ("values", "natural_from")}
    return known | dict(entry)


def is_known_version(known: str, version: str) -> bool:
    """Whether the encoding of this version has been confirmed, or the layer has no versions that differ."""
    versions = cast(dict[str, Any], known_layers()[known].get("versions", {}))
    return not versions or version in versions


def family_of(name: str) -> str | None:
    """The family of a map that is cited as a parent; null for images and for maps that are not known."""
    return next((str(table["family"]) for table in known_layers().values() if name in _names(table)), None)


def ancestors(parents: tuple[str, ...]) -> frozenset[str]:
    """The maps that something was made from, parents of parents included and images left out."""
    found: set[str] = set()
    left = [name for name in parents if name not in IMAGES]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [
                parent
                for table in known_layers().values()
                if name in _names(table)
                for parent in cast(list[str], table.get("derived_from", []))
                if parent not in IMAGES
            ]
    return frozenset(found)


def _names(table: Mapping[str, Any]) -> set[str]:
    versions = cast(dict[str, dict[str, Any]], table.get("versions", {})).values()
    return {*table["names"], *(name for version in versions for name in version.get("names", []))}
