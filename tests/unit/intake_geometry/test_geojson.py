import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import shapely

from landproof.domain.errors import UnreadableInput, UsageError
from landproof.intake.geometry import FAULTS, NOTES, Fault, decimals_of
from landproof.intake.geometry_json import read_geojson, scanned_features
from landproof.intake.plots import ImportedPlots, import_plots
from landproof.intake.reasons import REASONS
from landproof.intake.tabular import import_tabular

SQUARE = (
    "[[[10.000000, 1.000000], [10.001000, 1.000000], [10.001000, 1.001000], [10.000000, 1.001000], "
    "[10.000000, 1.000000]]]"
)


def feature(geometry: str, properties: str = '{"plot_id": "P"}', more: str = "") -> str:
    return f'{{"type": "Feature", "properties": {properties}, "geometry": {geometry}{more}}}'


def polygon(coordinates: str = SQUARE) -> str:
    return f'{{"type": "Polygon", "coordinates": {coordinates}}}'


def point(coordinates: str = "[10.123456, 1.654321]") -> str:
    return f'{{"type": "Point", "coordinates": {coordinates}}}'


def read(folder: Path, *features: str, **options: Any) -> ImportedPlots:
    path = folder / "farm.geojson"
    path.write_text(f'{{"type": "FeatureCollection", "features": [{", ".join(features)}]}}', encoding="utf-8")
    found = import_plots(path, **options)
    assert found.rows_in == found.plots.height + found.rejects.height == len(features)
    return found


def fault(found: ImportedPlots) -> str:
    [reason] = found.rejects["reason"]
    return next(key for key, (sentence, _) in FAULTS.items() if sentence == reason)


def notes(found: ImportedPlots) -> set[str]:
    return {key for key, sentence in NOTES.items() for note in found.notes if note.message.sentence == sentence}


@pytest.mark.parametrize(
    ("number", "decimals"),
    [
        ("6.348210", 6), ("6.34821", 5), ("6", 0), ("-1.98", 2), ("1.5e1", 0), ("15.25E1", 1), ("1.23e-4", 6),
        ("1e-7", 7), ("12e3", 0), (" 0.10 ", 2), ("+3.250", 3),
    ],
)  # fmt: skip
def test_decimals_are_counted_as_written(number: str, decimals: int):
    assert decimals_of(number) == decimals


@pytest.mark.parametrize(
    ("coordinates", "decimals"),
    [
        ("[10.123456, 1.654321]", 6),
        ("[10.100000, 1.200000]", 6),  # zeros at the end were written, so they count
        ("[10.12345, 1.654321]", 5),  # the worse of the two
        ("[10.1234567890123, 1.65]", 2),
        ("[101.234567e-1, 1.6543210]", 7),
        ("[10, 1.654321]", 0),
        ("[10.123456, 1.654321, 7.5]", 6),  # heights do not count
    ],
)
def test_the_fewest_decimals_of_a_plot_count(tmp_path: Path, coordinates: str, decimals: int):
    [row] = read(tmp_path, feature(point(coordinates))).plots.rows(named=True)

    assert (row["decimals"], row["decimals_known"]) == (decimals, True)


def test_a_plot_is_read_with_what_its_properties_say(tmp_path: Path):
    properties = {
        "plot_id": "GA-1", "Area": 3.75, "ProducerCountry": "GA", "commodity": "Soy", "supplier": "S-1",
        "use": "Crop", "ProductionPlace": "Farm of nobody", "ProducerName": "Nobody", "colour": "red",
    }  # fmt: skip
    [row] = read(tmp_path, feature(polygon(), json.dumps(properties))).plots.rows(named=True)

    assert row["plot"] == "GA-1"
    assert row["area_ha"] == Decimal("3.75")
    assert (row["country"], row["commodity"], row["supplier"], row["use"]) == ("GA", "soy", "S-1", "crop")
    assert (row["shape"], row["source_row"], row["property"]) == ("outline", 1, None)
    assert shapely.from_wkb(row["geometry"]).equals(shapely.box(10, 1, 10.001, 1.001))
    assert "Nobody" not in str(row)  # names of people stay in the file


