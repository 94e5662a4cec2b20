"""Keeps a run in its case: manifest, findings, the tables behind them, and reports."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from landproof.casefile import durable
from landproof.casefile.case import Case, open_case
from landproof.casefile.statements import canonical
from landproof.domain.errors import UnreadableInput, UsageError
from landproof.domain.messages import text
from landproof.run.inputs import Judged, Request, run_id

MANIFEST = "manifest.json"
OUTPUTS = "outputs.json"  # digests of everything beside the manifest


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as it stands in a folder."""

    folder: Path

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest as written. Raises `UnreadableInput` when it is missing or damaged."""
        return self._json(MANIFEST)

    @property
    def outputs(self) -> dict[str, str]:
        """File name to SHA-256 of each result. Raises `UnreadableInput` when it is missing or damaged."""
        return self._json(OUTPUTS)

    def table(self, name: str) -> pl.DataFrame:
        """``findings`` or a derived table. Raises `UnreadableInput` when it is missing or damaged."""
        path = self.folder / f"{name}.parquet"
        try:
            return pl.read_parquet(path)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise UnreadableInput(
                text("%(file)s of run %(run)s is missing or damaged. Run `landproof assess` again."),
                file=path.name,
                run=self.folder.name,
            ) from error

    @property
    def case_folder(self) -> Path:
        """The case that the run stands in."""
        return self.folder.parent.parent

    def _json(self, name: str) -> dict[str, Any]:
        try:
            return json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UnreadableInput(
                text("%(file)s of run %(run)s is missing or damaged. Run `landproof assess` again."),
                file=name,
                run=self.folder.name,
            ) from error


def save(case: Case, request: Request, judged: Judged, reports: Mapping[str, bytes], kept: list[str]) -> StoredRun:
    """Write the run's folder at once; the same run again replaces it with the same content.

    ``kept`` names the derived tables that are kept so that every number opens to its rows.
    """
    folder = case.runs / request.run_id

    def fill(temporary: Path) -> None:
        judged.findings.write_parquet(temporary / "findings.parquet", compression="lz4")
        for name in kept:
            judged.tables[name].write_parquet(temporary / f"{name}.parquet", compression="lz4")
        for name, content in reports.items():
            (temporary / name).write_bytes(content)
        # Parquet bytes differ by writer, so only reports are held to their bytes; tables are re-judged.
        digests = {name: sha256(content).hexdigest() for name, content in reports.items()}
        (temporary / OUTPUTS).write_text(canonical(digests), encoding="utf-8")
        (temporary / MANIFEST).write_text(canonical(request.manifest()), encoding="utf-8")

    durable.write_folder(folder, fill)
    return StoredRun(folder)


def find_run(case: Case, run: str | None = None) -> StoredRun:
    """The run called ``run`` (or the start of its name), or the one that was assessed last.

    Raises `UsageError` when there is none, or when several begin alike.
    """
    wanted = run
    if wanted is None:
        assessed = [statement for statement in case.statements() if statement.kind == "assess"]
        if not assessed:
            raise UsageError(text("%(case)s has no run yet. `landproof assess` makes one."), case=case.folder.name)
        wanted = str(assessed[-1].content["run"])
    names = sorted(path.name for path in case.runs.glob(f"{wanted}*") if path.is_dir())
    if len(names) != 1:
        raise UsageError(
            text("%(case)s has %(count)s runs called %(run)s. It has: %(runs)s."),
            case=case.folder.name,
            count=len(names),
            run=wanted,
            runs=", ".join(sorted(path.name for path in case.runs.iterdir())) if case.runs.exists() else "none",
        )
    return StoredRun(case.runs / names[0])


def run_at(path: Path) -> StoredRun:
    """The run in the folder ``path``, or the latest run of the case in it."""
    if (path / MANIFEST).exists():
        return StoredRun(path)
    return find_run(open_case(path))


def is_whole(run: StoredRun) -> bool:
    """Whether the folder is named by its own manifest."""
    return run_id(run.manifest) == run.folder.name
