"""What an import does to a case: once, in place of an earlier one, in part, or not at all."""

import json
import unicodedata
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from landproof.casefile.case import Case, create
from landproof.domain.errors import UnreadableInput, UsageError
from landproof.run.importing import Receipt, import_file, undo
from landproof.run.reading import Choices

SUPPLIERS = "supplier,name\n"
PURCHASES = "line,received_on,supplier,quantity (kg)\n"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return create(tmp_path / "case", edition="2024-04")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def bring(case: Case, path: Path, **choices: object) -> Receipt:
    receipt = import_file(case, path, Choices(**choices))
    assert receipt.rows == receipt.accepted + receipt.rejected
    return receipt


def rows(case: Case, table: str) -> pl.DataFrame:
    return case.read_table(table, case.state().facts.get(table, []))


def said(receipt: Receipt) -> list[str]:
    return [str(note) for note in receipt.notes]


def points(*plots: dict[str, object]) -> str:
    features = [
        {"type": "Feature", "properties": each, "geometry": {"type": "Point", "coordinates": [-46.5, -21.25 - at]}}
        for at, each in enumerate(plots)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_the_same_file_again_takes_its_own_place(case: Case, tmp_path: Path) -> None:
    path = write(tmp_path / "suppliers.csv", SUPPLIERS + "S1,Alpha\n,Beta\n")
    bring(case, path)
    again = bring(case, path)
    assert (again.accepted, again.rejected) == (1, 1)
    assert said(again) == ["It takes the place of import 1."]
    assert (rows(case, "suppliers").height, rows(case, "rejects").height) == (1, 1)
    third = bring(case, path)
    assert said(third) == ["It takes the place of import 2."]
    assert rows(case, "suppliers").height == 1
    undo(case, third.number)
    assert rows(case, "suppliers").height == 1  # the second stands again, the first stays replaced


def test_a_file_read_again_with_another_choice_leaves_no_refused_rows_behind(case: Case, tmp_path: Path) -> None:
    path = write(tmp_path / "export.csv", "supplier code,anything\nS1,x\n")
    assert bring(case, path).rejected == 1
    assert bring(case, path, table="suppliers").accepted == 1
    assert rows(case, "rejects").is_empty()


def test_another_file_of_the_same_name_is_told(case: Case, tmp_path: Path) -> None:
    bring(case, write(tmp_path / "a" / "policy.pdf", "one"))
    other = bring(case, write(tmp_path / "b" / "policy.pdf", "two"))
    assert "Another file called policy.pdf is in the case" in said(other)[0]
    again = bring(case, write(tmp_path / "c" / "policy.pdf", "three"), again=True)
    assert said(again) == ["It takes the place of import 1, 2."]
    new = bring(case, write(tmp_path / "c" / "other.pdf", "three"), again=True)
    assert "takes the place of none" in said(new)[0]


def test_a_copy_of_a_file_under_another_name_is_another_document(case: Case, tmp_path: Path) -> None:
    bring(case, write(tmp_path / "policy.pdf", "one"))
    bring(case, write(tmp_path / "annex.pdf", "one"))
    assert set(case.state().documents) == {"policy.pdf", "annex.pdf"}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_marked_copy_takes_the_place_of_its_file_whatever_it_is_called(
    case: Case, tmp_path: Path, ending: str
) -> None:
    if ending == "csv":
        path = write(tmp_path / "suppliers.csv", SUPPLIERS + "S1,Alpha\n,Beta\n")
    else:
        path, book = tmp_path / "suppliers.xlsx", openpyxl.Workbook()
        for row in (["supplier", "name"], ["S1", "Alpha"], [None, "Beta"]):
            book.active.append(row)
        book.save(path)
    receipt = bring(case, path)
    assert receipt.returned == case.folder / "returned" / "1" / "suppliers.xlsx"
    book = openpyxl.load_workbook(receipt.returned)
    book.worksheets[0]["A3"] = "S2"
    book.save(tmp_path / "corrected.xlsx")
    corrected = bring(case, tmp_path / "corrected.xlsx", table="suppliers")
    assert (corrected.rows, corrected.accepted) == (2, 2)
    assert "It takes the place of import 1." in said(corrected)
    assert rows(case, "suppliers")["supplier"].to_list() == ["S1", "S2"]
    assert rows(case, "rejects").is_empty()


def test_marks_of_an_earlier_copy_do_not_stay(case: Case, tmp_path: Path) -> None:
    receipt = bring(case, write(tmp_path / "suppliers.csv", SUPPLIERS + ",Alpha\n,Beta\n"))
    book = openpyxl.load_workbook(receipt.returned)
    book.worksheets[0]["A2"] = "S1"
    book.save(tmp_path / "corrected.xlsx")
    second = bring(case, tmp_path / "corrected.xlsx", table="suppliers")
    assert (second.accepted, second.rejected) == (1, 1)
    sheet = openpyxl.load_workbook(second.returned).worksheets[0]
    assert (sheet["A2"].comment, sheet["A2"].fill.fgColor.rgb) == (None, "00000000")
    assert sheet["A3"].comment is not None


def test_of_a_long_file_the_copy_does_not_take_its_place(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landproof.intake.copies.WHOLE_FILE_UP_TO", 2)
    receipt = bring(case, write(tmp_path / "suppliers.csv", SUPPLIERS + "S1,Alpha\n,Beta\n"))
    assert receipt.whole is False
    book = openpyxl.load_workbook(receipt.returned)
    assert [cell.value for cell in book.worksheets[0]["B"]] == ["name", "Beta"]
    book.worksheets[0]["A2"] = "S2"
    book.save(tmp_path / "corrected.xlsx")
    bring(case, tmp_path / "corrected.xlsx", table="suppliers")
    assert rows(case, "suppliers")["supplier"].to_list() == ["S1", "S2"]
    assert rows(case, "rejects").height == 1  # the long file still has a row that did not come in


def test_a_copy_that_cannot_be_written_does_not_undo_the_import(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("landproof.run.importing.annotate", full)
    receipt = bring(case, write(tmp_path / "suppliers.csv", SUPPLIERS + "S1,Alpha\n,Beta\n"))
    assert receipt.returned is None
    assert said(receipt)[-1] == "The marked workbook could not be written (No space left on device)."
    assert rows(case, "suppliers").height == 1


LIST = "plot,supplier,country,area_ha\nP1,S1,BR,3.5\nP2,S2,BR,2\n"


@pytest.mark.parametrize("list_first", [True, False])
def test_a_list_and_a_map_of_the_same_plots_complete_each_other(
    case: Case, tmp_path: Path, list_first: bool
) -> None:
    files = [
        write(tmp_path / "plots.csv", LIST),
        write(tmp_path / "map.geojson", points({"plot": "P1"}, {"plot": "P2", "country": "BR"})),
    ]
    for path in files if list_first else reversed(files):
        assert bring(case, path).accepted == 2
    found = rows(case, "plots").select("plot", "supplier", "country", "shape").rows()
    assert found == [("P1", "S1", "BR", "point"), ("P2", "S2", "BR", "point")]
    assert rows(case, "plots")["geometry"].null_count() == 0


def test_a_plot_is_listed_once_and_mapped_once(case: Case, tmp_path: Path) -> None:
    bring(case, write(tmp_path / "plots.csv", LIST))
    bring(case, write(tmp_path / "map.geojson", points({"plot": "P1"})))
    assert bring(case, write(tmp_path / "other.csv", LIST)).rejected == 2
    assert bring(case, write(tmp_path / "other.geojson", points({"plot": "P1"}))).rejected == 1
    undo(case, 1)
    assert bring(case, write(tmp_path / "other.csv", LIST), again=True).accepted == 2


@pytest.mark.parametrize("list_first", [True, False])
def test_a_list_and_a_map_that_disagree_are_refused(case: Case, tmp_path: Path, list_first: bool) -> None:
    files = [
        write(tmp_path / "plots.csv", LIST),
        write(tmp_path / "map.geojson", points({"plot": "P1", "supplier": "S9"}, {"plot": "P2", "area_ha": 2})),
    ]
    order = files if list_first else files[::-1]
    assert bring(case, order[0]).accepted == 2
    second = bring(case, order[1])
    assert (second.accepted, second.rejected) == (1, 1)
    values = json.loads(second.rejects["values"].item())
    assert {values["value"], values["there"]} == {"S1", "S9"}
    assert values["file"] == order[0].name


@pytest.mark.parametrize("list_first", [True, False])
def test_a_listed_country_must_be_where_the_map_has_the_plot(case: Case, tmp_path: Path, list_first: bool) -> None:
    files = [
        write(tmp_path / "plots.csv", "plot,country\nP1,VN\nP2,BR\n"),
        write(tmp_path / "map.geojson", points({"plot": "P1"}, {"plot": "P2"})),
    ]
    order = files if list_first else files[::-1]
    assert bring(case, order[0]).accepted == 2
    second = bring(case, order[1])
    assert (second.accepted, second.rejected) == (1, 1)
    assert "not in %(value)s" in second.rejects["reason"].item()
    assert json.loads(second.rejects["values"].item())["value"] == "VN"


def test_a_list_cannot_stand_in_for_a_map(case: Case, tmp_path: Path) -> None:
    """Whoever wrote "outline" and "6 decimals" into a list had coordinates, once."""
    path = write(tmp_path / "plots.csv", "plot,shape,decimals,decimals_known\nP1,outline,6,yes\n")
    receipt = bring(case, path)
    assert receipt.sheets[0].unmapped == ("shape", "decimals", "decimals_known")
    assert rows(case, "plots").select("shape", "decimals", "decimals_known").row(0) == (None, None, None)


def test_sheets_beside_the_coordinates_are_read_too(case: Case, tmp_path: Path) -> None:
    path, book = tmp_path / "farm.xlsx", openpyxl.Workbook()
    book.active.title = "map"
    for row in (["plot", "lat", "lon"], ["P1", -21.25, -46.5], ["P2", None, None]):
        book.active.append(row)
    for name, sheet in {
        "suppliers": [["supplier", "name"], ["S1", "Alpha"]],
        "notes": [["hello", "you"], ["x", "y"]],
    }.items():
        for row in sheet:
            (book[name] if name in book.sheetnames else book.create_sheet(name)).append(row)
    book.save(path)
    receipt = bring(case, path)
    assert (receipt.rows, receipt.accepted, receipt.rejected) == (4, 2, 2)
    assert receipt.tables == {"plots": 1, "suppliers": 1}
    assert set(receipt.rejects["sheet"]) == {"map", "notes"}


def test_a_text_file_is_a_table_where_it_is_said_to_be(case: Case, tmp_path: Path) -> None:
    path = write(tmp_path / "suppliers.txt", SUPPLIERS + "S1,Alpha\n")
    assert bring(case, path).document
    assert bring(case, path, table="suppliers").accepted == 1


def test_a_workbook_may_be_a_document(case: Case, tmp_path: Path) -> None:
    path = write(tmp_path / "suppliers.csv", SUPPLIERS + "S1,Alpha\n")
    assert bring(case, path, document=True).document
    assert rows(case, "suppliers").is_empty()
    assert set(case.state().documents) == {"suppliers.csv"}


def test_a_name_is_composed_as_evidence_writes_it(case: Case, tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "política.pdf")
    bring(case, write(tmp_path / apart, "x"))
    assert set(case.state().documents) == {unicodedata.normalize("NFC", "política.pdf")}


def test_a_file_that_changes_while_it_is_read_is_refused(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "suppliers.csv", SUPPLIERS + "S1,Alpha\n")
    monkeypatch.setattr("landproof.run.importing.digest_of", lambda _: "0" * 64)
    with pytest.raises(UnreadableInput, match="changed while it was read"):
        bring(case, path)
    assert not case.statements()


def test_what_is_no_file_is_told_apart(case: Case, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "gone.csv")
    (tmp_path / "folder.csv").mkdir()
    for name, why in (("link.csv", "is a link to a file that is not there"), ("folder.csv", "is a folder"),
                      ("none.csv", "There is no file")):  # fmt: skip
        with pytest.raises(UnreadableInput, match=why):
            bring(case, tmp_path / name)
    with pytest.raises(UnreadableInput, match="no file that holds data"):
        bring(case, Path("/dev/null"))
    write(tmp_path / "real.csv", SUPPLIERS + "S1,Alpha\n")
    (tmp_path / "good.csv").symlink_to(tmp_path / "real.csv")
    assert bring(case, tmp_path / "good.csv", table="suppliers").accepted == 1


def test_notes_on_many_plots_are_told_once(case: Case, tmp_path: Path) -> None:
    receipt = bring(case, write(tmp_path / "map.geojson", points(*[{} for _ in range(60)])))
    assert receipt.accepted == 60
    assert len(receipt.notes) == 4
    assert said(receipt)[3] == "The same holds for 57 more."


def test_undo_says_what_can_be_taken_back(case: Case, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Nothing is imported"):
        undo(case, 1)
    bring(case, write(tmp_path / "a.pdf", "x"))
    with pytest.raises(UsageError, match="7 is not an import that counts. Those that do: 1"):
        undo(case, 7)


def test_a_map_without_plots_says_so(case: Case, tmp_path: Path) -> None:
    assert said(bring(case, write(tmp_path / "map.geojson", points()))) == ["No plots were found in it."]
