"""Files that others publish. What to expect is taken from their names and from the EUDR file description."""

from pathlib import Path

import pytest
import shapely

from landproof.domain.errors import UnreadableInput
from landproof.intake.plots import ImportedPlots, import_plots
from tests.unit.intake_geometry.test_geojson import fault, notes

FILES = Path(__file__).parents[3].parent / "shared" / "data" / "plots"


def read(name: str) -> ImportedPlots:
    path = FILES / name
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    found = import_plots(path)
    assert found.rows_in == found.plots.height + found.rejects.height
    assert found.plots["plot"].is_unique().all()
    return found


@pytest.mark.parametrize(
    ("name", "plots"),
    [
        ("eudr_fixtures/valid_point-under-4ha.geojson", 1),
        ("eudr_fixtures/valid_polygon-over-4ha.geojson", 1),
        ("eudr_fixtures/valid_multipolygon-farm.geojson", 1),
        ("eudr_fixtures/eudr_valid_plots_daloa.geojson", 3),
        ("eudr_fixtures/eu_file_description_type1_example.geojson", 2),
        ("eudr_fixtures/invalid_reversed-lat-lon.geojson", 1),  # in range: only a map of countries can tell
        ("geojson_cases/valid_featurecollection.geojson", 1),
        ("geojson_cases/valid_geometry_multipoint.geojson", 1),
        ("geojson_cases/problematic_3d_coordinates.geojson", 1),
        ("geojson_cases/problematic_excessive_coordinate_precision.geojson", 1),
        ("geojson_cases/problematic_holes.geojson", 1),
        ("geojson_cases/invalid_exterior_not_ccw.geojson", 1),  # RFC 7946, 3.1.6: readers should not refuse it
        ("whisp/whisp_example_50.geojson", 50),
        ("whisp/whisp_plots_31.geojson", 31),
        ("formats/eudr_style_31.geojson", 31),
        ("formats/plots12.kml", 12),
        ("formats/plots12_shapefile.zip", 12),
        ("formats/plots12_wkt.csv", 12),
        ("formats/points_latlon.csv", 15),
        ("formats/terratrac_columns_8.csv", 8),
        ("formats/vertex_per_row_3.csv", 3),
        ("gfwpro/colombia.tsv", 2),
    ],
)
def test_what_is_valid_is_read(name: str, plots: int):
    found = read(name)

    assert (found.plots.height, found.rejects.height) == (plots, 0)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("eudr_fixtures/invalid_self-intersecting-polygon.geojson", "crossing"),
        ("eudr_fixtures/invalid_unclosed-ring.geojson", "ring-open"),
        ("geojson_cases/invalid_unclosed.geojson", "ring-open"),
        ("geojson_cases/invalid_incorrect_geometry_data_type.geojson", "kind"),
        ("geojson_cases/invalid_feature_geometry_is_string.geojson", "not-geometry"),
        ("geojson_cases/invalid_featurecollection_feature_nullfeature.geojson", "null-feature"),
        ("geojson_cases/problematic_self_intersection_small.geojson", "crossing"),
        ("geojson_cases/problematic_crs_defined.geojson", "other-system"),
        ("geojson_cases/problematic_geometrycollection_single.geojson", "collection"),
    ],
)
def test_what_is_invalid_is_refused(name: str, expected: str):
    assert fault(read(name)) == expected


def test_a_truncated_kml_is_refused_as_a_whole():
    with pytest.raises(UnreadableInput, match="is not complete KML: line 12"):
        read("eudr_fixtures/invalid_malformed.kml")


def test_oddities_are_noted():
    assert "holes" in notes(read("whisp/whisp_example_50.geojson"))  # plot 14, says its description
    assert notes(read("geojson_cases/problematic_3d_coordinates.geojson")) == {"height", "own-id"}
    assert notes(read("eudr_fixtures/valid_multipolygon-farm.geojson")) == {"parts"}


def test_messy_rows_are_all_accounted_for():
    found = read("synthetic_aoi/messy_submission.csv")

    # Its description: a figure eight and a point with swapped axes; the others can be read.
    assert (found.rows_in, found.rejects["source_row"].sort().to_list()) == (9, [3, 4])


def test_decimals_of_published_files():
    assert read("eudr_fixtures/valid_polygon-over-4ha.geojson").plots["decimals"].to_list() == [6]
    assert read("geojson_cases/problematic_excessive_coordinate_precision.geojson").plots["decimals"][0] == 14
    assert read("eudr_fixtures/eudr_valid_plots_daloa.geojson").plots["decimals"].to_list() == [5, 5, 5]
    assert not read("formats/plots12_shapefile.zip").plots["decimals_known"].any()


def test_one_plot_is_the_same_in_every_format():
    names = ("eudr_style_31.geojson", "plots12.kml", "plots12_shapefile.zip", "plots12_wkt.csv")
    outlines = {
        name: shapely.from_wkb(read(f"formats/{name}").plots["geometry"][0])
        for name in (*names, "terratrac_columns_8.csv")
    }
    first = next(iter(outlines.values()))

    assert all(first.equals_exact(other, 1e-9, normalize=True) for other in outlines.values())
