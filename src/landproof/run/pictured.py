"""The pictures that a case keeps: of the plots that most need to be looked at, drawn when they are measured.

A report is made of what a case holds, without the rasters, so what it shows of them must be drawn before.
"""

from dataclasses import replace
from pathlib import Path

import polars as pl

from landproof.casefile.statements import canonical
from landproof.land.kept_picture import MOST_CELLS, MOST_PICTURES, plain_of
from landproof.land.picture import MAIN
from landproof.land.thresholds import Terms
from landproof.layers.catalogue import Catalogue
from landproof.layers.overlay import Overlayer
from landproof.layers.picture import read_picture
from landproof.layers.planes import PlaneStore
from landproof.layers.tiles import digest_of
from landproof.reporting.pictures import SHOWN
from landproof.run.lands import lands_of, sigmas_of
from landproof.run.measure import Measured
from landproof.run.measure_cell import judged
from landproof.run.why import Opened, differing, harm_groups, named, near
from landproof.run.why_picture import kept_picture
from landproof.run.why_record import record_of
from landproof.run.why_zones import zones_of

_MILLION = 1_000_000


def most_telling(measured: Measured, most: int = MOST_PICTURES) -> list[str]:
    """The plots that are converted or inconclusive, at most so many.

    Converted ones come first, then those with the larger share of land that bears on the verdict, then by name.
    """
    found = (
        measured.plot_status.filter(pl.col("harm").is_in(MAIN) & pl.col("verdict").is_in(SHOWN))
        .with_columns(rank=pl.col("verdict").replace_strict(SHOWN, range(len(SHOWN)), return_dtype=pl.Int8))
        .filter(pl.col("rank") == pl.col("rank").min().over("plot"))
        .group_by("plot", "rank")
        .agg(pl.col("area_m2").max().fill_null(0))
    )
    # Each layer covers all of a plot, if only with "no data"; the sums of two lattices may differ by a metre.
    sizes = (
        measured.areas.filter(pl.col("plot").is_in(found["plot"].implode()))
        .group_by("plot", "layer")
        .agg(pl.col("area_m2").sum())
        .group_by("plot")
        .agg(whole=pl.col("area_m2").max())
    )
    share = pl.col("area_m2") * _MILLION // pl.max_horizontal("whole", 1)
    ordered = found.join(sizes, on="plot", how="left").sort(
        "rank", share.fill_null(0), "plot", descending=[False, True, False]
    )
    return ordered["plot"].head(most).to_list()


def draw_pictures(
    plots: pl.DataFrame, measured: Measured, catalogue: Catalogue, terms: Terms, planes: Path | None
) -> dict[str, str]:
    """What a case keeps of the plots that are `most_telling`: by plot the picture as JSON.

    A plot on whose rasters another verdict is found than was measured has none: its picture would contradict it.
    Raises `LayerError`.
    """
    chosen = plots.filter(pl.col("plot").is_in(most_telling(measured))).sort("plot")
    if chosen.is_empty():
        return {}
    lands, sigmas = lands_of(chosen).tolist(), sigmas_of(chosen, terms.thresholds)
    around = near(catalogue, lands, terms)
    overlayer = Overlayer(around, _store(around, planes))
    try:
        found, decided = judged(lands, sigmas, around, overlayer, terms)
        drawn: dict[str, str] = {}
        for number, row in enumerate(chosen.iter_rows(named=True)):
            plot, land, sigma = row["plot"], lands[number], float(sigmas[number])
            status = named(_of_plot(decided, number), plot)
            if differing(status, measured.plot_status.filter(pl.col("plot") == plot)):
                continue
            own = replace(
                found,
                areas=_of_plot(found.areas, number),
                pieces=_of_plot(found.pieces, number),
                near=frozenset({0} if number in found.near else ()),
            )
            picture = read_picture(
                land, sigma, around, overlayer,
                terms=terms, harms=harm_groups(status), closer=0 in own.near, most=MOST_CELLS,
            )  # fmt: skip
            opened = Opened(
                plot, row, around, overlayer, terms, sigma, status, own, None,
                zones_of(land, sigma, terms.thresholds), picture, None, (),
            )  # fmt: skip
            drawn[plot] = canonical(plain_of(kept_picture(opened, record_of(opened))))
    finally:
        overlayer.close()
    return drawn


def _of_plot(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    return rows.filter(pl.col("plot") == number).with_columns(pl.col("plot") - number)


def _store(catalogue: Catalogue, planes: Path | None) -> PlaneStore | None:
    if planes is None:
        return None
    tiles = [tile for layer in catalogue.layers for tile in layer.tiles]
    return PlaneStore(planes, {tile.address: digest for tile in tiles if (digest := digest_of(tile)) is not None})
