"""Where the tiles of a layer are: files and patterns, addresses, a template to fetch from, or STAC items."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from landproof.domain.messages import text
from landproof.layers.errors import LayerError
from landproof.layers.fields import Entry
from landproof.layers.grids import GRIDS, Box, DegreeGrid, UtmZones
from landproof.layers.stac import Asset, assets

KEYS = {"files", "tiles", "url", "folder", "grid", "stac", "asset"}
TILE = "{tile}"
_WILD = set("*?[")
_GDAL = {"https://": "/vsicurl/https://", "http://": "/vsicurl/http://", "s3://": "/vsis3/", "gs://": "/vsigs/"}


@dataclass(frozen=True, slots=True)
class Place:
    """One tile: its ``name`` in results, where GDAL finds it (``address``) and, when local, its ``path``.

    ``url`` is where it can be fetched from. ``box``, ``size`` and ``sha256`` are what the catalogue or the STAC
    item says of it, if anything.
    """

    name: str
    address: str
    path: Path | None
    url: str | None = None
    box: Box | None = None
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The tiles of a layer: those ``there``, or at an address; those ``missing``; and how others are found.

    ``unmatched`` are patterns that no file fits. ``grid`` names tiles; with a ``template`` any of them can be
    fetched, and is kept under the name that ``pattern`` gives it in ``folder``.
    """

    there: tuple[Place, ...]
    missing: tuple[Place, ...] = ()
    unmatched: tuple[str, ...] = ()
    grid: DegreeGrid | UtmZones | None = None
    template: str | None = None
    pattern: str = ""
    folder: Path = Path()

    def place(self, tile: str) -> Place:
        """Tile ``tile`` of the template."""
        name, path = self._kept(tile)
        url = None if self.template is None else self.template.replace(TILE, tile)
        box = self.grid.box(tile) if self.grid is not None else None
        return Place(name, str(path), path, url, box)

    def _kept(self, tile: str) -> tuple[str, Path]:
        name = self.pattern.replace(TILE, tile)
        return name, self.folder / name


def source_of(entry: Entry, folder: Path) -> Source:
    """The tiles that ``entry`` names; paths are relative to ``folder``. Raises `LayerError`."""
    given = [key for key in ("files", "stac") if key in entry]
    if len(given) == 2 or (not given and "url" not in entry):
        raise LayerError(
            text("Layer %(layer)s: say where its tiles are, by one of files, url or stac."), layer=entry.name
        )
    if "files" in entry:
        return _files(entry, folder)
    return _stac(entry, folder) if "stac" in entry else _template(entry, folder)


def address_of(said: str) -> str | None:
    """What GDAL calls a remote address; null for what is a local name."""
    for scheme, gdal in _GDAL.items():
        if said.startswith(scheme):
            return gdal + said.removeprefix(scheme)
    return None


def _files(entry: Entry, folder: Path) -> Source:
    listed = entry.content["files"]
    if not listed or not isinstance(listed, list):
        raise LayerError(
            text('Layer %(layer)s: files must be a list of file names or patterns, such as ["forest.tif"].'),
            layer=entry.name,
        )
    there: dict[str, Place] = {}
    missing: dict[str, Place] = {}
    unmatched: list[str] = []
    names = entry.names("files")
    for name in _with_tiles(entry, names):
        address = address_of(name)
        if address is not None:
            there[name] = Place(name, address, None, name)
        elif _WILD & set(name) and not Path(name).is_absolute():
            found = {str(file.relative_to(folder)): file for file in folder.glob(name) if file.is_file()}
            there |= {each: Place(each, str(file), file) for each, file in found.items()}
            unmatched += [] if found else [name]
        else:
            file = folder / name
            (there if file.is_file() else missing)[name] = Place(name, str(file), file)
    grid = _grid(entry)
    kept = [name for name in names if TILE in name and address_of(name) is None]
    if len(kept) == 1 and len(names) == 1 and grid is not None and "url" in entry:
        template, pattern = _address(entry, grid), kept[0]
    else:
        template, pattern = None, ""
    return Source(_sorted(there), _sorted(missing), tuple(sorted(unmatched)), grid, template, pattern, folder)


