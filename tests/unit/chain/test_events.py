"""Events and vessels; expected values are worked out by hand, or stand in the shared worked chains."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.chain.backward import Tracer
from landproof.chain.flows import TABLES, read_flows
from landproof.domain.facts import FACTS
from landproof.domain.vocabulary import CUSTODY_MODELS
from tests.unit.chain.rows import DOCUMENTS, frame, trace

CASES = Path(__file__).parents[4] / "shared" / "data" / "chain" / "coc-cases"
Rows = list[dict[str, Any]]
Event = tuple[dict[str, Any], Rows]


def event(name: str, kind: str, *lots: dict[str, Any], **facts: Any) -> Event:
    return {"event": name, "kind": kind, **facts}, [{"event": name, **lot} for lot in lots]


def into(lot: str | None, mass: int | None, **more: Any) -> dict[str, Any]:
    return {"role": "input", "lot": lot, "mass_g": mass, **more}


def out(lot: str | None, mass: int | None, **more: Any) -> dict[str, Any]:
    return {"role": "output", "lot": lot, "mass_g": mass, **more}


def run(*events: Event, plots: Sequence[str] = (), **tables: Any) -> Any:
    return trace(
        tables.pop("deliveries", []),
        tables.pop("lots", {}),
        plots,
        events=[head for head, _ in events],
        event_lots=[row for _, rows in events for row in rows],
        **tables,
    )


def shares(lots: list[str], *events: Event, vessels: Rows) -> dict[str, dict[str, str]]:
    """The exact share of each plot in each of ``lots``."""
    given = {
        "chain_events": [{"custody": "segregated", **head} for head, _ in events],
        "event_lots": [row for _, rows in events for row in rows],
        "vessels": vessels,
    }
    named = sorted({row["plot"] for row in given["event_lots"] if row.get("plot")})
    given["plots"] = [{"plot": plot} for plot in named]
    flows = read_flows(
        {"documents": DOCUMENTS, **{name: frame(FACTS[name], given.get(name, [])) for name in TABLES}}
    )
    tracer = Tracer(flows.graph)
    found: dict[str, dict[str, str]] = {}
    for lot in lots:
        number = int(np.flatnonzero((flows.lots == lot).to_numpy())[0])
        exact = tracer.exact_shares(number)
        found[lot] = {
            flows.plots[node - flows.lots.len()]: f"{share.numerator}/{share.denominator}"
            for node, share in exact.items()
            if flows.lots.len() <= node < flows.graph.places.country
        }
    return found


def worked(name: str) -> Any:
    path = CASES / f"{name}.json"
    if not path.exists():
        pytest.skip(f"worked chain {name} is not on this machine")
    return json.loads(path.read_text())


def steps_of(problem: Any) -> list[Event]:
    found = [
        event(f"h {each['lot']}", "harvest", out(each["lot"], each["qty_kg"] * 1000, plot=each["plot"]))
        for each in problem["harvests"]
    ]
    for each in problem["transformations"]:
        inputs = [into(lot["lot"], lot["qty_kg"] * 1000) for lot in each["inputs"]]
        outputs = [out(lot["lot"], lot["qty_kg"] * 1000) for lot in each["outputs"]]
        loss = each.get("loss_kg")
        found.append(
            event(each["event"], "transformation", *inputs, *outputs, loss_g=loss * 1000 if loss else None)
        )
    return found


@pytest.mark.parametrize("name", ["01-merge-then-split", "03-soy-crush-coproducts", "10-rework-loop"])
def test_worked_chains_give_their_exact_shares_and_custody(name: str):
    problem = worked(name)
    expected: dict[str, dict[str, str]] = problem["expected"]["shares"]
    steps = steps_of(problem["case"])
    assert shares(list(expected), *steps, vessels=[]) == expected
    status, _ = run(*steps, plots=["plot-A", "plot-B"])
    for lot in expected:
        assert (status[lot]["custody"], status[lot]["depth"], status[lot]["problems"]) == (
            "segregated",
            "plot",
            [],
        )


TONNE = 10**6


def day(number: int) -> date:
    return date(2025, 5, number)


def moved(name: str, kind: str, on: int | None, *lots: dict[str, Any], **facts: Any) -> Event:
    return event(name, kind, *lots, on=day(on) if on else None, vessel="tank", **facts)


def harvest(lot: str, mass: int = 100) -> Event:
    """Lot A comes from plot PA."""
    return event(f"h {lot}", "harvest", out(lot, mass, plot=f"P{lot}"))


PLOTS = ["PA", "PB", "PC", "PD"]


@pytest.mark.parametrize("policy", ["mixed", "first in first out"])
def test_the_worked_silo_gives_its_shares_and_all_that_may_be_in_what_leaves_it(policy: str):
    problem = worked("05-silo-mixing-fifo-200pct")
    case, expected = problem["case"], problem["expected"]
    steps = [harvest(each["lot"], each["qty"] * TONNE) for each in case["movements"] if each["op"] == "in"]
    for each in case["movements"]:
        kind, side = ("into vessel", into) if each["op"] == "in" else ("out of vessel", out)
        steps.append(moved(f"e{each['day']}", kind, each["day"], side(each["lot"], each["qty"] * TONNE)))
    silo = [{"vessel": "tank", "policy": policy, "capacity_g": case["capacity"] * TONNE}]
    found = shares(["W1", "W2"], *steps, vessels=silo)
    positive = {
        lot: {f"P{name}": share for name, share in each.items()}
        for lot, each in expected["perfect_mixing" if policy == "mixed" else "fifo"].items()
    }
    assert {lot: {k: v for k, v in each.items() if v != "0/1"} for lot, each in found.items()} == positive
    assert {lot: sorted(name[1:] for name in each) for lot, each in found.items()} == (
        expected["possible_origins_200pct_rule"]
    )


@pytest.mark.parametrize(("earlier", "seen"), [(199, True), (200, False), (201, False)])
def test_what_may_be_in_a_silo_ends_at_twice_its_capacity(earlier: int, seen: bool):
    # A went in first; then B, and C, which with B makes up `earlier` plus 200 of capacity 200.
    steps = [harvest("A", 10), harvest("B", earlier), harvest("C", 200)]
    steps += [
        moved(f"in {lot}", "into vessel", on, into(lot, mass))
        for on, (lot, mass) in enumerate([("A", 10), ("B", earlier), ("C", 200)], start=1)
    ]
    steps += [moved("first out", "out of vessel", 4, out("V", 10)), moved("then", "out of vessel", 5, out("W", 5))]
    silo = [{"vessel": "tank", "policy": "first in first out", "capacity_g": 200}]
    _, plots = run(*steps, plots=PLOTS, vessels=silo)
    assert plots["V"]["PA"] == 10
    assert plots["W"] == {"PA": 0, "PB": 5, "PC": 0} if seen else {"PB": 5, "PC": 0}


@pytest.mark.parametrize(
    ("facts", "on", "clean"),
    [
        ({"document": "empty.pdf"}, 2, True),
        ({}, 2, False),  # nobody shows it
        ({"document": "empty.pdf"}, None, False),  # nobody knows when
        ({"document": "empty.pdf"}, 3, False),  # on the day of a receipt: before it or after it?
    ],
)
@pytest.mark.parametrize("policy", ["mixed", "first in first out", "emptied between batches", None])
def test_only_a_documented_emptying_ends_what_may_be_in_a_vessel(
    facts: dict[str, Any], on: int | None, clean: bool, policy: str | None
):
    steps = [
        harvest("A"), harvest("B"),
        moved("1", "into vessel", 1, into("A", 100)),
        moved("2", "vessel emptied", on, **facts),
        moved("3", "into vessel", 3, into("B", 100)),
        moved("4", "out of vessel", 4, out("W", 50)),
    ]  # fmt: skip
    _, plots = run(*steps, plots=PLOTS, vessels=[{"vessel": "tank", "policy": policy, "capacity_g": 200}])
    assert set(plots["W"]) == ({"PB"} if clean else {"PA", "PB"})


def test_moments_settle_the_order_of_a_day_and_without_them_receipts_come_first():
    def told(*moments: int | None) -> set[str]:
        steps = [harvest("A"), harvest("B"), moved("1", "into vessel", 1, into("A", 100))]
        for name, kind, lot, hour in zip("23", ("into vessel", "out of vessel"), "BW", moments, strict=True):
            at = datetime(2025, 5, 2, hour, tzinfo=UTC) if hour else None
            side = into if lot == "B" else out
            steps.append(moved(name, kind, 2, side(lot, 100), at=at))
        return set(run(*steps, plots=PLOTS, vessels=[{"vessel": "tank"}])[1]["W"])

    assert told(10, 11) == {"PA", "PB"}
    assert told(11, 10) == {"PA"}
    assert told(None, 10) == told(11, None) == told(None, None) == {"PA", "PB"}


@pytest.mark.parametrize("policy", ["mixed", "first in first out"])
def test_what_leaves_a_vessel_above_its_stock_comes_from_nowhere(policy: str):
    def drawn(mass: int) -> dict[str, Any]:
        steps = [harvest("A"), moved("1", "into vessel", 1, into("A", 100))]
        steps += [moved("2", "out of vessel", 2, out("W", mass))]
        return run(*steps, plots=PLOTS, vessels=[{"vessel": "tank", "policy": policy}])[0]["W"]

    assert (drawn(100)["depth"], drawn(100)["plot_g"]) == ("plot", 100)
    assert (drawn(101)["depth"], drawn(101)["plot_g"], drawn(101)["custody_unknown"]) == ("none", 100, True)
    steps = [moved("2", "out of vessel", 2, out("W", 5))]
    assert run(*steps, vessels=[{"vessel": "tank", "policy": policy}])[0]["W"]["depth"] == "none"


@pytest.mark.parametrize("policy", ["mixed", "first in first out"])
@pytest.mark.parametrize("mass", [None, 0, -3])
def test_an_unweighed_receipt_makes_what_leaves_the_vessel_unknown(policy: str, mass: int | None):
    steps = [
        harvest("A"), harvest("B"),
        moved("1", "into vessel", 1, into("A", mass)),
        moved("2", "into vessel", 2, into("B", 100)),
        moved("3", "out of vessel", 3, out("W", 100)),
    ]  # fmt: skip
    status, plots = run(*steps, plots=PLOTS, vessels=[{"vessel": "tank", "policy": policy}])
    assert (status["W"]["depth"], status["W"]["plot_g"] < 100, set(plots["W"])) == ("none", True, {"PA", "PB"})


@pytest.mark.parametrize("policy", ["mixed", "first in first out"])
@pytest.mark.parametrize("unweighed", [1, 3])
def test_after_something_unweighed_nobody_knows_the_shares_until_the_vessel_is_emptied(
    policy: str, unweighed: int
):
    steps = [
        harvest("A"), harvest("B"),
        moved("1", "into vessel", 1, into("A", None if unweighed == 1 else 100)),
        moved("2", "into vessel", 2, into("B", 100)),
        moved("3", "out of vessel", 3, out("V", None if unweighed == 3 else 50)),
        moved("4", "out of vessel", 4, out("W", 30)),
        moved("5", "vessel emptied", 5, document="empty.pdf"),
        moved("6", "into vessel", 6, into("C", 100)), harvest("C"),
        moved("7", "out of vessel", 7, out("X", 50)),
    ]  # fmt: skip
    status, _ = run(*steps, plots=PLOTS, vessels=[{"vessel": "tank", "policy": policy}])
    assert [status[lot]["depth"] for lot in "VWX"] == ["none", "none", "plot"]


def test_what_leaves_for_nobody_knows_where_still_leaves():
    steps = [
        harvest("A"), moved("1", "into vessel", 1, into("A", 100)), moved("2", "out of vessel", 2, out(None, 60)),
        moved("3", "out of vessel", 3, out("W", 50)),
    ]  # fmt: skip
    assert run(*steps, plots=PLOTS, vessels=[{"vessel": "tank"}])[0]["W"]["plot_g"] == 40


@pytest.mark.parametrize("hour", [9, 10, 11])
def test_an_emptying_at_the_moment_of_a_receipt_does_not_count(hour: int):
    at = {"1": 10, "2": hour, "3": 12}
    steps = [harvest("A"), harvest("B"), moved("0", "into vessel", 1, into("B", 100))]
    for name, kind, lots in (
        ("1", "into vessel", [into("A", 100)]), ("2", "vessel emptied", []), ("3", "out of vessel", [out("W", 10)])
    ):  # fmt: skip
        moment = datetime(2025, 5, 2, at[name], tzinfo=UTC)
        steps.append(moved(name, kind, 2, *lots, at=moment, document="empty.pdf"))
    _, plots = run(*steps, plots=PLOTS, vessels=[{"vessel": "tank"}])
    # At 9 B is out; at 10 nobody knows the order; at 11 all is out, and W comes from nowhere.
    assert set(plots.get("W", {})) == {9: {"PA"}, 10: {"PA", "PB"}, 11: set()}[hour]


def test_a_loss_that_is_declared_closes_the_balance_and_more_out_than_in_comes_from_nowhere():
    def made(mass: int, loss: int | None = None) -> tuple[str, int]:
        steps = [harvest("A"), event("e", "transformation", into("A", 100), out("X", mass), loss_g=loss)]
        row = run(*steps, plots=PLOTS)[0]["X"]
        return row["depth"], row["plot_g"]

    assert made(100) == ("plot", 100)
    assert made(75, 25) == ("plot", 75)
    assert made(101) == ("none", 100)
    assert made(76, 25) == ("none", 75)  # 100 of 101 parts of 76 g: 75.2 g


@pytest.mark.parametrize("mass", [None, 0, -1])
def test_an_unweighed_input_leaves_all_outputs_of_its_step_unknown(mass: int | None):
    steps = [
        harvest("A"), harvest("B"),
        event("e", "transformation", into("A", 100), into("B", mass), out("X", 60), out("Y", 40)),
    ]  # fmt: skip
    status, plots = run(*steps, plots=PLOTS)
    for lot in "XY":
        assert (status[lot]["depth"], status[lot]["plot_g"]) == ("none", 0)
        assert plots[lot] == {"PA": 0, "PB": 0}


def test_what_a_step_took_counts_though_another_input_of_it_is_not_weighed():
    steps = [
        harvest("A"), harvest("B"),
        event("e", "transformation", into("A", 60), into("B", None), out("X", 60)),
        event("f", "transformation", into("A", 60), out("Y", 60)),
    ]  # fmt: skip
    status, _ = run(*steps, plots=PLOTS)
    assert status["A"]["problems"] == ["over-used"]
    assert (status["Y"]["depth"], status["Y"]["plot_g"], status["X"]["plot_g"]) == ("none", 50, 0)


@pytest.mark.parametrize("policy", ["mixed", "first in first out"])
@pytest.mark.parametrize(("second", "depth"), [(100, "plot"), (101, "none")])
def test_a_vessel_that_gives_out_more_than_it_took_in_hides_a_receipt(policy: str, second: int, depth: str):
    """The receipt that nobody handed in may have come before anything that left, until an emptying is shown."""
    steps = [
        harvest("A", 300),
        moved("1", "into vessel", 1, into("A", 200)),
        moved("2", "out of vessel", 2, out("V", 100)),
        moved("3", "out of vessel", 3, out("W", second)),
        moved("4", "vessel emptied", 4, document="protocol"),
        moved("5", "into vessel", 5, into("A", 100)),
        moved("6", "out of vessel", 6, out("X", 100)),
    ]
    status, _ = run(*steps, plots=PLOTS, vessels=[{"vessel": "tank", "policy": policy, "capacity_g": 500}])
    assert [status[lot]["depth"] for lot in "VWX"] == [depth, depth, "plot"]
    assert (status["V"]["plot_g"], status["W"]["plot_g"]) == (100 if depth == "plot" else 99, 100)


def test_a_step_without_inputs_or_with_an_input_that_nobody_describes_says_so():
    status, _ = run(event("e", "transformation", out("X", 10)))
    assert (status["X"]["depth"], status["X"]["problems"]) == ("none", ["missing input lot"])
    status, _ = run(harvest("A"), event("e", "transformation", into("A", 60), into("gone", 40), out("X", 100)),
                    plots=PLOTS)  # fmt: skip
    assert (status["X"]["plot_g"], status["X"]["problems"]) == (60, ["missing input lot"])


def test_a_container_is_all_that_was_put_into_it():
    steps = [
        harvest("A", 30), harvest("B", 70),
        event("pack", "aggregation", into("A", 30), into("B", 70), out("pallet", 100)),
        event("use", "transformation", into("pallet", 100), out("X", 50)),
    ]  # fmt: skip
    _, plots = run(*steps, plots=PLOTS)
    assert plots["X"] == {"PA": 15, "PB": 35}


@pytest.mark.parametrize(
    ("known_by", "depth"),
    [("documented", "plot"), ("certified", "plot"), ("declared", "plot"), (None, "plot"), ("modelled", "none"),
     ("unknown", "none")],
)  # fmt: skip
def test_a_modelled_origin_is_never_proof_and_its_plot_stays_possible(known_by: str | None, depth: str):
    head, rows = harvest("A")
    status, plots = run(({**head, "known_by": known_by}, rows), plots=PLOTS)
    assert (status["A"]["depth"], set(plots["A"])) == (depth, {"PA"})


def test_an_event_that_is_declared_wrong_counts_for_nothing():
    steps = [harvest("A"), event("e", "transformation", into("A", 100), out("X", 100))]
    wrong = event("w", "error declaration", voids="e")
    assert "X" in run(*steps, plots=PLOTS)[0]
    assert "X" not in run(*steps, wrong, plots=PLOTS)[0]
    undone = event("v", "error declaration", voids="w")
    assert run(*steps, wrong, undone, plots=PLOTS)[0]["X"]["depth"] == "plot"
    # Declarations that void one another in a circle come to an end, and to nothing.
    circle = [event(name, "error declaration", voids=other) for name, other in ("vw", "wv")]
    assert run(*steps, *circle, plots=PLOTS)[0]["X"]["depth"] == "plot"


def test_what_is_told_twice_counts_once_and_what_contradicts_itself_not_at_all():
    steps = [harvest("A"), event("e", "transformation", into("A", 100), out("X", 100))]
    once = run(*steps, plots=PLOTS)
    assert run(*steps, *steps, plots=PLOTS) == once
    status, plots = run(*steps, event("e", "aggregation"), plots=PLOTS, lots={"X": 100})
    assert (status["X"]["depth"], status["X"]["problems"], "X" in plots) == ("none", ["no inputs"], False)
    # Two masses of one output: nobody knows which.
    status, plots = run(*steps, event("e", "transformation", out("X", 90)), plots=PLOTS)
    assert (status["X"]["depth"], status["X"]["problems"], plots["X"]) == ("none", ["missing mass"], {"PA": 0})


@st.composite
def networks(draw: st.DrawFn) -> list[Event]:
    """Harvests, then steps that take from lots before them and lose nothing or something."""
    steps: list[Event] = []
    left: dict[str, int] = {}  # of each lot
    for number, plot in enumerate(draw(st.lists(st.sampled_from(PLOTS), min_size=1, max_size=4))):
        left[f"H{number}"] = draw(st.integers(1, 10**9))
        steps.append(event(f"h{number}", "harvest", out(f"H{number}", left[f"H{number}"], plot=plot)))
    for number in range(draw(st.integers(0, 5))):
        there = sorted(lot for lot, mass in left.items() if mass)
        if not there:
            break
        taken = draw(st.lists(st.sampled_from(there), min_size=1, max_size=3, unique=True))
        inputs = [into(lot, draw(st.integers(1, left[lot]))) for lot in taken]
        for each in inputs:
            left[each["lot"]] -= each["mass_g"]
        whole = sum(each["mass_g"] for each in inputs)
        first = draw(st.integers(1, whole))
        outputs = [out(f"T{number}a", first), *([out(f"T{number}b", whole - first)] if whole > first else [])]
        steps.append(event(f"t{number}", "transformation", *inputs, *outputs))
        left |= {each["lot"]: each["mass_g"] for each in outputs}
    return steps


def brute(steps: list[Event]) -> dict[str, dict[str, Fraction]]:
    """Shares by plot, by hand: every step mixes its inputs by mass."""
    mixes: dict[str, dict[str, Fraction]] = {}
    for head, rows in steps:
        taken = [row for row in rows if row["role"] == "input"]
        mix: dict[str, Fraction] = {}
        for row in taken:
            for plot, share in mixes[row["lot"]].items():
                part = Fraction(row["mass_g"], sum(each["mass_g"] for each in taken))
                mix[plot] = mix.get(plot, Fraction(0)) + share * part
        for row in rows:
            if row["role"] == "output":
                mixes[row["lot"]] = {row["plot"]: Fraction(1)} if head["kind"] == "harvest" else mix
    return mixes


@settings(deadline=None, max_examples=60)
@given(networks(), st.randoms(use_true_random=False))
def test_shares_agree_with_plain_fractions_in_any_order(steps: list[Event], random: Any):
    expected = brute(steps)
    shuffled = random.sample(steps, len(steps))
    assert shares(list(expected), *shuffled, vessels=[]) == {
        lot: {plot: f"{share.numerator}/{share.denominator}" for plot, share in sorted(mix.items())}
        for lot, mix in expected.items()
    }


@settings(deadline=None, max_examples=40)
@given(networks())
def test_mass_is_conserved_to_the_gram(steps: list[Event]):
    status, plots = run(*steps, plots=PLOTS)
    for lot, row in status.items():
        assert (row["depth"], sum(plots[lot].values())) == ("plot", row["mass_g"])


@settings(deadline=None, max_examples=40)
@given(networks(), st.integers(0, 100))
def test_splitting_a_step_in_two_changes_nothing(steps: list[Event], which: int):
    """Half of every input in one event, half in another, and the same outputs from both."""
    doubled = [(head, [{**row, "mass_g": 2 * row["mass_g"]} for row in rows]) for head, rows in steps]
    place = which % len(doubled)
    head, rows = doubled[place]
    halves = [
        ({**head, "event": f"{head['event']} {half}"},
         [{**row, "event": f"{head['event']} {half}", "mass_g": row["mass_g"] // 2} for row in rows])
        for half in (1, 2)
    ]  # fmt: skip
    assert run(*doubled, plots=PLOTS)[1] == run(*doubled[:place], *halves, *doubled[place + 1 :], plots=PLOTS)[1]


def proven(lots: dict[str, int], *events: Event) -> dict[str, bool]:
    """By lot: all of it comes from plots, and was proven to be kept apart all the way."""
    status, _ = run(*events, plots=PLOTS, lots=lots)
    return {
        lot: row["depth"] == "plot"
        and not row["custody_unknown"]
        and row["custody"] in ("identity preserved", "segregated")
        for lot, row in status.items()
    }


@settings(deadline=None, max_examples=60)
@given(networks(), st.lists(st.sampled_from([*CUSTODY_MODELS[:3], None]), min_size=12, max_size=12), st.data())
def test_removing_a_document_never_improves_a_class(
    steps: list[Event], models: list[str | None], data: st.DataObject
):
    """What lots weigh is known; a row, an event, or all that an event lists is gone."""
    stated = [({**head, "custody": model}, rows) for (head, rows), model in zip(steps, models, strict=False)]
    weigh: dict[str, int] = {
        row["lot"]: row["mass_g"] for _, rows in steps for row in rows if row["role"] == "output"
    }
    before = proven(weigh, *stated)
    gone = data.draw(st.integers(0, len(stated) - 1))
    head, rows = stated[gone]
    row = data.draw(st.integers(0, len(rows) - 1))
    for less in ([], [(head, [])], [(head, rows[:row] + rows[row + 1 :])], [({**head, "custody": None}, rows)]):
        after = proven(weigh, *stated[:gone], *less, *stated[gone + 1 :])
        assert all(before[lot] for lot, holds in after.items() if holds)
