"""Follows the chain of a case: back from what was bought to every plot, or forward from a plot or a lot."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from landproof.casefile.case import Case
from landproof.chain.arrays import Ints
from landproof.chain.backward import Tracer
from landproof.chain.explain import Explainer, Fact, Obstacle
from landproof.chain.flows import Flows, read_flows
from landproof.chain.forward import Origins, origins
from landproof.chain.graph import Trait
from landproof.chain.hindrances import NOTHING, SEVERAL
from landproof.chain.holdings import holdings
from landproof.chain.kernel.passes import spread
from landproof.chain.obligations import obligations, rated
from landproof.criteria.edition import ASSESSED_STAGES
from landproof.domain.derived import PLOT_STATUS
from landproof.domain.errors import UsageError
from landproof.domain.messages import text
from landproof.domain.outcome import total
from landproof.domain.vocabulary import CUSTODY_MODELS, MAIN_HARMS
from landproof.run.inputs import land_status, not_clean, read_facts, request_of

KINDS = ("lot", "line", "product", "plot")
_LINE = ("line", "product", "supplier", "lot", "quantity_g", "share")
Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of a case, worked out. ``verdicts``: by plot the land verdict of each harm."""

    tables: Mapping[str, pl.DataFrame]
    flows: Flows
    origins: Origins
    tracer: Tracer
    explainer: Explainer
    verdicts: Mapping[str, Mapping[str, str]]


def open_chain(case: Case) -> Chain:
    """Read the chain of ``case`` and work it out."""
    state = case.state()
    tables = read_facts(case, state.facts, state.documents)
    try:
        status = land_status(case, request_of(case, stage=ASSESSED_STAGES[0], as_of=None, readings={}), tables)
    except UsageError:  # without an evaluation date nothing is known of the land
        status = PLOT_STATUS.empty()
    verdicts: dict[str, dict[str, str]] = {}
    judged = status.filter(pl.col("harm").is_in(MAIN_HARMS)).select("plot", "harm", "verdict")
    for plot, harm, verdict in judged.iter_rows():
        verdicts.setdefault(plot, {})[harm] = verdict
    flows = read_flows(tables)
    explainer = Explainer(flows, tables, not_clean(flows.plots, status))
    return Chain(tables, flows, origins(flows.graph), Tracer(flows.graph), explainer, verdicts)


@dataclass(frozen=True)
class Asked:
    """What is asked for: of each lot (by number) so many grams, and grams of no known lot.

    ``unweighed``: purchase lines that do not say how much was bought, and count for nothing else.
    """

    chain: Chain
    kind: str
    id: str
    lots: Mapping[int, int]
    astray_g: int
    unweighed: int = 0

    @cached_property
    def numbers(self) -> Ints:
        """The lots."""
        return np.array(sorted(self.lots), dtype=np.int64)

    @cached_property
    def amounts(self) -> Ints:
        """Their grams."""
        return np.array([self.lots[lot] for lot in sorted(self.lots)], dtype=np.int64)


def find(chain: Chain, name: str, kind: str | None = None) -> Asked:
    """The lot, purchase line, product or plot that is called ``name``.

    Raises `UsageError` where there is none, or where several kinds have one and ``kind`` does not say which.
    """
    purchases = chain.tables["purchases"]
    known: dict[str, bool] = {
        "lot": name in chain.flows.lots,
        "line": name in purchases["line"],
        "product": name in purchases["product"],
        "plot": name in chain.flows.plots,
    }
    found = [each for each in KINDS if known[each] and kind in (None, each)]
    if not found:
        raise UsageError(
            text("The case has no %(kinds)s called %(name)s in its chain."),
            kinds=kind or ", ".join(KINDS),
            name=name,
        )
    if len(found) > 1:
        raise UsageError(
            text("%(name)s is the name of several things (%(kinds)s). Say which with --as."),
            name=name, kinds=", ".join(found),
        )  # fmt: skip
    if found[0] == "plot":
        return Asked(chain, "plot", name, {}, 0)
    if found[0] == "lot":
        number = int(np.flatnonzero((chain.flows.lots == name).to_numpy())[0])
        return Asked(chain, "lot", name, {number: int(chain.flows.whole[number])}, 0)
    lines = purchases.filter(pl.col(found[0]) == name)
    return _bought(chain, found[0], name, lines)


def _bought(chain: Chain, kind: str, name: str, lines: pl.DataFrame) -> Asked:
    numbering = {lot: number for number, lot in enumerate(chain.flows.lots)}
    lots: dict[int, int] = {}
    astray, unweighed = 0, 0
    for lot, mass in lines.select("lot", "quantity_g").iter_rows():
        grams = max(mass or 0, 0)
        unweighed += mass is None
        if lot in numbering:
            lots[numbering[lot]] = lots.get(numbering[lot], 0) + grams
        else:
            astray += grams
    return Asked(chain, kind, name, lots, astray, unweighed)


