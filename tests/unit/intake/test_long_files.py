"""Long files take shortcuts; they must not show."""

import pytest

from landproof.intake import parse as module
from landproof.intake.tabular import import_tabular
from tests.unit.intake.helpers import balanced, column, write

HEADER = "line,received_on,supplier,product,quantity (kg),net_spend,currency,country,lot,business_unit"
ODD = {7: "03/05/2025", 11: "25/12/2025", 13: "", 17: "soon"}


def long_file(path, rows):
    return write(path, HEADER, *(
        f"L{n},{ODD.get(n, f'2025-{n % 12 + 1:02d}-{n % 28 + 1:02d}')},S{n % 90},P{n % 70},"
        f"{n % 9000}.{n % 1000:03d},{n % 70000}.{n % 100:02d},CNY,BR,LOT{n % 5000},BU{n % 9}"
        for n in range(rows)
    ))  # fmt: skip


def test_texts_that_repeat_are_parsed_as_if_they_did_not(tmp_path, monkeypatch):
    path = long_file(tmp_path / "a.csv", 12_000)
    quick = import_tabular(path)
    monkeypatch.setattr(module, "_LONG", 10**9)
    slow = import_tabular(path)
    assert quick.tables["purchases"].equals(slow.tables["purchases"])
    assert quick.rejects.equals(slow.rejects)
    assert quick.notes == slow.notes
    assert quick.counts.rejected == 1
    assert balanced(quick)


@pytest.mark.parametrize("name", ["received_on", "supplier", "country", "net_spend", "line"])
def test_a_long_column_of_nothing(name):
    parsed = column("purchases", name, *[None] * 10_000)
    assert parsed.values.null_count() == 10_000
    assert parsed.failure.null_count() == (0 if name == "line" else 10_000)
