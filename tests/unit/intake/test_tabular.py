"""Whole imports: counts, keys, money, mapping, memory."""

import datetime as dt
import json
from decimal import Decimal

import polars as pl
import pytest

from landproof.domain.errors import UsageError
from landproof.domain.facts import FACTS
from landproof.domain.facts.goods import PURCHASES
from landproof.domain.rejects import REJECTS
from landproof.intake import mapping
from landproof.intake.tabular import import_tabular
from tests.unit.intake.helpers import PURCHASE_HEADER, balanced, failures, purchases, said, write


def test_a_clean_file_fits_the_contract(tmp_path):
    imported = purchases(tmp_path, "L1,2025-01-02,S1,5,1.5,CNY,巴西")
    frame = imported.tables["purchases"]
    assert frame.schema == PURCHASES.schema
    assert frame.row(0, named=True) == {
        "line": "L1", "received_on": dt.date(2025, 1, 2), "supplier": "S1", "product": None, "quantity_g": 5000,
        "net_spend": Decimal("1.5000"), "currency": "CNY", "country": "BR", "processed_in": None, "lot": None,
        "business_unit": None, "source": imported.source, "source_row": 2,
    }  # fmt: skip
    assert len(imported.source) == 64
    assert imported.rejects.schema == REJECTS.schema
    assert imported.rejects.height == 0


def test_every_row_is_accepted_or_rejected_with_reason_and_remedy(tmp_path):
    imported = purchases(
        tmp_path,
        "L1,2025-01-02,S1,5,1,CNY,BR",
        ",2025-01-02,S1,5,1,CNY,BR",
        "L3,someday,S1,5,1,CNY,Narnia",
        "L4,2025-01-02,S1,-5,1,CNY,BR",
        "L1,2025-01-05,S1,7,1,CNY,BR",
    )
    assert (imported.counts.rows, imported.counts.accepted, imported.counts.rejected) == (5, 1, 4)
    assert [(row, name) for row, name, _ in failures(imported)] == [
        (3, "line"), (4, "country"), (4, "received_on"), (5, "quantity_g"), (6, "line"),
    ]  # fmt: skip
    for row in imported.rejects.iter_rows(named=True):
        values = json.loads(row["values"])
        assert row["reason"] % values
        assert row["remedy"] % values
        assert row["source"] == imported.source
        assert row["table"] == "purchases"


def test_a_reject_names_cell_and_value(tmp_path):
    row = purchases(tmp_path, "L1,someday").rejects.row(0, named=True)
    assert (row["source_row"], row["field"], row["value"]) == (2, "received_on", "someday")
    assert json.loads(row["values"])["cell"] == "B2"
    assert row["reason"] % json.loads(row["values"]) == "someday under received_on is not a date."


def test_a_key_used_twice_names_the_first_row(tmp_path):
    imported = purchases(tmp_path, "L1", "L2", "L1", "L1")
    assert imported.tables["purchases"]["line"].to_list() == ["L1", "L2"]
    assert [json.loads(each)["first"] for each in imported.rejects["values"]] == ["2", "2"]
    assert imported.rejects["source_row"].to_list() == [4, 5]


def test_a_later_row_does_not_take_the_place_of_a_bad_first_one(tmp_path):
    imported = purchases(tmp_path, "L1,someday", "L1,2025-01-02")
    assert imported.counts.accepted == 0
    assert balanced(imported)


def test_a_key_of_the_case_is_refused_with_its_row(tmp_path):
    earlier = purchases(tmp_path, "L0", "L1").tables
    source = earlier["purchases"]["source"][0]
    imported = purchases(tmp_path, "L1", "L2", existing=earlier, names={source: "march.csv"})
    assert imported.tables["purchases"]["line"].to_list() == ["L2"]
    assert imported.rejects["reason"].to_list() == [
        "The key %(value)s is already in the case, from row %(first)s of %(file)s."
    ]
    values = json.loads(imported.rejects["values"][0])
    assert (values["first"], values["file"]) == ("3", "march.csv")


def test_keys_of_several_columns_and_missing_parts(tmp_path):
    path = write(
        tmp_path / "monitoring.csv", "plot,screened_on", "P1,2025-01-01", "P1,2025-02-01", "P1,", "P1,",
        "P2,2025-01-01", "P1,2025-01-01",
    )  # fmt: skip
    imported = import_tabular(path, table="monitoring")
    assert imported.tables["monitoring"]["source_row"].to_list() == [2, 3, 4, 6]
    assert imported.rejects["source_row"].to_list() == [5, 7]


