"""From deliveries to what stands behind each lot: mass traced, plots, custody, depth and problems."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from landproof.chain.arrays import NONE, Flags, Ints
from landproof.chain.backward import Tracer
from landproof.chain.custody import claimed
from landproof.chain.flows import Flows
from landproof.chain.forward import Origins, origins
from landproof.chain.graph import Trait
from landproof.chain.problems import PROBLEMS
from landproof.domain.derived import LOT_PLOTS, LOT_STATUS
from landproof.domain.tables import conform
from landproof.domain.vocabulary import CUSTODY_MODELS


def trace_lots(
    flows: Flows, tables: Mapping[str, pl.DataFrame], asked: pl.Series | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``lot_status`` of every lot, and ``lot_plots`` of those that are ``asked`` for (`domain.derived`).

    ``flows`` were read from ``tables``. A facility counts when it lists the countries that it sources from
    (AMB-34). Plots that may be in a lot though no mass can be put down to them stay in ``lot_plots`` with 0 g, so
    that they are judged all the same.
    """
    found = origins(flows.graph)
    plot_g, known_g = found.grams(flows.whole)
    status = _lot_status(flows, found, plot_g, known_g, claimed(tables))
    return status, _lot_plots(flows, plot_g, asked)


def _lot_status(flows: Flows, found: Origins, plot_g: Ints, known_g: Ints, claims: pl.DataFrame) -> pl.DataFrame:
    loop = flows.graph.loop[: flows.lots.len()] != NONE
    problems: dict[str, Flags] = {
        "cycle": loop,
        "cycle upstream": found.has(Trait.LOOP) & ~loop,
        "missing input lot": flows.lacking,
        "no inputs": flows.without_inputs,
        "missing mass": flows.unweighed,
        "over-used": flows.overused,
    }
    unknown, country = found.has(Trait.UNKNOWN), found.has(Trait.COUNTRY)
    depth = np.select(
        [loop, ~unknown & ~country, flows.by_facility, ~unknown], ["none", "plot", "facility", "country"], "none"
    )
    models = np.array([*CUSTODY_MODELS, None], dtype=object)
    status = pl.DataFrame(
        {
            "lot": flows.lots,
            "depth": depth,
            "mass_g": flows.whole,
            "plot_g": plot_g,
            "country_g": known_g,
            "custody": pl.Series(models[found.custody].tolist(), dtype=pl.String),
            "custody_unknown": found.has(Trait.NO_MODEL),
            "steps": np.where(flows.without_inputs, 0, found.steps),
            **problems,
        }
    ).with_columns(
        mass_g=pl.when(pl.col("mass_g") > 0).then(pl.col("mass_g")),
        steps=pl.when(~pl.Series(loop)).then(pl.col("steps")),
        problems=pl.concat_list(pl.when(name).then(pl.lit(name)) for name in PROBLEMS).list.drop_nulls(),
    )
    return conform(status.join(claims, on="lot", how="left", maintain_order="left"), LOT_STATUS)


def _lot_plots(flows: Flows, plot_g: Ints, asked: pl.Series | None) -> pl.DataFrame:
    tracer = Tracer(flows.graph)
    if asked is None:
        numbers = np.arange(flows.lots.len())
    else:
        numbers = np.flatnonzero(flows.lots.is_in(asked.drop_nulls().unique().implode()).to_numpy())
    behind = [tracer.behind(lot, int(flows.whole[lot]), int(plot_g[lot])) for lot in numbers.tolist()]
    sizes = [each.plots.size for each in behind]
    none = np.zeros(0, dtype=np.int64)
    table = pl.DataFrame(
        {
            "lot": flows.lots.gather(np.repeat(numbers, sizes)),
            "plot": flows.plots.gather(np.concatenate([none, *(each.plots for each in behind)])),
            "mass_g": np.concatenate([none, *(each.grams for each in behind)]),
        }
    )
    return conform(table, LOT_PLOTS)
