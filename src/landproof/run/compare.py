"""What changed from one run to another, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from landproof.run.store import StoredRun

SUBJECT = ("rule", "subject")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Inputs that differ (name, before, after) and findings that differ (one row per rule x subject)."""

    inputs: list[tuple[str, str, str]]
    findings: pl.DataFrame

    @property
    def same(self) -> bool:
        """Nothing differs."""
        return not self.inputs and self.findings.is_empty()


def compare(before: StoredRun, after: StoredRun) -> Comparison:
    """Compare two stored runs, of one case or of two."""
    return Comparison(
        input_differences(before.manifest, after.manifest),
        differing_findings(before.table("findings"), after.table("findings")),
    )


def input_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The entries of two manifests that differ, nested ones by their path ("tables.purchases")."""
    found: list[tuple[str, str, str]] = []
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            inner = input_differences(_mapping(old), _mapping(new))
            found.extend((f"{name}.{path}", was, now) for path, was, now in inner)
        else:
            found.append((name, _shown(old), _shown(new)))
    return found


def differing_findings(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Findings that stand in one frame only or with another content.

    Columns: ``rule, subject, outcome_before, reason_before, outcome_after, reason_after, what``; ``what``
    is "added", "removed" or "changed". A subject may have several findings under a rule (one per harm,
    say), so they are paired in their own order.
    """
    counted = [_numbered(frame) for frame in (before, after)]
    rest = [name for name in before.columns if name not in SUBJECT]
    joined = counted[0].join(counted[1], on=[*SUBJECT, "nth"], how="full", coalesce=True, suffix="_after")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_after")) for name in rest)
    return (
        joined.filter(~same)
        .select(
            *SUBJECT,
            outcome_before="outcome",
            reason_before="reason",
            outcome_after="outcome_after",
            reason_after="reason_after",
            what=pl.when(pl.col("outcome").is_null())
            .then(pl.lit("added"))
            .when(pl.col("outcome_after").is_null())
            .then(pl.lit("removed"))
            .otherwise(pl.lit("changed")),
        )
        .sort(*SUBJECT)
    )


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(nth=pl.int_range(pl.len()).over(SUBJECT))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)
