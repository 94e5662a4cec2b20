"""``make mutate``: change each comparison and each limit in turn; some worked case must fail every time.

Comparisons are changed in the rules and in the steps: ``<`` to ``<=``, ``>=`` to ``>``, ``==`` to ``!=``
and so on, and `at_least` to `more_than`. Limits are moved by the smallest step of their type, up and
down. A change that no case and no step test notices is printed, and the command fails.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import landproof.criteria
from landproof.criteria import registry
from landproof.criteria.cases import differences
from landproof.criteria.edition import Edition, Limit
from landproof.reference.editions import load_cases, load_edition

SWAPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
CALLS = {"at_least": "more_than", "more_than": "at_least"}
FOLDER = Path(landproof.criteria.__file__).parent


class _Mutant(ast.NodeTransformer):
    """Changes the comparison number ``wanted`` of a module; remembers where it was."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.seen = -1
        self.line = 0

    def _hit(self, node: ast.expr) -> bool:
        self.seen += 1
        if self.seen == self.wanted:
            self.line = node.lineno
            return True
        return False

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if type(node.ops[0]) in SWAPS and self._hit(node):
            node.ops[0] = SWAPS[type(node.ops[0])]()
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in CALLS and self._hit(node):
            node.func.id = CALLS[node.func.id]
        return node


def mutants(path: Path) -> Iterator[tuple[int, ast.Module]]:
    """Each changed module of ``path`` with the line of the change."""
    number = 0
    while True:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        mutant = _Mutant(number)
        changed = ast.fix_missing_locations(mutant.visit(tree))
        if mutant.line == 0:
            return
        yield mutant.line, changed
        number += 1


def noticed_by_cases(cases: list[dict[str, Any]], edition: Edition) -> bool:
    for case in cases:
        try:
            if differences(case, edition):
                return True
        except Exception:
            return True
    return False


def check_module(path: Path, module: ModuleType, cases: list[dict[str, Any]], edition: Edition) -> list[str]:
    """Lines of ``path`` where a changed comparison goes unnoticed."""
    unnoticed: list[str] = []
    before_rules, before_steps = dict(registry.RULES), dict(registry.STEPS)
    original = dict(vars(module))
    for line, tree in mutants(path):
        mine = [name for name, entry in before_rules.items() if entry.function.__module__ == module.__name__]
        for name in mine:
            del registry.RULES[name]
        for name, entry in before_steps.items():
            if entry.function.__module__ == module.__name__:
                del registry.STEPS[name]
        try:
            exec(compile(tree, str(path), "exec"), vars(module))  # noqa: S102 (our own source, changed by us)
            caught = noticed_by_cases(cases, edition) or step_tests_fail(path)
        finally:
            vars(module).update(original)
            registry.RULES.clear()
            registry.RULES.update(before_rules)
            registry.STEPS.clear()
            registry.STEPS.update(before_steps)
        if not caught:
            unnoticed.append(f"{path.relative_to(FOLDER)}:{line}")
            print("unnoticed", unnoticed[-1], flush=True)
    return unnoticed


def step_tests_fail(path: Path) -> bool:
    """Whether a test of the steps fails; their mutants are not seen by the cases of rules."""
    if "steps" not in path.parts:
        return False
    return (
        pytest.main(["-q", "-x", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", "tests/unit/criteria"])
        != 0
    )


def moved(limit: Limit) -> list[Limit]:
    """The limit a smallest step up and down."""
    value = limit.value
    if isinstance(value, date):
        return [replace(limit, value=value + timedelta(days=days)) for days in (-1, 1)]
    if isinstance(value, Fraction):
        return [replace(limit, value=value + step) for step in (Fraction(-1, 10**9), Fraction(1, 10**9))]
    if isinstance(value, Decimal):
        return [replace(limit, value=value + step) for step in (Decimal("-0.000001"), Decimal("0.000001"))]
    return [replace(limit, value=value + step) for step in (-1, 1)]


def main() -> int:
    edition, cases = load_edition(), load_cases()
    by_module: dict[str, list[dict[str, Any]]] = {}
    for case in cases:
        by_module.setdefault(case["module"], []).append(case)
    unnoticed: list[str] = []
    count = 0
    for path in [*sorted((FOLDER / "rules").glob("*.py")), *sorted((FOLDER / "steps").glob("*.py"))]:
        if path.name == "__init__.py":
            continue
        module = sys.modules[f"landproof.criteria.{path.parent.name}.{path.stem}"]
        mine = by_module.get(path.stem, cases if path.parent.name == "rules" else [])
        count += sum(1 for _ in mutants(path))
        unnoticed += check_module(path, module, mine, edition)
    for name, limit in edition.limits.items():
        for each in moved(limit):
            count += 1
            if not noticed_by_cases(cases, replace(edition, limits={**edition.limits, name: each})):
                unnoticed.append(f"limit {name} = {each.value}")
                print("unnoticed", unnoticed[-1], flush=True)
    print(f"{count} changes, {len(unnoticed)} unnoticed")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
