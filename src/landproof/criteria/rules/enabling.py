"""Clause 4: activities that help DCF sourcing are certified elsewhere."""

import polars as pl

from landproof.criteria.registry import rule
from landproof.criteria.rows import results, row
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome


@rule(
    "DCF-4-1",
    reasons={
        "elsewhere": text(
            "Assets, proceeds, entities and linked debt that serve DCF sourcing are not certified here; the"
            " Agriculture Criteria of the Standard may serve them."
        ),
    },
)
def certified_elsewhere(*, enabling_route: str) -> pl.DataFrame:
    """Where enabling activities go; advice only (AMB-51)."""
    return results([row(Outcome.INFORMATION, {"advice": "elsewhere"}[enabling_route])])


@rule(
    "DCF-4-2",
    reasons={
        "traceability-tools": text("Software and hardware for traceability are an example; the list is open."),
        "satellite-monitoring": text("Satellite monitoring systems are an example; the list is open."),
    },
)
def examples_named() -> pl.DataFrame:
    """The examples of clause 4; the list is open."""
    return results(
        [
            row(Outcome.INFORMATION, "traceability-tools", "traceability"),
            row(Outcome.INFORMATION, "satellite-monitoring", "satellite monitoring"),
        ]
    )
