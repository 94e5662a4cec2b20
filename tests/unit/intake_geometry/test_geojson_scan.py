"""The compiled reader of GeoJSON against Python's own, on good, odd, cut and broken files."""

import io
import json
import struct
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from landproof.intake import json_skip
from landproof.intake.geojson_read import Batch, GeoJsonReader
from landproof.intake.geojson_scan import (
    BROKEN,
    FAULT_AT,
    FEWEST,
    HEIGHTS,
    ID,
    MOST,
    ODD,
    PROPERTIES,
    REGULAR,
    RINGS,
    STATE,
    TYPE,
)
from landproof.intake.json_numbers import EASY, HARD, NO_NUMBER, number

quick = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TRIANGLE = '{"type": "Polygon", "coordinates": [[[10.5, 1.25], [11, 1.250], [11.123456, 2], [10.5, 1.25]]]}'


def collection(*features: str, more: str = "") -> str:
    return f'{{"type": "FeatureCollection", "features": [{", ".join(features)}]{more}}}'


def feature(geometry: str, more: str = "") -> str:
    return f'{{"type": "Feature", "properties": {{"plot": "P"}}, "geometry": {geometry}{more}}}'


def read(text: str | bytes, chunk: int = 8 << 20) -> tuple[GeoJsonReader, list[Batch]]:
    data = text.encode() if isinstance(text, str) else text
    reader = GeoJsonReader(io.BytesIO(data), chunk=chunk)
    return reader, list(reader)


def column(batches: list[Batch], which: int) -> list[int]:
    return [value for batch in batches for value in batch.rows[:, which].tolist()]


def shapes(batches: list[Batch]) -> list[str | None]:
    binaries = [binary for batch in batches for binary in batch.shapes.binaries()]
    return [shapely.to_wkt(shapely.from_wkb(each), rounding_precision=-1) if each else None for each in binaries]


# -- numbers -----------------------------------------------------------------------------------------------------


def parsed(written: str) -> tuple[int, float, int, int]:
    return number(np.frombuffer(written.encode() + bytes(16), np.uint8), 0)


@quick
@given(
    st.one_of(
        st.floats(allow_nan=False, allow_infinity=False).map(repr),
        st.floats(-180, 180).map(repr),
        st.tuples(st.floats(-180, 180), st.integers(0, 20)).map(lambda each: f"{each[0]:.{each[1]}f}"),
        st.tuples(st.integers(0, 2**64), st.integers(-50, 50)).map(lambda each: f"{each[0]}e{each[1]}"),
        st.integers(2**53, 2**54).map(lambda each: str(2 * each + 1)),  # halfway between two doubles
    )
)
@example("9007199254740993")
@example("9007199254740993.0")
@example("-0.0")
@example("18446744073709551616")
@example("0.1000000000000000055511151231257827")
@example("1e400")
def test_numbers_are_the_nearest_doubles(written: str):
    end, value, _, how = parsed(written)

    assert end == len(written)
    assert how in (EASY, HARD)
    if how == EASY:
        assert struct.pack("<d", value) == struct.pack("<d", float(written))


def test_numbers_as_people_write_coordinates_are_easy():
    random = np.random.default_rng(7)
    for value in random.uniform(-180, 180, 2000).tolist():
        assert parsed(repr(value))[3] == EASY
        assert parsed(f"{value:.6f}")[3] == EASY
        assert parsed(f"{value:.15f}")[3] == EASY


@pytest.mark.parametrize("written", ["", "-", ".5", "01", "1.", "1.e3", "1e", "1e+", "+1", "NaN", "--1"])
def test_what_is_no_number(written: str):
    assert parsed(written)[3] == NO_NUMBER


@pytest.mark.parametrize(
    ("written", "decimals"),
    [("6.348210", 6), ("6", 0), ("-1.98", 2), ("1.5e1", 0), ("15.25E1", 1), ("1.23e-4", 6), ("1e-7", 7)],
)
def test_decimals_are_those_written(written: str, decimals: int):
    assert parsed(written)[2] == decimals


# -- features ----------------------------------------------------------------------------------------------------


