"""One module per clause; importing this package registers all rules."""

from landproof.criteria.rules import (
    cut_off,
    disclosure,
    due_diligence,
    enabling,
    entity,
    human_rights,
    lifecycle,
    materiality,
    monitoring,
    origin_risk,
    parent_group,
    products,
    schemes,
    traceability,
    verification,
)

__all__ = [
    "cut_off",
    "disclosure",
    "due_diligence",
    "enabling",
    "entity",
    "human_rights",
    "lifecycle",
    "materiality",
    "monitoring",
    "origin_risk",
    "parent_group",
    "products",
    "schemes",
    "traceability",
    "verification",
]
