"""GeoJSON: numbers keep the text in which they were written, so that their decimals can be counted."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import shapely

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.intake.encoding import to_utf8
from landproof.intake.geojson_read import Batch, GeoJsonReader
from landproof.intake.geojson_scan import BEGIN, BROKEN, FEWEST, HEIGHTS, ID, PROPERTIES, REGULAR, STATE, TYPE
from landproof.intake.geometry import Fault, Feature, Remark, decimals_of, ring
from landproof.intake.limits import LIMITS, check_size

_WGS84: Final = ("CRS84", "EPSG::4326", "EPSG:4326")
_CUT: Final = 80
_PLOT_TYPES: Final = (1, 3, 4, 6)  # points and polygons, as well-known binary numbers them

_shapely = cast(Any, shapely)  # it has no types


class Number(str):
    """A JSON number as written."""

    __slots__ = ()


def loads(written: str) -> Any:
    """JSON with `Number` in place of numbers. Raises `ValueError` and `RecursionError`."""
    return json.loads(written, parse_float=Number, parse_int=Number, parse_constant=Number)


def read_geojson(path: Path) -> list[Feature]:
    """The features of a FeatureCollection, a Feature or a bare geometry. Raises `UnreadableInput`."""
    check_size(path, LIMITS.delimited)
    data, _ = to_utf8(path.read_bytes(), path.name)
    scanned = scanned_features(data)
    return scanned if scanned is not None else _read_whole(data, path)


def _read_whole(data: bytes, path: Path) -> list[Feature]:
    """The same by Python's own reader: for single features and geometries, and to say what is wrong."""
    try:
        content = loads(data.decode())
    except json.JSONDecodeError as why:
        raise UnreadableInput(
            text("%(file)s is not valid JSON: line %(line)s, column %(column)s (%(why)s). Export it again."),
            file=path.name, line=why.lineno, column=why.colno, why=why.msg,
        ) from None  # fmt: skip
    except RecursionError:
        raise UnreadableInput(text("%(file)s is nested too deeply. Export it again."), file=path.name) from None
    whole = cast(dict[str, Any], content) if isinstance(content, dict) else {}
    kind = whole.get("type")
    if not isinstance(kind, str):
        raise UnreadableInput(
            text("%(file)s is JSON but not GeoJSON: it has no type. Export it as GeoJSON."), file=path.name
        )
    if kind == "FeatureCollection":
        entries = whole.get("features")
        if not isinstance(entries, list):
            raise UnreadableInput(
                text("%(file)s has no list of features. Export it again as GeoJSON."), file=path.name
            )
        listed = cast(list[Any], entries)
    else:
        listed = [whole if kind == "Feature" else {"type": "Feature", "geometry": whole}]
    system = other_system(whole)
    return [_feature(row, entry, system) for row, entry in enumerate(listed, start=1)]


def other_system(content: Mapping[str, Any]) -> str | None:
    """The reference system that an old crs member names; null when it is WGS 84 or absent."""
    crs = content.get("crs")
    if not isinstance(crs, dict):
        return None
    properties = cast(dict[str, Any], crs).get("properties")
    name = str(cast(dict[str, Any], properties).get("name", "")) if isinstance(properties, dict) else ""
    return None if not name or name.endswith(_WGS84) else name


def scanned_features(data: bytes) -> list[Feature] | None:
    """The features of a FeatureCollection by the compiled reader; none for any other text, good or bad.

    Features that it marks as irregular are read one by one as Python objects.
    """
    reader = GeoJsonReader(data)
    features: list[Feature] = []
    for batch in reader:
        found = features_of(batch)
        if found is None:
            return None
        features += found
    if reader.fault is not None or not reader.listed or reader.members.get("type") != b'"FeatureCollection"':
        return None
    members = {name: json.loads(member) for name, member in reader.members.items() if name == "crs"}
    return in_system(features, other_system(members))


