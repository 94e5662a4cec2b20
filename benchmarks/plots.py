"""``python -m benchmarks.plots [plots]``: GeoJSON to columns, validity, screening and overlaps against peers.

All in one run, one process and one core, since only ratios tell anything on a machine that others use too.
Plots are fields of 22 corners in rows, one in twenty moved onto its neighbour.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyogrio
import shapely

from landproof.domain.facts.land import PLOTS
from landproof.domain.tables import conform
from landproof.intake.geojson_read import GeoJsonReader
from landproof.land.kernel.area import areas_m2
from landproof.land.kernel.figures import figures
from landproof.land.kernel.pairs import pairs
from landproof.land.kernel.validity import validity
from landproof.land.kernel.wkb import pack
from landproof.screening.given import Findings, Given
from landproof.screening.neighbour_checks import check_neighbours
from landproof.screening.screen import screen

_CORNERS = 22


def fields(count: int) -> Any:
    """Fields of about 0.8 ha in rows of a thousand."""
    random = np.random.default_rng(20201231)
    turn = (np.arange(_CORNERS) + random.uniform(-0.35, 0.35, (count, _CORNERS))) / _CORNERS * 2 * np.pi
    radius = np.exp(random.normal(0, 0.2, (count, _CORNERS))) * 0.00045
    column, row = np.arange(count) % 1000, np.arange(count) // 1000
    west = -60 + column * 0.0017 - 0.0012 * (random.random(count) < 0.05)
    south = -10 + row * 0.0017
    x, y = west[:, None] + radius * np.cos(turn), south[:, None] + radius * np.sin(turn)
    points = np.round(np.stack([x, y], axis=2), 6)
    return shapely.polygons(np.concatenate([points, points[:, :1]], axis=1))


def timed(what: str, count: int, work: Callable[[], Any], peer: float | None = None) -> float:
    begun = time.perf_counter()
    work()
    took = time.perf_counter() - begun
    ratio = f"  {peer / took:6.1f} x" if peer else ""
    print(f"{what:<52} {took:8.2f} s  {count / took:12,.0f} plots/s{ratio}", flush=True)
    return took


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    few = min(count, 100_000)
    shapes = fields(count)
    binaries = shapely.to_wkb(shapes, byte_order=1)
    texts = shapely.to_geojson(shapes).tolist()
    feature = '{"type":"Feature","properties":{"plot":"P%d","Area":0.8,"ProducerCountry":"BR"},"geometry":%s}'
    listed = [feature % (number, text) for number, text in enumerate(texts)]
    head = '{"type":"FeatureCollection","features":['
    data, small = (head + ",\n".join(listed) + "]}").encode(), (head + ",\n".join(listed[:few]) + "]}").encode()
    del texts, listed
    packed = pack(list(binaries))
    warm = screen(conform(pl.DataFrame({"plot": ["P", "Q"], "geometry": list(binaries[:2])}), PLOTS))
    assert warm.checks.height
    list(GeoJsonReader(b'{"type":"FeatureCollection","features":[]}'))
    print(f"{count:,} plots, {len(data) / 1e6:,.0f} MB of GeoJSON; peers on {few:,}")

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "plots.geojson")
        path.write_bytes(small)
        peer = timed("pyogrio reads GeoJSON", few, lambda: pyogrio.raw.read(path)) / few * count
    json_took = timed("json reads GeoJSON", few, lambda: json.loads(small)) / few * count
    try:
        import orjson

        timed("orjson reads GeoJSON", few, lambda: orjson.loads(small))
    except ImportError:
        pass
    timed("landproof reads GeoJSON (against pyogrio)", count, lambda: list(GeoJsonReader(data)), peer)
    timed("landproof reads GeoJSON (against json)", count, lambda: list(GeoJsonReader(data)), json_took)

    peer = timed("GEOS is_valid", few, lambda: shapely.is_valid(shapes[:few])) / few * count
    timed("landproof validity", count, lambda: validity(packed), peer)
    timed("landproof validity after cutting", count, lambda: validity(packed, cutting=True), peer)
    timed("landproof areas on the ellipsoid", count, lambda: areas_m2(packed))
    timed("landproof figures", count, lambda: figures(packed))

    plots = conform(
        pl.DataFrame({
            "plot": [f"P{number:07d}" for number in range(count)], "geometry": list(binaries), "country": "BR",
            "decimals": 6, "decimals_known": True,
        }),
        PLOTS,
    )  # fmt: skip
    whole = timed("landproof screening, all checks, tables written", count, lambda: screen(plots))
    found = Findings(Given(plots))
    _ = (found.given.areas, found.given.figures)
    shared = timed("  of it: plots against one another", count, lambda: check_neighbours(found))
    print(f"{'  of it: per plot':<52} {whole - shared:8.2f} s  {count / (whole - shared):12,.0f} plots/s")

    def with_a_tree() -> None:
        one, two = shapely.STRtree(shapes[:few]).query(shapes[:few], predicate="intersects")
        mine = one < two
        shapely.area(shapely.intersection(shapes[one[mine]], shapes[two[mine]]))

    peer = timed("STRtree and GEOS intersection", few, with_a_tree) / few * count
    usable = np.ones(count, np.bool_)
    timed("landproof overlaps", count, lambda: pairs(packed, usable, overlap=0.05, twin=0.9, near_m=10.0), peer)


if __name__ == "__main__":
    main()
