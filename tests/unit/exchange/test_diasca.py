"""DIASCA documents in and out: small ones worked out by hand, chains of any content, and the published schemas."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landproof.exchange import diasca
from landproof.exchange.diasca_fields import FIELDS
from landproof.exchange.diasca_ids import NAMESPACE
from landproof.exchange.diasca_write import write
from landproof.exchange.formats import format_of
from landproof.exchange.found import Found, Known
from tests.unit.exchange.files import CHAIN, sample
from tests.unit.exchange.test_hostile import VALUES
from tests.unit.exchange.test_round_trip import CHAINS, chain, frames

SCHEMAS = CHAIN / "diasca-v2" / "json_schemas"
RECORD = {"created_at": "2026-03-02T00:00:00Z", "created_by_system": "coop"}


def name(number: int) -> str:
    return str(UUID(int=number))


COOP, MILL, PLOT, FARM_LOT, OTHER_LOT, BLEND, REST, EVENT = (name(each) for each in range(1, 9))


def lot(lot_id: str, quantity: Any = 100, unit: str = "kg", **more: Any) -> dict[str, Any]:
    return {"lot_id": lot_id, "product_type": "parchment", "origin_site_id": PLOT, "quantity": quantity,
            "unit": unit, "owner_enterprise_id": COOP, **RECORD, **more}  # fmt: skip


def line(number: int, source: str, used: Any, into: str, made: Any, event: str = EVENT) -> dict[str, Any]:
    return {"lineage_id": name(100 + number), "event_id": event, "input_lot_id": source, "output_lot_id": into,
            "input_qty": used, "output_qty": made, "transformation_type": "blend", **RECORD}  # fmt: skip


def transaction(number: int, kind: str, **more: Any) -> dict[str, Any]:
    return {"transaction_id": name(200 + number), "type": kind, "timestamp": "2026-03-01T22:30:00-05:00", **RECORD,
            **more}  # fmt: skip


SITES = [
    {"site_id": PLOT, "name": "Upper field", "type": "plot", "country": "CO", "size": 1.25,
     "owner_person_id": name(50), "geometry": {"type": "Point", "coordinates": [-75.123456, 4.654321]}, **RECORD},
    {"site_id": MILL, "name": "Mill", "type": "processing_facility", "country": "CO", **RECORD},
]  # fmt: skip
ENTERPRISE = {"enterprise_id": COOP, "legal_name": "Hill Cooperative", "enterprise_type": "cooperative",
              "gln": "9521234000099", "tax_id": "900.1", **RECORD}  # fmt: skip


def read(*entities: Any, known: Known | None = None, **wrapped: Any) -> Found:
    content = wrapped or list(entities)
    return diasca.read(json.dumps(content).encode(), "digest", "given.json", known or Known())


def rows(found: Found, table: str, *columns: str) -> set[tuple[Any, ...]]:
    return set(found.tables[table].select(columns).iter_rows()) if table in found.tables else set()


def test_a_document_of_all_kinds_of_lists_fills_the_tables() -> None:
    found = read(
        enterprises=[ENTERPRISE], sites=SITES, person={"person_id": name(50), "name": "Somebody"},
        lots=[lot(FARM_LOT, 0.7005, "mt", product_type="raw_cherry", harvest_date="2026-03-01"),
              lot(OTHER_LOT, 12, "bags")],
        transactions=[
            transaction(1, "harvest", source_site_id=PLOT, lot_id=FARM_LOT, quantity=700.5, unit="kg"),
            transaction(2, "transfer", lot_id=FARM_LOT, target_enterprise_id=COOP, target_site_id=MILL),
        ],
    )  # fmt: skip
    assert found.rejects.is_empty()
    assert found.rows + len(found.outlines) == 8
    assert rows(found, "parties", "party", "name") == {(COOP, "Hill Cooperative")}
    assert rows(found, "party_roles", "party", "role") == {(COOP, "cooperative")}
    assert rows(found, "identifiers", "scheme", "value", "id") == {
        ("GLN", "9521234000099", COOP), ("national id", "900.1", COOP),
    }  # fmt: skip
    assert rows(found, "facilities", "facility", "country") == {(MILL, "CO")}
    assert rows(found, "lots", "lot", "mass_g", "commodity", "holder", "made_on") == {
        (FARM_LOT, 700_500, "coffee", COOP, date(2026, 3, 1)), (OTHER_LOT, None, "coffee", COOP, None),
    }  # fmt: skip
    assert rows(found, "chain_events", "kind", "on", "at", "holder", "facility", "known_by") == {
        ("harvest", date(2026, 3, 1), datetime(2026, 3, 2, 3, 30, tzinfo=UTC), None, None, "declared"),
        ("transfer", date(2026, 3, 1), datetime(2026, 3, 2, 3, 30, tzinfo=UTC), COOP, MILL, None),
    }  # fmt: skip
    assert rows(found, "event_lots", "role", "lot", "plot", "mass_g") == {
        ("output", FARM_LOT, PLOT, 700_500), ("input", FARM_LOT, None, None),
    }  # fmt: skip
    (outline,) = found.outlines
    assert (outline.plot, outline.cells) == (PLOT, {"country": "CO", "area_ha": "1.25"})
    assert outline.geometry.replace("\n", "").replace(" ", "").endswith("[-75.123456,4.654321]}")
    notes = {note.sentence: note.values.get("count") for note in found.notes}
    assert notes["Persons, whose data were left out: %(count)s."] == "2"  # herself, and as the owner of the plot
    assert "Somebody" not in str(found)


def test_one_site_of_origin_is_no_origin_of_a_blend() -> None:
    """The format makes everyone name one: a blend would look as if all of it came from there."""
    found = read(*SITES, lot(FARM_LOT))
    assert "chain_events" not in found.tables
    assert "deliveries" not in found.tables


def test_lots_that_many_rows_repeat_count_once() -> None:
    """Two lots into two: four rows, 300 kg in and 290 kg out, not twice as much."""
    found = read(
        *(lot(each) for each in (FARM_LOT, OTHER_LOT, BLEND, REST)),
        line(1, FARM_LOT, 100, BLEND, 250), line(2, OTHER_LOT, 200, BLEND, 250),
        line(3, FARM_LOT, 100, REST, 40), line(4, OTHER_LOT, 200.0, REST, 40.000),
        transaction(1, "process") | {"transaction_id": EVENT},
    )  # fmt: skip
    assert found.rejects.is_empty()
    assert rows(found, "chain_events", "event", "kind", "process", "on") == {
        (EVENT, "transformation", "blend", date(2026, 3, 1))
    }
    assert rows(found, "event_lots", "role", "lot", "mass_g") == {
        ("input", FARM_LOT, 100_000), ("input", OTHER_LOT, 200_000), ("output", BLEND, 250_000),
        ("output", REST, 40_000),
    }  # fmt: skip


@pytest.mark.parametrize(("used", "made", "field"), [(101, 250, "input_qty"), (100, 251, "output_qty")])
def test_a_lot_with_two_quantities_in_one_event_is_refused_with_the_whole_event(
    used: int, made: int, field: str
) -> None:
    first = line(1, FARM_LOT, 100, BLEND, 250)
    second = line(2, FARM_LOT, used, BLEND, made) | {"lineage_id": name(102)}
    found = read(lot(FARM_LOT), lot(BLEND), first, second)
    assert rows(found, "chain_events", "event") == set()
    assert set(found.rejects.select("source_row", "field").iter_rows()) == {(3, field), (4, field)}
    assert "different quantities" in found.rejects["reason"][0]


def test_the_rest_of_an_event_does_not_stand_without_a_refused_row() -> None:
    broken = line(2, OTHER_LOT, 0, BLEND, 250)
    found = read(lot(FARM_LOT), lot(BLEND), line(1, FARM_LOT, 100, BLEND, 250), broken)
    assert "chain_events" not in found.tables
    assert set(found.rejects.select("source_row", "field").iter_rows()) == {(3, "event_id"), (4, "input_qty")}


def test_a_quantity_of_a_lot_whose_unit_is_not_told_is_no_mass() -> None:
    found = read(lot(FARM_LOT), line(1, FARM_LOT, 100, BLEND, 250))
    assert rows(found, "event_lots", "role", "lot", "mass_g") == {
        ("input", FARM_LOT, 100_000), ("output", BLEND, None),
    }  # fmt: skip


@pytest.mark.parametrize("status", ["cancelled", "pending"])
def test_what_was_not_done_makes_no_event(status: str) -> None:
    about = transaction(1, "process", status=status) | {"transaction_id": EVENT}
    found = read(*SITES, lot(FARM_LOT), lot(BLEND), line(1, FARM_LOT, 100, BLEND, 90), about)
    assert "chain_events" not in found.tables


def test_your_own_ids_are_kept() -> None:
    table = chain()
    identifiers = pl.DataFrame({
        "kind": ["lot"], "scheme": ["own id of another"], "value": [FARM_LOT.upper()], "id": ["L-7"],
    })  # fmt: skip
    known = Known(table | {"identifiers": identifiers})
    found = read(lot(FARM_LOT.upper()), known=known)
    assert rows(found, "lots", "lot") == {("L-7",)}


BAD = {
    "unit": "sacks", "quantity": 0, "lot_id": "7", "harvest_date": "2026-02-30", "created_at": "yesterday",
    "batch_number": "x" * 101, "product_type": None, "owner_enterprise_id": 5, "made_up": "x",
}  # fmt: skip


@pytest.mark.parametrize(("field", "value"), BAD.items())
def test_an_entity_that_its_schema_refuses_is_refused_alone(field: str, value: Any) -> None:
    found = read(lot(FARM_LOT) | {field: value}, lot(OTHER_LOT))
    assert found.rejects["field"].to_list() == [field]
    assert rows(found, "lots", "lot") == {(OTHER_LOT,)}
    assert (found.rows, found.accepted, found.rejected) == (2, 1, 1)


def test_two_entities_of_one_id_are_both_refused_and_the_same_twice_is_one() -> None:
    assert read(lot(FARM_LOT), lot(FARM_LOT, 101)).rejected == 2
    assert read(lot(FARM_LOT), lot(FARM_LOT)).tables["lots"].height == 1


def test_what_is_on_file_is_not_added_again() -> None:
    entities = (ENTERPRISE, *SITES, lot(FARM_LOT), lot(BLEND), line(1, FARM_LOT, 100, BLEND, 90))
    found = read(*entities)
    assert read(*entities, known=Known(found.tables)).tables == {}


def test_it_is_recognised_by_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "anything.json"
    path.write_text(json.dumps({"data": [lot(FARM_LOT)]}))
    form = format_of(path)
    assert form is not None
    assert form.name == "diasca"


def rule_of(schema: dict[str, Any], required: bool) -> dict[str, Any]:
    """A property of a schema in our terms."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kind = {"number": "number", "object": "object", "boolean": "flag"}.get(kinds[0])
    texts = {"uuid": "uuid", "date": "date", "date-time": "moment"}
    return {
        "kind": kind or texts.get(schema.get("format", ""), "text"),
        "required": required,
        "null": "null" in kinds and None in schema.get("enum", [None]),
        "words": tuple(schema.get("enum", ())),
        "longest": schema.get("maxLength"), "pattern": schema.get("pattern"),
        "above": schema.get("exclusiveMinimum"), "least": schema.get("minimum"), "most": schema.get("maximum"),
    }  # fmt: skip


