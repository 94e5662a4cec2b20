"""Who the company is: its application, its parent and its boundary (clauses 1, 2.1 and 2.5)."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date

import polars as pl

from landproof.criteria.evidence import citation_problem, judge_entity, with_document
from landproof.criteria.rows import Row
from landproof.domain.vocabulary import ENTITY

# Which controlled entities each reading of AMB-05 takes in, from "named in the application" (null: not said).
_TAKEN_IN: dict[str, Callable[[bool | None], bool | None]] = {
    "named": lambda in_application: in_application,
    "all controlled": lambda in_application: True,  # noqa: ARG005
}


def years_later(day: date, years: int) -> date:
    """The same calendar day ``years`` later or, if negative, earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def months_later(day: date, months: int) -> date:
    """The same calendar day ``months`` later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def owners(entities: pl.DataFrame, entity: str) -> tuple[list[str], str | None]:
    """The chain of control above ``entity``, nearest first, and what breaks it off, if anything does."""
    above = dict(entities.select("entity", "controlled_by").iter_rows())
    chain: list[str] = []
    at = entity
    while (owner := above.get(at)) is not None:
        if owner == entity or owner in chain:
            return chain, "control-cycle"
        if owner not in above:
            return chain, "owner-not-registered"
        chain.append(owner)
        at = owner
    return chain, None


def applicant(entities: pl.DataFrame) -> str | None:
    """The one legal entity whose role is applicant; null without one, or with several."""
    found = entities.filter(pl.col("role") == "applicant")["entity"].to_list()
    return found[0] if len(found) == 1 else None


def boundary(entities: pl.DataFrame, entity_boundary: str) -> dict[str, bool | None]:
    """For each registered legal entity, whether it is inside the certified entity (AMB-05); null: cannot tell."""
    head = applicant(entities)
    inside: dict[str, bool | None] = {}
    for entity, role, in_application in entities.select("entity", "role", "in_application").iter_rows():
        chain, broken = owners(entities, entity)
        if entity == head:
            inside[entity] = True
        elif head in chain:
            inside[entity] = _TAKEN_IN[entity_boundary](in_application)
        elif head is None or broken is not None or role == "controlled":
            inside[entity] = None
        else:
            inside[entity] = False
    return inside


def applications(application: pl.DataFrame, documents: pl.DataFrame) -> list[Row]:
    """Applications with ``subject``, ``digest`` and ``cited``: why the document does not count, if it does not."""
    return (
        with_document(application, documents)
        .with_columns(
            cited=citation_problem(),
            subject=pl.when(pl.len() == 1).then(pl.lit(ENTITY)).otherwise(pl.col("application")),
        )
        .to_dicts()
    )


def stated(
    evidence: pl.DataFrame, documents: pl.DataFrame, topic: str, start: date | None, end: date | None
) -> Row:
    """What is on file about ``topic`` for the entity as a whole, as a result."""
    return judge_entity(evidence, documents, topic=topic, start=start, end=end).row(0, named=True)
