"""One thing has one id: identifiers of others, merges and their inverses."""

import random
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.chain.identity import resolved
from landproof.chain.voiding import void
from landproof.domain.digest import sorted_rows
from landproof.domain.facts import FACTS
from tests.unit.chain.rows import DOCUMENTS, frame, trace_all

Rows = Iterable[Mapping[str, Any]]


def tables(**rows: Rows) -> dict[str, pl.DataFrame]:
    return {name: sorted_rows(frame(table, rows.get(name, ())), table) for name, table in FACTS.items()}


def gln(value: str, own: str, kind: str = "facility") -> dict[str, Any]:
    return {"kind": kind, "scheme": "GLN", "value": value, "id": own}


def merge(name: str, old: str, new: str, kind: str = "party") -> dict[str, Any]:
    return {"merge": name, "kind": kind, "id": old, "into": new}


def test_an_identifier_of_others_is_read_as_our_own_id():
    found = resolved(
        tables(
            facilities=[{"facility": "MILL-1"}],
            deliveries=[{"delivery": "D", "lot": "L", "facility": "4012345000009", "sender": "4012345000009"}],
            certificates=[{"certificate": "C", "sites": ["4012345000009", "other"]}],
            claims=[{"claim": "Q", "lot": "L", "site": "4012345000009"}],
            identifiers=[gln("4012345000009", "MILL-1")],
        )
    )
    assert found["deliveries"]["facility"].to_list() == ["MILL-1"]
    assert found["deliveries"]["sender"].to_list() == ["4012345000009"]  # of a facility, not of a party
    assert found["certificates"]["sites"].to_list() == [["MILL-1", "other"]]
    assert found["claims"]["site"].to_list() == ["MILL-1"]


def test_an_id_on_file_gives_way_to_no_identifier():
    found = resolved(
        tables(
            plots=[{"plot": "BAD"}, {"plot": "GOOD"}],
            deliveries=[{"delivery": "D", "lot": "L", "plot": "BAD"}],
            identifiers=[gln("BAD", "GOOD", "plot")],
        )
    )
    assert found["deliveries"]["plot"].to_list() == ["BAD"]
    assert sorted(found["plots"]["plot"]) == ["BAD", "GOOD"]


@pytest.mark.parametrize(("second", "read"), [("MILL-2", "9"), ("MILL-1", "MILL-1")])
def test_an_identifier_of_two_things_names_none(second: str, read: str):
    rows = tables(
        deliveries=[{"delivery": "D", "lot": "L", "facility": "9"}],
        identifiers=[gln("9", "MILL-1"), {**gln("9", second), "scheme": "OS ID"}],
    )
    assert resolved(rows)["deliveries"]["facility"].to_list() == [read]


def test_an_identifier_of_what_was_merged_names_what_is_kept():
    rows = tables(
        deliveries=[{"delivery": "D", "lot": "L", "sender": "9"}],
        identifiers=[gln("9", "S-1", "party"), {**gln("9", "S-2", "party"), "scheme": "OS ID"}],
        merges=[merge("M1", "S-1", "S-2")],
    )
    assert resolved(rows)["deliveries"]["sender"].to_list() == ["S-2"]


@pytest.mark.parametrize(
    ("undoing", "read"),
    [
        ({}, "S-3"),
        ({"M9": "M1"}, "S-1"),
        ({"M9": "M2"}, "S-2"),
        ({"M9": "M1", "M8": "M9"}, "S-3"),
        ({"M9": "M1", "M8": "M9", "M7": "M8"}, "S-1"),
    ],
)
def test_a_merge_has_an_inverse_and_old_ids_resolve(undoing: Mapping[str, str], read: str):
    merges = [merge("M1", "S-1", "S-2"), merge("M2", "S-2", "S-3")]
    undone = [{"merge": name, "kind": "party", "undoes": other} for name, other in undoing.items()]
    rows = tables(purchases=[{"line": "P", "supplier": "S-1"}], merges=[*merges, *undone])
    found = resolved(rows)
    assert found["purchases"]["supplier"].to_list() == [read]
    assert found["merges"].equals(rows["merges"])