def in_system(features: list[Feature], system: str | None) -> list[Feature]:
    """``features`` of a file that says to be in another ``system`` than WGS 84, if it does."""
    if system is None:
        return features
    return [
        replace(feature, shape=Fault("other-system", system), remarks=())
        if isinstance(feature.shape, shapely.Geometry) else feature
        for feature in features
    ]  # fmt: skip


def properties_of(batch: Batch) -> list[Mapping[str, str]] | None:
    """What the properties of each feature say; null where one is no JSON."""
    if bool((batch.rows[:, STATE] == BROKEN).any()):
        return None
    found: list[Mapping[str, str]] = []
    for at, plain in enumerate((batch.rows[:, STATE] == REGULAR).tolist()):
        if plain:
            member = batch.member(at, PROPERTIES)
            listed = None if member is None else loads(member.decode())
        else:
            entry = loads((batch.member(at, BEGIN) or b"null").decode())
            listed = cast(dict[str, Any], entry).get("properties") if isinstance(entry, dict) else None
        found.append(_properties(listed)[0])
    return found


def features_of(batch: Batch) -> list[Feature] | None:
    """The features of a piece of text; null where one is no JSON."""
    if bool((batch.rows[:, STATE] == BROKEN).any()):
        return None
    regular = (batch.rows[:, STATE] == REGULAR) & np.isin(batch.rows[:, TYPE], _PLOT_TYPES)
    shapes: Any = _shapely.from_wkb(np.array(batch.shapes.binaries(), dtype=object)[regular], on_invalid="ignore")
    tall = batch.rows[regular, HEIGHTS] > 0
    if tall.any():
        shapes[tall] = _shapely.force_3d(shapes[tall])
    remarks: list[tuple[Remark, ...]] = [(Remark("clockwise"),) if each else () for each in _any_clockwise(shapes)]
    fewest: list[int] = batch.rows[regular, FEWEST].tolist()
    listed: list[shapely.Geometry] = shapes.tolist()
    kept = iter(zip(listed, fewest, remarks, strict=True))
    features: list[Feature] = []
    for at, plain in enumerate(regular.tolist()):
        row = batch.first + at
        if not plain:
            features.append(_feature(row, loads((batch.member(at, BEGIN) or b"null").decode()), None))
            continue
        properties, own = batch.member(at, PROPERTIES), batch.member(at, ID)
        shape, decimals, noticed = next(kept)
        said, texts = _properties(None if properties is None else loads(properties.decode()))
        name = None if own is None else loads(own.decode())
        identifier = None if name is None else _text(name)
        features.append(Feature(row, said, shape, decimals, id=identifier, remarks=noticed, texts=texts))
    return features


def _any_clockwise(shapes: Any) -> list[bool]:
    """`_clockwise` for all shapes at once."""
    found = np.zeros(len(shapes), np.bool_)
    parts, of = _shapely.get_parts(shapes, return_index=True)
    polygons = _shapely.get_type_id(parts) == int(shapely.GeometryType.POLYGON)
    rings = _shapely.get_exterior_ring(parts[polygons])
    found[of[polygons][~_shapely.is_ccw(rings)]] = True
    return found.tolist()


def _feature(row: int, entry: Any, system: str | None) -> Feature:
    if entry is None:
        return Feature(row, {}, Fault("null-feature"))
    if not isinstance(entry, dict):
        return Feature(row, {}, Fault("not-geometry", _cut(entry)))
    feature = cast(dict[str, Any], entry)
    properties, texts = _properties(feature.get("properties"))
    own = feature.get("id")
    shape, decimals = shape_of(feature.get("geometry"))
    if system is not None and isinstance(shape, shapely.Geometry):
        shape = Fault("other-system", system)
    remarks = (Remark("clockwise"),) if isinstance(shape, shapely.Geometry) and _clockwise(shape) else ()
    name = None if own is None else _text(own)
    return Feature(row, properties, shape, decimals, id=name, remarks=remarks, texts=texts)


