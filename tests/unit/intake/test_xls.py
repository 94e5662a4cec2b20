"""Old XLS workbooks. `fixtures/purchases.xls` is invented: 61 rows, two of them with errors."""

import datetime as dt
from pathlib import Path

import pytest

from landproof.domain.errors import UnreadableInput
from landproof.intake.annotate import annotate
from landproof.intake.marked import marked_from
from landproof.intake.tabular import import_tabular
from tests.unit.intake.helpers import failures

FIXTURE = Path(__file__).parent / "fixtures/purchases.xls"


def test_values_and_errors_are_told_apart():
    imported = import_tabular(FIXTURE)
    frame = imported.tables["purchases"]
    assert (imported.counts.rows, imported.counts.accepted, imported.counts.rejected) == (61, 59, 2)
    assert frame["quantity_g"].to_list() == [1000 * row + 500 for row in range(1, 60)]
    assert set(frame["received_on"]) == {dt.date(2025, 3, 4)}
    assert failures(imported) == [
        (61, "quantity_g", "%(header)s holds a spreadsheet error instead of a value."),
        (62, "net_spend", "%(header)s holds a spreadsheet error instead of a value."),
    ]


def test_it_comes_back_as_xlsx(tmp_path):
    out = tmp_path / "out.xlsx"
    assert annotate(FIXTURE, import_tabular(FIXTURE).rejects, out)
    again = import_tabular(out)
    assert (again.counts.rows, again.counts.accepted) == (61, 59)  # the errors did not become empty cells
    assert [row for row, _, _ in failures(again)] == [61, 62]
    first = import_tabular(FIXTURE)
    kept = [name for name in first.tables["purchases"].columns if name != "source"]
    assert again.tables["purchases"].select(kept).equals(first.tables["purchases"].select(kept))
    assert marked_from(out) == first.source


@pytest.mark.parametrize("keep", [8, 100, 600, 3000, 9000])
def test_a_cut_file_is_refused(tmp_path, keep):
    path = tmp_path / "cut.xls"
    path.write_bytes(FIXTURE.read_bytes()[:keep])
    with pytest.raises(UnreadableInput):
        import_tabular(path)