def test_the_declared_area_is_never_measured(tmp_path: Path):
    [row] = read(tmp_path, feature(polygon())).plots.rows(named=True)

    assert row["area_ha"] is None


@pytest.mark.parametrize("written", ["0", "-1", '"many"', '"NaN"', "1e30", "0.0000001"])
def test_an_area_that_is_none_is_refused(tmp_path: Path, written: str):
    found = read(tmp_path, feature(polygon(), f'{{"plot_id": "P", "area_ha": {written}}}'))

    assert fault(found) == "area"
    assert found.rejects["field"].to_list() == ["area_ha"]


def test_an_area_may_be_in_square_metres(tmp_path: Path):
    [row] = read(tmp_path, feature(polygon(), '{"plot_id": "P", "area (m2)": 12345}')).plots.rows(named=True)

    assert row["area_ha"] == Decimal("1.2345")


def test_an_area_written_as_text_is_noted(tmp_path: Path):
    found = read(tmp_path, feature(point(), '{"plot_id": "P", "Area": "3"}'))

    assert found.plots["area_ha"].to_list() == [Decimal(3)]
    assert notes(found) == {"area-as-text"}


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        ("null", "missing"),
        ('"POINT (1 2)"', "not-geometry"),
        ("[1, 2]", "not-geometry"),
        ('{"type": "LineString", "coordinates": [[10, 1], [11, 1]]}', "kind"),
        ('{"type": "Circle"}', "kind"),
        ('{"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]}', "collection"),
        (polygon("[]"), "missing"),
        (polygon("[[[10, 1], [11, 1], [11, 2], [10, 2]]]"), "ring-open"),
        (polygon("[[[10, 1], [11, 1], [10, 1]]]"), "ring-short"),
        (polygon("[[[10, 1], [11, 2], [11, 1], [10, 2], [10, 1]]]"), "crossing"),  # a figure eight
        (polygon("[[[10, 1], [11, 1], [12, 1], [10, 1]]]"), "no-area"),
        (polygon("[[[10, 1], [11, 1], [11, null], [10, 1]]]"), "not-number"),
        (polygon('[[[10, 1], ["11", 1], [11, 2], [10, 1]]]'), "not-number"),
        (polygon("[[10, 1], [11, 1], [11, 2], [10, 1]]"), "not-number"),
        (polygon("[[[179, 1], [-179, 1], [-179, 2], [179, 2], [179, 1]]]"), "wide"),
        (polygon("[[[10, 1], [11, NaN], [11, 2], [10, 1]]]"), "not-number"),
        (polygon("[[[10, 1], [1e400, 1], [11, 2], [10, 1]]]"), "not-number"),
        (polygon("[[[10, 1], [11, -Infinity], [11, 2], [10, 1]]]"), "not-number"),
        (point("[NaN, 1]"), "not-number"),
        (point("[10]"), "not-number"),
        (point("[0, 0]"), "null-island"),
        (point("[0.0, 0.000000]"), "null-island"),
        (point("[12.67, 108.03]"), "axes"),
        (point("[797494.32, 5827326.64]"), "not-degrees"),
        (point("[180.000001, 1]"), "not-degrees"),
        (point("[10, 90.000001]"), "axes"),
    ],
)
def test_a_shape_that_is_no_plot_is_refused_with_reason_place_and_remedy(
    tmp_path: Path, geometry: str, expected: str
):
    found = read(tmp_path, feature(geometry), feature(point(), '{"plot_id": "good"}'))
    [reject] = found.rejects.rows(named=True)

    assert fault(found) == expected
    assert (reject["table"], reject["field"], reject["source_row"]) == ("plots", "geometry", 1)
    assert (reject["source_name"], reject["remedy"]) == ("farm.geojson", FAULTS[expected][1])
    assert reject["reason"] % json.loads(reject["values"])
    assert found.plots["plot"].to_list() == ["good"]


