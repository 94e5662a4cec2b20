"""The Universal Mill List: the published one, and rows worked out by hand."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from landproof.domain.errors import UnreadableInput
from landproof.exchange import mill_list
from landproof.exchange.formats import format_of
from landproof.exchange.found import Found, Known
from tests.unit.exchange.files import CHAIN, sample
from tests.unit.exchange.test_round_trip import chain

HEAD = "UML ID,Parent Company,Mill Name,ISO,Country,RSPO Status"
GOOD = "PO1000000001,Hill Oil,Upper Mill,IDN,Indonesia,Not RSPO Certified"


def read(*lines: str, known: Known | None = None, mark: str = ",") -> Found:
    content = "\r\n".join((HEAD, *lines)).replace(",", mark)
    return mill_list.read(content.encode(), "digest", "mills.csv", known or Known())


def rows(found: Found, table: str, *columns: str) -> set[tuple[Any, ...]]:
    return set(found.tables[table].select(columns).iter_rows()) if table in found.tables else set()


def test_the_published_list_is_read_whole() -> None:
    path = sample(CHAIN / "universal-mill-list" / "uml_2023.csv")
    form = format_of(path)
    assert form is mill_list.FORMAT
    found = mill_list.read(path.read_bytes(), "digest", path.name, Known())
    assert (found.rows, found.accepted, found.rejected) == (2095, 2095, 0)
    facilities = found.tables["facilities"]
    assert facilities.height == 2095
    assert facilities.filter(pl.col("facility") == "PO1000000017").select("name", "country").rows() == [
        ("CPA", "BR")
    ]
    # 26 rows say IND and Indonesia; one of the two is wrong, and nobody knows which.
    assert facilities["country"].null_count() == 26
    assert found.tables["identifiers"].filter(pl.col("scheme") == "UML ID").height == 2095
    assert "UNKNOWN" not in set(found.tables["parties"]["party"])
    assert set(found.tables["party_roles"]["role"]) == {"processor"}
    assert found.tables["parties"].height == found.tables["party_roles"].height
    assert mill_list.read(path.read_bytes(), "digest", path.name, Known(found.tables)).tables == {}


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_mill_becomes_facility_identifier_and_processor(mark: str) -> None:
    found = read(GOOD, mark=mark)
    assert rows(found, "facilities", "facility", "name", "country") == {("PO1000000001", "Upper Mill", "ID")}
    assert rows(found, "identifiers", "kind", "scheme", "value", "id") == {
        ("facility", "UML ID", "PO1000000001", "PO1000000001")
    }
    assert rows(found, "parties", "party", "name") == {("Hill Oil", "Hill Oil")}
    assert rows(found, "party_roles", "party", "role") == {("Hill Oil", "processor")}
    notes = [note.values.get("name") for note in found.notes]
    assert "RSPO Status" in notes


def test_your_own_ids_are_kept() -> None:
    identifiers = pl.DataFrame(
        {"kind": ["facility"], "scheme": ["UML ID"], "value": ["PO1000000001"], "id": ["MILL-7"]}
    )
    parties = chain() | {
        "parties": pl.DataFrame({"party": ["P-1"], "name": ["Hill Oil"]}),
        "identifiers": identifiers,
    }
    found = read(GOOD, known=Known(parties))
    assert rows(found, "facilities", "facility") == {("MILL-7",)}
    assert rows(found, "parties", "party") == set()
    assert rows(found, "party_roles", "party") == {("P-1",)}


def test_bad_rows_are_refused_and_good_ones_go_on() -> None:
    found = read(
        GOOD, "", ",Hill Oil,Nameless,IDN,Indonesia,", "PO1000000002,A,One,IDN,Indonesia,",
        "PO1000000002,A,Other,IDN,Indonesia,", "PO1000000003,too,few", GOOD,
    )  # fmt: skip
    assert rows(found, "facilities", "facility") == {("PO1000000001",)}
    assert set(found.rejects.select("source_row", "field").iter_rows()) == {
        (4, "UML ID"), (5, "UML ID"), (6, "UML ID"), (7, ""),
    }  # fmt: skip
    assert (found.rows, found.accepted, found.rejected) == (6, 2, 4)


def test_a_country_and_a_code_that_differ_leave_it_unknown() -> None:
    found = read("PO1000000001,UNKNOWN,Mill,IND,Indonesia,", "PO1000000002,,Mill,,Ghana,")
    assert rows(found, "facilities", "facility", "country") == {("PO1000000001", None), ("PO1000000002", "GH")}
    assert "parties" not in found.tables


def test_what_is_no_text_is_refused_with_its_place() -> None:
    with pytest.raises(UnreadableInput, match="byte"):
        mill_list.read(HEAD.encode() + b"\n\xff\xfe", "digest", "mills.csv", Known())


@pytest.mark.parametrize("head", ["Mill Name,Country", "UML ID,Mill Name", "UML ID,Mill Name,Country,Country", ""])
def test_other_tables_are_left_to_the_reader_of_tables(tmp_path: Path, head: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(head + "\n")
    assert format_of(path) is None
