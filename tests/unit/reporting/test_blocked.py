"""What blocks each product: masses added by hand, the nearest obstacle, nothing dropped."""

from datetime import date
from typing import Any

import pytest

from landproof.domain.derived import LOT_OBSTACLES
from landproof.render.wording import Wording
from landproof.reporting.blocked import blocked_products
from landproof.reporting.nodes import Row
from tests.unit.reporting.invented import assessment, frame, tables

LINES = [
    {"line": "1", "product": "OIL", "lot": "A", "quantity_g": 400_000_000},
    {"line": "2", "product": "OIL", "lot": "B", "quantity_g": 12_000_000},
    {"line": "3", "product": "OIL", "lot": "C", "quantity_g": 5_000_000},
    {"line": "4", "product": "MEAL", "lot": "C", "quantity_g": 7},
    {"line": "5", "product": "SALT", "lot": None, "quantity_g": 3_000},
    {"line": "6", "product": "FISH", "lot": "D", "quantity_g": None},
]
FAR = {
    "lot": "A", "obstacle": "unknown origin", "at": "MILL", "mass_g": 1_200_000, "fact": "D2", "facility": "M-17",
    "mixed_by": "E2", "mixed_in": "T2", "mixed_on": date(2025, 5, 3), "steps": 2,
}  # fmt: skip


def blocked(*obstacles: dict[str, Any], lines: list[dict[str, Any]] = LINES) -> list[Row]:
    found = frame(LOT_OBSTACLES.name, obstacles)
    case = assessment(tables={**tables(), "purchases": frame("purchases", lines), "lot_obstacles": found})
    return list(blocked_products(case).rows)


def said(rows: list[Row]) -> list[tuple[str, ...]]:
    wording = Wording("en")
    return [tuple(wording(cell).replace("\xa0", " ") for cell in row.cells) for row in rows]


def test_the_whole_of_what_a_little_blocks_is_told():
    assert said(blocked(FAR)) == [
        (
            "OIL", "417 t", "400 t", "1.2 t in lot MILL come from nobody knows where", "D2, M-17",
            "E2, T2, 3 May 2025",
        ),
        ("SALT", "3 kg", "3 kg", "its purchase lines name no lot", "", ""),
    ]  # fmt: skip


def test_the_nearest_is_told_and_of_equally_near_ones_what_blocks_most():
    near = {"lot": "B", "obstacle": "mass balance", "at": "B", "mass_g": 9, "steps": 0}
    oil = said(blocked(FAR, near, lines=LINES[:4]))
    assert oil == [("OIL", "417 t", "412 t", "0.009 kg went into lot B under mass balance", "", "")]
    equal = {"lot": "A", "obstacle": "loop", "at": "A", "steps": 0}
    assert said(blocked(equal, near, lines=LINES[:4]))[0][3] == "lot A is made of itself"


@pytest.mark.parametrize(
    ("obstacle", "words"),
    [
        ("unknown origin", "what is in lot D comes from nobody knows where"),
        ("country only", "of what is in lot D only the country is known"),
        ("book and claim", "goods went into lot D under book and claim"),
        ("custody not proven", "nothing proves how goods were kept apart at a step into lot D"),
    ],
)
def test_unknown_masses_are_told_as_unknown(obstacle: str, words: str):
    [row] = said(blocked({"lot": "D", "obstacle": obstacle, "at": "D", "steps": 0}, lines=LINES[5:]))
    assert row == ("FISH", "unknown", "unknown", words, "", "")


def test_nothing_in_the_way_gives_no_row():
    assert blocked(lines=LINES[:4]) == []
