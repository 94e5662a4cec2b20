"""Reads outlines of countries, or of areas in them, that a user trusts: any vector file with an ISO code."""

from pathlib import Path
from typing import Any, cast

import pyogrio  # pyright: ignore[reportMissingTypeStubs]

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.screening.place_checks import Boundaries

_pyogrio = cast(Any, pyogrio)  # it has no types
# By what names such files call the two-letter code of a country, and the name of an area; the first is taken.
_CODES = ("iso_3166_1", "iso3166_1_alpha_2", "iso_a2_eh", "iso_a2", "iso2", "country", "cntr_id")
_NAMES = ("name", "name_en", "admin", "shapename", "name_1", "name_0")


def read_boundaries(path: Path) -> Boundaries:
    """The areas of ``path``, in longitude and latitude.

    An area without a two-letter code counts for no country. Raises `UnreadableInput`.
    """
    try:
        meta, _, shapes, columns = _pyogrio.raw.read(path, read_geometry=True)
    except (OSError, ValueError, RuntimeError, _pyogrio.errors.DataSourceError) as why:
        raise UnreadableInput(
            text("%(file)s cannot be read as boundaries: %(why)s. Give a GeoJSON, GeoPackage or shapefile."),
            file=path.name, why=str(why).splitlines()[0],
        ) from None  # fmt: skip
    fields = {str(name).lower(): values for name, values in zip(meta["fields"], columns, strict=True)}
    code = next((name for name in _CODES if name in fields), None)
    if code is None:
        raise UnreadableInput(
            text("%(file)s has no column with the two-letter code of a country. Name one ISO_A2."), file=path.name
        )
    if str(meta["crs"] or "EPSG:4326") not in ("EPSG:4326", "OGC:CRS84"):
        raise UnreadableInput(
            text("%(file)s is in %(system)s. Export it as longitude and latitude, WGS 84 (EPSG:4326)."),
            file=path.name, system=meta["crs"],
        )  # fmt: skip
    name = next((each for each in _NAMES if each in fields), code)
    kept = [number for number, shape in enumerate(shapes) if shape is not None]
    codes = [str(fields[code][number] or "").upper() for number in kept]
    return Boundaries(
        [bytes(shapes[number]) for number in kept],
        [each if len(each) == 2 and each.isalpha() else "" for each in codes],
        [str(fields[name][number] or "") for number in kept],
    )