@pytest.mark.parametrize("coordinates", ["[180, 90]", "[-180, -90]", "[0, 1]", "[1, 0]"])
def test_the_edges_of_the_world_are_places(tmp_path: Path, coordinates: str):
    assert read(tmp_path, feature(point(coordinates))).rejects.is_empty()


def test_a_null_feature_is_a_row(tmp_path: Path):
    assert fault(read(tmp_path, "null")) == "null-feature"


def test_what_is_unusual_is_kept_and_noted(tmp_path: Path):
    height = polygon("[[[10, 1, 5], [11, 1, 5], [11, 2, 5], [10, 1, 5]]]")
    hole = polygon("[[[0, 0.1], [9, 0.1], [9, 9], [0, 9], [0, 0.1]], [[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]]]")
    pair = "[[[[10, 1], [11, 1], [11, 2], [10, 1]]], [[[20, 1], [21, 1], [21, 2], [20, 1]]]]"
    parts = f'{{"type": "MultiPolygon", "coordinates": {pair}}}'
    clockwise = polygon("[[[10, 1], [11, 2], [11, 1], [10, 1]]]")

    for geometry, expected in ((height, "height"), (hole, "holes"), (parts, "parts"), (clockwise, "clockwise")):
        found = read(tmp_path, feature(geometry))
        assert found.plots.height == 1
        assert notes(found) == {expected}
        assert not shapely.has_z(shapely.from_wkb(found.plots["geometry"][0]))


def test_several_points_are_one_plot_of_points(tmp_path: Path):
    found = read(tmp_path, feature('{"type": "MultiPoint", "coordinates": [[10, 1], [11, 1]]}'))

    assert found.plots["shape"].to_list() == ["point"]


def test_a_plot_without_an_id_is_called_by_its_number_in_the_file(tmp_path: Path):
    found = read(tmp_path, feature(point(), "{}"), feature(point(), '{"plot_id": ""}'), feature(point(), "null"))

    assert found.plots["plot"].to_list() == ["farm#1", "farm#2", "farm#3"]
    assert notes(found) == {"own-id"}


def test_the_id_of_a_feature_is_used_unless_it_is_a_counter(tmp_path: Path):
    found = read(
        tmp_path, feature(point(), "{}", ', "id": "GH-7"'), feature(point(), "{}", ', "id": 7'),
        feature(point(), "{}", ', "id": "8"'),
    )  # fmt: skip

    assert sorted(found.plots["plot"]) == ["GH-7", "farm#2", "farm#3"]


def test_production_places_are_ids_where_they_are_unique(tmp_path: Path):
    def called(*places: str) -> list[str]:
        features = [feature(point(), json.dumps({"ProductionPlace": place})) for place in places]
        return sorted(read(tmp_path, *features).plots["plot"])

    assert called("Upper field", "Lower field") == ["Lower field", "Upper field"]
    assert called("Farm", "Farm") == ["farm#1", "farm#2"]
    assert called("Farm", "") == ["farm#1", "farm#2"]


def test_an_id_is_taken_once(tmp_path: Path):
    found = read(tmp_path, feature(point()), feature(polygon()))
    assert (found.plots["shape"].to_list(), fault(found)) == (["point"], "same-id")

    found = read(tmp_path, feature(point()), existing_ids=frozenset({"P"}))
    assert fault(found) == "same-id"


def test_an_unknown_choice_is_left_empty_and_noted(tmp_path: Path):
    found = read(tmp_path, feature(point(), '{"plot_id": "P", "country": "Gabon", "use": "moon base"}'))

    assert found.plots.select("country", "use").rows() == [("GA", None)]
    assert notes(found) == {"choice"}


