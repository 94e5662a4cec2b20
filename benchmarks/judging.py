"""``make bench``: what a large case costs, as whole processes with their peak memory.

Intake is set against the peer: Polars reading the same CSV and nothing else. Judging is set against its aim
of 10 s and 2 GB at 1,000,000 lines, 10,000 suppliers, 200,000 deliveries and 100,000 measured plots.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.measured import Measured, run_process
from benchmarks.workload import Size, tables
from landproof.casefile.case import create

SOURCE_COLUMNS = ("source", "source_row")


def main() -> None:
    size = Size() if len(sys.argv) < 2 else Size(*(int(word) for word in sys.argv[1:]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = tables(size)
        purchases = made["purchases"].drop(SOURCE_COLUMNS)
        purchases = purchases.rename({"quantity_g": "Quantity (g)"})
        purchases.write_csv(folder / "purchases.csv")
        purchases.write_parquet(folder / "purchases.parquet")

        read = run_process("-c", f"import polars; polars.read_csv({str(folder / 'purchases.csv')!r})")
        show(f"Polars reads {size.lines:,} lines of CSV", read)
        for kind in ("csv", "parquet"):
            case = create(folder / kind, edition="2024-04")
            path = folder / f"purchases.{kind}"
            took = run_process("-m", "landproof", "import", str(case.folder), f"{path}", "--table", "purchases")
            show(f"landproof imports the same {kind}", took, read)

        case = create(folder / "case", edition="2024-04")
        with case.writing() as writer:
            parts = {
                table: writer.put_table(table, frame) for table, frame in made.items() if table != "plot_status"
            }
            writer.state("import", {"tables": parts, "files": {}, "instead_of": []})
            status = {"plot_status": writer.put_table("plot_status", made["plot_status"])}
            writer.state("measure", {"tables": status, "plots": [parts["plots"]], "files": {}})
        del made, purchases
        show("landproof judges", run_process("-m", "benchmarks.judge_only", str(case.folder)))
        # The invented company is not ready, which is exit code 1.
        assessed = run_process("-m", "landproof", "assess", str(case.folder), expected=1)
        show("landproof assess, with all reports", assessed)
    show("landproof --help", run_process("-m", "landproof", "--help"))


def show(what: str, took: Measured, peer: Measured | None = None) -> None:
    ratio = f"  {took.seconds / peer.seconds:5.1f} x" if peer else ""
    print(f"{what:<45} {took}{ratio}", flush=True)


if __name__ == "__main__":
    main()