def test_a_rebate_has_no_quantity(tmp_path):
    imported = purchases(
        tmp_path, "L1,2025-01-02,S1,,-5,CNY,BR", "L2,2025-01-02,S1,0,-5,CNY,BR", "L3,2025-01-02,S1,1,-5,CNY,BR",
    )  # fmt: skip
    assert imported.tables["purchases"]["line"].to_list() == ["L1", "L2"]
    assert [(row, name) for row, name, _ in failures(imported)] == [(4, "net_spend")]


def test_a_budget_is_not_below_zero_but_a_profit_may_be(tmp_path):
    path = write(tmp_path / "a.csv", "programme,budget", "H1,-1", "H2,0")
    assert import_tabular(path, table="programmes").tables["programmes"]["programme"].to_list() == ["H2"]
    path = write(tmp_path / "b.csv", "figure,amount,currency", "net profit,-1,CNY")
    assert import_tabular(path, table="figures").tables["figures"]["amount"].to_list() == [Decimal(-1)]


def test_the_currency_may_stand_in_the_header_or_the_cell(tmp_path):
    path = write(tmp_path / "a.csv", "line,net spend (USD)", "L1,5", "L2,")
    imported = import_tabular(path, table="purchases")
    assert imported.tables["purchases"]["currency"].to_list() == ["USD", None]
    assert "The currency was taken from net spend (USD) (rows: 1)." in said(imported)
    path = write(tmp_path / "b.csv", "line,net spend", "L1,5 EUR", "L2,€ 6", "L3,7元", "L4,8")
    frame = import_tabular(path, table="purchases").tables["purchases"]
    assert frame["currency"].to_list() == ["EUR", "EUR", "CNY", None]


def test_a_sign_for_several_currencies_needs_a_code_beside_it(tmp_path):
    path = write(
        tmp_path / "a.csv", "line,net spend,currency", "L1,$5,USD", "L2,$5,", "L3,¥5,JPY", "L4,$5,CNY", "L5,€5,USD"
    )
    imported = import_tabular(path, table="purchases")
    assert imported.tables["purchases"]["line"].to_list() == ["L1", "L3"]
    assert [reason.split("names")[1][:30] for _, _, reason in failures(imported)] == [
        " a currency only by a sign tha", " another currency than its row", " another currency than its row",
    ]  # fmt: skip


def test_the_file_name_helps_to_tell_the_table(tmp_path):
    path = write(tmp_path / "2025-suppliers.csv", "id,name", "S1,Alpha")
    assert import_tabular(path).sheets[0].table == "suppliers"
    assert import_tabular(write(tmp_path / "export.csv", "id,name", "S1,Alpha")).sheets[0].table is None


def test_a_key_of_the_case_without_a_row_number_is_refused_too(tmp_path):
    earlier = {"purchases": pl.DataFrame({"line": ["L1"]})}
    reject = purchases(tmp_path, "L1", existing=earlier).rejects.row(0, named=True)
    assert "from row ? of ?" in reject["reason"] % json.loads(reject["values"])


def test_headers_in_chinese(tmp_path):
    path = write(
        tmp_path / "a.csv",
        "采购行,收货日期,供应商编号,数量,单位,金额,币种,原产国",
        "L1,2025年1月2日,S1,3,吨,5,人民币,巴西",
    )
    row = import_tabular(path).tables["purchases"].row(0, named=True)
    assert (row["quantity_g"], row["currency"], row["country"]) == (3_000_000, "CNY", "BR")


def test_an_explicit_mapping_wins_and_may_carry_a_unit(tmp_path):
    path = write(tmp_path / "a.csv", "A,B,C,supplier", "L1,5,x,S1")
    imported = import_tabular(
        path, table="purchases", mapping={"A": "line", "b": "quantity_g (t)", "supplier": "", "C": "supplier"}
    )
    row = imported.tables["purchases"].row(0, named=True)
    assert (row["line"], row["quantity_g"], row["supplier"]) == ("L1", 5_000_000, "x")
    assert imported.sheets[0].how == {"line": "given", "quantity_g": "given", "supplier": "given"}
    assert imported.sheets[0].unmapped == ("supplier",)