def _with_tiles(entry: Entry, names: Iterable[str]) -> list[str]:
    """The names with each of ``tiles`` put in for {tile}; without a list, every file that fits."""
    tiles = entry.names("tiles")
    found: list[str] = []
    for name in names:
        if TILE in name and not tiles and address_of(name) is not None:
            raise LayerError(
                text("Layer %(layer)s: nobody can list the tiles of %(address)s. Name them in tiles."),
                layer=entry.name, address=name,
            )  # fmt: skip
        found += [name.replace(TILE, tile) for tile in tiles or ("*",)] if TILE in name else [name]
    return found


def _template(entry: Entry, folder: Path) -> Source:
    """A template: the tiles in its folder, and the address of all others."""
    grid = _grid(entry)
    url = _address(entry, grid)
    pattern = f"{entry.said_if_any('folder') or entry.said('id')}/{_last_part(url)}"
    source = Source((), (), (), grid, url, pattern, folder)
    if grid is None:
        return _parted(source, [source.place("")])
    before, after = pattern.split(TILE, 1)
    fitting = folder.glob(f"{before}*{after}")
    found = {str(file.relative_to(folder))[len(before) :].removesuffix(after) for file in fitting}
    return _parted(source, [source.place(tile) for tile in {*entry.names("tiles"), *found} if grid.box(tile)])


def _address(entry: Entry, grid: DegreeGrid | UtmZones | None) -> str:
    url = entry.said("url").replace("{version}", entry.said("version"))
    if address_of(url) is None or (TILE in _last_part(url)) != (grid is not None) or "{" in url.replace(TILE, ""):
        raise LayerError(
            text(
                "Layer %(layer)s: url must be an address such as https://example.org/loss_{tile}.tif, with a grid "
                "that names the tiles; {tile} and {version} are the only placeholders."
            ),
            layer=entry.name,
        )  # fmt: skip
    return url


def _last_part(url: str) -> str:
    return url.split("?", 1)[0].rsplit("/", 1)[-1]


def _stac(entry: Entry, folder: Path) -> Source:
    kept = entry.said_if_any("folder")
    found = assets(folder / entry.said("stac"), entry.said_if_any("asset"), entry.name)
    return _parted(Source(()), [_of_asset(asset, folder, kept) for asset in found])


def _of_asset(asset: Asset, folder: Path, kept: str | None) -> Place:
    address = address_of(asset.href)
    if address is None:
        path = asset.folder / asset.href
        name = str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
        return Place(name, str(path), path, None, asset.box, asset.size, asset.sha256)
    if kept is None:
        return Place(asset.href, address, None, asset.href, asset.box, asset.size, asset.sha256)
    name = f"{kept}/{_last_part(asset.href)}"
    return Place(name, str(folder / name), folder / name, asset.href, asset.box, asset.size, asset.sha256)


def _parted(source: Source, places: Iterable[Place]) -> Source:
    by_name = {place.name: place for place in places}
    there = {name: place for name, place in by_name.items() if place.path is None or place.path.is_file()}
    missing = {name: place for name, place in by_name.items() if name not in there}
    return replace(source, there=_sorted(there), missing=_sorted(missing))


def _grid(entry: Entry) -> DegreeGrid | UtmZones | None:
    name = entry.said_if_any("grid")
    if name is None:
        return None
    if name not in GRIDS:
        raise LayerError(
            text("Layer %(layer)s: %(grid)s is not a grid of tiles. Grids are %(grids)s."),
            layer=entry.name, grid=name, grids=", ".join(GRIDS),
        )  # fmt: skip
    return GRIDS[name]


def _sorted(places: Mapping[str, Place]) -> tuple[Place, ...]:
    return tuple(place for _, place in sorted(places.items()))
