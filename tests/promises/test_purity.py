"""Pure rooms read no clock and use no built-in that reaches outside (imports are held by import-linter)."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PURE = ("domain", "criteria", "chain", "land", "reporting", "screening")
MODULES = sorted(path for room in PURE for path in (ROOT / "src" / "landproof" / room).rglob("*.py"))
CLOCKS = {"today", "now", "utcnow", "fromtimestamp"}
BUILT_INS = {"open", "input", "print", "exec", "eval", "__import__"}
READERS = ("read_", "scan_", "write_", "sink_")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "src" / "landproof")))
def test_no_clock_and_no_file(path: Path) -> None:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in BUILT_INS:
            found.append(f"{node.lineno}: {node.func.id}")
        if isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in CLOCKS or name.startswith(READERS):
                found.append(f"{node.lineno}: {name}")
    assert found == []


def test_import_layers() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([str(lint)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_modules_stay_short() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in (ROOT / "src").rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
