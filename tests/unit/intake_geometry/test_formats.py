import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from landproof.domain.errors import UnreadableInput
from landproof.intake.plots import import_plots
from tests.unit.intake_geometry.test_geojson import fault, notes

BOX = shapely.box(102.7, 25.0, 102.701, 25.001)  # an invented field


def write(path: Path, shapes: list[shapely.Geometry | None], names: list[str], **options: Any) -> Path:
    wkb = np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], dtype=object)
    fields = [np.array(names, dtype=object)]
    options = {"crs": "EPSG:4326", "geometry_type": "Polygon"} | options
    pyogrio.raw.write(path, wkb, fields, ["plot_id"], **options)
    return path


def zipped(folder: Path, *endings: str, name: str = "farm.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w") as archive:
        for ending in endings or (".shp", ".shx", ".dbf", ".prj", ".cpg"):
            archive.write(folder / f"farm{ending}", f"data/farm{ending}")
    return folder / name


def test_a_geopackage(tmp_path: Path):
    found = import_plots(write(tmp_path / "farm.gpkg", [BOX, None], ["P", "Q"]))

    assert found.plots.select("plot", "shape", "decimals", "decimals_known").rows() == [
        ("P", "outline", None, False)
    ]
    assert shapely.from_wkb(found.plots["geometry"][0]).equals(BOX)
    assert (found.rows_in, fault(found)) == (2, "missing")


def test_a_geopackage_in_metres_is_converted_and_noted(tmp_path: Path):
    ways = Transformer.from_crs("EPSG:4326", "EPSG:32648", always_xy=True)
    flat = shapely.transform(BOX, lambda points: np.column_stack(ways.transform(points[:, 0], points[:, 1])))
    found = import_plots(write(tmp_path / "farm.gpkg", [flat], ["P"], crs="EPSG:32648"))

    assert notes(found) == {"transformed"}
    assert shapely.from_wkb(found.plots["geometry"][0]).equals_exact(BOX, 1e-9)


def test_a_zipped_shapefile(tmp_path: Path):
    write(tmp_path / "farm.shp", [BOX], ["地块甲"], encoding="UTF-8")
    found = import_plots(zipped(tmp_path))

    assert found.plots.select("plot", "decimals_known").rows() == [("地块甲", False)]


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_a_shapefile_without_a_code_page(tmp_path: Path, encoding: str):
    write(tmp_path / "farm.shp", [BOX], ["云南地块"], encoding=encoding)
    table = bytearray((tmp_path / "farm.dbf").read_bytes())
    table[29] = 0  # no language driver either
    (tmp_path / "farm.dbf").write_bytes(table)

    assert import_plots(zipped(tmp_path, ".shp", ".shx", ".dbf", ".prj")).plots["plot"].to_list() == ["云南地块"]


def test_a_shapefile_without_its_system_is_read_as_degrees_and_noted(tmp_path: Path):
    write(tmp_path / "farm.shp", [BOX], ["P"])
    found = import_plots(zipped(tmp_path, ".shp", ".shx", ".dbf", ".cpg"))

    assert notes(found) == {"no-system"}
    assert found.plots["plot"].to_list() == ["P"]


def test_a_shapefile_without_its_index_is_refused(tmp_path: Path):
    write(tmp_path / "farm.shp", [BOX], ["P"])

    with pytest.raises(UnreadableInput, match=r"without its \.shx"):
        import_plots(zipped(tmp_path, ".shp", ".dbf"))


@pytest.mark.parametrize(
    "member", ["../farm.shp", "/etc/farm.shp", "a/../../farm.shp", "..\\farm.shp", "C:\\farm.shp"]
)
def test_an_archive_that_climbs_out_is_refused(tmp_path: Path, member: str):
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr(member, "x")

    with pytest.raises(UnreadableInput, match="leads out of its own folder"):
        import_plots(tmp_path / "bad.zip")


def test_an_archive_without_shapes_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing here")

    with pytest.raises(UnreadableInput, match="holds no shapefile"):
        import_plots(tmp_path / "empty.zip")


def kml(*marks: str) -> str:
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{"".join(marks)}</Document></kml>'


def mark(geometry: str, name: str = "P") -> str:
    return f"<Placemark><name>{name}</name>{geometry}</Placemark>"


def ring(*positions: str) -> str:
    return f"<LinearRing><coordinates>\n {'  '.join(positions)} </coordinates></LinearRing>"


POLYGON = (
    f"<Polygon><outerBoundaryIs>{ring('10.000000,1.0', '10.1,1.0', '10.1,1.1', '10.000000,1.0')}"
    "</outerBoundaryIs></Polygon>"
)
POINT = "<Point><coordinates>10.123456,1.654321,0</coordinates></Point>"


def test_kml_counts_decimals_and_keeps_names(tmp_path: Path):
    path = tmp_path / "farm.kml"
    path.write_text(kml(mark(POLYGON), mark(POINT, "Q")), encoding="utf-8")
    found = import_plots(path)

    rows = found.plots.select("plot", "shape", "decimals", "decimals_known").rows()
    assert rows == [("P", "outline", 1, True), ("Q", "point", 6, True)]