@pytest.mark.parametrize("kind", FIELDS)
def test_the_checks_are_those_of_the_published_schemas(kind: str) -> None:
    schema = json.loads(sample(SCHEMAS / f"{kind}.json").read_text())
    assert schema["additionalProperties"] is False
    ours = {field: {name: getattr(rule, name) for name in rule.__slots__} for field, rule in FIELDS[kind].items()}
    theirs = {field: rule_of(each, field in schema["required"]) for field, each in schema["properties"].items()}
    assert ours == theirs


def faults(value: Any, schema: dict[str, Any]) -> list[str]:
    """What a JSON Schema of the published ones finds wrong with an object: our own reading of it."""
    found = [f"missing {each}" for each in schema["required"] if each not in value]
    for field, each in value.items():
        rule = schema["properties"].get(field)
        if rule is None:
            found.append(f"unknown {field}")
            continue
        kinds = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
        python = {"string": str, "number": (int, float), "object": dict, "boolean": bool, "null": type(None)}
        ok = any(isinstance(each, python[kind]) for kind in kinds)
        ok = ok and ("enum" not in rule or each in rule["enum"])
        if isinstance(each, str):
            ok = ok and len(each) <= rule.get("maxLength", 10**9)
            ok = ok and ("pattern" not in rule or re.search(rule["pattern"], each) is not None)
            if rule.get("format") == "uuid":
                ok = ok and str(UUID(each)) == each
            elif rule.get("format") in ("date", "date-time"):
                datetime.fromisoformat(each.replace("Z", "+00:00"))
        if isinstance(each, int | float) and not isinstance(each, bool):
            ok = ok and each > rule.get("exclusiveMinimum", -1)
        if not ok:
            found.append(f"{field} is {each}")
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CHAINS)
def test_what_is_written_is_valid_by_the_published_schemas(rows: dict[str, list[dict[str, Any]]]) -> None:
    (content,) = write(frames(rows)).files.values()
    kinds = {"enterprises": "enterprise", "sites": "site", "lots": "lot", "transactions": "transaction",
             "lot_lineage": "lot_lineage"}  # fmt: skip
    for listed, entities in json.loads(content).items():
        schema = json.loads(sample(SCHEMAS / f"{kinds[listed]}.json").read_text())
        assert [fault for each in entities for fault in faults(each, schema)] == []


