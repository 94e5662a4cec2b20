"""``python -m benchmarks.chain [--lots N ...]``: an invented chain, beside NetworkX, SQLite and the floor.

Each engine runs in a process of its own. The same three questions: load and index, all plots behind one product,
grams by plot of all that was bought; landproof also says what is known of every lot (forward). The floor is one
pass over the edges in NumPy. The peers get the same numbered edges; loading them is counted for all.
"""

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.chain_workload import make
from landproof.chain.backward import Tracer
from landproof.chain.flows import TABLES, read_flows
from landproof.chain.forward import origins
from landproof.domain.facts import FACTS
from landproof.domain.tables import conform

_REPEATED = 5
_SLOW_UP_TO = 200_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lots", type=int, nargs="+", default=[100_000])
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.engine:
        print(json.dumps(ENGINES[given.engine](given.folder)))
        return
    print(
        "| engine | lots | edges | load and index s | forward s | one product s | its plots | all bought s | MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for lots in given.lots:
        with tempfile.TemporaryDirectory(prefix="landproof-bench-") as name:
            _compare(Path(name), lots)


def _compare(folder: Path, lots: int) -> None:
    deliveries, lot_table, plots = make(lots)
    deliveries.write_parquet(folder / "deliveries.parquet")
    lot_table.write_parquet(folder / "lots.parquet")
    plots.write_parquet(folder / "plots.parquet")
    for engine in ENGINES:
        if engine in ("networkx", "sqlite") and lots > _SLOW_UP_TO:
            continue
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.chain", "--engine", engine, "--folder", str(folder)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr)
        said = json.loads(done.stdout.splitlines()[-1])
        cells = [
            f"{said[name]:,.4g}" if name in said else ""
            for name in ("load", "forward", "one", "plots", "all", "peak")
        ]
        print(f"| {engine} | {lots:,} | {deliveries.height:,} | {' | '.join(cells)} |", flush=True)


def landproof(folder: Path) -> dict[str, float]:
    def tables() -> dict[str, pl.DataFrame]:
        read = {name: pl.read_parquet(folder / f"{name}.parquet") for name in ("deliveries", "lots", "plots")}
        return _complete(read)

    _warm(folder)
    begun = time.perf_counter()
    flows = read_flows(tables())
    load = time.perf_counter() - begun
    begun = time.perf_counter()
    found = origins(flows.graph)
    forward = time.perf_counter() - begun
    tracer = Tracer(flows.graph)
    last = np.flatnonzero(found.steps == found.steps.max())
    deepest = int(last[0])
    one, behind = _timed(lambda: tracer.grams({deepest: 10**9})[0].size)
    bought = {int(lot): 1000 for lot in last}
    everything, _ = _timed(lambda: tracer.grams(bought)[0].size)
    return {"load": load, "forward": forward, "one": one, "plots": behind, "all": everything, "peak": _peak()}


def floor(folder: Path) -> dict[str, float]:
    """One pass over the table of edges: gather a number per source, weigh it, add it up per lot."""
    source, into, mass, count, _ = _edges(folder)
    values = np.ones(count)

    def once() -> float:
        return float(np.bincount(into, values[source] * mass, count).sum())

    once()
    forward, _ = _timed(once)
    return {"forward": forward, "all": forward, "peak": _peak()}


def networkx(folder: Path) -> dict[str, float]:
    import networkx as nx

    begun = time.perf_counter()
    source, into, mass, _, lots = _edges(folder)
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(zip(source.tolist(), into.tolist(), mass.tolist(), strict=True))
    whole = dict(graph.in_degree(weight="weight"))
    load = time.perf_counter() - begun

    def grams(wanted: dict[int, float]) -> dict[int, float]:
        nodes = (
            set(wanted).union(*(nx.ancestors(graph, lot) for lot in wanted)) if len(wanted) == 1 else set(graph)
        )
        amounts = dict(wanted)
        for node in reversed(list(nx.topological_sort(graph.subgraph(nodes)))):
            amount = amounts.get(node, 0.0)
            if amount and node < lots:
                for other, _, weight in graph.in_edges(node, data="weight"):
                    amounts[other] = amounts.get(other, 0.0) + amount * weight / whole[node]
        return {node: amount for node, amount in amounts.items() if node >= lots}

    deepest, bought = _asked(folder)
    one, behind = _timed(lambda: len(grams({deepest: 1e9})), 1)
    everything, _ = _timed(lambda: len(grams(dict.fromkeys(bought, 1000.0))), 1)
    return {"load": load, "one": one, "plots": behind, "all": everything, "peak": _peak()}


def sqlite(folder: Path) -> dict[str, float]:
    """A recursive query; it walks every path, so only the set of plots is asked for."""
    begun = time.perf_counter()
    source, into, mass, _, lots = _edges(folder)
    base = sqlite3.connect(folder / "chain.sqlite")
    base.execute("create table edge (source integer, lot integer, mass integer)")
    base.executemany(
        "insert into edge values (?, ?, ?)", zip(source.tolist(), into.tolist(), mass.tolist(), strict=True)
    )
    base.execute("create index into_lot on edge (lot, source)")
    base.commit()
    load = time.perf_counter() - begun
    query = (
        "with recursive up(node) as (select ? union select edge.source from edge join up on edge.lot = up.node) "
        "select count(*) from up where node >= ?"
    )
    deepest, _ = _asked(folder)
    one, behind = _timed(lambda: base.execute(query, (deepest, lots)).fetchone()[0], 1)
    return {"load": load, "one": one, "plots": behind, "peak": _peak()}


ENGINES: dict[str, Callable[[Path], dict[str, float]]] = {
    "landproof": landproof,
    "floor": floor,
    "networkx": networkx,
    "sqlite": sqlite,
}


def _edges(folder: Path) -> tuple[Any, Any, Any, int, int]:
    """``source, into, mass`` by number, lots first, then plots; how many nodes and how many lots there are."""
    deliveries = pl.read_parquet(folder / "deliveries.parquet")
    lots = deliveries["lot"].unique().sort()
    plots = deliveries["plot"].drop_nulls().unique().sort()
    names = pl.concat([lots, plots.rename("lot")])
    numbering = pl.DataFrame({"name": names, "n": np.arange(names.len())})
    rows = (
        deliveries.with_columns(of=pl.coalesce("input_lot", "plot"))
        .join(numbering.rename({"n": "into"}), left_on="lot", right_on="name")
        .join(numbering.rename({"n": "source"}), left_on="of", right_on="name")
    )
    source, into, mass = (rows[name].to_numpy() for name in ("source", "into", "mass_g"))
    return source, into, mass, names.len(), lots.len()


def _asked(folder: Path) -> tuple[int, list[int]]:
    """The lot that landproof is asked about, and all lots as deep as it, by number."""
    read = {name: pl.read_parquet(folder / f"{name}.parquet") for name in ("deliveries", "lots", "plots")}
    flows = read_flows(_complete(read))
    steps = origins(flows.graph).steps
    last = np.flatnonzero(steps == steps.max())
    return int(last[0]), last.tolist()


def _complete(read: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """All tables that the chain takes; those that were not ``read`` are empty."""
    facts = {name: conform(read.get(name, FACTS[name].empty()), FACTS[name]) for name in TABLES}
    return {**facts, "documents": pl.DataFrame(schema={"reference": pl.String, "digest": pl.String})}


def _warm(folder: Path) -> None:
    """Compile what is not compiled yet."""
    few = pl.read_parquet(folder / "deliveries.parquet").head(100)
    flows = read_flows(_complete({"deliveries": few}))
    origins(flows.graph)
    Tracer(flows.graph).grams({0: 1})


def _timed(work: Callable[[], float], times: int = _REPEATED) -> tuple[float, float]:
    """The best of several runs in seconds, and what the work gave."""
    best, given = float("inf"), 0.0
    for _ in range(times):
        begun = time.perf_counter()
        given = work()
        best = min(best, time.perf_counter() - begun)
    return best, given


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