def test_a_feature_becomes_columns():
    reader, [batch] = read(collection(feature(TRIANGLE, ', "id": 7')))

    assert (reader.fault, reader.count, reader.members) == (None, 1, {"type": b'"FeatureCollection"'})
    assert shapes([batch]) == ["POLYGON ((10.5 1.25, 11 1.25, 11.123456 2, 10.5 1.25))"]
    assert (batch.member(0, PROPERTIES), batch.member(0, ID)) == (b'{"plot": "P"}', b"7")
    row = batch.rows[0]
    assert (row[TYPE], row[STATE], row[FEWEST], row[MOST], row[HEIGHTS]) == (3, REGULAR, 0, 6, 0)


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        ('{"coordinates": [1, 2], "type": "Point"}', "POINT (1 2)"),
        ('{"type": "Point", "coordinates": [1, 2, 30]}', "POINT (1 2)"),
        ('{"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}', "MULTIPOINT ((1 2), (3 4))"),
        ('{"type": "LineString", "coordinates": [[1, 2], [3, 4]]}', "LINESTRING (1 2, 3 4)"),
        (
            '{"type": "MultiLineString", "coordinates": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]}',
            "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))",
        ),
        (
            '{"type": "Polygon", "bbox": [], "coordinates": [[[0,0],[9,0],[9,9],[0,0]],'
            "[[2,1],[3,1],[3,2],[2,1]]]}",
            "POLYGON ((0 0, 9 0, 9 9, 0 0), (2 1, 3 1, 3 2, 2 1))",
        ),
        (
            '{"type": "MultiPolygon", "coordinates": [[[[0,0],[9,0],[9,9],[0,0]],[[2,1],[3,1],[3,2],[2,1]]],'
            "[[[20,0],[29,0],[29,9],[20,0]]]]}",
            "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0), (2 1, 3 1, 3 2, 2 1)), ((20 0, 29 0, 29 9, 20 0)))",
        ),
    ],
)
def test_all_kinds_of_geometry(geometry: str, expected: str):
    _, batches = read(collection(feature(geometry), feature(TRIANGLE)))

    assert shapes(batches)[0] == expected
    assert column(batches, STATE) == [REGULAR, REGULAR]


@pytest.mark.parametrize(
    ("geometry", "state"),
    [
        ('{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}', RINGS),  # open
        ('{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]}', RINGS),
        ('{"type": "Polygon", "coordinates": []}', ODD),
        ('{"type": "Polygon", "coordinates": [[]]}', ODD),
        ('{"type": "Polygon", "coordinates": [[0, 0], [1, 0], [1, 1], [0, 0]]}', ODD),  # too flat
        ('{"type": "Point", "coordinates": [[0, 0]]}', ODD),
        ('{"type": "Point", "coordinates": [0]}', ODD),
        ('{"type": "Point", "coordinates": ["0", 1]}', ODD),
        ('{"type": "Point", "coordinates": [NaN, 1]}', ODD),
        ('{"type": "MultiPoint", "coordinates": [[0, 1], null]}', ODD),
        ('{"type": "MultiPoint", "coordinates": [[0, 1], [[0, 1]]]}', ODD),
        ('{"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]}', ODD),
        ('{"type": "Circle", "coordinates": [1, 2]}', ODD),
        ('{"coordinates": [1, 2]}', ODD),
        ('{"type": "Point", "type": "Polygon", "coordinates": [1, 2]}', ODD),
        ('{"ty\\u0070e": "Point", "coordinates": [1, 2]}', ODD),
        ("{}", ODD), ("null", ODD), ('"POINT (1 2)"', ODD), ("[1, 2]", ODD), ("7", ODD),
    ],
)  # fmt: skip
def test_what_is_irregular_is_marked_and_leaves_its_neighbours_alone(geometry: str, state: int):
    reader, batches = read(collection(feature(TRIANGLE), feature(geometry), feature(TRIANGLE)))

    assert reader.fault is None
    assert column(batches, STATE) == [REGULAR, state, REGULAR]
    found = shapes(batches) if state == ODD else []
    assert found in ([], [found[0], None, found[0]] if found else [])


@pytest.mark.parametrize("odd", ["null", "7", "[]", "{}", '{"type": "Feature"}'])
def test_what_is_no_feature_is_a_row(odd: str):
    reader, batches = read(collection(odd, feature(TRIANGLE)))

    assert (reader.count, reader.fault, column(batches, STATE)[1]) == (2, None, REGULAR)