def test_an_unknown_country_refuses_the_plot_as_in_a_table(tmp_path: Path):
    known, unknown, blank = (
        feature(point(), json.dumps({"plot_id": plot, "Country": country}))
        for plot, country in (("P", "Gabon"), ("Q", "Atlantis"), ("R", "n/a"))
    )
    found = read(tmp_path, known, unknown, blank)

    assert found.plots.select("plot", "country").rows() == [("P", "GA"), ("R", None)]
    [refused] = found.rejects.rows(named=True)
    assert (refused["source_row"], refused["field"], refused["value"]) == (2, "Country", "Atlantis")
    assert refused["reason"] == REASONS["unknown-country"].reason
    assert refused["remedy"] == REASONS["unknown-country"].remedy
    assert json.loads(refused["values"])["header"] == "Country"

    table = tmp_path / "plots.csv"
    table.write_text("Plot,Country\nP,Gabon\nQ,Atlantis\nR,n/a\n", encoding="utf-8")
    tabular = import_tabular(table, table="plots")
    assert tabular.tables["plots"].select("plot", "country").rows() == [("P", "GA"), ("R", None)]
    said = ["field", "value", "reason", "remedy"]
    assert tabular.rejects.select(said).rows() == found.rejects.select(said).rows()


def test_a_mapping_names_columns(tmp_path: Path):
    text = feature(point(), '{"FARM_NO": "F-9", "grows": "cocoa", "plot": "not this"}')
    found = read(tmp_path, text, mapping={"FARM_NO": "plot", "grows": "commodity"})
    assert found.plots.select("plot", "commodity").rows() == [("F-9", "cocoa")]

    with pytest.raises(UsageError, match="colour is not a column of plots"):
        read(tmp_path, text, mapping={"grows": "colour"})