def _properties(listed: Any) -> tuple[dict[str, str], frozenset[str]]:
    """What the properties say, and which of them were written as text."""
    given = cast(dict[str, Any], listed) if isinstance(listed, dict) else {}
    texts = frozenset(key for key, value in given.items() if isinstance(value, str) and type(value) is str)
    return {key: _text(value) for key, value in given.items() if value is not None}, texts


def _clockwise(shape: shapely.Geometry) -> bool:
    """RFC 7946 asks for counter-clockwise outlines, and asks readers not to refuse others."""
    polygons = [part for part in shapely.get_parts(shape).tolist() if isinstance(part, shapely.Polygon)]
    return not all(bool(shapely.is_ccw(part.exterior)) for part in polygons)


def shape_of(geometry: Any) -> tuple[shapely.Geometry | Fault, int | None]:
    """A GeoJSON geometry as a shape with the fewest decimals of its coordinates, or as the fault that it has."""
    if geometry is None:
        return Fault("missing"), None
    if not isinstance(geometry, dict):
        return Fault("not-geometry", _cut(geometry)), None
    member = cast(dict[str, Any], geometry)
    kind = str(member.get("type"))
    decimals: list[int] = []
    try:
        return _shape(kind, member, decimals), min(decimals, default=None)
    except Fault as fault:
        return fault, None


def _shape(kind: str, member: Mapping[str, Any], decimals: list[int]) -> shapely.Geometry:
    if kind == "GeometryCollection":
        parts = cast(list[Any], member.get("geometries") or [])
        kinds = [cast(dict[str, Any], each).get("type") if isinstance(each, dict) else None for each in parts]
        raise Fault("collection", ", ".join(str(each) for each in kinds))
    if kind not in ("Point", "MultiPoint", "Polygon", "MultiPolygon"):
        raise Fault("kind", kind)
    listed = member.get("coordinates")
    if not isinstance(listed, list) or not listed:
        raise Fault("missing")
    coordinates = cast(list[Any], listed)
    if kind == "Point":
        return shapely.Point(*_position(coordinates, decimals))
    if kind == "MultiPoint":
        return shapely.MultiPoint([_position(each, decimals) for each in coordinates])
    if kind == "Polygon":
        return _polygon(coordinates, decimals)
    return shapely.MultiPolygon([_polygon(each, decimals) for each in coordinates])


def _polygon(listed: Any, decimals: list[int]) -> shapely.Polygon:
    if not isinstance(listed, list) or not listed:
        raise Fault("missing")
    heights = False
    rings: list[list[tuple[float, ...]]] = []
    for each in cast(list[Any], listed):
        if not isinstance(each, list):
            raise Fault("not-number", _cut(each))
        positions = [_position(position, decimals) for position in cast(list[Any], each)]
        heights = heights or any(len(position) > 2 for position in positions)
        rings.append(list(ring(positions)))
    if heights:  # the shape keeps a height, so that its absence is noted
        rings[0] = [(*position[:2], 0.0) for position in rings[0]]
        rings[1:] = [[(*position[:2], 0.0) for position in hole] for hole in rings[1:]]
    return shapely.Polygon(rings[0], rings[1:])


def _position(listed: Any, decimals: list[int]) -> tuple[float, ...]:
    if not isinstance(listed, list):
        raise Fault("not-number", _cut(listed))
    numbers = cast(Sequence[Any], listed)
    if len(numbers) < 2 or not all(isinstance(each, Number) for each in numbers):
        raise Fault("not-number", _cut(numbers))
    position = tuple(float(each) for each in numbers[:3])
    if any(map(isnan, position)):  # numbers too large, such as 1e400, are refused with all other positions
        raise Fault("not-number", _cut(numbers))
    decimals.extend(decimals_of(each) for each in numbers[:2])
    return position


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _cut(value: Any) -> str:
    return _text(value)[:_CUT]
