"""``python -m benchmarks.overlay [--plots N ...] [--workload FOLDER]``: plots over rasters, beside the peers.

From a Parquet file of outlines to hectares per plot and class, reading included. A point is the disc that
landproof takes it for, the same for all. Every engine runs in a process of its own, is warmed up on a few plots
and then timed: wall and CPU seconds, and the most memory that it held. Slow peers are timed at up to 100,000
plots. All areas are compared with those of exactextract.
"""

import argparse
import json
import multiprocessing
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from benchmarks import overlay_peers as peers
from benchmarks import overlay_workload
from landproof.land.decode import Meaning
from landproof.land.ellipsoid import disc
from landproof.land.kernel.wkb import Shapes, shapes_of
from landproof.layers.catalogue import Catalogue, load_catalogue
from landproof.layers.overlay import Overlayer
from landproof.layers.planes import PlaneStore

CUT_OFF = date(2020, 12, 31)
_CATALOGUE = """
[[layer]]
id = "cover"
known = "hansen_treecover2000"
role = "forest baseline"
version = "invented"
natural_from = 30
files = ["tc.tif"]
nodata = []
[[layer]]
id = "loss"
known = "hansen_lossyear"
version = "invented"
last_year = 2024
files = ["loss.tif"]
nodata = []
"""
SLOW_UP_TO = 100_000
WARM_UP = 200


@dataclass(frozen=True, slots=True)
class Engine:
    name: str
    title: str
    processes: int
    most: int = 10**9
    exact: bool = True


ENGINES = (
    Engine("source", "landproof, source rasters", 1),
    Engine("source", "landproof, source rasters", 2),
    Engine("store", "landproof, store of bit planes", 1),
    Engine("store", "landproof, store of bit planes", 2),
    Engine("batched", "exactextract, batched by block", 1),
    Engine("batched", "exactextract, batched by block", 2),
    Engine("documented", "exactextract, function over two rasters", 1, SLOW_UP_TO, False),
    Engine("masked", "rasterio, mask per plot (cell middles)", 1, SLOW_UP_TO, False),
    Engine("categorical", "rasterstats, classes made before (cell middles)", 1, SLOW_UP_TO, False),
)
_PEERS: dict[str, Callable[[Path, list[bytes]], Any]] = {
    "batched": peers.batched,
    "documented": peers.documented,
    "masked": peers.masked,
    "categorical": peers.categorical,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plots", type=int, nargs="+", default=[10_000])
    parser.add_argument("--workload", type=Path, help="a folder of tc.tif, loss.tif and plots_N.parquet")
    parser.add_argument("--prepared", type=Path, help="where to keep what is made before")
    parser.add_argument("--only", nargs="+", help="names of engines")
    parser.add_argument("--cores", type=int, nargs="+", default=[1, 2], help="how many processes")
    parser.add_argument("--repeat", type=int, default=1, help="take the best of so many")
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    parser.add_argument("--processes", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.engine:
        print(json.dumps(run(given.engine, given.processes, given.folder, given.plots[0], given.out)))
        return
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="landproof-bench-") as name:
        for count in given.plots:
            folder = prepare(given.workload, given.prepared or Path(name), count)
            table(folder, count, given.only, given.cores, given.repeat)


def machine() -> str:
    """The machine, as far as it matters."""
    cpu = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?"
    )
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def prepare(workload: Path | None, temporary: Path, count: int) -> Path:
    """A folder with the rasters, the outlines of ``count`` plots, the catalogue and the store."""
    temporary.mkdir(parents=True, exist_ok=True)
    if (temporary / f"land_{count}.parquet").exists():
        return temporary
    if workload is None:
        overlay_workload.make(temporary, count)
    else:
        for name in ("tc.tif", "loss.tif", f"plots_{count}.parquet"):
            (temporary / name).exists() or (temporary / name).symlink_to((workload / name).resolve())
    (temporary / "layers.toml").write_text(_CATALOGUE)
    plots = pq.read_table(temporary / f"plots_{count}.parquet", columns=["geometry", "area_ha"])
    shapes = shapely.from_wkb(plots["geometry"].to_numpy())
    points = np.nonzero(shapely.get_type_id(shapes) == 0)[0]
    areas = plots["area_ha"].to_numpy()
    for number in points:
        shapes[number] = disc(shapes[number], Decimal(str(round(float(areas[number]), 4))))
    binaries = pa.array(shapely.to_wkb(shapes, byte_order=1).tolist(), pa.binary())
    land = pa.table({"geometry": binaries})
    pq.write_table(land, temporary / f"land_{count}.parquet", row_group_size=count)
    peers.prepare(temporary)
    begun = time.perf_counter()
    catalogue, store = catalogue_of(temporary), PlaneStore(temporary / "planes")
    for layer, classes in zip(catalogue.layers, Overlayer(catalogue).classes, strict=True):
        for tile in layer.tiles:
            store.build(tile, classes)
    size = sum(path.stat().st_size for path in (temporary / "planes").iterdir()) / 1e6
    print(f"planes: {size:,.0f} MB in {time.perf_counter() - begun:.1f} s\n", flush=True)
    return temporary


