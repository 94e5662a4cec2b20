"""`landproof screen`: findings of a file of plots, with boundaries, in both languages."""

import json
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
import shapely
from click.testing import CliRunner

from landproof.cli.app import landproof
from landproof.domain.errors import UnreadableInput, UsageError
from landproof.intake.boundaries import read_boundaries
from landproof.run.screening import screen_file

SQUARE = [[10.0, 1.0], [10.0123456, 1.0], [10.0123456, 1.0123456], [10.0, 1.0123456], [10.0, 1.0]]
BOW_TIE = [[10.0, 2.0], [10.0123456, 2.0123456], [10.0123456, 2.0], [10.0, 2.0123456], [10.0, 2.0]]
LAND = [[9.0, 0.0], [11.0, 0.0], [11.0, 1.5], [9.0, 1.5], [9.0, 0.0]]


def collection(folder: Path, name: str, *features: tuple[dict[str, object], list[list[float]]]) -> Path:
    path = folder / name
    content = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": facts, "geometry": {"type": "Polygon", "coordinates": [ring]}}
            for facts, ring in features
        ],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def plots(tmp_path: Path) -> Path:
    return collection(tmp_path, "plots.geojson", ({"plot": "P1"}, SQUARE), ({"plot": "P2"}, BOW_TIE))


def test_findings_counts_and_repairs_are_written(plots: Path, tmp_path: Path):
    screened = screen_file(plots, tmp_path / "out.parquet")

    assert [path.name for path in screened.written] == ["out.parquet", "out.counts.parquet", "out.repairs.parquet"]
    assert all(path.exists() for path in screened.written)
    checks = pl.read_parquet(tmp_path / "out.parquet")
    # Intake refuses the outline that crosses itself, or screening fails it; it is never passed over.
    told = [*(str(each) for each in screened.refusals), *checks.filter(pl.col("result") == "fail")["plot"]]
    assert any("P2" in each or "feature 2" in each for each in told)


def test_with_boundaries_the_country_is_checked(tmp_path: Path):
    inside = [[x, y + 0.2] for x, y in SQUARE]
    outside = [[x, y + 1.0] for x, y in SQUARE]  # in the country beside it
    plots = collection(
        tmp_path,
        "plots.geojson",
        ({"plot": "P1", "country": "GA"}, inside),
        ({"plot": "P2", "country": "GA"}, outside),
    )
    beside = [[x, y + 1.5] for x, y in LAND]
    countries = ({"ISO_A2": "GA", "NAME": "One"}, LAND), ({"ISO_A2": "CM", "NAME": "Two"}, beside)

    counts = screen_file(plots, boundaries=collection(tmp_path, "borders.geojson", *countries)).screening.counts

    of_country = counts.filter(pl.col("check") == "country")
    assert of_country.select("passed", "failed", "not_checked").row(0) == (1, 1, 0)


@pytest.mark.parametrize(
    ("facts", "said"),
    [({"NAME": "Gabon"}, "no column with the two-letter code"), ({"ISO_A2": "GA"}, None)],
)
def test_boundaries_need_a_code(tmp_path: Path, facts: dict[str, object], said: str | None):
    path = collection(tmp_path, "borders.geojson", (facts, LAND))
    if said is None:
        assert read_boundaries(path).countries == ["GA"]
        return
    with pytest.raises(UnreadableInput, match=said):
        read_boundaries(path)


def test_what_is_no_map_is_refused(tmp_path: Path):
    (tmp_path / "borders.geojson").write_text("none", encoding="utf-8")

    with pytest.raises(UnreadableInput, match="cannot be read as boundaries"):
        read_boundaries(tmp_path / "borders.geojson")


def test_another_ending_is_refused(plots: Path, tmp_path: Path):
    with pytest.raises(UsageError, match=r"out\.pdf"):
        screen_file(plots, tmp_path / "out.pdf")


def test_the_command_says_what_fails(tmp_path: Path):
    near_null = [[x - 10.0, y - 1.0] for x, y in SQUARE]
    plots = collection(tmp_path, "plots.geojson", ({"plot": "P1"}, near_null))
    found = CliRunner().invoke(landproof, ["screen", str(plots)], catch_exceptions=False)

    assert "Longitude first, latitude second" in found.output
    assert "Feature 1 has the position 0, 0" in found.output
    assert found.exit_code == 1


def test_the_command_prints_json(plots: Path):
    found = CliRunner().invoke(landproof, ["screen", str(plots), "--json"], catch_exceptions=False)

    told = json.loads(found.stdout)
    assert told["plots"] == 1
    assert "feature 2" in told["rejected"][0]
    assert {"plot", "check", "result", "sentence", "remedy"} <= set(told["findings"][0])


def test_an_id_that_comes_again_in_another_batch_is_refused_as_in_one(tmp_path: Path):
    """Screened are 20,001 plots of a GeoParquet file, the last called like the first: two batches."""
    names = [f"P{number:05d}" for number in range(20_000)]
    corners = [
        (round(10 + number % 200 * 0.01, 6), round(number // 200 * 0.01 + 1, 6)) for number in range(20_001)
    ]
    shapes = [shapely.to_wkb(shapely.Point(x, y)) for x, y in corners]
    frame = pl.DataFrame({"plot": [*names, "P00000"], "geometry": shapes})
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, tmp_path / "p.parquet")

    found = screen_file(tmp_path / "p.parquet")

    assert found.plots == 20_000
    [refusal, _] = found.refusals
    assert refusal.values == {"row": "20001", "value": "P00000"}
