"""A stranger gets the same findings; one edited value is named; nothing is looked at that should be proven."""

import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from landproof.casefile.case import Case, open_case
from landproof.run.assess import assess
from landproof.run.compare import compare
from landproof.run.demo import Demo
from landproof.run.store import StoredRun, find_run
from landproof.run.verify import judge_afresh, verify


@pytest.fixture
def copied(demo: Demo, tmp_path: Path) -> Case:
    folder = tmp_path / "sent" / "case"
    shutil.copytree(demo.case, folder)
    return open_case(folder)


def test_a_copy_in_another_folder_is_proven(copied: Case) -> None:
    assert verify(copied, find_run(copied)) == []


def part(case: Case, table: str) -> Path:
    [digest] = case.state().facts[table]
    return case.fact_path(table, digest)


def edit_fact(table: str, column: str, value: object, row: int = 3) -> Callable[[Case, StoredRun], None]:
    def edit(case: Case, run: StoredRun) -> None:
        path = part(case, table)
        rows = pl.read_parquet(path)
        values = rows[column].to_list()
        assert values[row] != value
        values[row] = value
        rows.with_columns(pl.Series(column, values, dtype=rows.schema[column])).write_parquet(path)

    return edit


def edit_finding(case: Case, run: StoredRun) -> None:
    path = run.folder / "findings.parquet"
    rows = pl.read_parquet(path)
    first = rows.with_row_index().filter(pl.col("outcome") == "not met")["index"][0]
    better = pl.when(pl.int_range(pl.len()) == first).then(pl.lit("met")).otherwise("outcome")
    rows.with_columns(outcome=better).write_parquet(path)


def edit_text(name: str, old: str, new: str) -> Callable[[Case, StoredRun], None]:
    def edit(case: Case, run: StoredRun) -> None:
        [path] = [each for each in (case.folder / name, run.folder / name) if each.exists()]
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new, 1), encoding="utf-8")

    return edit


def edit_document(case: Case, run: StoredRun) -> None:
    path = case.object_path(case.state().documents["parent-commitment.txt"])
    path.write_bytes(path.read_bytes() + b".")


def edit_picture(case: Case, run: StoredRun) -> None:
    path = case.object_path(run.manifest["pictures"]["S-001-F001"])
    path.write_bytes(path.read_bytes() + b" ")


def lose_picture(case: Case, run: StoredRun) -> None:
    case.object_path(run.manifest["pictures"]["S-001-F001"]).unlink()


EDITS = {
    "a purchase's spend": (edit_fact("purchases", "net_spend", Decimal(1)), "facts/purchases"),
    "a delivery's custody": (edit_fact("deliveries", "custody", "book and claim"), "facts/deliveries"),
    "a supplier's name": (edit_fact("suppliers", "name", "Somebody else"), "facts/suppliers"),
    "a land verdict": (edit_fact("plot_status", "verdict", "converted"), "facts/plot_status"),
    "an area": (edit_fact("areas", "area_m2", 1), "facts/areas"),
    "a finding": (edit_finding, "DCF-"),
    "the report": (edit_text("report.en.html", "<title>", "<title>!"), "report.en.html"),
    "the evaluation date": (edit_text("manifest.json", '"as_of":"2026-06-30"', '"as_of":"2026-06-29"'), "runs/"),
    "a statement": (edit_text("statements.jsonl", "purchases", "purchase5"), "statements.jsonl"),
    "a picture": (edit_picture, "pictures/S-001-F001"),
    "a picture that is gone": (lose_picture, "pictures/S-001-F001"),
    "a document": (edit_document, "parent-commitment.txt"),
}


@pytest.mark.parametrize("name", EDITS)
def test_one_edited_value_is_named(copied: Case, name: str) -> None:
    edit, where = EDITS[name]
    run = find_run(copied)
    edit(copied, run)
    assert any(each.where.startswith(where) for each in verify(copied, run)), verify(copied, run)


def test_the_edited_row_is_named(copied: Case) -> None:
    run = find_run(copied)
    line = pl.read_parquet(part(copied, "purchases"))["line"][3]
    edit_fact("purchases", "net_spend", Decimal(1))(copied, run)
    named = [str(each.message) for each in verify(copied, run) if each.where.startswith("facts/purchases")]
    assert len(named) == 1
    assert named[0].startswith(f"The row {line} was edited")


