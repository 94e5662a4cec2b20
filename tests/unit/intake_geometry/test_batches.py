"""GeoParquet is read a batch at a time, with the same result as at once."""

import json
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
import shapely
from polars.testing import assert_frame_equal

from landproof.domain.errors import UnreadableInput
from landproof.intake.plot_batches import plot_batches, twice
from landproof.intake.plots import import_plots

GEO = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}


def parquet(path: Path, **columns: list[object]) -> Path:
    frame = pl.DataFrame(columns)
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).replace_schema_metadata({"geo": json.dumps(GEO)})
    pq.write_table(table, path)
    return path


def boxes(count: int) -> list[object]:
    return [shapely.to_wkb(shapely.box(number, 1, number + 0.1, 1.1)) for number in range(1, count + 1)]


@pytest.fixture
def plots(tmp_path: Path) -> Path:
    shapes = boxes(7)
    shapes[2] = shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)]))
    shapes[5] = None
    return parquet(
        tmp_path / "p.parquet",
        plot=[f"P{number}" for number in range(7)],
        area_ha=[1.0, 2.5, 3.0, None, 5.0, 6.0, 7.0],
        geometry=shapes,
    )


@pytest.mark.parametrize("rows", [1, 2, 3, 7, 100])
def test_batches_are_the_whole(plots: Path, rows: int):
    whole = import_plots(plots)
    found = list(plot_batches(plots, whole.source, rows=rows))

    assert len(found) == -(-7 // rows)
    assert [each.rows_in for each in found[:-1]] == [rows] * (len(found) - 1)
    together = pl.concat([each.plots for each in found]).sort("plot")
    assert_frame_equal(together, whole.plots)
    rejects = pl.concat([each.rejects for each in found])
    assert_frame_equal(rejects, whole.rejects)
    assert rejects["source_row"].to_list() == [3, 6]


def test_an_id_that_comes_again_in_a_later_batch_is_rejected_as_in_the_whole(tmp_path: Path):
    path = parquet(tmp_path / "p.parquet", plot=["A", "B", "A"], geometry=boxes(3))
    whole = import_plots(path)
    again = pl.DataFrame({"plot": ["A"], "source_row": [3]})

    assert_frame_equal(twice(again, whole.source, path.name), whole.rejects)


@pytest.mark.parametrize(("places", "expected"), [(["x", "y", "z"], ["x", "y", "z"]), (["x", "y", "x"], None)])
def test_a_place_is_an_id_only_where_it_is_unique_in_the_whole_file(
    tmp_path: Path, places: list[object], expected: list[str] | None
):
    path = parquet(tmp_path / "p.parquet", ProductionPlace=places, geometry=boxes(3))
    found = [plot for batch in plot_batches(path, "0", rows=1) for plot in batch.plots["plot"]]

    assert found == (expected or ["p#1", "p#2", "p#3"])


def test_other_formats_are_one_batch(tmp_path: Path):
    path = tmp_path / "p.csv"
    path.write_text("plot,longitude,latitude\nA,10.123456,5.123456\nB,11.123456,5.123456\n")
    [batch] = plot_batches(path, "0", rows=1)
    assert batch.plots["plot"].to_list() == ["A", "B"]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\0" * 100 + b"PAR1"])
def test_what_is_no_parquet_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "p.parquet"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput, match=r"p\.parquet"):
        list(plot_batches(path, "0"))


def test_a_table_without_geometries_is_refused(tmp_path: Path):
    path = tmp_path / "p.parquet"
    pl.DataFrame({"plot": ["A"]}).write_parquet(path)
    with pytest.raises(UnreadableInput, match="has no geometries"):
        list(plot_batches(path, "0"))


def collection(path: Path, features: list[str], *members: str) -> Path:
    listed = ['"type": "FeatureCollection"', f'"features": [{", ".join(features)}]', *members]
    path.write_text("{" + ", ".join(listed) + "}", encoding="utf-8")
    return path


def feature(number: int, properties: str = "", geometry: str | None = None) -> str:
    shape = geometry or shapely.to_geojson(shapely.box(number + 10, 1, number + 10.1, 1.1))
    return f'{{"type": "Feature", "properties": {{{properties}}}, "geometry": {shape}}}'