def back(asked: Asked) -> Content:
    """What may be in it: plots with their grams, what is known by country or not at all, custody, obstacles.

    A lot explains no more than it weighs: what was bought above that is unknown. ``feed``: the same of what the
    animals behind a line or a product ate, beside its own mass and never added to it (clause 2.1). ``holdings``:
    the establishments that its animals passed, each a place to check.
    """
    told = {"asked": {"kind": asked.kind, "id": asked.id}, **_split(asked)}
    return {**told, "holdings": _holdings(asked), "feed": _feed(asked)}


def _holdings(asked: Asked) -> list[Content]:
    """The holdings of all animals in it, with their days as ISO 8601."""
    behind = asked.chain.tracer.upstream(asked.numbers)
    lots = asked.chain.flows.lots.gather(behind[behind < asked.chain.flows.lots.len()])
    found = holdings(asked.chain.tables["movements"], lots)
    return found.with_columns(pl.col("arrived_on", "left_on").dt.to_string("%Y-%m-%d")).to_dicts()


def _feed(asked: Asked) -> list[Content]:
    """A record for each feed that is on file; ``estimate``: it proves nothing, so its plots only may be in it."""
    chain = asked.chain
    if asked.kind not in ("line", "product"):
        return []
    fed = chain.tables["feed"].filter(
        pl.col("no_agri_food_feed").ne_missing(True) | pl.col("commodity").is_not_null()
    )
    lines = chain.tables["purchases"].select("line", "product", "supplier", "quantity_g")
    eaten = obligations(lines, rated(fed, chain.tables["documents"])).filter(pl.col(asked.kind) == asked.id)
    records = eaten.group_by("record", "feed", "product", "commodity", "lot", "estimate", "divided", "key").agg(
        mass_g=total("mass_g")
    )
    found: list[Content] = []
    for row in records.sort("feed", "lot", "mass_g").iter_rows(named=True):
        mass = None if row["mass_g"] is None else max(row["mass_g"], 0)
        lot = chain.flows.lots.index_of(row["lot"]) if row["lot"] is not None else None
        of_lot = Asked(chain, "lot", row["lot"] or "", {} if lot is None else {lot: mass or 0}, 0)
        split = _guessed(_split(of_lot)) if row["estimate"] is True else _split(of_lot)
        told = {name: row[name] for name in ("feed", "product", "commodity", "lot")}
        key = row["key"] if row["divided"] else None
        found.append({**told, "estimate": row["estimate"] is True, "key": key, **split, "mass_g": mass})
    return found


def _guessed(split: Content) -> Content:
    """The same without a gram that is proven."""
    plots = [{**plot, "mass_g": 0} for plot in split["plots"]]
    nothing = {"from_plots_g": 0, "from_country_g": 0, "unknown_g": split["mass_g"], "plots": plots}
    return {**split, **nothing, "custody": {**split["custody"], "proven": False}}


def _split(asked: Asked) -> Content:
    chain, lots = asked.chain, asked.numbers
    explained = np.minimum(asked.amounts, chain.flows.whole[lots])
    plot_g, known_g = chain.origins.grams(explained, lots)
    by_plot: dict[int, int] = {}
    for lot, whole, part in zip(lots.tolist(), explained.tolist(), plot_g.tolist(), strict=True):
        behind = chain.tracer.behind(lot, whole, part)
        for plot, grams in zip(behind.plots.tolist(), behind.grams.tolist(), strict=True):
            by_plot[plot] = by_plot.get(plot, 0) + grams
    whole = int(asked.amounts.sum()) + asked.astray_g
    traits = int(np.bitwise_or.reduce(chain.origins.found.traits[lots])) if lots.size else 0
    proven = chain.origins.custody[lots]
    unproven = bool(traits & (Trait.NO_MODEL | Trait.UNKNOWN | Trait.LOOP)) or not lots.size or asked.astray_g > 0
    places = dict(chain.tables["plots"].select("plot", "country").iter_rows())
    doubtful = chain.explainer.hindrances.not_clean  # such plots come first
    return {
        "mass_g": whole,
        "lines_without_mass": asked.unweighed,
        "from_plots_g": int(plot_g.sum()),
        "from_country_g": int((known_g - plot_g).sum()),
        "unknown_g": whole - int(known_g.sum()),
        "custody": {
            "weakest": _model(int(proven.max())) if proven.size else None,
            "proven": not unproven,
        },
        "plots": [
            {
                "plot": chain.flows.plots[plot],
                "country": places.get(chain.flows.plots[plot]),
                "mass_g": grams,
                "verdicts": _verdicts(chain, chain.flows.plots[plot]),
            }
            for plot, grams in sorted(by_plot.items(), key=lambda each: (not doubtful[each[0]], -each[1], each[0]))
        ],
        "in_the_way": _in_the_way(chain, lots),
    }


