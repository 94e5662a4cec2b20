"""Repairs that could be made, with the area before and after. None is made: the supplier has to agree."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

import polars as pl
import shapely

from landproof.domain.digest import sorted_rows
from landproof.domain.messages import text
from landproof.land.kernel.area import areas_m2
from landproof.land.kernel.rings import cut_all
from landproof.land.kernel.wkb import pack
from landproof.screening.given import Given, read_shapes
from landproof.screening.tables import PLOT_REPAIRS

_shapely = cast(Any, shapely)
_POLYGONS: Final = ("Polygon", "MultiPolygon")

REPAIRS: Final[Mapping[str, str]] = {
    "close": text("close the outline from its last corner to its first"),
    "drop repeated corners": text("take repeated corners out"),
    "make valid": text("keep the land that the outline encloses, cut where it crosses itself"),
    "outer rings": text("fill the holes"),
    "flatten": text("leave heights out"),
    "swap axes": text("swap longitude and latitude"),
    "six decimals": text("cut to six decimals, and cut the outline where it then crosses itself"),
}
_FOR: Final[Mapping[str, str]] = {
    "ring-open": "close", "corners-repeated": "drop repeated corners", "holes": "outer rings",
    "heights": "flatten", "axes-range": "swap axes", "axes-country": "swap axes", "cut-invalid": "six decimals",
    **dict.fromkeys(
        ("crossing", "touching", "overlapping", "spike", "rings-crossing", "parts-nested", "hole-outside",
         "hole-nested", "disconnected", "invalid"), "make valid",
    ),
}  # fmt: skip


def propose(given: Given, checks: pl.DataFrame) -> pl.DataFrame:
    """`PLOT_REPAIRS` for the findings in ``checks`` (`PLOT_CHECKS`) that can be repaired without new knowledge."""
    wanted = (
        checks.filter(pl.col("reason").is_in(list(_FOR)))
        .select("plot", repair=pl.col("reason").replace_strict(_FOR, return_dtype=pl.String))
        .unique()
        .join(given.plots.select("plot", "geometry"), on="plot")
        .sort("plot", "repair")
    )
    binaries: list[bytes | None] = []
    for repair, binary in wanted.select("repair", "geometry").iter_rows():
        shape = _shapely.from_wkb(binary, on_invalid="fix" if repair == "close" else "ignore")
        repaired = _WAYS[repair](shape) if shape is not None else None
        good = repaired is not None and not bool(_shapely.is_empty(repaired))
        binaries.append(_shapely.to_wkb(repaired, byte_order=1) if good else None)
    before: list[float] = areas_m2(read_shapes(wanted["geometry"])).tolist()
    after: list[float] = areas_m2(pack([binary or b"" for binary in binaries])).tolist()
    frame = wanted.select("plot", "repair").with_columns(
        area_before_m2=pl.Series([round(area) for area in before], dtype=pl.Int64),
        area_after_m2=pl.Series([round(area) for area in after], dtype=pl.Int64),
        geometry=pl.Series(binaries, dtype=pl.Binary),
    )
    return sorted_rows(frame.filter(pl.col("geometry").is_not_null()), PLOT_REPAIRS)


def _polygons(shape: Any) -> Any:
    """Only what has area."""
    parts = [part for part in _shapely.get_parts(shape).tolist() if part.geom_type in _POLYGONS]
    parts = [piece for part in parts for piece in _shapely.get_parts(part).tolist()]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else _shapely.multipolygons(parts)


def _valid(shape: Any) -> Any:
    return _polygons(_shapely.make_valid(shape, method="linework"))


def _outer(shape: Any) -> Any:
    rings = [_shapely.polygons(_shapely.get_exterior_ring(part)) for part in _shapely.get_parts(shape).tolist()]
    return rings[0] if len(rings) == 1 else _polygons(_shapely.union_all(rings))


def _swapped(shape: Any) -> Any:
    return _shapely.transform(shape, _turned)


def _turned(points: Any) -> Any:
    return points[:, ::-1]


def _cut(shape: Any) -> Any:
    return _valid(_shapely.transform(shape, cut_all))


_WAYS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "close": _polygons, "drop repeated corners": lambda shape: _shapely.remove_repeated_points(shape, 0.0),
    "make valid": _valid, "outer rings": _outer, "flatten": lambda shape: _shapely.force_2d(shape),
    "swap axes": _swapped, "six decimals": _cut,
}  # fmt: skip
