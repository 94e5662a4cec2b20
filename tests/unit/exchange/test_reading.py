"""What documents give: published samples, and small ones whose rows are worked out by hand."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from landproof.domain.errors import UnreadableInput
from landproof.exchange.formats import format_of
from landproof.exchange.found import Found, Known
from tests.unit.exchange.files import CHAIN, named, sample, samples

VALID = samples(
    "epcis/json-valid/*", "epcis/json-bare-events/*", "epcis/xml-valid/*", "epcis/event-hash/*.jsonld",
    "epcis/event-hash/*.xml", "epcis/event-hash-equal/*", "gs1-eudr/epcis/*", "gs1-eudr/examples/*",
    "fsma204-epcis/*",
)  # fmt: skip
LOT_A, LOT_B = (f"https://id.gs1.org/01/09521234000020/10/{lot}" for lot in "AB")
PALLET = "https://id.gs1.org/00/095212340000000018"
FARM = "https://id.gs1.org/414/9521234000099"
MILL = "https://id.gs1.org/414/9521234000105"


def read(path: Path, known: Known | None = None) -> Found:
    form = format_of(path)
    assert form is not None
    assert form.read is not None
    return form.read(path.read_bytes(), "digest", path.name, known or Known())


def event(**said: Any) -> dict[str, Any]:
    return {
        "type": "ObjectEvent", "eventTime": "2026-03-01T22:30:00-05:00", "eventTimeZoneOffset": "-05:00",
        "action": "ADD", "bizStep": "commissioning", **said,
    }  # fmt: skip


def document(folder: Path, *events: Any, **more: Any) -> Path:
    path = folder / "given.jsonld"
    content = {"@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"], "type": "EPCISDocument",
               "schemaVersion": "2.0", "epcisBody": {"eventList": list(events)}, **more}  # fmt: skip
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def goods(lot: str, quantity: Any = None, uom: str | None = "KGM") -> dict[str, Any]:
    return {"epcClass": lot} | ({} if quantity is None else {"quantity": quantity, "uom": uom})


def rows(found: Found, table: str, *columns: str) -> set[tuple[Any, ...]]:
    return set(found.tables[table].select(columns).iter_rows()) if table in found.tables else set()


@pytest.mark.parametrize("path", VALID, ids=named)
def test_every_valid_sample_is_read_whole(path: Path) -> None:
    found = read(sample(path))
    assert found.rejected == 0
    assert found.rejects.is_empty()
    assert found.rows == found.accepted


REFUSED = {
    "ObjectEvent_with_non_standard_bizStep": {("bizStep", "transforming")},
    "ObjectEvent_with_invalid_eventTime_format": {("eventTime", "22-07-2026")},
    "ObjectEvent_with_invalid_action": {("action", "CREATE")},
    "ObjectEvent_with_non_standard_disposition": {("disposition", "in_transport")},
    "Combination_of_non_standard_bizStep_and_disposition": {
        ("bizStep", "transforming"), ("disposition", "in_transport"),
    },
    "ObjectEvent_without_action_and_eventTime": {("action", ""), ("eventTime", ""), ("eventTimeZoneOffset", "")},
    "ObjectEvent_without_eventTime": {("eventTime", "")},
    "ObjectEvent_with_unknown_element": {("madeUpField", "")},
    "ObjectEvent_bare_event_without_action": {("action", "")},
}  # fmt: skip


@pytest.mark.parametrize("path", samples("epcis/json-invalid/*", "epcis/xml-invalid/*"), ids=named)
def test_every_invalid_sample_is_refused_for_what_its_name_says(path: Path) -> None:
    if sample(path).stem == "EPCISDocument_without_context":
        with pytest.raises(UnreadableInput, match="no @context"):
            read(path)
        return
    found = read(path)
    assert set(found.rejects.select("field", "value").iter_rows()) == REFUSED[path.stem]
    assert (found.accepted, found.rows) == (0, found.rejected)
    assert found.tables == {}


def test_the_same_document_gives_the_same_rows_in_both_bindings() -> None:
    for name in ("AggregationEvent", "ObjectEvent", "TransactionEvent", "TransformationEvent"):
        one = read(sample(CHAIN / f"epcis/json-valid/{name}.json"))
        other = read(CHAIN / f"epcis/xml-valid/{name}.xml")
        ids = {"document", "source_row"} | ({"event"} if name != "TransformationEvent" else set())
        for table in ("lots", "event_lots"):
            kept = [column for column in one.tables[table].columns if column not in ids]
            assert set(one.tables[table].select(kept).iter_rows()) == set(
                other.tables[table].select(kept).iter_rows()
            ), (name, table)


def test_an_origin_declaration_gives_lot_plot_statement_and_harvest() -> None:
    found = read(sample(CHAIN / "gs1-eudr/epcis/origin-declaration.jsonld"))
    lot = "https://id.gs1.org/01/09521234000020/10/BATCH-2025-01"
    assert rows(found, "lots", "lot", "mass_g", "country") == {(lot, 850_000, "DE")}
    assert rows(found, "event_lots", "role", "lot", "plot", "mass_g") == {("output", lot, FARM, 850_000)}
    assert rows(found, "chain_events", "kind", "known_by") == {("harvest", "declared")}
    assert rows(found, "eudr_statements", "reference_number", "verification_number", "kind", "lot") == {
        ("EUIS-2025-DE-00012345", "VN-2025-DE-00012345", "due diligence statement", lot)
    }
    (outline,) = found.outlines
    assert outline.plot == FARM
    assert json.loads(outline.geometry)["coordinates"][0][1] == [13.41, 52.51]


def test_a_notification_covers_the_lots_that_it_lists() -> None:
    found = read(sample(CHAIN / "gs1-eudr/examples/regulatory-notification.jsonld"))
    assert rows(found, "eudr_statements", "reference_number", "lot", "supplier") == {
        (
            "EUIS-2025-DE-00012345",
            "https://id.gs1.org/01/09521234000020/10/BATCH-2025-01",
            "https://id.gs1.org/417/9521234000006",
        )
    }


def test_the_day_is_that_of_the_place_where_it_happened(tmp_path: Path) -> None:
    at_mill = {"readPoint": {"id": MILL}}
    found = read(document(tmp_path, event(action="OBSERVE", bizStep="shipping", epcList=[PALLET], **at_mill)))
    assert rows(found, "chain_events", "kind", "on", "at", "facility") == {
        ("transfer", date(2026, 3, 1), datetime(2026, 3, 2, 3, 30, tzinfo=UTC), MILL)
    }
    assert rows(found, "lots", "lot", "mass_g") == {(PALLET, None)}


@pytest.mark.parametrize(("step", "accepted"), [("shipping", None), ("receiving", date(2026, 3, 1))])
def test_custody_passes_when_the_goods_are_received(tmp_path: Path, step: str, accepted: date | None) -> None:
    found = read(document(tmp_path, event(action="OBSERVE", bizStep=step, epcList=[PALLET])))
    assert rows(found, "chain_events", "kind", "accepted_on") == {("transfer", accepted)}


@pytest.mark.parametrize(
    ("quantity", "uom", "grams"),
    [
        (0.1, "KGM", 100), (1250.5, "KGM", 1_250_500), (2, "TNE", 2_000_000), (3, "LBR", 1361), (7, "GRM", 7),
        (0, "KGM", 0), (12, "H87", None), (12, "MTQ", None), (12, None, None),
        (9_223_372_036_854_775_807, "GRM", 2**63 - 1),
    ],
)  # fmt: skip
def test_masses_are_exact_and_what_is_no_mass_is_none(
    tmp_path: Path, quantity: Any, uom: str | None, grams: int | None
) -> None:
    found = read(document(tmp_path, event(quantityList=[goods(LOT_A, quantity, uom) if uom else
                                                        {"epcClass": LOT_A, "quantity": quantity}])))  # fmt: skip
    assert rows(found, "lots", "lot", "mass_g") == {(LOT_A, grams)}


@pytest.mark.parametrize("quantity", [-1, "ten", 1e300, 9_223_372_036_854_776, True, "1_000"])
def test_a_quantity_that_is_none_refuses_its_event_alone(tmp_path: Path, quantity: Any) -> None:
    good = event(quantityList=[goods(LOT_B, 1)])
    found = read(document(tmp_path, event(quantityList=[goods(LOT_A, quantity)]), good))
    assert (found.rows, found.accepted, found.rejected) == (2, 1, 1)
    assert found.rejects["source_row"].to_list() == [1]
    assert rows(found, "lots", "lot") == {(LOT_B,)}


def test_a_harvest_needs_a_plot_that_is_known(tmp_path: Path) -> None:
    path = document(tmp_path, event(quantityList=[goods(LOT_A, 5)], bizLocation={"id": FARM}))
    assert "chain_events" not in read(path).tables
    found = read(path, Known(plots={FARM: FARM}))
    assert rows(found, "event_lots", "role", "lot", "plot", "mass_g") == {("output", LOT_A, FARM, 5000)}


def test_of_several_plots_nobody_knows_how_much_came_from_which(tmp_path: Path) -> None:
    square = "1.0,1.0 1.1,1.0 1.1,1.1 1.0,1.0"
    plots = [{"id": place, "geo": {"polygon": square}} for place in (FARM, MILL)]
    found = read(
        document(tmp_path, event(quantityList=[goods(LOT_A, 5)], **{"gs1:masterDataAvailableFor": plots}))
    )
    assert rows(found, "event_lots", "plot", "mass_g") == {(FARM, None), (MILL, None)}


def test_an_outline_that_many_events_repeat_is_one_plot(tmp_path: Path) -> None:
    plot = {"gs1:masterDataAvailableFor": [{"id": FARM, "geo": {"polygon": "1.0,1.0 1.1,1.0 1.1,1.1 1.0,1.0"}}]}
    found = read(document(
        tmp_path, event(quantityList=[goods(LOT_A, -1)], **plot), event(quantityList=[goods(LOT_A, 1)], **plot),
        event(quantityList=[goods(LOT_B, 2)], **plot),
    ))  # fmt: skip
    assert [(each.row, each.plot) for each in found.outlines] == [(2, FARM)]
    assert rows(found, "event_lots", "lot", "plot") == {(LOT_A, FARM), (LOT_B, FARM)}


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z"]
)
def test_a_moment_that_is_none_somewhere_is_refused(tmp_path: Path, moment: str) -> None:
    found = read(document(tmp_path, event(epcList=[PALLET], eventTime=moment)))
    assert found.rejects["field"].to_list() == ["eventTime"]


def test_parts_of_one_transformation_are_one_event(tmp_path: Path) -> None:
    common = {"type": "TransformationEvent", "eventTimeZoneOffset": "+00:00", "transformationID": "urn:uuid:t"}
    found = read(document(
        tmp_path,
        {**common, "eventTime": "2026-03-01T08:00:00Z",
         "inputQuantityList": [goods(LOT_A, 100), goods(LOT_A, 20)]},
        {**common, "eventTime": "2026-03-02T08:00:00Z", "outputQuantityList": [goods(LOT_B, 90)]},
    ))  # fmt: skip
    assert rows(found, "chain_events", "event", "kind", "on") == {
        ("urn:uuid:t", "transformation", date(2026, 3, 2))
    }
    assert rows(found, "event_lots", "role", "lot", "mass_g") == {
        ("input", LOT_A, 120_000), ("output", LOT_B, 90_000),
    }  # fmt: skip


def test_what_is_packed_and_unpacked_is_not_made_of_itself(tmp_path: Path) -> None:
    packing = {"type": "AggregationEvent", "parentID": PALLET, "childQuantityList": [goods(LOT_A, 10)]}
    common = {"eventTime": "2026-03-01T08:00:00Z", "eventTimeZoneOffset": "+00:00"}
    added, taken = {**common, **packing, "action": "ADD"}, {**common, **packing, "action": "DELETE"}
    found = read(document(tmp_path, taken, added))
    assert rows(found, "event_lots", "role", "lot", "mass_g") == {
        ("input", LOT_A, 10_000), ("output", PALLET, 10_000),
    }  # fmt: skip
    alone = read(document(tmp_path, taken))
    assert rows(alone, "event_lots", "role", "lot") == {("input", PALLET), ("output", LOT_A)}


def test_a_kind_of_goods_without_a_lot_comes_from_nobody_knows_where(tmp_path: Path) -> None:
    product = "https://id.gs1.org/01/09521234000020"
    found = read(document(tmp_path, {
        "type": "TransformationEvent", "eventTime": "2026-03-01T08:00:00Z", "eventTimeZoneOffset": "+00:00",
        "inputQuantityList": [goods(product, 3), goods("urn:epc:idpat:sgtin:9521234.000002.*", 4)],
        "outputQuantityList": [goods(LOT_B, 7)],
    }))  # fmt: skip
    assert rows(found, "event_lots", "role", "lot", "mass_g") == {("input", None, 7000), ("output", LOT_B, 7000)}


def test_an_error_declaration_voids_the_event_of_its_id(tmp_path: Path) -> None:
    shipped = event(action="OBSERVE", bizStep="shipping", epcList=[PALLET], eventID="urn:uuid:e")
    wrong = {
        **shipped,
        "errorDeclaration": {"declarationTime": "2026-03-05T00:00:00Z", "reason": "incorrect_data"},
    }
    found = read(document(tmp_path, shipped, wrong))
    assert rows(found, "chain_events", "kind", "event", "voids") == {
        ("transfer", "urn:uuid:e", None), ("error declaration", "urn:uuid:e#errorDeclaration", "urn:uuid:e"),
    }  # fmt: skip


def test_two_events_of_one_id_are_both_refused_and_one_event_twice_is_one(tmp_path: Path) -> None:
    one = event(quantityList=[goods(LOT_A, 1)], eventID="urn:uuid:e")
    found = read(document(tmp_path, one, one))
    assert (found.accepted, found.tables["lots"]["mass_g"].to_list()) == (2, [1000])
    other = event(quantityList=[goods(LOT_A, 2)], eventID="urn:uuid:e")
    found = read(document(tmp_path, one, other, event(epcList=[PALLET])))
    assert (found.accepted, found.rejected) == (1, 2)
    assert rows(found, "lots", "lot") == {(PALLET,)}


def test_the_order_of_events_makes_no_difference(tmp_path: Path) -> None:
    events = [
        event(quantityList=[goods(LOT_A, 5)], bizLocation={"id": FARM}),
        event(quantityList=[goods(LOT_B, 6)], readPoint={"id": FARM}),
        event(action="OBSERVE", bizStep="receiving", quantityList=[goods(LOT_A, 5)], readPoint={"id": MILL}),
    ]
    known = Known(plots={FARM: FARM})
    one, other = (read(document(tmp_path, *each), known) for each in (events, reversed(events)))
    for table in one.tables:
        kept = [column for column in one.tables[table].columns if column != "source_row"]
        assert set(one.tables[table].select(kept).iter_rows()) == set(other.tables[table].select(kept).iter_rows())


def test_an_event_on_file_as_it_is_is_not_added_again(tmp_path: Path) -> None:
    path = document(tmp_path, event(action="OBSERVE", bizStep="shipping", quantityList=[goods(LOT_A, 5)]))
    first = read(path)
    again = read(path, Known(first.tables))
    assert "chain_events" not in again.tables
    assert "lots" not in again.tables
    assert any("on file already" in str(note) for note in again.notes)


def test_identifiers_of_the_case_name_what_a_document_names(tmp_path: Path) -> None:
    held = pl.DataFrame({"kind": ["facility"], "scheme": ["GLN"], "value": ["9521234000105"], "id": ["MILL-1"]})
    at_mill = {"readPoint": {"id": MILL}, "epcList": [PALLET]}
    found = read(document(tmp_path, event(action="OBSERVE", bizStep="shipping", **at_mill)),
                 Known({"identifiers": held}))  # fmt: skip
    assert rows(found, "chain_events", "facility") == {("MILL-1",)}
    assert rows(found, "identifiers", "kind", "scheme", "value", "id") == {
        ("lot", "SSCC", "095212340000000018", PALLET)
    }


def test_what_a_case_has_no_place_for_is_listed_by_name_and_count(tmp_path: Path) -> None:
    found = read(document(tmp_path, event(epcList=[PALLET], disposition="active", **{"ex:grade": "A"})))
    said = [str(note) for note in found.notes]
    assert any("disposition (1 times)" in note for note in said)
    assert any("ex:grade (1 times)" in note for note in said)


BROKEN = {
    "cut.json": (
        '{"@context": [], "type": "EPCISDocument", "epcisBody": {"eventList": [{"type": ',
        "line 1, column",
    ),
    "cut.xml": ("<EPCISDocument><EPCISBody><EventList>\n<ObjectEvent>", "line 2, column"),
    "twice.json": (
        '{"type": "EPCISDocument", "@context": [], "epcisBody": {}, "epcisBody": {}}',
        "epcisBody twice",
    ),
    "deep.json": ('{"type": "EPCISDocument", "a": ' + "[" * 100_000, "nested too deeply|not valid JSON"),
    "empty.json": ('{"type": "EPCISDocument", "@context": []}', "no list of events"),
    "dtd.xml": (
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><EPCISDocument><a>&a;</a></EPCISDocument>',
        "document type",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_document_is_refused_with_the_place(tmp_path: Path, name: str) -> None:
    content, why = BROKEN[name]
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableInput, match=why):
        read(path)


def test_other_files_are_no_documents_of_an_exchange_format(tmp_path: Path) -> None:
    for name, content in (
        ("plots.json", '{"type": "FeatureCollection", "features": []}'), ("invoice.xml", "<Invoice/>"),
        ("some.jsonld", "{}"), ("EPCISDocument.csv", '{"type": "EPCISDocument"}'),
    ):  # fmt: skip
        (tmp_path / name).write_text(content, encoding="utf-8")
        assert format_of(tmp_path / name) is None
