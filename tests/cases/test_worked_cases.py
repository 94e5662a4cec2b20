"""Every worked case of the edition gives what it expects."""

from typing import Any

import pytest

from landproof.criteria.cases import differences
from landproof.reference.editions import load_cases, read_edition


@pytest.mark.parametrize("case", load_cases(), ids=lambda case: f"{case['rule']}: {case['name']['en']}")
def test_worked_case(case: dict[str, Any]) -> None:
    assert differences(case, read_edition()) == []
