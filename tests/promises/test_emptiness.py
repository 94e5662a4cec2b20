"""Nothing on file is never a pass: a case without a single row, and a case that loses a table."""

from datetime import date

import polars as pl
import pytest

from landproof.criteria.judge import RunFacts, judge, run_steps, verdict
from landproof.domain.derived import DERIVED
from landproof.domain.facts import FACTS
from landproof.domain.outcome import Outcome
from landproof.domain.rejects import no_rejects
from landproof.reference.editions import load_edition, load_origin_lists

GIVEN = ("lot_status", "lot_plots", "plot_status")


@pytest.mark.parametrize("stage", ["apply", "board", "year"])
def test_an_empty_case_passes_no_rule(stage: str) -> None:
    edition = load_edition()
    tables = {name: table.empty() for name, table in {**FACTS, **DERIVED}.items()}
    tables |= {
        "rejects": no_rejects(),
        "documents": pl.DataFrame(schema={"reference": pl.String, "digest": pl.String}),
        "origin_lists": load_origin_lists(),
    }
    run = RunFacts(date(2026, 6, 30), None, None, stage)
    findings = judge(run_steps(tables, edition, run, given=GIVEN), edition, run)
    assert findings.filter(pl.col("outcome") == Outcome.MET.value)["rule"].to_list() == []
    not_due = findings.filter((pl.col("outcome") == "not applicable") & (pl.col("reason") != "not-yet"))
    assert not_due["rule"].to_list() == []
    assert verdict(findings, edition) is Outcome.INSUFFICIENT
