"""Templates: filled in, they import without a question."""

import datetime as dt
from decimal import Decimal

import openpyxl
import pytest

from landproof.domain.facts import FACTS
from landproof.domain.tables import Column, Kind
from landproof.intake.mapping import readable_columns
from landproof.intake.tabular import import_tabular
from landproof.intake.template_text import LISTS, READ_ME, WORKBOOKS
from landproof.intake.templates import UNITS, sheet_name, slots, write_templates
from landproof.intake.words import bilingual
from tests.unit.intake.helpers import balanced, said


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("templates")
    write_templates(made)
    return made


def example(column: Column) -> tuple[object, object]:
    """What a person writes into a cell of the column, and what it must become."""
    return {
        Kind.ID: ("X-007", "X-007"),
        Kind.TEXT: ("文字", "文字"),
        Kind.YES_NO: (bilingual("yes"), True),
        Kind.DATE: (dt.date(2025, 3, 31), dt.date(2025, 3, 31)),
        Kind.INSTANT: ("2025-03-31T14:05:00+08:00", dt.datetime(2025, 3, 31, 6, 5, tzinfo=dt.UTC)),
        Kind.COUNTRY: ("巴西", "BR"),
        Kind.CURRENCY: ("CNY", "CNY"),
        Kind.MONEY: (12.5, Decimal("12.5")),
        Kind.RATE: (7.25, Decimal("7.25")),
        Kind.SHARE: (0.5, Decimal("0.5")),
        Kind.MASS: (2, 2_000_000),
        Kind.AREA: (3.5, Decimal("3.5")),
        Kind.SQUARE_METRES: (900, 900),
        Kind.COUNT: (3, 3),
        Kind.NUMBER: (1.5, Decimal("1.5")),
        Kind.CHOICE: (bilingual(column.choices[-1]) if column.choices else "", (column.choices or ("",))[-1]),
        Kind.LIST: ("BR; CN", ["BR", "CN"]),
        Kind.DOCUMENT: ("policy.pdf", "policy.pdf"),
    }[column.kind] if not (column.kind is Kind.LIST and column.choices) else (
        "；".join(bilingual(choice) for choice in column.choices), list(column.choices)
    )  # fmt: skip


def test_every_fact_table_is_in_exactly_one_workbook():
    listed = [table for _, tables in WORKBOOKS.values() for table in tables]
    assert sorted(listed) == sorted(FACTS)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_filled_template_imports_without_a_question(folder, tmp_path, name):
    book = openpyxl.load_workbook(folder / f"{name}.xlsx")
    tables = WORKBOOKS[name][1]
    assert book.sheetnames == [READ_ME, *(sheet_name(FACTS[table]) for table in tables), LISTS]
    for table in tables:
        sheet = book[sheet_name(FACTS[table])]
        assert sheet.freeze_panes == "B3"
        assert sheet.row_dimensions[2].hidden
        for at, slot in enumerate(slots(FACTS[table]), start=1):
            sheet.cell(3, at).value = "t" if slot.is_unit else example(slot.column)[0]
    filled = tmp_path / "filled.xlsx"
    book.save(filled)
    imported = import_tabular(filled)
    assert imported.rejects.height == 0, imported.rejects.rows(named=True)
    assert sorted(imported.tables) == sorted(tables)
    for report in imported.sheets:
        assert report.unmapped == ()
        assert set(report.how.values()) == {"template"}
    for table in tables:
        row = imported.tables[table].row(0, named=True)
        for column in readable_columns(FACTS[table]):
            assert row[column] == example(FACTS[table][column])[1], (table, column)
        assert row["source_row"] == 3
    assert [note for note in said(imported) if "not read" in note] == []


def test_an_empty_template_gives_empty_tables(folder):
    imported = import_tabular(folder / "05-purchases.xlsx")
    assert imported.counts.rows == 0
    assert imported.rejects.height == 0


def test_a_mass_without_its_unit_is_refused(folder, tmp_path):
    book = openpyxl.load_workbook(folder / "05-purchases.xlsx")
    sheet = book[sheet_name(FACTS["purchases"])]
    sheet["A3"], sheet["E3"] = "L1", 5
    book.save(tmp_path / "a.xlsx")
    imported = import_tabular(tmp_path / "a.xlsx")
    assert imported.rejects["reason"].to_list() == ["%(value)s under %(header)s has no unit."]
    assert balanced(imported)


def test_drop_downs_hold_the_choices_and_yes_no(folder):
    book = openpyxl.load_workbook(folder / "08-certificates.xlsx")
    lists = book[LISTS]
    offered = {
        tuple(cell.value for (cell,) in lists[rule.formula1.split("!")[1].replace("$", "")])
        for rule in book[sheet_name(FACTS["certificates"])].data_validations.dataValidation
    }
    custody = tuple(bilingual(choice) for choice in FACTS["certificates"]["custody"].choices)
    assert offered == {custody, UNITS}  # the certified volume has a unit
    assert all("/" in choice for choice in custody)


def test_headers_are_bilingual_and_say_what_is_needed(folder):
    book = openpyxl.load_workbook(folder / "05-purchases.xlsx")
    sheet = book[sheet_name(FACTS["purchases"])]
    assert sheet["A1"].value == "Purchase line / 采购行 *"
    assert sheet["E1"].value == "Quantity / 数量"
    assert sheet["F1"].value == "Unit of: Quantity / 单位：数量"
    assert sheet["A2"].value == "purchases.line"
    assert "每一行都必须填写" in sheet["A1"].comment.text


def test_instructions_are_in_both_languages(folder):
    sheet = openpyxl.load_workbook(folder / "07-plots.xlsx")[READ_ME]
    rows = [(left.value, right.value) for left, right in sheet.iter_rows(max_col=2) if left.value]
    assert all(left and right and left != right for left, right in rows)


def test_templates_are_the_same_bytes_each_time(folder, tmp_path):
    for path in write_templates(tmp_path / "again"):
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_a_template_saved_as_csv_still_knows_its_columns(tmp_path):
    machine = [slot.machine for slot in slots(FACTS["suppliers"])]
    shown = [slot.header for slot in slots(FACTS["suppliers"])]
    lines = [",".join(shown), ",".join(machine), "S1,Alpha,BR,1,是,否"]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    imported = import_tabular(tmp_path / "a.csv")
    assert imported.tables["suppliers"].row(0)[:6] == ("S1", "Alpha", "BR", 1, True, False)
    assert imported.tables["suppliers"]["source_row"].to_list() == [3]
