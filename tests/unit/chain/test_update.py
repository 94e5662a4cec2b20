"""After a change only what is downstream of it is worked out again, and all is as from scratch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.chain.flows import TABLES, Flows, read_flows
from landproof.chain.forward import origins
from landproof.chain.update import updated
from landproof.domain.facts import FACTS
from landproof.domain.vocabulary import CUSTODY_MODELS
from tests.unit.chain.rows import DOCUMENTS, Row, frame

LOTS, PLOTS = "ABCDEFG", "PQR"
KINDS = ("harvest", "transformation", "aggregation", "into vessel", "out of vessel", "vessel emptied")
Tables = dict[str, list[Row]]


def flows(tables: Tables) -> Flows:
    return read_flows(
        {"documents": DOCUMENTS, **{name: frame(FACTS[name], tables.get(name, [])) for name in TABLES}}
    )


MASS = st.one_of(st.none(), st.integers(0, 100))
MODEL = st.sampled_from([None, *CUSTODY_MODELS])


@st.composite
def events(draw: st.DrawFn, name: str) -> tuple[Row, list[Row]]:
    """Any event at all: it may contradict others, take what is not there, or close a loop."""
    kind = draw(st.sampled_from(KINDS))
    head: Row = {
        "event": name, "kind": kind, "custody": draw(MODEL), "loss_g": draw(st.sampled_from([None, 5])),
        "vessel": draw(st.sampled_from(["T", "U"])), "document": draw(st.sampled_from([None, "records.pdf"])),
    }  # fmt: skip
    roles = {"harvest": ("output",), "into vessel": ("input",), "out of vessel": ("output",)}.get(
        kind, ("input", "input", "output")
    )
    rows = {
        (
            role,
            draw(st.sampled_from([*LOTS, None])),
            draw(st.sampled_from([*PLOTS, None])) if kind == "harvest" else None,
        )
        for role in roles
    }
    return head, [
        {"event": name, "role": role, "lot": lot, "plot": plot, "mass_g": draw(MASS)}
        for role, lot, plot in sorted(rows, key=str)
    ]


@st.composite
def chains(draw: st.DrawFn) -> Tables:
    """Deliveries, events and what lots are said to weigh."""
    told = [draw(events(f"E{number}")) for number in range(draw(st.integers(0, 9)))]
    deliveries = [
        {
            "delivery": f"D{number}", "lot": draw(st.sampled_from(LOTS)), "mass_g": draw(MASS),
            "custody": draw(MODEL),
            "input_lot": draw(st.sampled_from([*LOTS, None])), "plot": draw(st.sampled_from([*PLOTS, None])),
        }
        for number in range(draw(st.integers(0, 5)))
    ]  # fmt: skip
    lots = [
        {"lot": lot, "mass_g": draw(MASS), "country": draw(st.sampled_from([None, "FR"]))}
        for lot in draw(st.lists(st.sampled_from(LOTS), unique=True))
    ]
    return {
        "chain_events": [head for head, _ in told],
        "event_lots": [row for _, rows in told for row in rows],
        "deliveries": deliveries,
        "lots": lots,
        "plots": [{"plot": plot} for plot in draw(st.lists(st.sampled_from(PLOTS), unique=True))],
        "vessels": [{"vessel": "U", "policy": "first in first out", "capacity_g": 50}],
    }


def as_from_scratch(before: Flows, after: Flows) -> int:
    """How many nodes were worked out again."""
    found = updated(before, origins(before.graph), after)
    for again, scratch in zip(found.origins.found, origins(after.graph).found, strict=True):
        assert np.array_equal(again, scratch)
    return int(found.again.sum())


@settings(deadline=None, max_examples=150)
@given(chains(), chains(), st.data())
def test_all_is_as_from_scratch_whatever_changed(tables: Tables, others: Tables, data: st.DataObject):
    changed = dict(tables)
    for name in data.draw(st.lists(st.sampled_from(sorted(tables)), min_size=1, unique=True)):
        rows = tables[name]
        kept = data.draw(st.lists(st.sampled_from(rows), unique_by=id)) if rows else []
        key = FACTS[name].key[0]
        new = [row for row in others[name] if row[key] not in {each[key] for each in kept}]
        changed[name] = [*kept, *new[: data.draw(st.integers(0, 3))]]
    before, after = flows(tables), flows(changed)
    as_from_scratch(before, after)
    if not (after.graph.loop >= 0).any():  # what is made of itself is always worked out again
        assert as_from_scratch(after, after) == 0


# P -> A -> C -> E, and Q -> B -> D -> F beside it; both meet in G.
CHAIN: Tables = {
    "plots": [{"plot": "P"}, {"plot": "Q"}],
    "lots": [{"lot": lot, "mass_g": 10} for lot in "ABCDEF"] + [{"lot": "G", "mass_g": 20}],
    "deliveries": [
        {"delivery": f"D{into}", "lot": into, "input_lot": source, "mass_g": 10, "custody": "segregated"}
        for source, into in ("AC", "CE", "BD", "DF")
    ] + [
        {"delivery": f"P{lot}", "lot": lot, "plot": plot, "mass_g": 10, "custody": "segregated"}
        for lot, plot in ("AP", "BQ")
    ] + [
        {"delivery": f"G{lot}", "lot": "G", "input_lot": lot, "mass_g": 10, "custody": "segregated"}
        for lot in "EF"
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("delivery", "again"), [("PA", "ACEG"), ("DC", "CEG"), ("DE", "EG"), ("GE", "G"), ("DF", "FG")]
)
def test_only_what_is_downstream_is_worked_out_again(delivery: str, again: str):
    changed = {
        **CHAIN,
        "deliveries": [
            {**row, "mass_g": 9} if row["delivery"] == delivery else row for row in CHAIN["deliveries"]
        ],
    }
    before, after = flows(CHAIN), flows(changed)
    assert as_from_scratch(before, after) == len(again)
    worked = updated(before, origins(before.graph), after).again[: after.lots.len()]
    assert "".join(after.lots.filter(worked.tolist())) == again


def test_new_and_lost_lots_do_not_disturb_others():
    new = {"delivery": "D0", "lot": "0", "input_lot": "A", "mass_g": 0, "custody": "segregated"}
    assert as_from_scratch(flows(CHAIN), flows({**CHAIN, "deliveries": [*CHAIN["deliveries"], new]})) == 1
    assert as_from_scratch(flows({**CHAIN, "deliveries": [*CHAIN["deliveries"], new]}), flows(CHAIN)) == 0