def edit_derived(run: StoredRun, table: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    """Change a table that the run kept; returns its rows as they were."""
    path = run.folder / f"{table}.parquet"
    rows = pl.read_parquet(path)
    change(rows).write_parquet(path)
    return rows


def in_row(row: int, **values: pl.Expr) -> Callable[[pl.DataFrame], pl.DataFrame]:
    here = pl.int_range(pl.len()) == row
    return lambda rows: rows.with_columns(
        pl.when(here).then(value.cast(rows.schema[name])).otherwise(name).alias(name)
        for name, value in values.items()
    )


def test_one_edited_value_in_a_derived_table_is_named(copied: Case) -> None:
    run = find_run(copied)
    rows = edit_derived(run, "positions", in_row(2, spend=pl.col("spend") + 1))
    position, spend = rows.select("position", "spend").row(2)
    assert [(each.where, str(each.message)) for each in verify(copied, run)] == [
        (
            f"positions | {position}",
            f"The run says spend = {spend + 1}, judging it again says spend = {spend}.",
        )
    ]


def test_every_kind_of_edit_to_a_derived_table_is_named(copied: Case) -> None:
    run = find_run(copied)
    settled = pl.col("reasons").list.concat(pl.lit(["N-BEFORE"]))
    plot, harm = edit_derived(run, "plot_status", in_row(0, reasons=settled)).select("plot", "harm").row(0)
    gone = edit_derived(run, "lot_plots", lambda rows: rows.slice(1)).select("lot", "plot").row(0)
    edit_derived(run, "depth", lambda rows: rows.drop("because"))
    unit = edit_derived(run, "units", lambda rows: pl.concat([rows, rows.tail(1)]))
    edit_derived(run, "traces", lambda rows: rows.reverse())  # the same rows in another order: no difference
    edit_derived(run, "findings", lambda rows: rows.drop("evidence"))
    (run.folder / "materiality.parquet").unlink()
    found = {each.where: str(each.message) for each in verify(copied, run)}
    assert set(found) == {
        f"plot_status | {plot} | {harm}",
        f"lot_plots | {gone[0]} | {gone[1]}",
        "depth",
        "findings",
        " | ".join(("units", *unit.select("plot", "commodity").row(-1))),
        "materiality",
    }
    assert "N-BEFORE" in found[f"plot_status | {plot} | {harm}"]
    assert found["depth"] == "The columns because are not those that judging it again gives."


def test_without_the_digests_of_reports_no_report_passes(copied: Case) -> None:
    run = find_run(copied)
    reports = sorted(path.name for path in run.folder.glob("report.*"))
    (run.folder / "outputs.json").write_text("{}", encoding="utf-8")
    assert [(each.where, str(each.message)) for each in verify(copied, run)] == [
        (name, "The report was edited.") for name in reports
    ]
    (run.folder / "outputs.json").unlink()
    assert [each.where for each in verify(copied, run)] == ["outputs.json"]


def test_judging_again_reads_no_result(copied: Case) -> None:
    run = find_run(copied)
    kept = {path.name: path for path in run.folder.iterdir()}
    manifest = kept.pop("manifest.json")
    before = {path.stem: pl.read_parquet(path) for path in kept.values() if path.suffix == ".parquet"}
    for path in kept.values():
        path.unlink()
    afresh = judge_afresh(copied, run)
    assert list(run.folder.iterdir()) == [manifest]
    assert set(afresh) == set(before)
    assert all(afresh[name].equals(rows) for name, rows in before.items())


def test_the_same_inputs_give_the_same_run(copied: Case, demo: Demo) -> None:
    again = assess(copied)
    assert again.run.folder.name == demo.assessed.run.folder.name
    names = sorted(path.name for path in demo.assessed.run.folder.glob("report.*"))
    for name in names:
        assert (again.run.folder / name).read_bytes() == (demo.assessed.run.folder / name).read_bytes(), name


def test_compare_says_what_changed_and_why(copied: Case) -> None:
    before = find_run(copied)
    after = assess(copied, readings={"AMB-31": "outline"}).run
    found = compare(before, after)
    assert found.inputs == [("readings.AMB-31", "-", "outline")]
    assert compare(before, before).same


def test_a_reading_that_departs_stands_in_the_manifest(copied: Case) -> None:
    run = assess(copied, readings={"AMB-31": "outline"}).run
    assert json.loads((run.folder / "manifest.json").read_text(encoding="utf-8"))["readings"] == {
        "AMB-31": "outline"
    }