@pytest.mark.parametrize("chunk", [600, 1_000, 100_000])
def test_geojson_in_pieces_is_the_whole(tmp_path: Path, chunk: int):
    """Ids come under a heading that the first features do not have; some features are no plots."""
    features = [feature(number, '"note": "云南 x"') for number in range(3)]
    features += [feature(number, f'"plot_id": "P{number}", "area_ha": "2,5"') for number in range(3, 20)]
    features += [feature(20, geometry='{"type": "LineString", "coordinates": [[1, 2], [3, 4]]}'), "null", "7"]
    features += [feature(21, geometry="null"), feature(22, '"plot_id": null'), feature(23, '"last": 1')]
    path = collection(tmp_path / "p.geojson", features, '"name": "云南"')
    whole = import_plots(path)
    found = list(plot_batches(path, whole.source, whole=0, chunk=chunk))

    assert (len(found) > 1) is (chunk < 100_000)
    assert_frame_equal(pl.concat([each.plots for each in found]).sort("plot"), whole.plots)
    assert_frame_equal(pl.concat([each.rejects for each in found]), whole.rejects)
    assert sum(each.rows_in for each in found) == whole.rows_in == 26
    assert whole.rejects["source_row"].to_list() == [21, 22, 23, 24]


def test_a_reference_system_behind_the_features_holds_for_the_first(tmp_path: Path):
    crs = '"crs": {"type": "name", "properties": {"name": "EPSG:32648"}}'
    path = collection(tmp_path / "p.geojson", [feature(number) for number in range(10)], crs)
    found = list(plot_batches(path, "0", whole=0, chunk=500))

    assert len(found) > 1
    assert sum(each.plots.height for each in found) == 0
    assert sum(each.rejects.height for each in found) == 10


@pytest.mark.parametrize("again", [False, True])
def test_places_name_plots_of_geojson_where_each_has_its_own(tmp_path: Path, again: bool):
    places = [f'"ProductionPlace": "place {0 if again and number == 9 else number}"' for number in range(10)]
    path = collection(tmp_path / "p.geojson", [feature(number, place) for number, place in enumerate(places)])
    whole = import_plots(path)
    found = list(plot_batches(path, whole.source, whole=0, chunk=500))

    assert len(found) > 1
    assert_frame_equal(pl.concat([each.plots for each in found]).sort("plot"), whole.plots)
    assert (whole.plots["plot"][0] == "place 0") is not again


@pytest.mark.parametrize("size", [-1, 0])
def test_small_geojson_is_read_at_once(tmp_path: Path, size: int):
    path = collection(tmp_path / "p.geojson", [feature(number) for number in range(10)])
    found = list(plot_batches(path, "0", whole=path.stat().st_size + size, chunk=500))
    assert (len(found) > 1) is (size < 0)


@pytest.mark.parametrize("content", [
    '{"type": "FeatureCollection", "features": [%s, {"type": }]}',
    '{"type": "FeatureCollection", "features": [%s], "bro',
    '{"features": [%s]}',
    '{"type": "FeatureCollection", "features": [%s], "\udcff": 1}',
])  # fmt: skip
def test_geojson_that_is_wrong_is_refused_as_when_it_is_read_at_once(tmp_path: Path, content: str):
    path = tmp_path / "p.geojson"
    path.write_bytes((content % feature(1)).encode("utf-8", "surrogateescape"))
    with pytest.raises(UnreadableInput) as whole:
        import_plots(path)
    with pytest.raises(UnreadableInput) as pieces:
        list(plot_batches(path, "0", whole=0, chunk=500))
    assert str(pieces.value) == str(whole.value)


def test_geojson_in_gb18030_is_read_at_once(tmp_path: Path):
    path = tmp_path / "p.geojson"
    written = collection(path, [feature(number, '"plot_id": "云南省普洱市澜沧县茶园"') for number in range(1)])
    path.write_bytes(written.read_text(encoding="utf-8").encode("gb18030"))
    [found] = plot_batches(path, "0", whole=0, chunk=500)
    assert found.plots["plot"].to_list() == ["云南省普洱市澜沧县茶园"]
