"""Measures the plots of one cell: what each holds, and its verdict on each harm."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from landproof.domain.derived import PLOT_STATUS
from landproof.domain.digest import sorted_rows
from landproof.domain.tables import conform
from landproof.land.reasons import EXPLORATION
from landproof.land.tables import AREAS
from landproof.land.thresholds import Terms
from landproof.land.verdict import decide, unusable
from landproof.layers.areas import Holdings, holdings
from landproof.layers.catalogue import Catalogue
from landproof.layers.overlay import Overlayer
from landproof.run.lands import lands_of, sigmas_of
from landproof.screening.screen import blocked

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """``areas`` as in `landproof.land.tables.AREAS`, ``plot_status`` as in `PLOT_STATUS`, in canonical order."""

    areas: pl.DataFrame
    plot_status: pl.DataFrame


def measure_cell(plots: pl.DataFrame, catalogue: Catalogue, overlayer: Overlayer, terms: Terms) -> Measured:
    """What ``plots`` hold and their verdicts; what is said of a plot does not depend on the others.

    ``plots`` has the columns plot, geometry, area_ha and located_by of `PLOTS`. Every plot gets a verdict on every
    harm. Raises `LayerError`.
    """
    lands = lands_of(plots)
    names = plots["plot"].cast(pl.String)
    there = np.array([land is not None for land in lands], dtype=np.bool_)
    there &= ~names.is_in(blocked(plots).implode()).to_numpy()
    areas = AREAS.empty()
    verdicts = [_named(unusable(pl.int_range((~there).sum(), eager=True)), names.filter(~pl.Series(there)))]
    if there.any():
        named = names.filter(pl.Series(there))
        sigmas = sigmas_of(plots, terms.thresholds)[there]
        found, decided = judged(lands[there].tolist(), sigmas, catalogue, overlayer, terms)
        areas = _named(found.areas, named)
        verdicts.append(_named(decided, named))
    status = pl.concat(conform(each, PLOT_STATUS) for each in verdicts)
    if terms.exploration:
        status = status.with_columns(reasons=pl.concat_list(pl.lit([EXPLORATION], pl.List(pl.String)), "reasons"))
    return Measured(sorted_rows(conform(areas, AREAS), AREAS), sorted_rows(status, PLOT_STATUS))


def judged(
    lands: Sequence[shapely.Geometry], sigmas: Floats, catalogue: Catalogue, overlayer: Overlayer, terms: Terms
) -> tuple[Holdings, pl.DataFrame]:
    """What usable lands hold, and the verdicts (`STATUS`) on them by their number. Raises `LayerError`."""
    found = holdings(lands, sigmas, catalogue, overlayer, terms=terms)
    facts = [layer.facts for layer in catalogue.layers]
    return found, decide(found.pieces, found.patches, facts, terms)


def _named(rows: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """``rows`` with the ids of plots in place of their numbers."""
    return rows.with_columns(plot=names.gather(rows["plot"]))
