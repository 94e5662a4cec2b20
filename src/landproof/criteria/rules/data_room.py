"""Clause 3.7, list i to vii: what the verifier must be able to read."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import cast

import polars as pl

from landproof.criteria.evidence import citation_problem, with_document
from landproof.criteria.exposure import assessed_positions, is_high
from landproof.criteria.registry import rule
from landproof.criteria.rows import about_entity
from landproof.domain.messages import text
from landproof.domain.outcome import Outcome

Tables = Mapping[str, pl.DataFrame]
# True: the item is due. False: what would trigger it is shown to be absent. None: that cannot be told.
Condition = Callable[[Tables], bool | None]

REASONS = {
    "readable": text("The item is in the data room, covers the period and can be read."),
    "not-there": text("The item is not in the data room."),
    "unreadable": text("The verifier could not read the item, or has not said that it can be read."),
    "period-gap": text("The item does not cover the whole evaluated period."),
    "period-missing": text("The evaluated period, or that of the item, is not on file."),
    "condition-unknown": text("It is not on file whether the item is needed, and it is not in the data room."),
}


def _always(_: Tables) -> bool | None:
    return True


def _any(column: pl.Series) -> bool | None:
    """True when one is true, false when all are false, None when one is unknown or there is none."""
    if column.any():
        return True
    return None if column.null_count() or column.is_empty() else False


def _eudr_suppliers(tables: Tables) -> bool | None:
    """ii: a supplier in the ledger says that it complies with EUDR, or a statement is on file."""
    if tables["eudr_statements"].height:
        return True
    ledger = tables["positions"].select("supplier").unique()
    return _any(ledger.join(tables["suppliers"], on="supplier", how="left")["eudr_compliant"])


def _below_threshold(tables: Tables) -> bool | None:
    """iv: a commodity is, or is said to be, below the threshold."""
    if tables["below_threshold"].height:
        return True
    return _any(tables["materiality"].select(~pl.col("reaches_threshold")).to_series())


def _schemes(tables: Tables) -> bool | None:
    """v: a lot is claimed under a scheme."""
    if tables["claims"].height:
        return True
    return False if tables["positions"].height else None


def _high_risk(tables: Tables) -> bool | None:
    """vi: a unit or an assessed position is high-risk, or not known to be low."""
    assessed = assessed_positions(tables["positions"], tables["depth"])
    if tables["units"].filter(is_high()).height or assessed.filter(is_high()).height:
        return True
    return False if assessed.height else None


ITEMS: dict[str, Condition] = {
    "i": _always,
    "ii": _eudr_suppliers,
    "iii": _always,
    "iv": _below_threshold,
    "v": _schemes,
    "vi": _high_risk,
    "vii": _always,
}


def covers(spans: Iterable[tuple[date, date]], start: date, end: date) -> bool:
    """Whether the spans, both days included, leave no day of ``start``..``end`` out."""
    reached = start - timedelta(days=1)
    for first, last in sorted(spans):
        if first <= reached + timedelta(days=1):
            reached = max(reached, last)
    return reached >= end


def _reason(
    room: pl.DataFrame, documents: pl.DataFrame, start: date | None, end: date | None
) -> tuple[str, list[str]]:
    """The reason for the rows of one item, and the digests it rests on."""
    rows = with_document(room, documents).with_columns(problem=citation_problem(page=None))
    if rows.is_empty():
        return "not-there", []
    held = rows.filter(pl.col("problem").is_null())
    if held.is_empty():
        return cast(str, rows["problem"].sort().item(0)), []
    readable = held.filter("readable")
    if readable.is_empty():
        return "unreadable", []
    spans = readable.drop_nulls(["period_start", "period_end"])
    if start is None or end is None or spans.is_empty():
        return "period-missing", []
    if not covers(spans.select("period_start", "period_end").iter_rows(), start, end):
        return "period-gap", []
    return "readable", spans["digest"].unique().sort().to_list()


def _register_item(item: str, condition: Condition) -> None:
    def in_data_room(
        data_room: pl.DataFrame,
        documents: pl.DataFrame,
        positions: pl.DataFrame,
        depth: pl.DataFrame,
        units: pl.DataFrame,
        suppliers: pl.DataFrame,
        eudr_statements: pl.DataFrame,
        materiality: pl.DataFrame,
        below_threshold: pl.DataFrame,
        claims: pl.DataFrame,
        *,
        period_start: date | None,
        period_end: date | None,
    ) -> pl.DataFrame:
        """Where it is due, the item is in the data room for the whole period and the verifier can read it."""
        due = condition(
            {
                "positions": positions,
                "depth": depth,
                "units": units,
                "suppliers": suppliers,
                "eudr_statements": eudr_statements,
                "materiality": materiality,
                "below_threshold": below_threshold,
                "claims": claims,
            }
        )
        if due is False:
            return about_entity(Outcome.NOT_APPLICABLE, "condition-absent")
        rows = data_room.filter(pl.col("item") == item)
        reason, digests = _reason(rows, documents, period_start, period_end)
        if due is None and reason == "not-there":
            reason = "condition-unknown"
        outcome = Outcome.MET if reason == "readable" else Outcome.INSUFFICIENT
        return about_entity(outcome, reason, evidence=digests)

    always = {key: sentence for key, sentence in REASONS.items() if key != "condition-unknown"}
    rule(f"DCF-3.7-{item}", reasons=always if condition is _always else REASONS)(in_data_room)


for _item, _condition in ITEMS.items():
    _register_item(_item, _condition)
