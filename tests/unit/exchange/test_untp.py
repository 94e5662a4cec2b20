"""Credentials of UNTP in and out: published samples, small ones worked out by hand, and chains of any content."""

import base64
import json
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landproof.domain.errors import UnreadableInput
from landproof.exchange import untp
from landproof.exchange.formats import format_of
from landproof.exchange.found import Found, Known
from landproof.exchange.own_rows import CHAIN as TABLES
from landproof.exchange.untp_write import write
from tests.unit.exchange.files import CHAIN, named, sample, samples
from tests.unit.exchange.test_hostile import VALUES
from tests.unit.exchange.test_round_trip import CHAINS, MADE, PARTS, chain, frames, said

UNTP = CHAIN / "untp"
LOT_A, LOT_B = (f"https://id.gs1.org/01/09521234000020/10/{lot}" for lot in "AB")
MILL = "https://id.gs1.org/414/9521234000105"
CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://test.uncefact.org/vocabulary/untp/dte/0.6.1/"]


def read(content: Any, known: Known | None = None) -> Found:
    return untp.read(json.dumps(content).encode(), "digest", "given.json", known or Known())


def credential(kind: str, subject: Any, **more: Any) -> dict[str, Any]:
    return {"type": [kind, "VerifiableCredential"], "@context": CONTEXT, "id": "https://example.com/c/1",
            "issuer": {"id": "did:web:example.com"}, "credentialSubject": subject, **more}  # fmt: skip


def event(kind: str, name: str = "https://example.com/e/1", **fields: Any) -> dict[str, Any]:
    return {"type": [kind, "Event"], "id": name, "eventTime": "2026-03-01T22:30:00-05:00", "action": "observe",
            "bizStep": "https://ref.gs1.org/cbv/BizStep-commissioning", **fields}  # fmt: skip


def goods(uri: str, quantity: Any, uom: str = "KGM") -> dict[str, Any]:
    return {"productId": uri, "productName": "beans", "quantity": quantity, "uom": uom}


def item(uri: str) -> dict[str, Any]:
    return {"type": ["Item"], "id": uri, "name": "beans"}


def rows(found: Found, table: str, *columns: str) -> set[tuple[Any, ...]]:
    return set(found.tables[table].select(columns).iter_rows()) if table in found.tables else set()


def of_sample(name: str) -> Found:
    path = sample(UNTP / name)
    form = format_of(path)
    assert form is untp.FORMAT
    return untp.read(path.read_bytes(), "digest", path.name, Known())


# What is refused of each published sample, and why.
REFUSED: dict[str, list[str]] = {
    "untp-dte-instance.json": ["same-id", "same-id"],  # a transformation and an observation of one id
    "vc-conformity-v0.1.0-au-deforestation.json": ["type"],
    "vc-dpp-0.1.0-au-meat-product.json": ["type"],
}
REASONS = {"same-id": "stands with two different events", "type": "no credential of UNTP 0.6"}


@pytest.mark.parametrize(
    "path",
    samples("untp/v0.6-artefacts/*-instance.json", "untp/trust-chain/*", "untp/au-agriculture/*"),
    ids=named,
)
def test_every_sample_is_read_or_refused_for_the_right_reason(path: Path) -> None:
    found = of_sample(str(sample(path).relative_to(UNTP)))
    expected = [REASONS[each] for each in REFUSED.get(path.name, [])]
    assert len(found.rejects) == len(expected) == found.rejected
    assert all(part in reason for part, reason in zip(expected, found.rejects["reason"], strict=True))
    assert any("are not checked" in note.sentence for note in found.notes)


def test_the_sample_of_a_transformation_is_an_event_of_its_day() -> None:
    found = of_sample("v0.6-artefacts/TransformationEvent-instance.json")
    battery = "https://id.gs1.org/01/09520123456788/21/12345"
    assert rows(found, "chain_events", "event", "kind", "on", "facility") == {
        ("https://events.sample.com/b681df10-c682-454a-b11b-d0b9374c01bd", "transformation", date(2024, 9, 1),
         "https://id.gs1.org/414/9520123456788")
    }  # fmt: skip
    assert rows(found, "event_lots", "role", "lot") == {("input", battery), ("output", battery)}


