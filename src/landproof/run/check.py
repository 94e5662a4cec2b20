"""Checks whether all documents of a case's chain can be true together."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from landproof.casefile.case import Case
from landproof.chain.balances import Checked, sentence_of
from landproof.chain.flows import read_flows
from landproof.chain.trace import trace_lots
from landproof.domain.messages import Message
from landproof.run.chain_checks import check_tables
from landproof.run.inputs import read_facts

_KINDS = {  # what the id of a fact begins with: its table and its column there
    "event": ("chain_events", "event"), "delivery": ("deliveries", "delivery"), "line": ("purchases", "line"),
    "claim": ("claims", "claim"), "lot": ("lots", "lot"), "feed": ("feed", "feed"),
}  # fmt: skip


def check_case(case: Case) -> tuple[Checked, Mapping[str, pl.DataFrame]]:
    """The findings of the present state of ``case``, and the tables they rest on."""
    state = case.state()
    tables = read_facts(case, state.facts, state.documents)
    tables["lot_status"], _ = trace_lots(read_flows(tables), tables, tables["purchases"]["lot"].clear())
    return check_tables(tables), tables


def opened(tables: Mapping[str, pl.DataFrame], fact: str) -> dict[str, Any]:
    """Where a fact stands: its table, its id, the file and the row it came from."""
    kind, _, name = fact.partition(":")
    table, column = _KINDS[kind]
    rows = tables[table].filter(pl.col(column) == name).sort("source", "source_row")
    first = rows.row(0, named=True) if rows.height else {}
    return {"table": table, "id": name, "source": first.get("source"), "row": first.get("source_row")}


def sentence(row: Mapping[str, Any]) -> Message:
    """What a finding says."""
    return sentence_of(row)
