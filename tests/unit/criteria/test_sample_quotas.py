"""The verifier's quotas (clause 3.7, AMB-43 to AMB-45): exact shares, and no way up by leaving rows out."""

from fractions import Fraction
from math import ceil
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.criteria.strata import quota
from tests.unit.criteria.assurance import EDITION, Row, depth, judged, passes, position, ticket

QUOTAS = ("DCF-3.7-A1", "DCF-3.7-A2")


def stratum_a(positions: list[Row], tickets: list[Row]) -> dict[str, list[Row]]:
    return {
        "positions": positions,
        "depth": [{"position": each["position"], "level": "high", "required": "plot"} for each in positions],
        "samples": tickets,
    }


@pytest.mark.parametrize(
    ("suppliers", "sampled", "outcome"),
    [
        (1, 1, "met"), (9, 1, "met"), (10, 1, "met"), (11, 1, "not met"), (11, 2, "met"), (20, 2, "met"),
        (21, 2, "not met"), (21, 3, "met"), (100, 9, "not met"), (100, 10, "met"), (101, 10, "not met"),
    ],
)  # fmt: skip
def test_a_tenth_of_the_suppliers_is_rounded_up(suppliers: int, sampled: int, outcome: str) -> None:
    tables = stratum_a(
        [position(n, supplier=f"S-{n}") for n in range(suppliers)],
        [ticket(n, supplier=f"S-{n}", mass_g=1) for n in range(sampled)],
    )
    assert judged("DCF-3.7-A2", tables)["suppliers"]["outcome"] == outcome


def test_ten_thousand_of_a_hundred_thousand_and_one_suppliers_are_too_few() -> None:
    # A tenth of 100,001 is 10,000.1; this pins the share itself to the last of its six decimals.
    share = EDITION.limits["sampled_supplier_share"].value
    assert isinstance(share, Fraction)
    amounts = pl.DataFrame(
        {"subject": ["too few", "enough"], "part": [10_000, 10_001], "whole": [100_001, 100_001]}
    )
    assert quota(amounts, share, undecided=False)["reaches"].to_list() == [False, True]


@given(suppliers=st.integers(1, 60), sampled=st.integers(0, 60))
@settings(max_examples=20, deadline=None)
def test_the_supplier_quota_is_the_ceiling(suppliers: int, sampled: int) -> None:
    sampled = min(sampled, suppliers)
    outside = ticket(99, supplier="elsewhere")  # so that there is a sample, even of nobody in the frame
    tables = stratum_a(
        [position(n, supplier=f"S-{n}") for n in range(suppliers)],
        [outside, *(ticket(n, supplier=f"S-{n}") for n in range(sampled))],
    )
    met = judged("DCF-3.7-A2", tables)["suppliers"]["outcome"] == "met"
    assert met == (sampled >= ceil(Fraction(suppliers, 10)))


def test_a_share_that_no_float_can_tell_from_a_tenth_is_told() -> None:
    # 10^17 + 1 grams cannot be held by a float: a tenth of them is 10^16 + 0.1.
    whole = 10**17 + 1
    for sampled, outcome in ((10**16, "not met"), (10**16 + 1, "met")):
        tables = stratum_a([position(1, supplier="S", mass_g=whole)], [ticket(1, supplier="S", mass_g=sampled)])
        assert judged("DCF-3.7-A1", tables)["overall"]["outcome"] == outcome


def test_every_commodity_has_its_own_quota_and_all_of_them_one() -> None:
    # Sampled: 10 of 100 and 89 of 900, so 99 of 1000 together.
    tables = stratum_a(
        [position(1, supplier="S", mass_g=100), position(2, supplier="S", commodity="cocoa", mass_g=900)],
        [ticket(1, supplier="S", mass_g=10), ticket(2, supplier="S", commodity="cocoa", mass_g=89)],
    )
    found = {subject: each["outcome"] for subject, each in judged("DCF-3.7-A1", tables).items()}
    assert found == {"soy": "met", "cocoa": "not met", "overall": "not met"}


def test_what_is_sampled_twice_does_not_stand_for_the_rest() -> None:
    # The whole of one small unit, five times over, is still 100 of 2000 grams.
    tables = stratum_a(
        [position(1, supplier="S", mass_g=100), position(2, supplier="T", mass_g=1900)],
        [ticket(n, supplier="S", mass_g=100) for n in range(5)],
    )
    found = judged("DCF-3.7-A1", tables)["overall"]
    assert (found["outcome"], found["part"], found["whole"]) == ("not met", "100.000000", "2000.000000")


