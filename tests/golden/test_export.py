"""The invented company's chain goes out in each format and comes back."""

from pathlib import Path

import polars as pl
import pytest

from landproof.casefile.case import Case, create, open_case
from landproof.domain.facts.contract import PROVENANCE
from landproof.exchange.own_rows import CHAIN
from landproof.run.demo import Demo
from landproof.run.exporting import LOSSES, export
from landproof.run.importing import import_file
from landproof.run.reading import Choices


def chain(case: Case) -> dict[str, list[str]]:
    parts = case.state().facts
    gone = [each.name for each in PROVENANCE]
    return {
        name: sorted(str(row) for row in case.read_table(name, parts.get(name, [])).drop(gone).iter_rows())
        for name in CHAIN
    }


@pytest.mark.parametrize(("form", "file"), [("epcis", "chain.jsonld"), ("untp", "traceability-events.json")])
def test_the_chain_of_the_demo_comes_back(demo: Demo, tmp_path: Path, form: str, file: str) -> None:
    before = open_case(demo.case)
    done = export(before, form, tmp_path / "out", "en")
    assert done.rows > 0
    after = create(tmp_path / "again", edition="2024-04")
    receipt = import_file(after, tmp_path / "out" / file, Choices())
    assert receipt.rejected == 0
    assert chain(after) == chain(before)


def test_ids_and_masses_of_the_demo_come_back_from_diasca_or_are_listed(demo: Demo, tmp_path: Path) -> None:
    before = open_case(demo.case)
    export(before, "diasca", tmp_path / "out", "en")
    after = create(tmp_path / "again", edition="2024-04")
    receipt = import_file(after, tmp_path / "out" / "diasca.json", Choices())
    assert receipt.rejected == 0
    lost = pl.read_csv(tmp_path / "out" / LOSSES, infer_schema=False)
    for table, key in (("lots", "lot"), ("deliveries", "delivery")):
        back, there = (
            dict(case.read_table(table, case.state().facts.get(table, [])).select(key, "mass_g").iter_rows())
            for case in (after, before)
        )
        left_out = set(lost.filter((pl.col("table") == table) & (pl.col("column") == key))["id"])
        assert back
        assert back == {name: mass for name, mass in there.items() if name not in left_out}
