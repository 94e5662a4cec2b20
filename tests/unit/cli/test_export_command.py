"""`landproof export` and the way back, through the command itself."""

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from landproof.casefile.case import create, open_case
from landproof.cli.app import landproof
from landproof.domain.facts.contract import PROVENANCE
from landproof.exchange.own_rows import CHAIN


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(landproof, [str(each) for each in arguments])
    if code == 0:
        assert done.exception is None, done.output
    return done.output


def chain(folder: Path) -> dict[str, list[str]]:
    case = open_case(folder)
    parts = case.state().facts
    gone = [each.name for each in PROVENANCE]
    return {
        name: sorted(str(row) for row in case.read_table(name, parts.get(name, [])).drop(gone).iter_rows())
        for name in CHAIN
    }


LOTS = """lot,mass_kg,made_on
L-1,1000.5,2026-03-01
L-2,900,2026-03-04
"""
EVENTS = """event,kind,on,facility,loss_kg
E-1,transformation,2026-03-04,MILL,100.5
"""
EVENT_LOTS = """event,role,lot,mass_kg
E-1,input,L-1,1000.5
E-1,output,L-2,900
"""
DELIVERIES = """delivery,lot,plot,mass_kg,received_on
D-1,L-1,P-1,1000.5,2026-03-01
D-2,L-1,P-2,,
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    create(tmp_path / "case", edition="2024-04")
    for name, content in (
        ("lots", LOTS), ("chain_events", EVENTS), ("event_lots", EVENT_LOTS), ("deliveries", DELIVERIES),
    ):  # fmt: skip
        headed = content.replace("mass_kg", "mass (kg)").replace("loss_kg", "loss (kg)")
        (tmp_path / f"{name}.csv").write_text(headed, encoding="utf-8")
        run("import", tmp_path / "case", tmp_path / f"{name}.csv", "--table", name)
    return tmp_path / "case"


def test_a_chain_that_is_exported_and_imported_is_the_same(case: Path, tmp_path: Path) -> None:
    before = chain(case)
    assert all(before[name] for name in ("lots", "chain_events", "event_lots", "deliveries"))
    said = run("export", case, "--as", "epcis", "--to", tmp_path / "out")
    assert "losses.csv" in said
    create(tmp_path / "again", edition="2024-04")
    done = json.loads(run("import", tmp_path / "again", tmp_path / "out" / "chain.jsonld", "--json"))
    assert done[0]["rejected"] == 0
    assert chain(tmp_path / "again") == before


def test_losses_are_told_in_the_language_that_is_asked_for(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDPROOF_LANG", "zh")
    run("export", case, "--as", "epcis", "--to", tmp_path / "zh")
    losses = pl.read_csv(tmp_path / "zh" / "losses.csv")
    assert losses.columns == ["table", "id", "column", "why"]
    assert ("deliveries", "D-2") in losses.select("table", "id").rows()
    assert losses["why"].str.contains(r"\p{Han}").all()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_are_written_as_they_are(case: Path, tmp_path: Path, form: str) -> None:
    run("export", case, "--as", form, "--to", tmp_path / "out")
    path = tmp_path / "out" / f"event_lots.{form}"
    read = pl.read_csv(path) if form == "csv" else pl.read_parquet(path)
    assert set(read.select("role", "lot", "mass_g").iter_rows()) == {
        ("input", "L-1", 1_000_500), ("output", "L-2", 900_000),
    }  # fmt: skip
    assert pl.read_csv(tmp_path / "out" / "losses.csv").is_empty()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_written_tables_are_read_again(case: Path, tmp_path: Path, form: str) -> None:
    run("export", case, "--as", form, "--to", tmp_path / "out")
    create(tmp_path / "again", edition="2024-04")
    for path in sorted((tmp_path / "out").glob(f"*.{form}")):
        if path.name != "losses.csv":
            run("import", tmp_path / "again", path, "--table", path.stem)
    assert chain(tmp_path / "again") == chain(case)


def test_a_folder_with_files_and_an_unknown_format_are_refused(case: Path, tmp_path: Path) -> None:
    for arguments in (("--as", "epcis", "--to", case), ("--as", "xlsx", "--to", tmp_path / "new")):
        assert CliRunner().invoke(landproof, ["export", str(case), *map(str, arguments)]).exception is not None
    assert not (tmp_path / "new").exists()
