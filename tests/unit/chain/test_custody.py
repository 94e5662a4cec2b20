"""How goods were kept apart: what is proven of what is stated."""

from datetime import date
from typing import Any

import pytest

from landproof.chain.flows import TABLES
from landproof.domain.facts import FACTS
from tests.unit.chain.rows import DOCUMENTS, Row, frame, trace, trace_all

DAY = date(2025, 6, 30)
DELIVERY: Row = {"delivery": "D", "lot": "L", "plot": "P", "mass_g": 10, "facility": "MILL", "received_on": DAY}
CERTIFICATE: Row = {
    "certificate": "C", "sites": ["DEPOT", "MILL"], "custody": "segregated",
    "valid_from": date(2025, 1, 1), "valid_to": date(2025, 12, 31),
}  # fmt: skip
RECORDS: Row = {
    "evidence": "E", "topic": "site records", "subject": "facility:MILL", "answer": "yes",
    "document": "records.pdf", "page": "1", "valid_from": date(2025, 1, 1),
}  # fmt: skip


def custody(delivery: Row = DELIVERY, **given: Any) -> tuple[str | None, bool]:
    """The proven model of lot L, and whether a step of it has none."""
    lots = given.pop("lots", {"L": 10})
    found = trace([delivery], lots, plots=["P"], **given)[0]["L"]
    return found["custody"], found["custody_unknown"]


@pytest.mark.parametrize("stated", ["identity preserved", "segregated", "mass balance", "book and claim"])
@pytest.mark.parametrize("certified", ["identity preserved", "segregated", "mass balance"])
def test_a_site_proves_no_more_than_it_is_certified_for(stated: str, certified: str):
    order = ["identity preserved", "segregated", "mass balance", "book and claim"]
    weaker = max(stated, certified, key=order.index)
    step = {**DELIVERY, "custody": stated}
    assert custody(step, certificates=[{**CERTIFICATE, "custody": certified}]) == (weaker, False)


@pytest.mark.parametrize(
    ("certificate", "proven"),
    [
        ({}, True),
        ({"valid_from": DAY, "valid_to": DAY}, True),
        ({"valid_from": date(2025, 7, 1)}, False),
        ({"valid_to": date(2025, 6, 29)}, False),
        ({"valid_from": None}, False),
        ({"valid_to": None}, False),
        ({"sites": ["DEPOT"]}, False),
        ({"sites": None}, False),
        ({"sites": []}, False),
        ({"custody": None}, False),
    ],
)
def test_a_certificate_counts_for_its_sites_on_its_days(certificate: Row, proven: bool):
    assert custody(certificates=[{**CERTIFICATE, **certificate}]) == (
        ("segregated", False) if proven else (None, True)
    )


@pytest.mark.parametrize(
    ("records", "proven"),
    [
        ({}, True),
        ({"valid_to": DAY}, True),
        ({"valid_to": date(2025, 6, 29)}, False),
        ({"valid_from": date(2025, 7, 1)}, False),
        ({"valid_from": None}, False),
        ({"answer": "no"}, False),
        ({"answer": None}, False),
        ({"document": "lost.pdf"}, False),
        ({"document": None}, False),
        ({"page": None}, False),
        ({"subject": "facility:DEPOT"}, False),
        ({"subject": "*"}, False),
        ({"subject": None}, False),
        ({"topic": "permit"}, False),
    ],
)
def test_records_of_a_site_count_as_any_evidence_does(records: Row, proven: bool):
    assert custody(evidence=[{**RECORDS, **records}]) == (("segregated", False) if proven else (None, True))


def test_without_certificate_and_records_nothing_is_proven_at_a_site():
    assert custody() == (None, True)
    assert custody({**DELIVERY, "facility": None}) == ("segregated", False)  # on the way from a farm
    assert custody({**DELIVERY, "facility": None}, lots={"L": {"mass_g": 10, "facility": "MILL"}}) == (None, True)
    assert custody({**DELIVERY, "received_on": None}, certificates=[CERTIFICATE]) == (None, True)


def test_a_lot_whose_rows_name_two_sites_proves_nothing_at_either():
    rows: list[Row] = [{"lot": "L", "mass_g": 10, "facility": site} for site in ("MILL", "DEPOT")]
    tables = {name: frame(FACTS[name], []) for name in (*TABLES, "claims")}
    tables |= {
        "deliveries": frame(FACTS["deliveries"], [{**DELIVERY, "facility": None, "custody": "segregated"}]),
        "lots": frame(FACTS["lots"], rows),
        "plots": frame(FACTS["plots"], [{"plot": "P"}]),
        "certificates": frame(FACTS["certificates"], [CERTIFICATE]),
    }
    status, _ = trace_all({**tables, "documents": DOCUMENTS})
    assert status.select("custody", "custody_unknown").rows() == [(None, True)]


def test_records_of_a_site_show_what_its_certificate_does_not():
    weak = {**CERTIFICATE, "custody": "mass balance"}
    assert custody(certificates=[weak]) == ("mass balance", False)
    assert custody(certificates=[weak], evidence=[RECORDS]) == ("segregated", False)
    assert custody(certificates=[weak, CERTIFICATE]) == ("segregated", False)
    assert custody({**DELIVERY, "custody": None}, certificates=[CERTIFICATE], evidence=[RECORDS]) == (None, True)


@pytest.mark.parametrize("certificates", [[], [{**CERTIFICATE, "custody": "mass balance"}]])
def test_taking_a_certificate_away_never_makes_goods_kept_apart(certificates: list[Row]):
    assert custody(certificates=certificates)[0] in (None, "mass balance")


def test_events_at_a_site_are_proven_alike():
    events: list[Row] = [{"event": "E", "kind": "harvest", "on": DAY, "facility": "MILL"}]
    event_lots: list[Row] = [{"event": "E", "role": "output", "lot": "L", "plot": "P", "mass_g": 10}]

    def of(**given: Any) -> tuple[str | None, bool]:
        found = trace([], {"L": 10}, plots=["P"], events=events, event_lots=event_lots, **given)[0]["L"]
        return found["custody"], found["custody_unknown"]

    assert of() == (None, True)
    assert of(certificates=[CERTIFICATE]) == ("segregated", False)
    assert of(evidence=[{**RECORDS, "valid_from": DAY}]) == ("segregated", False)


def test_the_claimed_model_stands_beside_the_proven_one():
    far = {**DELIVERY, "custody": "mass balance"}
    assert trace([far], {"L": 10})[0]["L"]["claimed"] == "mass balance"
    claim: Row = {"claim": "Q", "lot": "L", "custody": "identity preserved"}
    found = trace([far], {"L": 10}, claims=[claim, {**claim, "lot": "other"}], evidence=[RECORDS])[0]
    assert (found["L"]["claimed"], found["L"]["custody"]) == ("identity preserved", "mass balance")
    assert list(found) == ["L"]
    assert trace([], {"L": 10})[0]["L"]["claimed"] is None
