"""What is written comes back as it was, whatever ids, masses and days a chain has."""

import json
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landproof.domain.facts import FACTS
from landproof.domain.facts.contract import PROVENANCE
from landproof.domain.tables import Kind, conform
from landproof.exchange import epcis
from landproof.exchange.epcis_json import event_of, prefixes_of
from landproof.exchange.epcis_write import write
from landproof.exchange.event_hash import event_hash
from landproof.exchange.found import Found, Known
from landproof.exchange.json_text import read_json
from landproof.exchange.own_rows import CHAIN

AWKWARD = (
    "L-1", "a b/c", "gs1:x", "landproof:y", "https://id.gs1.org/01/09521234000020/10/A", "urn:x-landproof:lot:z",
    "https://example.com/gtin/09780345418913/21/7", "urn:uuid:1", "50 %", "=1+1", "咖啡", 'a"b', "ni:///sha-256;00",
    "https://www.example.com/x y", "\\u0000num:1",
)  # fmt: skip
IDS = st.sampled_from(AWKWARD) | st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
MASSES = st.integers(0, 10**9) | st.integers(0, 2**62)


def cell(kind: Kind, choices: tuple[str, ...]) -> st.SearchStrategy[Any]:
    if kind is Kind.CHOICE:
        return st.sampled_from(choices)
    return {
        Kind.MASS: MASSES, Kind.DATE: DAYS, Kind.INSTANT: MOMENTS, Kind.LIST: st.lists(st.just("BR"), min_size=1),
        Kind.COUNTRY: st.sampled_from(("BR", "CI", "DE")),
    }.get(kind, IDS)  # fmt: skip


def table(name: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    columns = [each for each in FACTS[name] if each not in PROVENANCE]
    row = st.fixed_dictionaries({
        each.name: cell(each.kind, each.choices) | (st.nothing() if each.required else st.none())
        for each in columns
    })  # fmt: skip
    return st.lists(row, max_size=4, unique_by=lambda each: tuple(str(each[key]) for key in FACTS[name].key))


CHAINS = st.fixed_dictionaries({name: table(name) for name in CHAIN})


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    given = pl.DataFrame(rows, schema={key: FACTS[name].schema[key] for key in rows[0]} if rows else None)
    return conform(given, FACTS[name]) if rows else FACTS[name].empty()


def frames(chain: dict[str, list[dict[str, Any]]]) -> dict[str, pl.DataFrame]:
    return {name: frame(name, rows) for name, rows in chain.items()}


def read_back(tables: dict[str, pl.DataFrame], known: Known | None = None) -> Found:
    (content,) = write(tables).files.values()
    return epcis.read(content, "digest", "chain.jsonld", known or Known())


def said(tables: Any, name: str) -> list[str]:
    rows = tables.get(name, FACTS[name].empty()).drop([each.name for each in PROVENANCE])
    return sorted(str(row) for row in rows.iter_rows())


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CHAINS)
def test_a_chain_comes_back_as_it_was(chain: dict[str, list[dict[str, Any]]]) -> None:
    tables = frames(chain)
    found = read_back(tables)
    assert found.rejects.is_empty()
    assert {name: said(found.tables, name) for name in CHAIN} == {name: said(tables, name) for name in CHAIN}
    assert set(found.tables) <= set(CHAIN)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CHAINS)
def test_the_order_of_rows_makes_no_difference(chain: dict[str, list[dict[str, Any]]]) -> None:
    turned = {name: rows[::-1] for name, rows in chain.items()}
    one, other = write(frames(chain)), write(frames(turned))
    assert one.files == other.files
    assert one.losses.equals(other.losses)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CHAINS)
def test_what_is_on_file_is_not_added_again(chain: dict[str, list[dict[str, Any]]]) -> None:
    tables = frames(chain)
    assert read_back(tables, Known(tables)).tables == {}


def chain(**rows: list[dict[str, Any]]) -> dict[str, pl.DataFrame]:
    return frames({name: rows.get(name, []) for name in CHAIN})


MADE = {"event": "E-1", "kind": "transformation", "on": date(2026, 3, 1), "facility": "MILL", "loss_g": 500}
PARTS = [
    {"event": "E-1", "role": "input", "lot": "A", "mass_g": 1_000_500},
    {"event": "E-1", "role": "output", "lot": "B", "mass_g": 1_000_000},
]


def test_other_programs_read_the_same_goods_and_masses() -> None:
    (content,) = write(chain(chain_events=[MADE], event_lots=PARTS)).files.values()
    assert b'"quantity": 1000.5' in content
    document = json.loads(content)
    (event,) = document["epcisBody"]["eventList"]
    del event["landproof:rows"]
    found = epcis.read(json.dumps(document).encode(), "digest", "chain.jsonld", Known())
    assert set(found.tables["event_lots"].select("role", "lot", "mass_g").iter_rows()) == {
        ("input", "A", 1_000_500), ("output", "B", 1_000_000),
    }  # fmt: skip
    assert found.tables["chain_events"].select("kind", "on", "facility").rows() == [
        ("transformation", date(2026, 3, 1), "MILL")
    ]


def test_an_event_whose_id_is_no_uri_is_called_by_its_hash() -> None:
    (content,) = write(chain(chain_events=[MADE], event_lots=PARTS)).files.values()
    document = read_json(content, "chain.jsonld")
    (event,) = document["epcisBody"]["eventList"]
    assert event["eventID"] == event_hash(event_of(event, prefixes_of(document["@context"])))


def test_losses_name_every_cell_that_only_landproof_reads() -> None:
    found = write(chain(chain_events=[MADE], event_lots=PARTS)).losses
    assert set(found.select("table", "id", "column").iter_rows()) == {
        ("chain_events", "E-1", "event"), ("chain_events", "E-1", "loss_g"), ("chain_events", "E-1", "at"),
    }  # fmt: skip


def test_what_has_no_day_is_no_event_and_is_listed() -> None:
    tables = chain(chain_events=[{**MADE, "on": None}], deliveries=[{"delivery": "D", "lot": "A", "mass_g": 5}])
    written = write(tables)
    (content,) = written.files.values()
    assert json.loads(content)["epcisBody"]["eventList"] == []
    assert {"D", "E-1"} <= set(written.losses["id"])


def test_a_document_changed_by_hand_is_refused_where_it_says_two_things() -> None:
    (content,) = write(chain(chain_events=[MADE], event_lots=PARTS)).files.values()
    changed = content.replace(b'"quantity": 1000.5', b'"quantity": 2000.5')
    found = epcis.read(changed, "digest", "chain.jsonld", Known())
    (reason,) = found.rejects["reason"].to_list()
    assert "row of landproof differ" in reason
    assert found.tables == {}


@pytest.mark.parametrize(
    ("old", "new"), [('mass_g": "1000500"', 'mass_g": "x"'), ('role": "input"', 'role": "eaten"'),
                     ('role": "input"', 'other": "x"')],
)  # fmt: skip
def test_a_row_that_is_none_is_refused(old: str, new: str) -> None:
    (content,) = write(chain(chain_events=[MADE], event_lots=PARTS)).files.values()
    assert old.encode() in content
    found = epcis.read(content.replace(old.encode(), new.encode()), "digest", "chain.jsonld", Known())
    assert found.rejected == 1
    assert found.tables == {}
