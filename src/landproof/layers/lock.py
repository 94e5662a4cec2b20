"""``layers.lock.toml``, beside the catalogue: what was registered, down to the digest of every tile.

Measuring compares with it. An entry that reads otherwise, or another file under the same name, is refused, and a
tile that is gone is known to be missing. A tile on the network is held to its size and to what the server calls it
(ETag); it has no data while the server does not confirm both.
"""

import json
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from landproof.domain.messages import Message, text
from landproof.layers.catalogue import Catalogue, RasterLayer
from landproof.layers.digests import sha256_of
from landproof.layers.download import Patience, ask, digest_at
from landproof.layers.errors import LayerError, Problem
from landproof.layers.remote import is_remote
from landproof.layers.tiles import Tile

_HEAD = "# Written by `landproof layers check`: what was registered. Measuring compares with it.\n"


@dataclass(frozen=True, slots=True)
class Locked:
    """A tile as it was registered; ``etag`` is null for a local one."""

    file: str
    size: int
    sha256: str
    etag: str | None = None


Lock = Mapping[str, tuple[str, tuple[Locked, ...]]]  # layer -> digest of its entry, tiles


def lock_path(catalogue: Path) -> Path:
    """Where the lock of ``catalogue`` is: ``layers.lock.toml`` beside ``layers.toml``."""
    return catalogue.with_name(f"{catalogue.stem}.lock.toml")


def read_lock(catalogue: Path) -> Lock | None:
    """What was registered; null where nothing was. Raises `LayerError` for a file that is not a lock."""
    path = lock_path(catalogue)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return {
            str(layer["id"]): (
                str(layer["entry"]),
                tuple(
                    Locked(str(tile["file"]), int(tile["size"]), str(tile["sha256"]), tile.get("etag"))
                    for tile in cast(list[dict[str, Any]], layer.get("tile", []))
                ),
            )
            for layer in cast(list[dict[str, Any]], content.get("layer", []))
        }
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as why:
        raise LayerError(
            text("%(path)s cannot be read (%(why)s). Run `landproof layers check` again."), path=path, why=why
        ) from None


def write_lock(catalogue: Path, layers: Iterable[RasterLayer], patience: Patience | None = None) -> Path:
    """Register ``layers``: hash every tile and write the lock. Raises `LayerError`.

    A tile on the network is read whole once, so that its digest is known, too.
    """
    lines = [_HEAD]
    for layer in sorted(layers, key=lambda each: each.id):
        lines += ["", "[[layer]]", f"id = {_quoted(layer.id)}", f"entry = {_quoted(layer.digest)}"]
        for tile in layer.tiles:
            locked = _locked(tile, patience)
            lines += ["[[layer.tile]]", f"file = {_quoted(locked.file)}", f"size = {locked.size}"]
            lines += [f"sha256 = {_quoted(locked.sha256)}"]
            lines += [f"etag = {_quoted(locked.etag)}"] if locked.etag is not None else []
    path = lock_path(catalogue)
    part = path.with_name(f"{path.name}.part")
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)
    return path


def registered(catalogue: Catalogue, patience: Patience | None = None) -> Catalogue:
    """``catalogue`` as it may be measured with. Raises `LayerError` for what is not what was registered.

    Without a lock nothing was registered, and nothing is compared.
    """
    lock = read_lock(catalogue.path)
    if lock is None:
        return catalogue
    return replace(catalogue, layers=tuple(_compared(layer, lock, patience) for layer in catalogue.layers))


def _compared(layer: RasterLayer, lock: Lock, patience: Patience | None) -> RasterLayer:
    digest, tiles = lock.get(layer.id, ("", ()))
    if digest != layer.digest:
        raise LayerError(
            text("Layer %(layer)s: its entry is not the one that was registered. Run `landproof layers check`."),
            layer=layer.id,
        )
    by_name = {tile.file: tile for tile in tiles}
    kept: list[Tile] = []
    problems: list[Problem] = []
    for tile in layer.tiles:
        was = by_name.get(tile.name)
        why = _differs(tile, was, patience)
        if why is None:
            kept.append(replace(tile, sha256=was.sha256 if was is not None else None))
        elif is_remote(tile.address):
            problems.append(Problem(layer.id, tile.name, why))
        else:
            raise LayerError(why.sentence, **why.values)
    named = {tile.name for tile in layer.tiles} | set(layer.missing)
    gone = [tile.file for tile in tiles if tile.file not in named]
    aside = [problem.file for problem in problems]
    return replace(
        layer,
        tiles=tuple(kept),
        missing=tuple(sorted({*layer.missing, *gone, *aside})),
        problems=(*layer.problems, *problems),
    )


def _differs(tile: Tile, was: Locked | None, patience: Patience | None) -> Message | None:
    """Why ``tile`` is not the one that was registered."""
    values = {"layer": tile.layer, "file": tile.name}
    if was is None:
        return Message(text("Layer %(layer)s: %(file)s was not registered. Run `landproof layers check`."), values)
    if not is_remote(tile.address):
        same = tile.path.stat().st_size == was.size and sha256_of(tile.path) == was.sha256
    else:
        try:
            remote = ask(tile.name, patience)
        except LayerError as why:
            return why.message
        same = (remote.size, remote.etag) == (was.size, was.etag)
    if same:
        return None
    return Message(
        text(
            "Layer %(layer)s: %(file)s is not the file that was registered. Put that one back, or run `landproof "
            "layers check` to register this one."
        ),
        values,
    )


def _locked(tile: Tile, patience: Patience | None) -> Locked:
    if not is_remote(tile.address):
        return Locked(tile.name, tile.path.stat().st_size, sha256_of(tile.path, anew=True))
    remote, digest = digest_at(tile.name, patience)
    if remote.size is None:
        raise LayerError(
            text("Layer %(layer)s: the server does not say how large %(file)s is. Keep a copy of it in a folder."),
            layer=tile.layer, file=tile.name,
        )  # fmt: skip
    return Locked(tile.name, remote.size, digest, remote.etag)


def _quoted(said: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(said, ensure_ascii=False)