def test_a_file_in_another_reference_system_is_refused_feature_by_feature(tmp_path: Path):
    path = tmp_path / "utm.geojson"
    crs = '"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32632"}}'
    path.write_text(f'{{"type": "FeatureCollection", {crs}, "features": [{feature(point())}]}}')

    assert fault(import_plots(path)) == "other-system"
    path.write_text(path.read_text().replace("EPSG::32632", "EPSG::4326"))
    assert import_plots(path).plots.height == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "not valid JSON: line 1"),
        ("[1, 2]", "not GeoJSON"),
        ('{"type": "FeatureCollection"}', "no list of features"),
        ("[" * 100_000, "nested too deeply"),
        ("", "is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(tmp_path: Path, content: str, says: str):
    path = tmp_path / "farm.geojson"
    path.write_text(content)

    with pytest.raises(UnreadableInput, match=says):
        import_plots(path)


def test_an_unknown_ending_names_the_kinds(tmp_path: Path):
    (tmp_path / "farm.dwg").write_text("x")

    with pytest.raises(UnreadableInput, match=r"farm\.dwg is not a kind of file .*\.geojson"):
        import_plots(tmp_path / "farm.dwg")


def test_the_same_file_gives_the_same_rows(tmp_path: Path):
    first = read(tmp_path, feature(point()), feature(polygon(), '{"plot_id": "Q"}'))
    second = read(tmp_path, feature(point()), feature(polygon(), '{"plot_id": "Q"}'))

    assert first.plots.equals(second.plots)
    assert len(first.plots["source"][0]) == 64


@pytest.mark.parametrize(
    "geometry",
    [
        point(), point("[10, 1, 3]"), polygon(), "null", '"text"', polygon("[[[10, 1], [11, 1], [11, 2]]]"),
        polygon("[[[10, 1], [11, 2], [11, 1], [10, 1]]]"),
        polygon("[[[10, 1, 5], [11, 1], [11, 2, 5], [10, 1, 5]]]"),
        '{"type": "MultiPoint", "coordinates": [[1, 2], [3, 4.25e1]]}', point("[1e400, 2]"),
        '{"type": "LineString", "coordinates": [[1, 2], [3, 4]]}', '{"type": "Point", "coordinates": [-0.0, 1E1]}',
        '{"type": "MultiPolygon", "coordinates": [[[[0,0],[9,0],[9,9],[0,0]]],[[[20,0],[29,9],[29,0],[20,0]]]]}',
        '{"type": "Polygon", "coordinates": [[[0.12345678901234567,0],[9,0],[9,9],[0.12345678901234567,0]]]}',
    ],
)  # fmt: skip
def test_both_readers_say_the_same(tmp_path: Path, geometry: str):
    others = ['{"a": 1, "b": "1", "c": null, "d": [1, "é"], "e": 1.50}', "null", "[]", "{}"]
    listed = [feature(geometry, properties, ', "id": "x"') for properties in others]
    text = f'{{"type": "FeatureCollection", "features": [{", ".join(listed)}, null, 7]}}'.encode()
    scanned = scanned_features(text)
    path = tmp_path / "farm.geojson"
    wrapped = text.replace(
        b'"FeatureCollection"', b'"FeatureC\\u006fllection"'
    )  # which only Python's reader takes
    path.write_bytes(wrapped)

    assert scanned_features(wrapped) is None
    assert scanned is not None
    for ours, theirs in zip(scanned, read_geojson(path), strict=True):
        assert str(replace(ours, shape=Fault(""))) == str(replace(theirs, shape=Fault("")))
        assert isinstance(ours.shape, Fault) == isinstance(theirs.shape, Fault)
        if not isinstance(ours.shape, Fault):
            assert shapely.has_z(ours.shape) == shapely.has_z(theirs.shape)
            assert shapely.to_wkb(shapely.force_2d(ours.shape)) == shapely.to_wkb(shapely.force_2d(theirs.shape))
        else:
            assert (ours.shape.key, ours.shape.value) == (theirs.shape.key, theirs.shape.value)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("Ｐ１", "P1"), ("Sa\u0303o", "S\u00e3o"), (" P1 ", "P1"), ("P 1", "P 1"), ("007", "007")],
)
def test_a_plot_has_the_identifier_that_any_table_would_give_it(tmp_path: Path, written: str, read_as: str):
    found = read(tmp_path, feature(point(), json.dumps({"plot_id": written, "supplier": written})))

    assert found.plots.select("plot", "supplier").row(0) == (read_as, read_as)
    assert ("read-as" in notes(found)) == (written.strip() != read_as)


@pytest.mark.parametrize(
    ("written", "why"),
    [("8.71E+12", "scientific-id"), ("P\x1b[31m1", "unseen"), ("P\u200b1", "unseen"), ("x" * 32_768, "too-long"),
     ("P\n1", "line-break-in-id")],
)  # fmt: skip
def test_an_identifier_that_no_table_would_take_is_refused(tmp_path: Path, written: str, why: str):
    found = read(tmp_path, feature(point(), json.dumps({"plot_id": written})))

    assert found.rejects["reason"].item() == REASONS[why].reason
    assert found.rejects["field"].item() == "plot_id"
    assert "\x1b" not in found.rejects["value"].item()
    sentence = found.rejects["reason"].item() % json.loads(found.rejects["values"].item())
    assert len(sentence) < 300


def test_a_plot_called_nothing_gets_a_name_of_its_own(tmp_path: Path):
    [row] = read(tmp_path, feature(point(), '{"plot_id": "n/a"}')).plots.rows(named=True)

    assert row["plot"] == "farm#1"


def test_properties_that_are_not_read_are_named(tmp_path: Path):
    found = read(tmp_path, feature(point(), '{"plot_id": "P", "colour": "red", "shape": "point", "user_id": "7"}'))

    assert found.unread == ("colour", "user_id")  # the shape is seen on the geometry itself
