"""``python -m benchmarks.growth --plots 10000 100000 1000000 --workload FOLDER``: how measuring grows with plots.

Measures `plots_N.parquet` of the workload (made by `benchmarks.workload` or its like: tc.tif, loss.tif) by the
command that people use, in a process of its own, and prints a Markdown table: seconds, plots per second, peak
memory of the command and of its largest worker. Then a tile that holds about one plot in a hundred changes, and
the plots are measured again. Last, the growth is carried on to 100 million plots.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import rasterio
from rasterio.transform import Affine
from rasterio.windows import Window

ENTRY = """
[[layer]]
id = "cover"
role = "forest baseline"
title = "Tree cover"
producer = "Nobody"
version = "1"
licence = "CC0-1.0"
files = ["tc.tif"]
valid_on = 2020-12-31
nodata = []
natural = ["30-100"]
not_natural = ["0-29"]
family = "s2_auto"
derived_from = ["sentinel-2"]
"""
LOSS = """
[[layer]]
id = "loss"
known = "hansen_lossyear"
version = "GFC-2025-v1.13"
files = [{files}]
"""
TARGET = 100_000_000
TILES = 150  # of ten degrees, on which the goods of the criteria grow
TILE_DEGREES = 1  # of 10 x 10: about one plot in a hundred


@dataclass(frozen=True, slots=True)
class Took:
    """Wall seconds of the command, and peak resident megabytes of it and of its largest worker."""

    seconds: float
    peak_mb: float
    workers_mb: float


def command(plots: Path, layers: Path, *more: str) -> Took:
    """Time ``landproof measure`` as people call it."""
    started = time.perf_counter()
    code = (
        "import resource, sys, atexit\n"
        "from landproof.cli import main\n"
        "def told():\n"
        "    asked = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN\n"
        "    own, of = (resource.getrusage(who).ru_maxrss for who in asked)\n"
        "    print(f'peak {own} {of}', file=sys.stderr)\n"
        "atexit.register(told)\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "measure", str(plots), "--layers", str(layers), *more],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    own, of = (int(word) / 1024 for word in done.stderr.split("peak ")[-1].split())
    return Took(time.perf_counter() - started, own, of)


def catalogue(folder: Path, workload: Path, *, loss: bool) -> Path:
    """A catalogue in ``folder``: tree cover in one tile; loss in one, and in a small one that goes before it."""
    (folder / "tc.tif").symlink_to(workload.absolute() / "tc.tif")
    text = ENTRY
    if loss:
        (folder / "loss.tif").symlink_to(workload.absolute() / "loss.tif")
        cut(workload / "loss.tif", folder / "a_part.tif")
        text += LOSS.format(files='"a_part.tif", "loss.tif"')  # where tiles overlap, the first counts
    path = folder / "layers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def cut(source: Path, to: Path, *, change: bool = False) -> None:
    """A square degree out of the middle of a raster; with ``change`` a few of its cells have another year."""
    with rasterio.open(source) as raster:
        size = round(TILE_DEGREES / raster.transform.a)
        left, top = (raster.width // 2, raster.height // 2)
        cells = raster.read(1, window=Window(left, top, size, size))
        if change:
            cells[::50, ::50] = 23
        at: Affine = raster.transform * Affine.translation(left, top)
        profile = raster.profile | {"width": size, "height": size, "transform": at}
    with rasterio.open(to, "w", **profile) as raster:
        raster.write(cells, 1)
    os.utime(to, ns=(time.time_ns() - 10**10, time.time_ns() - 10**10))


def machine() -> str:
    """What was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{platform.machine()}, {len(os.sched_getaffinity(0))} processors, {memory:.0f} GiB, {platform.platform()}"
    )


def main() -> None:
    """Print the tables."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--plots", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    ask.add_argument("--workload", type=Path, required=True)
    ask.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    ask.add_argument(
        "--only-areas", action="store_true", help="one layer without change: how reading and weighing grow"
    )
    ask.add_argument("--folder", type=Path, help="where to work; a temporary folder, if not said")
    said = ask.parse_args()
    workers = ("--workers", str(said.workers))
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}; {said.workers} workers\n")
    columns = ("plots", "first run, s", "plots/s", "command, MB", "largest worker, MB", "nothing changed, s",
               "table written, s", "command, MB", "tile with 1 % changed, s", "of the first run")  # fmt: skip
    print("| " + " | ".join(columns) + " |")
    print("|" + "---:|" * len(columns))
    rows: list[tuple[int, float]] = []
    for count in said.plots:
        folder = Path(tempfile.mkdtemp(prefix="growth-", dir=said.folder))
        try:
            layers = catalogue(folder, said.workload, loss=not said.only_areas)
            plots = said.workload / f"plots_{count}.parquet"
            keep = ("--keep", str(folder / "keep"), *workers)
            first = command(plots, layers, *keep)
            second = command(plots, layers, *keep)
            third = command(plots, layers, *keep, "-o", str(folder / "out.parquet"))
            line = f"| {count:,} | {first.seconds:.1f} | {count / first.seconds:,.0f} | {first.peak_mb:.0f} "
            line += f"| {first.workers_mb:.0f} | {second.seconds:.1f} | {third.seconds - second.seconds:.1f} "
            line += f"| {third.peak_mb:.0f} "
            if said.only_areas:
                line += "| | |"
            else:
                cut(said.workload / "loss.tif", folder / "a_part.tif", change=True)
                fourth = command(plots, layers, *keep)
                line += f"| {fourth.seconds:.1f} | {fourth.seconds / first.seconds:.1%} |"
            print(line, flush=True)
            rows.append((count, first.seconds))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    extrapolate(rows)


def extrapolate(rows: list[tuple[int, float]]) -> None:
    """A straight line through the two largest sizes: a part for starting and decoding a tile, and one per plot."""
    if len(rows) < 2:
        return
    (few, short), (many, long) = sorted(rows)[-2:]
    each = (long - short) / (many - few)
    fixed = max(0.0, short - each * few)
    hours = (fixed * TILES + each * TARGET) / 3600
    print(f"\nPer plot {each * 1e6:,.0f} microseconds, and {fixed:.1f} s for a tile of ten degrees, however many.")
    print(
        f"{TARGET:,} plots on {TILES} such tiles: {hours:.1f} hours on this machine (extrapolated, not measured)."
    )


if __name__ == "__main__":
    main()
