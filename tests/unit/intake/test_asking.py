"""What intake asks, and what it does with an answer or with none."""

from pathlib import Path
from typing import Any

import pytest

from landproof.domain.facts import FACTS
from landproof.intake.asking import Heading, Place, Question, WhichColumn, WhichTable
from landproof.intake.tabular import Imported, import_tabular
from landproof.intake.templates import write_templates
from tests.unit.intake.helpers import balanced, failures, workbook, write

OPAQUE = ("Ref,When,Weight (kg)", "A1,2026-01-02,5", "A2,2026-01-03,6")


class Person:
    """Answers by name, and remembers what was asked; anything else is passed."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[Question] = []

    def __call__(self, question: Question) -> int | None:
        self.asked.append(question)
        answer = self.answers.pop(0) if self.answers else ""
        names = [choice if isinstance(choice, str) else choice.name for choice in question.choices]
        return names.index(answer) if answer else None


def bring(path: Path, person: Person | None, **options: Any) -> Imported:
    imported = import_tabular(path, ask=person, **options)
    assert balanced(imported)
    return imported


def test_a_table_and_a_column_that_nobody_could_guess_are_asked(tmp_path: Path) -> None:
    person = Person("purchases", "Ref")
    imported = bring(write(tmp_path / "zettel.csv", *OPAQUE), person)
    place = Place("zettel.csv", "", 2)
    which, column = person.asked
    assert isinstance(which, WhichTable)
    assert (which.place, which.headings) == (place, ("Ref", "When", "Weight (kg)"))
    assert sorted(which.choices) == sorted(FACTS)
    assert set(which.choices[:3]) == {"purchases", "lots", "deliveries"}  # the tables with a mass
    # A mass was recognised, so it is not offered.
    assert column == WhichColumn(
        place, "purchases", "line", False, (Heading("Ref", "A1"), Heading("When", "2026-01-02"))
    )
    assert imported.tables["purchases"].select("line", "quantity_g").rows() == [("A1", 5000), ("A2", 6000)]
    assert imported.answered


def test_an_answer_is_remembered_as_if_it_were_given(tmp_path: Path) -> None:
    path = write(tmp_path / "zettel.csv", *OPAQUE)
    asked = bring(path, Person("purchases", "Ref"))
    given = bring(path, None, table="purchases", mapping={"Ref": "line"})
    assert asked.memory() == given.memory()
    assert asked.sheets == given.sheets
    assert asked.tables["purchases"].equals(given.tables["purchases"])
    again = Person()
    assert bring(path, again, remembered=asked.memory()).counts.accepted == 2
    assert again.asked == []


@pytest.mark.parametrize("answers", [(), ("purchases",)])
def test_without_an_answer_the_sheet_is_refused_as_before(tmp_path: Path, answers: tuple[str, ...]) -> None:
    path = write(tmp_path / "zettel.csv", *OPAQUE)
    imported = bring(path, Person(*answers))
    alone = bring(path, None, table="purchases" if answers else None)
    assert imported.counts.rejected == 2
    assert imported.rejects.equals(alone.rejects)
    assert imported.memory() == {}


def test_the_first_question_that_is_passed_is_the_last(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "x,y,Mass (kg)", "D1,L1,5")
    person = Person("x")
    imported = bring(path, person, table="deliveries")  # needs an identifier and a lot
    assert [question.column for question in person.asked if isinstance(question, WhichColumn)] == [
        "delivery", "lot",
    ]  # fmt: skip
    assert [heading.name for heading in person.asked[1].choices if isinstance(heading, Heading)] == ["y"]
    [(row, _, reason)] = failures(imported)
    assert row is None
    assert "was recognised as" in reason
    assert imported.rejects["values"].str.contains('"name": "lot"').all()  # what is still missing, not the answer


def test_two_columns_that_look_alike_are_asked(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Line no,Line ID,Quantity (kg)", "1,A1,5", "2,A2,6")
    alone = bring(path, None, table="purchases")
    assert alone.counts.rejected == 2
    person = Person("Line ID")
    imported = bring(path, person, table="purchases")
    [question] = person.asked
    assert isinstance(question, WhichColumn)
    assert (question.column, question.several) == ("line", True)
    assert question.choices == (Heading("Line no", "1"), Heading("Line ID", "A1"))
    assert imported.tables["purchases"]["line"].to_list() == ["A1", "A2"]


def test_columns_of_one_name_cannot_be_told_apart_so_nothing_is_asked(tmp_path: Path) -> None:
    person = Person()
    imported = bring(write(tmp_path / "a.csv", "line,line,Weight (kg)", "A1,A2,5"), person, table="purchases")
    assert person.asked == []
    assert imported.counts.rejected == 1


def test_a_heading_that_was_settled_is_not_offered(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "x,y,Quantity (kg)", "A1,note,5")
    person = Person("x")
    bring(path, person, table="purchases", mapping={"y": ""})
    assert [choice.name for choice in person.asked[0].choices if isinstance(choice, Heading)] == ["x"]
    person = Person()
    bring(path, person, table="purchases", mapping={"x": "", "y": ""})
    assert person.asked == []


def test_nothing_is_asked_where_nothing_is_open(tmp_path: Path) -> None:
    person = Person()
    bring(write(tmp_path / "a.csv", "line,Quantity (kg)", "A1,5"), person, table="purchases")
    bring(write(tmp_path / "b.csv", "Ref,Quantity (kg)"), person, table="purchases")  # no rows
    bring(write(tmp_path / "c.csv", "Ref,Quantity (kg)", "A1,5"), person, table="purchases", number_rows=True)
    bring(write(tmp_path / "d.csv", "supplier,2019_tons,2020_tons", "S1,1,2"), person, table="purchases")
    write_templates(tmp_path / "templates")
    for path in sorted((tmp_path / "templates").iterdir()):
        bring(path, person)
    assert person.asked == []


def test_each_sheet_of_a_workbook_is_asked_about(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Ref", "When"], ["A1", "x"]]
    person = Person("", "suppliers", "Ref")
    imported = bring(workbook(tmp_path / "a.xlsx", {"One": rows, "Two": rows}), person)
    assert [question.place.sheet for question in person.asked] == ["One", "Two", "Two"]
    assert imported.tables["suppliers"]["supplier"].to_list() == ["A1"]
    assert imported.counts.rejected == 1