def test_kml_data_comes_before_the_name(tmp_path: Path):
    values = {"plot_id": "B-2", "Area": "1.5"}
    data = "".join(f'<Data name="{name}"><value>{value}</value></Data>' for name, value in values.items())
    path = tmp_path / "farm.kml"
    path.write_text(kml(mark(f"<ExtendedData>{data}</ExtendedData>{POINT}")), encoding="utf-8")
    [row] = import_plots(path).plots.rows(named=True)

    assert (row["plot"], str(row["area_ha"])) == ("B-2", "1.500000")


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        ("", "missing"),
        ("<LineString><coordinates>1,1 2,2</coordinates></LineString>", "kind"),
        (f"<MultiGeometry>{POLYGON}{POINT}</MultiGeometry>", "collection"),
        (
            f"<Polygon><outerBoundaryIs>{ring('10,1', '11,1', '11,2', '10,2')}</outerBoundaryIs></Polygon>",
            "ring-open",
        ),
        ("<Point><coordinates>here</coordinates></Point>", "not-number"),
    ],
)
def test_kml_that_is_no_plot_is_refused(tmp_path: Path, geometry: str, expected: str):
    path = tmp_path / "farm.kml"
    path.write_text(kml(mark(geometry)), encoding="utf-8")

    assert fault(import_plots(path)) == expected


def test_kml_with_several_polygons_is_one_plot(tmp_path: Path):
    path = tmp_path / "farm.kml"
    other = POLYGON.replace("10.", "20.")
    path.write_text(kml(mark(f"<MultiGeometry>{POLYGON}{other}</MultiGeometry>")), encoding="utf-8")

    assert notes(import_plots(path)) == {"parts"}


def test_kml_with_definitions_of_entities_is_refused(tmp_path: Path):
    path = tmp_path / "farm.kml"
    path.write_text('<!DOCTYPE kml [<!ENTITY a "aaaa">]>' + kml(mark("&a;")), encoding="utf-8")

    with pytest.raises(UnreadableInput, match="defines a document type"):
        import_plots(path)


def test_kmz_holds_kml(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "farm.kmz", "w") as archive:
        archive.writestr("doc.kml", kml(mark(POINT)))

    assert import_plots(tmp_path / "farm.kmz").plots["decimals"].to_list() == [6]


def test_kmz_that_climbs_out_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "farm.kmz", "w") as archive:
        archive.writestr("../doc.kml", kml(mark(POINT)))

    with pytest.raises(UnreadableInput, match="leads out of its own folder"):
        import_plots(tmp_path / "farm.kmz")


def parquet(path: Path, shapes: list[bytes | None], **column: Any) -> Path:
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"} | column}}
    table = pa.table({"plot": [f"P{at}" for at in range(len(shapes))], "geometry": pa.array(shapes, pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


def test_a_geoparquet(tmp_path: Path):
    found = import_plots(parquet(tmp_path / "farm.parquet", [shapely.to_wkb(BOX), None, b"\x01\x02"]))

    assert found.plots.select("plot", "decimals_known").rows() == [("P0", False)]
    assert found.rejects["source_row"].to_list() == [2, 3]


def test_a_geoparquet_without_a_known_system_is_noted(tmp_path: Path):
    assert notes(import_plots(parquet(tmp_path / "farm.parquet", [shapely.to_wkb(BOX)], crs=None))) == {
        "no-system"
    }


def test_a_parquet_without_geometries_is_refused(tmp_path: Path):
    pq.write_table(pa.table({"plot": ["P"]}), tmp_path / "farm.parquet")

    with pytest.raises(UnreadableInput, match="has no geometries"):
        import_plots(tmp_path / "farm.parquet")


@pytest.mark.parametrize("name", ["farm.gpkg", "farm.parquet", "farm.zip", "farm.kmz"])
def test_a_damaged_file_is_refused_in_words(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(struct.pack("<4I", 1, 2, 3, 4))

    with pytest.raises(UnreadableInput, match=name):
        import_plots(tmp_path / name)


def test_positions_of_a_geoparquet_that_are_no_numbers_are_refused_in_words_alone(tmp_path: Path):
    """A warning of a library, which users would see, fails this test."""
    nan, inf = float("nan"), float("inf")
    corners = [(10.0, 1.0), (10.1, 1.0), (10.1, 1.1), (10.0, 1.0)]
    shapes = [
        wkb(3, [(*corners[0], nan), *((*corner, 5.0) for corner in corners[1:3]), (*corners[0], nan)], 1000),
        wkb(3, [corners[0], (nan, 1.0), *corners[2:]]),
        wkb(3, [corners[0], (inf, 1.0), *corners[2:]]),
        wkb(3, [(nan, nan)] * 4),
        wkb(3, corners, order=">"),
        wkb(3, [(*corner, 7.0) for corner in corners], 2000),
        wkb(3, [(*corner, 6.0, 7.0) for corner in corners], 3000),
    ]
    found = import_plots(parquet(tmp_path / "farm.parquet", list(shapes)))

    assert found.rejects["source_row"].to_list() == [2, 3, 4]
    kept = [shapely.from_wkb(each) for each in found.plots.sort("source_row")["geometry"]]
    assert len(kept) == 4
    assert all(each.equals(shapely.Polygon(corners)) for each in kept)


def wkb(kind: int, corners: list[tuple[float, ...]], dimensions: int = 0, order: str = "<") -> bytes:
    """An outline as it is written in either order of bytes, with Z (1000), M (2000) or both (3000)."""
    head = struct.pack(f"{order}BIII", order == "<", kind + dimensions, 1, len(corners))
    return head + b"".join(struct.pack(f"{order}{len(each)}d", *each) for each in corners)
