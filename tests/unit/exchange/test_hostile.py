"""Whatever stands in a document, it is read, or refused in words, and a refused event leaves no row."""

import json
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landproof.domain.errors import UnreadableInput
from landproof.exchange import epcis, gs1_messages
from landproof.exchange.found import Known

SCALARS: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(("ADD", "KGM", "urn:epc:id:sgtin:1.2.3", "https://id.gs1.org/01/1", "9999-99-99", "1,2 3,4"))
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
LOT = "https://id.gs1.org/01/09521234000020/10/A"
EVENT = {
    "type": "ObjectEvent", "eventID": "urn:uuid:1", "eventTime": "2026-03-01T08:00:00Z",
    "eventTimeZoneOffset": "+00:00", "action": "ADD", "bizStep": "shipping", "disposition": "active",
    "epcList": [LOT], "quantityList": [{"epcClass": LOT, "quantity": 5, "uom": "KGM"}],
    "readPoint": {"id": "https://id.gs1.org/414/9521234000099"}, "bizLocation": {"id": "urn:x"}, "parentID": LOT,
    "childEPCs": [LOT], "childQuantityList": [{"epcClass": LOT}], "inputQuantityList": [{"epcClass": LOT}],
    "outputEPCList": [LOT], "transformationID": "urn:t", "ilmd": {"cbvmda:countryOfOrigin": "GB"},
    "errorDeclaration": {"declarationTime": "2026-03-01T08:00:00Z"}, "sensorElementList": [{"sensorReport": [{}]}],
    "persistentDisposition": {"set": ["active"]}, "sourceList": [{"type": "owning_party", "source": "urn:p"}],
    "destinationList": [{"type": "owning_party", "destination": "urn:p"}],
    "landproof:rows": [{"landproof:table": "lots", "landproof:lot": "L"}],
    "gs1:masterDataAvailableFor": [{
        "id": LOT, "countryOfOrigin": {"countryCode": "DE"}, "harvestDate": "2026-01-01",
        "geo": {"polygon": "1,1 2,1 2,2 1,1"}, "eudr:areaHectares": "2",
        "regulatoryInformation": [{"regulatoryIdentifier": [{"regulatoryReferenceNumber": "R"}]}],
    }],
}  # fmt: skip
KINDS = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")
CONTEXT = [{"landproof": "urn:x-landproof:exchange:"}]


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.sets(st.sampled_from(sorted(EVENT)), min_size=4)) | {"eventTime", "eventTimeZoneOffset"}
    event = {name: EVENT[name] for name in names} | {"type": draw(st.sampled_from(KINDS)), "action": "ADD"}
    for name in draw(st.sets(st.sampled_from(sorted(event)), max_size=2)):
        event[name] = draw(VALUES | st.just(None).map(lambda _, name=name: deepened(draw, event[name])))
    return event


def deepened(draw: st.DrawFn, value: Any) -> Any:
    """The value with one part of it replaced."""
    if isinstance(value, list) and value:
        return [deepened(draw, value[0])]
    if isinstance(value, dict) and value:
        name = draw(st.sampled_from(sorted(value)))
        return {**value, name: draw(VALUES)}
    return draw(VALUES)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(events() | VALUES, max_size=3))
def test_events_of_any_content_are_read_or_refused(listed: list[Any]) -> None:
    document = {"@context": CONTEXT, "type": "EPCISDocument", "epcisBody": {"eventList": listed}}
    found = epcis.read(json.dumps(document).encode(), "digest", "any.json", Known())
    assert found.rows == found.accepted + found.rejected == len(listed)
    refused = set(found.rejects["source_row"])
    assert len(refused) == found.rejected
    for table in found.tables.values():
        assert not refused & set(table["source_row"]) or table.columns[0] in ("lot", "kind", "facility", "party")


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(("type", "epcisBody", "epcisHeader", "eventList", "@context")), VALUES))
def test_documents_of_any_shape_are_read_or_refused(document: dict[str, Any]) -> None:
    for read in (epcis.read, gs1_messages.read):
        with suppress(UnreadableInput):
            read(json.dumps(document).encode(), "digest", "any.json", Known())


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(("gs1:Place", "gs1:RegulatoryNotification")), st.dictionaries(
    st.sampled_from(("id", "gs1:geo", "gs1:address", "eudr:hasAreaSize", "gs1:regulatoryInformation",
                     "gs1:messageSender", "gs1:locationGLN")), VALUES,
))  # fmt: skip
def test_messages_of_any_content_are_read_or_refused(kind: str, members: dict[str, Any]) -> None:
    found = gs1_messages.read(json.dumps({**members, "type": kind}).encode(), "digest", "any.json", Known())
    assert found.rows == found.accepted + found.rejected
