"""Re-judges a run without looking at its results, and lists what differs.

Three questions, in order: is every file that the case names still what it was; does a fresh process, given
only the manifest and the facts, reach the same findings and the same tables behind them; are the reports those
that were written.
"""

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl

from landproof.casefile.case import CONTRACTS, Case
from landproof.domain.derived import DERIVED
from landproof.domain.digest import row_marks, sorted_rows, table_digest
from landproof.domain.errors import LandproofError, UnreadableInput
from landproof.domain.messages import Message, text
from landproof.run.compare import SUBJECT
from landproof.run.differing import RowDifference, differing_columns, differing_rows
from landproof.run.store import OUTPUTS, StoredRun, is_whole


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was: where, and a sentence."""

    where: str
    message: Message


def verify(case: Case, run: StoredRun) -> list[Difference]:
    """Everything that differs; nothing, when the run is proven again."""
    found = [*_statements(case), *_manifest(run)]
    if found:
        return found
    manifest = run.manifest
    for table, parts in manifest["tables"].items():
        for digest in parts:
            found.extend(check_part(case, table, digest))
    for digest in manifest["measured_plots"]:
        if digest not in manifest["tables"].get("plots", []):
            found.extend(check_part(case, "plots", digest))
    found.extend(_objects(case, manifest["documents"]))
    found.extend(_pictures(case, manifest.get("pictures", {})))
    found.extend(_reports(run))
    found.extend(_results(case, run))
    return found


def check_part(case: Case, table: str, digest: str) -> list[Difference]:
    """What differs between a part of a table and the digest that names it, row by row."""
    where = f"facts/{table}/{digest[:16]}"
    try:
        rows = case.read_part(table, digest)
    except UnreadableInput as error:
        return [Difference(where, error.message)]
    contract = CONTRACTS[table]
    if table_digest(rows, contract) == digest:
        return []
    if table_digest(sorted_rows(rows, contract), contract) == digest:
        return []  # the same rows in another order are the same table
    changed = _changed_rows(case.fact_path(table, digest).with_suffix(".rows"), rows)
    if changed is None:
        sentence = text("The table is not what it was: rows were added or taken away.")
        return [Difference(where, Message(sentence))]
    return [
        Difference(
            where,
            Message(
                text("The row %(key)s was edited (row %(row)s of %(source)s)."),
                {
                    "key": " | ".join(str(row.get(name)) for name in contract.key),
                    "row": str(row.get("source_row")),
                    "source": str(row.get("source")),
                },
            ),
        )
        for row in rows[changed].iter_rows(named=True)
    ]


def _changed_rows(marks_file: Path, rows: pl.DataFrame) -> list[int] | None:
    if not marks_file.exists():
        return None
    before = np.frombuffer(marks_file.read_bytes(), dtype="<u4")
    after = np.frombuffer(row_marks(rows), dtype="<u4")
    if len(before) != len(after):
        return None
    return np.flatnonzero(before != after).tolist() or None


def _statements(case: Case) -> list[Difference]:
    try:
        case.statements()
    except UnreadableInput as error:
        return [Difference("statements.jsonl", error.message)]
    return []


def _manifest(run: StoredRun) -> list[Difference]:
    where = f"runs/{run.folder.name}/manifest.json"
    try:
        if is_whole(run):
            return []
    except UnreadableInput as error:
        return [Difference(where, error.message)]
    return [Difference(where, Message(text("The manifest was edited: it no longer gives the run its name.")))]


def _objects(case: Case, documents: dict[str, str]) -> list[Difference]:
    found: list[Difference] = []
    for name, digest in sorted(documents.items()):
        path = case.object_path(digest)
        if not path.exists():
            found.append(Difference(name, Message(text("The original file is missing."))))
        elif sha256(path.read_bytes()).hexdigest() != digest:
            found.append(Difference(name, Message(text("The original file was edited."))))
    return found


def _pictures(case: Case, pictures: Mapping[str, str]) -> list[Difference]:
    found: list[Difference] = []
    for plot, digest in sorted(pictures.items()):
        path = case.object_path(digest)
        if not path.exists():
            found.append(Difference(f"pictures/{plot}", Message(text("The picture is missing."))))
        elif sha256(path.read_bytes()).hexdigest() != digest:
            found.append(Difference(f"pictures/{plot}", Message(text("The picture was edited."))))
    return found


def _reports(run: StoredRun) -> list[Difference]:
    try:
        digests = run.outputs
    except UnreadableInput as error:
        return [Difference(OUTPUTS, error.message)]
    found: list[Difference] = []
    # A report that the run does not name is as doubtful as one that it does not have.
    for name in sorted({*digests, *(path.name for path in run.folder.glob("report.*"))}):
        path = run.folder / name
        if not path.exists():
            found.append(Difference(name, Message(text("The report is missing."))))
        elif sha256(path.read_bytes()).hexdigest() != digests.get(name):
            found.append(Difference(name, Message(text("The report was edited."))))
    return found


def _results(case: Case, run: StoredRun) -> list[Difference]:
    try:
        afresh = judge_afresh(case, run)
    except LandproofError as error:
        return [Difference("findings", error.message)]
    found = _differing(run, "findings", SUBJECT, afresh)
    for name, contract in DERIVED.items():
        found.extend(_differing(run, name, contract.key, afresh))
    return found


def _differing(
    run: StoredRun, name: str, key: Sequence[str], afresh: Mapping[str, pl.DataFrame]
) -> list[Difference]:
    """What differs between the table that the run kept and the one that judging it again gave."""
    try:
        before, after = run.table(name), afresh[name]
    except UnreadableInput as error:
        return [Difference(name, error.message)]
    if columns := differing_columns(before, after):
        sentence = text("The columns %(columns)s are not those that judging it again gives.")
        return [Difference(name, Message(sentence, {"columns": ", ".join(columns)}))]
    contract = DERIVED.get(name)
    if contract is not None:
        before, after = sorted_rows(before, contract), sorted_rows(after, contract)
        if table_digest(before, contract) == table_digest(after, contract):
            return []
    # A finding's rule names the finding; a row of a table behind it needs the table's name as well.
    place = () if contract is None else (name,)
    return [
        Difference(" | ".join((*place, *row.key)), _sentence(row)) for row in differing_rows(before, after, key)
    ]


def _sentence(row: RowDifference) -> Message:
    if row.after is None:
        return Message(text("The run has this row, judging it again does not give it."))
    if row.before is None:
        return Message(text("The run does not have this row, judging it again gives it."))
    return Message(
        text("The run says %(before)s, judging it again says %(after)s."),
        {"before": _values(row.before), "after": _values(row.after)},
    )


def _values(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def judge_afresh(case: Case, run: StoredRun) -> dict[str, pl.DataFrame]:
    """Findings and derived tables of a new process that is given the case folder, the manifest, no more."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "landproof.run.rejudge", str(case.folder), str(run.folder), folder]
        # The arguments are our own interpreter, our own module and folders that the user named.
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode != 0:
            raise UnreadableInput(
                text("The run could not be judged again: %(error)s"), error=done.stderr.strip()[-400:]
            )
        return {name: pl.read_parquet(Path(folder) / f"{name}.parquet") for name in ("findings", *DERIVED)}
