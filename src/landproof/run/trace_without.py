"""What would be different if a delivery or an event did not count: its lots, lines and products."""

from typing import Any

import numpy as np
import polars as pl

from landproof.chain.explain import Explainer
from landproof.chain.flows import Flows, read_flows
from landproof.chain.forward import Origins
from landproof.chain.graph import Trait
from landproof.chain.hindrances import NOTHING
from landproof.chain.update import updated
from landproof.domain.errors import UsageError
from landproof.domain.messages import text
from landproof.domain.vocabulary import CUSTODY_MODELS
from landproof.run.trace import Chain, Content

_FACTS = {"deliveries": "delivery", "chain_events": "event"}
_SAID = ("mass_g", "from_plots_g", "unknown_g", "custody", "custody_proven", "in_the_way")


def without(chain: Chain, name: str) -> Content:
    """Every lot that would be different without the delivery or event called ``name``, before and after.

    What is not downstream of it is not worked out again. Raises `UsageError` where nothing has that name.
    """
    changed = {table: chain.tables[table].filter(pl.col(key).ne_missing(name)) for table, key in _FACTS.items()}
    if all(rows.height == chain.tables[table].height for table, rows in changed.items()):
        raise UsageError(text("The case has no delivery or event called %(name)s."), name=name)
    tables = {**chain.tables, **changed}
    flows = read_flows(tables)
    after = updated(chain.flows, chain.origins, flows).origins
    doubted = dict(zip(chain.flows.plots, chain.explainer.hindrances.not_clean, strict=True))
    not_clean = np.array([doubted[plot] for plot in flows.plots], dtype=np.bool_)
    then = _said(chain.flows, chain.origins, chain.explainer)
    now = _said(flows, after, Explainer(flows, tables, not_clean))
    gone, new = (
        one.join(other, on=one.columns, how="anti", nulls_equal=True) for one, other in ((then, now), (now, then))
    )
    differing = pl.concat([gone["lot"], new["lot"]]).unique().sort()
    both = (differing.to_frame().join(each, on="lot", how="left", maintain_order="left") for each in (then, now))
    lots = [
        {"lot": before["lot"], "before": _of(before), "after": _of(later)}
        for before, later in zip(*(frame.to_dicts() for frame in both), strict=True)
    ]
    lines = chain.tables["purchases"].filter(pl.col("lot").is_in(differing.implode())).sort("line")
    return {
        "asked": {"kind": "without", "id": name},
        "lots": lots,
        "lines": lines.select("line", "product", "supplier", "lot", "quantity_g").to_dicts(),
        "products": lines["product"].drop_nulls().unique().sort().to_list(),
    }


def _said(flows: Flows, found: Origins, explainer: Explainer) -> pl.DataFrame:
    """By lot, what people read of it."""
    plot_g, known_g = found.grams(flows.whole)
    models = np.array([*CUSTODY_MODELS, None], dtype=object)
    unproven = found.has(Trait.NO_MODEL) | found.has(Trait.UNKNOWN) | found.has(Trait.LOOP)
    return pl.DataFrame(
        {
            "lot": flows.lots,
            "mass_g": flows.whole,
            "from_plots_g": plot_g,
            "unknown_g": flows.whole - known_g,
            "custody": pl.Series(models[found.custody].tolist(), dtype=pl.String),
            "custody_proven": ~unproven,
            "in_the_way": explainer.only != NOTHING,
        }
    )


def _of(row: dict[str, Any]) -> Content | None:
    """What is said of a lot; None for one that is not there."""
    return None if row["mass_g"] is None else {name: row[name] for name in _SAID}
