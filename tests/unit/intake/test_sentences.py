"""Every sentence and label has its Chinese, with the same placeholders."""

import re

import pytest

from landproof.domain.derived import DERIVED
from landproof.domain.facts import FACTS
from landproof.domain.rejects import REJECTS
from landproof.intake.reasons import REASONS, REPAIRS
from landproof.intake.template_text import CHOICES, HELP, INSTRUCTIONS, REQUIRED, UNIT_LABEL, WORKBOOKS
from landproof.reference.catalogue import translate

TABLES = [*FACTS.values(), *DERIVED.values(), REJECTS]
SENTENCES = [
    *(sentence for each in REASONS.values() for sentence in (each.reason, each.remedy)),
    *REPAIRS.values(), *INSTRUCTIONS, *HELP.values(), CHOICES, REQUIRED, UNIT_LABEL,
    *(title for title, _ in WORKBOOKS.values()),
]  # fmt: skip


@pytest.mark.parametrize("sentence", dict.fromkeys(SENTENCES))
def test_a_sentence_has_its_chinese(sentence):
    chinese = translate(sentence, "zh")
    assert chinese != sentence
    assert sorted(re.findall(r"%\((\w+)\)s", chinese)) == sorted(re.findall(r"%\((\w+)\)s", sentence))
    values = dict.fromkeys(re.findall(r"%\((\w+)\)s", sentence), "x")
    if values:
        assert chinese % values


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_titles_labels_and_choices_have_their_chinese(table):
    words = [table.title, *(column.label for column in table)]
    words += [choice for column in table for choice in column.choices if re.search("[a-z]{3}", choice)]
    unsaid = [word for word in words if translate(word, "zh") == word and word not in {"vii", "iii"}]
    assert unsaid == []