def test_a_mapping_is_remembered_by_the_header(tmp_path):
    first = import_tabular(write(tmp_path / "a.csv", "A,B", "L1,5"), table="purchases",
                           mapping={"A": "line", "B": "quantity_g (kg)"})  # fmt: skip
    memory = json.loads(json.dumps(first.memory()))
    again = import_tabular(write(tmp_path / "b.csv", "A,B", "L2,6"), remembered=memory)
    assert again.tables["purchases"]["quantity_g"].to_list() == [6000]
    assert set(again.sheets[0].how.values()) == {"remembered"}
    other = import_tabular(write(tmp_path / "c.csv", "A,C", "L2,6"), remembered=memory)
    assert other.counts.rejected == 1


def test_map_options():
    assert mapping.parse_map_options(["Their = column=line", "B="]) == {"Their = column": "line", "B": ""}
    with pytest.raises(UsageError, match='has no "="'):
        mapping.parse_map_options(["line"])


def test_a_mapping_to_no_column_and_a_strange_table_are_refused(tmp_path):
    path = write(tmp_path / "a.csv", "A", "L1")
    with pytest.raises(UsageError, match="colour is not a column of purchases"):
        import_tabular(path, table="purchases", mapping={"A": "colour"})
    with pytest.raises(UsageError, match="is not a table"):
        import_tabular(path, table="colours")
    with pytest.raises(UsageError, match="is not a decimal mark"):
        import_tabular(path, decimal_mark=";")


def test_a_file_without_the_key_column_is_refused_as_a_whole(tmp_path):
    imported = import_tabular(
        write(tmp_path / "a.csv", "supplier,quantity (kg)", "S1,5", "S2,6"), table="purchases"
    )
    assert (imported.counts.rows, imported.counts.rejected) == (2, 2)
    assert imported.rejects["source_row"].to_list() == [None]
    assert json.loads(imported.rejects["values"][0])["column"] == "Purchase line / 采购行"


def test_rows_may_be_numbered_on_request(tmp_path):
    path = write(tmp_path / "a.csv", "supplier,quantity (kg)", "S1,5", "S2,6")
    imported = import_tabular(path, table="purchases", number_rows=True)
    prefix = imported.source[:12]
    assert imported.tables["purchases"]["line"].to_list() == [f"{prefix}-2", f"{prefix}-3"]
    assert any(note.startswith("Rows were numbered") for note in said(imported))


def test_two_headers_for_one_column_are_a_question(tmp_path):
    path = write(tmp_path / "a.csv", "line,Quantity (kg),Quantity (t)", "L1,5,6")
    imported = import_tabular(path, table="purchases")
    assert imported.counts.accepted == 0
    mended = import_tabular(path, table="purchases", mapping={"Quantity (t)": ""})
    assert mended.tables["purchases"]["quantity_g"].to_list() == [5000]


def test_unmapped_columns_are_reported(tmp_path):
    path = write(tmp_path / "a.csv", PURCHASE_HEADER + ",colour,", "L1,,,,,,,red,x")
    assert import_tabular(path).sheets[0].unmapped == ("colour",)


@pytest.mark.parametrize("table", FACTS)
def test_the_table_is_guessed_from_its_own_labels(table):
    names = mapping.readable_columns(FACTS[table])
    assert mapping.guess_table("Sheet1", [FACTS[table][name].label for name in names]) == table
    found = mapping.guess([FACTS[table][name].label for name in names], table)
    assert sorted(found.columns) == sorted(names)
    assert not found.clashes


def test_the_order_of_rows_and_tables_of_rejects_is_stable(tmp_path):
    rows = [f"L{number % 90},2025-13-{number:02d},S1,-{number}" for number in range(1, 100)]
    first, second = purchases(tmp_path, *rows), purchases(tmp_path, *rows)
    assert first.rejects.equals(second.rejects)
    keys = ("source", "sheet", "source_row", "field", "reason")
    assert first.rejects.equals(first.rejects.sort(keys, nulls_last=False))


def test_values_of_rejects_are_json(tmp_path):
    imported = purchases(tmp_path, 'L1,"say ""when""",S1')
    assert json.loads(imported.rejects["values"][0])["value"] == 'say "when"'


def test_nothing_is_accepted_from_a_row_with_one_bad_optional_cell(tmp_path):
    imported = purchases(tmp_path, "L1,2025-01-02,S1,5,1,CNY,Narnia")
    assert imported.tables["purchases"].height == 0
    assert balanced(imported)


def test_empty_tables_are_frames_of_the_contract(tmp_path):
    imported = purchases(tmp_path, "L1,someday")
    assert imported.tables["purchases"].schema == pl.Schema(PURCHASES.schema)
