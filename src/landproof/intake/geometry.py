"""What every reader of plots hands on, and the checks that a shape must pass.

Nothing is repaired: a shape that is not what it should be is refused with its place and a remedy. What is
merely unusual, such as height or holes, is noted and kept.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import numpy as np
import shapely

from landproof.domain.messages import text
from landproof.land.ellipsoid import is_too_wide

_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_VALID: Final = re.compile(r"^(.*)\[(\S+) (\S+)\]$")
_Positions = Sequence[tuple[float, ...]]

# key -> (reason, remedy)
FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": (
        text("Feature %(row)s has no geometry."),
        text("Add its outline or its point."),
    ),
    "null-feature": (
        text("Feature %(row)s is empty (null)."),
        text("Remove it, or add the plot that was meant."),
    ),
    "not-geometry": (
        text("Feature %(row)s has %(value)s where its geometry should be."),
        text("Write the geometry as an object with type and coordinates, or as WKT."),
    ),
    "kind": (
        text("Feature %(row)s is a %(value)s, which bounds no land."),
        text("Give the plot as Polygon, MultiPolygon, Point or MultiPoint."),
    ),
    "collection": (
        text("Feature %(row)s is a collection of geometries (%(value)s)."),
        text("Give each part as a feature of its own, or all of them as one MultiPolygon or MultiPoint."),
    ),
    "not-number": (
        text("A position of feature %(row)s is not two numbers: %(value)s."),
        text("Write longitude and latitude as decimal degrees."),
    ),
    "ring-open": (
        text("The outline of feature %(row)s is open: it starts at %(value)s and ends elsewhere."),
        text("Check that no corner is missing, and repeat the first position at the end."),
    ),
    "ring-short": (
        text("An outline of feature %(row)s has %(value)s positions; four, the last as the first, are the least."),
        text("Add the corners that are missing, or give the plot as a point."),
    ),
    "crossing": (
        text("The outline of feature %(row)s is not valid near %(value)s: %(why)s."),
        text("Draw it again so that no side crosses or touches another."),
    ),
    "no-area": (
        text("The outline of feature %(row)s encloses no land."),
        text("Draw its corners again, or give the plot as a point."),
    ),
    "axes": (
        text("Feature %(row)s has the latitude %(value)s, beyond 90 degrees: its axes look swapped."),
        text("Write longitude first and latitude second."),
    ),
    "swapped": (
        text("Feature %(row)s lies at %(place)s, which is not in %(value)s, and would be with its axes swapped."),
        text("Write longitude first and latitude second."),
    ),
    "elsewhere": (
        text("Feature %(row)s lies at %(place)s, which is not in %(value)s, its country."),
        text("Correct the position (is a minus sign lost?) or the country."),
    ),
    "not-degrees": (
        text("Feature %(row)s has the position %(value)s, which is not in degrees; it may be in metres."),
        text("Export the file as longitude and latitude, WGS 84 (EPSG:4326)."),
    ),
    "null-island": (
        text("Feature %(row)s has the position 0, 0, which devices write when they have no fix."),
        text("Measure the position again."),
    ),
    "wide": (
        text("Feature %(row)s spans more than 180 degrees of longitude."),
        text("Cut it where it crosses the date line."),
    ),
    "other-system": (
        text("The file says that feature %(row)s is in %(value)s; GeoJSON is longitude and latitude, WGS 84."),
        text("Export the file as WGS 84 (EPSG:4326) without a crs member."),
    ),
    "same-id": (
        text("The plot id %(value)s of feature %(row)s is taken already."),
        text("Give the plot an id of its own, or remove the copy."),
    ),
    "contradicts": (
        text(
            "Feature %(row)s says %(value)s in %(column)s of its plot, where row %(first)s of %(file)s says "
            "%(there)s."
        ),
        text("Correct the one that is wrong, or leave one of them empty."),
    ),
    "area": (
        text("The declared area %(value)s of feature %(row)s is not an area above zero."),
        text("Write it in hectares as a number, such as 3.75, or leave it out."),
    ),
    "vertex-without-plot": (
        text("Row %(row)s holds a corner and names no plot."),
        text("Write the plot id in each row."),
    ),
    "vertex-order": (
        text("The order of the corners of feature %(row)s is not clear: %(value)s."),
        text("Number the corners 1, 2, 3 and so on, each once."),
    ),
    "row": (
        text("Row %(row)s could not be cut into cells: %(value)s."),
        text("Correct the row, or export the file again."),
    ),
}

NOTES: Final[Mapping[str, str]] = {
    "height": text("The heights of feature %(row)s were left out."),
    "parts": text("Feature %(row)s has %(value)s parts; it is kept as one plot."),
    "holes": text(
        "Feature %(row)s has %(value)s holes, which do not count as plot; EU systems read outer rings only."
    ),
    "clockwise": text(
        "An outline of feature %(row)s runs clockwise; it is kept, for the direction does not matter."
    ),
    "own-id": text("Feature %(row)s has no plot id; it is called %(value)s."),
    "place-as-id": text("Feature %(row)s has no plot id; its ProductionPlace, which is unique here, is used."),
    "decimal-comma": text("Feature %(row)s is written with decimal commas (%(value)s); they were read as points."),
    "closed": text("Feature %(row)s lists each corner once; its outline was closed from the last to the first."),
    "transformed": text("Feature %(row)s was converted from %(value)s to longitude and latitude."),
    "no-system": text(
        "The file does not say its reference system; feature %(row)s was read as longitude, latitude."
    ),
    "read-as": text("Feature %(row)s: the identifier %(value)s was read as %(there)s."),
    "choice": text(
        "The word %(value)s of feature %(row)s is not one of the choices of %(column)s; it was left empty."
    ),
    "area-as-text": text("The area of feature %(row)s is written as text (%(value)s); EU systems read that as 0."),
}


@dataclass(eq=False)
class Fault(Exception):
    """Why a feature is refused: a key of `FAULTS` or, for a cell, of `reasons.REASONS`, and its values."""

    key: str
    value: str = ""
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    field: str = "geometry"


@dataclass(frozen=True, slots=True)
class Remark:
    """What was noticed about a feature that is kept: a key of `NOTES` and its values."""

    key: str
    value: str = ""
    values: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature as read. ``row`` counts from 1, or as the user's program counts rows.

    ``decimals``: the fewest decimals of a coordinate as written; null where only binary numbers are known.
    ``texts`` names the properties that were written as text where the format also has numbers.
    """

    row: int
    properties: Mapping[str, str]
    shape: shapely.Geometry | Fault
    decimals: int | None = None
    sheet: str = ""
    id: str | None = None
    remarks: tuple[Remark, ...] = ()
    texts: frozenset[str] = frozenset()


