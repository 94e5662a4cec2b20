"""The invented company's chain goes out as EPCIS 2.0 and comes back as it was."""

from pathlib import Path

from landproof.casefile.case import Case, create, open_case
from landproof.domain.facts.contract import PROVENANCE
from landproof.exchange.own_rows import CHAIN
from landproof.run.demo import Demo
from landproof.run.exporting import export
from landproof.run.importing import import_file
from landproof.run.reading import Choices


def chain(case: Case) -> dict[str, list[str]]:
    parts = case.state().facts
    gone = [each.name for each in PROVENANCE]
    return {
        name: sorted(str(row) for row in case.read_table(name, parts.get(name, [])).drop(gone).iter_rows())
        for name in CHAIN
    }


def test_the_chain_of_the_demo_comes_back(demo: Demo, tmp_path: Path) -> None:
    before = open_case(demo.case)
    done = export(before, "epcis", tmp_path / "out", "en")
    assert done.rows > 0
    after = create(tmp_path / "again", edition="2024-04")
    receipt = import_file(after, tmp_path / "out" / "chain.jsonld", Choices())
    assert receipt.rejected == 0
    assert chain(after) == chain(before)
