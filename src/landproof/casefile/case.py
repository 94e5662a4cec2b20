"""A case folder: immutable facts, documents as received, statements, runs.

```
case.toml                         what the folder is, and the edition it is judged by
facts/<table>/<digest>.parquet    never edited; a correction is a new file (`.rows` beside it locates edits)
objects/<aa>/<digest>             original files as received
statements.jsonl                  append-only, chained; replaying it gives the present state
runs/<run id>/                    manifest, findings, reports
```

One writer at a time holds the lock; readers need none, because nothing that a statement names is ever
changed or removed. A write first makes its files durable and then adds one statement, so a case that is
killed at any moment opens with its last complete state.
"""

import re
import shutil
import tomllib
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock, Timeout

from landproof.casefile import durable, statements
from landproof.casefile.plots import one_row_per_plot
from landproof.casefile.statements import Statement
from landproof.domain.derived import DERIVED
from landproof.domain.digest import row_marks, sorted_rows, table_digest
from landproof.domain.errors import UnreadableInput, UsageError
from landproof.domain.facts import FACTS
from landproof.domain.facts.land import PLOTS
from landproof.domain.messages import text
from landproof.domain.rejects import REJECTS
from landproof.domain.tables import Table, conform
from landproof.land.tables import AREAS, LAYERS

FORMAT = 1
LOCK = ".lock"
SETTINGS = "case.toml"
_DIGEST = re.compile("[0-9a-f]{64}")
CONTRACTS: Mapping[str, Table] = {
    **FACTS,
    **DERIVED,
    **{table.name: table for table in (REJECTS, AREAS, LAYERS)},
}


@dataclass(slots=True)
class State:
    """What the statements of a case amount to."""

    # table -> digests of its parts: each import adds one, and a table is all of them together
    facts: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    documents: dict[str, str] = field(default_factory=dict[str, str])  # name -> digest
    mappings: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    measured: dict[str, Any] = field(default_factory=dict[str, Any])
    imports: list[Statement] = field(default_factory=list[Statement])  # those not undone


class Case:
    """An open case folder."""

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self.folder = folder
        self.settings = settings

    @property
    def log(self) -> Path:
        """Where the statements stand."""
        return self.folder / "statements.jsonl"

    @property
    def runs(self) -> Path:
        """Where runs are kept."""
        return self.folder / "runs"

    def statements(self) -> list[Statement]:
        """All statements, oldest first."""
        return statements.read(self.log)

    def state(self) -> State:
        """The present state: every statement replayed, undone ones left out."""
        return replay(self.statements())

    def fact_path(self, table: str, digest: str) -> Path:
        """Where a part of a table stands. Raises `UnreadableInput` when ``digest`` is none."""
        _check_digest(digest)
        return self.folder / "facts" / table / f"{digest}.parquet"

    def object_path(self, digest: str) -> Path:
        """Where an original file stands. Raises `UnreadableInput` when ``digest`` is none."""
        _check_digest(digest)
        return self.folder / "objects" / digest[:2] / digest

    def read_table(self, table: str, parts: Sequence[str]) -> pl.DataFrame:
        """The table that ``parts`` amount to, in canonical order; without parts, the table without rows.

        Raises `UnreadableInput` when a file is gone or is no such table.
        """
        rows = self.read_rows(table, parts)
        if table == PLOTS.name:
            return sorted_rows(one_row_per_plot(rows), PLOTS)
        return rows

    def read_rows(self, table: str, parts: Sequence[str]) -> pl.DataFrame:
        """Every row of all ``parts`` as it came in; a plot may have one from a list and one from a map.

        Raises `UnreadableInput` when a file is gone or is no such table.
        """
        contract = _contract(table)
        if not parts:
            return contract.empty()
        frames = [self.read_part(table, digest) for digest in parts]
        return frames[0] if len(frames) == 1 else sorted_rows(pl.concat(frames), contract)

    def read_part(self, table: str, digest: str) -> pl.DataFrame:
        """One part of a table. Raises `UnreadableInput` when its file is gone or is no such table."""
        contract = _contract(table)
        path = self.fact_path(table, digest)
        try:
            return conform(pl.read_parquet(path), contract)
        except FileNotFoundError as error:
            raise UnreadableInput(
                text("The case names %(file)s, but it is not there. Restore it from a copy of the case."),
                file=path.relative_to(self.folder),
            ) from error
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise UnreadableInput(
                text("%(file)s is damaged and cannot be read. Restore it from a copy of the case."),
                file=path.relative_to(self.folder),
            ) from error

    @contextmanager
    def writing(self) -> Generator["Writer"]:
        """Hold the case's lock.

        Raises `UsageError` at once when somebody else holds it, and `Unwritable` when nobody may write there.
        """
        lock = FileLock(self.folder / LOCK, timeout=0)
        with durable.told(self.folder):
            try:
                lock.acquire()
            except Timeout as error:
                raise UsageError(
                    text("Another process is writing to %(case)s. Wait until it has ended, then try again."),
                    case=self.folder.name,
                ) from error
        try:
            durable.sweep(self.folder)
            yield Writer(self)
        finally:
            lock.release()


