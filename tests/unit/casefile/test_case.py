"""A case folder keeps what it accepted, whole, in order, and for one writer at a time."""

from pathlib import Path

import polars as pl
import pytest

from landproof.casefile import statements
from landproof.casefile.case import Case, create, open_case
from landproof.casefile.durable import TEMPORARY
from landproof.domain.errors import UnreadableInput, UsageError
from landproof.domain.facts.goods import SUPPLIERS
from landproof.domain.tables import conform
from landproof.run.inputs import documents_table


def suppliers(*ids: str) -> pl.DataFrame:
    return conform(pl.DataFrame({"supplier": ids, "source": ["f"] * len(ids)}), SUPPLIERS)


def add(case: Case, *ids: str, instead_of: tuple[int, ...] = ()) -> int:
    with case.writing() as writer:
        digest = writer.put_table("suppliers", suppliers(*ids))
        content = {"tables": {"suppliers": digest}, "files": {}, "instead_of": list(instead_of)}
        return writer.state("import", content).number


def ids(case: Case) -> list[str]:
    return case.read_table("suppliers", case.state().facts.get("suppliers", []))["supplier"].to_list()


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return create(tmp_path / "case", edition="2024-04")


def test_imports_add_up_and_are_sorted(case: Case) -> None:
    add(case, "S3", "S1")
    add(case, "S2")
    assert ids(open_case(case.folder)) == ["S1", "S2", "S3"]


def test_an_undone_import_is_gone_from_the_state_and_stays_in_the_log(case: Case) -> None:
    first = add(case, "S1")
    add(case, "S2")
    with case.writing() as writer:
        writer.state("undo", {"import": first})
    assert ids(case) == ["S2"]
    assert len(case.statements()) == 3


def test_an_import_made_again_takes_the_place_of_the_first(case: Case) -> None:
    first = add(case, "S1")
    second = add(case, "S9", instead_of=(first,))
    assert ids(case) == ["S9"]
    with case.writing() as writer:
        writer.state("undo", {"import": second})
    assert ids(case) == ["S1"]


def test_a_line_cut_off_by_a_kill_is_ignored_and_then_overwritten(case: Case) -> None:
    add(case, "S1")
    with case.log.open("ab") as log:
        log.write(b'{"kind":"import","bef')
    assert ids(case) == ["S1"]
    add(case, "S2")
    assert ids(case) == ["S1", "S2"]
    assert case.log.read_bytes().count(b"\n") == 2


def test_an_edited_statement_is_named_by_its_line(case: Case) -> None:
    add(case, "S1")
    add(case, "S2")
    case.log.write_bytes(case.log.read_bytes().replace(b'"files":{}', b'"files":{ }', 1))
    with pytest.raises(UnreadableInput, match="Line 2 of statements.jsonl does not follow"):
        case.state()


def test_a_second_writer_is_refused_at_once(case: Case) -> None:
    with case.writing(), pytest.raises(UsageError, match="Another process is writing"), case.writing():
        pass
    add(case, "S1")
    assert ids(case) == ["S1"]


def test_what_a_killed_writer_left_is_swept_by_the_next(case: Case) -> None:
    left = case.folder / "facts" / f"{TEMPORARY}abc"
    left.mkdir(parents=True)
    (left / "half.parquet").write_bytes(b"x")
    add(case, "S1")
    assert not left.exists()


def test_a_missing_or_damaged_fact_file_is_named(case: Case) -> None:
    add(case, "S1")
    [digest] = case.state().facts["suppliers"]
    path = case.fact_path("suppliers", digest)
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(UnreadableInput, match=f"{digest}.parquet is damaged"):
        ids(case)
    path.unlink()
    with pytest.raises(UnreadableInput, match="it is not there"):
        ids(case)


def test_a_folder_that_is_no_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="is not a case"):
        open_case(tmp_path)
    (tmp_path / "case.toml").write_text("format = 99\n", encoding="utf-8")
    with pytest.raises(UnreadableInput, match="format 99"):
        open_case(tmp_path)


def test_a_new_case_needs_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="is not empty"):
        create(tmp_path, edition="2024-04")


def test_a_document_is_kept_as_received_and_found_by_name_and_digest(case: Case) -> None:
    with case.writing() as writer:
        digest = writer.put_object(b"policy")
        writer.state("import", {"tables": {}, "files": {"policy.pdf": digest}, "instead_of": []})
    assert case.object_path(digest).read_bytes() == b"policy"
    assert sorted(documents_table(case.state().documents).rows()) == sorted(
        [("policy.pdf", digest), (digest, digest)]
    )


def test_statements_are_chained_from_the_first(case: Case) -> None:
    add(case, "S1")
    add(case, "S2")
    first, second = case.statements()
    assert statements.canonical({"b": 1, "a": "树"}) == '{"a":"树","b":1}'
    assert f'"before":"{first.digest}"' in case.log.read_text(encoding="utf-8").splitlines()[1]
    assert second.number == 2
