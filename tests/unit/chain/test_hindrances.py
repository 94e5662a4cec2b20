"""What stands in the way of a lot; worked out by hand."""

from typing import Any

import numpy as np

from landproof.chain.arrays import NONE
from landproof.chain.flows import TABLES, Flows, read_flows
from landproof.chain.hindrances import NOTHING, SEVERAL, Hindrances
from landproof.domain.facts import FACTS
from tests.unit.chain.rows import DOCUMENTS, frame


def flows(deliveries: list[dict[str, Any]], lots: dict[str, int], plots: str = "PQ") -> Flows:
    given = {
        "deliveries": [{"delivery": f"D{n}", "custody": "segregated", **row} for n, row in enumerate(deliveries)],
        "lots": [{"lot": lot, "mass_g": mass} for lot, mass in lots.items()],
        "plots": [{"plot": plot} for plot in plots],
    }
    return read_flows(
        {"documents": DOCUMENTS, **{name: frame(FACTS[name], given.get(name, [])) for name in TABLES}}
    )


# A and B are farm lots of P and Q; M is made of both, N of B alone; X of M and N.
CHAIN = [
    {"lot": "A", "plot": "P", "mass_g": 10},
    {"lot": "B", "plot": "Q", "mass_g": 20},
    {"lot": "M", "input_lot": "A", "mass_g": 10},
    {"lot": "M", "input_lot": "B", "mass_g": 5},
    {"lot": "N", "input_lot": "B", "mass_g": 15},
    {"lot": "X", "input_lot": "M", "mass_g": 15},
    {"lot": "X", "input_lot": "N", "mass_g": 15},
]
MASSES = {"A": 10, "B": 20, "M": 15, "N": 15, "X": 30}


def ways(found: Flows, not_clean: str, lot: str) -> list[tuple[str | None, list[str], int]]:
    """Of each thing in the way of ``lot``: the plot, the way to it, and the number of the delivery."""
    bad = np.array([plot in not_clean for plot in found.plots], dtype=np.bool_)
    hindrances = Hindrances(found.graph, bad)
    names = [*found.lots, *found.plots]
    number = found.lots.to_list().index(lot)
    return [
        (
            None if each.node == NONE else names[each.node],
            [names[node] for node in each.path],
            NONE if each.edge == NONE else int(found.graph.fact[each.edge]),
        )
        for each in hindrances.nearest(number)
    ]


def only(found: Flows, not_clean: str = "") -> dict[str, int]:
    bad = np.array([plot in not_clean for plot in found.plots], dtype=np.bool_)
    return dict(zip(found.lots, Hindrances(found.graph, bad).only().tolist(), strict=True))


def test_nothing_is_in_the_way_of_a_clean_chain():
    found = flows(CHAIN, MASSES)
    assert set(only(found).values()) == {NOTHING}
    assert ways(found, "", "X") == []


def test_a_plot_is_in_the_way_of_all_that_it_went_into_and_of_nothing_else():
    found = flows(CHAIN, MASSES)
    plot_p = found.graph.places.lots  # the first plot
    assert only(found, "P") == {"A": -3 - plot_p, "B": NOTHING, "M": -3 - plot_p, "N": NOTHING, "X": -3 - plot_p}
    assert ways(found, "P", "X") == [("P", ["X", "M", "A", "P"], NONE)]
    # The same plot on two ways is one thing; the shorter way is told.
    assert only(found, "Q")["X"] == only(found, "Q")["B"] != NOTHING
    assert len(ways(found, "Q", "X")) == 1
    assert only(found, "PQ")["X"] == SEVERAL


def test_a_step_that_mixes_or_does_not_say_is_in_the_way_from_there_on():
    for model in ("controlled blending", "mass balance", "book and claim", None):
        changed = [row if n != 4 else {**row, "custody": model} for n, row in enumerate(CHAIN)]
        found = flows(changed, MASSES)
        assert [lot for lot, cause in only(found).items() if cause != NOTHING] == ["N", "X"]
        assert ways(found, "", "X") == [(None, ["X", "N"], 4)]
    for model in ("identity preserved", "segregated"):
        changed = [row if n != 4 else {**row, "custody": model} for n, row in enumerate(CHAIN)]
        assert set(only(flows(changed, MASSES)).values()) == {NOTHING}


def test_mass_that_nobody_explains_is_in_the_way():
    found = flows(CHAIN, {**MASSES, "N": 16})
    assert ways(found, "", "X") == [(None, ["X", "N"], NONE)]  # no delivery says where the gram is from
    assert set(only(flows(CHAIN, {**MASSES, "N": 15})).values()) == {NOTHING}


def test_what_is_made_of_itself_is_in_its_own_way():
    found = flows([*CHAIN, {"lot": "A", "input_lot": "M", "mass_g": 1}], {**MASSES, "A": 11})
    causes = only(found)
    assert causes["B"] == causes["N"] == NOTHING
    assert NOTHING not in (causes["A"], causes["M"], causes["X"])