# --- properties ---

_SUPPLIERS = st.sampled_from(["S-0", "S-1", "S-2", "S-3", "S-4"])
_TICKETS = st.lists(
    st.fixed_dictionaries(
        {
            "supplier": st.one_of(_SUPPLIERS, st.none()),
            "commodity": st.sampled_from(["soy", "beef"]),
            "mass_g": st.one_of(st.integers(1, 900), st.none()),
            "document": st.sampled_from(["sample.pdf", "sample.pdf", "lost.pdf", None]),
        }
    ),
    max_size=8,
)
_POSITIONS = st.lists(st.tuples(_SUPPLIERS, st.booleans(), st.integers(1, 2000)), min_size=1, max_size=6)


def world(bought: list[tuple[str, bool, int]], drawn: list[dict[str, Any]]) -> dict[str, list[Row]]:
    positions = [
        position(n, supplier=supplier, commodity="beef" if animal else "soy", mass_g=mass, livestock=animal)
        for n, (supplier, animal, mass) in enumerate(bought)
    ]
    return stratum_a(positions, [ticket(n, **{"supplier": "", **each}) for n, each in enumerate(drawn)])


@given(bought=_POSITIONS, drawn=_TICKETS, randomly=st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_does_not_matter(bought: Any, drawn: Any, randomly: Any) -> None:
    tables = world(bought, drawn)
    shuffled = {name: randomly.sample(rows, len(rows)) for name, rows in tables.items()}
    for rule in (*QUOTAS, "DCF-3.7-A3", "DCF-3.7-A4"):
        assert judged(rule, tables, documents=["sample.pdf"]) == judged(rule, shuffled, documents=["sample.pdf"])


@given(bought=_POSITIONS, drawn=_TICKETS, kept=st.integers(0, 255))
@settings(max_examples=25, deadline=None)
def test_leaving_tickets_out_never_reaches_a_quota(bought: Any, drawn: Any, kept: int) -> None:
    tables = world(bought, drawn)
    fewer = {**tables, "samples": [row for n, row in enumerate(tables["samples"]) if kept >> n & 1]}
    for rule in QUOTAS:
        before = judged(rule, tables, documents=["sample.pdf"])
        after = judged(rule, fewer, documents=["sample.pdf"])
        gained = {name for name, each in after.items() if each["outcome"] == "met"}
        assert gained <= {name for name, each in before.items() if each["outcome"] == "met"}


@given(bought=_POSITIONS, drawn=_TICKETS, field=st.sampled_from(["document", "mass_g", "supplier", "commodity"]))
@settings(max_examples=25, deadline=None)
def test_blanking_what_tickets_say_never_reaches_a_quota_or_a_share(bought: Any, drawn: Any, field: str) -> None:
    tables = world(bought, drawn)
    for n in range(len(drawn)):
        blank = [{**row, field: None} if i == n else row for i, row in enumerate(tables["samples"])]
        for rule in (*QUOTAS, "DCF-3.7-A4"):
            if passes(rule, {**tables, "samples": blank}, documents=["sample.pdf"]):
                assert passes(rule, tables, documents=["sample.pdf"])


@given(bought=_POSITIONS)
@settings(max_examples=20, deadline=None)
def test_a_census_always_passes(bought: Any) -> None:
    # Every unit sampled in full reaches every quota; livestock is then all there is.
    units: dict[tuple[str, bool], int] = {}
    for supplier, animal, mass in bought:
        units[supplier, animal] = units.get((supplier, animal), 0) + mass
    drawn = [
        {"supplier": supplier, "commodity": "beef" if animal else "soy", "mass_g": mass}
        for (supplier, animal), mass in units.items()
    ]
    for rule in (*QUOTAS, "DCF-3.7-A4"):
        assert passes(rule, world(bought, drawn))


def test_a_high_risk_position_without_depth_counts_as_high() -> None:
    tables = {"positions": [position(1, supplier="S")], "depth": [], "samples": [ticket(1, supplier="S")]}
    assert judged("DCF-3.7-A1", tables)["overall"]["outcome"] == "met"
    assert judged("DCF-3.7-B1", tables)["entity"]["outcome"] == "not applicable"


def test_depth_helper_names_the_stratum() -> None:
    low = {"positions": [position(1, supplier="S")], "depth": [depth(1, "low")], "samples": []}
    assert judged("DCF-3.7-A1", low)["entity"]["outcome"] == "not applicable"
    assert judged("DCF-3.7-B1", low)["entity"]["reason"] == "no-sample"
