"""Sheets with a column per year."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from landproof.intake.tabular import import_tabular
from landproof.intake.yearly import year_columns
from tests.unit.intake.helpers import balanced, said, write

LANDGRIFFON = Path(__file__).parents[3].parent / "shared/data/chain/landgriffon/procurement-upload-for_upload.csv"


def test_year_columns_need_a_unit_and_company():
    assert [each.year for each in year_columns(["2019_tons", "2020 (kg)", "2021年（吨）", "tons 2022"])] == [
        2019, 2020, 2021, 2022,
    ]  # fmt: skip
    assert year_columns(["2019_tons"]) == []
    assert year_columns(["2019", "2020"]) == []
    assert year_columns(["2019_tons", "2019_kg"]) == []


def test_one_purchase_per_filled_year(tmp_path):
    path = write(
        tmp_path / "a.csv", "line,supplier,2019_t,2020_kg,net spend", "L1,S1,2,500,", "L2,S2,,7,", "L3,S3,,,",
        "L4,S4,x,1,",
    )  # fmt: skip
    imported = import_tabular(path, table="purchases")
    frame = imported.tables["purchases"]
    assert frame.select("line", "quantity_g", "source_row").rows() == [
        ("L1-2019", 2_000_000, 2), ("L1-2020", 500_000, 2), ("L2-2020", 7_000, 3), ("L4-2020", 1_000, 5),
    ]  # fmt: skip
    assert frame["received_on"].to_list()[:2] == [dt.date(2019, 12, 31), dt.date(2020, 12, 31)]
    assert frame["net_spend"].null_count() == 4
    assert imported.rejects["source_row"].to_list() == [4, 5]
    assert balanced(imported)


def test_the_landgriffon_sheet_counted_by_hand():
    if not LANDGRIFFON.exists():
        pytest.skip("the LandGriffon sheet is not at hand")
    with LANDGRIFFON.open(encoding="utf-8") as lines:
        raw = list(csv.DictReader(lines))
    years = [name for name in raw[0] if name.endswith("_tons")]
    cells = [(row, year) for row in raw for year in years if row[year].strip()]
    tonnes = sum(int(row[year]) for row, year in cells)
    grown = [row for row, _ in cells if row["location_type"] in {"point of production", "country of production"}]
    collected = [row for row, _ in cells if row["location_type"] == "production aggregation point"]
    imported = import_tabular(LANDGRIFFON)
    frame = imported.tables["purchases"]
    assert (imported.counts.rows, imported.counts.rejected, frame.height) == (len(cells), 0, len(cells))
    assert frame["quantity_g"].sum() == tonnes * 1_000_000
    assert frame["country"].drop_nulls().len() == len(grown)
    assert frame["processed_in"].drop_nulls().len() == len(collected)
    assert frame["line"].n_unique() == len(cells)
    assert frame.filter(frame["received_on"].dt.year() == 2020)["quantity_g"].sum() == 1_000_000 * sum(
        int(row["2020_tons"]) for row in raw
    )
    assert any(note.startswith("Each yearly column became one purchase") for note in said(imported))