SOME = st.sampled_from
PART = st.fixed_dictionaries({
    "event": SOME(("E-1", "E-2", "E-3")), "role": SOME(("input", "output")), "lot": SOME(("A", "B", "C", None)),
    "plot": SOME((None, None, "F-1", "F-2")), "mass_g": st.integers(0, 10**7) | st.none(),
})  # fmt: skip
HAPPENED = st.fixed_dictionaries({
    "event": SOME(("E-1", "E-2", "E-3")), "kind": SOME(("harvest", "transformation", "aggregation", "transfer")),
    "on": st.dates(date(2020, 1, 1), date(2026, 1, 1)) | st.none(), "holder": SOME((None, "P-1")),
    "facility": SOME((None, "MILL")), "voids": SOME((None, None, None, "E-1")),
})  # fmt: skip
LINKED = st.fixed_dictionaries({  # chains whose events and lots belong together
    "lots": st.lists(st.fixed_dictionaries({
        "lot": SOME("ABC"), "mass_g": st.integers(0, 10**7) | st.none(), "holder": SOME((None, "P-1")),
    }), max_size=3, unique_by=lambda row: row["lot"]),
    "chain_events": st.lists(HAPPENED, min_size=1, max_size=3, unique_by=lambda row: row["event"]),
    "event_lots": st.lists(PART, min_size=1, max_size=8,
                           unique_by=lambda row: str(sorted({**row, "mass_g": 0}.items()))),
})  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CHAINS | LINKED.map(lambda rows: {name: [] for name in chain()} | rows))
def test_ids_and_masses_come_back_or_are_listed(rows: dict[str, list[dict[str, Any]]]) -> None:
    tables = frames(rows)
    out = write(tables)
    (content,) = out.files.values()
    lost = {(table, key) for table, key, column in out.losses.select("table", "id", "column").iter_rows()
            if column in ("lot", "delivery", "event", "facility", "vessel")}  # fmt: skip
    if content == b"{}":
        assert {table for table, _ in lost} == {name for name, table in tables.items() if table.height}
        return
    found = diasca.read(content, "digest", "diasca.json", Known())
    assert found.rejects.is_empty()
    for name, ids in (
        ("lots", ("lot", "mass_g")),
        ("deliveries", ("delivery", "lot", "input_lot", "plot", "mass_g")),
        ("event_lots", ("event", "role", "lot", "plot", "mass_g")),
    ):
        back = found.tables[name].select(ids).rows() if name in found.tables else []
        given_rows = tables[name].select(ids).unique().rows()
        assert set(back) <= set(given_rows)
        keys = {"lots": ("lot",), "deliveries": ("delivery",), "event_lots": ("event", "role", "lot", "plot")}[
            name
        ]
        listed = tables[name].select({*ids, *keys}).unique().rows(named=True)
        missing = [row for row in listed if tuple(row[each] for each in ids) not in back]
        for row in missing:
            key = " + ".join(str(row[each]) for each in keys if row[each] is not None)
            assert (name, key) in lost, (name, row)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CHAINS)