def test_documents_of_one():
    alone, [batch] = read(feature(TRIANGLE))
    bare, [geometry] = read(TRIANGLE)
    empty, none = read(collection())

    assert (alone.count, bare.count, empty.count, none) == (1, 1, 0, [])
    assert shapes([batch]) == shapes([geometry])
    assert batch.member(0, PROPERTIES) == b'{"plot": "P"}'
    assert geometry.member(0, PROPERTIES) is None


def test_members_before_and_after_the_list_are_kept():
    crs = '"crs": {"type": "name", "properties": {"name": "EPSG:4326"}}'
    reader, _ = read(f'{{{crs}, "features": [{feature(TRIANGLE)}], "name": "x", "type": "FeatureCollection"}}')

    assert json.loads(reader.members["crs"])["type"] == "name"
    assert reader.members["type"] == b'"FeatureCollection"'


@pytest.mark.parametrize("chunk", [64, 100, 1000, 1 << 20])
def test_pieces_of_any_size_give_the_same(chunk: int):
    point = '{"type": "Point", "coordinates": [%d.123456789012345678901, %d]}'
    text = collection(*[feature(TRIANGLE if k % 3 else point % (k, k)) for k in range(50)], more=', "name": "é"')
    reader, batches = read(text, chunk)
    _, whole = read(text)

    assert reader.fault is None
    assert shapes(batches) == shapes(whole)
    assert [batch.member(row, PROPERTIES) for batch in batches for row in range(len(batch.rows))] == [
        b'{"plot": "P"}'
    ] * 50
    assert shapes(batches)[3] == f"POINT ({float('3.123456789012345678901')!r} 3)"


# -- faults ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", [64, 1 << 20])
def test_a_cut_file_keeps_the_features_before_the_cut(chunk: int):
    text = collection(*[feature(TRIANGLE)] * 3)
    cut = text[: text.rindex("coordinates")]
    reader, batches = read(cut, chunk)

    assert column(batches, STATE) == [REGULAR, REGULAR]
    assert reader.fault is not None
    assert (reader.fault.byte, reader.fault.feature) == (len(cut), 3)
    assert reader.fault.sentence == "the file ends early"


@pytest.mark.parametrize("chunk", [64, 1 << 20])
@pytest.mark.parametrize(
    ("wrong", "code", "at"),
    [
        ('{"type": "Feature" "geometry": null}', json_skip.COMMA, 19),
        ('{"type": "Feature", geometry: null}', json_skip.KEY, 20),
        ('{"type": "Feature", "geometry" null}', json_skip.COLON, 31),
        ('{"type": "Feature", "geometry": }', json_skip.VALUE, 32),
        ('{"type": "Feature", "a": 01}', json_skip.NUMBER, 25),
        ('{"type": "Feature", "a": "\\x"}', json_skip.ESCAPE, 26),
        ('{"type": "Feature", "a": "\n"}', json_skip.CONTROL, 26),
        ('{"type": "Feature", "a": [1, 2,]}', json_skip.VALUE, 31),
    ],
)
def test_a_broken_feature_leaves_the_others(chunk: int, wrong: str, code: int, at: int):
    text = collection(feature(TRIANGLE), wrong, feature(TRIANGLE))
    reader, batches = read(text, chunk)
    [broken] = [batch for batch in batches if BROKEN in batch.rows[:, STATE]]
    row = broken.rows[broken.rows[:, STATE] == BROKEN][0]

    assert column(batches, STATE) == [REGULAR, BROKEN, REGULAR]
    assert reader.fault is None
    assert row[FAULT_AT] + broken.base == text.index(wrong) + at
    assert row[12] == code


@pytest.mark.parametrize(
    ("text", "byte", "says"),
    [
        ("", 0, "the file ends early"),
        ("{", 1, "the file ends early"),
        ('{"features": [', 14, "the file ends early"),
        ('{"features": [],', 16, "the file ends early"),
        ('{"features": []}}', 16, "there is text after the end"),
        ('{"features": [], "features": []}', 17, "it has two lists of features"),
        ("[1, 2]", 0, "it is no object"),
        ("[1, 2", 5, "the file ends early"),
        ('{"features": [{},]}', 17, "a comma or a closing bracket is missing"),
        ('{"features": [1 2]}', 16, "a comma or a closing bracket is missing"),
        ("[" * 2000, json_skip.DEPTH, "it is nested too deeply"),
        ('{"a" 1}', 5, "a colon is missing"),
    ],
)
def test_a_broken_file_says_where(text: str, byte: int, says: str):
    reader, _ = read(text)

    assert reader.fault is not None
    assert (reader.fault.byte, reader.fault.sentence) == (byte, says)


