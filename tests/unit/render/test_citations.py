"""Every place that the edition cites can be read in Chinese."""

import re

import pytest

from landproof.reference.editions import load_edition
from landproof.render.wording import Wording
from landproof.reporting.cells import Citation


def cited() -> list[str]:
    edition = load_edition()
    return sorted({rule.clause for rule in edition.rules.values()} | {r.clause for r in edition.readings.values()})


@pytest.mark.parametrize("clause", cited())
def test_a_citation_has_no_english_word_left_in_chinese_and_is_untouched_in_english(clause: str) -> None:
    said = Wording("zh")(Citation(clause))
    assert re.findall(r"[A-Za-z]{3,}", said.replace("EUDR", "")) in ([], *[[roman] for roman in ("iii", "vii")]), (
        said
    )
    assert Wording("en")(Citation(clause)) == clause
    # No number is lost on the way.
    assert re.findall(r"\d", said) == re.findall(r"\d", clause)
