"""Cells that no person can have meant: unseen characters, letters in two parts, texts without end."""

import pytest

from landproof.intake.reasons import REASONS
from landproof.intake.refuse import shortened
from landproof.intake.words import visible
from tests.unit.intake.helpers import balanced, column, failures, purchases

CELL = 32_767


@pytest.mark.parametrize(
    "sign", ["\x1b", "\x07", "\x7f", "\x85", "\u200b", "\u202e", "\u2066", "\ufeff", "\ufffd", "\uffff"]
)
def test_an_unseen_character_in_an_identifier_is_refused_and_spelled_out(tmp_path, sign):
    found = purchases(tmp_path, f"P{sign}1,2025-01-02,S1,1,1,EUR,BR", "P2,2025-01-02,S1,1,1,EUR,BR")
    assert failures(found) == [(2, "line", REASONS["unseen"].reason)]
    assert found.rejects["value"].to_list() == [f"P<U+{ord(sign):04X}>1"]
    assert sign not in found.rejects["values"].item()
    assert balanced(found)


@pytest.mark.parametrize("written", ["line\nbreak", "tab\there", "می\u200cخواهم", "right \u200eto left", "São"])
def test_free_text_keeps_what_people_write(written):
    parsed = column("suppliers", "name", written)
    assert parsed.values.to_list() == [written]


def test_a_control_in_free_text_is_refused():
    assert column("suppliers", "name", "red \x1b[31m").failure.to_list() == ["unseen"]


def test_a_date_with_a_mark_of_direction_says_so():
    assert column("purchases", "received_on", "\u200e12/31/2025").failure.to_list() == ["unseen"]


def test_accents_as_signs_of_their_own_join_their_letters_and_are_told():
    parsed = column("purchases", "supplier", "Sa\u0303o", "S\u00e3o", "Minas")
    assert parsed.values.to_list() == ["S\u00e3o", "S\u00e3o", "Minas"]
    assert [(repair.key, repair.where.to_list()) for repair in parsed.repairs] == [
        ("composed", [True, False, False])
    ]


@pytest.mark.parametrize(("length", "why"), [(CELL - 1, None), (CELL, None), (CELL + 1, "too-long")])
def test_the_longest_cell(length, why):
    assert column("purchases", "supplier", "S" * length).failure.to_list() == [why]


def test_a_sentence_shows_the_start_of_a_long_value(tmp_path):
    assert shortened("x" * 80) == "x" * 80
    assert shortened("x" * 81) == "x" * 80 + "…"
    found = purchases(tmp_path, f"P1,2025-01-02,S1,{'9' * 300},1,EUR,BR")
    assert "9" * 81 not in found.rejects["values"].item()
    assert found.rejects["value"].item() == "9" * 300


def test_visible_leaves_what_can_be_seen():
    assert visible("云南 São\n\tx") == "云南 São\n\tx"
    assert visible("\x1b[2J\u202e") == "<U+001B>[2J<U+202E>"
