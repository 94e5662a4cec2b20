"""The store of bit planes: the class of every cell of a tile, in a few bits per cell.

One file per tile and its classes, named by the digest of its recipe: the digest of the raster, its band and what
is no data in it, and the class of every value. All classes of the layer are told apart, so that a run finds the
same to the byte from planes as from rasters, under any cut-off. A file is never changed. It holds blocks of
512 x 512 cells, compressed one by one, then their places, lengths and digests, then the recipe. So a damaged
block is noticed when it is read: it does not count, and the raster is read in its place.
"""

import hashlib
import json
import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs]

from landproof.domain.messages import Message, text
from landproof.land.kernel.planes import CELLS, NOT_MET, Planes, Words, fill_block
from landproof.layers.classes import Classes, planes_for
from landproof.layers.errors import LayerError, Problem
from landproof.layers.lattice import BLOCK, Block, Placed
from landproof.layers.tiles import Tile, digest_of
from landproof.layers.windows import Windows, is_plain

_FORM = 2
_MAGIC = b"landproof planes\n"
_CODEC = "lz4_raw"
_INDEX = np.dtype([("at", "<u8"), ("length", "<u4"), ("digest", "V16")])
_END = struct.Struct("<QQ32s")  # where the index and the recipe begin, and the digest of both
_codec = cast(Any, pa).Codec(_CODEC)