def table(folder: Path, count: int, only: list[str] | None, cores: list[int], repeat: int) -> None:
    """Run the engines on ``count`` plots and print a table."""
    print(f"{count:,} plots\n")
    print("| engine | at a time | s | CPU s | plots/s | peak MB | × faster | × less CPU | differs by, ha |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    chosen = [
        each
        for each in ENGINES
        if count <= each.most and each.processes in cores and (not only or each.name in only)
    ]
    rows: list[tuple[Engine, dict[str, float], Any]] = []
    for number, engine in enumerate(chosen):
        out = folder / f"areas_{number}.npy"
        said = min((started(engine, folder, count, out) for _ in range(repeat)), key=lambda each: each["cpu"])
        rows.append((engine, said, np.load(out)))
        print(f"    {engine.name} {engine.processes}: {said}", file=sys.stderr, flush=True)
    reference = next((areas for engine, _, areas in rows if engine.name == "batched"), None)
    base = {engine.processes: said for engine, said, _ in rows if engine.name == "batched"}
    for engine, said, areas in rows:
        faster, less = (
            base[engine.processes][what] / said[what] if engine.processes in base else float("nan")
            for what in ("wall", "cpu")
        )
        worst = np.abs(areas - reference).max() if reference is not None else float("nan")
        print(
            f"| {engine.title} | {engine.processes} | {said['wall']:.2f} | {said['cpu']:.2f} "
            f"| {count / said['wall']:,.0f} | {said['peak']:,.0f} | {faster:.1f} | {less:.1f} | {worst:.1g} |"
        )
    print(flush=True)


def started(engine: Engine, folder: Path, count: int, out: Path) -> dict[str, float]:
    """Run an engine in a process of its own."""
    arguments = ["--engine", engine.name, "--processes", str(engine.processes), "--folder", str(folder)]
    arguments += ["--plots", str(count), "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.overlay", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def run(name: str, processes: int, folder: Path, count: int, out: Path) -> dict[str, float]:
    """What an engine took, in this process and those that it starts."""
    path = folder / f"land_{count}.parquet"
    parts(name, 1, folder, path, WARM_UP)
    before, begun = _cpu(), time.perf_counter()
    areas = parts(name, processes, folder, path, count)
    wall, cpu = time.perf_counter() - begun, _cpu() - before
    np.save(out, areas)
    return {"wall": wall, "cpu": cpu, "peak": peak_mb() + sum(_Given.peaks)}


def peak_mb() -> float:
    """The most memory that this process held so far."""
    line = next(line for line in _lines("/proc/self/status") if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def parts(name: str, processes: int, folder: Path, path: Path, count: int) -> Any:
    """Hectares per plot and class; with several processes, each takes a band of latitudes."""
    column = pq.read_table(path, columns=["geometry"])["geometry"].slice(0, count).combine_chunks()
    shapes = _shapes(column)
    if processes == 1:
        return _areas(name, folder, column, shapes)
    order = np.argsort(shapes.bounds[:, 3])
    bands = [np.sort(band) for band in np.array_split(order, processes)]
    if name not in _PEERS:  # the kernels and GDAL let other threads run
        with ThreadPoolExecutor(processes) as pool:
            return sum(pool.map(lambda band: _areas(name, folder, column, _only(shapes, band)), bands))
    _Given.name, _Given.folder, _Given.column, _Given.bands = name, folder, column, bands
    with ProcessPoolExecutor(processes, multiprocessing.get_context("fork")) as pool:
        areas = np.zeros((count, peers.CLASSES))
        for band, (found, peak) in zip(bands, pool.map(_band, range(processes)), strict=True):
            areas[band] = found
            _Given.peaks.append(peak)
    return areas


def _only(shapes: Shapes, band: Any) -> Shapes:
    """The plots of a band; the others are nowhere."""
    bounds = np.full_like(shapes.bounds, np.inf)
    bounds[band] = shapes.bounds[band]
    return shapes._replace(bounds=bounds)


class _Given:
    """What forked processes find."""

    name: str
    folder: Path
    column: Any
    bands: list[Any]
    peaks: ClassVar[list[float]] = []


def _band(number: int) -> Any:
    column = _Given.column.take(pa.array(_Given.bands[number]))
    return _areas(_Given.name, _Given.folder, column, _shapes(column)), peak_mb()


def _shapes(column: Any) -> Shapes:
    _, offsets, data = column.buffers()
    places = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    return shapes_of(np.frombuffer(data, dtype=np.uint8), places.astype(np.int64))


def _areas(name: str, folder: Path, column: Any, shapes: Shapes) -> Any:
    if name in _PEERS:
        return _PEERS[name](folder, column.to_pylist())
    return landproof(folder, shapes, PlaneStore(folder / "planes") if name == "store" else None)


def catalogue_of(folder: Path) -> Catalogue:
    return load_catalogue(folder / "layers.toml")


def landproof(folder: Path, shapes: Shapes, store: PlaneStore | None) -> Any:
    """landproof's areas, classes put together as the peers have them."""
    overlayer = Overlayer(catalogue_of(folder), store)
    areas = np.zeros((len(shapes.kinds), peers.CLASSES))
    for weights in overlayer.weigh(shapes, np.zeros(len(shapes.kinds)), None):
        classes = np.array([_class(overlayer, row.tolist()) for row in weights.classes])
        frame = weights.frame
        place = frame["plot"].to_numpy() * peers.CLASSES + classes[frame["code"].to_numpy()]
        hectares = frame["cm2"].to_numpy() / 1e8
        areas += np.bincount(place, hectares, areas.size).reshape(areas.shape)
    overlayer.close()
    return areas


def _class(overlayer: Overlayer, numbers: list[int]) -> int:
    cover, loss = (classes.state(number) for classes, number in zip(overlayer.classes, numbers, strict=True))
    if cover.meaning is not Meaning.NATURAL:
        return 0
    if loss.meaning is not Meaning.CHANGE or loss.latest is None:
        return 2
    return 1 if loss.latest <= CUT_OFF else loss.latest.year - 2018


if __name__ == "__main__":
    main()
