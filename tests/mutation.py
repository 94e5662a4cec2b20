"""``make mutate``: change each comparison and each limit in turn; a worked case or a step's test must fail.

Each change is made in a copy of the source and judged in a process of its own, so that no module keeps an
unchanged name. Comparisons are changed in the rules, the steps and what they share: ``<`` to ``<=``, ``==``
to ``!=``, `at_least` to `more_than`, and back. Limits are moved by the smallest step of their type, up and
down. ``make mutate ONLY=cut_off`` changes one module. What nobody notices is printed, and the command fails.
"""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from queue import Queue

from landproof.criteria.edition import Limit
from landproof.reference.editions import load_edition

ROOT = Path(__file__).parents[1]
CRITERIA = Path("src/landproof/criteria")
EDITION = CRITERIA / "editions" / "2024-04"
# They carry the rules but decide nothing about a company; their own tests hold them.
MACHINERY = {"__init__.py", "cases.py", "edition.py", "judge.py", "registry.py"}
SWAPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
CALLS = {"at_least": "more_than", "more_than": "at_least"}


@dataclass(frozen=True)
class Change:
    """A file, its changed content, and where the change is."""

    path: Path
    content: str
    where: str


class _Mutant(ast.NodeTransformer):
    """Changes the comparison number ``wanted`` of a module; remembers its line."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.seen = -1
        self.line = 0

    def _hit(self, node: ast.expr) -> bool:
        self.seen += 1
        if self.seen == self.wanted:
            self.line = node.lineno
        return self.seen == self.wanted

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


def changed_comparisons(path: Path) -> Iterator[Change]:
    number = 0
    while True:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        # The helpers that swap names must both be imported.
        mutant = _Mutant(number)
        changed = ast.fix_missing_locations(mutant.visit(tree))
        if mutant.line == 0:
            return
        both = "from landproof.domain.outcome import at_least, more_than\n"
        yield Change(
            path, _after_docstring(ast.unparse(changed), both), f"{path.relative_to(CRITERIA)}:{mutant.line}"
        )
        number += 1


def _after_docstring(source: str, line: str) -> str:
    tree = ast.parse(source)
    place = tree.body[0].end_lineno or 0
    lines = source.splitlines(keepends=True)
    return "".join([*lines[:place], "\n" if place else "", line, *lines[place:]])


def moved(limit: Limit) -> list[str]:
    """A limit a smallest step down and up, as written in the edition."""
    value = limit.value
    if isinstance(value, date):
        return [str(value + timedelta(days=days)) for days in (-1, 1)]
    if isinstance(value, Fraction):
        return [f'"{value + step}"' for step in (Fraction(-1, 10**6), Fraction(1, 10**6))]
    if isinstance(value, Decimal):
        return [f'"{value + step}"' for step in (Decimal("-0.000001"), Decimal("0.000001"))]
    return [str(value + step) for step in (-1, 1)]


def changed_limits() -> Iterator[Change]:
    for name, limit in load_edition().limits.items():
        for path in sorted((ROOT / EDITION).glob("*.toml")):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            at = next((n for n, line in enumerate(lines) if line.strip() == f"[limits.{name}]"), None)
            if at is None:
                continue
            value_at = next(n for n in range(at, len(lines)) if lines[n].startswith("value = "))
            for value in moved(limit):
                content = "".join([*lines[:value_at], f"value = {value}\n", *lines[value_at + 1 :]])
                yield Change(EDITION / path.name, content, f"limit {name} = {value}")


def is_noticed(change: Change, copy: Path) -> bool:
    """Whether a case or a test of the steps fails in a copy of the source with ``change``."""
    target = copy / change.path
    before = target.read_text(encoding="utf-8")
    target.write_text(change.content, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": f"{copy / 'src'}{os.pathsep}{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    probe = [sys.executable, "-m", "tests.mutation_probe", change.path.stem]
    tests = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "tests/unit/criteria"]
    try:
        return any(
            subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode != 0
            for command in (probe, tests)
        )
    finally:
        target.write_text(before, encoding="utf-8")


def main() -> int:
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    modules = [
        path.relative_to(ROOT) for path in sorted((ROOT / CRITERIA).rglob("*.py")) if path.name not in MACHINERY
    ]
    changes = [change for path in modules if only in path.stem for change in changed_comparisons(path)]
    changes += [change for change in changed_limits() if only in change.path.stem]
    unnoticed: list[str] = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as workers:
        copies: Queue[Path] = Queue()
        for number in range(2):
            copy = Path(folder) / str(number)
            shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
            copies.put(copy)

        def judged(change: Change) -> None:
            copy = copies.get()
            try:
                if not is_noticed(change, copy):
                    unnoticed.append(change.where)
                    print("unnoticed:", change.where, flush=True)
            finally:
                copies.put(copy)

        list(workers.map(judged, changes))
    print(f"{len(changes)} changes, {len(unnoticed)} unnoticed")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