def test_the_sample_of_a_certificate() -> None:
    found = of_sample("v0.6-artefacts/untp-dcc-instance.json")
    assert rows(found, "certificates", "certificate", "scheme", "valid_from", "valid_to", "custody") == {
        ("https://sample-certifiers.com/attestations/12345", "Sample ESG Standard 1.0.0", date(2024, 3, 15),
         date(2034, 3, 15), None)
    }  # fmt: skip
    assert found.tables["certificates"]["sites"].to_list() == [["https://sample-facility-register.com/1234567"]]


def test_the_sample_of_a_facility() -> None:
    found = of_sample("v0.6-artefacts/untp-dfr-instance.json")
    assert rows(found, "facilities", "facility", "name", "country") == {
        ("https://sample-facility-register.com/1234567", "Greenacres battery factory", "AU")
    }
    assert found.outlines == []  # a factory is no plot
    assert ("national id", "90664869327") in rows(found, "identifiers", "scheme", "value")


def test_the_sample_of_a_passport_and_of_an_identity() -> None:
    found = of_sample("v0.6-artefacts/untp-dpp-instance.json")
    assert rows(found, "lots", "lot", "mass_g", "country", "made_on") == {
        ("https://id.gs1.org/01/09520123456788/21/12345", None, "AU", date(2024, 4, 25))
    }
    found = of_sample("v0.6-artefacts/untp-dia-instance.json")
    assert rows(found, "identifiers", "kind", "scheme", "value", "id") == {
        ("party", "own id of another", "123456789", "did:web:samplecompany.com/123456789")
    }


def test_events_are_told_as_those_of_epcis() -> None:
    found = read(credential("DigitalTraceabilityEvent", [
        event("TransformationEvent", bizLocation=MILL, inputQuantityList=[goods(LOT_A, 1.0005, "TNE")],
              outputQuantityList=[goods(LOT_B, 990)], action="add", processType="Pressing"),
        event("AggregationEvent", "https://example.com/e/2", action="add", parentEPC=item(LOT_A + "X"),
              childQuantityList=[goods(LOT_B, 990)]),
        event("TransactionEvent", "https://example.com/e/3", sourceParty="https://example.com/p/1",
              destinationParty="https://example.com/p/2", quantityList=[goods(LOT_B, 90)]),
        event("AssociationEvent", "https://example.com/e/4", action="add", parentEPC=item(LOT_A),
              childEPCList=[item(LOT_B)]),
        event("ObjectEvent", "https://example.com/e/5", action="add", quantityList=[goods(LOT_A, 1000.5)]),
    ]))  # fmt: skip
    assert found.rejects.is_empty()
    at = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
    assert rows(found, "chain_events", "event", "kind", "on", "at", "facility", "holder") == {
        ("https://example.com/e/1", "transformation", date(2026, 3, 1), at, MILL, None),
        ("https://example.com/e/2", "aggregation", date(2026, 3, 1), at, None, None),
        ("https://example.com/e/3", "transfer", date(2026, 3, 1), at, None, "https://example.com/p/2"),
    }
    assert rows(found, "event_lots", "event", "role", "lot", "mass_g") == {
        ("https://example.com/e/1", "input", LOT_A, 1_000_500),
        ("https://example.com/e/1", "output", LOT_B, 990_000),
        ("https://example.com/e/2", "input", LOT_B, 990_000),
        ("https://example.com/e/2", "output", LOT_A + "X", 990_000),
        ("https://example.com/e/3", "input", LOT_B, 90_000),
    }  # fmt: skip
    assert found.rows == 5


