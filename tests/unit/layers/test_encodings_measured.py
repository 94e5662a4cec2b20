"""Encodings that need more than a table of 256 values, from the raster to the areas."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from polars.testing import assert_frame_equal
from rasterio.transform import Affine

from landproof.layers.catalogue import load_catalogue
from landproof.run.measure import Measured, measure
from tests.unit.layers.painted import ALL, NORTH, STEP, TERMS, WEST, catalogue_file, cell, entry, paint, plots

CELLS = plots(A=cell(0, 0), B=cell(0, 1), C=cell(0, 2))


def known(layer: str, *lines: str) -> str:
    head = ["[[layer]]", f'id = "{layer}"', f'known = "{layer}"', 'version = "1"', f'files = ["{layer}.tif"]']
    return "\n".join([*head, *lines, ""])


def measured(folder: Path, content: str) -> Measured:
    return measure(CELLS, load_catalogue(catalogue_file(folder, content)), TERMS)


def rows(found: Measured) -> list[tuple[str, str, str, int | None]]:
    return list(found.areas.select("plot", "class", "meaning", "year").iter_rows())


def test_negative_numbers_that_are_no_data(tmp_path: Path):
    paint(tmp_path / "dist_alert.tif", [[-1, 0, 366]], dtype="int16", nodata=None)

    assert rows(measured(tmp_path, known("dist_alert"))) == [
        ("A", "no data", "no data", None), ("B", "0", "no change", None), ("C", "366", "change", 2022),
    ]  # fmt: skip


def test_days_of_two_digit_years(tmp_path: Path):
    paint(tmp_path / "radd.tif", [[0, 20366, 21001]], dtype="uint16", nodata=None)

    assert rows(measured(tmp_path, known("radd"))) == [
        ("A", "0", "no change", None), ("B", "20366", "change", 2020), ("C", "21001", "change", 2021),
    ]  # fmt: skip


def test_confidence_and_days(tmp_path: Path):
    paint(tmp_path / "gfw_integrated_alerts.tif", [[0, 32192, 32193]], dtype="uint16", nodata=None)

    assert rows(measured(tmp_path, known("gfw_integrated_alerts"))) == [
        ("A", "0", "no change", None), ("B", "32192", "change", 2020), ("C", "32193", "change", 2021),
    ]  # fmt: skip


def test_a_legend_of_years(tmp_path: Path):
    paint(tmp_path / "prodes.tif", [[1, 33, 34]])
    content = known("prodes", 'licence = "open"').replace('version = "1"', 'version = "v20220606"')

    assert rows(measured(tmp_path, content)) == [
        ("A", "1", "no change", None), ("B", "33", "change", 2021), ("C", "34", "change", 2021),
    ]  # fmt: skip


@pytest.mark.parametrize(("band", "classes"), [(1, ["2", "2", "12"]), (2, ["1", "1", "0"])])
def test_a_band_of_several(tmp_path: Path, band: int, classes: list[str]):
    with rasterio.open(
        tmp_path / "natural.tif", "w", driver="GTiff", width=3, height=1, count=2, dtype="uint8", crs="EPSG:4326",
        transform=Affine(STEP, 0, WEST, 0, -STEP, NORTH),
    ) as raster:  # fmt: skip
        raster.write(np.array([[2, 2, 12]], dtype="uint8"), 1)
        raster.write(np.array([[1, 1, 0]], dtype="uint8"), 2)
    content = entry(
        "natural", "natural baseline", "valid_on = 2020-12-31", "natural = [1, 2]", "not_natural = [0, 12]",
        f"band = {band}",
    )  # fmt: skip

    assert measured(tmp_path, content).areas["class"].to_list() == classes


def test_a_degradation_layer_changes_no_verdict_of_other_harms(tmp_path: Path):
    for name, values in {
        "forest": [[1, 1, 1]], "natural": [[1, 1, 1]], "loss": [[22, 0, 0]], "use": [[40, 10, 40]],
    }.items():  # fmt: skip
        paint(tmp_path / f"{name}.tif", values)
    paint(tmp_path / "alerts.tif", [[500, 0, 0]], dtype="uint16", nodata=None)
    paint(tmp_path / "tmf_degradation_year.tif", [[0, 2022, 0]], dtype="uint16", nodata=None)
    without = measured(tmp_path, ALL).plot_status

    found = measured(tmp_path, ALL + known("tmf_degradation_year", "last_year = 2025"))

    others = ("deforestation", "conversion", "peat")
    assert_frame_equal(
        found.plot_status.filter(found.plot_status["harm"].is_in(others)),
        without.filter(without["harm"].is_in(others)),
    )
    assert ("B", "2022", "change", 2022) in rows(found)
