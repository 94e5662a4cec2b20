"""Makes the invented company's files and runs the main job on them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landproof.casefile.case import create
from landproof.demo.generate import generate
from landproof.domain.errors import LandproofError
from landproof.domain.messages import text
from landproof.reference.editions import LATEST
from landproof.run.assess import Assessed, assess, silent
from landproof.run.importing import Choices, Receipt, import_file
from landproof.run.measure_plots import measure_case

Progress = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Demo:
    """Where everything lies, and the judged case."""

    files: Path
    case: Path
    truth: Path
    with_errors: Path
    receipts: list[Receipt]
    assessed: Assessed


def run_demo(folder: Path, *, plots: int, lines: int, progress: Progress | None = None) -> Demo:
    """Write the files to ``folder``/files, import, measure and judge them as ``folder``/case.

    Raises `LandproofError` when a row of the demo is rejected: it is made to be clean.
    """
    tell = progress or silent
    files, case_folder = folder / "files", folder / "case"
    generate(files, plots=plots, lines=lines)
    case = create(case_folder, edition=LATEST)
    entries: list[dict[str, Any]] = json.loads((files / "files.json").read_text(encoding="utf-8"))
    receipts: list[Receipt] = []
    for number, entry in enumerate(entries):
        tell(number, len(entries), entry["file"])
        receipt = import_file(case, files / entry["file"], Choices(table=entry["table"]))
        if receipt.rejected:
            raise LandproofError(
                text("%(file)s of the demo has rejected rows: %(rows)s."),
                file=receipt.name,
                rows=receipt.rejects.head(3).to_dicts(),
            )
        receipts.append(receipt)
    measure_case(case_folder, files / "layers.toml", progress=tell)
    assessed = assess(case, progress=tell)
    [with_errors] = (files / "with-errors").glob("*.xlsx")
    return Demo(files, case_folder, files / "truth.json", with_errors, receipts, assessed)