FARMED = [{"schemeID": "https://unstats.un.org/unsd/classifications/Econ/cpc/", "code": "01610", "name": "Coffee"}]
SQUARE = {"type": "Polygon", "coordinates": [[[1.0, 2.0], [1.1, 2.0], [1.1, 2.1], [1.0, 2.0]]]}


@pytest.mark.parametrize(("category", "plots"), [(FARMED, 1), ([{**FARMED[0], "code": "46410"}], 0), (None, 0)])
def test_farmed_land_with_an_outline_is_a_plot(category: Any, plots: int) -> None:
    facility = {"id": "https://example.com/farm/1", "name": "Upper field", "countryOfOperation": "CO",
                "processCategory": category, "locationInformation": {"geoBoundary": SQUARE}}  # fmt: skip
    found = read(credential("DigitalFacilityRecord", {"facility": facility}))
    assert [(each.plot, each.cells) for each in found.outlines] == [
        ("https://example.com/farm/1", {"country": "CO"})
    ] * plots
    assert len(rows(found, "facilities", "facility")) == 1 - plots
    assert found.rows + len(found.outlines) == 1


def attestation(**more: Any) -> dict[str, Any]:
    return {"id": "https://example.com/cert/1", "attestationType": "certification",
            "issuedToParty": {"id": "https://example.com/p/1", "name": "Mill"},
            "assessment": [{"id": "a", "conformance": True}], **more}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "count"),
    [({}, 1), ({"attestationType": "inspection"}, 0), ({"assessment": []}, 0),
     ({"assessment": [{"conformance": True}, {"conformance": False}]}, 0),
     ({"assessment": [{"conformance": "true"}]}, 0)],
)  # fmt: skip
def test_only_a_certification_that_found_conformity_is_a_certificate(more: dict[str, Any], count: int) -> None:
    found = read(credential("DigitalConformityCredential", attestation(**more)))
    assert len(rows(found, "certificates", "certificate")) == count


def test_a_passport_of_a_batch_is_called_by_gtin_and_batch_and_one_of_a_product_is_no_lot() -> None:
    product = {"id": "https://id.gs1.org/01/09521234000020", "name": "beans"}
    found = read(credential("DigitalProductPassport", {"product": {**product, "batchNumber": "A"}}))
    assert rows(found, "lots", "lot") == {(LOT_A,)}
    assert read(credential("DigitalProductPassport", {"product": product})).tables == {}


def enveloped(content: Any, kind: str = "application/vc+jwt") -> dict[str, Any]:
    part = base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
    return {"@context": CONTEXT[:1], "type": "EnvelopedVerifiableCredential", "id": f"data:{kind},e30.{part}.AA"}


DTE = credential("DigitalTraceabilityEvent", [event("ObjectEvent", quantityList=[goods(LOT_A, 5)])])


@pytest.mark.parametrize(
    "content",
    [enveloped(DTE), enveloped({"vc": DTE}, "application/vc-jwt"),
     enveloped(DTE, "application/vc-ld+jwt;base64url"),
     {"type": ["VerifiablePresentation"], "verifiableCredential": [enveloped(DTE)]}],
)  # fmt: skip
def test_an_envelope_is_opened_and_the_receipt_says_that_nothing_is_checked(content: dict[str, Any]) -> None:
    found = read(content)
    assert rows(found, "lots", "lot", "mass_g") == {(LOT_A, 5000)}
    sentences = [note.sentence for note in found.notes]
    assert any("opened without a check of the signature" in each for each in sentences)


@pytest.mark.parametrize("content", ["data:application/vc+jwt,e30.!!.AA", "data:text/plain,x", 5, "e30.e30.e30"])
def test_an_envelope_that_cannot_be_opened_is_refused(content: Any) -> None:
    found = read({**enveloped(DTE), "id": content})
    (reason,) = found.rejects["reason"].to_list()
    assert "envelope cannot be opened" in reason