def test_the_order_of_rows_makes_no_difference(rows: dict[str, list[dict[str, Any]]]) -> None:
    one, other = write(frames(rows)), write(frames({name: each[::-1] for name, each in rows.items()}))
    assert one.files == other.files
    assert one.losses.equals(other.losses)


MADE = {"event": "E-1", "kind": "transformation", "on": date(2026, 3, 1), "facility": "MILL", "known_by": None,
        "voids": None}  # fmt: skip
PARTS = [
    {"event": "E-1", "role": "input", "lot": "A", "plot": None, "mass_g": 1_000_500},
    {"event": "E-1", "role": "input", "lot": "B", "mass_g": 500},
    {"event": "E-1", "role": "output", "lot": "C", "mass_g": 1_000_000},
]
GROWN = [{"event": "E-0", "kind": "harvest", "on": date(2026, 2, 1), "known_by": "declared"}]
LOTS = [{"lot": "A", "mass_g": 1_000_500, "holder": "P-1"}, {"lot": "C", "mass_g": 1_000_000}]


def test_a_blend_stands_without_one_site_of_origin_and_is_listed() -> None:
    grown = {"event": "E-0", "role": "output", "lot": "A", "plot": "F-1", "mass_g": 1_000_500}
    out = write(chain(chain_events=[MADE, *GROWN], event_lots=[*PARTS, grown], lots=LOTS))
    document = json.loads(out.files["diasca.json"])
    lots = {each["batch_number"]: each for each in document["lots"]}
    assert lots["A"]["origin_site_id"] == str(uuid5(NAMESPACE, "plot:F-1"))
    assert lots["C"]["origin_site_id"] == str(uuid5(NAMESPACE, "place:several or unknown"))
    listed = set(out.losses.filter(pl.col("table") == "lots").select("id", "column").iter_rows())
    assert listed == {("C", "origin_site_id"), ("C", "owner_enterprise_id")}
    assert [each["input_qty"] for each in document["lot_lineage"]].count(1000.5) == 1
    assert len(document["lot_lineage"]) == 2


