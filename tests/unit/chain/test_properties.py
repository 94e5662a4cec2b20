"""What must hold for any chain, cyclic ones included."""

from fractions import Fraction
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landproof.domain.vocabulary import CUSTODY_MODELS
from tests.unit.chain.rows import trace

LOTS = "ABCDEFGH"
PLOTS = "PQRS"
DEPTHS = ("none", "country", "facility", "plot")
Edge = dict[str, Any]
Chain = tuple[list[Edge], dict[str, Any]]


@st.composite
def chains(draw: st.DrawFn, *, acyclic: bool = False, clean: bool = False) -> Chain:
    """Deliveries, and the mass of each lot: never less than what went in, as nothing tells losses from gaps."""
    edges: list[Edge] = []
    for number in range(draw(st.integers(1, 14))):
        into = draw(st.integers(0, len(LOTS) - 1))
        sources = LOTS[:into] if acyclic else LOTS
        source = draw(st.sampled_from([*sources, None])) if sources else None
        plots = [*PLOTS] if clean else [*PLOTS, "unknown", None]
        plot = None if source else draw(st.sampled_from(plots))
        mass = draw(st.integers(1, 10**9) if clean else st.one_of(st.none(), st.integers(0, 10**9)))
        custody = draw(st.sampled_from(CUSTODY_MODELS[:3] if clean else [*CUSTODY_MODELS, None]))
        edges.append(
            {"delivery": f"D{number}", "lot": LOTS[into], "input_lot": source, "plot": plot, "mass_g": mass,
             "custody": custody}
        )  # fmt: skip
    lots: dict[str, Any] = {}
    for lot in LOTS:
        taken = sum(edge["mass_g"] or 0 for edge in edges if edge["lot"] == lot)
        extra = 0 if clean else draw(st.sampled_from([0, 0, 1, 1000]))
        country = None if clean else draw(st.sampled_from([None, None, "BR"]))
        if clean or draw(st.integers(0, 9)):
            lots[lot] = {"mass_g": (taken + extra) or None, "country": country}
    return edges, lots


@given(chains())
@settings(deadline=None)
def test_mass_is_conserved(chain: Chain):
    status, plots = trace(*chain, PLOTS)
    for lot, row in status.items():
        assert sum(plots.get(lot, {}).values()) == row["plot_g"]
        assert 0 <= row["plot_g"] <= row["country_g"] <= (row["mass_g"] or 0)
        if row["depth"] == "plot":
            assert row["plot_g"] == row["mass_g"]


@given(chains(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_order_does_not_matter(chain: Chain, random: Any):
    edges, lots = chain
    shuffled = list(edges)
    random.shuffle(shuffled)
    assert trace(edges, lots, PLOTS) == trace(shuffled, dict(reversed(lots.items())), PLOTS)


@given(chains(), st.integers(0, 13))
@settings(deadline=None, max_examples=300)
def test_dropping_a_delivery_never_improves(chain: Chain, which: int):
    edges, lots = chain
    weighed = [edge for edge in edges if edge["mass_g"]]  # nothing says how much an unweighed delivery was
    assume(weighed)
    dropped = weighed[which % len(weighed)]
    upstream = _upstream(edges)
    before, _ = trace(edges, lots, PLOTS)
    after, _ = trace([edge for edge in edges if edge is not dropped], lots, PLOTS)
    for lot, row in after.items():
        was = before[lot]
        behind = [before[each]["problems"] for each in (lot, *upstream[lot]) if each in before]
        if {"cycle", "over-used"} & {problem for problems in behind for problem in problems}:
            continue  # a delivery that contradicts the others is better gone
        assert row["plot_g"] <= was["plot_g"]
        assert DEPTHS.index(row["depth"]) <= DEPTHS.index(was["depth"])
        assert _settled(was) or not _settled(row)


def _settled(row: dict[str, Any]) -> bool:
    """Segregated at every step (clause 3.3)."""
    return row["custody"] in CUSTODY_MODELS[:2] and not row["custody_unknown"]


@given(chains())
@settings(deadline=None, max_examples=200)
def test_a_cycle_never_hangs_and_never_counts(chain: Chain):
    edges, _ = chain
    status, plots = trace(*chain, PLOTS)
    upstream = _upstream(edges)
    for lot, row in status.items():
        assert ("cycle" in row["problems"]) == (lot in upstream[lot])
        behind = any(other in upstream[other] for other in upstream[lot])
        assert ("cycle upstream" in row["problems"]) == (behind and lot not in upstream[lot])
        if lot in upstream[lot]:
            assert (row["depth"], row["plot_g"], row["country_g"]) == ("none", 0, 0)
            # All that went into any part of the loop may be in each of its lots.
            loop = {other for other in upstream[lot] if lot in upstream[other]}
            assert set(plots.get(lot, {})) >= {p for other in loop for p in plots.get(other, {})}


def _upstream(edges: list[Edge]) -> dict[str, set[str]]:
    """By lot all lots that one can come to by walking upstream."""
    found = {lot: {e["input_lot"] for e in edges if e["lot"] == lot and e["input_lot"]} for lot in LOTS}
    for _ in LOTS:
        found = {lot: near.union(*(found[other] for other in near)) for lot, near in found.items()}
    return found


@given(chains(acyclic=True, clean=True))
@settings(deadline=None, max_examples=200)
def test_shares_agree_with_plain_fractions(chain: Chain):
    edges, lots = chain
    status, plots = trace(edges, lots, PLOTS)
    mixes: dict[str, dict[str | None, Fraction]] = {}
    for lot in LOTS:  # already in an order in which inputs come first
        own = [edge for edge in edges if edge["lot"] == lot]
        whole = sum(edge["mass_g"] for edge in own)
        mix: dict[str | None, Fraction] = {}
        for edge in own:
            source = mixes[edge["input_lot"]] if edge["input_lot"] else {edge["plot"]: Fraction(1)}
            kept = edge["mass_g"]
            if edge["input_lot"]:  # what was taken beyond the mass of a lot comes from nowhere
                used = sum(each["mass_g"] for each in edges if each["input_lot"] == edge["input_lot"])
                there = sum(each["mass_g"] for each in edges if each["lot"] == edge["input_lot"])
                kept = min(kept, kept * there // used)
            for origin, share in source.items():
                mix[origin] = mix.get(origin, Fraction(0)) + share * kept / whole
            mix[None] = mix.get(None, Fraction(0)) + Fraction(edge["mass_g"] - kept, whole)
        mixes[lot] = mix or {None: Fraction(1)}
        if lot not in status or not own:
            continue
        exact = {plot: whole * share for plot, share in mixes[lot].items() if plot}
        assert status[lot]["plot_g"] == sum(exact.values()) // 1
        for plot, grams in plots.get(lot, {}).items():
            assert abs(grams - exact[plot]) < 1
        odd = status[lot]["plot_g"] - sum(each // 1 for each in exact.values())
        ranked = sorted(exact, key=lambda plot: (-(exact[plot] % 1), plot))
        assert plots.get(lot, {}) == {p: exact[p] // 1 + (ranked.index(p) < odd) for p in exact}