def test_other_versions_and_other_credentials_are_refused_in_words() -> None:
    later = {**DTE, "@context": [CONTEXT[0], "https://vocabulary.uncefact.org/untp/0.7.0/context/"]}
    assert (
        "made for UNTP %(value)s" in read(later).rejects["reason"][0] or "0.7" in read(later).rejects["reason"][0]
    )
    found = read(credential("UniversityDegree", {}))
    assert found.tables == {}
    assert found.rejected == 1


def test_a_sample_of_another_credential_is_refused() -> None:
    path = sample(CHAIN / "vc-data-model-2.0" / "presentation-enveloped-vc-ok.json")
    found = untp.read(path.read_bytes(), "digest", path.name, Known())
    assert found.rejects["value"].to_list() == ["UniversityDegreeCredential"]


def read_back(tables: dict[str, pl.DataFrame], known: Known | None = None) -> Found:
    (content,) = write(tables).files.values()
    return untp.read(content, "digest", "events.json", known or Known())


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CHAINS)
def test_a_chain_comes_back_as_it_was(chain: dict[str, list[dict[str, Any]]]) -> None:
    tables = frames(chain)
    found = read_back(tables)
    assert found.rejects.is_empty()
    assert {name: said(found.tables, name) for name in TABLES} == {name: said(tables, name) for name in TABLES}
    assert read_back(tables, Known(tables)).tables == {}


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CHAINS)
def test_the_order_of_rows_makes_no_difference(chain: dict[str, list[dict[str, Any]]]) -> None:
    one, other = write(frames(chain)), write(frames({name: rows[::-1] for name, rows in chain.items()}))
    assert one.files == other.files
    assert one.losses.equals(other.losses)


def test_other_programs_read_the_same_goods_masses_and_day() -> None:
    (content,) = write(chain(chain_events=[MADE], event_lots=PARTS)).files.values()
    document = json.loads(content)
    (told,) = document["credentialSubject"]
    del told["urn:x-landproof:exchange:rows"]
    found = read(document)
    assert rows(found, "event_lots", "role", "lot", "mass_g") == {
        ("input", "A", 1_000_500), ("output", "B", 1_000_000),
    }  # fmt: skip
    assert rows(found, "chain_events", "kind", "on", "facility") == {("transformation", date(2026, 3, 1), "MILL")}


def test_what_is_declared_wrong_is_no_event_and_is_listed() -> None:
    made = {**MADE, "voids": None}
    wrong = {"event": "E-2", "kind": "error declaration", "voids": "E-1", "on": date(2026, 3, 2)}
    tables = chain(chain_events=[made, wrong], event_lots=PARTS)
    out = write(tables)
    assert json.loads(out.files["traceability-events.json"])["credentialSubject"] == []
    assert {("E-1", "kind"), ("E-2", "voids")} <= set(out.losses.select("id", "column").iter_rows())
    assert said(read_back(tables).tables, "chain_events") == said(tables, "chain_events")


def test_losses_name_what_only_landproof_reads() -> None:
    sold = {"event": "E-3", "kind": "transfer", "on": date(2026, 3, 1), "holder": "P-1"}
    grown = {"lot": "A", "country": "CO", "made_on": date(2026, 2, 1)}
    tables = chain(chain_events=[sold], lots=[grown],
                   event_lots=[{"event": "E-3", "role": "input", "lot": "A", "mass_g": 5}])  # fmt: skip
    listed = set(write(tables).losses.select("table", "id", "column").iter_rows())
    assert {("chain_events", "E-3", "holder"), ("lots", "A", "country"), ("lots", "A", "made_on")} <= listed


def test_a_credential_changed_by_hand_is_refused_where_it_says_two_things() -> None:
    (content,) = write(chain(chain_events=[MADE], event_lots=PARTS)).files.values()
    changed = content.replace(b'"quantity": 1000.5', b'"quantity": 2000.5')
    found = untp.read(changed, "digest", "events.json", Known())
    assert found.tables == {}
    assert "row of landproof differ" in found.rejects["reason"][0]