def test_an_event_with_an_unweighed_input_is_left_out_whole() -> None:
    parts = [PARTS[0], {**PARTS[1], "mass_g": None}, PARTS[2]]
    out = write(chain(chain_events=[MADE], event_lots=parts))
    assert out.files["diasca.json"] == b"{}"
    assert out.losses.filter(pl.col("column") == "event")["id"].to_list().count("E-1") == 1


def test_what_is_declared_wrong_is_left_out() -> None:
    wrong = {"event": "E-2", "kind": "error declaration", "voids": "E-1", "on": date(2026, 3, 2)}
    assert write(chain(chain_events=[MADE, wrong], event_lots=PARTS)).files["diasca.json"] == b"{}"


ENTITIES = (ENTERPRISE, *SITES, lot(FARM_LOT), line(1, FARM_LOT, 100, BLEND, 90), transaction(1, "harvest"))


@st.composite
def entities(draw: st.DrawFn) -> dict[str, Any]:
    members = dict(draw(st.sampled_from(ENTITIES)))
    for field in draw(st.sets(st.sampled_from(sorted(members)), max_size=2)):
        members[field] = draw(VALUES)
    if draw(st.booleans()):
        members["metadata"] = draw(VALUES | st.fixed_dictionaries({"landproof": st.dictionaries(
            st.sampled_from(("names", "event", "unit", "commodity", "moment", "stub")), VALUES,
        )}))  # fmt: skip
    return members


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(entities() | VALUES.filter(lambda each: not isinstance(each, list)), min_size=1, max_size=4))
def test_entities_of_any_content_are_read_or_refused(listed: list[Any]) -> None:
    found = diasca.read(json.dumps(listed).encode(), "digest", "any.json", Known())
    assert found.rows == found.accepted + found.rejected
    assert not {each.row for each in found.outlines} & set(found.rejects["source_row"])
    refused = set(found.rejects["source_row"])
    assert len(refused) == found.rejected
    for table in found.tables.values():
        assert not refused & set(table["source_row"])