class Writer:
    """The one writer of a case, for as long as it holds the lock."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def put_object(self, content: bytes) -> str:
        """Keep an original; returns its digest. Raises `Unwritable`."""
        digest = sha256(content).hexdigest()
        path = self.case.object_path(digest)
        if not path.exists():
            durable.write_bytes(path, content)
        return digest

    def put_file(self, source: Path) -> str:
        """Keep an original file, without holding all of it in memory; returns its digest.

        Raises `UnreadableInput` when ``source`` cannot be read, or changes meanwhile, and `Unwritable`.
        """
        digest = digest_of(source)
        path = self.case.object_path(digest)
        if not path.exists():
            durable.write_file(path, lambda temporary: _copy(source, temporary, digest))
        return digest

    def put_table(self, table: str, frame: pl.DataFrame) -> str:
        """Keep a part of a table; returns its digest. It counts once a statement names it."""
        contract = CONTRACTS[table]
        rows = sorted_rows(conform(frame, contract), contract)
        digest = table_digest(rows, contract)
        path = self.case.fact_path(table, digest)
        if not path.exists():
            durable.write_bytes(path.with_suffix(".rows"), row_marks(rows))
            durable.write_file(path, lambda temporary: rows.write_parquet(temporary, compression="lz4"))
        return digest

    def state(self, kind: str, content: Mapping[str, Any]) -> Statement:
        """Add a statement: from here on, what it names counts."""
        return statements.append(self.case.log, kind, content)


def _check_digest(digest: object) -> None:
    """A name from a stranger's statements must not lead to another file of this machine."""
    if not isinstance(digest, str) or _DIGEST.fullmatch(digest) is None:
        raise UnreadableInput(
            text("The case names %(name)s where a digest belongs: it was edited. Restore it from a copy."),
            name=digest,
        )


def _contract(table: str) -> Table:
    if table not in CONTRACTS:
        raise UnreadableInput(
            text("The case holds a table %(table)s, which this version of landproof does not know."), table=table
        )
    return CONTRACTS[table]


def digest_of(source: Path) -> str:
    """The SHA-256 of a file. Raises `UnreadableInput` when it cannot be opened."""
    try:
        with source.open("rb") as content:
            return file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableInput(
            text("%(file)s cannot be opened (%(why)s). Check the name and the right to read it."),
            file=source.name,
            why=error.strerror or type(error).__name__,
        ) from error


def _copy(source: Path, to: Path, digest: str) -> None:
    shutil.copyfile(source, to)
    if digest_of(to) != digest:
        raise changed(source)


def changed(source: Path) -> UnreadableInput:
    """What is said when a file is not the same from its first byte to its last look."""
    return UnreadableInput(
        text("%(file)s changed while it was read. Wait until it is saved, then import it again."), file=source.name
    )


def undone(log: list[Statement]) -> set[int]:
    """Numbers of the imports that no longer count: taken back, or made again by a later import.

    What an import replaced stays replaced when it is replaced itself, and comes back when it is taken back.
    """
    taken_back = {statement.content["import"] for statement in log if statement.kind == "undo"}
    replaced = {
        number
        for statement in log
        if statement.kind == "import" and statement.number not in taken_back
        for number in statement.content["instead_of"]
    }
    return taken_back | replaced


def replay(log: list[Statement], *, without: Collection[int] = ()) -> State:
    """What a log amounts to, as if the imports ``without`` were replaced.

    An import that was taken back leaves no trace in the state, only in the log.
    """
    gone = undone(log) | set(without)
    state = State()
    for statement in log:
        if statement.number in gone:
            continue
        content = statement.content
        match statement.kind:
            case "import":
                for table, digest in content["tables"].items():
                    state.facts.setdefault(table, []).append(digest)
                state.documents |= content["files"]
                state.imports.append(statement)
            case "mapping":
                state.mappings |= content["mappings"]
            case "measure":
                state.measured = dict(content)
                state.facts |= {table: [digest] for table, digest in content["tables"].items()}
            case _:
                pass
    return state


def create(folder: Path, *, edition: str) -> Case:
    """Make an empty case. Raises `UsageError` when ``folder`` is a file or is not empty, and `Unwritable`."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(text("%(folder)s is a file. Name a new folder for the case."), folder=folder)
    with durable.told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        empty = not any(folder.iterdir())
    if not empty:
        raise UsageError(text("%(folder)s is not empty. Name a new folder for the case."), folder=folder)
    durable.write_bytes(folder / SETTINGS, f'format = {FORMAT}\nedition = "{edition}"\n'.encode())
    return open_case(folder)


def open_case(folder: Path) -> Case:
    """Open a case folder. Raises `UnreadableInput` when it is none, or of a format we do not know."""
    try:
        settings = tomllib.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableInput(
            text("%(folder)s is not a case: case.toml is missing or damaged. `landproof new` makes a case."),
            folder=folder,
        ) from error
    if settings.get("format") != FORMAT:
        raise UnreadableInput(
            text("%(folder)s was written in format %(format)s; this version of landproof reads format %(known)s."),
            folder=folder,
            format=settings.get("format"),
            known=FORMAT,
        )
    return Case(folder, settings)
