"""Reads local STAC files: an item, a collection of items, or a collection that links to items beside it.

Nothing is fetched: items behind an address must be saved first (SpatioTemporal Asset Catalog 1.0, file extension
2.1 for sizes and checksums).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from landproof.domain.messages import text
from landproof.layers.errors import LayerError
from landproof.layers.grids import Box

_SHA256 = "1220"  # a multihash of SHA-256 begins so


@dataclass(frozen=True, slots=True)
class Asset:
    """A raster of an item: its address, relative to ``folder`` unless it is one on the network."""

    href: str
    folder: Path
    box: Box | None
    size: int | None
    sha256: str | None


def assets(path: Path, key: str | None, layer: str) -> list[Asset]:
    """The asset called ``key`` of every item in ``path``; without a key each item must have one GeoTIFF alone.

    Raises `LayerError` naming the layer and the file.
    """
    return [_asset(item, folder, key, layer, path) for item, folder in _items(path, layer)]


def _items(path: Path, layer: str) -> Iterator[tuple[Mapping[str, Any], Path]]:
    content = _read(path, layer)
    kind = content.get("type")
    if kind == "Feature":
        yield content, path.parent
    elif kind == "FeatureCollection":
        for item in cast(list[Mapping[str, Any]], content.get("features", [])):
            yield item, path.parent
    elif kind == "Collection":
        for link in cast(list[Mapping[str, Any]], content.get("links", [])):
            if link.get("rel") != "item":
                continue
            href = str(link.get("href"))
            if "://" in href:
                raise LayerError(
                    text(
                        "Layer %(layer)s: %(file)s links to items on the network, which is not asked while "
                        "measuring. Save the items to one file, and name that."
                    ),
                    layer=layer, file=path.name,
                )  # fmt: skip
            below = path.parent / href
            yield _read(below, layer), below.parent
    else:
        raise _unreadable(path, layer, f"type {kind}")


def _read(path: Path, layer: str) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as why:
        raise _unreadable(path, layer, why) from None
    if not isinstance(content, dict):
        raise _unreadable(path, layer, "no object")
    return cast(dict[str, Any], content)


def _unreadable(path: Path, layer: str, why: object) -> LayerError:
    return LayerError(
        text("Layer %(layer)s: %(file)s cannot be read as a STAC item or collection (%(why)s). Replace the file."),
        layer=layer, file=path.name, why=why,
    )  # fmt: skip


def _asset(item: Mapping[str, Any], folder: Path, key: str | None, layer: str, path: Path) -> Asset:
    listed = cast(dict[str, dict[str, Any]], item.get("assets", {}))
    fitting = [key] if key in listed else []
    if key is None:
        fitting = [name for name, each in listed.items() if str(each.get("type", "")).startswith("image/tiff")]
    if len(fitting) != 1:
        raise LayerError(
            text("Layer %(layer)s: item %(item)s of %(file)s has these assets: %(assets)s. Name one as asset."),
            layer=layer, item=item.get("id"), file=path.name, assets=", ".join(listed),
        )  # fmt: skip
    found = listed[str(fitting[0])]
    box = cast(list[float], item.get("bbox") or [])
    checksum = str(found.get("file:checksum", ""))
    size = found.get("file:size")
    return Asset(
        str(found.get("href")),
        folder,
        _box(box),
        size if isinstance(size, int) else None,
        checksum.removeprefix(_SHA256) if checksum.startswith(_SHA256) and len(checksum) == 68 else None,
    )


def _box(box: list[float]) -> Box | None:
    """West, south, east and north of a bounding box of four or six numbers."""
    if len(box) == 4:
        return (box[0], box[1], box[2], box[3])
    return (box[0], box[1], box[3], box[4]) if len(box) == 6 else None
