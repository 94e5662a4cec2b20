"""A case folder that a stranger sent, or that cannot be written, is refused in words."""

import errno
import json
import os
from pathlib import Path

import pytest

from landproof.casefile import durable, statements
from landproof.casefile.case import Case, create, open_case
from landproof.casefile.durable import TEMPORARY
from landproof.domain.errors import UnreadableInput, Unwritable, UsageError
from landproof.run.new import new_case
from tests.unit.casefile.test_case import add, ids


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return create(tmp_path / "case", edition="2024-04")


def test_a_replaced_import_stays_replaced_when_its_successor_is_replaced(case: Case) -> None:
    """The second correction once brought the first file back beside it."""
    first = add(case, "S1")
    second = add(case, "S2", instead_of=(first,))
    third = add(case, "S3", instead_of=(second,))
    assert ids(case) == ["S3"]
    with case.writing() as writer:
        writer.state("undo", {"import": third})
    assert ids(case) == ["S2"]
    with case.writing() as writer:
        writer.state("undo", {"import": second})
    assert ids(case) == ["S1"]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("import", {"tables": {}, "files": {}}),
        ("import", {"tables": [], "files": {}, "instead_of": []}),
        ("undo", {}),
        ("undo", {"import": "1"}),
        ("mapping", {"mappings": 1}),
        ("measure", []),
        ("assess", {"run": None}),
    ],
)
def test_a_statement_of_another_shape_is_named_by_its_line(case: Case, kind: str, content: object) -> None:
    line = json.dumps({"kind": kind, "before": statements.FIRST, "content": content})
    case.log.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(UnreadableInput, match="Line 1 of statements.jsonl is not a statement"):
        case.state()


@pytest.mark.parametrize("name", ["../../../etc/passwd", "a" * 63, "A" * 64, "", 7, None])
def test_a_digest_that_is_none_leads_to_no_file(case: Case, name: str) -> None:
    with pytest.raises(UnreadableInput, match="where a digest belongs"):
        case.read_table("suppliers", [name])
    with pytest.raises(UnreadableInput, match="where a digest belongs"):
        case.object_path(name)


def test_a_table_of_another_version_is_named(case: Case) -> None:
    with pytest.raises(UnreadableInput, match="a table mines, which this version"):
        case.read_table("mines", ["a" * 64])


def test_a_folder_where_a_fact_file_belongs_is_damage(case: Case) -> None:
    add(case, "S1")
    path = case.fact_path("suppliers", case.state().facts["suppliers"][0])
    path.unlink()
    path.mkdir()
    with pytest.raises(UnreadableInput, match="is damaged"):
        ids(case)


def no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_the_case_as_it_was(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    add(case, "S1")
    with monkeypatch.context() as patch:
        patch.setattr(durable.os, "fsync", no_space)
        with pytest.raises(Unwritable, match="No space left on device"):
            add(case, "S2")
    assert ids(open_case(case.folder)) == ["S1"]
    assert not list(case.folder.rglob(f"{TEMPORARY}*"))
    add(case, "S2")
    assert ids(case) == ["S1", "S2"]


def test_a_folder_that_nobody_may_write_to(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("landproof.casefile.case.FileLock.acquire", refuse)
    with pytest.raises(Unwritable, match="case cannot be written \\(Permission denied\\)"):
        add(case, "S1")


def test_a_new_case_that_cannot_be_finished_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("landproof.run.new.write_templates", no_space)
        with pytest.raises(Unwritable, match="templates cannot be written"):
            new_case(tmp_path / "case")
    assert not list((tmp_path / "case").iterdir())
    assert new_case(tmp_path / "case").count == 15


def test_a_file_is_no_folder_for_a_case(tmp_path: Path) -> None:
    (tmp_path / "policy.pdf").write_bytes(b"x")
    with pytest.raises(UsageError, match="is a file"):
        create(tmp_path / "policy.pdf", edition="2024-04")


def test_a_file_is_kept_without_reading_it_whole(case: Case, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"policy")
    with case.writing() as writer:
        assert writer.put_file(tmp_path / "a.bin") == writer.put_object(b"policy")
        with pytest.raises(UnreadableInput, match=r"gone.bin cannot be opened \(No such file"):
            writer.put_file(tmp_path / "gone.bin")


def test_a_file_that_changes_while_it_is_kept_is_refused(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.bin").write_bytes(b"policy")
    monkeypatch.setattr("landproof.casefile.case.shutil.copyfile", lambda _, to: Path(to).write_bytes(b"other"))
    with case.writing() as writer, pytest.raises(UnreadableInput, match="changed while it was read"):
        writer.put_file(tmp_path / "a.bin")
    assert not list((case.folder / "objects").rglob("*.*"))
