"""The ledger: which plots were measured on which tile of which version of which layer, by digest.

It is kept with the results. A later run compares: where nothing within the reach of a plot has changed, its
verdict stands without being judged again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias, cast
from uuid import uuid4

from landproof.domain.messages import text
from landproof.domain.tables import Column, Kind, Table
from landproof.layers.catalogue import Catalogue
from landproof.layers.download import Patience, ask
from landproof.layers.errors import LayerError
from landproof.layers.grids import Box
from landproof.layers.reach import Chosen, Extents
from landproof.layers.remote import is_remote
from landproof.layers.tiles import Tile, digest_of

FORMAT = 1

CHANGES = Table(
    "changes",
    text("Verdicts that changed"),
    ("plot", "harm"),
    (
        Column("plot", Kind.ID, text("Plot")),
        Column("harm", Kind.CHOICE, text("Harm")),
        Column("before", Kind.CHOICE, text("Verdict before")),  # null: the plot is new
        Column("after", Kind.CHOICE, text("Verdict after")),  # null: the plot is gone
        Column("cause", Kind.CHOICE, text("What changed"), choices=(
            "tile", "plot", "layer", "cut-off", "procedure", "unknown",
        )),
        Column("tiles", Kind.LIST, text("Layers and tiles that changed")),
    ),
)  # fmt: skip
JUDGED = Table(
    "judged",
    text("Plots that were judged again"),
    ("plot",),
    (Column("plot", Kind.ID, text("Plot")), Column("cell", Kind.ID, text("Cell"))),
)


@dataclass(frozen=True, slots=True)
class TileEntry:
    """A tile as it was measured on. ``header``: place and type of its cells; ``digest``: SHA-256, or what a server
    calls this state of the file. ``box``: where it lies, in degrees.
    """

    layer: str
    version: str
    file: str
    header: str
    digest: str
    box: Box

    @property
    def place(self) -> tuple[str, str, str]:
        """All but the content."""
        return self.layer, self.file, self.header


@dataclass(frozen=True, slots=True)
class PartEntry:
    """A cell file with its digest and its result. ``judged`` of its ``plots`` were judged in this run, the others
    screened: nothing within their reach had changed.
    """

    file: str
    digest: str
    key: str
    plots: int
    judged: int


@dataclass(frozen=True, slots=True)
class CellEntry:
    """A cell: numbers of the tiles within its reach (in `Ledger.tiles`), and its files."""

    tiles: tuple[int, ...]
    parts: tuple[PartEntry, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A finished run. ``folder``: where its cell files are. ``rules``: by layer the digest of all that decides."""

    procedure: str
    terms: str
    folder: str
    rules: Mapping[str, str]
    tiles: tuple[TileEntry, ...]
    cells: Mapping[str, CellEntry] = field(default_factory=dict[str, CellEntry])

    def tiles_of(self, cell: str) -> dict[tuple[str, str, str], TileEntry]:
        """The tiles within reach of a cell, by all but their content."""
        return {self.tiles[number].place: self.tiles[number] for number in self.cells[cell].tiles}

    def to_json(self) -> str:
        """As it is written."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False)


def read_ledger(written: str) -> Ledger | None:
    """What `Ledger.to_json` wrote; null for what it did not, or another version did."""
    try:
        content: Any = json.loads(written)
        if content["format"] != FORMAT:
            return None
        tiles = tuple(TileEntry(**(each | {"box": tuple(each["box"])})) for each in content["tiles"])
        cells = {
            name: CellEntry(tuple(cell["tiles"]), tuple(PartEntry(**part) for part in cell["parts"]))
            for name, cell in content["cells"].items()
        }
        rules = dict(cast(dict[str, str], content["rules"]))
        return Ledger(content["procedure"], content["terms"], content["folder"], rules, tiles, cells)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


_Number: TypeAlias = tuple[int, int]  # of a layer, and of a tile in it


class Tiles:
    """The tiles that are measured on, each told by its content when it is first asked for."""

    def __init__(self, catalogue: Catalogue, extents: Extents, patience: Patience | None = None) -> None:
        self._catalogue = catalogue
        self._extents = extents
        self._patience = patience
        self._numbers: dict[_Number, int] = {}
        self.entries: list[TileEntry] = []

    def numbers(self, chosen: Chosen) -> tuple[int, ...]:
        """The places in `entries` of these tiles. Raises `LayerError` for a file that cannot be read."""
        return tuple(self._number(layer, place) for layer, places in enumerate(chosen) for place in places)

    def _number(self, layer: int, place: int) -> int:
        key = layer, place
        if key not in self._numbers:
            described = self._catalogue.layers[layer]
            tile = described.tiles[place]
            entry = TileEntry(
                described.id,
                described.version,
                tile.name,
                _header(tile),
                _state(tile, self._patience),
                self._extents.boxes[layer][place],
            )
            self._numbers[key] = len(self.entries)
            self.entries.append(entry)
        return self._numbers[key]


def rules_of(catalogue: Catalogue) -> dict[str, str]:
    """By layer the digest of all in its entry that a verdict depends on."""
    return {layer.id: layer.rule for layer in catalogue.layers}


def differing(
    before: Mapping[tuple[str, str, str], TileEntry], after: Mapping[tuple[str, str, str], TileEntry]
) -> Sequence[TileEntry]:
    """The tiles that came, went or have another content."""
    return [
        after.get(place) or before[place]
        for place in sorted({*before, *after})
        if place not in before or place not in after or before[place].digest != after[place].digest
    ]


def _header(tile: Tile) -> str:
    nodata = None if tile.nodata is None else sorted(tile.nodata)
    return json.dumps(
        [
            tile.crs,
            tile.left,
            tile.top,
            tile.width,
            tile.height,
            tile.columns,
            tile.rows,
            tile.kind,
            tile.band,
            nodata,
        ]
    )


def _state(tile: Tile, patience: Patience | None) -> str:
    """What tells this content of a tile from any other; a server that says nothing is believed once only."""
    try:
        digest = digest_of(tile)
    except OSError as why:
        raise LayerError(
            text("Layer %(layer)s: %(file)s cannot be read (%(why)s). Replace the file."),
            layer=tile.layer, file=tile.name, why=why.strerror or type(why).__name__,
        ) from None  # fmt: skip
    if digest is not None:
        return digest
    if is_remote(tile.address):
        try:
            remote = ask(tile.name, patience)
        except LayerError:
            remote = None
        if remote is not None and remote.etag:
            return f"etag {remote.etag} {remote.size}"
    return f"unknown {uuid4()}"
