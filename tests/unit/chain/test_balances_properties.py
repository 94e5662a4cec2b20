"""What must hold for any chain: the order of rows makes no difference, and an honest chain contradicts nothing."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.chain.balances import check_chain, sentence_of
from landproof.domain.facts import FACTS
from landproof.domain.vocabulary import CUSTODY_MODELS
from tests.unit.chain.checking import OVERLAPS, Event, checked, contradictions, day, event, into, out, tables_of
from tests.unit.chain.rows import frame
from tests.unit.chain.test_properties import Chain, chains

PARTIES = ("X", "Y", "Z")
SITES = ("F1", "F2")
AREA = Decimal(2)
YIELD = {"commodity": "soy", "kg_per_ha": Decimal(500), "document": "y.pdf"}
FACTOR = {"from_commodity": "soy", "to_commodity": "meal", "low_share": Decimal("0.1"),
          "high_share": Decimal("0.8"), "document": "f.pdf"}  # fmt: skip


@dataclass
class Lot:
    id: str
    grams: int
    holder: str
    site: str
    commodity: str
    rank: int


@dataclass
class World:
    """An honest company, day by day: nothing is used that is not there, and all is written down."""

    events: list[Event] = field(default_factory=list[Event])
    lots: list[Lot] = field(default_factory=list[Lot])
    facts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    deliveries: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    purchases: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    claims: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    tank: list[Lot] = field(default_factory=list[Lot])
    grown: int = 0

    def add(self, grams: int, holder: str, site: str, commodity: str, rank: int, on: Any) -> Lot:
        lot = Lot(f"L{len(self.facts)}", grams, holder, site, commodity, rank)
        self.lots.append(lot)
        self.facts.append(
            {"lot": lot.id, "mass_g": grams, "commodity": commodity, "facility": site, "made_on": on}
        )
        self.claims.append(
            {
                "claim": f"C{lot.id}",
                "lot": lot.id,
                "certificate": "Z",
                "custody": CUSTODY_MODELS[rank],
                "traded_on": on,
            }
        )
        return lot

    def rows(self) -> dict[str, Any]:
        return {
            "lots": self.facts, "deliveries": self.deliveries, "purchases": self.purchases, "claims": self.claims,
            "facilities": [{"facility": site} for site in SITES],
            "plots": [{"plot": "P", "area_ha": AREA, "commodity": "soy"}],
            "certificates": [{"certificate": "Z", "volume_g": sum(fact["mass_g"] for fact in self.facts)}],
            "plausible_yields": [YIELD], "conversion_factors": [FACTOR],
            "vessels": [{"vessel": "T", "policy": "mixed"}],
        }  # fmt: skip


@st.composite
def honest(draw: st.DrawFn) -> World:
    world = World()
    capacity = int(AREA * 500 * 1000)
    for step in range(draw(st.integers(1, 12))):
        on = day(1) + timedelta(days=draw(st.integers(0, 2)) + 3 * step)
        act = draw(st.sampled_from(["grow", "grow", "make", "hand", "deliver", "buy", "fill", "drain"]))
        here = [lot for lot in world.lots if lot.grams > 1]
        name = f"E{step}"
        if act == "grow" or not here:
            grams = draw(st.integers(0, 400_000)) or capacity - world.grown  # now and then all that it can give
            grams = min(grams, capacity - world.grown)
            if grams < 2:
                continue
            world.grown += grams
            lot = world.add(grams, draw(st.sampled_from(PARTIES)), draw(st.sampled_from(SITES)), "soy", 1, on)
            world.events.append(
                event(name, "harvest", out(lot.id, grams, plot="P"), on=on, holder=lot.holder, facility=lot.site)
            )
            continue
        lot = draw(st.sampled_from(here))
        part = draw(st.sampled_from([lot.grams, max(1, lot.grams // 2)]))
        if act == "make":
            crushed = lot.commodity == "soy" and part >= 10 and draw(st.booleans())
            made = part * 8 // 10 if crushed else part  # at the limit of the factor, or with no loss at all
            loss = part - made if draw(st.booleans()) else None
            new = world.add(made, lot.holder, lot.site, "meal" if crushed else lot.commodity, lot.rank, on)
            world.events.append(
                event(name, "transformation", into(lot.id, part), out(new.id, made), on=on, holder=lot.holder,
                      facility=lot.site, loss_g=loss)
            )  # fmt: skip
            lot.grams -= part
        elif act == "hand":
            whole = next(fact["mass_g"] for fact in world.facts if fact["lot"] == lot.id)
            lot.holder = draw(st.sampled_from(PARTIES))
            world.events.append(
                event(name, "transfer", into(lot.id, whole), on=on, accepted_on=on, holder=lot.holder)
            )
        elif act == "deliver":
            other = draw(st.sampled_from(PARTIES))
            new = world.add(part, other, draw(st.sampled_from(SITES)), lot.commodity, lot.rank, on)
            world.deliveries.append(
                {"delivery": f"D{step}", "lot": new.id, "input_lot": lot.id, "mass_g": part, "sender": lot.holder,
                 "receiver": other, "facility": new.site, "received_on": on, "custody": "segregated"}
            )  # fmt: skip
            lot.grams -= part
        elif act == "buy":
            world.purchases.append({"line": f"PO{step}", "lot": lot.id, "quantity_g": part, "received_on": on})
            lot.grams -= part
        elif act == "fill":
            world.events.append(
                event(name, "into vessel", into(lot.id, part), on=on, vessel="T", holder=lot.holder)
            )
            world.tank.append(Lot(lot.id, part, lot.holder, lot.site, lot.commodity, lot.rank))
            lot.grams -= part
        elif act == "drain" and world.tank:
            grams = sum(each.grams for each in world.tank)
            world.tank = []
            rank = len(CUSTODY_MODELS) - 2  # nobody claims that a tank of all sorts is kept apart
            new = world.add(grams, "X", "F1", "mix", rank, on)
            world.events.append(
                event(
                    name,
                    "out of vessel",
                    out(new.id, grams),
                    on=on,
                    vessel="T",
                    holder="X",
                    custody="mass balance",
                )
            )
    return world


@given(honest())
@settings(deadline=None, max_examples=60)
def test_an_honest_chain_contradicts_nothing(world: World):
    assert contradictions(checked(*world.events, **world.rows())) == []


@given(honest(), st.integers(0, 11))
@settings(deadline=None, max_examples=30)
def test_one_gram_that_was_never_there_is_found(world: World, which: int):
    """A gram more out of a step than went in and was lost: the chain was exact before."""
    steps = [
        number for number, (head, legs) in enumerate(world.events)
        if head["kind"] == "transformation" and legs[0]["mass_g"] == legs[1]["mass_g"] + (head.get("loss_g") or 0)
    ]  # fmt: skip
    if not steps:
        return
    _, legs = world.events[steps[which % len(steps)]]
    legs[1]["mass_g"] += 1
    assert "outputs above inputs" in contradictions(checked(*world.events, **world.rows()))


@st.composite
def wild(draw: st.DrawFn) -> tuple[Chain, dict[str, Any]]:
    """Any chain at all, with days, events, lines and claims that fit nothing."""
    edges, lots = draw(chains())
    names = st.sampled_from("ABCDEFGH")
    days = st.one_of(st.none(), st.integers(1, 9).map(day))
    grams = st.one_of(st.none(), st.integers(0, 10**9))
    for edge in edges:
        edge |= {"received_on": draw(days), "sender": draw(st.sampled_from([None, *PARTIES])),
                 "facility": draw(st.sampled_from([None, *SITES]))}  # fmt: skip
    kinds = st.sampled_from(["harvest", "transformation", "aggregation", "transfer", "loss", "into vessel",
                             "out of vessel", "vessel emptied"])  # fmt: skip
    events = [
        event(f"E{number}", draw(kinds),
              *[{"role": draw(st.sampled_from(["input", "output"])), "lot": draw(st.one_of(st.none(), names)),
                 "mass_g": draw(grams), "plot": draw(st.sampled_from([None, "P", "Q"]))}
                for _ in range(draw(st.integers(0, 3)))],
              on=draw(days), accepted_on=draw(days), vessel=draw(st.sampled_from([None, "T"])),
              holder=draw(st.sampled_from([None, *PARTIES])), facility=draw(st.sampled_from([None, *SITES])),
              custody=draw(st.sampled_from([None, *CUSTODY_MODELS])))
        for number in range(draw(st.integers(0, 6)))
    ]  # fmt: skip
    claims = [
        {"claim": f"C{number}", "lot": draw(names), "certificate": "Z", "traded_on": draw(days), "document": "d",
         "custody": draw(st.sampled_from([None, *CUSTODY_MODELS]))}
        for number in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    lines = [
        {"line": f"PO{number}", "lot": draw(names), "quantity_g": draw(grams), "product": "x",
         "net_spend": Decimal(1), "received_on": draw(days)}
        for number in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    rows = {
        "lots": [{"lot": lot, "commodity": draw(st.sampled_from([None, "soy", "meal"])),
                  "facility": draw(st.sampled_from([None, *SITES])), **facts} for lot, facts in lots.items()],
        "deliveries": edges, "claims": claims, "purchases": lines,
        "plots": [{"plot": plot, "area_ha": Decimal(1), "commodity": "soy", "supplier": plot} for plot in "PQ"],
        "certificates": [{"certificate": "Z", "volume_g": 1000}],
        "plausible_yields": [YIELD], "conversion_factors": [FACTOR],
    }  # fmt: skip
    return (edges, lots), {"events": events, "rows": rows}


@given(wild(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_order_of_rows_makes_no_difference(given_: tuple[Chain, dict[str, Any]], random: Any):
    _, case = given_
    tables = tables_of(*case["events"], **case["rows"])
    overlaps = pl.DataFrame([("P", "Q", 5000)], schema=OVERLAPS, orient="row")
    empty = frame(FACTS["plausible_yields"], [])
    first = check_chain(tables, yields=empty, overlaps=overlaps)
    shuffled = {name: table.sample(fraction=1, shuffle=True, seed=random.randint(0, 10**6)) for name, table in
                tables.items()}  # fmt: skip
    again = check_chain(shuffled, yields=empty, overlaps=overlaps)
    assert first.findings.equals(again.findings)
    assert first.checks.equals(again.checks)
    assert first.findings["finding"].is_unique().all()
    for row in first.findings.iter_rows(named=True):
        assert "%(" not in str(sentence_of(row))
