"""Whether a GeoTIFF is whole: every block that its header promises lies within the file."""

import warnings
from typing import Any, cast

import rasterio  # pyright: ignore[reportMissingTypeStubs]

from landproof.layers.remote import reading

_rasterio = cast(Any, rasterio)  # it has no types
_RasterioError: type[Exception] = _rasterio.errors.RasterioError


def breaks_off(address: str, size: int, band: int = 1) -> str | None:
    """Why the raster of ``size`` bytes at ``address`` is not whole; null where it is, or is no TIFF."""
    try:
        with warnings.catch_warnings(), reading(address):
            warnings.simplefilter("ignore", _rasterio.errors.NotGeoreferencedWarning)
            with _rasterio.open(address) as raster:
                if raster.driver != "GTiff":
                    return None
                last = max((_end(raster, row, column, band) for row, column in _blocks(raster, band)), default=0)
    except _RasterioError as why:
        return str(why)
    return f"{size} of at least {last} bytes" if last > size else None


def _blocks(raster: Any, band: int) -> list[tuple[int, int]]:
    rows, columns = raster.block_shapes[band - 1]
    return [
        (row, column) for row in range(-(-raster.height // rows)) for column in range(-(-raster.width // columns))
    ]


def _end(raster: Any, row: int, column: int, band: int) -> int:
    """Where a block ends in the file; 0 for one that is left out because it holds no data."""
    start, length = (
        raster.get_tag_item(f"{what}_{column}_{row}", "TIFF", bidx=band) for what in ("BLOCK_OFFSET", "BLOCK_SIZE")
    )
    return int(start) + int(length) if start and length else 0