def recipe_of(tile: Tile, classes: Classes, raster: str | None) -> str | None:
    """What the planes of ``tile`` follow from, as JSON; ``raster`` is the digest of its file.

    Null for a tile that has none: one with a mask of its own or other values than whole numbers up to 65,535, or
    on the network and never registered, so that nobody knows its digest.
    """
    if raster is None or not is_plain(tile):
        return None
    listed = [
        {
            "values": classes.label(number),
            "meaning": state.meaning.value,
            "earliest": state.earliest.isoformat() if state.earliest else None,
            "latest": state.latest.isoformat() if state.latest else None,
        }
        for number in classes.in_order(tile.kind)
        for state in [classes.state(number)]
    ]
    content = {
        "form": _FORM,
        "raster": raster,
        "band": tile.band,
        "kind": tile.kind,
        "rows": tile.rows,
        "columns": tile.columns,
        "nodata": sorted(tile.nodata or ()),
        "classes": listed,
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@dataclass(slots=True)
class PlaneStore:
    """A folder of planes, for one thread. ``problems``: files that are damaged; their rasters are read.

    ``digests``: SHA-256 of rasters by address, where they are known; others are worked out from the file.
    """

    folder: Path
    digests: Mapping[str, str] = field(default_factory=dict[str, str])
    problems: dict[tuple[str, str], Problem] = field(default_factory=dict[tuple[str, str], Problem])
    _open: dict[tuple[str, str, int], "StoredPlanes | None"] = field(
        default_factory=dict[tuple[str, str, int], "StoredPlanes | None"]
    )

    def planes(self, tile: Tile, classes: Classes) -> "StoredPlanes | None":
        """The planes of ``tile``; null where the store has none that are whole."""
        key = (tile.layer, tile.name, tile.band)
        if key not in self._open:
            recipe = self._recipe(tile, classes)
            self._open[key] = (
                None if recipe is None else StoredPlanes.opened(self.path(recipe), recipe, tile, self)
            )
        return self._open[key]

    def has(self, tile: Tile, classes: Classes) -> bool:
        """Whether there is a file of planes of ``tile``, be it damaged."""
        recipe = self._recipe(tile, classes)
        return recipe is not None and self.path(recipe).exists()

    def _recipe(self, tile: Tile, classes: Classes) -> str | None:
        return recipe_of(tile, classes, self.digests.get(tile.address) or digest_of(tile))

    def path(self, recipe: str) -> Path:
        """Where the planes of a recipe are."""
        return self.folder / f"{hashlib.sha256(recipe.encode()).hexdigest()}.planes"

    def build(self, tile: Tile, classes: Classes) -> Path | None:
        """Write the planes of ``tile``, unless they are there and whole; null for a tile that has none.

        Raises `LayerError` when the raster cannot be read whole.
        """
        recipe = self._recipe(tile, classes)
        if recipe is None:
            return None
        path = self.path(recipe)
        found = self.planes(tile, classes)
        if found is None or not found.is_whole():
            self.folder.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.{os.getpid()}.part")
            try:
                _write(part, recipe, tile, classes)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
        self._forget(tile)
        self.problems.pop((tile.layer, tile.name), None)
        return path

    def damaged(self, tile: Tile) -> None:
        """List a file that is damaged; the raster is read from now on."""
        sentence = text(
            "Layer %(layer)s: the planes of %(file)s are damaged, so the raster is read. Build them again."
        )
        message = Message(sentence, {"layer": tile.layer, "file": tile.name})
        self.problems[tile.layer, tile.name] = Problem(tile.layer, tile.name, message)
        self._forget(tile)
        self._open[tile.layer, tile.name, tile.band] = None

    def _forget(self, tile: Tile) -> None:
        planes = self._open.pop((tile.layer, tile.name, tile.band), None)
        if planes is not None:
            planes.close()

    def close(self) -> None:
        """Close the files."""
        for planes in self._open.values():
            if planes is not None:
                planes.close()
        self._open.clear()


@dataclass(slots=True)
class StoredPlanes:
    """The planes of one tile; ``count`` per cell."""

    count: int
    _tile: Tile
    _store: PlaneStore
    _file: int
    _index: npt.NDArray[Any]

    @classmethod
    def opened(cls, path: Path, recipe: str, tile: Tile, store: PlaneStore) -> "StoredPlanes | None":
        """The file at ``path``, if it is there and whole as far as its index goes."""
        try:
            file = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        except OSError:
            store.damaged(tile)
            return None
        try:
            size = os.fstat(file).st_size
            index_at, recipe_at, digest = _END.unpack(os.pread(file, _END.size, size - _END.size))
            tail = os.pread(file, size - _END.size - index_at, index_at)
            index = np.frombuffer(tail[: recipe_at - index_at], dtype=_INDEX)
            good = hashlib.sha256(tail).digest() == digest and tail[recipe_at - index_at :] == recipe.encode()
        except (struct.error, ValueError, OSError):
            good, index = False, np.zeros(0, dtype=_INDEX)
        if not good:
            os.close(file)
            store.damaged(tile)
            return None
        return cls(planes_for(len(json.loads(recipe)["classes"])), tile, store, file, index)

    def read(self, placed: Placed, block: Block) -> Words | None:
        """The planes of ``block`` (rows x planes x words); null where they are not stored so, or damaged."""
        row, column = block.row - placed.row, block.column - placed.column
        if row % BLOCK or column % BLOCK:
            return None
        number = row // BLOCK * _across(self._tile) + column // BLOCK
        packed = self._packed(number)
        if packed is None:
            self._store.damaged(self._tile)
            return None
        rows = min(BLOCK, self._tile.rows - row)
        words = -(-min(BLOCK, self._tile.columns - column) // CELLS)
        plain = _codec.decompress(packed, decompressed_size=rows * self.count * words * 8)
        bits = np.frombuffer(plain, dtype="<u8").reshape(self.count, rows, words).transpose(1, 0, 2)
        return bits[: block.rows, :, : -(-block.columns // CELLS)]

    def is_whole(self) -> bool:
        """Whether no block is damaged."""
        return all(self._packed(number) is not None for number in range(len(self._index)))

    def _packed(self, number: int) -> bytes | None:
        """A block as it is stored; null for a damaged one."""
        at, length, digest = self._index[number].tolist()
        try:
            packed = os.pread(self._file, length, at)
        except OSError:
            return None
        return packed if hashlib.blake2b(packed, digest_size=16).digest() == digest else None

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def _across(tile: Tile) -> int:
    return -(-tile.columns // BLOCK)


def _write(path: Path, recipe: str, tile: Tile, classes: Classes) -> None:
    windows = Windows()
    order = classes.in_order(tile.kind)
    place = np.full(len(classes.values), NOT_MET, dtype=np.uint16)
    place[order] = np.arange(len(order))
    short = place[classes.table(tile.kind, tile.nodata or frozenset())][None, :]
    index: list[tuple[int, int, bytes]] = []
    try:
        with path.open("wb") as file:
            file.write(_MAGIC)
            for row in range(0, tile.rows, BLOCK):
                for column in range(0, tile.columns, BLOCK):
                    rows, columns = min(BLOCK, tile.rows - row), min(BLOCK, tile.columns - column)
                    raw = np.zeros((1, rows, columns), dtype=tile.kind)
                    if not windows.raw(Placed(0, tile, 0, 0), row, column, raw[0]):
                        said = next(iter(windows.problems.values())).message
                        raise LayerError(said.sentence, **said.values)
                    packed = _codec.compress(_planes(raw, short, order), asbytes=True)
                    index.append((file.tell(), len(packed), hashlib.blake2b(packed, digest_size=16).digest()))
                    file.write(packed)
            tail = np.array(index, dtype=_INDEX).tobytes()
            begin = file.tell()
            file.write(tail + recipe.encode())
            file.write(_END.pack(begin, begin + len(tail), hashlib.sha256(tail + recipe.encode()).digest()))
            file.flush()
            os.fsync(file.fileno())
    finally:
        windows.close()


def _planes(raw: npt.NDArray[Any], short: npt.NDArray[np.uint16], order: Sequence[int]) -> bytes:
    rows, words = raw.shape[1], -(-raw.shape[2] // CELLS)
    count = planes_for(len(order))
    planes = Planes(
        np.zeros((rows, count, words), dtype=np.uint64),
        np.zeros((rows, words), dtype=np.bool_),
        raw,
        short,
        np.zeros(1, dtype=np.int64),
        np.full(1, count, dtype=np.int64),
        np.zeros(2, dtype=np.int64),
        np.zeros(CELLS, dtype=np.uint8),
        np.zeros(CELLS, dtype=np.uint8),
    )
    fill_block(planes)
    return planes.bits.transpose(1, 0, 2).astype("<u8").tobytes()