def test_merged_in_a_circle_they_keep_the_first_id():
    merges = [merge("M1", "S-2", "S-3"), merge("M2", "S-3", "S-2"), merge("M3", "S-3", "S-3")]
    rows = tables(purchases=[{"line": "P", "supplier": "S-3"}], merges=merges)
    assert resolved(rows)["purchases"]["supplier"].to_list() == ["S-2"]


def test_what_merged_rows_contradict_is_unknown():
    suppliers = [
        {"supplier": "S-1", "country": "BR", "name": "One", "eudr_compliant": True, "tier": 1, "source_row": 4},
        {"supplier": "S-2", "country": "BR", "name": "One", "eudr_compliant": False, "source_row": 2},
        {"supplier": "S-3", "country": "AR", "tier": 2},
    ]
    evidence = [{"evidence": "E", "topic": "permit", "subject": "supplier:S-1", "answer": "no"}]
    rows = tables(suppliers=suppliers, evidence=evidence, merges=[merge("M", "S-1", "S-2")])
    found = resolved(rows)
    one, other = found["suppliers"].to_dicts()
    assert (one["supplier"], one["country"], one["name"]) == ("S-2", "BR", "One")
    assert (one["eudr_compliant"], one["tier"]) == (None, None)
    assert (other["supplier"], other["tier"]) == ("S-3", 2)
    assert found["evidence"]["subject"].to_list() == ["supplier:S-2"]


@pytest.mark.parametrize(("second", "depth"), [(100, "plot"), (60, "none"), (None, "none")])
def test_a_lot_of_two_owners_with_other_numbers_proves_nothing(second: int | None, depth: str):
    rows = tables(
        lots=[{"lot": "OURS", "mass_g": 100}, {"lot": "THEIRS", "mass_g": second}],
        plots=[{"plot": "P"}],
        deliveries=[{"delivery": "D", "lot": "THEIRS", "plot": "P", "mass_g": 100, "custody": "segregated"}],
        merges=[merge("M", "THEIRS", "OURS", "lot")],
    )
    status, _ = trace_all({**resolved(rows), "documents": DOCUMENTS})
    assert status.select("lot", "depth").rows() == [("OURS", depth)]


def test_without_identifiers_and_merges_nothing_changes():
    rows = tables(suppliers=[{"supplier": "S-1"}], purchases=[{"line": "P", "supplier": "S-1"}])
    assert all(found is rows[name] for name, found in resolved(rows).items())


IDS = st.sampled_from(["A", "B", "C", "D", "E"])
MERGES = st.lists(
    st.fixed_dictionaries({"id": IDS, "into": IDS, "undoes": st.sampled_from([None, None, "M0", "M1", "M2"])}),
    max_size=6,
)  # fmt: skip


@settings(deadline=None)
@given(MERGES, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(merges: list[dict[str, Any]], chance: random.Random):
    named = [{"merge": f"M{place}", "kind": "party", **row} for place, row in enumerate(merges)]
    suppliers = [{"supplier": each, "name": each} for each in "ABCDE"]
    lines = [{"line": f"P{each}", "supplier": each} for each in "ABCDE"]
    straight = resolved(tables(suppliers=suppliers, purchases=lines, merges=named))
    for rows in (suppliers, lines, named):
        chance.shuffle(rows)
    other = resolved(tables(suppliers=suppliers, purchases=lines, merges=named))
    assert all(found.equals(straight[name]) for name, found in other.items())
    kept = straight["suppliers"]["supplier"]
    assert kept.is_unique().all()
    assert set(straight["purchases"]["supplier"]) == set(kept)  # nothing bought is of nobody


@pytest.mark.parametrize(
    ("declared", "gone"),
    [
        ([], set[str]()),
        ([("a", "x")], {"x"}),
        ([("a", "x"), ("b", "a")], {"a"}),
        ([("a", "x"), ("b", "a"), ("c", "b")], {"x", "b"}),
        ([("a", "b"), ("b", "a"), ("a", "x")], {"a", "b", "x"}),  # a circle: all of it is in force
        ([("a", "b"), ("b", "a"), ("c", "a"), ("b", "x"), ("a", "y")], {"a", "x"}),  # c settles it
        ([("a", "a"), ("a", "x")], {"a", "x"}),
    ],
)
def test_what_declarations_void(declared: list[tuple[str, str]], gone: set[str]):
    assert void(declared) == gone
    assert void(reversed(declared)) == gone
