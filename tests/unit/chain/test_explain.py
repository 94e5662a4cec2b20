"""The shortest explanation of what blocks a lot, by names; worked out by hand."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from landproof.chain.explain import Explainer, Fact, Obstacle
from landproof.chain.flows import TABLES, read_flows
from landproof.domain.facts import FACTS
from tests.unit.chain.rows import DOCUMENTS, Row, frame

MAY = date(2025, 5, 3)
# 1.2 t from mill M-17 of unknown origin go into tank T2 on 3 May, 410.8 t of plot P too; 412 t leave it.
TANK: dict[str, list[Row]] = {
    "plots": [{"plot": "P"}],
    "lots": [{"lot": "GOOD", "mass_g": 410_800_000}, {"lot": "MILL", "mass_g": 1_200_000}],
    "deliveries": [
        {"delivery": "D1", "lot": "GOOD", "plot": "P", "mass_g": 410_800_000},
        {"delivery": "D2", "lot": "MILL", "mass_g": 1_200_000, "received_on": MAY},
    ],
    "vessels": [{"vessel": "T2"}],
    "chain_events": [
        {"event": "E1", "kind": "into vessel", "on": MAY, "vessel": "T2"},
        {"event": "E2", "kind": "into vessel", "on": MAY, "vessel": "T2"},
        {"event": "E3", "kind": "out of vessel", "on": MAY, "vessel": "T2"},
    ],
    "event_lots": [
        {"event": "E1", "role": "input", "lot": "GOOD", "mass_g": 410_800_000},
        {"event": "E2", "role": "input", "lot": "MILL", "mass_g": 1_200_000},
        {"event": "E3", "role": "output", "lot": "SOLD", "mass_g": 412_000_000},
    ],
}


def explainer(not_clean: str = "", **rows: list[Row]) -> Explainer:
    given = TANK | rows
    for name in ("deliveries", "chain_events"):
        given = given | {name: [{"custody": "segregated", **row} for row in given[name]]}
    tables: dict[str, Any] = {name: frame(FACTS[name], given.get(name, [])) for name in TABLES}
    flows = read_flows({**tables, "documents": DOCUMENTS})
    doubted = np.array([plot in not_clean for plot in flows.plots], dtype=np.bool_)
    return Explainer(flows, tables, doubted)


def nearest(found: Explainer, lot: str, *, country_will_do: bool = False) -> list[Obstacle]:
    return found.nearest(found.flows.lots.to_list().index(lot), country_will_do=country_will_do)


def test_what_a_tank_took_in_is_told_with_the_tank_and_the_day():
    assert nearest(explainer(), "SOLD") == [
        Obstacle(
            "unknown origin", "MILL", 1_200_000,
            Fact(delivery="D2", on=MAY), ("SOLD", "MILL"),
            Fact(event="E2", kind="into vessel", vessel="T2", on=MAY),
        )
    ]  # fmt: skip
    assert nearest(explainer(), "GOOD") == []


def test_the_table_has_a_row_for_each_lot_asked_for_that_has_something_in_its_way():
    rows = explainer().table(pl.Series(["SOLD", "GOOD", None, "nowhere", "SOLD"]), pl.Series([], dtype=pl.String))
    assert rows.to_dicts() == [
        {
            "lot": "SOLD", "obstacle": "unknown origin", "at": "MILL", "mass_g": 1_200_000, "fact": "D2",
            "facility": None, "on": MAY, "mixed_by": "E2", "mixed_in": "T2", "mixed_at": None, "mixed_on": MAY,
            "steps": 1,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("step", "obstacle"),
    [
        ({"custody": None}, Obstacle("no custody model", "MILL", 1_200_000, Fact("D2"))),
        ({"facility": "M-17"}, Obstacle("custody not proven", "MILL", 1_200_000, Fact("D2", facility="M-17"))),
        ({"custody": "mass balance"}, Obstacle("mass balance", "MILL", 1_200_000, Fact("D2"))),
        ({"custody": "controlled blending"}, Obstacle("controlled blending", "MILL", 1_200_000, Fact("D2"))),
    ],
)
def test_how_goods_were_kept_apart_is_in_the_way(step: Row, obstacle: Obstacle):
    deliveries = [
        TANK["deliveries"][0],
        {"delivery": "D2", "lot": "MILL", "plot": "P", "mass_g": 1_200_000, **step},
    ]
    [found] = nearest(explainer(deliveries=deliveries), "MILL")
    assert (found.obstacle, found.at, found.of_g, found.fact) == (
        obstacle.obstacle, obstacle.at, obstacle.of_g, obstacle.fact,
    )  # fmt: skip


def test_a_country_is_in_the_way_only_where_plots_are_needed():
    lots = [TANK["lots"][0], {"lot": "MILL", "mass_g": 1_200_000, "country": "FR"}]
    found = explainer(lots=lots)
    assert [each.obstacle for each in nearest(found, "MILL")] == ["country only"]
    assert nearest(found, "MILL", country_will_do=True) == []
    unsaid = explainer(lots=lots, deliveries=[TANK["deliveries"][0]])  # nothing at all is known but the country
    assert [each.obstacle for each in nearest(unsaid, "MILL")] == ["country only"]
    assert nearest(unsaid, "MILL", country_will_do=True) == []
    bare = [TANK["deliveries"][0], {**TANK["deliveries"][1], "custody": None}]
    kept = explainer(lots=lots, deliveries=bare)
    assert [each.obstacle for each in nearest(kept, "MILL", country_will_do=True)] == ["no custody model"]


@pytest.mark.parametrize(
    ("named", "obstacle", "at"),
    [
        ({"input_lot": "ELSEWHERE"}, "lot not on file", "ELSEWHERE"),
        ({"plot": "Q"}, "plot not on file", "Q"),
        ({"input_lot": "ELSEWHERE", "plot": "Q"}, "lot not on file", "ELSEWHERE"),
        ({}, "unknown origin", "MILL"),
    ],
)
@pytest.mark.parametrize("country", [None, "FR"])
def test_what_is_named_and_not_on_file_is_told_by_its_name(
    named: Row, obstacle: str, at: str, country: str | None
):
    deliveries = [TANK["deliveries"][0], {**TANK["deliveries"][1], **named}]
    lots = [TANK["lots"][0], {**TANK["lots"][1], "country": country}]
    [found] = nearest(explainer(deliveries=deliveries, lots=lots), "MILL")
    expected = "country only" if country and obstacle == "unknown origin" else obstacle
    assert (found.obstacle, found.at, found.of_g) == (expected, at, 1_200_000)


def test_a_lot_without_a_mass_is_of_no_known_grams():
    found = nearest(explainer(lots=[{"lot": "GOOD"}, TANK["lots"][1]]), "GOOD")
    assert [(each.obstacle, each.at, each.of_g) for each in found] == [("unknown origin", "GOOD", None)]


def test_a_plot_is_named_with_the_delivery_that_took_it_in():
    [found] = nearest(explainer("P"), "GOOD")
    assert found == Obstacle("plot not shown unconverted", "P", None, None, ("GOOD", "P"), Fact(delivery="D1"))
    sold = nearest(explainer("P"), "SOLD")
    assert [(each.obstacle, each.at, each.way) for each in sold] == [
        ("unknown origin", "MILL", ("SOLD", "MILL")),
        ("plot not shown unconverted", "P", ("SOLD", "GOOD", "P")),
    ]


def test_what_alone_is_in_the_way_is_named():
    found = explainer()
    [cause] = set(found.only[[found.flows.lots.to_list().index(lot) for lot in ("SOLD", "MILL")]].tolist())
    assert found.alone(cause) == Obstacle("unknown origin", "MILL", 1_200_000, Fact(delivery="D2", on=MAY))
