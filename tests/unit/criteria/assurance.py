"""Rows for tests of clauses 3.4 to 3.9, judged as a run would judge them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from landproof.criteria.cases import run_case
from landproof.reference.editions import read_edition

EDITION = read_edition()
Row = dict[str, Any]
PASSING = ("met", "not applicable")


def judged(rule: str, tables: Mapping[str, Sequence[Row]], **options: Any) -> dict[str, dict[str, str]]:
    """Outcome, reason, part and whole of each subject of ``rule``."""
    return run_case({"rule": rule, "tables": tables, **options}, EDITION)


def passes(rule: str, tables: Mapping[str, Sequence[Row]], **options: Any) -> bool:
    """Whether nothing that ``rule`` finds keeps the entity from certification."""
    return all(each["outcome"] in PASSING for each in judged(rule, tables, **options).values())


def position(
    number: int, *, supplier: str, commodity: str = "soy", mass_g: int = 1000, livestock: bool = False
) -> Row:
    return {
        "position": f"P-{number}",
        "supplier": supplier,
        "commodity": commodity,
        "country": "BR",
        "list": "L",
        "six": True,
        "livestock": livestock,
        "assessed": True,
        "mass_g": mass_g,
    }


def depth(number: int, level: str = "high") -> Row:
    return {"position": f"P-{number}", "level": level, "required": "plot"}


def ticket(number: int, *, supplier: str, commodity: str = "soy", mass_g: int | None = 100, **more: Any) -> Row:
    return {
        "ticket": f"K-{number}",
        "stratum": "A",
        "supplier": supplier,
        "commodity": commodity,
        "country": "BR",
        "mass_g": mass_g,
        "document": "sample.pdf",
        **more,
    }


def day(text: str) -> date:
    return date.fromisoformat(text)
