"""The public plot files: what EUDR rules say of each was written down before they were screened.

`intake`: the fault for which intake refuses the feature. `fail`: reasons that must fail under the EUDR profile.
`warn`: reasons that must warn. All else that fails is a defect.
"""

import csv
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely

from landproof.domain.facts.land import PLOTS
from landproof.domain.tables import conform
from landproof.intake.geometry import FAULTS
from landproof.intake.plots import import_plots
from landproof.screening.screen import Screening, screen

PLOT_FILES = Path(__file__).parents[3].parent / "shared" / "data" / "plots"
pytestmark = pytest.mark.skipif(not PLOT_FILES.is_dir(), reason="the public plot files are not here")

EXPECTED: dict[str, dict[str, Any]] = {
    # Synthetic EUDR fixtures: the name says what they are. Zeros at the end pad four decimals to six.
    "eudr_fixtures/valid_point-under-4ha.geojson": {"rows": 1},
    "eudr_fixtures/valid_polygon-over-4ha.geojson": {"rows": 1},
    "eudr_fixtures/valid_multipolygon-farm.geojson": {"rows": 1, "warn": {"decimals-padded"}},
    # Latitude first, yet both are possible degrees and no country is declared: nothing in the file can tell.
    "eudr_fixtures/invalid_reversed-lat-lon.geojson": {"rows": 1},
    "eudr_fixtures/invalid_self-intersecting-polygon.geojson": {"rows": 1, "intake": ["crossing"]},
    "eudr_fixtures/invalid_unclosed-ring.geojson": {"rows": 1, "intake": ["ring-open"]},
    # Five decimals: the law asks for six. The third is a point without an area: 4 ha by default.
    "eudr_fixtures/eudr_valid_plots_daloa.geojson": {
        "rows": 3, "fail": {"decimals-few"}, "warn": {"point-area-missing"},
    },
    "eudr_fixtures/eu_file_description_type1_example.geojson": {"rows": 2},
    # One fault or oddity each. Direction of rings, heights and long decimals are no refusals.
    "geojson_cases/invalid_exterior_not_ccw.geojson": {"rows": 1},
    "geojson_cases/invalid_feature_geometry_is_string.geojson": {"rows": 1, "intake": ["not-geometry"]},
    "geojson_cases/invalid_featurecollection_feature_nullfeature.geojson": {"rows": 1, "intake": ["null-feature"]},
    "geojson_cases/invalid_incorrect_geometry_data_type.geojson": {"rows": 1, "intake": ["kind"]},
    "geojson_cases/invalid_unclosed.geojson": {"rows": 1, "intake": ["ring-open"]},
    "geojson_cases/problematic_3d_coordinates.geojson": {"rows": 1},
    "geojson_cases/problematic_crs_defined.geojson": {"rows": 1, "intake": ["other-system"]},
    "geojson_cases/problematic_excessive_coordinate_precision.geojson": {"rows": 1},
    "geojson_cases/problematic_geometrycollection_single.geojson": {"rows": 1, "intake": ["collection"]},
    "geojson_cases/problematic_holes.geojson": {"rows": 1, "fail": {"holes"}},
    "geojson_cases/problematic_self_intersection_small.geojson": {"rows": 1, "intake": ["crossing"]},
    "geojson_cases/valid_featurecollection.geojson": {"rows": 1, "warn": {"box"}},  # 250,000 ha, a rectangle
    "geojson_cases/valid_geometry_multipoint.geojson": {
        "rows": 1, "fail": {"decimals-few"}, "warn": {"point-area-missing"},
    },
    # One plot of the fifty has a hole.
    "whisp/whisp_example_50.geojson": {"rows": 50, "fail": {"holes"}},
    "whisp/whisp_plots_31.geojson": {"rows": 31},
    # Sourcing areas of 27,000 to 42,000 ha, given with one or two decimals.
    "aoi/cocoa_west_africa_ghana.geojson": {"rows": 1, "fail": {"decimals-few"}, "warn": {"box", "size-large"}},
    "aoi/coffee_se_asia_vietnam.geojson": {"rows": 1, "fail": {"decimals-few"}, "warn": {"box", "size-large"}},
    "aoi/mixed_crop_latin_america_colombia.geojson": {"rows": 1, "fail": {"decimals-few"}, "warn": {"box"}},
}  # fmt: skip


def said(found: Screening, result: str) -> set[str]:
    return set(found.checks.filter(pl.col("result") == result)["reason"])


@pytest.mark.parametrize("name", list(EXPECTED))
def test_public_files_come_out_with_the_right_finding(name: str):
    expected = EXPECTED[name]
    given = import_plots(PLOT_FILES / name)
    refused = [
        key for reason in given.rejects["reason"] for key, (sentence, _) in FAULTS.items() if sentence == reason
    ]
    found = screen(given.plots, profile="eudr")

    assert given.rows_in == expected["rows"]
    assert refused == expected.get("intake", [])
    assert found.checks["plot"].n_unique() + len(refused) == expected["rows"]
    assert said(found, "fail") == expected.get("fail", set())
    assert expected.get("warn", set()) <= said(found, "warn")


def test_the_one_hole_among_fifty_plots():
    found = screen(import_plots(PLOT_FILES / "whisp" / "whisp_example_50.geojson").plots, profile="eudr")
    holes = found.checks.filter(pl.col("reason") == "holes")

    assert holes["plot"].to_list() == ["whisp_example_50#14"]
    assert found.repairs.filter(pl.col("repair") == "outer rings")["plot"].to_list() == ["whisp_example_50#14"]


def test_circles_around_mills_are_no_plots():
    csv.field_size_limit(10**9)
    with (PLOT_FILES / "gfwpro" / "palm-oil-32.tsv").open() as file:
        rows = [*csv.DictReader(file, delimiter="\t")]
    plots = pl.DataFrame({
        "plot": [f"mill {row['location_id']}" for row in rows],
        "geometry": [bytes.fromhex(row["geom"]) for row in rows],
        "commodity": "palm oil",
    })  # fmt: skip
    found = screen(conform(plots, PLOTS))
    circles = found.checks.filter(pl.col("reason") == "circle")["plot"]

    assert found.checks["plot"].n_unique() == 32
    assert found.checks.filter(pl.col("reason") == "size-large").height == 32  # 75,223 to 125,583 ha
    # Circles of 20 km; coasts cut some of them to less than half of their outline.
    assert circles.len() >= 20
    assert shapely.from_wkb(plots["geometry"][1]).geom_type == "Polygon"


def test_faults_of_the_painted_portfolio():
    """Five faults as they happen in the field: bow tie, swapped axes, repeated corner, sliver, spur."""
    import json

    entries = json.loads((PLOT_FILES / "synthetic_aoi" / "pathology_half.json").read_text())["entries"]
    plots = pl.DataFrame({
        "plot": [entry["id"] for entry in entries],
        "geometry": [shapely.to_wkb(shapely.from_wkt(entry["wkt"]), byte_order=1) for entry in entries],
        "country": "VN", "decimals": 6, "decimals_known": True,
    })  # fmt: skip
    found = screen(conform(plots, PLOTS), profile="eudr")
    failed = dict(found.checks.filter(pl.col("result") == "fail").select("plot", "reason").iter_rows())

    assert failed == {
        "path-bowtie": "crossing",
        "path-latlon-swap": "axes-range",
        "path-zero-area-spur": "spike",
    }
    warned = set(found.checks.filter(pl.col("result") == "warn").select("plot", "reason").rows())
    assert ("path-duplicate-vertices", "corners-repeated") in warned
    assert ("path-tiny-sliver", "needle") in warned
