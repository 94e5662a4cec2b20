"""Raster files: their headers and their digests."""

import math
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import rasterio  # pyright: ignore[reportMissingTypeStubs]
from pyproj import CRS

from landproof.domain.messages import text
from landproof.layers.digests import sha256_of
from landproof.layers.errors import LayerError
from landproof.layers.remote import is_remote, reading

_rasterio = cast(Any, rasterio)  # it has no types
_RasterioError: type[Exception] = _rasterio.errors.RasterioError


@dataclass(frozen=True, slots=True)
class Tile:
    """The header of a raster file. Cell (row, column) spans ``left + column * width`` and ``top - row * height``.

    ``nodata``: values that are no data; null when the file has a mask of its own that decides.
    ``block``: rows and columns that are stored together. ``kind``: the type of the values, as numpy calls it.
    ``address`` is what GDAL opens, a path or a place on the network; ``band`` counts from 1. ``sha256`` is set
    where the digest of a tile on the network is known from the time it was registered.
    """

    name: str
    path: Path
    layer: str
    crs: str  # EPSG:n, or WKT where no number fits it exactly
    left: float
    top: float
    width: float
    height: float
    columns: int
    rows: int
    nodata: frozenset[int] | None
    block: tuple[int, int]
    kind: str
    address: str
    band: int = 1
    sha256: str | None = None

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top, in the tile's own reference system."""
        return (
            self.left,
            self.top - self.rows * self.height,
            self.left + self.columns * self.width,
            self.top,
        )


def open_tile(address: str, name: str, nodata: frozenset[int] | None, layer: str, band: int = 1) -> Tile:
    """The header of what is at ``address``. Raises `LayerError` naming the layer and the file."""
    try:
        with warnings.catch_warnings(), reading(address):
            # A file without a place on earth is refused below, in words.
            warnings.simplefilter("ignore", _rasterio.errors.NotGeoreferencedWarning)
            with _rasterio.open(address) as raster:
                crs, transform, bands = raster.crs, raster.transform, raster.count
                shape = (raster.width, raster.height)
                at = min(band, bands) - 1
                kind, block, own = str(raster.dtypes[at]), raster.block_shapes[at], _own_nodata(raster, at)
    except _RasterioError as why:
        raise LayerError(
            text("Layer %(layer)s: %(file)s cannot be read as a raster (%(why)s). Replace the file."),
            layer=layer, file=name, why=why,
        ) from None  # fmt: skip
    if crs is None:
        raise LayerError(
            text("Layer %(layer)s: %(file)s does not say its reference system. Add it to the file."),
            layer=layer, file=name,
        )  # fmt: skip
    if band > bands:
        raise LayerError(
            text("Layer %(layer)s: %(file)s has %(bands)s bands, so there is no band %(band)s. Correct band."),
            layer=layer, file=name, bands=bands, band=band,
        )  # fmt: skip
    if transform.b or transform.d or transform.a <= 0 or transform.e >= 0:
        raise LayerError(
            text("Layer %(layer)s: %(file)s is turned or upside down. Save it with north up."),
            layer=layer,
            file=name,
        )
    if kind.startswith("complex"):
        raise LayerError(
            text("Layer %(layer)s: the values of %(file)s are of type %(kind)s. Use whole numbers."),
            layer=layer, file=name, kind=kind,
        )  # fmt: skip
    return Tile(
        name,
        Path(address),
        layer,
        _name_of(crs.to_wkt()),
        transform.c,
        transform.f,
        transform.a,
        -transform.e,
        *shape,
        own if nodata is None else nodata,
        block,
        kind,
        address,
        band,
    )


def _own_nodata(raster: Any, at: int) -> frozenset[int] | None:
    """What the file itself marks as no data: a value, nothing, or (null) a mask that must be read."""
    flags = {flag.name for flag in raster.mask_flag_enums[at]}
    if flags == {"all_valid"}:
        return frozenset()
    value = raster.nodatavals[at]
    if flags == {"nodata"} and not math.isfinite(value):
        return frozenset()  # not-a-number is no class in any case
    return frozenset({int(value)}) if flags == {"nodata"} and value == math.floor(value) else None


def _name_of(wkt: str) -> str:
    number = CRS.from_wkt(wkt).to_epsg(min_confidence=100)
    return wkt if number is None else f"EPSG:{number}"


def digest_of(tile: Tile) -> str | None:
    """SHA-256 of the file in hexadecimal; null for a tile on the network that was never registered."""
    if is_remote(tile.address):
        return tile.sha256
    return sha256_of(tile.path)