def forward(asked: Asked) -> Content:
    """What it may be in: lots, purchase lines and products, with its share of each by mass."""
    chain, graph = asked.chain, asked.chain.flows.graph
    if asked.kind == "plot":
        start = graph.places.lots + int(np.flatnonzero((chain.flows.plots == asked.id).to_numpy())[0])
    elif asked.kind == "lot":
        start = int(asked.numbers[0])
    else:
        raise UsageError(text("Only a lot or a plot can be followed forward."))
    may = np.zeros(graph.nodes, dtype=np.bool_)
    share = np.zeros(graph.nodes)
    spread(graph.sequence, graph.first, graph.source, graph.mass, start, may, share)
    reached = np.flatnonzero(may[: graph.places.lots])
    reached = reached[reached != start]
    grams = np.floor(share[reached] * chain.flows.whole[reached] + 0.5).astype(np.int64)
    lots = pl.DataFrame({"lot": chain.flows.lots.gather(reached), "mass_g": grams, "share": share[reached]})
    itself = {"lot": [asked.id], "mass_g": [0], "share": [1.0]} if asked.kind == "lot" else {}
    named = pl.concat([lots, pl.DataFrame(itself, schema=lots.schema)])
    lines = chain.tables["purchases"].join(named, on="lot").select(_LINE).sort("line")
    fed = (
        chain.tables["feed"]
        .join(named, on="lot")
        .select("feed", "product", "commodity", "lot", "share")
        .sort("feed")
    )
    return {
        "asked": {"kind": asked.kind, "id": asked.id},
        "lots": lots.sort("lot").to_dicts(),
        "lines": lines.to_dicts(),
        "feed": fed.to_dicts(),
        "products": sorted({*lines["product"].drop_nulls(), *fed["product"].drop_nulls()}),
    }


def obstacles(chain: Chain, most: int = 20) -> Content:
    """What alone keeps most of what was bought from being proven: mend one of these, and so much is free."""
    everything = _bought(chain, "case", "", chain.tables["purchases"])
    only = chain.explainer.only[everything.numbers]
    freed: dict[int, int] = {}
    explained = np.minimum(everything.amounts, chain.flows.whole[everything.numbers])
    for cause, grams in zip(only.tolist(), explained.tolist(), strict=True):
        freed[cause] = freed.get(cause, 0) + grams
    ranked = sorted((-grams, cause) for cause, grams in freed.items() if cause not in (NOTHING, SEVERAL))
    return {
        "bought_g": int(everything.amounts.sum()) + everything.astray_g,
        "proven_g": freed.get(NOTHING, 0),
        "without_lot_g": everything.astray_g,
        "beyond_g": int((everything.amounts - explained).sum()),
        "lines_without_mass": everything.unweighed,
        "several_g": freed.get(SEVERAL, 0),
        "alone": [{"mass_g": -grams} | _content(chain.explainer.alone(cause)) for grams, cause in ranked[:most]],
    }


def _verdicts(chain: Chain, plot: str) -> dict[str, str]:
    said = chain.verdicts.get(plot, {})
    return {harm: said.get(harm, "not assessed") for harm in MAIN_HARMS}


def _in_the_way(chain: Chain, lots: Ints) -> list[Content]:
    """What is in the way of any of the ``lots``, each once, with the shortest way to it; the shortest first."""
    shortest: dict[tuple[object, ...], Obstacle] = {}
    for lot in lots.tolist():
        for each in chain.explainer.nearest(lot):
            known = shortest.setdefault((each.obstacle, each.at, each.of_g, each.fact), each)
            if len(each.way) < len(known.way):
                shortest[each.obstacle, each.at, each.of_g, each.fact] = each
    return [_content(each) for each in sorted(shortest.values(), key=lambda each: len(each.way))]


def _model(rank: int) -> str | None:
    return CUSTODY_MODELS[rank] if rank >= 0 else None


def _content(obstacle: Obstacle) -> Content:
    """As plain data; what is not known of a delivery or event is left out."""
    facts = {"fact": obstacle.fact, "mixed": obstacle.mixed}
    told = {name: None if fact is None else _fact(fact) for name, fact in facts.items()}
    return {**asdict(obstacle), "way": list(obstacle.way), **told}


def _fact(fact: Fact) -> Content:
    day = {} if fact.on is None else {"on": fact.on.isoformat()}
    return {name: value for name, value in asdict(fact).items() if value is not None and name != "on"} | day