def decimals_of(number: str) -> int:
    """Digits after the point of a number as written: 6 for "6.348210", 3 for "1.5e-2"."""
    mantissa, _, exponent = number.strip().lower().partition("e")
    _, _, fraction = mantissa.partition(".")
    return max(0, len(fraction) - (int(exponent) if exponent else 0))


def decimals_in(written: str) -> int | None:
    """The fewest decimals of the numbers in a text such as WKT; null when it holds none."""
    return min((decimals_of(number) for number in _NUMBER.findall(written)), default=None)


def ring(positions: _Positions) -> list[tuple[float, float]]:
    """A closed outline. Raises `Fault` when it is open or too short."""
    flat = [(position[0], position[1]) for position in positions]
    if not flat or len(flat) < 3:
        raise Fault("ring-short", str(len(flat)))
    if flat[0] != flat[-1]:
        raise Fault("ring-open", place(*flat[0]))
    if len(flat) < 4:
        raise Fault("ring-short", str(len(flat)))
    return flat


def place(x: float, y: float) -> str:
    """A position for people: longitude, latitude."""
    return f"{x:g}, {y:g}" if abs(x) > 180 or abs(y) > 90 else f"{x:.6f}, {y:.6f}"


def checked(shape: shapely.Geometry) -> tuple[shapely.Geometry, list[Remark]]:
    """The shape without height, and what is unusual about it. Raises `Fault` when it cannot be a plot."""
    kind = str(cast(Any, shape).geom_type)
    if bool(shapely.is_empty(shape)):
        raise Fault("missing")
    if kind == "GeometryCollection":
        raise Fault("collection", ", ".join(str(part.geom_type) for part in cast(Any, shape).geoms))
    if kind not in ("Polygon", "MultiPolygon", "Point", "MultiPoint"):
        raise Fault("kind", kind)
    remarks: list[Remark] = []
    if bool(shapely.has_z(shape)):
        shape = cast(shapely.Geometry, cast(Any, shapely).force_2d(shape))
        remarks.append(Remark("height"))
    _check_positions(shape)
    parts = len(shapely.get_parts(shape))
    if parts > 1:
        remarks.append(Remark("parts", str(parts)))
    if kind in ("Polygon", "MultiPolygon"):
        remarks.extend(_check_outline(shape))
    return shape, remarks


def _check_positions(shape: shapely.Geometry) -> None:
    points = shapely.get_coordinates(shape)
    if not bool(np.isfinite(points).all()):
        raise Fault("not-number", "NaN")
    x, y = points[:, 0], points[:, 1]
    outside = (np.abs(x) > 180) | (np.abs(y) > 90)
    if outside.any():
        at = int(np.argmax(outside))
        if abs(x[at]) <= 90 and 90 < abs(y[at]) <= 180:
            raise Fault("axes", f"{y[at]:g}")
        raise Fault("not-degrees", place(float(x[at]), float(y[at])))
    if ((x == 0) & (y == 0)).any():
        raise Fault("null-island")
    if is_too_wide(shape):
        raise Fault("wide")


def _area(shape: shapely.Geometry) -> float:
    return float(cast(Any, shapely).area(shape))


def _check_outline(shape: shapely.Geometry) -> list[Remark]:
    if not bool(shapely.is_valid(shape)):
        why = shapely.is_valid_reason(shape)
        found = _VALID.match(why)
        if found is None:
            raise Fault("no-area" if _area(shape) == 0 else "crossing", "", {"why": why})
        if _area(shapely.convex_hull(shape)) == 0:
            raise Fault("no-area")
        raise Fault("crossing", place(float(found[2]), float(found[3])), {"why": found[1].strip()})
    if _area(shape) == 0:
        raise Fault("no-area")
    remarks: list[Remark] = []
    parts = cast(list[Any], shapely.get_parts(shape).tolist())
    holes = sum(len(part.interiors) for part in parts)
    if holes:
        remarks.append(Remark("holes", str(holes)))
    return remarks
