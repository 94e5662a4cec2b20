"""KML and KMZ: placemarks with polygons or points, decimals counted on the text."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

import shapely

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.intake.geometry import Fault, Feature, decimals_of, ring
from landproof.intake.limits import LIMITS, check_size, check_zip

_SHAPES: Final = ("Polygon", "Point", "MultiGeometry", "LineString", "LinearRing", "Model", "Track", "MultiTrack")


def read_kml(path: Path) -> list[Feature]:
    """The placemarks of a KML file, or of the first KML file in a KMZ archive. Raises `UnreadableInput`."""
    if path.suffix.lower() == ".kmz":
        check_zip(path)
        with zipfile.ZipFile(path) as archive:
            names = sorted(name for name in archive.namelist() if name.lower().endswith(".kml"))
            if not names:
                raise UnreadableInput(text("%(file)s holds no KML file. Export it again."), file=path.name)
            data = archive.read("doc.kml" if "doc.kml" in names else names[0])
    else:
        check_size(path, LIMITS.delimited)
        data = path.read_bytes()
    root = _tree(data, path.name)
    marks = [each for each in root.iter() if each.tag == "Placemark"]
    return [_feature(row, mark) for row, mark in enumerate(marks, start=1)]


def _tree(data: bytes, name: str) -> Element:
    """The elements without their namespaces. Definitions of entities are refused: they can explode."""

    def refuse(*_: object) -> None:
        raise UnreadableInput(
            text("%(file)s defines a document type, which KML does not need. Export it again."), file=name
        )

    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: builder.start(tag.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda tag: builder.end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(data, True)
    except expat.ExpatError as why:
        raise UnreadableInput(
            text("%(file)s is not complete KML: line %(line)s (%(why)s). Export it again."),
            file=name, line=why.lineno, why=expat.errors.messages[why.code],
        ) from None  # fmt: skip
    return builder.close()


def _feature(row: int, mark: Element) -> Feature:
    properties = dict(_properties(mark))
    name = (mark.findtext("name") or "").strip() or None
    shapes = [each for each in mark if each.tag in _SHAPES]
    decimals: list[int] = []
    try:
        if not shapes:
            raise Fault("missing")
        shape: shapely.Geometry | Fault = _shape(shapes[0], decimals)
    except Fault as fault:
        shape = fault
    counted = min(decimals, default=None) if isinstance(shape, shapely.Geometry) else None
    return Feature(row, properties, shape, counted, id=name)


def _properties(mark: Element) -> Iterator[tuple[str, str]]:
    for each in mark.iter():
        value = each.text if each.tag == "SimpleData" else each.findtext("value") if each.tag == "Data" else None
        if value and value.strip():
            yield each.get("name", ""), value.strip()


def _shape(element: Element, decimals: list[int]) -> shapely.Geometry:
    if element.tag == "Point":
        positions = _positions(element, decimals)
        if len(positions) != 1:
            raise Fault("not-number", (element.findtext("coordinates") or "").strip()[:80])
        return shapely.Point(positions[0])
    if element.tag == "Polygon":
        outer = element.find("outerBoundaryIs/LinearRing")
        if outer is None:
            raise Fault("missing")
        holes = [ring(_positions(hole, decimals)) for hole in element.findall("innerBoundaryIs/LinearRing")]
        return shapely.Polygon(ring(_positions(outer, decimals)), holes)
    if element.tag == "MultiGeometry":
        return _several([each for each in element if each.tag in _SHAPES], decimals)
    raise Fault("kind", element.tag)


def _several(parts: list[Element], decimals: list[int]) -> shapely.Geometry:
    kinds = {part.tag for part in parts}
    if not parts:
        raise Fault("missing")
    if kinds not in ({"Polygon"}, {"Point"}):
        raise Fault("collection", ", ".join(part.tag for part in parts))
    shapes = [_shape(part, decimals) for part in parts]
    if len(shapes) == 1:
        return shapes[0]
    polygons = [each for each in shapes if isinstance(each, shapely.Polygon)]
    points = [each for each in shapes if isinstance(each, shapely.Point)]
    return shapely.MultiPolygon(polygons) if polygons else shapely.MultiPoint(points)


def _positions(element: Element, decimals: list[int]) -> list[tuple[float, ...]]:
    """Longitude, latitude and perhaps height, as KML separates them: commas within, white space between."""
    found: list[tuple[float, ...]] = []
    for written in (element.findtext("coordinates") or "").split():
        numbers = written.split(",")
        try:
            found.append((float(numbers[0]), float(numbers[1])))
            decimals.extend(decimals_of(each) for each in numbers[:2])
        except (ValueError, IndexError):
            raise Fault("not-number", written[:80]) from None
    if not found:
        raise Fault("missing")
    return found