def test_letters_that_are_not_utf8_end_the_file_before_their_feature():
    text = collection(feature(TRIANGLE), feature(TRIANGLE, ', "id": "@"')).encode().replace(b"@", b"\xff\xfe")
    reader, batches = read(text)

    assert column(batches, STATE) == [REGULAR]
    assert reader.fault is not None
    assert (reader.fault.byte, reader.fault.feature) == (text.index(b"\xff"), 2)


def test_half_a_million_positions_in_one_feature():
    ring = [[round(10 + k * 1e-6, 6), k % 7] for k in range(500_000)]
    text = collection(
        feature(json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})), feature(TRIANGLE)
    )
    reader, batches = read(text, 1 << 16)

    assert (reader.fault, column(batches, STATE)) == (None, [REGULAR, REGULAR])
    found = shapely.from_wkb(next(binary for batch in batches for binary in batch.shapes.binaries()))
    assert shapely.get_coordinates(found)[:-1].tolist() == ring


# -- against Python's reader -------------------------------------------------------------------------------------

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
position = st.lists(st.floats(-200, 200) | st.integers(-9, 9), min_size=2, max_size=3)
nested: Any = position | st.lists(position, max_size=5) | st.lists(st.lists(position, max_size=5), max_size=3)
geometries = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Point", "MultiPoint", "Polygon", "LineString", "MultiPolygon", "Circle"]),
        "coordinates": nested | st.lists(nested, max_size=2) | plain,
    },
    optional={"bbox": plain},
)
features = st.fixed_dictionaries(
    {"type": st.just("Feature"), "geometry": geometries | plain, "properties": plain}, optional={"id": plain}
)
documents = st.fixed_dictionaries({"features": st.lists(features | plain, max_size=4)}, optional={"x": plain})


def regular(geometry: Any) -> bytes | None:
    """The binary of a geometry by an independent way, where it has one."""
    try:
        x = shapely.get_coordinates(shapely.from_geojson(json.dumps(geometry)))
    except (shapely.errors.ShapelyError, ValueError):
        return None
    return x.tobytes()


@quick
@given(documents, st.sampled_from([None, 1]), st.sampled_from([64, 200, 1 << 16]))
def test_documents_agree_with_pythons_reader(document: Any, indent: int | None, chunk: int):
    text = json.dumps(document, indent=indent)
    reader, batches = read(text, chunk)

    assert reader.fault is None
    assert reader.count == len(document["features"])
    rows = [(batch, row) for batch in batches for row in range(len(batch.rows))]
    for expected, (batch, row) in zip(document["features"], rows, strict=True):
        binary = batch.shapes.binaries()[row]
        if not isinstance(expected, dict):
            assert batch.rows[row, STATE] == ODD
            continue
        if "properties" in expected:
            assert json.dumps(json.loads(batch.member(row, PROPERTIES) or b"")) == json.dumps(
                expected["properties"]
            )
        if binary and batch.rows[row, STATE] == REGULAR and batch.rows[row, HEIGHTS] == 0:
            wanted = regular(expected["geometry"])
            assert wanted is None or shapely.get_coordinates(shapely.from_wkb(binary)).tobytes() == wanted


@quick
@given(
    documents, st.integers(0, 10_000), st.sampled_from([*'"\\[]{},:0-.eE+ \x00\x1fn', "", "é"]),
    st.sampled_from([64, 1 << 16]),
)  # fmt: skip
def test_spoiled_documents_are_wrong_where_pythons_reader_says_so(document: Any, at: int, byte: str, chunk: int):
    text = json.dumps(document)
    at %= len(text)
    spoiled = text[:at] + byte + text[at + 1 :]
    reader, batches = read(spoiled, chunk)
    broken = reader.fault is not None or BROKEN in column(batches, STATE)
    try:
        json.loads(spoiled)
    except ValueError:
        assert broken
    else:
        assert not broken or (reader.fault is not None and reader.fault.sentence == "it has two lists of features")


@quick
@given(st.binary(max_size=200))
@example(b'{"features": [\xff]}')
@example(b'{"features": [{"a": "')
def test_any_bytes_end_in_a_result(data: bytes):
    reader, batches = read(data, 64)

    assert reader.count == sum(len(batch.rows) for batch in batches)
