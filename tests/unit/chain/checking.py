"""Small cases as rows for the checks of a chain."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from landproof.chain.balances import Checked, check_chain
from landproof.chain.balances.check import OVERLAPS
from landproof.domain.facts import FACTS
from tests.unit.chain.rows import DOCUMENTS, Row, frame, trace_all

TABLES = (
    "lots", "deliveries", "facilities", "vessels", "chain_events", "event_lots", "conversion_factors",
    "plausible_yields", "plots", "movements", "purchases", "feed", "products", "entities", "business_units",
    "certificates", "claims", "evidence",
)  # fmt: skip
Event = tuple[dict[str, Any], list[dict[str, Any]]]


def day(number: int, month: int = 5, year: int = 2025) -> date:
    return date(year, month, number)


def event(name: str, kind: str, *lots: dict[str, Any], **facts: Any) -> Event:
    return {"event": name, "kind": kind, **facts}, [{"event": name, **lot} for lot in lots]


def into(lot: str | None, mass: int | None, **more: Any) -> dict[str, Any]:
    return {"role": "input", "lot": lot, "mass_g": mass, **more}


def out(lot: str | None, mass: int | None, **more: Any) -> dict[str, Any]:
    return {"role": "output", "lot": lot, "mass_g": mass, **more}


def tables_of(*events: Event, **rows: Iterable[Row]) -> dict[str, pl.DataFrame]:
    """All tables of a case; those that are not given are empty."""
    given: dict[str, Iterable[Row]] = {
        **rows,
        "chain_events": [head for head, _ in events],
        "event_lots": [leg for _, legs in events for leg in legs],
    }
    found = {name: frame(FACTS[name], given.get(name, ())) for name in TABLES}
    found["lot_status"] = trace_all({**found, "documents": DOCUMENTS})[0]
    return found


def checked(
    *events: Event,
    overlaps: Iterable[tuple[str, str, int]] = (),
    shipped_factors: Iterable[Row] = (),
    shipped_yields: Iterable[Row] = (),
    **rows: Iterable[Row],
) -> Checked:
    return check_chain(
        tables_of(*events, **rows),
        factors=frame(FACTS["conversion_factors"], shipped_factors),
        yields=frame(FACTS["plausible_yields"], shipped_yields),
        overlaps=pl.DataFrame(list(overlaps), schema=OVERLAPS, orient="row"),
    )


def rows_of(result: Checked, check: str) -> list[dict[str, Any]]:
    return result.findings.filter(pl.col("check") == check).sort("subject", "on").to_dicts()


def counts(result: Checked, check: str) -> tuple[int, int]:
    """Looked at, not checked."""
    row = result.checks.filter(pl.col("check") == check).row(0, named=True)
    return row["looked_at"], row["not_checked"]


def contradictions(result: Checked) -> list[str]:
    return sorted(result.findings.filter(pl.col("weight") == "contradiction")["check"])


def lots(**masses: int | Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return [
        {"lot": lot, **(facts if isinstance(facts, Mapping) else {"mass_g": facts})}
        for lot, facts in masses.items()
    ]
