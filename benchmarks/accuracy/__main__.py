"""``make accuracy``: measures, and writes ``docs/method/accuracy.md``."""

import argparse
import sys
from datetime import date
from pathlib import Path

from benchmarks.accuracy.page import page, this_machine
from benchmarks.accuracy.run import Sizes, measure, workers

ROOT = Path(__file__).parents[2]
VALIDATION = ROOT.parent / "shared" / "data" / "validation"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--data", type=Path, default=VALIDATION, help="the folder of validation data")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "method" / "accuracy.md")
    parser.add_argument("--part", type=int, default=1, help="measure one plot in so many, for a quick look")
    chosen = parser.parse_args(arguments)
    if not (chosen.data / "prodes_rondonia" / "prodes_labels.tif").exists():
        print(f"accuracy: skipped. No validation data in {chosen.data}; put it there, or say --data FOLDER.")
        return 0
    whole = Sizes()
    part = max(1, chosen.part)
    sizes = Sizes(
        *(max(1, number // part) for number in (whole.scene, whole.sweep, whole.straddle, whole.painted))
    )
    results = measure(chosen.data, sizes, workers=workers())
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(page(results, this_machine(date.today())), encoding="utf-8")  # noqa: DTZ011
    print(f"accuracy: {results.seconds:.0f} s; the results are in {chosen.out}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
