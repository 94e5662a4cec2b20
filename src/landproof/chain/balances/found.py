"""A finding of documents that cannot all be true, or look odd together; the tables of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

import polars as pl

from landproof.domain.derived import CHAIN_CHECKED, CHAIN_FINDINGS
from landproof.domain.tables import conform
from landproof.domain.vocabulary import CHAIN_CHECKS

CONTRADICTION, SIGN = "contradiction", "sign"
RATIO_TOLERANCE = Decimal("0.001")  # of a claimed share between months
OVERLAP_TOLERANCE = Decimal("0.05")  # of the smaller plot: less may be the error of two devices along one fence


class Tolerance(NamedTuple):
    """What is let pass; null where a check has no such limit."""

    grams: int | None = None
    days: int | None = None
    share: Decimal | None = None


_MASS, _DAYS, _NONE = Tolerance(grams=0), Tolerance(days=0), Tolerance()
TOLERANCES: Mapping[str, Tolerance] = {
    "outputs above inputs": _MASS,
    "yield out of range": _MASS,
    "lot over-used": _MASS,
    "used before made": _DAYS,
    "used by another": _DAYS,
    "stock below zero": _MASS,
    "vessel below zero": _MASS,
    "plot over capacity": _MASS,
    "overlapping plots over capacity": Tolerance(grams=0, share=OVERLAP_TOLERANCE),
    "overlapping plots of several parties": Tolerance(share=OVERLAP_TOLERANCE),
    "certificate over volume": _MASS,
    "claim document used again": _NONE,
    "vessel shared": _NONE,
    "claim before made": _DAYS,
    "claimed above inputs": _MASS,
    "class steps up": _NONE,
    "constant claim ratio": Tolerance(share=RATIO_TOLERANCE),
    "spend without mass": _MASS,
    "spend not traced": _MASS,
    "day and moment differ": _DAYS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A row of ``chain_findings``. ``apart`` tells several findings of one check on one subject apart."""

    check: str
    weight: str
    kind: str
    subject: str
    apart: Sequence[str] = ()
    commodity: str | None = None
    lots: Iterable[str] = ()
    plots: Iterable[str] = ()
    facts: Sequence[str] = ()
    on: date | None = None
    not_before: date | None = None
    measured_g: int | None = None
    limit_g: int | None = None
    of_g: int | None = None
    low_share: Decimal | None = None
    high_share: Decimal | None = None
    overlap_m2: int | None = None
    basis: Iterable[str] = ()
    values: Mapping[str, str] = field(default_factory=dict[str, str])

    def row(self) -> dict[str, object]:
        """The finding as a row; its id depends on nothing but the check, the subject and what tells it apart."""
        key = json.dumps([self.check, self.kind, self.subject, *self.apart], ensure_ascii=False)
        tolerance = TOLERANCES[self.check]
        return {
            "finding": sha256(key.encode()).hexdigest()[:16],
            "check": self.check,
            "weight": self.weight,
            "subject_kind": self.kind,
            "subject": self.subject,
            "commodity": self.commodity,
            "lots": sorted(set(self.lots)),
            "plots": sorted(set(self.plots)),
            "facts": list(self.facts),
            "on": self.on,
            "not_before": self.not_before,
            "measured_g": self.measured_g,
            "limit_g": self.limit_g,
            "of_g": self.of_g,
            "low_share": self.low_share,
            "high_share": self.high_share,
            "overlap_m2": self.overlap_m2,
            "tolerance_g": tolerance.grams,
            "tolerance_days": tolerance.days,
            "tolerance_share": tolerance.share,
            "basis": sorted(set(self.basis)),
            "values": json.dumps(dict(self.values), ensure_ascii=False, sort_keys=True),
        }


def ranked(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings as people read them: contradictions first, then by check, the largest excess, and subject."""
    excess = (pl.col("measured_g") - pl.col("limit_g")).abs().fill_null(0)
    order = pl.col("weight") != CONTRADICTION
    return findings.sort(order, "check", -excess, "subject", "on", "finding", nulls_last=True)


class Looked(NamedTuple):
    """How many things a check looked at, and how many it could not check as something is missing."""

    check: str
    looked_at: int
    not_checked: int


Result = tuple[list[Finding], list[Looked]]


def findings_table(found: Iterable[Finding]) -> pl.DataFrame:
    """``chain_findings``, in the order of their ids."""
    rows = [each.row() for each in found]
    schema = CHAIN_FINDINGS.schema
    return conform(pl.DataFrame(rows, schema=schema), CHAIN_FINDINGS).sort("finding")


def checks_table(looked: Iterable[Looked]) -> pl.DataFrame:
    """``chain_checks``: every check has its row, so that none is silently left out."""
    counts = {each.check: each for each in looked}
    rows = [counts.get(check, Looked(check, 0, 0)) for check in sorted(CHAIN_CHECKS)]
    return conform(pl.DataFrame(rows, schema=CHAIN_CHECKED.schema, orient="row"), CHAIN_CHECKED)
