"""Vessels that held other goods while what left them is claimed to have been kept apart."""

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from landproof.chain.balances.books import Books
from landproof.chain.balances.claims import claimed_ranks
from landproof.chain.balances.found import CONTRADICTION, SIGN, Finding, Looked, Result
from landproof.chain.supply import ranked
from landproof.chain.vessels import WINDOW, vessel_rows
from landproof.domain.vocabulary import CUSTODY_MODELS

APART = 2  # identity preserved and segregated: the first two of CUSTODY_MODELS
_INTO, _OUT = 0, 1
Row = dict[str, Any]


@dataclass(slots=True)
class _Contents:
    """What went in since the vessel was last shown to be empty; how much of it is there, if all was weighed."""

    receipts: list[Row] = field(default_factory=list[Row])
    grams: int | None = 0
    beside: int = 0  # receipts before this one had left by mass: only their dregs remain


def check_vessels_shared(books: Books) -> Result:
    """Goods of another commodity, or of a weaker class, in a vessel with what is claimed to leave it kept apart.

    Everything that went in since a documented emptying may be in what leaves; first in first out, as far back as
    twice the capacity. Where the other goods had left by mass before the claimed ones came, only the emptying is
    missing, which is a sign and no contradiction.
    """
    held = books.commodities.select("lot", "commodity", "named")
    status = books.table("lot_status").select("lot", weakest=ranked(pl.col("custody")))
    rows = (
        vessel_rows(books.events, books.legs)
        .join(held, on="lot", how="left", maintain_order="left")
        .join(claimed_ranks(books), on="lot", how="left", maintain_order="left")
        .join(status, on="lot", how="left", maintain_order="left")
        .with_columns(model=ranked(pl.col("custody")))
    )
    windows = {
        vessel: WINDOW * capacity
        for vessel, policy, capacity in books.table("vessels").select("vessel", "policy", "capacity_g").iter_rows()
        if policy == "first in first out" and capacity and capacity > 0
    }
    contents: dict[str, _Contents] = {}
    found: list[Finding] = []
    looked = lacking = 0
    for row in rows.iter_rows(named=True):
        vessel = contents.setdefault(row["vessel"], _Contents())
        if row["order"] == _INTO:
            _receive(vessel, row)
        elif row["order"] == _OUT:
            claims = [rank for rank in (row["model"], row["claimed"]) if rank is not None and rank >= 0]
            if row["lot"] is not None and claims and min(claims) < APART:
                behind = _behind(vessel, windows.get(row["vessel"]))
                others = [(receipt, there) for receipt, there in behind if _other(row, receipt, min(claims))]
                if any(receipt["commodity"] is None or _class(receipt) is None for receipt, _ in behind):
                    lacking += not others
                    looked += bool(others)
                else:
                    looked += 1
                if others:
                    found.append(_finding(row, others, min(claims)))
            _withdraw(vessel, row)
        elif row["proven"]:
            contents[row["vessel"]] = _Contents()
    return found, [Looked("vessel shared", looked, lacking)]


def _receive(vessel: _Contents, row: Row) -> None:
    if vessel.grams == 0:
        vessel.beside = len(vessel.receipts)
    vessel.receipts.append(row)
    vessel.grams = None if vessel.grams is None or not row["mass_g"] else vessel.grams + row["mass_g"]


def _withdraw(vessel: _Contents, row: Row) -> None:
    if vessel.grams is not None:
        vessel.grams = None if not row["mass_g"] else max(vessel.grams - row["mass_g"], 0)


def _behind(vessel: _Contents, window: int | None) -> list[tuple[Row, bool]]:
    """The receipts that may be in what leaves, and whether each was there by mass."""
    reach, found = 0, list[tuple[Row, bool]]()
    for place in range(len(vessel.receipts) - 1, -1, -1):
        if window is not None and reach >= window:
            break
        reach += vessel.receipts[place]["mass_g"] or 0
        found.append((vessel.receipts[place], place >= vessel.beside and bool(vessel.grams)))
    return found[::-1]


def _class(receipt: Row) -> int | None:
    """The weakest class that is stated of what went in: by its event, or by the steps behind its lot."""
    stated = [rank for rank in (receipt["model"], receipt["weakest"]) if rank is not None and rank >= 0]
    return max(stated) if stated else None


def _other(row: Row, receipt: Row, claimed: int) -> bool:
    named = row["commodity"] is not None and receipt["commodity"] is not None
    rank = _class(receipt)
    return (named and row["commodity"] != receipt["commodity"]) or (rank is not None and rank > claimed)


def _finding(row: Row, others: list[tuple[Row, bool]], claimed: int) -> Finding:
    together = any(there for _, there in others)
    facts = [*(receipt["fact"] for receipt, _ in others), row["fact"]]
    return Finding(
        check="vessel shared", weight=CONTRADICTION if together else SIGN, kind="vessel", subject=row["vessel"],
        apart=[row["fact"], row["lot"]], commodity=row["named"],
        lots=[row["lot"], *(receipt["lot"] for receipt, _ in others if receipt["lot"])],
        facts=list(dict.fromkeys(facts)), on=row["on"],
        values={
            "lot": row["lot"], "claimed": CUSTODY_MODELS[claimed],
            "others": ", ".join(sorted({receipt["lot"] or "?" for receipt, _ in others})),
        },
    )  # fmt: skip
