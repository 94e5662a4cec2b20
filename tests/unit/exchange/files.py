"""Published samples, which lie beside a checkout and are read where they are."""

from pathlib import Path

import pytest

CHAIN = Path(__file__).parents[4] / "shared" / "data" / "chain"


def samples(*patterns: str) -> list[Path]:
    """The samples that match; one that is not there where there are none, so that the tests say why they skip."""
    found = sorted(path for pattern in patterns for path in CHAIN.glob(pattern))
    return found or [CHAIN / "absent"]


def sample(path: Path) -> Path:
    """``path``, or a skipped test."""
    if not path.exists():
        pytest.skip("the published samples of exchange formats are not beside this checkout")
    return path


def named(path: Path) -> str:
    """A short name for a test."""
    return f"{path.parent.name}/{path.name}"
