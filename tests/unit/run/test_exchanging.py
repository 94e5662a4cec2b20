"""Documents of exchange formats in a case: outlines pass the checks of all plots, and the receipt adds up."""

import json
from pathlib import Path
from typing import Any

import pytest

from landproof.casefile.case import Case, create
from landproof.run.importing import import_file
from landproof.run.reading import Choices

FARM = "https://id.gs1.org/414/9521234000099"
LOT = "https://id.gs1.org/01/09521234000020/10/A"
SQUARE = "13.400000,52.510000 13.410000,52.510000 13.410000,52.520000 13.400000,52.520000 13.400000,52.510000"
CROSSING = "13.40,52.51 13.41,52.52 13.41,52.51 13.40,52.52 13.40,52.51"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return create(tmp_path / "case", edition="2024-04")


def harvest(folder: Path, polygon: str, name: str = "harvest.json") -> Path:
    event: dict[str, Any] = {
        "type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00Z", "eventTimeZoneOffset": "+01:00",
        "action": "ADD",
        "quantityList": [{"epcClass": LOT, "quantity": 2.5, "uom": "TNE"}],
        "gs1:masterDataAvailableFor": [{"id": FARM, "geo": {"polygon": polygon}, "eudr:areaHectares": "75"}],
    }  # fmt: skip
    path = folder / name
    document = {"@context": [], "type": "EPCISDocument", "epcisBody": {"eventList": [event]}}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_harvest_brings_its_plot(case: Case, tmp_path: Path) -> None:
    receipt = import_file(case, harvest(tmp_path, SQUARE), Choices())
    assert (receipt.rows, receipt.accepted, receipt.rejected) == (2, 2, 0)
    (plot,) = case.read_table("plots", case.state().facts["plots"]).iter_rows(named=True)
    assert (plot["plot"], plot["shape"], plot["decimals"], plot["area_ha"]) == (FARM, "outline", 6, 75)
    (part,) = case.read_table("event_lots", case.state().facts["event_lots"]).iter_rows(named=True)
    assert (part["lot"], part["plot"], part["mass_g"]) == (LOT, FARM, 2_500_000)


def test_the_same_outline_again_is_told_and_not_refused(case: Case, tmp_path: Path) -> None:
    import_file(case, harvest(tmp_path, SQUARE), Choices())
    receipt = import_file(case, harvest(tmp_path, SQUARE, "again.json"), Choices())
    assert (receipt.rejected, dict(receipt.tables)) == (0, {})
    assert any("same outline" in str(note) for note in receipt.notes)


def test_an_outline_that_crosses_itself_is_refused_and_the_harvest_goes_on(case: Case, tmp_path: Path) -> None:
    receipt = import_file(case, harvest(tmp_path, CROSSING), Choices())
    assert (receipt.rows, receipt.accepted, receipt.rejected) == (2, 1, 1)
    assert receipt.rejects["table"].to_list() == ["plots"]
    assert receipt.tables["event_lots"] == 1


def test_a_document_is_kept_as_one_where_the_user_says_so(case: Case, tmp_path: Path) -> None:
    assert import_file(case, harvest(tmp_path, SQUARE), Choices(document=True)).document