def faults(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> list[str]:
    """What the published schema finds wrong: our own reading of the keywords that it uses."""
    if "$ref" in schema:
        return faults(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    kinds = {"array": list, "object": dict, "string": str, "number": (int, float), "boolean": bool}
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        return [f"{value} is no {schema['type']}"]
    found = [f"{value} is none of {schema['enum']}"] if "enum" in schema and value not in schema["enum"] else []
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        found += [f"missing {each}" for each in schema.get("required", ()) if each not in value]
        if schema.get("additionalProperties") is False:
            found += [f"unknown {each}" for each in value if each not in properties]
        found += [fault for name, each in value.items() if name in properties
                  for fault in faults(each, properties[name], root)]  # fmt: skip
    if isinstance(value, list):
        found += [fault for each in value for fault in faults(each, schema.get("items", {}), root)]
        found += [f"no {part['contains']['const']}" for part in schema.get("allOf", ())
                  if part["contains"]["const"] not in value]  # fmt: skip
        first = [each["const"] for each in schema.get("prefixItems", ())]
        found += ["context"] if value[: len(first)] != first else []
    if schema.get("format") == "date-time":
        datetime.fromisoformat(value)
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CHAINS)
def test_what_is_written_is_valid_by_the_published_schema(chain: dict[str, list[dict[str, Any]]]) -> None:
    schema = json.loads(sample(UNTP / "v0.6-artefacts" / "untp-dte-schema.json").read_text())
    (content,) = write(frames(chain)).files.values()
    document = json.loads(content)
    assert faults(document, schema, schema) == []
    for told in document["credentialSubject"]:
        assert faults(told, schema["$defs"][told["type"][0]], schema) == []


KINDS = ("DigitalTraceabilityEvent", "DigitalProductPassport", "DigitalFacilityRecord",
         "DigitalConformityCredential", "DigitalIdentityAnchor")  # fmt: skip
SUBJECTS = st.fixed_dictionaries({}, optional={
    "product": st.fixed_dictionaries(
        {"id": st.just(LOT_A) | VALUES}, optional={"productionDate": VALUES, "batchNumber": VALUES}) | VALUES,
    "facility": st.fixed_dictionaries({"id": st.just(MILL) | VALUES}, optional={
        "locationInformation": VALUES, "processCategory": st.just(FARMED) | VALUES, "facilityAlsoKnownAs": VALUES,
    }) | VALUES,
    "id": st.just("urn:x") | VALUES,
    "assessment": st.just([{"conformance": True, "assessedFacility": [{}]}]) | VALUES,
    "attestationType": st.just("certification"), "registeredId": st.text(max_size=3), "idScheme": VALUES,
    "registerType": st.sampled_from(("Land", "Facility", "Other")),
})  # fmt: skip


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(KINDS), SUBJECTS | VALUES, VALUES, VALUES)
def test_credentials_of_any_content_are_read_or_refused(kind: str, subject: Any, day: Any, context: Any) -> None:
    found = read({**credential(kind, subject, validFrom=day), "@context": context})
    assert found.rows == found.accepted + found.rejected
    assert len(set(found.rejects["source_row"])) == found.rejected


@settings(max_examples=50, deadline=None)
@given(VALUES)
def test_rows_of_landproof_of_any_content_are_read_or_refused(rows: Any) -> None:
    with suppress(UnreadableInput):
        read({**DTE, "urn:x-landproof:exchange:rows": [rows]})


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            sorted(
                event(
                    "ObjectEvent",
                    epcList=[],
                    bizLocation=MILL,
                    parentEPC={},
                    sourceParty="x",
                    quantityList=[],
                    processType="x",
                )
            )
        ),
        VALUES,
    )
)
def test_events_of_any_content_are_read_or_refused(changed: dict[str, Any]) -> None:
    found = read(credential("DigitalTraceabilityEvent", [{**event("ObjectEvent"), **changed}]))
    assert (found.rows, found.accepted + found.rejected) == (1, 1)
